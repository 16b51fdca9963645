"""How a report is to be shown; what is in it was decided before."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import NamedTuple


def _unchanged(path: str) -> str:
    return path


class Settings(NamedTuple):
    """What the command line says about presentation.

    For ``text``: `color`; `show_known`; `max_shown`, how many violations to list (None is all);
    `verbosity`, -1 for only what fails a run, 1 for every list in full; `relative`, from a path
    relative to the root to one relative to the working directory. For ``github`` and ``sarif``:
    `prefix`, the root as seen from the repository's top, "" or ending with a slash.
    """

    color: bool = False
    show_known: bool = False
    max_shown: int | None = None
    verbosity: int = 0
    relative: Callable[[str], str] = _unchanged
    prefix: str = ""

    def from_top(self, path: str) -> str:
        """`path`, relative to the root (perhaps by way of ``..``), relative to the top instead."""
        return posixpath.normpath(self.prefix + path)
