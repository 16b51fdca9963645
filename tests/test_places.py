"""Where words stand: told from bytes, and never denied where Python's own parser finds them."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.facts import read_facts
from ssot_lint.patterns import Pattern, Place
from ssot_lint.prefilter import places
from ssot_lint.prefilter.places import ANY, TESTS

IMPORTED = [
    "import old",
    "import a.old as b",
    "from a import old",
    "from a.old import b",
    "from . import old",
    "from\\\n  .old\\\n import b",
    "from a import (\n  b,  # why\n\n  # not\n  old,\n)",
    "from a import (  # import\r\n  b,\r\n  old)",
    "from a import (\r  b,\r  old)",
    "x = '#'; from a import (\n old)",
    "if x: from a import (b,\f\n\told)",
    "from größe import (ä,\n old)",
    "try: import a . \\\n old\nexcept: pass",
]
MENTIONED = [
    "old = 1",
    "x = a.old()",
    "patch('a.old')",
    "import a\nx = (\n  1,\n  old)",
    "import a\n\nold.x",
    "# old",
    "import a\nx = [old, (\n old)]",
]
DEFINED = [
    ("class", "class Old: ..."),
    ("class", "class  \\\n  Old(Base): ..."),
    ("class", "class\tVeryOldThing: ..."),
    ("class", "class größeOld: ..."),
    ("class", "Old = type('Old', (), {})"),
    ("class", "Old = (type)(name, bases, {})"),
    ("class", "Old = namedtuple(  # why\n  'Old', 'a')"),
    ("class", "Old = typing.NewType(\n  u'Old', int)"),
    ("class", "Old: type = enum.IntEnum('Old', 'a')"),
    ("def", "def Old(): ..."),
    ("def", "async  def\f getOld (): ..."),
]
NOT_DEFINED = [
    ("class", "x: Old = Old()"),
    ("class", "class New(Old): ..."),
    ("class", "class New:\n  x = Old"),
    ("class", "x = type(Old)"),
    ("class", "def make_Old(): ..."),
    ("class", "class A(Enum): ...\nOld"),
    ("def", "def f(x=Old): ..."),
    ("def", "class Old: ..."),
]


@pytest.mark.parametrize("source", IMPORTED)
def test_a_word_in_an_import(source: str) -> None:
    ast.parse(source)
    assert places.imports(source.encode(), [b"old"])


@pytest.mark.parametrize("source", MENTIONED)
def test_a_word_elsewhere(source: str) -> None:
    ast.parse(source)
    assert not places.imports(source.encode(), [b"old"])


@pytest.mark.parametrize(("place", "source"), DEFINED)
def test_a_definition(place: Place, source: str) -> None:
    assert any("Old" in definition.name for definition in read_facts(source.encode()).definitions)
    assert TESTS[place](source.encode(), [b"O", b"Old"], ANY)


@pytest.mark.parametrize(("place", "source"), NOT_DEFINED)
def test_no_definition(place: Place, source: str) -> None:
    ast.parse(source)
    assert not TESTS[place](source.encode(), [b"Old"], ANY)


@pytest.mark.parametrize(
    "source",
    [
        "Old('x')",
        "a.Old \\\n .b\t('x')",
        "(a . Old)('x')",
        "x = (Old  # why\n  ('x'))",
        "x = (Old.  # why\n  b('x'))",
        "@Old.b(1)\ndef f(): ...",
    ],
)
def test_a_call(source: str) -> None:
    ast.parse(source)
    assert places.calls(source.encode(), [b"Old"])


@pytest.mark.parametrize(
    "source", ["x = Old", "from a import Old, b\nf(1)", "Old.b.c(1)", "f(Old)"]
)
def test_no_call(source: str) -> None:
    ast.parse(source)
    assert not places.calls(source.encode(), [b"Old"])


def test_a_star_import_that_names_no_module() -> None:
    for text in (b"from . import *", b"from .. \\\n import\\\n *", b"x = 1; from. import*"):
        assert places.imports_star(text, [])
    for text in (b"from .a import *", b"from a import *", b"x = a * b", b"from . import a"):
        assert not places.imports_star(text, [])


def test_the_name_that_is_defined_matches() -> None:
    source = "class OldThing: ...\nclass VeryNew: ...\nx = VeryOld\nclass Fußold: ...".encode()
    assert places.defines_class(source, [b"Old", b"Thing"], Pattern("Old*Thing"))
    assert not places.defines_class(source, [b"Old"], Pattern("Old"))
    assert not places.defines_class(source, [b"Old", b"Very"], Pattern("Very*Old"))
    assert places.defines_class(source, [b"old"], Pattern("old")), "not without tables of Unicode"


def test_a_star_import_of_a_module() -> None:
    assert places.imports_star(b"from a.old import \\\n *", [b"old"])
    assert not places.imports_star(b"import old\nx = a * b", [b"old"])
    assert not places.imports_star(b"from a import *\nold", [b"old"])


@pytest.mark.parametrize("data", [b"old, " * 200_000, b"old,\n" * 200_000])
def test_what_takes_long_to_tell_is_taken_for_an_import(data: bytes) -> None:
    assert places.imports(data, [b"old"])


KEYWORDS = ["from ", "import ", " as b", "class ", "def ", "if x: ", "type(", "namedtuple(", "Enum"]
NAMES = ["a", "old", "Old", "é", "'Old'", "{}", "(),"]
MARKS = [".", ", ", "(", ")", "*", " = ", ": ...\n", "; ", "# x\n", "# import\n", "\t", "\f"]
BREAKS = ["\n", "\r", "\r\n", "\\\n", "\\\r\n", "\n    "]
TOKENS = st.sampled_from([*KEYWORDS, *NAMES, *MARKS, *BREAKS])


@given(st.lists(TOKENS, max_size=14).map("".join))
def test_what_the_parser_finds_is_never_denied(source: str) -> None:
    data = source.encode()
    found = read_facts(data)
    for fact in found.imports:
        spelled = f"{fact.module}.{fact.name or ''}"
        if "old" in spelled:
            assert places.imports(data, [b"old"])
            assert fact.name != "*" or places.imports_star(data, [b"old"])
    for call in found.calls:
        if "Old" in call.callee.split(".")[-2:]:
            assert places.calls(data, [b"Old"])
    for definition in found.definitions:
        if definition.kind != "assignment" and "Old" in definition.name:
            place: Place = "def" if definition.kind == "function" else "class"
            assert TESTS[place](data, [b"Old"], Pattern(definition.name))
