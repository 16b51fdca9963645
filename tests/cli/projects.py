"""Small projects on disk, and the command run on them: in this process, or in one of its own."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ssot_lint.cli import main

RULES = """\
ssot-lint: 1
rules:
  - name: old-path
    kind: legacy-import
    reason: One home.
    moved: {app.old: app.new}
"""
HOME = "X = 1\nY = 2\n"
OLD = "from app.old import X\n"
NEW = "from app.new import X\n"


def said(path: str, name: str = "X", line: int = 1) -> str:
    """The line about ``from app.old import X`` in `path`."""
    return (
        f"{path}:{line}:21: SOT102 import of legacy path app.old.{name}; "
        f"use app.new.{name}, which exists [old-path]\n"
    )


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """Standard output, read as JSON."""
        loaded: dict[str, Any] = json.loads(self.out)
        return loaded

    @property
    def found(self) -> list[tuple[str, str, str]]:
        """(path, rule, state) of each violation in a JSON report."""
        return [(v["path"], v["rule"], v["state"]) for v in self.report["violations"]]


class Project:
    """A folder with rules, the home ``app.new``, and `files`."""

    def __init__(
        self,
        folder: Path,
        files: Mapping[str, str | bytes | None],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.write({"rules.yaml": RULES, "app/new.py": HOME, **files})

    def write(self, files: Mapping[str, str | bytes | None]) -> Project:
        """Writes files; None takes one away."""
        for path, contents in files.items():
            target = self.folder / path
            if contents is None:
                target.unlink(missing_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(contents.encode() if isinstance(contents, str) else contents)
        return self

    def read(self, path: str = "ssot-baseline.yml") -> str:
        return (self.folder / path).read_text(encoding="utf-8")

    def names(self) -> list[str]:
        """What lies in the project's folder."""
        return sorted(os.listdir(self.folder))

    def run(self, *arguments: str, cwd: str = ".", stdin: bytes = b"") -> Answer:
        """A command in this process."""
        self._capsys.readouterr()
        with self._monkeypatch.context() as patch:
            patch.chdir(self.folder / cwd)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
            code = main(arguments)
        captured = self._capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    def spawn(
        self,
        *arguments: str,
        cwd: str = ".",
        env: Mapping[str, str] | None = None,
        measured: bool = True,
        **options: Any,
    ) -> Answer:
        """A command in a process of its own; `env` changes its `environment`."""
        done = subprocess.run(
            [sys.executable, "-m", "ssot_lint", *arguments],
            **{
                "cwd": self.folder / cwd,
                "env": {**environment(measured=measured), **(env or {})},
                "stdin": subprocess.DEVNULL,
                "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE,
                "timeout": 60,
                **options,
            },
        )
        out, err = (os.fsdecode(stream or b"") for stream in (done.stdout, done.stderr))
        return Answer(done.returncode, out, err)


Make = Callable[..., Project]
"""``make({"app/use.py": OLD})`` makes a project."""


def environment(*, measured: bool = True) -> dict[str, str]:
    """This process's environment, without what steers the command.

    `measured` is whether the lines of a process count towards coverage, where that is measured.
    """
    steering = ("NO_COLOR", "SOURCE_DATE_EPOCH", "PYTHONIOENCODING", "PYTHONWARNINGS")
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in steering and (measured or not key.startswith("COVERAGE_"))
    }
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1"}


def interruptible() -> None:
    """For ``preexec_fn``: what runs in the background of a script, or under nohup, inherits that
    requests to end are ignored.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)
