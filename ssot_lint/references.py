"""Where files call or mention what some dotted paths name, by whatever name they reach it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from ssot_lint.facts import Context, Import
from ssot_lint.model import Span
from ssot_lint.patterns import ancestors, covers
from ssot_lint.project import Module, Project, Resolution


class Reference(NamedTuple):
    """The dotted `path` that a file calls or mentions, and how, in words: `noun`.

    `place` is the dotted path of the scope that it stands in; "" in a file without a module name.
    """

    module: Module
    noun: str
    path: str
    span: Span
    statement: tuple[int, int]
    place: str


class References:
    """The references of files to what must not be called (`calls`) or mentioned (`reads`)."""

    def __init__(self, project: Project, calls: Iterable[str], reads: Iterable[str]) -> None:
        self._project = project
        self._calls = {path: _Meaning.of(project.resolve(path)) for path in calls}
        self._reads = {path: _Meaning.of(project.resolve(path)) for path in reads}
        self._names = {path.rpartition(".")[2] for path in (*self._calls, *self._reads)}

    def calls(self, module: Module) -> Iterator[Reference]:
        """The restricted calls of a file."""
        written = self._project.written(module)
        suspects = self._suspects(module)
        for call in module.facts.calls if self._calls else ():
            names = call.callee.split(".")
            if names[0] not in suspects and self._names.isdisjoint(names):
                continue  # as nearly all
            if not call.context & Context.EXPECTED_FAILURE:
                place = _place(module, call.scope)
                for path in sorted(written.of(call)):
                    if self._is(place or module.file.package or "", self._calls, path):
                        yield Reference(module, "call of", path, call.span, call.start, place)
                        break

    def reads(self, module: Module) -> Iterator[Reference]:
        """The restricted mentions of a file."""
        if not self._reads:
            return
        counted = defaultdict[tuple[int, str | None], list[str]](list)
        for fact in module.facts.imports:
            if not fact.context & (Context.TYPE_CHECKING | Context.EXPECTED_FAILURE):
                place = _place(module, fact.scope)
                for path in self._brought(module, fact):
                    if self._is(place or module.file.package or "", self._reads, path):
                        counted[fact.scope, fact.bound].append(path)
                        yield Reference(module, "import of", path, fact.span, fact.statement, place)
        written = self._project.written(module)
        for use in module.facts.uses:
            if not use.context & Context.EXPECTED_FAILURE:
                place = _place(module, use.scope)
                known = counted[use.root_scope, use.chain.partition(".")[0]]
                for path in sorted(written.of(use)):
                    if any(covers(each, path) for each in known):
                        break
                    if self._is(place or module.file.package or "", self._reads, path):
                        yield Reference(module, "read of", path, use.span, use.start, place)
                        break

    def _suspects(self, module: Module) -> Container[str]:
        """The names by which a file may reach something restricted without spelling its name."""
        found = set()
        for fact in module.facts.imports:
            target = module.target(fact) or ""
            if not self._names.isdisjoint(target.split(".")):
                if fact.bound is None:
                    return _Everything()
                found.add(fact.bound)
        aliases = [(alias.name, alias.target.split(".")) for alias in module.facts.aliases]
        spread = True
        while spread:
            reached = {
                name
                for name, target in aliases
                if target[0] in found or not self._names.isdisjoint(target)
            }
            spread = not reached <= found
            found |= reached
        return found

    def _brought(self, module: Module, fact: Import) -> list[str]:
        """What an import names; of a star, those of the names that are read which it binds."""
        target = module.target(fact)
        if target is None or fact.name != "*":
            return [target] if target else []
        target = target.removesuffix(".*")
        names = dict.fromkeys(path.rpartition(".")[2] for path in self._reads)
        return [f"{target}.{name}" for name in names if self._project.star_binds(target, name)]

    def _is(self, place: str, restricted: Mapping[str, _Meaning], path: str) -> bool:
        """Whether a path that is written at a place is, or lies below, a restricted one.

        What stands in a package, class or function may use that itself.
        """
        for above in ancestors(path):
            if covers(above, place):
                return False
            last = above.rpartition(".")[2]
            for other, meaning in restricted.items():
                if other.rpartition(".")[2] == last and (
                    other == above or self._agrees(above, other, meaning)
                ):
                    return True
        return False

    def _agrees(self, path: str, other: str, meaning: _Meaning) -> bool:
        """Whether `path` leads where the restricted path `other` leads."""
        own = _Meaning.of(self._project.resolve(path))
        outside = own.outside & {other, *meaning.outside}
        return bool(outside or own.origins & meaning.origins)


class _Everything(Container[str]):
    def __contains__(self, _: object) -> bool:
        return True


class _Meaning(NamedTuple):
    """Where a path leads: definitions of the project, and dotted paths outside."""

    origins: frozenset[object]
    outside: frozenset[str]

    @classmethod
    def of(cls, resolution: Resolution) -> _Meaning:
        ends = (end.where for end in resolution.dead_ends if end.why == "outside")
        return cls(frozenset(resolution.origins), frozenset(ends))


def _place(module: Module, scope: int) -> str:
    """The dotted path of a scope, as a rule would name it; "" in a file without a module name."""
    parts: list[str] = []
    while scope:
        _, name, scope = module.facts.scopes[scope]
        parts.append(name)
    return ".".join((module.name, *reversed(parts))) if module.name else ""
