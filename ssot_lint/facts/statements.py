"""The walk over statements: who binds what, in which scope and context."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from ssot_lint.facts import context as contexts
from ssot_lint.facts.context import CONDITIONAL, FALLBACK, FUNCTION, GUARDED
from ssot_lint.facts.scopes import Frame
from ssot_lint.facts.walk import FIELDS, Walk

Block = tuple[Iterator[Any], Frame, int]
"""Statements that are still to be walked, their frame and their context."""


def walk(tree: ast.Module) -> Walk:
    """Everything in `tree`, in document order of statements."""
    found = Walk()
    blocks: list[Block] = [(iter(tree.body), found.module, 0)]
    while blocks:
        statements, frame, context = blocks[-1]
        for node in statements:
            found.statement = node
            handler = _HANDLERS.get(node.__class__)
            nested = (handler or _plain)(found, node, frame, context)
            if nested:
                blocks += reversed(nested)
                break
        else:
            blocks.pop()
    return found


def _block(body: list[Any], frame: Frame, context: int) -> Block:
    return iter(body), frame, context


def _plain(walk: Walk, node: Any, frame: Frame, context: int) -> None:
    """A statement that only holds expressions."""
    nodes: list[Any] = []
    for field in FIELDS.get(node.__class__, ()):
        value = getattr(node, field)
        if isinstance(value, list):
            nodes += value
        else:
            nodes.append(value)
    walk.expressions(nodes, frame, context)


def _expression(walk: Walk, node: Any, frame: Frame, context: int) -> None:
    value = node.value
    if isinstance(value, ast.Constant):
        return  # a docstring, or a string that says as little
    if isinstance(value, ast.Call):
        walk.exported.called(value, frame)
    nodes = value.values if isinstance(value, ast.JoinedStr) else [value]
    walk.expressions([*nodes], frame, context)


def _import(walk: Walk, node: Any, frame: Frame, context: int) -> None:
    for alias in node.names:
        walk.imports.append((alias, node, frame, context))
        if alias.name == "TYPE_CHECKING" and alias.asname:
            walk.type_flags.add(alias.asname)


def _assign(walk: Walk, node: Any, frame: Frame, context: int) -> None:
    for target in node.targets:
        walk.assign(target, node.value, frame, context, node)
    walk.expressions([*node.targets, node.value], frame, context)


def _annotated(walk: Walk, node: Any, frame: Frame, context: int) -> None:
    if node.value is not None:
        walk.assign(node.target, node.value, frame, context, node)
    walk.expressions([node.annotation], frame, context, annotation=True)
    walk.expressions([node.target, node.value], frame, context)


def _augmented(walk: Walk, node: Any, frame: Frame, context: int) -> None:
    if isinstance(node.target, ast.Name) and node.target.id == "__all__":
        walk.exported.extended(node, frame)
    walk.expressions([node.target, node.value], frame, context)


def _type_alias(walk: Walk, node: Any, frame: Frame, context: int) -> None:
    frame.bound.add(node.name.id)
    walk.assign(node.name, None, frame, context, node)
    inner = _type_parameters(walk, node, frame, context)
    walk.expressions([node.value], inner, context, annotation=True)


def _global(walk: Walk, node: Any, frame: Frame, context: int) -> None:
    frame.redirected.update(node.names)


def _nonlocal(walk: Walk, node: Any, frame: Frame, context: int) -> None:
    frame.outer.update(node.names)


def _for(walk: Walk, node: Any, frame: Frame, context: int) -> list[Block]:
    walk.assign(node.target, None, frame, context, node)
    walk.expressions([node.target, node.iter], frame, context)
    inner = context | CONDITIONAL
    return [_block(node.body, frame, inner), _block(node.orelse, frame, inner)]


def _while(walk: Walk, node: Any, frame: Frame, context: int) -> list[Block]:
    walk.expressions([node.test], frame, context)
    inner = context | CONDITIONAL
    return [_block(node.body, frame, inner), _block(node.orelse, frame, inner)]


def _if(walk: Walk, node: Any, frame: Frame, context: int) -> list[Block]:
    body, orelse = contexts.of_branches(node.test, walk.type_flags)
    walk.expressions([node.test], frame, context)
    return [
        _block(node.body, frame, context | body),
        _block(node.orelse, frame, context | orelse),
    ]


def _with(walk: Walk, node: Any, frame: Frame, context: int) -> list[Block]:
    for item in node.items:
        walk.expressions([item.context_expr], frame, context)
        context |= contexts.of_with_item(item.context_expr)
        if item.optional_vars is not None:
            walk.assign(item.optional_vars, None, frame, context, node)
            walk.expressions([item.optional_vars], frame, context)
    return [_block(node.body, frame, context)]


def _try(walk: Walk, node: Any, frame: Frame, context: int) -> list[Block]:
    inner = context | CONDITIONAL
    catching = [contexts.survives_import_error(handler) for handler in node.handlers]
    blocks = [_block(node.body, frame, inner | (GUARDED if any(catching) else 0))]
    for handler, caught in zip(node.handlers, catching, strict=True):
        walk.expressions([handler.type], frame, context)
        if handler.name:
            frame.bound.add(handler.name)
        blocks.append(_block(handler.body, frame, inner | (FALLBACK if caught else 0)))
    blocks.append(_block(node.orelse, frame, inner))
    blocks.append(_block(node.finalbody, frame, context))
    return blocks


def _match(walk: Walk, node: Any, frame: Frame, context: int) -> list[Block]:
    walk.expressions([node.subject], frame, context)
    blocks = []
    for case in node.cases:
        todo: list[Any] = [case.pattern]
        values = [case.guard]
        while todo:
            pattern = todo.pop()
            # Patterns bind names, and hold values, keys and classes besides patterns.
            frame.bound.update(
                name
                for name in (getattr(pattern, "name", None), getattr(pattern, "rest", None))
                if name
            )
            for field in FIELDS[pattern.__class__]:
                value = getattr(pattern, field)
                parts = value if isinstance(value, list) else [value]
                todo += (part for part in parts if isinstance(part, ast.pattern))
                values += (part for part in parts if isinstance(part, ast.expr))
        walk.expressions(values, frame, context | CONDITIONAL)
        blocks.append(_block(case.body, frame, context | CONDITIONAL))
    return blocks


def _type_parameters(walk: Walk, node: Any, frame: Frame, context: int) -> Frame:
    """The frame in which the signature of `node` is evaluated."""
    parameters = getattr(node, "type_params", None)  # new in Python 3.12
    if not parameters:
        return frame
    inner = walk.hidden_scope("parameters", frame)
    for parameter in parameters:
        inner.bound.add(parameter.name)
    bounds = [getattr(p, field, None) for p in parameters for field in ("bound", "default_value")]
    walk.expressions(bounds, inner, context, annotation=True)
    return inner


def _function(walk: Walk, node: Any, frame: Frame, context: int) -> list[Block]:
    frame.bound.add(node.name)
    if frame.kind != "class":
        walk.declared.append((node, frame, context))
    arguments = node.args
    outside = [*node.decorator_list, *arguments.defaults, *arguments.kw_defaults]
    walk.expressions(outside, frame, context)
    signature = _type_parameters(walk, node, frame, context)
    inner = walk.scope("function", node.name, signature)
    annotations = [given.annotation for given in walk.parameters(arguments, inner)]
    walk.expressions([*annotations, node.returns], signature, context, annotation=True)
    return [_block(node.body, inner, context & ~CONDITIONAL | FUNCTION)]


def _class(walk: Walk, node: Any, frame: Frame, context: int) -> list[Block]:
    frame.bound.add(node.name)
    walk.declared.append((node, frame, context))
    walk.expressions([*node.decorator_list], frame, context)
    bases = _type_parameters(walk, node, frame, context)
    walk.expressions([*node.bases, *node.keywords], bases, context)
    return [_block(node.body, walk.scope("class", node.name, bases), context)]


_HANDLERS: dict[type, Callable[[Walk, Any, Frame, int], list[Block] | None]] = {
    ast.Expr: _expression,
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
