"""The bytes of a file."""

from __future__ import annotations

import os
import stat

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is read; nobody maintains a larger one by hand."""

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


class UnreadableError(Exception):
    """A file's bytes cannot be had; the text says why in a few words."""


def read_bytes(path: str) -> bytes:
    """The bytes of a regular file; `UnreadableError` if it is none, is gone, or is too large."""
    try:
        descriptor = os.open(path, _FLAGS)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableError("not a regular file")
            if status.st_size > LARGEST:
                raise UnreadableError(f"larger than {LARGEST // 1024 // 1024} MiB")
            return _rest(descriptor, status.st_size)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", "") or type(error).__name__
        raise UnreadableError(why) from None


def _rest(descriptor: int, size: int) -> bytes:
    """All that is left to be read, about `size` bytes."""
    data = os.read(descriptor, size + 1)
    if len(data) == size:
        return data  # the usual case: one call, and one byte that was not there
    parts = [data]
    while data:
        data = os.read(descriptor, 1 << 20)
        parts.append(data)
    return b"".join(parts)
