"""What grew without a word."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from ssot_lint.baseline import Baseline, diff, growth, shrink
from ssot_lint.model import Fingerprint, Violation
from tests.baseline.test_compare import in_world, worlds
from tests.baseline.values import FIXED, base, key, movable, related, violations


def grown(
    before: Baseline,
    after: Baseline,
    renamed: dict[str, str] | None = None,
    *,
    gone: tuple[str, ...] = (),
) -> tuple[tuple[Fingerprint, int, int], ...]:
    return growth(
        before, after, renamed or {}, exists=lambda path: path not in gone, movable=movable
    )


class TestDiff:
    def test_grown_and_shrunk(self) -> None:
        before = base(("a.py", "x", 2), ("b.py", "x", 1), ("c.py", "x", 1))
        after = base(("a.py", "x", 1), ("b.py", "x", 3), ("d.py", "x", 1))
        assert diff(before, after) == (
            {key("b.py"): 2, key("d.py"): 1},
            {key("a.py"): 1, key("c.py"): 1},
        )

    @given(related, related)
    def test_backwards_is_the_other_way_round(self, one: Baseline, other: Baseline) -> None:
        assert diff(one, other) == diff(other, one)[::-1]


class TestGrowth:
    def test_an_entry_that_grew_and_one_that_came(self) -> None:
        before = base(("a.py", "x", 1), ("b.py", "x", 2))
        after = base(("c.py", "x", 1), ("a.py", "x", 3), ("b.py", "x", 1))
        assert grown(before, after) == ((key("a.py"), 1, 3), (key("c.py"), 0, 1))

    @pytest.mark.parametrize(
        ("before", "after", "fails"),
        [
            pytest.param("", "why", False, id="a first reason"),
            pytest.param("", "", True, id="no reason"),
            pytest.param("why", "why", True, id="the old reason only"),
            pytest.param("why", "more; why", False, id="another reason beside the old one"),
            pytest.param("why", "more", False, id="another reason"),
            pytest.param("a; b", "b", True, id="one of the old reasons"),
            pytest.param("why", "", True, id="a reason taken away"),
        ],
    )
    def test_growth_needs_a_reason_of_its_own(self, before: str, after: str, fails: bool) -> None:
        old, new = base(("a.py", "x", 1, "old", before)), base(("a.py", "x", 2, "old", after))
        assert grown(old, new) == (((key("a.py"), 1, 2),) if fails else ())

    def test_what_git_says_was_renamed(self) -> None:
        before, after = base(("old/a.py", "x", 2)), base(("new/b.py", "x", 2))
        assert grown(before, after) != ()
        assert grown(before, after, {"old/a.py": "new/b.py"}) == ()

    def test_a_move_that_is_not_written_yet(self) -> None:
        before, after = base(("old/a.py", "x", 2)), base(("old/a.py", "x", 2))
        assert grown(before, after, {"old/a.py": "new/b.py"}, gone=("old/a.py",)) == ()

    def test_growth_on_the_way(self) -> None:
        before, after = base(("old/a.py", "x", 2)), base(("new/b.py", "x", 3))
        assert grown(before, after, {"old/a.py": "new/b.py"}) == ((key("new/b.py"), 2, 3),)

    def test_growth_hidden_in_both_paths(self) -> None:
        before, after = base(("old/a.py", "x", 2)), base(("old/a.py", "x", 2), ("new/b.py", "x", 1))
        assert grown(before, after, {"old/a.py": "new/b.py"}) == ((key("new/b.py"), 2, 3),)

    def test_a_move_that_git_does_not_see(self) -> None:
        before, after = base(("old/a.py", "x", 2)), base(("new/a.py", "x", 2), headers=["old/a.py"])
        assert grown(before, after, gone=("old/a.py",)) == ()

    @pytest.mark.parametrize(
        ("before", "after", "gone"),
        [
            pytest.param(
                base(("old/a.py", "x", 2)), base(("new/a.py", "x", 2)), (), id="the file is still there"
            ),
            pytest.param(
                base(("old/a.py", "x", 2), ("new/a.py", "y", 1)),
                base(("new/a.py", "x", 2), ("new/a.py", "y", 1)),
                ("old/a.py",),
                id="the new path had entries before",
            ),
            pytest.param(
                base(("old/a.py", "x", 2)),
                base(("new/a.py", "x", 2), ("old/a.py", "x", 1)),
                ("old/a.py",),
                id="the old path has entries still",
            ),
            pytest.param(
                base(("old/a.py", "x", 3)), base(("new/a.py", "x", 2)), ("old/a.py",), id="part of it only"
            ),
        ],
    )  # fmt: skip
    def test_no_such_move(self, before: Baseline, after: Baseline, gone: tuple[str, ...]) -> None:
        assert grown(before, after, gone=gone) == ((key("new/a.py"), 0, 2),)

    def test_entries_that_never_move_cannot_be_carried_along(self) -> None:
        before, after = base(("old/a.py", "x", 1, FIXED)), base(("new/a.py", "x", 1, FIXED))
        renamed = {"old/a.py": "new/a.py"}
        expected = ((key("new/a.py", rule=FIXED), 0, 1),)
        assert grown(before, after, renamed, gone=("old/a.py",)) == expected
        assert grown(before, after, gone=("old/a.py",)) == expected

    def test_entries_that_never_move_do_not_hold_others_back(self) -> None:
        before = base(("old/a.py", "x", 1), ("old/a.py", "x", 1, FIXED))
        assert grown(before, base(("new/a.py", "x", 1)), gone=("old/a.py",)) == ()

    def test_a_file_with_only_such_entries_takes_no_other_s_place(self) -> None:
        before = base(("old/a.py", "x", 1, FIXED), ("z/b.py", "x", 1))
        after = base(("new/a.py", "x", 1))
        assert grown(before, after, gone=("old/a.py", "z/b.py")) == ()

    @given(related)
    def test_nothing_grew_since_now(self, baseline: Baseline) -> None:
        assert grown(baseline, baseline) == ()

    @given(violations, related, worlds)
    def test_what_shrink_wrote_is_no_growth(
        self, found: list[Violation], baseline: Baseline, world: dict[str, Any]
    ) -> None:
        result = in_world(found, baseline, world)
        gone = tuple(world["gone"])
        shrunk = shrink(baseline, result)
        assert grown(baseline, shrunk, dict(result.renamed), gone=gone) == ()
