"""Every name that a file uses or binds, as written, with the frame that it stands in."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ssot_lint.facts.context import last
from ssot_lint.facts.scopes import Frame
from ssot_lint.facts.walk import parameters
from ssot_lint.migration.rewriting.source import Source
from ssot_lint.patterns import normalised

_DELIMITED = (('"""', '"""'), ("'''", "'''"), ('"', '"'), ("'", "'"))


class Quote(NamedTuple):
    """A string that is code: the literal, and where its content begins (None: nobody can tell)."""

    node: ast.Constant
    start: int | None


class Occurrence(NamedTuple):
    """A name, or the longest attribute chain that begins with it.

    `nodes` are the name, then each longer chain. `quote` is the string that it stands in. It
    `is_echoed` if an f-string prints it as it is written, too (``f"{a.b = }"``).
    """

    nodes: tuple[Any, ...]
    frame: Frame
    quote: Quote | None
    is_echoed: bool = False

    @property
    def root(self) -> str:
        return str(self.nodes[0].id)

    @property
    def path(self) -> str:
        return ".".join((self.root, *(node.attr for node in self.nodes[1:])))

    @property
    def line(self) -> int:
        return int((self.quote.node if self.quote else self.nodes[0]).lineno)


class Binder(NamedTuple):
    """What binds a name in a frame: an alias of an import, or something else (None)."""

    alias: ast.alias | None
    written: Frame


class _Where(NamedTuple):
    frame: Frame
    annotation: bool = False
    quote: Quote | None = None
    echo: str = ""
    """What f-strings print before the value that it is part of, without blanks."""


_Task = tuple[Any, _Where]


class Walk:
    """Visits all nodes of a tree, without recursion: generated code nests deeply.

    Of `frames`, the first is the module; `bound` are names with what binds them.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self.occurrences: list[Occurrence] = []
        self.bound: list[tuple[str, Binder]] = []
        self.frames: list[Frame] = []
        module = self._frame("module", None)
        self._tasks: list[_Task] = [(source.tree, _Where(module))]
        handlers = _HANDLERS
        while self._tasks:
            node, where = self._tasks.pop()
            handlers.get(node.__class__, Walk._any)(self, node, where)

    def _frame(self, kind: Any, parent: Frame | None) -> Frame:
        frame = Frame(kind, parent, len(self.frames))
        self.frames.append(frame)
        return frame

    def _push(self, nodes: Iterable[Any], where: _Where) -> None:
        self._tasks += [(node, where) for node in nodes if isinstance(node, ast.AST)]

    def _bind(self, name: str, where: _Where, alias: ast.alias | None = None) -> None:
        where.frame.bound.add(name)
        self.bound.append((name, Binder(alias, where.frame)))

    def _any(self, node: Any, where: _Where) -> None:
        self._push(ast.iter_child_nodes(node), where)

    def _import(self, node: Any, where: _Where) -> None:
        for alias in node.names:
            if alias.name != "*":
                plain = isinstance(node, ast.Import)
                name = alias.name.partition(".")[0] if plain else alias.name
                self.bound.append((alias.asname or name, Binder(alias, where.frame)))

    def _name(self, node: Any, where: _Where) -> None:
        nodes = [node]
        while nodes[-1].__class__ is ast.Attribute:
            nodes.append(nodes[-1].value)
        root = nodes[-1]
        if root.__class__ is not ast.Name:
            self._push([root], where)
            return
        found = Occurrence(tuple(reversed(nodes)), where.frame, where.quote)
        self.occurrences.append(found._replace(is_echoed=found.path in where.echo))
        if not isinstance(root.ctx, ast.Load):
            self._bind(root.id, where)

    def _constant(self, node: Any, where: _Where) -> None:
        if not where.annotation or where.quote or not isinstance(node.value, str):
            return
        try:
            # In parentheses, as blanks may stand before it.
            inside = ast.parse(f"({node.value})", mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        quote = Quote(node, content(self._source, node))
        self._push([inside.body], where._replace(quote=quote))

    def _f_string(self, node: Any, where: _Where) -> None:
        """``{x = }`` is the text ``x = `` and the value; trees tell no more than that."""
        before = ""
        for part in node.values:
            echo = where.echo
            if before.rstrip().endswith("="):
                echo += " " + normalised("".join(before.split()))
            self._push([part], where._replace(echo=echo))
            before = str(part.value) if isinstance(part, ast.Constant) else ""

    def _subscript(self, node: Any, where: _Where) -> None:
        self._push([node.value], where)
        literal = last(node.value) == "Literal"
        self._push([node.slice], where._replace(annotation=where.annotation and not literal))

    def _call(self, node: Any, where: _Where) -> None:
        self._push([node.func], where)
        arguments = [*node.args, *node.keywords]
        if last(node.func) == "cast":
            self._push(arguments[:1], where._replace(annotation=True))
            arguments = arguments[1:]
        self._push(arguments, where)

    def _annotated(self, node: Any, where: _Where) -> None:
        self._push([node.target, node.value], where)
        self._push([node.annotation], where._replace(annotation=True))

    def _type_parameters(self, node: Any, where: _Where) -> _Where:
        """Where the signature of `node` is evaluated."""
        given = getattr(node, "type_params", None)  # new in Python 3.12
        if not given:
            return where
        inner = where._replace(frame=self._frame("parameters", where.frame))
        for parameter in given:
            self._bind(parameter.name, inner)
        self._push(given, inner._replace(annotation=True))
        return inner

    def _function(self, node: Any, where: _Where) -> None:
        self._bind(node.name, where)
        self._push(node.decorator_list, where)
        signature = self._type_parameters(node, where)
        self._push([node.returns], signature._replace(annotation=True))
        inner = self._arguments(node.args, where, signature)
        self._push(node.body, inner)

    def _lambda(self, node: Any, where: _Where) -> None:
        self._push([node.body], self._arguments(node.args, where, where))

    def _arguments(self, given: ast.arguments, where: _Where, signature: _Where) -> _Where:
        """Where the body of a function is."""
        self._push([*given.defaults, *given.kw_defaults], where)
        inner = where._replace(frame=self._frame("function", signature.frame))
        for argument in parameters(given, inner.frame):
            self._bind(argument.arg, inner)
            self._push([argument.annotation], signature._replace(annotation=True))
        return inner

    def _class(self, node: Any, where: _Where) -> None:
        self._bind(node.name, where)
        self._push(node.decorator_list, where)
        signature = self._type_parameters(node, where)
        self._push([*node.bases, *node.keywords], signature)
        frame = self._frame("class", signature.frame)
        self._push(node.body, where._replace(frame=frame))

    def _comprehension(self, node: Any, where: _Where) -> None:
        inner = where._replace(frame=self._frame("comprehension", where.frame))
        first, *others = node.generators
        self._push([first.iter], where)  # evaluated outside
        self._push([first.target, *first.ifs, *others], inner)
        self._push((getattr(node, field, None) for field in ("elt", "key", "value")), inner)

    def _walrus(self, node: Any, where: _Where) -> None:
        frame = where.frame
        while frame.kind == "comprehension" and frame.parent is not None:
            frame = frame.parent
        self._push([node.target], where._replace(frame=frame))
        self._push([node.value], where)

    def _global(self, node: Any, where: _Where) -> None:
        where.frame.redirected |= {*node.names}

    def _nonlocal(self, node: Any, where: _Where) -> None:
        where.frame.outer |= {*node.names}

    def _named(self, node: Any, where: _Where) -> None:
        """An exception handler or a pattern, whose name is no expression."""
        for name in (getattr(node, "name", None), getattr(node, "rest", None)):
            if name:
                self._bind(name, where)
        self._any(node, where)

    def _type_alias(self, node: Any, where: _Where) -> None:
        self._push([node.name], where)
        self._push([node.value], self._type_parameters(node, where)._replace(annotation=True))


_HANDLERS: dict[type, Callable[[Walk, Any, _Where], None]] = {
    ast.Import: Walk._import,
    ast.ImportFrom: Walk._import,
    ast.Name: Walk._name,
    ast.Attribute: Walk._name,
    ast.Constant: Walk._constant,
    ast.JoinedStr: Walk._f_string,
    ast.Subscript: Walk._subscript,
    ast.Call: Walk._call,
    ast.AnnAssign: Walk._annotated,
    ast.FunctionDef: Walk._function,
    ast.AsyncFunctionDef: Walk._function,
    ast.Lambda: Walk._lambda,
    ast.ClassDef: Walk._class,
    ast.ListComp: Walk._comprehension,
    ast.SetComp: Walk._comprehension,
    ast.DictComp: Walk._comprehension,
    ast.GeneratorExp: Walk._comprehension,
    ast.NamedExpr: Walk._walrus,
    ast.Global: Walk._global,
    ast.Nonlocal: Walk._nonlocal,
    ast.ExceptHandler: Walk._named,
    ast.MatchAs: Walk._named,
    ast.MatchStar: Walk._named,
    ast.MatchMapping: Walk._named,
}
if hasattr(ast, "TypeAlias"):  # since Python 3.12
    _HANDLERS[ast.TypeAlias] = Walk._type_alias


def content(source: Source, node: ast.Constant) -> int | None:
    """Where the content of a string literal begins, if it is written there as it is.

    None for f-strings, concatenations, escapes, and strings of several lines.
    """
    written = source.text[source.start(node) : source.end(node)]
    prefix = len(written) - len(written.lstrip("rRuU"))
    bare = written[prefix:]
    for opening, closing in _DELIMITED:
        if bare == f"{opening}{node.value!s}{closing}" and "\n" not in str(node.value):
            return source.start(node) + prefix + len(opening)
    return None
