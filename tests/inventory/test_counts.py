"""Figures that must agree, whatever the project looks like."""

from __future__ import annotations

import ast
import json
import tempfile
from collections import defaultdict
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ssot_lint.config import read
from ssot_lint.engine import Request
from ssot_lint.engine.survey import survey
from ssot_lint.inventory import FORMATS, View, all_users, count, render
from ssot_lint.inventory.references import references
from ssot_lint.project import Module
from tests.inventory.projects import rows, taken

RULES = """\
ssot-lint: 1
entry_points: [shop.b]
groups: {first: [/shop/a.py, /tests/test_a.py]}
rules:
  - name: other-order
    kind: divergent-name
    reason: One Order.
    names: [Order]
    home: shop.orders.Order
  - name: one-order
    kind: duplicate-definition
    reason: One Order.
    classes: ["*Order"]
    home: shop.orders
  - name: old-order
    kind: legacy-import
    reason: Moved.
    moved: {shop.a.Order: shop.orders.Order, shop.b: shop.orders}
    removed: [shop.c.gone]
  - name: old-string
    kind: legacy-reference
    reason: Moved.
    of: old-order
"""
FILES = (
    "shop/orders.py",
    "shop/a.py",
    "shop/b.py",
    "shop/c/__init__.py",
    "tests/test_a.py",
    "x-y.py",
)
LINES = (
    "class Order: ...",
    "class QuickOrder(Order): ...",
    "from shop.orders import Order",
    "from shop.orders import Order as Item, Order",
    "from shop.a import Order",
    "from shop.a import Item",
    "from shop.b import Order, Item as Thing",
    "from shop.b import *",
    "from shop.c import *",
    "from .b import Order",
    "from . import Thing, gone",
    "from .. import orders",
    "from shop import orders, a as b, c",
    "from shop.c import gone, orders, Thing",
    "import shop.orders",
    "import shop.orders as o, shop.a, shop.b as bb",
    "shop.orders.Order.save()",
    "o.Order(bb.Order, orders.Order, c.orders.Order)",
    "Thing = Item",
    "Item = orders.Order",
    "patch('shop.orders.Order'); patch('shop.a.Order.save'); patch('shop.c.Thing')",
    "import_module('shop.b')",
    "from shop.a import Item as Order",
    "from shop.c import Thing as Order",
    "class Item: ...",
    "Order = Thing",
    "from .a import *",
    "import shop.a as module; module.Item; module.Thing.x",
    "def f():\n    from shop.a import Order as Late\n    return Late.save",
    "try:\n    from shop.c import Order\nexcept ImportError:\n    Order = None",
)
# What a chain from the home to a definition may be made of.
LAST = {
    "shop/orders.py": ("class Order: ...", "from .a import Item as Order", "from .c import *", ""),
    "shop/a.py": ("class Item: ...", "from shop.c import Thing as Item", "from .c import *", ""),
    "shop/c/__init__.py": ("class Thing: ...", "class Order: ...\nThing = Order", ""),
}


def texts(path: str) -> st.SearchStrategy[str]:
    lines = st.lists(st.sampled_from(LINES), max_size=5)
    last = st.sampled_from(LAST.get(path, ("",)))
    return st.builds(lambda some, end: "\n".join([*some, end]), lines, last)


projects = st.fixed_dictionaries({path: texts(path) for path in FILES})


@settings(max_examples=60, deadline=None)
@given(files=projects)
def test_counts_add_up(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = taken(Path(folder), {"rules.yaml": RULES, **files})
    for source in found.sources:
        for users in (*(path.users for path in source.paths), all_users(source)):
            total = count(users)
            parts = [count(users, group) for group in found.groups]
            assert total == tuple(sum(column) for column in zip(*parts, strict=True))
            assert total.names >= total.statements >= total.files
            assert all(user.names >= len(user.statements) >= 1 for user in users)
        assert (
            sum(count(path.users).names for path in source.paths) == count(all_users(source)).names
        )
        keys = [(p.path, p.kind, p.form, p.through, p.instead) for p in source.paths]
        assert len(keys) == len(set(keys))


@settings(max_examples=60, deadline=None)
@given(files=projects)
def test_imports_are_as_many_as_the_syntax_tree_holds(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = taken(Path(folder), {"rules.yaml": RULES, **files})
    wanted: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for path, text in files.items():
        for target, line in _imports(path, text):
            wanted[target].append((path, line))
    for source in found.sources:
        home = f"{source.home.replace('.', '/')}.py"
        for kind, form, path, (names, statements, users) in rows(source):
            if form == "import":
                places = [p for p in wanted[path] if p[0] != home or source.removed]
                # The home's own file is no user of it.
                if source.home == "shop.orders.Order":
                    places = [p for p in places if p[0] != "shop/orders.py"]
                assert names == len(places), (source.home, kind, path)
                assert statements == len(set(places))
                assert users == len({place for place, _ in places})
    canonical = {path for s in found.sources for _, form, path, _ in rows(s) if form == "import"}
    named = {t for t, p in wanted.items() if {place for place, _ in p} - {"shop/orders.py"}}
    assert {
        t for t in named if t in ("shop.orders.Order", "shop.b.Order", "shop.orders")
    } <= canonical


def _imports(path: str, text: str) -> list[tuple[str, int]]:
    """Every imported name as an absolute path, with the line of its statement."""
    package = path.split("/")[:-1]
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            if node.level and (node.level > len(package) or not package):
                continue
            module = ".".join([*base, *filter(None, [node.module])])
            found += [(f"{module}.{alias.name}", node.lineno) for alias in node.names]
    return found


@settings(max_examples=60, deadline=None)
@given(files=projects)
def test_what_leads_to_a_definition_is_found(files: dict[str, str]) -> None:
    """The resolver, asked about each import and attribute of all files, knows nothing more."""
    with tempfile.TemporaryDirectory() as folder:
        found = taken(Path(folder), {"rules.yaml": RULES, **files})
        (source,) = (each for each in found.sources if each.home == "shop.orders.Order")
        config = read(f"{folder}/rules.yaml")
        project = survey(config, Request(prefilter=False), ()).project
        home = project.resolve(source.home).origins
        wanted = set()
        for file in project.files:
            module = Module(file, project.facts_at(file.path))
            for reference in references(project, module):
                if reference.form != "import" or file.path == "shop/orders.py":
                    continue
                path = reference.path.removesuffix(".*")
                names = ("Order", "Item", "Thing") if path != reference.path else ("",)
                for name in names:
                    if name and not project.star_binds(path, name):
                        continue
                    if project.resolve(f"{path}.{name}".rstrip(".")).origins & home:
                        wanted.add(reference.path)
    assert wanted <= {path.path for path in source.paths if path.form == "import"}


@settings(max_examples=60, deadline=None)
@given(files=projects)
def test_the_prefilter_hides_nothing(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        fast = taken(Path(folder), {"rules.yaml": RULES, **files})
        slow = taken(Path(folder), {"rules.yaml": RULES}, prefilter=False)
    assert fast == slow


@settings(max_examples=30, deadline=None)
@given(files=projects)
def test_every_format_takes_every_inventory(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = taken(Path(folder), {"rules.yaml": RULES, **files})
        again = taken(Path(folder), {"rules.yaml": RULES})
    for format_ in FORMATS:
        text = render(found, format_, View(users=True))
        assert text == render(again, format_, View(users=True))
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
    document = json.loads(render(found, "json", View()))
    for source in document["sources"]:
        assert source["counts"]["total"]["names"] == sum(
            user["names"] for path in source["paths"] for user in path["users"]
        )
