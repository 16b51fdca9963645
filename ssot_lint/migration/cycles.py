"""Whether a new import would close a circle of modules that import one another.

A circle at import time works or breaks by the order in which its modules happen to be imported, so
a codemod must not make new ones. What counts is what runs when a module is imported: imports in
functions, under ``TYPE_CHECKING`` and in ``if __name__ == "__main__"`` do not.

While a module runs, the packages above it are being imported already. Importing something else
below them runs nothing of theirs again; only who wants a name from one of them may come too early.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from ssot_lint.facts import LATER, Import
from ssot_lint.patterns import ancestors
from ssot_lint.project import Project


class _Bond(IntEnum):
    """What an import wants of a module: that it has run, being above another one; the module
    itself; or names of it.
    """

    ABOVE = 0
    MODULE = 1
    NAMES = 2


class _Run(NamedTuple):
    """What runs when a module is imported: its files, and whether one waits for those loading."""

    files: frozenset[str]
    waits: bool


class Cycles:
    """Answers for one project; remembers what each module leads to."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._bonds: dict[str, dict[str, _Bond]] = {}
        self._runs: dict[tuple[str, str], _Run] = {}

    def closes(self, path: str, target: str) -> bool:
        """Whether importing the dotted `target` in the file at `path` makes a new circle.

        Not if the target led there already: then the circle exists, or nothing changes.
        """
        loading = self._loading(path)
        starts = {file for name in ancestors(target) for file in self._file(name)} - loading
        return any(
            self._run(start, path).waits and start not in self._run(path, path).files
            for start in starts
        )

    def _loading(self, path: str) -> frozenset[str]:
        """The file at `path`, and those of the packages above it."""
        above = ancestors(self._project.name_of(path) or "")
        return frozenset({path, *(file for name in above for file in self._file(name))})

    def _run(self, start: str, path: str) -> _Run:
        """What importing the file at `start` runs while that at `path` is loading."""
        key = (start, path)
        if key not in self._runs:
            loading = self._loading(path)
            seen, pending, waits = {start}, [start], False
            while pending:
                for file, bond in self._imported(pending.pop()).items():
                    if file in loading:
                        waits |= bond is _Bond.NAMES or (file == path and bond is not _Bond.ABOVE)
                    elif file not in seen:
                        seen.add(file)
                        pending.append(file)
            self._runs[key] = _Run(frozenset(seen), waits)
        return self._runs[key]

    def _imported(self, path: str) -> dict[str, _Bond]:
        """The files that the one at `path` imports when it runs."""
        if path not in self._bonds:
            bonds: dict[str, _Bond] = {}
            for fact in self._project.facts_at(path).imports:
                module = self._project.absolute(path, fact.level, fact.module)
                if module is not None and not fact.context & LATER:
                    self._bind(bonds, module, fact)
            self._bonds[path] = bonds
        return self._bonds[path]

    def _bind(self, bonds: dict[str, _Bond], module: str, fact: Import) -> None:
        last, bond = module, _Bond.MODULE
        if fact.name is not None:
            below = f"{module}.{fact.name}"
            is_module = fact.name != "*" and self._project.find(below) is not None
            last, bond = (below, _Bond.MODULE) if is_module else (module, _Bond.NAMES)
        for name in ancestors(last):
            wanted = bond if name == last else _Bond.ABOVE
            for file in self._file(name):
                bonds[file] = max(bonds.get(file, _Bond.ABOVE), wanted)

    def _file(self, module: str) -> tuple[str, ...]:
        """The file of a module, if it has one."""
        found = self._project.find(module)
        return () if found is None or found.path is None else (found.path,)
