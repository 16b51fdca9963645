"""Right rewrites, that must pass, and the same with damage, that must not: on bytes, by hand.

Nothing here runs the rewriter: the edits are what a table says.
"""

from __future__ import annotations

import ast
import re
import symtable
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from ssot_lint.globs import Globs
from ssot_lint.migration.model import Change, Edit, Rewrite
from ssot_lint.migration.verification import verify
from ssot_lint.migration.verification.outline import outline
from ssot_lint.migration.verification.texts import parse
from ssot_lint.model import Violation
from ssot_lint.project import Modules, Project
from ssot_lint.reading import Reader
from ssot_lint.roots import module_of
from ssot_lint.rules.legacy_import import LegacyImport
from ssot_lint.rules.legacy_reference import LegacyReference

MOVED = (
    ("shop.old.Order", "shop.orders.Order"),
    ("shop.old.total", "shop.orders.sum_of"),
    ("shop.old.gone", "shop.orders.nowhere"),
    ("shop.db.legacy", "shop.db.core"),
    ("shop.db.far", "kit.far"),
    ("shop.log", "kit.log"),
    ("vendor.old", "vendor.new"),
    ("single", "shop.single"),
)
FILES = {
    "shop/__init__.py": "",
    "shop/old.py": "class Order: ...\nclass Item: ...\ndef total(): ...\n",
    "shop/orders.py": "class Order: ...\ndef sum_of(): ...\n",
    "shop/single.py": "",
    "shop/db/__init__.py": "",
    "shop/db/core.py": "class Session: ...\nclass Pool: ...\n",
    "shop/db/other.py": "class Thing: ...\n",
    "kit/__init__.py": "",
    "kit/log.py": "def get(): ...\n",
    "kit/far.py": "def x(): ...\n",
}
PATH = "shop/app.py"

Pair = tuple[str, str]
"""A text that stands once in the file, and what takes its place."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def project_with(folder: Path, path: str, data: bytes) -> Project:
    name_file = partial(module_of, roots=(".",))
    read = Reader(str(folder), {path: data}).facts
    return Project([name_file(path)], Modules(str(folder), (".",)), read, name_file, Globs())


def changes(project: Project) -> Iterator[Change]:
    """What the rules want changed in the one file of a project."""
    for rule in (
        LegacyImport(name="imports", reason="r", moved=MOVED),
        LegacyReference(name="names", reason="r", moved=MOVED),
    ):
        for found in rule.check(project):
            assert isinstance(found, Violation)
            yield Change(found.span, found.subject, found.replacement, found.rule)


def shared(one: str, other: str) -> int:
    """How many characters two texts begin with together."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def edits(data: bytes, pairs: Sequence[Pair], encoding: str = "utf-8") -> tuple[Edit, ...]:
    """Replaces what differs between the two texts of each pair."""
    found = []
    for old, new in pairs:
        assert data.count(old.encode(encoding)) == 1, old
        same = shared(old, new)
        ends = shared(old[same:][::-1], new[same:][::-1])
        start = data.index(old.encode(encoding)) + len(old[:same].encode(encoding))
        end = start + len(old[same : len(old) - ends].encode(encoding))
        found.append(Edit(start, end, new[same : len(new) - ends].encode(encoding)))
    return tuple(sorted(found))


def verified(
    folder: Path,
    before: str | bytes,
    *pairs: Pair,
    path: str = PATH,
    encoding: str = "utf-8",
    skipped: Sequence[int] = (),
) -> str | None:
    """What `verify` says if all changes but some (by line) are made by replacing texts."""
    data = before.encode(encoding) if isinstance(before, str) else before
    project = project_with(folder, path, data)
    made = tuple(change for change in changes(project) if change.span.line not in skipped)
    rewrite = Rewrite(path, data, edits(data, pairs, encoding), made, ())
    return verify(project, project.module_at(path), rewrite)


class Right(NamedTuple):
    """A rewrite that must pass: pairs of texts, and the lines of changes that are skipped."""

    before: str
    pairs: tuple[Pair, ...]
    skipped: tuple[int, ...] = ()
    path: str = PATH


RIGHT = {
    "from: all names": Right(
        "from shop.old import Order\nOrder()\n",
        (("shop.old", "shop.orders"),),
    ),
    "from: one name of two": Right(
        "from shop.old import Order, Item  # both\nOrder(), Item()\n",
        (
            (
                "from shop.old import Order, Item  # both\n",
                "from shop.orders import Order\nfrom shop.old import Item  # both\n",
            ),
        ),
    ),
    "from: a new name": Right(
        "from shop.old import total\ntotal()\n",
        (("from shop.old import total", "from shop.orders import sum_of as total"),),
    ),
    "from: relative": Right(
        "from .old import Order as O\nO()\n",
        ((".old", ".orders"),),
    ),
    "from: relative becomes absolute": Right(
        "from .old import Order as O\nO()\n",
        ((".old", "shop.orders"),),
    ),
    "from: in brackets": Right(
        "from shop.old import (\n    Item,  # one\n    Order,  # two\n)\n",
        (
            (
                "from shop.old import (\n    Item,  # one\n    Order,  # two\n)",
                "from shop.orders import Order  # two\nfrom shop.old import (\n    Item,  # one\n)",
            ),
        ),
    ),
    "from: a star": Right(
        "from shop.db.legacy import *\nSession()\n",
        (("legacy", "core"),),
    ),
    "from: there already": Right(
        "from shop.orders import Order\nfrom shop.old import Order\nOrder()\n",
        (("from shop.old import Order\n", ""),),
    ),
    "from: there already, behind a star": Right(
        "from shop.old import Order\nfrom q import *\nfrom shop.orders import Order\n"
        "from shop.old import Order as O\n",
        (
            ("shop.old import Order\nfrom q", "shop.orders import Order\nfrom q"),
            ("shop.old import Order as O", "shop.orders import Order as O"),
        ),
    ),
    "from: there already, further down": Right(
        "from shop.old import Order, Order as O\nimport sys\nfrom shop.orders import Order\n",
        (("from shop.old import Order, Order as O", "from shop.orders import Order as O"),),
    ),
    "from: the comment for linters on both": Right(
        "from shop.old import Order, Item  # noqa: F401\n",
        (
            (
                "from shop.old import Order, Item",
                "from shop.orders import Order  # noqa: F401\nfrom shop.old import Item",
            ),
        ),
    ),
    "from: the comment for linters on each of two": Right(
        "from shop.old import (\n    Item,\n    Order,  # noqa: F401\n"
        "    total,  # noqa: F401\n)\n",
        (
            (
                "from shop.old import (\n    Item,\n    Order,  # noqa: F401\n"
                "    total,  # noqa: F401\n)\n",
                "from shop.orders import (\n    Order,  # noqa: F401\n"
                "    sum_of as total,  # noqa: F401\n)\n"
                "from shop.old import (\n    Item,\n)\n",
            ),
        ),
    ),
    "from: the comment for linters on the name and on the statement": Right(
        "from shop.old import (\n    Order  # noqa: F401\n)  # noqa: F401\n",
        (("shop.old", "shop.orders"),),
    ),
    "from: in a function": Right(
        "def f():\n    from shop.old import Order, Item\n    return Order, Item\n",
        (
            (
                "from shop.old import Order, Item",
                "from shop.orders import Order\n    from shop.old import Item",
            ),
        ),
    ),
    "from: for type checkers": Right(
        "if TYPE_CHECKING:\n    from shop.old import Order\nx: Order\n",
        (("shop.old", "shop.orders"),),
    ),
    "from: on a line with more": Right(
        "x = 1; from shop.old import Order, Item; y = 2\n",
        (
            (
                "from shop.old import Order, Item",
                "from shop.orders import Order; from shop.old import Item",
            ),
        ),
    ),
    "from: a library": Right(
        "from vendor.old import thing\nthing.x\n",
        (("vendor.old", "vendor.new"),),
    ),
    "from: one is skipped": Right(
        "from shop.old import Order\ndef f():\n    from shop.old import Order\n",
        (("from shop.old import Order\ndef", "from shop.orders import Order\ndef"),),
        skipped=(3,),
    ),
    "module: bound under its name": Right(
        "from shop.db import legacy\nlegacy.Session()\nlegacy.Pool()\n",
        (("import legacy", "import core as legacy"),),
    ),
    "module: a plain import": Right(
        "import shop.db.legacy\nx = shop.db.legacy.Session()\n",
        (("import shop.db.legacy", "import shop.db.core"), ("shop.db.legacy.S", "shop.db.core.S")),
    ),
    "module: a plain import of another root": Right(
        "import shop.log\nshop.log.get()\n",
        (("import shop.log", "import kit.log"), ("shop.log.get", "kit.log.get")),
    ),
    "module: only for its effect": Right(
        "import shop.log\n",
        (("shop.log", "kit.log"),),
    ),
    "module: others need the root": Right(
        "import shop.log\nshop.log.get()\nprint(shop)\n",
        (("import shop.log", "import kit.log\nimport shop"), ("shop.log.get", "kit.log.get")),
    ),
    "module: others bind the root": Right(
        "import shop.log\nimport shop.db.other\nshop.log.get(shop.db.other.Thing)\n",
        (("import shop.log", "import kit.log"), ("shop.log.get", "kit.log.get")),
    ),
    "module: others need a package on the way": Right(
        "import shop.db.far\nshop.db.far.x(shop.db.y)\n",
        (
            ("import shop.db.far", "import kit.far\nimport shop.db"),
            ("shop.db.far.x", "kit.far.x"),
        ),
    ),
    "module: with a name of its own": Right(
        "import shop.log as log\nlog.get()\n",
        (("shop.log", "kit.log"),),
    ),
    "module: without a package, under its name": Right(
        "import single\nsingle.One(single)\n",
        (("import single", "import shop.single as single"),),
    ),
    "module: one of several": Right(
        "import os, shop.log\nshop.log.get(os)\n",
        (("import os, shop.log", "import os, kit.log"), ("shop.log.get", "kit.log.get")),
    ),
    "module: a chain over lines": Right(
        "import shop.log\n(\n    shop # one\n    .log # two\n    .get\n)\n",
        (("import shop.log", "import kit.log"), ("shop # one", "kit # one")),
    ),
    "use: by a module": Right(
        "from shop import old\nold.Order()\nold.Item()\n",
        (("import old\n", "import old\nfrom shop import orders\n"), ("old.Order", "orders.Order")),
    ),
    "use: by a module, under another name": Right(
        "from shop import old\norders = []\nold.Order()\n",
        (
            ("import old\n", "import old\nfrom shop import orders as orders_1\n"),
            ("old.Order", "orders_1.Order"),
        ),
    ),
    "use: the module is there already": Right(
        "from shop import old, orders\nold.Order(orders.Order)\n",
        (("old.Order(", "orders.Order("),),
    ),
    "use: the module is there already, further up": Right(
        "from shop import orders\nx = 1\nfrom shop import old\ndef f():\n    old.Order(x)\n",
        (("old.Order(", "orders.Order("),),
    ),
    "use: in a function": Right(
        "def f():\n    from shop import old\n    return lambda: old.Order()\n",
        (
            ("import old\n", "import old\n    from shop import orders\n"),
            ("old.Order", "orders.Order"),
        ),
    ),
    "use: by a plain import": Right(
        "import shop.old\nshop.old.Order(shop.old.Item)\n",
        (
            ("import shop.old\n", "import shop.old\nimport shop.orders\n"),
            ("shop.old.Order", "shop.orders.Order"),
        ),
    ),
    "use: in an f-string": Right(
        "from shop import old\nf'{old.Order!r}'\n",
        (("import old\n", "import old\nfrom shop import orders\n"), ("old.Order", "orders.Order")),
    ),
    "annotation: in a string": Right(
        "import shop.log\ndef f(x: 'shop.log.Level'): ...\n",
        (("import shop.log", "import kit.log"), ("'shop.log.Level'", "'kit.log.Level'")),
    ),
    "string: a path": Right(
        "patch('shop.old.Order')\n",
        (("shop.old.Order", "shop.orders.Order"),),
    ),
    "string: an entry point": Right(
        "x = 'shop.old:Order'\n",
        (("shop.old:Order", "shop.orders:Order"),),
    ),
    "string: only the beginning is known": Right(
        "x = f'shop.db.legacy.{name}'\n",
        (("legacy", "core"),),
    ),
    "string: implicit concatenation": Right(
        "x = ('shop.old.'\n     'Order')\n",
        (("'shop.old.'\n     'Order'", "'shop.orders.Order'"),),
    ),
    "package": Right(
        "from .old import Order\n__all__ = ['Order']\n",
        ((".old", ".orders"),),
        path="shop/__init__.py",
    ),
    "nothing": Right("import shop.log\n", (), skipped=(1,)),
}


@pytest.mark.parametrize("case", RIGHT.values(), ids=RIGHT)
def test_a_right_rewrite_passes(case: Right, folder: Path) -> None:
    before, pairs, skipped, path = case
    assert verified(folder, before, *pairs, skipped=skipped, path=path) is None


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("case", RIGHT.values(), ids=RIGHT)
def test_whatever_the_line_ends(case: Right, mark: str, ends: str, folder: Path) -> None:
    before, pairs, skipped, path = case
    pairs = tuple((old.replace("\n", ends), new.replace("\n", ends)) for old, new in pairs)
    before = mark + before.replace("\n", ends)
    assert verified(folder, before, *pairs, skipped=skipped, path=path) is None


class Wrong(NamedTuple):
    before: str
    pairs: tuple[Pair, ...]
    problem: str
    path: str = PATH


WRONG = {
    "parse": Wrong(
        "from shop.old import Order\n",
        (("shop.old", "shop.orders."),),
        "line 1 of the result: it does not parse: invalid syntax",
    ),
    "compile": Wrong(
        "from __future__ import annotations\nfrom shop.old import Order\n",
        (
            (
                "from __future__ import annotations\nfrom shop.old import Order",
                "from shop.orders import Order\nfrom __future__ import annotations",
            ),
        ),
        "line 1: nothing there should change",
    ),
    "nothing done": Wrong(
        "from shop.old import Order\n",
        (),
        "line 1: the import of shop.orders.Order would be missing",
    ),
    "wrong target": Wrong(
        "from shop.old import Order\n",
        (("shop.old", "shop.db.other"),),
        "line 1: the import of shop.orders.Order would be missing",
    ),
    "target does not exist": Wrong(
        "from shop.old import gone\n",
        (("from shop.old import gone", "from shop.orders import nowhere as gone"),),
        "line 1: shop.orders.nowhere does not exist",
    ),
    "binding dropped": Wrong(
        "from shop.old import Order, Item\n",
        (("from shop.old import Order, Item", "from shop.orders import Order"),),
        "line 1: the import of shop.old.Item would be missing",
    ),
    "all dropped": Wrong(
        "from shop.old import Order\nOrder()\n",
        (("from shop.old import Order\n", ""),),
        "line 1: the import of shop.orders.Order would be missing",
    ),
    "renamed": Wrong(
        "from shop.old import total\ntotal()\n",
        (("from shop.old import total", "from shop.orders import sum_of"),),
        "line 1: the import of shop.orders.sum_of would be missing",
    ),
    "renamed with uses": Wrong(
        "from shop.old import total\ntotal()\n",
        (("from shop.old import total", "from shop.orders import sum_of"), ("total()", "sum_of()")),
        "line 1: the import of shop.orders.sum_of would be missing",
    ),
    "alias lost": Wrong(
        "from shop.old import Order as O\nOrder = 1\n",
        (("from shop.old import Order as O", "from shop.orders import Order"),),
        "line 1: the import of shop.orders.Order would be missing",
    ),
    "hoisted": Wrong(
        "x = 1\ndef f():\n    from shop.old import Order\n    return Order\n",
        (
            (
                "x = 1\ndef f():\n    from shop.old import Order\n",
                "from shop.orders import Order\nx = 1\ndef f():\n",
            ),
        ),
        "line 3: the import of shop.orders.Order would be missing",
    ),
    "hoisted, same place": Wrong(
        "def f():\n    from shop.old import Order\n    return Order\n",
        (
            (
                "def f():\n    from shop.old import Order\n",
                "from shop.orders import Order\ndef f():\n",
            ),
        ),
        "line 2: the import of shop.orders.Order would be missing",
    ),
    "hoisted out of type checking": Wrong(
        "if TYPE_CHECKING:\n    from shop.old import Order\n    x = 1\n",
        (
            (
                "if TYPE_CHECKING:\n    from shop.old import Order\n",
                "from shop.orders import Order\nif TYPE_CHECKING:\n",
            ),
        ),
        "line 1 of the result: nothing asks for shop.orders.Order",
    ),
    "out of try": Wrong(
        "try:\n    from shop.old import Order\nexcept ImportError:\n    Order = None\n",
        (
            (
                "try:\n    from shop.old import Order\n",
                "from shop.orders import Order\ntry:\n    pass\n",
            ),
        ),
        "line 2: the import of shop.orders.Order would be missing",
    ),
    "into the other branch": Wrong(
        "if a:\n    from shop.old import Order\nelse:\n    pass\n",
        (
            (
                "if a:\n    from shop.old import Order\nelse:\n    pass\n",
                "if a:\n    pass\nelse:\n    from shop.orders import Order\n",
            ),
        ),
        "line 2: the import of shop.orders.Order would be missing",
    ),
    "behind code": Wrong(
        "from shop.old import Order\nOrder()\nx = 1\n",
        (("from shop.old import Order\nOrder()\n", "Order()\nfrom shop.orders import Order\n"),),
        "line 1: the import of shop.orders.Order would be missing",
    ),
    "dropped though the other is conditional": Wrong(
        "if a:\n    from shop.orders import Order\nfrom shop.old import Order\n",
        (("\nfrom shop.old import Order\n", "\n"),),
        "line 3: the import of shop.orders.Order would be missing",
    ),
    "dropped though the other is in another function": Wrong(
        "def f():\n    from shop.orders import Order\ndef g():\n    from shop.old import Order\n",
        (("from shop.old import Order\n", "pass\n"),),
        "line 4: the import of shop.orders.Order would be missing",
    ),
    "dropped though the other comes later": Wrong(
        "from shop.old import Order\nOrder()\nfrom shop.orders import Order\n",
        (("from shop.old import Order\n", ""),),
        "line 1: the import of shop.orders.Order would be missing",
    ),
    "dropped though rebound between": Wrong(
        "from shop.orders import Order\nfrom shop.db.other import Thing as Order\nfrom shop.old import Order\n",
        (("from shop.old import Order\n", ""),),
        "line 1 of the result: the name 'Order' would mean something else",
    ),
    "dropped though a star between may bind it": Wrong(
        "from shop.orders import Order\nfrom q import *\nfrom shop.old import Order\n",
        (("from shop.old import Order\n", ""),),
        "line 3: the import of shop.orders.Order would be missing",
    ),
    "the one behind a star dropped": Wrong(
        "from shop.old import Order\nfrom q import *\nfrom shop.orders import Order\n",
        (
            (
                "from shop.old import Order\nfrom q import *\nfrom shop.orders import Order\n",
                "from shop.orders import Order\nfrom q import *\n",
            ),
        ),
        "line 3: a star import would change places with shop.orders.Order",
    ),
    "dropped though deleted between": Wrong(
        "from shop.orders import Order\ndel Order\nfrom shop.old import Order\n",
        (("from shop.old import Order\n", ""),),
        "line 3: the import of shop.orders.Order would be missing",
    ),
    "order of two bindings": Wrong(
        "from shop.db.other import Thing as Order\nfrom shop.old import Order\n",
        (
            (
                "from shop.db.other import Thing as Order\nfrom shop.old import Order\n",
                "from shop.orders import Order\nfrom shop.db.other import Thing as Order\n",
            ),
        ),
        "line 1 of the result: the name 'Order' would mean something else",
    ),
    "star changes places": Wrong(
        "from shop.db.other import *\nfrom shop.old import Order\n",
        (
            (
                "from shop.db.other import *\nfrom shop.old import Order\n",
                "from shop.orders import Order\nfrom shop.db.other import *\n",
            ),
        ),
        "line 2: a star import would change places with shop.old.Order",
    ),
    "without a package, not under its name": Wrong(
        "import single\n",
        (("import single", "import shop.single as one"),),
        "line 1: the import of shop.single would be missing",
    ),
    "unasked import": Wrong(
        "from shop.old import Order\n",
        (("from shop.old import Order", "import os\nfrom shop.orders import Order"),),
        "line 1 of the result: nothing asks for os",
    ),
    "old one stays": Wrong(
        "from shop.old import Order\n",
        (
            (
                "from shop.old import Order",
                "from shop.old import Order\nfrom shop.orders import Order",
            ),
        ),
        "line 1 of the result: nothing asks for shop.old.Order",
    ),
    "use not changed": Wrong(
        "import shop.log\nshop.log.get()\n",
        (("import shop.log", "import kit.log"),),
        "line 2: 'shop.log.get' would mean shop.log.get (which no import binds), not kit.log.get",
    ),
    "use not changed, root there": Wrong(
        "import shop.log\nimport shop.db\nshop.log.get()\n",
        (("import shop.log", "import kit.log"),),
        "line 3: 'shop.log.get' would mean shop.log.get, not kit.log.get",
    ),
    "one of two uses": Wrong(
        "import shop.log\nshop.log.get()\nshop.log.set()\n",
        (("import shop.log", "import kit.log"), ("shop.log.get", "kit.log.get")),
        "line 3: 'shop.log.set' would mean shop.log.set (which no import binds), not kit.log.set",
    ),
    "use changed wrongly": Wrong(
        "import shop.log\nshop.log.get()\n",
        (("import shop.log", "import kit.log"), ("shop.log.get", "kit.log.set")),
        "line 2: 'kit.log.set' would mean kit.log.set, not kit.log.get",
    ),
    "another use changed": Wrong(
        "import os\nfrom shop.old import Order\nos.getcwd()\n",
        (("shop.old", "shop.orders"), ("os.getcwd", "os.getcwdb")),
        "line 3: 'os.getcwdb' would mean os.getcwdb, not os.getcwd",
    ),
    "another name changed": Wrong(
        "from shop.old import Order\nx = y = 1\nprint(x)\n",
        (("shop.old", "shop.orders"), ("print(x)", "print(y)")),
        "line 3: 'y' would mean y (which no import binds), not x (which no import binds)",
    ),
    "another string changed": Wrong(
        "from shop.old import Order\nx = 'shop.new.X'\n",
        (("shop.old", "shop.orders"), ("shop.new.X", "shop.new.Y")),
        "line 2: the string 'shop.new.X' would be 'shop.new.Y'",
    ),
    "a number changed": Wrong(
        "from shop.old import Order\nx = 1\n",
        (("shop.old", "shop.orders"), ("x = 1", "x = True")),
        "line 2: the code would be another",
    ),
    "root lost": Wrong(
        "import shop.log\nprint(shop)\n",
        (("import shop.log", "import kit.log"),),
        "line 2: 'shop' would mean shop (which no import binds), not shop",
    ),
    "root lost, in __all__": Wrong(
        "import shop.log\n__all__ = ['shop']\n",
        (("import shop.log", "import kit.log"),),
        "line 1: the name 'shop' would be lost",
    ),
    "root lost, in an annotation": Wrong(
        "import shop.log\nx: 'list[shop.log.Level]'\n",
        (("import shop.log", "import kit.log"),),
        "line 2: 'shop.log.Level' would mean shop.log.Level (which no import binds), not kit.log.Level",
    ),
    "root lost, in a type comment": Wrong(
        "import shop.log\nx = []  # type: list[shop.log.Level]\n",
        (("import shop.log", "import kit.log"),),
        "line 1: the name 'shop' would be lost",
    ),
    "parent not imported any more": Wrong(
        "import shop.db.far\nshop.db.far.x(shop.db.y)\n",
        (("import shop.db.far", "import kit.far\nimport shop"), ("shop.db.far.x", "kit.far.x")),
        "line 2: shop.db may not be imported any more",
    ),
    "new root is taken": Wrong(
        "import shop.log\nkit = 1\nshop.log.get()\n",
        (("import shop.log", "import kit.log"), ("shop.log.get", "kit.log.get")),
        "line 1 of the result: the name 'kit' is taken",
    ),
    "new root is hidden": Wrong(
        "import shop.log\ndef f(kit):\n    shop.log.get()\n",
        (("import shop.log", "import kit.log"), ("shop.log.get", "kit.log.get")),
        "line 3: 'kit.log.get' would mean kit.log.get (which no import binds), not kit.log.get",
    ),
    "new root captures": Wrong(
        "from q import *\nimport shop.log\nkit.x\n",
        (("import shop.log", "import kit.log"),),
        "line 3: 'kit.x' would mean kit.x, not kit.x (which no import binds)",
    ),
    "new module hides a name": Wrong(
        "from shop import old\ndef f(orders): old.Order()\n",
        (("import old\n", "import old\nfrom shop import orders\n"), ("old.Order", "orders.Order")),
        "line 2 of the result: nothing asks for shop.orders",
    ),
    "new module is another name's": Wrong(
        "from shop import old\nfrom q import orders\nold.Order()\n",
        (("import old\n", "import old\nfrom shop import orders\n"), ("old.Order", "orders.Order")),
        "line 2 of the result: the name 'orders' would mean something else",
    ),
    "bound early": Wrong(
        "from shop import old\nold.Order()\n",
        (("import old\n", "import old\nfrom shop.orders import Order\n"), ("old.Order", "Order")),
        "line 2: 'Order' would be looked up when shop.orders is imported, not when it is used",
    ),
    "new module only where the old one was not": Wrong(
        "def g():\n    from shop import orders\nfrom shop import old\nold.Order()\n",
        (("old.Order", "orders.Order"),),
        "line 4: 'orders.Order' would mean orders.Order (which no import binds), not shop.orders.Order",
    ),
    "new module in a condition": Wrong(
        "if a:\n    from shop import orders\nfrom shop import old\nold.Order()\n",
        (("old.Order", "orders.Order"),),
        "line 4: 'orders' may not be imported where 'old' was",
    ),
    "new module too late": Wrong(
        "from shop import old\nold.Order()\nfrom shop import orders\n",
        (("old.Order", "orders.Order"),),
        "line 2: 'orders' may not be imported where 'old' was",
    ),
    "new module not imported": Wrong(
        "import shop.old\nshop.old.Order()\n",
        (("shop.old.Order", "shop.orders.Order"),),
        "line 2: nothing there imports shop.orders",
    ),
    "fallback is passed over": Wrong(
        "try:\n    from shop import old\nexcept ImportError:\n    old = None\nold.Order()\n",
        (
            ("import old\n", "import old\n    from shop import orders\n"),
            ("old.Order", "orders.Order"),
        ),
        "line 5: 'old' is bound by more than imports",
    ),
    "comment lost": Wrong(
        "from shop.old import (\n    Order,  # why\n)\n",
        (("from shop.old import (\n    Order,  # why\n)", "from shop.orders import Order"),),
        "line 2: the comment '# why' would be lost",
    ),
    "directive lost": Wrong(
        "from shop.old import Order  # noqa: F401\n",
        (("from shop.old import Order  # noqa: F401", "from shop.orders import Order"),),
        "line 1: the comment '# noqa: F401' would be lost",
    ),
    "directive lost of one of two": Wrong(
        "from shop.old import (\n    Item,\n    Order,  # noqa: F401\n"
        "    total,  # noqa: F401\n)\n",
        (
            (
                "from shop.old import (\n    Item,\n    Order,  # noqa: F401\n"
                "    total,  # noqa: F401\n)\n",
                "from shop.orders import Order  # noqa: F401\n"
                "from shop.orders import sum_of as total\nfrom shop.old import (\n    Item,\n)\n",
            ),
        ),
        "line 4: the comment '# noqa: F401' would be lost",
    ),
    "directive lost with the import that is there already": Wrong(
        "from shop.orders import Order\nfrom shop.old import Order  # noqa: F811\nOrder()\n",
        (("from shop.old import Order  # noqa: F811\n", ""),),
        "line 2: the comment '# noqa: F811' would be lost",
    ),
    "directive lost of the one that stays": Wrong(
        "from shop.old import Order  # noqa: F401\nfrom shop.old import \\\n    Order\n",
        (
            ("shop.old import Order ", "shop.orders import Order "),
            (" # noqa: F401", ""),
            ("from shop.old import \\\n    Order\n", ""),
        ),
        "line 1: the comment '# noqa: F401' would be lost",
    ),
    "directive lost that others have, too": Wrong(
        "from shop.orders import Order\nfrom shop.old import Order  # noqa: F811\n"
        "import os  # noqa: F811\n",
        (("from shop.old import Order  # noqa: F811\n", ""),),
        "line 2: the comment '# noqa: F811' would be lost",
    ),
    "comment doubled": Wrong(
        "from shop.old import Order, Item  # why\n",
        (
            (
                "from shop.old import Order, Item",
                "from shop.orders import Order  # why\nfrom shop.old import Item",
            ),
        ),
        "line 1 of the result: the comment '# why' is new",
    ),
    "comment changed": Wrong(
        "from shop.old import Order  # why\n",
        (("shop.old import Order  # why", "shop.orders import Order  # who"),),
        "line 1: the comment '# why' would be lost",
    ),
    "comment swallows": Wrong(
        "from shop.orders import Order\nx = 1  # why\nfrom shop.old import Order\n",
        (("# why\nfrom shop.old import Order\n", "# whyfrom shop.old import Order\n"),),
        "line 2: nothing there should change",
    ),
    "a blank elsewhere": Wrong(
        "from shop.old import Order\nx = 1\n",
        (("shop.old", "shop.orders"), ("x =", "x  =")),
        "line 2: nothing there should change",
    ),
    "a blank line elsewhere": Wrong(
        "from shop.old import Order\n\n\nx = 1\n",
        (("shop.old", "shop.orders"), ("\n\n\nx", "\n\n\n\nx")),
        "line 4: nothing there should change",
    ),
    "a comment elsewhere": Wrong(
        "from shop.old import Order\n# one\nx = 1\n",
        (("shop.old", "shop.orders"), ("# one", "# two")),
        "line 2: nothing there should change",
    ),
    "another import's blanks": Wrong(
        "from shop.old import Order\nimport  os\n",
        (("shop.old", "shop.orders"), ("import  os", "import os")),
        "line 2: nothing there should change",
    ),
    "line end": Wrong(
        "from shop.old import Order\n",
        (("from shop.old import Order\n", "from shop.orders import Order\r\n"),),
        "line ends of another kind than the file has",
    ),
    "end of file": Wrong(
        "from shop.old import Order",
        (("from shop.old import Order", "from shop.orders import Order\n"),),
        "line 1: the end of its last line would differ",
    ),
    "encoding": Wrong(
        "# coding: latin-1\nfrom shop.old import Order\n",
        (("latin-1", "utf-8"), ("shop.old", "shop.orders")),
        "its encoding would be utf-8, not iso-8859-1",
    ),
    "string wrong": Wrong(
        "patch('shop.old.Order')\n",
        (("shop.old.Order", "shop.orders.Ordre"),),
        "line 1: the string 'shop.old.Order' would be 'shop.orders.Ordre'",
    ),
    "string not done": Wrong(
        "patch('shop.old.Order')\n", (), "line 1: shop.old.Order is not there, or left alone"
    ),
    "from itself": Wrong(
        "from shop.old import Order\n",
        (("shop.old", "shop.orders"),),
        "line 1: the file would import shop.orders.Order from itself",
        path="shop/orders.py",
    ),
    "code dropped": Wrong(
        "from shop.old import Order\nx = 1\n",
        (("from shop.old import Order\nx = 1\n", "from shop.orders import Order\n"),),
        "line 2: the code would be another",
    ),
    "code added": Wrong(
        "from shop.old import Order\n",
        (("from shop.old import Order\n", "from shop.orders import Order\nprint()\n"),),
        "line 1: the code would be another",
    ),
    "late binding of an alias lost": Wrong(
        "import shop.log as log\nlog.get()\n",
        (("import shop.log as log", "from kit.log import get"), ("log.get", "get")),
        "line 1: the import of kit.log would be missing",
    ),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_a_wrong_rewrite_is_told(case: Wrong, folder: Path) -> None:
    before, pairs, problem, path = case
    assert verified(folder, before, *pairs, path=path) == problem


def rewrite_of(case: Right, folder: Path) -> tuple[Project, Rewrite]:
    data = case.before.encode()
    project = project_with(folder, case.path, data)
    made = tuple(each for each in changes(project) if each.span.line not in case.skipped)
    return project, Rewrite(case.path, data, edits(data, case.pairs), made, ())


def damaged(rewrite: Rewrite) -> Iterator[tuple[str, Rewrite]]:
    """The same with one edit less, or with one name or sign of an edit changed or left out."""
    for at, edit in enumerate(rewrite.edits):
        others = (rewrite.edits[:at], rewrite.edits[at + 1 :])
        yield f"without {edit.text!r}", rewrite._replace(edits=(*others[0], *others[1]))
        text = edit.text.decode()
        for match in re.finditer(r"\w+|[.,:'*()]", text.partition("#")[0]):
            for instead in ("", f"{match[0]}x"):
                if not instead and match[0] == "shop":
                    continue  # a relative import of the same module
                changed = text[: match.start()] + instead + text[match.end() :]
                new = edit._replace(text=changed.encode())
                yield f"{changed!r}", rewrite._replace(edits=(*others[0], new, *others[1]))


@pytest.mark.parametrize("case", RIGHT.values(), ids=RIGHT)
def test_no_part_of_an_edit_may_differ(case: Right, folder: Path) -> None:
    project, rewrite = rewrite_of(case, folder)
    module = project.module_at(case.path)
    passed = [how for how, worse in damaged(rewrite) if verify(project, module, worse) is None]
    assert passed == []


@pytest.mark.parametrize("case", RIGHT.values(), ids=RIGHT)
def test_what_is_not_changed_keeps_its_bytes(case: Right, folder: Path) -> None:
    """A blank more at the end of a line, or a blank line before it, unless the line changes."""
    project, rewrite = rewrite_of(case, folder)
    module = project.module_at(case.path)
    changed = {
        line
        for change in rewrite.made
        for fact in (change.span, *statements_at(case.before, change.span.line))
        for line in range(fact[0], fact[2] + 1)
    } | {case.before.encode()[: edit.start].count(b"\n") + 1 for edit in rewrite.edits}
    position = 0
    for number, line in enumerate(case.before.encode().splitlines(keepends=True), start=1):
        end = position + len(line.rstrip(b"\n"))
        if number not in changed:
            for edit in (Edit(end, end, b" "), Edit(end, end, b"  # new"), Edit(end, end, b"\n")):
                worse = rewrite._replace(edits=tuple(sorted((*rewrite.edits, edit))))
                assert verify(project, module, worse) is not None, edit
        position += len(line)


def statements_at(text: str, line: int) -> Iterator[tuple[int, int, int, int]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            end = node.end_lineno or node.lineno
            if node.lineno <= line <= end:
                yield node.lineno, 0, end, 0


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "cp1252", "utf-7", "euc-jp"])
def test_columns_are_characters_in_every_encoding(encoding: str, folder: Path) -> None:
    letter = "語" if encoding == "euc-jp" else "é"
    before = f"# coding: {encoding}\nfrom shop import old\nx = '{letter}'; old.Order(); y = 1\n"
    pairs = (
        ("import old\n", "import old\nfrom shop import orders\n"),
        ("old.Order", "orders.Order"),
    )
    assert verified(folder, before, *pairs, encoding=encoding) is None
    other = verified(folder, before, *pairs, ("y = 1", "y  = 1"), encoding=encoding)
    assert other == "line 3: nothing there should change"


def test_edits_must_fit_the_file(folder: Path) -> None:
    before = "from shop.old import Order  # \xe9\n".encode()
    project = project_with(folder, PATH, before)
    made = tuple(changes(project))

    def told(*edits: Edit) -> str | None:
        return verify(project, project.module_at(PATH), Rewrite(PATH, before, edits, made, ()))

    right = Edit(10, 13, b"orders")
    assert told(right) is None
    for bad in ((right, right), (Edit(14, 12, b""),), (Edit(99, 99, b"x"),), (Edit(-1, 0, b""),)):
        assert told(*bad) == "the edits overlap, or lie outside of the file"
    cut = before.index(b"\xa9")
    assert told(right, Edit(cut, cut, b"\xa9\xc3")) == "an edit cuts a character in two"


def test_what_does_not_parse_is_not_rewritten(folder: Path) -> None:
    rewrite = Rewrite(PATH, b"x = (\n", (), (), ())
    project = project_with(folder, PATH, b"")
    problem = verify(project, project.module_at(PATH), rewrite)
    assert problem == "line 1 of the result: it does not parse: '(' was never closed"


NAMES = """
import a.b, c as d
from e import f, g as h
from .i import *
x: int; y += 1; z = [in_u for in_u in x if (w := in_u)]
def fun(p, *q, r=1, **s) -> None:
    global gl
    gl = 1
    import k.l
    def inner():
        nonlocal p
        p = lambda t: t
    for v in x: del n
class K(Base):
    m = [in_k for in_k in m]
    import os.path as path
    def method(self): return __class__
try: pass
except E as ex: pass
with a as (aa, [bb, *cc]): pass
match x:
    case {"k": m1, **m2}: pass
    case [m3, *m4] | K(m5) as m6: pass
async def co():
    async for i in x: yield i
    return {in_j: {in_l for in_l in in_j} for in_j in (in_o for in_o in x)}
"""


def test_scopes_bind_what_python_says() -> None:
    """But for comprehensions, whose names newer Pythons count to the scope around."""
    source = parse(NAMES.encode())
    found = outline(source.tree.body, source.text, lambda level, name: name)
    ours = Counter(
        (space.kind, frozenset({*space.bound, *space.imported}))
        for space in found.spaces
        if space.kind != "comprehension"
    )
    assert ours == Counter(tables(symtable.symtable(NAMES, "file", "exec")))


def tables(table: symtable.SymbolTable) -> Iterator[tuple[str, frozenset[str]]]:
    kind = str(getattr(table.get_type(), "value", table.get_type()))
    # What is bound there from within a function or a comprehension, Python does not list.
    names = {"gl", "w"} if kind == "module" else set()
    for symbol in table.get_symbols():
        name = symbol.get_name()
        bound = symbol.is_assigned() or symbol.is_imported() or symbol.is_parameter()
        if bound and (kind == "module" or symbol.is_local()) and not name.startswith("in_"):
            names.add(name)
    if table.get_name() not in ("listcomp", "setcomp", "dictcomp", "genexpr"):
        yield kind, frozenset(names)
    for child in table.get_children():
        yield from tables(child)
