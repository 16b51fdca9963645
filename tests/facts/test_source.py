"""Bytes of every kind: what is read as flake8 reads it, and where things then stand."""

from __future__ import annotations

import ast
import gc
import warnings
from pathlib import Path

import pytest
from flake8.processor import FileProcessor  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.facts import FileFacts, facts_of, read_facts
from ssot_lint.facts.source import Positions, decode
from tests.facts.reading import Placed, facts, text_at, trouble
from tests.facts.test_directives import OPTIONS

TARGET = b"from m import W\n"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        pytest.param(TARGET, 1, id="plain"),
        pytest.param(TARGET.rstrip(), 1, id="no line end"),
        pytest.param(b"\xef\xbb\xbf" + TARGET, 1, id="byte order mark"),
        pytest.param(b"\xef\xbb\xbf# coding: latin-1\n" + TARGET, 2, id="mark and another cookie"),
        pytest.param(b"x\r\n" + TARGET, 2, id="CRLF"),
        pytest.param(b"x\r" + TARGET.replace(b"\n", b"\r"), 2, id="lone CR"),
        pytest.param(b"x\r\r\ny\n" + TARGET, 4, id="mixed line ends"),
        pytest.param(b"x\n\x0c\n\x0c" + TARGET, 3, id="form feeds end no line"),
        pytest.param("x = '\u2028\x85\x0b'\n".encode() + TARGET, 2, id="nor do other separators"),
        pytest.param(b"# coding: latin-1\nx = '\xe9'\n" + TARGET, 3, id="latin-1 by cookie"),
        pytest.param(b"x = '\xe9'\n" + TARGET, 2, id="latin-1 without one, as flake8 reads it"),
        pytest.param(b"# coding: nonsense\n" + TARGET, 2, id="an unknown encoding, as flake8"),
        pytest.param(b"# coding: utf-7\nfrom m import +AFc-\n", 2, id="UTF-7"),
        pytest.param("# coding: gbk\nx = '中'\n".encode("gbk") + TARGET, 3, id="GBK"),
        pytest.param(b"if x:\n\tpass\n" + TARGET, 3, id="tabs"),
    ],
)
def test_bytes_that_are_read(data: bytes, line: int) -> None:
    found = read_facts(data)
    assert found.trouble is None
    (item,) = found.imports
    assert (item.module, item.name, item.line) == ("m", "W", line)


@pytest.mark.parametrize(
    ("source", "count"),
    [("", 0), ("x", 1), ("x\n", 1), ("x\ny", 2), ("x\r\ny\r\n", 2), ("\n\n", 2), ("x\x0cy = 1", 1)],
)
def test_lines_are_counted(source: str, count: int) -> None:
    assert read_facts(source.encode()).line_count == count


def test_an_empty_file_has_no_facts_and_no_trouble() -> None:
    assert read_facts(b"") == FileFacts()


def test_a_byte_order_mark_moves_no_column() -> None:
    assert read_facts(b"\xef\xbb\xbfimport m\n").imports[0].column == 8


@pytest.mark.parametrize(
    "prefix",
    ["", "x = 'é'; ", "x = '中文'; ", "x = '😀'; ", "x = '😀é中a'; ", "\x0c", "é = 1; "],
)
def test_columns_are_characters(prefix: str) -> None:
    source = f"{prefix}import os.path as p, sys; x = p.a; y = 'a.b'\n"
    found = facts(source)
    placed: list[Placed] = [*found.imports, *found.uses, *found.texts, *found.definitions[-1:]]
    assert [text_at(source, item) for item in placed] == [
        "os.path as p",
        "sys",
        "p.a",
        "'a.b'",
        "y",
    ]


def test_names_after_wide_characters() -> None:
    source = "class É: x = '😀'; y = 1\nif 1: é = 1; É2 = é\n"
    found = facts(source)
    assert [text_at(source, item) for item in found.definitions] == ["É", "é"]
    assert [text_at(source, item) for item in found.aliases] == ["É2"]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=40))
def test_byte_offsets_become_characters(line: str) -> None:
    positions = Positions(f"x\n{line}\n")
    for index in range(len(line) + 1):
        assert positions.column(2, len(line[:index].encode())) == index + 1


def test_a_line_of_millions_of_wide_characters_is_measured_once() -> None:
    items = "import é; " * 20_000
    found = read_facts(("x = '" + "中" * 100_000 + "'; " + items).encode())
    assert len(found.imports) == 20_000
    assert found.imports[-1].column == len("x = ''; ") + 100_000 + 10 * 19_999 + 8


def test_a_tree_of_another_text_does_no_harm() -> None:
    tree = ast.parse("import a\n\n\nclass B: a.b; x = 'c.d'\n")
    assert len(facts_of(tree, ["é"]).definitions) == 1


def test_facts_of_flake8_s_tree_are_those_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "page.py"
    sources = [
        b"\xef\xbb\xbfimport a  # noqa\r\nx = a.b\r\n",
        b"import a\rx = 'a.b'  # ssot: allow x\r",
        b"x = '\xe9'; import a\n\x0cclass A: pass\n",
        b"# coding: latin-1\nx = '\xe9'; import a",
        b"",
    ]
    for data in sources:
        path.write_bytes(data)
        processor = FileProcessor(str(path), OPTIONS)
        tree = processor.build_ast()
        assert isinstance(tree, ast.Module)
        assert facts_of(tree, processor.lines) == read_facts(data)


def test_of_what_flake8_parsed_only_what_is_asked_for_is_read() -> None:
    """Comments without the tree, which here is of another text."""
    found = facts_of(ast.parse("import b\nb.c"), ["import a  # noqa\n"])
    assert found.trouble is None
    assert [each.form for each in found.directives] == ["noqa"]
    assert [each.module for each in found.imports] == ["b"]


def test_text_is_what_flake8_sees(tmp_path: Path) -> None:
    path = tmp_path / "page.py"
    for data in (
        b"x\r\ry\r\n\x0c\n",
        b"\xef\xbb\xbf\xef\xbb\xbfx",
        b"\xff\xfex",
        b"# coding: utf-8\n\xe9",
        b"# coding: x\n\xe9",
        b"\xef\xbb\xbf# coding: latin-1\n",
        "é\u2028\n".encode(),
    ):
        path.write_bytes(data)
        assert decode(data).text == "".join(FileProcessor(str(path), OPTIONS).lines)


def test_warnings_about_the_code_are_silenced_even_as_errors() -> None:
    source = b"x = '\\d'; y = 1 is 1; assert (x, 'm')\nimport m\n"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(read_facts(source).imports) == 1
        assert len(read_facts(b"# coding: unicode_escape\nimport m # \\\\d\n").imports) == 1


@pytest.mark.parametrize(
    ("data", "message", "place"),
    [
        pytest.param("import m\n".encode("utf-16"), "UTF-16, which Python does not read", (1, 1), id="UTF-16"),
        pytest.param("import m\n".encode("utf-16-be"), "contains NUL bytes", (1, 1), id="UTF-16 without its mark"),
        pytest.param(b"x = 1\n\xc3\xa9 = \0\n", "contains NUL bytes", (2, 5), id="NUL"),
        pytest.param(b"# coding: rot13\nvzcbeg z\n", "its encoding declaration names no text encoding", (1, 1), id="no text encoding"),
        pytest.param(b"# coding: unicode_escape\nx = '\\ud800'\n", "contains lone surrogates", (1, 1), id="a lone surrogate"),
    ],
)  # fmt: skip
def test_bytes_that_are_not_text(data: bytes, message: str, place: tuple[int, int]) -> None:
    found = trouble(data)
    assert (found.kind, found.message, found.needs) == ("encoding", message, "")
    assert (found.line, found.column) == place


@pytest.mark.parametrize(
    ("data", "doubt"),
    [
        pytest.param(
            b"x = '\xe9'\n\n)\n", "invalid or missing encoding declaration", id="a stray byte early"
        ),
        pytest.param(
            b"\n\n) # \xe9",
            "'utf-8' codec can't decode byte 0xe9 in position 6: unexpected end of data",
            id="a stray byte later",
        ),
        pytest.param(b"# coding: nope\n\n)\n", "unknown encoding: nope", id="an unknown encoding"),
    ],
)
def test_what_is_only_latin_1_and_does_not_parse(data: bytes, doubt: str) -> None:
    found = trouble(data)
    assert (found.kind, found.needs) == ("encoding", "")
    assert found.message == f"{doubt}; and as latin-1: unmatched ')'"
    assert (found.line, found.column) == (3, 1)


@pytest.mark.parametrize("expressions", [True, False])
def test_reading_leaves_no_garbage_behind(expressions: bool) -> None:
    source = "import a\nclass C:\n    def f(self): return [a.b for x in lambda: a.c]\n" * 50
    read_facts(source.encode(), expressions=expressions)
    gc.collect()
    collecting = gc.isenabled()
    gc.disable()
    try:
        read_facts(source.encode(), expressions=expressions)
        assert gc.collect() < 10, "while many files are read nobody collects it"
    finally:
        if collecting:
            gc.enable()
