"""The text of a rules file: its mark, how it is read, and how its path is shown."""

from __future__ import annotations

import codecs
import os
import stat

from ssot_lint.errors import ConfigError, Problem, UsageError

MAX_BYTES = 1 << 20
MARK = "ssot-lint:"
MARK_LINE = "ssot-lint: 1"

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def has_mark(text: str) -> bool:
    """Whether the first line of `text` that says anything begins with ``ssot-lint:``.

    Looks at text, not at YAML, so that a damaged rules file is still known as one. Blank lines,
    comments and ``---`` say nothing; a byte order mark is allowed.
    """
    for line in text.removeprefix("\ufeff").splitlines():
        said = line.partition("#")[0].rstrip()
        if said not in ("", "---"):
            return line.startswith(MARK)
    return False


def read_bytes(path: str) -> bytes:
    """The content of a regular file of at most 1 MiB, or UsageError; reads no more than that."""
    try:
        # Looked at before opening: opening a pipe would wait for its writer.
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode):
            what = "a folder" if stat.S_ISDIR(mode) else "no regular file"
            raise UsageError(f"{shown(path)}: this is {what}")
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise UsageError(f"{shown(path)}: no such file") from None
    except OSError as error:
        raise UsageError(f"{shown(path)}: cannot be read: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise UsageError(f"{shown(path)}: larger than 1 MiB")
    return data


def decode(data: bytes, path: str) -> str:
    """The text of `data` without byte order mark, or ConfigError at the first byte that is none."""
    if data.startswith(_UTF_16):
        raise ConfigError([Problem(shown(path), 1, 1, "this is UTF-16; save it as UTF-8")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The codec counts from behind the byte order mark.
        data = data.removeprefix(codecs.BOM_UTF8)
        before = data[: error.start].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise ConfigError([Problem(shown(path), line, column, message)]) from None


def head(path: str) -> str | None:
    """The first few kilobytes of a regular file, for its mark; "" for one that cannot be read.

    None if there is no such file.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return None
    except OSError:
        return None
    try:
        with open(path, "rb") as file:
            data = file.read(8192)
    except OSError:
        return ""
    return data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8", errors="replace")


def shown(path: str) -> str:
    """`path` as messages show it: relative to the working directory if it lies below that."""
    try:
        below = os.path.relpath(path)
    except (OSError, ValueError):
        return path
    outside = below.split(os.sep)[0] == os.pardir or os.path.isabs(below)
    return path if outside else below.replace(os.sep, "/")
