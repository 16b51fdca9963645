"""Everything that one file says, as one value that may be read field by field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ssot_lint.facts.model import (
    Alias,
    Assignment,
    Call,
    Definition,
    Directive,
    Exports,
    Function,
    Import,
    Literals,
    Scope,
    Text,
    Trouble,
    Use,
    Word,
)
from ssot_lint.facts.shims import ShimMark

IN_EXPRESSIONS = frozenset({"uses", "texts", "calls", "literals", "words"})
"""The fields of `FileFacts` that only a walk over expressions can fill."""


@dataclass(frozen=True)
class FileFacts:
    """Everything one file says; `trouble` excludes the rest, but for the count of lines."""

    imports: tuple[Import, ...] = field(default_factory=tuple)
    definitions: tuple[Definition, ...] = field(default_factory=tuple)
    aliases: tuple[Alias, ...] = field(default_factory=tuple)
    uses: tuple[Use, ...] = field(default_factory=tuple)
    texts: tuple[Text, ...] = field(default_factory=tuple)
    functions: tuple[Function, ...] = field(default_factory=tuple)
    assignments: tuple[Assignment, ...] = field(default_factory=tuple)
    calls: tuple[Call, ...] = field(default_factory=tuple)
    literals: tuple[Literals, ...] = field(default_factory=tuple)
    words: tuple[Word, ...] = field(default_factory=tuple)
    scopes: tuple[Scope, ...] = field(default_factory=lambda: (Scope("module", "", 0),))
    exports: Exports | None = field(default_factory=lambda: None)
    has_getattr: bool = field(default_factory=bool)
    """A module-level ``__getattr__`` makes every name possible."""
    shim: ShimMark | None = field(default_factory=lambda: None)
    """The mark of a generated shim: whatever the file does not bind itself is its home's."""
    directives: tuple[Directive, ...] = field(default_factory=tuple)
    line_count: int = field(default_factory=int)
    trouble: Trouble | None = field(default_factory=lambda: None)
    expressions: bool = field(default_factory=lambda: True)
    """Whether expressions were walked; if not, nobody can ask for `IN_EXPRESSIONS`."""

    @classmethod
    def lazily(cls, load: Callable[[str], Any]) -> FileFacts:
        """Facts whose fields `load` gives, by name, when they are first asked for.

        Most rules ask for one field of a file. (The fields have no plain defaults, because those
        would be found on the class before `load` is asked.)
        """
        facts = object.__new__(cls)
        facts.__dict__["_load"] = load
        return facts

    def without_expressions(self) -> FileFacts:
        """The same, but for what expressions hold, which raises AttributeError."""
        facts = object.__new__(FileFacts)
        facts.__dict__.update(self.__dict__, expressions=False)
        for name in IN_EXPRESSIONS:
            facts.__dict__.pop(name, None)
        return facts

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            load = self.__dict__.get("_load")
            if load is None or name.startswith("_"):
                raise AttributeError(name)
            value = self.__dict__[name] = load(name)
            return value
