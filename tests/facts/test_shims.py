"""The mark in the first line of a generated shim."""

from __future__ import annotations

import pytest

from ssot_lint.facts import ShimMark, read_facts

MARK = ShimMark("app.new", "2027-03-31")
LINE = b"# ssot-shim: app.new remove-after: 2027-03-31"


@pytest.mark.parametrize(
    "source",
    [LINE, LINE + b"\n", LINE + b"\r\nx = 1\r\n", LINE + b" \t\n", b"\xef\xbb\xbf" + LINE + b"\n"],
)
def test_marked(source: bytes) -> None:
    assert read_facts(source).shim == MARK


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\n" + LINE,
        b" " + LINE,
        b"#" + LINE,
        LINE + b" and more",
        LINE.replace(b"app.new", b"app..new"),
        LINE.replace(b"app.new", b"app-new"),
        LINE.replace(b"2027-03-31", b"soon"),
        LINE.replace(b" remove-after: 2027-03-31", b""),
        b'"' + LINE + b'"\n',
    ],
)
def test_unmarked(source: bytes) -> None:
    assert read_facts(source).shim is None


def test_the_mark_as_it_is_written() -> None:
    assert str(MARK) == LINE.decode()
    assert read_facts("# ssot-shim: ä.b1 remove-after: 2027-03-31\n".encode()).shim == (
        "ä.b1",
        "2027-03-31",
    )
