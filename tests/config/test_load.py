"""``rules.yaml`` to `Config`: what each key becomes, and the one line that each fault gets."""

from __future__ import annotations

import datetime
import json
import os
import pickle
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.config import DEFAULT_TESTS, Config, load, read
from ssot_lint.errors import ConfigError, UsageError
from ssot_lint.globs import Globs
from ssot_lint.patterns import Pattern
from ssot_lint.rule import Examples
from tests.config.kinds import TWO_KINDS, Follow, NoModule

RULES = """\
rules:
  - name: no-factory
    kind: no-module
    reason: Because.
    modules: [a.b]
"""
MINIMAL = "ssot-lint: 1\n" + RULES


def understood(text: str, path: str = "/project/rules.yaml", **more: Any) -> Config:
    """The text as `Config`, in a world where every folder exists."""
    return load(text, path, TWO_KINDS, **{"is_folder": lambda _: True, "running": (3, 11), **more})


def faults_of(text: str, **more: Any) -> list[str]:
    """Every fault, without the path in front."""
    with pytest.raises(ConfigError) as caught:
        understood(text, **more)
    return [line.removeprefix("/project/rules.yaml:") for line in caught.value.lines]


def rule_with(lines: str, kind: str = "follow") -> str:
    """A file with one rule, whose own options begin on line 6."""
    return f"ssot-lint: 1\nrules:\n  - name: x\n    kind: {kind}\n    reason: Because.\n{lines}"


def outcome(text: str) -> Config | ConfigError:
    """What becomes of a text; anything else that is raised is a bug."""
    try:
        return understood(text)
    except ConfigError as error:
        return error


def fault_of_glob(glob: str) -> str:
    with pytest.raises(ValueError) as caught:
        Globs.parse([glob])
    return str(caught.value)


# What is understood


def test_the_smallest_file_and_its_defaults() -> None:
    assert understood(MINIMAL) == Config(
        path="/project/rules.yaml",
        root="/project",
        rules=(NoModule(name="no-factory", reason="Because.", modules=(Pattern("a.b"),)),),
        version=1,
        python=None,
        roots=None,
        include=Globs.parse([]),
        exclude=Globs.parse([]),
        tests=Globs.parse(["tests/", "test/", "test_*.py", "*_test.py", "conftest.py"]),
        baseline="ssot-baseline.yml",
        baseline_named=False,
    )


def test_every_key_of_the_top_level() -> None:
    config = understood(
        """\
# Comments and a document mark may stand first.
---
ssot-lint: 1
python: ">= 3.10"
root: ..
roots: [., ./src/, lib//a]
include: [bin/tool]
exclude: [archive/, "backup*/"]
tests: [spec/]
baseline: ./ci//baseline.yml
"""
        + RULES
    )
    assert config.python == (3, 10)
    assert config.root == "/"
    assert config.roots == (".", "src", "lib/a")
    assert config.include == Globs.parse(["bin/tool"])
    assert config.exclude == Globs.parse(["archive/", "backup*/"])
    assert config.tests == Globs.parse(["spec/"])
    assert (config.baseline, config.baseline_named) == ("ci/baseline.yml", True)


def test_a_named_baseline_is_named_even_if_it_is_the_default() -> None:
    assert understood(MINIMAL + "baseline: ssot-baseline.yml\n").baseline_named


def test_every_common_option_of_a_rule() -> None:
    (rule,) = understood(
        rule_with(
            """\
    severity: warning
    paths: [app/]
    exclude: ["*_pb2.py"]
    allow_in: ["app.adapters.**"]
    until: 2027-03-31
    owner: team-core
    docs: https://example.org/one-home
    suppressions: reason
    examples:
      bad: "raise SystemExit('never run')"
      good: [a = 1, b = 2]
    names: [Order]
"""
        )
    ).rules
    assert rule == Follow(
        name="x",
        reason="Because.",
        severity="warning",
        paths=Globs.parse(["app/"]),
        exclude=Globs.parse(["*_pb2.py"]),
        allow_in=(Pattern("app.adapters.**"),),
        until=datetime.date(2027, 3, 31),
        owner="team-core",
        docs="https://example.org/one-home",
        suppressions="reason",
        examples=Examples(bad=("raise SystemExit('never run')",), good=("a = 1", "b = 2")),
        names=(Pattern("Order"),),
    )


@pytest.mark.parametrize(
    ("line", "folded"), [("ignore_case: true", True), ("ignore_case: false", False)]
)
def test_ignore_case_reaches_every_pattern_of_its_rule_and_no_other(
    line: str, folded: bool
) -> None:
    loud, other = understood(
        rule_with(
            f"    {line}\n    modules: [a.B, 'c.*']\n    allow: [D]\n    allow_in: [E]\n",
            "no-module",
        )
        + "  - {name: other, kind: no-module, reason: Because., modules: [F]}\n"
    ).rules
    assert isinstance(loud, NoModule)
    assert isinstance(other, NoModule)
    patterns = (*loud.modules, *loud.allow, *loud.allow_in)
    assert patterns == tuple(Pattern(text, folded) for text in ("a.B", "c.*", "D", "E"))
    assert loud.modules[0].matches("A.b") is folded
    assert other.modules == (Pattern("F"),)


def test_a_rule_may_follow_one_below_it() -> None:
    follower, followed = understood(
        rule_with("    of: y\n")
        + "  - {name: y, kind: no-module, reason: Because., modules: [a.b]}\n"
    ).rules
    assert isinstance(follower, Follow)
    assert isinstance(followed, NoModule)
    assert follower.followed == followed.modules == (Pattern("a.b"),)


def test_anchors_save_writing() -> None:
    first, second = understood(
        rule_with("    modules: &homes [a.b, c.d]\n", "no-module")
        + "  - {name: y, kind: no-module, reason: Because., modules: *homes}\n"
    ).rules
    assert isinstance(first, NoModule)
    assert isinstance(second, NoModule)
    assert first.modules == second.modules == (Pattern("a.b"), Pattern("c.d"))


def test_every_rule_and_option_knows_its_place() -> None:
    config = understood(MINIMAL + "roots: [.]\n")
    assert config.place("no-factory") == (3, 5)
    assert config.place("no-factory", "modules") == (6, 5)
    assert config.place("no-factory", "allow") == (3, 5), "an option left out stands at its rule"
    assert config.place("", "roots") == (7, 1)
    assert config.place("", "exclude") == (1, 1)
    assert config.place("unknown", "option") == (1, 1)


def test_a_config_crosses_process_borders() -> None:
    config = understood(MINIMAL)
    copy = pickle.loads(pickle.dumps(config))  # noqa: S301
    assert copy == config
    assert copy.place("no-factory", "modules") == (6, 5)


# Where the root is


@pytest.mark.parametrize(
    ("path", "key", "given", "hint", "root"),
    [
        pytest.param("/p/rules.yaml", "", None, None, "/p", id="the file's folder"),
        pytest.param("/p/.ssot/rules.yaml", "", None, None, "/p", id="the parent of .ssot"),
        pytest.param("/p/ssot/rules.yaml", "", None, None, "/p/ssot", id="of .ssot only"),
        pytest.param("/p/ci/rules.yaml", "", None, "/p", "/p", id="the pyproject's folder"),
        pytest.param(
            "/p/ci/rules.yaml", "root: ..", None, None, "/p", id="the key, relative to the file"
        ),
        pytest.param(
            "/p/.ssot/rules.yaml", "root: .", None, None, "/p/.ssot", id="the key beats .ssot"
        ),
        pytest.param(
            "/p/ci/rules.yaml", "root: ../a", None, "/q", "/p/a", id="the key beats the pyproject"
        ),
        pytest.param(
            "/p/rules.yaml", "root: ..", "/r/../s", "/q", "/s", id="the argument beats all"
        ),
    ],
)
def test_the_root(path: str, key: str, given: str | None, hint: str | None, root: str) -> None:
    assert understood(f"{MINIMAL}{key}\n", path, root=given, root_hint=hint).root == root


def test_folders_that_do_not_exist(tmp_path: Path) -> None:
    path = str(tmp_path / "rules.yaml")
    (tmp_path / "src").mkdir()

    def fault(lines: str) -> str:
        with pytest.raises(ConfigError) as caught:
            load(MINIMAL + lines, path, TWO_KINDS)
        return str(caught.value)

    assert fault("root: nowhere\n") == f"{path}:7:1: there is no folder 'nowhere'"
    assert fault("roots: [src, scr]\n") == f"{path}:7:14: there is no folder 'scr' below the root"
    with pytest.raises(UsageError, match=r"^there is no folder 'no\\nwhere' to be the root$"):
        load(MINIMAL, path, TWO_KINDS, root="no\nwhere")


# What is refused


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        pytest.param(
            "exlude: [a/]", "7:1: unknown key 'exlude', did you mean 'exclude'?", id="a near key"
        ),
        pytest.param("zzz: 1", "7:1: unknown key 'zzz'", id="a key like no other"),
        pytest.param(
            "python: '<3.12'",
            '7:1: expected the oldest Python that can parse the code, such as ">=3.12"',
            id="a newest Python",
        ),
        pytest.param(
            "python: 3.12",
            '7:1: expected the oldest Python that can parse the code, such as ">=3.12"',
            id="a number, which would make 3.10 of 3.1",
        ),
        pytest.param(
            "python: '>=3.12'",
            "7:1: the code needs Python 3.12, which 3.11 cannot parse: run ssot-lint on a newer Python",
            id="a Python that is too old",
        ),
        pytest.param("root:", "7:1: expected a text, found nothing", id="a root that says nothing"),
        pytest.param(
            "roots: src",
            "7:1: expected a list of folders whose children are importable",
            id="one root",
        ),
        pytest.param(
            "roots: []",
            "7:1: expected a list of folders whose children are importable",
            id="no roots",
        ),
        pytest.param(
            "roots: [a, ../b]",
            "7:12: '../b': expected a path below the root, with '/' between folders",
            id="a root outside the root",
        ),
        pytest.param("roots: [a, b, ./a/]", "7:15: 'a' is listed already", id="a root twice"),
        pytest.param("roots: [[a]]", "7:9: expected a text, found a list", id="a list as a root"),
        pytest.param(
            "exclude:", "7:1: expected a list of file globs, found nothing", id="no globs"
        ),
        pytest.param(
            "exclude: []", "7:1: an empty list says nothing; leave the key out", id="empty list"
        ),
        pytest.param(
            "include: a/", "7:1: expected a list of file globs, found a text", id="one glob"
        ),
        pytest.param(
            "tests: [3]", "7:9: expected a file glob, found a number", id="a number as a glob"
        ),
        pytest.param(
            "exclude: [a, b//c]",
            f"7:14: {fault_of_glob('b//c')}",
            id="a glob that matches nothing",
        ),
        pytest.param(
            f"exclude: [{'a/*' * 400}]",
            "7:11: longer than 1000 characters",
            id="a glob nobody wrote by hand",
        ),
        pytest.param(
            "baseline: /tmp/b.yml",
            "7:1: '/tmp/b.yml': expected a path below the root, with '/' between folders",
            id="an absolute baseline",
        ),
        pytest.param(
            "baseline: a\\b",
            "7:1: 'a\\b': expected a path below the root, with '/' between folders",
            id="a baseline in Windows' writing",
        ),
        pytest.param("baseline: [b]", "7:1: expected a text, found a list", id="two baselines"),
    ],
)
def test_faults_of_the_top_level(line: str, fault: str) -> None:
    assert faults_of(MINIMAL + line) == [fault]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        pytest.param(
            "",
            [
                "1:1: the first line must be 'ssot-lint: 1', which marks a file as rules for ssot-lint"
            ],
            id="an empty file",
        ),
        pytest.param(
            "groups: [a]\nunknown: 1\n",
            [
                "1:1: the first line must be 'ssot-lint: 1', which marks a file as rules for ssot-lint"
            ],
            id="somebody else's file: one line, not one per key",
        ),
        pytest.param(
            RULES + "ssot-lint: 1\n",
            [
                "1:1: the first line must be 'ssot-lint: 1', which marks a file as rules for ssot-lint"
            ],
            id="the mark in another place",
        ),
        pytest.param("ssot-lint: 1\n", ["1:1: required key 'rules' is missing"], id="no rules"),
        pytest.param(
            "ssot-lint:1\n",
            ["1:1: expected keys and values, the first of them 'ssot-lint: 1'"],
            id="no blank",
        ),
        pytest.param(
            f"ssot-lint: one\n{RULES}",
            ["1:1: the format's version is 1"],
            id="a word for a version",
        ),
        pytest.param(f"ssot-lint: 0\n{RULES}", ["1:1: the format's version is 1"], id="version 0"),
        pytest.param(
            f"ssot-lint: true\n{RULES}", ["1:1: the format's version is 1"], id="true is no 1"
        ),
        pytest.param(
            "ssot-lint: 2\nkinds: []\nrules: {}\n",
            ["1:1: made for a newer ssot-lint: this one reads format 1, not 2"],
            id="a newer format, of which nothing else is judged",
        ),
        pytest.param(
            "ssot-lint: 1\nrules: {}\n",
            ["2:1: expected a list of at least one rule"],
            id="rules as mapping",
        ),
        pytest.param(
            "ssot-lint: 1\nrules: []\n",
            ["2:1: expected a list of at least one rule"],
            id="no rule in it",
        ),
        pytest.param(
            "ssot-lint: 1\nrules:\n  - x\n  -\n",
            [
                "3:5: expected a rule: a mapping with 'name', 'kind' and 'reason'",
                "4:4: expected a rule: a mapping with 'name', 'kind' and 'reason'",
            ],
            id="rules that are none",
        ),
    ],
)
def test_faults_of_the_file(text: str, faults: list[str]) -> None:
    assert faults_of(text) == faults


@pytest.mark.parametrize(
    "name", ["Old-Path", "old_path", "1-path", "a--b", "-a", "a-", "é", "a b", " a"]
)
def test_a_name_is_kebab_case(name: str) -> None:
    text = MINIMAL.replace("no-factory", f"'{name}'")
    assert faults_of(text) == [
        f"3:5: '{name}' is no rule name: write words of a-z and 0-9 joined by '-'"
    ]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("follow", "3:5: 'follow' is the name of a kind; call the rule something else"),
        ("unreadable-file", "3:5: 'unreadable-file' is built in; call the rule something else"),
        ("broken-rule", "3:5: 'broken-rule' is built in; call the rule something else"),
        (
            "unused-suppression",
            "3:5: 'unused-suppression' is built in; call the rule something else",
        ),
        ("''", "3:5: expected a text, found an empty one"),
        ("7", "3:5: expected a text, found a number"),
    ],
)
def test_a_name_is_no_other_name(name: str, fault: str) -> None:
    assert faults_of(MINIMAL.replace("no-factory", name)) == [fault]


def test_two_rules_of_one_name() -> None:
    text = MINIMAL + "  - {kind: no-module, reason: Because., modules: [a], name: no-factory}\n"
    assert faults_of(text) == ["7:55: the name 'no-factory' is taken by the rule on line 3"]


def test_one_rule_twice_by_an_alias() -> None:
    text = MINIMAL.replace("- name", "- &again\n    name") + "  - *again\n"
    assert faults_of(text) == ["4:5: the name 'no-factory' is taken by the rule on line 3"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        pytest.param(
            "hoem: a.b", "6:5: x: unknown key 'hoem', did you mean 'home'?", id="a near key"
        ),
        pytest.param(
            "knid: a", "6:5: x: unknown key 'knid', did you mean 'kind'?", id="near to 'kind'"
        ),
        pytest.param(
            "ignore-case: true",
            "6:5: x: unknown key 'ignore-case', did you mean 'ignore_case'?",
            id="a hyphen for an underscore",
        ),
        pytest.param(
            "modules: [a]",
            "6:5: x: unknown key 'modules': it belongs to no-module, not to follow",
            id="a key of another kind",
        ),
        pytest.param(
            "severity: fatal", "6:5: x: expected error or warning, found 'fatal'", id="severity"
        ),
        pytest.param(
            "severity: [error]",
            "6:5: x: expected error or warning, found a list",
            id="two severities",
        ),
        pytest.param(
            "suppressions: never",
            "6:5: x: expected allowed, reason or forbidden, found 'never'",
            id="suppressions",
        ),
        pytest.param(
            "ignore_case: 1", "6:5: x: expected true or false, found a number", id="one is not true"
        ),
        pytest.param("until: soon", "6:5: x: expected a date such as 2027-03-31", id="no date"),
        pytest.param(
            "until: 2027-03-31 10:00:00",
            "6:5: x: expected a date such as 2027-03-31",
            id="a time of day",
        ),
        pytest.param(
            "until: 2027-03-31",
            "6:5: x: 'until' changes nothing here: the violations are errors already",
            id="a date by which errors become errors",
        ),
        pytest.param("owner: 3", "6:5: x: expected a text, found a number", id="a number as owner"),
        pytest.param(
            "docs: ''", "6:5: x: expected a text, found an empty one", id="no documentation"
        ),
        pytest.param(
            "allow_in: []", "6:5: x: an empty list says nothing; leave the key out", id="empty list"
        ),
        pytest.param(
            "allow_in: [a, b..c]",
            "6:19: x: 'b..c' has an empty component; write names joined by dots",
            id="a bad pattern at its own place",
        ),
        pytest.param(
            f"allow_in: [a, {'b' * 1001}]",
            "6:19: x: longer than 1000 characters",
            id="a pattern without end",
        ),
        pytest.param(
            "allow_in: [3]",
            "6:16: x: expected a pattern on dotted names, found a number",
            id="number",
        ),
        pytest.param(
            "names: [a.b]",
            "6:13: x: 'a.b': a simple name is needed here, without dots",
            id="dots in a name",
        ),
        pytest.param("home: a-b", "6:5: x: 'a-b' is no dotted path", id="no dotted path"),
        pytest.param(
            "home: 3.1", "6:5: x: expected a dotted path, found a number", id="a number as a path"
        ),
        pytest.param(
            "removed: [a, b.*]",
            "6:18: x: 'b.*': a literal dotted path is needed here, without wildcards",
            id="a wildcard in a path",
        ),
        pytest.param(
            "moved: {a.b: a.b}", "6:13: x: 'a.b' is moved to itself", id="a move to itself"
        ),
        pytest.param(
            "moved: {a.b: c, d-e: f}", "6:21: x: 'd-e' is no dotted path", id="a bad left side"
        ),
        pytest.param(
            "moved: {}",
            "6:5: x: an empty mapping says nothing; leave the key out",
            id="an empty mapping",
        ),
        pytest.param(
            "moved: [a]",
            "6:5: x: expected a mapping of old dotted path to new dotted path, found a list",
            id="a list of moves",
        ),
        pytest.param(
            "examples: {bad: a, goof: b}",
            "6:24: x: unknown key 'goof', expected 'bad' or 'good'",
            id="an example neither good nor bad",
        ),
        pytest.param(
            "examples: [a]", "6:5: x: expected a mapping with 'bad' and/or 'good'", id="a list"
        ),
        pytest.param(
            "examples: {bad: [3]}",
            "6:16: x: expected Python source, or a list of it",
            id="a number as source",
        ),
        pytest.param(
            "of: missing", "6:5: x: there is no rule 'missing'", id="a link that leads nowhere"
        ),
        pytest.param(
            "of: x",
            "6:5: x: 'x' is a rule of kind follow, not no-module",
            id="a link to the wrong kind",
        ),
    ],
)
def test_faults_of_a_rule(line: str, fault: str) -> None:
    otherwise_right = (
        "" if line.startswith(("names", "of", "moved", "removed", "home")) else "    names: [N]\n"
    )
    assert faults_of(rule_with(f"    {line}\n{otherwise_right}")) == [fault]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        pytest.param(
            "",
            "3:5: x: one of 'of', 'home', 'names', 'moved' and 'removed' is required",
            id="of the rule",
        ),
        pytest.param(
            "    moved: {a.b: c}\n    home: d\n",
            "7:5: x: 'home' and 'moved' exclude each other",
            id="of one option",
        ),
    ],
)
def test_what_a_kind_says_about_its_options_stands_where_they_stand(lines: str, fault: str) -> None:
    assert faults_of(rule_with(lines)) == [fault]


@pytest.mark.parametrize(
    ("missing", "faults"),
    [
        ("name", ["3:5: required key 'name' is missing"]),
        ("kind", ["3:5: x: required key 'kind' is missing"]),
        ("reason", ["3:5: x: required key 'reason' is missing"]),
        ("modules", ["3:5: x: required key 'modules' is missing"]),
    ],
)
def test_required_keys(missing: str, faults: list[str]) -> None:
    options = {"name": "x", "kind": "no-module", "reason": "Because.", "modules": "[a]"}
    del options[missing]
    rule = ", ".join(f"{key}: {value}" for key, value in options.items())
    assert faults_of(f"ssot-lint: 1\nrules:\n  - {{{rule}}}\n") == faults


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        pytest.param(
            "folow", "4:5: x: unknown kind 'folow', did you mean 'follow'?", id="a near one"
        ),
        pytest.param(
            "zzz",
            "4:5: x: unknown kind 'zzz'; the kinds are follow, no-module",
            id="nothing like it",
        ),
        pytest.param(
            "' follow'", "4:5: x: unknown kind ' follow', did you mean 'follow'?", id="a blank"
        ),
        pytest.param("[follow]", "4:5: x: expected a text, found a list", id="a list"),
    ],
)
def test_of_an_unknown_kind_only_the_common_options_are_judged(kind: str, fault: str) -> None:
    text = rule_with("    anything: 1\n    severity: fatal\n", kind)
    assert faults_of(text) == [fault, "7:5: x: expected error or warning, found 'fatal'"]


def test_all_faults_at_once_in_the_order_of_the_file() -> None:
    text = """\
ssot-lint: 1
exlude: [a/]
rules:
  - name: follows
    kind: follow
    reason: 3
    of: unfinished
  - name: lost
    kind: follow
    reason: Because.
    of: nowhere
    ownr: me
  - name: unfinished
    kind: no-module
    reason: !mine Because.
    reason: Because.
  - name: Lost
    kind: follow
    reason: Because.
    of: nowhere either
baseline: ..
"""
    assert faults_of(text) == [
        "2:1: unknown key 'exlude', did you mean 'exclude'?",
        "6:5: follows: expected a text, found a number",
        "11:5: lost: there is no rule 'nowhere'",
        "12:5: lost: unknown key 'ownr', did you mean 'owner'?",
        "13:5: unfinished: required key 'modules' is missing",
        "15:13: tags are not allowed: '!mine'",
        "16:5: duplicate key 'reason', first on line 15",
        "17:5: 'Lost' is no rule name: write words of a-z and 0-9 joined by '-'",
        "20:5: there is no rule 'nowhere either'",
        "21:1: '..': expected a path below the root, with '/' between folders",
    ]


def test_a_link_to_a_rule_that_has_faults_of_its_own_is_not_at_fault() -> None:
    text = rule_with("    of: y\n") + "  - {name: y, kind: no-module, reason: Because.}\n"
    assert faults_of(text) == ["7:5: y: required key 'modules' is missing"]


def test_a_fault_is_one_line_of_printable_characters() -> None:
    text = MINIMAL + '"a\\nb\\e[31m": 1\n' + '"' + "k" * 1000 + '": 1\n'
    first, second = faults_of(text)
    assert first == "7:1: unknown key 'a\\nb\\x1b[31m'"
    assert second.startswith("8:1: unknown key 'kkk")
    assert " ... " in second
    assert len(second) < 520


def test_paths_are_shown_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here" / "ci").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")

    def shown(path: str) -> str:
        with pytest.raises(ConfigError) as caught:
            load("", path, TWO_KINDS)
        return str(caught.value).partition(":1:1:")[0]

    assert shown(str(tmp_path / "here" / "ci" / "rules.yaml")) == "ci/rules.yaml"
    assert shown("./ci/rules.yaml") == "ci/rules.yaml"
    assert shown(str(tmp_path / "rules.yaml")) == str(tmp_path / "rules.yaml")
    assert shown("../rules.yaml") == "../rules.yaml"


# Reading the file


def read_error(path: Path) -> str:
    with pytest.raises(UsageError) as caught:
        read(str(path), kinds=TWO_KINDS)
    return str(caught.value).replace(str(path), "FILE")


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    config = read(str(path), kinds=TWO_KINDS)
    assert config == load(MINIMAL, str(path), TWO_KINDS)
    assert config.root == str(tmp_path)
    assert read(str(path), str(tmp_path.parent), kinds=TWO_KINDS).root == str(tmp_path.parent)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param(
            MINIMAL.encode() + b"# caf\xe9",
            "FILE:7:6: byte 0xe9 is not UTF-8",
            id="Latin-1, in a comment",
        ),
        pytest.param(
            b"\xef\xbb\xbf# \xc3\xa9\r\n\xff",
            "FILE:2:1: byte 0xff is not UTF-8",
            id="behind a mark",
        ),
        pytest.param(
            MINIMAL.encode("utf-16"),
            "FILE:1:1: this is UTF-16; save it as UTF-8",
            id="UTF-16 with a mark",
        ),
        pytest.param(
            b"ssot-lint: 1\n\0",
            "FILE:2:1: character U+0000 is not allowed",
            id="binary behind the mark",
        ),
        pytest.param(b"# x\n" * 300000, "FILE: larger than 1 MiB", id="too large"),
        pytest.param(
            b"",
            "FILE:1:1: the first line must be 'ssot-lint: 1', which marks a file as rules for ssot-lint",
            id="empty",
        ),
    ],
)
def test_files_that_are_no_text(tmp_path: Path, content: bytes, error: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes(content)
    assert read_error(path) == error


def test_a_file_of_exactly_a_mebibyte_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes(MINIMAL.encode() + b"#" * ((1 << 20) - len(MINIMAL)))
    assert read(str(path), kinds=TWO_KINDS).rules


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert read_error(tmp_path / "nothing") == "FILE: no such file"
    assert read_error(tmp_path / "nothing\0") == "FILE: no such file"
    assert read_error(tmp_path) == "FILE: this is a folder"
    assert read_error(pipe) == "FILE: this is no regular file"
    assert read_error(Path("/dev/zero")) == "FILE: this is no regular file"
    assert read_error(loop) == "FILE: cannot be read: Too many levels of symbolic links"


def test_a_hundred_megabytes_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    with path.open("wb") as file:
        file.write(b"ssot-lint: 1\n")
        file.truncate(100 << 20)
    start = time.process_time()
    assert read_error(path) == "FILE: larger than 1 MiB"
    assert time.process_time() - start < 0.5


# Any text

pieces = st.sampled_from(
    [
        *MINIMAL.splitlines(),
        "  - name: other",
        "    kind: follow",
        "    of: no-factory",
        "    moved:",
        "      a.b: c.d",
        "    names: [",
        "'",
        "]",
        "*x",
        "&x ",
        "    reason: |",
        "\t",
        "    until: 2027-13-01",
        "roots: [.]",
        "? ",
        "- ",
    ]
)


@given(
    st.lists(pieces, max_size=14).map("\n".join)
    | st.text(max_size=60)
    | st.text("ssot-lint: 1rule[]{}&*!\n\"'\\", max_size=60)
)
def test_any_text_is_understood_or_refused(text: str) -> None:
    result = outcome("ssot-lint: 1\n" + text)
    if isinstance(result, Config):
        assert result.rules
    else:
        assert all(line.isprintable() for line in result.lines)
        assert list(result.lines) == list(dict.fromkeys(result.lines))


KEYS = [
    "name",
    "kind",
    "reason",
    "paths",
    "allow_in",
    "until",
    "severity",
    "modules",
    "of",
    "moved",
    "examples",
]
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=4)
    | st.sampled_from(["follow", "a.b", "*", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), values, max_size=9), max_size=3))
def test_any_rules_are_understood_or_refused(rules: list[dict[str, Any]]) -> None:
    """Wrong types in every place, which text seldom meets. JSON is YAML, but for these escapes."""
    text = "ssot-lint: 1\nrules: " + json.dumps(rules, ensure_ascii=True).replace("\\u", "u")
    result = outcome(text)
    if isinstance(result, Config):
        assert len(result.rules) == len(rules)
    else:
        assert result.problems


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("".join(f"key{n}: 1\n" for n in range(15_000)), id="unknown keys"),
        pytest.param(rule_with("".join(f"    k{n}: 1\n" for n in range(15_000))), id="in a rule"),
        pytest.param(
            rule_with("    modules: [" + "a-b, " * 50_000 + "]\n", "no-module"), id="bad patterns"
        ),
        pytest.param(
            rule_with("")
            + "".join(
                f"  - {{name: r{n}, kind: follow, reason: a, of: r{n}}}\n" for n in range(5000)
            ),
            id="bad links",
        ),
        pytest.param(
            rule_with("    moved:\n" + "".join(f"      a.b{n}: c.d{n}\n" for n in range(30_000))),
            id="moves",
        ),
    ],
)
def test_a_large_file_takes_no_long_time(text: str) -> None:
    start = time.process_time()
    outcome(text if text.startswith("ssot-lint") else MINIMAL + text)
    assert time.process_time() - start < 10


def test_the_default_test_files() -> None:
    """A few paths of each sort, so that nobody shortens the list unnoticed."""
    inside = [
        "tests/a.py",
        "app/tests/x/a.py",
        "test/a.py",
        "app/test_a.py",
        "app/a_test.py",
        "conftest.py",
    ]
    assert [path for path in inside if not DEFAULT_TESTS.match_file(path)] == []
    outside = ["app/testing/a.py", "app/contest.py", "app/latest.py", "app/attest_a.py"]
    assert [path for path in outside if DEFAULT_TESTS.match_file(path)] == []
