"""Which rules file applies: the one that is named, or the nearest that carries the mark."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from ssot_lint.config.source import MARK_LINE, decode, has_mark, head, read_bytes, shown
from ssot_lint.errors import ConfigError, Problem, UsageError, did_you_mean

NAMES = ("rules.yaml", "ssot-rules.yaml", ".ssot/rules.yaml")
TABLE = "ssot-lint"


class Found(NamedTuple):
    """The rules file that applies; its path is absolute.

    `root_hint` is the folder of the ``pyproject.toml`` that names the file; None if none does.
    `passed_over` are files of a fitting name that the search met and that lack the mark.
    """

    path: str
    root_hint: str | None = None
    passed_over: tuple[str, ...] = ()


class Searched(NamedTuple):
    """A search that found no rules file: what it passed over, and its first and last folder."""

    passed_over: tuple[str, ...]
    bottom: str
    top: str


def find(paths: Sequence[str] = (), rules: str | None = None) -> Found:
    """The file named by `rules`, else what a search upward from the common folder of `paths` finds.

    Raises UsageError where there is none, naming every file passed over and the line to add.
    Without `paths` the search starts in the working directory.
    """
    if rules is not None:
        path = _absolute(rules)
        if not os.path.exists(path):
            raise UsageError(f"{shown(path)}: no such file")
        return Found(path)
    found = search(common_folder(paths))
    if isinstance(found, Found):
        return found
    raise UsageError(
        f"no rules found: {', '.join(NAMES)} were looked for in {found.bottom} and the folders "
        f"above it, up to {found.top}",
        *map(_why_not, found.passed_over),
    )


def search(folder: str) -> Found | Searched:
    """Looks in `folder` (absolute) and upward to the repository's top, else the file system's.

    Raises UsageError for a ``pyproject.toml`` that is ours and unusable. The answer depends on the
    folder and the disk alone, so that a caller may remember it.
    """
    folders = tuple(_upward(folder))
    for each in folders:
        named = _named_in(each)
        if named is not None:
            return Found(named, each)
    passed_over: list[str] = []
    for each in folders:
        for name in NAMES:
            path = os.path.join(each, *name.split("/"))
            text = head(path)
            if text is not None and has_mark(text):
                return Found(path, None, tuple(passed_over))
            if text is not None:
                passed_over.append(path)
    return Searched(tuple(passed_over), folders[0], folders[-1])


def common_folder(paths: Sequence[str]) -> str:
    """The folder that holds all of `paths` (absolute); the working directory for none."""
    if not paths:
        return _absolute(os.curdir)
    absolute = [_absolute(path) for path in paths]
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in absolute]
    try:
        return os.path.commonpath(folders)
    except ValueError:  # on Windows, paths on several drives
        return _absolute(os.curdir)


def _why_not(path: str) -> str:
    """Why a file of a fitting name was passed over, and what would change that."""
    try:
        read_bytes(path)
    except UsageError as error:
        return str(error)
    return (
        f"{shown(path)}: passed over, because it does not begin with '{MARK_LINE}'; "
        "add that line if these are rules for ssot-lint"
    )


def _absolute(path: str) -> str:
    try:
        return os.path.abspath(path)
    except FileNotFoundError:
        raise UsageError("the working directory no longer exists") from None


def _upward(folder: str) -> Iterator[str]:
    """`folder` and those above it, up to the first that holds ``.git`` (a file in a worktree)."""
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder or os.path.lexists(os.path.join(folder, ".git")):
            return
        folder = above


def _named_in(folder: str) -> str | None:
    """The rules file that the folder's ``pyproject.toml`` names, if it has the table."""
    path = os.path.join(folder, "pyproject.toml")
    if not os.path.isfile(path):
        return None
    try:
        data = read_bytes(path)
    except UsageError:
        return None  # other tools own this file; a table that nobody can read is none
    if TABLE.encode() not in data:
        return None
    table = _table(path, data)
    if table is None:
        return None
    where = f"{shown(path)}: [tool.{TABLE}]"
    if not isinstance(table, dict):
        raise UsageError(f"{where} must be a table")
    for key in table:
        if key != "rules":
            raise UsageError(f"{where} has an unknown key {key!r}{did_you_mean(key, ['rules'])}")
    rules = table.get("rules")
    if not isinstance(rules, str) or not rules.strip():
        raise UsageError(f"{where} needs the key 'rules', the path of a rules file")
    named = os.path.normpath(os.path.join(folder, rules))
    if not os.path.exists(named):
        raise UsageError(f"{where} names {rules!r}, and there is no such file")
    return named


def _table(path: str, data: bytes) -> Any:
    """The value at ``tool.ssot-lint``; None if there is none, or in a broken file not ours."""
    tomllib = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        tool = tomllib.loads(decode(data, path)).get("tool")
    except (ConfigError, tomllib.TOMLDecodeError, RecursionError) as error:
        if f"tool.{TABLE}".encode() not in data:
            return None
        if isinstance(error, ConfigError):
            raise
        raise ConfigError([_toml_problem(path, data, error)]) from None
    return tool.get(TABLE) if isinstance(tool, dict) else None


def _toml_problem(path: str, data: bytes, error: Exception) -> Problem:
    """The parser's message, with the position that stands in its last words."""
    if isinstance(error, RecursionError):
        return Problem(shown(path), 1, 1, "not valid TOML: nested too deeply")
    message, _, where = str(error).rpartition(" (at ")
    place = re.fullmatch(r"line (\d+), column (\d+)\)", where)
    line, column = (int(place[1]), int(place[2])) if place else (data.count(b"\n") + 1, 1)
    return Problem(shown(path), line, column, f"not valid TOML: {message or where}")
