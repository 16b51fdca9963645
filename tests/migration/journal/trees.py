"""Trees of files in temporary folders, what they hold, and journals on them."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

import ssot_lint
from ssot_lint.errors import UsageError
from ssot_lint.files import TEMPORARY
from ssot_lint.migration.journal import Journal, Write

STATE = {".git", ".ssot_journal"}

Snapshot = dict[str, "tuple[int, bytes | str | None]"]
"""Mode and contents by path: bytes of a file, None for a folder, the target of a link."""


def write(root: Path, files: Mapping[str, bytes], mode: int = 0o644) -> None:
    for path, data in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        target.chmod(mode)


def snapshot(root: Path) -> Snapshot:
    """All that lies below `root`, but for the journal itself."""
    found: Snapshot = {}
    for folder, names, files in os.walk(root):
        names[:] = sorted(set(names) - STATE)
        for name in [*names, *files]:
            path = os.path.join(folder, name)
            about = os.lstat(path)
            contents: bytes | str | None = None
            if stat.S_ISLNK(about.st_mode):
                contents = os.readlink(path)
            elif stat.S_ISREG(about.st_mode):
                contents = Path(path).read_bytes()
            found[os.path.relpath(path, root)] = (stat.S_IMODE(about.st_mode), contents)
    return found


def temporaries(root: Path) -> list[str]:
    return [path for path in snapshot(root) if os.path.basename(path).startswith(TEMPORARY)]


def rewrite(root: Path, *paths: str, outside: bool = False) -> list[Write]:
    """Writes that add a line to files as they are now."""
    writes = []
    for path in paths:
        data = (root / path).read_bytes()
        writes.append(Write(path, data, data + b"new\n", outside))
    return writes


def applied(root: Path, writes: Sequence[Write], *, batch: str = "b01") -> str:
    """A run with one batch that is concluded; returns the run's id."""
    with Journal.at(str(root)) as journal:
        run = journal.begin_run("move x", "digest")
        journal.apply(run, batch, writes)
        journal.conclude(run, batch, "validated")
    return run


def interrupted_batch(root: Path, writes: Sequence[Write]) -> str:
    """A run with one batch that is still open; returns the run's id."""
    with Journal.at(str(root)) as journal:
        run = journal.begin_run("move x", "digest")
        journal.apply(run, "b01", writes)
    return run


def refusal(root: Path, writes: Sequence[Write]) -> tuple[str, ...]:
    """The lines with which a batch is refused, which changes nothing and leaves no batch open."""
    before = snapshot(root)
    with Journal.at(str(root)) as journal:
        run = journal.begin_run("move x")
        with pytest.raises(UsageError) as error:
            journal.apply(run, "b01", writes)
        journal.refuse_open_batch()
        assert not any(batch for run in journal.runs for batch in run.live)
    assert snapshot(root) == before
    return error.value.lines


def spawn(script: str, *arguments: object, mortal: bool = False) -> str:
    """What a Python script prints in a process of its own; `mortal` is without the privileges by
    which root may read and write anything.
    """
    prefix = []
    if mortal and os.geteuid() == 0:
        prefix = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
        if shutil.which("setpriv") is None:
            pytest.skip("this user may write anywhere (root)")
    done = subprocess.run(
        [*prefix, sys.executable, "-c", script, *map(str, arguments)],
        cwd=Path(ssot_lint.__file__).parent.parent,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
