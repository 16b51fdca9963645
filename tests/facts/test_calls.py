"""Calls of what a file imports, defines or gets from elsewhere."""

from __future__ import annotations

import sys

import pytest

from ssot_lint.facts import Call
from tests.facts.reading import facts, flags, text_at


def calls(source: str) -> list[tuple[str, int]]:
    return [(call.callee, call.root_scope) for call in facts(source).calls]


def test_a_call_with_everything() -> None:
    source = "import a.b\nasync def f():\n    é = await a . b\\\n        .C(x, y.z, k=w)\n"
    (found,) = facts(source).calls
    assert found == Call(3, 15, 4, 11, 1, 32, "a.b.C", 0, "awaited", ("x", "y.z", "w"))
    assert text_at(source, found) == "a . b\\\n        .C"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("x = a.f()", id="assigned"),
        pytest.param("a.f()", id="a statement"),
        pytest.param("return_(a.f)(a.f())", id="of a call's result"),
        pytest.param("a.f().b.c()", id="its result's method"),
        pytest.param("a.f()[0]", id="an item of its result"),
        pytest.param("g[a.f()]", id="a key"),
        pytest.param("x = [y for y in a.f()]", id="iterated"),
        pytest.param("x = {a.f(): 1 for y in z}", id="in a comprehension"),
        pytest.param("x = lambda: a.f()", id="lambda"),
        pytest.param("@a.f()\nclass C: pass", id="decorator"),
        pytest.param("class C(a.f()): pass", id="base"),
        pytest.param("class C(metaclass=a.f()): pass", id="metaclass"),
        pytest.param("def g(x=a.f()): pass", id="default"),
        pytest.param("def g(x: a.f()): pass", id="annotation"),
        pytest.param("x = f'{a.f()}'", id="f-string"),
        pytest.param("x = f'{y:{a.f()}}'", id="format specification"),
        pytest.param("x = 'p %s' % a.f()", id="template"),
        pytest.param("x = 'p {}'.format(a.f())", id="format"),
        pytest.param("x = 'p' + a.f()", id="sum"),
        pytest.param("with a.f() as x: pass", id="with"),
        pytest.param("async def g():\n async with a.f(): pass", id="async with"),
        pytest.param("def g(): yield a.f()", id="yield"),
        pytest.param("raise a.f()", id="raise"),
        pytest.param("if (x := a.f()): pass", id="walrus"),
        pytest.param("match a.f():\n case x if x: pass", id="match"),
        pytest.param("match x:\n case y if a.f(): pass", id="guard"),
        pytest.param("with raises(ImportError, a.f()): pass", id="expected failure"),
        pytest.param("import_module(a.f())", id="computed module"),
        pytest.param("sys.modules[a.f()]", id="computed key"),
    ],
)
def test_calls_are_found_wherever_expressions_stand(source: str) -> None:
    source = f"import a\n{source}\n"
    found = [call for call in facts(source).calls if call.callee == "a.f"]
    assert [(call.root_scope, text_at(source, call)) for call in found] == [(0, "a.f")]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("import a\na()", [("a", 0)], id="an import"),
        pytest.param("f.g()\nfrom m import f", [("f.g", 0)], id="above its import"),
        pytest.param("def f(): f()", [("f", 0)], id="a function of the module"),
        pytest.param("class A:\n def f(self): return A()", [("A", 0)], id="a class of the module"),
        pytest.param("x = 1\ndef f(): x.y.z()", [("x.y.z", 0)], id="a variable of the module"),
        pytest.param("print()", [("print", -1)], id="a builtin"),
        pytest.param("from m import *\nx.f()", [("x.f", -1)], id="perhaps from a star"),
        pytest.param("def f(g): g()", [], id="a parameter"),
        pytest.param("def f():\n g = 1\n g()", [], id="a local variable"),
        pytest.param("def f():\n def g(): pass\n g()", [], id="a local function"),
        pytest.param("def f():\n import a\n a.b()", [("a.b", 1)], id="a local import"),
        pytest.param("class A:\n import a\n a.b()", [("a.b", 1)], id="an import in a class"),
        pytest.param("class A:\n def f(): pass\n f()", [], id="of a class body"),
        pytest.param("class A:\n def f(self): f()", [("f", -1)], id="methods see no class body"),
        pytest.param("[f() for f in x]", [], id="a comprehension's variable"),
        pytest.param("def g():\n global f\n f()", [("f", -1)], id="a global that nothing binds"),
        pytest.param("def g():\n global f\n f = 1\n f()", [("f", 0)], id="a global"),
        pytest.param("f()()", [("f", -1)], id="the result of a call"),
        pytest.param("f().g()", [("f", -1)], id="its method"),
        pytest.param("x[0].f(); 'x'.join(y); (lambda: 1)()", [], id="no dotted name"),
    ],
)
def test_scoping(source: str, expected: list[tuple[str, int]]) -> None:
    assert calls(source + "\n") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("def f(self): self.g()", [("self.g", "discarded")], id="dropped"),
        pytest.param("async def f(me): await me.g()", [("me.g", "awaited")], id="awaited"),
        pytest.param("async def f(me): x = await me.g()", [("me.g", "awaited")], id="assigned"),
        pytest.param("def f(self): self.a.g()", [("self.a.g", "discarded")], id="further down"),
        pytest.param("@classmethod\n def f(cls): cls()", [("cls", "discarded")], id="itself"),
        pytest.param("def f(self): x = self.g()", [], id="used"),
        pytest.param("def f(self): return self.g()", [], id="returned"),
        pytest.param("@staticmethod\n def f(x): x.g()", [], id="static method"),
        pytest.param("def f(self, x): x.g()", [], id="another parameter"),
        pytest.param(
            "def f(self):\n  def g(): self.h()", [("self.h", "discarded")], id="from a closure"
        ),
    ],
)
def test_calls_of_the_first_parameter(body: str, expected: list[tuple[str, str]]) -> None:
    found = [call for call in facts(f"class A:\n {body}\n").calls if "method" not in call.callee]
    assert [(call.callee, call.result) for call in found] == expected
    assert all(call.root_scope == 2 for call in found)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        pytest.param("f()", "discarded", id="statement"),
        pytest.param("(f())", "discarded", id="parentheses"),
        pytest.param("await f()", "awaited", id="awaited"),
        pytest.param("x = await f()", "awaited", id="awaited value"),
        pytest.param("(await f()).x", "awaited", id="awaited inside"),
        pytest.param("await gather_(f())", "used", id="handed on to what is awaited"),
        pytest.param("x = f()", "used", id="assigned"),
        pytest.param("return f()", "used", id="returned"),
        pytest.param("yield f()", "used", id="yielded"),
        pytest.param("f().x", "used", id="attribute"),
        pytest.param("f() or x", "used", id="operator"),
        pytest.param("f(),", "used", id="tuple"),
        pytest.param("[f() for x in y]", "used", id="comprehension"),
        pytest.param("lambda: f()", "used", id="lambda"),
        pytest.param("async with f(): pass", "used", id="async with"),
        pytest.param("assert f()", "used", id="assert"),
    ],
)
def test_results(statement: str, expected: str) -> None:
    found = facts(f"async def g():\n    {statement}\n").calls
    assert [call.result for call in found if call.callee == "f"] == [expected]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", ()),
        ("x", ("x",)),
        ("x.y.z, w", ("x.y.z", "w")),
        ("k=x.y, l=1, m=z", ("x.y", "z")),
        ("1, x, 'y', g(), h().i, z[0]", ("x",)),
        ("*x, y, **z", ("y",)),
        ("[x], (y)", ("y",)),
    ],
)
def test_names_among_the_arguments(arguments: str, expected: tuple[str, ...]) -> None:
    assert [c.names for c in facts(f"f({arguments})\n").calls if c.callee == "f"] == [expected]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("@a\ndef g(): pass", ["a"], id="name"),
        pytest.param("@a.b.c\nclass G: pass", ["a.b.c"], id="dotted"),
        pytest.param("@a.b(1)\ndef g(): pass", ["a.b"], id="a call is one call"),
        pytest.param("@a\n@b\nasync def g(): pass", ["a", "b"], id="several"),
        pytest.param("@a[0]\n@a().b\ndef g(): pass", ["a"], id="others"),
        pytest.param("def f(a):\n @a\n def g(): pass", [], id="of a parameter"),
    ],
)
def test_decorators_are_calls(source: str, expected: list[str]) -> None:
    found = facts(source + "\n").calls
    assert [(call.callee, call.result) for call in found] == [(name, "used") for name in expected]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        pytest.param("x[i] = y", ["x.__setitem__"], id="assigned"),
        pytest.param("m.x[i] = y", ["m.x.__setitem__"], id="dotted"),
        pytest.param("x[i][j] = y", ["x.__setitem__"], id="further down"),
        pytest.param("x[i] += y", ["x.__setitem__"], id="augmented"),
        pytest.param("a, (x[i], *z[j]) = y", ["x.__setitem__", "z.__setitem__"], id="unpacked"),
        pytest.param("for x[i] in y: pass", ["x.__setitem__"], id="loop"),
        pytest.param("with y as x[i]: pass", ["x.__setitem__"], id="with"),
        pytest.param("x[i]: int = 1", ["x.__setitem__"], id="annotated"),
        pytest.param("x[i]: int", [], id="declared"),
        pytest.param("del x[i], y", ["x.__delitem__"], id="deleted"),
        pytest.param("x[i].a = y", [], id="an item's attribute"),
        pytest.param("(z or x)[i] = y", [], id="no dotted name"),
        pytest.param("y = x[i]", [], id="read"),
    ],
)
def test_changes_of_items_are_calls(statement: str, expected: list[str]) -> None:
    source = f"{statement}\n"
    found = facts(source).calls
    assert [call.callee for call in found] == expected
    for call in found:
        owner = call.callee.rpartition(".")[0]
        assert (call.result, call.names, text_at(source, call)) == ("discarded", (), owner)


def test_changes_of_items_are_resolved() -> None:
    source = "x = {}\ndef f(y): x[1] = 2; y[1] = 2; self.z[1] = 2\nclass A:\n def f(self): self.z[1] = 2\n"
    assert calls(source) == [
        ("x.__setitem__", 0),
        ("self.z.__setitem__", -1),
        ("self.z.__setitem__", 3),
    ]


def test_contexts() -> None:
    source = """\
        try:
            f()
        except ImportError:
            g()
        with raises(ImportError):
            h()
        assertRaises(ImportError, i, j())
        """
    found = {call.callee: flags(call) for call in facts(source).calls}
    assert found == {
        "f": {"CONDITIONAL", "GUARDED"},
        "g": {"CONDITIONAL", "FALLBACK"},
        "raises": set(),
        "h": {"EXPECTED_FAILURE"},
        "assertRaises": set(),
        "j": {"EXPECTED_FAILURE"},
    }


def test_calls_of_special_names_are_calls_too() -> None:
    source = (
        "import sys\nsys.modules.pop('a')\nimport_module('a')\nf.format('a.b')\n'x'.format(y)\n"
    )
    assert calls(source) == [("sys.modules.pop", 0), ("import_module", -1), ("f.format", -1)]


def test_calls_in_f_strings_of_several_lines_have_a_place_in_them() -> None:
    source = 'import a\nx = f"""é {1}\n  {a.b()} {a.c()}\n"""; y = (f"{a.d()}"\n  f"{a.e()}")\n'
    found = {call.callee: text_at(source, call) for call in facts(source).calls}
    assert sorted(found) == ["a.b", "a.c", "a.d", "a.e"]
    for callee, text in found.items():
        # Older parsers guess, and where the guess is wrong the whole string is the place.
        assert text.startswith(callee) or (sys.version_info < (3, 12) and text.startswith('f"'))


def test_depth_is_no_limit() -> None:
    source = "f(" * 80 + ")" * 80 + "\nx" + ".f()" * 900 + "\n"
    assert len(facts(source).calls) == 81
