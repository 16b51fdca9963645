from __future__ import annotations

from pathlib import Path

import pytest

from tests.git_repository import isolate


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder in no repository (unless the temporary folder lies in one)."""
    folder = tmp_path / "project"
    folder.mkdir()
    return folder
