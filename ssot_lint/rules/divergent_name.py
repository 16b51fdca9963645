from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import ClassVar, Literal, NamedTuple

from ssot_lint.advice import missing_home
from ssot_lint.facts import Context, Import
from ssot_lint.model import Note, Remark, Span, Statistic
from ssot_lint.options import IDENTIFIERS, PATH, option
from ssot_lint.patterns import Words
from ssot_lint.project import Module, Origin, Project, Resolution
from ssot_lint.rule import Outcome, Rule

_TOPICS = {
    "outside": "outside",
    "undecidable": "undecidable",
    "missing module": "missing",
    "missing name": "missing",
}


_SHOWN = 5
"""Other origins that a message names: a name as common as DOMAIN has a thousand."""


class _Bound(NamedTuple):
    path: str
    name: str
    span: Span
    statement: tuple[int, int]
    resolution: Resolution


@dataclass(frozen=True, kw_only=True)
class DivergentName(Rule):
    """A name that is bound to something other than what its home leads to.

    What it does
        Follows every binding of one of `names` (``from m import N``, ``import m as N``, a star
        import, an alias assignment ``N = other``; in functions, too) through aliases, re-exports,
        stars and ``__all__`` to its origin, and reports it if that is not the origin of `home`.
        The message names the commonest other origins of the name, with the number of modules that
        bind it to them (in an editor, which judges one file, it does not). A binding that may lead
        to several origins, by branches of a condition, is reported only if the home's is none of
        them. A definition of the name is not a binding: see `duplicate-definition`. Stand-ins
        assigned in an ``except ImportError`` are left alone. A name that leads out of the project,
        to nothing, or to a module ``__getattr__`` is a note.

    Why
        After two years of clean-ups nobody defines the class twice any more; but twenty modules
        bind its name to four different things, and tests pass against the wrong one.

    Instead of
        ``from shop.orders.stub import Order as OrderBook``

    Write
        ``from shop.orders import OrderBook``

    Options
        `home` is the dotted path of the concept, which may have several `names`; or a module that
        binds each of them.

    Subject
        The bound name (not the origin: editing one shim must not turn other files red).

    What a fix may break
        The two origins behave differently: that is the bug, and somebody may rely on it.
    """

    code: ClassVar[str] = "SOT202"
    kind: ClassVar[str] = "divergent-name"
    scope: ClassVar[Literal["file", "project"]] = "project"
    follows: ClassVar[bool] = True
    unit: ClassVar[str] = "bindings"
    expressions: ClassVar[bool] = False

    names: tuple[str, ...] = option(IDENTIFIERS, "The names that must lead to the home's origin.")
    home: str = option(PATH, "The dotted path from which the concept is imported.")

    def homes(self) -> Iterator[str]:
        yield self.home

    def words(self) -> Words:
        return replace(Words.of(*({name} for name in self.names)), stars=True)

    def check(self, project: Project) -> Iterator[Outcome]:
        homes = {name: self._home(project, name) for name in self.names}
        bound = [binding for binding in self._all(project) if homes[binding.name]]
        named = {
            name: _Origins((b for b in bound if b.name == name), counted=project.whole)
            for name in self.names
        }
        for binding in bound:
            origins, home = binding.resolution.origins, homes[binding.name]
            if not origins:
                yield from self._notes(binding)
            elif not origins & home:
                message = named[binding.name].message(binding.name, origins, home)
                yield self.violation(
                    binding.path, binding.span, binding.name, message, binding.statement
                )

    def _home(self, project: Project, name: str) -> frozenset[Origin]:
        """The origins that `name` must lead to; none if they cannot be known."""
        inside = project.resolve(f"{self.home}.{name}") if project.find(self.home) else None
        if inside is not None and inside.exists:
            return inside.origins
        return project.resolve(self.home).origins

    def statistics(self, project: Project) -> Iterator[Statistic]:
        """The number of origins that the names lead to; one would be right."""
        origins = {origin for bound in self._all(project) for origin in bound.resolution.origins}
        label = f"that {', '.join(self.names)} leads to"
        yield Statistic(self.name, label, len(origins), None, "origins")

    def _all(self, project: Project) -> list[_Bound]:
        return [b for module in project.judged(self) for b in self._bindings(project, module)]

    def _bindings(self, project: Project, module: Module) -> Iterator[_Bound]:
        for fact in module.facts.imports:
            if fact.name == "*":
                yield from self._starred(project, module, fact)
            elif fact.bound in self.names and not fact.context & Context.EXPECTED_FAILURE:
                resolution = project.leads(module, fact)
                yield _Bound(module.path, fact.bound, fact.span, fact.statement, resolution)
        named = (
            alias
            for alias in module.facts.aliases
            if alias.name in self.names and not alias.context & Context.FALLBACK
        )
        for start, branches in groupby(named, key=lambda alias: alias.start):
            first, *others = branches
            resolution = Resolution.of(project.leads(module, alias) for alias in (first, *others))
            yield _Bound(module.path, first.name, first.span, start, resolution)

    def _starred(self, project: Project, module: Module, fact: Import) -> Iterator[_Bound]:
        target = module.absolute(fact)
        for name in self.names:
            if target is not None and project.star_binds(target, name):
                resolution = project.resolve(f"{target}.{name}")
                yield _Bound(module.path, name, fact.span, fact.statement, resolution)

    def _notes(self, binding: _Bound) -> Iterator[Note]:
        for dead_end in sorted(binding.resolution.dead_ends):
            if dead_end.why in _TOPICS:
                message = f"{binding.name} leads to {dead_end.where} ({dead_end.why})"
                topic = _TOPICS[dead_end.why]
                yield Note(topic, message, self.name, binding.path, binding.span.line)
        if not binding.resolution.dead_ends:
            message = f"{binding.name} leads only to itself"
            yield Note("missing", message, self.name, binding.path, binding.span.line)

    def broken(self, project: Project) -> Iterator[tuple[str, str]]:
        if problem := missing_home(project, self.home):
            yield "home", problem

    def idle(self, project: Project) -> Iterator[Remark]:
        unseen = {*self.names} - {self.home.rpartition(".")[2]}
        for module in project.judged(self):
            if not unseen:
                return
            unseen.difference_update(definition.name for definition in module.facts.definitions)
            unseen.difference_update(bound.name for bound in self._bindings(project, module))
        for name in self.names:
            if name in unseen:
                yield Remark("names", f"nobody binds or defines '{name}'")


class _Origins:
    """Where one name leads in the project; `counted` if that is known of every file."""

    def __init__(self, bound: Iterable[_Bound], *, counted: bool) -> None:
        self._counted = counted
        self._paths: dict[Origin, set[str]] = defaultdict(set)
        for binding in bound:
            for origin in binding.resolution.origins:
                self._paths[origin].add(binding.path)
        self._commonest = sorted(self._paths, key=lambda o: (-len(self._paths[o]), o.dotted))
        self._messages: dict[frozenset[Origin], str] = {}

    def message(self, name: str, origins: frozenset[Origin], home: frozenset[Origin]) -> str:
        """What a binding of `name` to `origins` is told; made once, for thousands may share it."""
        if origins not in self._messages:
            self._messages[origins] = self._message(name, origins, home)
        return self._messages[origins]

    def _message(self, name: str, origins: frozenset[Origin], home: frozenset[Origin]) -> str:
        leads, wanted = (" or ".join(sorted(o.dotted for o in group)) for group in (origins, home))
        if not self._counted:
            return f"{name} leads to {leads}, not to {wanted}"
        own = set().union(*(self._paths[origin] for origin in origins))
        text = f"{name} leads to {leads} (as in {_modules(own)}), not to {wanted}"
        excluded = origins | home
        others = (origin for origin in self._commonest if origin not in excluded)
        listed = [f"{o.dotted} ({_modules(self._paths[o])})" for o in islice(others, _SHOWN)]
        if not listed:
            return text
        more = len(self._paths.keys() - excluded) - len(listed)
        return f"{text}; other origins: {', '.join(listed)}" + (f" and {more} more" if more else "")


def _modules(paths: set[str]) -> str:
    return f"{len(paths)} module{'s' * (len(paths) != 1)}"
