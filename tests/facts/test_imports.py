"""Imports: every form as written, its exact place, and what the code around it says."""

from __future__ import annotations

import pytest

from ssot_lint.facts import Import
from tests.facts.reading import facts, flags, text_at


def test_an_import_is_kept_as_written() -> None:
    found = facts("x = 1; from ..pkg . mod import (a,\n    b as c)\n").imports
    assert found == (
        Import(1, 33, 1, 34, 0, 0, 2, "pkg.mod", "a", None, 1, 8),
        Import(2, 5, 2, 11, 0, 0, 2, "pkg.mod", "b", "c", 1, 8),
    )


@pytest.mark.parametrize(
    ("source", "level", "module", "name", "alias", "bound"),
    [
        pytest.param("import a", 0, "a", None, None, "a", id="a module"),
        pytest.param("import a.b.c", 0, "a.b.c", None, None, "a", id="a submodule binds its top"),
        pytest.param(
            "import a.b as x", 0, "a.b", None, "x", "x", id="an alias binds the submodule"
        ),
        pytest.param("from a.b import C", 0, "a.b", "C", None, "C", id="a name"),
        pytest.param("from a import C as D", 0, "a", "C", "D", "D", id="a name under an alias"),
        pytest.param("from a import C as C", 0, "a", "C", "C", "C", id="the re-export of stubs"),
        pytest.param("from . import m", 1, "", "m", None, "m", id="relative, of the package"),
        pytest.param("from ...m import N", 3, "m", "N", None, "N", id="relative, higher up"),
        pytest.param("from a import *", 0, "a", "*", None, None, id="a star binds no name we know"),
        pytest.param("import a . b", 0, "a.b", None, None, "a", id="blanks between the dots"),
        pytest.param("from a \\\n . b import C", 0, "a.b", "C", None, "C", id="a backslash"),
        pytest.param("import \uff55nified", 0, "unified", None, None, "unified", id="NFKC"),
    ],
)
def test_forms(
    source: str, level: int, module: str, name: str | None, alias: str | None, bound: str | None
) -> None:
    (found,) = facts(source).imports
    assert (found.level, found.module, found.name, found.alias) == (level, module, name, alias)
    assert found.bound == bound


def test_one_name_under_two_aliases_is_two_imports() -> None:
    source = "from m import W as A, W as B\n"
    found = facts(source).imports
    assert [text_at(source, item) for item in found] == ["W as A", "W as B"]
    assert {item.statement for item in found} == {(1, 1)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("import x", set(), id="top of a module"),
        pytest.param("if c:\n import x", {"CONDITIONAL"}, id="if"),
        pytest.param("if c: pass\nelse:\n import x", {"CONDITIONAL"}, id="else"),
        pytest.param("if True:\n import x", set(), id="if True always runs"),
        pytest.param("if True: pass\nelse:\n import x", {"CONDITIONAL"}, id="its else never does"),
        pytest.param(
            "if __name__ == '__main__':\n import x", {"CONDITIONAL", "SCRIPT"}, id="a script's part"
        ),
        pytest.param(
            "if '__main__' == __name__:\n def f():\n  import x",
            {"FUNCTION", "SCRIPT"},
            id="a function of it",
        ),
        pytest.param(
            "if __name__ == '__main__': pass\nelse:\n import x", {"CONDITIONAL"}, id="its else"
        ),
        pytest.param("if __name__ != '__main__':\n import x", {"CONDITIONAL"}, id="its opposite"),
        pytest.param("if __name__ == 'a':\n import x", {"CONDITIONAL"}, id="another name"),
        pytest.param("if a == __name__ == '__main__':\n import x", {"CONDITIONAL"}, id="a chain"),
        pytest.param("for i in y:\n import x", {"CONDITIONAL"}, id="for"),
        pytest.param("while c: pass\nelse:\n import x", {"CONDITIONAL"}, id="else of a loop"),
        pytest.param("match y:\n case 1:\n  import x", {"CONDITIONAL"}, id="match"),
        pytest.param("with y:\n import x", set(), id="with always runs"),
        pytest.param("class A:\n import x", set(), id="a class body runs where it stands"),
        pytest.param("if c:\n class A:\n  import x", {"CONDITIONAL"}, id="so it inherits"),
        pytest.param("def f():\n import x", {"FUNCTION"}, id="a function"),
        pytest.param("async def f():\n import x", {"FUNCTION"}, id="an async function"),
        pytest.param(
            "if c:\n def f():\n  import x", {"FUNCTION"}, id="a function body starts afresh"
        ),
        pytest.param(
            "def f():\n if c:\n  import x", {"FUNCTION", "CONDITIONAL"}, id="if in a function"
        ),
    ],
)
def test_conditions(source: str, expected: set[str]) -> None:
    (found,) = facts(source).imports
    assert flags(found) == expected


@pytest.mark.parametrize(
    ("test", "body", "orelse"),
    [
        pytest.param("TYPE_CHECKING", True, False, id="the flag"),
        pytest.param("typing.TYPE_CHECKING", True, False, id="by its module"),
        pytest.param("t.TYPE_CHECKING", True, False, id="by any name of its module"),
        pytest.param("TC", True, False, id="under an alias"),
        pytest.param("not TYPE_CHECKING", False, True, id="negated"),
        pytest.param("not not TYPE_CHECKING", True, False, id="negated twice"),
        pytest.param("TYPE_CHECKING and c", True, False, id="and: the else may run"),
        pytest.param("TYPE_CHECKING or c", False, False, id="or: the body may run"),
        pytest.param("not TYPE_CHECKING or c", False, True, id="or: the else is for checkers"),
        pytest.param("not (TYPE_CHECKING or c)", False, False, id="the body has no checker"),
        pytest.param("not (TYPE_CHECKING and c)", False, True, id="not and: a checker in else"),
        pytest.param("c", False, False, id="something else"),
        pytest.param("TYPE_CHECKING()", False, False, id="no flag"),
    ],
)
def test_type_checking(test: str, body: bool, orelse: bool) -> None:
    source = f"""\
        from typing import TYPE_CHECKING as TC
        if {test}:
            import a
        else:
            import b
        """
    _, first, second = facts(source).imports
    assert ("TYPE_CHECKING" in flags(first), "TYPE_CHECKING" in flags(second)) == (body, orelse)


def test_elif_after_type_checking_is_run_time() -> None:
    source = """\
        if TYPE_CHECKING:
            import a
        elif c:
            import b
        """
    assert [flags(item) for item in facts(source).imports] == [
        {"TYPE_CHECKING", "CONDITIONAL"},
        {"CONDITIONAL"},
    ]


@pytest.mark.parametrize(
    ("clause", "survives"),
    [
        pytest.param("except ImportError:", True, id="ImportError"),
        pytest.param("except ModuleNotFoundError as e:", True, id="ModuleNotFoundError"),
        pytest.param("except builtins.ImportError:", True, id="dotted"),
        pytest.param("except Exception:", True, id="Exception"),
        pytest.param("except BaseException:", True, id="BaseException"),
        pytest.param("except:", True, id="bare"),
        pytest.param("except (ValueError, ImportError):", True, id="a tuple with it"),
        pytest.param("except (ValueError, OSError):", False, id="a tuple without"),
        pytest.param("except AttributeError:", False, id="another error"),
        pytest.param("except errors():", False, id="computed"),
    ],
)
def test_guards(clause: str, survives: bool) -> None:
    source = f"try:\n import a\n{clause}\n import b\nelse:\n import c\nfinally:\n import d\n"
    a, b, c, d = facts(source).imports
    assert flags(a) == {"CONDITIONAL"} | ({"GUARDED"} if survives else set())
    assert flags(b) == {"CONDITIONAL"} | ({"FALLBACK"} if survives else set())
    assert flags(c) == {"CONDITIONAL"}
    assert flags(d) == set()


def test_only_the_handler_that_catches_it_is_the_fallback() -> None:
    source = "try:\n import a\nexcept ValueError:\n import b\nexcept ImportError:\n import c\n"
    assert [flags(item) & {"GUARDED", "FALLBACK"} for item in facts(source).imports] == [
        {"GUARDED"},
        set(),
        {"FALLBACK"},
    ]


def test_guards_hold_inside_functions_and_nest() -> None:
    source = """\
        try:
            def f():
                import a
        except ImportError:
            try:
                import b
            except ImportError:
                import c
        """
    assert [flags(item) for item in facts(source).imports] == [
        {"GUARDED", "FUNCTION"},
        {"CONDITIONAL", "FALLBACK", "GUARDED"},
        {"CONDITIONAL", "FALLBACK"},
    ]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        pytest.param("pytest.raises(ImportError)", "EXPECTED_FAILURE", id="pytest"),
        pytest.param("raises(ModuleNotFoundError, match='x')", "EXPECTED_FAILURE", id="bare name"),
        pytest.param(
            "pytest.raises(expected_exception=ImportError)", "EXPECTED_FAILURE", id="keyword"
        ),
        pytest.param("self.assertRaises((ImportError, KeyError))", "EXPECTED_FAILURE", id="tuple"),
        pytest.param("self.assertRaisesRegex(ImportError, 'x')", "EXPECTED_FAILURE", id="regex"),
        pytest.param("x as y, raises(ImportError) as e", "EXPECTED_FAILURE", id="second item"),
        pytest.param("raises(Exception)", "", id="too wide to be about imports"),
        pytest.param("raises(KeyError)", "", id="another error"),
        pytest.param("lock(ImportError)", "", id="another callee"),
        pytest.param("contextlib.suppress(ImportError)", "GUARDED", id="suppress"),
        pytest.param("suppress(OSError, Exception)", "GUARDED", id="suppress everything"),
        pytest.param("suppress(OSError)", "", id="suppress another error"),
    ],
)
def test_with(item: str, expected: str) -> None:
    (found,) = facts(f"with {item}:\n    import x\n").imports
    assert flags(found) == ({expected} if expected else set())


@pytest.mark.parametrize(
    ("source", "scope", "expected"),
    [
        pytest.param("class A:\n import x", 1, set(), id="class"),
        pytest.param("class A:\n def f(self):\n  import x", 2, {"FUNCTION"}, id="method"),
        pytest.param("def f():\n global x\n import x", 0, {"FUNCTION", "CONDITIONAL"}, id="global"),
        pytest.param("def f():\n global y\n import x", 1, {"FUNCTION"}, id="another global"),
        pytest.param(
            "def f():\n x = 1\n def g():\n  nonlocal x\n  import x",
            1,
            {"FUNCTION", "CONDITIONAL"},
            id="nonlocal",
        ),
    ],
)
def test_scope_is_where_the_name_is_bound(source: str, scope: int, expected: set[str]) -> None:
    (found,) = facts(source).imports
    assert (found.scope, flags(found)) == (scope, expected)


def test_code_in_strings_is_no_import() -> None:
    source = '''\
        """
        from a import b
        """
        TEMPLATE = "import a"
        exec("from a import b")
        # import c
        def f(a): return a.b
        '''
    assert facts(source).imports == ()
