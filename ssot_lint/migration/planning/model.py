"""A plan: which files are rewritten in which batch, in which order, and what nobody rewrites."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Container, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from ssot_lint.config.settings import below_root
from ssot_lint.errors import UsageError
from ssot_lint.migration.model import Skip

HOME, RE_EXPORT, CANARY, LEAF, INNER, CRITICAL = (
    "home",
    "re-export",
    "canary",
    "leaf",
    "inner",
    "critical",
)
WAVES: Mapping[str, str] = MappingProxyType(
    {
        HOME: "defines a home, or an old path",
        RE_EXPORT: "other files of the plan import from it what moves",
        CANARY: "critical, and early on request",
        LEAF: "no file imports it",
        INNER: "other files import it",
        CRITICAL: "an entry point leads to it, or many files depend on it",
    }
)
"""Why a batch stands where it stands: the waves in their order, and what is true of a file in one.

Files that stand in one batch because a test patches a module are in the wave of one of them.
"""


class Risk(NamedTuple):
    """What can go wrong with a batch.

    `dependents` counts the files outside of the batch that import one of its files, directly or
    through others, when they are imported; `critical` its critical files, `manual` the places in
    its files that need a human.
    """

    dependents: int
    critical: int
    manual: int

    @property
    def score(self) -> float:
        """log2(1 + dependents), 4 more for critical files, 2 more for manual places; rounded."""
        score = math.log2(1 + self.dependents) + 4 * (self.critical > 0) + 2 * (self.manual > 0)
        return round(score, 1)


class PlannedFile(NamedTuple):
    """A file to be rewritten, as it was when the plan was made.

    `edits` counts the paths that are rewritten in its code, `strings` those in its string
    literals; `before` is `short_hash` of its bytes.
    """

    path: str
    edits: int
    strings: int
    before: str


class Batch(NamedTuple):
    """Files that are rewritten together.

    `number` names the batch wherever it stands. `wave` is a key of `WAVES`, and `risk` is there,
    unless a person wrote the batch and left it out ("" and None).
    """

    number: int
    wave: str
    owners: tuple[str, ...]
    risk: Risk | None
    files: tuple[PlannedFile, ...]

    @property
    def edits(self) -> int:
        return sum(file.edits for file in self.files)

    @property
    def strings(self) -> int:
        return sum(file.strings for file in self.files)


class Cycle(NamedTuple):
    """`modules` modules that import one another, and those `files` of the plan that are among them.

    They need not stand in one batch: with a shim for the old path every order is right.
    """

    modules: int
    files: tuple[str, ...]


class Apart(NamedTuple):
    """A file of the plan that so many tests of the plan patch that they fill more than a batch.

    `tests` of them stand in other batches than the file.
    """

    path: str
    tests: int


class Plan(NamedTuple):
    """Batches in the order in which they are applied, and what needs a human (sorted)."""

    batches: tuple[Batch, ...]
    manual: tuple[Skip, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    apart: tuple[Apart, ...] = ()

    @property
    def files(self) -> Iterator[PlannedFile]:
        return (file for batch in self.batches for file in batch.files)

    def find(self, number: int) -> Batch:
        """The batch of that number; UsageError if there is none."""
        for batch in self.batches:
            if batch.number == number:
                return batch
        known = ", ".join(str(batch.number) for batch in self.batches)
        raise UsageError(
            f"the plan has no batch {number}; its batches are {known}"
            if known
            else f"the plan has no batch {number}: it has none at all"
        )

    def next(self, done: Container[int]) -> Batch | None:
        """The first batch whose number is not in `done`; None if all are."""
        return next((batch for batch in self.batches if batch.number not in done), None)


def short_hash(data: bytes) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a content."""
    return hashlib.sha256(data).hexdigest()[:16]


def is_plain(path: str) -> bool:
    """Whether a plan can hold a path: POSIX, below the root, in its shortest form, and a text."""
    try:
        path.encode()
        return path != "." and below_root(path) == path
    except ValueError:
        return False
