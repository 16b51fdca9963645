"""What is done with the bytes of files, in this process or in another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ssot_lint.cache import content_hash
from ssot_lint.facts import FileFacts, Trouble, pack, read_facts
from ssot_lint.prefilter import Prefilter
from ssot_lint.reading.disk import UnreadableError, read_bytes


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

    `marked` is whether they hold trouble or directives, which every run asks of every file.
    """

    digest: bytes | None
    packed: bytes
    marked: bool


@dataclass(frozen=True)
class Work:
    """How files are sifted and parsed.

    `prefilter` None makes every file worth parsing. `hashing` asks for the digests of all files,
    not only of those that are.
    """

    prefilter: Prefilter | None
    hashing: bool

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
        return parsed(content_hash(data), read_facts(data))


def parsed(digest: bytes | None, facts: FileFacts) -> Parsed:
    """The facts of a content, packed."""
    return Parsed(digest, pack(facts), bool(facts.trouble or facts.directives))


def unreadable(error: UnreadableError) -> Parsed:
    """The facts of a file that cannot be read."""
    return parsed(None, FileFacts(trouble=Trouble("unreadable", str(error), 1, 1, "")))
