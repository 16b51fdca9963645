"""The words of several rules, looked for in the bytes of files."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cached_property

from ssot_lint.model import SourceFile
from ssot_lint.patterns import Clue, Pattern, Place, Words, ancestors, fold
from ssot_lint.prefilter.encodings import hides_ascii, may_normalise
from ssot_lint.prefilter.literals import may_spell
from ssot_lint.prefilter.places import BLANK, TESTS

_Clues = tuple[tuple[tuple[bytes, ...], Place, Pattern, int], ...]
"""Words, all of which a text holds, where, in what name, and whose they are (a bit each)."""


class Prefilter:
    """The words of several rules, ready to be looked for; each of them has a bit in the answers."""

    def __init__(self, words: Iterable[Words]) -> None:
        """The first one's bit is 1, the next one's 2, and so on."""
        every = [(1 << number, each) for number, each in enumerate(words)]
        self._packages: dict[str, int] = {}
        for bit, each in every:
            for package in each.packages if each.clues else ():
                self._packages[package] = self._packages.get(package, 0) | bit
        wanted = [(bit, each) for bit, each in every if each.clues]
        self._asking = _bits(wanted)
        self._stars = _bits((bit, each) for bit, each in wanted if each.stars)
        self._exact = _clues((bit, each) for bit, each in wanted if not each.ignore_case)
        self._folded = _clues((bit, each) for bit, each in wanted if each.ignore_case)
        self._in_strings = [
            (bit, () if each.ignore_case else found, found if each.ignore_case else ())
            for bit, each in wanted
            if (found := _in_strings(each))
        ]
        self._spelled = tuple(sorted({w for _, exact, _ in self._in_strings for w in exact}))
        self._spelled_folded = tuple(sorted({w for *_, words in self._in_strings for w in words}))
        clues = (*self._exact, *self._folded)
        self._beyond_ascii = not all(word.isascii() for words, *_ in clues for word in words)

    @cached_property
    def words(self) -> bytes:
        """What stands for the words; two pre-filters with the same find the same texts."""
        return repr((self._exact, self._folded, self._in_strings, self._stars)).encode()

    @property
    def asks(self) -> bool:
        """Whether there is anything to look for in a text."""
        return bool(self._asking)

    def visits(self, file: SourceFile, data: bytes) -> int:
        """Whose violations the file with these bytes may hold."""
        return self.stands_inside(file) | self.may_hold(data)

    def stands_inside(self, file: SourceFile) -> int:
        """Who visits a file for where it stands, whatever its text."""
        bits = 0
        for package in ancestors(file.package or "") if self._packages else ():
            bits |= self._packages.get(package, 0)
        return bits

    def may_hold(self, data: bytes) -> int:
        """Whose violations a text may hold, wherever it stands."""
        if not self._asking:
            return 0
        found = self._finds(data)
        if found == self._asking:
            return found
        if hides_ascii(data):
            return self._asking
        if not data.isascii() and (self._beyond_ascii or may_normalise(data)):
            return self._asking
        stars = self._stars & ~found
        if stars and b"*" in data and b"import*" in data.translate(None, BLANK):
            found |= stars
        return found | self._may_spell(data, found)

    def _may_spell(self, data: bytes, found: int) -> int:
        """Who is not `found` yet, and may find a word in a string literal that does not hold it."""
        asking = [each for each in self._in_strings if not each[0] & found]
        if not asking:
            return 0
        if self._beyond_ascii and b"\\" in data:
            return sum(bit for bit, *_ in asking)
        # Nearly always the answer is no, and one search for all will tell.
        if not may_spell(data, self._spelled, self._spelled_folded):
            return 0
        return sum(bit for bit, *words in asking if may_spell(data, *words))

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
            words and all(word.decode() in form for word in words)
            for clues, form in ((self._exact, text), (self._folded, fold(text)))
            for words, *_ in clues
        )

    def _finds(self, data: bytes) -> int:
        found = _found(self._exact, data)
        return found | _found(self._folded, data.lower()) if self._folded else found


def _bits(wanted: Iterable[tuple[int, Words]]) -> int:
    return sum(bit for bit, _ in wanted)


def _found(clues: _Clues, data: bytes) -> int:
    # A test per word: a regular expression of several words is seven times as slow.
    found, missing = 0, b""
    for words, place, name, bits in clues:
        if words[:1] == (missing,) or not bits & ~found:
            continue
        for word in words:
            if word not in data:
                missing = words[0] if word is words[0] else missing
                break
        else:
            if TESTS[place](data, words, name):
                found |= bits
    return found


def _in_strings(words: Words) -> tuple[bytes, ...]:
    """The words that a string literal may spell: those that may stand anywhere."""
    if not words.strings:
        return ()
    clues = (clue for clue in words.clues if clue.place == "anywhere")
    return tuple(sorted({word.encode() for clue in clues for word in clue.words}))


def _rarest(word: bytes) -> tuple[int, bytes]:
    """Sorts long words first, because most texts lack them."""
    return -len(word), word


def _clues(wanted: Iterable[tuple[int, Words]]) -> _Clues:
    """The clues of all as bytes, sorted, those of one word side by side."""
    bits: dict[Clue, int] = {}
    for bit, each in wanted:
        for clue in each.clues:
            if not any(_implies(other, clue) for other in each.clues):
                bits[clue] = bits.get(clue, 0) | bit
    return tuple(
        sorted(
            (tuple(sorted(map(str.encode, words), key=_rarest)), place, Pattern(name), whose)
            for (words, place, name), whose in bits.items()
        )
    )


def _implies(other: Clue, clue: Clue) -> bool:
    """Whether a text with `clue` has the `other`, too."""
    return (
        other != clue
        and bool(other.words)
        and other.words <= clue.words
        and (other.place == "anywhere" or (other.place, other.name) == clue[1:])
    )
