"""What is measured: the sections of the benchmark, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks import tools
from benchmarks.question import EVERY_RULES_FILE
from benchmarks.section import Section, State
from benchmarks.tools import CLASSES, EVERY, FIVE, IMPORTS, Case
from benchmarks.trees import Tree

_REMEMBERING: tuple[State, ...] = ("warm", "20 edited", "new mtimes")


class Caches:
    """A new folder for every case that remembers, so that none helps another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def new(self) -> Path:
        self._count += 1
        return self._folder / str(self._count)


def whole_tree(tree: Tree, caches: Caches, rounds: int) -> Iterator[Section]:
    """The checkers that can take a whole repository, in every state, and the floor."""
    floor = (tools.stat_floor(), tools.read_floor(), tools.text_search(tree.words))
    cold = (*floor, tools.ruff(None), *_ssot_cold(tree, caches))
    yield Section(tree, "cold", cold, rounds)
    for state in _REMEMBERING:
        cases = (tools.stat_floor(), tools.ruff(caches.new()), *_ssot_remembering(tree, caches))
        yield Section(tree, state, cases, rounds)


def _ssot_cold(tree: Tree, caches: Caches) -> Iterator[Case]:
    jobs = "--jobs" in tools.ssot_options()
    for kinds in (IMPORTS, CLASSES, FIVE, *_every(tree)):
        if jobs:
            yield tools.ssot(kinds, None, jobs=1)
        yield tools.ssot(kinds, None)
    if "--no-prefilter" in tools.ssot_options():
        if jobs:
            yield tools.ssot(IMPORTS, None, jobs=1, prefilter=False)
        yield tools.ssot(IMPORTS, None, prefilter=False)
    yield from (_filling(case) for case in _ssot_remembering(tree, caches))


def _every(tree: Tree) -> Iterator[tuple[str, ...]]:
    """All kinds, where the tree has rules for them."""
    if (tree.root / EVERY_RULES_FILE).exists():
        yield EVERY


def _filling(case: Case) -> Case:
    """A cold run that leaves a cache behind."""
    return Case(f"{case.tool}, fills cache", case.command, case.reader, case.cache)


def _cache(caches: Caches) -> Path | None:
    """For ssot-lint, if it has one."""
    return caches.new() if "--cache-dir" in tools.ssot_options() else None


def _ssot_remembering(tree: Tree, caches: Caches) -> Iterator[Case]:
    if "--cache-dir" in tools.ssot_options():
        for kinds in (IMPORTS, CLASSES, FIVE, *_every(tree)):
            yield tools.ssot(kinds, caches.new())
        if "--no-prefilter" in tools.ssot_options():
            yield tools.ssot(IMPORTS, caches.new(), prefilter=False)


def packages(tree: Tree, caches: Caches, rounds: int) -> Iterator[Section]:
    """With import-linter, on what it can import.

    It follows neither folders without ``__init__.py`` nor imports of modules that are gone.
    """
    cold = (tools.ruff(None), tools.import_linter(None), tools.ssot(IMPORTS, None))
    yield Section(tree, "cold", cold, rounds)
    warm = [tools.ruff(caches.new()), tools.import_linter(caches.new())]
    if "--cache-dir" in tools.ssot_options():
        warm.append(tools.ssot(IMPORTS, caches.new()))
    yield Section(tree, "warm", tuple(warm), rounds)


def sample(tree: Tree, rounds: int) -> Iterator[Section]:
    """With flake8, on some files."""
    cases = (
        *(tools.ruff(None), tools.ssot(IMPORTS, None)),
        *(tools.flake8(), tools.tidy_imports(), tools.plugin()),
    )
    yield Section(tree, "cold", cases, rounds)


def one_file(tree: Tree, caches: Caches, rounds: int) -> Iterator[Section]:
    """As an editor does; the cache of ssot-lint is that of a whole run."""
    (path,) = tree.paths
    cases = (
        *(tools.imports_floor(), tools.ruff(caches.new(), path)),
        *(tools.ssot(kinds, _cache(caches), target=path) for kinds in (IMPORTS, FIVE)),
        *(tools.flake8(path), tools.tidy_imports(path), tools.plugin(path)),
    )
    yield Section(tree, "warm", cases, rounds)
