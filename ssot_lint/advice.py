"""What several kinds say in the same words: about replacements, homes and idle entries."""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.moves import Moves
from ssot_lint.patterns import Pattern
from ssot_lint.project import Project, Resolution


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
        return "which may exist (computed at run time)"
    if "outside" in reasons:
        return "which is outside this project"
    return "which does not exist"


def missing_home(project: Project, home: str) -> str | None:
    """Why a rule with this home cannot work; None if it can, or if its file cannot be read."""
    resolution = project.resolve(home)
    if resolution.exists or any(
        dead_end.why in ("unreadable", "undecidable") for dead_end in resolution.dead_ends
    ):
        return None
    return f"home '{home}' {_absence(resolution)}"


def _absence(resolution: Resolution) -> str:
    dead_ends = sorted(resolution.dead_ends)
    for why, where in dead_ends:
        if why == "outside":
            package = where.partition(".")[0]
            return f"leads out of the project: there is no '{package}' below the roots"
    where = ", ".join(f"{why} {where}" for why, where in dead_ends)
    return f"leads nowhere: {where}" if where else "leads nowhere: it is bound only to itself"


def idle_paths(project: Project, moves: Moves) -> Iterator[tuple[str, str]]:
    """(option, message) for legacy paths whose parent package does not exist.

    A parent that is legacy itself may be gone: that is what the entry is for.
    """
    replaced = dict(moves.targets)
    for entry in moves.entries:
        parent = entry.rpartition(".")[0]
        if not parent or moves.legacy(parent) or project.find(parent):
            continue
        if not project.resolve(parent).origins:
            option = "moved" if entry in replaced else "removed"
            yield option, f"'{entry}': there is no '{parent}' below the roots"


def idle_modules(
    project: Project, option: str, patterns: tuple[Pattern, ...]
) -> Iterator[tuple[str, str]]:
    """(option, message) for patterns that match no module of the project."""
    names = [file.module for file in project.files if file.module is not None]
    for pattern in patterns:
        exists = project.find(pattern.text) if pattern.literal else None
        if not exists and not any(pattern.matches(name) for name in names):
            yield option, f"'{pattern}' matches no module"
