"""From one file's bytes, or from a tree, to its facts."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import starmap
from operator import itemgetter
from typing import Any, Literal, TypeVar

from ssot_lint.facts.assignments import assignments
from ssot_lint.facts.calls import calls
from ssot_lint.facts.context import (
    FUNCTION,
    TYPE_CHECKING,
    dotted,
    last,
    of_branches,
    stripped,
)
from ssot_lint.facts.directives import directives
from ssot_lint.facts.expressions import Expressions
from ssot_lint.facts.functions import functions
from ssot_lint.facts.model import Alias, Definition, Directive, Import, Scope, Text, Use
from ssot_lint.facts.scopes import Frame, release, settle
from ssot_lint.facts.shims import shim_mark
from ssot_lint.facts.source import Positions, decode, normalised
from ssot_lint.facts.statements import Statements
from ssot_lint.facts.trouble import UNDECODABLE, unparsable
from ssot_lint.facts.walk import CLASS_MAKERS, Enclosing, Walk, bound_in
from ssot_lint.facts.whole import IN_EXPRESSIONS, FileFacts
from ssot_lint.facts.words import literals, words

_BASE_MAKERS = CLASS_MAKERS - {"type", "new_class", "make_dataclass", "namedtuple", "NewType"}
Fact = TypeVar("Fact", bound=tuple[Any, ...])

_START = itemgetter(0, 1)
"""The line and the column of a fact, which are its first fields."""


def read_facts(data: bytes, *, expressions: bool = True) -> FileFacts:
    """The facts of a file with these bytes, or its trouble; raises nothing, whatever the bytes.

    Without `expressions`, those facts are left out that only expressions hold.
    """
    try:
        source = decode(data)
    except (LookupError, ValueError):
        return FileFacts(trouble=UNDECODABLE)
    try:
        # "error" filters would turn a warning about the code under analysis into a failure.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        lines = Positions(source.text).line_count
        return FileFacts(trouble=unparsable(error, data, source), line_count=lines)
    return _facts(tree, source.text, expressions, directives(source.text))


def facts_of(tree: ast.Module, lines: Sequence[str], *, expressions: bool = True) -> FileFacts:
    """As `read_facts`, of a file that flake8 parsed: its tree, and its lines with their ends.

    The tree is walked when somebody asks for what it says (and for what expressions say once more,
    if they were left out), and comments are looked for when somebody asks for those: tokenizing
    takes longest, and only files with violations need it.
    """
    text = normalised("".join(lines))
    walked = lru_cache(maxsize=2)(lambda deep: _facts(tree, text, deep, ()))

    def load(name: str) -> Any:
        if name == "trouble":
            return None
        if name == "directives":
            return directives(text)
        return getattr(walked(expressions or name in IN_EXPRESSIONS), name)

    return FileFacts.lazily(load)


def _facts(
    tree: ast.Module, text: str, expressions: bool, comments: tuple[Directive, ...]
) -> FileFacts:
    found = Statements(tree).walk
    # No other expressions bind names, or make a function a generator.
    expressions = expressions or ":=" in text or "yield" in text
    inside = Expressions(found) if expressions else None
    positions = Positions(text)
    settle(found.frames)
    # Imports first: they say which names the rest may be about.
    imports = tuple(_imports(found, positions))
    enclosing = Enclosing(tree)
    bindings = _in_order(_bindings(found, enclosing, positions))
    assigned = (fact for fact in bindings if isinstance(fact, Definition))
    facts = FileFacts(
        imports=imports,
        definitions=_in_order((*_declared(found, positions), *assigned)),
        aliases=tuple(fact for fact in bindings if isinstance(fact, Alias)),
        uses=_in_order(_uses(found, inside, positions)) if inside else (),
        texts=_in_order(_texts(inside, positions)) if inside else (),
        functions=_in_order(functions(found, positions)),
        assignments=_in_order(assignments(found, enclosing, positions)),
        calls=_in_order(calls(found, inside.calls, positions)) if inside else (),
        literals=_in_order(literals(found, inside.displays, positions)) if inside else (),
        words=_in_order(words(inside.words, positions)) if inside else (),
        scopes=tuple(starmap(Scope, found.scopes)),
        exports=found.exported.facts(imported="__all__" in found.module.imported),
        has_getattr="__getattr__" in found.module.bound,
        shim=shim_mark(text),
        directives=comments,
        line_count=positions.line_count,
        expressions=expressions,
    )
    release(found.frames)
    return facts if expressions else facts.without_expressions()


def _in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(sorted(facts, key=_START))


def _imports(found: Walk, positions: Positions) -> Iterator[Import]:
    for alias, statement, frame, context in found.imports:
        if isinstance(statement, ast.ImportFrom):
            level, module, name = statement.level, statement.module or "", alias.name
        else:
            level, module, name = 0, alias.name, None
        bound = alias.asname or (alias.name if name else module.partition(".")[0])
        owner = frame
        if name != "*":
            owner, context = bound_in(frame, bound, context)
            owner.bound.add(bound)
            owner.imported.add(bound)
        yield Import(
            *positions.span(alias),
            owner.index,
            context,
            level,
            module,
            name,
            alias.asname,
            *positions.start(statement),
        )


def _declared(found: Walk, positions: Positions) -> Iterator[Definition]:
    for node, frame, context in found.declared:
        owner, context = bound_in(frame, node.name, context)
        is_class = isinstance(node, ast.ClassDef)
        yield Definition(
            *positions.name(node),
            owner.index,
            context,
            node.name,
            "class" if is_class else "function",
            tuple(map(stripped, node.bases)) if is_class else (),
            tuple(map(stripped, node.decorator_list)),
            *positions.start(node),
        )


def _bindings(
    found: Walk, enclosing: Enclosing, positions: Positions
) -> Iterator[Alias | Definition]:
    """What assignments make: aliases of other names, and definitions."""
    for node, value, frame, written, statement, inside in found.assigned:
        owner, context = bound_in(frame, node.id, written)
        where = (*positions.span(node), owner.index)
        followed, others = _followed(value, written, inside, found)
        for target, root, added in followed:
            yield Alias(*where, context | added, node.id, target, root.index if root else -1)
        # `X = m.X or None` only says that X may be missing.
        if followed and all(map(_is_none, others)):
            continue
        maker = next(filter(_makes_class, others), None)
        if maker is None and owner is not found.module:
            continue
        if statement is None:
            statement = enclosing.statement(node)
        kind: Literal["assignment", "class-call"] = "class-call" if maker else "assignment"
        bases = _bases_given(maker) if maker else ()
        start = positions.start(statement)
        yield Definition(*where, context, node.id, kind, bases, (), *start)


def _followed(
    value: Any, context: int, inside: Frame, found: Walk
) -> tuple[list[tuple[str, Frame | None, int]], list[Any]]:
    """What a value may lead to: names (with root and added context), and all other values."""
    followed, others = [], []
    for branch, added in _branches(value, found.type_flags):
        target = dotted(branch)
        first = target.partition(".")[0]
        root = inside.lookup(first) if target else None
        if context & FUNCTION:
            # Most assignments there just pass a value on.
            tells = root is not None and (root is found.module or first in root.imported)
        else:
            tells = root is None or root.visible  # not a variable of a comprehension
        if target and tells:
            followed.append((target, root, added))
        else:
            others.append(branch)
    return followed, others


def _branches(value: Any, flags: Collection[str]) -> Iterator[tuple[Any, int]]:
    """What `value` may evaluate to, each with what its condition adds to the context."""
    todo = [(value, 0)]
    while todo:
        value, context = todo.pop()
        if isinstance(value, ast.IfExp):
            body, orelse = of_branches(value.test, flags)
            todo.append((value.orelse, context | orelse & TYPE_CHECKING))
            todo.append((value.body, context | body & TYPE_CHECKING))
        elif isinstance(value, ast.BoolOp):
            todo += [(operand, context) for operand in reversed(value.values)]
        elif isinstance(value, ast.NamedExpr):
            todo.append((value.value, context))
        else:
            yield value, context


def _is_none(node: Any) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _makes_class(node: Any) -> bool:
    """A call that makes a class, such as ``type("X", (), {})`` or ``Enum("X", ...)``."""
    if not isinstance(node, ast.Call) or not node.args:
        return False
    name = last(node.func)
    if name == "type":
        return len(node.args) == 3
    first = node.args[0]
    named = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return name in CLASS_MAKERS and named


def _bases_given(call: ast.Call) -> tuple[str, ...]:
    """The bases of the class that `call` makes."""
    name = last(call.func)
    if name in _BASE_MAKERS:
        return (dotted(call.func),)
    bases = call.args[1] if name in ("type", "new_class") and len(call.args) > 1 else None
    return tuple(map(stripped, bases.elts)) if isinstance(bases, (ast.Tuple, ast.List)) else ()


def _uses(found: Walk, inside: Expressions, positions: Positions) -> Iterator[Use]:
    imported = set().union(*(frame.imported for frame in found.frames))
    for node, name, frame, context, place in inside.chains:
        if name in imported:
            root = frame.lookup(name)
            if root is not None and name in root.imported:
                span = positions.placed(node, name, place)
                yield Use(*span, frame.index, context, dotted(node), root.index)


def _texts(inside: Expressions, positions: Positions) -> Iterator[Text]:
    for node, path, role, callee, package, frame, context, place in inside.found:
        span = positions.placed(node, "", place)
        yield Text(*span, frame.index, context, *path, role, callee, package)
