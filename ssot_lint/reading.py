"""Paths to facts: read once, kept packed, unpacked on demand.

Facts of ten thousand files must fit into memory, so they are kept in their packed form; only the
last few files are kept as values, because one file is asked by several rules in a row.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from ssot_lint.facts import Directive, FileFacts, Trouble, pack, read_facts, unpack
from ssot_lint.model import SourceFile
from ssot_lint.patterns import Words, fold
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


class Reader:
    """Reads the files below a root.

    `overlay` holds texts that are newer than the disk's, `known` facts that the caller has.
    `prefilter` tells the files that are worth a visit; without one all are.
    """

    def __init__(
        self,
        root: str,
        overlay: Mapping[str, bytes] | None = None,
        known: Mapping[str, FileFacts] | None = None,
        prefilter: Prefilter | None = None,
    ) -> None:
        self._root = root
        self._prefilter = prefilter
        self._visits: dict[str, bool] = {}
        self._overlay = dict(overlay or {})
        self._packed: dict[str, bytes] = {}
        # Most files have neither, and every run asks all files for both.
        self._troubles: dict[str, Trouble] = {}
        self._directives: dict[str, tuple[Directive, ...]] = {}
        self.facts: Callable[[str], FileFacts] = lru_cache(maxsize=64)(self._facts)
        for path, facts in (known or {}).items():
            self._keep(path, facts)

    def visits(self, file: SourceFile) -> bool:
        """Whether a file may hold anything that a rule reports; if so, it is read."""
        if self._prefilter is None:
            self._read(file.path)
            return True
        if file.path not in self._visits:
            try:
                data = self._bytes(file.path)
            except UnreadableError:
                worth = True  # nobody knows what it holds
            else:
                worth = self._prefilter.visits(file, data)
                if worth and file.path not in self._packed:
                    self._keep(file.path, read_facts(data))
            self._visits[file.path] = worth
        return self._visits[file.path]

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
            facts = read_facts(self._bytes(path))
        except UnreadableError as error:
            facts = FileFacts(trouble=Trouble("unreadable", str(error), 1, 1, ""))
        self._keep(path, facts)
        return facts

    def _keep(self, path: str, facts: FileFacts) -> None:
        self._packed[path] = pack(facts)
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
        wanted = [w for w in words if w is not None and w.alternatives]
        if not wanted:
            return False
        try:
            data = self._bytes(path)
        except UnreadableError:
            return True
        return hides_ascii(data) or any(mentions(data, w) for w in wanted)


def mentions(data: bytes, words: Words) -> bool:
    """Whether a text contains every word of one alternative, as Python compares names (NFKC)."""
    if not data.isascii():
        text = unicodedata.normalize("NFKC", data.decode("utf-8", "replace"))
    else:
        text = data.decode("ascii")
    if words.ignore_case:
        text = fold(text)
    return any(all(word in text for word in alternative) for alternative in words.alternatives)
