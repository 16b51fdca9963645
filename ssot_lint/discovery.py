"""From a root, globs and ``.gitignore`` files to the files that are judged, and their module names.

Judged are ``*.py`` and ``*.pyi`` and what `include` adds, but for what lies in folders whose names
begin with a dot, what `exclude` takes out, and what the repository's own ignore files ignore:
every ``.gitignore`` from its top down (no links, as for git), and ``.git/info/exclude``. A tree
without a repository starts at the root, so that an exported copy gives the same answer. Ignore
files above the root are asked about what lies below it, never about the root itself.

A link to a file is judged under its own name, because that is a module of its own to Python; links
to folders are not followed. Repositories within the repository are judged like any folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ssot_lint import git
from ssot_lint.errors import UsageError
from ssot_lint.globs import Globs
from ssot_lint.ignores import Ignores, ignores_above, read_ignores
from ssot_lint.model import SourceFile
from ssot_lint.roots import SUFFIXES, module_of, path_below, resolve_roots

_NONE = Globs()

_Wanted = dict[str, "_Wanted | None"]
"""The names to look at in a folder, with those wanted below them (None: everything)."""


class Discovery(NamedTuple):
    """What there is to judge. Paths are POSIX and relative to the root; everything is sorted.

    `roots` are the folders whose children are importable. `unreadable` holds folders and files that
    cannot be read, `passed_over` what was asked for by path and is not judged, both with the
    reason. `idle` holds ``(option, glob)`` for each glob of `exclude` and `include` that decided
    about nothing; it is only known where no paths were asked for.
    """

    files: tuple[SourceFile, ...]
    roots: tuple[str, ...] = (".",)
    unreadable: tuple[tuple[str, str], ...] = ()
    passed_over: tuple[tuple[str, str], ...] = ()
    idle: tuple[tuple[str, str], ...] = ()


def discover(
    root: str,
    roots: Sequence[str] | None,
    *,
    include: Globs = _NONE,
    exclude: Globs = _NONE,
    paths: Sequence[str] | None = None,
) -> Discovery:
    """The files to judge below `root`, an absolute path.

    `roots` as in `resolve_roots`. `paths` are absolute; they filter, and only the folders that lead
    to them are looked into. None, or paths that cover the root, stand for everything. Raises
    UsageError for a path that does not exist or lies outside the root, and for an unusable root.
    """
    root = os.path.normpath(root)
    importable = resolve_roots(root, roots)
    named = None if not paths or covers_root(paths, root) else _named(paths, root)
    walk = _Walk(root, include, exclude)
    walk.run(None if named is None else _wanted(named))
    return Discovery(
        files=tuple(module_of(path, importable) for path in sorted(walk.files)),
        roots=importable,
        unreadable=tuple(sorted(walk.unreadable)),
        passed_over=tuple(_passed_over(named or (), walk.refused)),
        idle=() if named is not None else tuple(walk.idle()),
    )


def locate(
    root: str,
    roots: Sequence[str] | None,
    path: str,
    *,
    include: Globs = _NONE,
    exclude: Globs = _NONE,
) -> Discovery:
    """What `discover` says of the one file at `path`, absolute, which need not exist.

    An editor has files that were never saved. No folder is listed, so that a linter may ask once
    for every file. A path outside the root is passed over. Raises UsageError for unusable roots.
    """
    root = os.path.normpath(root)
    importable = resolve_roots(root, roots)
    below = path_below(root, path)
    if below is None:
        return Discovery((), importable, passed_over=((path, "outside the root"),))
    walk = _Walk(root, include, exclude)
    walk.follow(below)
    return Discovery(
        files=tuple(module_of(file, importable) for file in walk.files),
        roots=importable,
        passed_over=tuple(walk.refused.items()),
    )


def covers_root(paths: Iterable[str], root: str) -> bool:
    """Whether one of the absolute `paths` is the root or a folder above it."""
    return any(path_below(path, root) is not None for path in paths)


def tracked_but_ignored(root: str) -> tuple[str, ...]:
    """Python files below `root` that git tracks although an ignore file hides them, sorted.

    They are not judged, which somebody should know. Empty where git or a repository is missing.
    """
    return tuple(path for path in git.tracked_but_ignored(root) if path.endswith(SUFFIXES))


def _named(paths: Iterable[str], root: str) -> tuple[str, ...]:
    named, faults = [], []
    for path in paths:
        below = path_below(root, path)
        if below is None:
            faults.append(f"{path}: lies outside the root {root}")
        elif not os.path.lexists(path):
            faults.append(f"{path}: no such file or folder")
        else:
            named.append(below)
    if faults:
        raise UsageError(*faults)
    return tuple(named)


def _wanted(named: Iterable[str]) -> _Wanted:
    wanted: _Wanted = {}
    for path in sorted(named, key=len):
        at: _Wanted | None = wanted
        *folders, name = path.split("/")
        for folder in folders:
            at = at if at is None else at.setdefault(folder, {})
        if at is not None:
            at[name] = None
    return wanted


def _passed_over(named: Iterable[str], refused: dict[str, str]) -> Iterator[tuple[str, str]]:
    for path in sorted(set(named)):
        above = [path[:at] for at, char in enumerate(path) if char == "/"]
        for place in (*above, path):
            if place in refused:
                yield path, refused[place]
                break


class _Walk:
    """One walk: every folder is listed once, and a closed one never."""

    def __init__(self, root: str, include: Globs, exclude: Globs) -> None:
        self.files: list[str] = []
        self.unreadable: list[tuple[str, str]] = []
        self.refused: dict[str, str] = {}
        self._root = root
        self._include = include
        self._exclude = exclude
        self._used: set[tuple[str, int | None]] = set()
        self._prefix, self._above = ignores_above(root)

    def run(self, wanted: _Wanted | None) -> None:
        """Fills the lists; with `wanted`, `refused` says why something seen is not judged."""
        stack = [("", self._above, wanted)]
        plain = not self._exclude.lines
        while stack:
            folder, ignores, names = stack.pop()
            entries = self._list(folder)
            for entry in entries:
                if entry.name == ".gitignore" and entry.is_file(follow_symlinks=False):
                    ignores = self._joined(folder, entry.path, ignores)
            for entry in entries:
                name = entry.name
                if names is not None and name not in names:
                    continue
                path = folder + name
                if entry.is_dir(follow_symlinks=False):
                    why = self._closed(path, name, ignores)
                    if not why:
                        stack.append((f"{path}/", ignores, names and names[name]))
                elif (
                    plain
                    and not ignores
                    and name.endswith(SUFFIXES)
                    and entry.is_file(follow_symlinks=False)
                ):
                    self.files.append(path)  # the usual case, told in no time
                    continue
                else:
                    why = self._not_judged(path, entry, ignores)
                    if not why:
                        self.files.append(path)
                if why and wanted is not None:
                    self.refused[path] = why

    def follow(self, path: str) -> None:
        """As `run` for the one file `path`, which is taken to be there."""
        ignores, folder = self._above, ""
        for part in path.split("/")[:-1]:
            ignores = self._with_own(folder, ignores)
            folder += part
            why = self._closed(folder, part, ignores)
            if os.path.islink(os.path.join(self._root, folder)):
                why = "a link to a folder"
            if why:
                self.refused[path] = why
                return
            folder += "/"
        why = self._outlawed(path, self._with_own(folder, ignores))
        if why:
            self.refused[path] = why
        else:
            self.files.append(path)

    def _with_own(self, folder: str, ignores: Ignores) -> Ignores:
        """`ignores` with the ignore file of `folder`, if it has one."""
        path = os.path.join(self._root, folder, ".gitignore")
        if os.path.isfile(path) and not os.path.islink(path):
            return self._joined(folder, path, ignores)
        return ignores

    def _joined(self, folder: str, path: str, ignores: Ignores) -> Ignores:
        """`ignores` with those in the file at `path`, which stands in `folder`."""
        return ((len(self._prefix) + len(folder), read_ignores(path)), *ignores)

    def idle(self) -> Iterator[tuple[str, str]]:
        for option, globs in (("exclude", self._exclude), ("include", self._include)):
            for index, line in enumerate(globs.lines):
                if (option, index) not in self._used:
                    yield option, line

    def _list(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(os.path.join(self._root, folder)) as entries:
                return list(entries)
        except OSError as error:
            why = error.strerror or str(error)
            if not folder:
                raise UsageError(f"{self._root}: {why}") from error
            if not isinstance(error, FileNotFoundError):  # one that went away holds nothing
                self.unreadable.append((folder[:-1], why))
            return []

    def _closed(self, path: str, name: str, ignores: Ignores) -> str:
        """Why the folder `path` is not entered, or ""."""
        if self._excluded(path, True):
            return "excluded"
        if name.startswith("."):
            return "in a folder whose name begins with a dot"
        return "ignored by git" if self._ignored(path, True, ignores) else ""

    def _not_judged(self, path: str, entry: os.DirEntry[str], ignores: Ignores) -> str:
        """Why the file `path` is not judged, or ""."""
        if entry.is_symlink() and os.path.isdir(entry.path):
            return "a link to a folder"
        why = self._outlawed(path, ignores)
        if why:
            return why
        try:
            if entry.is_file():
                return ""
            if entry.is_symlink() and entry.name.startswith("."):
                return "a broken link"  # so Emacs marks files with unsaved changes
            why = "a broken link" if entry.is_symlink() else "not a regular file"
        except OSError as error:
            why = error.strerror or str(error)
        self.unreadable.append((path, why))
        return why

    def _outlawed(self, path: str, ignores: Ignores) -> str:
        """Why a file at `path` is not judged, whatever is there, or ""."""
        if not path.endswith(SUFFIXES) and not self._included(path):
            return "not a Python file"
        if self._excluded(path, False):
            return "excluded"
        return "ignored by git" if self._ignored(path, False, ignores) else ""

    def _excluded(self, path: str, is_dir: bool) -> bool:
        index = self._exclude.line_for(path, is_dir) if self._exclude.lines else None
        self._used.add(("exclude", index))
        return self._exclude.matched_by(index)

    def _included(self, path: str) -> bool:
        index = self._include.deciding_line(path) if self._include.lines else None
        self._used.add(("include", index))
        return self._include.matched_by(index)

    def _ignored(self, path: str, is_dir: bool, ignores: Ignores) -> bool:
        full = self._prefix + path
        for cut, globs in ignores:
            verdict = globs.verdict(full[cut:], is_dir)
            if verdict is not None:
                return verdict
        return False
