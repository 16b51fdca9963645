"""Real programs, as a developer's shell or a CI job runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.git_repository import ENVIRONMENT

PROJECT = Path(__file__).parents[2]

# The `ssot-lint` and `pre-commit` of the environment that runs the tests come first.
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


class Ran(NamedTuple):
    """The exit code and what a terminal would have shown."""

    code: int
    shown: str


def shell(command: str, folder: Path, environment: Mapping[str, str] | None = None) -> Ran:
    """A shell command, as GitHub's runner gives it to bash."""
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
        cwd=folder,
        env={**ENVIRONMENT, "PATH": PATH, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout)
