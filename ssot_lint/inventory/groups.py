"""Which group a file counts in."""

from __future__ import annotations

from dataclasses import dataclass

from ssot_lint.globs import Globs
from ssot_lint.model import SourceFile

PRODUCTION, TESTS, OTHER = "production", "tests", "other"


@dataclass(frozen=True, slots=True)
class Groups:
    """The configured groups, and the usual ones where their names are free.

    A file is in the first configured group that names it. What is left is ``tests`` (what the
    configuration calls test code), ``production`` (what an import can name), or ``other``.
    """

    configured: tuple[tuple[str, Globs], ...]
    tests: Globs

    @property
    def names(self) -> tuple[str, ...]:
        """Every group, the configured ones first."""
        return tuple(
            dict.fromkeys((*(name for name, _ in self.configured), PRODUCTION, TESTS, OTHER))
        )

    def of(self, file: SourceFile) -> str:
        taken = set()
        for name, globs in self.configured:
            if globs.match_file(file.path):
                return name
            taken.add(name)
        if TESTS not in taken and self.tests.match_file(file.path):
            return TESTS
        return PRODUCTION if PRODUCTION not in taken and file.module is not None else OTHER
