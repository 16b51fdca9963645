"""What classes inherit from, held against Python: the same small projects are really imported."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssot_lint.facts import Alias, Assignment, Definition, Function, Import
from ssot_lint.project import Class, DeadEnd, Origin, Project
from tests.project.test_resolver import importable, project_at, write

COUNTER = itertools.count()


def only(project: Project, dotted: str) -> Class:
    """The one class that a dotted path leads to."""
    (origin,) = project.resolve(dotted).origins
    (cls,) = project.classes.at(origin)
    return cls


def ancestors(project: Project, dotted: str) -> list[str]:
    return [c.origin.dotted for c in project.classes.ancestry(only(project, dotted)).classes]


def outside(project: Project, dotted: str) -> set[str]:
    return set(project.classes.ancestry(only(project, dotted)).outside)


def made(tmp_path: Path, **sources: str) -> Project:
    write(tmp_path, {f"{name}.py": source for name, source in sources.items()})
    return project_at(tmp_path)


def test_bases_are_followed_through_imports_aliases_and_re_exports(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "app/__init__.py": "from .base import Base as Root\n",
            "app/base.py": "class Base: ...\n",
            "app/star.py": "from .base import *\n",
            "app/alias.py": "import app\nOther = app.Root\n",
            "one.py": "from app import Root\nclass One(Root): ...\n",
            "two.py": "import app.star as s\nclass Two(s.Base): ...\n",
            "three.py": "from app import alias\nclass Three(alias.Other): ...\n",
            "four.py": "from three import *\nclass Four(Three, metaclass=type): ...\n",
            "five.py": "def make():\n    from four import Four as F\n    class Five(F): ...\n    return Five\n",
        },
    )
    project = project_at(tmp_path)
    base = ["app.base.Base"]
    assert ancestors(project, "one.One") == base
    assert ancestors(project, "two.Two") == base
    assert ancestors(project, "three.Three") == base
    assert ancestors(project, "four.Four") == ["three.Three", *base]
    (five,) = project.facts_at("five.py").definitions[1:]
    cls = project.classes.of("five.py", five)
    assert cls.origin == Origin("five.py", "five", "make.<locals>.Five")
    assert [c.origin.dotted for c in project.classes.ancestry(cls).classes] == [
        "four.Four",
        "three.Three",
        *base,
    ]


def test_nested_classes_are_looked_up_as_python_does(tmp_path: Path) -> None:
    project = made(
        tmp_path,
        a=(
            "class Inner: ...\n"
            "class Outer:\n"
            "    class Inner: ...\n"
            "    class Near(Inner): ...\n"
            "    class Deep:\n"
            "        class Far(Inner): ...\n"
            "    Alias = Inner\n"
            "class Through(Outer.Inner): ...\n"
            "class ByAlias(Outer.Alias): ...\n"
            "class ByImport(Outer.Missing): ...\n"
        ),
    )
    assert ancestors(project, "a.Outer.Near") == ["a.Outer.Inner"]
    assert ancestors(project, "a.Outer.Deep.Far") == ["a.Inner"]
    assert ancestors(project, "a.Through") == ["a.Outer.Inner"]
    assert ancestors(project, "a.ByAlias") == ["a.Outer.Inner"]
    ancestry = project.classes.ancestry(only(project, "a.ByImport"))
    assert ancestry.unknown == {DeadEnd("undecidable", "a.Outer.Missing")}


def test_bases_that_leave_the_project_are_named_as_they_are_imported(tmp_path: Path) -> None:
    project = made(
        tmp_path,
        a=(
            "import typing as t, unittest\n"
            "from pydantic import BaseModel\n"
            "from enum import Enum\n"
            "class M(BaseModel): ...\n"
            "class N(M, t.Generic[T], Exception): ...\n"
            "class C(unittest.TestCase): ...\n"
            "Color = Enum('Color', 'red')\n"
            "class P(t.Protocol[T]): ...\n"
            "Error = ValueError\n"
            "class Own(Error): ...\n"
        ),
    )
    assert outside(project, "a.N") == {
        "pydantic.BaseModel",
        "typing.Generic",
        "builtins.Exception",
    }
    assert outside(project, "a.C") == {"unittest.TestCase"}
    assert outside(project, "a.Color") == {"enum.Enum"}
    assert outside(project, "a.P") == {"typing.Protocol"}
    assert outside(project, "a.Own") == {"builtins.ValueError"}


def test_what_cannot_be_known_is_told(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "broken.py": "class (\n",
            "open.py": "def __getattr__(name): ...\n",
            "a.py": (
                "import broken, open\n"
                "from somewhere import *\n"
                "def make(): ...\n"
                "Made = make()\n"
                "class A(broken.Base): ...\n"
                "class B(open.Base): ...\n"
                "class C(Stranger): ...\n"
                "class D(make()): ...\n"
                "class E(Made): ...\n"
                "class F((A if A else B)): ...\n"
                "class G(open.Base, A): ...\n"
                "H = type('H', A.__bases__, {})\n"
            ),
            "gone.py": "from a import Nothing\nclass A(Nothing): ...\nclass B(unbound): ...\n",
        },
    )
    project = project_at(tmp_path)

    def unknown(dotted: str) -> list[tuple[str, str]]:
        return sorted(project.classes.ancestry(only(project, dotted)).unknown)

    assert unknown("a.A") == [("unreadable", "broken.py")]
    assert unknown("a.B") == [("undecidable", "open.Base")]
    assert unknown("a.C") == [("outside", "somewhere.*")]
    assert unknown("a.F") == [("undecidable", "a.F")]
    assert unknown("a.G") == [("undecidable", "open.Base"), ("unreadable", "broken.py")]
    assert unknown("a.H") == [("undecidable", "a.H")]
    assert unknown("gone.A") == [("outside", "somewhere.*")]
    assert unknown("gone.B") == [("missing name", "gone.unbound")]
    for name, other in (("a.D", "a.make"), ("a.E", "a.Made")):
        ancestry = project.classes.ancestry(only(project, name))
        assert [origin.dotted for origin in ancestry.others] == [other]
    assert project.unreadable == {"broken.py"}


def test_a_parameter_is_not_the_name_around_it(tmp_path: Path) -> None:
    project = made(
        tmp_path,
        a="class Base: ...\ndef make(Base, *other):\n    class Made(Base): ...\n    return Made\n",
    )
    made_there = project.facts_at("a.py").definitions[-1]
    ancestry = project.classes.ancestry(project.classes.of("a.py", made_there))
    assert ancestry.classes == ()
    assert ancestry.unknown == {DeadEnd("undecidable", "a.Base")}


def test_every_branch_counts_and_only_what_all_share_is_certain(tmp_path: Path) -> None:
    project = made(
        tmp_path,
        a=(
            "import sys\n"
            "from typing import TYPE_CHECKING\n"
            "class One: ...\n"
            "class Two(One): ...\n"
            "class Three: ...\n"
            "if TYPE_CHECKING:\n"
            "    Base = Two\n"
            "else:\n"
            "    Base = Three\n"
            "class Either(Base, One): ...\n"
            "if sys.platform == 'win32':\n"
            "    class Twice(Two): ...\n"
            "else:\n"
            "    class Twice(Three): ...\n"
            "class OfTwice(Twice): ...\n"
            "try:\n"
            "    from pydantic import BaseModel\n"
            "except ImportError:\n"
            "    BaseModel = object\n"
            "class Model(BaseModel): ...\n"
            "try:\n"
            "    Kept = Two\n"
            "except ImportError:\n"
            "    class Kept: ...\n"
            "class Keeps(Kept): ...\n"
        ),
    )
    either = project.classes.ancestry(only(project, "a.Either"))
    assert {c.origin.name for c in either.classes} == {"Two", "Three", "One"}
    assert either.certain == {Origin("a.py", "a", "One")}
    twice = project.classes.at(Origin("a.py", "a", "Twice"))
    assert [c.definition.bases for c in twice] == [("Two",), ("Three",)]
    of_twice = project.classes.ancestry(only(project, "a.OfTwice"))
    assert {c.origin.name for c in of_twice.classes} == {"Twice", "One", "Two", "Three"}
    assert of_twice.certain == frozenset()
    model = project.classes.ancestry(only(project, "a.Model"))
    assert model.outside == {"pydantic.BaseModel", "builtins.object"}
    assert ancestors(project, "a.Keeps") == ["a.Two", "a.One"]


def test_rebinding_a_name_to_a_subclass_of_itself_ends(tmp_path: Path) -> None:
    project = made(
        tmp_path,
        a="class A: ...\nclass A(A): ...\nfrom b import B\nclass B(B): ...\nclass C(D): ...\nclass D(C): ...\n",
        b="import a\nclass B(a.B): ...\n",
    )
    second = project.classes.at(Origin("a.py", "a", "A"))[1]
    assert project.classes.at(Origin("a.py", "a", "A"))[0] in (
        project.classes.ancestry(second).classes
    )
    (loop,) = project.classes.at(Origin("b.py", "b", "B"))
    assert {c.origin.dotted for c in project.classes.ancestry(loop).classes} == {"a.B"}
    # C's base is not bound yet where it is used.
    assert ancestors(project, "a.D") == ["a.C"]
    assert project.classes.ancestry(only(project, "a.C")).unknown == {
        DeadEnd("missing name", "a.D")
    }


def test_a_hierarchy_may_be_deeper_than_pythons_stack(tmp_path: Path) -> None:
    depth = 3000
    lines = ["class C0: ...\n", *(f"class C{i}(C{i - 1}): ...\n" for i in range(1, depth))]
    project = made(tmp_path, deep="".join(lines))
    assert len(ancestors(project, f"deep.C{depth - 1}")) == depth - 1


def test_diamonds_on_diamonds_take_no_more_time_than_there_are_classes(tmp_path: Path) -> None:
    lines = ["class T0: ...\n"]
    for i in range(1, 60):
        lines.append(f"class L{i}(T{i - 1}): ...\nclass R{i}(T{i - 1}): ...\n")
        lines.append(f"class T{i}(L{i}, R{i}): ...\n")
    project = made(tmp_path, a="".join(lines))
    assert len(ancestors(project, "a.T59")) == 3 * 59


def test_contradicting_bases_are_ancestors_all_the_same(tmp_path: Path) -> None:
    project = made(tmp_path, a="class A: ...\nclass B(A): ...\nclass C(A, B): ...\n")
    assert ancestors(project, "a.C") == ["a.B", "a.A"]


def test_members_come_with_the_class_that_provides_them(tmp_path: Path) -> None:
    project = made(
        tmp_path,
        a=(
            "import os\n"
            "class Base:\n"
            "    limit: int = 3\n"
            "    def __init__(self):\n"
            "        self.items = []\n"
            "    def send(self, message): ...\n"
            "    async def close(self): ...\n"
            "class Side:\n"
            "    def close(self): ...\n"
            "    def aside(self): ...\n"
            "class Child(Base, Side):\n"
            "    from os import path as where\n"
            "    class Config: ...\n"
            "    def send(self, user, message): ...\n"
            "    stop = send\n"
            "    if os:\n"
            "        def maybe(self): ...\n"
            "    else:\n"
            "        def maybe(self, other): ...\n"
        ),
    )
    members = project.classes.members(only(project, "a.Child"))
    owners = {name: {m.owner.origin.name for m in found} for name, found in members.items()}
    assert owners == {
        "where": {"Child"},
        "Config": {"Child"},
        "send": {"Child"},
        "stop": {"Child"},
        "maybe": {"Child"},
        "limit": {"Base"},
        "__init__": {"Base"},
        "items": {"Base"},
        "close": {"Base"},
        "aside": {"Side"},
    }
    kinds = {name: [type(m.fact) for m in found] for name, found in members.items()}
    assert kinds["where"] == [Import]
    assert kinds["Config"] == [Definition]
    assert Alias in kinds["stop"]
    assert kinds["maybe"] == [Function, Function]
    assert kinds["limit"] == kinds["items"] == [Assignment]
    (close,) = members["close"]
    assert isinstance(close.fact, Function)
    assert close.fact.is_async


def test_classes_of_one_name_in_branches_keep_their_own_bodies(tmp_path: Path) -> None:
    project = made(
        tmp_path,
        a=(
            "if x:\n    class A:\n        def one(self): ...\n"
            "else:\n    class A:\n        def two(self): ...\n"
        ),
    )
    found = project.classes.at(Origin("a.py", "a", "A"))
    assert [sorted(project.classes.own(cls)) for cls in found] == [["one"], ["two"]]


@st.composite
def hierarchies(draw: st.DrawFn) -> list[list[int]]:
    """For each class the numbers of its bases, all smaller."""
    bases: list[list[int]] = []
    for number in range(draw(st.integers(1, 8))):
        earlier = st.integers(0, number - 1) if number else st.nothing()
        bases.append(draw(st.lists(earlier, max_size=3, unique=True)) if number else [])
    return bases


def source(bases: list[list[int]]) -> str:
    return "".join(
        f"class C{number}({', '.join(f'C{base}' for base in each)}):\n"
        f"    def m{number}(self): ...\n"
        f"    def shared{number % 2}(self): ...\n"
        for number, each in enumerate(bases)
    )


def without_contradictions(bases: list[list[int]]) -> Iterator[tuple[int, type]]:
    """The classes as Python makes them, up to the first one that it refuses."""
    built: list[type] = []
    for number, each in enumerate(bases):
        try:
            built.append(type(f"C{number}", tuple(built[base] for base in each), {}))
        except TypeError:
            return
        yield number, built[-1]


@settings(max_examples=150, deadline=None)
@given(hierarchies())
def test_ancestors_and_owners_of_members_are_those_of_python(
    tmp_path_factory: pytest.TempPathFactory, bases: list[list[int]]
) -> None:
    folder = tmp_path_factory.mktemp("classes")
    possible = list(without_contradictions(bases))
    project = made(folder, a=source(bases[: len(possible)]))
    for number, cls in possible:
        found = ancestors(project, f"a.C{number}")
        mro = [f"a.{base.__name__}" for base in cls.__mro__[1:-1]]
        assert found == mro
        members = project.classes.members(only(project, f"a.C{number}"))
        owners = {name: only.owner.origin.name for name, (only,) in members.items()}
        every = [number, *(int(name[3:]) for name in mro)]
        nearest = {f"shared{each % 2}": f"C{each}" for each in reversed(every)}
        assert owners == {**nearest, **{f"m{each}": f"C{each}" for each in every}}


def test_classes_of_a_real_package_inherit_as_python_says() -> None:
    package = f"ssot_classes_{next(COUNTER)}"
    with importable(package) as root:
        write(
            root,
            {
                f"{package}/__init__.py": "from .one import *\nfrom . import two\n",
                f"{package}/one.py": "__all__ = ['A', 'B']\nclass A: ...\nclass B(A): ...\nclass _H(B): ...\n",
                f"{package}/two.py": (
                    "from . import A as Top\n"
                    "from .one import _H, B\n"
                    "class C(Top):\n"
                    "    class D(B): ...\n"
                    "class E(C.D, _H): ...\n"
                    "class F(C, E): ...\n"
                ),
            },
        )
        project = project_at(root)
        two = importlib.import_module(f"{package}.two")
        for cls in (two.C, two.C.D, two.E, two.F):
            expected = [f"{c.__module__}.{c.__qualname__}" for c in cls.__mro__[1:-1]]
            assert ancestors(project, f"{package}.two.{cls.__qualname__}") == expected
