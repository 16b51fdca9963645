"""The absolute paths that the names of one file stand for, by that file alone."""

from __future__ import annotations

from textwrap import dedent

import pytest

from ssot_lint.facts import FileFacts, Import, read_facts
from ssot_lint.project import Written
from ssot_lint.project.bindings import Bindings

BROUGHT = {("app.known", "make"): True, ("app.known", "open"): True}
"""What star imports of the project bring; of `outside` nobody knows."""


def star_binds(module: str, name: str) -> bool | None:
    return None if module == "outside" else BROUGHT.get((module, name), False)


def absolute(fact: Import) -> str | None:
    """In a file of the package ``app``; deeper dots lead above the root."""
    return fact.module if fact.level == 0 else f"app.{fact.module}" if fact.level == 1 else None


def read(source: str) -> tuple[FileFacts, Written]:
    facts = read_facts(dedent(source).encode())
    assert facts.trouble is None
    return facts, Written(Bindings(facts), "app.use", absolute, star_binds)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("import a\na.b()", ["a.b"]),
        ("import a.b\na.b.c()", ["a.b.c"]),
        ("import a.b as x\nx.c()", ["a.b.c"]),
        ("from a import b\nb()", ["a.b"]),
        ("from a import b as x\nx.c()", ["a.b.c"]),
        ("from .a import b\nb()", ["app.a.b"]),
        ("from ..a import b\nb()", []),
        ("import a\nb = a.c\nb.d()", ["a.c.d"]),
        ("import a\nb = a\nc = b\nc.d()", ["a.d"]),
        ("a = a\na()", []),
        ("a = b\nb = a\na()", []),
        ("import a as x\nimport b as x\nx()", ["b"]),
        ("try: import a as x\nexcept ImportError: import b as x\nx()", ["a", "b"]),
        ("import a\nimport b\nx = a.f if a else b.g\nx()", ["a.f", "b.g"]),
        ("class C: ...\nC()", ["app.use.C"]),
        ("class C:\n  class D: ...\nC.D()", ["app.use.C.D"]),
        ("def f(): f()", ["app.use.f"]),
        ("from app.known import *\nmake()", ["app.known.make"]),
        ("from app.known import *\nother()", []),
        ("from app.known import *\nopen()", ["app.known.open"]),
        ("from outside import *\nmake()", ["outside.make"]),
        ("from outside import *\nopen()", ["builtins.open", "outside.open"]),
        ("from outside import *\nfrom a import make\nmake()", ["a.make"]),
        ("from a import make\nfrom outside import *\nmake()", ["a.make", "outside.make"]),
        ("open()", ["builtins.open"]),
        ("def open(): ...\nopen()", ["app.use.open"]),
        ("missing()", []),
        ("import a\ndef f():\n  import b as a\n  a.c()", ["b.c"]),
        ("def f(): a.c()\nimport a", ["a.c"]),
        ("import b as a\ndef f(): x = a.c()\nimport a", ["a.c"]),
    ],
)
def test_what_a_call_may_mean(lines: str, expected: list[str]) -> None:
    facts, written = read(lines)
    assert sorted(written.of(facts.calls[-1])) == expected


def test_a_file_without_a_name_has_no_paths_of_its_own() -> None:
    facts = read_facts(b"class C: ...\nC()\n")
    written = Written(Bindings(facts), "", absolute, star_binds)
    assert written.of(facts.calls[-1]) == frozenset()


def test_a_name_that_is_used_in_a_scope() -> None:
    facts, written = read(
        """\
        import a
        def f(given):
            import b as local
            def inner(): ...
        class C:
            import c as member
            def method(self): ...
        import late
        """
    )
    scopes = {scope.name: index for index, scope in enumerate(facts.scopes)}
    assert written.used(0, "a.x") == {"a.x"}
    assert written.used(scopes["inner"], "local.x") == {"b.x"}
    assert written.used(scopes["inner"], "given.x") == frozenset()
    assert written.used(scopes["C"], "member") == {"c"}
    assert written.used(scopes["method"], "member") == frozenset()
    assert written.used(scopes["method"], "late") == {"late"}
    assert written.used(0, "late", (3, 1)) == frozenset()
    assert written.used(scopes["f"], "print") == {"builtins.print"}
