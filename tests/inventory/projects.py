"""Small projects on disk, and their inventories."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ssot_lint.config import read
from ssot_lint.engine import Request
from ssot_lint.inventory import Inventory, Source, inventory

RULES = """\
ssot-lint: 1
rules:
  - name: other-order
    kind: divergent-name
    reason: One Order.
    names: [Order]
    home: shop.orders.Order
"""

Texts = Mapping[str, str | bytes]


def write(folder: Path, files: Texts) -> Path:
    for path, contents in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(contents.encode() if isinstance(contents, str) else contents)
    return folder


def taken(folder: Path, files: Texts, *rules: str, prefilter: bool = True) -> Inventory:
    """The inventory of a project made of `files`; ``rules.yaml`` is `RULES` unless it is there."""
    write(folder, {"rules.yaml": RULES, **files})
    request = Request(rules=frozenset(rules) or None, prefilter=prefilter)
    return inventory(read(str(folder / "rules.yaml")), request)


def rows(source: Source) -> list[tuple[str, str, str, tuple[int, int, int]]]:
    """Kind, form, path, and names, statements and files of each path that somebody uses."""
    return [
        (
            path.kind,
            path.form,
            path.path,
            (
                sum(user.names for user in path.users),
                sum(len(user.statements) for user in path.users),
                len(path.users),
            ),
        )
        for path in source.paths
        if path.users
    ]
