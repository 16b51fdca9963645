"""Compares the speed of migrations with that of what comes closest to each of their steps.

``python -m benchmarks.migration`` plans and applies on the monorepo of the other benchmark, and
moves one name across Django, which it gets from the package index. Prints a table for each, and
writes every single run as JSON. The peers are installed by ``pip install . -r
benchmarks/requirements.txt``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks import monorepo, moves, parts, trees
from benchmarks.machine import machine
from benchmarks.measure import FailedError
from benchmarks.plan import Caches
from benchmarks.section import Row, measured
from benchmarks.table import document, table, target_table
from benchmarks.targets import Target
from benchmarks.tools import MissingToolError
from benchmarks.trees import Tree
from tests.corpus import packages

_REPOSITORY = Path(__file__).parents[1]
_PROGRAMS = ("ssot-lint", "ruff")
_BATCH = 20
_TARGETS = (
    ("monorepo", moves.PLAN, 5.0),
    (f"{_BATCH} files", parts.JOURNAL, 0.1),
    ("django", parts.REWRITING, 1.0),
    ("django", moves.MOVE, 1.0),
)
"""Seconds of wall time that a tool may take on a tree."""


def main() -> int:
    options = _options()
    before = os.getloadavg()
    with tempfile.TemporaryDirectory(prefix="ssot-benchmark-") as folder:
        try:
            found = list(_measured(options, Path(folder)))
        except (FailedError, MissingToolError) as error:
            print(error, file=sys.stderr)
            return 2
    rows = [row for _, section in found for row in section]
    reached = list(targets(rows))
    for base, section in found:
        print(table(section, base))
    print(target_table(reached))
    load = {"load_before": before, "load_after": os.getloadavg()}
    results = {"machine": {**machine(_PROGRAMS), **load}, **document(rows, reached)}
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(f"Every run is in {options.output}.", file=sys.stderr)
    return 0


def targets(rows: Iterable[Row]) -> Iterator[Target]:
    """Those whose rows were measured."""
    by_place = {(row.tree, row.tool): row for row in rows}
    for tree, tool, limit in _TARGETS:
        row = by_place.get((tree, tool))
        if row:
            yield Target(f"{tree}: wall of {tool}", limit, row.wall)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=monorepo.FILES, help="of the monorepo")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--budget", type=float, default=60, help="seconds per tool")
    parser.add_argument("--output", type=Path, default=_REPOSITORY / "build" / "migration.json")
    return parser.parse_args()


def _measured(options: argparse.Namespace, folder: Path) -> Iterator[tuple[str, Sequence[Row]]]:
    """The base and the rows of each part; the quick ones first, so that a missing tool is told
    before the others have run for minutes.
    """
    caches = Caches(folder / "caches")
    django = moves.django(folder / "django", packages.tree("django"))
    renaming = list(moves.renaming(django, moves.DJANGO, caches, options.rounds))
    tree, _ = trees.make_monorepo(folder / "monorepo", options.files, options.seed)
    batch = tree.paths[:: max(1, len(tree.paths) // _BATCH)][:_BATCH]
    copied = _copied(tree, batch, folder / "batch")
    yield parts.PLAIN, parts.applied(f"{_BATCH} files", copied, batch, 4 * options.rounds)
    for section in (
        *moves.planning(tree, caches, options.rounds),
        *moves.applying(tree, caches, options.rounds),
        *renaming,
    ):
        rows = measured(section, options.budget)
        if section.tree is django:
            rows.append(parts.rewriting(django, moves.DJANGO.paths, options.rounds, rows[0]))
        yield section.base, rows


def _copied(tree: Tree, paths: Iterable[str], folder: Path) -> Path:
    for path in paths:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(tree.root / path, target)
    return folder


if __name__ == "__main__":
    sys.exit(main())
