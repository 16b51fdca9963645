"""What a file is made of, imports aside."""

from __future__ import annotations

from typing import Literal, NamedTuple

from ssot_lint.migration.verification.namespaces import Binder, Block, Namespace
from ssot_lint.model import Span


class Mark(NamedTuple):
    """A piece of syntax that no migration touches."""

    value: object
    line: int


class Local(NamedTuple):
    """A chain whose root no import binds; `space` is the number of the namespace that does.

    It is -1 if none does: a built-in name, or one that a star brings.
    """

    space: int
    text: str


class Chain(NamedTuple):
    """A maximal attribute chain ``root.attr...``, or a name alone.

    `rest` is "" or begins with a dot. `quoted` tells one in a string annotation or in an f-string:
    its span is that of the string.
    """

    root: str
    rest: str
    context: str
    space: Namespace
    block: Block
    span: Span
    quoted: Literal["", "annotation", "f-string"]

    @property
    def line(self) -> int:
        return self.span.line

    @property
    def text(self) -> str:
        return self.root + self.rest

    @property
    def binders(self) -> list[Binder]:
        """The imports that bind the root."""
        space = self.space.lookup(self.root)
        return space.imported.get(self.root, []) if space else []

    @property
    def paths(self) -> frozenset[str | Local]:
        """What the chain stands for: an absolute path for each import that binds its root."""
        space = self.space.lookup(self.root)
        binders = space.imported.get(self.root) if space else None
        if binders:
            return frozenset(f"{binder.base}{self.rest}" for binder in binders)
        return frozenset({Local(space.number if space else -1, self.text)})


class Text(NamedTuple):
    """A string literal, or a constant piece of an f-string."""

    value: str
    span: Span

    @property
    def line(self) -> int:
        return self.span.line


Item = Mark | Chain | Text


class Outline(NamedTuple):
    items: list[Item]
    imports: list[Binder]
    spaces: list[Namespace]
