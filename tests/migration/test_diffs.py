"""Unified diffs, made from edits: git applies them, and they show what changes and nothing else."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ssot_lint.migration.diffs import in_color, unified
from ssot_lint.migration.model import Edit, Rewrite


def rewritten(before: bytes, *edits: tuple[int, int, bytes]) -> Rewrite:
    return Rewrite("shop/a.py", before, tuple(Edit(*edit) for edit in edits), (), ())


def test_a_change_has_three_lines_around_it() -> None:
    before = b"".join(b"line %d\n" % number for number in range(1, 10))
    assert unified(rewritten(before, (before.index(b"5"), before.index(b"5") + 1, b"five"))) == (
        b"--- a/shop/a.py\n"
        b"+++ b/shop/a.py\n"
        b"@@ -2,7 +2,7 @@\n"
        b" line 2\n line 3\n line 4\n"
        b"-line 5\n"
        b"+line five\n"
        b" line 6\n line 7\n line 8\n"
    )


def test_what_stays_as_it_is_has_no_diff() -> None:
    assert unified(rewritten(b"a\n")) == b""
    assert unified(rewritten(b"a\n", (0, 1, b"a"))) == b""


def test_a_line_more_shows_as_one_line_more() -> None:
    assert unified(rewritten(b"a\nb\n", (2, 2, b"new\n"))).endswith(
        b"@@ -1,2 +1,3 @@\n a\n+new\n b\n"
    )


def test_a_missing_end_of_line_is_told() -> None:
    assert unified(rewritten(b"a", (0, 1, b"b"))).endswith(
        b"-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
    )


def test_ends_of_lines_are_kept() -> None:
    assert b"-a\r\n+b\r\n" in unified(rewritten(b"a\r\nc\r\n", (0, 1, b"b")))


def test_colours() -> None:
    diff = unified(rewritten(b"a\n", (0, 1, b"b")))
    assert in_color(diff) == (
        b"\x1b[1m--- a/shop/a.py\x1b[0m\n"
        b"\x1b[1m+++ b/shop/a.py\x1b[0m\n"
        b"\x1b[36m@@ -1,1 +1,1 @@\x1b[0m\n"
        b"\x1b[31m-a\x1b[0m\n"
        b"\x1b[32m+b\x1b[0m\n"
    )


@st.composite
def rewrites(draw: st.DrawFn) -> Rewrite:
    text = st.text("ab\n\r", max_size=4).map(str.encode)
    before = draw(st.lists(st.sampled_from([b"a\n", b"b\n", b"a\r\n", b"\n", b"c"]), max_size=40))
    data = b"".join(before)
    points = sorted(draw(st.lists(st.integers(0, len(data)), max_size=8)))
    pairs = zip(points[::2], points[1::2], strict=False)
    edits = [Edit(start, end, draw(text)) for start, end in pairs]
    apart = [e for i, e in enumerate(edits) if i == 0 or e.start > edits[i - 1].end]
    return Rewrite("a b.py", data, tuple(apart), (), ())


@settings(max_examples=60)
@given(rewrites())
def test_git_applies_it(rewrite: Rewrite) -> None:
    diff = unified(rewrite)
    assert bool(diff) == (rewrite.after != rewrite.before)
    if not diff:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a b.py")
        path.write_bytes(rewrite.before)
        subprocess.run(
            ["git", "apply", "--whitespace=nowarn", "-"],
            input=diff,
            cwd=folder,
            check=True,
            capture_output=True,
            env={**os.environ, "GIT_CEILING_DIRECTORIES": os.path.dirname(folder)},
        )
        assert (path.read_bytes() if path.exists() else b"") == rewrite.after
