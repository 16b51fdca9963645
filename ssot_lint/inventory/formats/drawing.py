"""What the graph formats draw: who uses which path, and which source it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ssot_lint.inventory.formats.view import View, title
from ssot_lint.inventory.model import Inventory, Path, Source, count, critical_files
from ssot_lint.reporters.phrases import counted, one_line

Style = Literal[
    "source", "canonical", "definition", "re-export", "legacy", "origin", "user", "critical"
]


@dataclass(frozen=True, slots=True)
class Node:
    """`key` is unique and in the order in which nodes are met."""

    key: str
    label: str
    style: Style


@dataclass(frozen=True, slots=True)
class Edge:
    start: str
    end: str
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def draw(inventory: Inventory, view: View) -> Drawing:
    """Users, or the groups that they are in, then paths, then sources, then other origins.

    With the users of `view` each file is a node; without, one node stands for each group.
    """
    return _Pen(inventory, view).drawing()


class _Pen:
    def __init__(self, inventory: Inventory, view: View) -> None:
        self._inventory = inventory
        self._users = view.users
        self._nodes: dict[tuple[str, str], Node] = {}
        self._edges: dict[Edge, None] = {}

    def drawing(self) -> Drawing:
        for source in self._inventory.sources:
            self._source(source)
        return Drawing(tuple(self._nodes.values()), tuple(self._edges))

    def _node(self, what: str, label: str, style: Style, within: str = "") -> str:
        """The key of a node, which is made when it is first met."""
        key = (what, f"{within} {label}")
        if key not in self._nodes:
            self._nodes[key] = Node(f"n{len(self._nodes)}", one_line(label), style)
        return self._nodes[key].key

    def _edge(self, start: str, end: str, label: str) -> None:
        self._edges[Edge(start, end, label)] = None

    def _source(self, source: Source) -> None:
        home = self._node("source", title(source), "source")
        for path in source.paths:
            if not path.users:
                continue
            node = self._node("path", path.path, path.kind, within=f"{source.home} {path.kind}")
            self._edge(node, home, path.kind)
            if self._users:
                for user in path.users:
                    style: Style = "critical" if user.critical else "user"
                    start = self._node("user", user.path, style)
                    self._edge(start, node, f"{counted(user.names, 'names')} by {path.form}")
            else:
                self._groups(path, node)
        self._origins(source, home)

    def _groups(self, path: Path, node: str) -> None:
        """One edge for each group that uses a path."""
        for group in self._inventory.groups:
            users = [user for user in path.users if user.group == group]
            if users:
                names, _, files = count(users)
                critical = critical_files(users)
                label = f"{counted(names, 'names')} by {path.form} in {counted(files, 'files')}"
                if critical:
                    label += f", {critical} critical"
                self._edge(self._node("user", group, "user"), node, label)

    def _origins(self, source: Source, home: str) -> None:
        """What else the names of a source are bound to."""
        for name in source.names:
            for leads, is_home, bindings in name.by_origin():
                if not is_home:
                    origin = self._node("origin", leads, "origin")
                    files = counted(len({binding.path for binding in bindings}), "files")
                    self._edge(home, origin, f"{name.name} in {files}")
