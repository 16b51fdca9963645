"""Bytes: encodings, marks, line ends, and everything around an edit."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from ssot_lint.migration.model import Change, Edit
from tests.migration.rewriting.running import changes, ground, write
from tests.migration.rewriting.shop import FILES, MOVED

BOM = codecs.BOM_UTF8

CASES = {
    "(1) latin-1: columns count characters of the text, edits bytes of the file": (
        b"# coding: latin-1\n'\xe9\xe9'; from shop.old import Order, Kept  # \xe9\n",
        b"# coding: latin-1\n'\xe9\xe9'; from shop.orders import Order; "
        b"from shop.old import Kept  # \xe9\n",
    ),
    "(1) UTF-8: letters of several bytes before, within and behind": (
        "é = '€😀'; from shop.old import Order as é, Kept  # €\nprint(é)\n".encode(),
        "é = '€😀'; from shop.orders import Order as é; from shop.old import Kept  # €\n"
        "print(é)\n".encode(),
    ),
    "(1) letters in a chain": (
        "import shop.legacy\n'é', shop.legacy.Book, '😀', shop.legacy.Book\n".encode(),
        "import shop.orders.book\n"
        "'é', shop.orders.book.Book, '😀', shop.orders.book.Book\n".encode(),
    ),
    "(1) a multi-byte encoding": (
        "# coding: euc-jp\nx = '日本'; from shop.old import Order  # 日本\n".encode("euc-jp"),
        "# coding: euc-jp\nx = '日本'; from shop.orders import Order  # 日本\n".encode("euc-jp"),
    ),
    "(1) a multi-byte encoding whose second bytes are ASCII": (
        "# coding: shift_jis\nx = 'ソ'; from shop.old import Order, Kept\n".encode("shift_jis"),
        "# coding: shift_jis\nx = 'ソ'; from shop.orders import Order; "
        "from shop.old import Kept\n".encode("shift_jis"),
    ),
    "(1) names that Python normalises": (
        "from shop.old import ﬁx, \uff2frder\n".encode(),
        "from shop.orders import Order\nfrom shop.old import ﬁx\n".encode(),
    ),
    "(2) a byte order mark": (
        BOM + b"from shop.old import Order, Kept\n",
        BOM + b"from shop.orders import Order\nfrom shop.old import Kept\n",
    ),
    "(2) a byte order mark, and a declaration": (
        BOM + "# coding: utf-8\nx = 'é'; import shop.legacy as m\n".encode(),
        BOM + "# coding: utf-8\nx = 'é'; import shop.orders.book as m\n".encode(),
    ),
    "(3) form feeds and separators end no line": (
        "x = '\x1c\u2028\x85'\n\fdef f():\n\f    from shop.old import Order, Kept\n".encode(),
        "x = '\x1c\u2028\x85'\n\fdef f():\n\f    from shop.orders import Order\n"
        "    from shop.old import Kept\n".encode(),
    ),
    "(3) form feeds between statements": (
        b"import os\n\f\nfrom shop.old import (\f\n    Order,\n\f\n    Kept)\n",
        b"import os\n\f\nfrom shop.orders import Order\nfrom shop.old import (\f\n\f\n    Kept)\n",
    ),
    "(4) CRLF": (
        b"import os\r\nfrom shop.old import (\r\n    Order,  # noqa: F401\r\n    Kept,\r\n)\r\n",
        b"import os\r\nfrom shop.orders import Order  # noqa: F401\r\n"
        b"from shop.old import (\r\n    Kept,\r\n)\r\n",
    ),
    "(4) CR": (
        b"def f():\r\tfrom shop.old import Order, \\\r\t\tKept\r\tfrom shop.old import Order\rx = 1\r",
        b"def f():\r\tfrom shop.orders import Order\r\tfrom shop.old import \\\r\t\tKept\rx = 1\r",
    ),
    "(4) mixed: as nearby": (
        b"import os\r\nfrom shop.old import Order, Kept\nfrom shop.old import Item, Other\r\n",
        b"import os\r\nfrom shop.orders import Order\nfrom shop.old import Kept\n"
        b"from shop.stock import Item\r\nfrom shop.old import Other\r\n",
    ),
    "(4) as on the line before, if the last line has none": (
        b"import os\r\nfrom shop.old import Order, Kept",
        b"import os\r\nfrom shop.orders import Order\r\nfrom shop.old import Kept",
    ),
    "(5) no line end at the end": (
        b"from shop.old import Order",
        b"from shop.orders import Order",
    ),
    "(5) no line end at the end, a single line": (
        b"from shop.old import Order, Kept",
        b"from shop.orders import Order\nfrom shop.old import Kept",
    ),
    "(5) no line end at the end, so the last statement stays": (
        b"from shop.orders import Order\r\nfrom shop.old import Order",
        b"from shop.orders import Order\r\nfrom shop.orders import Order",
    ),
    "(5) no line end at the end, and several statements go": (
        b"from shop.orders import Order\nfrom shop.old import Order\nfrom shop.old import Order",
        b"from shop.orders import Order\nfrom shop.orders import Order",
    ),
    "tabs": (
        b"if 1:\n\tif 2:\n\t\tfrom shop.old import\tOrder,\tKept\n",
        b"if 1:\n\tif 2:\n\t\tfrom shop.orders import Order\n\t\tfrom shop.old import\tKept\n",
    ),
    "(32) strings of all plain sorts": (
        b"f('shop.old.Order', \"shop.old.Cart\", r'shop.old.Item', u'''shop.old.Order''')\n",
        b"f('shop.orders.Order', \"shop.orders.Basket\", r'shop.stock.Item', "
        b"u'''shop.orders.Order''')\n",
    ),
    "(32) entry points and relative modules": (
        b"x = 'shop.old:Order'; y = 'shop.legacy:Book.title'; z = 'shop.legacy:Page'\n",
        b"x = 'shop.orders:Order'; y = 'shop.orders.book:Book.title'; z = 'shop.pages:Sheet'\n",
    ),
    "(33) a patch target names the module that is named": (
        b"@patch('shop.old.Order.save', autospec=True)\ndef f(): pass\n",
        b"@patch('shop.orders.Order.save', autospec=True)\ndef f(): pass\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES.keys())
def test_bytes(before: bytes, after: bytes, tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "app.py": before})
    shop = ground(tmp_path, MOVED)
    wanted = changes(shop)["app.py"]

    done = shop.rewritten("app.py", wanted)

    assert done.after == after
    assert not done.skips
    assert sorted(done.made) == sorted(wanted)
    assert done.before == before
    write(tmp_path, {"app.py": after})
    assert "app.py" not in changes(ground(tmp_path, MOVED))


STRINGS = {
    "f'shop.old.Order.{x}'": ["only the beginning of the string is known"],
    "'shop.old.' + 'Order'": ["the path is not written in one plain string literal"],
    "'shop.old.' 'Order'": ["the path is not written in one plain string literal"],
    r"'shop.old\x2eOrder'": ["the path is not written in one plain string literal"],
    "'shop.old.Order.%s' % x": ["only the beginning of the string is known"],
    "b'shop.old.Order'": [],
    "'see shop.old.Order'": [],
    "f'shop.old.Order'": ["the path is not written in one plain string literal"],
    "'shop.old.Gone'": ["it was removed and has no successor"],
}


@pytest.mark.parametrize(("literal", "reasons"), STRINGS.items())
def test_strings_that_need_a_human(literal: str, reasons: list[str], tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "app.py": f"f({literal})\n".encode()})
    shop = ground(tmp_path, MOVED, ["shop.old.Gone"])

    done = shop.rewritten("app.py", changes(shop).get("app.py", []))

    assert [skip.reason for skip in done.skips] == reasons
    assert not done.edits


ENCODINGS = {
    "its encoding, utf-7, cannot be edited byte by byte": b"# coding: utf-7\nimport shop.legacy\n",
    "its encoding, iso2022-jp, cannot be edited byte by byte": b"# coding: iso2022-jp\n"
    b"x = '\x1b$B\x3d\x3d\x1b(B'\nimport shop.legacy\n",
    "its encoding, hz, cannot be edited byte by byte": b"# coding: hz\nimport shop.legacy\n",
    "its encoding, unicode-escape, cannot be edited byte by byte": b"# coding: unicode-escape\n"
    b"import shop.legacy\n",
    "it is not in the encoding that it declares": b"x = '\xe9'\nimport shop.legacy\n",
}


@pytest.mark.parametrize(("reason", "source"), ENCODINGS.items(), ids=ENCODINGS.keys())
def test_encodings_that_are_left_alone(reason: str, source: bytes, tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "app.py": source})
    shop = ground(tmp_path, MOVED)
    wanted = changes(shop)["app.py"]

    done = shop.rewritten("app.py", wanted)

    assert not done.edits
    assert not done.made
    assert [(s.line, s.rule, s.old, s.reason) for s in done.skips] == [
        (c.span.line, c.rule, c.old, reason) for c in wanted
    ]


def test_a_name_that_the_encoding_cannot_spell(tmp_path: Path) -> None:
    source = b"# coding: latin-1\nfrom shop.old import Order\n"
    write(tmp_path, {"shop/old.py": b"Order = 1\n", "app.py": source, "ž.py": b"Order = 1\n"})
    shop = ground(tmp_path, {"shop.old.Order": "ž.Order"})

    done = shop.rewritten("app.py", changes(shop)["app.py"])

    assert [skip.reason for skip in done.skips] == ["the encoding of the file cannot spell ž.Order"]
    assert not done.edits


def test_edits_are_as_small_as_they_can_be(tmp_path: Path) -> None:
    source = b"from shop.old import Order  # noqa: F401\nimport shop.legacy\nshop.legacy.Book\n"
    write(tmp_path, {**FILES, "app.py": source})
    shop = ground(tmp_path, MOVED)

    done = shop.rewritten("app.py", changes(shop)["app.py"])

    assert done.edits == (
        Edit(5, 13, b"shop.orders"),
        Edit(48, 59, b"shop.orders.book"),
        Edit(60, 71, b"shop.orders.book"),
    )


def test_what_stands_there_already_is_no_edit(tmp_path: Path) -> None:
    source = b"from shop import legacy\nfrom shop import legacy as l, util\n"
    write(tmp_path, {**FILES, "app.py": source})
    shop = ground(tmp_path, {"shop.legacy": "shop.pages"})

    done = shop.rewritten("app.py", changes(shop)["app.py"])

    assert done.after == (
        b"from shop import pages as legacy\nfrom shop import pages as l\nfrom shop import util\n"
    )
    assert all(done.before[edit.start : edit.end] != edit.text for edit in done.edits)


def test_a_change_of_another_file_is_the_callers_mistake(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "app.py": b"from shop.old import Order\n"})
    shop = ground(tmp_path, MOVED)
    (change,) = changes(shop)["app.py"]
    elsewhere = Change(change.span._replace(line=3, end_line=3), change.old, change.new, "old")

    with pytest.raises(ValueError, match=r"^app.py:3: no import, use or string of shop.old.Order$"):
        shop.rewritten("app.py", [elsewhere])
