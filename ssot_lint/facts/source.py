"""From bytes to text as flake8 reads files, and from a tree's positions to characters."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from itertools import accumulate
from typing import Any, NamedTuple

_HEADER = re.compile(r"(?:async[ \t\f]+)?(?:def|class)[ \t\f]+([^\s(:\[\\]+)")
_BROKEN_HEADER = re.compile(
    r"(?:async(?:[ \t\f]|\\\n)+)?(?:def|class)(?:[ \t\f]|\\\n)+([^\s(:\[\\]+)"
)
_KEYWORDS = {
    ast.ClassDef: "class ",
    ast.FunctionDef: "def ",
    ast.AsyncFunctionDef: "async def ",
}
_BLOCK = 4096
_CONTINUATION = bytes(range(0x80, 0xC0))


def _characters(encoded: bytes) -> int:
    """How many characters start in a piece of UTF-8."""
    return len(encoded.translate(None, _CONTINUATION))


class Decoded(NamedTuple):
    """The text of a file, its lines ended by line feeds.

    `doubt` says why it was read as latin-1 although it does not declare that, else it is "".
    """

    text: str
    doubt: str


def decode(data: bytes) -> Decoded:
    """The text that flake8 sees: the declared encoding, or latin-1 where that fails; no BOM.

    Raises LookupError or ValueError for a declared codec that makes no text at all, which
    flake8 does not survive either.
    """
    doubt = ""
    # Codecs such as unicode_escape warn about what they read.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
            text = data.decode(encoding)
        except (SyntaxError, UnicodeError) as error:
            doubt = " ".join(str(error).split())
            text = data.decode("latin-1")
    return Decoded(normalised(text), doubt)


def normalised(text: str) -> str:
    """`text` without a byte order mark, and with line feeds only, as Python reads files.

    Form feeds and the separators of Unicode end no line.
    """
    if text.startswith("\ufeff"):
        text = text[1:]
    elif text.startswith("\xef\xbb\xbf"):
        text = text[3:]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


class Positions:
    """Where the nodes of a tree stand in its text: 1-based lines and characters.

    A tree counts columns in UTF-8 bytes (``ast.AST.col_offset``).
    """

    __slots__ = ("_ascii", "_lines", "_wide")

    def __init__(self, text: str) -> None:
        self._ascii = text.isascii()
        self._lines = text.split("\n")
        self._wide: dict[int, tuple[bytes, list[int]]] = {}

    @property
    def line_count(self) -> int:
        return len(self._lines) - (not self._lines[-1])

    def column(self, line: int, offset: int) -> int:
        """The 1-based character of byte `offset` of `line`."""
        if self._ascii:
            return offset + 1
        measured = self._wide.get(line)
        if measured is None:
            measured = self._wide[line] = self._measure(line)
        encoded, before = measured
        offset = min(offset, len(encoded))
        block = offset // _BLOCK
        return before[block] + _characters(encoded[block * _BLOCK : offset]) + 1

    def _measure(self, line: int) -> tuple[bytes, list[int]]:
        """The bytes of `line`, and how many characters start before each block of them.

        Blocks, because a generated file may be one line of ten million characters.
        """
        encoded = self._line(line).encode("utf-8", "surrogatepass")
        blocks = (encoded[at : at + _BLOCK] for at in range(0, len(encoded), _BLOCK))
        return encoded, list(accumulate(map(_characters, blocks), initial=0))

    def span(self, node: Any) -> tuple[int, int, int, int]:
        line, end_line = node.lineno, node.end_lineno
        if self._ascii:
            return line, node.col_offset + 1, end_line, node.end_col_offset + 1
        return (
            line,
            self.column(line, node.col_offset),
            end_line,
            self.column(end_line, node.end_col_offset),
        )

    def placed(self, node: Any, word: str, place: Any) -> tuple[int, int, int, int]:
        """The span of `node`, which begins with `word`, or of the f-string `place` around it.

        Until Python 3.12 the parser guesses where the expressions of an f-string stand, and
        guesses wrong where it spans lines.
        """
        span = self.span(node)
        if place is None or (word and self.holds(span[0], span[1], word)):
            return span
        return self.span(place)

    def attribute(self, node: Any) -> tuple[int, int, int, int]:
        """The span of the last name of an attribute chain."""
        line, end = node.end_lineno, self.column(node.end_lineno, node.end_col_offset)
        start = end - len(node.attr)
        if start < 1 or not self.holds(line, start, node.attr):
            # Python normalises names; as written they may be longer or shorter.
            text, start = self._line(line), end
            while start > 1 and ("_" + text[start - 2]).isidentifier():
                start -= 1
        return line, start, line, end

    def start(self, node: Any) -> tuple[int, int]:
        return node.lineno, self.column(node.lineno, node.col_offset)

    def name(self, node: Any) -> tuple[int, int, int, int]:
        """The span of the name in a ``class`` or ``def`` statement."""
        line, column = self.start(node)
        keyword = _KEYWORDS[node.__class__]
        if self.holds(line, column, keyword + node.name):
            start = column + len(keyword)
            return line, start, line, start + len(node.name)
        match = _HEADER.match(self._line(line), column - 1)
        if match is not None:
            return line, match.start(1) + 1, line, match.end(1) + 1
        # Backslashes may put the name on a line of its own.
        rest = "\n".join(self._lines[line - 1 : node.body[0].lineno])
        match = _BROKEN_HEADER.match(rest, column - 1)
        if match is None:  # the tree is not of this text
            return line, column, line, column
        line += rest.count("\n", 0, match.start(1))
        start = match.start(1) - (rest.rfind("\n", 0, match.start(1)) + 1)
        return line, start + 1, line, start + 1 + len(match.group(1))

    def holds(self, line: int, column: int, word: str) -> bool:
        """Whether `word` stands there."""
        return self._line(line).startswith(word, column - 1)

    def _line(self, line: int) -> str:
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ""
