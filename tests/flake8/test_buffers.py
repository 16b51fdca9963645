"""Unsaved text, as editors hand it over on standard input."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flake8.running import BASELINE, RULES, Run, legacy, sot, write

PROJECT = {
    "rules.yaml": RULES.replace("rules:", "exclude: [archive/]\nrules:"),
    "ssot-baseline.yml": BASELINE + "app/user.py:\n  old-path app.old.A: 1\n",
    ".gitignore": "/build/\n",
    "app/user.py": "from app.old import A, B\n",
}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        pytest.param("app/user.py", ["2:18", "3:22"], id="newer than the disk, which has B"),
        pytest.param("{project}/app/user.py", ["2:18", "3:22"], id="an absolute name"),
        pytest.param("app/fresh.py", ["1:18", "2:18", "3:22"], id="never saved"),
        pytest.param("app/new/fresh.py", ["3:22"], id="in a folder that is not there yet"),
        pytest.param("build/fresh.py", [], id="never saved, ignored by git"),
        pytest.param("archive/fresh.py", [], id="never saved, excluded"),
        pytest.param(".hidden/fresh.py", [], id="never saved, in a dot-folder"),
        pytest.param("app/fresh.txt", [], id="no Python file"),
        pytest.param("../other/user.py", [], id="outside, where no rules are"),
    ],
)
def test_the_buffer_is_judged(tmp_path: Path, name: str, found: list[str]) -> None:
    project = write(tmp_path / "project", PROJECT)
    write(tmp_path / "other", {})
    name = name.format(project=project)
    text = "from .old import A\nfrom .old import A\nfrom app.old import (C)\n"
    assert sot(f"--stdin-display-name={name}", "-", cwd=project, stdin=text).lines == tuple(
        legacy(f"{name}:{place}", "C" if place == "3:22" else "A") for place in found
    )


def test_text_without_a_name_is_of_no_file(tmp_path: Path) -> None:
    """It has no module name, no paths that rules could judge, and no entries in the baseline."""
    write(tmp_path, PROJECT)
    assert sot("-", cwd=tmp_path, stdin="from app.old import C\n") == Run((), 0)


def test_what_exists_on_disk_is_read_around_the_buffer(tmp_path: Path) -> None:
    """Whether a star import binds a legacy name is up to another file."""
    rules = RULES.replace("app.old: app.new", "app.old.A: app.new.A")
    write(tmp_path, {"rules.yaml": rules, "app/old.py": "A = 1\n", "app/old2.py": "A = 1\n"})
    text = "from app.old2 import *\nfrom app.old import *\n"
    (line,) = sot("--stdin-display-name=app/user.py", "-", cwd=tmp_path, stdin=text).lines
    assert line.startswith("app/user.py:2:21: SOT102 ")
    (tmp_path / "app" / "old.py").write_text("B = 1\n", encoding="utf-8")
    assert sot("--stdin-display-name=app/user.py", "-", cwd=tmp_path, stdin=text) == Run((), 0)


def test_the_encoding_of_the_buffer_counts_columns_in_characters(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    text = "\ufeff'é\U0001f600'; from app.old import C\r\n"
    found = sot("--stdin-display-name=app/a.py", "-", cwd=tmp_path, stdin=text)
    assert found.lines == (legacy("app/a.py:1:27", "C"),)
