"""The walk over expressions: collects chains, strings and bindings, resolves nothing.

Expressions are nearly all of a tree, so this is where the time goes: one explicit stack for all
that share a scope and a context, the commonest kinds of node in the loop, the others through a
table. No recursion: generated code nests deeper than Python's stack.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from ssot_lint.facts import strings
from ssot_lint.facts.context import (
    EXPECTED_FAILURE,
    FUNCTION,
    RAISES,
    expects_import_error,
    last,
)
from ssot_lint.facts.quoted import Group, Quoted
from ssot_lint.facts.walk import Called, Chain, Form, Result, Walk, parameters

_NO_EXPRESSIONS = frozenset(
    {"arg", "attr", "conversion", "ctx", "id", "kind", "op", "ops", "str", "is_async"}
)
_FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(name for name in kind._fields if name not in _NO_EXPRESSIONS)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, (ast.expr, ast.keyword))
}
"""The fields of each kind of expression that hold expressions, or lists of them."""

_STRINGS = frozenset({ast.JoinedStr, ast.BinOp})
_SPECIAL_CALLS = strings.IMPORTERS | strings.KEY_TAKERS | RAISES
"""Callees (last component) whose arguments mean more than arguments do."""


class Expressions(Quoted):
    """Walks the queues of a `Walk`, using them up.

    `chains`, `calls`, and what it quotes, are what it finds.
    """

    __slots__ = ("_walk", "calls", "chains")

    def __init__(self, walk: Walk) -> None:
        super().__init__()
        self.chains: list[Chain] = []
        self.calls: list[Called] = []
        self._walk = walk
        self._groups += [
            Group(nodes, frame, context, annotation)
            for (frame, context, annotation), nodes in walk.queues.items()
            if nodes
        ]
        while self._groups:
            group = self._groups.pop()
            self._enter(group)
            self._run(group)

    def _run(self, group: Group) -> None:
        todo, frame, context, annotation, place = group
        words = {} if annotation else self._words  # what is quoted there is code
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
                if node.value.__class__ is str:
                    self._word(node, words)
                    if "." in node.value:
                        self._text(strings.Literal(node, node.value, True, [], []))
            elif node is not None:
                get_handler(kind, _any)(self, node, todo)

    def _statement(self, node: Any, todo: list[Any]) -> None:
        """An expression statement."""
        value = node.value
        if value.__class__ is ast.Call:
            self._call(value, todo, "discarded")
        elif value.__class__ is ast.JoinedStr:
            self._parts(strings.joined(value), value, todo)  # a bare string says nothing
        else:
            todo.append(value)

    def _await(self, node: Any, todo: list[Any]) -> None:
        if node.value.__class__ is ast.Call:
            self._call(node.value, todo, "awaited")
        else:
            todo.append(node.value)

    def _yield(self, node: Any, todo: list[Any]) -> None:
        self._frame.yields = True
        todo.append(node.value)

    def _call(self, node: Any, todo: list[Any], result: Result = "used") -> None:
        func = root = node.func
        kind = func.__class__
        word = func.attr if kind is ast.Attribute else func.id if kind is ast.Name else ""
        special = word in _SPECIAL_CALLS
        if special and strings.is_format(node):
            self._string(node, todo)
            return
        while root.__class__ is ast.Attribute:
            root = root.value
        if root.__class__ is ast.Name:
            name, frame, context, place = root.id, self._frame, self._context, self._place
            self.calls.append((func, "", node, name, frame, context, result, place))
            if root is not func and name in self._walk.names:
                self.chains.append((func, name, frame, context, place))
        else:
            todo.append(root)
        if special:
            self._special_arguments(node, word, todo)
        else:
            self._arguments(node, todo)

    def _arguments(self, node: Any, todo: list[Any]) -> None:
        arguments = node.args
        if node.keywords:
            arguments = [*arguments, *[keyword.value for keyword in node.keywords]]
        for argument in arguments:
            kind = argument.__class__
            if kind is ast.Constant:
                if argument.value.__class__ is str:
                    if "." in argument.value:
                        self._argument(argument, node, todo)
                    else:
                        self._word(argument, self._words)
            elif kind in _STRINGS or (kind is ast.Call and last(argument.func) == "format"):
                self._argument(argument, node, todo)
            elif kind is not ast.Name:
                todo.append(argument)

    def _special_arguments(self, node: Any, word: str, todo: list[Any]) -> None:
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

    def _subscript(self, node: Any, todo: list[Any]) -> None:
        todo.append(node.value)
        if strings.is_sys_modules(node.value):
            self._key(node.slice, todo)
        elif last(node.value) == "Literal":
            values = node.slice.elts if node.slice.__class__ is ast.Tuple else [node.slice]
            self._display(node, "literal", values)
            self._groups.append(Group([*values], self._frame, self._context, False, self._place))
        else:
            todo.append(node.slice)

    def _elements(self, node: Any, todo: list[Any]) -> None:
        """A list, set or tuple."""
        todo += node.elts
        if not self._annotation:
            self._display(node, _FORMS[node.__class__], node.elts)

    def _dictionary(self, node: Any, todo: list[Any]) -> None:
        todo += node.keys
        todo += node.values
        if not self._annotation:
            self._display(node, "keys", node.keys)
            self._display(node, "values", node.values)

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


_FORMS: dict[type, Form] = {ast.List: "list", ast.Set: "set", ast.Tuple: "tuple"}
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
    ast.List: Expressions._elements,
    ast.Set: Expressions._elements,
    ast.Tuple: Expressions._elements,
    ast.Dict: Expressions._dictionary,
    ast.Await: Expressions._await,
    ast.Yield: Expressions._yield,
    ast.YieldFrom: Expressions._yield,
    ast.Expr: Expressions._statement,
}
