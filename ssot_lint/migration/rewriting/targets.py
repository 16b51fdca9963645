"""Whether what a change wants imported can be imported in a file."""

from __future__ import annotations

from collections.abc import Callable

from ssot_lint.facts import LATER
from ssot_lint.migration.rewriting.places import Place, imported_in
from ssot_lint.migration.rewriting.source import RefusedError, Source
from ssot_lint.project import DeadEnd, Module, Project

_UNKNOWN = frozenset({"outside", "undecidable", "unreadable"})
"""Why a trail may end although there is something."""


class Targets:
    """Answers for one file; every method raises RefusedError if the answer is no."""

    def __init__(
        self,
        project: Project,
        module: Module,
        source: Source,
        closes_cycle: Callable[[str], bool] | None,
        successor: Callable[[str], str | None] | None,
    ) -> None:
        self._project = project
        self._module = module
        self._source = source
        self._closes_cycle = closes_cycle
        self._successor = successor

    def check(self, path: str, context: int, *, plain: bool) -> None:
        """Whether `path` can be imported: by ``import path`` if `plain`, else by ``from``."""
        above, _, _ = path.rpartition(".")
        plain = plain or not above
        self._spelled(path)
        if not self._is_outside(path):
            self._exists(path if plain else above, module=True)
            self._exists(path)
            found = self._project.find(path if plain or self.is_module(path) else above)
            if found is not None and self._module.path in (
                found.path,
                self._project.stub_of(found.name),
            ):
                raise RefusedError(f"this file is where {path} is defined")
        if self._closes_cycle is not None and not context & LATER and self._closes_cycle(path):
            raise RefusedError(f"importing {path} here would close an import cycle")

    def exists(self, path: str) -> None:
        """Whether a dotted path may lead to something."""
        self._spelled(path)
        self._exists(path)

    def attribute(self, old: str, new: str, name: str, line: int) -> None:
        """Whether the module `new` has a name that the module `old` may have."""
        if not self._lacks(new, name):
            return
        if self._project.find(old) is None or not self._lacks(old, name):
            raise RefusedError(f"{new} has no '{name}', which line {line} uses")

    def beside(self, place: Place, path: str) -> None:
        """Whether no ``try`` around a statement imports `path` in its other branch."""
        for node, in_body in place.tries:
            others = [handler.body for handler in node.handlers] if in_body else [node.body]
            if any(path in imported_in(block, self._module.file) for block in others):
                branch = "the handler" if in_body else "the try body"
                raise RefusedError(f"{branch} imports {path} already: remove the fallback")

    def module_of(self, path: str, old: str) -> str:
        """The part of `path`, which exists and takes the place of `old`, that is a module."""
        if not self._is_outside(path):
            return self._nearest(path)
        # As many attributes as the old path has.
        known = self._nearest(old)
        parts = path.split(".")
        size = len(parts) - (old.count(".") - known.count(".")) if known else 0
        if size < 1:
            raise RefusedError(f"which part of {path} is a module cannot be told")
        return ".".join(parts[:size])

    def is_module(self, path: str) -> bool:
        return self._project.find(path) is not None

    def _nearest(self, path: str) -> str:
        """The module that a path names, or in which it lies; "" outside of the project."""
        found = self._project.nearest(path)
        return found.name if found is not None else ""

    def _spelled(self, path: str) -> None:
        if not self._source.can_write(path):
            raise RefusedError(f"the encoding of the file cannot spell {path}")

    def _is_outside(self, path: str) -> bool:
        return self._project.find(path.partition(".")[0]) is None

    def _exists(self, path: str, *, module: bool = False) -> None:
        if module and not self.is_module(path) and not self._project.is_compiled(path):
            raise RefusedError(f"there is no module {path}")
        resolution = self._project.resolve(path)
        if not resolution.exists and not any(map(self._may_be, resolution.dead_ends)):
            raise RefusedError(f"{path} does not exist")

    def _may_be(self, end: DeadEnd) -> bool:
        """Whether there may be something where a trail ends: at an old path, whose import in the
        target is yet to be rewritten, or where nobody can see.
        """
        return end.why in _UNKNOWN or bool(self._successor and self._successor(end.where))

    def _lacks(self, module: str, name: str) -> bool:
        dead_end = self._project.names.lack(module, name)
        return dead_end is not None and dead_end.why.startswith("missing")
