"""String literals that may spell a word by escapes, or in pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ssot_lint.prefilter.places import BLANK

# Escapes that stand, or may stand, for an ASCII letter, digit, underscore or dot.
_ESCAPE = re.compile(rb"\\(?:x[2-7]|u00[2-7]|U000000[2-7]|N\{|1[0-7][0-7]|0?[5-7][0-7])")


_QUOTES = bytes.maketrans(b"'", b'"')
_JOINT = re.compile(rb'"(?:[rRbBuUfF]{0,2}"+)+')

# Every character of a gap can be read in one way only, so this takes no longer than its text.
_AROUND_COMMENTS = re.compile(
    rb"""["'][ \t\f\r\n\\]*#[^\r\n]*[\r\n](?:[ \t\f\r\n\\]|#[^\r\n]*[\r\n])*"""
    rb"""[rRbBuUfF]{0,2}["']"""
)


def may_spell(data: bytes, words: Iterable[bytes]) -> bool:
    """Whether a string literal may spell one of the words, all ASCII, without containing it."""
    if b"\\" in data and _ESCAPE.search(data):
        return True
    text = data.translate(_QUOTES, BLANK)
    words = tuple(words)
    longest = max(map(len, words), default=0)
    # Of two pieces of a word one holds a half of it; of more, one stands alone between two others.
    halves = {half for word in words for half in (word[: len(word) // 2], word[len(word) // 2 :])}
    if not any(half in text for half in halves) and not _alone(longest).search(text):
        return False
    return bool(_AROUND_COMMENTS.search(data)) or _joined(text, words)


@lru_cache(maxsize=16)
def _alone(longest: int) -> re.Pattern[bytes]:
    """A literal that is less than a word of so many letters, before another one or a comment."""
    return re.compile(rb'"\w{1,%d}"(?:#|[rRbBuUfF]{0,2}")' % max(longest, 1))


def _joined(text: bytes, words: Iterable[bytes]) -> bool:
    """Whether a word stands in `text`, which has no blanks and one kind of quote, or begins
    before a joint of literals and goes on behind it.
    """
    return any(word in text for word in words) or any(
        text.startswith(word[cut : cut + 1], joint.end())
        and text.endswith(word[:cut], 0, joint.start())
        for joint in _JOINT.finditer(text)
        for word in words
        for cut in range(1, len(word))
    )
