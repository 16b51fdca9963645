"""Where in a source a word stands, told from its bytes: never "not there" where it may be.

Only the names of this module know Python's grammar: an import or a header may be spread over lines,
by backslashes or in parentheses, with comments between. What takes long to tell is taken for there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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

# Calls that make a class of a name: `facts.walk.CLASS_MAKERS`, by what these have in common.
_MAKERS = (b"type", b"Type", b"Enum", b"Flag", b"new_class", b"make_dataclass", b"amed")
_MAKER_CALL = re.compile(
    rb"(?<![\w])(?:type[\s\\)]*(?:#|\((?![ \t]*[\w.]+[ \t]*\)))"
    rb"|(?:new_class|make_dataclass|namedtuple|NamedTuple|TypedDict|NewType|(?:Int|Str)?Enum"
    rb"|(?:Int)?Flag)[\s\\)]*(?:#|\([\s\\(]*(?:#|[a-zA-Z]{0,2}['\"])))"
)

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
    return any(maker in data for maker in _MAKERS) and bool(_MAKER_CALL.search(data))


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
