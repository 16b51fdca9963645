"""Classes: what they inherit from, at any distance, and what they offer.

Read from the facts of the project alone. Bases are followed by the resolver, all branches of a
condition; where a trail leaves the project, or cannot be followed, that is part of the answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, TypeVar

from ssot_lint.facts import Alias, Assignment, Context, Definition, Function, Import
from ssot_lint.project.resolution import DeadEnd, Origin, Resolution
from ssot_lint.project.resolver import Resolver

_T = TypeVar("_T", bound=Hashable)

MemberFact = Function | Assignment | Definition | Alias | Import


class Class(NamedTuple):
    """One definition of a class; `origin` is what names lead to, and has one for each branch."""

    origin: Origin
    definition: Definition
    body: int | None
    """The scope of its body; None if a call made the class."""


class Member(NamedTuple):
    """A member of a class: the class that provides it, and one of the facts that bind it there."""

    owner: Class
    fact: MemberFact


@dataclass(frozen=True, slots=True)
class Ancestry:
    """All that a class inherits from, at any distance.

    `classes` are the ancestors inside the project, without the class itself, in the order in which
    members are looked up.
    `others` are bases inside the project that are no classes: a function whose call makes one, a
    value. `outside` are dotted paths that lead out of the project, as imported
    (``builtins.object`` only if it is written). `unknown` is what could not be followed. `certain`
    are the origins and outside paths that every branch of every condition leads to.
    """

    classes: tuple[Class, ...]
    others: frozenset[Origin]
    outside: frozenset[str]
    unknown: frozenset[DeadEnd]
    certain: frozenset[Origin | str]


class Classes:
    """Answers about the classes of a project; remembers answers, which changes nothing but speed.

    No question recurs, so no hierarchy is too deep; one that leads back to itself ends there.
    """

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self.bases = lru_cache(maxsize=None)(self._bases)
        self.ancestry = lru_cache(maxsize=None)(self._ancestry)
        self.members = lru_cache(maxsize=1024)(self._members)
        self._direct = lru_cache(maxsize=None)(self._direct_bases)
        self._orders: dict[Class, tuple[Class, ...]] = {}
        self._in_bodies = lru_cache(maxsize=256)(self._bound_in_bodies)
        self._in_file = lru_cache(maxsize=512)(self._classes_of)

    def of(self, path: str, definition: Definition) -> Class:
        """The class that a definition (``class`` or ``class-call``) of a file makes."""
        bindings = self._resolver.bindings(path)
        name = bindings.qualified(definition.scope, definition.name)
        origin = Origin(path, self._resolver.source.name_of(path) or "", name)
        return Class(origin, definition, bindings.body(definition))

    def at(self, origin: Origin) -> tuple[Class, ...]:
        """Every definition of a class, by branches; none if `origin` is no class.

        A stand-in of an ``except ImportError`` counts only if there is nothing else.
        """
        found = self._in_file(origin.path).get(origin.name, ()) if origin.path else ()
        proper = tuple(c for c in found if not c.definition.context & Context.FALLBACK)
        return proper or found

    def _bases(self, cls: Class) -> tuple[Resolution, ...]:
        """Where each base of a class leads, in the order in which they are written."""
        path, definition = cls.origin.path, cls.definition
        return tuple(
            self._resolver.used(cls.origin.module, path, definition.scope, base, definition.start)
            if base
            else _nowhere(cls)
            for base in definition.bases
        )

    def _ancestry(self, cls: Class) -> Ancestry:
        order = self.linearised(cls)
        bases = [self._direct(each) for each in order]
        certain: set[Origin | str] = set()
        sure = [cls]
        visited = {cls}
        while sure:
            direct = self._direct(sure.pop())
            certain |= direct.certain
            for base in direct.classes:
                if base.origin in direct.certain and base not in visited:
                    visited.add(base)
                    sure.append(base)
        return Ancestry(
            order[1:],
            frozenset[Origin]().union(*(each.others for each in bases)),
            frozenset[str]().union(*(each.outside for each in bases)),
            frozenset[DeadEnd]().union(*(each.unknown for each in bases)),
            frozenset(certain),
        )

    def linearised(self, cls: Class) -> tuple[Class, ...]:
        """The class and its ancestors in the order in which members are looked up (C3)."""
        if cls not in self._orders:
            for each in self._bases_first(cls):
                if each not in self._orders:
                    self._orders[each] = self._order(each)
        return self._orders[cls]

    def _order(self, cls: Class) -> tuple[Class, ...]:
        bases = self._direct(cls).classes
        orders = [self._orders[base] for base in bases if base in self._orders]
        merged: Sequence[Class] | None = None
        if len(orders) == len(bases):
            merged = merge([*orders, bases]) if len(bases) > 1 else [*chain(*orders)]
        if merged is None or cls in merged:
            # A cycle, a contradiction, or branches of a condition: Python has no order either.
            return tuple(reversed(self._bases_first(cls)))
        return (cls, *merged)

    def _bases_first(self, cls: Class) -> list[Class]:
        """The class and its ancestors, each behind its bases: depth-first post-order."""
        done: list[Class] = []
        seen = {cls}
        stack = [(cls, iter(reversed(self._direct(cls).classes)))]
        while stack:
            current, bases = stack[-1]
            for base in bases:
                if base not in seen:
                    seen.add(base)
                    stack.append((base, iter(reversed(self._direct(base).classes))))
                    break
            else:
                stack.pop()
                done.append(current)
        return done

    def _direct_bases(self, cls: Class) -> Ancestry:
        """What a class inherits from directly."""
        classes: dict[Class, None] = {}
        others: set[Origin] = set()
        outside: set[str] = set()
        unknown: set[DeadEnd] = set()
        certain: set[Origin | str] = set()
        if cls.definition.kind == "class-call" and not cls.definition.bases:
            unknown |= _nowhere(cls).dead_ends  # ``type("X", bases, {})``, perhaps
        for base in self.bases(cls):
            single = len(base.origins) + len(base.dead_ends) == 1
            for origin in sorted(base.origins):
                found = self.at(origin)
                classes |= dict.fromkeys(found)
                if not found:
                    others.add(origin)
                if single and len(found) < 2:
                    certain.add(origin)
            for dead_end in base.dead_ends:
                if dead_end.why == "outside" and not dead_end.where.endswith(".*"):
                    outside.add(dead_end.where)
                    if single:
                        certain.add(dead_end.where)
                else:
                    unknown.add(dead_end)
        return Ancestry(
            tuple(classes),
            frozenset(others),
            frozenset(outside),
            frozenset(unknown),
            frozenset(certain),
        )

    def own(self, cls: Class) -> Mapping[str, tuple[MemberFact, ...]]:
        """What the body of a class binds, and its methods set on ``self``, by name."""
        return {} if cls.body is None else self._in_bodies(cls.origin.path).get(cls.body, {})

    def _members(self, cls: Class) -> Mapping[str, tuple[Member, ...]]:
        """The members of a class by name, inherited ones included: those of the nearest owner."""
        found: dict[str, tuple[Member, ...]] = {}
        for owner in self.linearised(cls):
            for name, facts in self.own(owner).items():
                found.setdefault(name, tuple(Member(owner, fact) for fact in facts))
        return found

    def _bound_in_bodies(self, path: str) -> Mapping[int, Mapping[str, tuple[MemberFact, ...]]]:
        """What the class bodies of a file bind, by scope and name."""
        facts = self._resolver.source.facts_at(path)
        bodies = {index for index, scope in enumerate(facts.scopes) if scope.kind == "class"}
        parts: tuple[Iterable[MemberFact], ...] = (
            facts.functions,
            facts.assignments,
            facts.definitions,
            facts.aliases,
            facts.imports,
        )
        found: dict[int, dict[str, tuple[MemberFact, ...]]] = defaultdict(dict)
        for fact in chain(*parts):
            if fact.scope in bodies:
                name = fact.bound if isinstance(fact, Import) else fact.name
                if name is not None:
                    found[fact.scope][name] = (*found[fact.scope].get(name, ()), fact)
        return found

    def _classes_of(self, path: str) -> Mapping[str, tuple[Class, ...]]:
        found: dict[str, list[Class]] = defaultdict(list)
        for definition in self._resolver.source.facts_at(path).definitions:
            if definition.kind in ("class", "class-call"):
                cls = self.of(path, definition)
                found[cls.origin.name].append(cls)
        return {name: tuple(classes) for name, classes in found.items()}


def merge(orders: Sequence[Sequence[_T]]) -> list[_T] | None:
    """The one order that agrees with all of `orders`, by the merge of C3; None if there is none.

    https://docs.python.org/3/howto/mro.html. Time is proportional to the length of all together,
    times their number.
    """
    behind = Counter(item for order in orders for item in order[1:])
    positions = [0] * len(orders)
    merged: list[_T] = []
    while True:
        heads = [order[at] for order, at in zip(orders, positions, strict=True) if at < len(order)]
        if not heads:
            return merged
        head = next((head for head in heads if not behind[head]), None)
        if head is None:
            return None
        merged.append(head)
        for number, order in enumerate(orders):
            at = positions[number]
            if at < len(order) and order[at] == head:
                positions[number] += 1
                if at + 1 < len(order):
                    behind[order[at + 1]] -= 1


def _nowhere(cls: Class) -> Resolution:
    return Resolution(frozenset(), frozenset({DeadEnd("undecidable", cls.origin.dotted)}))
