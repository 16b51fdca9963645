"""Files that do not parse: what is wrong, where, and which Python would do."""

from __future__ import annotations

import ast
import sys
from typing import Any

import pytest

from ssot_lint.facts import facts_of, read_facts
from ssot_lint.facts.newer import _is_free_f_string, _version
from tests.facts.reading import trouble


def version(source: str) -> str:
    """The Python that `source` needs according to the error that this one makes of it."""
    try:
        ast.parse(source)
    except SyntaxError as error:
        lines = source.split("\n")[(error.lineno or 1) - 1 :]
        needed = _version(error.msg, lines, error.offset or 1)
        return "" if needed is None else "{}.{}".format(*needed)
    return "parses"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("try: pass\nexcept* E: pass\n", "3.11", id="except*"),
        pytest.param("x = 1\ntype X = int\n", "3.12", id="type statement"),
        pytest.param("type X[T] = int\n", "3.12", id="generic type statement"),
        pytest.param("class A[T]: pass\n", "3.12", id="generic class"),
        pytest.param("if 1:\n def f[T](x): pass\n", "3.12", id="generic function"),
        pytest.param("async def f[*Ts](x): pass\n", "3.12", id="generic coroutine"),
        pytest.param("class A[T = int]: pass\n", "3.13", id="default of a type parameter"),
        pytest.param("x = f'{a['b']}'\n", "3.12", id="the same quotes in an f-string"),
        pytest.param("x = f'{', '.join(y)}'\n", "3.12", id="a separator in the same quotes"),
        pytest.param("x = g(1, f'{f'{1}'}')\n", "3.12", id="nested f-strings"),
        pytest.param("x = f\"{'\\n'.join(y)}\"\n", "3.12", id="a backslash in an f-string"),
        pytest.param("x = f'{\n  a\n}'\n", "3.12", id="an f-string of several lines"),
        pytest.param("x = f'''{\n a # c\n}'''\n", "3.12", id="a comment in an f-string"),
        pytest.param("try: pass\nexcept A, B, C: pass\n", "3.14", id="three exceptions"),
        pytest.param("try: pass\nexcept OSError, ValueError:\n pass\n", "3.14", id="two builtins"),
        pytest.param("try: pass\nexcept OSError, m.MyError: pass\n", "3.14", id="a dotted error"),
        pytest.param("y = t'a{b}'\n", "3.14", id="t-string"),
        pytest.param('f(1, Rt"x")\n', "3.14", id="raw t-string"),
        pytest.param("lazy import x\n", "3.15", id="lazy import"),
        pytest.param("if 1:\n    lazy from a import b\n", "3.15", id="lazy from"),
        pytest.param("print 'x'\n", "", id="Python 2"),
        pytest.param("try: pass\nexcept A, e: pass\n", "", id="Python 2's except"),
        pytest.param("try: pass\nexcept A, E: pass\n", "", id="ambiguous"),
        pytest.param("try: pass\nexcept A, (b, c): pass\n", "", id="Python 2's unpacking"),
        pytest.param("x = (\n", "", id="broken"),
        pytest.param("x = f'{a'\n", "", id="a broken f-string"),
        pytest.param("g(f'{x', y)\n", "", id="a broken f-string in a call"),
        pytest.param("x = f'{a b}'\n", "", id="a broken expression in an f-string"),
        pytest.param("x = f'{a # b}'\n", "", id="a comment that eats the brace"),
        pytest.param("x = 'a' if'b' 'c'd\n", "", id="a keyword before a string"),
        pytest.param("x = y t\n", "", id="t is a name"),
        pytest.param("class A[\n", "3.12", id="a head is enough"),
        pytest.param("type(X) = 1 2\n", "", id="a call of type"),
    ],
)
def test_which_python_would_do(source: str, expected: str) -> None:
    found = version(source)
    running = "{}.{}".format(*sys.version_info[:2])
    if expected and tuple(map(int, expected.split("."))) <= sys.version_info[:2]:
        assert found in ("parses", expected)
        assert read_facts(source.encode()).trouble is None or found == expected
    else:
        assert found == expected, running
        assert trouble(source).needs == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f'{a}'", False),
        ("f'{a['b']}'", True),
        ("f'{a[\"b\"]}'", False),
        ("f'''{a['b']}'''", False),
        ("f'''{a['''b''']}'''", True),
        ("f'''{\na}'''", False),
        ("f'{\na}'", True),
        ("f'{a}\n'", False),
        ("f'{{{a['b']}}}'", True),
        ("f'\\'{a['b']}'", True),
        ("f'{f\"{b['c']}\"}'", True),
        ("f'{f'{1}'}'", True),
        ("f'{\"a'b\"}'", True),
        ("f'{\"a\\n\"}'", True),
        ("f'{a \\\n}'", True),
        ("f'{{a['b']}}'", False),
        ("f'{a['b'}", False),
        ("f'{a['b\n']}'", False),
        ("f'{\"a}'", False),
        ("f'{{'", False),
        ("f'{a:{b['c']}}'", True),
    ],
)
def test_f_strings_that_only_python_3_12_ends(text: str, expected: bool) -> None:
    assert _is_free_f_string(text, 0) is expected


@pytest.mark.parametrize(
    ("source", "line", "column", "message"),
    [
        ("x = 1\nprint x\n", 2, 1, "Missing parentheses in call to 'print'. Did you mean print(...)? (this looks like Python 2)"),
        ("exec 'x'\n", 1, 1, "Missing parentheses in call to 'exec'. Did you mean exec(...)? (this looks like Python 2)"),
        ("é = 1; x = )\n", 1, 12, "unmatched ')'"),
        ("if x:\npass\n", 2, 1, "expected an indented block after 'if' statement on line 1"),
        ("if x:\n\ty\n        z\n", 3, 1, "inconsistent use of tabs and spaces in indentation"),
        ("(" * 500, 1, 201, "too many nested parentheses"),
    ],
)  # fmt: skip
def test_the_place_and_the_words_are_the_parser_s(
    source: str, line: int, column: int, message: str
) -> None:
    found = trouble(source)
    assert (found.kind, found.message, found.needs) == ("syntax", message, "")
    assert (found.line, found.column) == (line, column)


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="parses")
def test_an_except_of_python_2() -> None:
    assert trouble("try: pass\nexcept A, e: pass\n").message == (
        "multiple exception types must be parenthesized (this looks like Python 2)"
    )


def test_what_is_too_deep_for_the_parser() -> None:
    found = trouble("-" * 200_000 + "1\n")
    assert (found.kind, found.message) == ("syntax", "too deeply nested to be parsed")
    assert (found.line, found.column) == (1, 1)


def test_an_integer_that_is_too_long_is_at_column_one() -> None:
    found = trouble("x = " + "1" * 10_000)
    assert found.message.startswith("Exceeds the limit")
    assert (found.line, found.column) == (1, 1)


DEEP = 20_000


def name(text: str) -> ast.expr:
    return ast.Name(text, ast.Load(), lineno=1, col_offset=0, end_lineno=1, end_col_offset=1)


WHERE: dict[str, Any] = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 1}


def chain() -> ast.Module:
    node = name("a")
    for _ in range(DEEP):
        node = ast.Attribute(node, "b", ast.Load(), **WHERE)
    return ast.Module([ast.Expr(node, **WHERE)], [])


def calls() -> ast.Module:
    node = name("a")
    for _ in range(DEEP):
        node = ast.Call(ast.Attribute(node, "b", ast.Load(), **WHERE), [name("x")], [], **WHERE)
    return ast.Module([ast.Expr(node, **WHERE)], [])


def sums() -> ast.Module:
    node = name("a")
    for _ in range(DEEP):
        node = ast.BinOp(node, ast.Add(), ast.Constant("a.b", **WHERE), **WHERE)
    return ast.Module([ast.Assign([name("x")], node, **WHERE)], [])


def arguments() -> ast.Module:
    node = name("a")
    for _ in range(DEEP):
        node = ast.Call(name("f"), [node], [], **WHERE)
    return ast.Module([ast.Assign([name("x")], node, **WHERE)], [])


def branches() -> ast.Module:
    node: ast.stmt = ast.Pass(**WHERE)
    for _ in range(DEEP):
        node = ast.If(name("a"), [node], [], **WHERE)
    return ast.Module([node], [])


def elifs() -> ast.Module:
    node: ast.stmt = ast.Pass(**WHERE)
    for _ in range(DEEP):
        node = ast.If(name("a"), [ast.Pass(**WHERE)], [node], **WHERE)
    return ast.Module([node], [])


def lambdas() -> ast.Module:
    node = name("a")
    none = ast.arguments([], [], None, [], [], None, [])
    for _ in range(DEEP):
        node = ast.Lambda(none, node, **WHERE)
    return ast.Module([ast.Expr(node, **WHERE)], [])


@pytest.mark.parametrize("make", [chain, calls, sums, arguments, branches, elifs, lambdas])
def test_depth_is_no_matter(make: object) -> None:
    assert callable(make)
    tree = make()
    tree.body.insert(0, ast.Import([ast.alias("a", None, **WHERE)], **WHERE))
    found = facts_of(tree, ["import a\n"])
    assert len(found.imports) == 1
    assert max((len(use.chain) for use in found.uses), default=0) in (0, 3, 2 * DEEP + 1)


def test_generated_code_of_great_depth_is_read_or_refused() -> None:
    for source in (
        "import a\na" + ".b" * DEEP,
        "x = " + "a + " * DEEP + "a",
        "if a: pass\n" + "elif a: pass\n" * 3000,
    ):
        found = read_facts(source.encode())
        assert found.trouble is None or found.trouble.message == "too deeply nested to be parsed"


def test_lines_are_counted_all_the_same() -> None:
    assert read_facts(b"x = (\n\n").line_count == read_facts(b"x = 1\n\n").line_count == 2
