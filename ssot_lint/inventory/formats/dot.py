"""For Graphviz: the graph of users, paths and sources in the DOT language."""

from __future__ import annotations

from collections.abc import Mapping

from ssot_lint.inventory.formats.drawing import Style, draw
from ssot_lint.inventory.formats.view import View
from ssot_lint.inventory.model import Inventory

_STYLES: Mapping[Style, str] = {
    "source": 'shape=box, style="filled,bold", fillcolor="#d5e8d4"',
    "canonical": 'shape=box, style=filled, fillcolor="#e8f5e6"',
    "definition": 'shape=box, style=filled, fillcolor="#fff2cc"',
    "re-export": 'shape=box, style=filled, fillcolor="#fff2cc"',
    "legacy": 'shape=box, style=filled, fillcolor="#f8cecc"',
    "origin": 'shape=box, style=dashed, color="#b85450"',
    "user": "shape=ellipse",
    "critical": 'shape=ellipse, color="#b85450", penwidth=2',
}


def render(inventory: Inventory, view: View) -> str:
    """One directed graph."""
    drawing = draw(inventory, view)
    lines = ["digraph paths {", "  rankdir=LR;"]
    for node in drawing.nodes:
        lines.append(f"  {node.key} [label={_quoted(node.label)}, {_STYLES[node.style]}];")
    for edge in drawing.edges:
        lines.append(f"  {edge.start} -> {edge.end} [label={_quoted(edge.label)}];")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    """`text` as a string of DOT, in which a backslash begins an escape of labels."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
