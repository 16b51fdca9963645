"""The summary: one row per rule, in plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ssot_lint.model import RuleSummary

_Column = tuple[str, Callable[[RuleSummary], str]]


def _rule(summary: RuleSummary) -> str:
    return summary.rule + (" (warning)" if summary.severity == "warning" else "")


_TEXTS: tuple[_Column, ...] = (
    ("rule", _rule),
    ("code", lambda row: row.code),
    ("unit", lambda row: row.unit),
)


def _counts(summaries: Sequence[RuleSummary]) -> list[_Column]:
    columns: list[_Column] = [
        ("baseline", lambda row: str(row.baseline)),
        ("now", lambda row: str(row.now)),
        ("new", lambda row: str(row.new)),
    ]
    if any(row.inherited for row in summaries):
        columns.append(("inherited", lambda row: str(row.inherited)))
    columns += [
        ("fixed", lambda row: str(row.fixed)),
        ("suppressed", lambda row: str(row.suppressed)),
        ("statements", lambda row: str(row.statements)),
        ("files affected", lambda row: str(row.files)),
    ]
    if any(row.lines is not None for row in summaries):
        columns.append(
            ("lines in forbidden modules", lambda row: "-" if row.lines is None else str(row.lines))
        )
    return columns


def align(rows: Sequence[Sequence[str]], left: int) -> list[str]:
    """Lines with columns two blanks apart: the first `left` flush left, the others flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]

    def line(row: Sequence[str]) -> str:
        cells = [
            cell.ljust(width) if index < left else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        return "  ".join(cells).rstrip()

    return [line(row) for row in rows]


def summary_table(summaries: Sequence[RuleSummary]) -> list[str]:
    """A header and one line per rule; nothing without rules.

    The counts from ``baseline`` to ``suppressed`` are in the row's ``unit``. The columns
    ``inherited`` and ``lines in forbidden modules`` appear only where a rule has something there.
    """
    if not summaries:
        return []
    columns = [*_TEXTS, *_counts(summaries)]
    header = [title for title, _ in columns]
    return align([header, *([cell(row) for _, cell in columns] for row in summaries)], len(_TEXTS))
