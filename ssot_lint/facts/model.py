"""What one file says, as values: no fact depends on path, module name or rules.

All facts are flat tuples of strings, numbers and tuples of them, so that they pack into `marshal`
data and are made in no time. A fact's position is 1-based, in characters; its end is exclusive.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

from ssot_lint.model import Span

Parameter = tuple[str, Literal["positional", "any", "keyword", "many", "keywords"], bool]
"""Name, kind (``many``: ``*args``, ``keywords``: ``**kwargs``), and whether it has a default."""

ValueKind = Literal[
    "none", "constant", "list", "dict", "set", "tuple", "call", "name", "other", "declared"
]
"""``None``; another constant (also ``-1``); displays and comprehensions of these; a call; a dotted
name; anything else, or what no expression says (``x += 1``, loop and ``with`` targets); nothing at
all (``x: int``). Of a walrus, its value."""


class Scope(NamedTuple):
    """A module, class or function body. Scope 0 is the module; `parent` is an index."""

    kind: Literal["module", "class", "function"]
    name: str
    parent: int


class _Spanning(Protocol):
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...
    @property
    def end_line(self) -> int: ...
    @property
    def end_column(self) -> int: ...


class Placed:
    """A fact with a position, the scope (an index) it is bound in, and its context.

    Each one begins with these six fields, because named tuples inherit none.
    """

    __slots__ = ()

    @property
    def span(self: _Spanning) -> Span:
        return Span(self.line, self.column, self.end_line, self.end_column)

    @property
    def start(self: _Spanning) -> tuple[int, int]:
        return self.line, self.column


class _Import(NamedTuple):
    line: int
    column: int
    end_line: int
    end_column: int
    scope: int
    context: int
    level: int
    module: str
    name: str | None
    alias: str | None
    statement_line: int
    statement_column: int


class Import(_Import, Placed):
    """One alias of one import statement, as written.

    ``import a.b as x``: module ``a.b``, name None. ``from ..m import N``: level 2, module ``m``,
    name ``N`` (``*`` for a star). The position is the alias's; the statement's is beside it.
    """

    __slots__ = ()

    @property
    def bound(self) -> str | None:
        """The local name that the import binds; None for a star."""
        if self.name == "*":
            return None
        return self.alias or self.name or self.module.partition(".")[0]

    @property
    def statement(self) -> tuple[int, int]:
        return self.statement_line, self.statement_column


class _Definition(NamedTuple):
    line: int
    column: int
    end_line: int
    end_column: int
    scope: int
    context: int
    name: str
    kind: Literal["class", "class-call", "function", "assignment"]
    bases: tuple[str, ...]
    decorators: tuple[str, ...]
    statement_line: int
    statement_column: int


class Definition(_Definition, Placed):
    """A definition; its position is that of the name.

    `kind` is ``class`` (a class statement), ``class-call`` (``X = type("X", ...)``, namedtuple,
    Enum, ... with the name as first argument), ``function`` (also async), or ``assignment`` (any
    other value bound to a name at module level). `bases` and `decorators` are dotted text
    (subscripts and calls stripped; what is not a dotted name is ""). Methods are not listed;
    classes in classes and functions, and functions in functions are.
    """

    __slots__ = ()


class _Alias(NamedTuple):
    line: int
    column: int
    end_line: int
    end_column: int
    scope: int
    context: int
    name: str
    target: str
    root_scope: int


class Alias(_Alias, Placed):
    """``name = a.b.c``: a name bound to what another name leads to; position of `name`.

    `root_scope` is the scope whose binding the first part of `target` refers to, -1 if this file
    binds it nowhere (a builtin, or a star's). One fact per branch of ``a if c else b`` and
    ``a or b``. In functions only those whose root an import or the module binds.
    """

    __slots__ = ()


class _Use(NamedTuple):
    line: int
    column: int
    end_line: int
    end_column: int
    scope: int
    context: int
    chain: str
    root_scope: int


class Use(_Use, Placed):
    """A maximal attribute chain ``root.attr...`` whose root an import binds in `root_scope`."""

    __slots__ = ()


class _Text(NamedTuple):
    line: int
    column: int
    end_line: int
    end_column: int
    scope: int
    context: int
    value: str
    open_ended: bool
    role: Literal["argument", "key", "annotation", "other"]
    callee: str
    package: str


class Text(_Text, Placed):
    """A string literal that looks like a dotted path (docstrings and bare strings left out).

    `value` is the path as written. `open_ended` says that only a constant prefix is known
    (f-string, ``+``, ``%`` or ``{}`` templates): then `value` ends with the last complete
    component, without the dot. `role` is where it stands: ``argument`` (then `callee` is the
    dotted text of what is called), ``key`` (of ``sys.modules``), ``annotation`` or ``other``.
    `package` is the second argument of ``import_module`` for a relative name: its constant text,
    or ``__package__`` / ``__name__`` as written.
    """

    __slots__ = ()


class _Function(NamedTuple):
    line: int
    column: int
    end_line: int
    end_column: int
    scope: int
    context: int
    name: str
    body: int
    is_async: bool
    is_generator: bool
    parameters: tuple[Parameter, ...]
    decorators: tuple[str, ...]
    delegate: str


class Function(_Function, Placed):
    """A ``def`` or ``async def`` anywhere, methods included; position of the name.

    `scope` is where it is bound, `body` the index of its own scope. `is_generator`: a ``yield``
    stands in its own body. `parameters` are in the order in which they are written, `decorators`
    as in `Definition`. `delegate` is the dotted callee of the one call that is all the body does
    (``return f(...)``, ``f(...)``, both also with ``await``), else "". A docstring, imports, and
    calls that warn (of what has "warn" or "deprecat" in its last name) before it do not count.
    """

    __slots__ = ()


class _Assignment(NamedTuple):
    line: int
    column: int
    end_line: int
    end_column: int
    scope: int
    context: int
    name: str
    value: ValueKind
    callee: str
    annotation: str
    statement_line: int
    statement_column: int
    statement_scope: int
    is_empty: bool


class Assignment(_Assignment, Placed):
    """A name that a module or class body binds to a value; position of the name.

    By any statement or walrus that assigns, also by ``x += 1``, ``for`` and ``with``; not by an
    import, ``def``, ``class``, ``except`` or ``case``. In functions: what ``global`` assigns
    (`scope` 0), and attributes of the first parameter of the method around (``self.x = ...``;
    `scope` is the class; a static method has none). Both have ``FUNCTION`` in their context.
    Anywhere: attributes of a class by its name (``C.x = ...``; `scope` is the class). `value` says
    what kind of value it is; `callee` is the dotted callee of a call, else "". `annotation` is
    the dotted text of the annotation, outermost name only (``ClassVar[int]``: ``ClassVar``), also
    of a quoted one. `statement_scope` is the scope that the statement stands in: the module, the
    class, or the function that assigns. `is_empty` tells a display without elements, and a call
    without arguments.
    """

    __slots__ = ()


class _Call(NamedTuple):
    line: int
    column: int
    end_line: int
    end_column: int
    scope: int
    context: int
    callee: str
    root_scope: int
    result: Literal["awaited", "discarded", "used"]
    names: tuple[str, ...]


class Call(_Call, Placed):
    """A call whose callee is a dotted name; position of the callee.

    Listed if the first part of `callee` is bound by an import, or in the module (`root_scope` is
    the scope that binds it; -1: a builtin, or what a star import brings), or is the first
    parameter of a method (`root_scope` is the method) and the result is not ``used``. `result`:
    ``awaited``, ``discarded`` (an expression statement), or ``used`` (all else: assigned,
    returned, passed on). `names` are the arguments that are dotted names themselves, in order,
    keyword arguments included, starred ones not.

    A decorator that is a dotted name is ``used``, and a change of an item is a ``discarded`` call:
    ``x[i] = v``, ``x[i] += v`` and ``x[i][j] = v`` of ``x.__setitem__``, ``del x[i]`` of
    ``x.__delitem__``. Their positions are those of the decorator and of ``x``.
    """

    __slots__ = ()


class _Literals(NamedTuple):
    line: int
    column: int
    end_line: int
    end_column: int
    scope: int
    context: int
    form: Literal["list", "set", "tuple", "keys", "values", "literal", "class"]
    name: str
    values: tuple[str, ...]


class Literals(_Literals, Placed):
    """Two or more short strings written together; position of the display, or the class's name.

    `form`: a list, set or tuple display, the keys or the values of a dictionary (two facts of one
    position), ``Literal[...]``, or a class body (``class``: an enum or a class of constants; what
    it gives directly to names). `name` is the name that the display is assigned to, also as the
    only argument of a call (``X = frozenset({...})``), or the class's; "" if there is none.
    Strings that are empty, of more than 100 characters, or with line ends, are left out; other
    elements do not matter. In annotations, only ``Literal[...]`` counts.
    """

    __slots__ = ()


class _Word(NamedTuple):
    line: int
    column: int
    end_line: int
    end_column: int
    scope: int
    context: int
    value: str


class Word(_Word, Placed):
    """A string literal of 1 to 100 characters without blanks, where a scope has it first.

    Docstrings and bare strings are left out, pieces of f-strings and quoted annotations too.
    """

    __slots__ = ()


class Exports(NamedTuple):
    """``__all__``: the names listed; `dynamic` if part of it is computed."""

    names: tuple[str, ...]
    dynamic: bool


class Directive(NamedTuple):
    """A suppression comment; position of the comment (for noqa: of the match).

    `form` is ``allow``, ``allow-file``, ``noqa`` or ``noqa-file`` (``# flake8: noqa``), or
    ``malformed`` (then `problem` says what is wrong). `names` are rule or kind names of an allow;
    codes, as written, of a noqa, empty for a bare one. It covers the lines `first` to `last`.
    """

    form: Literal["allow", "allow-file", "noqa", "noqa-file", "malformed"]
    line: int
    column: int
    end_column: int
    names: tuple[str, ...]
    reason: str
    first: int
    last: int
    problem: str


class Trouble(NamedTuple):
    """Why a file yields no facts; `needs` is the Python that it needs, where that can be told."""

    kind: Literal["syntax", "encoding", "unreadable"]
    message: str
    line: int
    column: int
    needs: str
