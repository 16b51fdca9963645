"""What ``__all__`` lists, as far as its constants say."""

from __future__ import annotations

import ast
from typing import Any

from ssot_lint.facts.model import Exports
from ssot_lint.facts.scopes import Frame

_HARMLESS = frozenset({"sort", "reverse", "index", "count", "copy"})


class Exported:
    """Collects ``__all__`` while a file is walked."""

    __slots__ = ("_dynamic", "_names", "_seen")

    def __init__(self) -> None:
        self._names: dict[str, None] = {}
        self._seen = self._dynamic = False

    def facts(self, imported: bool) -> Exports | None:
        """What was found; `imported`: ``__all__`` itself comes from another module too."""
        if not self._seen and not imported:
            return None
        return Exports(tuple(self._names), self._dynamic or imported)

    def assigned(self, value: Any) -> None:
        """``__all__ = value`` in the module; None for a value that no expression says."""
        self._seen = True
        self._collect(value)

    def extended(self, node: ast.AugAssign, frame: Frame) -> None:
        """``__all__ += value``"""
        self._seen = True
        self._collect(node.value if frame.kind == "module" else None)

    def called(self, call: ast.Call, frame: Frame) -> None:
        """A call as a statement: ``__all__.append("x")`` and its like count."""
        func = call.func
        if not (isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name)):
            return
        if func.value.id != "__all__" or func.attr in _HARMLESS:
            return
        self._seen = True
        argument = call.args[0] if len(call.args) == 1 else None
        if frame.kind != "module" or argument is None:
            self._dynamic = True
        elif func.attr == "append":
            self._element(argument)
        elif func.attr == "extend":
            self._collect(argument)
        elif func.attr == "remove" and isinstance(argument, ast.Constant):
            self._names.pop(str(argument.value), None)
        else:
            self._dynamic = True

    def _collect(self, value: Any) -> None:
        todo = [value]
        while todo:
            value = todo.pop()
            if isinstance(value, (ast.List, ast.Tuple)):
                for element in value.elts:
                    self._element(element)
            elif isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
                todo += (value.right, value.left)
            else:
                self._dynamic = True

    def _element(self, node: Any) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            self._names[node.value] = None
        else:
            self._dynamic = True
