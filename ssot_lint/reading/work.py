"""What is done with the bytes of files, in this process or in another one."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import NamedTuple

from ssot_lint.cache import content_hash
from ssot_lint.facts import FileFacts, Trouble, pack, read_facts, sure_names
from ssot_lint.prefilter import EXPRESSIONS, STATEMENTS, VAGUE, WHOLE, Outline, Sieve
from ssot_lint.reading.disk import UnreadableError, read_bytes

TELLING, DEEP = 1, 2
"""Marks: the facts hold trouble or directives; they hold what expressions hold."""


class Sifted(NamedTuple):
    """What the bytes of one file say without a parser.

    `wanted` is who wants it for what it says, as `Sieve.text` tells. `digest` is
    the hash of its content: None if it cannot be read, empty if nobody wants to know. `outline` is
    as `Sieve.outline` tells.
    """

    digest: bytes | None
    wanted: int
    outline: Outline = ()


class Parsed(NamedTuple):
    """The facts of one file, packed; `digest` is the hash of what was read, None if nothing was.

    `mark` says what a run wants to know of every file: `TELLING`, `DEEP`.
    """

    digest: bytes | None
    packed: bytes
    mark: int


class Named(NamedTuple):
    """The hash of a file's content, and the names that it surely defines."""

    digest: bytes
    names: tuple[str, ...]


class Work(NamedTuple):
    """How files are sifted and parsed.

    `hashing` asks for the digests of all files, not only of those that are worth reading.
    """

    sieve: Sieve = WHOLE
    hashing: bool = False

    def sift(self, tasks: Sequence[tuple[str, int]]) -> list[Sifted]:
        """Reads files: full path, and who wants it whatever it says.

        Copies that are sifted together are searched once.
        """
        # The last file of each size; comparing bytes takes a hundredth of searching them.
        last: dict[int, tuple[bytes, int, Sifted]] = {}
        found = []
        for path, place in tasks:
            try:
                data = read_bytes(path)
            except UnreadableError:
                # Nobody knows what it holds.
                found.append(Sifted(None, self.sieve.all, VAGUE))
                continue
            before = last.get(len(data))
            if before is not None and before[1] == place and before[0] == data:
                sifted = before[2]
            else:
                sifted = self._sift(data, place)
                last[len(data)] = data, place, sifted
            found.append(sifted)
        return found

    def parse(self, tasks: Sequence[tuple[str, int]]) -> list[Parsed]:
        """Reads and parses files: full path, and how deep."""
        return [self._parse(path, depth) for path, depth in tasks]

    def name(self, tasks: Sequence[tuple[str, Set[str]]]) -> list[Named | Parsed]:
        """Tells which names files surely define: full path, and the names that matter.

        A file that does not define all of these is parsed.
        """
        return [self._name(path, names) for path, names in tasks]

    def _name(self, path: str, wanted: Set[str]) -> Named | Parsed:
        try:
            data = read_bytes(path)
        except UnreadableError:
            return self._parse(path, STATEMENTS)
        # Half the price of parsing, but in vain if an import or an assignment binds a name.
        may_define = all(
            any(f"{keyword} {name}".encode() in data for keyword in ("class", "def"))
            for name in wanted
        )
        names = sure_names(data) if may_define else None
        if names is None or not wanted <= names:
            return parsed(content_hash(data), data, STATEMENTS)
        return Named(content_hash(data), tuple(sorted(names)))

    def _sift(self, data: bytes, place: int) -> Sifted:
        wanted = self.sieve.text(data)
        digest = content_hash(data) if wanted or place or self.hashing else b""
        return Sifted(digest, wanted, self.sieve.outline(data))

    def _parse(self, path: str, depth: int) -> Parsed:
        try:
            data = read_bytes(path)
        except UnreadableError as error:
            return _packed(None, FileFacts(trouble=Trouble("unreadable", str(error), 1, 1, "")))
        return parsed(content_hash(data), data, depth)


def parsed(digest: bytes | None, data: bytes, depth: int) -> Parsed:
    """The facts of these bytes."""
    return _packed(digest, read_facts(data, expressions=depth == EXPRESSIONS))


def _packed(digest: bytes | None, facts: FileFacts) -> Parsed:
    telling = TELLING if facts.trouble or facts.directives else 0
    return Parsed(digest, pack(facts), telling | (DEEP if facts.expressions else 0))
