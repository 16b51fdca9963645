"""The inventory as text: one format per file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ssot_lint.inventory.formats import dot, json, markdown, mermaid, table
from ssot_lint.inventory.formats.view import View, remarks
from ssot_lint.inventory.model import Inventory

FORMATS: Mapping[str, Callable[[Inventory, View], str]] = {
    "table": table.render,
    "json": json.render,
    "markdown": markdown.render,
    "dot": dot.render,
    "mermaid": mermaid.render,
}

DRAWINGS = frozenset({"dot", "mermaid"})
"""The formats that show nothing but the graph."""

__all__ = ["DRAWINGS", "FORMATS", "View", "remarks", "render"]


def render(inventory: Inventory, format_: str, view: View) -> str:
    """The inventory in one of `FORMATS`; the text ends with a line end."""
    return FORMATS[format_](inventory, view)
