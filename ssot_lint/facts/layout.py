"""How the lines of a file hang together: joined lines, statements, blocks, comments.

Read from tokens, because a tree knows neither comments nor the line of an ``else:``.
"""

from __future__ import annotations

import tokenize
from bisect import bisect_right
from dataclasses import dataclass

Range = tuple[int, int]
"""The first and the last of some lines."""

_NOT_IN_STATEMENTS = frozenset(
    {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
)


@dataclass(slots=True)
class _Statement:
    """A logical line; `end` is the last line of the block that it heads, or its own last line."""

    first: int
    last: int
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of one file; `comments` are (line, 1-based column, text)."""

    comments: tuple[tuple[int, int, str], ...]
    _statements: tuple[_Statement, ...]
    _joined: dict[int, Range]

    @classmethod
    def of(cls, lines: list[str]) -> Layout:
        """The layout of `lines`; where they cannot be tokenized, each stands for itself."""
        rest = iter(lines)
        try:
            return _read(list(tokenize.generate_tokens(lambda: next(rest, ""))))
        except (tokenize.TokenError, SyntaxError):
            hashes = ((number, line.find("#"), line) for number, line in enumerate(lines, 1))
            comments = ((n, at + 1, line[at:].rstrip()) for n, at, line in hashes if at >= 0)
            return cls(tuple(comments), (), {})

    def joined_with(self, line: int) -> Range:
        """The lines that a backslash or a string of several lines joins to `line`."""
        return self._joined.get(line, (line, line))

    def covered(self, line: int) -> Range:
        """What a comment on `line` is about."""
        index = bisect_right(self._statements, line, key=lambda statement: statement.first) - 1
        if index >= 0:
            statement = self._statements[index]
            if line in (statement.first, statement.last):
                return statement.first, statement.end
        return line, line


def _read(tokens: list[tokenize.TokenInfo]) -> Layout:
    comments: list[tuple[int, int, str]] = []
    statements: list[_Statement] = []
    headers: list[_Statement] = []
    joined: dict[int, Range] = {}
    start: int | None = None  # of the statement
    first, last = 0, 0  # of the joined lines, 0: none yet
    for kind, text, (line, column), (end_line, _), _ in tokens:
        if kind == tokenize.DEDENT:
            headers.pop().end = statements[-1].end
            continue
        if kind == tokenize.ENDMARKER:
            continue
        first, last = first or line, max(last, end_line)
        if kind in (tokenize.NL, tokenize.NEWLINE):
            joined.update(dict.fromkeys(range(first, last + 1), (first, last)))
            first = last = 0
        if kind == tokenize.NEWLINE and start is not None:
            statements.append(_Statement(start, line, line))
            start = None
        elif kind == tokenize.INDENT:
            headers.append(statements[-1])
        elif kind == tokenize.COMMENT:
            comments.append((line, column + 1, text))
        elif kind not in _NOT_IN_STATEMENTS and start is None:
            start = line
    return Layout(tuple(comments), tuple(statements), joined)
