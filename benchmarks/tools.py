"""The tools, as commands: each answers the question about the tree that it is started in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.answers import Reader, chains, files, statements
from benchmarks.question import EVERY_RULES_FILE, RULES_FILE

IMPORTS = ("legacy-import", "forbidden-module")
CLASSES = (*IMPORTS, "duplicate-definition")
FIVE = (*CLASSES, "divergent-name", "legacy-reference")
EVERY = ("every",)
"""Kinds of rules."""

RUFF = "ruff TID251"

Command = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A command to measure.

    `cache` is the folder in which the tool remembers, if it does, and `primer` what it remembers,
    if that is not the command itself. Where `command` is silent, `asked` is the same question, to
    hear the answer. `reset` is run, untimed, after a command that leaves another state behind.
    """

    tool: str
    command: Command
    reader: Reader | None = None
    cache: Path | None = None
    asked: Command | None = None
    primer: Command | None = None
    reset: Command | None = None


class MissingToolError(Exception):
    """A program that the benchmark compares with is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is missing: pip install . -r benchmarks/requirements.txt")


@cache
def program(name: str) -> str | None:
    """The path of a program, beside the running Python if it is there."""
    beside = os.path.dirname(sys.executable)
    return shutil.which(name, path=os.pathsep.join([beside, os.environ.get("PATH", os.defpath)]))


def required(name: str) -> str:
    found = program(name)
    if found is None:
        raise MissingToolError(name)
    return found


def stat_floor() -> Case:
    return Case("walk and stat", _floor("stat"))


def read_floor() -> Case:
    return Case("walk and read", _floor("read"))


def _floor(what: str) -> Command:
    return (sys.executable, "-I", "-S", str(Path(__file__).with_name("floor.py")), what, ".")


def imports_floor() -> Case:
    return Case("python, three imports", (sys.executable, "-c", "import click, yaml, ast"))


def text_search(words: Sequence[str]) -> Case:
    """ripgrep, or grep where it is not installed."""
    patterns = [part for word in words for part in ("-e", word)]
    ripgrep = program("rg")
    if ripgrep is not None:
        command = (ripgrep, "-l", "-F", "--no-ignore", "-g", "*.py", *patterns, ".")
        return Case("ripgrep", command, files)
    return Case("grep", (required("grep"), "-rlF", "--include=*.py", *patterns, "."), files)


def ruff(cache: Path | None, target: str = ".") -> Case:
    """Silent, because a broken file makes it write more about syntax than about anything else."""
    remember = ("--cache-dir", str(cache)) if cache else ("--no-cache",)
    check = (required("ruff"), "check", "--config", "ruff.toml", "--exit-zero", *remember)
    asked = (*check, "--output-format", "concise", target)
    return Case(RUFF, (*check, "--silent", target), statements("TID251"), cache, asked)


@cache
def _tidy_flake8() -> str:
    """The path of a flake8 that has flake8-tidy-imports, without which it would find nothing."""
    found = required("flake8")
    if "flake8-tidy-imports" not in version("flake8"):
        raise MissingToolError("flake8-tidy-imports")
    return found


def version(name: str) -> str:
    """What a program says of its version."""
    command = [required(name), "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


@cache
def ssot_options() -> frozenset[str]:
    """Options of ``ssot-lint check``, as far as the installed version has them."""
    command = [required("ssot-lint"), "check", "--help"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return frozenset(word for word in text.split() if word.startswith("--"))


def ssot(
    kinds: Sequence[str],
    cache: Path | None,
    jobs: int | None = None,
    prefilter: bool = True,
    target: str | None = None,
) -> Case:
    """ssot-lint; `jobs` None are all processes, `cache` None is none, `target` None a full run."""
    names = {IMPORTS: "imports", CLASSES: "+ classes", FIVE: "5 kinds", EVERY: "all 16 kinds"}
    name = names[tuple(kinds)]
    name = f"ssot-lint, {name}" + (f", {jobs} process" if jobs else "")
    command = [required("ssot-lint"), "check", "--quiet", "--exit-zero", "--no-baseline"]
    if kinds == EVERY:
        command += ["--rules", EVERY_RULES_FILE]
    else:
        command += ["--rules", RULES_FILE, *(part for kind in kinds for part in ("--kind", kind))]
    if jobs is not None:
        command += ["--jobs", str(jobs)]
    if not prefilter:
        command.append("--no-prefilter")
        name += ", no pre-filter"
    if cache is not None:
        command += ["--cache-dir", str(cache)]
    elif "--no-cache" in ssot_options():
        command.append("--no-cache")
    whole, part = tuple(command), tuple([target] if target else [])
    primer = whole if part and cache else None
    return Case(name, whole + part, statements("SOT102"), cache, primer=primer)


def import_linter(cache: Path | None) -> Case:
    remember = ("--cache-dir", str(cache)) if cache else ("--no-cache",)
    command = (required("lint-imports"), "--config", ".importlinter", "--no-logo", *remember)
    return Case("import-linter", command, chains, cache)


def flake8(target: str = ".") -> Case:
    """flake8 with neither: the floor of what plugins of it can take."""
    command = (required("flake8"), "--isolated", "--select=E999", target)
    return Case("flake8", command)


def tidy_imports(target: str = ".") -> Case:
    """flake8 with flake8-tidy-imports."""
    command = (_tidy_flake8(), "--config", "flake8.cfg", "--select=I251", target)
    return Case("flake8 tidy-imports", command, statements("I251"))


def plugin(target: str = ".") -> Case:
    """flake8 with ssot-lint."""
    command = (required("flake8"), "--isolated", "--select=SOT", target)
    return Case("flake8 ssot-lint", (*command, "--ssot-rules", RULES_FILE), statements("SOT102"))
