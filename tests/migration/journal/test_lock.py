"""One migration at a time, and no lock outlives the process that held it."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

import ssot_lint
from ssot_lint.errors import UsageError
from ssot_lint.migration.journal import Journal, interrupted, lock, rollback, status
from tests.migration.journal.trees import applied, rewrite, write

HOLDER = (
    "import sys\n"
    "from ssot_lint.migration.journal import Journal\n"
    "with Journal.at(sys.argv[1]):\n"
    "    print('taken', flush=True)\n"
    "    sys.stdin.read()\n"
)


@contextmanager
def holder(root: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its standard input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(root)],
        cwd=Path(ssot_lint.__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "taken\n"
        yield process


def lines_of(root: Path) -> tuple[str, ...]:
    with pytest.raises(UsageError) as error, Journal.at(str(root)):
        pass
    return error.value.lines


def test_a_foreign_lock(root: Path) -> None:
    write(root, {"a.py": b"a\n"})
    run = applied(root, rewrite(root, "a.py"))
    with holder(root) as process:
        line = f"another ssot-lint is migrating here: process {process.pid} on {platform.node()}"
        assert lines_of(root) == (line,)
        with pytest.raises(UsageError) as error:
            rollback(str(root), run)
        assert error.value.lines == (line,)
        assert interrupted(str(root)) == line
        assert status(str(root)).busy == line
        assert status(str(root)).runs[0].id == run
    assert interrupted(str(root)) is None
    assert rollback(str(root), run).undone.restored == ("a.py",)


def test_the_lock_of_a_dead_process_is_none(root: Path) -> None:
    with holder(root) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (root / ".ssot_journal/lock").read_text() == f"{process.pid} {platform.node()}\n"
    assert interrupted(str(root)) is None
    with Journal.at(str(root)):
        assert (root / ".ssot_journal/lock").read_text() == f"{os.getpid()} {platform.node()}\n"


def test_a_holder_that_has_not_signed_yet(root: Path) -> None:
    with holder(root):
        (root / ".ssot_journal/lock").write_text("")
        assert lines_of(root) == ("another ssot-lint is migrating here",)


def test_many_at_once_take_turns(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each removes the lock's file and the folder when it is done, while others try; whoever opened
    the file before that must not believe to hold the lock then.
    """
    inside: list[int] = []
    together: list[int] = []

    def work() -> None:
        taken = 0
        while taken < 60:
            with suppress(UsageError), Journal.at(str(root)):
                inside.append(1)
                together.append(len(inside))
                time.sleep(0.001)
                inside.pop()
                taken += 1

    monkeypatch.setattr(lock, "_PAUSE", 0)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert together == [1] * 240
    assert os.listdir(root) == []
