"""Where a name leads: from a binding, through aliases, re-exports and stars, to its origins.

Following names is a search over bindings, not a recursion: every binding that may hold (all
branches of a condition) is followed, cycles end because nothing is visited twice, and what could
not be followed is part of the answer. What was found out at a step serves every later question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple

from ssot_lint.facts import Alias, Context, Definition, Import
from ssot_lint.project.bindings import BUILTINS, END, Binding, Bindings, Position
from ssot_lint.project.closure import Closure
from ssot_lint.project.resolution import DeadEnd, Origin, Resolution, Source, Why


class _Place(NamedTuple):
    """`name`, as bound in a scope of a module before a position; then the attributes `rest`."""

    module: str
    path: str
    scope: int
    name: str
    before: Position
    rest: tuple[str, ...]
    rank: int
    used: bool = False
    """Whether it is used there, not asked for as an attribute: names from around count, too."""


# What a weaker trail finds counts only where no stronger one led anywhere: a submodule stands
# behind a binding of the same name in its package, a stand-in of an ImportError handler behind all.
_STRONG, _SUBMODULE, _STAND_IN = range(3)


_FAILING = ("missing module", "missing name")


_MOST_ATTRIBUTES = 16
"""Attributes that names may leave to be followed on one trail: ``A = b.B.x`` in one module and
``B = a.A.y`` in the other would never come to an end."""

_Ends = frozenset[tuple[int, Origin | DeadEnd]]
"""Where trails end, each with its rank."""


def _joined(one: _Ends, other: _Ends) -> _Ends:
    return one | other if one and other and one is not other else one or other


class _Step:
    """One step of following names: the ends that it comes to, and the places where it goes on."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._source = resolver.source
        self.places: list[_Place] = []
        self._ends: set[tuple[int, Origin | DeadEnd]] = set()

    @property
    def ends(self) -> _Ends:
        return frozenset(self._ends)

    def module(self, name: str, rest: tuple[str, ...], rank: int = _STRONG) -> None:
        """Go to a module, then to the attributes `rest` of it."""
        found = self._source.find(name)
        if found is None:
            self._end(self._resolver.absence(name), ".".join((name, *rest)), rank)
        elif rest:
            path = found.path or ""
            self.places.append(_Place(found.name, path, 0, rest[0], END, rest[1:], rank))
        else:
            self._origin(found.path or "", found.name, "", rank)

    def binding(
        self, module: str, path: str, fact: Binding, rest: tuple[str, ...], rank: int = _STRONG
    ) -> None:
        """Go where one binding leads."""
        if isinstance(fact, Import):
            self._import(path, fact, rest, rank)
        elif isinstance(fact, Alias):
            root, *attributes = fact.target.split(".")
            before = fact.start if fact.root_scope == fact.scope else END
            trail = (*attributes, *rest)
            scope = max(fact.root_scope, 0)
            if attributes and len(trail) > _MOST_ATTRIBUTES:
                self._end("undecidable", f"{module or path}.{fact.name}", rank)
            else:
                self.places.append(_Place(module, path, scope, root, before, trail, rank, True))
        else:
            self._definition(module, path, fact, rest, rank)

    def used(self, module: str, path: str, scope: int, dotted: str, before: Position) -> None:
        """Go where a dotted name leads that is used in a scope of a file."""
        root, *rest = dotted.split(".")
        seen = self._resolver.bindings(path).seen(root, scope, before)
        if seen is None:
            self._end("undecidable", f"{module or path}.{dotted}", _STRONG)
        else:
            scope, before = seen
            place = _Place(module, path, scope, root, before, tuple(rest), _STRONG, True)
            self.places.append(place)

    def _origin(self, path: str, module: str, name: str, rank: int) -> None:
        module = (path and self._source.name_of(path)) or module
        self._ends.add((rank, Origin(path, module, name)))

    def _end(self, why: Why, where: str, rank: int) -> None:
        self._ends.add((rank, DeadEnd(why, where)))

    def _import(self, path: str, fact: Import, rest: tuple[str, ...], rank: int) -> None:
        target = self._source.absolute(path, fact.level, fact.module)
        if target is None:
            self._end("missing module", "." * fact.level + fact.module, rank)
        elif fact.name is not None:
            self.module(target, (fact.name, *rest), rank)
        elif fact.alias:
            self.module(target, rest, rank)
        else:
            self.module(target.partition(".")[0], rest, rank)

    def _definition(
        self, module: str, path: str, fact: Definition, rest: tuple[str, ...], rank: int
    ) -> None:
        bindings = self._resolver.bindings(path)
        name = bindings.qualified(fact.scope, fact.name)
        if fact.context & Context.FALLBACK:
            rank = _STAND_IN
        body = bindings.body(fact)
        if not rest:
            self._origin(path, module, name, rank)
        elif body is None:
            self._end("undecidable", ".".join((module or path, name, rest[0])), rank)
        else:
            self.places.append(_Place(module, path, body, rest[0], END, rest[1:], rank))

    def expand(self, place: _Place) -> None:
        """Go where the bindings of a place lead."""
        bindings = self._resolver.bindings(place.path) if place.path else None
        followed = bindings is not None and self._bindings(place, bindings)
        name = bindings.qualified(place.scope, place.name) if bindings else place.name
        dotted = f"{place.module or place.path}.{name}"
        if place.scope == 0 and self._source.find(dotted) is not None:
            self.module(dotted, place.rest, max(place.rank, _SUBMODULE) if followed else place.rank)
        elif followed:
            return
        elif bindings and not place.used and (shim := bindings.facts.shim) and not place.scope:
            self.module(shim.home, (place.name, *place.rest), place.rank)
        elif bindings and bindings.has_member(place.scope, place.name):
            self._origin(place.path, place.module, name, place.rank)
        elif bindings and place.used and (around := bindings.around(place.scope)) is not None:
            # Not bound yet in the body of a class: ``Base = Base``.
            seen = bindings.seen(place.name, around, place.before)
            scope, before = seen or (around, place.before)
            self.places.append(place._replace(scope=scope, before=before))
        else:
            self._unbound(place, dotted)

    def _bindings(self, place: _Place, bindings: Bindings) -> bool:
        """Follow the bindings that may hold, latest first; whether there was any."""
        followed = False
        settled: Position | None = None
        for fact in bindings.of(place.scope, place.name, place.before):
            # ``N = a if c else b`` is two facts at one position.
            if settled not in (None, fact.start):
                break
            if isinstance(fact, Import) and fact.name == "*":
                target = self._source.absolute(place.path, fact.level, fact.module)
                if target is None or not self._resolver.star_binds(target, place.name):
                    continue
                self.module(target, (place.name, *place.rest), place.rank)
            else:
                self.binding(place.module, place.path, fact, place.rest, place.rank)
            followed = True
            if not fact.context & Context.CONDITIONAL:
                settled = fact.start
        return followed

    def _unbound(self, place: _Place, dotted: str) -> None:
        if not place.path:
            self._end("missing module", dotted, place.rank)
            return
        facts = self._source.facts_at(place.path)
        if facts.trouble is not None:
            self._resolver.unreadable.add(place.path)
            self._end("unreadable", place.path, place.rank)
        elif place.used and place.name in BUILTINS:
            self._end("outside", ".".join(("builtins", place.name, *place.rest)), place.rank)
        elif place.scope != 0 or (facts.has_getattr and not place.used):
            self._end("undecidable", dotted, place.rank)
        elif dead_end := self._resolver.open_star(place.path):
            self._end(dead_end.why, dead_end.where, place.rank)
        else:
            self._end("missing name", dotted, place.rank)


def _first(one: DeadEnd | None, other: DeadEnd | None) -> DeadEnd | None:
    return one or other


def _resolution(ends: _Ends) -> Resolution:
    """What the ends of all trails say: those of the best rank."""
    origins: tuple[set[Origin], ...] = (set(), set(), set())
    dead_ends: tuple[set[DeadEnd], ...] = (set(), set(), set())
    for rank, end in ends:
        if isinstance(end, Origin):
            origins[rank].add(end)
        else:
            dead_ends[rank].add(end)
    ranks = list(zip(origins, dead_ends, strict=True))
    found, modules = ranks[_STRONG], ranks[_SUBMODULE]
    # An import of the name that fails leaves the submodule, whose import did not, in place.
    if not found[0] and modules[0] and all(end.why in _FAILING for end in found[1]):
        found = modules
    best = next((each for each in (found, *ranks) if any(each)), found)
    return Resolution(frozenset(best[0]), frozenset(best[1]))


class Resolver:
    """Answers from a `Source`; remembers answers, which changes speed and nothing else."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.unreadable: set[str] = set()
        self.bindings = lru_cache(maxsize=512)(self._bindings)
        self.named = lru_cache(maxsize=None)(self._named)
        self._ends = Closure(self._step, _joined)
        self._brings = Closure(self._brought, or_, most=True)
        self._open = Closure(self._opened, _first)

    def path(self, dotted: str) -> Resolution:
        """Where a dotted path leads: its longest importable part, then attributes."""
        parts = dotted.split(".")
        for size in range(len(parts) - 1, 0, -1):
            module = ".".join(parts[:size])
            if self.source.find(module) is not None:
                return self.named(module, tuple(parts[size:]))
        return self.named(parts[0], tuple(parts[1:]))

    def fact(self, module: str, path: str, fact: Binding) -> Resolution:
        """Where one binding of the file at `path` leads."""
        step = _Step(self)
        step.binding(module, path, fact, ())
        return self._followed(step)

    def used(self, module: str, path: str, scope: int, dotted: str, before: Position) -> Resolution:
        """Where a dotted name leads that is used in a scope of the file at `path`.

        Bindings at or after `before` do not count, unless the use runs when the module is done.
        """
        step = _Step(self)
        step.used(module, path, scope, dotted, before)
        return self._followed(step)

    def _named(self, module: str, attributes: tuple[str, ...]) -> Resolution:
        step = _Step(self)
        step.module(module, attributes)
        return self._followed(step)

    def _followed(self, step: _Step) -> Resolution:
        """Where the trails lead that begin with a step."""
        return _resolution(reduce(_joined, map(self._ends.of, step.places), step.ends))

    def _step(self, place: _Place) -> tuple[_Ends, Sequence[_Place]]:
        step = _Step(self)
        step.expand(place)
        return step.ends, step.places

    def _bindings(self, path: str) -> Bindings:
        return Bindings(self.source.facts_at(path))

    def star_binds(self, module: str, name: str) -> bool:
        """Whether ``from module import *`` binds `name`: by ``__all__``, else public names."""
        return self._brings.of((module, name))

    def _brought(self, brings: tuple[str, str]) -> tuple[bool, Iterable[tuple[str, str]]]:
        """Whether a star import of a module binds a name, and whose stars may bring it there."""
        module, name = brings
        found = self.source.find(module)
        if found is None or found.path is None:
            return False, ()
        facts = self.source.facts_at(found.path)
        if facts.trouble is not None:
            self.unreadable.add(found.path)
        if facts.shim is not None:
            return False, ((facts.shim.home, name),)
        exports = facts.exports
        if exports is not None and name in exports.names:
            return True, ()
        if (exports is not None and not exports.dynamic) or name.startswith("_"):
            return False, ()
        bindings = self.bindings(found.path)
        if bindings.binds(name):
            return True, ()
        # Later ones first: what they bind is what counts.
        return False, [(target, name) for target in (*self.stars(found.path),)[::-1]]

    def absence(self, module: str) -> Why:
        """Why there is no source file of that module."""
        if self.source.find(module.partition(".")[0]) is None:
            return "outside"
        return "undecidable" if self.source.is_compiled(module) else "missing module"

    def open_star(self, path: str) -> DeadEnd | None:
        """A star, reached from the file by stars, whose names cannot be known."""
        return self._open.of(path)

    def _opened(self, path: str) -> tuple[DeadEnd | None, Sequence[str]]:
        """The first such star of a file, and the files that its stars import from."""
        further = []
        for target in self.stars(path):
            found = self.source.find(target)
            if found is None:
                why = self.absence(target)
                if why != "missing module":
                    return DeadEnd(why, f"{target}.*"), ()
            elif found.path is not None:
                if self.source.facts_at(found.path).trouble is not None:
                    return DeadEnd("unreadable", found.path), ()
                further.append(found.path)
        return None, further[::-1]

    def stars(self, path: str) -> Iterator[str]:
        """The modules that the stars of a file import from."""
        for star in self.bindings(path).stars:
            target = self.source.absolute(path, star.level, star.module)
            if target is not None:
                yield target
