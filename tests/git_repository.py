"""Real git repositories in temporary folders."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

ENVIRONMENT = {
    **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_AUTHOR_DATE": "2024-01-01T00:00:00Z",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_COMMITTER_DATE": "2024-01-01T00:00:00Z",
}


def isolate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hides the git settings of whoever runs the tests from this process and its children."""
    for key in list(os.environ):
        if key.startswith("GIT_"):
            monkeypatch.delenv(key)
    for key in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(key, os.devnull)


class Repository:
    """A repository with a working tree, whose first branch is ``main``."""

    def __init__(self, folder: Path, *, init: bool = True) -> None:
        self.folder = folder
        if init:
            folder.mkdir(parents=True, exist_ok=True)
            self.git("init", "--quiet", "--initial-branch=main")

    def git(
        self, *arguments: str, fails: bool = False, env: Mapping[str, str] | None = None
    ) -> str:
        """The output of a git command that succeeds, or (`fails`) one that may fail."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={**ENVIRONMENT, **(env or {})},
            capture_output=True,
            text=True,
            errors="surrogateescape",
            check=False,
        )
        if done.returncode and not fails:
            raise AssertionError(f"git {' '.join(arguments)}: {done.stderr}{done.stdout}")
        return done.stdout

    def write(self, files: Mapping[str, str | bytes]) -> Repository:
        """Writes files into the working tree."""
        for path, contents in files.items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            data = contents.encode() if isinstance(contents, str) else contents
            target.write_bytes(data)
        return self

    def commit(self, files: Mapping[str, str | bytes] | None = None, message: str = "c") -> str:
        """Commits all of the working tree, after writing `files`; the commit's id."""
        self.write(files or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.head

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD").strip()

    def branch(self, name: str, start: str = "HEAD") -> Repository:
        """Creates a branch and switches to it."""
        self.git("checkout", "--quiet", "-b", name, start)
        return self

    def switch(self, name: str) -> Repository:
        self.git("checkout", "--quiet", name)
        return self

    def merge(self, name: str) -> bool:
        """Merges a branch in a merge commit; False, and the conflict stays, if it conflicts."""
        self.git("merge", "--quiet", "--no-ff", "--message", "m", name, fails=True)
        return not self.git("ls-files", "--unmerged")

    def move(self, old: str, new: str) -> Repository:
        (self.folder / new).parent.mkdir(parents=True, exist_ok=True)
        self.git("mv", old, new)
        return self

    def clone(self, folder: Path, *, depth: int | None = None, branch: str = "main") -> Repository:
        """A clone, as `git fetch` over a network would make it."""
        options = ["--depth", str(depth)] if depth else []
        source = self.folder.as_uri()
        self.git("clone", "--quiet", *options, "--branch", branch, source, str(folder))
        return Repository(folder, init=False)
