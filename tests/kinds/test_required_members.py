"""What required-members says beside its violations: faults, broken and idle entries, notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.config import Config, load
from ssot_lint.errors import ConfigError
from ssot_lint.model import Report
from ssot_lint.patterns import Words
from tests.kinds.running import check

HEAD = "ssot-lint: 1\nrules:\n  - {name: x, kind: required-members, reason: R., "


def configured(options: str) -> Config:
    return load(f"{HEAD}{options}}}\n", "rules.yaml", root=".")


def run(folder: Path, options: str, **files: str) -> Report:
    return check(
        folder, f"{HEAD}{options}}}\n", {f"{name}.py": text for name, text in files.items()}
    )


def notes(report: Report) -> list[tuple[str, str, int, str]]:
    return sorted((note.topic, note.path, note.line, note.message) for note in report.notes)


NEEDS = "3:5: x: 'home' is required, or both 'values' and 'mentioned_in'"


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ("values: [a]", NEEDS),
        ("mentioned_in: [a.B]", NEEDS),
        (
            "home: a, values: [x, x y]",
            "3:60: x: 'x y': a string with blanks is never taken for a mention",
        ),
        (
            "home: a, mentioned_in: ['a.*']",
            "3:75: x: 'a.*': a literal dotted path is needed here, without wildcards",
        ),
    ],
)
def test_options_that_do_not_work(options: str, fault: str) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(options)
    assert caught.value.lines == (f"rules.yaml:{fault}",)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("home: home.NONE", "home 'home.NONE' leads nowhere: missing name home.NONE"),
        ("home: home", "home 'home' is no collection of strings: list them in 'values'"),
        ("home: home.N", "home 'home.N' is no collection of strings: list them in 'values'"),
        ("home: home.E, mentioned_in: [home.X]", "'home.X' leads nowhere: missing name home.X"),
        ("home: home.E, mentioned_in: [home.f]", "'home.f' is neither a module nor a class"),
        ("home: home.E, mentioned_in: [folder]", "'folder' is neither a module nor a class"),
    ],
)
def test_a_rule_that_does_not_work(options: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    report = run(tmp_path, options, home="E = ['a', 'b']\nN = 1\ndef f(): return 'a', 'b'\n")
    assert [v.message for v in report.violations] == [f"rule 'x' cannot work: {message}"]
    assert notes(report) == []


def test_entries_that_match_nothing_are_noted(tmp_path: Path) -> None:
    home = "E = ['a', 'b']\n"
    use = "class C:\n    x = 'a', 'c'\n"
    options = "home: home.E, values: [a, c], mentioned_in: [use.C, other], exclude: [other.py]"
    report = run(tmp_path, options, home=home, use=use, other="")
    assert notes(report) == [
        ("idle", "rules.yaml", 3, "mentioned_in: 'other' stands where the rule does not judge"),
        ("idle", "rules.yaml", 3, "values: 'c' is not spelt in the home"),
    ]
    report = run(tmp_path, "home: home.E, paths: [use.py]", home=home, use=use)
    assert notes(report) == [
        ("idle", "rules.yaml", 3, "home: 'home.E' stands where the rule does not judge")
    ]
    assert report.violations == ()


def test_what_a_note_says(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "home: home.E, mentioned_in: [home.Own, use.Around, use.Dynamic, star, star.Starred]",
        home="class E:\n    A = 'a'\n    B = 'b'\nclass Own:\n    x = 'a'\n",
        use="X = 'b'\nclass Around:\n    x = 'a', X\nclass Dynamic(f()):\n    x = 'a'\n",
        star="from home import *\nclass Starred:\n    x = 'a', E.B\n",
    )
    assert report.violations == ()

    def untold(what: str, why: str) -> str:
        return f"whether {what} mentions 'b' cannot be told: {why}"

    star = "a star import may bring it the home's constants"
    assert notes(report) == [
        (
            "undecidable",
            "home.py",
            4,
            untold("class Own", "it stands in the home's module, and may use the constants there"),
        ),
        ("undecidable", "star.py", 1, untold("module star", star)),
        ("undecidable", "star.py", 2, untold("class Starred", star)),
        (
            "undecidable",
            "use.py",
            2,
            untold("class Around", "its module mentions it outside of the class"),
        ),
        (
            "undecidable",
            "use.py",
            4,
            untold("class Dynamic", "it has a base that cannot be followed"),
        ),
    ]


def test_constants_of_others_are_no_mentions(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "home: home.E, mentioned_in: [use.C]",
        home="class E:\n    ONE = 'a'\n    TWO = 'b'\nclass Other:\n    ONE = TWO = 'c'\n",
        use="import home, os\nclass C:\n    x = home.Other.ONE, os.TWO, home.E.x.TWO\n",
    )
    assert [v.message for v in report.violations] == [
        "class C does not mention 'a'; it must mention each of 2 values whose home is home.E",
        "class C does not mention 'b'; it must mention each of 2 values whose home is home.E",
    ]


def test_values_with_blanks_are_passed_over_in_a_home(tmp_path: Path) -> None:
    report = run(tmp_path, "home: home.E", home="E = ['a b', 'c:d']\n")
    assert [(v.subject, v.message) for v in report.violations] == [
        ("E.c_d", "nothing mentions 'c:d'; use it, or take it out of home.E")
    ]


def test_words() -> None:
    assert configured("home: a.B").rules[0].words() is None
    assert configured("home: a.B, mentioned_in: [a.C]").rules[0].words() == Words()
