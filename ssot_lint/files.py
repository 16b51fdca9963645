"""Reading and replacing files, with failures in words for the user.

A file is replaced as a whole or not at all: the new contents are written to a temporary file
beside it, forced to the disk, and renamed over it (POSIX ``rename``: readers see the old contents
or the new ones).
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable
from contextlib import suppress

from ssot_lint.errors import UsageError

TEMPORARY = ".ssot-tmp-"
"""How the names of temporary files begin."""


def why(error: OSError | ValueError) -> str:
    """What went wrong, in the words of the operating system where it has some."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return "no file can have such a name"  # a null character, or what the locale cannot encode


def read(path: str, *, name: str = "") -> bytes:
    """The bytes of the file at `path`; UsageError, which calls it `name`, if that fails."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        raise UsageError(f"{name or path}: cannot be read: {why(error)}") from None


def read_if_exists(path: str, *, name: str = "") -> bytes | None:
    """As `read`, or None where there is no file (a link that leads nowhere is an error)."""
    return read(path, name=name) if os.path.lexists(path) else None


def replace(
    path: str, data: bytes, *, name: str = "", check: Callable[[bytes], object] | None = None
) -> None:
    """Makes `data` the contents of the file at `path`, at once or not at all.

    A file that exists keeps its permissions; a symbolic link is followed, and what it leads to is
    replaced. `check` is handed what was read back from the disk before it takes the file's place,
    and prevents that by raising. Raises UsageError, which calls the file `name`, if the file
    cannot be written; no temporary file is left behind.
    """
    try:
        target, permissions = os.path.realpath(path), _permissions(path)
    except (OSError, ValueError) as error:
        raise UsageError(f"{name or path}: cannot be written: {why(error)}") from None
    try:
        _replace(target, permissions, data, check)
    except OSError as error:
        raise UsageError(f"{name or path}: cannot be written: {why(error)}") from None


def _permissions(path: str) -> int | None:
    """The permission bits of the file at `path`, None if there is none; OSError if it is not ours
    to replace: renaming would succeed over a read-only file, and over a device.
    """
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "not a regular file")
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return stat.S_IMODE(mode)


def _replace(
    target: str, permissions: int | None, data: bytes, check: Callable[[bytes], object] | None
) -> None:
    folder = os.path.dirname(target)
    temporary = os.path.join(folder, TEMPORARY + os.urandom(8).hex())
    binary = getattr(os, "O_BINARY", 0)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | binary, 0o666)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        if permissions is not None:
            os.chmod(temporary, permissions)
        if check is not None:
            with open(temporary, "rb") as file:
                written = file.read()
            check(written)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    sync_folder(folder)


def sync_folder(folder: str) -> None:
    """Makes what was renamed in `folder` survive a power cut, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sweep(folder: str, *, older_than: float = 0.0, prefix: str = TEMPORARY) -> tuple[str, ...]:
    """Removes the temporary files that killed runs left in `folder`; returns their names, sorted.

    Spares those younger than `older_than` seconds: another run may be at work on them. `prefix` is
    how the names of the files begin that are removed.
    """
    removed = []
    latest = time.time() - older_than
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(prefix):
                with suppress(OSError):
                    if entry.stat(follow_symlinks=False).st_mtime <= latest:
                        os.unlink(entry.path)
                        removed.append(entry.name)
    return tuple(sorted(removed))
