"""What a migration is made of: changes that rules demand, edits that make them, skips."""

from __future__ import annotations

import re
from typing import NamedTuple

from ssot_lint.model import Span

_DIRECTIVE = re.compile(
    r"#+\s*(?:type:\s*ignore|(?:pylint|pyright|mypy|flake8|isort|ruff|ssot|fmt|yapf):"
    r"|(?:noqa|pragma|nosec|autopep8)\b)",
    re.IGNORECASE,
)


def is_directive(comment: str) -> bool:
    """Whether a comment tells a tool something about its line."""
    return _DIRECTIVE.match(comment) is not None


class Change(NamedTuple):
    """A dotted path to be written in place of another.

    `span` is that of the imported name, the attribute chain or the string literal, as the facts of
    the file have it. `old` is the absolute path as imported (``m.*`` for a star) or reached, or the
    text of a string as written; `new` is the absolute path that takes its place, "" if there is
    none: then a human has to decide.
    """

    span: Span
    old: str
    new: str
    rule: str


class Edit(NamedTuple):
    """`text` in place of the bytes `start` to `end` (exclusive) of a file."""

    start: int
    end: int
    text: bytes


class Skip(NamedTuple):
    """A change that needs a human, and why."""

    path: str
    line: int
    rule: str
    old: str
    reason: str


class Rewrite(NamedTuple):
    """What becomes of one file.

    `edits` are sorted and do not overlap. `made` are the changes that they make, `skips` the
    others; together they are all that was asked for.
    """

    path: str
    before: bytes
    edits: tuple[Edit, ...]
    made: tuple[Change, ...]
    skips: tuple[Skip, ...]

    @property
    def after(self) -> bytes:
        """The bytes of the file with all edits made."""
        parts, position = [], 0
        for edit in self.edits:
            parts += [self.before[position : edit.start], edit.text]
            position = edit.end
        return b"".join((*parts, self.before[position:]))
