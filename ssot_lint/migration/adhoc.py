"""``--from OLD --to NEW``: a move that stands in no rules file."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from itertools import chain, zip_longest

from ssot_lint.config import Config
from ssot_lint.engine import Request
from ssot_lint.engine.judge import judge
from ssot_lint.engine.survey import survey
from ssot_lint.errors import UsageError
from ssot_lint.patterns import ancestors, is_dotted
from ssot_lint.rules.legacy_import import LegacyImport

NAME = "move"
"""The name of the rule that stands for the move."""
_WILD = re.compile(r"\*+")


def without_rules(root: str) -> Config:
    """The configuration of a project that has no rules file."""
    return Config(path=os.path.join(root, "rules.yaml"), root=root, rules=())


def moving(config: Config, request: Request, old: str, new: str) -> Config:
    """`config` with one rule: `old` moved to `new`.

    Both are dotted paths, of a module or of a name in one. Each ``*`` in `old` stands for any
    characters within one component, and the same one in `new` for the same characters; then the
    paths are those that some import of the project spells. UsageError for what is no such pair.
    """
    _check(old, new)
    pairs: dict[str, str] = {old: new}
    if "*" in old:
        pairs = _expanded(config, request, old, new)
        if not pairs:
            raise UsageError(f"--from: no import in the project spells '{old}'")
    return replace(config, rules=(_rule(pairs),))


def _rule(pairs: dict[str, str]) -> LegacyImport:
    return LegacyImport(name=NAME, reason="It has moved.", moved=tuple(sorted(pairs.items())))


def _check(old: str, new: str) -> None:
    for option, path in (("--from", old), ("--to", new)):
        if not is_dotted(_WILD.sub("x", path)):
            raise UsageError(f"{option}: '{path}' is no dotted path such as shop.orders.Order")
        if "**" in path:
            raise UsageError(f"{option}: '{path}': '*' stands for a part of one component only")
    if old == new:
        raise UsageError(f"--from and --to are the same: '{old}'")
    if old.count("*") != new.count("*"):
        raise UsageError(f"--from '{old}' and --to '{new}' need as many '*'")
    if "*" in old.partition(".")[0]:
        raise UsageError(f"--from: '{old}': the first component must not hold a '*'")


def _expanded(config: Config, request: Request, old: str, new: str) -> dict[str, str]:
    """The paths that imports spell and `old` matches, and what takes the place of each."""
    literal = old.partition("*")[0].rpartition(".")[0]
    probe = LegacyImport(name=NAME, reason="Which paths are in use?", removed=(literal,))
    config = replace(config, rules=(probe,))
    site = survey(config, request, config.rules).read(request)
    pattern = re.compile("([^.]*)".join(map(re.escape, old.split("*"))))
    pairs = {}
    for violation in judge(site, site.rules).kept:
        for path in ancestors(violation.subject.removesuffix(".*")):
            found = pattern.fullmatch(path)
            if found is not None:
                pairs[path] = "".join(
                    chain(*zip_longest(new.split("*"), found.groups(""), fillvalue=""))
                )
    return pairs
