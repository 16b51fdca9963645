"""What the statements of a file leave behind: scopes, bindings, and expressions to be walked.

Nothing is resolved here. A binding further down may decide what a name further up refers to, so
`extract` asks that when the whole file is known.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from operator import attrgetter
from typing import Any, Literal

from ssot_lint.facts.context import CONDITIONAL, last
from ssot_lint.facts.exports import Exported
from ssot_lint.facts.scopes import Frame, Kind

_OFFSET = attrgetter("lineno", "col_offset")

CLASS_MAKERS = frozenset(
    {
        "type",
        "new_class",
        "make_dataclass",
        "namedtuple",
        "NamedTuple",
        "TypedDict",
        "NewType",
        "Enum",
        "IntEnum",
        "StrEnum",
        "Flag",
        "IntFlag",
    }
)
ALIASING = frozenset({ast.Name, ast.Attribute, ast.IfExp, ast.BoolOp, ast.NamedExpr})
"""Values that may be other names."""


DISPLAYS = frozenset({ast.List, ast.Set, ast.Tuple, ast.Dict, ast.Subscript})
"""Values that may be strings written together."""

Result = Literal["awaited", "discarded", "used"]
Form = Literal["list", "set", "tuple", "keys", "values", "literal"]

Chain = tuple[ast.Attribute, str, Frame, int, Any]
"""An attribute chain, its root, frame and context, and the f-string around it that misplaces it."""

Called = tuple[Any, str, ast.Call | None, str, Frame, int, Result, Any]
"""A call of a dotted name: the name, what to add to it, the call (None: the code implies it), the
name's root, frame and context, what becomes of the result, and the f-string around it.
"""

Display = tuple[Any, Form, tuple[str, ...], Frame, int, Any]
"""Strings written together: the display, its form and its strings, and where it stands."""

Mention = tuple[ast.Constant, int, Any]
"""A string literal, its context, and the f-string around it that misplaces it."""


Assigned = tuple[Any, Any, Frame, int, Any, Frame]
"""A target, its value (None: no expression says it), frame and context, the statement, and the
frame in which the value is evaluated: it differs from the first for a walrus in a comprehension.
The statement is None in a walrus, which knows none. The target is a name, or an attribute of one.
"""


_LISTED = frozenset({"module", "class"})
"""Scopes all of whose assignments are facts."""


class Enclosing:
    """Finds the statement around an expression: a walrus knows none."""

    __slots__ = ("_statements", "_tree")

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._statements: list[ast.stmt] = []

    def statement(self, node: Any) -> ast.stmt:
        """The last statement that begins before `node`."""
        statements = self._statements or self._by_start()
        return statements[bisect_right(statements, _OFFSET(node), key=_OFFSET) - 1]

    def _by_start(self) -> list[ast.stmt]:
        """All statements, in document order."""
        every = (node for node in ast.walk(self._tree) if isinstance(node, ast.stmt))
        self._statements = sorted(every, key=_OFFSET)
        return self._statements


class Walk:
    """What a walk has found so far.

    `queues` holds the expressions of each (frame, context, whether in annotations).
    """

    __slots__ = (
        "assigned",
        "attributes",
        "classes",
        "constants",
        "declared",
        "exported",
        "frames",
        "functions",
        "implied",
        "imports",
        "module",
        "names",
        "queues",
        "scopes",
        "titles",
        "type_flags",
        "values",
    )

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.scopes: list[tuple[Literal["module", "class", "function"], str, int]] = []
        self.module = self.scope("module", "", None)
        self.imports: list[tuple[ast.alias, Any, Frame, int]] = []
        self.names: set[str] = set()  # that some import binds
        self.type_flags = {"TYPE_CHECKING"}
        self.declared: list[tuple[Any, Frame, int]] = []
        self.functions: list[tuple[Any, Frame, int, Frame]] = []  # the last is its own
        self.classes: dict[tuple[Frame, str], Frame] = {}
        self.constants: list[tuple[Any, Frame, int, tuple[str, ...]]] = []  # of classes
        self.assigned: list[Assigned] = []  # what may be other names, or definitions
        self.values: list[Assigned] = []  # what modules, classes and `global` bind
        self.attributes: list[Assigned] = []  # of names
        self.implied: list[Called] = []  # what no call expression says
        self.titles: dict[int, str] = {}  # of displays, by identity
        self.exported = Exported()
        self.queues: dict[tuple[Frame, int, bool], list[Any]] = {}

    def scope(
        self, kind: Literal["module", "class", "function"], name: str, parent: Frame | None
    ) -> Frame:
        """A new frame that facts know as a scope."""
        frame = Frame(kind, parent, len(self.scopes), visible=True)
        self.scopes.append((kind, name, parent.index if parent else 0))
        self.frames.append(frame)
        return frame

    def hidden_scope(self, kind: Kind, parent: Frame) -> Frame:
        """A new frame that facts count to the scope around it."""
        frame = Frame(kind, parent, parent.index)
        self.frames.append(frame)
        return frame

    def queue(self, frame: Frame, context: int, annotation: bool = False) -> list[Any]:
        """Where to put expressions that stand there."""
        return self.queues.setdefault((frame, context, annotation), [])

    def assign(self, target: Any, value: Any, frame: Frame, context: int, statement: Any) -> None:
        """Records what ``target = value`` binds, pairing tuples by element."""
        todo = [(target, value)]
        while todo:
            target, value = todo.pop()
            kind = target.__class__
            if kind is ast.Name:
                self.assign_name(target, value, frame, context, statement, frame)
            elif kind is ast.Attribute:
                if target.value.__class__ is ast.Name:
                    self.attributes.append((target, value, frame, context, statement, frame))
            elif kind is ast.Subscript:
                self.change_item(target, ".__setitem__", frame, context)
            elif kind is ast.Starred:
                todo.append((target.value, None))
            elif kind is ast.Tuple or kind is ast.List:
                todo += zip(target.elts, _elements(value, target), strict=True)

    def change(self, statement: Any, frame: Frame, context: int) -> None:
        """Records ``x: T`` and ``x += 1``, which give no value that an expression says."""
        target = statement.target
        if target.__class__ is ast.Attribute:
            self.assign(target, None, frame, context, statement)
        elif target.__class__ is ast.Name:
            if statement.value is not None:
                self.title(target.id, statement.value)
            if frame.kind in _LISTED or target.id in frame.redirected:
                self.values.append((target, None, frame, context, statement, frame))

    def decorate(self, decorator: Any, frame: Frame, context: int) -> None:
        """Records the call of a decorator that is a name."""
        if decorator.__class__ is not ast.Call:
            self._imply(decorator, "", frame, context, "used")

    def change_item(self, target: Any, method: str, frame: Frame, context: int) -> None:
        """Records ``x[i] = value`` and its like as a call of `method`, the method of `x` for it."""
        if target.__class__ is ast.Subscript:
            while target.__class__ is ast.Subscript:
                target = target.value
            self._imply(target, method, frame, context, "discarded")

    def _imply(self, func: Any, method: str, frame: Frame, context: int, result: Result) -> None:
        root = func
        while root.__class__ is ast.Attribute:
            root = root.value
        if root.__class__ is ast.Name:
            self.implied.append((func, method, None, root.id, frame, context, result, None))

    def title(self, name: str, value: Any) -> None:
        """Notes that `name` is given `value`, or what a call such as ``frozenset(value)`` makes."""
        if value.__class__ is ast.Call and len(value.args) == 1:
            value = value.args[0]
        if value.__class__ in DISPLAYS:
            self.titles.setdefault(id(value), name)

    def assign_name(
        self,
        target: ast.Name,
        value: Any,
        frame: Frame,
        context: int,
        statement: Any,
        inside: Frame,
    ) -> None:
        """Records ``target = value``.

        In functions, only if the value may be another name or a new class: all other assignments
        there define nothing.
        """
        name, kind, where = target.id, value.__class__, frame.kind
        frame.bound.add(name)
        if kind is ast.Call or kind in DISPLAYS:
            self.title(name, value)
        listed = where in _LISTED or name in frame.redirected
        if not listed or where == "class":
            defines = last(value.func) in CLASS_MAKERS if kind is ast.Call else kind in ALIASING
        else:
            defines = True
            if name == "__all__":
                self.exported.assigned(value if where == "module" else None)
        if defines or listed:
            assigned = (target, value, frame, context, statement, inside)
            if defines:
                self.assigned.append(assigned)
            if listed:
                self.values.append(assigned)


def _elements(value: Any, target: Any) -> list[Any]:
    """The parts of `value` that the elements of a tuple `target` are given, None if unknown."""
    if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
        both = [*value.elts, *target.elts]
        if not any(isinstance(element, ast.Starred) for element in both):
            return value.elts
    return [None] * len(target.elts)


def bound_in(frame: Frame, name: str, context: int) -> tuple[Frame, int]:
    """Where a binding of `name` in `frame` takes effect, and in which context."""
    owner = frame.owner(name)
    return owner, context if owner is frame else context | CONDITIONAL


def parameters(arguments: ast.arguments, frame: Frame) -> list[ast.arg]:
    """Binds the parameters of a function or lambda in `frame`, and returns them."""
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    if arguments.vararg is not None:
        given.append(arguments.vararg)
    if arguments.kwarg is not None:
        given.append(arguments.kwarg)
    frame.bound.update([argument.arg for argument in given])
    return given
