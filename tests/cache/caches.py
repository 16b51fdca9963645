"""Caches with a few things in them."""

from __future__ import annotations

import os
from pathlib import Path

from ssot_lint.cache import Cache, content_hash
from ssot_lint.cache.folder import FILE_NAME

LONG_AGO = 1_600_000_000 * 10**9
VERSION = "reader 1"
WORDS = b"the hash of some words"

CONTENTS = {"app/a.py": b"import a\n", "app/b.py": b"import b\n", "app/\udcff.py": b"import a\n"}


def facts_of(data: bytes) -> bytes:
    """What stands for the facts of a content."""
    return b"facts of " + data * 3


def status(
    *, size: int = 9, mtime: int = LONG_AGO, ctime: int = LONG_AGO, inode: int = 7
) -> os.stat_result:
    """What `os.stat` would say of a file; times in nanoseconds."""
    seconds = (0, mtime // 10**9, ctime // 10**9)
    return os.stat_result(
        (0o100644, inode, 1, 1, 0, 0, size, *seconds, 0.0, 0.0, 0.0, 0, mtime, ctime)
    )


def at_rest(path: Path, data: bytes) -> os.stat_result:
    """The status of a real file that was written long ago."""
    path.write_bytes(data)
    os.utime(path, ns=(LONG_AGO, LONG_AGO))
    return path.stat()


def opened(folder: Path, version: str = VERSION) -> Cache:
    return Cache.open(str(folder), version=version)


def filled(folder: Path) -> Path:
    """Leaves a cache that knows `CONTENTS` in `folder`; returns its file."""
    cache = opened(folder)
    for path, data in CONTENTS.items():
        cache.remember(path, status(), content_hash(data))
        cache.store(content_hash(data), facts_of(data))
    cache.store_answer(content_hash(b"import b\n"), WORDS, 0)
    assert cache.save() == ""
    return folder / FILE_NAME
