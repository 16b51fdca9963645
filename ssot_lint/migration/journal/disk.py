"""Files of the linted tree: what they hold now, and how new contents take their place.

New contents are written to temporary files beside their targets, all of them and forced to the disk
before the first one is renamed, so that a full disk is noticed while nothing has changed yet.
"""

from __future__ import annotations

import math
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import NamedTuple, TypeVar

from ssot_lint import files
from ssot_lint.errors import UsageError
from ssot_lint.migration.journal.model import ABSENT

_AT_ONCE = 64
"""Files that are open at the same time."""
_THREADS = 16
"""Files that are forced to the disk at the same time: file systems with a journal commit them
together, in a tenth of the time that one after the other takes on a busy disk.
"""
_PRIVATE = 0o600
_ANY_NEW_FILE = 0o666  # less what the umask takes
_PATIENCE = 1.0
"""Seconds for which a file may stay open in another program on Windows, which forbids renaming."""


_T = TypeVar("_T")


class StrangeFileError(Exception):
    """Why what stands at a path is nothing to be read or replaced."""


class Found(NamedTuple):
    """What a file holds: its content hash, and what `os.lstat` says; `ABSENT` and None for none."""

    hash: str
    data: bytes
    stat: os.stat_result | None


NO_FILE = Found(ABSENT, b"", None)


class New(NamedTuple):
    """A file to be written at `path`, an absolute one, where nothing stands.

    `name` is what messages call it. Its permission bits are `mode`, else those of the file `like`,
    whose owner it gets, too, where that may be given away; with neither it is like any new file.
    """

    path: str
    name: str
    data: bytes
    like: os.stat_result | None = None
    mode: int | None = None


def content_hash(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return sha256(data).hexdigest()


def look(root: str, path: str) -> Found:
    """What stands at `path` below `root`, a real path; raises StrangeFileError if that is no
    plain file, or if `path` leads through a link.
    """
    full = os.path.join(root, path)
    folder = os.path.dirname(full)
    try:
        if os.path.realpath(folder) != os.path.normpath(folder):
            raise StrangeFileError("its folder is a link now")
        about = os.lstat(full)
        if not stat.S_ISREG(about.st_mode):
            raise StrangeFileError("is not a regular file")
        with open(full, "rb") as file:
            data = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return NO_FILE
    except OSError as error:
        raise StrangeFileError(f"cannot be read: {files.why(error)}") from None
    return Found(content_hash(data), data, about)


def write_all(news: Sequence[New]) -> None:
    """Writes files and forces them to the disk; UsageError, with some of them written, if one
    cannot be.
    """
    for start in range(0, len(news), _AT_ONCE):
        handles: list[int] = []
        name = news[start].name
        try:
            for new in news[start : start + _AT_ONCE]:
                name = new.name
                handles.append(_open(new))
                _fill(handles[-1], new)
            _concurrently(os.fsync, handles)
        except OSError as error:
            raise cannot_write(name, error) from None
        finally:
            for handle in handles:
                os.close(handle)


def sync_folders(folders: Iterable[str]) -> None:
    """Makes what was renamed in `folders` survive a power cut, where the system can do that."""
    _concurrently(files.sync_folder, sorted(set(folders)))


def _concurrently(sync: Callable[[_T], object], things: Sequence[_T]) -> None:
    from concurrent.futures import ThreadPoolExecutor  # only who writes pays for it

    with ThreadPoolExecutor(_THREADS) as pool:
        for _ in pool.map(sync, things):
            pass


def cannot_write(name: str, error: OSError) -> UsageError:
    """What to raise when the file called `name` cannot be written, made or removed."""
    return UsageError(f"{name}: cannot be written: {files.why(error)}")


def _open(new: New) -> int:
    plain = new.like is None and new.mode is None
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.open(new.path, flags, _ANY_NEW_FILE if plain else _PRIVATE)


def _fill(handle: int, new: New) -> None:
    rest = memoryview(new.data)
    while rest:
        rest = rest[os.write(handle, rest) :]
    if new.like is not None:
        _resemble(new.path, new.like, os.fstat(handle))
    if new.mode is not None:
        os.chmod(new.path, new.mode)


def _resemble(path: str, like: os.stat_result, now: os.stat_result) -> None:
    if hasattr(os, "chown") and (now.st_uid, now.st_gid) != (like.st_uid, like.st_gid):
        with suppress(OSError):  # only root may give files away
            os.chown(path, like.st_uid, like.st_gid)
    os.chmod(path, stat.S_IMODE(like.st_mode))
    # Python takes a compiled file for that of a source whose size and whole second of change are
    # the same, whatever it holds now.
    if now.st_size == like.st_size and int(now.st_mtime) == int(like.st_mtime):
        later = like.st_mtime_ns + 1_000_000_000
        os.utime(path, ns=(later, later))


def temporary_beside(target: str, run: str) -> str:
    """A path for a temporary file of a run, in the folder of `target`."""
    name = f"{_prefix(run)}{os.urandom(6).hex()}"
    return os.path.join(os.path.dirname(target), name)


def sweep(folders: Iterable[str], run: str) -> None:
    """Removes the temporary files that a killed process of the run left in `folders`."""
    for folder in sorted(set(folders)):
        files.sweep(folder, older_than=-math.inf, prefix=_prefix(run))


def _prefix(run: str) -> str:
    return f"{files.TEMPORARY}{run}-"


def put(root: str, path: str, expected: str, temporary: str | None) -> bool:
    """Renames `temporary` over the file at `path`, or removes that for None, if it still has the
    `expected` content hash; returns whether it had. UsageError if that fails.
    """
    try:
        if look(root, path).hash != expected:
            return False
    except StrangeFileError:
        return False
    target = os.path.join(root, path)
    try:
        if temporary is not None:
            _rename(temporary, target)
        elif expected != ABSENT:
            os.unlink(target)
    except OSError as error:
        raise cannot_write(path, error) from None
    return True


def _rename(temporary: str, target: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while sys.platform == "win32" and time.monotonic() < deadline:
        with suppress(PermissionError):
            os.replace(temporary, target)
            return
        time.sleep(_PATIENCE / 20)
    os.replace(temporary, target)


def make_folders(root: str, folders: Iterable[str]) -> None:
    """Makes `folders` (outer ones first), which may exist already; UsageError if that fails."""
    try:
        for folder in folders:
            os.makedirs(os.path.join(root, folder), exist_ok=True)
    except OSError as error:
        raise cannot_write(os.path.relpath(error.filename, root), error) from None


def remove_folders(root: str, folders: Iterable[str]) -> None:
    """Removes those `folders` (outer ones first) that hold nothing, or only compiled files."""
    for folder in sorted(folders, reverse=True):
        path = os.path.join(root, folder)
        with suppress(OSError):
            if os.listdir(path) == ["__pycache__"]:
                _remove_compiled(os.path.join(path, "__pycache__"))
            os.rmdir(path)


def _remove_compiled(folder: str) -> None:
    # An empty folder would stay importable, as a namespace package.
    names = os.listdir(folder)
    if all(name.endswith(".pyc") for name in names):
        for name in names:
            os.unlink(os.path.join(folder, name))
        os.rmdir(folder)
