"""How an inventory is to be shown, and the words that several formats share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ssot_lint.inventory.model import Count, Inventory, Path, Source, User, all_users, count
from ssot_lint.reporters.phrases import counted, note_line, one_line

Item = TypeVar("Item")

_SHOWN = 10
"""Entries of a list that are shown: a name as common as DOMAIN has a thousand origins."""
UNITS = "Counts are names/statements/files."


def _unchanged(path: str) -> str:
    return path


@dataclass(frozen=True, slots=True)
class View:
    """What the command line says about presentation.

    `users` lists the files behind each count; JSON always does. `relative` turns a path relative to
    the root into one relative to the working directory, for people at a terminal.
    """

    users: bool = False
    relative: Callable[[str], str] = _unchanged

    def some(self, items: Sequence[Item]) -> Sequence[Item]:
        """The first of a list that may have thousands; all of them where users are listed."""
        return items if self.users else items[:_SHOWN]

    def rest(self, items: Sequence[Item], what: str) -> Iterator[str]:
        """A line about what `some` left out, if it did; `what` is a plural."""
        left = len(items) - len(self.some(items))
        if left:
            yield f"and {counted(left, f'more {what}')} (all with --users)"


def cell(count: Count) -> str:
    """A count in a table; a dot for nothing, so that the eye finds what is there."""
    return "/".join(map(str, count)) if count.names else "."


def shown_groups(inventory: Inventory) -> list[str]:
    """The groups in which somebody uses something."""
    used = {user.group for source in inventory.sources for user in all_users(source)}
    return [group for group in inventory.groups if group in used]


def table_of(inventory: Inventory, source: Source) -> list[list[str]]:
    """The paths of a source as a table, its head first; empty if there are none.

    The last line is what they add up to, in distinct statements and files.
    """
    if not source.paths:
        return []
    head = ["kind", "by", "path", *shown_groups(inventory), "total"]
    rows = [[p.kind, p.form, described(p), *_counts(inventory, p.users)] for p in source.paths]
    if len(rows) > 1:
        rows.append(["total", "", "", *_counts(inventory, all_users(source))])
    return [[*head, "critical files"] if inventory.critical_path else head, *rows]


def _counts(inventory: Inventory, users: Iterable[User]) -> list[str]:
    users = tuple(users)
    cells = [cell(count(users, group)) for group in shown_groups(inventory)]
    cells.append(cell(count(users)))
    if inventory.critical_path:
        critical = count(user for user in users if user.critical).files
        cells.append(str(critical) if critical else ".")
    return cells


def described(path: Path) -> str:
    """A path, and what leads through it or replaces it."""
    if path.through:
        return f"{path.path} (through {path.through})"
    if path.kind == "legacy":
        return f"{path.path} (use {path.instead})" if path.instead else f"{path.path} (removed)"
    return path.path


def title(source: Source) -> str:
    """What a source is called."""
    return f"{source.home} (removed)" if source.removed else source.home


def facts_of(source: Source) -> Iterator[str]:
    """One line each: who says so, where it leads, what is done already."""
    yield f"rules: {', '.join(source.rules)}"
    if source.leads_to and source.leads_to != (source.home,):
        yield f"leads to {' or '.join(source.leads_to)}"
    if source.unused:
        yield f"legacy paths that nobody uses: {', '.join(source.unused)}"


def user_line(user: User, path: str) -> str:
    """One user on one line; `path` is the user's as the format shows it."""
    critical = ", critical" if user.critical else ""
    return f"{one_line(path)}:{','.join(map(str, user.lines))} ({user.group}{critical})"


def closing(inventory: Inventory, view: View) -> Iterator[str]:
    """One line each: how long the critical path is, and the remarks."""
    critical = inventory.critical_path
    if critical is not None:
        entries = counted(len(critical.entries), "entry points")
        yield f"The critical path: {counted(critical.files, 'files')} reached from {entries}."
    yield from remarks(inventory, view)


def remarks(inventory: Inventory, view: View) -> Iterator[str]:
    """One line each: what could not be read, what leads nowhere, what matches nothing."""
    unread = counted(len(inventory.unread), "files")
    if inventory.unread:
        yield f"{unread} could not be read, so what is used there is not counted:"
    for note in view.some(inventory.unread):
        yield note_line(note, view.relative(note.path))
    yield from view.rest(inventory.unread, "files")
    for note in inventory.notes:
        yield note_line(note, view.relative(note.path))
