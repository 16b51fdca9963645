"""Whether the comments of a file are still there."""

from __future__ import annotations

import io
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ssot_lint.migration.model import Edit, is_directive
from ssot_lint.migration.verification.imports import Imports
from ssot_lint.migration.verification.namespaces import Binder
from ssot_lint.migration.verification.texts import Lines, Source


class Comment(NamedTuple):
    text: str
    line: int

    @property
    def is_directive(self) -> bool:
        return is_directive(self.text)


def comments(text: str) -> list[Comment]:
    """The comments of a text that parses, in order."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [
        Comment(token.string, token.start[0]) for token in tokens if token.type == tokenize.COMMENT
    ]


class Comments:
    """Those of two versions of a file; `lines` are of the first."""

    def __init__(
        self, before: Source, after: Source, lines: Lines, edits: Iterable[Edit], imports: Imports
    ) -> None:
        self._sources = before, after
        self._lines = lines
        self._edits = [(lines.offset(edit.start), lines.offset(edit.end), edit) for edit in edits]
        self._imports = imports

    def problems(self) -> Iterator[str]:
        """Comments that are lost or made up.

        A directive may be repeated. It may go with an import, or be said once for several that
        come to stand together.
        """
        if not any(self._may_touch(*edit) for edit in self._edits):
            return
        try:
            old, new = (comments(source.text) for source in self._sources)
        except (SyntaxError, tokenize.TokenError):
            yield "its comments cannot be told"
            return
        repeated = {comment.text for comment in old if comment.is_directive}
        said = {comment: self._said(comment, new) for comment in old if comment.is_directive}
        there = set().union(*said.values())
        left = Counter(comment.text for comment in new if comment not in there)
        gone = {
            row for binder in self._imports.gone if self._is_cut(binder) for row in _rows(binder)
        }

        def may_go(comment: Comment) -> bool:
            return comment.is_directive and comment.line in gone

        # Of equal ones, those that must stay are looked for first.
        for comment in sorted((each for each in old if not said.get(each)), key=may_go):
            if left[comment.text]:
                left[comment.text] -= 1
            elif not may_go(comment):
                yield f"line {comment.line}: the comment {comment.text!r} would be lost"
        for comment in new:
            if left[comment.text] and comment.text not in repeated:
                yield f"line {comment.line} of the result: the comment {comment.text!r} is new"

    def _may_touch(self, start: int, end: int, edit: Edit) -> bool:
        return b"#" in edit.text or "#" in self._lines.around(start, end)

    def _is_cut(self, binder: Binder) -> bool:
        first, last = self._lines.place(binder.span)
        return any(start <= first and last <= end for start, end, _ in self._edits)

    def _said(self, comment: Comment, new: Iterable[Comment]) -> set[Comment]:
        """The same comment in the statements in which all names of its line stand afterwards."""
        names = [after for each, after in self._imports.kept if each.span.end_line == comment.line]
        same = [each for each in new if each.text == comment.text]
        found = {_beside(after, same) for after in names}
        return {each for each in found if each is not None} if None not in found else set()


def _beside(binder: Binder, same: Iterable[Comment]) -> Comment | None:
    """One of the comments in the statement of an import, on its own line if there is one."""
    inside = (each for each in same if each.line in _rows(binder))
    return min(inside, key=lambda each: each.line != binder.span.end_line, default=None)


def _rows(binder: Binder) -> range:
    """The lines of the statement."""
    return range(binder.statement.line, binder.statement.end_line + 1)
