"""The mark of a generated shim: the first line of a module that forwards to another one.

``# ssot-shim: new.path remove-after: 2027-03-01``
"""

from __future__ import annotations

import re
from typing import NamedTuple

_START = "# ssot-shim:"
_MARK = re.compile(rf"{_START} (\w+(?:\.\w+)*) remove-after: (\d{{4}}-\d{{2}}-\d{{2}})[ \t]*")


class ShimMark(NamedTuple):
    """`home` is the module that is forwarded to, `remove_after` the date as written."""

    home: str
    remove_after: str

    def __str__(self) -> str:
        return f"{_START} {self.home} remove-after: {self.remove_after}"


def shim_mark(text: str) -> ShimMark | None:
    """The mark in the first line of `text`, whose line ends are line feeds; None without one."""
    if not text.startswith(_START):
        return None
    found = _MARK.fullmatch(text.partition("\n")[0])
    return ShimMark(found[1], found[2]) if found else None
