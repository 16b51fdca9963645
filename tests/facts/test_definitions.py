"""Definitions, aliases and ``__all__``: what a file says its names are."""

from __future__ import annotations

import sys
from textwrap import dedent

import pytest

from ssot_lint.facts import Alias, Definition, Exports, Scope
from tests.facts.reading import facts, flags, text_at


def kinds(source: str) -> list[tuple[str, str]]:
    return [(item.name, item.kind) for item in facts(source).definitions]


def aliases(source: str) -> list[tuple[str, str, int]]:
    return [(item.name, item.target, item.root_scope) for item in facts(source).aliases]


def test_a_class_with_its_bases_and_decorators() -> None:
    source = "@reg.add('x')\n@final\nclass  A ( Base[int], m.Mixin(1), *more, metaclass=M): pass\n"
    (found,) = facts(source).definitions
    assert found == Definition(
        3, 8, 3, 9, 0, 0, "A", "class", ("Base", "m.Mixin", ""), ("reg.add", "final"), 3, 1
    )


@pytest.mark.parametrize(
    "header",
    [
        "class W:",
        "class\tW :",
        "class \\\n  W(Base):",
        "def W():",
        "async   def W():",
        "async \\\n def \\\n W ():",
        "@deco(class_='class X')\nclass W:",
        "if 1: pass\nélan = 1; émile = 2\nclass W:",
    ],
)
def test_the_place_of_a_definition_is_its_name(header: str) -> None:
    source = header + "\n    pass\n"
    found = [item for item in facts(source).definitions if item.name == "W"]
    assert [text_at(source, item) for item in found] == ["W"]


def test_a_name_that_is_not_normalised_keeps_its_place() -> None:
    source = "class ﬁle: pass\n"
    (found,) = facts(source).definitions
    assert (found.name, text_at(source, found)) == ("file", "ﬁle")


def test_methods_are_not_listed_but_other_nested_definitions_are() -> None:
    source = """\
        class A:
            def method(self):
                def inner(): pass
                class Local: pass
            class Nested:
                async def method(self): pass
        def f():
            def g(): pass
        """
    assert kinds(source) == [
        ("A", "class"),
        ("inner", "function"),
        ("Local", "class"),
        ("Nested", "class"),
        ("f", "function"),
        ("g", "function"),
    ]
    assert facts(source).scopes == (
        Scope("module", "", 0),
        Scope("class", "A", 0),
        Scope("function", "method", 1),
        Scope("function", "inner", 2),
        Scope("class", "Local", 2),
        Scope("class", "Nested", 1),
        Scope("function", "method", 5),
        Scope("function", "f", 0),
        Scope("function", "g", 7),
    )


@pytest.mark.parametrize(
    ("value", "bases"),
    [
        ('type("X", (Base, m.Other[int]), {})', ("Base", "m.Other")),
        ("type(name, bases, {})", ()),
        ('types.new_class("X", (Base,))', ("Base",)),
        ('dataclasses.make_dataclass("X", ["a"])', ()),
        ('namedtuple("X", "a b")', ()),
        ('typing.NamedTuple("X", [])', ("typing.NamedTuple",)),
        ('TypedDict("X", {})', ("TypedDict",)),
        ('NewType("X", int)', ()),
        ('Enum("X", "a b")', ("Enum",)),
        ('enum.StrEnum("X", "a b")', ("enum.StrEnum",)),
        ('Flag("X", "a")', ("Flag",)),
    ],
)
def test_calls_that_make_a_class(value: str, bases: tuple[str, ...]) -> None:
    (found,) = facts(f"class_ = {value}\n").definitions
    assert (found.name, found.kind, found.bases) == ("class_", "class-call", bases)


@pytest.mark.parametrize(
    "value", ["type(x)", "namedtuple(name, 'a')", "Enum()", "make('X')", "'X'"]
)
def test_other_values_are_assignments(value: str) -> None:
    assert kinds(f"X = {value}\n") == [("X", "assignment")]


def test_a_class_call_in_a_function_is_a_class_but_an_assignment_is_nothing() -> None:
    assert kinds("def f():\n X = type('X', (), {})\n y = 1\n z = x\n w = a or 1\n") == [
        ("f", "function"),
        ("X", "class-call"),
    ]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        pytest.param("A = 1", ["A"], id="plain"),
        pytest.param("A: int = 1", ["A"], id="annotated"),
        pytest.param("A: int", [], id="declared only"),
        pytest.param("A = B = 1", ["A", "B"], id="chained"),
        pytest.param("A, (B, *C) = f()", ["A", "B", "C"], id="unpacked"),
        pytest.param("[A, B] = 1, 2", ["A", "B"], id="by element"),
        pytest.param("A += 1", [], id="augmented is none"),
        pytest.param("a.b = c[0] = 1", [], id="attributes and items are none"),
        pytest.param("for A in x: B = 1", ["A", "B"], id="for"),
        pytest.param("with x as A, y as (B, C): pass", ["A", "B", "C"], id="with"),
        pytest.param("if (A := 1): pass", ["A"], id="walrus"),
        pytest.param("[x for y in z if (A := y)]", ["A"], id="walrus in a comprehension"),
        pytest.param("(lambda: (A := 1))", [], id="walrus in a lambda"),
        pytest.param("if x: A = 1\nelse: A = 2", ["A", "A"], id="in branches"),
        pytest.param("class C:\n A = 1", ["C"], id="class attributes are none"),
        pytest.param("def f():\n global A\n A = 1", ["f", "A"], id="global"),
        pytest.param("def f():\n global A\n def A(): pass", ["f", "A"], id="a global function"),
        pytest.param("A = None", ["A"], id="None"),
        pytest.param("del A", [], id="del"),
    ],
)
def test_assignments_define_at_module_level(source: str, names: list[str]) -> None:
    assert [item.name for item in facts(source).definitions] == names


def test_a_global_of_a_function_is_the_module_s() -> None:
    found = facts("def f():\n    global A\n    A = 1\n").definitions[1]
    assert (found.scope, flags(found)) == (0, {"CONDITIONAL", "FUNCTION"})


def test_the_statement_around_a_definition() -> None:
    source = """\
        if x:
            y = 1; (A), B = f()
            while 1 and (C := 1): pass
        """
    starts = {d.name: (d.statement_line, d.statement_column) for d in facts(source).definitions}
    assert starts == {"y": (2, 5), "A": (2, 12), "B": (2, 12), "C": (3, 5)}


def test_stand_ins_for_a_failed_import() -> None:
    source = """\
        try:
            from m import P, Q
        except ImportError:
            P = None
            class Q: pass
            R = MagicMock()
        """
    found = facts(source).definitions
    assert [(item.name, item.kind) for item in found] == [
        ("P", "assignment"),
        ("Q", "class"),
        ("R", "assignment"),
    ]
    assert all(flags(item) == {"CONDITIONAL", "FALLBACK"} for item in found)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="PEP 695")
def test_type_statements_and_type_parameters() -> None:
    source = """\
        import a
        type X = a.b.C
        class K[T: a.x](a.Base[T]):
            def m[a](self) -> a.y: return a.z
        """
    assert kinds(source) == [("X", "assignment"), ("K", "class")]
    assert [use.chain for use in facts(source).uses] == ["a.b.C", "a.x", "a.Base"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("from m import W\nV = W", [("V", "W", 0)], id="a name"),
        pytest.param("import a.b\nV = a.b.C", [("V", "a.b.C", 0)], id="a dotted name"),
        pytest.param("from m import W\nW = W", [("W", "W", 0)], id="itself"),
        pytest.param("V = unknown.x", [("V", "unknown.x", -1)], id="bound nowhere"),
        pytest.param("V = int", [("V", "int", -1)], id="a builtin"),
        pytest.param("V: T = W", [("V", "W", -1)], id="annotated"),
        pytest.param("A, B = x, y.z", [("A", "x", -1), ("B", "y.z", -1)], id="by element"),
        pytest.param("A = B = c", [("A", "c", -1), ("B", "c", -1)], id="chained"),
        pytest.param("V = a.x if t else b.y", [("V", "a.x", -1), ("V", "b.y", -1)], id="if else"),
        pytest.param("V = a or b", [("V", "a", -1), ("V", "b", -1)], id="or"),
        pytest.param("V = (W := a.b)", [("V", "a.b", -1), ("W", "a.b", -1)], id="walrus"),
        pytest.param("class C:\n V = m.W", [("V", "m.W", -1)], id="in a class"),
        pytest.param("V = f().x", [], id="of a call"),
        pytest.param("V = a[0].x", [], id="of an item"),
        pytest.param("[V := x.y for x in z]", [], id="of a comprehension's variable"),
        pytest.param("self.v = a.b", [], id="to an attribute"),
        pytest.param("A, *B = x, y", [], id="by star"),
        pytest.param("def f(p):\n v = p.x", [], id="in a function, of a parameter"),
        pytest.param("def f():\n v = len", [], id="in a function, of a builtin"),
        pytest.param("def f():\n import a\n v = a.b", [("v", "a.b", 1)], id="of its own import"),
        pytest.param(
            "import a\ndef f():\n v = a.b", [("v", "a.b", 0)], id="of the module's import"
        ),
        pytest.param("def f():\n v = f", [("v", "f", 0)], id="of the module's name"),
        pytest.param(
            "import a\ndef f():\n global V\n V = a.b", [("V", "a.b", 0)], id="by a global statement"
        ),
        pytest.param("def f(p):\n global V\n V = p", [], id="a parameter leads nowhere"),
    ],
)
def test_aliases(source: str, expected: list[tuple[str, str, int]]) -> None:
    assert aliases(source) == expected


@pytest.mark.parametrize(
    ("source", "names"),
    [
        pytest.param("V = a.b", [], id="an alias is no definition"),
        pytest.param("V = a.b if c else d", [], id="nor are two"),
        pytest.param("V = a.b if c else None", [], id="None only says it may be missing"),
        pytest.param("V = a.b or 30", ["V"], id="a value of its own defines"),
        pytest.param("V = f().x", ["V"], id="what cannot be followed defines"),
        pytest.param("def f(p):\n global V\n V = p", ["f", "V"], id="a parameter too"),
    ],
)
def test_what_is_an_alias_is_no_definition(source: str, names: list[str]) -> None:
    assert [item.name for item in facts(source).definitions] == names


def test_an_alias_stands_at_its_name_and_in_its_branch() -> None:
    source = "if c:\n    Base = m.Real if TYPE_CHECKING else object\n"
    assert facts(source).aliases == (
        Alias(2, 5, 2, 9, 0, 3, "Base", "m.Real", -1),
        Alias(2, 5, 2, 9, 0, 1, "Base", "object", -1),
    )


def test_a_class_made_in_one_branch() -> None:
    source = "W = m.W if c else type('W', (Base,), {})\n"
    assert aliases(source) == [("W", "m.W", -1)]
    assert kinds(source) == [("W", "class-call")]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("", None, id="none"),
        pytest.param("__all__ = ['a', 'b']", Exports(("a", "b"), False), id="list"),
        pytest.param("__all__: list[str] = ['a']", Exports(("a",), False), id="annotated"),
        pytest.param("__all__ = ('a',) + ('b',)", Exports(("a", "b"), False), id="sum"),
        pytest.param("__all__ = []", Exports((), False), id="empty"),
        pytest.param(
            """\
            __all__ = ["a"]
            if x:
                __all__ += ["b"]
            else:
                __all__.append("c")
            __all__.extend(("d", "e"))
            __all__.remove("a")
            __all__.sort()
            """,
            Exports(("b", "c", "d", "e"), False),
            id="step by step",
        ),
        pytest.param("__all__ = ['a'] + m.__all__", Exports(("a",), True), id="of another module"),
        pytest.param("__all__ = ['a', *b]", Exports(("a",), True), id="starred"),
        pytest.param("__all__ = [x for x in y]", Exports((), True), id="computed"),
        pytest.param("__all__ = ['a', b]", Exports(("a",), True), id="a variable"),
        pytest.param("__all__ = ['a']; __all__ += f()", Exports(("a",), True), id="+= computed"),
        pytest.param("__all__ = []; __all__.append(x)", Exports((), True), id="append computed"),
        pytest.param("__all__ = []; __all__.insert(0, 'x')", Exports((), True), id="another call"),
        pytest.param("__all__ = ['a']; __all__.remove(x)", Exports(("a",), True), id="remove"),
        pytest.param("__all__, x = ['a'], 1", Exports(("a",), False), id="by element"),
        pytest.param("for __all__ in x: pass", Exports((), True), id="loop variable"),
        pytest.param("from m import __all__", Exports((), True), id="imported"),
        pytest.param(
            "__all__ = []\ndef export(f):\n __all__.append(f.__name__)",
            Exports((), True),
            id="a decorator that exports",
        ),
        pytest.param("def f():\n __all__ = ['a']", None, id="a local name"),
        pytest.param("class C:\n __all__ = ['a']", None, id="a class attribute"),
        pytest.param(
            "def f():\n global __all__\n __all__ = ['a']", Exports((), True), id="by a function"
        ),
    ],
)
def test_exports(source: str, expected: Exports | None) -> None:
    assert facts(dedent(source)).exports == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def __getattr__(name): ...", True),
        ("if c:\n def __getattr__(name): ...", True),
        ("__getattr__ = lazy(__name__)", True),
        ("from m import __getattr__", True),
        ("class A:\n def __getattr__(self, name): ...", False),
        ("x.__getattr__ = 1", False),
    ],
)
def test_a_module_getattr_makes_every_name_possible(source: str, expected: bool) -> None:
    assert facts(source).has_getattr is expected
