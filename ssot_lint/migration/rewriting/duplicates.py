"""Imports that a rewrite would only repeat, because their block has them already."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ssot_lint.migration.rewriting.places import Place, Spot, binds
from ssot_lint.migration.rewriting.source import Patch, Source
from ssot_lint.migration.rewriting.statements import is_directive
from ssot_lint.migration.rewriting.writing import Job, erased


class _Given(NamedTuple):
    """An import as it will be: `bound` is None if it binds the first name of its path."""

    place: Place
    path: str | None
    bound: str | None


def drop_duplicates(source: Source, jobs: Sequence[Job], spots: Sequence[Spot]) -> None:
    """Marks names as gone that an import of the same block brings to whoever needs them.

    That is one that stands before, unless something between gives the name another value, or one
    that follows with nothing but imports between. `jobs` are in document order, `spots` all the
    imports of the file.
    """
    after = {Spot(job.place, index): _after(job, index) for job in jobs for index in job.moved}
    stays = [_Given(spot.place, spot.target, spot.bound) for spot in spots if spot not in after]
    given: dict[ast.stmt, list[_Given]] = {}
    for each in (*stays, *after.values()):
        given.setdefault(each.place.node, []).append(each)
    cut: list[Patch] = []
    for job in jobs:
        for index in sorted(job.moved):
            new = _after(job, index)
            if _may_go(job, index) and any(_repeats(new, each, given) for each in stays):
                job.gone.add(index)
            else:
                stays.append(new)
        if len(job.gone) == len(job.place.targets):
            whole = erased(source, job)
            if whole is None or any(whole.start < c.end and c.start < whole.end for c in cut):
                job.gone.clear()
            else:
                job.erasure = whole
                cut.append(whole)


def _after(job: Job, index: int) -> _Given:
    path, spot = job.moved[index], Spot(job.place, index)
    called = job.written.get(index)
    if called is not None:
        return _Given(job.place, path, called.partition(" as ")[2] or None)
    return _Given(job.place, path, spot.bound)


def _may_go(job: Job, index: int) -> bool:
    """Whether no comment but a directive goes with a name."""
    comment = job.statement.comment(index)
    star = job.place.node.names[index].name == "*"
    return not star and (not comment or is_directive(comment))


def _repeats(new: _Given, given: _Given, by_node: Mapping[ast.stmt, Sequence[_Given]]) -> bool:
    if (new.path, new.bound) != (given.path, given.bound):
        return False
    if new.place.block is not given.place.block:
        return False
    block, here, there = new.place.block, new.place.index, given.place.index
    if here < there:
        between = block[here + 1 : there]
        if not all(node in by_node for node in between):
            return False
    else:
        between = block[there + 1 : here]
    return not any(_rebinds(node, new, by_node) for node in between)


def _rebinds(node: Any, new: _Given, by_node: Mapping[ast.stmt, Sequence[_Given]]) -> bool:
    """Whether a statement may give the name another value."""
    name = new.bound or (new.path or "").partition(".")[0]
    if node not in by_node:
        return binds(node, name)
    return any(each.bound in (name, "*") and each.path != new.path for each in by_node[node])
