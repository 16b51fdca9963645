"""Which texts are worth parsing: those that may hold the words of some rule.

Most files cannot break a rule, and their bytes say so sooner than a parser does. What is passed
over, parsing would have found nothing in; where bytes cannot decide, the file is parsed. What can
hide a word from a search of bytes:

- identifiers that are equal only after NFKC normalisation (PEP 3131), and encodings other than
  those that spell ASCII in ASCII (PEP 263);
- relative imports inside a package that is itself a target, and star imports;
- in string literals: escapes, a backslash at the end of a line, implicit concatenation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, cached_property

from ssot_lint.model import SourceFile
from ssot_lint.patterns import Words, ancestors

# PEP 263: where an encoding may be declared, and how.
_COOKIE = re.compile(rb"\A(?:[^\n]*\n)?[ \t\f\xef\xbb\xbf]*#[^\n]*?coding[:=][ \t]*([-\w.]+)")
# Encodings that spell ASCII in ASCII; what is not listed may not.
_TRANSPARENT = re.compile(
    rb"utf-?8(-sig)?|(us-?)?ascii|646|latin.*|l1|iso-?8859.*|(cp|windows-)125.*|koi8.*|euc.*|gb.*"
)
_UTF_8 = re.compile(rb"utf-?8(-sig)?")

_BLANK = b" \t\f\r\n\\"

_ALTERED = (
    *((0xAA, 0x2E4), (0x1D2C, 0x1DBC), (0x1E9A, 0x1E9B), (0x2070, 0x218A), (0x2460, 0x24EB)),
    *((0x2C7C, 0x2C7E), (0x3250, 0x3400), (0xA7F2, 0xA7F5), (0xFB00, 0xFB07), (0xFE33, 0xFE50)),
    *((0xFF10, 0xFF5B), (0x10780, 0x107BB), (0x1D400, 0x1D800), (0x1F100, 0x1F191)),
    (0x1FBF0, 0x1FBFA),
)
"""Ranges that hold every character whose NFKC form holds an ASCII letter, digit or underscore."""

# Escapes that stand, or may stand, for an ASCII letter, digit, underscore or dot.
_ESCAPE = re.compile(rb"\\(?:x[2-7]|u00[2-7]|U000000[2-7]|N\{|1[0-7][0-7]|0?[5-7][0-7])")


def _classes() -> bytes:
    table = bytearray(b"o" * 256)
    for code in range(256):
        if code >= 128 or chr(code).isalnum() or chr(code) == "_":
            table[code] = ord("w")
    table[ord("'")] = table[ord('"')] = ord("q")
    table[ord("#")] = ord("#")
    return bytes(table)


_CLASSES = _classes()
"""Letters to w, quotes to q, the rest to o: what implicit concatenation looks like is short."""

_PIECES = re.compile(rb"wq(?:w{0,2}q)+w")
_COMMENTED = re.compile(rb"wq#")
_QUOTES = bytes.maketrans(b"'", b'"')
_JOINT = re.compile(rb'"(?:[rRbBuUfF]{0,2}"+)+')

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LITERAL_LAST = re.compile(rb"""["'][ \t\f\\]*(?:#|\Z)""")
_LITERAL_FIRST = re.compile(rb"""[ \t\f]*[rRbBuUfF]{0,2}["']""")
_NOTHING = re.compile(rb"[ \t\f\\]*(?:#.*)?\Z", re.DOTALL)


def hides_ascii(data: bytes) -> bool:
    """Whether the encoding of a source may spell ASCII names in other bytes.

    UTF-16 and UTF-32 show in NUL bytes; others are declared.
    """
    if b"\0" in data:
        return True
    cookie = _COOKIE.match(data)
    if cookie is None:
        return False
    return not _TRANSPARENT.fullmatch(_name(cookie))


def _name(cookie: re.Match[bytes]) -> bytes:
    return cookie[1].lower().replace(b"_", b"-")


class Prefilter:
    """The words of several rules, ready to be looked for."""

    def __init__(self, words: Iterable[Words]) -> None:
        wanted = [each for each in words if each.alternatives]
        self._packages = frozenset[str]().union(*(each.packages for each in wanted))
        self._stars = any(each.stars for each in wanted)
        self._plain = _alternatives(each for each in wanted if not each.ignore_case)
        self._folded = _alternatives(each for each in wanted if each.ignore_case)
        self._in_strings = _in_strings(each for each in wanted if not each.ignore_case)
        self._folded_in_strings = _in_strings(each for each in wanted if each.ignore_case)
        every = (*self._plain, *self._folded)
        self._beyond_ascii = not all(word.isascii() for each in every for word in each)

    @cached_property
    def key(self) -> bytes:
        """What stands for the words, and for the way in which they are looked for."""
        import unicodedata

        with open(__file__, "rb") as source:
            code = source.read()
        spelled = (self._in_strings, self._folded_in_strings)
        words = (self._plain, self._folded, spelled, self._stars)
        return repr((words, unicodedata.unidata_version)).encode() + code

    def visits(self, file: SourceFile, data: bytes) -> bool:
        """Whether the file with these bytes may hold something that one of the rules reports."""
        return self.stands_inside(file) or self.may_hold(data)

    def stands_inside(self, file: SourceFile) -> bool:
        """Whether a file is to be visited for where it stands, whatever its text."""
        return bool(self._packages) and not self._packages.isdisjoint(ancestors(file.package or ""))

    def may_hold(self, data: bytes) -> bool:
        """Whether a text may hold something that one of the rules reports, wherever it stands."""
        if not self._plain and not self._folded:
            return False
        if _finds(self._plain, data) or (self._folded and _finds(self._folded, data.lower())):
            return True
        if hides_ascii(data) or (not data.isascii() and self._may_be_altered(data)):
            return True
        if self._stars and b"*" in data and b"import*" in data.translate(None, _BLANK):
            return True
        spelled = self._in_strings or self._folded_in_strings
        return bool(spelled) and self._may_be_in_pieces(data)

    def _may_be_altered(self, data: bytes) -> bool:
        """Whether NFKC normalisation may make a word of what stands in the text."""
        if self._beyond_ascii:
            return True
        cookie = _COOKIE.match(data)
        if cookie is not None and not _UTF_8.fullmatch(_name(cookie)):
            return True
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return True
        return not _altered().isdisjoint(text)

    def _may_be_in_pieces(self, data: bytes) -> bool:
        """Whether a string literal may spell a word by escapes or in pieces."""
        if b"\\" in data and (self._beyond_ascii or _ESCAPE.search(data)):
            return True
        shape = data.translate(_CLASSES, _BLANK)
        if _COMMENTED.search(shape) and _has_pieces_around_comments(data):
            return True
        if _PIECES.search(shape) or b"\\\n" in data or b"\\\r" in data:
            text = data.translate(_QUOTES, _BLANK)
            if _joined(self._in_strings, text):
                return True
            return bool(self._folded_in_strings) and _joined(self._folded_in_strings, text.lower())
        return False


def _joined(words: tuple[bytes, ...], text: bytes) -> bool:
    """Whether a word stands in `text`, which has no blanks and one kind of quote, or begins
    before a joint of literals and goes on behind it.
    """
    if any(word in text for word in words):
        return True
    for joint in _JOINT.finditer(text):
        start, end = joint.span()
        for word in words:
            for cut in range(1, len(word)):
                if text.startswith(word[cut : cut + 1], end) and text.endswith(
                    word[:cut], 0, start
                ):
                    return True
    return False


def _in_strings(words: Iterable[Words]) -> tuple[bytes, ...]:
    """The words that a string literal may spell."""
    alternatives = _alternatives(each for each in words if each.strings)
    # Alternatives with a star are about star imports, which no string literal holds.
    return tuple(sorted({word for each in alternatives if b"*" not in each for word in each}))


def _alternatives(words: Iterable[Words]) -> tuple[tuple[bytes, ...], ...]:
    """The alternatives of all as bytes, without those that another one implies; sorted."""
    every = {alternative for each in words for alternative in each.alternatives}
    needed = {each for each in every if not any(other < each for other in every)}
    return tuple(sorted(tuple(sorted(word.encode() for word in each)) for each in needed))


def _finds(alternatives: tuple[tuple[bytes, ...], ...], data: bytes) -> bool:
    # A loop per alternative: a regular expression of several words is seven times as slow.
    return any(all(word in data for word in words) for words in alternatives)


def _has_pieces_around_comments(data: bytes) -> bool:
    """Whether a line begins with a literal after one that ends with one, but for comments."""
    open_ended = False
    for line in _LINE_END.split(data):
        if open_ended and _LITERAL_FIRST.match(line):
            return True
        if _LITERAL_LAST.search(line):
            open_ended = True
        elif not _NOTHING.match(line):
            open_ended = False
    return False


@cache
def _altered() -> frozenset[str]:
    """The characters whose NFKC form holds an ASCII letter, digit or underscore."""
    import unicodedata

    return frozenset(
        char
        for first, end in _ALTERED
        for char in map(chr, range(first, end))
        if any(
            c.isascii() and (c.isalnum() or c == "_") for c in unicodedata.normalize("NFKC", char)
        )
    )
