"""What the statements of a file leave behind: scopes, bindings, and expressions to be walked.

Nothing is resolved here. A binding further down may decide what a name further up refers to, so
`extract` asks that when the whole file is known.
"""

from __future__ import annotations

import ast
from typing import Any, Literal, NamedTuple

from ssot_lint.facts.context import last
from ssot_lint.facts.exports import Exported
from ssot_lint.facts.scopes import Frame, Kind

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


class Assigned(NamedTuple):
    """A name that is given `value` (None: something that no expression says).

    `inside` is the frame in which `value` is evaluated; it differs from `frame` for a walrus in a
    comprehension. `statement` is None in a walrus, which knows no statement.
    """

    node: ast.Name
    value: Any
    frame: Frame
    context: int
    statement: Any
    inside: Frame


class Walk:
    """What a walk has found so far.

    `queues` holds the expressions of each (frame, context, whether in annotations).
    """

    __slots__ = (
        "assigned",
        "declared",
        "exported",
        "frames",
        "imports",
        "module",
        "names",
        "queues",
        "scopes",
        "type_flags",
    )

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.scopes: list[tuple[Literal["module", "class", "function"], str, int]] = []
        self.module = self.scope("module", "", None)
        self.imports: list[tuple[ast.alias, Any, Frame, int]] = []
        self.names: set[str] = set()  # that some import binds
        self.type_flags = {"TYPE_CHECKING"}
        self.declared: list[tuple[Any, Frame, int]] = []
        self.assigned: list[Assigned] = []
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
        """Records the names that ``target = value`` binds, pairing tuples by element."""
        if target.__class__ is ast.Name:
            self.assign_name(target, value, frame, context, statement, frame)
            return
        todo = [(target, value)]
        while todo:
            target, value = todo.pop()
            kind = target.__class__
            if kind is ast.Name:
                self.assign_name(target, value, frame, context, statement, frame)
            elif kind is ast.Starred:
                todo.append((target.value, None))
            elif kind is ast.Tuple or kind is ast.List:
                todo += zip(target.elts, _elements(value, target), strict=True)

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

        Outside the module, only if the value may be another name or a new class: all other
        assignments there define nothing.
        """
        name = target.id
        frame.bound.add(name)
        at_module = frame.kind == "module"
        if at_module or name in frame.redirected:
            if name == "__all__":
                self.exported.assigned(value if at_module else None)
        elif value.__class__ is ast.Call:
            if last(value.func) not in CLASS_MAKERS:
                return
        elif value.__class__ not in ALIASING:
            return
        self.assigned.append(Assigned(target, value, frame, context, statement, inside))


def _elements(value: Any, target: Any) -> list[Any]:
    """The parts of `value` that the elements of a tuple `target` are given, None if unknown."""
    if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
        both = [*value.elts, *target.elts]
        if not any(isinstance(element, ast.Starred) for element in both):
            return value.elts
    return [None] * len(target.elts)


def parameters(arguments: ast.arguments, frame: Frame) -> list[ast.arg]:
    """Binds the parameters of a function or lambda in `frame`, and returns them."""
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    if arguments.vararg is not None:
        given.append(arguments.vararg)
    if arguments.kwarg is not None:
        given.append(arguments.kwarg)
    frame.bound.update([argument.arg for argument in given])
    return given
