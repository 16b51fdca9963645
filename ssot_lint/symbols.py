"""Symbols with one home: what they are, by what names and in which files they are bound."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ssot_lint.facts import Alias, FileFacts, Import
from ssot_lint.model import SourceFile
from ssot_lint.project import Found, Module, Origin, Project
from ssot_lint.targets import reached


def names_of(
    project: Project, holders: Iterable[Module], names: Collection[str], origins: frozenset[Origin]
) -> set[str]:
    """Some names of what lies at `origins`, and those that files which hold one bind it to."""
    waiting: dict[str, list[tuple[Module, Import | Alias, str]]] = {}
    for module in holders:
        bare = module._replace(facts=_NOTHING)  # the facts of all would not stay in memory
        for fact, bound, path in _bindings(module):
            waiting.setdefault(path.rpartition(".")[2], []).append((bare, fact, bound))
    found = set(names)
    todo = [*found]
    while todo:
        for module, fact, bound in waiting.pop(todo.pop(), ()):
            if bound not in found and not origins.isdisjoint(project.leads(module, fact).origins):
                found.add(bound)
                todo.append(bound)
    return found


_NOTHING = FileFacts()


def _bindings(module: Module) -> Iterator[tuple[Import | Alias, str, str]]:
    """What a file binds to names that are not its own, as others can see it: to what, and how."""
    scopes = module.facts.scopes
    binds: list[tuple[Import | Alias, str | None, str]] = [
        *((fact, fact.alias, fact.name or fact.module) for fact in module.facts.imports),
        *((fact, fact.name, fact.target) for fact in module.facts.aliases),
    ]
    for fact, bound, path in binds:
        if bound is not None and scopes[fact.scope].kind in ("module", "class"):
            yield fact, bound, path


class Symbol:
    """A symbol with one home: what it is, and how it may be spelled."""

    def __init__(self, project: Project, home: str, public: Iterable[str]) -> None:
        self.home = home
        self.name = home.rpartition(".")[2]
        self.origins = project.resolve(home).origins
        further = (each for path in public for each in (path, f"{path}.{self.name}"))
        self.allowed = frozenset((home, *further))
        self.files = frozenset(self._files(project))
        """The files that make up the allowed paths, from the home to the implementation."""

    def is_at(self, project: Project, path: str) -> bool:
        """Whether a dotted path leads to it: to all of it, where a home has several branches."""
        return self.origins <= project.resolve(path).origins

    def _comes_from(self, project: Project, path: str) -> bool:
        """Whether a dotted path leads to some branch of it."""
        return not self.origins.isdisjoint(project.resolve(path).origins)

    def names(self) -> Iterator[str]:
        """The names that a star import may bring it under."""
        yield self.name
        yield from {o.name for o in self.origins} - {self.name, ""}

    def _files(self, project: Project) -> Iterator[str]:
        todo = [path for path in self.allowed if self._comes_from(project, path)]
        seen = set(todo)
        while todo:
            path = todo.pop()
            for found in filter(None, map(project.find, {path, path.rpartition(".")[0]})):
                if found.path is not None:
                    yield found.path
                    further = set(self._sources(project, found, found.path)) - seen
                    seen |= further
                    todo += further

    def _sources(self, project: Project, found: Found, path: str) -> Iterator[str]:
        """The paths by which a module takes the symbol from others."""
        package = found.name if found.kind == "package" else found.name.rpartition(".")[0]
        module = Module(SourceFile(path, found.name, package), project.facts_at(path))
        for fact in module.facts.imports:
            target = module.target(fact)
            if target is not None and fact.name == "*":
                target = target.removesuffix(".*")
                yield from (f"{target}.{n}" for n in self.names() if project.star_binds(target, n))
            elif target is not None and self._comes_from(project, target):
                yield target
        for _, ways in reached(module):
            for _, base, rest in ways:
                yield from (
                    p for p in prefixes(project, base, rest) if self._comes_from(project, p)
                )


def prefixes(project: Project, base: str, rest: str) -> Iterator[str]:
    """``base.a``, ``base.a.b`` ... of the attributes `rest`, until one leads nowhere."""
    path = base
    for part in rest.split("."):
        path = f"{path}.{part}"
        yield path
        if not project.resolve(path).exists:
            return
