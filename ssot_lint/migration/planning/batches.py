"""From rewritten files to batches in order: a pure function of the project and its options.

With a shim for the old path every order is correct, so the order is about risk: where a batch goes
wrong, as little as possible shall have been built on it, and as few files as possible depend on it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ssot_lint.config.filesets import EntryPoints
from ssot_lint.config.migration import DEFAULT_BATCH_FILES
from ssot_lint.inventory import reachable
from ssot_lint.migration.model import Change, Rewrite, Skip
from ssot_lint.migration.planning.coupling import Unit, generations, units
from ssot_lint.migration.planning.importers import Dependents, dependents, importers
from ssot_lint.migration.planning.model import (
    CANARY,
    CRITICAL,
    HOME,
    INNER,
    LEAF,
    RE_EXPORT,
    WAVES,
    Batch,
    Cycle,
    Plan,
    PlannedFile,
    Risk,
    is_plain,
    short_hash,
)
from ssot_lint.migration.planning.owners import Owners
from ssot_lint.project import Project

_WAVES = tuple(WAVES)
_RANK = {wave: rank for rank, wave in enumerate(_WAVES)}
_HUB = 100
"""Files that depend on a file that is critical for it."""
_NO_NAME = "not planned: a plan cannot hold such a file name"


@dataclass(frozen=True, slots=True)
class Options:
    """What a plan is made by.

    A batch holds up to `batch_files` files. What `entry_points` lead to is critical; `canary` puts
    a first batch of it before the files that nobody imports.
    """

    batch_files: int = DEFAULT_BATCH_FILES
    entry_points: EntryPoints = EntryPoints()
    owners: Owners = Owners()
    canary: bool = False


def make_plan(
    project: Project, rewrites: Iterable[Rewrite], skips: Iterable[Skip], options: Options
) -> Plan:
    """The plan that makes `rewrites`; `skips` are the places that need a human, in any file.

    Every file of the project is read, for its imports. Rewrites without edits are left out.
    """
    skips = set(skips)
    named = []
    for each in sorted(rewrites, key=lambda each: each.path):
        if is_plain(each.path):
            named += [each] if each.edits else []
        else:
            skips.update(_unnamed(each))
    if not named:
        return Plan((), tuple(sorted(skips)))
    return _Planning(project, named, tuple(sorted(skips)), options).plan()


def planned_file(project: Project, rewrite: Rewrite) -> PlannedFile:
    """What a plan says of the file that `rewrite` changes."""
    texts = {text.span for text in project.facts_at(rewrite.path).texts}
    strings = sum(change.span in texts for change in rewrite.made)
    edits = len(rewrite.made) - strings
    return PlannedFile(rewrite.path, edits, strings, short_hash(rewrite.before))


def _unnamed(rewrite: Rewrite) -> Iterator[Skip]:
    path = rewrite.path.encode("utf-8", "backslashreplace").decode()
    for change in rewrite.made:
        yield Skip(path, change.span.line, change.rule, change.old, _NO_NAME)


class _Planning:
    """One plan on its way."""

    def __init__(
        self,
        project: Project,
        rewrites: Sequence[Rewrite],
        skips: tuple[Skip, ...],
        options: Options,
    ) -> None:
        self._options = options
        self._skips = skips
        self._manual = Counter(skip.path for skip in skips)
        self._files = {each.path: planned_file(project, each) for each in rewrites}
        self._owners = {path: options.owners.of(path) for path in self._files}
        self._dependents: Dependents = dependents(importers(project), self._files)
        self._units = units(project, rewrites, self._dependents, options.batch_files)
        self._homes = _homes(project, (change for each in rewrites for change in each.made))
        self._turns = generations(project, rewrites, self._units.units)
        self._counts = {path: self._dependents.of([path]) for path in self._files}
        starts = (file.path for file in project.files if options.entry_points.match(file))
        reached = reachable(project, starts) if options.entry_points else frozenset()
        self._critical = {
            path for path in self._files if path in reached or self._counts[path] >= _HUB
        }

    def plan(self) -> Plan:
        batches = [
            self._batch(number, wave, paths)
            for number, (wave, paths) in enumerate(self._ordered(), 1)
        ]
        cycles = (
            Cycle(len(cycle), tuple(sorted(cycle & self._files.keys())))
            for cycle in self._dependents.cycles
        )
        return Plan(tuple(batches), self._skips, tuple(cycles), self._units.apart)

    def _ordered(self) -> Iterator[tuple[str, Unit]]:
        """The waves and files of the batches, in order."""
        steps: dict[tuple[int, int], list[Unit]] = defaultdict(list)
        for unit in self._units.units:
            wave = self._wave(unit)
            steps[_RANK[wave], self._step(unit, wave)].append(unit)
        found = [
            (_WAVES[rank], paths)
            for (rank, _), members in sorted(steps.items())
            for paths in self._filled(members)
        ]
        waves = [wave for wave, _ in found]
        if self._options.canary and CRITICAL in waves:
            _, paths = found.pop(waves.index(CRITICAL))
            early = sum(_RANK[wave] < _RANK[CANARY] for wave in waves)
            found.insert(early, (CANARY, paths))
        yield from found

    def _wave(self, unit: Unit) -> str:
        waves = sorted({self._wave_of(path) for path in unit}, key=_RANK.__getitem__)
        return waves[0] if waves[0] in (HOME, RE_EXPORT) else waves[-1]

    def _wave_of(self, path: str) -> str:
        if path in self._homes:
            return HOME
        if path in self._turns:
            return RE_EXPORT
        if path in self._critical:
            return CRITICAL
        return INNER if self._counts[path] else LEAF

    def _step(self, unit: Unit, wave: str) -> int:
        """The turn of re-exporters; of others the number of digits of how many depend on them.

        More files depend on what is imported than on who imports it: leaves come before hubs.
        """
        if wave == HOME:
            return 0
        if wave == RE_EXPORT:
            return self._turns[unit[0]]
        most = max(self._counts[path] for path in unit)
        return len(str(most)) if most else 0

    def _filled(self, members: Iterable[Unit]) -> Iterator[Unit]:
        """Batches of units of one step: each of one owner's, unless that makes tiny batches."""
        most = self._options.batch_files
        owned: dict[tuple[str, ...], list[Unit]] = defaultdict(list)
        for unit in members:
            owned[self._owners_of(unit)].append(unit)
        mixed: list[Unit] = []
        for owners in sorted(owned):
            if sum(map(len, owned[owners])) < most / 4 and len(owned) > 1:
                mixed += owned[owners]
            else:
                yield from _cut(sorted(owned[owners], key=_place), most)
        yield from _cut(mixed, most)

    def _owners_of(self, paths: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({owner for path in paths for owner in self._owners[path]}))

    def _batch(self, number: int, wave: str, paths: Unit) -> Batch:
        risk = Risk(
            self._dependents.of(paths),
            sum(path in self._critical for path in paths),
            sum(self._manual[path] for path in paths),
        )
        files = tuple(self._files[path] for path in paths)
        return Batch(number, wave, self._owners_of(paths), risk, files)


def _homes(project: Project, changes: Iterable[Change]) -> frozenset[str]:
    """The files that define what the changes lead to, or that stand at the paths they replace."""
    changes = tuple(changes)
    found = [project.nearest(new) for new in {change.new for change in changes}]
    for old in {change.old.removesuffix(".*") for change in changes}:
        # Higher up there is only what once held what moved away.
        above = old.rpartition(".")[0]
        found.append(project.find(old) or (project.find(above) if above else None))
    return frozenset(each.path for each in found if each is not None and each.path is not None)


def _place(unit: Unit) -> tuple[str, Unit]:
    return unit[0].rpartition("/")[0], unit


def _cut(members: Sequence[Unit], most: int) -> Iterator[Unit]:
    """`members` in order, in batches of about equal size and at most `most` files."""
    left = sum(map(len, members))
    batch: list[str] = []
    for unit in members:
        full = len(batch) + len(unit) > most
        if batch and (full or len(batch) >= math.ceil(left / math.ceil(left / most))):
            yield tuple(sorted(batch))
            left -= len(batch)
            batch = []
        batch += unit
    if batch:
        yield tuple(sorted(batch))
