"""Which path is legacy, and what takes its place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.moves import Legacy, Moves
from ssot_lint.patterns import Clue, Words, covers

MOVES = Moves(
    moved=(
        ("shop.old", "shop.new"),
        ("shop.old.Order", "shop.new.Purchase"),
        ("shop.Basket", "shop.new.Basket"),
        ("shop.wide", "shop.wide.home"),
    ),
    removed=("shop.factory", "shop.old.Ghost"),
    protected=frozenset({"shop.factory.kept"}),
)

CASES = [
    ("shop.old", Legacy("shop.old", "shop.new"), "a module"),
    ("shop.old.anything", Legacy("shop.old", "shop.new.anything"), "a name in a moved module"),
    ("shop.old.Order", Legacy("shop.old.Order", "shop.new.Purchase"), "a longer entry wins"),
    ("shop.old.Order.id", Legacy("shop.old.Order", "shop.new.Purchase.id"), "below a symbol"),
    ("shop.old.Ghost", Legacy("shop.old.Ghost", None), "removed from a moved module"),
    ("shop.factory.make", Legacy("shop.factory", None), "below a removed module"),
    ("shop.Basket", Legacy("shop.Basket", "shop.new.Basket"), "a name of a package"),
    ("shop.wide.other", Legacy("shop.wide", "shop.wide.home.other"), "moved one level down"),
    ("shop.wide.home", None, "a new path is never legacy"),
    ("shop.wide.home.X", None, "nor what lies below it"),
    ("shop.new.Order", None, "a new path"),
    ("shop.factory.kept", None, "a home of another rule"),
    ("shop", None, "above a legacy path"),
    ("shop.older", None, "a prefix only by component"),
    ("tests.shop.old", None, "another package with the same tail"),
]


@pytest.mark.parametrize(("path", "expected"), [pytest.param(p, e, id=i) for p, e, i in CASES])
def test_legacy(path: str, expected: Legacy | None) -> None:
    assert MOVES.legacy(path) == expected


def test_names_that_a_star_could_bind_while_their_module_stays() -> None:
    assert list(MOVES.names_of("shop")) == ["Basket", "factory", "old", "wide"]
    assert list(MOVES.names_of("shop.old")) == []


def test_words_are_last_components_and_a_star_needs_its_module_s() -> None:
    moves = Moves((("shop.cart.Basket", "shop.new.Basket"),), ("shop.factory",))
    assert moves.words() == replace(
        Words.of({"Basket"}, {"factory"}),
        packages=frozenset({"shop.cart.Basket", "shop.factory"}),
    )
    assert moves.import_words().clues == {
        Clue(frozenset({"Basket"}), "import"),
        Clue(frozenset({"factory"}), "import"),
        Clue(frozenset({"cart"}), "star"),
        Clue(frozenset({"shop"}), "star"),
        Clue(frozenset(), "star"),
    }


PATHS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(".".join)


@given(st.dictionaries(PATHS, PATHS, max_size=4), st.sets(PATHS, max_size=3), PATHS, PATHS)
def test_a_legacy_path_is_spelled_with_a_word_of_the_rule(
    moved: dict[str, str], removed: set[str], path: str, protected: str
) -> None:
    moves = Moves(tuple(moved.items()), tuple(removed), frozenset({protected}))
    legacy = moves.legacy(path)
    if legacy is not None:
        assert covers(legacy.entry, path)
        assert any(clue.words <= set(path.split(".")) for clue in moves.words().clues)
    for new in (*moved.values(), protected):
        if not any(covers(new, old) and old != new for old in (*moved, *removed)):
            assert moves.legacy(new) is None
