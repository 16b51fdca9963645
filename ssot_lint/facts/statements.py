"""The walk over statements: who binds what, in which scope and context."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from ssot_lint.facts import context as contexts
from ssot_lint.facts.context import CONDITIONAL, FALLBACK, FUNCTION, GUARDED
from ssot_lint.facts.scopes import Frame
from ssot_lint.facts.walk import Walk, parameters

Block = tuple[list[Any], Frame, int]
"""Statements with their frame and context."""
Handler = Callable[[Walk, Any, Frame, int, list[Any]], "list[Block] | None"]
"""Takes a statement and the queue for its expressions, and returns the blocks in it."""


def walk(tree: ast.Module) -> Walk:
    """Everything in `tree`, statements in document order, without recursion."""
    found = Walk()
    handlers, module = _HANDLERS, found.module
    blocks = [(iter(tree.body), module, 0, found.queue(module, 0))]
    while blocks:
        statements, frame, context, todo = blocks[-1]
        for node in statements:
            handler = handlers.get(node.__class__)
            nested = handler and handler(found, node, frame, context, todo)
            if nested:
                for body, inner, added in reversed(nested):
                    if body:
                        blocks.append((iter(body), inner, added, found.queue(inner, added)))
                break
        else:
            blocks.pop()
    return found


def _value(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> None:
    """``return``"""
    todo.append(node.value)


def _raise(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> None:
    todo += (node.exc, node.cause)


def _assert(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> None:
    todo += (node.test, node.msg)


def _delete(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> None:
    todo += node.targets


def _expression(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> None:
    value = node.value
    if value.__class__ is ast.JoinedStr:
        todo += value.values
    elif value.__class__ is not ast.Constant:  # a docstring, or a string that says as little
        if value.__class__ is ast.Call:
            walk.exported.called(value, frame)
        todo.append(value)


def _import(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> None:
    for alias in node.names:
        walk.imports.append((alias, node, frame, context))
        walk.names.add(alias.asname or alias.name.partition(".")[0])
        if alias.name == "TYPE_CHECKING" and alias.asname:
            walk.type_flags.add(alias.asname)


def _assign(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> None:
    value = node.value
    todo.append(value)
    for target in node.targets:
        if target.__class__ is not ast.Attribute:
            walk.assign(target, value, frame, context, node)
        todo.append(target)


def _annotated(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> None:
    if node.value is not None:
        walk.assign(node.target, node.value, frame, context, node)
    walk.queue(frame, context, annotation=True).append(node.annotation)
    todo += (node.target, node.value)


def _augmented(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> None:
    if isinstance(node.target, ast.Name) and node.target.id == "__all__":
        walk.exported.extended(node, frame)
    todo += (node.target, node.value)


def _type_alias(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> None:
    walk.assign(node.name, None, frame, context, node)
    inner = _type_parameters(walk, node, frame, context)
    walk.queue(inner, context, annotation=True).append(node.value)


def _global(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> None:
    frame.redirected |= {*node.names}


def _nonlocal(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> None:
    frame.outer |= {*node.names}


def _for(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> list[Block]:
    walk.assign(node.target, None, frame, context, node)
    todo += (node.target, node.iter)
    inner = context | CONDITIONAL
    return [(node.body, frame, inner), (node.orelse, frame, inner)]


def _while(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> list[Block]:
    todo.append(node.test)
    inner = context | CONDITIONAL
    return [(node.body, frame, inner), (node.orelse, frame, inner)]


def _if(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> list[Block]:
    todo.append(node.test)
    body, orelse = contexts.of_branches(node.test, walk.type_flags)
    return [(node.body, frame, context | body), (node.orelse, frame, context | orelse)]


def _with(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> list[Block]:
    for item in node.items:
        todo.append(item.context_expr)
        added = contexts.of_with_item(item.context_expr)
        if added & ~context:
            context |= added
            todo = walk.queue(frame, context)
        if item.optional_vars is not None:
            walk.assign(item.optional_vars, None, frame, context, node)
            todo.append(item.optional_vars)
    return [(node.body, frame, context)]


def _try(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> list[Block]:
    inner = context | CONDITIONAL
    catching = [contexts.survives_import_error(handler) for handler in node.handlers]
    blocks = [(node.body, frame, inner | GUARDED if any(catching) else inner)]
    for handler, caught in zip(node.handlers, catching, strict=True):
        todo.append(handler.type)
        if handler.name:
            frame.bound.add(handler.name)
        blocks.append((handler.body, frame, inner | FALLBACK if caught else inner))
    return [*blocks, (node.orelse, frame, inner), (node.finalbody, frame, context)]


def _match(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> list[Block]:
    todo.append(node.subject)
    inner = context | CONDITIONAL
    values = walk.queue(frame, inner)
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
            for binding in ("name", "rest"):
                name = getattr(pattern, binding, None)
                if name:
                    frame.bound.add(name)
    return [(case.body, frame, inner) for case in node.cases]


def _type_parameters(walk: Walk, node: Any, frame: Frame, context: int) -> Frame:
    """The frame in which the signature of `node` is evaluated."""
    given = getattr(node, "type_params", None)  # new in Python 3.12
    if not given:
        return frame
    inner = walk.hidden_scope("parameters", frame)
    bounds = walk.queue(inner, context, annotation=True)
    for parameter in given:
        inner.bound.add(parameter.name)
        bounds += (getattr(parameter, "bound", None), getattr(parameter, "default_value", None))
    return inner


def _function(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> list[Block]:
    frame.bound.add(node.name)
    if frame.kind != "class":
        walk.declared.append((node, frame, context))
    arguments = node.args
    todo += node.decorator_list
    todo += arguments.defaults
    todo += arguments.kw_defaults
    signature = _type_parameters(walk, node, frame, context)
    inner = walk.scope("function", node.name, signature)
    annotations = [argument.annotation for argument in parameters(arguments, inner)]
    annotations.append(node.returns)
    if any(annotations):
        walk.queue(signature, context, annotation=True).extend(annotations)
    return [(node.body, inner, context & ~CONDITIONAL | FUNCTION)]


def _class(walk: Walk, node: Any, frame: Frame, context: int, todo: list[Any]) -> list[Block]:
    frame.bound.add(node.name)
    walk.declared.append((node, frame, context))
    todo += node.decorator_list
    signature = _type_parameters(walk, node, frame, context)
    if signature is not frame:
        todo = walk.queue(signature, context)
    todo += node.bases
    todo += node.keywords
    return [(node.body, walk.scope("class", node.name, signature), context)]


_HANDLERS: dict[type, Handler] = {
    ast.Expr: _expression,
    ast.Return: _value,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Delete: _delete,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.If: _if,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.Match: _match,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
}
for _name, _handler in (("TryStar", _try), ("TypeAlias", _type_alias)):  # 3.11 and 3.12
    if hasattr(ast, _name):
        _HANDLERS[getattr(ast, _name)] = _handler
