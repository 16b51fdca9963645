"""The ignore files of a repository that are about what lies below a folder."""

from __future__ import annotations

import os
from functools import lru_cache

from ssot_lint.globs import Globs

Ignores = tuple[tuple[int, Globs], ...]
"""Ignore files, nearest first: how much of a path from the repository's top leads to each."""


def ignores_above(root: str) -> tuple[str, Ignores]:
    """The way from the repository's top to `root` ("" or ending in a slash), and its ignore files.

    The root's own ``.gitignore`` is not among them.
    """
    top = root
    while not os.path.lexists(os.path.join(top, ".git")):
        above = os.path.dirname(top)
        if above == top:
            return "", ()
        top = above
    ignores = [(0, read_ignores(os.path.join(_git_folder(top), "info", "exclude")))]
    way = [] if top == root else os.path.relpath(root, top).split(os.sep)
    for depth in range(len(way)):
        cut = sum(len(part) + 1 for part in way[:depth])
        ignores.append((cut, read_ignores(os.path.join(top, *way[:depth], ".gitignore"))))
    prefix = "".join(f"{part}/" for part in way)
    return prefix, tuple((cut, globs) for cut, globs in reversed(ignores) if globs.lines)


def _git_folder(top: str) -> str:
    """Where the repository of the work tree `top` keeps what all of its work trees share.

    In a linked work tree or a submodule ``.git`` is a file that leads there, by the rules of
    gitrepository-layout(5).
    """
    folder = os.path.join(top, ".git")
    folder = os.path.join(top, _first_line(folder).removeprefix("gitdir: ") or folder)
    return os.path.join(folder, _first_line(os.path.join(folder, "commondir")))


def _first_line(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as lines:
            return lines.readline().rstrip("\n")
    except OSError:
        return ""


def read_ignores(path: str) -> Globs:
    """The globs of an ignore file; as for git, one that cannot be read holds none."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return Globs()
    return _ignores_in(os.fsdecode(data))


@lru_cache(maxsize=64)
def _ignores_in(text: str) -> Globs:
    # Parsed once: a linter that is handed one file at a time asks again for each.
    return Globs.of_gitignore(text)
