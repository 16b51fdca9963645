"""A file as one flat sequence in which imports leave no trace and names know their namespaces.

Two files with equal sequences differ in nothing but their imports, blanks and comments. Everything
in the sequence stands at the same index then, and so do the blocks and the namespaces.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from ssot_lint.facts.source import Positions
from ssot_lint.migration.verification.items import Chain, Mark, Outline, Text
from ssot_lint.migration.verification.namespaces import Binder, settle
from ssot_lint.migration.verification.walking import CLOSE, NONE, Handler, Task, Walk, Where
from ssot_lint.model import Span


def outline(
    body: Sequence[ast.stmt | Mark], text: str, absolute: Callable[[int, str], str | None]
) -> Outline:
    """The outline of a module's body; `text` is the file (line feeds only).

    `absolute` gives the absolute path of a module by level and name, as an import has them.
    """
    walk = _Outliner(body, Positions(text), absolute)
    settle(walk.spaces)
    spaces = walk.spaces
    binders = [each for space in spaces for group in space.imported.values() for each in group]
    imports = sorted([*binders, *walk.stars], key=lambda binder: binder.span)
    return Outline(walk.items, imports, spaces)


class _Outliner(Walk):
    def __init__(
        self,
        body: Sequence[ast.stmt | Mark],
        positions: Positions,
        absolute: Callable[[int, str], str | None],
    ) -> None:
        self.stars: list[Binder] = []
        self._positions = positions
        self._absolute = absolute
        super().__init__(body, _HANDLERS)

    def _pass(self, node: Any, where: Where) -> None:
        """A block must not be empty: that is all it says."""

    def _import(self, node: Any, where: Where) -> None:
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

    def _chain(self, node: Any, where: Where) -> None:
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

    def _constant(self, node: Any, where: Where) -> None:
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

    def _f_string(self, node: Any, where: Where) -> None:
        place = where.place or Span(*self._positions.span(node))
        inside = where._replace(annotation=False, place=place, quoted=where.quoted or "f-string")
        self.items.append(self._mark(node.__class__.__name__))
        self._push(*self._listed(node.values, inside))

    def _subscript(self, node: Any, where: Where) -> None:
        self.items.append(self._mark("Subscript"))
        name = getattr(node.value, "attr", getattr(node.value, "id", ""))
        inside = where._replace(annotation=where.annotation and name != "Literal")
        self._push((node.value, where), (node.slice, inside))

    def _annotated(self, node: Any, where: Where) -> None:
        self.items.append(self._mark("AnnAssign"))
        self._push(
            (node.target, where),
            (node.annotation, where._replace(annotation=True)),
            *self._fields(node, where, "target", "annotation"),
        )

    def _type_parameters(self, node: Any, where: Where) -> tuple[Where, list[Task]]:
        """Where a signature is evaluated, and the tasks of its type parameters."""
        given = getattr(node, "type_params", None)  # new in Python 3.12
        if not given:
            return where, []
        inner = where._replace(space=self._space("parameters", where.space))
        inner.space.bound.update(parameter.name for parameter in given)
        return inner, self._listed(given, inner)

    def _function(self, node: Any, where: Where) -> None:
        where.space.bound.add(node.name)
        self.items.append(self._mark((node.__class__.__name__, node.name)))
        signature, parameters = self._type_parameters(node, where)
        body = where._replace(space=self._space("function", signature.space))
        self._push(
            *self._listed(node.decorator_list, where),
            *parameters,
            *self._arguments(node.args, where, signature, body),
            (node.returns or NONE, signature._replace(annotation=True)),
            *self._body(node.body, body),
        )

    def _arguments(
        self, given: ast.arguments, outside: Where, signature: Where, body: Where
    ) -> list[Task]:
        annotation = signature._replace(annotation=True)
        tasks: list[Task] = []
        lists = (given.posonlyargs, given.args, [given.vararg], given.kwonlyargs, [given.kwarg])
        for arguments in lists:
            for argument in filter(None, arguments):
                body.space.bound.add(argument.arg)
                tasks.append((self._mark(argument.arg), outside))
                tasks.append((argument.annotation or NONE, annotation))
            tasks.append((CLOSE, outside))
        tasks += self._listed(given.defaults, outside)
        return tasks + self._listed(given.kw_defaults, outside)

    def _lambda(self, node: Any, where: Where) -> None:
        self.items.append(self._mark("Lambda"))
        body = where._replace(space=self._space("function", where.space))
        self._push(*self._arguments(node.args, where, where, body), (node.body, body))

    def _class(self, node: Any, where: Where) -> None:
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

    def _comprehension(self, node: Any, where: Where) -> None:
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

    def _walrus(self, node: Any, where: Where) -> None:
        self.items.append(self._mark(("NamedExpr", node.target.id)))
        where.space.assigning.bound.add(node.target.id)
        self._push((node.value, where))

    def _redirect(self, node: Any, where: Where) -> None:
        is_global = isinstance(node, ast.Global)
        names = where.space.globals if is_global else where.space.nonlocals
        names.update(node.names)
        self._any(node, where)

    def _named(self, node: Any, where: Where) -> None:
        """An exception handler or a pattern, which may bind a name that is no expression."""
        names = (getattr(node, field, None) for field in ("name", "rest"))
        where.space.bound.update(filter(None, names))
        self._any(node, where)

    def _type_alias(self, node: Any, where: Where) -> None:
        self.items.append(self._mark("TypeAlias"))
        inner, parameters = self._type_parameters(node, where)
        self._push((node.name, where), *parameters, (node.value, inner._replace(annotation=True)))


def _parsed(text: str) -> ast.expr | None:
    """What a string annotation says; None if it is no expression."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


_HANDLERS: dict[type, Handler] = {
    ast.Pass: _Outliner._pass,
    ast.Import: _Outliner._import,
    ast.ImportFrom: _Outliner._import,
    ast.Name: _Outliner._chain,
    ast.Attribute: _Outliner._chain,
    ast.Constant: _Outliner._constant,
    ast.JoinedStr: _Outliner._f_string,
    ast.Subscript: _Outliner._subscript,
    ast.AnnAssign: _Outliner._annotated,
    ast.FunctionDef: _Outliner._function,
    ast.AsyncFunctionDef: _Outliner._function,
    ast.Lambda: _Outliner._lambda,
    ast.ClassDef: _Outliner._class,
    ast.ListComp: _Outliner._comprehension,
    ast.SetComp: _Outliner._comprehension,
    ast.DictComp: _Outliner._comprehension,
    ast.GeneratorExp: _Outliner._comprehension,
    ast.NamedExpr: _Outliner._walrus,
    ast.Global: _Outliner._redirect,
    ast.Nonlocal: _Outliner._redirect,
    ast.ExceptHandler: _Outliner._named,
    ast.MatchAs: _Outliner._named,
    ast.MatchStar: _Outliner._named,
    ast.MatchMapping: _Outliner._named,
}
if hasattr(ast, "TypeAlias"):  # since Python 3.12
    _HANDLERS[ast.TypeAlias] = _Outliner._type_alias
