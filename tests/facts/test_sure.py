"""What a module surely defines is told without its tree, and is what its facts say."""

from __future__ import annotations

import random
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.facts import read_facts, sure_names

LIBRARY = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("class A: ...\ndef f(): ...\nasync def g(): ...\n", {"A", "f", "g"}),
        ("if x:\n    class A(B): ...\nelse:\n    def A(): ...\n", {"A"}),
        ("__all__ = ['A']\nclass A: ...\nx: 'A' = A()\nA.y = m.A\n", {"A"}),
        ("class A:\n    class B: ...\n    def c(self): ...\n", {"A"}),
        ("def f():\n    class A: ...\n", {"f"}),
        ("f = lambda: 0\nlistcomp = [x for x in y]\n", set()),
        ("class A: ...\nA = other.A\n", set()),
        ("class A: ...\nfor A in x: ...\n", set()),
        ("class A: ...\nwith x as A: ...\n", set()),
        ("class A: ...\n(A, b) = x\n", set()),
        ("class A: ...\nx = (A := y)\n", set()),
        ("class A: ...\nA: int = y\n", set()),
        ("class A: ...\ndef f():\n    global A\n    A = 1\n", {"f"}),
        ("class A: ...\ntry:\n    from x import A\nexcept E: ...\n", set()),
        ("class A: ...\nimport A.b\n", set()),
        ("class A: ...\nfrom x import *\n", set()),
        ("class A: ...\nfrom x import \\\n  *\n", set()),
        ("class A: ...\ndel A\n", set()),
        ("class Am: ...\nclass A: ...\nAm = 1\n", {"A"}),
        ("class É: ...\nclass A: ...\nÉA = 1\nAÉ = 1\n", {"A", "É"}),
        ("A", set()),
        ("class A:", None),
        ("class \N{LATIN SMALL LIGATURE FI}: ...\n\N{LATIN SMALL LIGATURE FI} = 1\n", set()),
        ("# coding: no-such\nclass A: ...", {"A"}),
        ("x = '\0'", None),
    ],
)
def test_names(source: str, names: set[str] | None) -> None:
    assert sure_names(source.encode()) == names


def agree(data: bytes) -> int:
    """Compares with the facts; returns how many names are sure."""
    facts, names = read_facts(data, expressions=False), sure_names(data)
    if names is None or facts.trouble is not None:
        assert names is None
        return 0
    defined = {
        fact.name
        for fact in facts.definitions
        if fact.scope == 0 and fact.kind in ("class", "function")
    }
    other = {
        *(
            d.name
            for d in facts.definitions
            if d.scope == 0 and d.kind in ("assignment", "class-call")
        ),
        *(alias.name for alias in facts.aliases if alias.scope == 0),
        *(change.name for change in facts.assignments if change.scope == 0),
        *(fact.bound for fact in facts.imports if fact.scope == 0),
    }
    assert names <= defined
    assert names.isdisjoint(other)
    assert not names or all(fact.bound for fact in facts.imports)
    return len(names)


LINES = st.sampled_from(
    [
        "class {}: ...",
        "class {} (Base): ...",
        "def {}(x): ...",
        "{}: int = 1",
        "{} = other",
        "{}.x = 1",
        "{}[0] = 1",
        "x = {}()",
        "x = '{}'",
        "x, {} = 1, 2",
        "for {} in x: ...",
        "from a import {}",
        "from a import b as {}",
        "import {}.b",
        "def f(): global {}; {} = 1",
        "match x:\n    case {}: ...",
        "match x:\n    case {}(): ...",
        "try: ...\nexcept E as {}: ...",
        "lambda {}: 0",
        "class C: {} = 1",
        "[0 for {} in x]",
        "x = (\n{} := 1)",
    ]
)
NAMES = st.sampled_from(["A", "B", "Ab", "listcomp", "É"])


@given(st.lists(st.tuples(LINES, NAMES), max_size=6))
def test_they_are_bound_in_no_other_way(lines: list[tuple[str, str]]) -> None:
    agree("\n".join(line.replace("{}", name) for line, name in lines).encode())


def test_in_the_standard_library() -> None:
    sample = random.Random(0).sample(LIBRARY, 25)
    assert sum(agree(path.read_bytes()) for path in sample) > 100


@pytest.mark.slow
def test_in_all_of_the_standard_library() -> None:
    assert sum(agree(path.read_bytes()) for path in LIBRARY) > 1_000


@pytest.mark.parametrize("depth", [10, 50, 80, 95, 150, 900, 1_500, 5_000])
@pytest.mark.parametrize("form", ["x = {0}1", "x = {1}1{2}", "x = 1{3}"])
def test_what_is_too_deep_for_the_tree_is_too_deep_for_this(form: str, depth: int) -> None:
    nested = form.format("-" * depth, "(" * depth, ")" * depth, "+1" * depth)
    agree(f"class A: ...\n{nested}\n".encode())
