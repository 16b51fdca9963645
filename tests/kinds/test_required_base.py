"""What required-base says beside its violations: faults, broken and idle entries, notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.config import load
from ssot_lint.errors import ConfigError
from ssot_lint.model import Report
from ssot_lint.patterns import Clue, Words
from ssot_lint.rules.required_base import RequiredBase
from tests.kinds.running import check

HEAD = "ssot-lint: 1\nrules:\n  - {name: x, kind: required-base, reason: R."


def run(folder: Path, options: str, **files: str) -> Report:
    return check(
        folder, f"{HEAD}, {options}}}\n", {f"{name}.py": text for name, text in files.items()}
    )


def notes(report: Report) -> list[tuple[str, str, int, str]]:
    return sorted((n.topic, n.path, n.line, n.message) for n in report.notes)


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ("", "3:5: x: one of 'bases', 'forbidden_bases' and 'decorators' is required"),
        (
            ", bases: [a.B], forbidden_bases: [a.C, a.B]",
            "3:62: x: 'a.B' is required as well as forbidden",
        ),
        (
            ", bases: ['a.*']",
            "3:56: x: 'a.*': a literal dotted path is needed here, without wildcards",
        ),
        (", bases: []", "3:48: x: an empty list says nothing; leave the key out"),
    ],
)
def test_options_that_say_nothing_or_contradict_each_other(options: str, fault: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(f"{HEAD}{options}}}\n", "rules.yaml", root="/")
    assert caught.value.lines == (f"rules.yaml:{fault}",)


def test_a_base_that_is_gone_makes_the_rule_unable_to_work(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "bases: [a.Gone, b.Base, vendor.Base, a.Base], forbidden_bases: [a.Lost, a.open.X]",
        a="from b import nothing as Gone\nclass Base: ...\n",
        b="",
    )
    assert [v.message for v in report.violations] == [
        "rule 'x' cannot work: base 'a.Gone' leads nowhere: missing name b.nothing",
        "rule 'x' cannot work: base 'b.Base' leads nowhere: missing name b.Base",
    ]
    assert report.unusable
    assert notes(report) == [
        (
            "idle",
            "rules.yaml",
            3,
            "forbidden_bases: 'a.Lost' leads nowhere: missing name a.Lost",
        ),
        (
            "idle",
            "rules.yaml",
            3,
            "forbidden_bases: 'a.open.X' leads nowhere: missing name a.open",
        ),
    ]


def test_what_cannot_be_told_is_a_note_that_says_why(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "bases: [a.Base], forbidden_bases: [unittest.TestCase]",
        a=(
            "import unittest\n"
            "from nowhere import Thing, thing\n"
            "from unittest import TestCase as T\n"
            "class Base: ...\n"
            "if Base:\n    Case = Base\nelse:\n    Case = T\n"
            "class One(Thing, Base): ...\n"
            "class Two(thing()): ...\n"
            "class Three(Case): ...\n"
            "class Four(missing.Base, Base): ...\n"
            "class Five(Base): ...\n"
        ),
    )
    assert report.violations == ()
    start = "whether class"
    assert notes(report) == [
        (
            "undecidable",
            "a.py",
            9,
            f"{start} One inherits from unittest.TestCase depends on nowhere.Thing",
        ),
        (
            "undecidable",
            "a.py",
            10,
            f"{start} Two inherits from a.Base depends on nowhere.thing",
        ),
        (
            "undecidable",
            "a.py",
            10,
            f"{start} Two inherits from unittest.TestCase depends on nowhere.thing",
        ),
        (
            "undecidable",
            "a.py",
            11,
            f"{start} Three inherits from unittest.TestCase depends on a condition",
        ),
        (
            "undecidable",
            "a.py",
            12,
            f"{start} Four inherits from unittest.TestCase depends on a.missing",
        ),
    ]


def test_entries_that_match_nothing(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "bases: [a.Base], classes: [Cart, Gone], allow: [Cart, Other], modules: [a, gone]",
        a="class Base: ...\nclass Cart: ...\nclass Other: ...\n",
    )
    assert report.violations == ()
    assert [message for *_, message in notes(report)] == [
        "allow: 'Other' excepts nothing: no such class is selected",
        "classes: 'Gone' matches no class",
        "modules: 'gone' matches no module",
    ]


def test_a_class_in_a_file_that_nobody_can_read_is_no_surprise(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "bases: [a.Base]",
        a="class Base: ...\n",
        b="class (\n",
        c="from b import Other\nclass Cart(Other): ...\n",
    )
    assert [(v.code, v.path) for v in report.violations] == [("SOT001", "b.py")]
    assert [message for *_, message in notes(report)] == [
        "whether class Cart inherits from a.Base depends on b.py"
    ]


def test_words_are_those_of_the_names_or_of_what_makes_a_class() -> None:
    named = load(
        f"{HEAD}, bases: [a.B], classes: ['*Big*Case', X], ignore_case: true}}\n", "r.yaml"
    ).rules[0]
    assert isinstance(named, RequiredBase)
    assert named.words() == Words.of_definitions("class", named.classes, ignore_case=True)
    assert named.words_of_expressions() == Words(), "only marks stand in expressions"
    marked = load(f"{HEAD}, decorators: [pytest.mark.slow]}}\n", "r.yaml").rules[0]
    assert marked.words_of_expressions() == marked.words()
    every = load(f"{HEAD}, bases: [a.B]}}\n", "r.yaml").rules[0].words()
    assert every is not None
    assert Clue(frozenset({"class"})) in every.clues
    assert Clue(frozenset({"Enum"})) in every.clues
