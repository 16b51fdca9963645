"""What is asked of every file before the first one of a batch is written."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from ssot_lint import files
from ssot_lint.errors import UsageError
from ssot_lint.migration.journal.disk import NO_FILE, Found, StrangeFileError, look
from ssot_lint.migration.journal.model import Write


class Target(NamedTuple):
    """A file to be written: its real path, what it holds, what it will hold (None: nothing), and
    the folders to be made for it, outer ones first.
    """

    path: str
    found: Found
    after: bytes | None
    folders: tuple[str, ...] = ()


class _RefusedError(Exception):
    """Why a file cannot be written as asked."""


def preflight(root: str, writes: Sequence[Write]) -> list[Target]:
    """Where the writes lead, by path; those that change nothing are left out.

    `root` is a real path. A link to a file is followed, and what it leads to is written. Raises
    UsageError, with one line for each file that cannot be written as asked.
    """
    targets: dict[str, Target] = {}
    names: dict[str, str] = {}
    problems = []
    for write in sorted(writes, key=lambda write: write.path):
        target = _checked(root, write)
        if isinstance(target, str):
            problems.append(f"{write.path}: {target}")
        elif target.path in targets:
            problems.append(f"{write.path}: is the same file as {names[target.path]}")
        else:
            targets[target.path] = target
            names[target.path] = write.path
    if problems:
        raise UsageError(*problems)
    return [
        target
        for _, target in sorted(targets.items())
        if target.after != (target.found.data if target.found.stat else None)
    ]


def _checked(root: str, write: Write) -> Target | str:
    """Where a write leads, or why it is refused."""
    try:
        if not write.outside and not _below(os.path.normpath(os.path.join(root, write.path)), root):
            raise _RefusedError("lies outside the root")
        full = os.path.join(root, write.path)
        real = os.path.realpath(full)
        if not write.outside and not _below(real, root):
            raise _RefusedError("leads out of the root by a link")
        return _new(root, real, full, write) if write.before is None else _old(root, real, write)
    except (_RefusedError, StrangeFileError) as refused:
        return str(refused)
    except (OSError, ValueError) as error:
        return f"cannot be read: {files.why(error)}"


def _old(root: str, real: str, write: Write) -> Target:
    path = _relative(real, root)
    found = look(root, path)
    if found.stat is None:
        raise _RefusedError("is gone; plan again")
    if found.data != write.before:
        raise _RefusedError("was edited since it was read; plan again")
    if not found.stat.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise _RefusedError("is read-only")  # for root, too, who could write it
    if not os.access(real, os.W_OK):
        raise _RefusedError("is not yours to write")
    _writable(os.path.dirname(real))
    return Target(path, found, write.after)


def _new(root: str, real: str, full: str, write: Write) -> Target:
    with suppress(FileNotFoundError, NotADirectoryError):
        os.lstat(full)
        raise _RefusedError("exists already")
    folder = os.path.dirname(real)
    missing: list[str] = []
    while not os.path.lexists(folder):
        missing.append(_relative(folder, root))
        folder = os.path.dirname(folder)
    _writable(folder)
    return Target(_relative(real, root), NO_FILE, write.after, tuple(reversed(missing)))


def _writable(folder: str) -> None:
    if not os.path.isdir(folder):
        raise _RefusedError("its folder is a file")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _RefusedError("its folder is read-only")


def _below(path: str, root: str) -> bool:
    return path.startswith(os.path.join(root, ""))


def _relative(path: str, root: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")
