"""Words and numbers that several formats share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ssot_lint.model import Fingerprint, Note, Report, RuleSummary, Violation

# C0 and C1 control characters, the other line ends of Unicode, and the marks that reorder text on
# a screen (Unicode Standard Annex 9), so that nobody's file name can forge a line of output.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")

COUNTED = ("idle", "missing", "outside", "undecidable")
"""Topics of notes that come by the hundred; the others are about the run or the change."""


def one_line(text: str) -> str:
    """`text` with control characters and line ends as backslash escapes."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def sentence(text: str) -> str:
    """Prose of the rules file on one line: white space of any length becomes one blank."""
    return one_line(" ".join(text.split()))


def why(summary: RuleSummary) -> str:
    """The rule's reason, whom to ask and where to read more, on one line."""
    ask = f" Ask {sentence(summary.owner)}." if summary.owner else ""
    see = f" See {sentence(summary.docs)}" if summary.docs else ""
    return f"{sentence(summary.reason)}{ask}{see}"


def explained(message: str, summary: RuleSummary) -> str:
    """`message`, and on a second line why the rule exists, where that is said."""
    return "\n".join(filter(None, [message, why(summary)]))


def counted(count: int, unit: str) -> str:
    """``"1 name"``, ``"2 names"``: `unit` is a plural."""
    if count != 1:
        return f"{count} {unit}"
    if unit.endswith("ies"):
        return f"1 {unit[:-3]}y"
    return f"1 {unit[:-2] if unit.endswith(('sses', 'ches')) else unit.removesuffix('s')}"


def place(path: str, line: int, column: int) -> str:
    """``path:line:column``, on one line."""
    return f"{one_line(path)}:{line}:{column}"


def rows(report: Report) -> dict[str, RuleSummary]:
    """The summary of each rule by the rule's name; empty for rules that did not run and grew."""
    found = {summary.rule: summary for summary in report.summaries}
    for entry, _, _ in report.growth:
        found.setdefault(entry.rule, _did_not_run(entry.rule))
    return found


def _did_not_run(rule: str) -> RuleSummary:
    return RuleSummary(
        rule=rule,
        code="",
        kind="",
        unit="violations",
        severity="error",
        reason="",
        baseline=0,
        now=0,
        new=0,
        inherited=0,
        fixed=0,
        suppressed=0,
        statements=0,
        files=0,
    )


class Total(NamedTuple):
    """Violations of all rules that count in `unit`, and where they stand."""

    unit: str
    number: int
    statements: int
    files: int

    def __str__(self) -> str:
        parts = [counted(self.number, self.unit)]
        if self.unit not in ("statements", "files"):
            parts.append(counted(self.statements, "statements"))
        if self.unit != "files":
            parts.append(counted(self.files, "files"))
        return " in ".join(parts)


def totals(violations: Iterable[Violation], report: Report) -> list[Total]:
    """One total for each unit that occurs, in the order of the summaries.

    Statements and files are distinct ones: two names of one statement are one statement.
    """
    groups: dict[str, list[Violation]] = {summary.unit: [] for summary in report.summaries}
    units = {summary.rule: summary.unit for summary in report.summaries}
    for violation in violations:
        groups[units[violation.rule]].append(violation)
    return [
        Total(
            unit,
            len(group),
            len({(violation.path, violation.statement) for violation in group}),
            len({violation.path for violation in group}),
        )
        for unit, group in groups.items()
        if group
    ]


def unsuppressed(report: Report) -> list[Violation]:
    """What is there now: every violation that no comment excuses."""
    return [finding.violation for finding in report.findings if finding.state != "suppressed"]


def in_words(report: Report) -> str:
    """One line: what is new, what is there now, and how many files were judged."""

    def joined(violations: Iterable[Violation]) -> str:
        return "; ".join(map(str, totals(violations, report))) or "none"

    judged = counted(report.files, "files") + ("" if report.complete else " (partial run)")
    new, now = joined(report.in_state("new")), joined(unsuppressed(report))
    return f"New: {new}. Now: {now}. Judged: {judged}."


def entries_in_words(entries: Sequence[tuple[Fingerprint, int]], report: Report) -> str:
    """``"3 names, 1 file"``: what baseline entries count, by unit."""
    units = {summary.rule: summary.unit for summary in report.summaries}
    sums: Counter[str] = Counter()
    for fingerprint, count in entries:
        sums[units[fingerprint.rule]] += count
    return ", ".join(counted(count, unit) for unit, count in sums.items())


def failure(report: Report) -> str:
    """One line: why the exit code is 1; nothing if it is not."""
    return f"Failed: {'; '.join(map(one_line, report.failed))}." if report.failed else ""


def note_counts(notes: Iterable[Note]) -> str:
    """``"3 notes (1 idle, 2 undecidable)"``, or nothing."""
    topics = Counter(note.topic for note in notes)
    kinds = ", ".join(f"{count} {one_line(topic)}" for topic, count in sorted(topics.items()))
    return f"{counted(topics.total(), 'notes')} ({kinds})" if topics else ""


def note_line(note: Note, path: str) -> str:
    """One note on one line; `path` is the note's path as the format shows it, "" without one."""
    line = f":{note.line}" if note.line else ""
    where = f"{one_line(path)}{line}: " if path else ""
    rule = f" [{note.rule}]" if note.rule else ""
    return f"{where}{one_line(note.message)}{rule}"


def broken_in_words(report: Report) -> str:
    """The line about unreadable files that no rule could have cared about."""
    if len(report.broken) == 1:
        return "1 file that does not parse, and holds no word of any rule, was not checked"
    count = len(report.broken)
    return f"{count} files that do not parse, and hold no word of any rule, were not checked"
