"""Functions and methods: their parameters, and what they do if they only hand on."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from ssot_lint.facts.context import dotted, last, stripped
from ssot_lint.facts.model import Function, Parameter
from ssot_lint.facts.source import Positions
from ssot_lint.facts.walk import Walk, bound_in


def functions(found: Walk, positions: Positions) -> Iterator[Function]:
    """Every function; asks for a walk that has seen all expressions, too."""
    for node, frame, context, inner in found.functions:
        owner, context = bound_in(frame, node.name, context)
        yield Function(
            *positions.name(node),
            owner.index,
            context,
            node.name,
            inner.index,
            node.__class__ is ast.AsyncFunctionDef,
            inner.yields,
            _parameters(node.args),
            tuple(map(stripped, node.decorator_list)),
            _delegate(node.body),
        )


def _parameters(given: ast.arguments) -> tuple[Parameter, ...]:
    """The parameters as they are written."""
    found: list[Parameter] = []
    for argument in given.posonlyargs:
        found.append((argument.arg, "positional", False))
    for argument in given.args:
        found.append((argument.arg, "any", False))
    if given.defaults:
        first = len(found) - len(given.defaults)
        found[first:] = [(name, kind, True) for name, kind, _ in found[first:]]
    if given.vararg is not None:
        found.append((given.vararg.arg, "many", False))
    if given.kwonlyargs:
        for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
            found.append((argument.arg, "keyword", default is not None))
    if given.kwarg is not None:
        found.append((given.kwarg.arg, "keywords", False))
    return tuple(found)


def _delegate(body: list[Any]) -> str:
    """The callee of the call that is all `body` does, else ""."""
    *others, statement = body
    if not all(map(_is_beside_the_point, others)):
        return ""
    value = statement.value if statement.__class__ in (ast.Return, ast.Expr) else None
    if value.__class__ is ast.Await:
        value = value.value
    return dotted(value.func) if value.__class__ is ast.Call else ""


def _is_beside_the_point(statement: Any) -> bool:
    """Whether a statement only documents, imports or warns."""
    if statement.__class__ is not ast.Expr:
        return statement.__class__ is ast.Import or statement.__class__ is ast.ImportFrom
    value = statement.value
    if value.__class__ is ast.Call:
        word = last(value.func).lower()
        return "warn" in word or "deprecat" in word
    return value.__class__ is ast.Constant and value.value.__class__ is str
