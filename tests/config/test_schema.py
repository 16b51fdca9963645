"""The JSON Schema of ``rules.yaml`` against the loader, whose word counts."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import ssot_lint
from ssot_lint.config import load
from ssot_lint.config.schema import render, schema
from ssot_lint.config.settings import TOP
from ssot_lint.errors import ConfigError
from ssot_lint.options import declared
from ssot_lint.rule import Rule
from ssot_lint.rules import KINDS
from tests.config.kinds import TWO_KINDS

VALIDATOR = Draft202012Validator(schema(TWO_KINDS))
SHIPPED = Path(ssot_lint.__file__).with_name("rules.schema.json")

RULE = {"name": "x", "kind": "no-module", "reason": "Because.", "modules": ["a.b"]}
FILE = {"ssot-lint": 1, "rules": [RULE]}


def loads(document: Any, kinds: tuple[type[Rule], ...] = TWO_KINDS) -> bool:
    text = yaml.safe_dump(document, sort_keys=False)
    try:
        load(text, "/p/rules.yaml", kinds, is_folder=lambda _: True)
    except ConfigError:
        return False
    return True


def validates(document: Any) -> bool:
    # JSON has no dates; an editor sees the text.
    return VALIDATOR.is_valid(json.loads(json.dumps(document, default=str)))


def without(document: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != key}


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema(TWO_KINDS))
    Draft202012Validator.check_schema(schema())


def test_every_key_and_option_is_described() -> None:
    generated = schema()
    assert list(generated["properties"]) == list(TOP)
    rule = generated["$defs"]["rule"]["properties"]
    for name in declared(Rule):
        assert rule[name]["description"]
    for kind in KINDS:
        own = generated["$defs"][kind.kind]["properties"]
        assert set(own) == {"kind", *declared(kind)}
        assert all(own[name] is True or own[name]["description"] for name in own if name != "kind")


def test_what_an_editor_shows_for_an_option() -> None:
    own = schema(TWO_KINDS)["$defs"]["no-module"]
    assert own == {
        "description": "A module that must not exist.",
        "type": "object",
        "properties": {
            **dict.fromkeys(["kind", *declared(Rule)], True),
            "modules": {
                "description": "Modules that must not exist.",
                **declared(TWO_KINDS[0])["modules"].option.schema,
            },
            "allow": {
                "description": "Modules that may.",
                **declared(TWO_KINDS[0])["allow"].option.schema,
            },
        },
        "required": ["name", "reason", "modules"],
        "additionalProperties": False,
    }
    severity = schema(TWO_KINDS)["$defs"]["rule"]["properties"]["severity"]
    assert severity["default"] == "error"
    assert severity["enum"] == ["error", "warning"]


patterns = st.lists(st.sampled_from(["a", "a.b", "*", "**.x*", "é.B_1"]), min_size=1, max_size=2)
paths = st.sampled_from(["a", "a.b", "é.B_1", "_x.y"])
globs = st.lists(st.sampled_from(["a/", "*.py", "/b/**", "x y"]), min_size=1, max_size=2)
texts = st.sampled_from(["Because.", "two\nlines", " é ", "1"])
common: dict[str, st.SearchStrategy[Any]] = {
    "reason": texts,
    "severity": st.just("warning"),
    "paths": globs,
    "exclude": globs,
    "allow_in": patterns,
    "until": st.dates() | st.dates().map(str),
    "owner": texts,
    "docs": texts,
    "suppressions": st.sampled_from(["allowed", "reason", "forbidden"]),
    "ignore_case": st.booleans(),
    "examples": st.fixed_dictionaries(
        {"bad": texts}, optional={"good": st.lists(texts, min_size=1)}
    ),
}


def rules_of(kind: str, required: dict[str, Any], **optional: Any) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {"kind": st.just(kind), "reason": texts, "severity": st.just("warning"), **required},
        optional={
            **{name: common[name] for name in common if name not in ("reason", "severity")},
            **optional,
        },
    )


some_rules = st.lists(
    rules_of("no-module", {"modules": patterns}, allow=patterns)
    | rules_of(
        "follow",
        {"names": st.just(["N", "*M"])},
        moved=st.dictionaries(paths.map("old.".__add__), paths, min_size=1),
        removed=st.lists(paths, min_size=1),
    ),
    min_size=1,
    max_size=3,
).map(lambda rules: [{"name": f"rule-{index}", **rule} for index, rule in enumerate(rules)])
documents = st.fixed_dictionaries(
    {"rules": some_rules},
    optional={
        "python": st.just(">=3.10"),
        "root": st.sampled_from([".", "..", "a b"]),
        "roots": st.sampled_from([["."], ["src", "lib/a"]]),
        "include": globs,
        "exclude": globs,
        "tests": globs,
        "baseline": st.sampled_from(["b.yml", "ci/b.yml"]),
    },
).map(lambda document: {"ssot-lint": 1, **document})


@given(documents)
def test_both_accept_right_files(document: dict[str, Any]) -> None:
    assert loads(document)
    assert validates(document), list(VALIDATOR.iter_errors(document))


junk: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(1.5)
    | st.sampled_from(["", " ", "a", "a.b", "A-B", "follow"])
    | st.just(datetime.date(2027, 3, 31))
    | st.lists(st.sampled_from(["a", 1, None, "a b", []]), max_size=2)
    | st.dictionaries(
        st.sampled_from(["a", "bad", "*"]), st.sampled_from(["b", 1, ["c"]]), max_size=2
    )
)


@given(documents, st.data())
def test_what_the_loader_accepts_validates(document: dict[str, Any], data: st.DataObject) -> None:
    """Right files with one value replaced by junk, or one key too many or too few."""
    holder = data.draw(st.sampled_from([document, document["rules"][0]]))
    keys = [key for key in holder if key != "ssot-lint"]
    key = data.draw(
        st.sampled_from([*keys, "extra", "until", "home", "moved", "roots", "python", "docs"])
    )
    if data.draw(st.booleans()):
        holder.pop(key, None)
    else:
        holder[key] = data.draw(junk)
    if loads(document):
        assert validates(document), list(VALIDATOR.iter_errors(document))


@pytest.mark.parametrize(
    "document",
    [
        pytest.param([], id="a list"),
        pytest.param(without(FILE, "rules"), id="no rules"),
        pytest.param({**FILE, "rules": []}, id="an empty list of rules"),
        pytest.param({**FILE, "rules": {}}, id="rules as a mapping"),
        pytest.param({**FILE, "rules": ["x"]}, id="a text as a rule"),
        pytest.param({**FILE, "ssot-lint": 2}, id="another version"),
        pytest.param({**FILE, "ssot-lint": "1"}, id="the version as a text"),
        pytest.param({**FILE, "ssot-lint": True}, id="true for 1"),
        pytest.param(without(FILE, "ssot-lint"), id="no version"),
        pytest.param({**FILE, "extra": 1}, id="an unknown key"),
        pytest.param({**FILE, "python": "<3"}, id="a bound from above"),
        pytest.param({**FILE, "python": 3.12}, id="a number for a version"),
        pytest.param({**FILE, "root": 1}, id="a number for a root"),
        pytest.param({**FILE, "root": " "}, id="blanks for a root"),
        pytest.param({**FILE, "roots": "src"}, id="a text for roots"),
        pytest.param({**FILE, "roots": []}, id="no roots"),
        pytest.param({**FILE, "include": "a"}, id="a text for globs"),
        pytest.param({**FILE, "exclude": []}, id="no globs"),
        pytest.param({**FILE, "tests": [1]}, id="a number for a glob"),
        pytest.param({**FILE, "baseline": None}, id="nothing for a baseline"),
        *(
            pytest.param({**FILE, "rules": [rule]}, id=f"a rule: {reason}")
            for reason, rule in {
                "no name": without(RULE, "name"),
                "no kind": without(RULE, "kind"),
                "no reason": without(RULE, "reason"),
                "a required option left out": without(RULE, "modules"),
                "a name in capitals": {**RULE, "name": "No"},
                "a name with a line's end": {**RULE, "name": "a b"},
                "an unknown kind": {**RULE, "kind": "other"},
                "an unknown key": {**RULE, "extra": 1},
                "another kind's key": {**RULE, "moved": {"a": "b"}},
                "a text for a list": {**RULE, "modules": "a"},
                "an empty list": {**RULE, "allow": []},
                "a blank in a pattern": {**RULE, "modules": ["a b"]},
                "two dots in a pattern": {**RULE, "modules": ["a..b"]},
                "a number for a text": {**RULE, "reason": 1},
                "blanks for a text": {**RULE, "reason": " "},
                "a text for a flag": {**RULE, "ignore_case": "yes"},
                "an unknown choice": {**RULE, "severity": "fatal"},
                "an unknown example": {**RULE, "examples": {"ugly": "a"}},
                "no example": {**RULE, "examples": {}},
                "a wildcard in a path": {
                    "name": "x",
                    "kind": "follow",
                    "reason": "a",
                    "home": "a.*",
                },
                "a dot in a name": {"name": "x", "kind": "follow", "reason": "a", "names": ["a.b"]},
                "no move": {"name": "x", "kind": "follow", "reason": "a", "moved": {}},
                "a list of moves": {"name": "x", "kind": "follow", "reason": "a", "moved": ["a"]},
            }.items()
        ),
    ],
)
def test_both_refuse_what_has_a_wrong_structure(document: Any) -> None:
    assert not validates(document)
    assert not loads(document)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"rules": [RULE], "ssot-lint": 1}, id="the mark in another place"),
        pytest.param({**FILE, "rules": [RULE, RULE]}, id="two rules of one name"),
        pytest.param({**FILE, "rules": [{**RULE, "name": "follow"}]}, id="the name of a kind"),
        pytest.param({**FILE, "rules": [{**RULE, "modules": ["a-b"]}]}, id="an impossible name"),
        pytest.param({**FILE, "exclude": ["a//b"]}, id="a glob that matches nothing"),
        pytest.param({**FILE, "baseline": "../b"}, id="a path outside the root"),
        pytest.param({**FILE, "roots": ["a", "a/"]}, id="a root twice"),
        pytest.param({**FILE, "rules": [{**RULE, "until": "2027-02-30"}]}, id="a day that is none"),
        pytest.param(
            {
                **FILE,
                "rules": [
                    {"name": "x", "kind": "follow", "reason": "a", "home": "a", "moved": {"b": "c"}}
                ],
            },
            id="options that exclude each other",
        ),
        pytest.param(
            {**FILE, "rules": [{"name": "x", "kind": "follow", "reason": "a", "of": "y"}]},
            id="a link that leads nowhere",
        ),
    ],
)
def test_what_only_the_loader_refuses(document: Any) -> None:
    assert validates(document)
    assert not loads(document)


def test_the_users_rules_and_the_examples_validate() -> None:
    """With the real kinds, on the rules file that the repository comes with."""
    text = Path(__file__).parents[2].joinpath("rules.yaml").read_text(encoding="utf-8")
    document = json.loads(json.dumps(yaml.safe_load(text), default=str))
    assert not list(Draft202012Validator(schema()).iter_errors(document))
    assert load(text, "/p/rules.yaml", is_folder=lambda _: True).rules


def test_the_shipped_schema_is_the_generated_one() -> None:
    """``ssot-lint rules schema`` prints it; write it to the file when this fails."""
    assert SHIPPED.read_text(encoding="utf-8") == render()
