"""The walk over expressions: collects chains, strings and bindings, resolves nothing.

Expressions are nearly all of a tree, so this is where the time goes: one explicit stack, the three
commonest kinds of node in the loop, every other kind through a table. No recursion: generated code
nests deeper than Python's stack.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from ssot_lint.facts import strings
from ssot_lint.facts.context import (
    EXPECTED_FAILURE,
    FUNCTION,
    dotted,
    expects_import_error,
    last,
)
from ssot_lint.facts.exports import Exported
from ssot_lint.facts.scopes import Frame, Kind

Role = Literal["argument", "key", "annotation", "other"]

_MISPLACES_F_STRINGS = sys.version_info < (3, 12)
_NO_EXPRESSIONS = frozenset(
    """arg asname attr conversion ctx id kind kwd_attrs level module name names op ops rest simple
    str tag type_comment type_ignores""".split()
)


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    return tuple(name for name in kind._fields if name not in _NO_EXPRESSIONS)


FIELDS: dict[type, tuple[str, ...]] = {
    kind: _fields(kind)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
"""The fields of each kind of node that hold nodes or lists of them."""


Chain = tuple[ast.Attribute, str, Frame, int, Any]
"""An attribute chain, its root, frame and context, and the f-string around it that misplaces it."""


class Found(NamedTuple):
    """A dotted path in a string."""

    node: Any
    path: strings.Path
    role: Role
    callee: str
    package: str
    frame: Frame
    context: int
    place: Any


class Assigned(NamedTuple):
    """A name that is given `value` (None: something that no expression says)."""

    node: ast.Name
    value: Any
    frame: Frame
    context: int
    statement: Any


class Group(NamedTuple):
    """Expressions that share everything but themselves."""

    nodes: list[Any]
    frame: Frame
    context: int
    annotation: bool = False
    place: Any = None


class Walk:
    """What a walk has found so far, and where it stands."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.scopes: list[tuple[Literal["module", "class", "function"], str, int]] = []
        self.module = self.scope("module", "", None)
        self.imports: list[tuple[ast.alias, Any, Frame, int]] = []
        self.type_flags = {"TYPE_CHECKING"}
        self.declared: list[tuple[Any, Frame, int]] = []
        self.assigned: list[Assigned] = []
        self.chains: list[Chain] = []
        self.found: list[Found] = []
        self.exported = Exported()
        self.statement: Any = None
        self._groups: list[Group] = []
        self._frame = self.module
        self._context = 0
        self._annotation = False
        self._place: Any = None

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

    def expressions(
        self, nodes: list[Any], frame: Frame, context: int, annotation: bool = False
    ) -> None:
        """Walks `nodes`, which it uses up."""
        groups = self._groups
        groups.append(Group(nodes, frame, context, annotation))
        name, attribute, constant, load = ast.Name, ast.Attribute, ast.Constant, ast.Load
        handlers, fields, chains = HANDLERS, FIELDS, self.chains
        while groups:
            todo, frame, context, annotation, place = groups.pop()
            self._frame, self._context = frame, context
            self._annotation, self._place = annotation, place
            while todo:
                node = todo.pop()
                kind = node.__class__
                if kind is name:
                    if node.ctx.__class__ is not load:
                        frame.bound.add(node.id)
                elif kind is attribute:
                    root = node.value
                    while root.__class__ is attribute:
                        root = root.value
                    if root.__class__ is name:
                        chains.append((node, root.id, frame, context, place))
                    else:
                        todo.append(root)
                elif kind is constant:
                    value = node.value
                    if value.__class__ is str and "." in value:
                        self._text(strings.Literal(node, value, True, []))
                else:
                    handler = handlers.get(kind)
                    if handler is not None:
                        handler(self, node, todo)
                        continue
                    for field in fields.get(kind, ()):
                        value = getattr(node, field)
                        if value.__class__ is list:
                            todo += value
                        else:
                            todo.append(value)

    def _text(
        self,
        text: strings.Literal,
        role: Role | None = None,
        callee: str = "",
        module: bool = False,
        package: str = "",
    ) -> None:
        if text.text is None:
            return
        path = strings.path_of(text.text, text.complete, module)
        if path is not None:
            role = role or ("annotation" if self._annotation else "other")
            where = (self._frame, self._context, self._place)
            self.found.append(Found(text.node, path, role, callee, package, *where))

    def _parts(self, text: strings.Literal, node: Any, todo: list[Any]) -> None:
        """The expressions within a string expression."""
        if _MISPLACES_F_STRINGS and node.__class__ is ast.JoinedStr:
            place = self._place or node
            self._groups.append(Group(text.parts, self._frame, self._context, False, place))
        else:
            todo += text.parts

    def _string(self, node: Any, todo: list[Any]) -> None:
        text = strings.literal(node)
        if text is None:
            todo += (node.left, node.right)  # an operator between other things
        else:
            self._text(text)
            self._parts(text, node, todo)

    def _key(self, node: Any, todo: list[Any]) -> None:
        """`node` is a key of ``sys.modules``."""
        text = strings.literal(node)
        if text is None:
            todo.append(node)
        else:
            self._text(text, "key", module=not (text.text or "").startswith("."))
            self._parts(text, node, todo)

    def _keys(self, node: Any, todo: list[Any]) -> None:
        """`node` is a key of ``sys.modules``, or a dictionary of such keys."""
        if node.__class__ is not ast.Dict:
            self._key(node, todo)
            return
        for key in node.keys:
            self._key(key, todo)
        todo += node.values

    def _call(self, node: Any, todo: list[Any]) -> None:
        if strings.is_format(node):
            self._string(node, todo)
            return
        todo.append(node.func)
        if expects_import_error(node):
            # Groups wait for their turn, so the context of `todo` is what it was.
            context, inner = self._context, []  # type: tuple[int, list[Any]]
            self._context |= EXPECTED_FAILURE
            self._arguments(node, inner)
            self._groups.append(
                Group(inner, self._frame, self._context, self._annotation, self._place)
            )
            self._context = context
        elif node.args or node.keywords:
            self._arguments(node, todo)

    def _arguments(self, call: Any, todo: list[Any]) -> None:
        importer = last(call.func) in strings.IMPORTERS
        keys = strings.module_keys(call)
        for index, argument in enumerate(call.args):
            if argument in keys:
                self._keys(argument, todo)
            else:
                self._argument(argument, call, importer and index == 0, todo)
        for keyword in call.keywords:
            module = importer and keyword.arg in strings.IMPORTER_KEYWORDS
            self._argument(keyword.value, call, module, todo)

    def _argument(self, node: Any, call: Any, module: bool, todo: list[Any]) -> None:
        kind = node.__class__
        if kind is ast.Constant:
            if node.value.__class__ is not str or not (module or "." in node.value):
                return
        elif kind not in _STRING_BUILDERS:
            todo.append(node)
            return
        text = strings.literal(node)
        if text is None:
            todo.append(node)
            return
        if text.text is not None:
            relative = module and text.text.startswith(".")
            package = strings.package_of(call) if relative else ""
            self._text(text, "argument", dotted(call.func), module, package)
        self._parts(text, node, todo)

    def _subscript(self, node: Any, todo: list[Any]) -> None:
        todo.append(node.value)
        if strings.is_sys_modules(node.value):
            self._key(node.slice, todo)
        elif self._annotation and last(node.value) == "Literal":
            self._groups.append(Group([node.slice], self._frame, self._context))
        else:
            todo.append(node.slice)

    def _compare(self, node: Any, todo: list[Any]) -> None:
        todo += node.comparators
        member = node.ops[0].__class__ in (ast.In, ast.NotIn)
        if member and strings.is_sys_modules(node.comparators[0]):
            self._key(node.left, todo)
        else:
            todo.append(node.left)

    def _lambda(self, node: Any, todo: list[Any]) -> None:
        frame = self.hidden_scope("lambda", self._frame)
        self.parameters(node.args, frame)
        todo += node.args.defaults
        todo += node.args.kw_defaults
        context = self._context | FUNCTION
        self._groups.append(Group([node.body], frame, context, False, self._place))

    def _comprehension(self, node: Any, todo: list[Any]) -> None:
        frame = self.hidden_scope("comprehension", self._frame)
        first, *others = node.generators
        todo.append(first.iter)  # evaluated outside
        inner = [first.target, *first.ifs]
        for generator in others:
            inner += (generator.target, generator.iter, *generator.ifs)
        inner += (node.key, node.value) if node.__class__ is ast.DictComp else (node.elt,)
        self._groups.append(Group(inner, frame, self._context, False, self._place))

    def _walrus(self, node: Any, todo: list[Any]) -> None:
        frame = self._frame
        while frame.kind == "comprehension" and frame.parent is not None:
            frame = frame.parent
        frame.bound.add(node.target.id)
        self.assign(node.target, node.value, frame, self._context, self.statement)
        todo.append(node.value)

    def parameters(self, arguments: ast.arguments, frame: Frame) -> list[ast.arg]:
        """Binds the parameters of a function or lambda in `frame`, and returns them."""
        given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        given += [extra for extra in (arguments.vararg, arguments.kwarg) if extra is not None]
        frame.bound.update(argument.arg for argument in given)
        return given

    def assign(self, target: Any, value: Any, frame: Frame, context: int, statement: Any) -> None:
        """Records the names that ``target = value`` binds, pairing tuples by element."""
        todo = [(target, value)]
        while todo:
            target, value = todo.pop()
            kind = target.__class__
            if kind is ast.Name:
                at_module = frame.kind == "module" or target.id in frame.redirected
                if at_module and target.id == "__all__":
                    self.exported.assigned(value if frame.kind == "module" else None)
                if at_module or value.__class__ in ALIASING or value.__class__ is ast.Call:
                    self.assigned.append(Assigned(target, value, frame, context, statement))
            elif kind is ast.Starred:
                todo.append((target.value, None))
            elif kind is ast.Tuple or kind is ast.List:
                todo += zip(target.elts, _elements(value, target), strict=True)


def _elements(value: Any, target: Any) -> list[Any]:
    """The parts of `value` that the elements of a tuple `target` are given, None if unknown."""
    if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
        both = [*value.elts, *target.elts]
        if not any(isinstance(element, ast.Starred) for element in both):
            return value.elts
    return [None] * len(target.elts)


_STRING_BUILDERS = frozenset({ast.JoinedStr, ast.BinOp, ast.Call})
ALIASING = frozenset({ast.Name, ast.Attribute, ast.IfExp, ast.BoolOp, ast.NamedExpr})
"""Values that may be other names; outside the module, other assignments define nothing."""

HANDLERS: dict[type, Callable[[Walk, Any, list[Any]], None]] = {
    ast.Call: Walk._call,
    ast.Subscript: Walk._subscript,
    ast.Compare: Walk._compare,
    ast.JoinedStr: Walk._string,
    ast.BinOp: Walk._string,
    ast.Lambda: Walk._lambda,
    ast.NamedExpr: Walk._walrus,
    ast.ListComp: Walk._comprehension,
    ast.SetComp: Walk._comprehension,
    ast.DictComp: Walk._comprehension,
    ast.GeneratorExp: Walk._comprehension,
}
