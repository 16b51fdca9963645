"""For people: flake8's lines, the table per rule, and what else the run has to say."""

from __future__ import annotations

from collections.abc import Sequence

from ssot_lint.model import Finding, Report, Statistic
from ssot_lint.reporters.phrases import (
    COUNTED,
    broken_in_words,
    counted,
    entries_in_words,
    failure,
    in_words,
    note_counts,
    note_line,
    one_line,
    place,
    rows,
    why,
)
from ssot_lint.reporters.settings import Settings
from ssot_lint.reporters.table import summary_table

LISTED = 10
"""How many lines of a list are shown without ``-v``."""

_BOLD, _RED, _YELLOW, _RESET = "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[0m"
_PRECEDENCE = ("new", "inherited", "known")


def render(report: Report, settings: Settings) -> str:
    """The report as plain text, ASCII apart from what users wrote; one violation is one line."""
    violations, growth = _violations(report, settings), _growth(report, settings)
    failed = [failure(report)] if report.failed else []
    if settings.verbosity < 0:
        blocks = [violations, growth, failed]
    else:
        blocks = [
            violations,
            summary_table(report.summaries),
            _reasons(report),
            [in_words(report)],
            _renamed(report, settings),
            _entries(report, settings),
            growth,
            _notes(report, settings),
            _broken(report, settings),
            [_statistic(item) for item in report.statistics],
            failed,
        ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n" if any(blocks) else ""


def _violations(report: Report, settings: Settings) -> list[str]:
    states = _PRECEDENCE if settings.show_known else _PRECEDENCE[:2]
    listed = [finding for finding in report.findings if finding.state in states]
    # A cut takes the known ones first, and leaves the order of the others as it was.
    urgent = sorted(range(len(listed)), key=lambda index: _PRECEDENCE.index(listed[index].state))
    shown = sorted(urgent[: settings.max_shown])
    lines = [_violation(listed[index], settings) for index in shown]
    if hidden := len(listed) - len(lines):
        more = counted(hidden, "more violations" if lines else "violations")
        lines.append(f"... {more} not listed (--max-shown {settings.max_shown})")
    return lines


def _violation(finding: Finding, settings: Settings) -> str:
    violation = finding.violation
    where = place(settings.relative(violation.path), violation.span.line, violation.span.column)
    code = violation.code
    if settings.color:
        hue = _YELLOW if violation.severity == "warning" else _RED
        where, code = f"{_BOLD}{where}{_RESET}", f"{hue}{code}{_RESET}"
    marks = ["warning"] if violation.severity == "warning" else []
    if finding.state != "new":
        marks.append(finding.state)
    tail = f" ({', '.join(marks)})" if marks else ""
    return f"{where}: {code} {one_line(violation.message)} [{violation.rule}]{tail}"


def _reasons(report: Report) -> list[str]:
    rows = [row for row in report.summaries if row.new or row.inherited]
    return [f"{row.rule}: {why(row)}" for row in rows if row.reason]


def _capped(heading: str, lines: Sequence[str], settings: Settings) -> list[str]:
    """`heading` and, below it, as many of `lines` as the verbosity allows; nothing for none."""
    if not lines:
        return []
    shown = lines if settings.verbosity > 0 else lines[:LISTED]
    more = [f"  ... and {len(lines) - len(shown)} more (-v lists all)"]
    return [heading, *(f"  {line}" for line in shown), *(more if len(shown) < len(lines) else [])]


def _renamed(report: Report, settings: Settings) -> list[str]:
    def pair(old: str, new: str) -> str:
        tie = " (another pairing was as good)" if (old, new) in report.ties else ""
        return f"{_path(old, settings)} -> {_path(new, settings)}{tie}"

    files = counted(len(report.renamed), "files")
    return _capped(
        f"Renamed: {files}. `ssot-lint baseline shrink` writes the entries under the new paths.",
        [pair(old, new) for old, new in report.renamed],
        settings,
    )


def _entries(report: Report, settings: Settings) -> list[str]:
    lines: list[str] = []
    summaries = rows(report)
    for entries, what, then in (
        (report.stale, "Fixed", "takes them out of the baseline"),
        (report.out_of_scope, "Out of scope, yet in the baseline", "drops them"),
    ):
        lines += _capped(
            f"{what}: {entries_in_words(entries, report)}. `ssot-lint baseline shrink` {then}.",
            [
                f"{_path(entry.path, settings)}: {entry.rule} {one_line(entry.subject)}: "
                f"{counted(count, summaries[entry.rule].unit)}"
                for entry, count in entries
            ],
            settings,
        )
    return lines


def _growth(report: Report, settings: Settings) -> list[str]:
    summaries = rows(report)
    entries = counted(len(report.growth), "baseline entries")
    return _capped(
        f"Grown: {entries}, since the merge base and without a reason. "
        "Fix the code, or say why: `ssot-lint baseline update --accept-new REASON`.",
        [
            f"{_path(entry.path, settings)}: {entry.rule} {one_line(entry.subject)}: "
            f"{before} -> {counted(after, summaries[entry.rule].unit)}"
            for entry, before, after in report.growth
        ],
        settings,
    )


def _notes(report: Report, settings: Settings) -> list[str]:
    everything = settings.verbosity > 0
    left = [note for note in report.notes if note.topic in COUNTED and not everything]
    told = [note for note in report.notes if note.topic not in COUNTED or everything]
    lines = _capped(
        "Notes:",
        [note_line(note, settings.relative(note.path) if note.path else "") for note in told],
        settings,
    )
    if left:
        lines.append(f"{note_counts(left)}; -v lists them")
    return lines


def _broken(report: Report, settings: Settings) -> list[str]:
    if not report.broken:
        return []
    paths = [f"  {_path(path, settings)}" for path in report.broken]
    return [broken_in_words(report), *(paths if settings.verbosity > 0 else [])]


def _statistic(item: Statistic) -> str:
    share = ""
    if item.total is not None:
        share = f" of {item.total}" + (f" ({item.count / item.total:.1%})" if item.total else "")
    return f"{item.rule}: {one_line(item.label)}: {counted(item.count, item.unit)}{share}"


def _path(path: str, settings: Settings) -> str:
    return one_line(settings.relative(path))
