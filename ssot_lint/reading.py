"""Paths to facts: read once, kept packed, unpacked on demand.

Facts of ten thousand files must fit into memory, so they are kept in their packed form; only the
last few files are kept as values, because one file is asked by several rules in a row.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ssot_lint.cache import Cache, content_hash
from ssot_lint.facts import Directive, FileFacts, Trouble, pack, read_facts, unpack
from ssot_lint.model import SourceFile
from ssot_lint.patterns import Words
from ssot_lint.prefilter import Prefilter, hides_ascii

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is read; nobody maintains a larger one by hand."""


class UnreadableError(Exception):
    """A file's bytes cannot be had; the text says why in a few words."""


def read_bytes(path: str) -> bytes:
    """The bytes of a regular file; `UnreadableError` if it is none, is gone, or is too large."""
    try:
        descriptor = os.open(
            path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
        )
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableError("not a regular file")
            if status.st_size > LARGEST:
                raise UnreadableError(f"larger than {LARGEST // 1024 // 1024} MiB")
            return file.read()
    except OSError as error:
        raise UnreadableError(error.strerror or type(error).__name__) from None


@dataclass(frozen=True, slots=True)
class _Content:
    """What stands in a file; `digest` is None where nobody may be told of it."""

    digest: bytes | None
    data: bytes | None
    path: str

    def read(self) -> _Content:
        """The same with the bytes; UnreadableError if they cannot be had."""
        if self.data is not None:
            return self
        data = read_bytes(self.path)
        # Not the digest of before: the file may have changed since.
        return _Content(content_hash(data), data, self.path)


class Reader:
    """Reads the files below a root.

    `overlay` holds texts that are newer than the disk's, `known` facts that the caller has.
    `prefilter` tells the files that are worth a visit; without one all are. `cache` knows what
    earlier runs found out. Equal contents are parsed once.
    """

    def __init__(
        self,
        root: str,
        overlay: Mapping[str, bytes] | None = None,
        known: Mapping[str, FileFacts] | None = None,
        prefilter: Prefilter | None = None,
        cache: Cache | None = None,
    ) -> None:
        self._root = root
        self._prefilter = prefilter
        self._cache = cache
        self._words_key = content_hash(prefilter.words) if prefilter and cache else b""
        self._contents: dict[bytes, bytes] = {}
        self._seen: dict[str, _Content] = {}
        self._visits: dict[str, bool] = {}
        self._overlay = dict(overlay or {})
        self._packed: dict[str, bytes] = {}
        # Most files have neither, and every run asks all files for both.
        self._troubles: dict[str, Trouble] = {}
        self._directives: dict[str, tuple[Directive, ...]] = {}
        self.facts: Callable[[str], FileFacts] = lru_cache(maxsize=64)(self._facts)
        for path, facts in (known or {}).items():
            self._keep(path, facts, pack(facts))

    def visits(self, file: SourceFile) -> bool:
        """Whether a file may hold anything that a rule reports; if so, it is read."""
        if file.path not in self._visits:
            worth = (
                self._prefilter is None
                or self._prefilter.stands_inside(file)
                or self._may_hold(file.path, self._prefilter)
            )
            self._visits[file.path] = worth
            if worth:
                self._read(file.path)
        return self._visits[file.path]

    def _may_hold(self, path: str, prefilter: Prefilter) -> bool:
        """What the pre-filter says of a text, or said of it in an earlier run."""
        try:
            content = self._content(path)
            key = self._words_key
            if key and content.digest and self._cache and self._cache.lacks(content.digest, key):
                return False
            content = content.read()
            if prefilter.may_hold(content.data or b""):
                self._seen[path] = content
                return True
        except UnreadableError:
            return True  # nobody knows what it holds
        if key and content.digest and self._cache:
            self._cache.store_lack(content.digest, key)
        return False

    def trouble(self, path: str) -> Trouble | None:
        """Why a file yields no facts, if so."""
        self._read(path)
        return self._troubles.get(path)

    def directives(self, path: str) -> tuple[Directive, ...]:
        """The suppression comments of a file."""
        self._read(path)
        return self._directives.get(path, ())

    def _read(self, path: str) -> FileFacts | None:
        """The facts of a file that had not been read yet."""
        if path in self._packed:
            return None
        try:
            content = self._seen.pop(path, None) or self._content(path)
            facts, packed = self._parsed(content)
        except UnreadableError as error:
            facts = FileFacts(trouble=Trouble("unreadable", str(error), 1, 1, ""))
            packed = pack(facts)
        self._keep(path, facts, packed)
        return facts

    def _parsed(self, content: _Content) -> tuple[FileFacts, bytes]:
        """The facts of a content, parsed only if it never was."""
        digest = content.digest
        packed = digest and (
            self._contents.get(digest) or (self._cache and self._cache.facts(digest))
        )
        if packed:
            return unpack(packed), packed
        content = content.read()
        facts = read_facts(content.data or b"")
        packed = pack(facts)
        if content.digest:
            self._contents[content.digest] = packed
            if self._cache:
                self._cache.store(content.digest, packed)
        return facts, packed

    def _content(self, path: str) -> _Content:
        """What stands in a file: its digest, and its bytes, read only if they must be."""
        if path in self._overlay:
            return _Content(None, self._overlay[path], "")
        full = os.path.join(self._root, path)
        if self._cache is None:
            data = read_bytes(full)
            return _Content(content_hash(data), data, full)
        try:
            status = os.stat(full)
        except OSError:
            return _Content(None, None, full)
        digest = self._cache.digest_of(path, status)
        if digest is not None:
            return _Content(digest, None, full)
        data = read_bytes(full)
        digest = content_hash(data)
        self._cache.remember(path, status, digest)
        return _Content(digest, data, full)

    def save(self) -> None:
        """Keep for the next run what this one found out, if it can be kept."""
        if self._cache is not None:
            self._cache.save()

    def _keep(self, path: str, facts: FileFacts, packed: bytes) -> None:
        self._packed[path] = packed
        if facts.trouble is not None:
            self._troubles[path] = facts.trouble
        if facts.directives:
            self._directives[path] = facts.directives

    def _facts(self, path: str) -> FileFacts:
        return self._read(path) or unpack(self._packed[path])

    def _bytes(self, path: str) -> bytes:
        if path in self._overlay:
            return self._overlay[path]
        return read_bytes(os.path.join(self._root, path))

    def may_hold(self, path: str, words: Iterable[Words | None]) -> bool:
        """Whether a file's text may contain the words of one of the rules.

        True as well if the words cannot be tested: the file cannot be read, or its encoding hides
        ASCII. A rule that names no words asks nothing of the text.
        """
        wanted = [w for w in words if w is not None and w.clues]
        if not wanted:
            return False
        try:
            data = self._bytes(path)
        except UnreadableError:
            return True
        return hides_ascii(data) or Prefilter(wanted).mentions(data)
