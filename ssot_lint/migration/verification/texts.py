"""A file as bytes: its encoding, its line ends, its comments, and the places that edits touch."""

from __future__ import annotations

import ast
import codecs
import io
import re
import tokenize
import warnings
from bisect import bisect_right
from typing import NamedTuple

from ssot_lint.facts.source import decode
from ssot_lint.model import Span

_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANKS = " \t\f"
_REST_OF_LINE = re.compile(r"[ \t\f]*;?[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)?")


class Source(NamedTuple):
    """A file that parses. `text` has line feeds only; `whole` has the line ends of the file."""

    data: bytes
    encoding: str
    whole: str
    text: str
    tree: ast.Module

    @property
    def mark(self) -> bytes:
        """The byte order mark, if there is one."""
        return codecs.BOM_UTF8 if self.data.startswith(codecs.BOM_UTF8) else b""

    def characters(self, end: int) -> str:
        """The text before a byte; ValueError if it is within a character."""
        start = len(self.mark)
        if end < start:
            raise ValueError("in the byte order mark")
        return self.data[start:end].decode("utf-8" if self.mark else self.encoding)


def parse(data: bytes) -> Source:
    """What bytes say; raises SyntaxError (with a line, if there is one) if Python cannot tell."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        whole = data.decode(encoding)
        text = decode(data).text
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the code under migration
            tree = ast.parse(text)
    except (ValueError, LookupError, RecursionError, MemoryError) as error:
        raise SyntaxError(" ".join(str(error).split())) from error
    return Source(data, encoding, whole, text, tree)


def failure(tree: ast.Module) -> str | None:
    """Why Python cannot compile what it can parse; None if it can."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(tree, "<rewritten>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return " ".join(str(getattr(error, "msg", error)).split())
    return None


class Lines:
    """Where lines and columns stand in a text, and its comments."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(source.whole))]

    def line(self, offset: int) -> int:
        """The line of a character."""
        return bisect_right(self._starts, offset)

    def place(self, span: Span) -> tuple[int, int]:
        """The characters that a span covers."""
        return (
            self._starts[span.line - 1] + span.column - 1,
            self._starts[span.end_line - 1] + span.end_column - 1,
        )

    def statement(self, span: Span) -> tuple[int, int]:
        """The characters of a statement, with what belongs to it on its first and last line.

        That is its indentation, and a semicolon, a comment and the line's end behind it.
        """
        start, end = self.place(span)
        text = self._source.whole
        line_start = self._starts[span.line - 1]
        before = text[line_start:start].rstrip(_BLANKS)
        if not before:
            start = line_start
        elif before.endswith(";"):
            start = line_start + len(before) - 1
        rest = _REST_OF_LINE.match(text, end)
        return start, rest.end() if rest else end

    def text(self, start: int, end: int) -> str:
        """The characters from `start` to `end`."""
        return self._source.whole[start:end]

    def around(self, start: int, end: int) -> str:
        """The whole lines of the characters from `start` to `end`."""
        first, last = self.line(start), self.line(end)
        stop = self._starts[last] if last < len(self._starts) else None
        return self._source.whole[self._starts[first - 1] : stop]

    def offset(self, position: int) -> int:
        """The character at a byte of the file; ValueError if that is within one."""
        return len(self._source.characters(position))


_TYPE_COMMENT = re.compile(r"#[ \t]*type:(?![ \t]*ignore\b)(.*)")


def names_in_type_comments(text: str) -> frozenset[str]:
    """Every name in what looks like a type comment (PEP 484): code that no parser sees."""
    found = _TYPE_COMMENT.findall(text)
    return frozenset(name for comment in found for name in re.findall(r"\w+", comment))


def line_ends(text: str) -> frozenset[str]:
    return frozenset(_LINE_END.findall(text))
