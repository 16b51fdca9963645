"""The import graph, as far as somebody asks: what a file imports, and what that leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ssot_lint.facts import Context, Text
from ssot_lint.inventory.references import path_named
from ssot_lint.patterns import ancestors
from ssot_lint.project import Project

_IMPORTERS = frozenset({"import_module", "__import__"})


def reachable(project: Project, starts: Iterable[str]) -> frozenset[str]:
    """The files that run when those at `starts` are imported, they included.

    What is read is what is reached. A module brings the packages above it; an import for type
    checkers brings nothing; one in a function may run, so it counts.
    """
    seen = set(starts)
    pending = list(seen)
    while pending:
        for path in imported(project, pending.pop()):
            if path not in seen:
                seen.add(path)
                pending.append(path)
    return frozenset(seen)


def imported(project: Project, path: str) -> Iterator[str]:
    """The files of the first-party modules that the one at `path` imports (with repeats)."""
    own = project.name_of(path)
    names = set() if own is None else {own}
    facts = project.facts_at(path)
    for fact in facts.imports:
        if not fact.context & (Context.TYPE_CHECKING | Context.EXPECTED_FAILURE):
            target = project.absolute(path, fact.level, fact.module)
            if target is not None:
                names.add(target if fact.name in (None, "*") else f"{target}.{fact.name}")
    for text in facts.texts:
        named = path_named(project, path, text) if _imports(text) else None
        if named is not None:
            names.add(named)
    for module in {above for name in names for above in ancestors(name)}:
        found = project.find(module)
        if found is not None and found.path is not None:
            yield found.path


def _imports(text: Text) -> bool:
    """Whether a string is the name of a module that is imported by it."""
    called = text.role == "argument" and text.callee.rpartition(".")[2] in _IMPORTERS
    return called and not text.open_ended
