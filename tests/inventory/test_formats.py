"""One inventory in every format, compared with the files in ``golden``."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from ssot_lint import __version__
from ssot_lint.inventory import FORMATS, Inventory, View, render
from tests.inventory.projects import taken

GOLDEN = Path(__file__).with_name("golden")
SHOP = {
    "rules.yaml": """\
ssot-lint: 1
entry_points: [shop.main]
rules:
  - name: one-order
    kind: duplicate-definition
    reason: One Order.
    classes: [Order, "*Order"]
    home: shop.orders.Order
    defined_in: [shop.orders.model]
  - name: old-order
    kind: legacy-import
    reason: One path.
    moved: {shop.legacy: shop.orders}
    removed: [shop.factory]
""",
    "shop/orders/__init__.py": "from .model import Order\n",
    "shop/orders/model.py": "class Order: ...\n",
    "shop/legacy.py": "from shop.orders import Order\n",
    "shop/api.py": "from shop.legacy import Order as O\nfrom shop.orders.model import Order\n",
    "shop/main.py": "import shop.api\n\nshop.api.O()\nshop.api.O()\n",
    "shop/stub.py": "class Order: ...\nclass QuickOrder: ...\n",
    "shop/broken.py": "from shop.legacy import Order\ndef\n",
    "tests/test_api.py": (
        "from unittest.mock import patch\n"
        "from shop.stub import Order\n"
        "from shop.factory import make\n"
        "from elsewhere import Order as Order\n\n"
        "with patch('shop.legacy.Order'):\n    pass\n"
    ),
}


@pytest.fixture
def shop(tmp_path: Path) -> Inventory:
    return replace(taken(tmp_path, SHOP), root="/srv/shop")


@pytest.mark.parametrize("users", [False, True], ids=["counts", "users"])
@pytest.mark.parametrize("format_", FORMATS)
def test_golden(shop: Inventory, format_: str, users: bool) -> None:
    text = render(shop, format_, View(users=users)).replace(f'"{__version__}"', '"VERSION"')
    name = f"{format_}.txt" if format_ == "json" else f"{format_}-{'users' * users or 'counts'}.txt"
    assert text == (GOLDEN / name).read_text(encoding="utf-8")


def test_every_golden_file_is_of_a_format() -> None:
    names = {path.name for path in GOLDEN.iterdir()}
    drawn = {f"{f}-{w}.txt" for f in FORMATS if f != "json" for w in ("counts", "users")}
    assert names == drawn | {"json.txt"}


NASTY = 'na|me "quoted" `tick` <b> [x] \\ #1; \u202e.py'


def test_no_file_name_breaks_a_format(tmp_path: Path) -> None:
    found = taken(
        tmp_path,
        {"shop/orders.py": "class Order: ...\n", NASTY: "from shop.orders import Order\n"},
    )
    view = View(users=True)
    assert NASTY in {
        user["path"]
        for source in json.loads(render(found, "json", view))["sources"]
        for path in source["paths"]
        for user in path["users"]
    }
    shown = NASTY.replace("\u202e", "\\u202e")
    assert f"    {shown}:1 (other)\n" in render(found, "table", view)
    markdown = render(found, "markdown", view)
    line = next(line for line in markdown.splitlines() if line.startswith("- na"))
    assert re.sub(r"\\(.)", r"\1", line) == f"- {shown}:1 (other)"
    assert "- na\\|me" in markdown
    label = shown.replace("\\", "\\\\").replace('"', '\\"')
    assert f'[label="{label}", shape=ellipse];' in render(found, "dot", view)
    drawn = next(line for line in render(found, "mermaid", view).splitlines() if "na#124;" in line)
    quoted = re.fullmatch(r'  n\d+\(\["([^"]*)"\]\):::user', drawn)
    assert quoted is not None
    assert re.sub(r"#(\d+);", lambda code: chr(int(code[1])), quoted[1]) == shown


def test_json_is_the_same_whatever_the_view(shop: Inventory) -> None:
    assert render(shop, "json", View()) == render(
        shop, "json", View(users=True, relative=lambda path: f"x/{path}")
    )


def test_paths_are_relative_to_where_the_reader_is(shop: Inventory) -> None:
    text = render(shop, "table", View(users=True, relative=lambda path: f"../{path}"))
    assert "\n    ../shop/api.py:1 (production, critical)\n" in text
    assert "\n../shop/broken.py:2: invalid syntax\n" in text
    assert "\n      ../shop/stub.py:1 by class (production)\n" in text


MANY = {
    "shop/orders.py": "class Order: ...\n",
    **{f"shop/s{n:02}.py": "class Order: ...\n" for n in range(12)},
    **{f"shop/b{n:02}.py": "Order = (\n" for n in range(11)},
}


def test_long_lists_are_cut_unless_users_are_asked_for(tmp_path: Path) -> None:
    found = taken(tmp_path, MANY)
    for format_ in ("table", "markdown"):
        text = render(found, format_, View())
        assert text.count("shop.s") == 9, "and the home's"
        assert text.count("shop/b") == 10
        assert "11 files could not be read" in text
        assert "and 1 more file (all with --users)" in text
        text = render(found, format_, View(users=True))
        assert text.count("shop.s") == 12
        assert text.count("shop/b") == 11
        assert "all with --users" not in text
    table = render(found, "table", View())
    assert "  Order is bound in 13 files, 13 origins\n" in table
    assert "    and 3 more origins (all with --users)\n" in table
    assert "and 3 more rows (all with --users)\n" in render(found, "markdown", View())
