"""For people at a terminal: one table per source of truth, then who binds its names."""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.inventory.formats.view import (
    UNITS,
    View,
    closing,
    facts_of,
    table_of,
    title,
    user_line,
)
from ssot_lint.inventory.model import Binding, Inventory, Name, Source
from ssot_lint.reporters.phrases import counted, one_line
from ssot_lint.reporters.table import align


def render(inventory: Inventory, view: View) -> str:
    """Text of any width; file paths are as `view` wants them."""
    lines = [UNITS, ""]
    for source in inventory.sources:
        lines += [title(source), *(f"  {fact}" for fact in facts_of(source))]
        lines += [f"  {line}" for line in _table(inventory, source)]
        if view.users:
            lines += _users(source, view)
        for name in view.some(source.names):
            lines += _name(name, view)
        lines += (f"  {line}" for line in view.rest(source.names, "names"))
        lines.append("")
    lines += closing(inventory, view)
    return "\n".join(lines).rstrip("\n") + "\n"


def _table(inventory: Inventory, source: Source) -> list[str]:
    rows = table_of(inventory, source)
    return align(rows, left=3) if rows else []


def _users(source: Source, view: View) -> Iterator[str]:
    for path in source.paths:
        if path.users:
            yield f"  users of {path.path} ({path.kind}, by {path.form})"
            yield from (f"    {user_line(user, view.relative(user.path))}" for user in path.users)


def _name(name: Name, view: View) -> Iterator[str]:
    origins = name.by_origin()
    files = counted(len({binding.path for binding in name.bindings}), "files")
    yield f"  {name.name} is bound in {files}, {counted(len(origins), 'origins')}"
    for leads, home, bindings in view.some(origins):
        yield f"    {_files(bindings)} to {leads}{' (home)' if home else ''}"
        if view.users:
            for each in bindings:
                place = f"{one_line(view.relative(each.path))}:{each.line}"
                critical = ", critical" if each.critical else ""
                yield f"      {place} by {each.form} ({each.group}{critical})"
    yield from (f"    {line}" for line in view.rest(origins, "origins"))


def _files(bindings: tuple[Binding, ...]) -> str:
    return counted(len({binding.path for binding in bindings}), "files")
