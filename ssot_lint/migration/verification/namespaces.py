"""Who binds a name, by Python's scoping rules: worked out anew, apart from the facts' own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from ssot_lint.model import Span

Kind = Literal["module", "class", "function", "comprehension", "parameters"]
"""Lambdas are functions; ``parameters`` are type parameters (PEP 695)."""

Block = tuple[int, ...]
"""A list of statements: the numbers of all blocks around it, from the module's, and its own."""


class Binder(NamedTuple):
    """One alias of an import statement.

    `target` is the absolute path that it names (``m.*`` for a star; with its dots, if it leads
    above the root). `slot` is how much other code precedes it in the file: imports with nothing but
    imports between them share one. `plain` is an ``import a.b`` without ``as``: it binds only the
    first component.
    """

    name: str | None
    target: str
    plain: bool
    slot: int
    block: Block
    space: Namespace
    span: Span
    statement: Span

    @property
    def is_deep(self) -> bool:
        """Whether it binds only the first of several components."""
        return self.plain and self.target != self.name

    @property
    def base(self) -> str:
        """The absolute path that the bound name stands for."""
        return self.target.partition(".")[0] if self.plain else self.target


class Namespace:
    """What holds names: a module, a body of a class or function, and what hides inside of those.

    `bound` are the names that something else than an import binds, `imported` those that imports
    do. Both are complete after `settle`.
    """

    __slots__ = ("_found", "bound", "globals", "imported", "kind", "nonlocals", "number", "outer")

    def __init__(self, kind: Kind, outer: Namespace | None, number: int) -> None:
        self.kind = kind
        self.outer = outer
        self.number = number
        self.bound: set[str] = set()
        self.imported: dict[str, list[Binder]] = {}
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self._found: dict[str, Namespace | None] = {}

    def holds(self, name: str) -> bool:
        return name in self.bound or name in self.imported

    def lookup(self, name: str) -> Namespace | None:
        """The namespace whose `name` a use here means; None if the file binds it nowhere.

        Ask only when everything is settled.
        """
        if name not in self._found:
            self._found[name] = self._search(name)
        return self._found[name]

    def _search(self, name: str) -> Namespace | None:
        inside = True  # a class is seen from its own body and its type parameters only
        space: Namespace | None = self
        while space is not None:
            if name in space.globals:
                module = space.module
                return module if module.holds(name) else None
            hidden = space.kind == "class" and not inside
            if space.holds(name) and name not in space.nonlocals and not hidden:
                return space
            inside = inside and space.kind == "parameters"
            space = space.outer
        return None

    @property
    def module(self) -> Namespace:
        space = self
        while space.outer is not None:
            space = space.outer
        return space

    @property
    def assigning(self) -> Namespace:
        """Where a walrus binds its name: not in a comprehension."""
        space = self
        while space.kind == "comprehension" and space.outer is not None:
            space = space.outer
        return space

    def runs_later_than(self, other: Namespace) -> bool:
        """Whether a function lies between, whose body runs when `other` may be done."""
        return any(space.kind == "function" for space in self._up_to(other))

    def _up_to(self, other: Namespace) -> Iterator[Namespace]:
        space: Namespace | None = self
        while space is not None and space is not other:
            yield space
            space = space.outer

    def owner(self, name: str) -> Namespace:
        """The namespace in which a binding of `name` that is written here takes effect."""
        if name in self.globals:
            return self.module
        if name in self.nonlocals:
            for space in self._up_to(self.module):
                if space is not self and space.kind == "function" and space.holds(name):
                    return space.owner(name)
        return self


def settle(spaces: Iterable[Namespace]) -> None:
    """Carries what ``global`` and ``nonlocal`` redirect to the namespaces that own it."""
    for space in spaces:
        for name in [*space.globals, *space.nonlocals]:
            owner = space.owner(name)
            if owner is space:
                continue
            if name in space.bound:
                space.bound.remove(name)
                owner.bound.add(name)
            binders = space.imported.pop(name, [])
            if binders:
                owner.imported.setdefault(name, []).extend(
                    binder._replace(space=owner) for binder in binders
                )
