"""``docs/migration.md`` is true: its commands run, one after the other, and print what it shows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.git_repository import isolate
from tests.test_readme import REPOSITORY, Step, run, steps

GUIDE = (REPOSITORY / "docs" / "migration.md").read_text(encoding="utf-8")


def shows(shown: str, printed: str) -> bool:
    """As in the README; at the end of a line, ``...`` stands for the rest of it."""
    lines = shown.splitlines(keepends=True)
    pattern = "".join(r"(?:.*\n)*?" if line == "...\n" else _pattern(line) for line in lines)
    return re.fullmatch(pattern, printed) is not None


def _pattern(line: str) -> str:
    text = line.rstrip("\n")
    if text.endswith("..."):
        return re.escape(text[:-3]) + r".*\n"
    return re.escape(line)


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        pytest.param("a\n...\nd\n", "a\nb\nc\nd\n", True, id="lines left out"),
        pytest.param("a 1...\n", "a 123\n", True, id="the rest of a line"),
        pytest.param("a 1...\n", "a 1\nb\n", False, id="of one line only"),
        pytest.param("a\n", "a\nb\n", False, id="more was printed"),
    ],
)
def test_how_outputs_are_compared(shown: str, printed: str, same: bool) -> None:
    assert shows(shown, printed) is same


def test_the_whole_way_goes_as_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@example.org")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")  # before the shim's date
    folder = tmp_path / "chat_app"
    shutil.copytree(
        REPOSITORY / "examples" / "chat_app", folder, ignore=shutil.ignore_patterns("__pycache__")
    )
    told = steps(GUIDE)
    assert len(told) > 30
    for step in told:
        printed = run(step, folder)
        assert shows(step.output, printed), f"$ {step.command}\n{printed}"


def test_every_command_of_a_migration_is_told_of() -> None:
    commands = " ".join(step.command for step in steps(GUIDE))
    for words in ("paths", "plan", "migrate", "rollback", "shim create", "shim remove"):
        assert f"ssot-lint {words}" in commands
    assert Step("git add .", "") not in steps(GUIDE)
