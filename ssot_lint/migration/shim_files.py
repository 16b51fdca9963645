"""Where a shim stands, who still needs it, and which rules speak of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ssot_lint.builtin import UnreadableFile
from ssot_lint.config import Config
from ssot_lint.engine import Request, lint
from ssot_lint.errors import UsageError
from ssot_lint.files import read, sync_folder, why
from ssot_lint.migration.shims import Shim, parse
from ssot_lint.model import Violation
from ssot_lint.options import declared
from ssot_lint.patterns import Pattern, covers
from ssot_lint.project import Project
from ssot_lint.roots import SUFFIXES, module_of
from ssot_lint.rules.legacy_import import LegacyImport
from ssot_lint.rules.legacy_reference import LegacyReference


def place(project: Project, root: str, roots: tuple[str, ...], old: str, new: str) -> str:
    """The file, below `root`, in which the shim at the module path `old` belongs.

    `roots` are the folders whose children are importable. The file's folder may be missing.
    Raises UsageError if something else stands there, or if the file would bear another name.
    """
    found = project.find(old)
    if project.is_compiled(old):
        raise UsageError(f"'{old}' is compiled: remove what is there first")
    if found is not None and found.path is not None and _shim_at(root, found.path) is None:
        raise UsageError(
            f"{found.path} exists, and is no generated shim or was edited since: move it away"
        )
    modules = [each for folder in found.folders for each in _modules(root, folder)] if found else []
    for path in modules:
        if path != (found and found.path) and project.facts_at(path).shim is None:
            raise UsageError(
                f"'{old}' is a package that still holds {path}: move that, and put a shim in its "
                "place first"
            )
    if found is not None and found.path is not None:
        return found.path
    if found is not None and modules:
        return f"{os.path.dirname(min(modules, key=len))}/__init__.py"
    path = f"{_folder(project, roots, old, new)}{old.rpartition('.')[2]}.py"
    named = module_of(path, roots).module
    if named != old:
        raise UsageError(f"'{old}' would be {path}, which is imported as '{named}': name it so")
    return path


def existing(root: str, path: str) -> Shim:
    """The shim in the file at `path`; UsageError if there is anything else in it."""
    found = _shim_at(root, path)
    if found is None:
        raise UsageError(f"{path} is no generated shim, or was edited since: remove it by hand")
    return found


def remove(root: str, path: str) -> None:
    """Delete the file at `path`; UsageError if that fails."""
    full = os.path.join(root, path)
    try:
        os.unlink(full)
    except OSError as error:
        raise UsageError(f"{path}: cannot be removed: {why(error)}") from None
    sync_folder(os.path.dirname(full))


def _shim_at(root: str, path: str) -> Shim | None:
    return parse(read(os.path.join(root, path), name=path))


def _modules(root: str, folder: str) -> Iterator[str]:
    """The Python files in a folder and in those below it."""
    for here, folders, names in os.walk(os.path.join(root, folder)):
        folders.sort()
        below = os.path.relpath(here, root).replace(os.sep, "/")
        yield from (f"{below}/{name}" for name in sorted(names) if name.endswith(SUFFIXES))


def _folder(project: Project, roots: tuple[str, ...], old: str, new: str) -> str:
    """The folder of a new module, with a slash at the end unless it is the root itself."""
    package, missing = old.rpartition(".")[0], ""
    while package and project.find(package) is None:
        package, _, last = package.rpartition(".")
        missing = f"{last}/{missing}"
    found = project.find(package) if package else None
    if found is not None and not found.folders:
        raise UsageError(f"'{package}' is the module {found.path}, which can hold no '{old}'")
    folders = found.folders if found else ["" if root == "." else root for root in roots]
    home = project.find(new)
    beside = (home.path or home.folders[0]) if home else ""
    nearest = max(folders, key=lambda folder: _shared(folder, beside))
    return f"{nearest}/{missing}" if nearest else missing


def _shared(folder: str, path: str) -> int:
    """How far down `path` lies in `folder`; -1 if it does not."""
    return len(folder) if not folder or path.startswith(f"{folder}/") else -1


def references(config: Config, request: Request, old: str) -> Sequence[Violation]:
    """What still names the module path `old`, or something below it, in any judged file; sorted.

    Imports, attributes and strings, excused or not; and files that cannot be read and may do so.
    """
    reason = f"{old} goes."
    rules = (
        LegacyImport(name="import", reason=reason, removed=(old,)),
        LegacyReference(name="reference", reason=reason, removed=(old,)),
    )
    asked = request._replace(use_baseline=False)
    report = lint(replace(config, rules=rules), asked)
    codes = {LegacyImport.code, LegacyReference.code, UnreadableFile.code}
    return [violation for violation in report.violations if violation.code in codes]


def rules_naming(config: Config, old: str) -> Iterator[tuple[str, str]]:
    """(rule, option) for each option that spells the module path `old`, or one below it."""
    for rule in config.rules:
        for option in declared(type(rule)):
            is_written = (rule.name, option) in config.places  # not taken from another rule
            if is_written and any(covers(old, text) for text in _texts(getattr(rule, option))):
                yield rule.name, option


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Pattern):
        yield value.text
    elif isinstance(value, str):
        yield value
    elif type(value) is tuple:
        for each in value:
            yield from _texts(each)
