"""How deep a file is worth reading: not at all, its statements, or its expressions, too."""

from __future__ import annotations

from typing import NamedTuple

from ssot_lint.model import SourceFile
from ssot_lint.prefilter.prefilter import Prefilter

NOTHING, STATEMENTS, EXPRESSIONS = range(3)
"""Depths."""


class Sieve(NamedTuple):
    """The pre-filters of the rules that ask about expressions, and of the others.

    None stands for rules that name no words: they want all files.
    """

    deep: Prefilter | None = None
    shallow: Prefilter | None = None

    @property
    def words(self) -> bytes:
        """What stands for both; two sieves with the same let the same texts through."""
        return repr([each and each.words for each in (self.deep, self.shallow)]).encode()

    def place(self, file: SourceFile) -> int:
        """How deep a file is worth reading for where it stands, whatever its text."""
        if self.deep is None or self.deep.stands_inside(file):
            return EXPRESSIONS
        if self.shallow is None or self.shallow.stands_inside(file):
            return STATEMENTS
        return NOTHING

    def text(self, data: bytes) -> int:
        """How deep a text is worth reading, wherever it stands."""
        if self.deep is None or self.deep.may_hold(data):
            return EXPRESSIONS
        if self.shallow is None or self.shallow.may_hold(data):
            return STATEMENTS
        return NOTHING


WHOLE = Sieve()
"""Lets everything through."""
STATEMENTS_OF_ALL = Sieve(Prefilter([]))
"""Lets everything through, for rules that do not ask about expressions."""
