"""Reports for the tests of the reporters: one small, and any that hypothesis can think of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from ssot_lint.model import (
    Finding,
    Fingerprint,
    Note,
    Report,
    RuleSummary,
    Span,
    State,
    Statistic,
    Violation,
)

CART = RuleSummary(
    rule="old-cart-path",
    code="SOT102",
    kind="legacy-import",
    unit="names",
    severity="error",
    reason="One import path\nfor the cart.",
    baseline=0,
    now=0,
    new=0,
    inherited=0,
    fixed=0,
    suppressed=0,
    statements=0,
    files=0,
)
FACTORY = CART._replace(
    rule="cart-factory",
    code="SOT101",
    kind="forbidden-module",
    unit="files",
    severity="warning",
    reason="Carts are made by get_cart.",
    lines=0,
)
ENTRY = Fingerprint("shop/mail.py", "old-cart-path", "shop.basket.Cart")


def cart(
    line: int, path: str = "shop/routes.py", *, statement: int = 0, severity: Any = "error"
) -> Violation:
    """A legacy import of one name."""
    return Violation(
        path=path,
        span=Span(line, 25, line, 29),
        code="SOT102",
        rule="old-cart-path",
        subject="shop.basket.Cart",
        message="shop.basket.Cart moved to shop.cart.Cart",
        severity=severity,
        statement=(statement or line, 1),
    )


def factory(path: str = "shop/cart_factory.py") -> Violation:
    """A forbidden module, which is only a warning."""
    return Violation(
        path=path,
        span=Span(1, 1, 1, 1),
        code="SOT101",
        rule="cart-factory",
        subject="shop.cart_factory",
        message="shop.cart_factory must not exist",
        severity="warning",
    )


def report(
    *findings: tuple[Violation, State], summaries: Sequence[RuleSummary] = (CART,), **more: Any
) -> Report:
    """A report on 120 files; a suppressed finding is excused by ``until Friday``."""
    return Report(
        root="/srv/shop",
        findings=tuple(
            Finding(violation, state, "until Friday" if state == "suppressed" else "")
            for violation, state in findings
        ),
        summaries=tuple(summaries),
        **{"files": 120, "rules_path": "rules.yaml", **more},
    )


_TEXT = st.text(max_size=12)
_WILD = st.sampled_from(
    [
        "a\nb",
        "\r\n",
        "\x1b[31m",
        "\x85\u2028",
        "caf\udce9.py",
        "100%: a, b",
        "{0}",
        "::error::x",
        "\x00",
    ]
)
_ANY = _TEXT | _WILD
_PATHS = _ANY.filter(bool)
_COUNTS = st.integers(0, 9)
_RULES = (CART, FACTORY)
_POSITIONS = st.integers(1, 99)
_STATES: tuple[State, ...] = ("new", "known", "inherited", "suppressed")


@st.composite
def _findings(draw: st.DrawFn) -> Finding:
    summary = draw(st.sampled_from(_RULES))
    line, column = draw(_POSITIONS), draw(_POSITIONS)
    violation = Violation(
        path=draw(_PATHS),
        span=Span(line, column, line + draw(_COUNTS), column + draw(_COUNTS)),
        code=summary.code,
        rule=summary.rule,
        subject=draw(_ANY),
        message=draw(_ANY),
        severity=draw(st.sampled_from(["error", "warning"])),
        statement=(draw(_POSITIONS), draw(_POSITIONS)),
    )
    state = draw(st.sampled_from(_STATES))
    return Finding(violation, state, draw(_ANY))


_ENTRIES = st.builds(Fingerprint, _PATHS, st.sampled_from([row.rule for row in _RULES]), _ANY)


def _some(items: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, max_size=4).map(tuple)


def _summaries() -> st.SearchStrategy[tuple[RuleSummary, ...]]:
    def with_words(row: RuleSummary) -> st.SearchStrategy[RuleSummary]:
        return st.builds(
            row._replace,
            reason=_ANY,
            docs=_ANY | st.just("https://example.org/cart"),
            owner=_ANY,
            new=_COUNTS,
            inherited=_COUNTS,
            lines=st.none() | _COUNTS,
        )

    return st.tuples(*map(with_words, _RULES))


REPORTS = st.builds(
    Report,
    root=_ANY,
    findings=_some(_findings()),
    summaries=_summaries(),
    notes=_some(
        st.builds(
            Note,
            topic=st.sampled_from(["undecidable", "idle", "run", "swap"]),
            message=_ANY,
            rule=st.sampled_from(["", "old-cart-path"]),
            path=_ANY,
            line=_COUNTS,
        )
    ),
    stale=_some(st.tuples(_ENTRIES, _COUNTS)),
    out_of_scope=_some(st.tuples(_ENTRIES, _COUNTS)),
    renamed=_some(st.tuples(_PATHS, _PATHS)),
    growth=_some(
        st.tuples(
            _ENTRIES | _ENTRIES.map(lambda entry: entry._replace(rule="did-not-run")),
            _COUNTS,
            _COUNTS,
        )
    ),
    statistics=_some(
        st.builds(
            Statistic,
            rule=st.just("old-cart-path"),
            label=_ANY,
            count=_COUNTS,
            total=st.none() | _COUNTS,
            unit=st.just("statements"),
        )
    ),
    files=_COUNTS,
    broken=_some(_PATHS),
    complete=st.booleans(),
    baseline=st.none() | st.just("ssot-baseline.yml"),
    rules_path=st.just("rules.yaml"),
    unusable=st.booleans(),
    failed=_some(_ANY),
    stale_failing=st.booleans(),
)
