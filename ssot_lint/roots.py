"""Folders whose children are importable, and the module names that follow from them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache

from ssot_lint.errors import UsageError
from ssot_lint.model import SourceFile

SUFFIXES = (".py", ".pyi")


def resolve_roots(root: str, roots: Sequence[str] | None) -> tuple[str, ...]:
    """The folders whose children are importable, relative to `root`: ``(".", "src")``.

    By default the root, and ``src`` where it is a folder and no package itself. Raises UsageError
    for those that are no folders below the root.
    """
    if roots is None:
        source = os.path.join(root, "src")
        packaged = os.path.exists(os.path.join(source, "__init__.py"))
        return (".", "src") if os.path.isdir(source) and not packaged else (".",)
    found: dict[str, None] = {}
    faults = []
    for item in roots:
        path = os.path.join(root, item)
        below = path_below(root, path)
        if below is None:
            faults.append(f"roots: '{item}' lies outside the root")
        elif not os.path.isdir(path):
            faults.append(f"roots: '{item}' does not exist below the root")
        else:
            found[below] = None
    if faults:
        raise UsageError(*faults)
    return tuple(found)


def module_of(path: str, roots: tuple[str, ...]) -> SourceFile:
    """`path` with its module name: its place below the nearest (longest) of `roots`."""
    folder, _, name = path.rpartition("/")
    package = _package_of(folder, roots)
    stem, dot, suffix = name.rpartition(".")
    if package is None or dot + suffix not in SUFFIXES:
        return SourceFile(path, None, package)
    if stem == "__init__":
        return SourceFile(path, package or None, package)
    if not stem.isidentifier():
        return SourceFile(path, None, package)
    return SourceFile(path, f"{package}.{stem}" if package else stem, package)


def path_below(folder: str, path: str) -> str | None:
    """`path` relative to `folder` ("." for itself), or None if it lies elsewhere.

    What is elsewhere by name may still be below by links, as ``/tmp`` is ``/private/tmp`` on macOS.
    """
    for resolve in (os.path.normpath, os.path.realpath):
        top, full = resolve(folder), resolve(path)
        if full == top:
            return "."
        if full.startswith(top.rstrip(os.sep) + os.sep):
            return os.path.relpath(full, top).replace(os.sep, "/")
    return None


@lru_cache(maxsize=65536)
def _package_of(folder: str, roots: tuple[str, ...]) -> str | None:
    above = [item for item in roots if item == "." or f"{folder}/".startswith(f"{item}/")]
    if not above:
        return None
    nearest = max(above, key=lambda item: 0 if item == "." else len(item))
    rest = folder if nearest == "." else folder[len(nearest) + 1 :]
    parts = rest.split("/") if rest else []
    return ".".join(parts) if all(part.isidentifier() for part in parts) else None
