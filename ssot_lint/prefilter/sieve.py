"""How deep a file is worth reading: not at all, its statements, or its expressions, too."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from ssot_lint.model import SourceFile
from ssot_lint.patterns import Words
from ssot_lint.prefilter.prefilter import Prefilter

NOTHING, STATEMENTS, EXPRESSIONS = range(3)
"""Depths."""


class Want(NamedTuple):
    """How deep a rule wants to have files read: those with its words; all, if these are None."""

    words: Words | None
    depth: int


class Sieve:
    """What several rules want.

    Each want has a bit: the first one 1, the next one 2, and so on; answers are sums of these, but
    for the `known` first ones, about which another sieve was asked.
    """

    def __init__(self, wants: Iterable[Want], known: int = 0) -> None:
        wants = tuple(wants)
        asked = [Words()] * known + [want.words for want in wants[known:]]
        self._prefilter = Prefilter(words or Words() for words in asked)
        self._everywhere = _sum(words is None for words in asked)
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

    def depth(self, wanted: int) -> int:
        """How deep a file is worth reading that some want."""
        return EXPRESSIONS if wanted & self._deep else STATEMENTS if wanted else NOTHING


def _sum(flags: Iterable[bool]) -> int:
    return sum(1 << number for number, flag in enumerate(flags) if flag)


WHOLE = Sieve([Want(None, EXPRESSIONS)])
"""Lets everything through."""
