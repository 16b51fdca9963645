"""Whether a new import would close a circle of modules that import one another.

A circle at import time works or breaks by the order in which its modules happen to be imported, so
a codemod must not make new ones. What counts is what runs when a module is imported: imports in
functions, under ``TYPE_CHECKING`` and in ``if __name__ == "__main__"`` do not.
"""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.facts import LATER
from ssot_lint.patterns import ancestors
from ssot_lint.project import Project


class Cycles:
    """Answers for one project; remembers what each module leads to."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._direct: dict[str, frozenset[str]] = {}
        self._closures: dict[str, frozenset[str]] = {}

    def closes(self, path: str, target: str) -> bool:
        """Whether importing the dotted `target` in the file at `path` makes a new circle.

        Not if the target led there already: then the circle exists, or nothing changes.
        """
        own = self._project.name_of(path)
        above = {found for name in ancestors(own or "") for found in self._files(name)}
        for start in {file for name in ancestors(target) for file in self._files(name)} - above:
            if path in self._reached(start) and start not in self._reached(path):
                return True
        return False

    def _files(self, module: str) -> Iterator[str]:
        found = self._project.find(module) if module else None
        if found is not None and found.path is not None:
            yield found.path

    def _reached(self, start: str) -> frozenset[str]:
        """The files that run when the one at `start` is imported, itself included."""
        if start not in self._closures:
            seen, pending = {start}, [start]
            while pending:
                for path in self._imported(pending.pop()) - seen:
                    seen.add(path)
                    pending.append(path)
            self._closures[start] = frozenset(seen)
        return self._closures[start]

    def _imported(self, path: str) -> frozenset[str]:
        if path not in self._direct:
            names = set()
            for fact in self._project.facts_at(path).imports:
                if not fact.context & LATER:
                    target = self._project.absolute(path, fact.level, fact.module)
                    if target is not None:
                        names.add(target if fact.name in (None, "*") else f"{target}.{fact.name}")
            modules = {above for name in names for above in ancestors(name)}
            self._direct[path] = frozenset(f for module in modules for f in self._files(module))
        return self._direct[path]
