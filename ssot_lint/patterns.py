"""Globs on dotted names, and the words that a text must contain for them to match.

`*` stands for any characters within one component, `**` for any characters, dots included; a
component that is `**` alone stands for any number of components, none included (as in
``.gitignore``). A pattern without wildcards is a literal path: it names that module or symbol and
everything below it. There are no regular expressions: matching takes time proportional to
pattern times name, whatever a pattern looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain, combinations
from math import comb
from typing import Literal, NamedTuple

_COMPONENT = re.compile(r"[\w*]+")
_RUN = re.compile(r"\w+")
_MANY = 50
"""Alternatives of words: each is looked for in every file."""
_WILD = ("*", "**", "**.")
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def normalised(text: str) -> str:
    """`text` as Python compares names (NFKC, PEP 3131)."""
    if text.isascii():
        return text
    import unicodedata  # rarely needed, and its tables are large

    return unicodedata.normalize("NFKC", text)


def is_dotted(text: str) -> bool:
    """Whether `text` is a dotted name: identifiers joined by single dots."""
    return all(part.isidentifier() for part in text.split("."))


def covers(path: str, name: str) -> bool:
    """Whether `name` is `path` or lies below it, by component."""
    return name == path or (name.startswith(path) and name[len(path) : len(path) + 1] == ".")


def ancestors(name: str) -> Iterator[str]:
    """`name`, then each dotted path above it, longest first."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def fold(text: str) -> str:
    """ASCII lower case, which is what ``ignore_case`` means; length and offsets stay."""
    return text.translate(_LOWER)


@dataclass(frozen=True, order=True)
class Pattern:
    """A validated glob; make one with `Pattern.parse`."""

    text: str
    ignore_case: bool = False

    @classmethod
    def parse(cls, text: str, ignore_case: bool = False) -> Pattern:
        """The pattern, or ValueError with what is wrong in words for the user."""
        if not text:
            raise ValueError("a pattern cannot be empty")
        text = normalised(text)
        for part in text.split("."):
            if not part:
                raise ValueError(f"'{text}' has an empty component; write names joined by dots")
            if "***" in part:
                raise ValueError(
                    f"'{text}': '***' means nothing; "
                    "'*' stays within a component, '**' crosses dots"
                )
            bare = part.replace("*", "")
            if not _COMPONENT.fullmatch(part) or (bare and not f"_{bare}".isidentifier()):
                raise ValueError(
                    f"'{text}' is no pattern on dotted names: only names, dots, '*' and '**'"
                )
            if "*" not in part and not part.isidentifier():
                raise ValueError(f"'{text}': '{part}' is no Python name")
        return cls(text, ignore_case)

    @property
    def literal(self) -> bool:
        return "*" not in self.text

    def matches(self, name: str) -> bool:
        """Whether the pattern names `name`."""
        if self.ignore_case:
            name = fold(name)
        if self.literal:
            return covers(self._folded, name)
        first, last = self._ends
        return name.startswith(first) and name.endswith(last) and _glob_matches(self._tokens, name)

    @cached_property
    def runs(self) -> tuple[str, ...]:
        """The literal stretches of the pattern's last component (folded under `ignore_case`).

        A text that does not contain all of them cannot spell a name that matches, unless what
        matches lies below a literal path: `words` of a rule on such paths are the path's own.
        """
        return tuple(filter(None, self._folded.rpartition(".")[2].split("*")))

    @cached_property
    def _ends(self) -> tuple[str, str]:
        """What stands before the first wildcard, and after the last one."""
        wild = [index for index, token in enumerate(self._tokens) if token in _WILD]
        return "".join(self._tokens[: wild[0]]), "".join(self._tokens[wild[-1] + 1 :])

    @cached_property
    def _folded(self) -> str:
        return fold(self.text) if self.ignore_case else self.text

    @cached_property
    def _tokens(self) -> tuple[str, ...]:
        # A whole component "**" eats its dot too: "a.**.b" is a, any components, b.
        return tuple(re.findall(r"(?:(?<=\.)|^)\*\*\.|\*\*|\*|.", self._folded))

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=65536)
def _glob_matches(tokens: tuple[str, ...], name: str) -> bool:
    """Simulates the automaton of `tokens` on `name`: time is their product, at worst."""

    def closure(states: Iterable[int]) -> set[int]:
        seen: set[int] = set()
        stack = list(states)
        while stack:
            state = stack.pop()
            if state not in seen:
                seen.add(state)
                if state < len(tokens) and tokens[state] in _WILD:
                    stack.append(state + 1)
        return seen

    states = closure([0])
    for char in name:
        following: set[int] = set()
        for state in states:
            glob = tokens[state] if state < len(tokens) else ""
            if glob in ("**", "**.") or (glob == "*" and char != "."):
                following.add(state)
            elif glob == char:
                following.add(state + 1)
        # "**." stands for whole components: inside of one it cannot be left.
        inside = {s for s in following if char != "." and tokens[s : s + 1] == ("**.",)}
        states = inside | closure(following - inside)
        if not states:
            return False
    return len(tokens) in states


def word_runs(text: str) -> tuple[str, ...]:
    """The runs of letters, digits and underscores in a text.

    A literal spells them as they are or in pieces and escapes, whatever it does with the rest.
    """
    return tuple(_RUN.findall(text))


Place = Literal["anywhere", "import", "star", "class", "def", "call", "suppression"]
"""Where the words of a clue stand: in an import statement; the same in a text that has a star
import (without words: one that names no module); in the name of a class or a function that is
defined, or of what is called (or of what its last attribute is taken from); anywhere, beside a
suppression."""


class Clue(NamedTuple):
    """Words that a text contains, all of them, each in a certain place.

    A definition is one of a name that matches the pattern `name`.
    """

    words: frozenset[str]
    place: Place = "anywhere"
    name: str = "*"


@dataclass(frozen=True, slots=True)
class Words:
    """What a file's text must contain so that a rule can find anything in it.

    A text is a candidate if it has at least one of the `clues`. No clues: the rule needs no text
    at all (it judges paths). A rule that can name no words says None instead of a `Words`.

    Exceptions, whose texts are candidates without the words: files in or below one of `packages`
    (dotted), because a relative import need not spell where it stands; with `stars`, texts with a
    star import, which binds names unspelled; with `strings`, texts whose string literals may spell
    the words in pieces or escapes.
    """

    clues: frozenset[Clue] = frozenset()
    ignore_case: bool = False
    packages: frozenset[str] = frozenset()
    stars: bool = False
    strings: bool = False

    @classmethod
    def of(
        cls, *alternatives: Iterable[str], ignore_case: bool = False, place: Place = "anywhere"
    ) -> Words:
        """Texts with all words of at least one of the `alternatives`, in `place`."""
        return cls(frozenset(Clue(frozenset(words), place) for words in alternatives), ignore_case)

    @classmethod
    def of_definitions(
        cls, place: Literal["class", "def"], patterns: Iterable[Pattern], ignore_case: bool = False
    ) -> Words:
        """Texts that define a name which one of the `patterns` matches."""
        clues = (Clue(frozenset(each.runs), place, each._folded) for each in patterns)
        return cls(frozenset(clues), ignore_case)

    def also(self, other: Words) -> Words:
        """The same, for texts that have a clue of `other` as well."""
        return replace(self, clues=self.clues | other.clues)

    @classmethod
    def at_least(cls, count: int, items: Iterable[Iterable[str]]) -> Words:
        """Those of texts that hold `count` of several items, each given by its words.

        Whoever holds `count` of n items holds at least k of any n - count + k of them. Of the
        alternatives that follow for each k, those of the largest k are taken that are still few,
        and of the items the longest, which are the rarest.
        """
        wanted = sorted((tuple(item) for item in items), key=lambda item: -sum(map(len, item)))
        spare = len(wanted) - count
        size = max(k for k in range(count + 1) if k < 2 or comb(spare + k, k) <= _MANY)
        chosen = combinations(wanted[: spare + size], size)
        return cls.of(*(chain.from_iterable(items) for items in chosen))
