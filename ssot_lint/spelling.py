"""Whether a text is a misspelling of another one, or simply another text.

A misspelling writes the same words in another way (``agent-started``, ``agentStarted``), or gets
one word wrong: one letter too many, missing, wrong, or swapped with its neighbour (the four errors
of F. J. Damerau, CACM 7:3, 1964, who found them in 80 % of misspelt words); two in a long word.
The first letter is seldom wrong (J. J. Pollock and A. Zamora, CACM 27:4, 1984), but often what
tells two words apart: ``get`` and ``set``, ``import`` and ``export``. Other forms of a word
(``create``, ``created``, ``creates``) and other numbers are other texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import takewhile

from ssot_lint.patterns import Words, fold

_ONE_ERROR = 5
"""Letters of a word that one error leaves recognisable: ``form`` is another word than ``from``."""
_TWO_ERRORS = 9

_HUMP = re.compile(r"(?<=[a-z\d])(?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_SEPARATOR = re.compile(r"[\W_]+")
_INTERCHANGEABLE = frozenset("_-.:")
_SUFFIXES = frozenset(
    ("", "s", "es", "e", "ed", "er", "or", "ing", "ings", "ion", "ions", "y", "ies", "ied", "al")
)
_SUFFIXES_AFTER_E = frozenset(("d", "r"))


class Speller:
    """Knows `values`, and what else is spelt on purpose; remembers answers, for speed alone."""

    def __init__(self, values: Iterable[str], also: Iterable[str] = ()) -> None:
        self._values = tuple(values)
        self._known = frozenset((*self._values, *also))
        self._initials = {fold(value[:1]) for value in self._values}
        self._find = lru_cache(maxsize=65536)(self._misspelt)

    def misspelt(self, text: str, *, alone: bool = False) -> str | None:
        """The value that `text` misspells, the first of several; None if there is none.

        `alone` says that nothing but its letters tells what `text` is meant to be.
        """
        return self._find(text, alone) if fold(text[:1]) in self._initials else None

    def _misspelt(self, text: str, alone: bool) -> str | None:
        if text in self._known:
            return None
        kinship = misspells_alone if alone else misspells
        return next((value for value in self._values if kinship(text, value)), None)


def misspells(text: str, value: str) -> bool:
    """Whether `text` is not `value`, but meant to be, if it stands where values are expected."""
    if not text or not value or text == value or fold(text[0]) != fold(value[0]):
        return False
    return _differs_in_style(text, value) or _differs_in_one_word(text, value)


def misspells_alone(text: str, value: str) -> bool:
    """Whether `text` is not `value`, but meant to be, wherever it stands.

    Only of values of several words: one word is too often like another (``valve``, ``value``), and
    several in humps or without a gap are what other languages and services call something.
    """
    parts = _SEPARATOR.split(value)
    return len(parts) > 1 and len(_SEPARATOR.split(text)) == len(parts) and misspells(text, value)


def words_of_misspellings(values: Iterable[str]) -> Words:
    """The words of texts that hold a misspelling, standing alone, of one of `values`.

    A misspelling has all the words of the value, in any case, or all but one.
    """
    alternatives: list[list[str]] = []
    for value in values:
        parts = [fold(part) for part in _SEPARATOR.split(value)]
        if len(parts) > 1:
            alternatives.append(parts)
            for index, part in enumerate(parts):
                if len(part) >= _ONE_ERROR:
                    alternatives.append(parts[:index] + parts[index + 1 :])
    return Words.of(*alternatives, ignore_case=True)


def _words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, however they are joined."""
    return tuple(map(fold, _WORD.findall(_HUMP.sub("_", text))))


def _differs_in_style(text: str, value: str) -> bool:
    """Whether a text has the words of `value`, and no right of its own to its style.

    A constant or a class is named after the value, a label spells it out, a lookup (``a__b``),
    a path (``a/b``) or a prefix (``a_``) is made of it.
    """
    words = _words(value)
    if _words(text) != words and fold(text) != "".join(words):
        return False
    if text.isupper() or text == fold(value) or (text.isalnum() and text[0].isupper()):
        return False
    own = {char for char in text if not char.isalnum()} - set(value)
    return own <= _INTERCHANGEABLE and "__" not in text and text[-1].isalnum()


def _differs_in_one_word(text: str, value: str) -> bool:
    """Whether a text has the style of `value` and an error in one of its words."""
    if _SEPARATOR.findall(text) != _SEPARATOR.findall(value):
        return False
    pairs = zip(_SEPARATOR.split(text), _SEPARATOR.split(value), strict=True)
    wrong = [(word, right) for word, right in pairs if word != right]
    return len(wrong) == 1 and _has_an_error(*wrong[0])


def _has_an_error(word: str, right: str) -> bool:
    errors = 2 if len(right) >= _TWO_ERRORS else 1
    return (
        len(right) >= _ONE_ERROR
        and abs(len(word) - len(right)) <= errors
        and word[:1] == right[:1]
        and (word + right).isalpha()
        and fold(word) != fold(right)
        and not _are_forms_of_one_word(word, right)
        and _distance(word, right) <= errors
    )


def _are_forms_of_one_word(one: str, other: str) -> bool:
    same = sum(1 for _ in takewhile(bool, map(str.__eq__, one, other)))
    suffixes = _SUFFIXES | _SUFFIXES_AFTER_E if one[:same].endswith("e") else _SUFFIXES
    return {one[same:], other[same:]} <= suffixes


def _distance(one: str, other: str) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours that lead from one to the other.

    The optimal string alignment distance: no letter takes part in two of them.
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                row[j] = min(row[j], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
