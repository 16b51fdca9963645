"""From the violations of fixable rules to what becomes of files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from ssot_lint.config import read
from ssot_lint.engine import Request
from ssot_lint.errors import UsageError
from ssot_lint.migration.changes import Work, verified, work
from ssot_lint.migration.model import Edit

HOME = {"shop/__init__.py": "from shop.impl import Order\n", "shop/impl.py": "class Order: ...\n"}
BOTH = """\
ssot-lint: 1
rules:
  - {name: one-path, kind: import-path, reason: r, home: shop.Order}
  - {name: old-path, kind: legacy-import, reason: r, moved: {shop.old: shop.impl}}
"""


def planned(folder: Path, rules: str, files: Mapping[str, str], *, strings: bool = False) -> Work:
    for path, text in {"rules.yaml": rules, **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return work(read(str(folder / "rules.yaml")), Request(), strings=strings)


def results(found: Work) -> dict[str, str]:
    return {rewrite.path: rewrite.after.decode() for rewrite in found.rewrites}


def test_where_two_rules_want_the_same_name_elsewhere_the_home_decides(tmp_path: Path) -> None:
    files = {**HOME, "shop/old.py": "from shop.impl import Order\n"}
    found = planned(tmp_path, BOTH, {**files, "a.py": "from shop.old import Order\n"})
    assert results(found) == dict.fromkeys(["a.py", "shop/old.py"], "from shop import Order\n")


def test_uses_follow_where_names_of_a_moved_module_went_elsewhere(tmp_path: Path) -> None:
    rules = """\
ssot-lint: 1
rules:
  - name: old-path
    kind: legacy-import
    reason: r
    moved: {shop.old: shop.impl, shop.old.Order: shop.impl.Purchase}
"""
    files = {"shop/__init__.py": "", "shop/impl.py": "class Purchase: ...\n"}
    found = planned(tmp_path, rules, {**files, "a.py": "import shop.old as s\n\ns.Order()\n"})
    assert results(found) == {"a.py": "import shop.impl as s\n\ns.Purchase()\n"}


def test_an_import_that_would_close_a_circle_is_left_to_a_human(tmp_path: Path) -> None:
    rules = "ssot-lint: 1\nrules:\n  - {name: old, kind: legacy-import, reason: r, moved: {o: n}}\n"
    found = planned(tmp_path, rules, {"n.py": "import a\nX = 1\n", "a.py": "from o import X\n"})
    assert results(found) == {}
    (skip,) = found.skips
    assert (skip.path, skip.line, skip.rule, skip.old) == ("a.py", 1, "old", "o.X")
    assert skip.reason == "importing n.X here would close an import cycle"


def test_what_a_comment_excuses_is_left_alone(tmp_path: Path) -> None:
    files = {**HOME, "a.py": "from shop.old import Order  # ssot: allow old-path, one-path\n"}
    assert planned(tmp_path, BOTH, files).rewrites == ()


def test_a_rule_judges_uses_where_it_judges_imports(tmp_path: Path) -> None:
    rules = """\
ssot-lint: 1
rules:
  - {name: old, kind: legacy-import, reason: r, moved: {shop.X: shop.Order}, paths: [b.py]}
"""
    use = "import shop\n\nshop.X\n"
    found = planned(tmp_path, rules, {**HOME, "a.py": use, "b.py": use})
    assert results(found) == {"b.py": "import shop\n\nshop.Order\n"}


def test_strings_are_counted_unless_they_are_asked_for(tmp_path: Path) -> None:
    files = {**HOME, "a.py": "patch('shop.old.Order')\nsys.modules['shop.old']\n"}
    assert planned(tmp_path, BOTH, files).strings == 2
    found = planned(tmp_path, BOTH, files, strings=True)
    assert results(found) == {"a.py": "patch('shop.impl.Order')\nsys.modules['shop.impl']\n"}
    assert found.strings == 0


def test_without_a_rule_that_carries_edits_there_is_nothing_to_migrate(tmp_path: Path) -> None:
    rules = "ssot-lint: 1\nrules:\n  - {name: f, kind: forbidden-module, reason: r, modules: [x]}\n"
    with pytest.raises(UsageError) as raised:
        planned(tmp_path, rules, {"a.py": ""})
    assert str(raised.value) == (
        f"{tmp_path / 'rules.yaml'}: none of the rules carries edits: only legacy-import, "
        "legacy-reference or import-path does"
    )


def test_a_rule_that_cannot_work_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        planned(tmp_path, BOTH, {"a.py": "from shop.old import Order\n"})
    assert str(raised.value).startswith("rules.yaml:3:")


def test_several_processes_change_nothing(tmp_path: Path) -> None:
    files = {f"users/u{n}.py": f"from shop.old import Order, x{n}\n" for n in range(150)}
    rules = BOTH.replace(
        "  - {name: one-path, kind: import-path, reason: r, home: shop.Order}\n", ""
    )
    alone = planned(tmp_path, rules, {**HOME, **files})
    together = work(alone.site.config, Request(jobs=2), strings=False)
    assert len(alone.rewrites) == 150
    assert together.rewrites == alone.rewrites
    assert together.skips == alone.skips
    assert [*verified(alone, alone.rewrites, 2)] == [*alone.rewrites]


def test_a_result_that_is_not_right_is_neither_written_nor_shown(tmp_path: Path) -> None:
    found = planned(tmp_path, BOTH, {**HOME, "a.py": "from shop.old import Order\n"})
    (right,) = found.rewrites
    wrong = right._replace(edits=(Edit(0, len(right.before), b"from shop import Basket\n"),))
    (judged,) = verified(found, [wrong], 1)
    assert (judged.edits, judged.made, judged.after) == ((), (), right.before)
    (skip,) = judged.skips
    assert (skip.path, skip.line, skip.old) == ("a.py", 1, "shop.old.Order")
    assert skip.reason.startswith("not rewritten: ")


def test_a_moved_package_may_still_import_itself_by_the_old_path(tmp_path: Path) -> None:
    """Its own imports are rewritten with the others, so what they bring will be there."""
    rules = """\
ssot-lint: 1
rules:
  - {name: old-path, kind: legacy-import, reason: r, moved: {pkg.old: pkg.new}}
"""
    files = {
        "pkg/__init__.py": "",
        "pkg/new/__init__.py": "from pkg.old.base import X\n",
        "pkg/new/base.py": "X = 1\n",
        "a.py": "from pkg.old import X\n",
        "b.py": "from pkg.old import Y\n",
    }
    found = planned(tmp_path, rules, files)
    assert {each.path: each.after.decode() for each in verified(found, found.rewrites, 1)} == {
        "a.py": "from pkg.new import X\n",
        "pkg/new/__init__.py": "from pkg.new.base import X\n",
    }
    assert [(skip.path, skip.reason) for skip in found.skips] == [
        ("b.py", "pkg.new.Y does not exist")
    ]
