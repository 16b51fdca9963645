"""The user's own check after a batch: what failed before the first batch does not count."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from ssot_lint.migration.commands import Outcome, execute

GREEN = Outcome(0, frozenset(), "")


def outcome(code: int, *failures: str) -> Outcome:
    return Outcome(code, frozenset(failures), "")


@pytest.mark.parametrize(
    ("now", "before", "problem"),
    [
        (GREEN, GREEN, ""),
        (GREEN, outcome(1, "a"), ""),
        (outcome(2), GREEN, "exit code 2"),
        (outcome(1, "a"), GREEN, "exit code 1"),
        (outcome(1, "a"), outcome(1, "a", "b"), ""),
        (outcome(1, "a", "c"), outcome(1, "a", "b"), "new failures: c"),
        (outcome(1, *"abcdef"), outcome(1, "a"), "new failures: b, c, d and 2 more"),
        (outcome(1), outcome(1, "a"), "exit code 1, and no failure is named"),
    ],
)
def test_only_what_is_worse_than_before_counts(now: Outcome, before: Outcome, problem: str) -> None:
    assert now.worse_than(before) == problem


def test_failures_are_those_that_pytest_and_unittest_name(tmp_path: Path) -> None:
    output = """
FAILED tests/test_a.py::test_one - AssertionError: assert 1 == 2
ERROR tests/test_b.py - ImportError: no module
FAIL: test_three (tests.test_c.Case.test_three)
ERROR: test_four (tests.test_c.Case.test_four)
the text FAILED in a line is none
"""
    (tmp_path / "output").write_text(output, encoding="utf-8")
    found = execute(python("import sys; print(open('output').read()); sys.exit(3)"), str(tmp_path))
    assert found.code == 3
    assert found.failures == {
        "tests/test_a.py::test_one",
        "tests/test_b.py",
        "test_three (tests.test_c.Case.test_three)",
        "test_four (tests.test_c.Case.test_four)",
    }
    assert not found.opaque


def test_both_streams_are_shown_and_only_their_end(tmp_path: Path) -> None:
    found = execute(
        python("import sys; [print(n) for n in range(50)]; sys.stdout.flush(); sys.exit('bad')"),
        str(tmp_path),
    )
    lines = found.tail.split("\n")
    assert len(lines) == 20
    assert lines[-2:] == ["49", "bad"]
    assert found.opaque


def test_a_command_that_does_not_exist_fails(tmp_path: Path) -> None:
    assert execute("no-such-command-anywhere", str(tmp_path)).opaque


def python(code: str) -> str:
    return f"{shlex.quote(sys.executable)} -c {shlex.quote(code)}"
