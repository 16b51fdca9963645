"""The message of a batch's commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ssot_lint.migration.model import Rewrite
from ssot_lint.reporters.phrases import counted

_LISTED = 20
"""Moves that a message lists."""


def commit_message(batch: str, rewrites: Sequence[Rewrite]) -> str:
    """Subject and body: where imports lead now, and from which paths they came."""
    moves = Counter((change.old, change.new) for each in rewrites for change in each.made)
    homes = sorted({new for _, new in moves}, key=lambda new: (-_uses(moves, new), new))
    where = homes[0] if len(homes) == 1 else f"{homes[0]} and {len(homes) - 1} more"
    files = counted(len(rewrites), "files")
    lines = [f"{old} -> {new} ({count})" for (old, new), count in sorted(moves.items())]
    if len(lines) > _LISTED:
        lines[_LISTED:] = [f"and {len(lines) - _LISTED} more"]
    return "\n".join(
        (f"Use {where} in {files}", "", *lines, "", f"Batch {batch} of the migration.", "")
    )


def _uses(moves: Counter[tuple[str, str]], home: str) -> int:
    return sum(count for (_, new), count in moves.items() if new == home)
