from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from ssot_lint.advice import missing_home
from ssot_lint.facts import Context, Import
from ssot_lint.model import Note, Span, Statistic
from ssot_lint.options import IDENTIFIERS, PATH, option
from ssot_lint.patterns import Words
from ssot_lint.project import Binding, Module, Origin, Project, Resolution
from ssot_lint.rule import Outcome, Rule

_TOPICS = {
    "outside": "outside",
    "undecidable": "undecidable",
    "missing module": "missing",
    "missing name": "missing",
}


class _Bound(NamedTuple):
    module: Module
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
        The message names the other origins, with the number of modules that bind them. A binding
        that may lead to several origins, by branches of a condition, is reported only if the
        home's is none of them. A definition of the name is not a binding: see
        `duplicate-definition`. Stand-ins assigned in an ``except ImportError`` are left alone.
        A name that leads out of the project, to nothing, or to a module ``__getattr__`` is a note.

    Why
        After two years of clean-ups nobody defines the class twice any more; but twenty modules
        bind its name to four different things, and tests pass against the wrong one.

    Instead of
        ``from shop.orders.stub import Order as OrderBook``

    Write
        ``from shop.orders import OrderBook``

    Subject
        The bound name (not the origin: editing one shim must not turn other files red).

    What a fix may break
        The two origins behave differently: that is the bug, and somebody may rely on it.
    """

    code: ClassVar[str] = "SOT202"
    kind: ClassVar[str] = "divergent-name"
    scope: ClassVar[Literal["file", "project"]] = "project"
    unit: ClassVar[str] = "bindings"

    names: tuple[str, ...] = option(IDENTIFIERS, "The names that must lead to the home's origin.")
    home: str = option(PATH, "The dotted path from which the concept is imported.")

    def homes(self) -> Iterator[str]:
        yield self.home

    def words(self) -> Words:
        return Words.of(*({name} for name in self.names))

    def check(self, project: Project) -> Iterator[Outcome]:
        home = project.resolve(self.home).origins
        if not home:
            return
        bound = self._all(project)
        binders: dict[Origin, set[str]] = defaultdict(set)
        for binding in bound:
            for origin in binding.resolution.origins:
                binders[origin].add(binding.module.path)
        for binding in bound:
            origins = binding.resolution.origins
            if not origins:
                yield from self._notes(binding)
            elif not origins & home:
                yield self.violation(
                    binding.module.path,
                    binding.span,
                    binding.name,
                    _message(binding, home, binders),
                    binding.statement,
                )

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
            elif fact.bound in self.names:
                yield self._bound(project, module, fact, fact.bound, fact.statement)
        for alias in module.facts.aliases:
            if alias.name in self.names and not alias.context & Context.FALLBACK:
                yield self._bound(project, module, alias, alias.name, alias.start)

    def _bound(
        self, project: Project, module: Module, fact: Binding, name: str, statement: tuple[int, int]
    ) -> _Bound:
        return _Bound(module, name, fact.span, statement, project.leads(module, fact))

    def _starred(self, project: Project, module: Module, fact: Import) -> Iterator[_Bound]:
        target = module.absolute(fact)
        for name in self.names:
            if target is not None and project.star_binds(target, name):
                resolution = project.resolve(f"{target}.{name}")
                yield _Bound(module, name, fact.span, fact.statement, resolution)

    def _notes(self, binding: _Bound) -> Iterator[Note]:
        for dead_end in sorted(binding.resolution.dead_ends):
            if dead_end.why in _TOPICS:
                message = f"{binding.name} leads to {dead_end.where} ({dead_end.why})"
                topic = _TOPICS[dead_end.why]
                yield Note(topic, message, self.name, binding.module.path, binding.span.line)

    def broken(self, project: Project) -> Iterator[tuple[str, str]]:
        if problem := missing_home(project, self.home):
            yield "home", problem


def _message(binding: _Bound, home: frozenset[Origin], binders: dict[Origin, set[str]]) -> str:
    origins = binding.resolution.origins
    others = sorted(
        (-len(paths), origin.dotted)
        for origin, paths in binders.items()
        if origin not in origins | home
    )
    listed = ", ".join(
        f"{dotted} ({-count} module{'s' * (count != -1)})" for count, dotted in others
    )
    leads, wanted = (" or ".join(sorted(o.dotted for o in group)) for group in (origins, home))
    own = len(set().union(*(binders[origin] for origin in origins)))
    count = f"{own} module{'s' * (own != 1)}"
    text = f"{binding.name} leads to {leads} (as in {count}), not to {wanted}"
    return f"{text}; other origins: {listed}" if listed else text
