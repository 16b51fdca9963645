"""The words of several rules, looked for in the bytes of files."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cached_property

from ssot_lint.model import SourceFile
from ssot_lint.patterns import Pattern, Place, Words, ancestors, fold
from ssot_lint.prefilter.encodings import hides_ascii, may_normalise
from ssot_lint.prefilter.literals import may_spell
from ssot_lint.prefilter.places import BLANK, TESTS

_Clues = tuple[tuple[tuple[bytes, ...], Place, Pattern], ...]


class Prefilter:
    """The words of several rules, ready to be looked for."""

    def __init__(self, words: Iterable[Words], beside: Prefilter | None = None) -> None:
        """`beside` is another one, asked first: what it finds need not be found here again."""
        wanted = [each for each in words if each.clues]
        self._packages = frozenset[str]().union(*(each.packages for each in wanted))
        self._asks = bool(wanted)
        self._stars = any(each.stars for each in wanted)
        found = beside._plain if beside else ()
        self._plain: _Clues = tuple(
            (words, place, name)
            for words, place, name in _clues(each for each in wanted if not each.ignore_case)
            if not any(at == "anywhere" and {*other} <= {*words} for other, at, _ in found)
        )
        self._folded = _clues(each for each in wanted if each.ignore_case)
        self._in_strings = _in_strings(each for each in wanted if not each.ignore_case)
        self._folded_in_strings = _in_strings(each for each in wanted if each.ignore_case)
        every = (*self._plain, *self._folded)
        self._beyond_ascii = not all(word.isascii() for words, *_ in every for word in words)

    @cached_property
    def words(self) -> bytes:
        """What stands for the words; two pre-filters with the same find the same texts."""
        return repr(
            (
                *(self._plain, self._folded, self._in_strings, self._folded_in_strings),
                self._stars,
            )
        ).encode()

    def visits(self, file: SourceFile, data: bytes) -> bool:
        """Whether the file with these bytes may hold something that one of the rules reports."""
        return self.stands_inside(file) or self.may_hold(data)

    def stands_inside(self, file: SourceFile) -> bool:
        """Whether a file is to be visited for where it stands, whatever its text."""
        return bool(file.package) and not self._packages.isdisjoint(ancestors(file.package or ""))

    def may_hold(self, data: bytes) -> bool:
        """Whether a text may hold something that one of the rules reports, wherever it stands."""
        if not self._asks:
            return False
        if self._finds(data) or hides_ascii(data):
            return True
        if not data.isascii() and (self._beyond_ascii or may_normalise(data)):
            return True
        if self._stars and b"*" in data and b"import*" in data.translate(None, BLANK):
            return True
        if not self._in_strings and not self._folded_in_strings:
            return False
        if self._beyond_ascii and b"\\" in data:
            return True
        return may_spell(data, self._in_strings, self._folded_in_strings)

    def mentions(self, data: bytes) -> bool:
        """Whether a text contains the words of one of the rules, as Python compares names (NFKC).

        Narrower than `may_hold`: a broken file is told of for what it says, not for what it might.
        """
        if self._finds(data):
            return True
        if not self._beyond_ascii and not may_normalise(data):
            return False  # these letters stand for themselves
        text = unicodedata.normalize("NFKC", data.decode("utf-8", "replace"))
        return any(
            all(word.decode() in form for word in words)
            for clues, form in ((self._plain, text), (self._folded, fold(text)))
            for words, *_ in clues
        )

    def _finds(self, data: bytes) -> bool:
        if _finds(self._plain, data):
            return True
        return bool(self._folded) and _finds(self._folded, data.lower())


def _finds(clues: _Clues, data: bytes) -> bool:
    # A test per word: a regular expression of several words is seven times as slow.
    for words, place, name in clues:
        for word in words:
            if word not in data:
                break
        else:
            if TESTS[place](data, words, name):
                return True
    return False


def _in_strings(words: Iterable[Words]) -> tuple[bytes, ...]:
    """The words that a string literal may spell, which holds no star import."""
    clues = _clues(each for each in words if each.strings)
    return tuple(sorted({word for words, place, _ in clues if place != "star" for word in words}))


def _rarest(word: bytes) -> tuple[int, bytes]:
    """Sorts long words first, because most texts lack them."""
    return -len(word), word


def _clues(words: Iterable[Words]) -> _Clues:
    """The clues of all as bytes, without those that another one implies; sorted."""
    every = {clue for each in words for clue in each.clues}
    needed = {
        clue
        for clue in every
        if not any(
            other != clue
            and other.words
            and other.words <= clue.words
            and (other.place == "anywhere" or (other.place, other.name) == clue[1:])
            for other in every
        )
    }
    return tuple(
        sorted(
            (tuple(sorted(map(str.encode, words), key=_rarest)), place, Pattern(name))
            for words, place, name in needed
        )
    )
