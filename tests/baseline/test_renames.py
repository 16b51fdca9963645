"""Which file a vanished file became."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.baseline.renames import holds, leading, pair, trailing

Items = dict[tuple[str, str], int]
ONE: Items = {("old", "x"): 1}


def same(*paths: str, items: Items = ONE) -> dict[str, Items]:
    return dict.fromkeys(paths, items)


class TestTheBest:
    @pytest.mark.parametrize(
        ("gone", "free", "renamed"),
        [
            pytest.param(["a.py"], [], {}, id="nowhere to go"),
            pytest.param(["a.py"], ["b.py"], {"a.py": "b.py"}, id="renamed"),
            pytest.param(["p/a.py"], ["q/z.py", "q/a.py"], {"p/a.py": "q/a.py"}, id="the file's name beats the order"),
            pytest.param(["p/q/a.py"], ["p/z/a.py", "n/q/a.py"], {"p/q/a.py": "n/q/a.py"}, id="trailing components beat leading ones"),
            pytest.param(["p/q/a.py"], ["n/z/a.py", "p/z/a.py"], {"p/q/a.py": "p/z/a.py"}, id="then leading ones count"),
            pytest.param(["p/q/a.py"], ["n/a.py", "p/q/b.py"], {"p/q/a.py": "n/a.py"}, id="a move beats a new name"),
            pytest.param(["p/q/a.py"], ["n/b.py", "p/q/b.py"], {"p/q/a.py": "p/q/b.py"}, id="a new name in the same folder beats one elsewhere"),
            pytest.param(["xa.py"], ["b/a.py", "c/xa.py"], {"xa.py": "c/xa.py"}, id="components, not characters"),
            pytest.param(["a.py", "p/a.py"], ["n/p/a.py", "n/a.py"], {"a.py": "n/a.py", "p/a.py": "n/p/a.py"}, id="the best pair goes first"),
            pytest.param(["p/a/__init__.py", "p/b/__init__.py"], ["q/b/__init__.py", "q/a/__init__.py"],
                         {"p/a/__init__.py": "q/a/__init__.py", "p/b/__init__.py": "q/b/__init__.py"}, id="a renamed folder of namesakes"),
        ],
    )  # fmt: skip
    def test_of_equal_contents(
        self, gone: list[str], free: list[str], renamed: dict[str, str]
    ) -> None:
        assert pair(same(*gone), same(*free)) == (renamed, ())

    @pytest.mark.parametrize(
        ("held", "there", "fits"),
        [
            pytest.param({("r", "x"): 2}, {("r", "x"): 2}, True, id="as much"),
            pytest.param({("r", "x"): 2}, {("r", "x"): 3, ("r", "y"): 1}, True, id="more"),
            pytest.param({("r", "x"): 2}, {("r", "x"): 1}, False, id="less"),
            pytest.param({("r", "x"): 1, ("r", "y"): 1}, {("r", "x"): 1}, False, id="one lacks"),
            pytest.param({("r", "x"): 1}, {("s", "x"): 1}, False, id="another rule"),
            pytest.param({("r", "x"): 1}, {("r", "y"): 1}, False, id="another subject"),
        ],
    )
    def test_all_that_was_held_must_be_there(self, held: Items, there: Items, fits: bool) -> None:
        assert pair({"p/a.py": held}, {"q/a.py": there})[0] == (
            {"p/a.py": "q/a.py"} if fits else {}
        )
        assert holds(there, held) == fits

    def test_a_better_path_that_does_not_fit_is_no_candidate(self) -> None:
        free = {"q/p/a.py": {("old", "y"): 1}, "z.py": ONE}
        assert pair(same("p/a.py"), free) == ({"p/a.py": "z.py"}, ())


class TestTies:
    @pytest.mark.parametrize(
        ("gone", "free", "ties"),
        [
            pytest.param(["o/a.py"], ["p/a.py", "q/a.py"], [("o/a.py", "p/a.py")], id="two to choose from"),
            pytest.param(["o/a.py", "p/a.py"], ["q/a.py"], [("o/a.py", "q/a.py")], id="two that compete"),
            pytest.param(["o/a.py", "p/a.py"], ["q/a.py", "r/a.py"], [("o/a.py", "q/a.py"), ("p/a.py", "r/a.py")], id="two and two"),
            pytest.param(["b.py", "a.py"], ["d.py", "c.py"], [("a.py", "c.py"), ("b.py", "d.py")], id="in sorted order"),
        ],
    )  # fmt: skip
    def test_are_paired_in_sorted_order_and_named(
        self, gone: list[str], free: list[str], ties: list[tuple[str, str]]
    ) -> None:
        assert pair(same(*gone), same(*free)) == (dict(ties), tuple(ties))

    def test_are_sorted_whatever_their_rank(self) -> None:
        gone = same("o/z/y.py", "o/a.py")
        free = same("p/z/y.py", "q/z/y.py", "p/a.py", "q/a.py")
        assert pair(gone, free)[1] == (("o/a.py", "p/a.py"), ("o/z/y.py", "p/z/y.py"))

    def test_one_that_does_not_fit_is_no_rival(self) -> None:
        two = {("old", "x"): 2}
        gone = {"o/a.py": ONE, "p/a.py": two}
        assert pair(gone, {"q/a.py": ONE, "r/b.py": two}) == (
            {"o/a.py": "q/a.py", "p/a.py": "r/b.py"},
            (),
        )


@pytest.mark.parametrize(
    ("one", "other", "at_the_end", "at_the_start"),
    [
        ("p/q/a.py", "n/q/a.py", 2, 0),
        ("p/q/a.py", "p/q/b.py", 0, 2),
        ("a.py", "p/a.py", 1, 0),
        ("p/x/a.py", "p/y/z/a.py", 1, 1),
        ("pa.py", "a.py", 0, 0),
    ],
)
def test_components_in_common(one: str, other: str, at_the_end: int, at_the_start: int) -> None:
    assert (trailing(one, other), leading(one, other)) == (at_the_end, at_the_start)


names = st.sampled_from(["a", "b", "c"])
some_paths = st.lists(names, min_size=1, max_size=3).map(lambda parts: "/".join(parts) + ".py")
held = st.dictionaries(
    st.tuples(st.just("r"), st.sampled_from(["x", "y"])), st.integers(1, 3), min_size=1
)
trees = st.dictionaries(some_paths, held, max_size=7)


def by_definition(gone: dict[str, Items], free: dict[str, Items]) -> dict[str, str]:
    """All pairs that fit, best first."""
    pairs = sorted(
        (-trailing(old, new), -leading(old, new), old, new)
        for old in gone
        for new in free
        if holds(free[new], gone[old])
    )
    renamed: dict[str, str] = {}
    for _, _, old, new in pairs:
        if old not in renamed and new not in renamed.values():
            renamed[old] = new
    return renamed


class TestAlways:
    @given(trees, trees)
    def test_greedy_best_first(self, gone: dict[str, Items], free: dict[str, Items]) -> None:
        free = {f"n/{path}" if path in gone else path: items for path, items in free.items()}
        renamed, ties = pair(gone, free)
        assert renamed == by_definition(gone, free)
        assert set(ties) <= set(renamed.items())

    @given(trees, trees)
    def test_no_tie_means_no_choice(self, gone: dict[str, Items], free: dict[str, Items]) -> None:
        """A pair that is no tie stays when its rivals of equal rank are asked in another order."""
        free = {f"n/{path}" if path in gone else path: items for path, items in free.items()}
        renamed, ties = pair(gone, free)
        for old, new in set(renamed.items()) - set(ties):
            rank = (trailing(old, new), leading(old, new))
            taken_before = {
                other
                for other, target in renamed.items()
                if (trailing(other, target), leading(other, target)) > rank
            }
            rivals = [
                (other, target)
                for other in gone.keys() - taken_before
                for target in free.keys() - {renamed[before] for before in taken_before}
                if (other == old) != (target == new)
                and holds(free[target], gone[other])
                and (trailing(other, target), leading(other, target)) == rank
            ]
            assert rivals == []


COUNT = 10_000


@pytest.mark.parametrize(
    ("old", "new", "held", "there"),
    [
        pytest.param("old/p{p}/f{n}.py", "new/p{p}/f{n}.py", "x", "x", id="a renamed folder"),
        pytest.param("old/p{n}/__init__.py", "new/q{n}/__init__.py", "x", "x", id="namesakes in renamed folders"),
        pytest.param("old/p{p}/f{n}.py", "new/q{p}/g{n}.py", "x", "x", id="nothing in common but contents"),
        pytest.param("old/p{p}/f{n}.py", "new/q{p}/g{n}.py", "x{n}", "y{n}", id="contents differ"),
        pytest.param("old/p{p}/f{n}.py", "new/q{p}/g{n}.py", "x{p}", "x{p}", id="some contents agree"),
    ],
)  # fmt: skip
def test_time_is_nearly_linear(old: str, new: str, held: str, there: str) -> None:
    def fill(text: str, n: int) -> str:
        return text.format(n=n, p=n % 90)

    def tree(path: str, subject: str) -> dict[str, Items]:
        return {fill(path, n): {("r", fill(subject, n)): 1, ("r", "all"): 1} for n in range(COUNT)}

    start = time.process_time()
    renamed, _ = pair(tree(old, held), tree(new, there))
    assert time.process_time() - start < 5
    assert len(renamed) == (0 if held != there else COUNT)
