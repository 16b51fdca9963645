"""How a source may spell ASCII names in other bytes, or in other letters."""

from __future__ import annotations

import re
from functools import cache

# PEP 263: where an encoding may be declared, and how.
_COOKIE = re.compile(rb"\A(?:[^\n]*\n)??[ \t\f\xef\xbb\xbf]*#[^\n]*?coding[:=][ \t]*([-\w.]+)")
# Encodings that spell ASCII in ASCII; what is not listed may not.
_TRANSPARENT = re.compile(
    rb"utf-?8(-sig)?|(us-?)?ascii|646|latin.*|l1|iso-?8859.*|(cp|windows-)125.*|koi8.*|euc.*|gb.*"
)
_UTF_8 = re.compile(rb"utf-?8(-sig)?")
_ASCII = bytes(range(128))

_ALTERED = (
    *((0xAA, 0x2E4), (0x1D2C, 0x1DBC), (0x1E9A, 0x1E9B), (0x2070, 0x218A), (0x2460, 0x24EB)),
    *((0x2C7C, 0x2C7E), (0x3250, 0x3400), (0xA7F2, 0xA7F5), (0xFB00, 0xFB07), (0xFE33, 0xFE50)),
    *((0xFF10, 0xFF5B), (0x10780, 0x107BB), (0x1D400, 0x1D800), (0x1F100, 0x1F191)),
    (0x1FBF0, 0x1FBFA),
)
"""Ranges that hold every character whose NFKC form holds an ASCII letter, digit or underscore."""


def hides_ascii(data: bytes) -> bool:
    """Whether the encoding of a source may spell ASCII names in other bytes.

    UTF-16 and UTF-32 show in NUL bytes; others are declared.
    """
    if b"\0" in data:
        return True
    encoding = _declared(data)
    return bool(encoding) and not _TRANSPARENT.fullmatch(encoding)


def may_normalise(data: bytes) -> bool:
    """Whether letters beyond ASCII may become ASCII by NFKC normalisation (PEP 3131)."""
    if data.isascii():
        return False
    encoding = _declared(data)
    if encoding and not _UTF_8.fullmatch(encoding):
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return True
    # What is left of UTF-8 without its ASCII is UTF-8, and short.
    return not altered().isdisjoint(data.translate(None, _ASCII).decode("utf-8"))


def _declared(data: bytes) -> bytes:
    """The encoding that a source declares, in lower case; empty if it declares none."""
    cookie = _COOKIE.match(data)
    return b"" if cookie is None else cookie[1].lower().replace(b"_", b"-")


@cache
def altered() -> frozenset[str]:
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
