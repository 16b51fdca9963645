"""The README is true: its commands run, one after the other, and print what it shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

REPOSITORY = Path(__file__).parents[1]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


class Step(NamedTuple):
    """A command of a ``console`` block, and the output shown below it."""

    command: str
    output: str

    @property
    def installs(self) -> bool:
        return "pip install" in self.command


def steps(markdown: str) -> list[Step]:
    found = []
    for block in re.findall(r"^```console\n(.*?)^```$", markdown, re.DOTALL | re.MULTILINE):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append(Step(command, output))
    return found


def shows(shown: str, printed: str) -> bool:
    """Whether `printed` is what the README shows; a line ``...`` stands for any lines."""
    parts = re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE)
    return re.fullmatch(".*".join(map(re.escape, parts)), printed, re.DOTALL) is not None


def run(step: Step, folder: Path) -> str:
    """What a terminal would show of `step`."""
    here = Path(sys.executable).parent
    environment = {
        **os.environ,
        "PATH": f"{here}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
    }
    finished = subprocess.run(
        ["bash", "-c", step.command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return finished.stdout


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        pytest.param("a\n", "a\n", True, id="the same"),
        pytest.param("a\n", "a\nb\n", False, id="more was printed"),
        pytest.param("a\n...\nd\n", "a\nb\nc\nd\n", True, id="lines left out"),
        pytest.param("...\nd\n", "d\n", True, id="no line left out"),
        pytest.param("a.c\n", "abc\n", False, id="no expression"),
    ],
)
def test_how_outputs_are_compared(shown: str, printed: str, same: bool) -> None:
    assert shows(shown, printed) is same


def test_the_first_hour_goes_as_told(tmp_path: Path) -> None:
    folder = tmp_path / "chat_app"
    shutil.copytree(
        REPOSITORY / "examples" / "chat_app", folder, ignore=shutil.ignore_patterns("__pycache__")
    )
    told = [step for step in steps(README) if not step.installs]
    assert len(told) > 5
    for step in told:
        printed = run(step, folder)
        assert shows(step.output, printed), f"$ {step.command}\n{printed}"


@pytest.mark.slow
@pytest.mark.parametrize(
    "step", [pytest.param(s, id=s.command) for s in steps(README) if s.installs]
)
def test_what_installs_works_on_a_bare_machine(tmp_path: Path, step: Step) -> None:
    """With nothing but this interpreter and a package index; what is not tracked is left out."""
    clone = tmp_path / "clone"
    shutil.copytree(
        REPOSITORY,
        clone,
        ignore=shutil.ignore_patterns(
            ".*_cache", ".git", ".tox", ".venv*", "*.egg-info", "mutants"
        ),
    )
    printed = run(step, clone)
    assert shows(step.output, printed), printed
