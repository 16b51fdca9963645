"""The cache file: a header, an index of columns, and the facts one after the other.

::

    magic (8 bytes), length of the index (u64), BLAKE2b-128 of the index
    the index: `marshal` data, one value per column of `Index`
    the facts of each content, in the order of the index

The index is read and verified as a whole, because that takes a few milliseconds; facts are read
one by one when they are asked for, each against its own checksum. Verifying comes first because
`marshal` may crash on damaged data; it builds numbers, strings and tuples, and runs nothing.
"""

from __future__ import annotations

import marshal
import os
import stat
import struct
import sys
from array import array
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import accumulate

from ssot_lint.cache.answers import Answers
from ssot_lint.cache.identity import HASH_SIZE

STAMP = struct.Struct("=qqqQ")
"""Size, mtime, ctime (both in nanoseconds) and inode of a file."""

CHECK_SIZE = 8
"""Bytes of the checksum of one content's facts."""

_MAGIC = b"ssot4" + sys.byteorder[:3].encode()
_HEADER = struct.Struct("=8sQ16s")
_MARSHAL = 4  # which every interpreter since 3.4 writes alike
_CHUNK = 1 << 20


def check_of(facts: bytes) -> bytes:
    """The checksum that guards `facts` on the disk."""
    return blake2b(facts, digest_size=CHECK_SIZE).digest()


@dataclass(slots=True)
class Index:
    """All that a cache file says, but for the facts themselves.

    Paths and contents are numbered by their position. Column by column: each path's stamp and the
    number of its content; each content's hash, the length of its facts (0: none are kept), their
    checksum and their mark; for each set of words, the least recently used first, the answers; and
    in the same way for each kind of outline, packed, what contents refer to; and by keys, what runs
    found.
    """

    version: str
    paths: list[str] = field(default_factory=list)
    stamps: list[bytes] = field(default_factory=list)
    contents: array[int] = field(default_factory=lambda: array("q"))
    hashes: list[bytes] = field(default_factory=list)
    lengths: array[int] = field(default_factory=lambda: array("q"))
    checks: list[bytes] = field(default_factory=list)
    marks: bytearray = field(default_factory=bytearray)
    answers: dict[bytes, Answers] = field(default_factory=dict)
    outlines: dict[bytes, bytes] = field(default_factory=dict)
    found: dict[bytes, bytes] = field(default_factory=dict)

    def dump(self) -> bytes:
        """Header and index, ready to be followed by the facts."""
        columns = (
            self.version,
            self.paths,
            b"".join(self.stamps),
            self.contents.tobytes(),
            b"".join(self.hashes),
            self.lengths.tobytes(),
            b"".join(self.checks),
            bytes(self.marks),
            [(words, each.width, bytes(each.data)) for words, each in self.answers.items()],
            [*self.outlines.items()],
            [*self.found.items()],
        )
        data = marshal.dumps(columns, _MARSHAL)
        return _HEADER.pack(_MAGIC, len(data), _digest(data)) + data

    @classmethod
    def of(cls, data: bytes) -> Index:
        """The index that `dump` wrote; `data` has been verified."""
        columns = marshal.loads(data)  # noqa: S302
        version, paths, stamps, contents, hashes, lengths, checks, marks, *more = columns
        answers, outlines, found = more
        return cls(
            version,
            paths,
            _cut(stamps, STAMP.size),
            array("q", contents),
            _cut(hashes, HASH_SIZE),
            array("q", lengths),
            _cut(checks, CHECK_SIZE),
            bytearray(marks),
            {words: Answers(width, data) for words, width, data in answers},
            dict(outlines),
            dict(found),
        )


def _digest(index: bytes) -> bytes:
    return blake2b(index, digest_size=16).digest()


def _cut(joined: bytes, size: int) -> list[bytes]:
    return [part for (part,) in struct.iter_unpack(f"{size}s", joined)]


class Payload:
    """The facts in an open cache file, which stays as it was when another one takes its place."""

    def __init__(self, descriptor: int, offset: int, lengths: array[int]) -> None:
        self._descriptor: int | None = descriptor
        self._starts = array("q", accumulate(lengths, initial=offset))

    def facts(self, number: int, check: bytes) -> bytes | None:
        """The facts of the content with `number`; None where `check` is not their checksum."""
        start, end = self._starts[number], self._starts[number + 1]
        data = self._read(start, end - start)
        return data if check_of(data) == check else None

    def chunks(self, first: int, last: int) -> Iterator[bytes]:
        """The facts of the contents `first` to `last` (exclusive), unverified, in pieces.

        What cannot be read is replaced by zeros: their checksums will tell.
        """
        start, end = self._starts[first], self._starts[last]
        while start < end:
            size = min(_CHUNK, end - start)
            yield self._read(start, size).ljust(size, b"\0")
            start += size

    def _read(self, start: int, size: int) -> bytes:
        if self._descriptor is None:
            return b""
        with suppress(OSError):
            if hasattr(os, "pread"):  # processes that share the descriptor do not disturb it
                return os.pread(self._descriptor, size, start)
            os.lseek(self._descriptor, start, os.SEEK_SET)
            return os.read(self._descriptor, size)
        return b""

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __del__(self) -> None:
        self.close()


def load(path: str) -> tuple[Index, Payload] | None:
    """The cache file at `path`; None if there is none that is whole and of this format."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags)
    except (OSError, ValueError):
        return None
    data = _verified(descriptor)
    if data is None:
        os.close(descriptor)
        return None
    index = Index.of(data)
    return index, Payload(descriptor, _HEADER.size + len(data), index.lengths)


def _verified(descriptor: int) -> bytes | None:
    """The index of an open cache file, if its checksum is right."""
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return None
        magic, length, digest = _HEADER.unpack(os.read(descriptor, _HEADER.size))
        if magic != _MAGIC or length > status.st_size:
            return None
        data = os.read(descriptor, length)
    except (OSError, struct.error):
        return None
    return data if len(data) == length and _digest(data) == digest else None
