"""What a run is asked to do, apart from what the rules file says."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import NamedTuple

from ssot_lint.config import Config
from ssot_lint.errors import UsageError, did_you_mean
from ssot_lint.rule import Rule

Progress = Callable[[int, int], None]
"""Called with the number of files read so far, and of all."""


class Request(NamedTuple):
    """One run.

    `paths` are absolute, None for all; `rules` and `kinds` select (None: all); `file_scope` leaves
    out the kinds that need the whole project. `baseline` is an absolute path that replaces the
    configured one; `use_baseline` False compares with nothing. `base` is the revision of
    ``--base``, `max_new_suppressions` how many suppressions the change since then may add.
    `jobs` is how many processes may read. `text` is newer than the disk's, and that of the one
    file in `paths`, which need not exist.
    """

    paths: tuple[str, ...] | None = None
    text: bytes | None = None
    rules: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    file_scope: bool = False
    baseline: str | None = None
    use_baseline: bool = True
    base: str | None = None
    max_new_suppressions: int | None = None
    statistics: bool = False
    prefilter: bool = True
    cache: str | None = None
    always_cache: bool = False
    jobs: int = 1
    today: datetime.date = datetime.date.min
    progress: Progress | None = None


def selected(config: Config, request: Request) -> tuple[Rule, ...]:
    """The rules that a run judges, as they judge on its day.

    UsageError for a name or kind that no rule has.
    """
    names = {rule.name for rule in config.rules}
    for name in sorted((request.rules or frozenset()) - names):
        raise UsageError(f"there is no rule '{name}'{did_you_mean(name, names)}")
    kinds = {rule.kind for rule in config.rules}
    for kind in sorted((request.kinds or frozenset()) - kinds):
        raise UsageError(f"there is no rule of kind '{kind}'{did_you_mean(kind, kinds)}")
    return tuple(
        rule.as_of(request.today)
        for rule in config.rules
        if (request.rules is None or rule.name in request.rules)
        and (request.kinds is None or rule.kind in request.kinds)
        and (rule.scope == "file" or not request.file_scope)
    )
