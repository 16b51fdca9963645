"""Single words among the string literals."""

from __future__ import annotations

import sys

import pytest

from ssot_lint.facts import Word
from tests.facts.reading import facts, flags, text_at


def words(source: str) -> list[str]:
    return [word.value for word in facts(source).words]


def test_a_word_with_its_place() -> None:
    source = "if é:\n    x = ['ü', r'word']\n"
    _, found = facts(source).words
    assert found == Word(2, 15, 2, 22, 0, 1, "word")
    assert text_at(source, found) == "r'word'"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("x = 'a'", ["a"], id="assigned"),
        pytest.param("x = 'a' 'b'", ["ab"], id="pieces"),
        pytest.param("x = ''", [], id="empty"),
        pytest.param("x = 'a b', 'a\\n', '\\ta', 'a\\u2003b'", [], id="blanks"),
        pytest.param(f"x = '{'a' * 100}', '{'a' * 101}'", ["a" * 100], id="length"),
        pytest.param("x = b'a', 1, None", [], id="other constants"),
        pytest.param("x = ':', '%s', 'a.b-c/d'", [":", "%s", "a.b-c/d"], id="any characters"),
        pytest.param("'a'", [], id="a bare string"),
        pytest.param("'a'\n'b'", [], id="two bare strings"),
        pytest.param("def f():\n 'a'\nclass A:\n 'b'", [], id="docstrings"),
        pytest.param("'a',", ["a"], id="a bare tuple"),
        pytest.param("f('a', k='b')", ["a", "b"], id="arguments"),
        pytest.param("f('a.b', k='c.d')", ["a.b", "c.d"], id="dotted arguments"),
        pytest.param("f('a')('b').c('d')", ["a", "b", "d"], id="arguments in a row"),
        pytest.param("f(*['a'], **{'b': 'c'})", ["a", "b", "c"], id="starred arguments"),
        pytest.param("x['a'] = x.get('b')", ["a", "b"], id="keys"),
        pytest.param("x = {'a': 'b'}", ["a", "b"], id="dictionary"),
        pytest.param("x == 'a' or 'b' in x", ["a", "b"], id="compared"),
        pytest.param("def f(x='a', *, y='b'): return 'c'", ["a", "b", "c"], id="function"),
        pytest.param("lambda: 'a'", ["a"], id="lambda"),
        pytest.param("['a' for x in y if x != 'b']", ["a", "b"], id="comprehension"),
        pytest.param("@f('a')\nclass A(m='b'): x = 'c'", ["a", "b", "c"], id="class"),
        pytest.param("match x:\n case 'a' | {'b': 1}: pass", ["a", "b"], id="patterns"),
        pytest.param("raise E('a') from f('b')", ["a", "b"], id="raise"),
        pytest.param("f'a{x}b'", [], id="a bare f-string"),
        pytest.param("x = f'a{y}b{z:c}'", [], id="pieces of f-strings"),
        pytest.param("x = f'{y[\"a\"]}'", ["a"], id="inside an f-string"),
        pytest.param("x = 'a%s' % 'b'", ["a%s", "b"], id="template"),
        pytest.param("x = '{}a'.format('b')", ["{}a", "b"], id="format"),
        pytest.param("f('{}a'.format('b'), 'c%s' % d)", ["{}a", "b", "c%s"], id="templates as arguments"),
        pytest.param("x = 'a' + 'b' + y + 'c'", ["a", "b", "c"], id="sum"),
        pytest.param("x = 'a' * 2 - y", ["a"], id="other operators"),
        pytest.param("x: 'A'\ndef f(y: 'B', *z: List['C']) -> 'D': pass", [], id="quoted annotations"),
        pytest.param("x: Literal['a', 'b'] = 'c'", ["a", "b", "c"], id="literal type"),
        pytest.param("x: Annotated['A', f('a', k='b')]", ["a", "b"], id="call in an annotation"),
        pytest.param("import_module('a'); sys.modules['b']", ["a", "b"], id="modules"),
        pytest.param("patch.dict(sys.modules, {'a': 'b'})", ["a", "b"], id="keys of sys.modules"),
        pytest.param("raises(ImportError, f, 'a')", ["a"], id="expected failure"),
        pytest.param("import a\nfrom b import c\nd", [], id="names"),
    ],
)  # fmt: skip
def test_words(source: str, expected: list[str]) -> None:
    assert words(source + "\n") == expected


def test_each_scope_has_a_word_once_where_it_comes_first() -> None:
    source = """\
        def f(x="b"):
            if x:
                return ["b", "a", g("b")]
            return "a"
        class A:
            x = "a"; y = [z for z in f("a")]
        g(x, k=("a"), l="a")
        x = "b"
        """
    found = [(word.value, word.scope, word.line, word.column) for word in facts(source).words]
    assert found == [
        ("b", 0, 1, 9),
        ("b", 1, 3, 17),
        ("a", 1, 3, 22),
        ("a", 2, 6, 9),
        ("a", 0, 7, 9),
    ]


def test_the_context_is_that_of_the_first() -> None:
    source = "try:\n    x = 'a'\nexcept ImportError:\n    x = 'b'\ny = 'a', 'b'\n"
    found = {word.value: flags(word) for word in facts(source).words}
    assert found == {"a": {"CONDITIONAL", "GUARDED"}, "b": {"CONDITIONAL", "FALLBACK"}}


@pytest.mark.parametrize("first", ["f('w')", "x['w']", "'w' + x", "f(g('w'))", "['w', {'w': 1}]"])
@pytest.mark.parametrize("second", ["f('w', 'w')", "x = 'w'", "[y for y in 'w']", "(lambda: 'w')"])
def test_first_is_first_whatever_holds_it(first: str, second: str) -> None:
    (found,) = (word for word in facts(f"{first}; {second}\n").words if word.value == "w")
    assert found.column == first.index("'w'") + 1


def test_in_an_f_string_older_parsers_know_only_its_own_place() -> None:
    source = "x = f\"{y['a']}{y['a']}\"\n"
    (found,) = facts(source).words
    assert text_at(source, found) == ("'a'" if sys.version_info >= (3, 12) else source[4:-1])
    assert found.column == (10 if sys.version_info >= (3, 12) else 5)
