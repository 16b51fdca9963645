"""Which top-level statements of two versions of a file need to be looked at.

Most of a file is the same before and after, and holds no word that its edits are about, nor a star
import: then none of its names can mean something else. Looking only at the rest takes a fraction
of the time.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

from ssot_lint.facts.source import Positions
from ssot_lint.migration.model import Edit
from ssot_lint.migration.verification.items import Mark
from ssot_lint.migration.verification.texts import Lines, Source
from ssot_lint.model import Span

_WORD = re.compile(r"\w+")
_STAR = re.compile(r"\bimport[\s\\]*\*")
Chunk = ast.stmt | Mark
"""A top-level statement, or, in place of one that need not be looked at, its text."""


def chunks(before: Source, after: Source, edits: Sequence[Edit]) -> tuple[list[Chunk], list[Chunk]]:
    """The top-level statements of both, of which those without interest are marks.

    ValueError if an edit cuts a character in two.
    """
    sides = [
        _Side(before, ((edit.start, edit.end) for edit in edits)),
        _Side(after, _mirrored(edits)),
    ]
    words = frozenset(word for side in sides for word in side.words())
    one, other = (side.chunks(words) for side in sides)
    return one, other


def _mirrored(edits: Sequence[Edit]) -> Iterator[tuple[int, int]]:
    """Where the texts of edits stand in the result."""
    grown = accumulate((len(e.text) - (e.end - e.start) for e in edits), initial=0)
    for edit, shift in zip(edits, grown, strict=False):
        yield edit.start + shift, edit.start + shift + len(edit.text)


class _Side:
    """One of the two versions; `places` are the bytes that edits are about."""

    def __init__(self, source: Source, places: Iterable[tuple[int, int]]) -> None:
        self._body = source.tree.body
        self._rows = source.text.split("\n")
        self._lines = lines = Lines(source)
        self._positions = Positions(source.text)
        self._places = [(lines.offset(start), lines.offset(end)) for start, end in places]
        self._touched: set[int] = set()
        for start, end in self._places:
            self._touched.update(range(lines.line(start), lines.line(end) + 1))

    def words(self) -> Iterator[str]:
        """The names that edited imports bind, and those that edited expressions begin with."""
        nodes: list[Any] = list(self._body)
        while nodes:
            node = nodes.pop()
            if hasattr(node, "lineno") and self._touched.isdisjoint(_rows_of(node)):
                continue
            nodes += ast.iter_child_nodes(node)
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for alias in node.names:
                    yield alias.asname or alias.name.partition(".")[0]
            elif isinstance(node, (ast.Name, ast.Attribute)):
                if self._is_edited(node):
                    yield from _WORD.findall(ast.unparse(node))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from _WORD.findall(node.value)

    def _is_edited(self, node: ast.expr) -> bool:
        first, last = self._lines.place(Span(*self._positions.span(node)))
        return any(first <= end and start <= last for start, end in self._places)

    def chunks(self, words: frozenset[str]) -> list[Chunk]:
        found: list[Chunk] = []
        for statement in self._body:
            rows = _rows_of(statement)
            text = "\n".join(self._rows[rows.start - 1 : rows.stop - 1])
            kept = (
                self._touches(statement)
                or not text.isascii()  # Python takes other spellings for the same name
                or not words.isdisjoint(_WORD.findall(text))
                or _STAR.search(text) is not None  # which may bind any of them
                or isinstance(statement, (ast.Import, ast.ImportFrom))  # no code parts them
            )
            found.append(statement if kept else Mark(text, statement.lineno))
        return found

    def _touches(self, statement: ast.stmt) -> bool:
        return not self._touched.isdisjoint(_rows_of(statement))


def _rows_of(node: Any) -> range:
    """The lines of a node, its decorators included."""
    decorators = getattr(node, "decorator_list", ())
    first = min([node.lineno, *(each.lineno for each in decorators)])
    return range(first, (node.end_lineno or node.lineno) + 1)
