"""What the benchmark has to show on two cores, and whether it did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benchmarks.section import Row
from benchmarks.tools import RUFF

_IMPORTS, _CLASSES, _FIVE = "ssot-lint, imports", "ssot-lint, + classes", "ssot-lint, 5 kinds"
_EVERY_KIND = "ssot-lint, all 16 kinds"
_EVERY_FILE = f"{_IMPORTS}, no pre-filter"

_BY_RUFF = (
    # The ratio of which figures in which state, for which tool, is at most how much.
    ("wall_ratio", "cold", _IMPORTS, 0.5),
    ("wall_ratio", "cold", _CLASSES, 0.6),
    ("wall_ratio", "cold", _FIVE, 1.0),
    ("wall_ratio", "cold", _EVERY_KIND, 3.0),
    ("wall_ratio", "cold", _EVERY_FILE, 3.0),
    ("cpu_ratio", "cold", _IMPORTS, 1.0),
    ("cpu_ratio", "cold", _CLASSES, 1.0),
    ("wall_ratio", "warm", _IMPORTS, 1.0),
)
_BY_ANOTHER = (
    # The same for the quotient of two rows.
    ("peak", "cold", _IMPORTS, "cold", RUFF, 1.0),
    ("peak", "cold", _FIVE, "cold", RUFF, 1.0),
    ("wall", "20 edited", _IMPORTS, "warm", _IMPORTS, 1.2),
    ("wall", "new mtimes", _IMPORTS, "cold", _IMPORTS, 0.6),
)


@dataclass(frozen=True, slots=True)
class Target:
    """A figure, in seconds or by another figure, that has to be at most `limit`."""

    name: str
    limit: float
    measured: float

    @property
    def met(self) -> bool:
        return self.measured <= self.limit


def targets(rows: Iterable[Row]) -> Iterator[Target]:
    """Those whose rows were measured."""
    rows = tuple(rows)
    monorepo: dict[tuple[str, str], Row] = {
        (row.state, row.tool): row for row in rows if row.tree == "monorepo"
    }
    for what, state, tool, limit in _BY_RUFF:
        row = monorepo.get((state, tool))
        if row:
            figure = what.removesuffix("_ratio")
            yield Target(f"{state}: {figure} of {tool} by {RUFF}", limit, getattr(row, what))
    for what, state, tool, other_state, other_tool, limit in _BY_ANOTHER:
        pair = (monorepo.get((state, tool)), monorepo.get((other_state, other_tool)))
        ours, theirs = (getattr(row, what, None) for row in pair)
        if ours and theirs:
            name = f"{state}: {what} of {tool} by {other_state} {other_tool}"
            yield Target(name, limit, ours / theirs)
    warm, floor = monorepo.get(("warm", _IMPORTS)), monorepo.get(("warm", "walk and stat"))
    if warm and floor:
        limit = 2 * floor.wall + 0.08
        yield Target("warm: wall of ssot-lint, imports", limit, warm.wall)
    for tool, limit in ((_EVERY_FILE, 1.0), (_EVERY_KIND, 1.5)):
        every = monorepo.get(("warm", tool))
        if every:
            yield Target(f"warm: wall of {tool}", limit, every.wall)
    alone = {row.tool: row for row in rows if row.tree == "one file"}
    if alone:
        yield Target("one file: wall of ssot-lint, imports", 0.12, alone[_IMPORTS].wall)
        bare = alone["python, three imports"].wall
        yield Target("one file: the same, by python", 2.0, alone[_IMPORTS].wall / bare)
