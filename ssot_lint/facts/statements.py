"""The walk over statements: who binds what, in which scope and context."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from ssot_lint.facts import context as contexts
from ssot_lint.facts import words
from ssot_lint.facts.context import CONDITIONAL, FALLBACK, FUNCTION, GUARDED, last
from ssot_lint.facts.scopes import Frame
from ssot_lint.facts.walk import Walk, parameters

Block = tuple[list[Any], Frame, int]
"""Statements with their frame and context."""


class Statements:
    """Walks all statements of a tree in document order, without recursion.

    A method per kind of statement puts its expressions into the queue and returns its blocks.
    """

    __slots__ = ("_context", "_frame", "_todo", "walk")

    def __init__(self, tree: ast.Module) -> None:
        self.walk = walk = Walk()
        self._frame, self._context = walk.module, 0
        self._todo = walk.queue(self._frame, self._context)
        handlers = _HANDLERS
        blocks = [(iter(tree.body), self._frame, self._context, self._todo)]
        while blocks:
            statements, self._frame, self._context, self._todo = blocks[-1]
            for node in statements:
                handler = handlers.get(node.__class__)
                nested = handler and handler(self, node)
                if nested:
                    for body, frame, context in reversed(nested):
                        if body:
                            queue = walk.queue(frame, context)
                            blocks.append((iter(body), frame, context, queue))
                    break
            else:
                blocks.pop()

    def _return(self, node: Any) -> None:
        self._todo.append(node.value)

    def _raise(self, node: Any) -> None:
        self._todo += (node.exc, node.cause)

    def _assert(self, node: Any) -> None:
        self._todo += (node.test, node.msg)

    def _delete(self, node: Any) -> None:
        for target in node.targets:
            self.walk.change_item(target, ".__delitem__", self._frame, self._context)
        self._todo += node.targets
        targets = [*node.targets]
        while targets:
            target = targets.pop()
            if isinstance(target, (ast.Tuple, ast.List)):
                targets += target.elts
            else:
                self._names(target)

    def _names(self, target: Any) -> None:
        """A target without a value makes its name one of the frame's, too."""
        if target.__class__ is ast.Name:
            self._frame.bound.add(target.id)

    def _expression(self, node: Any) -> None:
        value = node.value
        kind = value.__class__
        if kind is ast.Call:
            self.walk.exported.called(value, self._frame)
        if kind is not ast.Constant:  # a docstring, or a string that says as little
            self._todo.append(node)

    def _import(self, node: Any) -> None:
        walk = self.walk
        for alias in node.names:
            walk.imports.append((alias, node, self._frame, self._context))
            walk.names.add(alias.asname or alias.name.partition(".")[0])
            if alias.name == "TYPE_CHECKING" and alias.asname:
                walk.type_flags.add(alias.asname)

    def _assign(self, node: Any) -> None:
        value = node.value
        self._todo.append(value)
        for target in node.targets:
            self._bind(target, value, node)

    def _bind(self, target: Any, value: Any, statement: Any) -> None:
        self.walk.assign(target, value, self._frame, self._context, statement)
        self._todo.append(target)

    def _annotated(self, node: Any) -> None:
        if node.value is None:
            self.walk.change(node, self._frame, self._context)
            self._todo.append(node.target)
            self._names(node.target)
        else:
            self._todo.append(node.value)
            self._bind(node.target, node.value, node)
        self.walk.queue(self._frame, self._context, annotation=True).append(node.annotation)

    def _augmented(self, node: Any) -> None:
        if isinstance(node.target, ast.Name) and node.target.id == "__all__":
            self.walk.exported.extended(node, self._frame)
        self.walk.change(node, self._frame, self._context)
        self.walk.change_item(node.target, ".__setitem__", self._frame, self._context)
        self._todo += (node.target, node.value)
        self._names(node.target)

    def _type_alias(self, node: Any) -> None:
        self._bind(node.name, None, node)
        self.walk.title(node.name.id, node.value)
        inner = self._type_parameters(node)
        self.walk.queue(inner, self._context, annotation=True).append(node.value)

    def _global(self, node: Any) -> None:
        self._frame.redirected |= {*node.names}

    def _nonlocal(self, node: Any) -> None:
        self._frame.outer |= {*node.names}

    def _for(self, node: Any) -> list[Block]:
        self._todo.append(node.iter)
        self._bind(node.target, None, node)
        return self._branches(node.body, node.orelse)

    def _while(self, node: Any) -> list[Block]:
        self._todo.append(node.test)
        return self._branches(node.body, node.orelse)

    def _branches(self, *bodies: list[Any]) -> list[Block]:
        context = self._context | CONDITIONAL
        return [(body, self._frame, context) for body in bodies]

    def _if(self, node: Any) -> list[Block]:
        self._todo.append(node.test)
        body, orelse = contexts.of_branches(node.test, self.walk.type_flags)
        frame, context = self._frame, self._context
        return [(node.body, frame, context | body), (node.orelse, frame, context | orelse)]

    def _with(self, node: Any) -> list[Block]:
        for item in node.items:
            self._todo.append(item.context_expr)
            # What an item adds holds for the items after it, too.
            added = contexts.of_with_item(item.context_expr)
            if added & ~self._context:
                self._context |= added
                self._todo = self.walk.queue(self._frame, self._context)
            if item.optional_vars is not None:
                self._bind(item.optional_vars, None, node)
        return [(node.body, self._frame, self._context)]

    def _try(self, node: Any) -> list[Block]:
        frame, inner = self._frame, self._context | CONDITIONAL
        catching = [contexts.survives_import_error(handler) for handler in node.handlers]
        blocks = [(node.body, frame, inner | GUARDED if any(catching) else inner)]
        for handler, caught in zip(node.handlers, catching, strict=True):
            self._todo.append(handler.type)
            if handler.name:
                frame.bound.add(handler.name)
            blocks.append((handler.body, frame, inner | FALLBACK if caught else inner))
        return [*blocks, (node.orelse, frame, inner), (node.finalbody, frame, self._context)]

    def _match(self, node: Any) -> list[Block]:
        self._todo.append(node.subject)
        values = self.walk.queue(self._frame, self._context | CONDITIONAL)
        for case in node.cases:
            values.append(case.guard)
            patterns: list[Any] = [case.pattern]
            while patterns:
                pattern = patterns.pop()
                for _, part in ast.iter_fields(pattern):
                    for child in part if isinstance(part, list) else [part]:
                        if isinstance(child, ast.pattern):
                            patterns.append(child)
                        elif isinstance(child, ast.expr):
                            values.append(child)
                names = (getattr(pattern, "name", None), getattr(pattern, "rest", None))
                self._frame.bound.update(filter(None, names))
        return self._branches(*(case.body for case in node.cases))

    def _type_parameters(self, node: Any) -> Frame:
        """The frame in which the signature of `node` is evaluated."""
        given = getattr(node, "type_params", None)  # new in Python 3.12
        if not given:
            return self._frame
        inner = self.walk.hidden_scope("parameters", self._frame)
        bounds = self.walk.queue(inner, self._context, annotation=True)
        for parameter in given:
            inner.bound.add(parameter.name)
            bounds += (getattr(parameter, "bound", None), getattr(parameter, "default_value", None))
        return inner

    def _function(self, node: Any) -> list[Block]:
        self._declare(node, listed=self._frame.kind != "class")
        arguments = node.args
        self._todo += arguments.defaults
        self._todo += arguments.kw_defaults
        signature = self._type_parameters(node)
        inner = self.walk.scope("function", node.name, signature)
        self.walk.functions.append((node, self._frame, self._context, inner))
        if self._frame.kind == "class":
            self._receive(node, inner)
        annotations = [argument.annotation for argument in parameters(arguments, inner)]
        annotations.append(node.returns)
        if any(annotations):
            self.walk.queue(signature, self._context, annotation=True).extend(annotations)
        return [(node.body, inner, self._context & ~CONDITIONAL | FUNCTION)]

    def _class(self, node: Any) -> list[Block]:
        self._declare(node, listed=True)
        signature = self._type_parameters(node)
        todo = self.walk.queue(signature, self._context)
        todo += node.bases
        todo += node.keywords
        inner = self.walk.scope("class", node.name, signature)
        self.walk.classes[self._frame, node.name] = inner
        constants = words.constants(node.body)
        if len(constants) > 1:
            self.walk.constants.append((node, self._frame, self._context, constants))
        return [(node.body, inner, self._context)]

    def _receive(self, node: Any, inner: Frame) -> None:
        """Notes the first parameter of a method."""
        given = node.args.posonlyargs or node.args.args
        if given and not any(last(each) == "staticmethod" for each in node.decorator_list):
            inner.receiver = given[0].arg

    def _declare(self, node: Any, listed: bool) -> None:
        self._frame.bound.add(node.name)
        self._todo += node.decorator_list
        for decorator in node.decorator_list:
            self.walk.decorate(decorator, self._frame, self._context)
        if listed:
            self.walk.declared.append((node, self._frame, self._context))


_HANDLERS: dict[type, Callable[[Statements, Any], list[Block] | None]] = {
    ast.Expr: Statements._expression,
    ast.Return: Statements._return,
    ast.Raise: Statements._raise,
    ast.Assert: Statements._assert,
    ast.Delete: Statements._delete,
    ast.Import: Statements._import,
    ast.ImportFrom: Statements._import,
    ast.Assign: Statements._assign,
    ast.AnnAssign: Statements._annotated,
    ast.AugAssign: Statements._augmented,
    ast.Global: Statements._global,
    ast.Nonlocal: Statements._nonlocal,
    ast.For: Statements._for,
    ast.AsyncFor: Statements._for,
    ast.While: Statements._while,
    ast.If: Statements._if,
    ast.With: Statements._with,
    ast.AsyncWith: Statements._with,
    ast.Try: Statements._try,
    ast.Match: Statements._match,
    ast.FunctionDef: Statements._function,
    ast.AsyncFunctionDef: Statements._function,
    ast.ClassDef: Statements._class,
}
for _name, _handler in (("TryStar", Statements._try), ("TypeAlias", Statements._type_alias)):
    if hasattr(ast, _name):  # since Python 3.11 and 3.12
        _HANDLERS[getattr(ast, _name)] = _handler
