"""``ssot-plan.yml``: what is written, what is read, and what is said of a faulty one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ssot_lint.errors import UsageError
from ssot_lint.migration.model import Skip
from ssot_lint.migration.planning import (
    WAVES,
    Apart,
    Batch,
    Cycle,
    Plan,
    PlannedFile,
    Risk,
    dump,
    load,
    read,
    write,
)
from ssot_lint.migration.planning.model import is_plain

PLAN = Plan(
    batches=(
        Batch(
            1,
            "leaf",
            ("@org/team", "docs@example.com"),
            Risk(37, 3, 1),
            (
                PlannedFile("app/a.py", 3, 1, "9c1e0d2f3a4b5c6d"),
                PlannedFile("tests/größe.py", 1, 0, "0123456789012345"),
            ),
        ),
        Batch(2, "", (), None, (PlannedFile("on", 0, 2, "e3b0c44298fc1c14"),)),
    ),
    manual=(Skip("app/x.py", 12, "old-path", "app.old.*", "a star: 'X' only # moved"),),
    cycles=(Cycle(36, ("app/a.py",)),),
    apart=(Apart("app/a.py", 4),),
)
BODY = """\
batches:
- batch: 1
  wave: leaf
  owners: ["@org/team", "docs@example.com"]
  risk: {dependents: 37, critical: 3, manual: 1}  # 11.2
  files:
    app/a.py: {edits: 3, strings: 1, before: "9c1e0d2f3a4b5c6d"}
    "tests/gr\\u00f6\\u00dfe.py": {edits: 1, strings: 0, before: "0123456789012345"}
- batch: 2
  files:
    "on": {edits: 0, strings: 2, before: "e3b0c44298fc1c14"}

# What ssot-lint does not rewrite:
manual:
- {file: app/x.py, line: 12, rule: old-path, path: "app.old.*", reason: "a star: 'X' only # moved"}

# Files that more tests of the plan patch than fit into their batch:
apart:
- {file: app/a.py, tests: 4}

# Modules that import one another, and the files of the plan among them:
cycles:
- modules: 36
  files:
  - app/a.py
"""
HEADER = """\
ssot-plan: 1
# Made by 'ssot-lint plan'. Batches are applied from top to bottom. Put them into another order,
# move files from one to another, delete files or batches, add comments: it is your plan now.
# Numbers stay with their batches. What is said of a file is checked when its batch is applied.
#
# edits, strings: paths that are rewritten in code, and in string literals
# before: the first 16 hexadecimal digits of the SHA-256 of the file
# dependents: files outside of the batch that import it, directly or through others
# critical, manual: files that are critical, and places that need a human
# risk: log2(1 + dependents), 4 more for critical files, 2 more for manual places (in the comment)
#
# wave home: defines a home, or an old path
# wave re-export: other files of the plan import from it what moves
# wave canary: critical, and early on request
# wave leaf: no file imports it
# wave inner: other files import it
# wave critical: an entry point leads to it, or many files depend on it

"""


def test_what_is_written() -> None:
    assert dump(PLAN) == HEADER + BODY
    assert dump(Plan(())) == HEADER + "batches: []\n"


def test_what_is_read() -> None:
    assert load(HEADER + BODY, "p") == PLAN
    assert load("ssot-plan: 1\nbatches: []\n", "p") == Plan(())


def test_a_person_may_write_another_order_and_leave_things_out() -> None:
    first, second = PLAN.batches
    text = """\
# ours
ssot-plan: 1
batches:
  - files:  # the risky one first
      "on": {before: e3b0c44298fc1c14, edits: 0, strings: 2}
    batch: 2

  - {batch: 1, files: {app/a.py: {edits: 3, strings: 1, before: 9c1e0d2f3a4b5c6d}}}
"""
    (read_second, read_first) = load(text, "p").batches
    assert read_second == second
    assert read_first == Batch(1, "", (), None, first.files[:1])
    assert load("\ufeff" + text.replace("\n", "\r\n"), "p") == load(text, "p")


def test_a_batch_is_found_by_its_number_and_the_next_by_what_is_done() -> None:
    first, second = PLAN.batches
    assert (PLAN.find(2), PLAN.next(()), PLAN.next({1}), PLAN.next({1, 2})) == (
        second,
        first,
        second,
        None,
    )
    with pytest.raises(UsageError) as caught:
        PLAN.find(3)
    assert caught.value.lines == ("the plan has no batch 3; its batches are 1, 2",)
    with pytest.raises(UsageError) as caught:
        Plan(()).find(1)
    assert caught.value.lines == ("the plan has no batch 1: it has none at all",)


def faults(text: str) -> list[str]:
    with pytest.raises(UsageError) as caught:
        load(text, "ssot-plan.yml")
    return [line.removeprefix("ssot-plan.yml:") for line in caught.value.lines]


GOOD = 'a.py: {edits: 1, strings: 0, before: "0123456789abcdef"}'
DIGITS = "expected 16 hexadecimal digits in quotes"
A_TEXT = "expected a text (in quotes, if YAML reads it as something else)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1:1: the file is empty"]),
        ("x\n", ["1:1: no plan: it begins with 'ssot-plan: 1'"]),
        ("batches: []\n", ["1:1: no plan: it begins with 'ssot-plan: 1'"]),
        ("ssot-lint: 1\nrules: []\n", ["1:1: no plan: it begins with 'ssot-plan: 1'"]),
        (
            "ssot-plan: 2\nbatches: new\nother: 1\n",
            ["1:1: made for a newer ssot-lint: this one reads format 1, not 2"],
        ),
        ("ssot-plan: 0\nbatches: []\n", ["1:1: the format's version is 1"]),
        ("ssot-plan: yes\nbatches: []\n", ["1:1: the format's version is 1"]),
        ("ssot-plan: 1.0\nbatches: []\n", ["1:1: the format's version is 1"]),
        ("ssot-plan: 1\n", ["1:1: required key 'batches' is missing"]),
        ("ssot-plan: 1\nbatches:\n", ["2:1: expected a list"]),
        (
            "ssot-plan: 1\nbatches: [1]\nmanuel: []\n",
            [
                "2:11: expected a mapping with 'batch' and 'files'",
                "3:1: unknown key 'manuel', did you mean 'manual'?",
            ],
        ),
        (
            f"ssot-plan: 1\nbatches:\n- batch: 1\n  fils: {{{GOOD}}}\n",
            [
                "3:3: required key 'files' is missing",
                "4:3: unknown key 'fils', did you mean 'files'?",
            ],
        ),
        (
            "ssot-plan: 1\nbatches:\n- batch: 1\n  files: {}\n",
            ["4:3: an empty batch: delete it, or give it a file"],
        ),
        (
            "ssot-plan: 1\nbatches:\n- batch: 1\n  files: [a.py]\n",
            ["4:3: expected a mapping of file to what is said of it"],
        ),
        (
            f"ssot-plan: 1\nbatches:\n- batch: 0\n  files:\n    {GOOD}\n    {GOOD}\n",
            [
                "3:3: expected a whole number from 1 to 1000000",
                "6:5: duplicate key 'a.py', first on line 5",
            ],
        ),
        (
            f"ssot-plan: 1\nbatches:\n- batch: 1\n  files:\n    {GOOD}\n"
            f"- batch: 1\n  files:\n    {GOOD}\n",
            [
                "6:3: there is a batch 1 already, on line 3",
                "8:5: 'a.py' stands in a batch already, on line 5",
            ],
        ),
        (
            "ssot-plan: 1\nbatches:\n- batch: 1\n  files:\n    a.py:\n"
            "    b.py: {edits: -1, strings: 1.5, before: 1}\n"
            '    c.py: {edits: 0, strings: 0, before: "0123456789abcdeF"}\n'
            "    d.py: {edits: true, line: 1}\n",
            [
                "5:5: expected a mapping with 'edits', 'strings' and 'before'",
                "6:12: expected a whole number from 0 to 1000000",
                "6:23: expected a whole number from 0 to 1000000",
                f"6:37: {DIGITS}",
                "7:5: a file without edits and strings: delete it",
                f"7:34: {DIGITS}",
                "8:5: required key 'before' is missing",
                "8:5: required key 'strings' is missing",
                "8:12: expected a whole number from 0 to 1000000",
                "8:25: unknown key 'line'",
            ],
        ),
        *(
            (
                f"ssot-plan: 1\nbatches:\n- batch: 1\n  files:\n    {GOOD.replace('a.py', path)}\n",
                [f"5:5: '{path}': expected a path below the root such as app/models.py"],
            )
            for path in ("/a.py", "../a.py", "a/../b.py", "./a.py", "a//b.py", "a/", ".", "a\\b.py")
        ),
        (
            f"ssot-plan: 1\nbatches:\n- batch: 1\n  wave: leav\n  owners: '@a'\n  risk: high\n"
            f"  files:\n    {GOOD}\n"
            "- batch: 2\n  wave: 3\n  owners: [1, '']\n"
            "  risk: {dependents: 1, critical: x, manul: 0}\n"
            f"  files:\n    {GOOD.replace('a.py', 'b.py')}\n"
            f"- batch: 3\n  wave: middle\n  files:\n    {GOOD.replace('a.py', 'c.py')}\n",
            [
                "4:3: unknown wave 'leav', did you mean 'leaf'?",
                "5:3: expected a list",
                "6:3: expected a mapping with 'dependents', 'critical' and 'manual'",
                f"10:3: {A_TEXT}",
                f"11:12: {A_TEXT}",
                f"11:15: {A_TEXT}",
                "12:3: required key 'manual' is missing",
                "12:25: expected a whole number from 0 to 1000000",
                "12:38: unknown key 'manul', did you mean 'manual'?",
                "16:3: unknown wave 'middle'; the waves are "
                "home, re-export, canary, leaf, inner, critical",
            ],
        ),
        (
            "ssot-plan: 1\nbatches: []\nmanual:\n- {file: a.py, line: 0, path: x, reason: 1}\n"
            "apart:\n- {file: /a.py, tests: 0}\ncycles:\n- {modules: 2, files: a.py}\n",
            [
                "4:3: required key 'rule' is missing",
                "4:16: expected a whole number from 1 to 1000000",
                f"4:34: {A_TEXT}",
                "6:4: '/a.py': expected a path below the root such as app/models.py",
                "6:17: expected a whole number from 1 to 1000000",
                "8:16: expected a list",
            ],
        ),
        ("ssot-plan: 1\nbatches: []\n<<<<<<< ours\n", None),
        ("ssot-plan: 1\nbatches: !!python/name:os.system x\n", None),
        ("a" * 5_000, ["1:1: no plan: it begins with 'ssot-plan: 1'"]),
    ],
)
def test_every_fault_is_told_at_once(text: str, expected: list[str] | None) -> None:
    assert faults(text) == expected if expected else faults(text)


def test_a_plan_may_be_long() -> None:
    files = tuple(PlannedFile(f"m{n}.py", 1, 0, "0" * 16) for n in range(13_000))
    plan = Plan((Batch(1, "leaf", (), None, files),))
    assert load(dump(plan), "p") == plan


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
PATHS = st.one_of(st.from_regex(r"[a-z]{1,3}(/[a-z]{1,3}){0,2}\.py", fullmatch=True), TEXTS)
COUNTS = st.integers(1, 1_000_000)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    paths = draw(st.lists(PATHS.filter(is_plain), unique=True, max_size=8))
    numbers = draw(st.lists(COUNTS, unique=True, min_size=len(paths), max_size=len(paths)))
    batches, left = [], paths
    while left:
        size = draw(st.integers(1, len(left)))
        files = tuple(
            PlannedFile(
                path,
                draw(COUNTS),
                draw(st.integers(0, 9)),
                draw(st.text("0123456789abcdef", min_size=16, max_size=16)),
            )
            for path in left[:size]
        )
        batches.append(
            Batch(
                numbers[len(left) - 1],
                draw(st.sampled_from(["", *WAVES])),
                tuple(draw(st.lists(TEXTS, max_size=2))),
                draw(st.none() | st.builds(Risk, COUNTS, COUNTS, COUNTS)),
                files,
            )
        )
        left = left[size:]
    skips = st.builds(Skip, TEXTS, COUNTS, TEXTS, TEXTS, TEXTS)
    some = st.lists(PATHS.filter(is_plain), max_size=3).map(tuple)
    return Plan(
        tuple(batches),
        tuple(sorted(draw(st.lists(skips, max_size=3)))),
        tuple(draw(st.lists(st.builds(Cycle, COUNTS, some), max_size=2))),
        tuple(draw(st.lists(st.builds(Apart, PATHS.filter(is_plain), COUNTS), max_size=2))),
    )


@settings(max_examples=50)
@given(plans())
@example(PLAN)
def test_what_is_written_is_read_back(plan: Plan) -> None:
    text = dump(plan)
    assert text.isascii()
    assert load(text, "p") == plan
    assert dump(load(text, "p")) == text
    assert dump(load(text.replace("\n", "\r\n"), "p")) == text


@settings(max_examples=25)
@given(plans())
def test_other_readers_of_yaml_read_the_same(plan: Plan) -> None:
    document = yaml.safe_load(dump(plan))
    assert [batch["batch"] for batch in document["batches"]] == [b.number for b in plan.batches]
    assert [path for batch in document["batches"] for path in batch["files"]] == [
        file.path for file in plan.files
    ]
    assert [skip["reason"] for skip in document.get("manual", ())] == [
        skip.reason for skip in plan.manual
    ]


def answer(text: str) -> Plan | tuple[str, ...]:
    """What `text` means, or what is wrong with it."""
    try:
        return load(text, "p")
    except UsageError as error:
        return error.lines


def is_clear(lines: tuple[str, ...]) -> bool:
    return bool(lines) and all(line.startswith("p:") and "\n" not in line for line in lines)


@given(
    st.integers(0, len(BODY)),
    st.integers(0, 40),
    st.sampled_from(
        ["", "\n", ":", "- ", "{", "}", "[", '"', "'", "&a ", "*a", "?", "\t", "0", "é"]
    ),
)
def test_a_damaged_plan_is_refused_or_read_but_never_a_traceback(
    at: int, length: int, put: str
) -> None:
    found = answer("ssot-plan: 1\n" + BODY[:at] + put + BODY[at + length :])
    assert load(dump(found), "p") == found if isinstance(found, Plan) else is_clear(found)


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_no_text_makes_a_traceback(text: str) -> None:
    for start in ("", "ssot-plan: 1\n", "ssot-plan: 1\nbatches:\n- batch: 1\n  files: "):
        found = answer(start + text)
        assert isinstance(found, Plan) or is_clear(found)


def test_a_message_has_a_length_that_can_be_read() -> None:
    (line,) = faults(f"ssot-plan: 1\nbatches: []\n? {'x' * 1_000}\n: 1\n")
    assert line == f"3:3: unknown key '{'x' * 387} ..."


def test_a_file_is_written_whole_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "ssot-plan.yml"
    write(str(path), PLAN)
    assert path.read_text() == dump(PLAN)
    assert read(str(path)) == PLAN
    assert [p.name for p in tmp_path.iterdir()] == ["ssot-plan.yml"]


def test_a_file_that_is_no_text_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "plan.yml"
    with pytest.raises(UsageError) as caught:
        read(str(path), name="plan.yml")
    assert caught.value.lines == ("plan.yml: cannot be read: No such file or directory",)
    path.write_bytes(b"ssot-plan: 1\nbatches: [] # \xff\n")
    with pytest.raises(UsageError) as caught:
        read(str(path))
    assert caught.value.lines == (f"{path}:2:15: byte 0xff is not UTF-8",)
    with pytest.raises(UsageError) as caught:
        write(str(tmp_path / "gone" / "plan.yml"), PLAN, name="plan.yml")
    assert caught.value.lines == ("plan.yml: cannot be written: No such file or directory",)
