"""What is known of each file of a run, and how the rest is found out."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from copy import copy
from functools import partial
from typing import Protocol

from ssot_lint.cache import Cache
from ssot_lint.facts import Directive, FileFacts, Trouble, unpack
from ssot_lint.garbage import no_collection
from ssot_lint.model import SourceFile
from ssot_lint.patterns import Words
from ssot_lint.prefilter import (
    EXPRESSIONS,
    STATEMENTS,
    WHOLE,
    Outline,
    Prefilter,
    Sieve,
    hides_ascii,
)
from ssot_lint.processes import Processes
from ssot_lint.reading.bulk import Bulk
from ssot_lint.reading.contents import Contents
from ssot_lint.reading.disk import UnreadableError, read_bytes
from ssot_lint.reading.search import Limit, Search
from ssot_lint.reading.work import DEEP, TELLING, Parsed, Work, parsed

_UNPACKED = 2_048
"""Contents whose facts are kept as values: each rule asks in its turn for those of every file."""


Gained = tuple[str, os.stat_result | None, Parsed]
"""A file that was parsed because somebody asked: path, status before that, and what it holds."""
Gain = tuple[Gained, ...]


class Claims(Protocol):
    """Tells who wants files for their outlines."""

    def needed(
        self, outlined: Collection[tuple[SourceFile, Outline]]
    ) -> Mapping[str, Set[str] | None]:
        """The files that it takes to tell, and of which names (None: of all statements)."""
        ...

    def told(self, names: Mapping[str, frozenset[str]]) -> None:
        """Takes notice of names that files surely define; of others, statements can be read."""
        ...

    def of(self, file: SourceFile, outline: Outline) -> int:
        """Who wants a file, as the sieve counts."""
        ...


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
        self._bulk = Bulk(self._root, self._contents, self._given.keys() | self._overlay.keys())
        self._gained: list[Gained] | None = None
        self._adopted: set[tuple[bytes | None, int]] = set()
        self.consulted: set[str] = set()
        """The files whose facts somebody asked for."""
        self._search = self._searching(WHOLE, None, None)
        self._settled: dict[str, int] | None = None

    def seeking(self, sieve: Sieve, limit: Limit | None, *, also: bool = False) -> Reader:
        """One that knows of files what this one has found out, and reads by a sieve.

        `sieve` tells how deep files are worth reading, and `limit` which of those who want a file
        may not have it. With `also`, who wants a file by the sieve of this one wants it still.
        """
        reader = copy(self)
        reader._search = self._searching(sieve, limit, self._search if also else None)
        return reader

    def _searching(self, sieve: Sieve, limit: Limit | None, earlier: Search | None) -> Search:
        return Search(
            self._root,
            sieve,
            limit,
            self._contents,
            self._cache,
            self._overlay,
            self._given,
            earlier,
        )

    def read(
        self,
        files: Sequence[SourceFile],
        jobs: int = 1,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Find out how deep files are worth reading, and read them, in up to `jobs` processes.

        `progress` is called with the number of files that are done, and of all.
        """
        with no_collection(), Processes(self._search.work, jobs) as pool:
            self._read(files, pool, progress or _silent)

    def settle(
        self, files: Sequence[SourceFile], claims: Claims | None = None, jobs: int = 1
    ) -> None:
        """Find out which files are worth reading for their outlines, and read these.

        Until then, all are for those who ask for outlines; without `claims` none is.
        """
        if claims is None:
            self._settled = {}
            return
        outlined = [(file, self._search.outline(file)) for file in files]
        with no_collection(), Processes(self._search.work, jobs) as pool:
            wanted = claims.needed(outlined)
            self._bulk.name(wanted, pool)
            names = {path: self._contents.names(path) for path in wanted}
            self.consulted.update(wanted)
            claims.told({path: frozenset(given) for path, given in names.items()})
            tasks = (
                (path, STATEMENTS)
                for path, asked in wanted.items()
                if asked is None or not asked <= {*names[path]}
            )
            self._bulk.parse(self._bulk.unknown(tasks), pool)
            self._settled = {file.path: claims.of(file, outline) for file, outline in outlined}
            self._bulk.parse(self._unparsed(files), pool)

    def wanted(self, file: SourceFile) -> int:
        """Who wants a file, as the sieve counts: whose violations it may hold."""
        wanted = self._search.wanted(file)
        if self._settled is None:
            return wanted | self._search.sieve.by_outline
        return wanted | self._settled.get(file.path, 0)

    def said(self, file: SourceFile) -> tuple[int, Outline]:
        """Who wants a file for its bytes, and what it refers to."""
        return self._search.wanted(file), self._search.outline(file)

    def witness(self, path: str) -> bytes:
        """What tells whether a file has changed: the hash of its content, or why there is none."""
        if self._contents.digest(path) is None:
            self._contents.recognise(path, self._root + path)
        digest = self._contents.digest(path)
        if digest is None:
            trouble = self.facts(path).trouble
            digest = self._contents.digest(path)
            if digest is None:
                return trouble.message.encode() if trouble else b""
        return digest

    @property
    def keeps(self) -> bool:
        """Whether there is a place for what a run found."""
        return self._cache is not None

    def recall(self, key: bytes) -> bytes | None:
        """What was kept under a key."""
        return self._cache.recall_found(key) if self._cache else None

    def gain(self) -> Gain:
        """What was parsed because somebody asked, since the last time; notes it from now on."""
        gained = tuple(self._gained or ())
        self._gained = []
        return gained

    def adopt(self, gained: Gain) -> None:
        """Takes over what another process has parsed."""
        for path, status, result in gained:
            known = result.digest, result.mark & DEEP
            if known not in self._adopted and (result.digest, DEEP) not in self._adopted:
                self._adopted.add(known)
                self._contents.take(path, status, result)
            elif result.digest is not None:
                self._contents.remember(path, status, result.digest)

    def keep(self, key: bytes, found: bytes) -> None:
        """Keeps something under a key, for later runs."""
        if self._cache is not None:
            self._cache.keep_found(key, found)

    def outline(self, file: SourceFile) -> Outline:
        """What a file refers to, where the sieve makes outlines."""
        return self._search.outline(file)

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
        self.consulted.add(path)
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
            (known,) = self._search.work.parse([(self._root + path, depth)])
            self._contents.take(path, status, known)
            if self._gained is not None:
                self._gained.append((path, status, known))
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
        unsifted = self._search.new(files)
        # Sifting is half of the work on a file; so the bar never goes back.
        half = len(unsifted) // 2
        before = len(files) - len(unsifted)
        progress(before, len(files))
        self._search.sift(unsifted, pool, lambda done: progress(before + done // 2, len(files)))
        unparsed = self._unparsed(files)
        each = (len(unsifted) - half) / max(len(unparsed), 1)
        at = before + half
        self._bulk.parse(unparsed, pool, lambda done: progress(at + int(done * each), len(files)))
        progress(len(files), len(files))

    def _unparsed(self, files: Iterable[SourceFile]) -> list[tuple[str, int]]:
        """What is wanted and not known yet."""
        depth, wanted = self._search.sieve.depth, self._search.wanted
        more = self._settled or {}
        depths = ((f.path, depth(wanted(f) | more.get(f.path, 0))) for f in files)
        return self._bulk.unknown((path, depth) for path, depth in depths if depth)


def _silent(_done: int, _total: int) -> None:
    return None
