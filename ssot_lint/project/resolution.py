"""Answers to where a name leads, and what must be known to give them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, Protocol

from ssot_lint.facts import FileFacts
from ssot_lint.project.modules import Found

Why = Literal["missing module", "missing name", "undecidable", "outside", "unreadable"]


class Origin(NamedTuple):
    """A definition, or a module if `name` is empty. Two names agree if their origins are equal.

    `path` is the file ("" for a namespace package), `module` its module name ("" for none): by its
    nearest root, so that a file importable under two names is one. `name` is the qualified name
    (PEP 3155): ``Outer.Inner``, ``function.<locals>.Inner``.
    """

    path: str
    module: str
    name: str

    @property
    def dotted(self) -> str:
        if not self.module:
            return f"{self.path}:{self.name}"
        return f"{self.module}.{self.name}" if self.name else self.module


class DeadEnd(NamedTuple):
    """Where the trail ended, and why."""

    why: Why
    where: str


class Resolution(NamedTuple):
    """Every origin that a name may lead to, and every trail that ended elsewhere."""

    origins: frozenset[Origin]
    dead_ends: frozenset[DeadEnd]

    @classmethod
    def of(cls, branches: Iterable[Resolution]) -> Resolution:
        """Where something leads that is one of several things."""
        parts = tuple(branches)
        origins = frozenset[Origin]().union(*(part.origins for part in parts))
        return cls(origins, frozenset[DeadEnd]().union(*(part.dead_ends for part in parts)))

    @property
    def exists(self) -> bool:
        """Whether something is certainly bound there."""
        return bool(self.origins)


class Source(Protocol):
    """What the resolver asks of the project."""

    def find(self, module: str) -> Found | None: ...
    def is_compiled(self, module: str) -> bool: ...
    def facts_at(self, path: str) -> FileFacts: ...
    def name_of(self, path: str) -> str | None: ...
    def absolute(self, path: str, level: int, module: str) -> str | None: ...
