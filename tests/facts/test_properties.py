"""What holds for every file: nothing raises, every place is right, no import is missed."""

from __future__ import annotations

import ast
import glob
import os
import warnings
from collections import Counter
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssot_lint.facts import FileFacts, pack, read_facts, unpack
from ssot_lint.facts.model import IN_EXPRESSIONS
from ssot_lint.facts.source import decode
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


def test_the_sample_is_large_enough() -> None:
    assert len(SAMPLE) > 100


@pytest.mark.parametrize("start", range(0, len(SAMPLE), 15))
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
        assert unpack(pack(found)) == found
        check_statements(data, found)


FRAGMENTS = [
    "import a", "import a.b as c", "from . import d", "from a import *", "from m import x, y as z",
    "x = a.b", "x = y = 'a.b'", "x, y = a.b, c", "a.b.c(f'a.b.{x}')", "global x", "nonlocal y",
    "del a", "x: 'a.b' = a.c if b else None", "return a.b", "yield a", "raise a.b", "pass",
    "__all__ = ['x']", "__all__ += [x]", "__all__.append('y')", "sys.modules['a'] = b",
    "[a.b for a in b if (x := a)]", "lambda a, *b: a.b", "é = '😀'; a.b", "# noqa: E501",
    "x = 1  # ssot: allow a (b)", "x = '''# noqa\n'''", "type = 1", "import_module('.a', __name__)",
    "X = type('X', (a.B,), {})", "print 'x'", "x = (", "\x0c", "\\", "x = a.b  # SSOT",
]  # fmt: skip
HEADERS = [
    "if TYPE_CHECKING:", "if not a.TYPE_CHECKING:", "else:", "elif x:", "try:", "except ImportError:",
    "except (A, B) as e:", "finally:", "with raises(ImportError) as x:", "for a in b:", "while x:",
    "def f(a, b: a.c = a.d, *c, **d) -> 'a.b':", "async def g():", "class A(a.B, metaclass=c):",
    "@a.b('c.d')", "match x:", "case a.B(x) as y:", "case {'a.b': 1, **r}:",
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
