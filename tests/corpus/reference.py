"""References by ``ast`` alone: imports and calls, file by file, and what classes inherit from.

None follows a name from one file to another. A star import counts only if the whole module that it
opens does.
"""

from __future__ import annotations

import ast
import os
import tokenize
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple


class Alias(NamedTuple):
    path: str
    line: int
    column: int
    statement: tuple[int, int]
    target: str


class Mention(NamedTuple):
    """A dotted name that an import explains, made absolute; `noun` is call, read or import."""

    line: int
    column: int
    noun: str
    target: str


def python_files(root: str) -> Iterator[str]:
    for folder, _, names in os.walk(root):
        for name in filter(lambda name: name.endswith((".py", ".pyi")), names):
            yield os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")


def parsed(root: str, path: str) -> tuple[ast.Module, list[str]] | None:
    """The tree of a file and its lines; None if this Python cannot parse it."""
    try:
        with tokenize.open(os.path.join(root, path)) as file:
            text = file.read()
        return ast.parse(text), text.split("\n")
    except (SyntaxError, UnicodeError):
        return None


def place(lines: list[str], node: ast.alias | ast.stmt | ast.expr) -> tuple[int, int]:
    return node.lineno, len(lines[node.lineno - 1].encode()[: node.col_offset].decode()) + 1


def ancestors(name: str) -> Iterator[str]:
    """`name` and the dotted paths above it, longest first."""
    parts = name.split(".")
    return (".".join(parts[:size]) for size in range(len(parts), 0, -1))


def imports(path: str, tree: ast.Module, lines: list[str]) -> Iterator[tuple[Alias, ast.alias]]:
    """Everything that a file imports; of a star the module."""
    package = path.split("/")[:-1]
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        for alias in node.names:
            parts = alias.name.removesuffix("*").split(".")
            if isinstance(node, ast.ImportFrom):
                above = package[: len(package) - node.level + 1] if node.level else []
                parts = [*above, *(node.module or "").split("."), *parts]
            name = ".".join(filter(None, parts))
            yield Alias(path, *place(lines, alias), place(lines, node), name), alias


def old_aliases(root: str, moved: Mapping[str, str], removed: Sequence[str]) -> Iterator[Alias]:
    """Every imported alias that old paths cover."""
    known = {*moved, *removed, *moved.values()}
    old = known - set(moved.values())
    for path in python_files(root):
        for alias, _ in imports(path, *(parsed(root, path) or (ast.Module([], []), []))):
            if next((p for p in ancestors(alias.target) if p in known), None) in old:
                yield alias


def mentions(
    path: str, tree: ast.Module, lines: list[str], calls: Collection[str], reads: Collection[str]
) -> Iterator[Mention]:
    """The calls of `calls`, and the mentions of `reads`: of what an import brings, only the import.

    Scopes are not told apart: a name is whatever any import of the file calls so.
    """
    bound = defaultdict[str, set[str]](set)
    for alias, node in imports(path, tree, lines):
        first = node.name.partition(".")[0]
        if covered(alias.target, reads):
            yield Mention(alias.line, alias.column, "import", alias.target)
        elif node.asname or first == node.name:
            bound[node.asname or first].add(alias.target)
        else:
            bound[first].add(first)
    callees = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    callees |= {id(each) for node in ast.walk(tree) for each in getattr(node, "decorator_list", ())}
    shorter = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for chain in ast.walk(tree):
        if isinstance(chain, (ast.Name, ast.Attribute)) and id(chain) not in shorter:
            root, dot, rest = _dotted(chain).partition(".")
            for base in bound.get(root, ()):
                if covered(f"{base}{dot}{rest}", reads):
                    yield Mention(*place(lines, chain), "read", f"{base}{dot}{rest}")
                elif id(chain) in callees and covered(f"{base}{dot}{rest}", calls):
                    yield Mention(*place(lines, chain), "call", f"{base}{dot}{rest}")


def covered(path: str, above: Iterable[str]) -> bool:
    """Whether one of the dotted paths `above` is `path`, or one that it lies below."""
    return not set(ancestors(path)).isdisjoint(above)


def _dotted(node: ast.expr) -> str:
    """A chain of attributes of a name; "" if it begins with something else."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
