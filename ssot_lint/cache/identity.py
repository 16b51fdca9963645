"""What makes two contents, or two readers of them, the same."""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Iterable, Iterator
from hashlib import blake2b

import ssot_lint

HASH_SIZE = 16
"""Bytes of a content hash."""

INTERPRETER = (
    sys.implementation.cache_tag
    or f"{sys.implementation.name}-{sys.version_info[0]}{sys.version_info[1]}"
)
"""The interpreter and its minor version, as in ``cpython-311``."""

_SOURCES = ("facts", "prefilter", "model.py", "patterns.py")


def content_hash(data: bytes) -> bytes:
    """The hash by which a content is known, 16 bytes (BLAKE2b, RFC 7693).

    As fast on every processor, where SHA-256 is a third faster on those that have instructions
    for it and takes more than twice as long on the others.
    """
    return blake2b(data, digest_size=HASH_SIZE).digest()


def reader_version(package: str | None = None) -> str:
    """What changes whenever the same bytes might be read as other facts, or packed otherwise.

    A digest of the sources that turn bytes into facts or look for words in them (those of
    `package`, by default of this one, and what they import), the interpreter's minor version, and
    the version of `marshal`. Where there are no sources (a zip archive), the version of this
    distribution stands for them.
    """
    return _version(package, _SOURCES)


def program_version(package: str | None = None) -> str:
    """As `reader_version`, of all that decides what is found in the same facts."""
    return _version(package, ("",))


def _version(package: str | None, names: Iterable[str]) -> str:
    top = os.path.dirname(os.path.abspath(ssot_lint.__file__)) if package is None else package
    digest = blake2b(ssot_lint.__version__.encode(), digest_size=8)
    for path in sorted(_sources(top, names)):
        with open(path, "rb") as file:
            source = file.read()
        name = os.path.relpath(path, top).replace(os.sep, "/")
        digest.update(f"\n{name} {len(source)}\n".encode())
        digest.update(source)
    return f"{digest.hexdigest()} {INTERPRETER} marshal-{marshal.version}"


def _sources(top: str, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        path = os.path.join(top, name)
        if os.path.isfile(path):
            yield path
        for folder, _, names in os.walk(path):
            yield from (os.path.join(folder, name) for name in names if name.endswith(".py"))
