"""The transactional store of migrations: files are changed in batches that can be undone.

A batch is written down before the first byte of it changes, so that a run that was killed can be
undone by the next one. What becomes of a file is decided by its contents alone: as before the
batch, nothing is to be done; as the batch left it, it is restored; anything else was edited by
somebody, and is never overwritten.

`Journal.at` is for whoever migrates, `rollback` undoes a run, `status` reads without a lock, and
`interrupted` is the question that every other command asks which writes.
"""

from ssot_lint.migration.journal.journal import Journal, interrupted, status
from ssot_lint.migration.journal.model import (
    ABSENT,
    OPEN,
    UNDOING,
    UNDONE,
    Batch,
    Kept,
    Run,
    Status,
    Touched,
    Undone,
    Write,
)
from ssot_lint.migration.journal.rollback import Rollback, rollback

__all__ = [
    "ABSENT",
    "OPEN",
    "UNDOING",
    "UNDONE",
    "Batch",
    "Journal",
    "Kept",
    "Rollback",
    "Run",
    "Status",
    "Touched",
    "Undone",
    "Write",
    "interrupted",
    "rollback",
    "status",
]
