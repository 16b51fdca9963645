"""``migration:`` at the top level of a rules file."""

from __future__ import annotations

import pytest

from ssot_lint.config import load
from ssot_lint.config.migration import Migration
from ssot_lint.errors import ConfigError

RULES = """ssot-lint: 1
rules: [{name: old, kind: legacy-import, reason: r, removed: [a.b]}]
"""


def migration(text: str) -> Migration:
    return load(RULES + text, "/project/rules.yaml", is_folder=lambda _: True).migration


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as raised:
        migration(text)
    return tuple(line.removeprefix("/project/") for line in raised.value.lines)


def test_the_defaults() -> None:
    assert migration("") == Migration(batch_files=20)
    assert migration("").names("unittest.mock.patch")
    assert migration("").names("mocker.patch.dict")
    assert not migration("").names("dispatch")
    assert not migration("").names("logging.getLogger")


def test_what_a_file_says() -> None:
    found = migration("migration: {batch_files: 5, calls: [getLogger]}\n")
    assert found == Migration(5, ("getLogger",))
    assert found.names("logging.getLogger")
    assert not found.names("mock.patch")


def test_half_of_it_leaves_the_other_half_as_it_is() -> None:
    assert migration("migration: {batch_files: 5}\n").calls == Migration().calls


def test_every_fault_is_heard_of_at_once_where_it_stands() -> None:
    found = faults(
        "migration:\n  batch_file: 3\n  batch_files: 0\n  calls: [patch, 'a b', patch]\n"
    )
    assert found == (
        "rules.yaml:4:3: unknown key 'batch_file', did you mean 'batch_files'?",
        "rules.yaml:5:3: expected a number of files from 1 to 1000",
        "rules.yaml:6:18: expected a callee, such as 'patch' or 'patch.dict'",
        "rules.yaml:6:25: 'patch' is listed already",
    )


@pytest.mark.parametrize("value", ["", "{}", "[patch]", "20"])
def test_it_is_a_mapping(value: str) -> None:
    assert faults(f"migration: {value}\n") == (
        "rules.yaml:3:1: expected a mapping with 'batch_files' or 'calls'",
    )


@pytest.mark.parametrize("value", ["[]", "patch", "{patch: 1}"])
def test_calls_are_a_list(value: str) -> None:
    (fault,) = faults(f"migration: {{calls: {value}}}\n")
    assert fault.endswith("expected a list of callees, such as 'patch'")
