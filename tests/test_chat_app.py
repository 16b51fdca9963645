"""``examples/chat_app``: an application in the middle of a migration, which works all the while."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
EXAMPLE = REPOSITORY / "examples" / "chat_app"


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return shutil.copytree(
        EXAMPLE, tmp_path / "chat_app", ignore=shutil.ignore_patterns("__pycache__")
    )


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True
    )


def test_its_own_tests_pass(app: Path) -> None:
    finished = run(app, "-m", "unittest")
    assert finished.returncode == 0, finished.stderr
    assert "Ran 6 tests" in finished.stderr


def test_every_module_of_it_imports(app: Path) -> None:
    modules = sorted(
        ".".join(path.relative_to(app).with_suffix("").parts)
        for path in app.glob("chat/**/*.py")
        if not path.name.startswith("__")
    )
    finished = run(app, "-W", "error", "-c", "\n".join(f"import {module}" for module in modules))
    assert finished.returncode == 0, finished.stderr


def test_its_violations_are_all_in_the_baseline(app: Path) -> None:
    finished = run(app, "-m", "ssot_lint", "check", "--format", "json")
    report = json.loads(finished.stdout)
    assert finished.returncode == 0
    assert {violation["state"] for violation in report["violations"]} == {"known", "suppressed"}
    assert report["stale"] == []


def test_it_shows_every_kind(app: Path) -> None:
    finished = run(app, "-m", "ssot_lint", "check", "--format", "json")
    violations = json.loads(finished.stdout)["violations"]
    assert Counter(v["code"] for v in violations if v["state"] == "known") == {
        "SOT001": 1,
        "SOT003": 1,
        "SOT101": 1,
        "SOT102": 9,
        "SOT103": 4,
        "SOT201": 2,
        "SOT202": 2,
    }
    assert [(v["path"], v["excuse"]) for v in violations if v["state"] == "suppressed"] == [
        ("chat/backfill.py", "old dumps")
    ]


def test_the_committed_baseline_is_what_the_tool_writes(app: Path) -> None:
    committed = app / "ssot-baseline.yml"
    before = committed.read_bytes()
    committed.unlink()
    finished = run(app, "-m", "ssot_lint", "baseline", "create")
    assert finished.returncode == 0, finished.stderr
    assert committed.read_bytes() == before


def test_a_new_violation_is_refused(app: Path) -> None:
    with (app / "chat" / "history.py").open("a", encoding="utf-8") as history:
        history.write("from chat.sessions.registry import get_registry\n")
    finished = run(app, "-m", "ssot_lint", "check")
    assert finished.returncode == 1
    assert finished.stdout.splitlines()[0] == (
        "chat/history.py:17:36: SOT102 import of legacy path chat.sessions.registry.get_registry; "
        "use chat.sessions.manager.get_session_manager, which exists [old-session-path]"
    )
