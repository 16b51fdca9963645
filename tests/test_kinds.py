"""What the kinds say beside their violations: faults, notes, statements, statistics."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.config import load, read
from ssot_lint.engine import Request, lint
from ssot_lint.errors import ConfigError
from ssot_lint.model import Report
from ssot_lint.patterns import Clue, Words

HEAD = """\
ssot-lint: 1
rules:
  - name: old-path
    kind: legacy-import
    reason: Moved.
    moved: {shop.old: shop.new}
"""

FAULTS = [
    (
        "  - {name: x, kind: legacy-import, reason: R.}\n",
        "rules.yaml:7:5: x: one of 'moved' and 'removed' is required",
    ),
    (
        "  - {name: x, kind: legacy-import, reason: R., moved: {a.b: c}, removed: [a.b]}\n",
        "rules.yaml:7:65: x: 'a.b' is moved as well as removed",
    ),
    (
        "  - {name: x, kind: legacy-reference, reason: R.}\n",
        "rules.yaml:7:5: x: one of 'of', 'moved' and 'removed' is required",
    ),
    (
        "  - {name: x, kind: legacy-reference, reason: R., of: nothing}\n",
        "rules.yaml:7:51: x: there is no rule 'nothing'",
    ),
    (
        "  - {name: x, kind: legacy-reference, reason: R., of: y}\n"
        "  - {name: y, kind: forbidden-module, reason: R., modules: [a]}\n",
        "rules.yaml:7:51: x: 'y' is a rule of kind forbidden-module, not legacy-import",
    ),
    (
        "  - {name: x, kind: duplicate-definition, reason: R., home: a.B}\n",
        "rules.yaml:7:5: x: one of 'classes', 'functions' and 'constants' is required",
    ),
    (
        "  - {name: x, kind: forbidden-module, reason: R., modules: [a], until: 2030-01-01}\n",
        "rules.yaml:7:65: x: 'until' changes nothing here: the violations are errors already",
    ),
]


@pytest.mark.parametrize(("rules", "fault"), FAULTS)
def test_options_that_do_not_go_together(rules: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(HEAD + rules, "rules.yaml", root=str(tmp_path))
    assert caught.value.lines == (fault,)


def run(folder: Path, files: dict[str, str], *, statistics: bool = False) -> Report:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    request = Request(use_baseline=False, statistics=statistics)
    return lint(read(str(folder / "rules.yaml")), request)


def found(report: Report) -> list[tuple[str, int, str]]:
    return [(v.rule, v.span.line, v.subject) for v in report.violations]


def test_statements_are_counted_where_they_begin(tmp_path: Path) -> None:
    rules = (
        HEAD
        + "  - {name: other-x, kind: divergent-name, reason: R., names: [X, Y], home: shop.new.X}\n"
        + "  - {name: second-x, kind: duplicate-definition, reason: R., classes: [X], home: shop.new}\n"
    )
    report = run(
        tmp_path,
        {
            "rules.yaml": rules,
            "shop/new.py": "class X: ...\n",
            "shop/other.py": "@final\nclass X: ...\nclass Z: ...\n",
            "shop/use.py": (
                "from shop.other import (\n    X,\n    X as Y,\n)\n"
                "from shop.old import (\n    A,\n    B,\n)\n"
                "from shop.other import *\n"
                "X = Y = Z\n"
            ),
        },
    )
    counts = {row.rule: (row.now, row.statements, row.files) for row in report.summaries}
    assert counts == {"old-path": (2, 1, 1), "other-x": (5, 4, 1), "second-x": (1, 1, 1)}
    starts = {(v.rule, v.statement) for v in report.violations}
    assert ("other-x", (1, 1)) in starts
    assert ("old-path", (5, 1)) in starts
    assert ("second-x", (1, 1)) not in starts


def test_what_a_note_says(tmp_path: Path) -> None:
    rules = HEAD + (
        "  - {name: other-x, kind: divergent-name, reason: R., names: [X, Q], home: shop.new.X}\n"
    )
    report = run(
        tmp_path,
        {
            "rules.yaml": rules,
            "shop/new.py": "class X: ...\n",
            "shop/use.py": "from shop.none import X\nfrom os import path as X\n",
            "shop/loop.py": "from shop.pool import X\n",
            "shop/pool.py": "from shop.loop import X\n",
        },
    )
    assert [(n.topic, n.rule, n.path, n.line, n.message) for n in report.notes] == [
        ("idle", "other-x", "rules.yaml", 7, "names: nobody binds or defines 'Q'"),
        ("missing", "other-x", "shop/loop.py", 1, "X leads only to itself"),
        ("missing", "other-x", "shop/pool.py", 1, "X leads only to itself"),
        ("missing", "other-x", "shop/use.py", 1, "X leads to shop.none.X (missing module)"),
        ("outside", "other-x", "shop/use.py", 2, "X leads to os.path (outside)"),
    ]


def test_a_reference_rule_takes_the_paths_of_another_and_has_its_own(tmp_path: Path) -> None:
    rules = HEAD + (
        "    removed: [shop.gone]\n"
        "  - name: old-string\n"
        "    kind: legacy-reference\n"
        "    reason: R.\n"
        "    of: old-path\n"
        "    moved: {shop.old.Own: shop.own.Own}\n"
        "    removed: [shop.mine]\n"
        "  - {name: x, kind: duplicate-definition, reason: R., classes: [X], home: shop.old.Home}\n"
    )
    text = (
        "import pytest, shop, shop.old as old\n"
        "A = 'shop.old.A'\n"
        "B = 'shop.old.Own'\n"
        "C = 'shop.gone'\n"
        "D = 'shop.mine'\n"
        "E = 'shop.old.Home'\n"
        "with pytest.raises(ImportError):\n"
        "    shop.old.F\n"
        "shop.old.G\n"
        "shop.new.H\n"
    )
    report = run(
        tmp_path, {"rules.yaml": rules, "use.py": text, "shop/old.py": "class Home: ...\n"}
    )
    assert [entry for entry in found(report) if entry[0] == "old-string"] == [
        ("old-string", 2, "shop.old.A"),
        ("old-string", 3, "shop.old.Own"),
        ("old-string", 4, "shop.gone"),
        ("old-string", 5, "shop.mine"),
        ("old-string", 9, "shop.old.G"),
    ]
    messages = {v.span.line: v.message for v in report.violations if v.rule == "old-string"}
    assert "use shop.new.A," in messages[2]
    assert "use shop.own.Own," in messages[3]


def test_of_several_imports_of_a_root_the_legacy_one_is_found(tmp_path: Path) -> None:
    text = "import shop\nimport shop.new\nimport shop.cart\nshop.old.A\n"
    rules = HEAD.replace("legacy-import", "legacy-reference")
    report = run(tmp_path, {"rules.yaml": rules, "use.py": text, "shop/new.py": ""})
    assert found(report) == [("old-path", 4, "shop.old.A")]


def test_statistics(tmp_path: Path) -> None:
    rules = HEAD + (
        "  - {name: other-x, kind: divergent-name, reason: R., names: [X], home: shop.new.X}\n"
    )
    files = {
        "rules.yaml": rules,
        "shop/new.py": "class X: ...\n",
        "shop/old.py": "class X: ...\n",
        "a.py": "from shop.old import X, Y\nfrom shop.new import (X,\n  Z)\nimport shop.new\n",
        "b.py": "from shop.old import X\nimport shop\n",
    }
    report = run(tmp_path, files, statistics=True)
    assert [(s.rule, s.label, s.count, s.total, s.unit) for s in report.statistics] == [
        ("old-path", "on the canonical path", 2, 4, "import statements"),
        ("other-x", "that X leads to", 2, None, "origins"),
    ]
    assert run(tmp_path, {}).statistics == ()


def test_words_know_whether_case_counts(tmp_path: Path) -> None:
    text = HEAD + (
        "  - {name: x, kind: duplicate-definition, reason: R., home: a.B, classes: ['*Big*Thing'],"
        " ignore_case: true}\n"
    )
    rule = load(text, "rules.yaml", root=str(tmp_path)).rules[1]
    clue = Clue(frozenset({"big", "thing"}), "class", "*big*thing")
    assert rule.words() == Words(frozenset({clue}), ignore_case=True)
