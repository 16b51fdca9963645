"""What the journal is asked to write, and what it remembers: runs, batches, files.

Paths are POSIX and relative to the root; those that the journal remembers lead through no link.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

ABSENT = ""
"""Stands for a content hash where there is no file."""

OPEN = "open"
"""The state of a batch that is being applied or verified, or was when its run was killed."""
UNDOING = "undoing"
"""The state of a batch that is being rolled back, or was when that run was killed."""
UNDONE = "undone"
"""The state of a batch that was undone, but for the files that it kept."""


class Write(NamedTuple):
    """One file to be written: `before` is what it must hold, None if it must not exist yet; `after`
    is what it will hold, None to remove it.

    `outside` is for a file that the user named, such as a baseline: it may lie outside the root.
    """

    path: str
    before: bytes | None
    after: bytes | None
    outside: bool = False


class Touched(NamedTuple):
    """What a batch does to a file: SHA-256 of its contents before and after, `ABSENT` for no file.

    `mode` holds the permission bits that it had, 0 if there was no file.
    """

    path: str
    before: str
    after: str
    mode: int


class Kept(NamedTuple):
    """A file that was not restored, and why."""

    path: str
    reason: str


class Undone(NamedTuple):
    """What undoing did: files restored as they were, files from which the changes were taken out
    by a three-way merge, and files that were left as they are. All sorted.
    """

    restored: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()


class Batch(NamedTuple):
    """A batch of a run.

    `state` is `OPEN`, `UNDOING`, `UNDONE`, or the word it was concluded with. `touched` holds its
    files in the order of its steps, so that a path may occur more than once. `folders` were made
    for its files, outer ones first. `commit` is "" unless it was committed.
    """

    run: str
    name: str
    state: str = OPEN
    touched: tuple[Touched, ...] = ()
    folders: tuple[str, ...] = ()
    details: Mapping[str, object] = {}
    commit: str = ""
    kept: tuple[Kept, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that it touches, sorted."""
        return tuple(sorted({touched.path for touched in self.touched}))

    @property
    def unfinished(self) -> bool:
        """Whether nobody but a rollback may go on from here."""
        return self.state in (OPEN, UNDOING)


class Run(NamedTuple):
    """A run and its batches, oldest first. `plan` is the digest of the plan that it follows."""

    id: str
    label: str
    plan: str
    batches: tuple[Batch, ...] = ()

    @property
    def live(self) -> tuple[Batch, ...]:
        """The batches that are not undone."""
        return tuple(batch for batch in self.batches if batch.state != UNDONE)


class Status(NamedTuple):
    """All runs, oldest first; the folder in which journal and images lie, and their sizes in bytes.

    `busy` says who is migrating right now, "" if nobody is.
    """

    folder: str
    runs: tuple[Run, ...] = ()
    images: int = 0
    bytes: int = 0
    busy: str = ""

    @property
    def unfinished(self) -> tuple[Batch, ...]:
        """The batches that were interrupted, oldest first."""
        return tuple(batch for run in self.runs for batch in run.batches if batch.unfinished)
