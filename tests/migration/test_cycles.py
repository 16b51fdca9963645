"""Whether a new import would close a circle at import time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from ssot_lint.migration.cycles import Cycles
from tests.project.test_resolver import project_at


def closes(folder: Path, files: Mapping[str, str], path: str, target: str) -> bool:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return Cycles(project_at(folder)).closes(path, target)


@pytest.mark.parametrize(
    "imports",
    ["import user", "from user import f", "from user import *", "import between"],
)
def test_a_target_that_leads_back(tmp_path: Path, imports: str) -> None:
    files = {"user.py": "", "between.py": "import user", "home.py": imports}
    assert closes(tmp_path, files, "user.py", "home.X")


@pytest.mark.parametrize(
    "imports",
    [
        "import other",
        "def f():\n    import user",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import user",
        "if __name__ == '__main__':\n    import user",
    ],
)
def test_what_does_not_run_at_import_time_closes_nothing(tmp_path: Path, imports: str) -> None:
    files = {"user.py": "", "other.py": "", "home.py": imports}
    assert not closes(tmp_path, files, "user.py", "home.X")


def test_a_circle_that_exists_is_not_closed_anew(tmp_path: Path) -> None:
    files = {"user.py": "import old", "old.py": "from home import X", "home.py": "import user"}
    assert not closes(tmp_path, files, "user.py", "home.X")


def test_a_package_runs_before_its_modules(tmp_path: Path) -> None:
    files = {"pkg/__init__.py": "import user", "pkg/home.py": "", "user.py": ""}
    assert closes(tmp_path, files, "user.py", "pkg.home")


def test_the_packages_around_a_file_have_run_already(tmp_path: Path) -> None:
    files = {"pkg/__init__.py": "from pkg import user", "pkg/user.py": "", "pkg/home.py": ""}
    assert not closes(tmp_path, files, "pkg/user.py", "pkg.home")


def test_what_is_outside_the_project_leads_nowhere(tmp_path: Path) -> None:
    assert not closes(tmp_path, {"user.py": ""}, "user.py", "json.loads")


def test_relative_imports_count(tmp_path: Path) -> None:
    files = {"pkg/__init__.py": "", "pkg/user.py": "", "pkg/home.py": "from . import user"}
    assert closes(tmp_path, files, "pkg/user.py", "pkg.home")
