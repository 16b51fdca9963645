"""What is known of each file of a run, and how the rest is found out."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Mapping, Sequence

from ssot_lint.cache import Cache, content_hash
from ssot_lint.facts import Directive, FileFacts, Trouble, unpack
from ssot_lint.model import SourceFile
from ssot_lint.patterns import Words
from ssot_lint.prefilter import Prefilter, hides_ascii
from ssot_lint.reading.disk import UnreadableError, read_bytes
from ssot_lint.reading.pool import Pool
from ssot_lint.reading.work import TELLING, WHOLE, Parsed, Work

_SIFTED_TOGETHER, _PARSED_TOGETHER = 128, 12
"""Files of one task for a process."""
_MANY_FILES, _MANY_BYTES = 1_500, 2_000_000
"""Files to be sifted, and bytes to be parsed, that are worth processes of their own."""

_UNPACKED = 2_048
"""Contents whose facts are kept as values: each rule asks in its turn for those of every file."""


class Reader:
    """Reads the files below a root.

    `overlay` holds texts that are newer than the disk's, `known` facts that the caller has.
    `prefilter` tells the files that are worth a visit; without one all are. `cache` knows what
    earlier runs found out. Equal contents are parsed once. Without `expressions` no rule of the
    run asks for the facts that only expressions hold.
    """

    def __init__(
        self,
        root: str,
        overlay: Mapping[str, bytes] | None = None,
        known: Mapping[str, FileFacts] | None = None,
        prefilter: Prefilter | None = None,
        cache: Cache | None = None,
        expressions: bool = True,
    ) -> None:
        self._root = os.path.join(root, "")
        self._prefilter = prefilter
        self._work = Work(prefilter, hashing=cache is not None, expressions=expressions)
        self._cache = cache
        self._words = content_hash(prefilter.words) if prefilter and cache else b""
        self._overlay = dict(overlay or {})
        self._visits: dict[str, bool] = {}
        # What a file holds: facts that the caller has, the digest of a content, or facts of which
        # nobody else may be told.
        self._given = dict(known or {})
        self._digests: dict[str, bytes] = {}
        self._own: dict[str, Parsed] = {}
        self._contents: dict[bytes, Parsed] = {}
        self._unpacked: dict[bytes, FileFacts] = {}

    def read(
        self,
        files: Sequence[SourceFile],
        jobs: int = 1,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Find out which files are worth a visit, and parse those, in up to `jobs` processes.

        `progress` is called with the number of files that are done, and of all.
        """
        collecting = gc.isenabled()
        # Syntax trees hold no cycles; looking for some costs up to a third of the time.
        gc.disable()
        try:
            with Pool(self._work, jobs) as pool:
                self._read_all(files, pool, progress or _silent)
        finally:
            if collecting:
                gc.enable()

    def visits(self, file: SourceFile) -> bool:
        """Whether a file may hold anything that a rule reports; if so, it is read."""
        if file.path not in self._visits:
            self._read_all([file], Pool(self._work, 1), _silent)
        return self._visits[file.path]

    def facts(self, path: str) -> FileFacts:
        """What a file says."""
        if path in self._given:
            return self._given[path]
        known = self._unpacked.get(self._digests.get(path, b""))
        if known is not None:
            return known
        found = self._parsed(path)
        facts = unpack(found.packed)
        if found.digest is not None:
            if len(self._unpacked) >= _UNPACKED:
                self._unpacked.clear()
            self._unpacked[found.digest] = facts
        return facts

    def trouble(self, path: str) -> Trouble | None:
        """Why a file yields no facts, if so."""
        return self.facts(path).trouble if self._tells(path) else None

    def directives(self, path: str) -> tuple[Directive, ...]:
        """The suppression comments of a file."""
        return self.facts(path).directives if self._tells(path) else ()

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

    def save(self) -> None:
        """Keep for the next run what this one found out, if it can be kept."""
        if self._cache is not None:
            self._cache.save()

    def _read_all(
        self, files: Sequence[SourceFile], pool: Pool, progress: Callable[[int, int], None]
    ) -> None:
        new = [file for file in files if file.path not in self._visits]
        unsifted: list[tuple[SourceFile, os.stat_result | None]] = []
        for file in new:
            status = self._recognise(file)
            if file.path not in self._visits:
                unsifted.append((file, status))
        # Sifting is half of the work on a file; so the bar never goes back.
        half = len(unsifted) // 2
        before = len(files) - len(unsifted)
        progress(before, len(files))
        size = self._sift(unsifted, pool, lambda done: progress(before + done // 2, len(files)))
        unparsed = self._unparsed(file.path for file in new)
        rest = len(files) - before - half
        each = rest / max(len(unparsed), 1)
        at = before + half
        self._parse(unparsed, pool, size, lambda done: progress(at + int(done * each), len(files)))
        progress(len(files), len(files))

    def _recognise(self, file: SourceFile) -> os.stat_result | None:
        """Takes over what is known of a file; returns its status, if a cache wants to know it."""
        path = file.path
        if path in self._given:
            self._visits[path] = True
            return None
        if path in self._overlay:
            data = self._overlay[path]
            self._visits[path] = self._prefilter is None or self._prefilter.visits(file, data)
            return None
        cache, prefilter = self._cache, self._prefilter
        if cache is None:
            return None
        status = self._recall(path)
        digest = self._digests.get(path)
        if digest is not None:
            if prefilter is None or prefilter.stands_inside(file):
                self._visits[path] = True
            else:
                answer = cache.answer(digest, self._words)
                if answer is not None:
                    self._visits[path] = answer
        return status

    def _recall(self, path: str) -> os.stat_result | None:
        """Takes over from the cache what a file holds; returns its status, if there is a cache."""
        if self._cache is None:
            return None
        try:
            status = os.stat(self._root + path)
        except (OSError, ValueError):
            return None
        digest = self._cache.digest_of(path, status)
        if digest is not None:
            self._digests[path] = digest
        return status

    def _sift(
        self,
        files: Sequence[tuple[SourceFile, os.stat_result | None]],
        pool: Pool,
        progress: Callable[[int], None],
    ) -> int:
        """Searches the bytes of files; returns how many bytes are worth parsing."""
        inside = self._prefilter.stands_inside if self._prefilter else _everywhere
        tasks = [(self._root + file.path, inside(file)) for file, _ in files]
        done = size = 0
        for results in pool.sift(tasks, _SIFTED_TOGETHER, len(tasks) > _MANY_FILES):
            for (file, status), sifted in zip(files[done:], results, strict=False):
                path, digest = file.path, sifted.digest
                self._visits[path] = sifted.holds
                size += sifted.size * sifted.holds
                if digest:
                    self._digests[path] = digest
                    self._remember(path, status, digest)
                    if self._cache is not None and self._words and not inside(file):
                        self._cache.store_answer(digest, self._words, sifted.holds)
            done += len(results)
            progress(done)
        return size

    def _remember(self, path: str, status: os.stat_result | None, digest: bytes) -> None:
        """Tells the cache what a file holds; `status` is from before it was read."""
        if self._cache is not None and status is not None:
            self._cache.remember(path, status, digest)

    def _unparsed(self, paths: Iterable[str]) -> list[str]:
        """The first path of each content that is to be visited and was never parsed."""
        seen: set[bytes] = set()
        found = []
        for path in paths:
            if not self._visits[path] or path in self._given or path in self._overlay:
                continue
            digest = self._digests.get(path)
            if digest is None:
                found.append(path)
            elif digest not in seen:
                seen.add(digest)
                if not self._knows(digest):
                    found.append(path)
        return found

    def _parse(
        self, paths: Sequence[str], pool: Pool, size: int, progress: Callable[[int], None]
    ) -> None:
        full = [self._root + path for path in paths]
        done = 0
        for results in pool.parse(full, _PARSED_TOGETHER, size > _MANY_BYTES):
            for path, result in zip(paths[done:], results, strict=False):
                self._keep(path, result)
            done += len(results)
            progress(done)

    def _keep(self, path: str, result: Parsed) -> None:
        """Takes over what a file was found to hold, which counts if it changed since sifted."""
        digest = result.digest
        if digest is None:
            self._digests.pop(path, None)
            self._own[path] = result
            return
        self._digests[path] = digest
        if self._cache is None:
            self._contents[digest] = result
        else:
            self._cache.store(digest, result.packed, result.mark)

    def _knows(self, digest: bytes) -> bool:
        """Whether the facts of a content are known, all that the run asks for."""
        if self._cache is None:
            return digest in self._contents
        mark = self._cache.mark(digest)
        return mark is not None and bool(mark & WHOLE or not self._work.expressions)

    def _tells(self, path: str) -> bool:
        """Whether the facts of a file hold trouble or directives."""
        if path in self._given:
            return True
        digest = self._digests.get(path)
        mark = self._cache.mark(digest) if self._cache is not None and digest else None
        return bool((self._parsed(path).mark if mark is None else mark) & TELLING)

    def _parsed(self, path: str) -> Parsed:
        """What a file holds, read now if it never was."""
        if path in self._own:
            return self._own[path]
        if path in self._overlay:
            result = self._own[path] = self._work.parsed(None, self._overlay[path])
            return result
        status = None if path in self._digests else self._recall(path)
        digest = self._digests.get(path)
        known = None if digest is None else self._known(digest)
        if known is None:
            (known,) = self._work.parse([self._root + path])
            if known.digest is not None:
                self._remember(path, status, known.digest)
            self._keep(path, known)
        return known

    def _known(self, digest: bytes) -> Parsed | None:
        """The facts of a content, if they are known and not damaged."""
        if self._cache is None:
            return self._contents.get(digest)
        packed = self._cache.facts(digest) if self._knows(digest) else None
        return None if packed is None else Parsed(digest, packed, self._cache.mark(digest) or 0)

    def _bytes(self, path: str) -> bytes:
        if path in self._overlay:
            return self._overlay[path]
        return read_bytes(self._root + path)


def _silent(_done: int, _total: int) -> None:
    return None


def _everywhere(_file: SourceFile) -> bool:
    return True
