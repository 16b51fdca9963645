"""How deep a file is worth reading: not at all, its statements, or its expressions, too."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from ssot_lint.model import SourceFile
from ssot_lint.patterns import Words
from ssot_lint.prefilter.outline import Outline, Outliner
from ssot_lint.prefilter.prefilter import Prefilter

NOTHING, STATEMENTS, EXPRESSIONS = range(3)
"""Depths."""


class Want(NamedTuple):
    """How deep a rule wants to have files read: those with its words; all, if these are None.

    If it wants them `by_outline`, none of these, but those whose outlines leave doubts.
    """

    words: Words | None
    depth: int
    by_outline: bool = False


class Sieve:
    """What several rules want.

    Each want has a bit: the first one 1, the next one 2, and so on; answers are sums of these, but
    for the `known` first ones, about which another sieve was asked. `outliner` makes outlines.
    """

    def __init__(
        self, wants: Iterable[Want], known: int = 0, outliner: Outliner | None = None
    ) -> None:
        wants = tuple(wants)
        asked = [
            Words() if number < known or want.by_outline else want.words
            for number, want in enumerate(wants)
        ]
        self._prefilter = Prefilter(words or Words() for words in asked)
        self._everywhere = _sum(words is None for words in asked)
        self._outliner = outliner
        self.by_outline = _sum(want.by_outline for want in wants)
        """Who wants files whose outlines leave doubts."""
        self._deep = _sum(want.depth == EXPRESSIONS for want in wants)
        self.all = _sum(True for _ in wants)
        """The answer that all want a file."""

    @property
    def asks(self) -> bool:
        """Whether what a file says matters."""
        return self._prefilter.asks

    @cached_property
    def words(self) -> bytes:
        """What stands for what is looked for in texts; two sieves with the same find the same."""
        return self._prefilter.words

    def place(self, file: SourceFile) -> int:
        """Who wants a file for where it stands, whatever its text: that is for its package."""
        return self._everywhere | self._prefilter.stands_inside(file)

    def text(self, data: bytes) -> int:
        """Who wants a text, wherever it stands."""
        return self._prefilter.may_hold(data)

    @property
    def outlines(self) -> bool:
        """Whether somebody asks for outlines."""
        return self._outliner is not None

    @property
    def outline_kind(self) -> bytes:
        """What stands for the way in which outlines are made."""
        return self._outliner.words if self._outliner else b""

    def outline(self, data: bytes) -> Outline:
        """What a text refers to, if somebody asks."""
        return self._outliner.outline(data) if self._outliner else ()

    def depth(self, wanted: int) -> int:
        """How deep a file is worth reading that some want."""
        return EXPRESSIONS if wanted & self._deep else STATEMENTS if wanted else NOTHING


def _sum(flags: Iterable[bool]) -> int:
    return sum(1 << number for number, flag in enumerate(flags) if flag)


WHOLE = Sieve([Want(None, EXPRESSIONS)])
"""Lets everything through."""
