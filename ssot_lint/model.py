"""The nouns that every layer shares: small frozen values.

Lines and columns are 1-based; columns count characters. Paths are POSIX and relative to the root.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]
State = Literal["new", "known", "inherited", "suppressed"]


class Span(NamedTuple):
    """A stretch of source text; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


TOP = Span(1, 1, 1, 1)


class SourceFile(NamedTuple):
    """A discovered file. `module` is None when its name is no importable name.

    `package` is the dotted package that relative imports in the file start from: the file's own
    module for an ``__init__``, else the folder's; "" at a root, None when a folder's name is no
    identifier.
    """

    path: str
    module: str | None
    package: str | None

    @property
    def is_stub(self) -> bool:
        return self.path.endswith(".pyi")


class Fingerprint(NamedTuple):
    """The identity of a violation across edits."""

    path: str
    rule: str
    subject: str


class Violation(NamedTuple):
    """One breach of one rule at one place.

    `statement` is the line and column where the enclosing statement starts: counting the distinct
    ones of a file counts statements. `subject` is what the violation is about, free of wording and
    position. `message` does not repeat code or rule name. `replacement` is the absolute dotted path
    to write in place of the subject, "" if there is none.
    """

    path: str
    span: Span
    code: str
    rule: str
    subject: str
    message: str
    severity: Severity = "error"
    statement: tuple[int, int] = (1, 1)
    replacement: str = ""

    @property
    def fingerprint(self) -> Fingerprint:
        return Fingerprint(self.path, self.rule, self.subject)


class Note(NamedTuple):
    """Something worth knowing that never fails a run and is never baselined.

    `topic` is ``undecidable``, ``outside`` or ``missing`` (where a name leads), ``idle`` (an entry
    of the rules that matches nothing), ``run`` (about the run as a whole), or what a change does:
    ``suppression`` (adds one), ``loosened`` (a rule), ``swap`` (a tolerated violation on an added
    line). `path` and `line` are "" and 0 where there is no place.
    """

    topic: str
    message: str
    rule: str = ""
    path: str = ""
    line: int = 0


class Remark(NamedTuple):
    """What a rule says of one of its own entries; `topic` as in `Note`."""

    option: str
    message: str
    topic: str = "idle"


class Finding(NamedTuple):
    """A violation and what became of it: `excuse` is the suppression's text, if suppressed."""

    violation: Violation
    state: State
    excuse: str = ""


Bag = Mapping[Fingerprint, int]
_EMPTY: Bag = MappingProxyType({})


class Comparison(NamedTuple):
    """Violations against the baseline.

    `new` and `known` hold violations (sorted); the others are counts of baseline
    entries: `stale` (no longer found, reported as "fixed"), `unknown` (this run could not tell),
    `out_of_scope` (the path is excluded now, or outside the rule), and `excused` (the violation is
    there but suppressed). `renamed` maps an old path to the new one; `ties` are those pairs of it
    that were as good as another.
    """

    new: tuple[Violation, ...]
    known: tuple[Violation, ...]
    stale: Bag = _EMPTY
    unknown: Bag = _EMPTY
    out_of_scope: Bag = _EMPTY
    excused: Bag = _EMPTY
    renamed: Mapping[str, str] = MappingProxyType({})
    ties: tuple[tuple[str, str], ...] = ()


class RuleSummary(NamedTuple):
    """One row of the summary table. Every count is in `unit`, but for those that name theirs."""

    rule: str
    code: str
    kind: str
    unit: str
    severity: Severity
    reason: str
    baseline: int
    now: int
    new: int
    inherited: int
    fixed: int
    suppressed: int
    statements: int
    files: int
    lines: int | None = None
    """Lines in forbidden modules; None for kinds that forbid none."""
    docs: str = ""
    """A URL with more about the rule."""
    owner: str = ""
    """Who to ask."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """A figure that ``--statistics`` adds: what is counted, how many, of how many, and the unit."""

    rule: str
    label: str
    count: int
    total: int | None
    unit: str


class Report(NamedTuple):
    """What one run found, ready for a reporter; everything in it is sorted.

    `summaries` has a row for every rule that a finding, or an entry of `stale` or `out_of_scope`,
    names; `growth` may name others.
    `complete` tells a full run from a partial one. `growth` lists, under ``--base``, baseline
    entries that grew without a reason, with their counts at the merge base and now. `files` counts
    the files judged, `broken` lists the unreadable ones that no selected rule could have cared
    about. `failed` lists why the exit code is 1.
    """

    root: str
    findings: tuple[Finding, ...]
    summaries: tuple[RuleSummary, ...]
    notes: tuple[Note, ...] = ()
    stale: tuple[tuple[Fingerprint, int], ...] = ()
    out_of_scope: tuple[tuple[Fingerprint, int], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    ties: tuple[tuple[str, str], ...] = ()
    """Pairs of `renamed` that were as good as another pairing."""
    growth: tuple[tuple[Fingerprint, int, int], ...] = ()
    statistics: tuple[Statistic, ...] = ()
    files: int = 0
    broken: tuple[str, ...] = ()
    complete: bool = True
    baseline: str | None = None
    rules_path: str = ""
    unusable: bool = False
    """A rule cannot work (SOT002): exit code 2."""
    failed: tuple[str, ...] = ()
    stale_failing: bool = False
    """Whether ``--stale=fail`` fails: under ``--base`` only stale entries of touched files do."""

    @property
    def violations(self) -> tuple[Violation, ...]:
        return tuple(finding.violation for finding in self.findings)

    def in_state(self, state: State) -> tuple[Violation, ...]:
        return tuple(f.violation for f in self.findings if f.state == state)
