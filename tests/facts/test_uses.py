"""Uses of imported modules: maximal attribute chains, resolved by Python's scoping."""

from __future__ import annotations

import sys

import pytest

from ssot_lint.facts import Use
from tests.facts.reading import facts, flags, text_at


def uses(source: str) -> list[tuple[str, int]]:
    return [(use.chain, use.root_scope) for use in facts(source).uses]


def test_a_use_is_the_whole_chain_at_its_place() -> None:
    found = facts("import a.b\nx = (a . b\n  .C)\n").uses
    assert found == (Use(2, 6, 3, 5, 0, 0, "a.b.C", 0),)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("a.b.c", id="expression"),
        pytest.param("a.b.c()", id="call"),
        pytest.param("a.b.c().d", id="ends at a call"),
        pytest.param("a.b.c[0].d", id="ends at an item"),
        pytest.param("f(x, *a.b.c, k=1)", id="argument"),
        pytest.param("f(k=a.b.c)", id="keyword argument"),
        pytest.param("a.b.c = 1", id="assigned to"),
        pytest.param("a.b.c += 1", id="augmented"),
        pytest.param("del a.b.c", id="deleted"),
        pytest.param("for a.b.c in x: pass", id="loop target"),
        pytest.param("with x as a.b.c: pass", id="with target"),
        pytest.param("@a.b.c\ndef f(): pass", id="decorator"),
        pytest.param("@a.b.c(1)\nclass A: pass", id="decorator call"),
        pytest.param("class A(a.b.c): pass", id="base"),
        pytest.param("class A(metaclass=a.b.c): pass", id="metaclass"),
        pytest.param("class A(Generic[a.b.c]): pass", id="base's argument"),
        pytest.param("def f(x: a.b.c): pass", id="parameter annotation"),
        pytest.param("def f(*x: a.b.c): pass", id="star annotation"),
        pytest.param("def f() -> a.b.c: pass", id="return annotation"),
        pytest.param("def f(x=a.b.c): pass", id="default"),
        pytest.param("def f(*, x=a.b.c): pass", id="keyword default"),
        pytest.param("x: a.b.c", id="annotation"),
        pytest.param("x: List[a.b.c] = 1", id="annotation's argument"),
        pytest.param("f'{a.b.c}'", id="bare f-string"),
        pytest.param("x = f'{a.b.c!r:>{w}}'", id="f-string"),
        pytest.param("x = f'{w:{a.b.c}}'", id="format specification"),
        pytest.param("x = 'p' + a.b.c", id="after a string"),
        pytest.param("x = a.b.c % 1", id="operator"),
        pytest.param("x = 'p %s' % a.b.c", id="template"),
        pytest.param("x = 'p {}'.format(a.b.c)", id="format"),
        pytest.param("x = [a.b.c for y in z]", id="comprehension"),
        pytest.param("x = {y: a.b.c for y in z if y}", id="dictionary comprehension"),
        pytest.param("x = [y for y in a.b.c]", id="iterated"),
        pytest.param("x = lambda y=a.b.c: y", id="lambda default"),
        pytest.param("x = lambda y: a.b.c", id="lambda"),
        pytest.param("x = y if a.b.c else z", id="condition"),
        pytest.param("x = (y, {1: a.b.c, **z})", id="containers"),
        pytest.param("x[1:a.b.c]", id="slice"),
        pytest.param("x = 1 < a.b.c < 2", id="comparison"),
        pytest.param("x = (y := a.b.c)", id="walrus"),
        pytest.param("async def f(): await a.b.c", id="await"),
        pytest.param("def f(): yield from a.b.c", id="yield"),
        pytest.param("def f(): return a.b.c", id="return"),
        pytest.param("raise x from a.b.c", id="raise"),
        pytest.param("assert x, a.b.c", id="assert"),
        pytest.param("try: pass\nexcept (x, a.b.c): pass", id="except"),
        pytest.param("while a.b.c: pass", id="while"),
        pytest.param("if x: pass\nelif a.b.c: pass", id="elif"),
        pytest.param("match x:\n case a.b.c: pass", id="value pattern"),
        pytest.param("match x:\n case [a.b.c(y=1) | 2]: pass", id="class pattern"),
        pytest.param("match x:\n case {a.b.c: y}: pass", id="mapping pattern"),
        pytest.param("match x:\n case _ if a.b.c: pass", id="guard"),
        pytest.param("with raises(ImportError, match=a.b.c): pass", id="expected failure"),
        pytest.param("import_module(a.b.c)", id="computed module"),
        pytest.param("sys.modules[a.b.c]", id="computed key"),
        pytest.param("patch.dict(sys.modules, {a.b.c: 1})", id="computed key of a dictionary"),
        pytest.param("a.b.c in sys.modules", id="computed member"),
    ],
)
def test_uses_are_found_wherever_expressions_stand(source: str) -> None:
    source = f"import a\n{source}\n"
    (use,) = facts(source).uses
    assert (use.chain, use.root_scope, text_at(source, use)) == ("a.b.c", 0, "a.b.c")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("import a\na", [], id="a bare name is no chain"),
        pytest.param("a.b", [], id="not imported"),
        pytest.param("import a.b as x\na.b; x.c", [("x.c", 0)], id="an alias binds itself only"),
        pytest.param("x.y\nfrom m import x", [("x.y", 0)], id="used above its import"),
        pytest.param("import a\ndef f(): a.b", [("a.b", 0)], id="seen from a function"),
        pytest.param("import a\ndef f(a): a.b", [], id="a parameter hides it"),
        pytest.param("import a\ndef f(*, a=1, **b): a.b", [], id="a keyword parameter too"),
        pytest.param("import a\ndef f():\n a.b\n a = 1", [], id="a later binding hides it"),
        pytest.param("import a\ndef f():\n for a in x: a.b", [], id="a loop variable"),
        pytest.param("import a\ndef f():\n with x as a: a.b", [], id="a with target"),
        pytest.param("import a\ndef f():\n try: x\n except E as a: a.b", [], id="an exception"),
        pytest.param("import a\ndef f():\n def a(): pass\n a.b", [], id="a function's name"),
        pytest.param("import a\ndef f():\n class a: pass\n a.b", [], id="a class's name"),
        pytest.param("import a\ndef f():\n (a := x).y; a.b", [], id="a walrus"),
        pytest.param("import a\ndef f():\n [(a := x) for x in y]; a.b", [], id="from inside"),
        pytest.param("import a\ndef f():\n (a, [b]) = x; a.b", [], id="unpacking"),
        pytest.param("import a\ndef f():\n a: int\n a.b", [], id="a declaration"),
        pytest.param("import a\ndef f():\n match x:\n  case [*a]: a.b", [], id="a star pattern"),
        pytest.param("import a\ndef f():\n match x:\n  case {**a}: a.b", [], id="a rest pattern"),
        pytest.param("import a\ndef f():\n match x:\n  case y() as a: a.b", [], id="as pattern"),
        pytest.param("import a\nlambda a: a.b", [], id="a lambda's parameter"),
        pytest.param("import a\nlambda: a.b", [("a.b", 0)], id="a lambda sees it"),
        pytest.param(
            "import a\n[a.b for a in a.c]", [("a.c", 0)], id="the first iterable is outside"
        ),
        pytest.param("import a\n[1 for x in y for a in a.c]", [], id="the second is inside"),
        pytest.param("import a\n[[a.b for x in y] for a in z]", [], id="nested comprehensions"),
        pytest.param("import a\nclass A:\n a = 1\n a.b", [], id="hidden in a class body"),
        pytest.param(
            "import a\nclass A:\n a = 1\n def f(self): a.b",
            [("a.b", 0)],
            id="methods do not see the class",
        ),
        pytest.param(
            "class A:\n import a\n a.b\n x = [a.c for y in a.d]\n def f(self, x=a.e): a.f",
            [("a.b", 1), ("a.d", 1), ("a.e", 1)],
            id="an import in a class is seen from its body only",
        ),
        pytest.param("def f():\n import a\n a.b\na.c", [("a.b", 1)], id="local to a function"),
        pytest.param("def f():\n import a\n def g(): a.b", [("a.b", 1)], id="a closure"),
        pytest.param(
            "import a\ndef f():\n import a\n def g():\n  global a\n  a.b",
            [("a.b", 0)],
            id="global skips functions",
        ),
        pytest.param(
            "def f():\n global a\n import a\ndef g(): a.b", [("a.b", 0)], id="global import"
        ),
        pytest.param("def f():\n global a\n a.b", [], id="a global that nothing binds"),
        pytest.param(
            "def f():\n a = 1\n def g():\n  nonlocal a\n  import a\n a.b",
            [("a.b", 1)],
            id="nonlocal import",
        ),
        pytest.param(
            "def f():\n a = 1\n class C:\n  def g(self):\n   nonlocal a\n   import a\n a.b",
            [("a.b", 1)],
            id="nonlocal import through a class",
        ),
        pytest.param(
            "import a\ndef f():\n nonlocal a\n a.b", [("a.b", 0)], id="a nonlocal that is an error"
        ),
        pytest.param(
            "import a\ntry: import b\nexcept ImportError: b = None\nb.x",
            [("b.x", 0)],
            id="an import among other bindings",
        ),
        pytest.param("from m import *\na.b", [], id="a star binds what we do not know"),
    ],
)
def test_scoping(source: str, expected: list[tuple[str, int]]) -> None:
    assert uses(source) == expected


def test_a_use_belongs_to_the_scope_it_stands_in() -> None:
    source = "import a\ndef f():\n    return [lambda: a.b]\nx = lambda: a.c\n"
    inner, outer = facts(source).uses
    assert (inner.scope, flags(inner)) == (1, {"FUNCTION"})
    assert (outer.scope, flags(outer)) == (0, {"FUNCTION"})


def test_what_is_expected_to_fail() -> None:
    source = """\
        import a
        with pytest.raises(ImportError):
            a.b
        self.assertRaises(ImportError, a.f, "x")
        self.assertRaises(ImportError, lambda: a.g)
        self.assertRaises(KeyError, a.h)
        """
    found = {use.chain: "EXPECTED_FAILURE" in flags(use) for use in facts(source).uses}
    assert found == {"a.b": True, "a.f": True, "a.g": True, "a.h": False}


def test_uses_in_f_strings_of_several_lines_have_a_place_in_them() -> None:
    source = 'import a\nx = f"""é {1}\n  {a.b} {a.c}\n"""; y = (f"{a.d}"\n  f"{a.e}")\n'
    found = {use.chain: text_at(source, use) for use in facts(source).uses}
    assert sorted(found) == ["a.b", "a.c", "a.d", "a.e"]
    for chain, text in found.items():
        # Older parsers guess, and where the guess is wrong the whole string is the place.
        assert text.startswith(chain) or (sys.version_info < (3, 12) and text.startswith('f"'))
