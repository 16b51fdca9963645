"""What is known of each file of a run, and how the rest is found out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import partial

from ssot_lint.cache import Cache, Known, content_hash
from ssot_lint.facts import Directive, FileFacts, Trouble, unpack
from ssot_lint.garbage import no_collection
from ssot_lint.model import SourceFile
from ssot_lint.patterns import Words
from ssot_lint.prefilter import (
    EXPRESSIONS,
    STATEMENTS,
    WHOLE,
    Prefilter,
    Sieve,
    hides_ascii,
)
from ssot_lint.processes import Processes
from ssot_lint.reading.contents import Contents
from ssot_lint.reading.disk import UnreadableError, read_bytes
from ssot_lint.reading.work import TELLING, Parsed, Work, parsed

_SIFTED_TOGETHER, _PARSED_TOGETHER = 128, 12
"""Files of one task for a process."""
_MANY_FILES, _MANY_BYTES = 1_500, 2_000_000
"""Files to be sifted, and bytes to be parsed, that are worth processes of their own."""

_UNPACKED = 2_048
"""Contents whose facts are kept as values: each rule asks in its turn for those of every file."""

_Unsifted = Sequence[tuple[SourceFile, os.stat_result | None]]


class Reader:
    """Reads the files below a root.

    `overlay` holds texts that are newer than the disk's, `known` facts that the caller has, `cache`
    knows what earlier runs found out. Equal contents are parsed once.
    """

    def __init__(
        self,
        root: str,
        overlay: Mapping[str, bytes] | None = None,
        known: Mapping[str, FileFacts] | None = None,
        cache: Cache | None = None,
    ) -> None:
        self._root = os.path.join(root, "")
        self._cache = cache
        self._overlay = dict(overlay or {})
        self._given = dict(known or {})
        self._contents = Contents(cache)
        self._unpacked: dict[tuple[bytes, bool], FileFacts] = {}
        self._seek(WHOLE, None)

    def seeking(
        self, sieve: Sieve, limit: Callable[[SourceFile, int], int] | None, *, also: bool = False
    ) -> Reader:
        """One that knows of files what this one has found out, and reads by a sieve.

        `sieve` tells how deep files are worth reading, and `limit` which of those who want a file
        may not have it: of a sum of bits it leaves the others. With `also`, who wants a file by
        the sieve of this one wants it still.
        """
        reader = copy(self)
        reader._seek(sieve, limit, self if also else None)
        return reader

    def _seek(
        self,
        sieve: Sieve,
        limit: Callable[[SourceFile, int], int] | None,
        earlier: Reader | None = None,
    ) -> None:
        self._sieve = sieve
        self._limit = limit
        self._earlier = earlier
        self._work = Work(sieve, hashing=self._cache is not None)
        self._words = content_hash(sieve.words) if self._cache else b""
        self._wanted: dict[str, int] = {}
        self._places: dict[str | None, int] = {}

    def read(
        self,
        files: Sequence[SourceFile],
        jobs: int = 1,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Find out how deep files are worth reading, and read them, in up to `jobs` processes.

        `progress` is called with the number of files that are done, and of all.
        """
        with no_collection(), Processes(self._work, jobs) as pool:
            self._read(files, pool, progress or _silent)

    def wanted(self, file: SourceFile) -> int:
        """Who wants a file, as the sieve counts: whose violations it may hold."""
        if file.path not in self._wanted:
            self._read([file], Processes(self._work, 1), _silent)
        return self._wanted[file.path]

    def facts(self, path: str) -> FileFacts:
        """What a file says. What expressions say is read when somebody asks for it."""
        return self._facts(path, STATEMENTS)

    def trouble(self, path: str) -> Trouble | None:
        """Why a file yields no facts, if so."""
        return self.facts(path).trouble if self._tells(path) else None

    def directives(self, path: str) -> tuple[Directive, ...]:
        """The suppression comments of a file."""
        return self.facts(path).directives if self._tells(path) else ()

    def may_hold(self, path: str, words: Iterable[Words | None]) -> bool:
        """Whether a file's text may contain the words of one of the rules.

        True as well if the words cannot be tested: a rule cannot name them (None), the file cannot
        be read, or its encoding hides ASCII. A rule of no words asks nothing of the text.
        """
        wanted = []
        for each in words:
            if each is None:
                return True
            if each.clues:
                wanted.append(each)
        if not wanted:
            return False
        try:
            data = self.data(path)
        except UnreadableError:
            return True
        return hides_ascii(data) or Prefilter(wanted).mentions(data)

    def save(self) -> None:
        """Keep for the next run what this one found out, if it can be kept."""
        if self._cache is not None:
            self._cache.save()

    def _facts(self, path: str, depth: int) -> FileFacts:
        if path in self._given:
            return self._given[path]
        digest = self._contents.digest(path)
        known = self._unpacked.get((digest, depth == EXPRESSIONS)) if digest else None
        if known is not None:
            return known
        found = self._parsed(path, depth)
        facts = unpack(found.packed, partial(self._facts, path, EXPRESSIONS))
        if found.digest is not None:
            if len(self._unpacked) >= _UNPACKED:
                self._unpacked.clear()
            self._unpacked[found.digest, depth == EXPRESSIONS] = facts
        return facts

    def _parsed(self, path: str, depth: int) -> Parsed:
        """What a file holds, read now if it never was as deep."""
        text = self._overlay.get(path)
        status = None
        if text is None and self._contents.digest(path) is None:
            status = self._contents.recognise(path, self._root + path)
        known = self._contents.facts(path, depth)
        if known is None and text is not None:
            known = parsed(None, text, EXPRESSIONS)
            self._contents.keep(path, known)
        elif known is None:
            (known,) = self._work.parse([(self._root + path, depth)])
            if known.digest is not None:
                self._contents.remember(path, status, known.digest)
            self._contents.keep(path, known)
        return known

    def _tells(self, path: str) -> bool:
        """Whether the facts of a file hold trouble or directives."""
        if path in self._given:
            return True
        mark = self._contents.mark(path)
        return bool((self._parsed(path, STATEMENTS).mark if mark is None else mark) & TELLING)

    def data(self, path: str) -> bytes:
        """The bytes of a file; UnreadableError if it cannot be read."""
        if path in self._overlay:
            return self._overlay[path]
        return read_bytes(self._root + path)

    def _read(
        self,
        files: Sequence[SourceFile],
        pool: Processes[Work],
        progress: Callable[[int, int], None],
    ) -> None:
        new = [file for file in files if file.path not in self._wanted]
        unsifted = self._recognise(new)
        # Sifting is half of the work on a file; so the bar never goes back.
        half = len(unsifted) // 2
        before = len(files) - len(unsifted)
        progress(before, len(files))
        size = self._sift(unsifted, pool, lambda done: progress(before + done // 2, len(files)))
        unparsed = self._unparsed(file.path for file in new)
        each = (len(unsifted) - half) / max(len(unparsed), 1)
        at = before + half
        self._parse(unparsed, pool, size, lambda done: progress(at + int(done * each), len(files)))
        progress(len(files), len(files))

    def _recognise(self, files: Sequence[SourceFile]) -> _Unsifted:
        """Takes over what is known of files; returns the others.

        With their status, if a cache wants to know it.
        """
        unsure = []
        for file in files:
            if file.path in self._given:
                self._want(file, self._sieve.all)
            elif file.path in self._overlay:
                self._want(file, self._place(file) | self._sieve.text(self._overlay[file.path]))
            else:
                unsure.append(file)
        if self._cache is None:
            return [(file, None) for file in unsure]
        unsifted = []
        for file, (status, digest, answer) in zip(
            unsure, self._recall(unsure, self._cache), strict=True
        ):
            if digest is not None:
                self._contents.recall(file.path, digest)
                if answer is not None or not self._sieve.asks:
                    self._want(file, self._place(file) | (answer or 0))
                    continue
            unsifted.append((file, status))
        return unsifted

    def _recall(self, files: Iterable[SourceFile], cache: Cache) -> Iterator[Known]:
        """What the cache says of files."""
        if self._earlier is None:
            yield from cache.recall(self._root, (file.path for file in files), self._words)
            return
        for file in files:  # whether they have changed was asked before
            digest = self._contents.digest(file.path)
            answer = None if digest is None else cache.answer(digest, self._words)
            yield None, digest, answer

    def _place(self, file: SourceFile) -> int:
        """Who wants a file for where it stands."""
        wanted = self._places.get(file.package)
        if wanted is None:
            wanted = self._places[file.package] = self._sieve.place(file)
        return wanted

    def _want(self, file: SourceFile, wanted: int) -> int:
        """Settles who wants a file; returns how deep it is worth reading."""
        if self._earlier is not None:
            wanted |= self._earlier.wanted(file)
        if wanted and self._limit is not None:
            wanted = self._limit(file, wanted)
        self._wanted[file.path] = wanted
        return self._sieve.depth(wanted)

    def _sift(
        self, files: _Unsifted, pool: Processes[Work], progress: Callable[[int], None]
    ) -> int:
        """Searches the bytes of files; returns how many bytes are worth parsing."""
        # Copies bear the same name more often than not, and are cheap when sifted together.
        files = sorted(files, key=lambda item: item[0].path.rpartition("/")[2])
        tasks = [(self._root + file.path, self._place(file)) for file, _ in files]
        done = size = 0
        for results in pool.map(
            Work.sift, tasks, chunk=_SIFTED_TOGETHER, worth=len(tasks) > _MANY_FILES
        ):
            for (file, status), (_, place), sifted in zip(
                files[done:], tasks[done:], results, strict=False
            ):
                path, digest = file.path, sifted.digest
                size += sifted.size * bool(self._want(file, place | sifted.wanted))
                if digest:
                    self._contents.remember(path, status, digest)
                    if self._cache is not None and self._sieve.asks:
                        self._cache.store_answer(digest, self._words, sifted.wanted)
            done += len(results)
            progress(done)
        return size

    def _unparsed(self, paths: Iterable[str]) -> list[tuple[str, int]]:
        """The first path of each content that is worth reading deeper than it ever was."""
        wanted: dict[bytes, tuple[str, int]] = {}
        found = []
        for path in paths:
            depth = self._sieve.depth(self._wanted[path])
            if not depth or path in self._given or path in self._overlay:
                continue
            digest = self._contents.digest(path)
            if digest is None:
                found.append((path, depth))
            elif digest not in wanted or wanted[digest][1] < depth:
                wanted[digest] = path, depth
        knows = self._contents.knows
        found += (task for digest, task in wanted.items() if not knows(digest, task[1]))
        return found

    def _parse(
        self,
        tasks: Sequence[tuple[str, int]],
        pool: Processes[Work],
        size: int,
        progress: Callable[[int], None],
    ) -> None:
        full = [(self._root + path, depth) for path, depth in tasks]
        done = 0
        for results in pool.map(Work.parse, full, chunk=_PARSED_TOGETHER, worth=size > _MANY_BYTES):
            for (path, _), result in zip(tasks[done:], results, strict=False):
                self._contents.keep(path, result)
            done += len(results)
            progress(done)


def _silent(_done: int, _total: int) -> None:
    return None
