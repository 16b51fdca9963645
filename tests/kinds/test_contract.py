"""What contract says beside its violations: faults of rules and snapshots, broken homes, notes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.config import load
from ssot_lint.config.yamlnodes import parse
from ssot_lint.contracts import Requirement, read_snapshot, render
from ssot_lint.errors import ConfigError
from ssot_lint.model import Report
from ssot_lint.patterns import Words
from tests.kinds.running import check

HEAD = "ssot-lint: 1\nrules:\n  - {name: x, kind: contract, reason: R., home: app.Home"


def run(folder: Path, options: str, app: str, use: str = "") -> Report:
    return check(folder, f"{HEAD}, {options}}}\n", {"app.py": app, "use.py": use})


def faults(options: str, root: str = "/") -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load(f"{HEAD}{options}}}\n", "rules.yaml", root=root)
    return caught.value.lines


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ("", "3:5: x: one of 'members' and 'snapshot' is required"),
        (
            ", members: [a]",
            "3:59: x: expected a mapping of member names to what is required of them",
        ),
        (", members: {}", "3:59: x: an empty mapping says nothing; leave the key out"),
        (", members: {a.b: {}}", "3:69: x: 'a.b' is no name of a member"),
        (
            ", members: {a: []}",
            "3:69: x: expected a mapping with 'parameters' and/or 'async', or {}",
        ),
        (
            ", members: {a: {asink: true}}",
            "3:73: x: unknown key 'asink', expected 'parameters' or 'async'",
        ),
        (", members: {a: {async: 1}}", "3:73: x: expected true or false"),
        (
            ", members: {a: {parameters: b}}",
            "3:73: x: expected a list of parameters, such as [user, 'room=']",
        ),
        (
            ", members: {a: {parameters: [b, 'c d']}}",
            "3:89: x: expected a parameter: 'name', 'name=', '*name' or '**name', found 'c d'",
        ),
        (
            ", members: {a: {parameters: ['*b=']}}",
            "3:86: x: expected a parameter: 'name', 'name=', '*name' or '**name', found '*b='",
        ),
        (
            ", members: {a: {parameters: [1]}}",
            "3:86: x: expected a parameter: 'name', 'name=', '*name' or '**name', found 1",
        ),
        (", members: {a: {parameters: [b, 'b=']}}", "3:89: x: 'b' is listed already"),
        (
            ", snapshot: ../a.yml",
            "3:59: x: '../a.yml': expected a path below the root, with '/' between folders",
        ),
    ],
)
def test_options_that_cannot_be_understood(options: str, fault: str) -> None:
    assert faults(options) == (f"rules.yaml:{fault}",)


GOOD = "ssot-contract: 1\nhomes:\n  app.Home:\n    send: {}\n"


@pytest.mark.parametrize(
    ("snapshot", "fault"),
    [
        ("homes: {}\n", "1:1: this is no snapshot: the first line must be 'ssot-contract: 1'"),
        ("- a\n", "1:1: this is no snapshot: the first line must be 'ssot-contract: 1'"),
        ("ssot-contract: 2\n", "1:1: this is of format 2, and 1 is known here"),
        (
            "ssot-contract: 1\nhome: {}\nhomes: {app.Home: {send: {}}}\n",
            "2:1: unknown key 'home', expected 'homes'",
        ),
        (
            "ssot-contract: 1\nhomes: [app]\n",
            "1:1: expected 'homes': a mapping of dotted paths to their members",
        ),
        (
            "ssot-contract: 1\nhomes:\n  app.Other: {}\n",
            "2:1: there is no contract of 'app.Home': run 'ssot-lint contract snapshot app.Home'",
        ),
        (
            GOOD + "    close: {async: maybe}\n",
            "5:13: expected true or false",
        ),
        (GOOD + "    send: {}\n", "5:5: duplicate key 'send', first on line 4"),
    ],
)
def test_a_bad_snapshot_is_an_error_with_its_line(
    snapshot: str, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.yml").write_text(snapshot)
    assert faults(", snapshot: app.yml", str(tmp_path)) == (f"app.yml:{fault}",)


def test_a_snapshot_that_is_not_there_or_no_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert faults(", snapshot: gone.yml", str(tmp_path)) == (
        "rules.yaml:3:59: x: gone.yml: no such file",
    )
    (tmp_path / "bad.yml").write_bytes(b"ssot-contract: 1\n# \xff\n")
    assert faults(", snapshot: bad.yml", str(tmp_path)) == (
        "rules.yaml:3:59: x: bad.yml:2:3: byte 0xff is not UTF-8",
    )


def test_a_snapshot_that_is_no_yaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.yml").write_text(GOOD + "  a: [\n")
    (fault,) = faults(", snapshot: app.yml", str(tmp_path))
    assert fault.startswith("app.yml:6:1: not valid YAML: ")


def test_a_home_that_is_gone_or_is_no_class_and_no_module(tmp_path: Path) -> None:
    gone = run(tmp_path, "members: {send: {}}", "")
    assert [v.message for v in gone.violations] == [
        "rule 'x' cannot work: home 'app.Home' leads nowhere: missing name app.Home"
    ]
    value = run(tmp_path, "members: {send: {}}", "Home = make()\n")
    assert [v.message for v in value.violations] == [
        "rule 'x' cannot work: 'app.Home' is no class and no module"
    ]
    assert gone.unusable
    assert value.unusable


def test_a_home_that_cannot_be_read_is_not_missing(tmp_path: Path) -> None:
    report = run(tmp_path, "members: {send: {}}", "class (\n")
    assert [(v.code, v.path) for v in report.violations] == [("SOT001", "app.py")]


def test_a_home_outside_of_where_the_rule_judges_is_left_alone(tmp_path: Path) -> None:
    text = "class Home:\n    async def send(self): ...\n"
    use = "from app import Home\nHome.send(1)\n"
    report = run(
        tmp_path, "members: {gone: {}, send: {async: false}}, exclude: [app.py]", text, use
    )
    assert [(v.path, v.subject) for v in report.violations] == [("use.py", "Home.send")]


def test_what_the_notes_say(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "members: {send: {async: true}, close: {}, gone: {}, size: {parameters: []}}",
        "from vendor import Base, retry\n"
        "class Home(Base):\n"
        "    size = 3\n"
        "    @retry\n"
        "    async def send(self): ...\n"
        "    def close(self): ...\n",
        "from app import Home\nHome.send(1)\nasync def f(): await Home.close(1)\n",
    )
    assert report.violations == ()
    assert sorted((n.path, n.line, n.message) for n in report.notes) == [
        ("app.py", 2, "whether Home.gone exists cannot be told"),
        ("app.py", 2, "whether Home.size is as its callers use it cannot be told"),
        ("app.py", 5, "whether Home.send is as its callers use it cannot be told"),
        (
            "use.py",
            2,
            "whether the dropped result of Home.send is to be awaited cannot be told",
        ),
        ("use.py", 3, "whether the result of Home.close is to be awaited cannot be told"),
    ]


def test_words_are_the_names_of_the_members(tmp_path: Path) -> None:
    (tmp_path / "app.yml").write_text(GOOD)
    options = ", snapshot: app.yml, members: {close: {}}"
    rule = load(f"{HEAD}{options}}}\n", "rules.yaml", root=str(tmp_path)).rules[0]
    assert rule.words() == Words.of({"send"}, {"close"})


NAMES = st.sampled_from(["send", "close", "no", "on", "null", "y", "größe", "_x"])
REQUIREMENTS = st.builds(
    lambda parameters, is_async: (tuple(parameters), is_async),
    st.lists(NAMES, unique=True).flatmap(
        lambda names: st.tuples(*(st.sampled_from([n, f"{n}=", f"*{n}", f"**{n}"]) for n in names))
    )
    | st.none().map(lambda _: ()),
    st.none() | st.booleans(),
)


@given(st.dictionaries(NAMES, REQUIREMENTS, min_size=1))
def test_a_snapshot_is_read_back_as_it_was_written(
    members: dict[str, tuple[tuple[str, ...], bool | None]],
) -> None:
    required = tuple(
        Requirement(name, parameters or None, is_async)
        for name, (parameters, is_async) in members.items()
    )
    text = render({"app.Home": required, "app.Empty": ()})
    document = parse(text)
    assert document.faults == ()
    found: list[str] = []
    back = read_snapshot(document.value, "app.Home", lambda message, *way: found.append(message))
    assert found == []
    assert back == required
