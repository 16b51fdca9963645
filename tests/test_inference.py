"""What inference tells, against the standard library and small packages, and its limits of time."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import OrderedDict
from pathlib import Path

import pytest

from ssot_lint.inference import PER_QUESTION, Inference, Inferred
from tests.project.test_resolver import write


def names(cls: type) -> set[str]:
    return {f"{base.__module__}.{base.__qualname__}" for base in cls.__mro__}


def test_a_class_comes_with_its_ancestors_as_python_has_them() -> None:
    import argparse
    import unittest

    inference = Inference()
    for path, cls in (
        ("unittest.IsolatedAsyncioTestCase", unittest.IsolatedAsyncioTestCase),
        ("argparse.RawTextHelpFormatter", argparse.RawTextHelpFormatter),
        ("collections.OrderedDict", OrderedDict),
        ("builtins.KeyError", KeyError),
    ):
        found = inference.infer(path)
        assert found is not None
        assert (found.what, found.complete) == ("class", True)
        assert {*found.names, "builtins.object"} == names(cls)
        assert found.names[0] == f"{cls.__module__}.{cls.__qualname__}"


def test_what_a_call_returns_and_what_functions_and_modules_are(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "ssot_inferred/__init__.py": "",
            "ssot_inferred/base.py": "class Base: ...\n",
            "ssot_inferred/made.py": (
                "from ssot_inferred.base import Base\n"
                "def given(cls):\n    return cls\n"
                "def made():\n    class Made(Base): ...\n    return Made\n"
                "class Child(given(Base)): ...\n"
                "Made = made()\n"
                "instance = Child()\n"
                "class Open(unknown): ...\n"
                "Late = None\n"
                "class Late(Base): ...\n"
            ),
        },
    )
    inference = Inference([str(tmp_path)])
    base, made = "ssot_inferred.base.Base", "ssot_inferred.made"
    assert inference.infer(f"{made}.Child") == Inferred("class", (f"{made}.Child", base), True)
    assert inference.infer(f"{made}.Made") == Inferred("class", (f"{made}.made.Made", base), True)
    assert inference.infer(f"{made}.instance") == Inferred(
        "instance", (f"{made}.Child", base), True
    )
    assert inference.infer(f"{made}.given") == Inferred("function", (f"{made}.given",), True)
    assert inference.infer(f"{made}.Open") == Inferred("class", (f"{made}.Open",), False)
    assert inference.infer(f"{made}.Late") == Inferred("class", (f"{made}.Late", base), True)
    assert inference.infer(made) == Inferred("other", (), True)
    sources = {Path(source).name for source in inference.sources if str(tmp_path) in source}
    assert sources >= {"base.py", "made.py"}
    assert not inference.hurried


@pytest.mark.parametrize(
    "path", ["no_such_package.Thing", "unittest.NoSuchThing", "unittest.TestCase.none", ""]
)
def test_what_is_not_there_is_unknown(path: str) -> None:
    assert Inference().infer(path) is None


def test_a_source_that_does_not_parse_is_unknown_and_harms_nothing(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"ssot_broken.py": "class (\n", "ssot_deep.py": f"A = {'-' * 50_000}1\n"},
    )
    inference = Inference([str(tmp_path)])
    assert inference.infer("ssot_broken.A") is None
    assert inference.infer("ssot_deep.A") is None
    assert {str(tmp_path / "ssot_broken.py"), str(tmp_path / "ssot_deep.py")} <= inference.sources
    assert inference.infer("unittest.TestCase") is not None


def test_sources_are_never_run(tmp_path: Path) -> None:
    mark = tmp_path / "run"
    write(tmp_path, {"ssot_run.py": f"open({str(mark)!r}, 'w')\nclass A: ...\n"})
    found = Inference([str(tmp_path)]).infer("ssot_run.A")
    assert found == Inferred("class", ("ssot_run.A",), True)
    assert not mark.exists()


@pytest.mark.slow
def test_a_question_that_takes_too_long_is_unknown_and_the_next_one_is_answered(
    tmp_path: Path,
) -> None:
    values = "".join(f"x{n} = [{n}, [{n}]]\n" for n in range(400_000))
    write(tmp_path, {"ssot_slow.py": f"class A: ...\n{values}"})
    inference = Inference([str(tmp_path)], per_question=4.0)
    began = time.monotonic()
    assert inference.infer("ssot_slow.A") is None
    assert time.monotonic() - began < 6.0
    assert inference.infer("unittest.TestCase") is not None


def test_a_process_that_does_not_start_in_time_is_no_answer() -> None:
    inference = Inference(per_question=0.001)
    began = time.monotonic()
    assert inference.infer("unittest.TestCase") is None
    assert time.monotonic() - began < PER_QUESTION
    assert inference.hurried


def test_when_the_time_of_the_run_is_over_nothing_is_asked_any_more() -> None:
    inference = Inference(per_run=0.0)
    assert inference.infer("unittest.TestCase") is None
    assert inference.hurried
    spent = Inference(per_question=0.01, per_run=0.02)
    for number in range(20):
        assert spent.infer(f"unittest.TestCase.{number}") is None
    began = time.monotonic()
    assert spent.infer("unittest.TestCase") is None
    assert time.monotonic() - began < 0.005


def test_the_process_ends_with_the_questions() -> None:
    inference = Inference()
    inference.infer("unittest.TestCase")
    worker = inference._worker
    assert worker is not None
    process = worker.stop.peek()[2][0]  # type: ignore[index]
    assert process.poll() is None
    del worker, inference
    assert process.poll() is not None


def test_nothing_imports_astroid_before_a_question() -> None:
    code = "import sys, ssot_lint.cli.check, ssot_lint.rules; assert 'astroid' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
