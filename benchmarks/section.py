"""One part of the benchmark: several tools, one tree, one state, in turns."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from benchmarks.answers import Answer, Places, difference
from benchmarks.measure import Run, run
from benchmarks.tools import RUFF, Case
from benchmarks.trees import Tree

State = Literal["cold", "warm", "20 edited", "new mtimes"]


@dataclass(frozen=True, slots=True)
class Section:
    """`rounds` is how often each case runs; the others are compared with the tool `base`."""

    tree: Tree
    state: State
    cases: tuple[Case, ...]
    rounds: int
    base: str = RUFF


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of one tool: seconds of every round, MiB, and what it found.

    `size` is that of the tree's Python files in bytes.

    The ratios are medians of what the rounds say: this tool's time by that of the section's base,
    which ran in the same round. `agreement` compares the import statements with those of the base.
    """

    tree: str
    size: int
    state: State
    tool: str
    walls: tuple[float, ...]
    cpus: tuple[float, ...]
    peak: float | None
    answer: Answer | None = None
    agreement: str | None = None
    wall_ratio: float | None = None
    cpu_ratio: float | None = None

    @property
    def wall(self) -> float:
        return median(self.walls)

    @property
    def speed(self) -> float:
        """Megabytes per second of wall time."""
        return self.size / 1e6 / self.wall

    @property
    def cpu(self) -> float:
        return median(self.cpus)


def measured(section: Section, budget: float) -> list[Row]:
    """Runs every case once to watch it, and then all of them by turns, round after round.

    The watched run also brings the files into the page cache. A case that has taken more than
    `budget` seconds is not repeated. Whatever the state needs is done before a round, untimed.
    """
    prepare = _preparation(section)
    if section.state != "cold":
        for case in section.cases:
            _forget(case)
            run(case.primer or case.command, section.tree.root)
            if case.primer is None:
                _reset(section, case)
    prepare(0)
    watched = [_timed(section, case, watch=True) for case in section.cases]
    answers = [_answer(section, *pair) for pair in zip(section.cases, watched, strict=True)]
    runs: list[list[Run]] = [[] for _ in section.cases]
    for round_ in range(1, section.rounds + 1):
        prepare(round_)
        for case, done in zip(section.cases, runs, strict=True):
            if sum(one.wall for one in done) <= budget:
                done.append(_timed(section, case))
    return _rows(section, watched, answers, runs)


def _preparation(section: Section) -> Callable[[int], None]:
    if section.state == "20 edited":
        return section.tree.edit
    if section.state == "new mtimes":
        return section.tree.touch
    return lambda _: None


def _timed(section: Section, case: Case, watch: bool = False) -> Run:
    if section.state == "cold":
        _forget(case)
    done = run(case.command, section.tree.root, watch)
    _reset(section, case)
    seconds = "watched" if watch else f"{done.wall:.3f} s"
    print(
        f"{section.tree.name}, {section.state}, {case.tool}: {seconds}", file=sys.stderr, flush=True
    )
    return done


def _reset(section: Section, case: Case) -> None:
    if case.reset is not None:
        run(case.reset, section.tree.root)


def _forget(case: Case) -> None:
    if case.cache is not None:
        shutil.rmtree(case.cache, ignore_errors=True)


def _answer(section: Section, case: Case, done: Run) -> Answer | None:
    if case.reader is None:
        return None
    root = section.tree.root
    output = run(case.asked, root).output if case.asked else done.output
    return case.reader(output, root)


def _rows(
    section: Section,
    watched: Sequence[Run],
    answers: Sequence[Answer | None],
    runs: Sequence[Sequence[Run]],
) -> list[Row]:
    by_tool = {case.tool: at for at, case in enumerate(section.cases)}
    at_base = by_tool.get(section.base)
    base = runs[at_base] if at_base is not None else []
    expected = answers[at_base] if at_base is not None else None
    return [
        Row(
            section.tree.name,
            section.tree.size,
            section.state,
            case.tool,
            tuple(one.wall for one in runs[at]),
            tuple(one.cpu for one in runs[at]),
            watched[at].peak,
            answers[at],
            _agreement(answers[at], expected.places if expected and at != at_base else None),
            ratio([one.wall for one in runs[at]], [one.wall for one in base]),
            ratio([one.cpu for one in runs[at]], [one.cpu for one in base]),
        )
        for at, case in enumerate(section.cases)
    ]


def _agreement(answer: Answer | None, expected: Places | None) -> str | None:
    if answer is None or answer.places is None or expected is None:
        return None
    return difference(answer.places, expected)


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float | None:
    """The median ratio of the rounds that both ran in."""
    pairs = [our / their for our, their in zip(ours, theirs, strict=False)]
    return median(pairs) if pairs else None
