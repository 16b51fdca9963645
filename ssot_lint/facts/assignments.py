"""What modules and classes bind to values."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from ssot_lint.facts.context import dotted
from ssot_lint.facts.model import Assignment, ValueKind
from ssot_lint.facts.scopes import Frame
from ssot_lint.facts.source import Positions
from ssot_lint.facts.walk import Assigned, Enclosing, Walk, bound_in
from ssot_lint.patterns import is_dotted

_KINDS: dict[type, ValueKind] = {
    ast.Constant: "constant",
    ast.List: "list",
    ast.ListComp: "list",
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.Set: "set",
    ast.SetComp: "set",
    ast.Tuple: "tuple",
    ast.Call: "call",
}


def assignments(found: Walk, enclosing: Enclosing, positions: Positions) -> Iterator[Assignment]:
    """Every binding that is a fact; asks for settled frames."""
    for assigned in found.values:
        node, frame = assigned[0], assigned[2]
        owner, context = bound_in(frame, node.id, assigned[3])
        yield _fact(positions.span(node), owner, context, node.id, assigned, enclosing, positions)
    for assigned in found.attributes:
        node, frame, context = assigned[0], assigned[2], assigned[3]
        of_class = _class_of(node.value.id, frame, found)
        if of_class is not None:
            span = positions.attribute(node)
            yield _fact(span, of_class, context, node.attr, assigned, enclosing, positions)


def _class_of(name: str, frame: Frame, found: Walk) -> Frame | None:
    """The class whose attribute is assigned, if the name before the dot says which."""
    root = frame.lookup(name)
    if root is None:
        return None
    if root.receiver != name:
        return found.classes.get((root, name))
    while root is not None and root.kind != "class":
        root = root.parent
    return root


def _fact(
    span: tuple[int, int, int, int],
    owner: Frame,
    context: int,
    name: str,
    assigned: Assigned,
    enclosing: Enclosing,
    positions: Positions,
) -> Assignment:
    node, value, _, _, statement, inside = assigned
    while value.__class__ is ast.NamedExpr:
        value = value.value
    kind, annotation = _kind(value), ""
    if statement is None:
        statement = enclosing.statement(node)
    elif statement.__class__ is ast.AnnAssign:
        annotation = _annotation(statement.annotation)
        kind = "declared" if value is None else kind
    return Assignment(
        *span,
        owner.index,
        context,
        name,
        kind,
        dotted(value.func) if kind == "call" else "",
        annotation,
        *positions.start(statement),
        inside.index,
        _is_empty(value),
    )


def _kind(value: Any) -> ValueKind:
    """What kind of value an expression gives; None: something that no expression says."""
    kind = value.__class__
    if kind is ast.UnaryOp and value.operand.__class__ is ast.Constant:
        return "constant"
    if kind is ast.Constant and value.value is None:
        return "none"
    if kind is ast.Name or kind is ast.Attribute:
        return "name" if dotted(value) else "other"
    return _KINDS.get(kind, "other")


def _is_empty(value: Any) -> bool:
    """Whether a display, or a call, is given nothing."""
    kind = value.__class__
    if kind is ast.Dict:
        return not value.keys
    if kind is ast.Call:
        return not value.args and not value.keywords
    return kind in (ast.List, ast.Tuple, ast.Set) and not value.elts


def _annotation(node: Any) -> str:
    """The outermost name of an annotation, also of a quoted one; "" if it has none."""
    if node.__class__ is ast.Subscript:
        node = node.value
    if node.__class__ is ast.Constant and node.value.__class__ is str:
        name = node.value.partition("[")[0].strip()
        return name if is_dotted(name) else ""
    return dotted(node)
