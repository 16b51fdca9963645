"""The trees that are judged, each with the settings of every tool for the same question."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from benchmarks import concept, monorepo, question
from benchmarks.monorepo import PACKAGES
from benchmarks.question import RULES_FILE

_EDITED = 20


@dataclass(frozen=True, slots=True)
class Tree:
    """A folder of Python files; `paths` are theirs, relative to it, `size` their bytes."""

    name: str
    root: Path
    paths: tuple[str, ...]
    size: int
    words: tuple[str, ...]

    def touch(self, round_: int) -> None:
        """Gives every file another time of change, as a fresh checkout does."""
        changed = monorepo.MTIME + 3600 * (round_ + 1)
        for path in self.paths:
            os.utime(self.root / path, (changed, changed))

    def edit(self, round_: int) -> None:
        """Appends a line to twenty files from all over the tree."""
        for path in self.paths[:: max(1, len(self.paths) // _EDITED)][:_EDITED]:
            with open(self.root / path, "a", encoding="utf-8") as file:
                file.write(f"# edited in round {round_}\n")


def tree_of(name: str, root: Path) -> Tree:
    """The tree in a folder that holds a rules file; writes the peers' settings beside it."""
    asked = question.question_of(root / RULES_FILE)
    (root / "ruff.toml").write_text(question.ruff(asked))
    (root / "flake8.cfg").write_text(question.flake8(asked))
    paths = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))
    size = sum((root / path).stat().st_size for path in paths)
    return Tree(name, root, tuple(paths), size, asked.words)


def make_monorepo(folder: Path, files: int, seed: int) -> tuple[Tree, monorepo.Monorepo]:
    made = monorepo.generate(folder, files, seed)
    return tree_of("monorepo", folder), made


def packages_of(tree: Tree, made: monorepo.Monorepo, folder: Path) -> Tree:
    """The importable part of a monorepo, as import-linter can read it.

    It refuses to work if one file does not parse, so those are empty here.
    """
    _copy(tree, (path for path in tree.paths if path.startswith(PACKAGES)), folder)
    for path in made.broken:
        if path.startswith(PACKAGES):
            (folder / path).write_text("")
    app = "harbor_api.app"
    # A package that holds the old module is passed over, so its parts are named one by one.
    sources = ("harbor_api.*", f"{app}.*", f"{concept.LIVE}.*", *PACKAGES[1:])
    text = question.importlinter(PACKAGES, sources, concept.OLD, [concept.HOME])
    (folder / ".importlinter").write_text(text)
    return tree_of("packages", folder)


def sample_of(tree: Tree, folder: Path, files: int) -> Tree:
    """Some files from all over a monorepo, for tools that are too slow for all of it."""
    core = {path for path in tree.paths if path.startswith("harbor_api/app/live/")}
    chosen = core.union(tree.paths[:: max(1, len(tree.paths) // files)])
    folders = {str(folder) for path in chosen for folder in PurePosixPath(path).parents}
    markers = {path for path in tree.paths if path.endswith("__init__.py")}
    chosen |= {path for path in markers if str(PurePosixPath(path).parent) in folders}
    _copy(tree, sorted(chosen), folder)
    return tree_of("sample", folder)


def one_file_of(tree: Tree, made: monorepo.Monorepo) -> Tree:
    """The same folder, but of interest is one file of ordinary size that imports the old path."""
    statement = f"\nfrom {concept.OLD} import".encode()
    paths = {path for path in tree.paths if path.startswith(PACKAGES)}.difference(made.broken)
    texts = {path: (tree.root / path).read_bytes() for path in sorted(paths)}
    # Above the first definition, because further down it may stand in a string.
    holding = [path for path in texts if statement in texts[path].partition(b"\n\n\n")[0]]
    path = min(holding or texts, key=lambda path: abs(len(texts[path]) - 20_000))
    return replace(tree, name="one file", paths=(path,), size=len(texts[path]))


def copy_of(name: str, source: Path, rules: Path, folder: Path) -> Tree:
    """A tree from elsewhere, which may be changed here."""
    shutil.copytree(source, folder)
    shutil.copy(rules, folder / RULES_FILE)
    return tree_of(name, folder)


def _copy(tree: Tree, paths: Iterable[str], folder: Path) -> None:
    for path in [RULES_FILE, *paths]:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(tree.root / path, target)
