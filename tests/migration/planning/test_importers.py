"""Who imports a file, and who depends on it at last."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.migration.planning.importers import dependents, importers
from tests.migration.planning.projects import project_of

PACKAGE = {"app/__init__.py": "", "app/a.py": "", "app/b.py": "", "app/sub/__init__.py": ""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("import app.a", ["app/a.py"]),
        ("from app import a, X", ["app/a.py"]),
        ("from . import b", ["app/b.py"]),
        ("from .sub import *", ["app/sub/__init__.py"]),
        ("try:\n    import app.a\nexcept ImportError:\n    import app.b", ["app/a.py", "app/b.py"]),
        ("class C:\n    import app.a", ["app/a.py"]),
        ("def f():\n    import app.a", []),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import app.a", []),
        ("if __name__ == '__main__':\n    import app.a", []),
        ("import os, app.main", []),
        ("broken(", []),
    ],
)
def test_what_counts_runs_when_a_module_is_imported(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    found = importers(project_of(tmp_path, {**PACKAGE, "app/main.py": text}))
    by_main = {path for path, by in found.items() if "app/main.py" in by}
    assert by_main == {"app/__init__.py", *expected}
    assert all(len(by) == len(set(by)) for by in found.values())


def test_a_stub_imports_nothing(tmp_path: Path) -> None:
    found = importers(project_of(tmp_path, {**PACKAGE, "app/c.pyi": "import app.a"}))
    assert found["app/a.py"] == []


GRAPHS = st.dictionaries(st.integers(0, 9), st.sets(st.integers(0, 9), max_size=4), max_size=10)


@given(GRAPHS, st.sets(st.integers(0, 9), min_size=1))
def test_dependents_are_all_who_lead_there(graph: dict[int, set[int]], wanted: set[int]) -> None:
    by = {str(n): sorted(str(m) for m in graph.get(n, ()) if m != n) for n in range(10)}

    def reached(path: str) -> set[str]:
        seen, pending = set(), [path]
        while pending:
            for other in by[pending.pop()]:
                if other not in seen:
                    seen.add(other)
                    pending.append(other)
        return seen

    paths = {str(n) for n in wanted}
    found = dependents(by, paths)
    for path in paths:
        assert found.of([path]) == len(reached(path) - {path})
    assert found.of(paths) == len(set().union(*map(reached, paths)) - paths)
    circles = {frozenset(b for b in by if b in reached(p) and p in reached(b)) for p in paths}
    assert set(found.cycles) == {circle for circle in circles if len(circle) > 1}
    assert [len(cycle) for cycle in found.cycles] == sorted(map(len, found.cycles), reverse=True)
