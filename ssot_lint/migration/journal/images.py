"""Contents of files by their hash, readable only for their owner.

An image that a journal names is complete: the journal is written after it is on the disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress

from ssot_lint import files
from ssot_lint.errors import UsageError
from ssot_lint.migration.journal.disk import New, cannot_write, content_hash, write_all

_MODE = 0o600


class Images:
    """The images in a folder, which is made for the first one."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def path(self, hash: str) -> str:
        """Where the image of that hash lies."""
        return os.path.join(self._folder, hash)

    def keep(self, contents: Iterable[bytes]) -> None:
        """Keeps contents, and returns when they are on the disk.

        UsageError if that fails; then nothing new is kept.
        """
        wanted = {content_hash(data): data for data in contents}
        missing = [
            New(self.path(hash), self._folder, data, mode=_MODE) for hash, data in wanted.items()
        ]
        missing = [new for new in missing if not _holds(new.path, new.data)]
        try:
            os.makedirs(self._folder, exist_ok=True)
            for new in missing:
                with suppress(FileNotFoundError):  # what a killed run wrote in part
                    os.unlink(new.path)
        except OSError as error:
            raise cannot_write(self._folder, error) from None
        try:
            write_all(missing)
        except BaseException:
            for new in missing:
                with suppress(OSError):
                    os.unlink(new.path)
            raise
        if missing:
            files.sync_folder(self._folder)

    def read(self, hash: str) -> bytes:
        """The contents of that hash; UsageError if their image is gone or damaged."""
        path = self.path(hash)
        data = files.read(path)
        if content_hash(data) != hash:
            raise UsageError(
                f"{path}: is damaged, so the file whose contents it held stays as it is"
            )
        return data

    def size(self) -> tuple[int, int]:
        """How many images there are, and how many bytes they take."""
        sizes = []
        with suppress(FileNotFoundError), os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    sizes.append(entry.stat().st_size)
        return len(sizes), sum(sizes)

    def drop(self) -> None:
        """Removes all images; OSError if one cannot be removed."""
        with suppress(FileNotFoundError):
            for name in os.listdir(self._folder):
                os.unlink(self.path(name))
            os.rmdir(self._folder)


def _holds(path: str, data: bytes) -> bool:
    try:
        with open(path, "r+b") as file:  # Windows forces no file to the disk that is only read
            if file.read() != data:
                return False
            os.fsync(file.fileno())  # a killed run may not have come that far
    except OSError:
        return False
    return True
