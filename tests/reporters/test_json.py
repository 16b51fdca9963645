"""The JSON report agrees with its schema and with its manual."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from hypothesis import given
from jsonschema import Draft202012Validator

from ssot_lint import __version__
from ssot_lint.model import Note, Report, Statistic
from ssot_lint.reporters import Settings, render
from tests.reporters.samples import CART, ENTRY, FACTORY, REPORTS, cart, factory, report

SCHEMA = json.loads(resources.files("ssot_lint").joinpath("report.schema.json").read_text("utf-8"))
MANUAL = (Path(__file__).parents[2] / "docs" / "json.md").read_text("utf-8")
VALIDATOR = Draft202012Validator(SCHEMA)


def loaded(report: Report) -> Any:
    return json.loads(render(report, "json", Settings()))


def test_a_whole_report() -> None:
    found = report(
        (factory(), "new"),
        (cart(3), "new"),
        (cart(4, statement=3), "suppressed"),
        summaries=(
            FACTORY._replace(now=1, new=1, statements=1, files=1, lines=240, owner="checkout"),
            CART._replace(now=1, new=1, suppressed=1, statements=1, files=1, docs="see the wiki"),
        ),
        stale=((ENTRY, 2),),
        out_of_scope=((ENTRY._replace(path="old.py"), 3),),
        renamed=(("a.py", "b.py"), ("c.py", "d.py")),
        ties=(("c.py", "d.py"),),
        growth=((ENTRY, 1, 2),),
        notes=(Note("run", "hello"), Note("idle", "idle", "old-cart-path", "rules.yaml", 3)),
        statistics=(Statistic("old-cart-path", "share", 3, 4, "statements"),),
        broken=("x.py",),
        baseline="ssot-baseline.yml",
        unusable=True,
        failed=("1 new violation",),
        stale_failing=True,
    )
    common = {"unit": "names", "rule": "old-cart-path", "subject": "shop.basket.Cart"}
    row = {
        "rule": "old-cart-path",
        "code": "SOT102",
        "kind": "legacy-import",
        "severity": "error",
        "reason": "One import path\nfor the cart.",
        "docs": "see the wiki",
        "owner": None,
        "unit": "names",
        "baseline": 0,
        "now": 1,
        "new": 1,
        "inherited": 0,
        "fixed": 0,
        "suppressed": 1,
        "statements": 1,
        "files": 1,
        "lines_in_forbidden_modules": None,
    }
    violation = {
        "path": "shop/routes.py",
        "span": {"line": 3, "column": 25, "end_line": 3, "end_column": 29},
        "statement": {"line": 3, "column": 1},
        "code": "SOT102",
        "rule": "old-cart-path",
        "kind": "legacy-import",
        "subject": "shop.basket.Cart",
        "message": "shop.basket.Cart moved to shop.cart.Cart",
        "reason": "One import path\nfor the cart.",
        "docs": "see the wiki",
        "replacement": None,
        "severity": "error",
        "state": "new",
        "excuse": None,
    }
    new = [
        {"unit": "files", "count": 1, "statements": 1, "files": 1},
        {"unit": "names", "count": 1, "statements": 1, "files": 1},
    ]
    assert loaded(found) == {
        "version": 1,
        "tool": {"name": "ssot-lint", "version": __version__},
        "root": "/srv/shop",
        "rules_path": "rules.yaml",
        "baseline_path": "ssot-baseline.yml",
        "complete": True,
        "outcome": {
            "new_errors": 1,
            "new_warnings": 1,
            "grown_entries": 1,
            "stale_entries": 1,
            "unusable": True,
            "failed": ["1 new violation"],
            "stale_failing": True,
        },
        "files": {"judged": 120, "broken": ["x.py"]},
        "totals": {"new": new, "now": new},
        "rules": [
            {
                **row,
                "rule": "cart-factory",
                "code": "SOT101",
                "kind": "forbidden-module",
                "severity": "warning",
                "reason": "Carts are made by get_cart.",
                "docs": None,
                "owner": "checkout",
                "unit": "files",
                "suppressed": 0,
                "lines_in_forbidden_modules": 240,
            },
            row,
        ],
        "violations": [
            {
                "path": "shop/cart_factory.py",
                "span": {"line": 1, "column": 1, "end_line": 1, "end_column": 1},
                "statement": {"line": 1, "column": 1},
                "code": "SOT101",
                "rule": "cart-factory",
                "kind": "forbidden-module",
                "subject": "shop.cart_factory",
                "message": "shop.cart_factory must not exist",
                "reason": "Carts are made by get_cart.",
                "docs": None,
                "replacement": None,
                "severity": "warning",
                "state": "new",
                "excuse": None,
            },
            violation,
            {
                **violation,
                "span": {"line": 4, "column": 25, "end_line": 4, "end_column": 29},
                "state": "suppressed",
                "excuse": "until Friday",
            },
        ],
        "stale": [{**common, "path": "shop/mail.py", "count": 2}],
        "out_of_scope": [{**common, "path": "old.py", "count": 3}],
        "renamed": [
            {"old": "a.py", "new": "b.py", "tie": False},
            {"old": "c.py", "new": "d.py", "tie": True},
        ],
        "growth": [{**common, "path": "shop/mail.py", "count": 2, "count_at_base": 1}],
        "notes": [
            {"topic": "run", "message": "hello", "rule": None, "path": None, "line": None},
            {
                "topic": "idle",
                "message": "idle",
                "rule": "old-cart-path",
                "path": "rules.yaml",
                "line": 3,
            },
        ],
        "statistics": [
            {
                "rule": "old-cart-path",
                "label": "share",
                "count": 3,
                "total": 4,
                "unit": "statements",
            }
        ],
    }


@given(REPORTS)
def test_any_report_is_ascii_and_fits_the_schema(found: Report) -> None:
    text = render(found, "json", Settings())
    assert text.isascii()
    assert text.endswith("}\n")
    VALIDATOR.validate(json.loads(text))


@given(REPORTS)
def test_nothing_is_lost_on_the_way(found: Report) -> None:
    read = loaded(found)
    assert [
        (item["path"], item["rule"], item["subject"], item["message"], item["state"])
        for item in read["violations"]
    ] == [
        (*finding.violation.fingerprint, finding.violation.message, finding.state)
        for finding in found.findings
    ]
    assert [tuple(item["span"].values()) for item in read["violations"]] == [
        tuple(violation.span) for violation in found.violations
    ]
    assert read["files"]["broken"] == list(found.broken)
    assert read["root"] == found.root


@given(REPORTS)
def test_totals_count_distinct_statements_and_files(found: Report) -> None:
    new = [violation for violation in found.in_state("new") if violation.rule == "old-cart-path"]
    expected = [
        {
            "unit": "names",
            "count": len(new),
            "statements": len({(violation.path, violation.statement) for violation in new}),
            "files": len({violation.path for violation in new}),
        }
    ]
    totals = loaded(found)["totals"]["new"]
    assert [total for total in totals if total["unit"] == "names"] == (expected if new else [])


@given(REPORTS)
def test_settings_change_nothing(found: Report) -> None:
    elsewhere = Settings(max_shown=0, relative="../{}".format, prefix="services/")
    assert render(found, "json", elsewhere) == render(found, "json", Settings())


def test_the_schema_is_a_schema_and_leaves_nothing_open() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for part in _objects(SCHEMA):
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])


def test_the_manual_names_every_key() -> None:
    keys = {key for part in _objects(SCHEMA) for key in part["properties"]}
    assert keys - set(re.findall(r"`([a-z_]+)`", MANUAL)) == set()


def test_the_manuals_example_is_a_report() -> None:
    [example] = re.findall(r"```json\n(.*?)```", MANUAL, re.DOTALL)
    VALIDATOR.validate(json.loads(example))


def _objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for part in schema.values():
            yield from _objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _objects(part)
