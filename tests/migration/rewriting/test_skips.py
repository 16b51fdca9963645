"""What needs a human because of other files, or because rules disagree."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.migration.model import Change, Rewrite
from tests.migration.rewriting.running import changes, ground, write
from tests.migration.rewriting.shop import FILES, MOVED


def reasons(done: Rewrite) -> list[str]:
    return [f"{skip.line} {skip.reason}" for skip in done.skips]


TARGETS = {
    "nothing of that name": ("shop.stock.Nothing", "shop.stock.Nothing does not exist"),
    "no such module": ("shop.nowhere.Order", "there is no module shop.nowhere"),
    "an attribute of a class": ("shop.stock.Item.inner", "there is no module shop.stock.Item"),
    "in this file": ("app.Order", "this file is where app.Order is defined"),
}


@pytest.mark.parametrize(("new", "reason"), TARGETS.values(), ids=TARGETS.keys())
def test_targets_that_cannot_be_imported(new: str, reason: str, tmp_path: Path) -> None:
    source = b"from shop.old import Order, Kept\nclass Order: pass\n"
    write(tmp_path, {**FILES, "app.py": source})
    shop = ground(tmp_path, {"shop.old.Order": new})

    done = shop.rewritten("app.py", changes(shop)["app.py"])

    assert reasons(done) == [f"1 {reason}"]
    assert not done.edits


def test_modules_that_cannot_be_imported(tmp_path: Path) -> None:
    source = b"import shop.legacy as m\nfrom shop import legacy\nfrom shop.legacy import *\n"
    write(tmp_path, {**FILES, "app.py": source})
    shop = ground(tmp_path, {"shop.legacy": "shop.stock.Item"})

    done = shop.rewritten("app.py", changes(shop)["app.py"])

    assert reasons(done) == [
        "1 there is no module shop.stock.Item",
        "3 there is no module shop.stock.Item",
    ]


def test_what_is_outside_cannot_be_checked(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "app.py": b"from shop.old import Order\nimport shop.legacy as m\n"})
    shop = ground(tmp_path, {"shop.old.Order": "library.orders.Order", "shop.legacy": "library"})

    done = shop.rewritten("app.py", changes(shop)["app.py"])

    assert done.after == b"from library.orders import Order\nimport library as m\n"


def test_a_module_without_a_package_takes_a_plain_import(tmp_path: Path) -> None:
    source = b"from shop import legacy  # why\nfrom shop import (legacy as m)\nfrom shop import legacy as book\n"
    write(tmp_path, {**FILES, "book.py": b"", "app.py": source})
    shop = ground(tmp_path, {"shop.legacy": "book"})

    done = shop.rewritten("app.py", changes(shop)["app.py"])

    assert done.after == b"import book as legacy  # why\nimport book as m\nimport book\n"


def test_a_module_without_a_package_among_others(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "book.py": b"", "app.py": b"from shop import legacy, util\n"})
    shop = ground(tmp_path, {"shop.legacy": "book"})

    done = shop.rewritten("app.py", changes(shop)["app.py"])

    assert reasons(done) == ["1 'import book' cannot be part of the statement"]


CYCLES = {
    "from shop.old import Order\n": [
        "1 importing shop.orders.Order here would close an import cycle"
    ],
    "class C:\n    from shop.old import Order\n": [
        "2 importing shop.orders.Order here would close an import cycle"
    ],
    "def f():\n    from shop.old import Order\n": [],
    "if TYPE_CHECKING:\n    from shop.old import Order\n": [],
    "if __name__ == '__main__':\n    from shop.old import Order\n": [],
    "import shop.old\nshop.old.Order\n": [
        "2 importing shop.orders here would close an import cycle"
    ],
    "def f():\n    import shop.old\n    shop.old.Order\n": [],
}


@pytest.mark.parametrize(("source", "expected"), CYCLES.items())
def test_34_imports_that_would_close_a_cycle(
    source: str, expected: list[str], tmp_path: Path
) -> None:
    write(tmp_path, {**FILES, "app.py": source.encode()})
    shop = ground(tmp_path, MOVED)

    done = shop.rewritten("app.py", changes(shop)["app.py"], closes_cycle=lambda target: True)

    assert reasons(done) == expected
    assert bool(done.edits) is not bool(expected)


def test_34_only_what_closes_a_cycle_is_left(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "app.py": b"from shop.old import Order, Item\n"})
    shop = ground(tmp_path, MOVED)
    asked: list[str] = []

    def closes_cycle(target: str) -> bool:
        asked.append(target)
        return target == "shop.stock.Item"

    done = shop.rewritten("app.py", changes(shop)["app.py"], closes_cycle=closes_cycle)

    assert asked == ["shop.orders.Order", "shop.stock.Item"]
    assert done.after == b"from shop.orders import Order\nfrom shop.old import Item\n"


def test_35_a_module_is_never_replaced_by_a_name_of_it(tmp_path: Path) -> None:
    source = b"from shop import old\nimport shop.legacy as m\nold.Order, m.Book\n"
    write(tmp_path, {**FILES, "app.py": source})
    shop = ground(tmp_path, MOVED)

    done = shop.rewritten("app.py", changes(shop)["app.py"])

    assert done.after == (
        b"from shop import orders\nfrom shop import old\nimport shop.orders.book as m\n"
        b"orders.Order, m.Book\n"
    )


def test_a_package_may_import_its_own_module(tmp_path: Path) -> None:
    source = b"from shop import legacy\nfrom shop.old import Order\n"
    write(tmp_path, {**FILES, "shop/orders/__init__.py": source})
    shop = ground(tmp_path, MOVED)

    done = shop.rewritten("shop/orders/__init__.py", changes(shop)["shop/orders/__init__.py"])

    assert done.after == b"from shop.orders import book as legacy\nfrom shop.old import Order\n"
    assert reasons(done) == ["2 this file is where shop.orders.Order is defined"]


def test_a_new_name_must_not_hide_a_submodule(tmp_path: Path) -> None:
    files = {**FILES, "kit/__init__.py": b"from shop import old\nold.Item\n", "kit/stock.py": b""}
    write(tmp_path, files)
    shop = ground(tmp_path, MOVED)

    done = shop.rewritten("kit/__init__.py", changes(shop)["kit/__init__.py"])

    assert done.after == (
        b"from shop import stock as shop_stock\nfrom shop import old\nshop_stock.Item\n"
    )


def test_a_new_name_must_not_be_one_that_a_star_brings(tmp_path: Path) -> None:
    source = b"from names import *\nfrom shop import old\nold.Item\n"
    write(tmp_path, {**FILES, "names.py": b"stock = 1\n", "app.py": source})
    shop = ground(tmp_path, MOVED)

    done = shop.rewritten("app.py", changes(shop)["app.py"])

    assert done.after == (
        b"from names import *\nfrom shop import stock as shop_stock\nfrom shop import old\n"
        b"shop_stock.Item\n"
    )


def test_rules_that_agree_and_rules_that_do_not(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "app.py": b"from shop.old import Order, Item\n"})
    shop = ground(tmp_path, MOVED)
    order, item = changes(shop)["app.py"]
    wanted = [
        order,
        order._replace(rule="also"),
        item,
        item._replace(rule="other", new="shop.orders.Order"),
    ]

    done = shop.rewritten("app.py", wanted)

    assert sorted(done.made) == sorted([order, order._replace(rule="also"), item])
    assert done.after == b"from shop.orders import Order\nfrom shop.stock import Item\n"
    assert [(s.rule, s.reason) for s in done.skips] == [
        ("other", "rule old wants shop.stock.Item there")
    ]


def test_uses_that_the_caller_knows_follow_their_own_change(tmp_path: Path) -> None:
    """Without a successor function, what went elsewhere than its module must be told."""
    source = b"import shop.legacy\nshop.legacy.Book, shop.legacy.Page\n"
    write(tmp_path, {**FILES, "app.py": source})
    shop = ground(tmp_path, {"shop.legacy": "shop.orders.book"})
    wanted = changes(shop)["app.py"]
    module = shop.module("app.py")
    page = next(use for use in module.facts.uses if use.chain.endswith("Page"))
    told = Change(page.span, "shop.legacy.Page", "shop.pages.Sheet", "old")

    alone = shop.rewritten("app.py", wanted)
    done = shop.rewritten("app.py", [*wanted, told])

    assert reasons(alone) == ["1 shop.orders.book has no 'Page', which line 2 uses"]
    assert done.after == (
        b"import shop.pages\nimport shop.orders.book\nshop.orders.book.Book, shop.pages.Sheet\n"
    )
    assert sorted(done.made) == sorted([*wanted, told])


def test_uses_that_follow_are_among_the_changes_made(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "app.py": b"from shop import legacy\nlegacy.Page.x\n"})
    shop = ground(tmp_path, MOVED)
    (wanted,) = changes(shop)["app.py"]

    done = shop.rewritten("app.py", [wanted])

    (use,) = shop.module("app.py").facts.uses
    follows = Change(use.span, "shop.legacy.Page.x", "shop.pages.Sheet.x", wanted.rule)
    assert sorted(done.made) == sorted([wanted, follows])


def test_a_statement_that_binds_a_name_twice(tmp_path: Path) -> None:
    """The last one wins, so none may change places with the other."""
    source = (
        b"from shop.old import Order as X, Kept as X\nfrom shop.old import (Item # which\n  as Y)\n"
    )
    write(tmp_path, {**FILES, "app.py": source})
    shop = ground(tmp_path, MOVED)

    done = shop.rewritten("app.py", changes(shop)["app.py"])

    assert reasons(done) == [
        "1 the statement binds 'X' twice",
        "2 a comment stands within the imported name",
    ]


def test_uses_of_a_class_that_moved(tmp_path: Path) -> None:
    """Rules ask for no such change; who does gets it."""
    write(tmp_path, {**FILES, "app.py": b"from shop.old import Cart\nCart.total\n"})
    shop = ground(tmp_path, MOVED)
    (cart,) = changes(shop)["app.py"]
    (use,) = shop.module("app.py").facts.uses
    total = Change(use.span, "shop.old.Cart.total", "shop.orders.Basket.sum", "old")

    done = shop.rewritten("app.py", [cart, total])

    assert done.after == b"from shop.orders import Basket as Cart\nCart.sum\n"


OUTSIDE = {
    "old.Order.x": (b"from library import orders\n", b"orders.Order.x\n"),
    "old.Cart": (b"from library import orders\n", b"orders.Basket\n"),
}


@pytest.mark.parametrize(("use", "after"), OUTSIDE.items())
def test_uses_of_what_is_outside(use: str, after: tuple[bytes, bytes], tmp_path: Path) -> None:
    statement = b"from shop import old\n"
    write(tmp_path, {**FILES, "app.py": statement + use.encode() + b"\n"})
    moved = {
        "shop.old.Order": "library.orders.Order",
        "shop.old.Cart": "library.orders.Basket",
    }
    shop = ground(tmp_path, moved)

    done = shop.rewritten("app.py", changes(shop)["app.py"])

    assert done.after == after[0] + statement + after[1]


def test_a_module_that_cannot_be_told_from_what_is_in_it(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "app.py": b"import unknown\nunknown.a.b.C\n"})
    shop = ground(tmp_path, {"unknown.a.b.C": "library.C"})

    done = shop.rewritten("app.py", changes(shop)["app.py"])

    assert reasons(done) == ["2 which part of library.C is a module cannot be told"]


def test_a_parent_that_is_gone_cannot_be_kept(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"app.py": b"import gone.mid.leaf\ngone.mid.leaf.X, gone.y\n", "new.py": b"X = 1\n"},
    )
    shop = ground(tmp_path, {"gone.mid.leaf": "new"})
    (tmp_path / "gone").mkdir()

    done = shop.rewritten("app.py", changes(shop)["app.py"])

    assert done.after == (b"import gone\nimport new\nnew.X, gone.y\n")
