"""Where the state of a migration lies: in git's own folder, else beside what is migrated."""

from __future__ import annotations

import os
from typing import NamedTuple

from ssot_lint import files
from ssot_lint.errors import UsageError

_IN_GIT = "ssot-lint"
_WITHOUT_GIT = ".ssot_journal"
_IGNORE = b"# Made by ssot-lint.\n*\n"


class Place(NamedTuple):
    """The root of the rules, and the folder for its state; both absolute and free of links."""

    root: str
    folder: str

    @classmethod
    def of(cls, root: str) -> Place:
        """The place for `root`, which need not exist yet. Asks no process.

        It is a folder of its own, named by the way from the repository's top to the root, below
        what ``git rev-parse --git-path ssot-lint`` answers, so that linked work trees and several
        projects in one repository do not mix; or ``.ssot_journal`` at the root, if that is there
        already or there is no repository.
        """
        root = os.path.realpath(root)
        beside = os.path.join(root, _WITHOUT_GIT)
        found = None if os.path.isdir(beside) else _repository(root)
        if found is None:
            return cls(root, beside)
        top, git = found
        return cls(root, os.path.join(git, _IN_GIT, _key(top, root)))

    def make(self) -> None:
        """Makes the folder; UsageError if that fails."""
        try:
            if not os.path.isdir(self.folder):
                os.makedirs(self.folder, exist_ok=True)
            if os.path.basename(self.folder) == _WITHOUT_GIT:
                ignore = os.path.join(self.folder, ".gitignore")
                if not os.path.lexists(ignore):
                    with open(ignore, "wb") as file:
                        file.write(_IGNORE)
        except OSError as error:
            raise UsageError(f"{self.folder}: cannot be made: {files.why(error)}") from None

    def remove(self) -> None:
        """Removes the folder, if only what `make` put there is left, and git's, if it is empty."""
        try:
            if os.listdir(self.folder) == [".gitignore"]:
                os.unlink(os.path.join(self.folder, ".gitignore"))
            os.rmdir(self.folder)
            if os.path.basename(self.folder) != _WITHOUT_GIT:
                os.rmdir(os.path.dirname(self.folder))
        except OSError:
            return  # somebody else's files, or another project's state


def _key(top: str, root: str) -> str:
    from hashlib import sha256

    way = os.path.relpath(root, top).replace(os.sep, "/")
    return sha256(os.fsencode(way)).hexdigest()[:16]


def _repository(folder: str) -> tuple[str, str] | None:
    """The top of the work tree around `folder`, and the git folder of that work tree alone.

    In a linked work tree or a submodule ``.git`` is a file that leads there, by the rules of
    gitrepository-layout(5).
    """
    while True:
        git = os.path.join(folder, ".git")
        if os.path.isfile(git):
            git = os.path.normpath(os.path.join(folder, _target(git)))
        if os.path.lexists(os.path.join(git, "HEAD")):
            return folder, git
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def _target(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as lines:
            return lines.readline().rstrip("\r\n").removeprefix("gitdir: ")
    except OSError:
        return ""
