"""The journal's file: one record per line, only ever appended to.

A line is ``<12 hexadecimal digits of the SHA-256 of the body> <body>``, the body one JSON object in
ASCII with sorted keys. A record counts once its line has reached the disk as a whole: what a killed
run left of the last line is no record, and is overwritten by the next one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from ssot_lint import files
from ssot_lint.errors import UsageError

_FORMAT = 1
_DIGITS = 12
_FIRST = {"op": "journal", "format": _FORMAT}

Record = Mapping[str, Any]


class Records:
    """The records of the file at `path`, oldest first; none if there is no such file."""

    def __init__(self, path: str) -> None:
        self._path = path
        data = files.read_if_exists(path) or b""
        found, self._length = _parse(data, path)
        if found and found[0] != _FIRST:
            raise UsageError(
                f"{path}: written by another version of ssot-lint (format "
                f"{found[0].get('format')}, here {_FORMAT}): finish the migration with that one"
            )
        self.all: list[Record] = found[1:]

    def append(self, record: Record) -> None:
        """Adds a record, and returns when it is on the disk; UsageError if it cannot be written."""
        lines = _line(record) if self._length else _line(_FIRST) + _line(record)
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            with open(handle, "r+b") as file:
                file.seek(self._length)
                file.truncate()
                file.write(lines)
                file.flush()
                os.fsync(handle)
        except OSError as error:
            raise UsageError(f"{self._path}: cannot be written: {files.why(error)}") from None
        if not self._length:
            folder = os.path.dirname(self._path)
            files.sync_folder(folder)
            files.sync_folder(os.path.dirname(folder))
        self._length += len(lines)
        self.all.append(record)


def _line(record: Record) -> bytes:
    body = json.dumps(record, sort_keys=True, separators=(",", ":")).encode("ascii")
    return _checksum(body) + b" " + body + b"\n"


def _checksum(body: bytes) -> bytes:
    return sha256(body).hexdigest()[:_DIGITS].encode("ascii")


def _parse(data: bytes, path: str) -> tuple[list[Record], int]:
    """The records in `data`, and how many bytes they take; UsageError for damage before the end."""
    records: list[Record] = []
    length = 0
    damaged = 0
    for number, line in enumerate(data.splitlines(keepends=True), 1):
        body = line[_DIGITS + 1 : -1]
        if line != _checksum(body) + b" " + body + b"\n":
            damaged = damaged or number
        elif damaged:
            raise UsageError(
                f"{path}:{damaged}: the journal is damaged: repair it, or remove its folder to "
                "give up rolling back"
            )
        else:
            records.append(json.loads(body))
            length += len(line)
    return records, length
