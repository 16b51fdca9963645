"""What is printed of a plan."""

from __future__ import annotations

import json

import pytest

from ssot_lint.migration.model import Skip
from ssot_lint.migration.planning import (
    FORMATS,
    Apart,
    Batch,
    Cycle,
    Plan,
    PlannedFile,
    Risk,
    dump,
    render,
)
from tests.migration.planning.test_plan_file import PLAN

HASH = "0123456789abcdef"
STARS = tuple(
    Skip(f"app/s{n}.py", n + 1, "old-path", "app.old.*", "a star import") for n in range(4)
)
WHOLE = Plan(
    (
        Batch(1, "leaf", ("@a", "@b"), Risk(0, 0, 0), (PlannedFile("a.py", 1, 0, HASH),)),
        Batch(
            12,
            "critical",
            (),
            Risk(1023, 2, 1),
            (PlannedFile("b.py", 10, 1, HASH), PlannedFile("c.py", 2, 0, HASH)),
        ),
        Batch(3, "", (), None, (PlannedFile("d.py", 0, 7, HASH),)),
    ),
    (*STARS, Skip("b.py", 7, "old-path", "app.old.Y", "it has no successor")),
    (Cycle(36, ("b.py", "c.py")), Cycle(2, ("d.py",))),
    (Apart("b.py", 4), Apart("c.py", 1)),
)
TABLE = """\
batch  wave      owners  files  edits  strings  dependents  risk
1      leaf      @a @b       1      1        0           0   0.0
12     critical  -           2     12        1        1023  16.0
3      -         -           1      0        7           -     -

leaf: no file imports it
critical: an entry point leads to it, or many files depend on it

3 batches, 4 files, 13 edits, 8 strings.
b.py: patched by 4 tests in other batches.
c.py: patched by 1 test in other batches.
36 modules import one another; 2 files of the plan are among them, first b.py.
2 modules import one another; 1 file of the plan is among them, first d.py.

5 places in 5 files for a human:
  4: a star import
    app/s0.py:1: app.old.* [old-path]
    app/s1.py:2: app.old.* [old-path]
    app/s2.py:3: app.old.* [old-path]
    ... and 1 more
  1: it has no successor
    b.py:7: app.old.Y [old-path]
"""


def test_the_table() -> None:
    assert render(WHOLE, "text") == TABLE


def test_the_table_of_nothing() -> None:
    assert render(Plan(()), "text") == "Nothing to rewrite.\n"
    assert render(Plan((), STARS[:1]), "text") == (
        "Nothing to rewrite.\n\n1 place in 1 file for a human:\n  1: a star import\n"
        "    app/s0.py:1: app.old.* [old-path]\n"
    )


def test_json() -> None:
    document = json.loads(render(PLAN, "json"))
    assert document["version"] == 1
    assert document["tool"]["name"] == "ssot-lint"
    assert document["batches"] == [
        {
            "batch": 1,
            "wave": "leaf",
            "owners": ["@org/team", "docs@example.com"],
            "edits": 4,
            "strings": 1,
            "risk": {"score": 11.2, "dependents": 37, "critical": 3, "manual": 1},
            "files": [
                {"path": "app/a.py", "edits": 3, "strings": 1, "before": "9c1e0d2f3a4b5c6d"},
                {"path": "tests/größe.py", "edits": 1, "strings": 0, "before": "0123456789012345"},
            ],
        },
        {
            "batch": 2,
            "wave": "",
            "owners": [],
            "edits": 0,
            "strings": 2,
            "risk": None,
            "files": [{"path": "on", "edits": 0, "strings": 2, "before": "e3b0c44298fc1c14"}],
        },
    ]
    assert document["manual"] == [
        {
            "file": "app/x.py",
            "line": 12,
            "rule": "old-path",
            "path": "app.old.*",
            "reason": "a star: 'X' only # moved",
        }
    ]
    assert document["apart"] == [{"file": "app/a.py", "tests": 4}]
    assert document["cycles"] == [{"modules": 36, "files": ["app/a.py"]}]


def test_yaml_is_the_file() -> None:
    assert render(PLAN, "yaml") == dump(PLAN)


@pytest.mark.parametrize("format_", ["text", "json", "yaml"])
def test_nobodys_file_name_forges_a_line(format_: str) -> None:
    name = "a\nforged\x1b.py"
    plan = Plan(
        (Batch(1, "leaf", ("@a\nforged",), None, (PlannedFile(name, 1, 0, HASH),)),),
        (Skip(name, 1, "r\nforged", "p\nforged", "why\nforged"),),
        (Cycle(2, (name,)),),
        (Apart(name, 1),),
    )
    text = render(plan, format_)
    assert "\x1b" not in text
    assert not [line for line in text.split("\n") if line.lstrip().startswith("forged")]
    assert list(FORMATS) == ["text", "json", "yaml"]
