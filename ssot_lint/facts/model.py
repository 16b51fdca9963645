"""What one file says, as values: no fact depends on path, module name or rules.

All facts are flat (strings, numbers and tuples of them), so that they pack into `marshal` data.
A fact's position is 1-based, in characters; its end is exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from typing import Literal

from ssot_lint.model import Span


class Context(IntFlag):
    """Where a fact stands; several may hold at once."""

    NONE = 0
    CONDITIONAL = 1
    """Under ``if``, ``try`` (body, handler, else), a loop or ``match``: may not be executed."""
    TYPE_CHECKING = 2
    """Only for type checkers (not the ``else`` branch, which is run time)."""
    GUARDED = 4
    """In the body of a ``try`` that handles ImportError, ModuleNotFoundError, Exception or all."""
    FALLBACK = 8
    """In the handler of such a ``try``."""
    EXPECTED_FAILURE = 16
    """Inside ``raises(ImportError)`` / ``assertRaises``: a test of absence, not a use."""
    FUNCTION = 32
    """In the body of a function, at any depth."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A module, class or function body. Scope 0 is the module; `parent` is an index."""

    kind: Literal["module", "class", "function"]
    name: str
    parent: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A fact with a position, the scope (an index) it is bound in, and its context."""

    line: int
    column: int
    end_line: int
    end_column: int
    scope: int
    context: int

    @property
    def span(self) -> Span:
        return Span(self.line, self.column, self.end_line, self.end_column)

    @property
    def start(self) -> tuple[int, int]:
        return self.line, self.column


@dataclass(frozen=True, slots=True)
class Import(Placed):
    """One alias of one import statement, as written.

    ``import a.b as x``: module ``a.b``, name None. ``from ..m import N``: level 2, module ``m``,
    name ``N`` (``*`` for a star). The position is the alias's; the statement's is beside it.
    """

    level: int
    module: str
    name: str | None
    alias: str | None
    statement_line: int
    statement_column: int

    @property
    def bound(self) -> str | None:
        """The local name that the import binds; None for a star."""
        if self.name == "*":
            return None
        return self.alias or self.name or self.module.partition(".")[0]

    @property
    def statement(self) -> tuple[int, int]:
        return self.statement_line, self.statement_column


@dataclass(frozen=True, slots=True)
class Definition(Placed):
    """A definition; its position is that of the name.

    `kind` is ``class`` (a class statement), ``class-call`` (``X = type("X", ...)``, namedtuple,
    Enum, ... with the name as first argument), ``function`` (also async), or ``assignment`` (any
    other value bound to a name at module level). `bases` and `decorators` are dotted text
    (subscripts and calls stripped; what is not a dotted name is ""). Methods are not listed;
    classes in classes and functions, and functions in functions are.
    """

    name: str
    kind: Literal["class", "class-call", "function", "assignment"]
    bases: tuple[str, ...]
    decorators: tuple[str, ...]
    statement_line: int
    statement_column: int


@dataclass(frozen=True, slots=True)
class Alias(Placed):
    """``name = a.b.c``: a name bound to what another name leads to; position of `name`.

    `root_scope` is the scope whose binding the first part of `target` refers to, -1 if this file
    binds it nowhere (a builtin, or a star's). One fact per branch of ``a if c else b`` and
    ``a or b``. In functions only those whose root an import or the module binds.
    """

    name: str
    target: str
    root_scope: int


@dataclass(frozen=True, slots=True)
class Use(Placed):
    """A maximal attribute chain ``root.attr...`` whose root an import binds in `root_scope`."""

    chain: str
    root_scope: int


@dataclass(frozen=True, slots=True)
class Text(Placed):
    """A string literal that looks like a dotted path (docstrings and bare strings left out).

    `value` is the path as written. `open_ended` says that only a constant prefix is known
    (f-string, ``+``, ``%`` or ``{}`` templates): then `value` ends with the last complete
    component, without the dot. `role` is where it stands: ``argument`` (then `callee` is the
    dotted text of what is called), ``key`` (of ``sys.modules``), ``annotation`` or ``other``.
    `package` is the second argument of ``import_module`` for a relative name: its constant text,
    or ``__package__`` / ``__name__`` as written.
    """

    value: str
    open_ended: bool
    role: Literal["argument", "key", "annotation", "other"]
    callee: str
    package: str


@dataclass(frozen=True, slots=True)
class Exports:
    """``__all__``: the names listed; `dynamic` if part of it is computed."""

    names: tuple[str, ...]
    dynamic: bool


@dataclass(frozen=True, slots=True)
class Directive:
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


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a file yields no facts; `needs` is the Python that it needs, where that can be told."""

    kind: Literal["syntax", "encoding", "unreadable"]
    message: str
    line: int
    column: int
    needs: str


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Everything one file says; `trouble` excludes the rest, but for the count of lines."""

    imports: tuple[Import, ...] = ()
    definitions: tuple[Definition, ...] = ()
    aliases: tuple[Alias, ...] = ()
    uses: tuple[Use, ...] = ()
    texts: tuple[Text, ...] = ()
    scopes: tuple[Scope, ...] = (Scope("module", "", 0),)
    exports: Exports | None = None
    has_getattr: bool = False
    """A module-level ``__getattr__`` makes every name possible."""
    directives: tuple[Directive, ...] = ()
    line_count: int = 0
    trouble: Trouble | None = None
