"""What holds for every file: nothing raises, every place is right, no import is missed."""

from __future__ import annotations

import ast
import glob
import inspect
import os
import re
import warnings
from collections import Counter
from dataclasses import fields
from types import CodeType
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssot_lint.facts import FileFacts, Function, pack, read_facts, unpack
from ssot_lint.facts.source import decode
from ssot_lint.facts.whole import IN_EXPRESSIONS
from tests.facts.reading import text_at

LIBRARY = os.path.dirname(os.__file__)
SAMPLE = sorted(
    glob.glob(f"{LIBRARY}/*.py")[::3]
    + glob.glob(f"{LIBRARY}/asyncio/*.py")
    + glob.glob(f"{LIBRARY}/unittest/*.py")
    + glob.glob(f"{LIBRARY}/importlib/*.py")
    + glob.glob(f"{LIBRARY}/email/*.py")
)[:150]


def check_places(found: FileFacts, text: str) -> None:
    """Every fact stands where its text is."""
    lines = text.split("\n")
    for use in found.uses:
        at = text_at(text, use)
        assert at.startswith((use.chain.partition(".")[0], "(", "f", "F", "r", "R")), (use, at)
    for item in found.texts:
        assert set(text_at(text, item)) & {"'", '"'}, item
    for definition in found.definitions:
        if definition.name.isascii():
            assert text_at(text, definition) == definition.name
    for alias in found.aliases:
        if alias.name.isascii():
            assert text_at(text, alias) == alias.name
    for imported in found.imports:
        name = imported.name or imported.module.partition(".")[0]
        assert not name.isascii() or text_at(text, imported).startswith(name)
    for directive in found.directives:
        assert lines[directive.line - 1][directive.column - 1] == "#"
        assert 1 <= directive.first <= directive.line <= directive.last <= found.line_count or (
            directive.form == "noqa"
        )


def check_statements(data: bytes, found: FileFacts) -> None:
    """Reading statements alone finds the same in them."""
    shallow = read_facts(data, expressions=False)
    for item in fields(FileFacts):
        if shallow.expressions or item.name not in {*IN_EXPRESSIONS, "expressions"}:
            assert getattr(shallow, item.name) == getattr(found, item.name), item.name


def check_meanings(found: FileFacts, text: str) -> None:
    """The same of functions, assignments, calls and strings, and each is in its order."""
    for function in found.functions:
        assert normalize("NFKC", text_at(text, function)) == function.name
        assert found.scopes[function.body][:2] == ("function", function.name)
    for assignment in found.assignments:
        assert normalize("NFKC", text_at(text, assignment)) == assignment.name
        assert 0 <= assignment.statement_scope < len(found.scopes)
    for call in found.calls:
        at = normalize("NFKC", text_at(text, call))
        assert at.startswith((call.callee.partition(".")[0], *"(fFrR")), call
    for literals in found.literals:
        at = text_at(text, literals)
        assert len(literals.values) > 1
        assert at == literals.name if literals.form == "class" else set(at) & {"'", '"'}
    for word in found.words:
        at = text_at(text, word)
        written = ast.parse(f"({at})", mode="eval").body
        assert isinstance(written, ast.JoinedStr) or ast.literal_eval(written) == word.value
    assert len({(word.scope, word.value) for word in found.words}) == len(found.words)
    for placed in (found.functions, found.assignments, found.calls, found.literals, found.words):
        starts = [fact.start for fact in placed]
        assert starts == sorted(starts)
        assert {fact.scope for fact in placed} <= set(range(len(found.scopes)))


_LAST = {"keyword": 1, "many": 2, "keywords": 3}


def traits(function: Function) -> tuple[object, ...]:
    """What the compiler knows of a function, too; parameters in its order."""
    parameters = sorted(function.parameters, key=lambda given: _LAST.get(given[1], 0))
    names = tuple(name for name, _, _ in parameters)
    return function.name, function.is_async, function.is_generator, names


def compiled_functions(data: bytes, path: str) -> Counter[tuple[object, ...]]:
    """The same of every function that the compiler makes code of: it leaves dead ones out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        todo = [compile(data, path, "exec")]
    found: Counter[tuple[object, ...]] = Counter()
    while todo:
        code = todo.pop()
        todo += (constant for constant in code.co_consts if isinstance(constant, CodeType))
        flags = code.co_flags
        # Class bodies have no such locals; lambdas, comprehensions and their like have no name.
        if (
            flags & inspect.CO_NEWLOCALS
            and flags & inspect.CO_OPTIMIZED
            and "<" not in code.co_name
        ):
            count = code.co_argcount + code.co_kwonlyargcount
            count += bool(flags & inspect.CO_VARARGS) + bool(flags & inspect.CO_VARKEYWORDS)
            is_async = bool(flags & (inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR))
            yields = bool(flags & (inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR))
            found[code.co_name, is_async, yields, code.co_varnames[:count]] += 1
    return found


def all_words(tree: ast.Module) -> tuple[set[str], set[str]]:
    """The words that any reading of `tree` must find, and those that it may find."""
    nodes = list(ast.walk(tree))
    silent: set[ast.AST] = set()
    quoted: set[ast.AST] = set()
    for node in nodes:
        if isinstance(node, ast.Expr):
            silent.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            silent.update(node.values)
        for field in ("annotation", "returns", "bound"):
            inside = getattr(node, field, None)
            quoted.update(ast.walk(inside) if inside else ())
    strings = [node for node in nodes if isinstance(node, ast.Constant) and node not in silent]
    may = {str(node.value) for node in strings if isinstance(node.value, str)}
    may = {value for value in may if len(value) <= 100 and re.fullmatch(r"\S+", value)}
    return may - {node.value for node in strings if node in quoted}, may


def free_calls(tree: ast.Module) -> Counter[str]:
    """The callees of all calls of names that nothing in `tree` binds."""
    bound: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(getattr(node, "ctx", None), ast.Load):
            names = (
                getattr(node, field, None) for field in ("id", "name", "arg", "asname", "rest")
            )
            bound.update(str(name).partition(".")[0] for name in names)
    callees = (ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))
    free = (callee for callee in callees if callee.partition(".")[0] not in bound)
    return Counter(callee for callee in free if callee.replace(".", "").isidentifier())


def test_the_sample_is_large_enough() -> None:
    assert len(SAMPLE) > 100


@pytest.mark.parametrize(
    "start",
    [pytest.param(n, marks=[pytest.mark.slow] * (n > 15)) for n in range(0, len(SAMPLE), 15)],
)
def test_the_standard_library(start: int) -> None:
    for path in SAMPLE[start : start + 15]:
        with open(path, "rb") as file:
            data = file.read()
        found = read_facts(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
        expected: Counter[object] = Counter()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                expected.update((0, a.name, None, a.asname, a.lineno) for a in node.names)
            elif isinstance(node, ast.ImportFrom):
                expected.update(
                    (node.level, node.module or "", a.name, a.asname, a.lineno) for a in node.names
                )
        imports = Counter((i.level, i.module, i.name, i.alias, i.line) for i in found.imports)
        assert imports == expected, path
        classes = Counter(n.name for n in ast.walk(tree) if isinstance(n, ast.ClassDef))
        assert classes == Counter(d.name for d in found.definitions if d.kind == "class"), path
        check_places(found, decode(data).text)
        check_meanings(found, decode(data).text)
        assert not compiled_functions(data, path) - Counter(map(traits, found.functions)), path
        must, may = all_words(tree)
        assert must <= {word.value for word in found.words} <= may, path
        free = Counter(call.callee for call in found.calls if call.root_scope == -1)
        assert not free_calls(tree) - free, path
        assert unpack(pack(found)) == found
        check_statements(data, found)


FRAGMENTS = [
    "import a", "import a.b as c", "from . import d", "from a import *", "from m import x, y as z",
    "x = a.b", "x = y = 'a.b'", "x, y = a.b, c", "a.b.c(f'a.b.{x}')", "global x", "nonlocal y",
    "del a", "x: 'a.b' = a.c if b else None", "return a.b", "yield a", "raise a.b", "pass",
    "__all__ = ['x']", "__all__ += [x]", "__all__.append('y')", "sys.modules['a'] = b",
    "[a.b for a in b if (x := a)]", "lambda a, *b: a.b", "é = '😀'; a.b", "# noqa: E501",
    "x = 1  # ssot: allow a (b)", "x = '''# noqa\n'''", "type = 1", "import_module('.a', __name__)",
    "self.x = y = ['a', 'b']", "self.x, y[0] = {'a': 'b', 'c': 'd'}, 'é'", "await a.b('w', c, k=a.d)",
    "X: Final = frozenset({'a', 'b'})", "def f(x: Literal['a', 'b'] = 'a'): ...", "f(x)[(y := 'w')]",
    "C.x += 'a' 'b'", "yield {'w': f'{a.b(c[1])}'}", "f\"\"\"{\nf(y['w'])}\"\"\"; f'{a.f(x)}'",
    "é.ﬁ = ﬁ()", "a = f\"\"\"\n{1}\n {(x := ['b', 'c'])}\"\"\"",
    "X = type('X', (a.B,), {})", "print 'x'", "x = (", "\x0c", "\\", "x = a.b  # SSOT",
]  # fmt: skip
HEADERS = [
    "if TYPE_CHECKING:", "if not a.TYPE_CHECKING:", "else:", "elif x:", "try:", "except ImportError:",
    "except (A, B) as e:", "finally:", "with raises(ImportError) as x:", "for a in b:", "while x:",
    "def f(a, b: a.c = a.d, *c, **d) -> 'a.b':", "async def g():", "class A(a.B, metaclass=c):",
    "@a.b('c.d')", "@staticmethod", "def m(self, /, x=f('w'), *, k=1):", "class C[T](Enum):",
    "if __name__ == '__main__':", "match x:", "case a.B(x) as y:", "case {'a.b': 1, **r}:",
]  # fmt: skip


@st.composite
def sources(draw: st.DrawFn) -> str:
    """Module text: statements and headers at depths that often fit."""
    lines, depth = [], 0
    for _ in range(draw(st.integers(0, 12))):
        header = draw(st.booleans())
        lines.append("    " * depth + draw(st.sampled_from(HEADERS if header else FRAGMENTS)))
        if header and not lines[-1].lstrip().startswith("@"):
            lines.append("    " * (depth + 1) + draw(st.sampled_from(FRAGMENTS)))
            depth += draw(st.sampled_from([0, 0, 1]))
        else:
            depth = max(0, depth - draw(st.sampled_from([0, 0, 1])))
    return draw(st.sampled_from(["\n", "\r\n", "\r"])).join(lines)


@settings(max_examples=200, deadline=None)
@given(sources())
def test_any_text_has_facts_or_trouble(source: str) -> None:
    found = read_facts(source.encode())
    if found.trouble is None:
        check_places(found, decode(source.encode()).text)
        check_meanings(found, decode(source.encode()).text)
        assert {i.scope for i in found.imports} <= set(range(len(found.scopes)))
    else:
        assert found == FileFacts(trouble=found.trouble, line_count=found.line_count)
        assert found.trouble.line >= 1
        assert found.trouble.column >= 1
        assert found.trouble.message
        assert "\n" not in found.trouble.message
    assert read_facts(source.encode()) == found
    check_statements(source.encode(), found)


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=60)
    | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.tuples(
        st.sampled_from([b"utf-7", b"utf-16", b"unicode_escape", b"punycode", b"idna", b"rot13",
                         b"hz", b"cp037", b"undefined", b"utf-8-sig", b"raw_unicode_escape"]),
        st.binary(max_size=30),
    ).map(lambda two: b"# coding: " + two[0] + b"\n" + two[1])
)  # fmt: skip
def test_no_bytes_raise(data: bytes) -> None:
    found = read_facts(data)
    assert unpack(pack(found)) == found
