from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.projects import Make, Project
from tests.git_repository import isolate


@pytest.fixture
def make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Make:
    """Makes a project from the texts of its files."""
    isolate(monkeypatch)
    for key in ("NO_COLOR", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(key, raising=False)

    def project(files: Mapping[str, str | bytes | None] | None = None) -> Project:
        return Project(tmp_path / "project", files or {}, monkeypatch, capsys)

    return project
