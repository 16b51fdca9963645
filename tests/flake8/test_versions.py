"""The oldest flake8 that we support, and the newest, each installed as a user does it."""

from __future__ import annotations

import os
import shutil
import sys
import venv
from pathlib import Path

import pytest

from tests.flake8.running import run

PROJECT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("flake8", ["flake8==7.0.0", "flake8"])
def test_every_test_of_this_folder(tmp_path: Path, flake8: str) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, source)
    shutil.copytree(PROJECT / "ssot_lint", source / "ssot_lint")
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    installed = run(python, "-m", "pip", "install", "-q", flake8, source, cwd=tmp_path)
    assert installed.code == 0, installed.errors
    tests = run(
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", Path(__file__).parent),
        cwd=PROJECT,
        SSOT_LINT_FLAKE8_PYTHON=str(python),
    )
    assert tests.code == 0, "\n".join(tests.lines)
