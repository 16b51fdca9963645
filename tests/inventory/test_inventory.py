"""What the page of cases cannot show: selection, errors, order, and files that change nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ssot_lint.config import read
from ssot_lint.engine import Request
from ssot_lint.errors import UsageError
from ssot_lint.inventory import Inventory, inventory
from tests.inventory.projects import rows, taken, write

TWO = """\
ssot-lint: 1
rules:
  - name: other-order
    kind: divergent-name
    reason: One Order.
    names: [Order]
    home: shop.orders.Order
  - name: old-line
    kind: legacy-import
    reason: Moved.
    moved: {shop.Line: shop.lines.Line, shop.Order: shop.orders.Order}
  - name: no-factory
    kind: forbidden-module
    reason: None needed.
    modules: [shop.factory]
"""
FILES = {
    "rules.yaml": TWO,
    "shop/orders.py": "class Order: ...\n",
    "shop/lines.py": "class Line: ...\n",
    "shop/use.py": "from shop.lines import Line\nfrom shop import Order\n",
}


def homes(found: Inventory) -> dict[str, tuple[str, ...]]:
    return {source.home: source.rules for source in found.sources}


def test_sources_of_several_rules_are_one(tmp_path: Path) -> None:
    assert homes(taken(tmp_path, FILES)) == {
        "shop.lines.Line": ("old-line",),
        "shop.orders.Order": ("other-order", "old-line"),
    }


def test_a_selection_shows_fewer_sources_and_counts_the_same(tmp_path: Path) -> None:
    every = taken(tmp_path, FILES)
    (order,) = taken(tmp_path, FILES, "other-order").sources
    assert order == next(s for s in every.sources if s.home == order.home)
    assert rows(order) == [("legacy", "import", "shop.Order", (1, 1, 1))]
    assert homes(taken(tmp_path, FILES, "old-line")) == homes(every)


def refused(folder: Path, *rules: str) -> str:
    with pytest.raises(UsageError) as caught:
        taken(folder, FILES, *rules)
    (line,) = caught.value.lines
    return line


def test_an_unknown_rule(tmp_path: Path) -> None:
    assert refused(tmp_path, "old-lime") == "there is no rule 'old-lime', did you mean 'old-line'?"


NEEDS = "only a rule with a home, or with moved or removed paths, names a source of truth"


def test_a_rule_that_names_no_source(tmp_path: Path) -> None:
    line = f"rule 'no-factory' (kind forbidden-module) has no paths: {NEEDS}"
    assert refused(tmp_path, "old-line", "no-factory") == line


def test_rules_none_of_which_names_a_source(tmp_path: Path) -> None:
    only = re.sub(r"(?s)  - name: other.*(?=  - name: no-factory)", "", TWO)
    write(tmp_path, {"rules.yaml": only, "a.py": ""})
    path = str(tmp_path / "rules.yaml")
    with pytest.raises(UsageError) as caught:
        inventory(read(path), Request())
    assert caught.value.lines == (f"{path}: none of the rules has paths: {NEEDS}",)


def test_a_root_without_files(tmp_path: Path) -> None:
    write(tmp_path, {"rules.yaml": TWO})
    with pytest.raises(UsageError) as caught:
        inventory(read(str(tmp_path / "rules.yaml")), Request())
    assert caught.value.lines == (f"no Python file is judged below the root {tmp_path}",)


def test_where_a_rule_judges_does_not_matter(tmp_path: Path) -> None:
    """The inventory is of what there is, also where a rule allows it."""
    every = taken(tmp_path, FILES)
    narrow = TWO.replace(
        "reason: Moved.", "reason: Moved.\n    allow_in: [shop.use]\n    paths: [x/]"
    )
    assert taken(tmp_path, {**FILES, "rules.yaml": narrow}).sources == every.sources


def test_what_is_excluded_uses_nothing_and_exists(tmp_path: Path) -> None:
    rules = TWO + "exclude: [shop/orders.py, shop/use.py]\n"
    found = taken(tmp_path, {**FILES, "rules.yaml": rules})
    assert [source.leads_to for source in found.sources] == [
        *(("shop.lines.Line",), ("shop.orders.Order",)),
    ]
    assert [rows(source) for source in found.sources] == [[], []]
    assert found.files == 1


def test_the_most_used_path_comes_first_within_its_kind(tmp_path: Path) -> None:
    uses = {
        "shop/a.py": "from shop.orders import Order\n",
        "shop/z.py": "from shop.orders import Order\n",
        "shop/b.py": "from shop.a import Order\n",
        "shop/c.py": "from shop.z import Order\nfrom shop.z import Order as Again\n",
        "shop/d.py": "from shop import Order\n",
    }
    order = taken(tmp_path, {**FILES, **uses, "shop/use.py": ""}).sources[1]
    assert rows(order) == [
        ("canonical", "import", "shop.orders.Order", (2, 2, 2)),
        ("re-export", "import", "shop.z.Order", (2, 2, 1)),
        ("re-export", "import", "shop.a.Order", (1, 1, 1)),
        ("legacy", "import", "shop.Order", (1, 1, 1)),
    ]


def test_an_old_path_is_in_use_however_it_is_reached(tmp_path: Path) -> None:
    def unused(text: str) -> tuple[str, ...]:
        files = {**FILES, "shop/__init__.py": "from shop.lines import Line\n", "shop/use.py": text}
        return next(s for s in taken(tmp_path, files).sources if s.home == "shop.lines.Line").unused

    assert unused("") == ("shop.Line",)
    assert unused("from shop.lines import Line") == ("shop.Line",)
    assert unused("from shop import Line") == ()
    assert unused("from shop import *") == ()
    assert unused("import shop\nshop.Line.x") == ()
    assert unused("patch('shop.Line.x')") == ()


def test_a_borrowed_name_of_a_removed_path_is_not_what_was_removed(tmp_path: Path) -> None:
    rules = TWO.replace(
        "moved: {shop.Line: shop.lines.Line, shop.Order: shop.orders.Order}",
        "removed: [shop.api.Order, shop.api.make]",
    )
    files = {
        **FILES,
        "rules.yaml": rules,
        "shop/api.py": "from shop.orders import Order\ndef make(): ...\n",
        "shop/use.py": "from shop.orders import Order\nfrom shop.api import Order as O\n",
        "shop/other.py": "from shop.api import make\n",
        "shop/more.py": "from shop.other import make\n",
    }
    found = {source.home: rows(source) for source in taken(tmp_path, files).sources}
    assert found == {
        "shop.api.Order": [("legacy", "import", "shop.api.Order", (1, 1, 1))],
        "shop.api.make": [
            ("re-export", "import", "shop.other.make", (1, 1, 1)),
            ("legacy", "import", "shop.api.make", (1, 1, 1)),
        ],
        "shop.orders.Order": [
            ("canonical", "import", "shop.orders.Order", (2, 2, 2)),
            ("legacy", "import", "shop.api.Order", (1, 1, 1)),
        ],
    }


def test_names_of_other_scripts_are_followed(tmp_path: Path) -> None:
    uses = {
        "shop/a.py": "from shop.orders import Order as Größe\n",
        "shop/b.py": "from shop.a import Größe\n",
        "shop/c.py": "from shop.a import Gro\u0308ße\n",
    }
    order = taken(tmp_path, {**FILES, **uses, "shop/use.py": ""}).sources[1]
    assert ("re-export", "import", "shop.a.Größe", (2, 2, 2)) in rows(order)


def test_what_matches_nothing_is_told_at_its_line(tmp_path: Path) -> None:
    rules = TWO + 'entry_points: [shop.use, nobody, bin/*]\ngroups: {e2e: [e2e/, "!e2e/x.py"]}\n'
    found = taken(tmp_path, {**FILES, "rules.yaml": rules})
    assert [(note.topic, note.line, note.message) for note in found.notes] == [
        ("idle", 16, "entry_points: 'bin/*' matches no file"),
        ("idle", 16, "entry_points: 'nobody' matches no module"),
        ("idle", 17, "groups: '!e2e/x.py' of 'e2e' matches no file"),
        ("idle", 17, "groups: 'e2e/' of 'e2e' matches no file"),
    ]


def test_a_broken_link_is_told(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "linked.py").symlink_to("nowhere.py")
    found = taken(tmp_path, FILES)
    assert [(note.path, note.message) for note in found.unread] == [
        ("shop/linked.py", "a broken link")
    ]


def test_an_attribute_that_must_be_absent_is_no_use(tmp_path: Path) -> None:
    text = """\
import pytest
import shop.orders


def test():
    with pytest.raises(ImportError):
        shop.orders.Order
        patch("shop.orders.Order")
"""
    order = taken(tmp_path, {**FILES, "shop/use.py": text}).sources[1]
    assert rows(order) == []


def test_a_home_that_is_a_module_stands_for_the_names_of_its_rule(tmp_path: Path) -> None:
    rules = """\
ssot-lint: 1
rules:
  - name: order-path
    kind: import-path
    reason: One path.
    home: shop.orders
    names: [Order, Gone]
"""
    files = {**FILES, "rules.yaml": rules, "shop/use.py": "from shop.orders import Order\n"}
    found = taken(tmp_path, files)
    assert {source.home: rows(source) for source in found.sources} == {
        "shop.orders": [("canonical", "import", "shop.orders.Order", (1, 1, 1))],
        "shop.orders.Order": [("canonical", "import", "shop.orders.Order", (1, 1, 1))],
    }
