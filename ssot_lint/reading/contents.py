"""What files hold: by path the hash of its content, by content its facts."""

from __future__ import annotations

import os

from ssot_lint.cache import Cache
from ssot_lint.prefilter import EXPRESSIONS, Outline
from ssot_lint.reading.work import DEEP, Named, Parsed

_NAMES = b"names"
"""What kind of outline the names of a module are."""


class Contents:
    """Remembers contents, and facts of files that have none to be known by: those that cannot be
    read, and texts that only this run knows.

    With a cache, also what earlier runs found out; then the facts stay there until asked for.
    """

    def __init__(self, cache: Cache | None) -> None:
        self._cache = cache
        self._digests: dict[str, bytes] = {}
        self._without: dict[str, Parsed] = {}
        self._facts: dict[bytes, Parsed] = {}
        self._names: dict[bytes, Outline] = {}

    def digest(self, path: str) -> bytes | None:
        """The hash of what a file holds, if that is known."""
        return self._digests.get(path)

    def recall(self, path: str, digest: bytes) -> None:
        """Takes over what a file holds, as the cache says."""
        self._digests[path] = digest

    def recognise(self, path: str, full: str) -> os.stat_result | None:
        """Takes over from the cache what a file (at `full`) holds, if it has not changed.

        Returns its status, for `remember`; None if there is no cache, or no such file.
        """
        if self._cache is None:
            return None
        try:
            status = os.stat(full)
        except (OSError, ValueError):
            return None
        digest = self._cache.digest_of(path, status)
        if digest is not None:
            self._digests[path] = digest
        return status

    def remember(self, path: str, status: os.stat_result | None, digest: bytes) -> None:
        """Keeps what a file holds; `status` is from before it was read."""
        self._digests[path] = digest
        if self._cache is not None and status is not None:
            self._cache.remember(path, status, digest)

    def keep(self, path: str, result: Parsed) -> None:
        """Keeps what a file was found to hold, which counts if it changed since it was sifted."""
        digest = result.digest
        if digest is None:
            self._digests.pop(path, None)
            self._without[path] = result
            return
        self._digests[path] = digest
        if self._cache is None:
            self._facts[digest] = result
        else:
            self._cache.store(digest, result.packed, result.mark)

    def names(self, path: str) -> Outline:
        """The names that a file surely defines, as far as they are known."""
        digest = self._digests.get(path)
        if digest is None:
            return ()
        if self._cache is not None:
            return self._cache.outline(digest, _NAMES) or ()
        return self._names.get(digest, ())

    def take_names(self, path: str, status: os.stat_result | None, found: Named) -> None:
        """Keeps the names that a file surely defines; `status` as for `remember`."""
        self.remember(path, status, found.digest)
        if self._cache is not None:
            self._cache.store_outline(found.digest, _NAMES, found.names)
        else:
            self._names[found.digest] = found.names

    def take(self, path: str, status: os.stat_result | None, result: Parsed) -> None:
        """Keeps what a file was found to hold, and that it does; `status` as for `remember`."""
        if status is not None and result.digest is not None:
            self.remember(path, status, result.digest)
        self.keep(path, result)

    def knows(self, digest: bytes, depth: int) -> bool:
        """Whether the facts of a content are known, to this depth."""
        mark = self._mark(digest)
        return mark is not None and (depth < EXPRESSIONS or bool(mark & DEEP))

    def mark(self, path: str) -> int | None:
        """The mark of the facts of a file, if they are known."""
        if path in self._without:
            return self._without[path].mark
        digest = self._digests.get(path)
        return None if digest is None else self._mark(digest)

    def facts(self, path: str, depth: int) -> Parsed | None:
        """The facts of a file, if they are known to this depth, and not damaged."""
        if path in self._without:
            return self._without[path]
        digest = self._digests.get(path)
        if digest is None or not self.knows(digest, depth):
            return None
        if self._cache is None:
            return self._facts[digest]
        packed = self._cache.facts(digest)
        return None if packed is None else Parsed(digest, packed, self._mark(digest) or 0)

    def _mark(self, digest: bytes) -> int | None:
        if self._cache is not None:
            return self._cache.mark(digest)
        return self._facts[digest].mark if digest in self._facts else None
