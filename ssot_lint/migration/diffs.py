"""Unified diffs of rewritten files, as ``git apply`` and ``patch`` read them.

The edits are known, so nothing has to be compared: time and size follow what changes, whatever the
size of the file. Format: https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ssot_lint.migration.model import Rewrite

_CONTEXT = 3
"""Unchanged lines around a change."""
_NO_END = b"\n\\ No newline at end of file\n"

_COLORS = ((b"+++", b"1"), (b"---", b"1"), (b"@@", b"36"), (b"+", b"32"), (b"-", b"31"))
"""What begins a line, and how it looks (ECMA-48, select graphic rendition), as git has it."""


class _Change(NamedTuple):
    """The lines `start` to `end` (0-based, exclusive), and what takes their place."""

    start: int
    end: int
    lines: list[bytes]


def unified(rewrite: Rewrite) -> bytes:
    """The diff of one file; nothing if it stays as it is."""
    old = _lines(rewrite.before)
    changes = [*_changes(rewrite, old)]
    if not changes:
        return b""
    path = rewrite.path.encode("utf-8", "surrogateescape")
    header = b"--- a/%b\n+++ b/%b\n" % (path, path)
    return header + b"".join(_hunks(old, changes))


def in_color(diff: bytes) -> bytes:
    """`diff` for a terminal."""
    return b"".join(map(_colored, diff.splitlines(keepends=True)))


def _colored(line: bytes) -> bytes:
    for beginning, color in _COLORS:
        if line.startswith(beginning):
            text = line.rstrip(b"\r\n")
            return b"\x1b[%bm%b\x1b[0m%b" % (color, text, line[len(text) :])
    return line


def _lines(data: bytes) -> list[bytes]:
    """Lines with their ends: only a line feed ends one, as for git."""
    lines = [line + b"\n" for line in data.split(b"\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _changes(rewrite: Rewrite, old: Sequence[bytes]) -> Iterator[_Change]:
    """What changes, line by line, in order and apart from one another."""
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    edits = list(rewrite.edits)
    while edits:
        first = bisect_right(starts, edits[0].start) - 1
        position, parts = starts[min(first, len(old))], []
        last = first
        while edits and edits[0].start <= starts[min(last + 1, len(old))]:
            edit = edits.pop(0)
            parts += [rewrite.before[position : edit.start], edit.text]
            position = edit.end
            last = max(last, bisect_right(starts, position) - 1)
        end = starts[min(last + 1, len(old))]
        new = _lines(b"".join((*parts, rewrite.before[position:end])))
        yield from _trimmed(first, old[first : last + 1], new)


def _trimmed(start: int, old: Sequence[bytes], new: list[bytes]) -> Iterator[_Change]:
    """Without the lines at both ends that stay as they are."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    if head + tail < max(len(old), len(new)):
        yield _Change(start + head, start + len(old) - tail, new[head : len(new) - tail])


def _hunks(old: Sequence[bytes], changes: Sequence[_Change]) -> Iterator[bytes]:
    shift = 0
    group: list[_Change] = []
    for index, change in enumerate(changes):
        group.append(change)
        following = changes[index + 1] if index + 1 < len(changes) else None
        if following is None or following.start - change.end > 2 * _CONTEXT:
            yield _hunk(old, group, shift)
            shift += sum(len(each.lines) - (each.end - each.start) for each in group)
            group = []


def _hunk(old: Sequence[bytes], group: Sequence[_Change], shift: int) -> bytes:
    start = max(0, group[0].start - _CONTEXT)
    end = min(len(old), group[-1].end + _CONTEXT)
    body, at = [], start
    for change in group:
        body += [b" " + line for line in old[at : change.start]]
        body += [b"-" + line for line in old[change.start : change.end]]
        body += [b"+" + line for line in change.lines]
        at = change.end
    body += [b" " + line for line in old[at:end]]
    count = end - start
    new = count + sum(len(each.lines) - (each.end - each.start) for each in group)
    ranges = (_range(start, count), _range(start + shift, new))
    text = b"".join(line if line.endswith(b"\n") else line + _NO_END for line in body)
    return b"@@ -%b +%b @@\n" % ranges + text


def _range(start: int, count: int) -> bytes:
    """Line and count; an empty range names the line before it."""
    return b"%d,%d" % (start + bool(count), count)
