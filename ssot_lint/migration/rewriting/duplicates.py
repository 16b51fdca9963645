"""Imports that a rewrite would only repeat, because their block has them already."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

from ssot_lint.migration.rewriting.places import Place, Spot, assigned_names, imports_name
from ssot_lint.migration.rewriting.source import Patch, Source
from ssot_lint.migration.rewriting.writing import Job, erased


class _Given(NamedTuple):
    """An import as it will be: `bound` is None if it binds the first name of its path."""

    place: Place
    path: str | None
    bound: str | None


def drop_duplicates(source: Source, jobs: Sequence[Job], spots: Sequence[Spot]) -> None:
    """Marks names as gone that an import of the same block brings to whoever needs them.

    That is one with nothing but imports between, or one that stands before, if nothing else gives
    the name another value. `jobs` are in document order, `spots` all the imports of the file.
    """
    _Duplicates(source, jobs, spots).drop(jobs)


class _Duplicates:
    def __init__(self, source: Source, jobs: Sequence[Job], spots: Sequence[Spot]) -> None:
        self._source = source
        after = {Spot(job.place, index): _after(job, index) for job in jobs for index in job.moved}
        self._stays = [
            _Given(spot.place, spot.target, spot.bound) for spot in spots if spot not in after
        ]
        self._imports: dict[ast.stmt, list[_Given]] = {}
        for each in (*self._stays, *after.values()):
            self._imports.setdefault(each.place.node, []).append(each)

    def drop(self, jobs: Sequence[Job]) -> None:
        cut: list[Patch] = []
        for job in jobs:
            for index in sorted(job.moved):
                new = _after(job, index)
                if _may_go(job, index) and any(self._repeats(new, each) for each in self._stays):
                    job.gone.add(index)
                else:
                    self._stays.append(new)
            if len(job.gone) == len(job.place.targets):
                whole = erased(self._source, job)
                if whole is None or any(whole.start < c.end and c.start < whole.end for c in cut):
                    job.gone.clear()
                else:
                    job.erasure = whole
                    cut.append(whole)

    def _repeats(self, new: _Given, given: _Given) -> bool:
        if (new.path, new.bound) != (given.path, given.bound):
            return False
        if new.place.block is not given.place.block:
            return False
        first, last = sorted((new.place.index, given.place.index))
        between = new.place.block[first + 1 : last]
        if any(self._rebinds(node, new) for node in between):
            return False
        if all(node in self._imports for node in between):
            return True
        return given.place.index == first and _name(new) not in self._assigned

    def _rebinds(self, node: Any, new: _Given) -> bool:
        """Whether an import, or one within a statement, brings something else of the name."""
        if node not in self._imports:
            return imports_name(node, _name(new))
        return any(
            each.bound in (_name(new), "*") and each.path != new.path
            for each in self._imports[node]
        )

    @cached_property
    def _assigned(self) -> frozenset[str]:
        return assigned_names(self._source.tree)


def _name(given: _Given) -> str:
    return given.bound or (given.path or "").partition(".")[0]


def _after(job: Job, index: int) -> _Given:
    path, spot = job.moved[index], Spot(job.place, index)
    called = job.written.get(index)
    if called is not None:
        return _Given(job.place, path, called.partition(" as ")[2] or None)
    return _Given(job.place, path, spot.bound)


def _may_go(job: Job, index: int) -> bool:
    """Whether no comment goes with a name."""
    star = job.place.node.names[index].name == "*"
    return not star and not job.statement.comment(index)
