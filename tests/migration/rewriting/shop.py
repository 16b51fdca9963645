"""The project that the cases are about, and what moved in it."""

from __future__ import annotations

FILES = {
    "shop/__init__.py": b"",
    "shop/old.py": b"class Order: ...\nclass Item: ...\nclass Cart: ...\nclass Gone: ...\n"
    b"class Kept: ...\nclass Other: ...\n",
    "shop/legacy.py": b"class Book: ...\nclass Page: ...\nclass Lost: ...\n",
    "shop/orders/__init__.py": b"class Order: ...\nclass Basket: ...\n",
    "shop/orders/book.py": b"class Book: ...\n",
    "shop/pages.py": b"class Sheet: ...\n",
    "shop/single.py": b"class One: ...\n",
    "shop/stock.py": b"class Item: ...\nclass Leaf: ...\n",
    "shop/util.py": b"def f(): ...\n",
    "shop/web/__init__.py": b"",
    "single.py": b"class One: ...\nclass Zero: ...\n",
    "top/__init__.py": b"class Top: ...\n",
    "top/mid/__init__.py": b"class Mid: ...\n",
    "top/mid/leaf.py": b"class Leaf: ...\n",
    "top/mid/other.py": b"",
}
MOVED = {
    "shop.old.Order": "shop.orders.Order",
    "shop.old.Item": "shop.stock.Item",
    "shop.old.Cart": "shop.orders.Basket",
    "shop.legacy": "shop.orders.book",
    "shop.legacy.Page": "shop.pages.Sheet",
    "single": "shop.single",
    "top.mid.leaf": "shop.stock",
}
REMOVED = ["shop.old.Gone", "shop.legacy.Lost"]
