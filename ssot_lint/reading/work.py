"""What is done with the bytes of files, in this process or in another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ssot_lint.cache import content_hash
from ssot_lint.facts import FileFacts, Trouble, pack, read_facts
from ssot_lint.prefilter import Prefilter
from ssot_lint.reading.disk import UnreadableError, read_bytes

TELLING, WHOLE = 1, 2
"""Marks: the facts hold trouble or directives; they hold what expressions hold."""


class Sifted(NamedTuple):
    """What the bytes of one file say without a parser.

    `holds` is whether the file is worth parsing, `size` its bytes. `digest` is the hash of its
    content: None if it cannot be read, empty if nobody wants to know.
    """

    digest: bytes | None
    size: int
    holds: bool


class Parsed(NamedTuple):
    """The facts of one file, packed; `digest` is the hash of what was read, None if nothing was.

    `mark` says what a run wants to know of every file: `TELLING`, `WHOLE`.
    """

    digest: bytes | None
    packed: bytes
    mark: int


@dataclass(frozen=True)
class Work:
    """How files are sifted and parsed.

    `prefilter` None makes every file worth parsing. `hashing` asks for the digests of all files,
    not only of those that are, `expressions` for the facts that only expressions hold.
    """

    prefilter: Prefilter | None
    hashing: bool
    expressions: bool

    def sift(self, tasks: Sequence[tuple[str, bool]]) -> list[Sifted]:
        """Reads files: full path, and whether it is worth parsing whatever it says."""
        return [self._sift(path, inside) for path, inside in tasks]

    def parse(self, paths: Sequence[str]) -> list[Parsed]:
        """Reads and parses the files with these full paths."""
        return [self._parse(path) for path in paths]

    def _sift(self, path: str, inside: bool) -> Sifted:
        try:
            data = read_bytes(path)
        except UnreadableError:
            return Sifted(None, 0, True)  # nobody knows what it holds
        holds = inside or self.prefilter is None or self.prefilter.may_hold(data)
        digest = content_hash(data) if holds or self.hashing else b""
        return Sifted(digest, len(data), holds)

    def _parse(self, path: str) -> Parsed:
        try:
            data = read_bytes(path)
        except UnreadableError as error:
            return unreadable(error)
        return self.parsed(content_hash(data), data)

    def parsed(self, digest: bytes | None, data: bytes) -> Parsed:
        """The facts of these bytes."""
        return _packed(digest, read_facts(data, expressions=self.expressions))


def _packed(digest: bytes | None, facts: FileFacts) -> Parsed:
    telling = TELLING if facts.trouble or facts.directives else 0
    return Parsed(digest, pack(facts), telling | (WHOLE if facts.expressions else 0))


def unreadable(error: UnreadableError) -> Parsed:
    """The facts of a file that cannot be read."""
    return _packed(None, FileFacts(trouble=Trouble("unreadable", str(error), 1, 1, "")))
