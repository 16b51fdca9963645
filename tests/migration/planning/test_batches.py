"""Which file is rewritten in which batch."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssot_lint.migration.model import Skip
from ssot_lint.migration.planning import Apart, Cycle, Options, Plan, Risk, make_plan, short_hash
from ssot_lint.migration.planning.batches import _cut
from tests.migration.planning.projects import (
    USE,
    outline,
    planned,
    project_of,
    rewrite_of,
    rewrites_of,
)

OLD_HOME = {"app/__init__.py": "", "app/old.py": "X = 1\n"}
PATCH = "from unittest import mock\nmock.patch('app.old.X')\n"


def test_nothing_to_rewrite(tmp_path: Path) -> None:
    assert planned(tmp_path, OLD_HOME) == Plan(())


def test_what_is_said_of_a_file(tmp_path: Path) -> None:
    (batch,) = planned(tmp_path, {**OLD_HOME, "a.py": USE + PATCH}).batches
    assert (batch.number, batch.edits, batch.strings) == (1, 1, 1)
    ((path, edits, strings, before),) = batch.files
    assert (path, edits, strings) == ("a.py", 1, 1)
    assert before == short_hash((USE + PATCH).encode())
    assert short_hash(b"") == "e3b0c44298fc1c14"


def test_the_waves_in_order(tmp_path: Path) -> None:
    """Home and shim, re-exporters, leaves, what others import, and what entry points lead to."""
    plan = planned(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/old.py": "from app.old import X\n",
            "app/new.py": USE,
            "app/api.py": USE,
            "app/inner.py": USE,
            "app/user.py": USE + "from app.api import X\nimport app.inner\n",
            "app/main.py": "import app.served\n",
            "app/served.py": USE,
            "tests/test_a.py": USE,
        },
        entry_points=("app.main",),
    )
    assert outline(plan) == [
        ("home", ["app/new.py", "app/old.py"]),
        ("re-export", ["app/api.py"]),
        ("leaf", ["app/user.py", "tests/test_a.py"]),
        ("inner", ["app/inner.py"]),
        ("critical", ["app/served.py"]),
    ]
    assert [batch.number for batch in plan.batches] == [1, 2, 3, 4, 5]


def test_re_exporters_come_before_their_importers(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        {
            **OLD_HOME,
            "a_last.py": "from b_then import X\n" + USE,
            "b_then.py": "from c_first import X\nfrom app.old import X as Z\nfrom app.old import Y",
            "c_first.py": USE,
            "d_user.py": USE + "from b_then import Y\n",
            "e_star.py": USE + "from c_first import *\n",
        },
    )
    assert outline(plan) == [
        ("re-export", ["c_first.py"]),
        ("re-export", ["b_then.py"]),
        ("leaf", ["a_last.py", "d_user.py", "e_star.py"]),
    ]


@pytest.mark.parametrize(
    ("exporter", "user"),
    [
        ("def f():\n    from app.old import X\n", "from b import X\n"),
        (USE, "from b import Y\n"),
        ("from app.old import X as Y\n", "from b import X\n"),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.old import X\n",
            "from b import X\n",
        ),
    ],
)
def test_what_no_rewritten_import_binds_is_not_re_exported(
    tmp_path: Path, exporter: str, user: str
) -> None:
    plan = planned(tmp_path, {**OLD_HOME, "a.py": USE + user, "b.py": exporter})
    assert [wave for wave, _ in outline(plan)] == ["leaf", "inner"]


def test_a_circle_of_re_exporters_is_one_turn(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        {
            **OLD_HOME,
            "a.py": USE + "from b import Y\n",
            "b.py": "from app.old import Y\nfrom a import X\n",
        },
    )
    assert outline(plan) == [("re-export", ["a.py", "b.py"])]
    assert plan.cycles == (Cycle(2, ("a.py", "b.py")),)


def test_cycles_name_only_what_the_plan_rewrites(tmp_path: Path) -> None:
    circle = {f"m{n}.py": f"import m{(n + 1) % 5}\n" for n in range(5)}
    plan = planned(tmp_path, {**OLD_HOME, **circle, "m3.py": "import m4\n" + USE})
    assert plan.cycles == (Cycle(5, ("m3.py",)),)
    lazy = planned(tmp_path, {"m4.py": "def f():\n    import m0\n"})
    assert lazy.cycles == ()


def test_a_test_stands_with_what_it_patches(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        {
            **OLD_HOME,
            "app/service.py": USE,
            "app/use.py": "import app.service\n",
            "tests/test_other.py": USE,
            "tests/test_service.py": USE + "from mock import patch\npatch('app.service.X')\n",
        },
    )
    assert outline(plan) == [
        ("leaf", ["tests/test_other.py"]),
        ("inner", ["app/service.py", "tests/test_service.py"]),
    ]


@pytest.mark.parametrize(
    ("call", "together"),
    [
        ("patch('app.service.X')", True),
        ("mock.patch('app.service')", True),
        ("mocker.patch.dict('app.service.X.y.z', {})", True),
        ("monkeypatch.setattr('app.service.X', 1)", True),
        ("monkeypatch.delattr('app.service.X')", True),
        ("patch('app.gone.X')", False),
        ("patch(f'app.service.{name}')", False),
        ("getLogger('app.service')", False),
        ("name = 'app.service.X'", False),
    ],
)
def test_which_strings_patch(tmp_path: Path, call: str, together: bool) -> None:
    plan = planned(
        tmp_path,
        {
            **OLD_HOME,
            "app/service.py": USE,
            "app/use.py": "import app.service\n",
            "tests/test_service.py": f"{USE}def f(mock, mocker, monkeypatch, name):\n    {call}\n",
        },
    )
    assert (len(plan.batches) == 1) is together


def test_code_that_is_no_test_patches_nothing(tmp_path: Path) -> None:
    service = {"app/service.py": USE, "app/use.py": "import app.service\n"}
    patching = "from mock import patch\npatch('app.service.X')\n"
    plan = planned(tmp_path, {**OLD_HOME, **service, "tool.py": USE + patching})
    assert [wave for wave, _ in outline(plan)] == ["leaf", "inner"]


def test_more_tests_than_a_batch_holds_stand_apart(tmp_path: Path) -> None:
    patching = USE + "from mock import patch\npatch('app.hub.X')\n"
    plan = planned(
        tmp_path,
        {
            **OLD_HOME,
            "app/hub.py": USE,
            **{f"tests/test_{n}.py": patching for n in range(6)},
        },
        batch_files=4,
    )
    assert outline(plan) == [
        ("leaf", ["app/hub.py", "tests/test_0.py", "tests/test_1.py", "tests/test_2.py"]),
        ("leaf", ["tests/test_3.py", "tests/test_4.py", "tests/test_5.py"]),
    ]
    assert plan.apart == (Apart("app/hub.py", 3),)


def test_leaves_come_before_hubs(tmp_path: Path) -> None:
    """By the number of digits of how many depend: who imports a file comes no later than it."""
    files = dict(OLD_HOME)
    for n in range(12):
        files[f"m{n:02}.py"] = USE + (f"import m{n - 1:02}\n" if n else "")
    plan = planned(tmp_path, files)
    assert outline(plan) == [
        ("leaf", ["m11.py"]),
        ("inner", [f"m{n:02}.py" for n in range(2, 11)]),
        ("inner", ["m00.py", "m01.py"]),
    ]
    assert [batch.risk and batch.risk.dependents for batch in plan.batches] == [0, 1, 10]


def test_many_dependents_make_a_file_critical(tmp_path: Path) -> None:
    users = {f"use/u{n}.py": "import hub\n" for n in range(99)}
    plan = planned(tmp_path, {**OLD_HOME, "hub.py": USE, **users})
    assert outline(plan) == [("inner", ["hub.py"])]
    plan = planned(tmp_path, {"use/one_more.py": "import hub\n"})
    assert outline(plan) == [("critical", ["hub.py"])]


def test_a_canary_is_the_first_critical_batch(tmp_path: Path) -> None:
    served = {f"app/s{n}.py": USE for n in range(3)}
    files = {
        **OLD_HOME,
        **served,
        "app/main.py": "import app.s0, app.s1, app.s2\n",
        "app/api.py": USE,
        "tests/test_a.py": USE + "from app.api import X\n",
    }
    main = ("app/main.py",)
    late = planned(tmp_path, files, entry_points=main, batch_files=2)
    assert [wave for wave, _ in outline(late)] == ["re-export", "leaf", "critical", "critical"]
    early = planned(tmp_path, files, entry_points=main, batch_files=2, canary=True)
    assert outline(early) == [
        ("re-export", ["app/api.py"]),
        ("canary", ["app/s0.py", "app/s1.py"]),
        ("leaf", ["tests/test_a.py"]),
        ("critical", ["app/s2.py"]),
    ]
    assert [batch.number for batch in early.batches] == [1, 2, 3, 4]
    none = planned(tmp_path, files, batch_files=2, canary=True)
    assert [wave for wave, _ in outline(none)] == ["re-export", "leaf", "inner", "inner"]


def test_a_batch_is_of_one_owner(tmp_path: Path) -> None:
    files = {f"{folder}/m{n}.py": USE for folder in ("x", "y") for n in range(3)}
    plan = planned(
        tmp_path, {**OLD_HOME, **files}, owners="* @b\n/x/ @c @a\n/y/m1.py", batch_files=8
    )
    assert [(b.owners, [f.path for f in b.files]) for b in plan.batches] == [
        (("@a", "@c"), ["x/m0.py", "x/m1.py", "x/m2.py"]),
        (("@b",), ["y/m0.py", "y/m2.py"]),
        ((), ["y/m1.py"]),
    ]


def test_what_few_files_have_their_own_owner_is_put_together(tmp_path: Path) -> None:
    files = {f"x{n}/m.py": USE for n in range(3)}
    owners = "".join(f"/x{n}/ @o{n}\n" for n in range(3))
    plan = planned(tmp_path, {**OLD_HOME, **files}, owners=owners)
    assert [batch.owners for batch in plan.batches] == [("@o0", "@o1", "@o2")]


def test_batches_are_cut_by_folder_and_of_about_one_size(tmp_path: Path) -> None:
    files = {f"{folder}/m{n:02}.py": USE for folder in "abc" for n in range(7)}
    sizes = [len(batch.files) for batch in planned(tmp_path, {**OLD_HOME, **files}).batches]
    assert sizes == [11, 10]


@given(st.lists(st.integers(1, 5), max_size=60), st.integers(5, 20))
def test_a_cut_keeps_order_units_and_the_limit(sizes: list[int], most: int) -> None:
    units = [tuple(f"{n:03}/{i}" for i in range(size)) for n, size in enumerate(sizes)]
    batches = list(_cut(units, most))
    assert [path for batch in batches for path in batch] == [p for unit in units for p in unit]
    assert all(0 < len(batch) <= most for batch in batches)
    assert all(any(set(unit) <= set(batch) for batch in batches) for unit in units)
    if all(size == 1 for size in sizes):
        assert len(batches) == -(-len(sizes) // most)
        assert max(map(len, batches), default=0) - min(map(len, batches), default=0) <= 1


def test_risk(tmp_path: Path) -> None:
    skip = Skip("app/served.py", 3, "old-path", "app.old.*", "a star")
    elsewhere = Skip("z.py", 1, "old-path", "app.old.Y", "a star")
    plan = planned(
        tmp_path,
        {
            **OLD_HOME,
            "app/main.py": "import app.served\n",
            "app/served.py": USE,
            "x.py": "import app.main\n",
            "y.py": USE + "import x\n",
        },
        entry_points=("app.main",),
        skips=(elsewhere, skip),
    )
    assert [batch.risk for batch in plan.batches] == [Risk(0, 0, 0), Risk(3, 1, 1)]
    assert plan.manual == (skip, elsewhere)


@pytest.mark.parametrize(
    ("risk", "score"),
    [
        (Risk(0, 0, 0), 0.0),
        (Risk(1, 0, 0), 1.0),
        (Risk(6, 0, 0), 2.8),
        (Risk(0, 3, 0), 4.0),
        (Risk(0, 0, 9), 2.0),
        (Risk(7, 1, 1), 9.0),
    ],
)
def test_the_score_of_a_risk(risk: Risk, score: float) -> None:
    assert risk.score == score


def test_a_file_is_planned_once_and_only_with_edits(tmp_path: Path) -> None:
    project = project_of(tmp_path, {**OLD_HOME, "a.py": USE, "b.py": USE})
    one, other = rewrites_of(project, tmp_path)
    skip = Skip("b.py", 1, "old-path", "app.old.X", "no")
    other = other._replace(edits=(), made=(), skips=(skip,))
    plan = make_plan(project, [other, one], other.skips, Options())
    assert outline(plan) == [("leaf", ["a.py"])]
    assert plan.manual == (skip,)


@pytest.mark.parametrize("name", ["a\\b.py", "a\udcff.py"])
def test_a_name_that_no_plan_can_hold_is_left_to_a_human(tmp_path: Path, name: str) -> None:
    project = project_of(tmp_path, {**OLD_HOME, "a.py": USE})
    rewrite = rewrite_of(project, tmp_path, "a.py")._replace(path=name)
    plan = make_plan(project, [rewrite], (), Options())
    reason = "not planned: a plan cannot hold such a file name"
    shown = name.replace("\udcff", "\\udcff")
    assert plan == Plan((), (Skip(shown, 1, "old-path", "app.old.X", reason),))


@settings(max_examples=8, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_what_is_handed_over_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, rng: random.Random
) -> None:
    folder = tmp_path_factory.mktemp("order")
    names = [f"m{n}" for n in range(9)]
    files = {f"{name}.py": USE + f"import {rng.choice(names)}\n" for name in names}
    files["test_m.py"] = USE + "from mock import patch\npatch('m1.X')\npatch('m2.X')\n"
    project = project_of(folder, {**OLD_HOME, **files})
    rewrites = rewrites_of(project, folder)
    first = make_plan(project, rewrites, (), Options(batch_files=4))
    rng.shuffle(rewrites)
    assert make_plan(project, rewrites, (), Options(batch_files=4)) == first
    paths = [file.path for file in first.files]
    assert sorted(paths) == sorted(set(paths)) == sorted(r.path for r in rewrites)
    assert all(1 <= len(batch.files) <= 4 for batch in first.batches)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sets(st.integers(0, 11), max_size=3), min_size=12, max_size=12), st.data())
def test_who_imports_a_file_is_rewritten_no_later_than_it(
    tmp_path_factory: pytest.TempPathFactory, graph: list[set[int]], data: st.DataObject
) -> None:
    """Unless the one is a home or re-exports, or the two import one another."""
    imports = [f"import m{n}\n" for n in range(12)]
    files = {
        f"m{n}.py": USE + "".join(imports[m] for m in sorted(targets) if m < n)
        for n, targets in enumerate(graph)
    }
    start = data.draw(st.integers(0, 11))
    size = data.draw(st.integers(1, 6))
    plan = planned(
        tmp_path_factory.mktemp("graph"),
        {**OLD_HOME, **files},
        batch_files=size,
        entry_points=(f"m{start}",),
    )
    turn = {file.path: i for i, batch in enumerate(plan.batches) for file in batch.files}
    step = {
        file.path: (batch.wave, len(str(batch.risk.dependents)) if batch.risk else 0)
        for batch in plan.batches
        for file in batch.files
    }
    for n, targets in enumerate(graph):
        for m in targets:
            one, other = f"m{n}.py", f"m{m}.py"
            if m < n and step[one] != step[other]:
                assert turn[one] < turn[other]


def test_a_test_stands_with_what_it_tests_if_both_leave_an_old_path(tmp_path: Path) -> None:
    """Rewritten alone, it would patch what the code under test does not look at, or no longer."""
    files = {
        **OLD_HOME,
        "a_other.py": USE,
        "b_through.py": "import c_tested\n",
        "c_tested.py": USE,
        "tests/test_c.py": "import b_through\n" + PATCH,
        "tests/test_x.py": "import a_other\nmock.patch('app.old.X.method')\n",
        "tests/test_y.py": "import a_other\nmock.patch('app.old.Y')\n",
    }
    assert outline(planned(tmp_path, files, batch_files=2)) == [
        ("leaf", ["tests/test_y.py"]),
        ("inner", ["a_other.py", "tests/test_x.py"]),
        ("inner", ["c_tested.py", "tests/test_c.py"]),
    ]


def test_a_shim_at_the_old_path_makes_that_needless(tmp_path: Path) -> None:
    shim = "# ssot-shim: app.new remove-after: 2099-12-31\n"
    files = {
        **OLD_HOME,
        "app/old.py": shim,
        "c_tested.py": USE,
        "tests/test_c.py": "import c_tested\n" + PATCH,
    }
    assert outline(planned(tmp_path, files, batch_files=2)) == [
        ("leaf", ["tests/test_c.py"]),
        ("inner", ["c_tested.py"]),
    ]
