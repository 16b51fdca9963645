"""Calls that no call expression says, and what other facts tell of values, bodies and scripts."""

from __future__ import annotations

from textwrap import dedent

import pytest

from ssot_lint.facts import Call
from tests.facts.reading import facts, flags, text_at


def called(source: str) -> list[tuple[int, str, str, int]]:
    found = facts(source).calls
    return [(call.line, call.callee, call.result, call.root_scope) for call in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("rows[1] = 2", [("rows.__setitem__", "discarded", 0)]),
        ("rows[1][2] = 2", [("rows.__setitem__", "discarded", 0)]),
        ("rows[1:2] = x", [("rows.__setitem__", "discarded", 0)]),
        ("rows[1] += 2", [("rows.__setitem__", "discarded", 0)]),
        ("rows[1]: int = 2", [("rows.__setitem__", "discarded", 0)]),
        ("for rows[1] in x: ...", [("rows.__setitem__", "discarded", 0)]),
        ("with x as rows[1]: ...", [("rows.__setitem__", "discarded", 0)]),
        ("a, (rows[1], b) = x", [("rows.__setitem__", "discarded", 0)]),
        ("del rows[1], a", [("rows.__delitem__", "discarded", 0)]),
        ("rows.inner[1] = 2", [("rows.inner.__setitem__", "discarded", 0)]),
        ("m.rows[1] = 2", [("m.rows.__setitem__", "discarded", 0)]),
        ("other[1] = 2", [("other.__setitem__", "discarded", -1)]),
        ("rows = other", []),
        ("rows[1]", []),
        ("rows[1].a = 2", []),
        ("make()[1] = 2", [("make", "used", -1)]),
        ("del rows", []),
    ],
)
def test_changes_of_items(line: str, expected: list[tuple[str, str, int]]) -> None:
    source = f"import m\nrows = []\n{line}\n"
    assert [call[1:] for call in called(source)] == expected


def test_changes_of_items_in_methods_and_functions() -> None:
    source = """\
        rows = []
        class C:
            def add(self, row):
                self.rows[row] = row
                row[1] = 2
                def inner():
                    self.rows[1] = 2
                    rows[1] = 2
        def use(rows):
            rows[1] = 2
        """
    found = facts(source)
    assert [(c.line, c.callee) for c in found.calls] == [
        (4, "self.rows.__setitem__"),
        (7, "self.rows.__setitem__"),
        (8, "rows.__setitem__"),
    ]
    assert {text_at(dedent(source), call) for call in found.calls} == {"self.rows", "rows"}
    assert all("FUNCTION" in flags(call) for call in found.calls)


def test_decorators_are_calls_once() -> None:
    source = """\
        import m
        from m import a as b
        @m.a
        @b
        @m.a(1)
        @b()
        @(lambda f: f)
        @m.a[int]
        def f(): ...
        @b
        class C:
            @property
            @b
            async def g(self): ...
        """
    assert called(source) == [
        (3, "m.a", "used", 0),
        (4, "b", "used", 0),
        (5, "m.a", "used", 0),
        (6, "b", "used", 0),
        (10, "b", "used", 0),
        (12, "property", "used", -1),
        (13, "b", "used", 0),
    ]
    first: Call = facts(source).calls[0]
    assert (first.column, first.end_column, first.names) == (2, 5, ())


@pytest.mark.parametrize(
    ("value", "empty"),
    [
        ("[]", True),
        ("{}", True),
        ("()", True),
        ("dict()", True),
        ("a.b()", True),
        ("(x := [])", True),
        ("[1]", False),
        ("{1: 2}", False),
        ("{1}", False),
        ("[n for n in a]", False),
        ("dict(a=1)", False),
        ("set(a)", False),
        ("a(*b)", False),
        ("None", False),
        ("a", False),
    ],
)
def test_values_that_are_empty(value: str, empty: bool) -> None:
    assert [a.is_empty for a in facts(f"name = {value}\n").assignments if a.name == "name"] == [
        empty
    ]


@pytest.mark.parametrize(
    ("test", "script"),
    [
        ('__name__ == "__main__"', True),
        ('"__main__" == __name__', True),
        ('__name__ != "__main__"', False),
        ('__name__ == "main"', False),
        ('__name__ == "__main__" == x', False),
        ('name == "__main__"', False),
        ("__name__ == main", False),
        ("__name__", False),
    ],
)
def test_what_only_a_script_runs(test: str, script: bool) -> None:
    found = facts(f"if {test}:\n  a = 1\n  def f(): b()\nelse:\n  a = 2\n")
    first, second = found.assignments
    assert ("SCRIPT" in flags(first)) is script
    assert "CONDITIONAL" in flags(first) & flags(second)
    assert "SCRIPT" not in flags(second)
    assert ("SCRIPT" in flags(found.calls[0])) is script


@pytest.mark.parametrize(
    ("body", "delegate"),
    [
        ("return a.f(x)", "a.f"),
        ("warnings.warn('x'); return a.f(x)", "a.f"),
        ("'doc'; import a; from b import c; return a.f(x)", "a.f"),
        ("_warn_once(); deprecated('x'); a.f(x)", "a.f"),
        ("warnings.warn('x')", "warnings.warn"),
        ("log('x'); return a.f(x)", ""),
        ("x = 1; return a.f(x)", ""),
        ("return a.f(x); warnings.warn('x')", ""),
        ("import a", ""),
        ("warnings.warn('x'); ...", ""),
    ],
)
def test_what_a_function_hands_on_beside_warnings_and_imports(body: str, delegate: str) -> None:
    (function,) = facts(f"def f(x): {body}\n").functions
    assert function.delegate == delegate
