"""Assignments of modules and classes, and those that functions make for them."""

from __future__ import annotations

import sys

import pytest

from ssot_lint.facts import Assignment
from tests.facts.reading import facts, flags, text_at


def names(source: str) -> list[tuple[str, int]]:
    """The names that are assigned, each with its scope."""
    return [(item.name, item.scope) for item in facts(source).assignments]


def test_an_assignment_with_everything() -> None:
    source = "class A:\n    é = 1; cache : m.ClassVar[dict] = m.make()\n"
    _, found = facts(source).assignments
    assert found == Assignment(
        2, 12, 2, 17, 1, 0, "cache", "call", "m.make", "m.ClassVar", 2, 12, 1, True
    )
    assert text_at(source, found) == "cache"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("None", "none"),
        ("1", "constant"),
        ("-1", "constant"),
        ("True", "constant"),
        ("...", "constant"),
        ("'a' 'b'", "constant"),
        ("[]", "list"),
        ("[x for x in y]", "list"),
        ("{}", "dict"),
        ("{**x}", "dict"),
        ("{x: 1 for x in y}", "dict"),
        ("{1}", "set"),
        ("{x for x in y}", "set"),
        ("()", "tuple"),
        ("1, 2", "tuple"),
        ("f()", "call"),
        ("f()()", "call"),
        ("await f()", "other"),
        ("x", "name"),
        ("m.x.y", "name"),
        ("f().x", "other"),
        ("x[0]", "other"),
        ("x or None", "other"),
        ("-x", "other"),
        ("f'{x}'", "other"),
        ("(x for x in y)", "other"),
        ("lambda: None", "other"),
        ("(n := (k := {}))", "dict"),
    ],
)
def test_kinds_of_values(value: str, expected: str) -> None:
    found = [item for item in facts(f"X = {value}\n").assignments if item.name == "X"]
    assert [item.value for item in found] == [expected]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("[]", True),
        ("{}", True),
        ("()", True),
        ("f()", True),
        ("(y := [])", True),
        ("[1]", False),
        ("{1: 2}", False),
        ("{**y}", False),
        ("{1}", False),
        ("1,", False),
        ("f(1)", False),
        ("f(k=1)", False),
        ("[y for y in ()]", False),
        ("''", False),
        ("None", False),
    ],
)
def test_what_is_empty(value: str, expected: bool) -> None:
    found = [item for item in facts(f"X = {value}\n").assignments if item.name == "X"]
    assert [item.is_empty for item in found] == [expected]


@pytest.mark.parametrize(
    ("value", "callee"),
    [("f()", "f"), ("m.a.F(1)", "m.a.F"), ("f()()", ""), ("x[0]()", ""), ("f().g()", ""), ("m.f", "")],
)  # fmt: skip
def test_callees(value: str, callee: str) -> None:
    assert [item.callee for item in facts(f"X = {value}\n").assignments] == [callee]


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("int", "int"),
        ("t.ClassVar", "t.ClassVar"),
        ("ClassVar[dict[str, int]]", "ClassVar"),
        ("t.Final[int]", "t.Final"),
        ("'ClassVar[int]'", "ClassVar"),
        ("'t.X'", "t.X"),
        ("'X | None'", ""),
        ("'[int]'", ""),
        ("x[0][1]", ""),
        ("int | None", ""),
        ("None", ""),
    ],
)
def test_annotations(annotation: str, expected: str) -> None:
    (declared, assigned) = facts(f"x: {annotation}\ny: {annotation} = 1\n").assignments
    assert (declared.annotation, declared.value) == (expected, "declared")
    assert (assigned.annotation, assigned.value) == (expected, "constant")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("x = y = 1", [("x", 0), ("y", 0)], id="chained"),
        pytest.param("x, [y, *z] = a", [("x", 0), ("y", 0), ("z", 0)], id="unpacked"),
        pytest.param("x += 1", [("x", 0)], id="augmented"),
        pytest.param("for x, y in z: pass", [("x", 0), ("y", 0)], id="loop"),
        pytest.param("with a as x, b as (y, z): pass", [("x", 0), ("y", 0), ("z", 0)], id="with"),
        pytest.param("if (x := f()): pass", [("x", 0)], id="walrus"),
        pytest.param("[(x := y) for y in z]", [("x", 0)], id="walrus in a comprehension"),
        pytest.param("if a:\n x = 1\nelse:\n x = 2", [("x", 0), ("x", 0)], id="branches"),
        pytest.param("class A:\n x = 1\n class B:\n  y = 1", [("x", 1), ("y", 2)], id="classes"),
        pytest.param("import x\nfrom y import z", [], id="imports"),
        pytest.param("def x(): pass\nclass y: pass", [], id="definitions"),
        pytest.param("try: pass\nexcept E as x: pass", [], id="except"),
        pytest.param("match a:\n case x: pass", [], id="case"),
        pytest.param("x[0] = 1; f().x = 1; a.b.c = 1", [], id="parts of other things"),
        pytest.param("del x", [], id="deleted"),
        pytest.param("def f(x=1):\n y = 1; z: int; y += 1\n for a in b: pass", [], id="locals"),
        pytest.param("lambda: (x := 1)", [], id="local to a lambda"),
        pytest.param("def f():\n class A:\n  x = 1", [("x", 2)], id="a class in a function"),
        pytest.param("def f():\n global x\n x = y = 1", [("x", 0)], id="global"),
        pytest.param("def f():\n global x\n x += 1", [("x", 0)], id="augmented global"),
        pytest.param("def f():\n global x\n for x in y: pass", [("x", 0)], id="looped global"),
        pytest.param("def f():\n global x\n if (x := 1): pass", [("x", 0)], id="global walrus"),
        pytest.param("class A:\n global x\n x = 1", [("x", 0)], id="global in a class"),
        pytest.param("def f():\n x = 1\n def g():\n  nonlocal x\n  x = 2", [], id="nonlocal"),
    ],
)
def test_what_binds(source: str, expected: list[tuple[str, int]]) -> None:
    assert names(source + "\n") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("def f(self): self.x = 1", [("x", 1)], id="assigned"),
        pytest.param("def f(this, /): this.x = 1", [("x", 1)], id="any first name"),
        pytest.param("def f(self): self.x: int", [("x", 1)], id="declared"),
        pytest.param("def f(self): self.x += 1", [("x", 1)], id="augmented"),
        pytest.param("def f(self): self.x, y = 1, 2", [("x", 1)], id="unpacked"),
        pytest.param("def f(self): x = self.y = self.z = 1", [("y", 1), ("z", 1)], id="chained"),
        pytest.param("def f(self):\n  with a as self.x: pass", [("x", 1)], id="with"),
        pytest.param("def f(self):\n  for self.x in y: pass", [("x", 1)], id="loop"),
        pytest.param("def __new__(cls): cls.x = 1", [("x", 1)], id="__new__"),
        pytest.param("@classmethod\n def f(cls): cls.x = 1", [("x", 1)], id="class method"),
        pytest.param("@staticmethod\n def f(x): x.y = 1", [], id="static method"),
        pytest.param("def f(*args): args.x = 1", [], id="no first parameter"),
        pytest.param("def f(self, x): x.y = 1", [], id="another parameter"),
        pytest.param("def f(self): self.x.y = 1; self.x[0] = 1", [], id="parts of an attribute"),
        pytest.param("def f(self):\n  def g(): self.x = 1", [("x", 1)], id="from a closure"),
        pytest.param("def f(self):\n  def g(self): self.x = 1", [], id="hidden in a closure"),
        pytest.param("def f(self):\n  class B:\n   self.x = 1", [("x", 1)], id="class inside"),
        pytest.param("if a:\n  def f(self): self.x = 1", [("x", 1)], id="a conditional method"),
    ],
)
def test_attributes_of_the_first_parameter(body: str, expected: list[tuple[str, int]]) -> None:
    assert names(f"class A:\n {body}\n") == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("class A: pass\nA.x = 1", [("x", 1)], id="in the module"),
        pytest.param("def f(): A.x = 1\nclass A: pass", [("x", 2)], id="in a function above"),
        pytest.param("class A:\n def f(self): A.x = 1", [("x", 1)], id="in its method"),
        pytest.param("def f():\n class A: pass\n A.x = 1", [("x", 2)], id="of a local class"),
        pytest.param("class A: pass\ndef f(A): A.x = 1", [], id="hidden by a parameter"),
        pytest.param("class A:\n class B: pass\nA.B.x = 1", [], id="of a nested class"),
        pytest.param("import A\nA.x = 1", [], id="of something else"),
    ],
)
def test_attributes_of_a_class_by_name(source: str, expected: list[tuple[str, int]]) -> None:
    assert names(source + "\n") == expected


def test_contexts_and_statements() -> None:
    source = """\
        x = None
        def get():
            global x
            if x is None:
                y = x = make()
        class A:
            z = 1
            def f(self):
                a = b, self.z = 1, []
        """
    found = {
        (item.name, item.statement_line, item.statement_column, item.statement_scope): flags(item)
        for item in facts(source).assignments
    }
    assert found == {
        ("x", 1, 1, 0): set(),
        ("x", 5, 9, 1): {"CONDITIONAL", "FUNCTION"},
        ("z", 7, 5, 2): set(),
        ("z", 9, 9, 3): {"FUNCTION"},
    }


def test_a_walrus_has_the_statement_around_it() -> None:
    source = "a = 1\nif (\n  x := f(y := 2)\n): pass\n"
    found = [
        (item.name, item.value, item.callee, item.statement_line)
        for item in facts(source).assignments
    ]
    assert found == [("a", "constant", "", 1), ("x", "call", "f", 2), ("y", "constant", "", 2)]


@pytest.mark.parametrize(
    "target",
    ["self.W", "self . W", "self.\\\n  W", "(self\n  .W)", "(self.W)", "é, self.W", "[*self.W]"],
)
def test_the_place_of_an_attribute_is_its_name(target: str) -> None:
    source = f"class A:\n    def f(self): {target} = x\n"
    (found,) = facts(source).assignments
    assert text_at(source, found) == "W"


@pytest.mark.parametrize(
    ("written", "name"), [("ﬁle", "file"), ("ª", "a"), ("x\u0301ﬁ", "x\u0301fi")]
)
def test_an_attribute_that_is_not_normalised_keeps_its_place(written: str, name: str) -> None:
    source = f"class A:\n    def f(self): self.{written} = 1\n"
    (found,) = facts(source).assignments
    assert (found.name, text_at(source, found)) == (name, written)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="PEP 695")
def test_type_aliases_and_type_parameters() -> None:
    source = "type X = int\nclass A[T]:\n    def f[S](self): self.x = 1\n"
    found = [(item.name, item.scope, item.value) for item in facts(source).assignments]
    assert found == [("X", 0, "other"), ("x", 1, "constant")]
