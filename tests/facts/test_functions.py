"""Functions and methods: signature, decorators, and what they do if they only hand on."""

from __future__ import annotations

import sys

import pytest

from ssot_lint.facts import Function, Parameter
from tests.facts.reading import facts, flags, text_at


def function(source: str) -> Function:
    """The first function of a source."""
    return facts(source).functions[0]


def test_a_method_with_everything() -> None:
    source = "class A:\n    @m.cached(1)\n    @final\n    async def  run ( self, x=1): return await f(x)\n"
    (found,) = facts(source).functions
    parameters: tuple[Parameter, ...] = (("self", "any", False), ("x", "any", True))
    assert found == Function(
        4, 16, 4, 19, 1, 0, "run", 2, True, False, parameters, ("m.cached", "final"), "f"
    )
    assert text_at(source, found) == "run"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("", []),
        ("a", [("a", "any", False)]),
        ("a, b=1", [("a", "any", False), ("b", "any", True)]),
        ("a, /", [("a", "positional", False)]),
        (
            "a, b=1, /, c=2",
            [("a", "positional", False), ("b", "positional", True), ("c", "any", True)],
        ),
        ("a, /, b=1", [("a", "positional", False), ("b", "any", True)]),
        ("*a", [("a", "many", False)]),
        ("*, a, b=None, c", [("a", "keyword", False), ("b", "keyword", True), ("c", "keyword", False)]),
        ("*a, b", [("a", "many", False), ("b", "keyword", False)]),
        ("**a", [("a", "keywords", False)]),
        (
            "a: int, *b: int, c: int = 1, **d: int",
            [("a", "any", False), ("b", "many", False), ("c", "keyword", True), ("d", "keywords", False)],
        ),
    ],
)  # fmt: skip
def test_parameters(parameters: str, expected: list[Parameter]) -> None:
    assert list(function(f"def f({parameters}): pass\n").parameters) == expected


def test_where_functions_are_bound_and_which_scope_is_theirs() -> None:
    source = """\
        def f():
            def g():
                global h
                def h(): pass
        class A:
            if x:
                def f(self):
                    class B:
                        def g(self): pass
        """
    found = facts(source)
    bound = [(f.name, f.scope, found.scopes[f.body].name, flags(f)) for f in found.functions]
    assert bound == [
        ("f", 0, "f", set()),
        ("g", 1, "g", {"FUNCTION"}),
        ("h", 0, "h", {"CONDITIONAL", "FUNCTION"}),
        ("f", 4, "f", {"CONDITIONAL"}),
        ("g", 6, "g", {"FUNCTION"}),
    ]
    assert [f.body for f in found.functions] == [1, 2, 3, 5, 7]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("def f(): pass", False, id="none"),
        pytest.param("def f(): yield", True, id="yield"),
        pytest.param("def f(): x = yield 1", True, id="a value"),
        pytest.param("def f():\n if x:\n  yield from y", True, id="yield from"),
        pytest.param("async def f():\n async for x in y: yield x", True, id="asynchronous"),
        pytest.param("def f(): g([(yield)])", True, id="inside an expression"),
        pytest.param("def f():\n def g(): yield", False, id="of a function inside"),
        pytest.param("def f(): return lambda: (yield)", False, id="of a lambda inside"),
        pytest.param("def f(x=(yield)): pass", False, id="of the function around"),
    ],
)
def test_generators(source: str, expected: bool) -> None:
    assert function(source + "\n").is_generator is expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("return g()", "g", id="return"),
        pytest.param("return m.a.g(x, *y)", "m.a.g", id="dotted"),
        pytest.param("g()", "g", id="result dropped"),
        pytest.param("await g()", "g", id="awaited"),
        pytest.param("return await m.g()", "m.g", id="awaited and returned"),
        pytest.param("'doc'; return g()", "g", id="docstring"),
        pytest.param("'doc'", "", id="nothing but a docstring"),
        pytest.param("'doc'; import m; from m import g; return g()", "g", id="imports"),
        pytest.param("'doc'; warnings.warn('old'); return g()", "g", id="a warning"),
        pytest.param("_warn(f); mark_deprecated(); return g()", "g", id="other warnings"),
        pytest.param("log('old'); return g()", "", id="another call before"),
        pytest.param("await warn('old'); return g()", "", id="an awaited warning"),
        pytest.param("warn('old')", "warn", id="nothing but a warning"),
        pytest.param("f'no doc'; return g()", "", id="an f-string before"),
        pytest.param("x = 1; return g()", "", id="something before"),
        pytest.param("1; return g()", "", id="a number before"),
        pytest.param("g(); 'no doc'", "", id="something after"),
        pytest.param("return g", "", id="no call"),
        pytest.param("return", "", id="nothing"),
        pytest.param("return await g", "", id="await without call"),
        pytest.param("return g() + 1", "", id="more than the call"),
        pytest.param("return g().h()", "", id="the result of a call"),
        pytest.param("return super().g()", "", id="super"),
        pytest.param("return g[0]()", "", id="an item"),
        pytest.param("return (lambda: 1)()", "", id="a lambda"),
        pytest.param("x = g()", "", id="assigned"),
        pytest.param("raise g()", "", id="raised"),
        pytest.param("yield g()", "", id="yielded"),
        pytest.param("pass", "", id="pass"),
    ],
)
def test_delegates(body: str, expected: str) -> None:
    assert function(f"async def f(): {body}\n").delegate == expected


@pytest.mark.parametrize(
    "header",
    [
        "def W():",
        "async   def W():",
        "async def W():",
        "def\tW ():",
        "async \\\n def \\\n W ():",
        "@deco(def_='def X')\ndef W():",
        "élan = 1; ü = 2\ndef W():",
    ],
)
def test_the_place_of_a_function_is_its_name(header: str) -> None:
    source = header + "\n    pass\n"
    assert text_at(source, function(source)) == "W"


def test_a_name_that_is_not_normalised_keeps_its_place() -> None:
    source = "class A:\n    def ﬁle(self): pass\n"
    found = function(source)
    assert (found.name, text_at(source, found)) == ("file", "ﬁle")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="PEP 695")
def test_type_parameters_are_no_scope() -> None:
    source = "class A[T]:\n    def f[S](self, x: S): yield\n"
    (found,) = facts(source).functions
    assert (found.scope, found.body, found.is_generator) == (1, 2, True)
