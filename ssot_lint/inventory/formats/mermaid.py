"""For Markdown that renders Mermaid: the graph of users, paths and sources as a flowchart."""

from __future__ import annotations

from collections.abc import Mapping

from ssot_lint.inventory.formats.drawing import Style, draw
from ssot_lint.inventory.formats.view import View
from ssot_lint.inventory.model import Inventory

_STYLES: Mapping[Style, str] = {
    "source": "fill:#d5e8d4,stroke-width:3px",
    "canonical": "fill:#e8f5e6",
    "definition": "fill:#fff2cc",
    "re-export": "fill:#fff2cc",
    "legacy": "fill:#f8cecc",
    "origin": "stroke:#b85450,stroke-dasharray:4",
    "user": "fill:#ffffff",
    "critical": "stroke:#b85450,stroke-width:2px",
}


def render(inventory: Inventory, view: View) -> str:
    """One flowchart from left to right."""
    drawing = draw(inventory, view)
    lines = ["flowchart LR"]
    for node in drawing.nodes:
        start, end = ("([", "])") if node.style in ("user", "critical") else ("[", "]")
        lines.append(f"  {node.key}{start}{_quoted(node.label)}{end}:::{_class(node.style)}")
    for edge in drawing.edges:
        lines.append(f"  {edge.start} -->|{_quoted(edge.label)}| {edge.end}")
    used = {node.style for node in drawing.nodes}
    lines += [f"  classDef {_class(s)} {_STYLES[s]}" for s in _STYLES if s in used]
    return "\n".join(lines) + "\n"


def _class(style: Style) -> str:
    return style.replace("-", "")


def _quoted(text: str) -> str:
    """`text` as a quoted label; other characters than letters and the like as entity codes."""
    return (
        '"' + "".join(c if c.isalnum() or c in " ._-/():,*" else f"#{ord(c)};" for c in text) + '"'
    )
