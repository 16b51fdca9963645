"""The tools that plan and rewrite moves, as commands, and the sections in which they compete."""

from __future__ import annotations

import importlib.util
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.answers import Answer
from benchmarks.plan import Caches
from benchmarks.question import RULES_FILE
from benchmarks.section import Section
from benchmarks.tools import Case, Command, MissingToolError, required
from benchmarks.trees import Tree

GRAPH, CHECK, PLAN = "ruff analyze graph", "ssot-lint check", "ssot-lint plan"
FIRST_PLAN = f"{PLAN}, the first one"
NEXT = "ssot-lint migrate --apply --next"
LIBCST, REORDER = "LibCST rename", "reorder-python-imports"
MOVE = "ssot-lint migrate"
COLD_MOVE = f"{MOVE}, no cache"

_NOTHING: Command = ("true",)


@dataclass(frozen=True, slots=True)
class Move:
    """A name that moves from one module to another."""

    old: str
    new: str
    name: str

    @property
    def paths(self) -> tuple[str, str]:
        return f"{self.old}.{self.name}", f"{self.new}.{self.name}"


DJANGO = Move("django.utils.functional", "django.utils.caching", "cached_property")
"""Imported by a tenth of Django's files; only `django.conf.settings` is by more."""


def planning(tree: Tree, caches: Caches, rounds: int) -> Iterator[Section]:
    """Who imports whom, and in which order that is rewritten; of the latter there is no peer."""
    memory, first = caches.new(), caches.new()
    plan, first_plan = ((*_plan(cache), "--dry-run") for cache in (memory, first))
    check = _check(first)
    renewed = f"rm -rf {shlex.quote(str(first))} && {shlex.join(check)}"
    cases = (
        Case(GRAPH, (required("ruff"), "analyze", "graph", "--isolated", ".")),
        _checking(caches),
        Case(PLAN, plan, cache=memory),
        Case(FIRST_PLAN, first_plan, cache=first, primer=check, reset=("sh", "-c", renewed)),
    )
    yield Section(tree, "warm", cases, rounds, GRAPH)


def applying(tree: Tree, caches: Caches, rounds: int) -> Iterator[Section]:
    """The next batch of a plan that was made before, with the checks before and after it."""
    cache = caches.new()
    file = str(cache / "plan.yml")
    ours = (required("ssot-lint"), "migrate", "--apply", "--next", "--quiet", "--plan", file)
    undone = ((required("ssot-lint"), "rollback"), (required("ssot-lint"), "migrate", "finish"))
    undo = " && ".join(shlex.join((*each, "--rules", RULES_FILE)) for each in undone)
    primer = (*_plan(cache), "--force", "--output", file)
    batch = Case(NEXT, (*ours, *_remembering(cache)), None, cache, None, primer, ("sh", "-c", undo))
    yield Section(tree, "warm", (_checking(caches), batch), rounds, CHECK)


def renaming(tree: Tree, move: Move, caches: Caches, rounds: int) -> Iterator[Section]:
    """One name that moves. The peers get only the files that hold it, and are not verified.

    reorder-python-imports writes, where the others print; its files are restored after each run.
    """
    spare = caches.new()
    holding = [path for path in tree.paths if move.name.encode() in (tree.root / path).read_bytes()]
    for path in holding:
        target = spare / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(tree.root / path, target)
    cases = (
        Case(LIBCST, _libcst(move, holding), _changed, primer=_NOTHING),
        Case(
            REORDER,
            _reorder(move, holding),
            primer=_NOTHING,
            reset=("cp", "-a", f"{spare}/.", "."),
        ),
        Case(COLD_MOVE, (*_migrate(move), "--no-cache"), _changed, primer=_NOTHING),
        _moving(move, caches.new()),
    )
    yield Section(tree, "warm", cases, rounds, LIBCST)


def django(folder: Path, source: Path) -> Tree:
    """A copy of Django, in `source`, that has a home for what moves."""
    shutil.copytree(source, folder)
    home = folder / f"{DJANGO.new.replace('.', '/')}.py"
    home.write_text(f"class {DJANGO.name}: ...\n")
    return tree_of("django", folder)


def tree_of(name: str, folder: Path) -> Tree:
    """A folder without rules."""
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))
    size = sum((folder / path).stat().st_size for path in paths)
    return Tree(name, folder, tuple(paths), size, ())


def _remembering(cache: Path) -> Command:
    return ("--rules", RULES_FILE, "--cache-dir", str(cache))


def _check(cache: Path) -> Command:
    options = ("--quiet", "--exit-zero", "--no-baseline")
    return (required("ssot-lint"), "check", *options, *_remembering(cache))


def _checking(caches: Caches) -> Case:
    cache = caches.new()
    return Case(CHECK, _check(cache), cache=cache)


def _plan(cache: Path) -> Command:
    return (required("ssot-lint"), "plan", *_remembering(cache))


def _migrate(move: Move) -> Command:
    old, new = move.paths
    return (required("ssot-lint"), "migrate", "--quiet", "--from", old, "--to", new)


def _moving(move: Move, cache: Path) -> Case:
    return Case(MOVE, (*_migrate(move), "--cache-dir", str(cache)), _changed, cache)


def _libcst(move: Move, paths: Sequence[str]) -> Command:
    if importlib.util.find_spec("libcst") is None:
        raise MissingToolError("libcst")
    names = ("--old_name", move.paths[0], "--new_name", f"{move.new}:{move.name}")
    how = ("--hide-progress", "--no-format", "--unified-diff=3")
    codemod = (sys.executable, "-m", "libcst.tool", "codemod", *how, "rename.RenameCommand")
    return (*codemod, *names, *paths)


def _reorder(move: Move, paths: Sequence[str]) -> Command:
    replaced = f"{move.old}={move.new}:{move.name}"
    return (required("reorder-python-imports"), "--replace-import", replaced, *paths)


def _changed(output: str, _root: Path) -> Answer:
    """The files of a unified diff."""
    return Answer(sum(line.startswith("+++ ") for line in output.splitlines()), "files")
