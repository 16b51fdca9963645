"""Which group a file counts in."""

from __future__ import annotations

import pytest

from ssot_lint.globs import Globs
from ssot_lint.inventory.groups import Groups
from ssot_lint.model import SourceFile
from ssot_lint.roots import module_of

TESTS = Globs.parse(["tests/", "test_*.py"])


def groups(**named: list[str]) -> Groups:
    return Groups(tuple((name, Globs.parse(globs)) for name, globs in named.items()), TESTS)


def at(path: str) -> SourceFile:
    return module_of(path, (".",))


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("shop/a.py", "production"),
        ("setup.py", "production"),
        ("shop/a.pyi", "production"),
        ("tests/a.py", "tests"),
        ("shop/test_a.py", "tests"),
        ("tests/run-it.py", "tests"),
        ("scripts/run-it.py", "other"),
        ("some-folder/a.py", "other"),
    ],
)
def test_the_usual_groups(path: str, group: str) -> None:
    assert groups().names == ("production", "tests", "other")
    assert groups().of(at(path)) == group


def test_the_first_group_that_names_a_file_has_it() -> None:
    made = groups(e2e=["tests/e2e/"], slow=["tests/", "!tests/quick.py"])
    assert made.names == ("e2e", "slow", "production", "tests", "other")
    files = ["tests/e2e/a.py", "tests/a.py", "tests/x/quick.py", "shop/test_a.py", "shop/a.py"]
    assert [made.of(at(path)) for path in files] == ["e2e", "slow", "slow", "tests", "production"]


def test_a_usual_name_means_what_the_configuration_says() -> None:
    made = groups(production=["shop/"], tests=["spec/"])
    assert made.names == ("production", "tests", "other")
    files = ["shop/a.py", "shop/test_a.py", "spec/a.py", "tests/a.py", "tools/a.py"]
    assert [made.of(at(path)) for path in files] == [
        *("production", "production", "tests", "other", "other"),
    ]
