"""The cache in use: questions about files and contents, answers to keep, and saving them."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Iterable, Iterator
from itertools import groupby

from ssot_lint.cache.answers import Answers
from ssot_lint.cache.folder import cache_file, write
from ssot_lint.cache.layout import CHECK_SIZE, STAMP, Index, Payload, check_of, load
from ssot_lint.cache.limits import bounded
from ssot_lint.cache.outlines import Outlines

GRAIN = 2_000_000_000
"""Nanoseconds in which two changes of a file may bear the same time (FAT counts by two seconds)."""

_UNTRUSTED = STAMP.pack(-1, 0, 0, 0)  # no file's


_Outline = tuple[str, ...]
Known = tuple[os.stat_result | None, bytes | None, int | None]
"""Of one file: its status, the hash of its content, and an answer about that."""


class Cache:
    """What is known about the files of one root, kept in one file of a folder.

    Nothing here raises because of what lies on the disk: whatever is missing, damaged, foreign or
    unreadable is unknown. Only `save` writes; runs that save at the same time do not disturb each
    other, and the last one wins.
    """

    def __init__(self, folder: str, index: Index, payload: Payload | None, *, opened: int) -> None:
        """Use `open`; `opened` is the moment in nanoseconds since the epoch."""
        self._folder = folder
        self._index = index
        self._payload = payload
        self._stored = len(index.hashes)
        self._rows = dict(zip(index.paths, range(len(index.paths)), strict=True))
        self._asked = bytearray(len(index.paths))
        self._asked_words: set[bytes] = set()
        self._numbers = dict(zip(index.hashes, range(self._stored), strict=True))
        self._outlines = Outlines(index.outlines)
        self._new: dict[int, bytes] = {}
        self._trusted_before = opened - GRAIN
        self._changed = False

    @classmethod
    def open(cls, folder: str, *, version: str) -> Cache:
        """The cache that a run with the same `version` (of the reader) left in `folder`.

        Open it before the first file is read: files that change later than two seconds before
        this moment are not trusted.
        """
        opened = time.time_ns()
        loaded = load(cache_file(folder))
        if loaded is None or loaded[0].version != version:
            return cls(folder, Index(version), None, opened=opened)
        return cls(folder, *loaded, opened=opened)

    @property
    def found(self) -> bool:
        """Whether an earlier run left anything."""
        return self._payload is not None

    def renew(self) -> None:
        """Trust what has been at rest for two seconds now, for files that are read from now on."""
        self._trusted_before = time.time_ns() - GRAIN

    def digest_of(self, path: str, status: os.stat_result) -> bytes | None:
        """The content hash of the file at `path`, if it has not changed since it was remembered.

        That is: size, mtime, ctime and inode are equal, and the file had been at rest when it was
        read (the "racy git" problem). The ctime is what tells a file that was rewritten in place
        by a tool that sets its mtime back.
        """
        row = self._rows.get(path)
        if row is None:
            return None
        self._asked[row] = True
        if self._index.stamps[row] != _stamp(status):
            return None
        return self._index.hashes[self._index.contents[row]]

    def recall(self, root: str, paths: Iterable[str], words: bytes) -> Iterator[Known]:
        """For each of many files: its status, and as `digest_of` and `answer` say.

        `root` ends with a separator. The status is None for a file that there is not.
        """
        self._asked_words.add(words)
        index, asked, find = self._index, self._asked, self._rows.get
        answers = index.answers.get(words) or Answers()
        for path in paths:
            try:
                status = os.stat(root + path)
            except (OSError, ValueError):
                yield None, None, None
                continue
            row = find(path)
            if row is None:
                yield status, None, None
                continue
            asked[row] = True
            if index.stamps[row] != _stamp(status):
                yield status, None, None
                continue
            number = index.contents[row]
            yield status, index.hashes[number], answers.get(number)

    def remember(self, path: str, status: os.stat_result, digest: bytes) -> None:
        """Keeps the content hash of a file; `status` is from before it was read.

        A status for `digest_of` must come from the same call (on Windows those of `os.scandir`
        lack the inode).
        """
        index = self._index
        trusted = status.st_mtime_ns < self._trusted_before
        stamp = (trusted and _stamp(status)) or _UNTRUSTED
        number = self._number(digest)
        row = self._rows.get(path)
        if row is None:
            self._rows[path] = len(index.paths)
            index.paths.append(path)
            index.stamps.append(stamp)
            index.contents.append(number)
            self._asked.append(True)
            self._changed = True
            return
        self._asked[row] = True
        if index.stamps[row] != stamp or index.contents[row] != number:
            index.stamps[row] = stamp
            index.contents[row] = number
            self._changed = True

    def facts(self, digest: bytes) -> bytes | None:
        """The facts of a content, as they were stored."""
        number = self._numbers.get(digest)
        if number is None:
            return None
        if number in self._new:
            return self._new[number]
        if self._payload is None or number >= self._stored or not self._index.lengths[number]:
            return None
        return self._payload.facts(number, self._index.checks[number])

    def store(self, digest: bytes, facts: bytes, mark: int = 0) -> None:
        """Keeps the facts of a content; they are not empty.

        `mark` (0 to 255) is what is to be known of them without reading them.
        """
        number = self._number(digest)
        self._new[number] = facts
        self._index.lengths[number] = len(facts)
        self._index.checks[number] = check_of(facts)
        self._index.marks[number] = mark
        self._changed = True

    def mark(self, digest: bytes) -> int | None:
        """The mark of the facts of a content; None if they are not known."""
        number = self._numbers.get(digest)
        if number is None or not self._index.lengths[number]:
            return None
        return self._index.marks[number]

    def answer(self, digest: bytes, words: bytes) -> int | None:
        """What was stored about a content and a set of words; None if nothing was.

        `words` stands for the set and for the way in which it is looked for. The sets used last
        are kept.
        """
        self._asked_words.add(words)
        answers = self._index.answers.get(words)
        number = self._numbers.get(digest)
        return None if answers is None or number is None else answers.get(number)

    def store_answer(self, digest: bytes, words: bytes, answer: int) -> None:
        """Keeps an answer (a natural number) about a content and a set of words."""
        self._asked_words.add(words)
        answers = self._index.answers.setdefault(words, Answers())
        if answers.put(self._number(digest), answer):
            self._changed = True

    def outline(self, digest: bytes, kind: bytes) -> _Outline | None:
        """The outline that was stored of a content; None if none was.

        `kind` stands for the way in which it was made.
        """
        number = self._numbers.get(digest)
        return None if number is None else self._outlines.of(kind).get(number)

    def store_outline(self, digest: bytes, kind: bytes, outline: _Outline) -> None:
        """Keeps the outline of a content."""
        outlines, number = self._outlines.of(kind), self._number(digest)
        if outlines.get(number) != outline:
            outlines[number] = outline
            self._changed = True

    def recall_found(self, key: bytes) -> bytes | None:
        """What was kept under a key; the keys that were used last are known."""
        found = self._index.found.pop(key, None)
        if found is not None:
            self._index.found[key] = found
        return found

    def keep_found(self, key: bytes, found: bytes) -> None:
        """Keeps what a run found."""
        self._index.found.pop(key, None)
        self._index.found[key] = found
        self._changed = True

    def save(self) -> str:
        """Writes what has changed since the cache was opened, and ends its use.

        Returns why it could not be written, "" if it was or need not be.
        """
        try:
            if not self._changed:
                return ""
            self._changed = False
            index, numbers = bounded(self._index, self._asked, self._asked_words, self._new)
            index.outlines = self._outlines.pack(numbers)
            return write(self._folder, self._chunks(index, numbers))
        finally:
            self.close()

    def _chunks(self, index: Index, numbers: Iterable[int]) -> Iterator[bytes]:
        """The new file: `index`, and the facts of the contents that had these `numbers`."""
        yield index.dump()
        for old, group in groupby(numbers, self._is_old):
            if old and self._payload is not None:
                # Neighbours have the same distance from their position in the group.
                for _, run in groupby(enumerate(group), lambda pair: pair[1] - pair[0]):
                    neighbours = [number for _, number in run]
                    yield from self._payload.chunks(neighbours[0], neighbours[-1] + 1)
            else:
                for number in group:
                    yield self._new.get(number, b"")
        self.close()  # because Windows replaces no open file

    def _is_old(self, number: int) -> bool:
        """Whether the facts of a content are those in the file that was opened."""
        return number < self._stored and number not in self._new

    def close(self) -> None:
        """Let go of the file; the facts in it are no longer known."""
        if self._payload is not None:
            self._payload.close()

    def _number(self, digest: bytes) -> int:
        """The number of a content, which it is given now if it is new."""
        number = self._numbers.get(digest)
        if number is None:
            number = self._numbers[digest] = len(self._index.hashes)
            self._index.hashes.append(digest)
            self._index.lengths.append(0)
            self._index.checks.append(bytes(CHECK_SIZE))
            self._index.marks.append(0)
        return number


def _stamp(status: os.stat_result) -> bytes:
    """What tells whether a file has changed; empty if that cannot be told."""
    try:
        return STAMP.pack(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
    except struct.error:  # a time before 1677, or an inode of 128 bits (ReFS)
        return b""
