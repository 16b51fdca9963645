"""Who imports whom, by what runs when a module is imported, and who depends on a file at last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from ssot_lint.facts import LATER, FileFacts, Import
from ssot_lint.model import SourceFile
from ssot_lint.patterns import ancestors
from ssot_lint.project import Project, absolute

Importers = Mapping[str, Sequence[str]]
"""By the path of a file, the paths of those that import it, each once."""


def importers(project: Project) -> Importers:
    """Who imports each of the project's files when it is imported itself.

    A module imports the packages above it, and above what it imports. Stubs import nothing.
    """
    found: dict[str, list[str]] = {file.path: [] for file in project.files}
    leading: dict[str, tuple[str, ...]] = {}

    def files(dotted: str) -> tuple[str, ...]:
        """The files that run when `dotted` (a module, or a name in one) is imported."""
        if dotted not in leading:
            modules = (project.find(module) for module in ancestors(dotted))
            paths = (module.path for module in modules if module is not None)
            leading[dotted] = tuple(path for path in paths if path is not None and path in found)
        return leading[dotted]

    for file, named in _named(project):
        imported = set(files(file.module or ""))
        for level, dotted in named:
            target = absolute(file, level, dotted)
            if target is not None:
                imported.update(files(target))
        imported.discard(file.path)
        for path in imported:
            found[path].append(file.path)
    return found


_Named = Set[tuple[int, str]]
"""What imports name: the level, and the module, with the name if it is one and no star."""


def _named(project: Project) -> Iterator[tuple[SourceFile, _Named]]:
    """Every file but stubs, with what it names when it is imported."""
    facts: FileFacts | None = None
    named: _Named = frozenset()
    # Copies bear the same name more often than not: side by side, they share their facts.
    for file in sorted(project.files, key=lambda file: file.path.rpartition("/")[2]):
        if file.is_stub:
            continue
        known, facts = facts, project.facts_at(file.path)
        if facts is not known:
            named = {_name(fact) for fact in facts.imports if not fact.context & LATER}
        yield file, named


def _name(fact: Import) -> tuple[int, str]:
    parts = (fact.module, "" if fact.name is None or fact.name == "*" else fact.name)
    return fact.level, ".".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Dependents:
    """Who depends on some files: imports them, directly or through others.

    `cycles` are the sets of two or more files that import one another and that hold one of them,
    the largest first.
    """

    cycles: tuple[frozenset[str], ...]
    _numbers: Mapping[str, int]
    _sets: Mapping[str, int]
    """For a file that others import: bit n is set if file number n depends on it, or is it."""

    def depends(self, path: str, other: str) -> bool:
        """Whether the file at `path` imports the one at `other`, directly or through others."""
        number = self._numbers.get(path)
        return number is not None and bool(self._sets.get(other, 0) >> number & 1)

    def of(self, paths: Iterable[str]) -> int:
        """How many files depend on one of `paths`, without these."""
        together = own = 0
        for path in paths:
            together |= self._sets.get(path, 0)
            own |= 1 << self._numbers[path]
        return (together & ~own).bit_count()


def dependents(importers: Importers, paths: Iterable[str]) -> Dependents:
    """Who depends on `paths`.

    The graph holds only what depends on them and is itself imported: most files of a large project
    are tests, which nobody imports. The set of all who depend on a component is that of its members
    and of all who depend on those who import it; as bits of one number, sets cost next to nothing.
    """
    import networkx

    paths = sorted(paths)
    reached = _reached(importers, paths)
    numbers = {path: number for number, path in enumerate(sorted(reached))}
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    for path in numbers:
        if importers[path]:
            graph.add_node(path)
            graph.add_edges_from((other, path) for other in importers[path] if importers[other])
    condensed = networkx.condensation(graph)
    bits: dict[int, int] = {}
    sets: dict[str, int] = {}
    cycles = []
    for component in networkx.topological_sort(condensed):
        members = condensed.nodes[component]["members"]
        known = 0
        for before in condensed.predecessors(component):
            known |= bits[before]
        for path in members:
            known |= 1 << numbers[path]
            for other in importers[path]:
                if not importers[other]:
                    known |= 1 << numbers[other]
        bits[component] = known
        sets.update(dict.fromkeys(members, known))
        if len(members) > 1 and not members.isdisjoint(paths):
            cycles.append(frozenset(members))
    cycles.sort(key=lambda cycle: (-len(cycle), min(cycle)))
    return Dependents(tuple(cycles), numbers, sets)


def _reached(importers: Importers, paths: Iterable[str]) -> set[str]:
    """`paths`, and all who depend on them."""
    seen = set(paths)
    pending = list(seen)
    while pending:
        for path in importers[pending.pop()]:
            if path not in seen:
                seen.add(path)
                pending.append(path)
    return seen
