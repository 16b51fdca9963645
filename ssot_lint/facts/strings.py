"""Strings that look like dotted paths, and where they stand."""

from __future__ import annotations

import ast
import re
from typing import Any, NamedTuple

from ssot_lint.facts.context import last
from ssot_lint.patterns import is_dotted

IMPORTERS = frozenset(
    {"import_module", "__import__", "find_spec", "importorskip", "import_or_skip"}
)
"""Callees (last component) whose first argument names a module, however short."""
IMPORTER_KEYWORDS = frozenset({"name", "modname", "fullname"})

_KEYED = frozenset(
    {"pop", "get", "setdefault", "__contains__", "__getitem__", "__setitem__", "__delitem__"}
)
_ITEM_SETTERS = frozenset({"setitem", "delitem"})
KEY_TAKERS = _KEYED | _ITEM_SETTERS | {"update", "dict", "format"}
"""Methods (with ``str.format``) that may take keys of ``sys.modules``."""
_BLANK = re.compile(r"\s")
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-zA-Z]|\{[^{}\s]*\}")
_PIECE = re.compile(r"[\w.:]*")


class Path(NamedTuple):
    value: str
    open_ended: bool


def path_of(text: str, complete: bool, module: bool = False) -> Path | None:
    """`text` as a dotted path, or None if it is none.

    `complete` is False if only the beginning of the string is known. `module` says that it stands
    where a module's name is expected: then one component will do, and leading dots are relative.
    """
    if _BLANK.search(text):
        return None
    if complete and ("{" in text or "%" in text):
        pieces = _PLACEHOLDER.split(text)
        complete = len(pieces) == 1
        if not all(map(_PIECE.fullmatch, pieces)):
            return None
        text = pieces[0]
    path = text.replace(":", ".", 1)
    if not complete:
        path, _, rest = path.rpartition(".")
        if rest and not rest.isidentifier():
            return None
    name = path.lstrip(".") if module else path
    if not is_dotted(name) or not (module or "." in name):
        return None
    return Path(path, not complete)


class Literal(NamedTuple):
    """A string expression: its constant beginning (None if there is none) and what else is in it.

    `node` is where it stands, `complete` whether `text` is all of it, `parts` its other
    expressions, `constants` the string literals that it is made of (an f-string's pieces are none).
    """

    node: Any
    text: str | None
    complete: bool
    parts: list[Any]
    constants: list[Any]


def literal(node: Any) -> Literal | None:
    """The string that `node` builds, if it is a string, f-string, template or concatenation."""
    if isinstance(node, ast.Constant):
        return Literal(node, node.value, True, [], [node]) if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return joined(node)
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Add):
            return _sum(node)
        if isinstance(node.op, ast.Mod) and _is_text(node.left):
            return Literal(node.left, node.left.value, True, [node.right], [node.left])  # type: ignore[attr-defined]
    if is_format(node):
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        template = node.func.value
        return Literal(template, template.value, True, arguments, [template])
    return None


def is_format(node: Any) -> bool:
    """``"...".format(...)``"""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "format"
        and _is_text(node.func.value)
    )


def _is_text(node: Any) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def joined(node: ast.JoinedStr) -> Literal:
    """What an f-string is made of."""
    pieces = [value.value if _is_text(value) else None for value in node.values]  # type: ignore[attr-defined]
    parts = [value for value in node.values if not _is_text(value)]
    return Literal(node, *_beginning(pieces), parts, [])


def _sum(node: ast.BinOp) -> Literal:
    """All operands of a chain of ``+``, of which the first may be strings."""
    operands: list[Any] = []
    left: Any = node
    while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
        operands.append(left.right)
        left = left.left
    operands.append(left)
    operands.reverse()
    pieces = [operand.value if _is_text(operand) else None for operand in operands]
    parts = [operand for operand in operands if not _is_text(operand)]
    constants = [operand for operand in operands if _is_text(operand)]
    return Literal(node if not parts else left, *_beginning(pieces), parts, constants)


def _beginning(pieces: list[str | None]) -> tuple[str | None, bool]:
    """The constant beginning of `pieces`, and whether it is all.

    None if they do not begin with text, or if some piece cannot be part of a dotted path.
    """
    text = ""
    complete = True
    for piece in pieces:
        if piece is None:
            complete = False
        elif not _PIECE.fullmatch(piece):
            return None, False
        elif complete:
            text += piece
    return text or None, complete


def is_sys_modules(node: Any) -> bool:
    """``sys.modules``, also of a module imported as ``_sys``."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "modules"
        and last(node.value).lstrip("_") == "sys"
    )


def module_keys(call: ast.Call) -> list[Any]:
    """The arguments of `call` that are keys of ``sys.modules``, or dictionaries of such keys."""
    name, args = last(call.func), call.args
    if not args or not isinstance(call.func, ast.Attribute):
        return []
    if is_sys_modules(call.func.value):
        return args[:1] if name in _KEYED or name == "update" else []
    if name in _ITEM_SETTERS:
        return args[1:2] if is_sys_modules(args[0]) else []
    if name == "dict":
        target = args[0]
        named = _is_text(target) and target.value == "sys.modules"  # type: ignore[attr-defined]
        return args[1:2] if named or is_sys_modules(target) else []
    return []


def package_of(call: ast.Call) -> str:
    """The second argument of ``import_module``, as `Text.package` has it."""
    given = call.args[1:2] + [item.value for item in call.keywords if item.arg == "package"]
    for node in given:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        if isinstance(node, ast.Name) and node.id in ("__package__", "__name__"):
            return node.id
    return ""
