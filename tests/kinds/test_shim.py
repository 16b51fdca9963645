"""What shim says beside its violations: dates, broken and idle entries, examples."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ssot_lint.config import load, read
from ssot_lint.engine import Request, lint
from ssot_lint.engine.examples import run_examples
from ssot_lint.errors import ConfigError
from ssot_lint.model import Report
from ssot_lint.patterns import Words
from tests.engine.running import ssot_lint

HEAD = "ssot-lint: 1\nrules:\n  - {name: x, kind: shim, reason: R."
WARNS = "import warnings\nwarnings.warn('moved', DeprecationWarning)\nfrom app.new import *\n"
DATED = "modules: [app.old], home: app.new, remove_after: 2027-03-31"


def run(
    folder: Path,
    options: str,
    files: dict[str, str],
    *,
    today: str = "2027-01-01",
    prefilter: bool = True,
) -> Report:
    lay_out(folder, options, files)
    date = datetime.date.fromisoformat(today)
    request = Request(use_baseline=False, today=date, prefilter=prefilter)
    return lint(read(str(folder / "rules.yaml")), request)


def lay_out(folder: Path, options: str, files: dict[str, str]) -> None:
    for path, text in {**files, "rules.yaml": f"{HEAD}, {options}}}\n"}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "faults"),
    [
        (
            "",
            [
                "3:5: x: required key 'modules' is missing",
                "3:5: x: required key 'home' is missing",
            ],
        ),
        (
            ", modules: [a], home: b, remove_after: soon",
            ["3:62: x: expected a date such as 2027-03-31"],
        ),
        (
            ", modules: [a], home: b, remove_after: 2027-03-31, adapters: often",
            ["3:88: x: expected true or false, found a text"],
        ),
    ],
)
def test_options_that_cannot_be_read(options: str, faults: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        load(f"{HEAD}{options}}}\n", "rules.yaml", root="/")
    assert sorted(caught.value.lines) == sorted(f"rules.yaml:{fault}" for fault in faults)


def test_no_words_are_needed() -> None:
    rule = load(f"{HEAD}, {DATED}}}\n", "rules.yaml", root="/").rules[0]
    assert rule.words() == Words()


@pytest.mark.parametrize(
    ("today", "messages"),
    [
        ("2027-03-30", []),
        ("2027-03-31", []),
        ("2027-04-01", ["a shim that was to be removed after 2027-03-31: remove it"]),
    ],
)
def test_a_shim_may_exist_until_the_day_is_over(
    today: str, messages: list[str], tmp_path: Path
) -> None:
    report = run(tmp_path, DATED, {"app/new.py": "", "app/old.py": WARNS}, today=today)
    assert [v.message for v in report.violations] == messages
    assert [v.subject for v in report.violations] == ["remove-after"] * len(messages)


def test_every_shim_outlives_its_date_also_one_that_holds_nothing(tmp_path: Path) -> None:
    options = DATED.replace("app.old", "app.old, app.none")
    files = {"app/new.py": "", "app/old/__init__.py": "", "app/old/a.py": WARNS}
    report = run(tmp_path, options, files, today="2028-01-01")
    assert [(v.path, v.subject) for v in report.violations] == [
        ("app/old/__init__.py", "remove-after"),
        ("app/old/a.py", "remove-after"),
    ]


FIRST = "# ssot-shim: app.new remove-after: 2027-03-31\n"
NO_END = (
    "a shim without an end: give the rule 'remove_after', or the module a first line "
    "'# ssot-shim: app.new remove-after: 2027-03-31'"
)
PAST = "a shim that was to be removed after 2027-03-31: remove it"


@pytest.mark.parametrize(
    ("first", "option", "today", "messages"),
    [
        (FIRST, "", "2027-03-31", []),
        (FIRST, "", "2027-04-01", [PAST]),
        (FIRST, "2027-12-31", "2027-04-01", []),  # the rule's date counts for all its modules
        (FIRST.replace("2027", "2028"), "2027-03-31", "2027-04-01", [PAST]),
        ("", "", "2027-01-01", [NO_END]),
        (f"\n{FIRST}", "", "2027-01-01", [NO_END]),
        (FIRST.replace("03-31", "02-31"), "", "2027-01-01", [NO_END]),
    ],
)
def test_without_a_date_in_the_rule_each_shim_says_its_own(
    first: str, option: str, today: str, messages: list[str], tmp_path: Path
) -> None:
    options = DATED.partition(", remove_after")[0] + (option and f", remove_after: {option}")
    files = {"app/new.py": "", "app/old.py": first + WARNS}
    report = run(tmp_path, options, files, today=today)
    assert [(v.subject, v.message) for v in report.violations] == [
        ("remove-after", message) for message in messages
    ]


def test_every_channel_knows_the_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path, DATED, {"app/new.py": "", "app/old.py": WARNS})
    monkeypatch.chdir(tmp_path)
    assert ssot_lint("check", "--today", "2027-03-31").code == 0
    assert ssot_lint("check", "--today", "2027-04-01").code == 1
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1806537600")  # 2027-04-01
    assert ssot_lint("check").code == 1
    assert ssot_lint("baseline", "create").code == 0
    assert "  x remove-after: 1\n" in (tmp_path / "ssot-baseline.yml").read_text()
    assert ssot_lint("check").code == 0
    assert ssot_lint("baseline", "shrink").code == 0
    assert "  x remove-after: 1\n" in (tmp_path / "ssot-baseline.yml").read_text()


def test_a_cache_does_not_keep_the_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path, DATED, {"app/new.py": "", "app/old.py": WARNS})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SSOT_CACHE_DIR", str(tmp_path / "cache"))
    for _ in range(2):
        assert ssot_lint("check", "--today", "2027-03-31").code == 0
        assert ssot_lint("check", "--today", "2027-04-01").code == 1


def test_a_home_that_is_gone_makes_the_rule_unable_to_work(tmp_path: Path) -> None:
    report = run(tmp_path, DATED, {"app/old.py": ""})
    assert [v.message for v in report.violations] == [
        "rule 'x' cannot work: home 'app.new' leads nowhere: missing module app.new"
    ]


def test_entries_that_match_nothing(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "modules: [app.old, 'app.*_shim', app.gone], allow: [app.old.kept, app.other],"
        " home: app.new, remove_after: 2027-03-31",
        {"app/new.py": "", "app/old/__init__.py": "", "app/old/kept.py": "import json\n"},
    )
    assert report.violations == ()
    assert [(n.topic, n.message) for n in report.notes] == [
        ("idle", "allow: 'app.other' excepts nothing: no module of that name is caught"),
        ("idle", "modules: 'app.*_shim' matches no module"),
        ("idle", "modules: 'app.gone' matches no module"),
    ]


def test_a_broken_shim_is_not_taken_for_a_mended_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path, DATED, {"app/new.py": "", "app/old.py": "import json\n"})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert ssot_lint("baseline", "create").code == 0
    (tmp_path / "app" / "old.py").write_text("import json(\n")
    ran = ssot_lint("check")
    assert ran.code == 1
    assert "app/old.py:1:12: SOT001 not checked" in ran.out
    assert "fixed" not in ran.out.splitlines()[-1]


def test_the_prefilter_changes_nothing(tmp_path: Path) -> None:
    files = {"app/new.py": "", "app/old.py": "X = 1\n", "app/else.py": "X = 1\n"}
    fast = run(tmp_path, DATED, files)
    slow = run(tmp_path, DATED, files, prefilter=False)
    assert fast.violations == slow.violations
    assert [v.path for v in fast.violations] == ["app/old.py"]


def test_an_example_is_judged_as_the_first_of_the_modules(tmp_path: Path) -> None:
    rules = """\
ssot-lint: 1
rules:
  - name: x
    kind: shim
    reason: R.
    modules: ["app.**.*_old", app.b]
    home: app.new
    remove_after: 2027-03-31
    examples:
      bad: |
        def compute(): ...
      good: |
        import warnings
        from app.new import compute
        warnings.warn("moved", DeprecationWarning)
"""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "new.py").write_text("def compute(): ...\n")
    (tmp_path / "rules.yaml").write_text(rules)
    config = read(str(tmp_path / "rules.yaml"))
    assert [outcome.problem for outcome in run_examples(config, Request())] == ["", ""]
