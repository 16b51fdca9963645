"""The results as Markdown, and as what JSON can hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.section import Row
from benchmarks.targets import Target

_HEAD = ("tree", "state", "tool", "wall s", "CPU s", "MB/s", "peak MiB", "found")


def table(rows: Iterable[Row], base: str = "ruff") -> str:
    """Markdown; times are medians, ratios those of the same rounds. `base` heads what is by it."""
    head = (*_HEAD, f"against {base}", f"wall / {base}", f"CPU / {base}", "runs")
    return _markdown(head, [_cells(row) for row in rows])


def target_table(targets: Iterable[Target]) -> str:
    cells = [
        (t.name, f"{t.limit:.3g}", f"{t.measured:.3g}", "yes" if t.met else "no") for t in targets
    ]
    return _markdown(("target", "at most", "measured", "met"), cells)


def document(rows: Iterable[Row], targets: Iterable[Target]) -> dict[str, Any]:
    """Every run of every row."""
    return {
        "rows": [_row(row) for row in rows],
        "targets": [{**asdict(target), "met": target.met} for target in targets],
    }


def _row(row: Row) -> dict[str, Any]:
    fields = asdict(row)
    answer = fields.pop("answer")
    found = {"found": answer["count"], "unit": answer["unit"]} if answer else {}
    return {**fields, **found, "wall": row.wall, "cpu": row.cpu, "speed": row.speed}


def _cells(row: Row) -> tuple[str, ...]:
    found = f"{row.answer.count} {row.answer.unit}" if row.answer else ""
    times = (f"{row.wall:.3f}", f"{row.cpu:.3f}", f"{row.speed:.1f}")
    ratios = (_ratio(row.wall_ratio), _ratio(row.cpu_ratio))
    answer = (_whole(row.peak), found, row.agreement or "")
    return (row.tree, row.state, row.tool, *times, *answer, *ratios, str(len(row.walls)))


def _whole(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.0f}"


def _ratio(ratio: float | None) -> str:
    if ratio is None:
        return ""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |\n"
        for line in lines
    )
