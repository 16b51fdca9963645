"""String literals that may spell a word by escapes, or in pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ssot_lint.prefilter.places import BLANK

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


def may_spell(data: bytes, words: Iterable[bytes]) -> bool:
    """Whether a string literal may spell one of the words, all ASCII, without containing it."""
    if b"\\" in data and _ESCAPE.search(data):
        return True
    shape = data.translate(_CLASSES, BLANK)
    if _COMMENTED.search(shape) and _has_pieces_around_comments(data):
        return True
    if _PIECES.search(shape) or b"\\\n" in data or b"\\\r" in data:
        return _joined(data.translate(_QUOTES, BLANK), words)
    return False


def _joined(text: bytes, words: Iterable[bytes]) -> bool:
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
