"""What else a plain import loads: ``import a.b.c`` brings ``a`` and ``a.b``, which others use."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence

from ssot_lint.facts.scopes import Frame
from ssot_lint.migration.rewriting.drafts import Draft, Moved
from ssot_lint.migration.rewriting.names import Names
from ssot_lint.migration.rewriting.occurrences import Occurrence
from ssot_lint.migration.rewriting.places import Spot
from ssot_lint.migration.rewriting.source import RefusedError, Source
from ssot_lint.patterns import ancestors, covers
from ssot_lint.project import Module, Project


class Loading:
    """What plain imports of one file load; `successor` is as in `rewrite`."""

    def __init__(
        self,
        project: Project,
        module: Module,
        source: Source,
        names: Names,
        successor: Callable[[str], str | None] | None,
    ) -> None:
        self._project = project
        self._module = module
        self._source = source
        self._names = names
        self._successor = successor

    def keep(
        self,
        draft: Draft,
        frame: Frame,
        root: str,
        moved: Sequence[Moved],
        imports: Sequence[Spot],
        rest: Sequence[Occurrence],
    ) -> None:
        """Sees to it that what else is reached through `root` is still loaded.

        `moved` are among the `imports` that bind `root` in a frame, `rest` are the uses that stay.
        Drafts imports of packages; raises RefusedError where that is not enough.
        """
        if frame.kind == "class":
            self._refuse_attribute(root)
        changed = {each.spot for each in moved}
        kept = {p for spot in imports if spot not in changed for p in ancestors(spot.target or "")}
        # What is written with `as` binds another name.
        written = (draft.written[spot] for spot in changed)
        new = {path for text in written for path in ancestors(text) if " " not in text}
        loaded = kept | {path for path in new if covers(root, path)}
        parents = {_parent(each) for each in moved}
        for occurrence in rest:
            path = occurrence.path
            if any(covers(path, parent) for parent in parents) and path not in kept:
                raise RefusedError(f"line {occurrence.line} uses '{path}' as a whole")
            needed = max((_common(path, parent) for parent in parents), key=len)
            if needed not in loaded:
                loaded.update(ancestors(self._load(draft, needed, moved, occurrence.line)))
        if root not in loaded:
            self._refuse_text(frame, root)

    def _load(self, draft: Draft, needed: str, moved: Sequence[Moved], line: int) -> str:
        """The package above a moved module, or a part of its path, which is imported from now."""
        for each in moved:
            parent = _parent(each)
            for package in (parent, needed) if covers(needed, parent) else ():
                if not self._is_legacy(package, moved):
                    draft.before.append((each.spot.place, f"import {package}"))
                    return package
        raise RefusedError(f"line {line} uses '{needed}', which this import alone loads")

    def _is_legacy(self, package: str, moved: Sequence[Moved]) -> bool:
        """Whether a package is gone, or must go."""
        if self._project.find(package) is None and self._project.find(package.partition(".")[0]):
            return True
        if self._successor is not None and self._successor(package) is not None:
            return True
        return any(covers(each.change.old, package) for each in moved)

    def _refuse_attribute(self, root: str) -> None:
        """What a class body imports is an attribute of the class, for whoever has that."""
        lines = [
            node.lineno
            for node in ast.walk(self._source.tree)
            if isinstance(node, ast.Attribute) and node.attr == root
        ]
        quoted = (each for each in self._names.occurrences if each.quote is not None)
        lines += (each.line for each in quoted if root in each.path.split(".")[1:])
        if lines:
            raise RefusedError(f"line {min(lines)} may use '{root}' as an attribute of the class")

    def _refuse_text(self, frame: Frame, root: str) -> None:
        """A name goes away: nobody must know it by text."""
        exports = self._module.facts.exports
        if frame is self._names.module and exports is not None and root in exports.names:
            raise RefusedError(f"__all__ names '{root}'")
        comment = re.search(rf"#\s*type:[^\r\n]*\b{re.escape(root)}\s*\.", self._source.text)
        if comment is not None:
            line = self._source.line(comment.start())
            raise RefusedError(f"a type comment names '{root}' on line {line}")


def _parent(moved: Moved) -> str:
    return (moved.spot.target or "").rpartition(".")[0]


def _common(path: str, parent: str) -> str:
    """The longest dotted path that covers both."""
    return next((p for p in ancestors(parent) if covers(p, path)), parent.partition(".")[0])
