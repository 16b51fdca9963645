"""For programs: everything in the inventory, as ``docs/paths.md`` says."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ssot_lint import __version__
from ssot_lint.inventory.formats.view import View
from ssot_lint.inventory.model import (
    Binding,
    Inventory,
    Path,
    Source,
    User,
    all_users,
    count,
    critical_files,
)
from ssot_lint.model import Note

VERSION = 1
"""Of the format: it grows when a key changes its meaning or goes, not when one is added."""


def render(inventory: Inventory, _view: View) -> str:
    """One JSON object in ASCII, the same whatever the view; paths are relative to the root."""
    return json.dumps(_Document(inventory).whole(), indent=2) + "\n"


class _Document:
    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._tells_critical = inventory.critical_path is not None

    def whole(self) -> dict[str, Any]:
        inventory = self._inventory
        critical = inventory.critical_path
        return {
            "version": VERSION,
            "tool": {"name": "ssot-lint", "version": __version__},
            "root": inventory.root,
            "rules_path": inventory.rules_path,
            "groups": list(inventory.groups),
            "files": inventory.files,
            "critical_path": (
                None
                if critical is None
                else {"entry_points": list(critical.entries), "files": critical.files}
            ),
            "sources": [self._source(source) for source in inventory.sources],
            "unread": [_note(note, "path", "line", "message") for note in inventory.unread],
            "notes": [
                _note(note, "topic", "message", "rule", "path", "line") for note in inventory.notes
            ],
        }

    def _source(self, source: Source) -> dict[str, Any]:
        return {
            "home": source.home,
            "removed": source.removed,
            "rules": list(source.rules),
            "leads_to": list(source.leads_to),
            "counts": self._counts(all_users(source)),
            "paths": [self._path(path) for path in source.paths],
            "unused_legacy_paths": list(source.unused),
            "names": [
                {
                    "name": name.name,
                    "bindings": [self._binding(binding) for binding in name.bindings],
                }
                for name in source.names
            ],
        }

    def _counts(self, users: Iterable[User]) -> dict[str, Any]:
        users = tuple(users)
        return {
            "total": count(users)._asdict(),
            "groups": {group: count(users, group)._asdict() for group in self._inventory.groups},
            "critical_files": critical_files(users) if self._tells_critical else None,
        }

    def _path(self, path: Path) -> dict[str, Any]:
        return {
            "path": path.path,
            "kind": path.kind,
            "form": path.form,
            "through": path.through or None,
            "instead": path.instead,
            "counts": self._counts(path.users),
            "users": [
                {
                    **self._place(user),
                    "names": user.names,
                    "statements": len(user.statements),
                    "lines": list(user.lines),
                }
                for user in path.users
            ],
        }

    def _binding(self, binding: Binding) -> dict[str, Any]:
        return {
            **self._place(binding),
            "line": binding.line,
            "column": binding.column,
            "form": binding.form,
            "leads_to": list(binding.leads_to),
            "why": binding.why or None,
            "home": binding.home,
        }

    def _place(self, each: User | Binding) -> dict[str, Any]:
        return {
            "path": each.path,
            "module": each.module,
            "group": each.group,
            "critical": each.critical if self._tells_critical else None,
        }


def _note(note: Note, *keys: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "topic": note.topic,
        "message": note.message,
        "rule": note.rule or None,
        "path": note.path or None,
        "line": note.line or None,
    }
    return {key: values[key] for key in keys}
