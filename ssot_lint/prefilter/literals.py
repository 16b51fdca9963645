"""String literals that may spell a word by escapes, or in pieces."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from ssot_lint.prefilter.places import BLANK

# Escapes that stand, or may stand, for an ASCII letter, digit, underscore or dot.
ESCAPE = re.compile(rb"\\(?:x[2-7]|u00[2-7]|U000000[2-7]|N\{|1[0-7][0-7]|0?[5-7][0-7])")


_QUOTES = bytes.maketrans(b"'", b'"')
_PREFIX = re.compile(rb'"[rRbBuUfF]+"')
_JOINT = re.compile(rb'"(?:[rRbBuUfF]{0,2}"+)+')

# Every character of a gap can be read in one way only, so this takes no longer than its text; and
# what begins with two certain characters is looked for ten times as fast as what does not.
_GAP = rb"[^\n]*\n(?:\n|#[^\n]*\n)*[rRbBuUfF]{0,2}\""
_AROUND_COMMENTS = (re.compile(rb"\"#" + _GAP), re.compile(rb"\"\n\n*#" + _GAP))
_LINES = bytes.maketrans(b"'\r", b'"\n')


def may_spell(data: bytes, words: Collection[bytes], folded: Collection[bytes] = ()) -> bool:
    """Whether a string literal may spell one of the words, all ASCII, without containing it.

    Of `folded` words, in lower case, the case does not matter.
    """
    if b"\\" in data and ESCAPE.search(data):
        return True
    text = _bare(data)
    return (_may_join(text, words) and (_commented(data) or _joined(text, words))) or (
        bool(folded)
        and _may_join(text.lower(), folded)
        and (_commented(data) or _joined(text.lower(), folded))
    )


@lru_cache(maxsize=1)  # several rules ask about one text, then about the next one
def _bare(data: bytes) -> bytes:
    """A text without blanks, and with one kind of quote."""
    return data.translate(_QUOTES, BLANK)


@lru_cache(maxsize=1)
def _commented(data: bytes) -> bool:
    """Whether there are comments between pieces."""
    if b'"#' not in _bare(data):
        return False
    lines = data.translate(_LINES, b" \t\f\\")
    return any(gap.search(lines) for gap in _AROUND_COMMENTS)


def _may_join(text: bytes, words: Collection[bytes]) -> bool:
    """Whether there are pieces of words; `text` has no blanks and one kind of quote."""
    longest = max(map(len, words), default=0)
    # Of two pieces of a word one holds a half of it; of more, one stands alone between two others.
    halves = {half for word in words for half in (word[: len(word) // 2], word[len(word) // 2 :])}
    return any(half in text for half in halves) or bool(_alone(longest).search(text))


@lru_cache(maxsize=16)
def _alone(longest: int) -> re.Pattern[bytes]:
    """A literal that is less than a word of so many letters, before another one or a comment."""
    return re.compile(rb'"\w{1,%d}"(?:#|[rRbBuUfF]{0,2}")' % max(longest, 1))


def _joined(text: bytes, words: Collection[bytes]) -> bool:
    """Whether a word stands in `text`, which has no blanks and one kind of quote, or would if its
    literals were joined.
    """
    if any(word in text for word in words):
        return True
    # Letters in a joint may be the prefix of a literal, or a whole piece of a word.
    if any(joint.strip(b'"') and not _PREFIX.fullmatch(joint) for joint in _JOINT.findall(text)):
        return True
    joined = _JOINT.sub(b"", text)
    return any(word in joined for word in words)
