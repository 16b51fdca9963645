"""What a violation of a fixable kind says that is to be written in place of its subject."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.rules import KINDS
from tests.kinds.running import check

FILES = {
    "shop/__init__.py": "from shop.impl import Basket\n",
    "shop/impl.py": "class Basket:\n    size = 0\n",
    "shop/old.py": "from shop.impl import Basket\n",
}
MOVED = """
ssot-lint: 1
rules:
  - {name: old-path, kind: legacy-import, reason: r, moved: {shop.old: shop.impl, shop.was.A: shop.impl.Basket}, removed: [shop.gone]}
  - {name: old-string, kind: legacy-reference, reason: r, of: old-path}
"""
HOME = """
ssot-lint: 1
rules:
  - {name: one-path, kind: import-path, reason: r, home: shop.Basket}
"""


def replacements(folder: Path, rules: str, text: str) -> list[tuple[str, str]]:
    report = check(folder, rules, {**FILES, "page.py": text})
    return [
        (finding.violation.subject, finding.violation.replacement)
        for finding in report.findings
        if finding.violation.path == "page.py"
    ]


@pytest.mark.parametrize(
    ("text", "subject", "replacement"),
    [
        ("from shop.old import Basket", "shop.old.Basket", "shop.impl.Basket"),
        ("from shop.old import anything as a", "shop.old.anything", "shop.impl.anything"),
        ("import shop.old", "shop.old", "shop.impl"),
        ("from shop import old", "shop.old", "shop.impl"),
        ("from shop.old import *", "shop.old.*", "shop.impl.*"),
        ("from shop.was import A", "shop.was.A", "shop.impl.Basket"),
        ("import shop.gone", "shop.gone", ""),
        ("import shop\nshop.old.Basket.size", "shop.old.Basket.size", "shop.impl.Basket.size"),
        ("patch('shop.old.Basket')", "shop.old.Basket", "shop.impl.Basket"),
        ("patch(f'shop.old.Basket.{x}')", "shop.old.Basket.*", "shop.impl.Basket.*"),
        ("patch('shop.gone.X')", "shop.gone.X", ""),
    ],
)
def test_of_what_moved(tmp_path: Path, text: str, subject: str, replacement: str) -> None:
    assert replacements(tmp_path, MOVED, text) == [(subject, replacement)]


@pytest.mark.parametrize(
    ("text", "subject", "replacement"),
    [
        ("from shop.impl import Basket", "shop.impl.Basket", "shop.Basket"),
        ("from shop.old import Basket as B", "shop.old.Basket", "shop.Basket"),
        ("import shop.impl\nshop.impl.Basket.size", "shop.impl.Basket.size", "shop.Basket.size"),
        ("from shop.impl import *", "shop.impl.*", ""),
    ],
)
def test_of_what_has_a_home(tmp_path: Path, text: str, subject: str, replacement: str) -> None:
    assert replacements(tmp_path, HOME, text) == [(subject, replacement)]


def test_only_kinds_about_paths_are_fixable() -> None:
    fixable = {kind.kind for kind in KINDS if kind.fixable}
    assert fixable == {"legacy-import", "legacy-reference", "import-path"}
