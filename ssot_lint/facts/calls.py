"""Calls of what a file imports or defines."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import chain

from ssot_lint.facts.context import dotted
from ssot_lint.facts.model import Call
from ssot_lint.facts.source import Positions
from ssot_lint.facts.walk import Called, Walk


def calls(found: Walk, called: Iterable[Called], positions: Positions) -> Iterator[Call]:
    """The calls that are facts; asks for imports that are bound and settled frames."""
    module, span = found.module, positions.span
    inner = set().union(*[frame.bound for frame in found.frames if frame is not module])
    for func, method, call, name, frame, context, result, place in chain(called, found.implied):
        if name not in inner:
            root_scope = 0 if name in module.bound else -1
        else:
            root = frame.lookup(name)
            if root is None or root is module:
                root_scope = -1 if root is None else 0
            elif name in root.imported or (name == root.receiver and result != "used"):
                root_scope = root.index
            else:
                continue
        yield Call(
            *(span(func) if place is None else positions.placed(func, name, place)),
            frame.index,
            context,
            (name if func.__class__ is ast.Name else dotted(func)) + method,
            root_scope,
            result,
            _names(call) if call is not None else (),
        )


def _names(node: ast.Call) -> tuple[str, ...]:
    """The arguments that are dotted names."""
    names = []
    for argument in node.args:
        if argument.__class__ is ast.Name or argument.__class__ is ast.Attribute:
            names.append(dotted(argument))
    for keyword in node.keywords:
        value = keyword.value
        if value.__class__ is ast.Name or value.__class__ is ast.Attribute:
            names.append(dotted(value) if keyword.arg else "")
    return tuple(filter(None, names)) if names else ()
