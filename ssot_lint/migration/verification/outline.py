"""A file as one flat sequence in which imports leave no trace and names know their namespaces.

Two files with equal sequences differ in nothing but their imports, blanks and comments. Everything
in the sequence stands at the same index then, and so do the blocks and the namespaces.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

from ssot_lint.facts.source import Positions
from ssot_lint.migration.verification.items import Chain, Item, Mark, Outline, Text
from ssot_lint.migration.verification.namespaces import (
    Binder,
    Block,
    Kind,
    Namespace,
    settle,
)
from ssot_lint.model import Span

_NO_FIELDS = frozenset({"ctx", "type_comment"})

_NONE, _EMPTY, _OPEN, _CLOSE = (Mark(value, 0) for value in (None, "[]", "[", "]"))
"""Marks that most of a file consists of; they have no line of their own."""


def outline(
    body: Sequence[ast.stmt | Mark], text: str, absolute: Callable[[int, str], str | None]
) -> Outline:
    """The outline of a module's body; `text` is the file (line feeds only).

    `absolute` gives the absolute path of a module by level and name, as an import has them.
    """
    walk = _Walk(body, Positions(text), absolute)
    settle(walk.spaces)
    spaces = walk.spaces
    binders = [each for space in spaces for group in space.imported.values() for each in group]
    imports = sorted([*binders, *walk.stars], key=lambda binder: binder.span)
    return Outline(walk.items, imports, spaces)


class _Where(NamedTuple):
    space: Namespace
    block: Block
    annotation: bool = False
    place: Span | None = None
    """The string around it, if the parser does not know better."""
    quoted: Literal["", "annotation", "f-string"] = ""


_Task = tuple[Any, _Where]


class _Walk:
    """Walks a tree in document order with a stack of its own: generated code nests deep."""

    def __init__(
        self,
        body: Sequence[ast.stmt | Mark],
        positions: Positions,
        absolute: Callable[[int, str], str | None],
    ) -> None:
        self.items: list[Item] = []
        self.stars: list[Binder] = []
        self.spaces: list[Namespace] = []
        self._positions = positions
        self._absolute = absolute
        self._blocks = 0
        self._line = 1
        module = self._space("module", None)
        self._todo: list[_Task] = self._body(body, _Where(module, ()))[::-1]
        while self._todo:
            node, where = self._todo.pop()
            kind = node.__class__
            if kind is Mark:
                self.items.append(node)
            else:
                if where.place is None:
                    self._line = getattr(node, "lineno", self._line)
                _HANDLERS.get(kind, _Walk._any)(self, node, where)

    def _space(self, kind: Kind, outer: Namespace | None) -> Namespace:
        space = Namespace(kind, outer, len(self.spaces))
        self.spaces.append(space)
        return space

    def _mark(self, value: object) -> Mark:
        return Mark(value, self._line)

    def _body(self, statements: Sequence[Any], where: _Where) -> list[_Task]:
        """The tasks of a block of statements."""
        self._blocks += 1
        inner = _Where(where.space, (*where.block, self._blocks))
        return self._listed(statements, inner)

    def _listed(self, nodes: Sequence[Any], where: _Where) -> list[_Task]:
        if not nodes:
            return [(_EMPTY, where)]
        inside = [(_NONE if node is None else node, where) for node in nodes]
        return [(_OPEN, where), *inside, (_CLOSE, where)]

    def _push(self, *tasks: _Task) -> None:
        self._todo += reversed(tasks)

    def _any(self, node: Any, where: _Where) -> None:
        self.items.append(self._mark(node.__class__.__name__))
        self._push(*self._fields(node, where))

    def _fields(self, node: Any, where: _Where, *left_out: str) -> list[_Task]:
        tasks: list[_Task] = []
        for field in node._fields:
            if field in _NO_FIELDS or field in left_out:
                continue
            value = getattr(node, field, None)
            if isinstance(value, ast.AST):
                tasks.append((value, where))
            elif value is None:
                tasks.append((_NONE, where))
            elif not isinstance(value, list):
                tasks.append((self._mark(value), where))
            elif value and isinstance(value[0], ast.stmt):
                tasks += self._body(value, where)
            elif value and isinstance(value[0], str):
                tasks.append((self._mark(tuple(value)), where))
            else:
                tasks += self._listed(value, where)
        return tasks

    def _pass(self, node: Any, where: _Where) -> None:
        """A block must not be empty: that is all it says."""

    def _import(self, node: Any, where: _Where) -> None:
        statement = Span(*self._positions.span(node))
        level = getattr(node, "level", 0) or 0
        for alias in node.names:
            plain = False
            if isinstance(node, ast.ImportFrom):
                written = node.module or ""
                package = self._absolute(level, written) or f"{'.' * level}{written}"
                target = f"{package}.{alias.name}"
                name = alias.asname or alias.name
            else:
                target, plain = alias.name, not alias.asname
                name = alias.asname or alias.name.partition(".")[0]
            slot, span = len(self.items), Span(*self._positions.span(alias))
            made = Binder(
                None if name == "*" else name,
                target,
                plain,
                slot,
                where.block,
                where.space,
                span,
                statement,
            )
            if made.name is None:
                self.stars.append(made)
            else:
                where.space.imported.setdefault(made.name, []).append(made)

    def _chain(self, node: Any, where: _Where) -> None:
        rest = ""
        root = node
        while root.__class__ is ast.Attribute:
            rest = f".{root.attr}{rest}"
            root = root.value
        context = node.ctx.__class__.__name__
        if root.__class__ is not ast.Name:
            self.items.append(self._mark((rest, context)))
            self._push((root, where))
            return
        if root.ctx.__class__ is not ast.Load:
            where.space.bound.add(root.id)
        span = where.place or Span(*self._positions.span(node))
        space, block = where.space, where.block
        self.items.append(Chain(root.id, rest, context, space, block, span, where.quoted))

    def _constant(self, node: Any, where: _Where) -> None:
        value = node.value
        if value.__class__ is not str:
            # 1, 1.0 and True are equal, and not a number is not.
            self.items.append(self._mark((value.__class__, repr(value))))
            return
        span = where.place or Span(*self._positions.span(node))
        if where.annotation and (quoted := _parsed(value)) is not None:
            self._push((quoted, where._replace(place=span, quoted="annotation", annotation=False)))
        else:
            self.items.append(Text(value, span))

    def _f_string(self, node: Any, where: _Where) -> None:
        place = where.place or Span(*self._positions.span(node))
        inside = where._replace(annotation=False, place=place, quoted=where.quoted or "f-string")
        self.items.append(self._mark(node.__class__.__name__))
        self._push(*self._listed(node.values, inside))

    def _subscript(self, node: Any, where: _Where) -> None:
        self.items.append(self._mark("Subscript"))
        name = getattr(node.value, "attr", getattr(node.value, "id", ""))
        inside = where._replace(annotation=where.annotation and name != "Literal")
        self._push((node.value, where), (node.slice, inside))

    def _annotated(self, node: Any, where: _Where) -> None:
        self.items.append(self._mark("AnnAssign"))
        self._push(
            (node.target, where),
            (node.annotation, where._replace(annotation=True)),
            *self._fields(node, where, "target", "annotation"),
        )

    def _type_parameters(self, node: Any, where: _Where) -> tuple[_Where, list[_Task]]:
        """Where a signature is evaluated, and the tasks of its type parameters."""
        given = getattr(node, "type_params", None)  # new in Python 3.12
        if not given:
            return where, []
        inner = where._replace(space=self._space("parameters", where.space))
        inner.space.bound.update(parameter.name for parameter in given)
        return inner, self._listed(given, inner)

    def _function(self, node: Any, where: _Where) -> None:
        where.space.bound.add(node.name)
        self.items.append(self._mark((node.__class__.__name__, node.name)))
        signature, parameters = self._type_parameters(node, where)
        body = where._replace(space=self._space("function", signature.space))
        self._push(
            *self._listed(node.decorator_list, where),
            *parameters,
            *self._arguments(node.args, where, signature, body),
            (node.returns or _NONE, signature._replace(annotation=True)),
            *self._body(node.body, body),
        )

    def _arguments(
        self, given: ast.arguments, outside: _Where, signature: _Where, body: _Where
    ) -> list[_Task]:
        annotation = signature._replace(annotation=True)
        tasks: list[_Task] = []
        lists = (given.posonlyargs, given.args, [given.vararg], given.kwonlyargs, [given.kwarg])
        for arguments in lists:
            for argument in filter(None, arguments):
                body.space.bound.add(argument.arg)
                tasks.append((self._mark(argument.arg), outside))
                tasks.append((argument.annotation or _NONE, annotation))
            tasks.append((_CLOSE, outside))
        tasks += self._listed(given.defaults, outside)
        return tasks + self._listed(given.kw_defaults, outside)

    def _lambda(self, node: Any, where: _Where) -> None:
        self.items.append(self._mark("Lambda"))
        body = where._replace(space=self._space("function", where.space))
        self._push(*self._arguments(node.args, where, where, body), (node.body, body))

    def _class(self, node: Any, where: _Where) -> None:
        where.space.bound.add(node.name)
        self.items.append(self._mark(("ClassDef", node.name)))
        signature, parameters = self._type_parameters(node, where)
        body = where._replace(space=self._space("class", signature.space))
        self._push(
            *self._listed(node.decorator_list, where),
            *parameters,
            *self._listed(node.bases, signature),
            *self._listed(node.keywords, signature),
            *self._body(node.body, body),
        )

    def _comprehension(self, node: Any, where: _Where) -> None:
        self.items.append(self._mark(node.__class__.__name__))
        inner = where._replace(space=self._space("comprehension", where.space))
        first, *others = node.generators
        tasks = [
            (first.iter, where),  # evaluated outside
            *self._fields(first, inner, "iter"),
            *self._listed(others, inner),
            *self._fields(node, inner, "generators"),
        ]
        self._push(*tasks)

    def _walrus(self, node: Any, where: _Where) -> None:
        self.items.append(self._mark(("NamedExpr", node.target.id)))
        where.space.assigning.bound.add(node.target.id)
        self._push((node.value, where))

    def _redirect(self, node: Any, where: _Where) -> None:
        is_global = isinstance(node, ast.Global)
        names = where.space.globals if is_global else where.space.nonlocals
        names.update(node.names)
        self._any(node, where)

    def _named(self, node: Any, where: _Where) -> None:
        """An exception handler or a pattern, which may bind a name that is no expression."""
        names = (getattr(node, field, None) for field in ("name", "rest"))
        where.space.bound.update(filter(None, names))
        self._any(node, where)

    def _type_alias(self, node: Any, where: _Where) -> None:
        self.items.append(self._mark("TypeAlias"))
        inner, parameters = self._type_parameters(node, where)
        self._push((node.name, where), *parameters, (node.value, inner._replace(annotation=True)))


def _parsed(text: str) -> ast.expr | None:
    """What a string annotation says; None if it is no expression."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


_HANDLERS: dict[type, Callable[[_Walk, Any, _Where], None]] = {
    ast.Pass: _Walk._pass,
    ast.Import: _Walk._import,
    ast.ImportFrom: _Walk._import,
    ast.Name: _Walk._chain,
    ast.Attribute: _Walk._chain,
    ast.Constant: _Walk._constant,
    ast.JoinedStr: _Walk._f_string,
    ast.Subscript: _Walk._subscript,
    ast.AnnAssign: _Walk._annotated,
    ast.FunctionDef: _Walk._function,
    ast.AsyncFunctionDef: _Walk._function,
    ast.Lambda: _Walk._lambda,
    ast.ClassDef: _Walk._class,
    ast.ListComp: _Walk._comprehension,
    ast.SetComp: _Walk._comprehension,
    ast.DictComp: _Walk._comprehension,
    ast.GeneratorExp: _Walk._comprehension,
    ast.NamedExpr: _Walk._walrus,
    ast.Global: _Walk._redirect,
    ast.Nonlocal: _Walk._redirect,
    ast.ExceptHandler: _Walk._named,
    ast.MatchAs: _Walk._named,
    ast.MatchStar: _Walk._named,
    ast.MatchMapping: _Walk._named,
}
if hasattr(ast, "TypeAlias"):  # since Python 3.12
    _HANDLERS[ast.TypeAlias] = _Walk._type_alias
