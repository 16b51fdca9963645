"""Whether a class inherits from another: the facts first, and inference only where it decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.inference import Inferred
from ssot_lint.project import Inherits, Project
from ssot_lint.project.inheritance import Inheritance
from tests.project.test_classes import made, only

SOURCE = """\
import unittest, vendor, lib
from vendor import *
from vendor import Model as VendorModel
class Base: ...
class Near(Base): ...
class Far(Near, dict): ...
class Case(unittest.TestCase): ...
class Async(unittest.IsolatedAsyncioTestCase): ...
class Plain: ...
class Model(VendorModel): ...
class Given(vendor.with_base(Base)): ...
class Local(vendor.local): ...
def make(cls): return cls
class Made(make(Base)): ...
class Loose((Plain if Base else Base)): ...
Made2 = make(Base)
class OfMade(Made2): ...
if Base:
    Either = Base
else:
    Either = Plain
class Maybe(Either): ...
class Sure(Either, Base): ...
class MyError(LookupError): ...
class Bound(lib.Thing): ...
def local():
    class Inside(make(Base)): ...
"""

CLASS = Inferred("class", ("vendor.threads.local", "builtins.object"), True)
KNOWN = {
    "vendor.local": CLASS,
    "vendor.Model": Inferred("class", ("vendor.models.Model", "vendor.models.Root"), True),
    "vendor.Root": Inferred("class", ("vendor.models.Root",), True),
    "vendor.with_base": Inferred("function", ("vendor.with_base",), True),
    "unittest.IsolatedAsyncioTestCase": Inferred(
        "class", ("unittest.async_case.IsolatedAsyncioTestCase", "unittest.case.TestCase"), True
    ),
    "unittest.TestCase": Inferred("class", ("unittest.case.TestCase",), True),
    "lib.Thing": Inferred("class", ("lib.Thing",), False),
    "a.Made": Inferred("class", ("a.Made", "a.Base"), True),
    "a.Loose": Inferred("class", ("a.Loose", "a.Plain"), True),
}


class Asked:
    """Answers from `KNOWN`, and remembers the questions."""

    def __init__(self) -> None:
        self.questions: list[str] = []

    def infer(self, dotted: str) -> Inferred | None:
        self.questions.append(dotted)
        return KNOWN.get(dotted)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return made(tmp_path, a=SOURCE)


NO, YES, MAYBE = Inherits("no"), Inherits("yes"), Inherits("maybe")


@pytest.mark.parametrize(
    ("cls", "base", "answer", "questions"),
    [
        ("Near", "a.Base", YES, []),
        ("Far", "a.Base", YES, []),
        ("Far", "a.Near", YES, []),
        ("Base", "a.Base", NO, []),
        ("Plain", "a.Base", NO, []),
        ("Plain", "vendor.Model", NO, []),
        # No library inherits from the project.
        ("Case", "a.Base", NO, []),
        ("Far", "dict", YES, []),
        ("Far", "builtins.dict", YES, []),
        ("Far", "collections.abc.Mapping", NO, []),
        ("MyError", "Exception", YES, []),
        ("MyError", "KeyError", NO, []),
        ("Case", "unittest.TestCase", YES, []),
        (
            "Case",
            "unittest.case.TestCase",
            YES,
            ["unittest.TestCase"],
        ),
        (
            "Async",
            "unittest.TestCase",
            YES,
            ["unittest.IsolatedAsyncioTestCase", "unittest.TestCase"],
        ),
        ("Model", "vendor.Root", YES, ["vendor.Model", "vendor.Root"]),
        # Another package, all of whose ancestors are known.
        ("Model", "absent.Thing", NO, ["vendor.Model", "absent.Thing"]),
        # The same package: it may have another name there.
        ("Model", "vendor.Other", Inherits("unknown", ("vendor.Model",)), None),
        ("Bound", "vendor.Root", Inherits("unknown", ("lib.Thing",)), None),
        # A function may give back what it was given; a class does not.
        ("Given", "a.Base", Inherits("unknown", ("vendor.with_base",)), None),
        ("Local", "a.Base", NO, ["vendor.local"]),
        ("Made", "a.Base", YES, None),
        ("Loose", "a.Base", NO, None),
        ("OfMade", "a.Base", Inherits("unknown", ("a.Made2",)), None),
        ("OfMade", "a.Made2", YES, []),
        ("Maybe", "a.Base", MAYBE, []),
        ("Maybe", "a.Near", NO, []),
        ("Sure", "a.Base", YES, []),
    ],
)
def test_answers_and_what_was_asked_for_them(
    project: Project, cls: str, base: str, answer: Inherits, questions: list[str] | None
) -> None:
    asked = Asked()
    inheritance = Inheritance(project._resolver, project.classes, asked.infer)
    assert inheritance.inherits(only(project, f"a.{cls}"), base) == answer
    if questions is not None:
        assert asked.questions == questions


def test_a_class_in_a_function_cannot_be_asked_about(project: Project) -> None:
    asked = Asked()
    inheritance = Inheritance(project._resolver, project.classes, asked.infer)
    inside = project.classes.of("a.py", project.facts_at("a.py").definitions[-1])
    assert inside.origin.name == "local.<locals>.Inside"
    assert inheritance.inherits(inside, "a.Base") == Inherits("unknown", ("a.make",))
    assert asked.questions == []


def test_the_real_inference_knows_the_standard_library(tmp_path: Path) -> None:
    source = "import unittest, enum\nclass A(unittest.IsolatedAsyncioTestCase): ...\nclass B(enum.IntEnum): ...\n"
    project = made(tmp_path, a=source)
    assert project.inherits(only(project, "a.A"), "unittest.TestCase") == YES
    assert project.inherits(only(project, "a.B"), "unittest.TestCase") == NO
    assert project.inherits(only(project, "a.B"), "int") == YES
