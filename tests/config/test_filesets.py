"""``groups`` and ``entry_points``: what they mean, and what is said of wrong ones."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import yaml

from ssot_lint.config import Config, load
from ssot_lint.config.filesets import EntryPoints
from ssot_lint.config.schema import schema
from ssot_lint.errors import ConfigError
from ssot_lint.globs import Globs
from ssot_lint.patterns import Pattern
from ssot_lint.roots import module_of
from tests.config.kinds import TWO_KINDS

MINIMAL = """\
ssot-lint: 1
rules:
  - name: no-factory
    kind: no-module
    reason: None needed.
    modules: [app.factory]
"""


def understood(text: str) -> Config:
    return load(MINIMAL + text, "/rules.yaml", TWO_KINDS, is_folder=lambda _: True)


def faults_of(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        understood(text)
    return [str(problem).partition("rules.yaml:")[2] for problem in caught.value.problems]


def validates(text: str) -> bool:
    document: Any = yaml.safe_load(MINIMAL + text)
    return jsonschema.Draft202012Validator(schema(TWO_KINDS)).is_valid(document)


def test_neither_is_needed() -> None:
    config = understood("")
    assert config.groups == ()
    assert not config.entry_points


def test_groups_keep_their_order() -> None:
    text = 'groups:\n  e2e: [tests/e2e/]\n  my-tests_2: [tests/, "!tests/x.py"]\n  apps: ["*.py"]\n'
    assert understood(text).groups == (
        ("e2e", Globs.parse(["tests/e2e/"])),
        ("my-tests_2", Globs.parse(["tests/", "!tests/x.py"])),
        ("apps", Globs.parse(["*.py"])),
    )
    assert validates(text)


def test_entry_points_are_modules_or_file_globs() -> None:
    text = 'entry_points: [app.main, "app.jobs.*", manage.py, bin/*, "!bin/x.py", stubs.pyi, app]\n'
    points = understood(text).entry_points
    assert points == EntryPoints(
        (Pattern.parse("app.main"), Pattern.parse("app.jobs.*"), Pattern.parse("app")),
        Globs.parse(["manage.py", "bin/*", "!bin/x.py", "stubs.pyi"]),
    )
    assert points
    assert validates(text)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("app/main.py", True),
        ("app/main/deep.py", True),
        ("app/main_too.py", False),
        ("app/jobs/daily.py", True),
        ("app/jobs/deep/er.py", False),
        ("manage.py", True),
        ("bin/run-it", True),
        ("bin/not.py", False),
        ("lib/a.py", False),
    ],
)
def test_what_an_entry_point_matches(path: str, expected: bool) -> None:
    text = 'entry_points: [app.main, "app.jobs.*", manage.py, bin/*, "!bin/not.py"]\n'
    assert understood(text).entry_points.match(module_of(path, (".",))) is expected


NAME = "is no group name: write words of a-z and 0-9 joined by '-' or '_'"
NO_PATTERN = "is no pattern on dotted names: only names, dots, '*' and '**'"
GLOB = "(a file glob has '/' or '.py' in it)"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("groups: [a]", ["7:1: expected a mapping of group name to file globs"]),
        ("groups:", ["7:1: expected a mapping of group name to file globs"]),
        ("groups: {}", ["7:1: an empty mapping says nothing; leave the key out"]),
        ("groups: {a: b/}", ["7:10: expected a list of file globs, found a text"]),
        ("groups: {a: []}", ["7:10: an empty list says nothing; leave the key out"]),
        ("groups: {a: [b/, 3]}", ["7:18: expected a file glob, found a number"]),
        ("groups: {A b: [b/]}", [f"7:10: 'A b' {NAME}"]),
        ("groups: {-a: [b/]}", [f"7:10: '-a' {NAME}"]),
        (
            "groups: {total: [b/]}",
            ["7:10: 'total' is the sum of all groups; call the group something else"],
        ),
        ("entry_points: app", ["7:1: expected a list of modules and file globs"]),
        ("entry_points: []", ["7:1: an empty list says nothing; leave the key out"]),
        (
            "entry_points: [app, 3]",
            ["7:21: expected a module, or a file glob with '/' or '.py' in it"],
        ),
        ("entry_points: ['']", [f"7:16: a pattern cannot be empty {GLOB}"]),
        (
            "entry_points: [app-x, bin?, bin//x]",
            [
                f"7:16: 'app-x' {NO_PATTERN} {GLOB}",
                f"7:23: 'bin?' {NO_PATTERN} {GLOB}",
                "7:29: 'bin//x' matches nothing: write a path without '.', '..' and '//'",
            ],
        ),
        (f"entry_points: [{'a' * 1001}]", [f"7:16: longer than 1000 characters {GLOB}"]),
    ],
)
def test_faults(text: str, faults: list[str]) -> None:
    assert faults_of(text) == faults


@pytest.mark.parametrize(
    "text",
    [
        "groups: [a]",
        "groups: {}",
        "groups: {a: b/}",
        "groups: {a: []}",
        "groups: {A b: [b/]}",
        "groups: {total: [b/]}",
        "entry_points: app",
        "entry_points: []",
        "entry_points: [3]",
        "entry_points: ['']",
    ],
)
def test_the_schema_refuses_them_too(text: str) -> None:
    assert not validates(text)
