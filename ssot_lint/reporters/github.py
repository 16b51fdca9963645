"""For GitHub Actions: workflow commands that the runner turns into annotations of a pull request.

The format and its escapes are those of ``@actions/core`` (``packages/core/src/command.ts`` in
actions/toolkit).
"""

from __future__ import annotations

from collections.abc import Mapping

from ssot_lint.model import Note, Report, RuleSummary, Severity, Violation
from ssot_lint.reporters.phrases import (
    COUNTED,
    counted,
    explained,
    failure,
    in_words,
    note_line,
    one_line,
    place,
    rows,
)
from ssot_lint.reporters.settings import Settings

LIMIT = 10
"""Annotations of each severity that GitHub shows per step; it drops the others without a word."""


def render(report: Report, settings: Settings) -> str:
    """One command per new violation and grown baseline entry, errors first, then the total.

    The message begins as a line of ``text`` does, because the log shows nothing of a command but
    its message, and beyond `LIMIT` the log is all there is. What is inherited, and the notes on
    run and change, are for the log only: nobody is to act on them in this pull request.
    """
    summaries = rows(report)
    told: dict[Severity, list[str]] = {"error": [], "warning": []}
    for violation in report.in_state("new"):
        told[violation.severity].append(_violation(violation, summaries, settings))
    errors = told["error"] + _growth(report, summaries, settings)
    warnings = told["warning"]
    lines = errors + warnings
    if len(errors) > LIMIT or len(warnings) > LIMIT:
        lines.append(
            f"GitHub annotates at most {LIMIT} errors and {LIMIT} warnings per step; this log has "
            f"all: {counted(len(errors), 'errors')}, {counted(len(warnings), 'warnings')}."
        )
    # A word comes first: the runner would take a line that begins with "::" for a command.
    lines += [f"Inherited: {_line(each, settings)}" for each in report.in_state("inherited")]
    lines += [
        f"Note: {_note(note, settings)}" for note in report.notes if note.topic not in COUNTED
    ]
    lines.append(in_words(report))
    if report.failed:
        lines.append(failure(report))
    return "\n".join(lines) + "\n"


def _violation(violation: Violation, summaries: dict[str, RuleSummary], settings: Settings) -> str:
    path, span = settings.from_top(violation.path), violation.span
    where: dict[str, str | int] = {"file": path, "line": span.line, "endLine": span.end_line}
    # Columns mean something to GitHub only on one line (REST API, check runs, annotations).
    if span.line == span.end_line:
        where |= {"col": span.column, "endColumn": span.end_column}
    where["title"] = f"{violation.code} {violation.rule}"
    message = explained(_line(violation, settings), summaries[violation.rule])
    return _command(violation.severity, where, message)


def _line(violation: Violation, settings: Settings) -> str:
    where = place(settings.from_top(violation.path), violation.span.line, violation.span.column)
    return f"{where}: {violation.code} {one_line(violation.message)} [{violation.rule}]"


def _note(note: Note, settings: Settings) -> str:
    return note_line(note, settings.from_top(note.path) if note.path else "")


def _growth(report: Report, summaries: dict[str, RuleSummary], settings: Settings) -> list[str]:
    lines = []
    for entry, before, after in report.growth:
        grown = counted(after, summaries[entry.rule].unit)
        lines.append(
            _command(
                "error",
                {
                    "file": settings.from_top(report.baseline or entry.path),
                    "line": 1,
                    "title": "baseline grew",
                },
                f"{one_line(settings.from_top(entry.path))}: the baseline tolerates {grown} of "
                f"{one_line(entry.subject)}, {before} at the merge base [{entry.rule}]\n"
                "Fix the code, or say why: `ssot-lint baseline update --accept-new REASON`.",
            )
        )
    return lines


def _command(severity: Severity, properties: Mapping[str, str | int], message: str) -> str:
    pairs = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{severity} {pairs}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
