"""Strings written together: displays, dictionaries, literal types, classes of constants."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from ssot_lint.facts import Literals
from tests.facts.reading import facts, flags, text_at

Found = list[tuple[str, str, tuple[str, ...]]]


def literals(source: str) -> Found:
    """The form, the name and the strings of each."""
    return [(item.form, item.name, item.values) for item in facts(source).literals]


def test_a_display_with_everything() -> None:
    source = "class A:\n    é: Final = (\n        'a', 'b', c\n    )\n"
    (found,) = facts(source).literals
    assert found == Literals(2, 16, 4, 6, 1, 0, "tuple", "é", ("a", "b"))
    assert text_at(source, found) == "(\n        'a', 'b', c\n    )"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("['a', 'b']", [("list", "", ("a", "b"))], id="a bare list"),
        pytest.param("x = {'a', 'b'}", [("set", "x", ("a", "b"))], id="set"),
        pytest.param("x = 'a', 'b'", [("tuple", "x", ("a", "b"))], id="tuple"),
        pytest.param("x = ['b', 'a', 'b']", [("list", "x", ("b", "a", "b"))], id="as written"),
        pytest.param("x = ['a', 1, y, 'b', *z]", [("list", "x", ("a", "b"))], id="other elements"),
        pytest.param("x = ['a' 'b', 'c']", [("list", "x", ("ab", "c"))], id="pieces"),
        pytest.param("x = ['a', f'b']", [], id="an f-string is no literal"),
        pytest.param("x = ['a', b'b', 1, None]", [], id="other constants"),
        pytest.param("x = ['a']", [], id="one"),
        pytest.param("x = ['a', '']", [], id="empty"),
        pytest.param("x = ['a', 'b\\n', 'c\\r']", [], id="line ends"),
        pytest.param(f"x = ['a', '{'b' * 101}']", [], id="too long"),
        pytest.param(f"x = ['a', '{'b' * 100}']", [("list", "x", ("a", "b" * 100))], id="longest"),
        pytest.param("x = ['a b', 'c\\td']", [("list", "x", ("a b", "c\td"))], id="blanks"),
        pytest.param(
            "x = {'a': 'b', 'c': 'd', **y}",
            [("keys", "x", ("a", "c")), ("values", "x", ("b", "d"))],
            id="dictionary",
        ),
        pytest.param("x = {'a': 1, 'b': 'c'}", [("keys", "x", ("a", "b"))], id="keys"),
        pytest.param("x = {1: 'a', y: 'b'}", [("values", "x", ("a", "b"))], id="values"),
        pytest.param("x = {y: 'a' for y in z}", [], id="comprehension"),
        pytest.param("x = Literal['a', 'b']", [("literal", "x", ("a", "b"))], id="literal type"),
        pytest.param("x = t.Literal['a', 'b']", [("literal", "x", ("a", "b"))], id="dotted"),
        pytest.param("x = Literal['a']", [], id="a literal type of one"),
        pytest.param("x = y['a', 'b']", [("tuple", "", ("a", "b"))], id="a key"),
        pytest.param("def f(x: Literal['a', 'b']): pass", [("literal", "", ("a", "b"))], id="parameter"),
        pytest.param("x: t.Literal['a', 'b']", [("literal", "", ("a", "b"))], id="annotation"),
        pytest.param("x: List[Literal['a', 'b']]", [("literal", "", ("a", "b"))], id="inside one"),
        pytest.param("x: Callable[['A', 'B'], 'C']", [], id="quoted annotations"),
        pytest.param("x: Dict['A', 'B'] = ['a', 'b']", [("list", "x", ("a", "b"))], id="beside one"),
        pytest.param("x: TypeAlias = Literal['a', 'b']", [("literal", "x", ("a", "b"))], id="alias"),
        pytest.param(
            "x = ['a', 'b', ('c', 'd')]",
            [("list", "x", ("a", "b")), ("tuple", "", ("c", "d"))],
            id="nested",
        ),
        pytest.param("x in ('a', 'b')", [("tuple", "", ("a", "b"))], id="membership"),
        pytest.param("for x in 'a', 'b': pass", [("tuple", "", ("a", "b"))], id="iterated"),
        pytest.param("f(['a', 'b'], k={'c', 'd'})", [("list", "", ("a", "b")), ("set", "", ("c", "d"))], id="arguments"),
        pytest.param("def f(x=['a', 'b']): pass", [("list", "", ("a", "b"))], id="default"),
        pytest.param("def f(): return ['a', 'b']", [("list", "", ("a", "b"))], id="returned"),
        pytest.param("@p(['a', 'b'])\ndef f(): pass", [("list", "", ("a", "b"))], id="decorator"),
        pytest.param("sys.modules.update({'a': 'b', 'c': 'd'})", [], id="keys of sys.modules"),
        pytest.param("", [], id="nothing"),
    ],
)  # fmt: skip
def test_displays(source: str, expected: Found) -> None:
    assert literals(source + "\n") == expected


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("X = {}", "X"),
        ("X: set = {}", "X"),
        ("X = Y = {}", "X"),
        ("a, X = 1, {}", "X"),
        ("X = frozenset({})", "X"),
        ("X: Final = m.frozenset({})", "X"),
        ("X = frozenset({}, 1)", ""),
        ("X = f(g({}))", ""),
        ("X = f(k={})", ""),
        ("X += {}", "X"),
        ("if X := {}: pass", "X"),
        ("X = {} + y", ""),
        ("X.y = {}", ""),
        ("X, Y = {}", ""),
        ("for X in {}: pass", ""),
        ("def f():\n    X = {}", "X"),
    ],
)
@pytest.mark.parametrize("display", ["['a', 'b']", "{'a', 'b'}", "{'a': 1, 'b': 2}"])
def test_names(statement: str, name: str, display: str) -> None:
    (found,) = facts(statement.replace("{}", display) + "\n").literals
    assert (found.name, found.values) == (name, ("a", "b"))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("A = 'a'; B = 'b'", ("a", "b"), id="constants"),
        pytest.param("A: str = 'a'; B: Final = 'b'", ("a", "b"), id="annotated"),
        pytest.param("A = 'a'; C = 1; D = f(); B = 'b'", ("a", "b"), id="among others"),
        pytest.param("'doc'; A = 'a'", None, id="a docstring is none"),
        pytest.param("A = 'a'; B: str", None, id="declared only"),
        pytest.param("A = 'a'; B.c = 'c'; d[0] = 'd'", None, id="no names"),
        pytest.param("A = 'a'; B += 'b'", None, id="augmented"),
        pytest.param("A = 'a'; B = 'b\\n'", None, id="line ends"),
        pytest.param("A = 'a'; B = auto()", None, id="one"),
    ],
)
def test_classes_of_constants(body: str, expected: tuple[str, ...] | None) -> None:
    found = literals(f"class K(str, Enum): {body}\n")
    assert found == ([("class", "K", expected)] if expected else [])


def test_the_place_of_a_class_is_its_name() -> None:
    source = "if x:\n  @d\n  class  K :\n    A = 'a'\n    B = 'b'\n"
    (found,) = facts(source).literals
    assert (text_at(source, found), found.scope, flags(found)) == ("K", 0, {"CONDITIONAL"})


def test_scopes_and_contexts() -> None:
    source = "def f():\n  if x:\n    return [y for y in ('a', 'b')]\n"
    (found,) = facts(source).literals
    assert (found.scope, flags(found)) == (1, {"CONDITIONAL", "FUNCTION"})


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("x = Literal['a', 'b']", "Literal['a', 'b']"),
        ("x = y['a', 'b']", "'a', 'b'"),
        ("x = 'a', 'b'", "'a', 'b'"),
        ("x = ('a', 'b')", "('a', 'b')"),
        ("é = f({'a': 1, 'b': 2})", "{'a': 1, 'b': 2}"),
    ],
)
def test_places(source: str, place: str) -> None:
    (found,) = facts(source + "\n").literals
    assert text_at(source, found) == place


def test_in_an_f_string_older_parsers_know_only_its_own_place() -> None:
    source = "x = f\"{f(['a', 'b'])}\"\n"
    (found,) = facts(source).literals
    new = sys.version_info >= (3, 12)
    assert text_at(source, found) == ("['a', 'b']" if new else "f\"{f(['a', 'b'])}\"")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="PEP 695")
def test_type_statements() -> None:
    source: Any = "type K = Literal['a', 'b']\n"
    assert literals(source) == [("literal", "K", ("a", "b"))]
