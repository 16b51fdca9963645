"""What a file may name of a project, told from its bytes: never less than a parser would find.

Two things: the targets of import statements, and dotted strings that may be arguments of calls
that patch or import. Comments and strings may hold what looks like a statement, and strings of no
such call look like its arguments; these add references, and nothing is missed. What bytes cannot
decide is `VAGUE`.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from sys import intern
from typing import NamedTuple

from ssot_lint.patterns import normalised
from ssot_lint.prefilter.encodings import hides_ascii, may_normalise
from ssot_lint.prefilter.quoted_paths import QuotedPaths, UndecidedError

Outline = tuple[str, ...]
"""References, sorted; see `Outliner`."""

VAGUE: Outline = ("?",)
"""The outline of a file that must be parsed, because bytes do not say what it names."""

_LONGEST = 10_000
"""Bytes of a line looked at."""
_MOST_KEPT = 50_000
"""Lines whose reading is kept: those of one project repeat."""

_LETTERS = rb"[\w\x80-\xff]"
_NAME = re.compile(rb"[A-Za-z_\x80-\xff]" + _LETTERS + rb"*")
_DOTTED = re.compile(_NAME.pattern + rb"(?:\." + _NAME.pattern + rb")*")
_MODULE = re.compile(rb"\.*(?:" + _DOTTED.pattern + rb")?")

_IMPORT = re.compile(rb"(?<!" + _LETTERS + rb")import(?!" + _LETTERS + rb")")
_FROM = re.compile(rb"(?<!" + _LETTERS + rb")from([\s.][\w\s.\x80-\xff]*)\Z")
_LIST = re.compile(rb"([\w\s.,*\x80-\xff]*)(?:[;#]|\Z)")
_OPENED = re.compile(rb"\s*\(")
# Every character can be read in one way only, so this takes no longer than its text.
_ENCLOSED = re.compile(rb"([\w\s,\x80-\xff]*(?:#[^\n]*\n[\w\s,\x80-\xff]*)*)\)")
_COMMENT = re.compile(rb"#[^\n]*")
_DOT = re.compile(rb"\s*\.\s*")

# A backslash that ends a comment joins nothing, unlike all others. Where no quote stands in its
# line, it does, or it is inside of a string, whatever that says.
_CONTINUED = re.compile(rb"^[^\n#]*#[^\n]*\\\n", re.MULTILINE)
_CONTINUED_COMMENT = re.compile(rb"^[^\n'\"#]*#[^\n'\"]*\\\n", re.MULTILINE)


class _Line(NamedTuple):
    """What a line imports; of a parenthesis that it leaves open, what from, and where it is."""

    references: tuple[str, ...]
    opened: tuple[tuple[bytes, int], ...]


class Outliner:
    """Tells what texts may name of modules below some top-level ones.

    References are: ``a.b:c`` for ``from a.b import c``, ``a.b:*`` for a star, ``a.b:`` for
    ``import a.b``; with leading dots as written, ``..a:b``; ``'a.b.c`` for a string that may be
    what a call patches, ``"a.b.c`` for one that may name a module to import. A string of which
    only a beginning is known is given as `facts.Text` has it: up to its last complete component.
    """

    def __init__(self, tops: Iterable[str]) -> None:
        self._tops = tuple(sorted(set(tops)))
        self._beyond_ascii = not all(map(str.isascii, self._tops))
        self._names = frozenset(map(str.encode, self._tops))
        self._quoted = QuotedPaths(self._names)
        self._lines: dict[bytes, _Line] = {}

    def __reduce__(self) -> tuple[type[Outliner], tuple[tuple[str, ...]]]:
        return Outliner, (self._tops,)  # without what it has read

    @property
    def words(self) -> bytes:
        """What stands for what is looked for; two with the same say the same of every text."""
        return repr(self._tops).encode()

    def outline(self, data: bytes) -> Outline:
        """The references of a text, sorted; or `VAGUE`."""
        if hides_ascii(data) or not (data.isascii() or self._reads(data)):
            return VAGUE
        while data.startswith(BOM_UTF8):
            data = data[len(BOM_UTF8) :]
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        statements = data
        if b"\\" in data:
            if self._beyond_ascii:
                return VAGUE
            if b"\\\n" in data:
                statements = _CONTINUED_COMMENT.sub(_ended, data)
                if _CONTINUED.search(statements):
                    return VAGUE
                statements = statements.replace(b"\\\n", b" ")
        try:
            return tuple(sorted({*self._imports(statements), *self._quoted.found(data)}))
        except UndecidedError:
            return VAGUE

    def _reads(self, data: bytes) -> bool:
        """Whether letters beyond ASCII are known, and can only stand for themselves."""
        return not (self._beyond_ascii or may_normalise(data))

    def _imports(self, data: bytes) -> Iterator[str]:
        """The references of import statements; no statement has a backslash."""
        at = data.find(b"import")
        while at >= 0:
            start = data.rfind(b"\n", 0, at) + 1
            end = data.find(b"\n", at)
            if end < 0:
                end = len(data)
            text = data[start:end]
            line = self._lines.get(text)
            if line is None:
                line = self._read(text)
            yield from line.references
            for module, inside in line.opened:
                listed = _ENCLOSED.match(data, start + inside)
                if listed:
                    yield from _names(module, _COMMENT.sub(b"", listed[1]))
            at = data.find(b"import", end)

    def _read(self, text: bytes) -> _Line:
        """Reads a line, and keeps what it says."""
        if len(text) > _LONGEST:
            if _IMPORT.search(text):
                raise UndecidedError
            return _Line((), ())
        if len(self._lines) >= _MOST_KEPT:
            self._lines.clear()
        references: list[str] = []
        opened = []
        behind = 0
        for keyword in _IMPORT.finditer(text):
            clause = _FROM.search(text, behind, keyword.start())
            behind = keyword.end()
            if clause is None:
                references += self._plain(text, behind)
                continue
            module = _DOT.sub(b".", clause[1].strip())
            if not _MODULE.fullmatch(module) or not self._is_own(module):
                continue
            parenthesis = _OPENED.match(text, behind)
            if parenthesis:
                opened.append((module, parenthesis.end()))
            elif listed := _LIST.match(text, behind):
                references += _names(module, listed[1])
        line = self._lines[text] = _Line(tuple(references), tuple(opened))
        return line

    def _is_own(self, module: bytes) -> bool:
        return module.startswith(b".") or module.partition(b".")[0] in self._names

    def _plain(self, text: bytes, at: int) -> Iterator[str]:
        """What the rest of a line imports if the keyword begins the statement."""
        listed = _LIST.match(text, at)
        for path in _listed(_DOT.sub(b".", listed[1])) if listed else ():
            if path.partition(b".")[0] in self._names and _DOTTED.fullmatch(path):
                yield _reference(path, b"")


def _ended(comment: re.Match[bytes]) -> bytes:
    return comment[0].rstrip(b"\\\n") + b"\n"


def _names(module: bytes, listed: bytes) -> Iterator[str]:
    """The references of what is imported from a module."""
    for name in _listed(listed):
        if name == b"*" or _NAME.fullmatch(name):
            yield _reference(module, name)


def _listed(text: bytes) -> list[bytes]:
    """The names between commas, without their aliases; none if there is anything else."""
    names = []
    for piece in text.split(b","):
        words = piece.split()
        if len(words) == 1 or (len(words) == 3 and words[1] == b"as"):
            names.append(words[0])
        elif words:
            return []
    return names


def _reference(module: bytes, name: bytes) -> str:
    return intern(normalised((module + b":" + name).decode()))
