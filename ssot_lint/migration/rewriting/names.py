"""Every use of every name of a file, with the scope whose binding it refers to.

Facts list the chains that begin with an imported name; to take a binding away one must also know
who uses it as a whole, or gives it another value.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from ssot_lint.facts.scopes import Frame, settle
from ssot_lint.migration.rewriting.occurrences import Binder, Occurrence, Walk
from ssot_lint.migration.rewriting.source import Source


class Names:
    """The names of one file."""

    def __init__(self, source: Source) -> None:
        walk = Walk(source)
        self.occurrences = walk.occurrences
        self.module = walk.frames[0]
        self._binders: dict[tuple[Frame, str], list[Binder]] = {}
        for name, binder in walk.bound:
            owner = binder.written.owner(name)
            owner.bound.add(name)
            self._binders.setdefault((owner, name), []).append(binder)
        settle(walk.frames)
        self._frames = walk.frames
        self._taken: dict[Frame, frozenset[str]] = {}

    def taken(self, frame: Frame) -> frozenset[str]:
        """The names that mean something in a frame, in those around it, or in those within it.

        A function may use the names of one beside it for something else.
        """
        if frame not in self._taken:
            near = {each for each in self._frames if are_near(each, frame)}
            bound = (each.bound | each.redirected | each.outer for each in near)
            used = {each.root for each in self.occurrences if each.frame in near}
            self._taken[frame] = frozenset(used.union(*bound))
        return self._taken[frame]

    def owner(self, alias: ast.alias) -> Frame:
        """The frame in which an alias of an import binds its name."""
        frame, name = self._written[alias]
        return frame.owner(name)

    def is_redirected(self, alias: ast.alias) -> bool:
        """Whether ``global`` or ``nonlocal`` sends the name elsewhere."""
        return self.owner(alias) is not self._written[alias][0]

    def binders(self, frame: Frame, name: str) -> list[Binder]:
        return self._binders.get((frame, name), [])

    def of(self, frame: Frame, name: str) -> Iterator[Occurrence]:
        """The occurrences of a name that refer to its binding in a frame."""
        return (o for o in self._by_root.get(name, ()) if o.frame.lookup(name) is frame)

    @property
    def unbound(self) -> Iterator[Occurrence]:
        """The occurrences of names that this file does not bind."""
        return (o for o in self.occurrences if o.frame.lookup(o.root) is None)

    @cached_property
    def _by_root(self) -> dict[str, list[Occurrence]]:
        by_root: dict[str, list[Occurrence]] = {}
        for occurrence in self.occurrences:
            by_root.setdefault(occurrence.root, []).append(occurrence)
        return by_root

    @cached_property
    def _written(self) -> dict[ast.alias, tuple[Frame, str]]:
        return {
            binder.alias: (binder.written, name)
            for (_, name), binders in self._binders.items()
            for binder in binders
            if binder.alias is not None
        }


def are_near(one: Frame, other: Frame) -> bool:
    """Whether two frames are the same, or one of them lies in the other, at any depth."""
    return one in _outwards(other) or other in _outwards(one)


def _outwards(frame: Frame | None) -> Iterator[Frame]:
    """A frame and those around it."""
    while frame is not None:
        yield frame
        frame = frame.parent
