"""What the statements around a fact say about it: see `Context` for the meaning of the flags."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable
from typing import Any, Final


class Context:
    """Flags that say where a fact stands; several may hold at once."""

    NONE: Final = 0
    CONDITIONAL: Final = 1
    """Under ``if``, ``try`` (body, handler, else), a loop or ``match``: may not be executed."""
    TYPE_CHECKING: Final = 2
    """Only for type checkers (not the ``else`` branch, which is run time)."""
    GUARDED: Final = 4
    """In the body of a ``try`` that handles ImportError, ModuleNotFoundError, Exception or all."""
    FALLBACK: Final = 8
    """In the handler of such a ``try``."""
    EXPECTED_FAILURE: Final = 16
    """Inside ``raises(ImportError)`` / ``assertRaises``: a test of absence, not a use."""
    FUNCTION: Final = 32
    """In the body of a function, at any depth."""
    SCRIPT: Final = 64
    """In the body of ``if __name__ == "__main__"``: never executed by an import."""


NONE = Context.NONE
CONDITIONAL = Context.CONDITIONAL
TYPE_CHECKING = Context.TYPE_CHECKING
GUARDED = Context.GUARDED
FALLBACK = Context.FALLBACK
EXPECTED_FAILURE = Context.EXPECTED_FAILURE
FUNCTION = Context.FUNCTION
SCRIPT = Context.SCRIPT
LATER: Final = FUNCTION | TYPE_CHECKING | EXPECTED_FAILURE | SCRIPT
"""Contexts of imports that do not run when the module is imported."""

_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError"})
_CAUGHT = _IMPORT_ERRORS | {"Exception", "BaseException"}
RAISES = frozenset(
    {
        "raises",
        "raises_exc",
        "RaisesExc",
        "RaisesGroup",
        "assertRaises",
        "assertRaisesRegex",
        "assertRaisesRegexp",
        "assert_raises",
        "assert_raises_regex",
    }
)
"""Callees (last component) that expect an exception, in pytest, unittest and their kin."""


def last(node: Any) -> str:
    """The last component of a name or attribute; "" for anything else."""
    kind = node.__class__
    return str(node.attr if kind is ast.Attribute else node.id if kind is ast.Name else "")


def dotted(node: Any) -> str:
    """``a.b.c`` as text; "" for what is not a dotted name."""
    path = ""
    while node.__class__ is ast.Attribute:
        path = f".{node.attr}{path}"
        node = node.value
    return str(node.id + path) if node.__class__ is ast.Name else ""


def stripped(node: Any) -> str:
    """The dotted text of a base or decorator without its subscripts and calls."""
    while isinstance(node, (ast.Subscript, ast.Call)):
        node = node.value if isinstance(node, ast.Subscript) else node.func
    return dotted(node)


def _mentions(nodes: Iterable[Any], names: Collection[str]) -> bool:
    """Whether one of `nodes` is a name of `names`, or a tuple or list with one."""
    for node in nodes:
        elements = node.elts if isinstance(node, (ast.Tuple, ast.List)) else [node]
        if any(last(element) in names for element in elements):
            return True
    return False


def _arguments(call: ast.Call) -> list[Any]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def survives_import_error(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or _mentions([handler.type], _CAUGHT)


def expects_import_error(call: ast.Call) -> bool:
    """``raises(ImportError)``, however spelled."""
    return last(call.func) in RAISES and _mentions(_arguments(call), _IMPORT_ERRORS)


def of_with_item(node: Any) -> int:
    """What entering `node` by ``with`` adds to the context of the body."""
    if not isinstance(node, ast.Call):
        return NONE
    if expects_import_error(node):
        return EXPECTED_FAILURE
    if last(node.func) == "suppress" and _mentions(_arguments(node), _CAUGHT):
        return GUARDED
    return NONE


_FLAGS = frozenset({ast.Constant, ast.Name, ast.Attribute, ast.UnaryOp, ast.BoolOp})
"""Conditions that may be constant or a flag for type checkers."""


def of_branches(test: Any, flags: Collection[str]) -> tuple[int, int]:
    """What ``if test`` adds to the contexts of its body and of its ``else``.

    `flags` are the local names of ``typing.TYPE_CHECKING``.
    """
    if test.__class__ not in _FLAGS:
        return (CONDITIONAL | SCRIPT if _is_script(test) else CONDITIONAL), CONDITIONAL
    if test.__class__ is ast.Constant:
        return (NONE if test.value else CONDITIONAL), CONDITIONAL
    body, orelse = _type_only(test, flags)
    return CONDITIONAL | body * TYPE_CHECKING, CONDITIONAL | orelse * TYPE_CHECKING


def _is_script(test: Any) -> bool:
    """``__name__ == "__main__"``, either way round."""
    if test.__class__ is not ast.Compare or test.ops[0].__class__ is not ast.Eq:
        return False
    sides = (test.left, *test.comparators)
    return len(sides) == 2 and any(
        last(name) == "__name__" and value.__class__ is ast.Constant and value.value == "__main__"
        for name, value in (sides, sides[::-1])
    )


def _type_only(test: Any, flags: Collection[str], inside: bool = False) -> tuple[bool, bool]:
    """Whether `test` being true, and its being false, implies that a type checker is reading.

    Operands of operands are not looked into: nobody writes them, and depth is unbounded.
    """
    negated = False
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, negated = test.operand, not negated
    if isinstance(test, ast.BoolOp) and not inside:
        sides = [_type_only(value, flags, inside=True) for value in test.values]
        true, false = [side[0] for side in sides], [side[1] for side in sides]
        conjunction = isinstance(test.op, ast.And)
        implied = (any(true), all(false)) if conjunction else (all(true), any(false))
    else:
        flag = (isinstance(test, ast.Name) and test.id in flags) or (
            isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
        )
        implied = (flag, False)
    return (implied[1], implied[0]) if negated else implied
