"""What shared-state says beside its violations; and that forms are told apart."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssot_lint.config import load
from ssot_lint.errors import ConfigError
from ssot_lint.model import Report
from ssot_lint.patterns import Words
from ssot_lint.rules.shared_state import SharedState
from tests.engine.running import ssot_lint
from tests.kinds.running import check

HEAD = "ssot-lint: 1\nrules:\n  - {name: x, kind: shared-state, reason: R."
FORMS = ("instance", "global", "container", "singleton", "cache", "class-attribute")


def run(folder: Path, options: str, files: dict[str, str], *, prefilter: bool = True) -> Report:
    return check(folder, f"{HEAD}{options}}}\n", files, prefilter=prefilter)


@pytest.mark.parametrize(
    ("forms", "fault"),
    [
        ("[]", "an empty list says nothing; leave the key out"),
        ("cache", "expected a list of words, found a text"),
        (
            "[cache, caches]",
            "expected instance, global, container, singleton, cache or class-attribute, "
            "found 'caches'",
        ),
        (
            "[1]",
            "expected instance, global, container, singleton, cache or class-attribute, "
            "found a number",
        ),
    ],
)
def test_forms_that_do_not_exist(forms: str, fault: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(f"{HEAD}, forms: {forms}}}\n", "rules.yaml", root="/")
    (line,) = caught.value.lines
    assert line.partition(" x: ")[2] == fault


def test_forms_are_read_in_one_order_and_once() -> None:
    text = f"{HEAD}, forms: [cache, global, cache]}}\n"
    (rule,) = load(text, "rules.yaml", root="/").rules
    assert isinstance(rule, SharedState)
    assert rule.forms == ("global", "cache")
    (rule,) = load(f"{HEAD}}}\n", "rules.yaml", root="/").rules
    assert isinstance(rule, SharedState)
    assert rule.forms == FORMS
    assert rule.words() == Words()


MANY = """\
from functools import cache


class Book:
    _instance = None
    _rows = []

    def __init__(self):
        self.rows = []


both = Book()
rows = []


def change():
    global both, rows
    both = rows = None
    rows.append(1)


@cache
def settings(): ...
"""


@pytest.mark.parametrize(
    ("forms", "found"),
    [
        ("instance", ["both"]),
        ("global", ["both", "rows"]),
        ("container", ["rows"]),
        ("singleton", ["Book._instance"]),
        ("cache", ["settings"]),
        ("class-attribute", ["Book._rows"]),
        ("instance, container, global", ["both", "rows"]),
    ],
)
def test_a_name_of_several_forms_is_found_by_each_and_reported_once(
    forms: str, found: list[str], tmp_path: Path
) -> None:
    report = run(tmp_path, f", forms: [{forms}]", {"use.py": MANY})
    assert sorted(v.subject for v in report.violations) == sorted(found)


def test_statements_are_counted_where_they_begin(tmp_path: Path) -> None:
    text = "rows = seen = \\\n    table = {}\n"
    report = run(tmp_path, "", {"use.py": text})
    assert [(v.span.line, v.span.column, v.statement) for v in report.violations] == [
        (1, 1, (1, 1)),
        (1, 8, (1, 1)),
        (2, 5, (1, 1)),
    ]


def test_only_the_places_that_are_judged_are_read(tmp_path: Path) -> None:
    files = {"core/a.py": "rows = []\n", "core/b.py": "rows = []\n", "web/c.py": "rows = [\n"}
    report = run(tmp_path, ", paths: [core/], allow_in: [core.b]", files)
    assert [(v.path, v.subject) for v in report.violations] == [("core/a.py", "rows")]


def test_a_broken_file_is_not_taken_for_a_mended_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, "", {"use.py": "rows = []\n"})
    monkeypatch.chdir(tmp_path)
    assert ssot_lint("baseline", "create").code == 0
    (tmp_path / "use.py").write_text("rows = [\n")
    ran = ssot_lint("check")
    assert ran.code == 1
    assert "use.py:1:8: SOT001 not checked" in ran.out
    assert "1 fixed" not in ran.out


def test_a_base_that_is_its_own_ancestor_ends(tmp_path: Path) -> None:
    text = (
        "class A(B):\n    def __init__(self): self.b = B()\n"
        "class B(A):\n    def __init__(self): self.a = A()\n    def set(self): self.x = 1\n"
        "one = A()\n"
    )
    report = run(tmp_path, "", {"use.py": text})
    assert [v.subject for v in report.violations] == ["one"]


def test_names_of_any_alphabet(tmp_path: Path) -> None:
    report = run(tmp_path, "", {"use.py": "größe = []\nclass Ünder: _instance = None\n"})
    assert [v.subject for v in report.violations] == ["größe", "Ünder._instance"]


LINES = [
    "import app, redis",
    "from app import Book as B",
    "from collections import *",
    "x = app.Book()",
    "x = y = B()",
    "x: B = None",
    "x = {}",
    "y = defaultdict(list)",
    "def f():\n    global x\n    x = B()",
    "def g(): y[1] = x",
    "class C(B):\n    y = []\n    _instance = None\n    def h(self): self.y.append(1)",
    "class D:\n    def __new__(cls):\n        cls.x = B()",
    "f()",
    "del x[1]",
    "if __name__ == '__main__': x = []",
    "try: x = B()\nexcept ImportError: x = None",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=8))
def test_the_prefilter_changes_nothing_and_subjects_can_be_written(lines: list[str]) -> None:
    files = {"use.py": "\n".join(lines), "app.py": "class Book:\n    def a(self): self.x = 1\n"}
    with tempfile.TemporaryDirectory() as name:
        fast = run(Path(name), "", files)
        slow = run(Path(name), "", {}, prefilter=False)
    assert fast.violations == slow.violations
    subjects = [(v.path, v.subject) for v in fast.violations]
    assert len(set(subjects)) == len(subjects)
    assert not any(char in subject for _, subject in subjects for char in " :'\"\n")
