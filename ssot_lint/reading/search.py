"""Who wants which files: they are searched once, by as many processes as help."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from sys import intern

from ssot_lint.cache import Cache, Known, content_hash
from ssot_lint.model import SourceFile
from ssot_lint.prefilter import VAGUE, Outline, Sieve
from ssot_lint.processes import Processes
from ssot_lint.reading.contents import Contents
from ssot_lint.reading.work import Work

Limit = Callable[[SourceFile, int], int]
"""Which of those who want a file may have it: of a sum of bits it leaves the others."""

_TOGETHER = 128
"""Files of one task for a process."""
_MANY = 1_500
"""Files that are worth processes of their own."""

_Unsure = Sequence[tuple[SourceFile, os.stat_result | None]]


class Search:
    """Looks for what `sieve` asks in the files below `root`, which ends with a separator.

    `overlay` holds texts that are newer than the disk's, `given` the paths that everybody wants.
    What is known of contents goes to `contents`, and into the `cache`, if there is one. Who wanted
    a file in an `earlier` search of the same files wants it still.
    """

    def __init__(
        self,
        root: str,
        sieve: Sieve,
        limit: Limit | None,
        contents: Contents,
        cache: Cache | None,
        overlay: Mapping[str, bytes],
        given: Iterable[str],
        earlier: Search | None,
    ) -> None:
        self.sieve = sieve
        self.work = Work(sieve, hashing=cache is not None or sieve.outlines)
        self._root = root
        self._limit = limit
        self._contents = contents
        self._cache = cache
        self._overlay = overlay
        self._given = frozenset(given)
        self._earlier = None if earlier is None else earlier._wanted
        self._words = content_hash(sieve.words) if cache else b""
        self._wanted: dict[str, int] = {}
        self._places: dict[str | None, int] = {}
        self._outlines: dict[str, Outline] = {} if earlier is None else earlier._outlines
        self._outlined: bool = sieve.outlines if earlier is None else earlier._outlined

    def wanted(self, file: SourceFile) -> int:
        """Who wants a file, as the sieve counts."""
        if file.path not in self._wanted:
            self.sift(self.new([file]), Processes(self.work, 1))
        return self._wanted[file.path]

    def outline(self, file: SourceFile) -> Outline:
        """What a file refers to, where the sieve makes outlines."""
        if not self._outlined:
            return ()
        self.wanted(file)
        return self._outlines.get(file.path, VAGUE)

    def new(self, files: Iterable[SourceFile]) -> _Unsure:
        """The files that have to be searched: nothing is known of them.

        With their status, if a cache wants to know it.
        """
        unsure = []
        for file in files:
            if file.path in self._wanted:
                continue
            if file.path in self._given:
                self._want(file, self.sieve.all)
            elif file.path in self._overlay:
                text = self._overlay[file.path]
                self._outline(file, self.sieve.outline(text))
                self._want(file, self._place(file) | self.sieve.text(text))
            else:
                unsure.append(file)
        if self._cache is None:
            return [(file, None) for file in unsure]
        unsifted = []
        known = self._recall(unsure, self._cache)
        for file, (status, digest, answer) in zip(unsure, known, strict=True):
            if digest is None or not self._recognises(file, digest, answer, self._cache):
                unsifted.append((file, status))
        return unsifted

    def sift(
        self, files: _Unsure, pool: Processes[Work], progress: Callable[[int], None] | None = None
    ) -> None:
        """Searches the bytes of files."""
        # Copies bear the same name more often than not, and are cheap when sifted together.
        files = sorted(files, key=lambda item: item[0].path.rpartition("/")[2])
        tasks = [(self._root + file.path, self._place(file)) for file, _ in files]
        done = 0
        for results in pool.map(Work.sift, tasks, chunk=_TOGETHER, worth=len(tasks) > _MANY):
            for (file, status), (_, place), sifted in zip(
                files[done:], tasks[done:], results, strict=False
            ):
                path, digest = file.path, sifted.digest
                self._want(file, place | sifted.wanted)
                # What comes from another process is equal, and shall be the same.
                outline = tuple(map(intern, sifted.outline))
                self._outline(file, outline)
                if digest:
                    self._contents.remember(path, status, digest)
                    if self._cache is not None:
                        self._store(self._cache, digest, sifted.wanted, outline)
            done += len(results)
            if progress is not None:
                progress(done)

    def _recall(self, files: Iterable[SourceFile], cache: Cache) -> Iterator[Known]:
        """What the cache says of files."""
        if self._earlier is None:
            yield from cache.recall(self._root, (file.path for file in files), self._words)
            return
        for file in files:  # whether they have changed was asked before
            digest = self._contents.digest(file.path)
            answer = None if digest is None else cache.answer(digest, self._words)
            yield None, digest, answer

    def _recognises(
        self, file: SourceFile, digest: bytes, answer: int | None, cache: Cache
    ) -> bool:
        """Takes over what the cache knows of a content; whether that is all there is to know."""
        self._contents.recall(file.path, digest)
        if answer is None and self.sieve.asks:
            return False
        if self.sieve.outlines:
            outline = cache.outline(digest, self.sieve.outline_kind)
            if outline is None:
                return False
            self._outline(file, outline)
        self._want(file, self._place(file) | (answer or 0))
        return True

    def _outline(self, file: SourceFile, outline: Outline) -> None:
        if self.sieve.outlines:
            self._outlines[file.path] = outline

    def _store(self, cache: Cache, digest: bytes, wanted: int, outline: Outline) -> None:
        if self.sieve.asks:
            cache.store_answer(digest, self._words, wanted)
        if self.sieve.outlines:
            cache.store_outline(digest, self.sieve.outline_kind, outline)

    def _place(self, file: SourceFile) -> int:
        """Who wants a file for where it stands."""
        wanted = self._places.get(file.package)
        if wanted is None:
            wanted = self._places[file.package] = self.sieve.place(file)
        return wanted

    def _want(self, file: SourceFile, wanted: int) -> None:
        """Settles who wants a file."""
        if self._earlier is not None:
            wanted |= self._earlier.get(file.path, self.sieve.all)
        if wanted and self._limit is not None:
            wanted = self._limit(file, wanted)
        self._wanted[file.path] = wanted
