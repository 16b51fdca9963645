"""Writing the files of a batch that is journalled."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence

from ssot_lint.errors import UsageError
from ssot_lint.migration.journal.disk import (
    New,
    content_hash,
    make_folders,
    put,
    sync_folders,
    temporary_beside,
    write_all,
)
from ssot_lint.migration.journal.model import ABSENT, Touched
from ssot_lint.migration.journal.preflight import Target


def touch(target: Target) -> Touched:
    """What is journalled about a file to be written."""
    found = target.found
    mode = stat.S_IMODE(found.stat.st_mode) if found.stat else 0
    after = ABSENT if target.after is None else content_hash(target.after)
    return Touched(target.path, found.hash, after, mode)


def put_all(root: str, run: str, targets: Sequence[Target], folders: Sequence[str]) -> None:
    """Makes `folders`, and gives all `targets` their new contents.

    UsageError if one cannot be written, or was edited in this very moment; undoing restores those
    that were written until then, and sweeps their temporary files.
    """
    news = {target.path: _new(root, run, target) for target in targets}
    make_folders(root, folders)
    write_all([new for new in news.values() if new is not None])
    for target in targets:
        new = news[target.path]
        if not put(root, target.path, target.found.hash, new.path if new else None):
            raise UsageError(f"{target.path}: was edited in this moment; plan again")
    sync_folders(os.path.dirname(os.path.join(root, target.path)) for target in targets)


def _new(root: str, run: str, target: Target) -> New | None:
    if target.after is None:
        return None
    temporary = temporary_beside(os.path.join(root, target.path), run)
    return New(temporary, target.path, target.after, like=target.found.stat)
