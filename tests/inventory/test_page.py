"""Every case of ``paths.md`` prints what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.config import read
from ssot_lint.engine import Request
from ssot_lint.inventory import View, inventory, render
from tests.pages import Case, cases

CASES = list(cases(Path(__file__).with_name("paths.md")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_case(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path)
    found = inventory(read(str(tmp_path / "rules.yaml")), Request())
    assert case.messages is not None
    assert render(found, "table", View()).splitlines() == list(case.messages)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_the_prefilter_hides_nothing(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path)
    config = read(str(tmp_path / "rules.yaml"))
    assert inventory(config, Request()) == inventory(config, Request(prefilter=False))
