"""What people read in a terminal, whole and to the letter."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest
from hypothesis import given

from ssot_lint.model import Fingerprint, Note, Report, Statistic
from ssot_lint.reporters import Settings, render
from tests.reporters.samples import CART, ENTRY, FACTORY, REPORTS, cart, factory, report

QUIET = Settings(verbosity=-1)


def shown(report: Report, settings: Settings | None = None) -> str:
    return render(report, "text", settings or Settings())


def test_a_whole_report() -> None:
    found = report(
        (factory(), "new"),
        (cart(3), "new"),
        (cart(3, statement=3), "known"),
        (cart(9), "inherited"),
        (cart(1, "shop/views.py"), "known"),
        (cart(8, "shop/views.py"), "suppressed"),
        summaries=(
            FACTORY._replace(now=1, new=1, statements=1, files=1, lines=240, owner="checkout"),
            CART._replace(
                baseline=5,
                now=4,
                new=1,
                inherited=1,
                fixed=2,
                suppressed=1,
                statements=3,
                files=2,
                docs="https://example.org/cart",
            ),
        ),
        renamed=(("shop/old.py", "shop/new.py"), ("shop/x/a.py", "shop/y/a.py")),
        ties=(("shop/x/a.py", "shop/y/a.py"),),
        stale=((ENTRY, 2),),
        out_of_scope=((Fingerprint("archive/a.py", "cart-factory", "archive.a"), 1),),
        growth=((ENTRY, 1, 2),),
        notes=(
            Note("idle", "'shop.x' matches nothing", "cart-factory", "rules.yaml", 12),
            Note("run", ".gitignore hides 2 Python files that git tracks"),
            Note("suppression", "a suppression was added", "old-cart-path", "shop/views.py", 8),
            Note("undecidable", "module __getattr__", "old-cart-path", "shop/lazy.py", 1),
            Note("undecidable", "module __getattr__", "old-cart-path", "shop/lazy2.py", 1),
        ),
        broken=("scripts/a.py", "scripts/b.py"),
        statistics=(
            Statistic("old-cart-path", "imports by the home", 30, 40, "statements"),
            Statistic("old-cart-path", "nothing to divide by", 0, 0, "statements"),
            Statistic("old-cart-path", "where the name leads", 1, None, "origins"),
        ),
        failed=("1 new violation", "1 baseline entry grew without a reason"),
    )
    assert shown(found) == dedent(
        """\
        shop/cart_factory.py:1:1: SOT101 shop.cart_factory must not exist [cart-factory] (warning)
        shop/routes.py:3:25: SOT102 shop.basket.Cart moved to shop.cart.Cart [old-cart-path]
        shop/routes.py:9:25: SOT102 shop.basket.Cart moved to shop.cart.Cart [old-cart-path] (inherited)

        rule                    code    unit   baseline  now  new  inherited  fixed  suppressed  statements  files affected  lines in forbidden modules
        cart-factory (warning)  SOT101  files         0    1    1          0      0           0           1               1                         240
        old-cart-path           SOT102  names         5    4    1          1      2           1           3               2                           -

        cart-factory: Carts are made by get_cart. Ask checkout.
        old-cart-path: One import path for the cart. See https://example.org/cart

        New: 1 file; 1 name in 1 statement in 1 file. Now: 1 file; 4 names in 3 statements in 2 files. Judged: 120 files.

        Renamed: 2 files. `ssot-lint baseline shrink` writes the entries under the new paths.
          shop/old.py -> shop/new.py
          shop/x/a.py -> shop/y/a.py (another pairing was as good)

        Fixed: 2 names. `ssot-lint baseline shrink` takes them out of the baseline.
          shop/mail.py: old-cart-path shop.basket.Cart: 2 names
        Out of scope, yet in the baseline: 1 file. `ssot-lint baseline shrink` drops them.
          archive/a.py: cart-factory archive.a: 1 file

        Grown: 1 baseline entry, since the merge base and without a reason. Fix the code, or say why: `ssot-lint baseline update --accept-new REASON`.
          shop/mail.py: old-cart-path shop.basket.Cart: 1 -> 2 names

        Notes:
          .gitignore hides 2 Python files that git tracks
          shop/views.py:8: a suppression was added [old-cart-path]
        3 notes (1 idle, 2 undecidable); -v lists them

        2 files that do not parse, and hold no word of any rule, were not checked

        old-cart-path: imports by the home: 30 statements of 40 (75.0%)
        old-cart-path: nothing to divide by: 0 statements of 0
        old-cart-path: where the name leads: 1 origin

        Failed: 1 new violation; 1 baseline entry grew without a reason.
        """
    )


def test_a_clean_report_still_says_what_was_judged() -> None:
    assert shown(report(complete=False, files=1)) == dedent(
        """\
        rule           code    unit   baseline  now  new  fixed  suppressed  statements  files affected
        old-cart-path  SOT102  names         0    0    0      0           0           0               0

        New: none. Now: none. Judged: 1 file (partial run).
        """
    )


def test_no_rules_no_table() -> None:
    assert shown(report(summaries=())) == "New: none. Now: none. Judged: 120 files.\n"


def test_known_violations_are_listed_on_request() -> None:
    found = report((cart(3), "known"), (cart(4, severity="warning"), "known"))
    assert shown(found, QUIET) == ""
    assert shown(found, QUIET._replace(show_known=True)) == dedent(
        """\
        shop/routes.py:3:25: SOT102 shop.basket.Cart moved to shop.cart.Cart [old-cart-path] (known)
        shop/routes.py:4:25: SOT102 shop.basket.Cart moved to shop.cart.Cart [old-cart-path] (warning, known)
        """
    )


def test_suppressed_violations_are_only_counted() -> None:
    assert shown(report((cart(3), "suppressed")), QUIET._replace(show_known=True)) == ""


@pytest.mark.parametrize(
    ("max_shown", "lines", "last"),
    [
        pytest.param(None, [2, 3, 5, 7], "", id="no limit"),
        pytest.param(4, [2, 3, 5, 7], "", id="a limit that is not reached says nothing"),
        pytest.param(
            3,
            [3, 5, 7],
            "... 1 more violation not listed (--max-shown 3)",
            id="known ones are cut first, the order stays",
        ),
        pytest.param(
            1,
            [5],
            "... 3 more violations not listed (--max-shown 1)",
            id="a new one outlives an inherited one",
        ),
        pytest.param(0, [], "... 4 violations not listed (--max-shown 0)", id="none at all"),
    ],
)
def test_max_shown(max_shown: int | None, lines: list[int], last: str) -> None:
    found = report(
        (cart(2), "known"), (cart(3), "inherited"), (cart(5), "new"), (cart(7), "inherited")
    )
    printed = shown(found, QUIET._replace(show_known=True, max_shown=max_shown)).splitlines()
    assert [int(line.split(":")[1]) for line in printed if not line.startswith("...")] == lines
    assert [line for line in printed if line.startswith("...")] == ([last] if last else [])


def test_equal_violations_count_one_by_one_under_max_shown() -> None:
    found = report((cart(3), "new"), (cart(3), "new"))
    assert shown(found, QUIET._replace(max_shown=1)).splitlines()[1:] == [
        "... 1 more violation not listed (--max-shown 1)"
    ]


def test_quiet_prints_what_fails_and_nothing_else() -> None:
    found = report(
        (cart(3), "new"),
        growth=((ENTRY, 0, 1),),
        stale=((ENTRY, 1),),
        broken=("a.py",),
        failed=("1 new violation",),
    )
    assert shown(found, QUIET) == dedent(
        """\
        shop/routes.py:3:25: SOT102 shop.basket.Cart moved to shop.cart.Cart [old-cart-path]

        Grown: 1 baseline entry, since the merge base and without a reason. Fix the code, or say why: `ssot-lint baseline update --accept-new REASON`.
          shop/mail.py: old-cart-path shop.basket.Cart: 0 -> 1 name

        Failed: 1 new violation.
        """
    )


def test_long_lists_are_cut_unless_verbose() -> None:
    entries = tuple((Fingerprint(f"a{n:02}.py", "old-cart-path", "x.Y"), 1) for n in range(12))
    found = report(
        stale=entries,
        notes=(Note("idle", "'x' matches nothing", "old-cart-path", "rules.yaml", 3),),
        broken=("b.py",),
    )
    short, full = shown(found), shown(found, Settings(verbosity=1))
    assert "  a09.py: old-cart-path x.Y: 1 name\n  ... and 2 more (-v lists all)\n" in short
    assert "a10.py" not in short
    assert "  a10.py: old-cart-path x.Y: 1 name\n  a11.py: old-cart-path x.Y: 1 name\n" in full
    assert "-v" not in full
    assert full.endswith(
        "\nNotes:\n  rules.yaml:3: 'x' matches nothing [old-cart-path]\n\n"
        "1 file that does not parse, and holds no word of any rule, was not checked\n  b.py\n"
    )
    assert short.endswith(
        "\n1 note (1 idle); -v lists them\n\n"
        "1 file that does not parse, and holds no word of any rule, was not checked\n"
    )


def test_notes_about_the_change_are_cut_like_any_list() -> None:
    found = report(notes=tuple(Note("swap", f"swap {n}") for n in range(12)))
    assert "\nNotes:\n  swap 0\n" in shown(found)
    assert shown(found).endswith("  swap 9\n  ... and 2 more (-v lists all)\n")


def test_a_built_in_kind_has_no_reason_to_repeat() -> None:
    found = report((cart(3), "new"), summaries=(CART._replace(new=1, reason=""),))
    assert "\n\nold-cart-path: " not in shown(found)


def test_an_entry_of_a_rule_that_did_not_run_may_have_grown() -> None:
    grown = report(growth=((ENTRY._replace(rule="not-selected"), 1, 2),))
    assert "  shop/mail.py: not-selected shop.basket.Cart: 1 -> 2 violations\n" in shown(grown)


def test_every_path_is_relative_to_the_working_directory() -> None:
    found = report(
        (cart(3, "p.py"), "new"),
        renamed=(("p.py", "p.py"),),
        stale=((ENTRY._replace(path="p.py"), 1),),
        growth=((ENTRY._replace(path="p.py"), 1, 2),),
        notes=(Note("idle", "idle", path="p.py", line=1), Note("run", "no place")),
        broken=("p.py",),
    )
    text = shown(found, Settings(verbosity=1, relative="../{}".format))
    assert len(re.findall(r"p\.py", text)) == len(re.findall(r"\.\./p\.py", text)) == 7
    assert "\n  no place\n" in text


def test_colours_mark_place_and_severity() -> None:
    found = report((cart(3), "new"), (cart(4, severity="warning"), "new"))
    assert shown(found, QUIET._replace(color=True)) == (
        "\x1b[1mshop/routes.py:3:25\x1b[0m: \x1b[31mSOT102\x1b[0m "
        "shop.basket.Cart moved to shop.cart.Cart [old-cart-path]\n"
        "\x1b[1mshop/routes.py:4:25\x1b[0m: \x1b[33mSOT102\x1b[0m "
        "shop.basket.Cart moved to shop.cart.Cart [old-cart-path] (warning)\n"
    )


@pytest.mark.parametrize(
    ("wild", "escaped"),
    [
        pytest.param("a\nb", r"a\nb", id="line feed"),
        pytest.param("a\r\nb", r"a\r\nb", id="carriage return"),
        pytest.param("\x1b[2J", r"\x1b[2J", id="terminal command"),
        pytest.param("\x85\u2028\u2029", r"\x85\u2028\u2029", id="line ends of Unicode"),
        pytest.param("\u202egnp", r"\u202egnp", id="text direction turned round"),
        pytest.param(
            "caf\u00e9 \U0001f600 \udce9",
            "caf\u00e9 \U0001f600 \udce9",
            id="the rest is the console's",
        ),
    ],
)
def test_nobody_can_forge_a_line(wild: str, escaped: str) -> None:
    violation = cart(3, wild)._replace(message=wild)
    line = f"{escaped}:3:25: SOT102 {escaped} [old-cart-path]\n"
    assert shown(report((violation, "new")), QUIET) == line


@given(REPORTS)
def test_a_violation_is_one_line_and_so_is_every_entry(found: Report) -> None:
    settings = Settings(verbosity=-1, show_known=True)
    visible = [finding for finding in found.findings if finding.state != "suppressed"]
    grown = len(found.growth) + 1 if found.growth else 0
    blocks = [size for size in (len(visible), grown, 1 if found.failed else 0) if size]
    blanks = max(0, len(blocks) - 1)
    assert len(shown(found, settings).splitlines()) == sum(blocks) + blanks


@given(REPORTS)
def test_colour_changes_nothing_but_colour(found: Report) -> None:
    plain = shown(found, Settings(show_known=True))
    coloured = shown(found, Settings(show_known=True, color=True))
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


@given(REPORTS)
def test_no_line_ends_but_our_own(found: Report) -> None:
    text = shown(found, Settings(verbosity=1, show_known=True))
    assert text.splitlines() == text.removesuffix("\n").split("\n")
