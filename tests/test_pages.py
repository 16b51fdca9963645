"""Every case of every page under ``tests/rules`` holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.builtin import BUILTIN
from ssot_lint.config import read
from ssot_lint.engine import Request, lint
from ssot_lint.rules import KINDS
from tests.pages import PAGES, Case, Expected, cases

CASES = [case for page in PAGES for case in cases(page)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_the_words_pass_over_holds_nothing(case: Case, tmp_path: Path) -> None:
    """Each kind names its words; parsing every file finds no more."""
    case.write(tmp_path)
    config = read(str(tmp_path / "rules.yaml"))
    request = Request(use_baseline=False, statistics=True)
    every = lint(config, request._replace(prefilter=False))
    assert lint(config, request) == every._replace(broken=())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path)
    report = lint(read(str(tmp_path / "rules.yaml")), Request(use_baseline=False))
    live = [f.violation for f in report.findings if f.state != "suppressed"]
    expected = case.expected()
    columns = {(e.path, e.line, e.rule, e.subject) for e in expected if e.column is not None}
    found = sorted(
        Expected(
            v.path,
            v.span.line,
            v.rule,
            v.subject,
            v.span.column if (v.path, v.span.line, v.rule, v.subject) in columns else None,
        )
        for v in live
    )
    assert found == expected
    notes = sorted((n.path, n.line, n.topic) for n in report.notes if n.topic != "run")
    assert notes == case.expected_notes()
    if case.messages is not None:
        lines = [
            f"{v.path}:{v.span.line}:{v.span.column}: {v.code} {v.message} [{v.rule}]" for v in live
        ]
        assert tuple(lines) == case.messages


def test_every_kind_has_its_page_and_every_page_its_kind() -> None:
    kinds = {kind.kind for kind in BUILTIN} | {kind.kind for kind in KINDS}
    assert {page.stem for page in PAGES} == kinds


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_what_is_left_alone_and_what_is_not(page: Path) -> None:
    marked = [bool(case.expected()) for case in cases(page)]
    assert any(marked)
    assert not all(marked)
