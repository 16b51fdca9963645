"""Where in a source a word stands, told from its bytes: never "not there" where it may be.

Only the names of this module know Python's grammar: an import or a header may be spread over lines,
by backslashes or in parentheses, with comments between. What takes long to tell is taken for there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from ssot_lint.patterns import Pattern, Place

BLANK = b" \t\f\r\n\\"

ANY = Pattern("*")

_MOST_LINES = 10_000
"""Lines looked at for one word, because a list of a million names is no import."""
_LONGEST = 10_000
"""Bytes of a line looked at."""

# What may stand on a line of an import before a word, but for the line with its keyword.
_IN_IMPORT = re.compile(rb"[\w\s.,()\\*\x80-\xff]*(?:#.*)?\Z", re.DOTALL)

_GAP = rb"(?:[ \t\f]|\\(?:\r\n?|\n))+"
_BEHIND = rb"[\s\\)]*"
_LETTER = rb"[\w\x80-\xff]"

# Calls that make a class of a name: `facts.walk.CLASS_MAKERS`. A pattern that begins with letters
# is looked for as fast as text can be, so what stands before them is looked at afterwards.
_MAKERS = (
    (b"type", b"", re.compile(rb"type[\s\\)]*(?:#|\((?![ \t]*[\w.]+[ \t]*\)))")),
    *(
        (name, before, re.compile(name + rb"[\s\\)]*(?:#|\([\s\\(]*(?:#|[a-zA-Z]{0,2}['\"]))"))
        for name, before in (
            (b"new_class", b""),
            (b"make_dataclass", b""),
            (b"namedtuple", b""),
            (b"NamedTuple", b""),
            (b"TypedDict", b""),
            (b"NewType", b""),
            (b"Enum", b"(?:Int|Str)"),
            (b"Flag", b"Int"),
        )
    ),
)
"""Their last letters, what may stand before these, and what a call looks like."""

# `facts.directives`, by what begins them: a single character is looked for in no time.
_DIRECTIVE = re.compile(rb"#[ \t]*ssot:")
_NOQA = re.compile(rb"# noqa", re.IGNORECASE)

_NAMELESS_STAR = re.compile(rb"from\.+import\*")

Test = Callable[[bytes, Sequence[bytes], Pattern], bool]


def stands(data: bytes, words: Sequence[bytes], _: Pattern = ANY) -> bool:
    """Whether the words stand anywhere at all."""
    return all(word in data for word in words)


def imports(data: bytes, words: Sequence[bytes], _: Pattern = ANY) -> bool:
    """Whether an import statement may contain all of the words; `data` does."""
    return all(_imports(data, word) for word in words)


def _imports(data: bytes, word: bytes) -> bool:
    """Walks back from each occurrence of a word to what may be the keyword of its statement.

    A statement goes on over the end of a line only after a backslash, or inside parentheses.
    """
    lines = 0
    at = data.find(word)
    while at >= 0:
        end, ended = at, False
        while True:
            start = max(data.rfind(b"\n", 0, end), data.rfind(b"\r", 0, end)) + 1
            lines += 1
            if end - start > _LONGEST or lines > _MOST_LINES:
                return True
            line = data[start:end]
            if end != at:
                ended = (ended or not line.endswith(b"\\")) and b"(" not in line
            if not ended and (b"import" in line or b"from" in line):
                return True
            if not start or not _IN_IMPORT.match(line):
                break
            end = start - 1 - (data[start - 2 : start] == b"\r\n")
        at = data.find(word, at + 1)
    return False


def imports_star(data: bytes, words: Sequence[bytes], _: Pattern = ANY) -> bool:
    """Whether there may be a star import, and an import statement that contains the words.

    Without words: a star import that names no module, because it is relative.
    """
    if b"*" not in data:
        return False
    text = data.translate(None, BLANK)
    if not words:
        return bool(_NAMELESS_STAR.search(text))
    return b"import*" in text and imports(data, words)


def defines_class(data: bytes, words: Sequence[bytes], name: Pattern = ANY) -> bool:
    """Whether a class may be defined whose `name` contains the words; `data` does."""
    if _heads(b"class", data, words, name):
        return True
    return _makes_class(data)


@lru_cache(maxsize=1)  # several names are looked for in one text, then in the next one
def _makes_class(data: bytes) -> bool:
    """Whether a call may make a class of a name."""
    return any(name in data and _makes(data, before, call) for name, before, call in _MAKERS)


def _makes(data: bytes, before: bytes, call: re.Pattern[bytes]) -> bool:
    """Whether a call stands there whose name begins with its letters, or with those `before`."""
    begins = _beginning(before)
    return any(begins.search(data[max(at - 4, 0) : at]) for at in _starts(data, call))


def _starts(data: bytes, call: re.Pattern[bytes]) -> Iterator[int]:
    return (match.start() for match in call.finditer(data))


@lru_cache(maxsize=8)
def _beginning(before: bytes) -> re.Pattern[bytes]:
    """The end of what may stand before a name."""
    return re.compile(rb"(?<!\w)(?:" + before + rb")?\Z")


def defines_function(data: bytes, words: Sequence[bytes], name: Pattern = ANY) -> bool:
    """Whether a function may be defined whose `name` contains the words; `data` does."""
    return _heads(b"def", data, words, name)


def calls(data: bytes, words: Sequence[bytes], _: Pattern = ANY) -> bool:
    """Whether something may be called whose name is one of the words, or an attribute of that."""
    return any(_call(word).search(data) for word in words)


def suppresses(data: bytes, _: Sequence[bytes], __: Pattern = ANY) -> bool:
    """Whether there may be a suppression of our own findings."""
    return bool(_DIRECTIVE.search(data) or (_NOQA.search(data) and b"SOT" in data))


def _heads(keyword: bytes, data: bytes, words: Sequence[bytes], name: Pattern) -> bool:
    """Whether a name that matches stands behind a keyword."""
    headers = _header(keyword, max(words, key=len, default=b"")).finditer(data)
    return any(not head[1].isascii() or name.matches(head[1].decode()) for head in headers)


@lru_cache(maxsize=256)
def _header(keyword: bytes, word: bytes) -> re.Pattern[bytes]:
    """A pattern that begins with a keyword, which is looked for as fast as text can be."""
    name = rb"(" + _LETTER + rb"*?" + re.escape(word) + _LETTER + rb"*)"
    return re.compile(keyword + _GAP + name)


@lru_cache(maxsize=256)
def _call(word: bytes) -> re.Pattern[bytes]:
    """A pattern that begins with a word; inside of parentheses, comments may stand behind it."""
    return re.compile(re.escape(word) + _BEHIND + rb"(?:\.[\s\\]*\w*" + _BEHIND + rb")?[(#]")


TESTS: dict[Place, Test] = {
    "anywhere": stands,
    "import": imports,
    "star": imports_star,
    "class": defines_class,
    "def": defines_function,
    "call": calls,
    "suppression": suppresses,
}
"""Of a text that contains all of the words, whether they may stand in such a place."""
