"""An import statement as it is written: where its names, commas, comments and blanks stand.

A tree knows where a statement and its names begin and end, and nothing of what is between them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, cast

from ssot_lint.migration.rewriting.source import Source

Kind = Literal["blank", "joined", "newline", "comment", "mark", "word", "name"]

_TOKEN = re.compile(
    r"(?P<blank>[ \t\f]+)|(?P<joined>\\(?:\r\n|\r|\n))|(?P<newline>\r\n|\r|\n)"
    r"|(?P<comment>#[^\r\n]*)|(?P<mark>[.(),;*])|(?P<word>[^\s\\#.(),;*]+)"
)
_LAYOUT = frozenset({"blank", "joined", "newline", "comment"})
_ENDS = frozenset({"joined", "newline"})


class Token(NamedTuple):
    kind: Kind
    start: int
    end: int


class Name(NamedTuple):
    """One name of the statement: ``a.b as c``. `stop` is where ``a.b`` ends."""

    start: int
    stop: int
    end: int


def tokens(text: str, start: int, end: int) -> Iterator[Token]:
    """The tokens of a piece of an import statement, blanks and comments included."""
    for match in _TOKEN.finditer(text, start, end):
        yield Token(cast("Kind", match.lastgroup), match.start(), match.end())


@dataclass(frozen=True)
class Statement:
    """An import statement between `start` and `end` of `text`.

    `module` is what stands between ``from`` and ``import``, blanks around it left out; nothing for
    a plain import. `parts` are the tokens of its list of names, parentheses left out; a name is one
    token. `closed` tells that parentheses stand around them.
    """

    text: str
    start: int
    end: int
    module: tuple[int, int]
    names: tuple[Name, ...]
    parts: tuple[Token, ...]
    closed: bool

    @classmethod
    def at(cls, source: Source, node: ast.stmt) -> Statement:
        """The import statement that `node` is of."""
        return cls.read(source.text, source.start(node), source.end(node))

    @classmethod
    def read(cls, text: str, start: int, end: int) -> Statement:
        every = [*tokens(text, start, end)]
        said = [token for token in every if token.kind not in _LAYOUT]
        head = said.pop(0)
        module = head.end, head.end
        if text[head.start : head.end] == "from":
            first = said[0].start
            while text[said[0].start : said[0].end] != "import":
                module = first, said.pop(0).end
            head = said.pop(0)
        closed = text[said[0].start] == "("
        if closed:
            head, *said = said[:-1]
            end_of_list = every[-1].start
        else:
            end_of_list = end
        names = [*_names(text, said)]
        listed = [token for token in every if head.end <= token.start < end_of_list]
        parts = tuple(_with_names(listed, names))
        return cls(text, start, end, module, tuple(names), parts, closed)

    def has_comment_in(self, index: int) -> bool:
        """Whether a comment stands within a name: before its ``as``, or behind it."""
        return "#" in self.text[self.names[index].start : self.names[index].end]

    def comment(self, index: int) -> str:
        """The comment on the line where a name ends; "" if there is none."""
        line = self.lines[self._line_of(index)]
        return next((self.text[t.start : t.end] for t in line if t.kind == "comment"), "")

    def shares_line(self, index: int) -> frozenset[int]:
        """The names that end on the line where that one ends."""
        line = self.lines[self._line_of(index)]
        return frozenset(i for i in range(len(self.names)) if self._token(i) in line)

    def goes_with_line(self, index: int, gone: frozenset[int]) -> bool:
        """Whether the line where a name ends goes as a whole if `gone` names go."""
        number = self._line_of(index)
        return self._goes(number, self.lines[number], self._cut_names(gone))

    @cached_property
    def head_comment(self) -> str:
        """The comment behind the opening parenthesis, before any name."""
        first = self.lines[0]
        if any(token.kind == "name" for token in first):
            return ""
        return next((self.text[t.start : t.end] for t in first if t.kind == "comment"), "")

    @cached_property
    def comments(self) -> tuple[str, ...]:
        """All comments in the list of names, also those within a name."""
        text = self.text
        inside = (t for part in self.parts for t in tokens(text, part.start, part.end))
        return tuple(text[t.start : t.end] for t in inside if t.kind == "comment")

    @cached_property
    def lines(self) -> tuple[tuple[Token, ...], ...]:
        """`parts` by physical line; what ends a line is its last token."""
        lines: list[list[Token]] = [[]]
        for token in self.parts:
            lines[-1].append(token)
            if token.kind in _ENDS:
                lines.append([])
        return tuple(map(tuple, lines))

    def without(self, gone: frozenset[int]) -> list[tuple[int, int]]:
        """The pieces of text to be cut so that some names, but not all, go.

        With each name goes one comma, and its line (with the comment on it) if nothing is left
        there. Blanks go where they would be left over; nothing else moves.
        """
        cut = self._cut_names(gone)
        whole = [self._goes(index, line, cut) for index, line in enumerate(self.lines)]
        for index, line in enumerate(self.lines):
            if whole[index]:
                cut.update(line)
            elif not cut.isdisjoint(line):
                cut.update(_left_over(line, cut, indented=index > 0, closed=self.closed))
        # Nothing is left on the last line: what ended the one before it, goes too.
        for index in range(len(self.lines) - 1, 0, -1):
            if not whole[index]:
                break
            before = [token for token in self.lines[index - 1] if token not in cut]
            if not self.closed or all(token.kind != "comment" for token in before):
                cut.update(_tail(before))
        return _pieces(self.parts, cut)

    def _goes(self, index: int, line: tuple[Token, ...], cut: set[Token]) -> bool:
        """Whether a line holds nothing but what is cut, and so goes as a whole.

        A comment goes with a name, not with a comma.
        """
        kinds = {token.kind for token in line if token not in cut} - _LAYOUT
        named = any(token.kind == "name" for token in line)
        commented = any(token.kind == "comment" for token in line)
        return index > 0 and not kinds and not cut.isdisjoint(line) and (named or not commented)

    def _cut_names(self, gone: frozenset[int]) -> set[Token]:
        """The tokens of names that go, each with a comma."""
        cut: set[Token] = set()
        last_kept = max(index for index in range(len(self.names)) if index not in gone)
        for index in gone:
            cut.add(self._token(index))
            cut.update(self._comma(index))
        if last_kept < len(self.names) - 1 and not self._comma(len(self.names) - 1):
            cut.update(self._comma(last_kept))
        return cut

    def _token(self, index: int) -> Token:
        name = self.names[index]
        return Token("name", name.start, name.end)

    def _comma(self, index: int) -> tuple[Token, ...]:
        behind = self.parts[self.parts.index(self._token(index)) + 1 :]
        return tuple(token for token in behind if token.kind == "mark")[:1]

    def _line_of(self, index: int) -> int:
        token = self._token(index)
        return next(number for number, line in enumerate(self.lines) if token in line)


def _names(text: str, said: list[Token]) -> Iterator[Name]:
    group: list[Token] = []
    for token in (*said, None):
        if token is not None and text[token.start : token.end] != ",":
            group.append(token)
        elif group:
            words = [text[each.start : each.end] for each in group]
            size = words.index("as") if "as" in words else len(words)
            yield Name(group[0].start, group[size - 1].end, group[-1].end)
            group = []


def _with_names(listed: list[Token], names: list[Name]) -> Iterator[Token]:
    """`listed` with the tokens of each name as one."""
    left = iter(names)
    name = next(left, None)
    for token in listed:
        while name is not None and token.start >= name.end:
            name = next(left, None)
        if name is None or token.start < name.start:
            yield token
        elif token.start == name.start:
            yield Token("name", name.start, name.end)


def _left_over(
    line: tuple[Token, ...], cut: set[Token], *, indented: bool, closed: bool
) -> Iterator[Token]:
    """The blanks of a line that its cut names leave over."""
    for index, token in enumerate(line):
        if token.kind != "name" or token not in cut:
            continue
        behind = index + 1
        while behind < len(line) and line[behind].kind in ("blank", "mark"):
            behind += 1
        before = index - 1
        while before >= 0 and (line[before] in cut or line[before].kind == "blank"):
            before -= 1
        # The blanks that begin a line are its indentation, or part ``import`` from the names.
        first = before < 0 and (indented or not closed)
        if first or (behind < len(line) and line[behind].kind == "name"):
            left = line[index:behind]
        else:
            left = line[before + 1 : index]
        yield from (each for each in left if each.kind == "blank")


def _tail(line: list[Token]) -> Iterator[Token]:
    """The end of a line, with the blanks before it."""
    for token in reversed(line):
        if token.kind not in ("blank", "joined", "newline"):
            return
        yield token


def _pieces(parts: tuple[Token, ...], cut: set[Token]) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    for token in parts:
        if token in cut:
            if pieces and pieces[-1][1] == token.start:
                pieces[-1] = pieces[-1][0], token.end
            else:
                pieces.append((token.start, token.end))
    return pieces
