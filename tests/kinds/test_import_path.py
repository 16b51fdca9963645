"""What import-path says beside its violations: faults, homes that are gone, idle entries, notes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ssot_lint.config import load, read
from ssot_lint.engine import Request
from ssot_lint.engine.survey import survey
from ssot_lint.errors import ConfigError
from ssot_lint.model import Report
from ssot_lint.patterns import Words
from tests.kinds.running import check

HEAD = "ssot-lint: 1\nrules:\n  - {name: x, kind: import-path, reason: R."


def run(folder: Path, options: str, files: dict[str, str]) -> Report:
    return check(folder, f"{HEAD}, {options}}}\n", files)


def notes(report: Report) -> list[tuple[str, str, int, str]]:
    return [(n.topic, n.path, n.line, n.message) for n in report.notes]


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ("", "3:5: x: required key 'home' is missing"),
        (
            ", home: 'a.*'",
            "3:46: x: 'a.*': a literal dotted path is needed here, without wildcards",
        ),
        (
            ", home: a, names: [B.C]",
            "3:63: x: expected a name without dots and wildcards, found 'B.C'",
        ),
        (", home: a, public: []", "3:55: x: an empty list says nothing; leave the key out"),
    ],
)
def test_options_that_say_nothing(options: str, fault: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(f"{HEAD}{options}}}\n", "rules.yaml", root="/")
    assert caught.value.lines == (f"rules.yaml:{fault}",)


def test_a_home_that_is_gone_makes_the_rule_unable_to_work(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "home: shop.orders, names: [OrderBook, Gone, Lazy], public: [shop.other]",
        {
            "shop/__init__.py": "from shop.orders import OrderBook\n",
            "shop/orders.py": "class OrderBook: ...\nfrom shop.lazy import Lazy\n",
            "shop/lazy.py": "def __getattr__(name): ...\n",
            "use.py": "from shop import OrderBook, Gone\n",
        },
    )
    assert [(v.code, v.subject, v.message) for v in report.violations] == [
        (
            "SOT002",
            "x",
            "rule 'x' cannot work: home 'shop.orders.Gone' leads nowhere: "
            "missing name shop.orders.Gone",
        ),
        (
            "SOT104",
            "shop.OrderBook",
            "import of shop.OrderBook leads to shop.orders.OrderBook; import it from there",
        ),
    ]
    assert notes(report) == [
        ("idle", "rules.yaml", 3, "public: 'shop.other' does not lead to shop.orders"),
        (
            "undecidable",
            "shop/orders.py",
            2,
            "whether shop.lazy.Lazy leads to shop.orders cannot be told",
        ),
    ]


def test_a_home_that_cannot_be_followed_says_nothing(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "home: shop.orders.OrderBook, public: [shop.public]",
        {
            "shop/orders.py": "from shop.lazy import OrderBook\n",
            "shop/lazy.py": "def __getattr__(name): ...\n",
            "use.py": "from shop.lazy import OrderBook\nfrom shop.orders import *\n",
        },
    )
    assert report.violations == ()
    assert [n.topic for n in report.notes] == ["undecidable", "undecidable"]


def test_no_rule_calls_its_home_legacy(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "home: shop.orders.OrderBook}\n"
        "  - {name: y, kind: legacy-import, reason: R., removed: [shop.orders]",
        {
            "shop/orders.py": "class OrderBook: ...\n",
            "use.py": "from shop.orders import OrderBook, Other\n",
        },
    )
    assert [(v.rule, v.subject) for v in report.violations] == [("y", "shop.orders.Other")]


def test_statements_are_counted_where_they_begin(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "home: shop.orders.OrderBook",
        {
            "shop/__init__.py": "from shop.orders import OrderBook\n",
            "shop/orders.py": "class OrderBook: ...\n",
            "use.py": "from shop import (\n  OrderBook,\n  OrderBook as O,\n)\nimport shop\nshop.OrderBook\n",
        },
    )
    assert [(v.span.line, v.statement) for v in report.violations] == [
        (2, (1, 1)),
        (3, (1, 1)),
        (6, (6, 1)),
    ]


STEPS = ("shop.orders", "shop.a", "shop.b", "shop.c", "shop.impl")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(["from", "star", "alias", "module"]), min_size=4, max_size=4))
def test_whatever_the_chain_from_home_to_implementation_nobody_on_it_is_blamed(
    tmp_path: Path, links: list[str]
) -> None:
    """And whoever imports from any other place on it is."""
    files = {"shop/impl.py": "class OrderBook: ...\n", "shop/__init__.py": ""}
    for step, following, link in zip(STEPS, STEPS[1:], links, strict=False):
        module = following.rpartition(".")[2]
        files[step.replace(".", "/") + ".py"] = {
            "from": f"from {following} import OrderBook\n",
            "star": f"from {following} import *\n",
            "alias": f"from {following} import OrderBook as _O\nOrderBook = _O\n",
            "module": f"from shop import {module}\nOrderBook = {module}.OrderBook\n",
        }[link]
    files["use.py"] = "".join(f"from {step} import OrderBook\n" for step in STEPS)
    report = run(tmp_path, "home: shop.orders.OrderBook", files)
    found = [(v.path, v.span.line, v.subject) for v in report.violations]
    assert found == [
        ("use.py", line, f"{step}.OrderBook") for line, step in enumerate(STEPS, 1) if line > 1
    ]


@pytest.mark.parametrize(
    ("body", "home", "use"),
    [
        ("    Book = _book.Book\n", "shop.Book", "K.Book()"),
        ("    from shop._book import Book\n", "shop.Book", "K.Book()"),
        ("    class In:\n        B = _book.Book\n", "shop.Book", "K.In.B()"),
        ("    class Page: ...\n", "shop.K.Page", "K.Page()"),
        ("    size = 5\n", "shop.K.size", "print(K.size)"),
    ],
)
def test_what_a_class_holds_is_reached(body: str, home: str, use: str, tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "from shop._book import Book\nfrom shop._keep import K\n",
        "shop/_book.py": "class Book: ...\n",
        "shop/_keep.py": f"from shop import _book\nclass K:\n{body}",
        "use.py": f"from shop._keep import K\n{use}\n",
    }
    rules = f"ssot-lint: 1\nrules:\n  - {{name: x, kind: import-path, reason: R., home: {home}}}\n"
    found = check(tmp_path, rules, files).violations
    assert found == check(tmp_path, rules, files, prefilter=False).violations
    assert [v.path for v in found].count("use.py") == 1


@pytest.mark.parametrize("prefilter", [True, False])
@pytest.mark.parametrize(
    ("give", "path"),
    [
        ({"give.py": "from home import Order as Bill\n"}, "give.Bill"),
        ({"give.py": "import home\nBill = home.Order or None\n"}, "give.Bill"),
        ({"give.py": "import home\nclass Shop:\n    Bill = home.Order\n"}, "give.Shop.Bill"),
        (
            {
                "first.py": "from home import Order as Bill\n",
                "second.py": "import first\nSlip = first.Bill\n",
                "give.py": "from second import Slip as Chit\n",
            },
            "give.Chit",
        ),
        ({"give.py": "from home import *\nBill = Order\n"}, "give.Bill"),
    ],
)
def test_who_spells_no_name_of_the_home_is_found(
    give: dict[str, str], path: str, prefilter: bool, tmp_path: Path
) -> None:
    """The names to which others bind it are learnt from who does, wherever the rule judges."""
    module, _, name = path.partition(".")
    files = {
        "home.py": "class Order: ...\n",
        **give,
        "use/a.py": f"import {module} as m\nm.{name}\n",
        "use/b.py": f"from {module} import {name.partition('.')[0]}\n{name}\n",
    }
    rules = f"{HEAD}, home: home.Order, paths: [use/]}}\n"
    report = check(tmp_path, rules, files, prefilter=prefilter)
    assert [(v.path, v.subject) for v in report.violations] == [
        ("use/a.py", path),
        ("use/b.py", path),
    ]


def test_what_a_name_was_only_taken_for_is_not_looked_for(tmp_path: Path) -> None:
    """Another thing of the same name has other names that mean nothing here."""
    files = {
        "home.py": "class Order: ...\n",
        "other.py": "class Order: ...\n",
        "give.py": "from other import Order as Bill\ndef f():\n    from home import Order as X\n",
    }
    for path, text in {"rules.yaml": f"{HEAD}, home: home.Order}}\n", **files}.items():
        (tmp_path / path).write_text(text)
    told = read(str(tmp_path / "rules.yaml"))
    site = survey(told, Request(), told.rules).read(Request())
    assert site.rules[0].words() == replace(Words.of({"Order"}), stars=True)


@pytest.mark.parametrize("prefilter", [True, False])
def test_a_name_may_be_handed_on_any_number_of_times(prefilter: bool, tmp_path: Path) -> None:
    """After some rounds of learning all files are read; the order of files does not matter."""
    count = 40
    files = {
        f"m{count - n:02}.py": f"from {source} import {name} as In{n}\nOut{n} = In{n}\n"
        for n, (source, name) in enumerate(
            [("home", "Order"), *((f"m{count - n:02}", f"Out{n}") for n in range(count - 1))]
        )
    }
    report = check(
        tmp_path,
        f"{HEAD}, home: home.Order}}\n",
        {"home.py": "class Order: ...\n", **files},
        prefilter=prefilter,
    )
    assert len(report.violations) == count - 1
