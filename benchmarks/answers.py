"""What the tools found, in one form, so that they can be compared."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

Places = frozenset[tuple[str, int]]
"""Path and first line of import statements."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How many there are of what; `places` is None if they are no import statements."""

    count: int
    unit: str
    places: Places | None = None


Reader = Callable[[str, Path], Answer]
"""From what a tool wrote, and the tree that it judged, to its answer."""


def statements(code: str) -> Reader:
    """Of lines ``path:line:column: CODE ...``, those of one code that lie in import statements."""
    line = re.compile(rf"^(?:\./)?(.+?):(\d+):\d+: {code} ", re.MULTILINE)

    def read(output: str, root: Path) -> Answer:
        return _answer(
            (path, start)
            for path, number in line.findall(output)
            for start in _statement(root / path, int(number))
        )

    return read


def chains(output: str, root: Path) -> Answer:
    """Of import-linter's lines ``-   importer -> imported (l.1, l.2)``, the statements."""
    found = re.findall(r"^- +(\S+) -> \S+ +\((.*)\)$", output, re.MULTILINE)
    return _answer(
        (path, start)
        for importer, lines in found
        for path in [_path(root, importer)]
        for number in re.findall(r"\d+", lines)
        for start in _statement(root / path, int(number))
    )


def files(output: str, _root: Path) -> Answer:
    return Answer(len(output.splitlines()), "files")


def difference(ours: Places, theirs: Places) -> str:
    """In words; a plus is what only `ours` hold."""
    if ours == theirs:
        return "same"
    return f"+{len(ours - theirs)} -{len(theirs - ours)}"


def _answer(places: Iterator[tuple[str, int]]) -> Answer:
    found = frozenset(places)
    return Answer(len(found), "statements", found)


def _path(root: Path, module: str) -> str:
    path = module.replace(".", "/")
    return f"{path}.py" if (root / f"{path}.py").exists() else f"{path}/__init__.py"


def _statement(path: Path, line: int) -> list[int]:
    """The first line of the import statement that `line` belongs to, if it belongs to one."""
    return [start for start, end in _import_statements(path) if start <= line <= end][:1]


@cache
def _import_statements(path: Path) -> tuple[tuple[int, int], ...]:
    """First and last lines; none if the file does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return ()
    return tuple(
        (node.lineno, node.end_lineno or node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    )
