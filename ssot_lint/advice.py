"""What several kinds say in the same words: about replacements, homes and idle entries."""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.model import Remark
from ssot_lint.moves import Moves
from ssot_lint.patterns import Pattern
from ssot_lint.project import Project, Resolution

_NOWHERE = "which does not exist"


def instead(project: Project, replacement: str | None) -> str:
    """What to write in place of a legacy path, and whether that exists."""
    if replacement is None:
        return "it was removed and has no successor"
    return f"use {replacement}, {_existence(project, replacement.removesuffix('.*'))}"


def _existence(project: Project, path: str) -> str:
    resolution = project.resolve(path)
    if resolution.exists:
        return "which exists"
    reasons = {dead_end.why for dead_end in resolution.dead_ends}
    if "unreadable" in reasons:
        return "whose file cannot be read"
    if "undecidable" in reasons:
        return "which may exist (that cannot be told)"
    if "outside" in reasons:
        return "which is outside this project"
    return _NOWHERE


def missing_home(project: Project, home: str) -> str | None:
    """Why a rule with this home cannot work; None if it can, or if its file cannot be read."""
    problem = missing(project, home)
    return problem and f"home {problem}"


def missing(project: Project, path: str) -> str | None:
    """Where the trail of a dotted path ends; None if it leads somewhere, or if nobody can tell."""
    resolution = project.resolve(path)
    if resolution.exists or any(
        dead_end.why in ("unreadable", "undecidable") for dead_end in resolution.dead_ends
    ):
        return None
    return f"'{path}' {_absence(resolution)}"


def _absence(resolution: Resolution) -> str:
    dead_ends = sorted(resolution.dead_ends)
    for why, where in dead_ends:
        if why == "outside":
            package = where.partition(".")[0]
            return f"leads out of the project: there is no '{package}' below the roots"
    where = ", ".join(f"{why} {where}" for why, where in dead_ends)
    return f"leads nowhere: {where}" if where else "leads nowhere: it is bound only to itself"


def idle_paths(project: Project, moves: Moves) -> Iterator[Remark]:
    """Legacy paths that are homes, or whose parent package does not exist; missing new paths.

    A parent that is legacy itself may be gone: that is what the entry is for. What an installed
    library provides is outside the project, and only noted as such.
    """
    replaced = dict(moves.targets)
    for entry in moves.entries:
        option = "moved" if entry in replaced else "removed"
        if moves.legacy(entry) is None:
            yield Remark(option, f"'{entry}' is a home or a new path, and so never legacy")
            continue
        package, parent = entry.partition(".")[0], entry.rpartition(".")[0]
        if not parent or moves.legacy(parent) or project.resolve(parent).exists:
            continue
        if project.find(package):
            yield Remark(option, f"'{entry}': there is no '{parent}' below the roots")
        else:
            yield Remark(option, f"'{entry}': '{package}' is outside this project", "outside")
    for old, new in moves.targets:
        if _existence(project, new) == _NOWHERE:
            yield Remark("moved", f"'{new}', the new path of '{old}', does not exist")


def idle_modules(project: Project, option: str, patterns: tuple[Pattern, ...]) -> Iterator[Remark]:
    """Patterns that match no module of the project."""
    names = [file.module for file in project.files if file.module is not None]
    for pattern in patterns:
        exists = project.find(pattern.text) if pattern.literal else None
        if not exists and not any(pattern.matches(name) for name in names):
            yield Remark(option, f"'{pattern}' matches no module")
