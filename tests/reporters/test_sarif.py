"""SARIF 2.1.0: valid by its schema, and with what code scanning needs."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft4Validator

from ssot_lint import __version__
from ssot_lint.model import Finding, Note, Report, Violation
from ssot_lint.reporters import Settings, render
from tests.reporters.samples import CART, ENTRY, FACTORY, REPORTS, cart, factory, report

SCHEMA = Path(__file__).parents[1] / "data" / "sarif-2.1.0-rtm.5.json"
VALIDATOR = Draft4Validator(json.loads(SCHEMA.read_text("utf-8")))


def run(report: Report, prefix: str = "") -> Any:
    """The one run of a log that the schema accepts."""
    log = json.loads(render(report, "sarif", Settings(prefix=prefix)))
    VALIDATOR.validate(log)
    [only] = log["runs"]
    return only


def results(report: Report, prefix: str = "") -> Any:
    return run(report, prefix)["results"]


def test_the_schema_refuses_what_is_no_sarif() -> None:
    log = json.loads(render(report((cart(3), "new")), "sarif", Settings()))
    log["runs"][0]["results"][0]["baselineState"] = "fixed"
    assert not VALIDATOR.is_valid(log)


def test_a_whole_run() -> None:
    found = report(
        (cart(3), "new"),
        summaries=(FACTORY, CART._replace(docs="https://example.org/cart", owner="checkout")),
    )
    why = "One import path for the cart. Ask checkout. See https://example.org/cart"
    assert run(found) == {
        "tool": {
            "driver": {
                "name": "ssot-lint",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [
                    {
                        "id": "SOT101/cart-factory",
                        "name": "cart-factory",
                        "shortDescription": {"text": "Carts are made by get_cart."},
                        "fullDescription": {"text": "Carts are made by get_cart."},
                        "help": {
                            "text": "Carts are made by get_cart.\n\n"
                            "Its manual: ssot-lint explain cart-factory",
                            "markdown": "Carts are made by get_cart.\n\n"
                            "Its manual: `ssot-lint explain cart-factory`",
                        },
                        "defaultConfiguration": {"level": "warning"},
                        "properties": {
                            "tags": ["ssot", "forbidden-module"],
                            "precision": "very-high",
                            "problem.severity": "warning",
                        },
                    },
                    {
                        "id": "SOT102/old-cart-path",
                        "name": "old-cart-path",
                        "shortDescription": {"text": "One import path for the cart."},
                        "fullDescription": {"text": "One import path for the cart."},
                        "help": {
                            "text": f"{why}\n\nIts manual: ssot-lint explain old-cart-path",
                            "markdown": f"{why}\n\nIts manual: `ssot-lint explain old-cart-path`",
                        },
                        "defaultConfiguration": {"level": "error"},
                        "properties": {
                            "tags": ["ssot", "legacy-import"],
                            "precision": "very-high",
                            "problem.severity": "error",
                        },
                        "helpUri": "https://example.org/cart",
                    },
                ],
            }
        },
        "automationDetails": {"id": "ssot-lint/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": []}],
        "results": [
            {
                "ruleId": "SOT102/old-cart-path",
                "ruleIndex": 1,
                "level": "error",
                "message": {"text": f"shop.basket.Cart moved to shop.cart.Cart\n{why}"},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {
                                "uri": "shop/routes.py",
                                "uriBaseId": "%SRCROOT%",
                            },
                            "region": {
                                "startLine": 3,
                                "startColumn": 25,
                                "endLine": 3,
                                "endColumn": 29,
                            },
                        }
                    }
                ],
                "partialFingerprints": {
                    "ssotSubject/v1": hashlib.sha256(
                        b"shop/routes.py|old-cart-path|shop.basket.Cart"
                    ).hexdigest()
                },
                "baselineState": "new",
            }
        ],
    }


def test_every_state_has_its_words_and_new_ones_come_first() -> None:
    found = report(
        (cart(1), "suppressed"),
        (cart(2), "known"),
        (cart(3, "moved.py"), "known"),
        (cart(4), "inherited"),
        (cart(5), "new"),
        renamed=(("old.py", "moved.py"),),
        stale=((ENTRY, 2),),
        growth=((ENTRY, 1, 2),),
        baseline="ssot-baseline.yml",
    )
    in_baseline = [{"kind": "external", "justification": "in the baseline ssot-baseline.yml"}]
    in_source = [{"kind": "inSource", "justification": "until Friday"}]
    assert [
        (
            _uri(result),
            _region(result)["startLine"],
            result["level"],
            result["baselineState"],
            result.get("suppressions"),
        )
        for result in results(found)
    ] == [
        ("ssot-baseline.yml", 1, "error", "new", None),
        ("shop/routes.py", 5, "error", "new", None),
        ("shop/routes.py", 4, "error", "unchanged", None),
        ("shop/routes.py", 2, "error", "unchanged", in_baseline),
        ("moved.py", 3, "error", "updated", in_baseline),
        ("shop/routes.py", 1, "error", "unchanged", in_source),
        ("shop/mail.py", 1, "none", "absent", None),
    ]


def test_what_is_fixed_passes() -> None:
    [fixed] = results(report(stale=((ENTRY, 2),)))
    assert fixed["kind"] == "pass"
    assert fixed["message"]["text"] == (
        "Fixed: 2 names of shop.basket.Cart. `ssot-lint baseline shrink` takes what is no longer "
        "found out of the baseline.\nOne import path for the cart."
    )


def test_growth_is_no_violation_of_its_subject() -> None:
    grown, violation = results(report((cart(1, ENTRY.path), "new"), growth=((ENTRY, 1, 2),)))
    assert _uri(grown) == "shop/mail.py"  # the run had no baseline file to point to
    assert grown["message"]["text"] == (
        "The baseline tolerates 2 names of shop.basket.Cart in shop/mail.py, 1 at the merge base, "
        "and gives no reason.\nOne import path for the cart."
    )
    [growth] = grown["partialFingerprints"].items()
    [subject] = violation["partialFingerprints"].items()
    assert growth == ("ssotGrowth/v1", subject[1])
    assert subject[0] == "ssotSubject/v1"


def test_a_known_violation_without_a_named_baseline() -> None:
    [known] = results(report((cart(1), "known")))
    assert known["suppressions"] == [{"kind": "external", "justification": "in the baseline"}]


def test_a_violation_may_be_graver_than_its_rule() -> None:
    overdue = factory()._replace(severity="error")
    [result] = results(report((overdue, "new"), summaries=(FACTORY,)))
    assert result["level"] == "error"


@pytest.mark.parametrize(
    ("prefix", "path", "uri"),
    [
        pytest.param("", "a b/c#d.py", "a%20b/c%23d.py", id="characters that end a path"),
        pytest.param("", "x:y.py", "x%3Ay.py", id="what would look like a scheme"),
        pytest.param("", "caf\u00e9.py", "caf%C3%A9.py", id="UTF-8"),
        pytest.param("", "caf\udce9.py", "caf%E9.py", id="a name that is no UTF-8"),
        pytest.param("services/", "a.py", "services/a.py", id="the root is below the top"),
        pytest.param("services/", "../rules.yaml", "rules.yaml", id="a file above the root"),
    ],
)
def test_uris_are_relative_to_the_repositorys_top(prefix: str, path: str, uri: str) -> None:
    assert _uri(results(report((cart(1, path), "new")), prefix)[0]) == uri


def test_braces_are_no_placeholders() -> None:
    odd = cart(1)._replace(message="patch of a.{name}")
    found = report((odd, "new"), summaries=(CART._replace(reason="No {0}."),))
    only = run(found)
    assert only["results"][0]["message"]["text"] == "patch of a.{{name}}\nNo {{0}}."
    assert only["tool"]["driver"]["rules"][0]["shortDescription"]["text"] == "No {{0}}."


def test_help_links_only_to_urls() -> None:
    found = report(summaries=(CART._replace(docs="see the wiki"),))
    [rule] = run(found)["tool"]["driver"]["rules"]
    assert "helpUri" not in rule
    assert "See see the wiki" in rule["help"]["text"]


def test_a_built_in_kind_is_described_by_its_name() -> None:
    found = report((cart(1), "new"), summaries=(CART._replace(reason=""),))
    only = run(found)
    [rule] = only["tool"]["driver"]["rules"]
    assert rule["shortDescription"] == rule["fullDescription"] == {"text": "old-cart-path"}
    assert rule["help"]["text"] == "old-cart-path\n\nIts manual: ssot-lint explain old-cart-path"
    assert only["results"][0]["message"]["text"] == "shop.basket.Cart moved to shop.cart.Cart"


def test_an_entry_of_a_rule_that_did_not_run_may_have_grown() -> None:
    only = run(report(growth=((ENTRY._replace(rule="not-selected"), 1, 2),)))
    assert [rule["id"] for rule in only["tool"]["driver"]["rules"]] == [
        "SOT102/old-cart-path",
        "not-selected",
    ]
    assert only["results"][0]["ruleIndex"] == 1


def test_notifications() -> None:
    found = report(
        broken=("a.py", "b.py"),
        unusable=True,
        failed=("1 new violation",),
        notes=(
            Note("run", ".gitignore hides Python files"),
            Note("undecidable", "x", "old-cart-path", "c.py", 1),
            Note("undecidable", "y", "old-cart-path", "c.py", 2),
            Note("suppression", "a suppression was added", "old-cart-path", "c.py", 3),
        ),
    )
    [invocation] = run(found, "services/")["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCodeDescription"] == "Failed: 1 new violation."
    assert [
        (
            item["descriptor"]["id"],
            item["level"],
            item["message"]["text"],
            [_uri({"locations": [place]}) for place in item["locations"]],
        )
        for item in invocation["toolExecutionNotifications"]
    ] == [
        (
            "broken-files",
            "warning",
            "2 files that do not parse, and hold no word of any rule, were not checked",
            ["services/a.py", "services/b.py"],
        ),
        ("run", "note", ".gitignore hides Python files", []),
        ("suppression", "note", "c.py:3: a suppression was added [old-cart-path]", []),
        ("notes", "note", "2 notes (2 undecidable)", []),
    ]


def test_no_more_results_than_github_takes_and_never_a_new_one_less() -> None:
    known = tuple(Finding(cart(1, "a.py"), "known") for _ in range(25_000))
    found = report((cart(9, "z.py"), "new"), stale=((ENTRY, 1),))._replace(findings=())
    found = found._replace(findings=(*known, Finding(cart(9, "z.py"), "new")))
    log = json.loads(render(found, "sarif", Settings()))
    only = log["runs"][0]
    assert len(only["results"]) == 25_000
    assert [_uri(result) for result in only["results"][:2]] == ["z.py", "a.py"]
    [left_out] = only["invocations"][0]["toolExecutionNotifications"]
    assert left_out["message"]["text"] == "2 results left out: a run may hold 25000"


@given(REPORTS)
def test_any_report_is_valid_sarif_in_ascii(found: Report) -> None:
    text = render(found, "sarif", Settings(prefix="services/"))
    assert text.isascii()
    log = json.loads(text)
    VALIDATOR.validate(log)
    only = log["runs"][0]
    rules = only["tool"]["driver"]["rules"]
    assert len(only["results"]) == len(found.findings) + len(found.growth) + len(found.stale)
    for result in only["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert "baselineState" in result  # on every result or on none (3.27.24)
        assert _region(result)["startLine"] >= 1
        assert not _uri(result).startswith(("/", "file:"))


def _uri(result: Any) -> str:
    uri: str = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    return uri


def _region(result: Any) -> dict[str, int]:
    region: dict[str, int] = result["locations"][0]["physicalLocation"]["region"]
    return region


def test_positions_do_not_enter_the_fingerprint() -> None:
    def digest(violation: Violation) -> str:
        [result] = results(report((violation, "new")))
        value: str = result["partialFingerprints"]["ssotSubject/v1"]
        return value

    assert digest(cart(1)) == digest(cart(99)._replace(message="other words"))
    assert (
        len({digest(cart(1)), digest(cart(1, "b.py")), digest(cart(1)._replace(subject="x"))}) == 3
    )
