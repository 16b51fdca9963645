"""One migration at a time: a lock that ends with the process that holds it.

`flock` (`msvcrt.locking` on Windows), so that no lock outlives a killed run; the file's contents
only tell others who the holder is.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ssot_lint import files
from ssot_lint.errors import UsageError
from ssot_lint.migration.journal.place import Place

_NAME = "lock"
_PATIENCE = 0.2
"""Seconds in which `busy`, which takes the lock to see whether it is free, gives it back."""
_PAUSE = 0.01

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # locked bytes cannot be read, and others want to read the contents

    def _take(handle: int, *, shared: bool) -> bool:  # noqa: ARG001  (there is one kind of lock)
        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(handle: int, *, shared: bool) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """Holds the lock of `place`, and makes its folder. UsageError if another process holds it."""
    handle = _acquire(place)
    try:
        yield
    finally:
        os.close(handle)


def _acquire(place: Place) -> int:
    path = os.path.join(place.folder, _NAME)
    deadline = time.monotonic() + _PATIENCE
    while True:
        place.make()
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:
            continue  # the last holder has just removed the folder
        except OSError as error:
            raise UsageError(f"{path}: cannot be written: {files.why(error)}") from None
        try:
            taken = _take(handle, shared=False)
            if taken and _is_at(handle, path):
                _sign(handle)
                return handle
        except OSError as error:
            os.close(handle)
            raise UsageError(f"{path}: cannot be locked: {files.why(error)}") from None
        os.close(handle)
        if not taken:
            if time.monotonic() > deadline:
                raise UsageError(_holder(path))
            time.sleep(_PAUSE)


def _is_at(handle: int, path: str) -> bool:
    """Whether the locked file is still the one that others will open."""
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except FileNotFoundError:
        return False


def _sign(handle: int) -> None:
    import platform

    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, f"{os.getpid()} {platform.node()}\n".encode())


def _holder(path: str) -> str:
    words: list[str] = []
    with suppress(OSError), open(path, encoding="utf-8", errors="replace") as file:
        words = file.read().split()
    who = f": process {words[0]} on {' '.join(words[1:])}" if words else ""
    return f"another ssot-lint is migrating here{who}"


def busy(place: Place) -> str:
    """Who holds the lock of `place`, in words for the user; "" if nobody does."""
    path = os.path.join(place.folder, _NAME)
    try:
        handle = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    except OSError:
        return ""
    try:
        return "" if _take(handle, shared=True) else _holder(path)
    finally:
        os.close(handle)


def remove(place: Place) -> None:
    """Removes the lock's file; only for who holds the lock."""
    with suppress(OSError):  # Windows keeps open files; the next run reuses it
        os.unlink(os.path.join(place.folder, _NAME))
