"""The walk over expressions: collects chains, strings and bindings, resolves nothing.

Expressions are nearly all of a tree, so this is where the time goes: one explicit stack for all
that share a scope and a context, the commonest kinds of node in the loop, the others through a
table. No recursion: generated code nests deeper than Python's stack.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from ssot_lint.facts import strings
from ssot_lint.facts.context import (
    EXPECTED_FAILURE,
    FUNCTION,
    RAISES,
    dotted,
    expects_import_error,
    last,
)
from ssot_lint.facts.scopes import Frame
from ssot_lint.facts.walk import Walk, parameters

Role = Literal["argument", "key", "annotation", "other"]

_MISPLACES_F_STRINGS = sys.version_info < (3, 12)

_NO_EXPRESSIONS = frozenset(
    {"arg", "attr", "conversion", "ctx", "id", "kind", "op", "ops", "str", "is_async"}
)
_FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(name for name in kind._fields if name not in _NO_EXPRESSIONS)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, (ast.expr, ast.keyword))
}
"""The fields of each kind of expression that hold expressions, or lists of them."""

_STRINGS = frozenset({ast.Constant, ast.JoinedStr, ast.BinOp})
_SPECIAL_CALLS = strings.IMPORTERS | strings.KEY_TAKERS | RAISES
"""Callees (last component) whose arguments mean more than arguments do."""

Chain = tuple[ast.Attribute, str, Frame, int, Any]
"""An attribute chain, its root, frame and context, and the f-string around it that misplaces it."""


class Found(NamedTuple):
    """A dotted path in a string."""

    node: Any
    path: strings.Path
    role: Role
    callee: str
    package: str
    frame: Frame
    context: int
    place: Any


class Group(NamedTuple):
    """Expressions that share everything but themselves."""

    nodes: list[Any]
    frame: Frame
    context: int
    annotation: bool = False
    place: Any = None


class Expressions:
    """Walks the queues of a `Walk`, using them up; `chains` and `found` are what it finds."""

    __slots__ = (
        "_annotation",
        "_context",
        "_frame",
        "_groups",
        "_place",
        "_walk",
        "chains",
        "found",
    )

    def __init__(self, walk: Walk) -> None:
        self.chains: list[Chain] = []
        self.found: list[Found] = []
        self._walk = walk
        self._groups = [
            Group(nodes, frame, context, annotation)
            for (frame, context, annotation), nodes in walk.queues.items()
            if nodes
        ]
        while self._groups:
            group = self._groups.pop()
            _, self._frame, self._context, self._annotation, self._place = group
            self._run(group)

    def _run(self, group: Group) -> None:
        todo, frame, context, _, place = group
        name, attribute, constant, load = ast.Name, ast.Attribute, ast.Constant, ast.Load
        imported, chains = self._walk.names, self.chains
        pop, get_handler = todo.pop, _HANDLERS.get
        while todo:
            node = pop()
            kind = node.__class__
            if kind is name:
                if node.ctx.__class__ is not load:
                    frame.bound.add(node.id)
            elif kind is attribute:
                root = node.value
                while root.__class__ is attribute:
                    root = root.value
                if root.__class__ is not name:
                    todo.append(root)
                elif root.id in imported:
                    chains.append((node, root.id, frame, context, place))
            elif kind is constant:
                if node.value.__class__ is str and "." in node.value:
                    self._text(strings.Literal(node, node.value, True, []))
            elif node is not None:
                get_handler(kind, _any)(self, node, todo)

    def _text(
        self,
        text: strings.Literal,
        role: Role | None = None,
        callee: str = "",
        module: bool = False,
        package: str = "",
    ) -> None:
        if text.text is None:
            return
        path = strings.path_of(text.text, text.complete, module)
        if path is not None:
            role = role or ("annotation" if self._annotation else "other")
            where = (self._frame, self._context, self._place)
            self.found.append(Found(text.node, path, role, callee, package, *where))

    def _parts(self, text: strings.Literal, node: Any, todo: list[Any]) -> None:
        """The expressions within a string expression."""
        if _MISPLACES_F_STRINGS and node.__class__ is ast.JoinedStr:
            place = self._place or node
            self._groups.append(Group(text.parts, self._frame, self._context, False, place))
        else:
            todo += text.parts

    def _string(self, node: Any, todo: list[Any]) -> None:
        text = strings.literal(node)
        if text is None:
            todo += (node.left, node.right)  # an operator between other things
        else:
            self._text(text)
            self._parts(text, node, todo)

    def _key(self, node: Any, todo: list[Any]) -> None:
        """`node` is a key of ``sys.modules``, or a dictionary of such keys."""
        if isinstance(node, ast.Dict):
            todo += node.values
            for key in node.keys:
                self._key(key, todo)
            return
        text = strings.literal(node)
        if text is None:
            todo.append(node)
        else:
            self._text(text, "key", module=not (text.text or "").startswith("."))
            self._parts(text, node, todo)

    def _call(self, node: Any, todo: list[Any]) -> None:
        func = node.func
        kind = func.__class__
        word = func.attr if kind is ast.Attribute else func.id if kind is ast.Name else ""
        if word in _SPECIAL_CALLS:
            self._special_call(node, word, todo)
            return
        if kind is not ast.Name:
            todo.append(func)
        arguments = node.args
        if node.keywords:
            arguments = [*arguments, *[keyword.value for keyword in node.keywords]]
        for argument in arguments:
            kind = argument.__class__
            if kind in _STRINGS or (kind is ast.Call and last(argument.func) == "format"):
                self._argument(argument, node, todo)
            elif kind is not ast.Name:
                todo.append(argument)

    def _special_call(self, node: Any, word: str, todo: list[Any]) -> None:
        if strings.is_format(node):
            self._string(node, todo)
            return
        todo.append(node.func)
        context, inner = self._context, todo
        if word in RAISES and expects_import_error(node):
            self._context |= EXPECTED_FAILURE
            inner = []
            self._groups.append(
                Group(inner, self._frame, self._context, self._annotation, self._place)
            )
        keys = strings.module_keys(node)
        importer = word in strings.IMPORTERS
        for index, argument in enumerate(node.args):
            if argument in keys:
                self._key(argument, inner)
            else:
                self._argument(argument, node, inner, importer and index == 0)
        for keyword in node.keywords:
            module = importer and keyword.arg in strings.IMPORTER_KEYWORDS
            self._argument(keyword.value, node, inner, module)
        self._context = context

    def _argument(self, node: Any, call: Any, todo: list[Any], module: bool = False) -> None:
        text = strings.literal(node)
        if text is None:
            todo.append(node)
            return
        if text.text is not None and (module or "." in text.text):
            relative = module and text.text.startswith(".")
            package = strings.package_of(call) if relative else ""
            self._text(text, "argument", dotted(call.func), module, package)
        self._parts(text, node, todo)

    def _subscript(self, node: Any, todo: list[Any]) -> None:
        todo.append(node.value)
        if strings.is_sys_modules(node.value):
            self._key(node.slice, todo)
        elif self._annotation and last(node.value) == "Literal":
            self._groups.append(Group([node.slice], self._frame, self._context))
        else:
            todo.append(node.slice)

    def _compare(self, node: Any, todo: list[Any]) -> None:
        todo += node.comparators
        member = node.ops[0].__class__ in (ast.In, ast.NotIn)
        if member and strings.is_sys_modules(node.comparators[0]):
            self._key(node.left, todo)
        else:
            todo.append(node.left)

    def _lambda(self, node: Any, todo: list[Any]) -> None:
        frame = self._walk.hidden_scope("lambda", self._frame)
        parameters(node.args, frame)
        todo += node.args.defaults
        todo += node.args.kw_defaults
        context = self._context | FUNCTION
        self._groups.append(Group([node.body], frame, context, False, self._place))

    def _comprehension(self, node: Any, todo: list[Any]) -> None:
        frame = self._walk.hidden_scope("comprehension", self._frame)
        first, *others = node.generators
        todo.append(first.iter)  # evaluated outside
        inner = [first.target, *first.ifs]
        for generator in others:
            inner += (generator.target, generator.iter, *generator.ifs)
        inner += (node.key, node.value) if node.__class__ is ast.DictComp else (node.elt,)
        self._groups.append(Group(inner, frame, self._context, False, self._place))

    def _walrus(self, node: Any, todo: list[Any]) -> None:
        frame = self._frame
        while frame.kind == "comprehension" and frame.parent is not None:
            frame = frame.parent
        target, value, inside = node.target, node.value, self._frame
        self._walk.assign_name(target, value, frame, self._context, None, inside)
        todo.append(node.value)

    def _fields(self, node: Any, todo: list[Any]) -> None:
        for field in _FIELDS.get(node.__class__, ()):
            value = getattr(node, field)
            if value.__class__ is list:
                todo += value
            else:
                todo.append(value)


_any = Expressions._fields
_HANDLERS: dict[type, Callable[[Expressions, Any, list[Any]], None]] = {
    ast.Call: Expressions._call,
    ast.Subscript: Expressions._subscript,
    ast.Compare: Expressions._compare,
    ast.JoinedStr: Expressions._string,
    ast.BinOp: Expressions._string,
    ast.Lambda: Expressions._lambda,
    ast.NamedExpr: Expressions._walrus,
    ast.ListComp: Expressions._comprehension,
    ast.SetComp: Expressions._comprehension,
    ast.DictComp: Expressions._comprehension,
    ast.GeneratorExp: Expressions._comprehension,
}
