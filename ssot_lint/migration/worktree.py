"""What git says of the files that a migration is about to change, and one commit per batch."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ssot_lint.errors import GitError, UsageError
from ssot_lint.git import Repository, run

_UNDER_WAY = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
}
"""Files of git's own folder that stand for something unfinished (gitrepository-layout(5))."""


class WorkTree(NamedTuple):
    """The repository around the root of the rules; paths are relative to that root."""

    repository: Repository

    @classmethod
    def around(cls, root: str) -> WorkTree | None:
        """None where there is no repository, or no git."""
        try:
            return cls(Repository.at(root))
        except GitError:
            return None

    def refuse_unfinished(self) -> None:
        """UsageError in the middle of a merge, rebase, cherry-pick or revert."""
        for name, what in _UNDER_WAY.items():
            path = self._ask("rev-parse", "--git-path", name).rstrip("\n")
            if os.path.lexists(os.path.join(self.repository.folder, path)):
                raise UsageError(f"git is in the middle of {what}: finish or abort it first")

    def refuse_detached(self) -> None:
        """UsageError where a commit would belong to no branch."""
        if run(self.repository.folder, "symbolic-ref", "--quiet", "HEAD")[0]:
            raise UsageError(
                "--commit: HEAD is detached, no branch would hold the commits; switch to one first"
            )

    def dirty(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Those of `paths` that git does not have as they are (untracked ones included), sorted."""
        wanted = set(paths)
        # All are listed, and the wanted picked: thousands of arguments would not fit a command.
        listing = self._ask(
            "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "."
        )
        prefix = self.repository.prefix
        found = {record[3:].removeprefix(prefix) for record in listing.split("\0") if record}
        return tuple(sorted(found & wanted))

    def commit(self, paths: Sequence[str], message: str) -> str:
        """Commit `paths`, which git knows, as they are on disk, and nothing else.

        Returns the commit's id. Hooks run. GitError with git's complaint if it refuses; the index
        is as it was then.
        """
        code, output, problem = run(
            self.repository.folder,
            *("commit", "--quiet", "--only", "-m", message),
            *("--pathspec-from-file=-", "--pathspec-file-nul"),
            input="\0".join(paths).encode("utf-8", "surrogateescape"),
        )
        if code:
            lines = output.decode("utf-8", "replace").split("\n")
            why = problem or next(filter(None, reversed(lines)), "no reason given")
            raise GitError(f"git commit: {why}")
        return self._ask("rev-parse", "HEAD").strip()

    def _ask(self, *arguments: str) -> str:
        code, output, problem = run(self.repository.folder, *arguments)
        if code:
            raise GitError(f"git {arguments[0]}: {problem}")
        return os.fsdecode(output)
