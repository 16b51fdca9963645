"""Paths in string literals: the path is replaced, prefix and quotes stay."""

from __future__ import annotations

import re

from ssot_lint.facts import Text
from ssot_lint.migration.rewriting.source import Patch, RefusedError, Source

_PLAIN = re.compile(r"""[rRuU]?(?P<quote>\"""|'''|"|')(?P<content>[^"'\\]*)(?P=quote)""")


def patch(source: Source, text: Text, new: str) -> Patch:
    """`new` in place of the path in a literal; RefusedError if that is more than a path.

    ``package.module:name`` keeps its colon before as many names as it had behind it.
    """
    start, end = source.range(text.span)
    match = _PLAIN.fullmatch(source.text, start, end)
    if text.open_ended:
        raise RefusedError("only the beginning of the string is known")
    if match is None or match["content"].replace(":", ".", 1) != text.value:
        raise RefusedError("the path is not written in one plain string literal")
    _, colon, names = match["content"].partition(":")
    if colon:
        parts = new.split(".")
        size = len(parts) - (names.count(".") + 1)
        if size < 1:
            raise RefusedError(f"{new} has too few names for a colon")
        new = ".".join(parts[:size]) + ":" + ".".join(parts[size:])
    return Patch(match.start("content"), match.end("content"), new)
