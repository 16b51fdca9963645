"""YAML as plain data with positions: what is read, what is refused, and that both end in time."""

from __future__ import annotations

import datetime
import math
import re
import time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.config.yamlnodes import MAX_DEPTH, MAX_VALUES, Document, Node, parse, position

PYTHON = pytest.param(yaml.SafeLoader, id="without the C loader")
C = pytest.param(getattr(yaml, "CSafeLoader", yaml.SafeLoader), id="with the C loader")
both_loaders = pytest.mark.parametrize("loader", [PYTHON, C])


def faults_of(document: Document) -> list[str]:
    return [f"{line}:{column}: {message}" for line, column, message in document.faults]


@both_loaders
@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a: 1\nb: [x, 'y', \"z\"]", {"a": 1, "b": ["x", "y", "z"]}, id="collections"),
        pytest.param(
            "[1, -2, 0x1F, 0b11, 017, 1_000, 1:30]", [1, -2, 31, 3, 15, 1000, 90], id="integers"
        ),
        pytest.param(
            "[1.5, .5, 1e3, 1.0e+3, -.inf]", [1.5, 0.5, "1e3", 1000.0, -math.inf], id="floats"
        ),
        pytest.param("[yes, No, on, OFF, true, False]", [True, False] * 3, id="the many booleans"),
        pytest.param("[~, null, '', ]", [None, None, ""], id="nothing, and an empty text"),
        pytest.param("a:\nb:", {"a": None, "b": None}, id="keys without a value"),
        pytest.param("2027-03-31", datetime.date(2027, 3, 31), id="a date"),
        pytest.param("'2027-03-31'", "2027-03-31", id="a date in quotes is a text"),
        pytest.param("'yes'", "yes", id="a boolean in quotes is a text"),
        pytest.param("[!!str 1, !!int '2', !!null '']", ["1", 2, None], id="tags of plain values"),
        pytest.param("!!map {a: !!seq [1]}", {"a": [1]}, id="tags of plain collections"),
        pytest.param("a: &x [1]\nb: *x", {"a": [1], "b": [1]}, id="an alias"),
        pytest.param("a: &x k\n*x : 1", {"a": "k", "k": 1}, id="an alias as a key"),
        pytest.param("a: <<", {"a": "<<"}, id="the merge sign as a value"),
        pytest.param("a: =", {"a": "="}, id="an equals sign, which safe_load stumbles over"),
        pytest.param(
            "a: |\n  b\n  c\nd: >\n  e\n  f\n", {"a": "b\nc\n", "d": "e f\n"}, id="blocks"
        ),
        pytest.param("%YAML 1.1\n---\na: 1\n...\n", {"a": 1}, id="a directive and an end mark"),
        pytest.param("'\U0001f600 é'", "\U0001f600 é", id="any script"),
    ],
)
def test_reads(text: str, value: Any, loader: Any) -> None:
    document = parse(text, loader)
    assert document.value == value
    assert not document.faults


@both_loaders
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("", "1:1: the file is empty", id="nothing"),
        pytest.param("# only\n", "1:1: the file is empty", id="only a comment"),
        pytest.param(
            "a: 1\nb:\n  - !!python/object/apply:os.system [x]",
            "3:5: tags are not allowed: '!!python/object/apply:os.system'",
            id="a tag that would run code",
        ),
        pytest.param(
            "!!python/name:os.system {}",
            "1:1: tags are not allowed: '!!python/name:os.system'",
            id="on top",
        ),
        pytest.param("a: !mine x", "1:4: tags are not allowed: '!mine'", id="a tag of one's own"),
        pytest.param("a: ! x", "1:4: tags are not allowed: '!'", id="the tag without a name"),
        pytest.param("a: !!set {b}", "1:4: tags are not allowed: '!!set'", id="a set"),
        pytest.param("a: !!binary eA==", "1:4: tags are not allowed: '!!binary'", id="bytes"),
        pytest.param(
            "a: !!map [b]", "1:4: tags are not allowed: '!!map'", id="a list called a mapping"
        ),
        pytest.param(
            "a: !!str [b]", "1:4: tags are not allowed: '!!str'", id="a list called a text"
        ),
        pytest.param(
            "b: 1\na: 1\nb: 2", "3:1: duplicate key 'b', first on line 1", id="a key twice"
        ),
        pytest.param(
            "x: {a: 1, 'a': 2}", "1:11: duplicate key 'a', first on line 1", id="quoted once"
        ),
        pytest.param(
            "1: a",
            "1:1: a key must be a text, found a number; write it in quotes",
            id="a number as key",
        ),
        pytest.param(
            "on: a", "1:1: a key must be a text, found true or false; write it in quotes", id="on"
        ),
        pytest.param(
            "~: a", "1:1: a key must be a text, found nothing; write it in quotes", id="no key"
        ),
        pytest.param(
            "2027-03-31: a",
            "1:1: a key must be a text, found a date; write it in quotes",
            id="date key",
        ),
        pytest.param(
            "? [a]\n: b",
            "1:3: a key must be a text, found a list; write it in quotes",
            id="a list as key",
        ),
        pytest.param(
            "? {a: b}\n: b",
            "1:3: a key must be a text, found a mapping; write it in quotes",
            id="a mapping as key",
        ),
        pytest.param(
            "a: &x {b: 1}\nc:\n  <<: *x",
            "3:3: merge keys ('<<') are not supported; write the entries out",
            id="a merge key",
        ),
        pytest.param(
            "a: *x", "1:4: the alias 'x' names nothing above it", id="an alias without anchor"
        ),
        pytest.param("a: &x [*x]", "1:8: the alias 'x' contains itself", id="an alias to itself"),
        pytest.param("a: &x {b: [*x]}", "1:12: the alias 'x' contains itself", id="through a list"),
        pytest.param(
            "a: &x 1\nb: &x 2",
            "2:4: the anchor 'x' is defined already, on line 1",
            id="an anchor twice",
        ),
        pytest.param(
            "a: 1\n---\nb: 2", "2:1: only one document is allowed in a file", id="two documents"
        ),
        pytest.param(
            "a: 2027-02-30", "1:4: '2027-02-30' is no valid date", id="a day that is none"
        ),
        pytest.param("a: !!int x", "1:4: 'x' is no valid number", id="a text called a number"),
        pytest.param("a: !!int ''", "1:4: '' is no valid number", id="nothing called a number"),
        pytest.param("a: !!bool x", "1:4: 'x' is no valid bool", id="a text called a boolean"),
        pytest.param("a: !!timestamp x", "1:4: 'x' is no valid date", id="a text called a date"),
        pytest.param(
            "a: " + "9" * 101, "1:4: a number of 101 characters is too long", id="a long number"
        ),
        pytest.param("a: b\nc: \x00", "2:4: character U+0000 is not allowed", id="NUL"),
        pytest.param(
            "a: \x1b[31m", "1:4: character U+001B is not allowed", id="an escape sequence"
        ),
        pytest.param(
            "a: \ufeffb", "1:4: character U+FEFF is not allowed", id="a mark amid the text"
        ),
        pytest.param("a: \ud800", "1:4: character U+D800 is not allowed", id="half a character"),
        pytest.param(
            'a: "\\0"', "1:4: character U+0000 is not allowed in a text", id="NUL, escaped"
        ),
        pytest.param("[" * 60, "1:51: nested more than 50 levels deep", id="brackets"),
        pytest.param("- " * 60, "1:101: nested more than 50 levels deep", id="dashes"),
        pytest.param(
            "\ta: 1",
            "1:1: not valid YAML: found character {}that cannot start any token "
            "while scanning for the next token",
            id="a tab",
        ),
    ],
)
def test_refuses(text: str, fault: str, loader: Any) -> None:
    tab = "'\\t' " if loader is yaml.SafeLoader else ""
    assert faults_of(parse(text, loader)) == [fault.format(tab) if "token" in fault else fault]


@both_loaders
@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("a: b: c", "1:5: ", id="two colons"),
        pytest.param("a: 1\n b: 2", "2:3: ", id="an indent too many"),
        pytest.param("a:\n  - b\n  c: d", "3:3: ", id="a key in a list"),
        pytest.param("a: 'b", "1:", id="an open quote"),
        pytest.param("a: [b", "", id="an open bracket"),
        pytest.param("a: @b", "1:4: ", id="a reserved character"),
        pytest.param("%YAML 2.0\n---\na: 1", "1:1: ", id="a version to come"),
        pytest.param('a: "\\q"', "1:", id="an unknown escape"),
        pytest.param('a: "\\ud800"', "1:", id="half a character, escaped"),
    ],
)
def test_a_syntax_error_is_one_line_with_its_place(text: str, place: str, loader: Any) -> None:
    """The words are those of the parser, and differ between PyYAML's two."""
    (fault,) = faults_of(parse(text, loader))
    assert fault.startswith(place)
    assert "\n" not in fault


@both_loaders
def test_everything_wrong_is_said_at_once_up_to_a_syntax_error(loader: Any) -> None:
    text = "a: !x 1\na: 2\n3: 4\nb: c: d\n"
    first, second, third, fourth = faults_of(parse(text, loader))
    assert first == "1:4: tags are not allowed: '!x'"
    assert second == "2:1: duplicate key 'a', first on line 1"
    assert third == "3:1: a key must be a text, found a number; write it in quotes"
    assert fourth.startswith("4:5: not valid YAML: mapping values are not allowed ")


@both_loaders
def test_entries_stand_where_their_key_or_item_stands(loader: Any) -> None:
    text = "a: 1\nrules:\n  - name: x\n    moved: {a.b: c, d: e}\n  - &r\n    name: y\n  - *r\n"
    document = parse(text, loader)
    assert {
        way: document.place(*way)
        for way in [
            (),
            ("a",),
            ("rules",),
            ("rules", 0),
            ("rules", 0, "moved", "d"),
            ("rules", 1, "name"),
            ("rules", 2),
            ("rules", 2, "name"),
            ("rules", 0, "missing", "more"),
        ]
    } == {
        (): (1, 1),
        ("a",): (1, 1),
        ("rules",): (2, 1),
        ("rules", 0): (3, 5),
        ("rules", 0, "moved", "d"): (4, 21),
        ("rules", 1, "name"): (6, 5),
        ("rules", 2): (7, 5),
        ("rules", 2, "name"): (6, 5),
        ("rules", 0, "missing", "more"): (3, 5),
    }


@both_loaders
def test_columns_count_characters(loader: Any) -> None:
    assert parse("{é😀: 1, b: 2}", loader).place("b") == (1, 9)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=repr)
@both_loaders
def test_line_endings_of_every_system(end: str, loader: Any) -> None:
    text = end.join(["a: 1", "b: 2", "b: 3"])
    assert faults_of(parse(text, loader)) == ["3:1: duplicate key 'b', first on line 2"]
    assert position(text, len(text) - 1) == (3, 4)


def lists(levels: int, width: int = 1) -> str:
    """A chain of aliases: `levels` lists, each holding the one before it `width` times."""
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines)


@both_loaders
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param(
            lists(9, 9),
            "6:40: too many values or aliases: more than 100,000 in all",
            id="billion laughs",
        ),
        pytest.param(lists(60), "50:12: nested more than 50 levels deep", id="depth by aliases"),
        pytest.param(
            f"a: &a '{'x' * 64000}'\nb: [{'*a, ' * 200}]",
            "2:397: too many values or aliases: more than 100,000 in all",
            id="one long text many times",
        ),
    ],
)
def test_aliases_are_bounded(text: str, fault: str, loader: Any) -> None:
    assert faults_of(parse(text, loader)) == [fault]


def test_the_bounds_are_where_they_are_said_to_be() -> None:
    # The list and its key's text are values too.
    assert not parse(f"[{'1,' * (MAX_VALUES - 1)}]").faults
    assert parse(f"[{'1,' * MAX_VALUES}]").faults
    assert not parse("[" * MAX_DEPTH + "]" * MAX_DEPTH).faults
    assert parse("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)).faults


MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * MEGABYTE, id="flow lists"),
        pytest.param("{" * MEGABYTE, id="flow mappings"),
        pytest.param("- " * (MEGABYTE // 2), id="block lists"),
        pytest.param("? " * (MEGABYTE // 2), id="block keys"),
        pytest.param("a: " + "1:" * (MEGABYTE // 2) + "1", id="a number to the base of sixty"),
        pytest.param("a: " + "1" * MEGABYTE, id="a number"),
        pytest.param("a" * MEGABYTE + ": 1", id="a key"),
        pytest.param("a: b\n" * (MEGABYTE // 5), id="duplicate keys"),
        pytest.param("# " * (MEGABYTE // 2), id="a comment"),
        pytest.param("\n" * MEGABYTE, id="blank lines"),
        pytest.param("a: >\n" + "  b\n\n" * (MEGABYTE // 5), id="a folded text"),
        pytest.param("[" + '"a" ' * (MEGABYTE // 4), id="texts that could be keys"),
        pytest.param("&a " * (MEGABYTE // 3), id="anchors"),
        pytest.param(lists(5000, 20), id="aliases"),
    ],
)
def test_no_megabyte_takes_long(text: str) -> None:
    start = time.process_time()
    parse(text)
    assert time.process_time() - start < 5


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.dates(min_value=datetime.date(1000, 1, 1)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(plain, st.booleans())
def test_reads_what_safe_load_reads(value: Any, flow: bool) -> None:
    """PyYAML writes a value that stands twice as an anchor and an alias, so these are met too."""
    text = yaml.safe_dump([value, value], default_flow_style=flow)
    both = [
        parse(text, loader)
        for loader in (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    ]
    for document in both:
        if any("not allowed" in message or "<<" in message for _, _, message in document.faults):
            continue  # NUL, half characters, and the merge sign as a key
        assert not document.faults
        assert document.value == yaml.safe_load(text)


@given(st.text("ab:-[]{}&*!|>'\"#, \n\t?%<1", max_size=60) | st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for loader in (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        document = parse(text, loader)
        assert document.root is not None or document.faults
        assert all(line >= 1 and column >= 1 for line, column, _ in document.faults)


LINES = """\
ssot-lint: 1
rules:
  - name: a-b
    moved: {a.b: c.d, é: "😀", f: *r}
    removed: [a, 'b', "c\\td"]
    reason: |
      text
    reason: >-
    until: 2027-01-01
  - &r
  - *r
  ? a
  : b
    - x
    y: 'it''s'
    z: a: b
    q: [1, 2
    ]
\tx: 1
# comment

---""".splitlines()


@pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="PyYAML was built without libyaml")
@given(
    st.lists(st.sampled_from(LINES), max_size=9)
    .map("\n".join)
    # Within brackets a line that begins with "? " goes on with the text before, says PyYAML;
    # libyaml refuses it.
    .filter(lambda text: not re.search(r"\[1, 2[^]]*\? a", text))
)
def test_both_loaders_read_the_same(text: str) -> None:
    """But for the words of a syntax error, and for which of two is met first."""
    one, other = parse(text, yaml.SafeLoader), parse(text, yaml.CSafeLoader)
    assert repr(one.value) == repr(other.value)
    assert entries(one.root) == entries(other.root)
    ours, theirs = (
        [fault for fault in faults_of(document) if "not valid YAML" not in fault]
        for document in (one, other)
    )
    assert ours == theirs
    assert len(one.faults) == len(other.faults)


def entries(node: Node | None) -> list[Any]:
    """Where the entries of a node stand, and theirs."""
    return [
        (key, line, column, entries(inner))
        for key, (line, column, inner) in (node.entries.items() if node else ())
    ]
