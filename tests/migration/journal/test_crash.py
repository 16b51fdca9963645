"""Runs that are killed at random moments."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import ssot_lint
from tests.git_repository import Repository


def crash(folder: Path, rounds: int, seed: int) -> dict[str, int]:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.migration.journal.crash",
            str(rounds),
            str(seed),
            str(folder),
        ],
        cwd=Path(ssot_lint.__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    counts: dict[str, int] = json.loads(done.stdout)
    wrong = ("wrong files", "left over", "edits lost", "failed recoveries", "still open")
    assert {what: counts.get(what, 0) for what in wrong} == dict.fromkeys(wrong, 0)
    assert counts["kills"] == rounds
    return counts


def test_a_few_kills(root: Path) -> None:
    Repository(root)
    counts = crash(root, 15, 1)
    assert counts["batch interrupted"] + counts["rollback interrupted"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_many_kills(root: Path, seed: int) -> None:
    counts = crash(root, 200, seed)
    for what in ("half done", "batch interrupted", "rollback interrupted", "edits"):
        assert counts[what] > 10, what
