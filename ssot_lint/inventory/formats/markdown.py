"""For a pull request or a plan: the same tables in Markdown (GitHub's flavour)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ssot_lint.inventory.formats.view import (
    UNITS,
    View,
    closing,
    facts_of,
    table_of,
    title,
    user_line,
)
from ssot_lint.inventory.model import Inventory, Source
from ssot_lint.reporters.phrases import one_line

_SPECIAL = re.compile(r"([\\`*_\[\]<>|])")


def render(inventory: Inventory, view: View) -> str:
    """A document; file paths are relative to the root."""
    lines = ["# Import paths", "", UNITS, ""]
    for source in inventory.sources:
        lines += [f"## {_plain(title(source))}", ""]
        lines += [f"- {_plain(fact)}" for fact in facts_of(source)]
        lines.append("")
        rows = table_of(inventory, source)
        lines += [*_table(rows, texts=3), ""] if rows else []
        if view.users:
            lines += _users(source)
        lines += _names(source, view)
    closed = [f"- {_plain(line)}" for line in closing(inventory, View(users=view.users))]
    lines += ["## Notes", "", *closed] if closed else []
    return "\n".join(lines).rstrip("\n") + "\n"


def _users(source: Source) -> Iterator[str]:
    for path in source.paths:
        if path.users:
            yield from (f"Users of {_plain(path.path)} ({path.kind}, by {path.form}):", "")
            yield from (f"- {_plain(user_line(user, user.path))}" for user in path.users)
            yield ""


def _names(source: Source, view: View) -> Iterator[str]:
    rows = [
        [name.name, leads + (" (home)" if home else ""), str(len({b.path for b in bindings}))]
        for name in source.names
        for leads, home, bindings in name.by_origin()
    ]
    if rows:
        yield from _table([["name", "is bound to", "files"], *view.some(rows)], texts=2)
        yield ""
        yield from (f"{line}\n" for line in view.rest(rows, "rows"))


def _table(rows: Sequence[Sequence[str]], texts: int) -> Iterator[str]:
    """A table whose first columns are `texts`, the others figures."""
    head, *body = rows
    yield _line(head)
    yield _line(["---" if index < texts else "---:" for index, _ in enumerate(head)], raw=True)
    yield from map(_line, body)


def _line(cells: Sequence[str], *, raw: bool = False) -> str:
    return f"| {' | '.join(cells if raw else map(_plain, cells))} |"


def _plain(text: str) -> str:
    """`text` on one line, with what Markdown would take for markup escaped."""
    return _SPECIAL.sub(r"\\\1", one_line(text))
