"""Whether the comments of a file are still there."""

from __future__ import annotations

import io
import tokenize
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ssot_lint.migration.model import Edit, is_directive
from ssot_lint.migration.verification.texts import Lines, Source


class Comment(NamedTuple):
    text: str
    line: int


def comments(text: str) -> list[Comment]:
    """The comments of a text that parses, in order."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [
        Comment(token.string, token.start[0]) for token in tokens if token.type == tokenize.COMMENT
    ]


def lost_or_new(
    before: Source, after: Source, lines: Lines, edits: Sequence[Edit]
) -> Iterator[str]:
    """What is wrong with the comments of a result; `lines` are those of `before`.

    Each must be there as often as it was. One that tells a tool something may be repeated.
    """
    ranges = [(lines.offset(edit.start), lines.offset(edit.end)) for edit in edits]
    written = any(b"#" in edit.text for edit in edits)
    if not written and not any("#" in lines.around(*each) for each in ranges):
        return
    try:
        old, new = comments(before.text), comments(after.text)
    except (SyntaxError, tokenize.TokenError):
        yield "its comments cannot be told"
        return
    left = Counter(comment.text for comment in new)
    touched = {
        line
        for start, end in ranges
        for line in range(lines.line(start), lines.line(max(start, end - 1)) + 1)
    }
    # Of equal ones, what no edit touches is there for sure.
    for comment in sorted(old, key=lambda each: each.line in touched):
        if left[comment.text]:
            left[comment.text] -= 1
        else:
            yield f"line {comment.line}: the comment {comment.text!r} would be lost"
    known = {comment.text for comment in old if is_directive(comment.text)}
    for comment in new:
        if left[comment.text] and comment.text not in known:
            yield f"line {comment.line} of the result: the comment {comment.text!r} is new"
