"""The folder that caches lie in: one file per interpreter, kept out of git."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from ssot_lint import files
from ssot_lint.cache.identity import INTERPRETER
from ssot_lint.cache.layout import load
from ssot_lint.errors import UsageError

DEFAULT_FOLDER = ".ssot_cache"
"""Where the cache lies, below the root."""
VARIABLE = "SSOT_CACHE_DIR"
"""The variable of the environment that says where else."""

_PREFIX, _SUFFIX = "ssot-lint-", ".cache"
FILE_NAME = f"{_PREFIX}{INTERPRETER}{_SUFFIX}"

_IGNORE = b"# Made by ssot-lint.\n*\n"
_ABANDONED = 600.0
"""Seconds after which a temporary file is nobody's any more."""


def cache_file(folder: str) -> str:
    """The path of this interpreter's cache file, which is replaced whenever it changes."""
    return os.path.join(folder, FILE_NAME)


def folder_of(root: str) -> str:
    """The absolute path of the folder in which the cache of a root lies, if nobody says more."""
    return os.path.abspath(os.environ.get(VARIABLE) or os.path.join(root, DEFAULT_FOLDER))


def write(folder: str, chunks: Iterable[bytes]) -> str:
    """Replaces this interpreter's cache file; returns why that failed, "" if it did not.

    Makes the folder, and sweeps what killed runs left in it. Nothing is forced to the disk: what a
    power cut damages is a miss.
    """
    try:
        _prepare(folder)
        _replace(folder, chunks)
    except (OSError, ValueError) as error:
        return f"{folder}: the cache cannot be written: {_why(error)}"
    return ""


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return "no file can have such a name"  # a null character, or what the locale cannot encode


def _prepare(folder: str) -> None:
    os.makedirs(folder, exist_ok=True)
    files.sweep(folder, older_than=_ABANDONED)
    if not os.listdir(folder):  # a folder with other contents is not ours to hide from git
        with open(os.path.join(folder, ".gitignore"), "wb") as file:
            file.write(_IGNORE)


def _replace(folder: str, chunks: Iterable[bytes]) -> None:
    temporary = os.path.join(folder, files.TEMPORARY + os.urandom(8).hex())
    try:
        with open(temporary, "xb", buffering=1 << 20) as file:
            file.writelines(chunks)
        os.replace(temporary, cache_file(folder))
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


class CacheFile(NamedTuple):
    """What one interpreter's cache holds; `version` is None if it is damaged, and then all is 0.

    `paths` counts files whose content is known, `contents` the different ones, `parsed` those
    whose facts are kept, `word_sets` the sets of words that contents were searched for.
    """

    name: str
    bytes: int
    version: str | None
    paths: int = 0
    contents: int = 0
    parsed: int = 0
    word_sets: int = 0


class Info(NamedTuple):
    """The cache files of a folder, sorted by name; none if there is no such folder."""

    folder: str
    files: tuple[CacheFile, ...]

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


def info(folder: str) -> Info:
    """What the caches in `folder` hold; UsageError if it is no folder, or not ours to read."""
    return Info(folder, tuple(_describe(folder, name) for name in _names(folder)))


def _describe(folder: str, name: str) -> CacheFile:
    path = os.path.join(folder, name)
    size = 0
    with suppress(OSError):
        size = os.stat(path).st_size
    loaded = load(path)
    if loaded is None:
        return CacheFile(name, size, None)
    index, payload = loaded
    payload.close()
    return CacheFile(
        name,
        size,
        index.version,
        len(index.paths),
        len(index.hashes),
        sum(map(bool, index.lengths)),
        len(index.answers),
    )


def _names(folder: str) -> list[str]:
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise UsageError(f"{folder}: cannot be read: {_why(error)}") from None
    return sorted(name for name in names if name.startswith(_PREFIX) and name.endswith(_SUFFIX))


def clear(folder: str) -> int:
    """Removes every cache file in `folder`, and the folder if nothing else is in it.

    Returns how many there were. UsageError if one cannot be removed.
    """
    names = _names(folder)
    for name in names:
        path = os.path.join(folder, name)
        try:
            os.unlink(path)
        except FileNotFoundError:
            continue  # another run was faster
        except OSError as error:
            raise UsageError(f"{path}: cannot be removed: {_why(error)}") from None
    files.sweep(folder)
    with suppress(OSError):
        _remove_folder(folder)
    return len(names)


def _remove_folder(folder: str) -> None:
    ignore = os.path.join(folder, ".gitignore")
    if os.listdir(folder) == [".gitignore"]:
        with open(ignore, "rb") as file:
            ours = file.read(len(_IGNORE) + 1) == _IGNORE
        if ours:
            os.unlink(ignore)
    os.rmdir(folder)
