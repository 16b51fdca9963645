"""What one file binds, by scope and name: the part of following a name that needs one file only."""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from ssot_lint.facts import Alias, Context, Definition, FileFacts, Import

Binding = Import | Definition | Alias
Position = tuple[int, int]
END: Position = (1 << 30, 0)
"""Later than every position in a file."""

BUILTINS = frozenset(dir(builtins))


class Seen(NamedTuple):
    """The scope that a name is looked up in, and before which position its bindings count."""

    scope: int
    before: Position


class Bindings:
    """The bindings of one file, latest first, and how its scopes nest."""

    def __init__(self, facts: FileFacts) -> None:
        self.facts = facts
        self._by_name: dict[tuple[int, str], list[Binding]] = {}
        self.stars = tuple(i for i in facts.imports if i.name == "*" and i.scope == 0)
        everything: tuple[Binding, ...] = (*facts.imports, *facts.definitions, *facts.aliases)
        for fact in sorted(everything, key=lambda f: f.start, reverse=True):
            name = fact.bound if isinstance(fact, Import) else fact.name
            if name is not None:
                self._by_name.setdefault((fact.scope, name), []).append(fact)

    def of(self, scope: int, name: str, before: Position) -> Iterator[Binding]:
        """What may bind `name` in a scope; in the module, its star imports are among it."""
        named = self._by_name.get((scope, name), [])
        if scope == 0 and self.stars:
            both: list[Binding] = [*named, *self.stars]
            named = sorted(both, key=lambda f: f.start, reverse=True)
        return (fact for fact in named if fact.start < before)

    def binds(self, name: str, scope: int = 0) -> bool:
        """Whether something but a star binds `name` in a scope."""
        return (scope, name) in self._by_name

    def around(self, scope: int) -> int | None:
        """The scope around the body of a class; None for all that is none."""
        kind, _, parent = self.facts.scopes[scope]
        return parent if kind == "class" else None

    def has_member(self, scope: int, name: str) -> bool:
        """Whether a scope is a class body that binds `name` to a function or to a value."""
        return (scope, name) in self._members

    def seen(self, name: str, scope: int, before: Position) -> Seen | None:
        """Where a use of `name` at a position in a scope finds it, by Python's scoping rules.

        None if only running the code could tell: it is a parameter.
        """
        inner = scope
        while inner:
            kind = self.facts.scopes[inner].kind
            # A class is seen from its own body only.
            if (kind != "class" or inner == scope) and self.binds(name, inner):
                return Seen(inner, before)
            if kind == "function":
                if name in self._parameters.get(inner, ()):
                    return None
                before = END  # the body runs later
            inner = self.facts.scopes[inner].parent
        return Seen(0, before)

    def qualified(self, scope: int, name: str) -> str:
        """The qualified name (PEP 3155) of what `name` is bound to in a scope."""
        parts = [name]
        while scope:
            kind, outer, parent = self.facts.scopes[scope]
            if kind == "function":
                parts.append("<locals>")
            parts.append(outer)
            scope = parent
        return ".".join(reversed(parts))

    def body(self, definition: Definition) -> int | None:
        """The scope of a class statement's body; None for what is no class statement."""
        return self._bodies.get(definition)

    @cached_property
    def _members(self) -> frozenset[tuple[int, str]]:
        facts = self.facts
        bodies = {index for index, scope in enumerate(facts.scopes) if scope.kind == "class"}
        names = {(f.scope, f.name) for f in facts.functions if f.scope in bodies}
        for value in facts.assignments:
            # What a method sets on `self` is no attribute of the class.
            on_self = value.context & Context.FUNCTION
            if value.scope in bodies and value.value not in ("declared", "name") and not on_self:
                names.add((value.scope, value.name))
        return frozenset(names)

    @cached_property
    def _parameters(self) -> dict[int, frozenset[str]]:
        return {
            function.body: frozenset(name for name, _, _ in function.parameters)
            for function in self.facts.functions
        }

    @cached_property
    def _bodies(self) -> dict[Definition, int]:
        """Pairs class statements with the scopes of their bodies: both come in document order."""
        scopes: dict[tuple[str, int], list[int]] = defaultdict(list)
        for index, (kind, name, parent) in enumerate(self.facts.scopes):
            if kind == "class":
                scopes[name, parent].append(index)
        statements: dict[tuple[str, int], list[Definition]] = defaultdict(list)
        for definition in self.facts.definitions:
            if definition.kind == "class":
                statements[definition.name, definition.scope].append(definition)
        return {
            definition: scope
            for key, classes in statements.items()
            if len(classes) == len(scopes[key])  # but for one that `global` binds elsewhere
            for definition, scope in zip(classes, scopes[key], strict=True)
        }
