"""Compares the speed of ssot-lint with that of its peers, side by side.

Makes a monorepo, asks every tool the same question about it, prints one table, and writes every
single run as JSON. Needs Linux, for the memory of processes; the peers are installed by ``pip
install . -r benchmarks/requirements.txt``. Times mean something on a machine that does nothing
else; ratios, whose two sides take turns, also on others.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import monorepo, plan, tools, trees
from benchmarks.machine import machine
from benchmarks.measure import FailedError
from benchmarks.section import Row, Section, measured
from benchmarks.table import document, table, target_table
from benchmarks.targets import targets
from tests.corpus import packages

_REPOSITORY = Path(__file__).parents[1]
_QUICK = 1_500
_PROGRAMS = ("ssot-lint", "ruff", "lint-imports", "flake8", "rg")


def main() -> int:
    options = _options()
    try:
        results = _run(options)
    except (FailedError, tools.MissingToolError) as error:
        print(error, file=sys.stderr)
        return 2
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(f"Every run is in {options.output}.", file=sys.stderr)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=monorepo.FILES, help="of the monorepo")
    parser.add_argument("--quick", action="store_true", help=f"a monorepo of {_QUICK} files")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--budget", type=float, default=60, help="seconds per tool and state")
    corpora = sorted({*packages.CORPORA} - {"everything"})
    parser.add_argument(
        "--corpus", action="append", default=[], choices=corpora, help="real packages, too"
    )
    parser.add_argument("--output", type=Path, default=_REPOSITORY / "build" / "benchmark.json")
    return parser.parse_args()


def _run(options: argparse.Namespace) -> dict[str, Any]:
    before = os.getloadavg()
    with tempfile.TemporaryDirectory(prefix="ssot-benchmark-") as folder:
        rows: list[Row] = []
        # All at once, so that a missing tool is told before the others have run for minutes.
        for section in list(_sections(options, Path(folder))):
            rows += measured(section, options.budget)
    reached = list(targets(rows))
    print(table(rows))
    print(target_table(reached))
    load = {"load_before": before, "load_after": os.getloadavg()}
    return {"machine": {**machine(_PROGRAMS), **load}, **document(rows, reached)}


def _sections(options: argparse.Namespace, folder: Path) -> Iterator[Section]:
    caches = plan.Caches(folder / "caches")
    files = _QUICK if options.quick else options.files
    tree, made = trees.make_monorepo(folder / "monorepo", files, options.seed)
    print(f"{made.files} files, {made.size} bytes, {len(made.broken)} broken", file=sys.stderr)
    importable = trees.packages_of(tree, made, folder / "packages")
    sample = trees.sample_of(tree, folder / "sample", min(300, files // 10))
    yield from plan.whole_tree(tree, caches, options.rounds)
    yield from plan.packages(importable, caches, options.rounds)
    yield from plan.sample(sample, options.rounds)
    yield from plan.one_file(trees.one_file_of(tree, made), caches, 2 * options.rounds)
    for name in options.corpus:
        rules = _REPOSITORY / "tests" / "corpus" / "rules" / f"{name}.yaml"
        copy = trees.copy_of(name, packages.tree(name), rules, folder / name)
        yield from plan.whole_tree(copy, caches, options.rounds)


if __name__ == "__main__":
    sys.exit(main())
