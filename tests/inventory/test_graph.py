"""What an import brings along."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.config import read
from ssot_lint.engine import Request
from ssot_lint.engine.survey import survey
from ssot_lint.inventory import reachable
from tests.inventory.projects import RULES, write

PACKAGE = {"shop/__init__.py": "", "shop/a.py": "", "shop/b.py": "", "shop/sub/__init__.py": ""}


def reached(folder: Path, text: str, **more: str) -> list[str]:
    """What ``shop/main.py`` reaches besides itself and its package, if it holds `text`."""
    files = {"rules.yaml": RULES, **PACKAGE, "shop/main.py": text, **more}
    config = read(str(write(folder, files) / "rules.yaml"))
    found = reachable(survey(config, Request(), ()).project, ["shop/main.py"])
    assert found >= {"shop/main.py", "shop/__init__.py"}
    return sorted(found - {"shop/main.py", "shop/__init__.py"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("import shop.a", ["shop/a.py"]),
        ("import shop.a as x, shop.b", ["shop/a.py", "shop/b.py"]),
        ("from shop import a", ["shop/a.py"]),
        ("from . import a, nothing", ["shop/a.py"]),
        ("from .sub import name", ["shop/sub/__init__.py"]),
        ("from .a import *", ["shop/a.py"]),
        ("import shop.sub.gone", ["shop/sub/__init__.py"]),
        ("import os, elsewhere.a", []),
        ("from .... import a", []),
        ("def f():\n    import shop.a", ["shop/a.py"]),
        (
            "try:\n    import shop.a\nexcept ImportError:\n    import shop.b",
            ["shop/a.py", "shop/b.py"],
        ),
        ("import typing\nif typing.TYPE_CHECKING:\n    import shop.a", []),
        (
            "from typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    import shop.a\nelse:\n    import shop.b",
            ["shop/b.py"],
        ),
        ("import pytest\nwith pytest.raises(ImportError):\n    import shop.a", []),
        ("import importlib\nimportlib.import_module('shop.a')", ["shop/a.py"]),
        ("from importlib import import_module as load\nload('shop.a')", []),
        ("from importlib import import_module\nimport_module('.a', __package__)", ["shop/a.py"]),
        (
            "from importlib import import_module\nimport_module('..a', 'shop.sub')",
            ["shop/a.py", "shop/sub/__init__.py"],
        ),
        ("from importlib import import_module\nimport_module('.a', unknown)", []),
        ("from importlib import import_module\nimport_module(f'shop.{name}')", []),
        ("__import__('shop.a')", ["shop/a.py"]),
        ("name = 'shop.a'", []),
        ("def broken(", []),
    ],
)
def test_what_a_file_imports(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert reached(tmp_path, text) == expected


def test_a_package_says_what_it_imports_by_its_own_name(tmp_path: Path) -> None:
    found = reached(
        tmp_path,
        "import shop.sub",
        **{"shop/sub/__init__.py": "import importlib\nimportlib.import_module('.x', __name__)\n"},
        **{"shop/sub/x.py": ""},
    )
    assert found == ["shop/sub/__init__.py", "shop/sub/x.py"]


def test_cycles_end_and_chains_are_followed(tmp_path: Path) -> None:
    length = 3000
    chain = {f"shop/m{n}.py": f"import shop.m{n + 1}\n" for n in range(length)}
    chain[f"shop/m{length}.py"] = "import shop.main\n"
    assert len(reached(tmp_path, "import shop.m0", **chain)) == length + 1


def test_excluded_files_are_followed_too(tmp_path: Path) -> None:
    rules = RULES + "exclude: [shop/a.py]\n"
    found = reached(
        tmp_path, "import shop.a", **{"rules.yaml": rules, "shop/a.py": "import shop.b"}
    )
    assert found == ["shop/a.py", "shop/b.py"]
