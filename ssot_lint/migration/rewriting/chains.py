"""Attribute chains as they are written, and new ones in their place."""

from __future__ import annotations

import re

from ssot_lint.migration.rewriting.occurrences import Occurrence
from ssot_lint.migration.rewriting.source import Patch, RefusedError, Source
from ssot_lint.patterns import normalised

_DOT = re.compile(r"(?:[ \t\f\r\n]|\\(?:\r\n|\r|\n))*\.(?:[ \t\f\r\n]|\\(?:\r\n|\r|\n))*")


def replaced(source: Source, occurrence: Occurrence, new: str) -> Patch | None:
    """What makes a chain read `new`; None if it does already.

    The last names stay where they are, blanks and line ends between them too, as far as they are
    equal.
    """
    parts, wanted = occurrence.path.split("."), new.split(".")
    if parts == wanted:
        return None
    same = 0
    while same < min(len(parts), len(wanted)) - 1 and parts[-1 - same] == wanted[-1 - same]:
        same += 1
    old = parts[: len(parts) - same]
    if occurrence.is_echoed:
        place = f"the f-string on line {occurrence.line}"
        raise RefusedError(f"{place} prints '{occurrence.path}' as it is written, too")
    start, end = _range(source, occurrence, len(old))
    if [normalised(part) for part in _DOT.split(source.text[start:end])] != old:
        kind = "a string" if occurrence.quote else "a comment, a parenthesis or an f-string"
        raise RefusedError(f"{kind} is in the way of {occurrence.path} on line {occurrence.line}")
    return Patch(start, end, ".".join(wanted[: len(wanted) - same]))


def _range(source: Source, occurrence: Occurrence, size: int) -> tuple[int, int]:
    """The characters of the first `size` names; none if that cannot be told."""
    first, last = occurrence.nodes[0], occurrence.nodes[size - 1]
    quote = occurrence.quote
    if quote is None:
        return source.start(first), source.end(last)
    if quote.start is None:
        return 0, 0
    content = f"({quote.node.value!s}".encode()
    start, end = (
        quote.start + len(content[:column].decode()) - 1
        for column in (first.col_offset, last.end_col_offset)
    )
    return start, end
