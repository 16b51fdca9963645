"""Workflow commands as the runner of GitHub Actions reads them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from ssot_lint.model import Note, Report, Span
from ssot_lint.reporters import Settings, render
from tests.reporters.samples import CART, ENTRY, FACTORY, REPORTS, cart, factory, report


def lines(report: Report, prefix: str = "") -> list[str]:
    return render(report, "github", Settings(prefix=prefix)).splitlines()


def test_errors_come_before_warnings_and_the_total_last() -> None:
    found = report(
        (factory(), "new"), (cart(3), "new"), summaries=(FACTORY, CART._replace(docs="the wiki"))
    )
    assert lines(found) == [
        "::error file=shop/routes.py,line=3,endLine=3,col=25,endColumn=29,title=SOT102 old-cart-path"
        "::shop/routes.py:3:25: SOT102 shop.basket.Cart moved to shop.cart.Cart [old-cart-path]"
        "%0AOne import path for the cart. See the wiki",
        "::warning file=shop/cart_factory.py,line=1,endLine=1,col=1,endColumn=1,"
        "title=SOT101 cart-factory"
        "::shop/cart_factory.py:1:1: SOT101 shop.cart_factory must not exist [cart-factory]"
        "%0ACarts are made by get_cart.",
        "New: 1 file; 1 name in 1 statement in 1 file. Now: 1 file; 1 name in 1 statement in 1 file."
        " Judged: 120 files.",
    ]


def test_only_new_violations_are_annotated() -> None:
    found = report((cart(3), "known"), (cart(4), "inherited"), (cart(5), "suppressed"))
    assert lines(found) == [
        "Inherited: shop/routes.py:4:25: SOT102 shop.basket.Cart moved to shop.cart.Cart "
        "[old-cart-path]",
        "New: none. Now: 2 names in 2 statements in 1 file. Judged: 120 files.",
    ]


def test_the_log_has_the_notes_on_run_and_change() -> None:
    found = report(
        notes=(
            Note("idle", "allow: 'x' matches nothing", "old-cart-path", "rules.yaml", 3),
            Note("run", "no file was judged"),
            Note("suppression", "the change adds one", path="shop/a.py", line=4),
        )
    )
    assert lines(found, "services/")[:-1] == [
        "Note: no file was judged",
        "Note: services/shop/a.py:4: the change adds one",
    ]


def test_no_file_name_becomes_a_command() -> None:
    found = report(
        (cart(4, "::error::x"), "inherited"), notes=(Note("run", "m", path="::warning::y", line=1),)
    )
    assert not any(line.startswith("::") for line in lines(found))


def test_why_it_failed_stands_last() -> None:
    found = report((cart(3), "new"), failed=("1 new violation", "2 suppressions added"))
    assert lines(found)[-1] == "Failed: 1 new violation; 2 suppressions added."


def test_no_reason_no_second_line() -> None:
    found = report((cart(3), "new"), summaries=(CART._replace(reason=""),))
    assert lines(found)[0].endswith("moved to shop.cart.Cart [old-cart-path]")


def test_growth_stands_at_the_baseline() -> None:
    assert lines(report(growth=((ENTRY, 1, 2),), baseline="ssot-baseline.yml"), "services/")[0] == (
        "::error file=services/ssot-baseline.yml,line=1,title=baseline grew"
        "::services/shop/mail.py: the baseline tolerates 2 names of shop.basket.Cart, 1 at the merge"
        " base [old-cart-path]%0AFix the code, or say why: "
        "`ssot-lint baseline update --accept-new REASON`."
    )


@pytest.mark.parametrize(
    ("prefix", "path", "expected"),
    [
        pytest.param("", "a.py", "a.py", id="the root is the top"),
        pytest.param("services/", "a.py", "services/a.py", id="the root is below the top"),
        pytest.param("services/", "../rules.yaml", "rules.yaml", id="a file above the root"),
    ],
)
def test_paths_are_relative_to_the_repositorys_top(prefix: str, path: str, expected: str) -> None:
    assert f"::error file={expected},line" in lines(report((cart(3, path), "new")), prefix)[0]


def test_no_columns_where_several_lines_are_meant() -> None:
    found = report((cart(3)._replace(span=Span(3, 25, 5, 2)), "new"))
    assert lines(found)[0].startswith("::error file=shop/routes.py,line=3,endLine=5,title=SOT102 ")


def test_what_github_would_hide_is_announced() -> None:
    ten = report(*((cart(line), "new") for line in range(1, 11)))
    eleven = report(
        *((cart(line), "new") for line in range(1, 12)),
        (factory(), "new"),
        summaries=(CART, FACTORY),
    )
    assert len(lines(ten)) == 11
    assert lines(eleven)[-2] == (
        "GitHub annotates at most 10 errors and 10 warnings per step; this log has all: "
        "11 errors, 1 warning."
    )
    many_warnings = report(*((factory(), "new") for _ in range(11)), summaries=(FACTORY,))
    assert lines(many_warnings)[-2].endswith("this log has all: 0 errors, 11 warnings.")


COMMAND = re.compile(r"::(error|warning) ((?:[a-zA-Z]+=[^,:]*)(?:,[a-zA-Z]+=[^,:]*)*)::(.*)")


def as_the_runner_reads(line: str) -> tuple[str, dict[str, str], str]:
    """Level, properties and message: the reverse of the escapes of @actions/core."""
    match = COMMAND.fullmatch(line)
    assert match, line
    level, properties, message = match.groups()

    def plain(text: str) -> str:
        for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            text = text.replace(code, char)
        return text

    pairs = dict(pair.split("=", 1) for pair in properties.split(","))
    return level, {key: plain(value) for key, value in pairs.items()}, plain(message)


def test_escapes() -> None:
    violation = cart(3, "a,b:c%\n.py")._replace(message="100%\r\nsure: a, b")
    line = lines(report((violation, "new")))[0]
    assert "file=a%2Cb%3Ac%25%0A.py," in line
    assert r"::a,b:c%25\n.py:3:25: SOT102 100%25\r\nsure: a, b [" in line


@given(REPORTS)
def test_the_runner_reads_back_what_was_meant(found: Report) -> None:
    text = render(found, "github", Settings()).removesuffix("\n").split("\n")
    commands = [as_the_runner_reads(line) for line in text if line.startswith("::")]
    new = found.in_state("new")
    grown = [None] * len(found.growth)
    assert len(commands) == len(new) + len(grown)
    assert sorted(level for level, _, _ in commands) == sorted(
        [*(violation.severity for violation in new), *("error" for _ in grown)]
    )
    told = [message for _, _, message in commands]
    for violation in new:
        assert any(f"[{violation.rule}]" in message for message in told)
