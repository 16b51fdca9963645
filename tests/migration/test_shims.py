"""Forwarding modules: what they do when they are run, and what is known of them without that."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from textwrap import dedent

import pytest

from ssot_lint.globs import Globs
from ssot_lint.migration.shims import Shim, new_shim, parse
from ssot_lint.project import DeadEnd, Modules, Project
from ssot_lint.reading import Reader
from ssot_lint.roots import module_of

DAY = datetime.date(2027, 3, 1)
HOME = """\
import json
import os as _os

__version__ = "1.2"
FLAG = 0
_cache = {}
__mine = 1


class Order:
    pass


def flag():
    return FLAG


def _hidden():
    return "hidden"
"""
FILES = {
    "shop/__init__.py": "from shop.orders import flag as orders  # hides the module of that name\n",
    "shop/orders.py": HOME,
    "shop/pack/__init__.py": '__all__ = ["base", "_own", "late"]\nbase, _own, other = 1, 2, 3\n',
    "shop/pack/late.py": "X = 1\n",
    "shop/pack/sub/__init__.py": "",
    "shop/pack/sub/deep.py": "class Deep: ...\n",
    "shop/named.py": "def __getattr__(name):\n    if name != 'it':\n"
    "        raise AttributeError(name)\n    return 'it'\n",
    "top.py": "X = 1\n",
    "circle/__init__.py": "",
    "circle/new.py": "early = 1\nfrom circle import a\n",
    "circle/a.py": "from circle.old import early as again\n",
}
SHIMS = {
    "shop/old.py": "shop.orders",
    "shop/old_pack.py": "shop.pack",
    "shop/tree/__init__.py": "shop.pack",
    "shop/tree/sub/__init__.py": "shop.pack.sub",
    "shop/tree/sub/deep.py": "shop.pack.sub.deep",
    "shop/tree/late.py": "shop.pack.late",
    "shop/old_named.py": "shop.named",
    "old_top.py": "top",
    "circle/old.py": "circle.new",
}
PRELUDE = """\
import os, sys, warnings

def show(message, category, filename, line, *rest):
    file = os.path.basename(filename)
    where = f"{file}:{line}" if file == "use.py" else file
    print(f"{where}: {category.__name__}: {message}")

warnings.simplefilter("always")
warnings.showwarning = show
from unittest.mock import patch
"""


def write(folder: Path, files: dict[str, str]) -> Project:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return project_at(folder)


def project_at(folder: Path) -> Project:
    name_file = partial(module_of, roots=(".",))
    return Project((), Modules(str(folder), (".",)), Reader(str(folder)).facts, name_file, Globs())


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which modules moved, with a shim for each."""
    folder = tmp_path_factory.mktemp("shop")
    project = write(folder, FILES)
    for path, home in SHIMS.items():
        old = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        write(folder, {path: new_shim(project, old, home, DAY).text})
    return folder


def run(folder: Path, script: str, *options: str) -> subprocess.CompletedProcess[str]:
    """A script that begins in line 1 of use.py; the lines that it prints are its output."""
    (folder / "prelude.py").write_text(PRELUDE)
    (folder / "use.py").write_text(f"from prelude import *; {script}")
    return subprocess.run(
        [sys.executable, "-B", *options, "use.py"],
        cwd=folder,
        env={**os.environ, "PYTHONWARNINGS": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def moved(line: int, old: str, new: str) -> str:
    return f"use.py:{line}: DeprecationWarning: {old} moved to {new}"


def at(line: int, *names: str) -> list[str]:
    return [moved(line, f"shop.old.{name}", f"shop.orders.{name}") for name in names]


USES: dict[str, tuple[str, list[str]]] = {
    "every from-import warns, where it stands": (
        "pass\nfrom shop.old import Order, flag\nfrom shop.old import Order as Again\n"
        "from shop.orders import Order as New\nprint(Order is New is Again, Order.__module__)",
        [*at(2, "Order", "flag"), *at(3, "Order"), "True shop.orders"],
    ),
    "every attribute warns": (
        "import shop.old\nfrom shop import old\nold.flag()\nshop.old.flag()\n"
        "for _ in 'ab': old.FLAG",
        [*at(3, "flag"), *at(4, "flag"), *at(5, "FLAG", "FLAG")],
    ),
    "private names, and names of Python": (
        "from shop.old import _hidden, _cache, __version__, __mine\n"
        "from shop import orders, old; import shop.orders\n"
        "print(_hidden(), __version__, _cache is sys.modules['shop.orders']._cache)",
        [*at(1, "_hidden", "_cache", "__mine"), "hidden 1.2 True"],
    ),
    "what the shim imports for itself is not there": (
        "import shop.old\n"
        "print([n for n in ('sys', 'types', 'shop', '_HOME', '_Shim', 'x') "
        "if hasattr(shop.old, n)])\n"
        "try: from shop.old import warnings\n"
        "except ImportError as error: print(str(error).partition(' (')[0])\n"
        "try: shop.old.x\n"
        "except AttributeError as error: print(error)",
        [
            "[]",
            "cannot import name 'warnings' from 'shop.old'",
            "module 'shop.orders' has no attribute 'x'",
        ],
    ),
    "setting and deleting reach the home": (
        "import shop.old as old; home = sys.modules['shop.orders']\n"
        "old.FLAG = 1\nprint(home.flag(), home.FLAG)\n"
        "old.ADDED = None\nprint(home.ADDED)\n"
        "del old.ADDED, old.FLAG\nprint(hasattr(home, 'ADDED'), hasattr(home, 'FLAG'))\n"
        "old.__version__ = '2'\nprint(home.__version__)\n"
        "try: del old.gone\n"
        "except AttributeError: print('no')",
        ["1 1", "None", "False False", "2", "no"],
    ),
    "patch reaches the home, and is undone": (
        "home = __import__('importlib').import_module('shop.orders')\n"
        "warnings.simplefilter('ignore')\n"
        "with patch('shop.old.FLAG', 7): print(home.flag(), home.FLAG)\n"
        "with patch('shop.old._hidden') as double: print(home._hidden is double)\n"
        "with patch('shop.old.new', 1, create=True): print(home.new)\n"
        "with patch.dict('shop.old._cache', a=1): print(home._cache)\n"
        "with patch.multiple('shop.old', FLAG=8, flag=int): print(home.FLAG, home.flag())\n"
        "with patch('shop.old.__version__', '9'): print(home.__version__)\n"
        "with patch('shop.old.Order.name', 1, create=True): print(home.Order.name)\n"
        "print(home.FLAG, home._hidden(), hasattr(home, 'new'), home._cache, home.flag(), "
        "home.__version__, hasattr(home.Order, 'name'))",
        ["7 7", "True", "1", "{'a': 1}", "8 0", "9", "1", "0 hidden False {} 0 1.2 False"],
    ),
    "patching warns like any other use": (
        "import shop.old\nwith patch.object(shop.old, 'FLAG', 1): pass",
        ["mock.py: DeprecationWarning: shop.old.FLAG moved to shop.orders.FLAG"],
    ),
    "a module that makes its names can be patched too": (
        "import shop.named\nwarnings.simplefilter('ignore')\n"
        "with patch('shop.old_named.it', 1): print(shop.named.it)\n"
        "print(shop.named.it, vars(shop.named).get('it'))",
        ["1", "it None"],
    ),
    "star imports": (
        "from shop.old import *\nprint(FLAG, Order.__name__, 'sys' in dir(Order), '_cache' in vars())"
        "\nprint([n for n in ('_hidden', 'TYPE_CHECKING', 'types') if n in globals()])",
        [*at(1, "json", "FLAG", "Order", "flag"), "0 Order False False", "[]"],
    ),
    "star imports by the home's own __all__, which may name submodules": (
        "warnings.simplefilter('ignore')\nfrom shop.old_pack import *\n"
        "print(base, _own, late.X, 'other' in globals(), late is sys.modules['shop.pack.late'])",
        ["1 2 1 False True"],
    ),
    "what the shim says of itself": (
        "import shop.old as old, inspect, pickle\n"
        "print(old.__name__, os.path.basename(old.__file__), old.__spec__.name, old.__package__)\n"
        "print(inspect.getmodule(old) is old, inspect.ismodule(old), 'Moved' in old.__doc__)\n"
        "print(dir(old) == dir(sys.modules['shop.orders']), type(old).__name__)\n"
        "print(hasattr(old, '__path__'), inspect.getmodule(type(old)) is old)",
        ["shop.old old.py shop.old shop", "True True True", "True _Shim", "False True"],
    ),
    "pickles": (
        "import pickle\nwarnings.simplefilter('ignore')\nfrom shop.old import Order\n"
        "print(type(pickle.loads(pickle.dumps(Order()))) is Order)\n"
        "print(pickle.loads(b'cshop.old\\nOrder\\n.') is Order, isinstance(Order(), Order))",
        ["True", "True True"],
    ),
    "reload": (
        "import shop.old as old, importlib; old.FLAG = 3\n"
        "again = importlib.reload(old)\n"
        "print(again is old, old.__name__)\nprint(old.FLAG)\n"
        "importlib.reload(sys.modules['shop.orders'])\nprint(old.FLAG)",
        ["True shop.old", *at(4, "FLAG"), "3", *at(6, "FLAG"), "0"],
    ),
    "a home that is imported anew, or replaced": (
        "import shop.old as old, types; warnings.simplefilter('ignore')\n"
        "del sys.modules['shop.orders']\n"
        "from shop.orders import Order\nprint(old.Order is Order)\n"
        "double = types.ModuleType('double'); double.flag = 'double'\n"
        "with patch.dict(sys.modules, {'shop.orders': double}): print(old.flag)\n"
        "print(old.flag())",
        ["True", "double", "0"],
    ),
    "a package: its modules are imported when they are asked for": (
        "from shop.old_pack import late\nimport shop.old_pack\nimport shop.pack.late\n"
        "print(late is shop.pack.late, shop.old_pack.base)\nwarnings.simplefilter('ignore')\n"
        "with patch('shop.old_pack.late.X', 5): print(shop.pack.late.X)\n"
        "print(shop.pack.late.X)\n"
        "try: import shop.old_pack.late\n"
        "except ModuleNotFoundError as error: print(error)",
        [
            moved(1, "shop.old_pack.late", "shop.pack.late"),
            moved(4, "shop.old_pack.base", "shop.pack.base"),
            "True 1",
            "5",
            "1",
            "No module named 'shop.old_pack.late'; 'shop.old_pack' is not a package",
        ],
    ),
    "a package whose modules have shims": (
        "import shop.tree.late, shop.tree.sub.deep\nfrom shop.tree.sub.deep import Deep\n"
        "import shop.pack.sub.deep\n"
        "print(Deep is shop.pack.sub.deep.Deep, shop.pack.late.__name__, shop.pack.sub.__name__)\n"
        "print(shop.tree.late.X)\nwarnings.simplefilter('ignore')\n"
        "with patch('shop.tree.late.X', 5): print(shop.pack.late.X)\n"
        "with patch('shop.tree.late', 6): print(shop.pack.late)\n"
        "print(shop.pack.late.X, sys.modules['shop.tree.late'].__name__)\n"
        "with patch('shop.tree.sub.deep.Deep', 7): print(shop.pack.sub.deep.Deep)\n"
        "print(shop.pack.sub.deep.Deep.__name__)",
        [
            moved(2, "shop.tree.sub.deep.Deep", "shop.pack.sub.deep.Deep"),
            "True shop.pack.late shop.pack.sub",
            moved(5, "shop.tree.late", "shop.pack.late"),
            *("1", "5", "6", "1 shop.tree.late", "7", "Deep"),
        ],
    ),
    "a package, where Python asks twice": (
        "from shop.tree import base, late\nprint(base, late.__name__)",
        [
            *[moved(1, f"shop.tree.{name}", f"shop.pack.{name}") for name in ("base", "late")] * 2,
            "1 shop.pack.late",
        ],
    ),
    "a circle, as far as the home itself would bear it": (
        "import circle.old\nprint(circle.old.a.again)",
        [
            "a.py: DeprecationWarning: circle.old.early moved to circle.new.early",
            moved(2, "circle.old.a", "circle.new.a"),
            "1",
        ],
    ),
    "a module at the top": (
        "from old_top import X\nprint(X)",
        [moved(1, "old_top.X", "top.X"), "1"],
    ),
    "many threads": (
        "import threading; warnings.simplefilter('ignore')\n"
        "found, start = [], threading.Barrier(16)\n"
        "def work():\n"
        "    start.wait()\n"
        "    from shop.old import Order, _hidden\n"
        "    from shop import old\n"
        "    found.append((Order, old.flag(), _hidden()))\n"
        "threads = [threading.Thread(target=work) for _ in range(16)]\n"
        "[each.start() for each in threads]; [each.join() for each in threads]\n"
        "print(len(found), len(set(found)))",
        ["16 1"],
    ),
}


@pytest.mark.parametrize("title", USES)
def test_run(shop: Path, title: str) -> None:
    script, expected = USES[title]
    done = run(shop, script)
    assert done.stderr == ""
    print(done.stdout)
    assert done.stdout.splitlines() == expected


def test_warnings_as_errors(shop: Path) -> None:
    """The last test before a shim goes: nobody uses it while the program runs."""
    script = "import shop.old\nprint(shop.old.__name__)\nfrom shop.old import Order"
    (shop / "use.py").write_text(script)
    done = subprocess.run(
        [sys.executable, "-B", "-W", "error::DeprecationWarning", "use.py"],
        cwd=shop,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "shop.old\n")
    assert 'use.py", line 3, in <module>' in done.stderr
    assert done.stderr.endswith("shop.old.Order moved to shop.orders.Order\n")


@pytest.mark.parametrize(
    ("old", "new", "exists"),
    [
        ("shop.old.Order", "shop.orders.Order", True),
        ("shop.old.Order.name", "shop.orders.Order.name", False),
        ("shop.old._hidden", "shop.orders._hidden", True),
        ("shop.old.__version__", "shop.orders.__version__", True),
        ("shop.old._os", "shop.orders._os", False),
        ("shop.old_pack.other", "shop.pack.other", True),
        ("shop.old_pack.late", "shop.pack.late", True),
        ("shop.old_pack.sub.deep.Deep", "shop.pack.sub.deep.Deep", True),
        ("shop.tree.other", "shop.pack.other", True),
        ("shop.tree.sub.deep.Deep", "shop.pack.sub.deep.Deep", True),
        ("old_top.X", "top.X", True),
    ],
)
def test_what_a_shim_gives_is_the_homes(shop: Path, old: str, new: str, exists: bool) -> None:
    project = project_at(shop)
    found = project.resolve(old)
    assert found.exists == exists
    assert found == project.resolve(new)


def test_what_the_home_lacks_a_shim_lacks(shop: Path) -> None:
    project = project_at(shop)
    assert project.resolve("shop.old.gone").dead_ends == {
        DeadEnd("missing name", "shop.orders.gone")
    }
    assert project.resolve("shop.old_named.gone").dead_ends == {
        DeadEnd("undecidable", "shop.named.gone")
    }
    lack = project.names.lack
    assert lack("shop.old", "gone") == DeadEnd("missing name", "shop.old.gone")
    assert lack("shop.old_named", "gone") == DeadEnd("undecidable", "shop.named.gone")
    for name in ("Order", "_os", "json", "__version__", "__file__"):
        assert lack("shop.old", name) is None
    assert not project.names.computes("shop/old.py")
    assert project.star_binds("shop.old_pack", "_own")
    assert not project.star_binds("shop.old_pack", "other")


def test_a_generated_shim_is_told_from_others() -> None:
    shim = Shim("app.new", "2027-03-01", ("__version__", "_a"))
    text = shim.text
    assert parse(text.encode()) == shim
    for same in (
        text.replace("\n", "\r\n"),
        "\ufeff" + text,
        text.replace("  # noqa: F401\n", "\n"),
        text.replace('"', "'").replace("'''", '"""'),
        text.replace("    import sys", "    # why\n    import sys"),
    ):
        assert parse(same.encode()) == shim
    later = text.replace("2027-03-01", "2028-01-01")
    assert parse(later.encode()) == shim._replace(remove_after="2028-01-01")
    for other in (
        "",
        "X = 1\n",
        text.partition("\n")[2],
        f"\n{text}",
        text.replace("# ssot-shim: app.new", "# ssot-shim: app.other"),
        text.replace("remove-after: 2027-03-01", ""),
        f"{text}X = 1\n",
        text.replace("stacklevel=2", "stacklevel=3"),
        text.replace("else:", "else"),
    ):
        assert parse(other.encode()) is None


@pytest.mark.parametrize("hidden", [(), ("__version__", "_a")])
def test_the_first_line_is_the_mark(hidden: tuple[str, ...]) -> None:
    found = parse(Shim("ä.b", "2027-03-01", hidden).text.encode())
    assert found == Shim("ä.b", "2027-03-01", hidden)
    assert found.text.startswith("# ssot-shim: ä.b remove-after: 2027-03-01\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "format", "--isolated", "--check", "shop/old.py", "shop/old_pack.py"),
        ("ruff", "check", "--isolated", "--select=E,F,W,B,UP,SIM,N", "shop/old.py"),
        ("flake8", "--isolated", "shop/old.py", "shop/old_pack.py"),
        ("mypy", "--strict", "--cache-dir=cache", "typed.py", "shop/old.py", "shop/tree"),
    ],
    ids=" ".join,
)
def test_other_tools_like_it(shop: Path, command: tuple[str, ...]) -> None:
    """A type checker sees the home's names through it, private ones too."""
    (shop / "typed.py").write_text(
        "import shop.tree.sub.deep\n"
        "from shop import old_pack\n"
        "from shop.old import FLAG, Order, __version__, _cache, _hidden, flag\n\n"
        "number: int = FLAG + old_pack.other + old_pack._own\n"
        "word: str = __version__\n"
        "order: Order = Order()\n"
        "deep: shop.tree.sub.deep.Deep\n"
        "bad: int = Order()\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=shop, capture_output=True, text=True, check=False
    )
    errors = [line for line in done.stdout.splitlines() if ": error: " in line]
    assert [line for line in errors if not line.startswith("shop/orders.py")] == [
        'typed.py:9: error: Incompatible types in assignment (expression has type "Order", '
        'variable has type "int")  [assignment]'
    ] * (command[0] == "mypy"), done.stdout
    assert done.returncode == (command[0] == "mypy"), done.stdout + done.stderr


def test_what_is_told_of_names_that_no_star_brings(tmp_path: Path) -> None:
    home = """\
        import json, os as _os
        from a import _b
        __all__ = ["listed"]
        __path__, __doc__, __author__ = [], "", "A."
        listed = left_out = _own = 1
        if listed:
            class _C:
                _inside = 1
        else:
            def f(): _local = 1
        _alias = json
        def __getattr__(name): ...
        def __dir__(): ...
        """
    project = write(tmp_path, {"app/new.py": dedent(home), "app/ns/x.txt": ""})
    shim = new_shim(project, "app.old", "app.new", DAY)
    assert shim == Shim(
        "app.new", "2027-03-01", ("_C", "__author__", "_alias", "_own", "f", "left_out")
    )
    assert parse(shim.text.encode()) == shim
    assert new_shim(project, "app.old", "app.ns", DAY).hidden == ()
