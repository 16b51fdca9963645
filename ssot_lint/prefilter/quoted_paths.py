"""Dotted paths in string literals that calls which patch or import may take, told from bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from sys import intern

from ssot_lint.prefilter.literals import ESCAPE

_MOST_PIECES = 100
"""Literals that are written as one string, looked at."""

# Calls whose strings matter; inside of parentheses, comments may stand anywhere.
_BEHIND = rb"[\s\\)]*"
_PATCH = re.compile(
    rb"patch" + _BEHIND + rb"(?:\.[\s\\]*(?:multiple|dict|(?=#))" + _BEHIND + rb")?[(#]"
)
_SETTER = re.compile(rb"\.[\s\\]*(?:#[^\n]*\n[\s\\]*)*(?:set|del)attr" + _BEHIND + rb"[(#]")
# Two, because what begins with certain characters is found ten times as fast.
_IMPORTERS = (
    re.compile(rb"import(?:_module|__|orskip|_or_skip)" + _BEHIND + rb"[(#]"),
    re.compile(rb"find_spec" + _BEHIND + rb"[(#]"),
)
# What a string behind an importer's parenthesis follows, or behind a keyword (also `modname=`).
_IMPORTED = re.compile(
    rb"(?:import(?:_module|__|orskip|_or_skip)|find_spec|name)"
    rb"[\s\\()=]*(?:#[^\n]*\n[\s\\()=]*)*[rRbBuUfFtT]{0,2}(?=['\"])"
)

_NAME = rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*"
_DOTTED = re.compile(_NAME + rb"(?:\." + _NAME + rb")*")
# A literal, up to what is no part of a path; an escape may be a letter.
_PIECE = rb"([\w.:\x80-\xff]*(?:\\\n[\w.:\x80-\xff]*)*)"
_LITERAL = {
    quote: re.compile(quote + _PIECE + rb"(" + quote + rb"|[{%]|\\[xuUN0-7])")
    for quote in (b"'''", b'"""', b"'", b'"')
}
# What stands between two literals that are one string, or before whatever is added to the first.
_JOINT = re.compile(
    rb"[\s\\)]*(?:#[^\n]*\n[\s\\)]*)*"
    rb"(?=\+|[rRbBuUfFtT]{0,2}['\"])(\+[\s\\(]*(?:#[^\n]*\n[\s\\(]*)*)?"
    rb"(?:[rRbBuUfFtT]{0,2}(?=['\"]))?"
)


class UndecidedError(Exception):
    """Bytes do not tell what a file names."""


class QuotedPaths:
    """Looks for paths that begin with one of some names, all ASCII.

    Of a string of which only a beginning is known, the path is that of `facts.Text`: up to the
    last complete component. Literals that may be one string are read joined, and apart, too.
    """

    def __init__(self, names: Iterable[bytes]) -> None:
        self._names = frozenset(names)

    def found(self, data: bytes) -> Iterator[str]:
        """The paths, marked by a quote: double for what may be imported, single for the others.

        Raises `UndecidedError` for escapes that may spell a path, and for what may be imported
        relative to a package.
        """
        imports, patches = any(call.search(data) for call in _IMPORTERS), _patches(data)
        if imports and any(_is_relative(data, call.end()) for call in _IMPORTED.finditer(data)):
            raise UndecidedError
        if not imports and not patches:
            return
        for beginning in self._beginnings:
            for literal in beginning.finditer(data):
                if literal[2]:
                    raise UndecidedError
                if literal[1] and literal[1] not in self._parts:
                    continue
                for path in self._paths(data, literal.start()):
                    if imports:
                        yield intern(f'"{path}')
                    if patches and "." in path:
                        yield intern(f"'{path}")

    def _paths(self, data: bytes, at: int) -> Iterator[str]:
        # Of three quotes, the first two may be of another literal.
        for start in (at, at - 2) if data[max(at - 2, 0) : at + 1] in _LITERAL else (at,):
            for path in _values(data, start):
                if path.partition(b".")[0] in self._names and _DOTTED.fullmatch(path):
                    yield path.decode()

    @cached_property
    def _parts(self) -> frozenset[bytes]:
        """What the first of several pieces may hold of a name."""
        return frozenset(name[:end] for name in self._names for end in range(1, len(name) + 1))

    @cached_property
    def _beginnings(self) -> list[re.Pattern[bytes]]:
        """How literals of paths begin, for each kind of quote."""
        first = b"".join(sorted({re.escape(name[:1]) for name in self._names}))
        return [
            re.compile(
                quote + rb"(?:([" + first + rb"][\w\x80-\xff]*)[.:{%\\" + quote + rb"]"
                rb"|\\\n|(" + ESCAPE.pattern + rb"))"
            )
            for quote in ((b"'", b'"') if first else ())
        ]


def _patches(data: bytes) -> bool:
    """Whether something is called by a name of those that patch."""
    if b"attr" in data and (b"setattr" in data or b"delattr" in data) and _SETTER.search(data):
        return True
    calls = (call.start() for call in _PATCH.finditer(data))
    return any(not (data[at - 1 : at].isalnum() or data[at - 1 : at] == b"_") for at in calls)


def _is_relative(data: bytes, at: int) -> bool:
    return any(
        path.startswith(b".") and _DOTTED.fullmatch(path.lstrip(b".")) for path in _values(data, at)
    )


def _values(data: bytes, at: int) -> Iterator[bytes]:
    """The paths that a string may be that begins with the quote at `at`, or its beginning."""
    text = b""
    for _ in range(_MOST_PIECES):
        quote = data[at : at + 3]
        pattern = _LITERAL.get(quote) or _LITERAL.get(quote[:1])
        literal = pattern and pattern.match(data, at)
        if not literal:
            return
        text += literal[1].replace(b"\\\n", b"")
        if literal[2] in (b"{", b"%"):
            yield _beginning(text)
            return
        if literal[2].startswith(b"\\"):
            # In a name beyond the first, letters are not all ASCII.
            if b"." in text or b":" in text or ESCAPE.match(data, literal.start(2)):
                raise UndecidedError
            return
        yield text.replace(b":", b".", 1)
        joint = _JOINT.match(data, literal.end())
        if joint is None:
            return
        if joint[1]:
            yield _beginning(text)
        at = joint.end()
    raise UndecidedError


def _beginning(text: bytes) -> bytes:
    """What is complete of a path that goes on."""
    return text.replace(b":", b".", 1).rpartition(b".")[0]
