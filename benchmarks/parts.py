"""Parts of ssot-lint that are measured alone, in this process, beside what they cannot do without.

Whoever starts a command pays for its start-up, for reading, and for judging, too: `Case` and
`Section` are for that.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from benchmarks.answers import Answer
from benchmarks.section import Row, ratio
from benchmarks.trees import Tree
from ssot_lint.engine import Request
from ssot_lint.engine.judge import judge
from ssot_lint.engine.survey import survey
from ssot_lint.migration.adhoc import moving, without_rules
from ssot_lint.migration.changes import fixable, rewritten
from ssot_lint.migration.journal import Journal, Write

PLAIN, JOURNAL = "write, fsync, rename", "ssot-lint, the journal"
REWRITING = "ssot-lint, rewriting alone"


class _Time(NamedTuple):
    """Seconds of wall and processor time."""

    wall: float
    cpu: float


def applied(name: str, folder: Path, paths: Sequence[str], rounds: int) -> list[Row]:
    """What it takes to change files in `folder`: only so that none can be lost, and by the journal.

    Every file gets one more line. The two take turns, and after each one all files are as before.
    """
    before = {path: (folder / path).read_bytes() for path in paths}
    after = {path: data + b"# migrated\n" for path, data in before.items()}
    writes = [Write(path, before[path], after[path]) for path in paths]
    size = sum(map(len, before.values()))
    plain, ours = [], []
    for _ in range(1 + rounds):
        start = _now()
        _replace(folder, after)
        plain.append(_since(start))
        _replace(folder, before)
        start = _now()
        _migrate(folder, writes)
        ours.append(_since(start))
        with Journal.at(str(folder)) as journal:
            journal.undo(journal.runs[-1].id, "1")
            journal.finish()
    # The first round brought modules and files into memory.
    base, row = (
        _row(name, size, tool, times[1:], Answer(len(paths), "files"))
        for tool, times in ((PLAIN, plain), (JOURNAL, ours))
    )
    by = ratio(row.walls, base.walls), ratio(row.cpus, base.cpus)
    return [
        replace(base, wall_ratio=1.0, cpu_ratio=1.0),
        replace(row, wall_ratio=by[0], cpu_ratio=by[1]),
    ]


def _replace(folder: Path, contents: dict[str, bytes]) -> None:
    """One file after the other, so that a power cut leaves the old or the new content of each."""
    for path, data in contents.items():
        temporary = folder / f"{path}.new"
        with open(temporary, "wb", buffering=0) as file:
            file.write(data)
            os.fsync(file.fileno())
        os.replace(temporary, folder / path)
    for parent in {(folder / path).parent for path in contents}:
        handle = os.open(parent, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def _migrate(folder: Path, writes: Sequence[Write]) -> None:
    with Journal.at(str(folder)) as journal:
        run = journal.begin_run("benchmark")
        journal.apply(run, "1", writes)
        journal.conclude(run, "1", "applied")


def rewriting(tree: Tree, move: tuple[str, str], rounds: int, base: Row) -> Row:
    """What it takes one process to rewrite all that imports the first path of a `move`.

    That is from the violations to the new contents: nothing is read, judged or verified. `base` is
    what it is compared with.
    """
    request = Request(jobs=1)
    config = moving(without_rules(str(tree.root)), request, *move)
    rules = fixable(config, request)
    changed = 0
    times = []
    for _ in range(rounds):
        site = survey(config, request, rules).read(request)
        judged = judge(site, rules).kept
        start = _now()
        changed = len(rewritten(site, rules, judged, strings=False).rewrites)
        times.append(_since(start))
    row = _row(tree.name, tree.size, REWRITING, times, Answer(changed, "files"))
    return replace(row, wall_ratio=row.wall / base.wall, cpu_ratio=row.cpu / base.cpu)


def _now() -> _Time:
    return _Time(time.perf_counter(), time.process_time())


def _since(start: _Time) -> _Time:
    now = _now()
    return _Time(now.wall - start.wall, now.cpu - start.cpu)


def _row(name: str, size: int, tool: str, times: Sequence[_Time], found: Answer) -> Row:
    walls, cpus = zip(*times, strict=True)
    return Row(name, size, "warm", tool, walls, cpus, None, found)
