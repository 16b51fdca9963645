"""A tree as a flat sequence, by the grammar alone: every node and field leaves a mark."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from ssot_lint.migration.verification.items import Item, Mark
from ssot_lint.migration.verification.namespaces import Block, Kind, Namespace
from ssot_lint.model import Span

_NO_FIELDS = frozenset({"ctx", "type_comment"})

NONE, _EMPTY, _OPEN, CLOSE = (Mark(value, 0) for value in (None, "[]", "[", "]"))
"""Marks that most of a file consists of; they have no line of their own."""


class Where(NamedTuple):
    space: Namespace
    block: Block
    annotation: bool = False
    place: Span | None = None
    """The string around it, if the parser does not know better."""
    quoted: Literal["", "annotation", "f-string"] = ""


Task = tuple[Any, Where]
Handler = Callable[[Any, Any, Where], None]
"""What is called with the walk, a node of a class, and where it stands."""


class Walk:
    """Walks a tree in document order with a stack of its own: generated code nests deep.

    `handlers` say what becomes of nodes that are more than what Python's grammar says of them.
    """

    def __init__(self, body: Sequence[ast.stmt | Mark], handlers: Mapping[type, Handler]) -> None:
        self.items: list[Item] = []
        self.spaces: list[Namespace] = []
        self._blocks = 0
        self._line = 1
        module = self._space("module", None)
        self._todo: list[Task] = self._body(body, Where(module, ()))[::-1]
        while self._todo:
            node, where = self._todo.pop()
            kind = node.__class__
            if kind is Mark:
                self.items.append(node)
            else:
                if where.place is None:
                    self._line = getattr(node, "lineno", self._line)
                handler: Handler = handlers.get(kind, Walk._any)
                handler(self, node, where)

    def _space(self, kind: Kind, outer: Namespace | None) -> Namespace:
        space = Namespace(kind, outer, len(self.spaces))
        self.spaces.append(space)
        return space

    def _mark(self, value: object) -> Mark:
        return Mark(value, self._line)

    def _body(self, statements: Sequence[Any], where: Where) -> list[Task]:
        """The tasks of a block of statements."""
        self._blocks += 1
        inner = Where(where.space, (*where.block, self._blocks))
        return self._listed(statements, inner)

    def _listed(self, nodes: Sequence[Any], where: Where) -> list[Task]:
        if not nodes:
            return [(_EMPTY, where)]
        inside = [(NONE if node is None else node, where) for node in nodes]
        return [(_OPEN, where), *inside, (CLOSE, where)]

    def _push(self, *tasks: Task) -> None:
        self._todo += reversed(tasks)

    def _any(self, node: Any, where: Where) -> None:
        self.items.append(self._mark(node.__class__.__name__))
        self._push(*self._fields(node, where))

    def _fields(self, node: Any, where: Where, *left_out: str) -> list[Task]:
        tasks: list[Task] = []
        for field in node._fields:
            if field in _NO_FIELDS or field in left_out:
                continue
            value = getattr(node, field, None)
            if isinstance(value, ast.AST):
                tasks.append((value, where))
            elif value is None:
                tasks.append((NONE, where))
            elif not isinstance(value, list):
                tasks.append((self._mark(value), where))
            elif value and isinstance(value[0], ast.stmt):
                tasks += self._body(value, where)
            elif value and isinstance(value[0], str):
                tasks.append((self._mark(tuple(value)), where))
            else:
                tasks += self._listed(value, where)
        return tasks
