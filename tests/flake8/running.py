"""Small projects on disk, and real flake8 processes that look at them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PYTHON = os.environ.get("SSOT_LINT_FLAKE8_PYTHON", sys.executable)
"""The interpreter whose flake8 is run; ssot-lint must be installed beside it."""

RULES = """\
ssot-lint: 1
rules:
  - name: old-path
    kind: legacy-import
    reason: One import path.
    moved:
      app.old: app.new
"""
BASELINE = "# ssot-baseline v1 (machine-written: see `ssot-lint baseline --help`)\n"


@dataclass(frozen=True)
class Run:
    """What a process said, line by line, and how it ended."""

    lines: tuple[str, ...]
    code: int
    errors: str = ""


def run(*command: str | Path, cwd: Path, stdin: str | None = None, **variables: str) -> Run:
    """Run a program; what it writes to standard error is `errors`."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **variables},
        timeout=120,
    )
    return Run(tuple(done.stdout.splitlines()), done.returncode, done.stderr)


def flake8(*arguments: str | Path, cwd: Path, stdin: str | None = None, **variables: str) -> Run:
    """Run flake8 as an editor, a hook or CI does."""
    return run(PYTHON, "-m", "flake8", *arguments, cwd=cwd, stdin=stdin, **variables)


def sot(*arguments: str | Path, cwd: Path, stdin: str | None = None, **variables: str) -> Run:
    """Run flake8 for our codes only."""
    return flake8("--select=SOT", *arguments, cwd=cwd, stdin=stdin, **variables)


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Make `folder` the top of a repository with these files, and ``app/new.py`` the new home."""
    (folder / ".git").mkdir(parents=True, exist_ok=True)
    for path, text in {"app/new.py": "A = B = C = D = E = 1\n", **files}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8"))
    return folder


def legacy(place: str, name: str = "") -> str:
    """The line for an import of `name` from ``app.old``, or of that itself."""
    path = f".{name}" if name else ""
    return (
        f"{place}: SOT102 import of legacy path app.old{path}; use app.new{path}, "
        "which exists [old-path]"
    )


SERVER = """\
import contextlib, io, json, os, subprocess, sys
from flake8.main.cli import main

opened = []
sys.addaudithook(lambda event, args: opened.append(args[0]) if event == "open" else None)

def held(folder="/proc/self/fd"):
    names = os.listdir(folder) if os.path.isdir(folder) else ()
    links = [os.readlink(path) for path in (f"{folder}/{n}" for n in names) if os.path.islink(path)]
    return [os.path.basename(link) for link in links if "ssot-lint-" in link]

for line in sys.stdin:
    step = json.loads(line)
    for path, text in step["files"].items():
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        if text is None:
            os.unlink(path)
            continue
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    if "check" in step:
        check = [sys.executable, "-m", "ssot_lint", "check", "--exit-zero", *step["check"]]
        subprocess.run(check, check=True, capture_output=True)
    del opened[:]
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())) as out:
        code = main(["--jobs=1", *step["arguments"]])
    out.seek(0)
    read = [os.path.basename(path) for path in opened if isinstance(path, str)]
    answer = {"lines": out.read().splitlines(), "code": code, "read": read, "held": held()}
    print(json.dumps({**answer, "modules": sorted(sys.modules)}), flush=True)
"""
"""A long-lived process that runs flake8 once per line of its input, as editors' servers do."""

START = """\
import multiprocessing, sys
from flake8.main.cli import main
if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
"""
"""A program that runs flake8 with a start method for its processes."""

Files = Mapping[str, str | None]
Step = tuple[Files, Sequence[str]] | tuple[Files, Sequence[str], Sequence[str]]
"""Files to write (None: remove), flake8's arguments, those of a ``check`` that runs before it."""


def serve(folder: Path, *steps: Step) -> list[dict[str, Any]]:
    """The answers of one process to `steps`.

    An answer has what flake8 printed (`lines`) and returned (`code`), the names of the files that
    were opened (`read`), those of the caches that are still open (`held`, where the system tells),
    and the modules loaded so far.
    """
    names = ("files", "arguments", "check")
    text = "".join(json.dumps(dict(zip(names, step, strict=False))) + "\n" for step in steps)
    done = run(PYTHON, "-c", SERVER, cwd=folder, stdin=text)
    assert (done.code, done.errors) == (0, "")
    return [json.loads(line) for line in done.lines]
