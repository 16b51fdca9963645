"""A reference for `legacy-import`: every imported alias that old paths cover, file by file.

A star counts only if the whole module that it opens is old.
"""

from __future__ import annotations

import ast
import os
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple


class Alias(NamedTuple):
    path: str
    line: int
    column: int
    statement: tuple[int, int]
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


def place(lines: list[str], node: ast.alias | ast.stmt) -> tuple[int, int]:
    return node.lineno, len(lines[node.lineno - 1].encode()[: node.col_offset].decode()) + 1


def old_aliases(root: str, moved: Mapping[str, str], removed: Sequence[str]) -> Iterator[Alias]:
    known = {*moved, *removed, *moved.values()}
    old = known - set(moved.values())
    for path in python_files(root):
        package = path.split("/")[:-1]
        tree, lines = parsed(root, path) or (ast.Module([], []), [])
        for node in ast.walk(tree):
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                continue
            for alias in node.names:
                parts = alias.name.removesuffix("*").split(".")
                if isinstance(node, ast.ImportFrom):
                    above = package[: len(package) - node.level + 1] if node.level else []
                    parts = [*above, *(node.module or "").split("."), *parts]
                name = ".".join(filter(None, parts))
                prefixes = (name[:i] for i in range(len(name), 0, -1) if (name + ".")[i] == ".")
                if next((p for p in prefixes if p in known), None) in old:
                    yield Alias(path, *place(lines, alias), place(lines, node), name)
