"""Where the import statements of a file stand: their blocks, and the ``try`` around them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from ssot_lint.model import SourceFile
from ssot_lint.project import absolute

_IMPORTS = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True, eq=False)
class Place:
    """An import statement, the block that it stands in, and its index there.

    `tries` are the ``try`` statements around it, each with whether it stands in the body (True) or
    in a handler. `targets` are the absolute paths that its names stand for (``m.*`` for a star,
    None for what is relative to nowhere).
    """

    node: ast.Import | ast.ImportFrom
    block: list[Any]
    index: int
    tries: tuple[tuple[Any, bool], ...]
    targets: tuple[str | None, ...]

    @property
    def plain(self) -> bool:
        return isinstance(self.node, ast.Import)


class Spot(NamedTuple):
    """One name of an import statement."""

    place: Place
    number: int

    @property
    def alias(self) -> ast.alias:
        return self.place.node.names[self.number]

    @property
    def target(self) -> str | None:
        """The absolute path that is imported."""
        return self.place.targets[self.number]

    @property
    def bound(self) -> str | None:
        """The name that it binds; None for ``import a.b`` (which binds ``a``)."""
        if self.place.plain and not self.alias.asname and "." in self.alias.name:
            return None
        return self.alias.asname or self.alias.name

    @property
    def plain(self) -> bool:
        """``import a`` or ``import a.b``, which bind the first name of the path."""
        return self.place.plain and not self.alias.asname


def spots_of(place: Place) -> Iterator[Spot]:
    return (Spot(place, number) for number in range(len(place.targets)))


def places(tree: ast.Module, file: SourceFile) -> Iterator[Place]:
    """Every import statement of a file, in no particular order."""
    blocks: list[tuple[list[Any], tuple[tuple[Any, bool], ...]]] = [(tree.body, ())]
    while blocks:
        block, tries = blocks.pop()
        for index, node in enumerate(block):
            if isinstance(node, _IMPORTS):
                targets = tuple(_targets(node, file))
                yield Place(node, block, index, tries, targets)
                continue
            for field in ("body", "orelse", "finalbody"):
                inner = getattr(node, field, None)
                if inner:
                    tried = hasattr(node, "handlers") and field == "body"
                    blocks.append((inner, (*tries, (node, True)) if tried else tries))
            for handler in getattr(node, "handlers", ()):
                blocks.append((handler.body, (*tries, (node, False))))
            for case in getattr(node, "cases", ()):
                blocks.append((case.body, tries))


def _targets(node: ast.Import | ast.ImportFrom, file: SourceFile) -> Iterator[str | None]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    module = absolute(file, node.level, node.module or "")
    for alias in node.names:
        yield None if module is None else f"{module}.{alias.name}"


def imported_in(block: list[Any], file: SourceFile) -> frozenset[str | None]:
    """The absolute paths that are imported in a block, at any depth."""
    tree = ast.Module(block, [])
    return frozenset(target for place in places(tree, file) for target in place.targets)


def imports_name(node: Any, name: str) -> bool:
    """Whether an import within a statement may bind `name`."""
    return any(
        (part.asname or part.name.partition(".")[0]) in (name, "*")
        for part in ast.walk(node)
        if isinstance(part, ast.alias)
    )


def assigned_names(tree: ast.Module) -> frozenset[str]:
    """What anything but an import binds or deletes, anywhere in a file."""
    names: set[Any] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif not isinstance(node, ast.alias):
            names |= {getattr(node, "name", None), getattr(node, "rest", None)}
    return frozenset(name for name in names if isinstance(name, str))
