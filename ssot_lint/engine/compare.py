"""The baseline of a run, and its violations held against it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from ssot_lint import baseline as baselines
from ssot_lint.baseline import Baseline
from ssot_lint.builtin import BUILTIN, UnreadableFile, UnusedSuppression
from ssot_lint.config import Config
from ssot_lint.engine.judge import Judgement
from ssot_lint.engine.request import Request
from ssot_lint.engine.survey import Site
from ssot_lint.errors import BaselineError
from ssot_lint.files import read_if_exists
from ssot_lint.model import Comparison
from ssot_lint.project import within
from ssot_lint.rule import Rule

if TYPE_CHECKING:
    from ssot_lint.engine.change import Change


def baseline_path(config: Config, request: Request) -> str:
    """The absolute path of the run's baseline, whether it exists or not."""
    return request.baseline or os.path.join(config.root, config.baseline)


def baseline_name(config: Config, request: Request) -> str:
    """The baseline's path for messages: relative to the root where it lies below."""
    path = os.path.relpath(baseline_path(config, request), config.root).replace(os.sep, "/")
    return path if not path.startswith("../") else baseline_path(config, request)


def load_baseline(config: Config, request: Request) -> Baseline | None:
    """The baseline; None if the run uses none, or if there is none and nobody named one.

    BaselineError if it is damaged, was named and is missing, or holds rules that do not exist.
    """
    if not request.use_baseline:
        return None
    name = baseline_name(config, request)
    data = read_if_exists(baseline_path(config, request), name=name)
    if data is None:
        if request.baseline is None and not config.baseline_named:
            return None
        raise BaselineError(
            f"{name}: there is no such baseline; 'ssot-lint baseline create' makes it"
        )
    baseline = baselines.load_bytes(data, name)
    known = {rule.name for rule in config.rules} | {kind.kind for kind in BUILTIN}
    strangers = sorted({fingerprint.rule for fingerprint in baseline.entries} - known)
    if strangers:
        raise BaselineError(
            *(
                f"{name}: has entries of rule '{rule}', which the rules lack: 'ssot-lint baseline "
                f"forget {rule}' drops them, 'ssot-lint baseline rename {rule} NEW' renames them"
                for rule in strangers
            )
        )
    return baseline


def compare(
    site: Site,
    rules: Sequence[Rule],
    judgement: Judgement,
    baseline: Baseline | None,
    change: Change | None,
) -> Comparison:
    """New, known, stale, ...: what became of each violation and of each entry."""
    files = {file.path: file for file in site.project.files}
    by_name = {rule.name: rule for rule in rules}
    ran = {*by_name, UnreadableFile.kind}
    if site.complete:
        ran.add(UnusedSuppression.kind)

    def in_scope(rule: str, path: str) -> bool:
        return path in files and (rule not in by_name or within(by_name[rule], files[path]))

    tolerant = baseline or Baseline()
    # No parse error may lower a ratchet: what has entries is parsed, whatever its words.
    paths = tolerant.by_path.keys() & files.keys() if site.complete else ()
    unparsable = {path for path in paths if site.reader.trouble(path) is not None}
    return baselines.compare(
        judgement.kept,
        tolerant,
        suppressed=[violation for violation, _ in judgement.excused],
        exists=lambda path: path in files or os.path.lexists(os.path.join(site.config.root, path)),
        in_scope=in_scope,
        rules=frozenset(ran),
        movable=movable(site.config.rules),
        unreadable=judgement.unchecked | unparsable,
        pairs=change.renamed if change else None,
        prefer_new=change.adds if change else None,
        complete=site.complete,
    )


def movable(rules: Iterable[Rule]) -> Callable[[str], bool]:
    """Whether the baseline entries of a rule (by name) follow a renamed file."""
    fixed = {rule.name for rule in rules if not rule.movable}
    return lambda rule: rule not in fixed
