"""Suppression comments: what they name, what lines they cover, and flake8's exactly as it reads."""

from __future__ import annotations

import argparse

import pytest
from flake8 import defaults  # type: ignore[import-untyped]
from flake8.processor import FileProcessor  # type: ignore[import-untyped]
from flake8.violation import Violation  # type: ignore[import-untyped]
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ssot_lint.facts import Directive, FileFacts, read_facts
from ssot_lint.facts.layout import Layout
from tests.facts.reading import facts


def only(source: str) -> Directive:
    (found,) = facts(source).directives
    return found


def test_a_directive_as_a_value() -> None:
    assert facts("x = 1  # ssot: allow old-path, legacy-import (until March)\n").directives == (
        Directive("allow", 1, 8, 59, ("old-path", "legacy-import"), "until March", 1, 1, ""),
    )


@pytest.mark.parametrize(
    ("comment", "names", "reason"),
    [
        pytest.param("# ssot: allow a", ("a",), "", id="without a reason"),
        pytest.param("#ssot:allow a", ("a",), "", id="without blanks"),
        pytest.param("#  ssot:\tallow  a-b2 ,c", ("a-b2", "c"), "", id="odd blanks"),
        pytest.param("# ssot: allow a(r)", ("a",), "r", id="reason without a blank"),
        pytest.param("# ssot: allow a ( r s )", ("a",), "r s", id="reason trimmed"),
        pytest.param("# ssot: allow a (see (1), #2)", ("a",), "see (1), #2", id="nested"),
        pytest.param("# ssot: allow a ()", ("a",), "", id="empty reason"),
        pytest.param("# type: ignore  # ssot: allow a (r)", ("a",), "r", id="after a comment"),
        pytest.param("# ssot: allow a (r)  # pragma: no cover", ("a",), "r", id="before a comment"),
        pytest.param("# ssot: allow a  # pragma: no cover", ("a",), "", id="before, no reason"),
    ],
)
def test_spellings(comment: str, names: tuple[str, ...], reason: str) -> None:
    found = only(f"x = 1  {comment}\n")
    assert (found.form, found.names, found.reason) == ("allow", names, reason)


@pytest.mark.parametrize(
    ("comment", "column", "end"),
    [
        ("# type: ignore  # ssot: allow a (r)", 24, 43),
        ("# ssot: allow a (r)  # more  ", 8, 27),
        ("# ssot: alow a  ", 8, 22),
    ],
)
def test_the_place_is_the_directive_s(comment: str, column: int, end: int) -> None:
    found = only(f"é = 1  {comment}\n")
    assert (found.line, found.column, found.end_column) == (1, column, end)


def test_two_directives_in_one_comment() -> None:
    found = facts("x = 1  # ssot: allow a (r) # ssot: allow b\n").directives
    assert [(d.names, d.column, d.end_column) for d in found] == [(("a",), 8, 27), (("b",), 28, 43)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("alow a", "unknown directive 'alow', did you mean 'allow'?"),
        ("Allow a", "unknown directive 'Allow', did you mean 'allow'?"),
        ("allows a", "unknown directive 'allows', did you mean 'allow'?"),
        ("allow_file a", "unknown directive 'allow_file', did you mean 'allow-file'?"),
        ("allow-flie a", "unknown directive 'allow-flie', did you mean 'allow-file'?"),
        ("allow", "'allow' needs the name of a rule or kind"),
        ("allow (reason)", "'allow' needs the name of a rule or kind"),
        ("allow a, (reason)", "'allow' needs the name of a rule or kind"),
        ("allow , a", "'allow' needs the name of a rule or kind"),
        ("allow: a", "':' is no name of a rule or kind: not kebab-case"),
        ("allow Old_Path", "'Old_Path' is no name of a rule or kind: not kebab-case"),
        ("allow a--b", "'a--b' is no name of a rule or kind: not kebab-case"),
        ("allow a because", "expected ',' or '(reason)' after 'a', found 'because'"),
        ("allow a b # more", "expected ',' or '(reason)' after 'a', found 'b'"),
        ("allow a (r) b", "expected nothing after the reason, found 'b'"),
        ("allow a (r (s)", "the reason lacks its closing parenthesis"),
        ("allow-file a", "'allow-file' must stand alone on its line"),
        ("allow-file", "'allow-file' must stand alone on its line"),
    ],
)
def test_malformed(text: str, problem: str) -> None:
    found = only(f"x = (\n    1)  # ssot: {text}\n")
    assert (found.form, found.problem) == ("malformed", problem)
    assert (found.names, found.reason, found.first, found.last) == ((), "", 2, 2)


@pytest.mark.parametrize(
    "comment",
    [
        "# ssot: the home is app.http",
        "# ssot: ",
        "# ssot: (allow a)",
        "# ssot: ALLOW a",
        "# ssot: disallow a",
        "# SSOT: allow a",
        "# see ssot: allow a",
        "# ssot allow a",
    ],
)
def test_prose(comment: str) -> None:
    assert facts(f"x = 1  {comment}\n").directives == ()


def test_strings_hold_no_directives_of_ours() -> None:
    assert facts('x = "# ssot: allow a"\ny = """\n# ssot: allow-file b\n"""\n').directives == ()


PAGE = """\
@first  # 1
@second(  # 2
    x,  # 3
)  # 4
def f(  # 5
    a,  # 6
    b,
):  # 8
    # 9
    x = g(  # 10
        1,  # 11
        # 12
    )  # 13

    if x:  # 15
        y = 1; z = (  # 16
            2)  # 17
    elif y:  # 18
        pass
        # 20
    else:  # 21
        pass
    try:  # 23
        pass
    except (  # 25
        A,  # 26
        B):  # 27
        pass
    finally:  # 29
        x = '''
        '''  # 31
class A: b = 1; c = 2  # 32
match x:  # 33
    case 1:  # 34
        y = [
            1]
    case 2: pass  # 37
if 1:  # 38
    while 2:  # 39
        pass

# 42
x = 1 + \\
    2  # 44
if x: pass  # 45
else: pass  # 46
"""


@pytest.mark.parametrize(
    ("line", "covered"),
    [
        (1, (1, 1)),  # a decorator is not part of the header
        (2, (2, 4)),
        (3, (3, 3)),
        (4, (2, 4)),
        (5, (5, 31)),  # first line of a header: header and body
        (6, (6, 6)),  # inside a header
        (8, (5, 31)),  # last line of a header
        (9, (9, 9)),
        (10, (10, 13)),  # first line of a statement
        (11, (11, 11)),
        (12, (12, 12)),
        (13, (10, 13)),  # last line of a statement
        (15, (15, 17)),  # the if, not its elif and else
        (16, (16, 17)),
        (17, (16, 17)),
        (18, (18, 19)),
        (20, (20, 20)),
        (21, (21, 22)),
        (23, (23, 24)),
        (25, (25, 28)),
        (26, (26, 26)),
        (27, (25, 28)),
        (29, (29, 31)),
        (31, (30, 31)),
        (32, (32, 32)),
        (33, (33, 37)),
        (34, (34, 36)),
        (37, (37, 37)),
        (38, (38, 40)),
        (39, (39, 40)),
        (42, (42, 42)),
        (44, (43, 44)),
        (45, (45, 45)),
        (46, (46, 46)),
    ],
)
def test_coverage(line: int, covered: tuple[int, int]) -> None:
    source = PAGE.replace(f"# {line}\n", "# ssot: allow a\n")
    found = only(source)
    assert (found.line, found.first, found.last) == (line, *covered)


def test_every_marked_line_of_the_page_is_tried() -> None:
    marked = {n for n, line in enumerate(PAGE.split("\n"), 1) if f"# {n}" in line}
    tried = {case[0] for case in test_coverage.pytestmark[0].args[1]}  # type: ignore[attr-defined]
    assert tried == marked


def test_allow_file_covers_the_file() -> None:
    found = only("x = 1\n\n    # ssot: allow-file a (generated)\ny = 2\nz = 3\n")
    assert (found.form, found.names, found.reason) == ("allow-file", ("a",), "generated")
    assert (found.line, found.column, found.first, found.last) == (3, 5, 1, 5)


def test_a_directive_on_the_last_line_without_its_end() -> None:
    assert only("if x:\n    y  # ssot: allow a").last == 2


def test_where_tokens_fail_each_line_stands_for_itself() -> None:
    lines = ["x = (  # ssot: allow a\n", "  # noqa\n"]
    layout = Layout.of(lines)
    assert layout.comments == ((1, 8, "# ssot: allow a"), (2, 3, "# noqa"))
    assert [layout.covered(1), layout.joined_with(2)] == [(1, 1), (2, 2)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("x  # noqa\n", [(1, 4, 10, (), 1, 1)], id="bare"),
        pytest.param("x  # NoQA:SOT102,E501 F401 \n", [(1, 4, 27, ("SOT102", "E501", "F401"), 1, 1)], id="codes"),
        pytest.param("x  # noqa: sot102\n", [], id="codes as written, as flake8 compares them"),
        pytest.param("x  # noqa: E501,S101\n", [], id="codes of others"),
        pytest.param("x  # noqa: S\n", [(1, 4, 10, (), 1, 1)], id="no code, so it is bare"),
        pytest.param("x  # noqa:  E501\n", [(1, 4, 10, (), 1, 1)], id="two blanks make it bare"),
        pytest.param("x  # noqa : E501\n", [(1, 4, 10, (), 1, 1)], id="a blank before the colon too"),
        pytest.param("x  #noqa\n", [], id="no blank"),
        pytest.param("x = '# noqa'\n", [(1, 6, 12, (), 1, 1)], id="in a string"),
        pytest.param("x = '''\né # noqa\n'''; y\n", [(2, 3, 9, (), 1, 3)], id="a string joins lines"),
        pytest.param("x = \\\n  1  # noqa\n", [(2, 6, 12, (), 1, 2)], id="a backslash joins lines"),
        pytest.param("x = (  # noqa: SOT1\n  1)  # noqa: SOT2\n", [(1, 8, 20, ("SOT1",), 1, 1), (2, 7, 19, ("SOT2",), 2, 2)], id="parentheses do not"),
        pytest.param("x = '''# noqa: SOT1\n'''  # noqa: SOT2\n", [(1, 8, 20, ("SOT1",), 1, 2)], id="only the first of joined lines"),
        pytest.param("x = '''# noqa: A1\n'''  # noqa: SOT2\n", [], id="also where the first is of others"),
        pytest.param("x = '''# noqa: A1,\nSOT2 '''\n", [(1, 8, 18, ("A1", "SOT2"), 1, 2)], id="codes run over the line"),
    ],
)  # fmt: skip
def test_noqa(source: str, expected: list[tuple[object, ...]]) -> None:
    found = facts(source).directives
    assert [(d.line, d.column, d.end_column, d.names, d.first, d.last) for d in found] == expected
    assert {d.form for d in found} <= {"noqa"}


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("# flake8: noqa", True),
        ("#  flake8: noqa", False),
        ("  # FLAKE8=NOQA", True),
        ("# flake8:noqa: E501", True),
        ("x  # flake8: noqa", False),
    ],
)
def test_noqa_of_files(line: str, whole: bool) -> None:
    found = read_facts(f"y\n{line}\nz\n".encode())
    assert [(d.form, d.line, d.names, d.first, d.last) for d in found.directives] == (
        [("noqa-file", 2, (), 1, 3)] if whole else []
    )


OPTIONS = argparse.Namespace(
    hang_closing=False,
    indent_size=4,
    max_line_length=79,
    max_doc_length=None,
    verbose=0,
    disable_noqa=False,
)
CODES = ("SOT102", "SOT1", "SOT12")

comments = st.lists(
    st.sampled_from(
        ["# noqa", "# NoQA", "#noqa", "noqa", "#  noqa", "# flake8: noqa", "# flake8=NOQA", ":", ": ",
         " ", "\t", ",", "SOT102", "SOT1", "SOT12", "E501", "sot1", "A1", "K12", "\u017f1", "1", "x", "\u00a0"]
    ),
    max_size=7,
).map("".join)  # fmt: skip
pieces = st.one_of(
    comments.map(lambda text: f"x = 1  # {text}\n"),
    comments.map(lambda text: f"{text if text.startswith('#') else '#' + text}\n"),
    comments.map(lambda text: f"x = '{text}'\n"),
    st.tuples(comments, comments).map(lambda two: f"x = '''{two[0]}\n{two[1]}\n'''\n"),
    st.tuples(comments, comments).map(lambda two: f"x = (1,  # {two[0]}\n  2)  # {two[1]}\n"),
    comments.map(lambda text: f"x = 1 + \\\n  2  # {text}\n"),
    comments.map(lambda text: f"if x:\n\n    y  # {text}\n"),
    comments.map(lambda text: f"x = f'{{y}} {text}'; '''\n''' # {text}\n"),
    st.sampled_from(["\n", "\f\n", "    # noqa\n", "x = 1\r\n", "\\\n\n"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(pieces, max_size=5).map("".join), st.booleans())
@example("x = '''\n# noqa: A1 '''  # noqa: SOT1\n", True)
@example("# flake8: noqa: E501\n", False)
def test_noqa_is_read_as_flake8_reads_it(source: str, chop: bool) -> None:
    source = source.removesuffix("\n") if chop else source
    found = read_facts(source.encode())
    if found.trouble is not None:
        return
    lines = source.replace("\r\n", "\n").split("\n")
    lines = [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    processor = FileProcessor("page.py", OPTIONS, lines=lines)
    assert processor.should_ignore_file() == any(d.form == "noqa-file" for d in found.directives)
    for number, line in enumerate(lines, 1):
        physical = processor.noqa_line_for(number)
        physical = line if physical is None else physical
        for code in CODES:
            violation = Violation(code, "page.py", number, 1, "", physical)
            assert violation.is_inline_ignored(False) == _excused(found, number, code), (
                number,
                code,
            )


def _excused(found: FileFacts, line: int, code: str) -> bool:
    return any(
        not d.names or code.startswith(d.names)
        for d in found.directives
        if d.form == "noqa" and d.first <= line <= d.last
    )


@given(comments)
def test_the_two_expressions_mean_what_flake8_s_mean(text: str) -> None:
    from ssot_lint.facts import directives

    theirs, ours = defaults.NOQA_INLINE_REGEXP.search(text), directives._NOQA.search(text)
    assert (theirs and (theirs.span(), theirs["codes"])) == (ours and (ours.span(), ours[1]))
    theirs, ours = defaults.NOQA_FILE.match(text), directives._NOQA_FILE.match(text)
    assert (theirs and theirs.span()) == (ours and ours.span())
