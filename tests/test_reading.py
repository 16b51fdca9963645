"""From paths to facts, and what a text that cannot be parsed may hold."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.facts import facts_of, read_facts
from ssot_lint.patterns import Words
from ssot_lint.prefilter import Prefilter, hides_ascii
from ssot_lint.reading import Reader, UnreadableError, read_bytes

ORDER = Words.of({"Order"})


def test_a_text_in_the_overlay_is_newer_than_the_disk(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import old\n")
    reader = Reader(str(tmp_path), {"a.py": b"import new\n"})
    assert [fact.module for fact in reader.facts("a.py").imports] == ["new"]


def test_known_facts_are_not_read_again(tmp_path: Path) -> None:
    facts = read_facts(b"import new\n")
    assert Reader(str(tmp_path), known={"gone.py": facts}).facts("gone.py") == facts


def test_a_file_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("import old\n")
    reader = Reader(str(tmp_path))
    before = reader.facts("a.py")
    path.write_text("import new\n")
    for other in range(100):  # more than are kept unpacked
        (tmp_path / f"f{other}.py").write_text("")
        reader.facts(f"f{other}.py")
    assert reader.facts("a.py") == before


def test_what_cannot_be_read_is_trouble(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "huge.py").touch()
    os.truncate(tmp_path / "huge.py", 65 * 1024 * 1024)
    reader = Reader(str(tmp_path))
    messages = {}
    for name in ("gone.py", "pipe.py", "huge.py", "folder.py"):
        trouble = reader.facts(name).trouble
        assert trouble is not None
        assert trouble.kind == "unreadable"
        messages[name] = trouble.message
    assert messages == {
        "gone.py": "No such file or directory",
        "pipe.py": "not a regular file",
        "huge.py": "larger than 64 MiB",
        "folder.py": "not a regular file",
    }
    with pytest.raises(UnreadableError, match="No such file"):
        read_bytes(str(tmp_path / "gone.py"))


HOLDS = [
    (b"x = Order(", "the word"),
    (b"ReOrdering", "the word in a longer one: nobody tokenized"),
    ("\N{FULLWIDTH LATIN CAPITAL LETTER O}rder(".encode(), "the word as Python compares names"),
    ("é Order".encode("latin-1"), "the word in a text that is no UTF-8"),
    ("Order".encode("utf-16"), "an encoding that hides ASCII"),
    (b"# coding: utf-7\n+AE8-rder", "a declared one"),
    (b"#!/bin/python\n# -*- coding: unicode_escape -*-\n\\x4frder", "declared in the second line"),
]
LACKS = [
    (b"x = order(", "case counts"),
    (b"", "an empty file"),
    (b"# coding: latin-1\nx = (", "a harmless encoding"),
    (b"\n\n# coding: utf-7\n(", "a declaration in the third line is none"),
    ("größe (".encode(), "other letters"),
]


@pytest.mark.parametrize("data", [pytest.param(d, id=i) for d, i in HOLDS])
def test_may_hold(data: bytes, tmp_path: Path) -> None:
    assert Reader(str(tmp_path), {"a.py": data}).may_hold("a.py", [ORDER])


@pytest.mark.parametrize("data", [pytest.param(d, id=i) for d, i in LACKS])
def test_cannot_hold(data: bytes, tmp_path: Path) -> None:
    assert not Reader(str(tmp_path), {"a.py": data}).may_hold("a.py", [ORDER])


def test_what_is_asked_of_a_text(tmp_path: Path) -> None:
    reader = Reader(str(tmp_path), {"a.py": b"import a, b"})
    assert not reader.may_hold("a.py", [Words()]), "such rules ask nothing of it"
    assert reader.may_hold("a.py", [None, Words()]), "whose words nobody knows may stand anywhere"
    assert reader.may_hold("a.py", [Words(), Words.of({"b"})]), "one of the rules is enough"
    assert reader.may_hold("a.py", [Words.of({"x"}, {"a", "b"})]), "one alternative is enough"
    assert not reader.may_hold("a.py", [Words.of({"a", "x"})]), "all words of it are needed"
    assert reader.may_hold("a.py", [Words.of({"import"}, ignore_case=True)])
    assert not reader.may_hold("a.py", [Words.of({"IMPORT"})])
    assert reader.may_hold("gone.py", [ORDER]), "what cannot be read may hold anything"


def test_ignoring_case() -> None:
    assert Prefilter([Words.of({"order"}, ignore_case=True)]).mentions(b"ORDER")
    assert not Prefilter([Words.of({"order"})]).mentions(b"ORDER")


def test_a_text_mentions_no_words_that_are_none() -> None:
    star = Words.of(set(), place="star")
    assert not Prefilter([Words.of({"größe"}).also(star)]).mentions(b"def broken(:")


@given(st.text(), st.text("abc", min_size=1, max_size=2))
def test_a_word_is_seen_wherever_it_stands(text: str, word: str) -> None:
    data = f"{text}{word}".encode("utf-8", "surrogatepass")
    assert hides_ascii(data) or Prefilter([Words.of({word})]).mentions(data)


def test_facts_of_a_tree_are_those_of_the_file() -> None:
    import ast

    source = "from a import b\nX = b\n"
    assert facts_of(ast.parse(source), source.splitlines(True)) == read_facts(source.encode())
