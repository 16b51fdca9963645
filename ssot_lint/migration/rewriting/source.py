"""A file as text with its own line ends, and the way back from characters to bytes.

A tree counts UTF-8 bytes of a text with line feeds, facts count its characters, edits count bytes
of the file. Here everything is an offset into one text: that of the file without its byte order
mark, line ends as they are.
"""

from __future__ import annotations

import ast
import codecs
import io
import re
import tokenize
import warnings
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from ssot_lint.facts.source import normalised
from ssot_lint.migration.model import Edit
from ssot_lint.model import Span

_LINE_END = re.compile(r"\r\n|\r|\n")
_ASCII = bytes(range(128))
_OPAQUE = "its encoding, {}, cannot be edited byte by byte"
_SHIFTING = ("iso2022", "hz")
"""Codecs in which bytes mean what the bytes before them say."""


class RefusedError(Exception):
    """A change cannot be made by a machine; the text says why, for a human."""


class Patch(NamedTuple):
    """`text` in place of the characters `start` to `end` (exclusive)."""

    start: int
    end: int
    text: str


class Source:
    """The text of a file, its lines and its tree.

    Raises RefusedError for an encoding whose bytes cannot be cut between characters.
    """

    def __init__(self, data: bytes) -> None:
        self._mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        self._encoding = _encoding(data)
        body = data[len(self._mark) :]
        try:
            self.text = body.decode(self._encoding)
            same = self.text.encode(self._encoding) == body
        except UnicodeError as error:
            raise RefusedError("it is not in the encoding that it declares") from error
        if not same:
            raise RefusedError(_OPAQUE.format(self._encoding))
        first = len(self.text) - len(self.text.removeprefix("\ufeff"))  # Python drops this, too
        self._starts = [first, *(match.end() for match in _LINE_END.finditer(self.text))]

    @cached_property
    def tree(self) -> ast.Module:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the code under migration
            return ast.parse(normalised(self.text))

    def offset(self, line: int, column: int) -> int:
        """The character at a 1-based line and a column in UTF-8 bytes, as trees have it.

        Any character if there is no such place: until Python 3.12 the parser guesses where the
        expressions of an f-string stand.
        """
        start = self._starts[min(line, len(self._starts)) - 1]
        if self._is_ascii:
            return start + column
        # No more characters than bytes can stand before it.
        return start + len(
            self.text[start : start + column].encode()[:column].decode("utf-8", "ignore")
        )

    def start(self, node: Any) -> int:
        return self.offset(node.lineno, node.col_offset)

    def end(self, node: Any) -> int:
        return self.offset(node.end_lineno, node.end_col_offset)

    def range(self, span: Span) -> tuple[int, int]:
        """The characters that a span covers."""
        return (
            self._starts[span.line - 1] + span.column - 1,
            self._starts[span.end_line - 1] + span.end_column - 1,
        )

    def span(self, start: int, end: int) -> Span:
        return Span(*self._place(start), *self._place(end))

    def line(self, offset: int) -> int:
        return self._place(offset)[0]

    def line_start(self, offset: int) -> int:
        return self._starts[self._place(offset)[0] - 1]

    def newline(self, offset: int) -> str:
        """The line end nearby: that of the line around `offset`, else of the one before."""
        match = _LINE_END.search(self.text, offset)
        if match is None:
            *_, match = (None, *_LINE_END.finditer(self.text, 0, offset))
        return match[0] if match else "\n"

    def can_write(self, text: str) -> bool:
        """Whether the encoding of the file has every character of `text`."""
        try:
            text.encode(self._encoding)
        except UnicodeError:
            return False
        return True

    def edits(self, patches: Iterable[Patch]) -> Iterator[Edit]:
        """The same changes on bytes, in order, but for those that change nothing.

        ValueError if two overlap.
        """
        at, position = 0, len(self._mark)
        for start, end, text in sorted(patches):
            if start < at:
                raise ValueError(f"two patches for line {self.line(start)}")
            if text == self.text[start:end]:
                continue
            position += len(self.text[at:start].encode(self._encoding))
            width = len(self.text[start:end].encode(self._encoding))
            yield Edit(position, position + width, text.encode(self._encoding))
            at, position = end, position + width

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    @cached_property
    def _is_ascii(self) -> bool:
        return self.text.isascii()


def _encoding(data: bytes) -> str:
    """The codec of a source file, without a byte order mark; it writes ASCII in ASCII."""
    try:
        found, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        raise RefusedError("it is not in the encoding that it declares") from error
    encoding = "utf-8" if found == "utf-8-sig" else found
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of codecs, about escapes
            transparent = _ASCII.decode(encoding) == _ASCII.decode("ascii")
            shifts = codecs.lookup(encoding).name.startswith(_SHIFTING)
    except (UnicodeError, LookupError):
        transparent = shifts = False
    if not transparent or shifts:
        raise RefusedError(_OPAQUE.format(encoding))
    return encoding
