"""Every way to make a baseline from another, and that only three of them can add."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.baseline import (
    Baseline,
    Entry,
    Renaming,
    accept,
    compact,
    create,
    dump,
    forget,
    freeze,
    rename_rule,
    renamed,
    shrink,
)
from ssot_lint.errors import UsageError
from ssot_lint.model import Violation
from tests.baseline.test_compare import in_world, worlds
from tests.baseline.values import FIXED, RULES, against, at, base, key, movable, related, violations


class TestValue:
    def test_a_file_with_entries_has_a_header(self) -> None:
        assert base(("a.py", "x", 1), headers=["b.py"]).headers == {"a.py", "b.py"}

    def test_bag_and_total(self) -> None:
        baseline = base(("a.py", "x", 2), ("b.py", "y", 1))
        assert baseline.bag == {key("a.py"): 2, key("b.py", "y"): 1}
        assert baseline.total == 3

    def test_reasons(self) -> None:
        assert Entry(1, "b; a").reasons == {"a", "b"}
        assert Entry(1).reasons == frozenset()


class TestCreate:
    def test_counts_equal_violations(self) -> None:
        found = [at("a.py"), at("a.py", line=2), at("b.py")]
        assert create(found) == base(("a.py", "x", 2), ("b.py", "x", 1))

    def test_of_nothing(self) -> None:
        assert create([]) == Baseline()


class TestShrink:
    def test_fixed_violations_go_and_the_header_stays(self) -> None:
        baseline = base(("a.py", "x", 3), ("b.py", "x", 1))
        assert shrink(baseline, against([at("a.py")], baseline)) == base(
            ("a.py", "x", 1), headers=["b.py"]
        )

    def test_a_reason_stays_while_the_entry_lives(self) -> None:
        baseline = base(("a.py", "x", 3, "old", "why"), ("b.py", "x", 1, "old", "why"))
        assert shrink(baseline, against([at("a.py")], baseline)) == base(
            ("a.py", "x", 1, "old", "why"), headers=["b.py"]
        )

    def test_new_violations_are_not_added(self) -> None:
        baseline = base(("a.py", "x", 1))
        found = [at("a.py"), at("a.py", line=2), at("b.py")]
        assert shrink(baseline, against(found, baseline)) == baseline

    def test_what_is_out_of_scope_goes(self) -> None:
        baseline = base(("a.py", "x", 1))
        assert shrink(baseline, against([], baseline, out=[("old", "a.py")])) == Baseline(
            {}, frozenset({"a.py"})
        )

    def test_what_a_comment_excuses_goes(self) -> None:
        """Entry and comment together would tolerate one more."""
        baseline = base(("a.py", "x", 2))
        result = against([at("a.py")], baseline, suppressed=[at("a.py", line=2)])
        assert shrink(baseline, result) == base(("a.py", "x", 1))

    def test_what_is_unknown_stays(self) -> None:
        baseline = base(("a.py", "x", 2), ("b.py", "x", 1, "other"))
        options: dict[str, Any] = {"rules": frozenset({"old"}), "unreadable": frozenset({"a.py"})}
        assert shrink(baseline, against([], baseline, **options)) == baseline

    def test_a_partial_run_removes_nothing(self) -> None:
        baseline = base(("a.py", "x", 2), ("b.py", "x", 1))
        result = against([at("c/b.py")], baseline, gone=["b.py"], complete=False)
        assert shrink(baseline, result) == baseline

    def test_moved_entries_are_written_under_the_new_path(self) -> None:
        baseline = base(("old/a.py", "x", 1, "old", "why"), ("old/a.py", "y", 1))
        found = [at("new/a.py"), at("new/a.py", "y")]
        assert shrink(baseline, against(found, baseline, gone=["old/a.py"])) == base(
            ("new/a.py", "x", 1, "old", "why"), ("new/a.py", "y", 1), headers=["old/a.py"]
        )

    def test_entries_that_never_move_go_with_their_file(self) -> None:
        baseline = base(("old/a.py", "x", 1), ("old/a.py", "x", 1, FIXED))
        result = against([at("new/a.py"), at("new/a.py", rule=FIXED)], baseline, gone=["old/a.py"])
        assert shrink(baseline, result) == base(("new/a.py", "x", 1), headers=["old/a.py"])

    def test_entries_that_never_move_stay_when_their_rule_did_not_run(self) -> None:
        baseline = base(("old/a.py", "x", 1), ("old/a.py", "x", 1, FIXED))
        options: dict[str, Any] = {"rules": frozenset({"old"}), "gone": ["old/a.py"]}
        assert shrink(baseline, against([at("new/a.py")], baseline, **options)) == base(
            ("new/a.py", "x", 1), ("old/a.py", "x", 1, FIXED)
        )

    def test_entries_that_meet_on_a_path_add_up_with_their_reasons(self) -> None:
        baseline = base(("old/a.py", "x", 2, "old", "b"), ("q/b.py", "x", 1, "old", "a"))
        found = [at("q/b.py", line=line) for line in (1, 2, 3)]
        options: dict[str, Any] = {"pairs": {"old/a.py": "q/b.py"}, "gone": ["old/a.py"]}
        assert shrink(baseline, against(found, baseline, **options)) == base(
            ("q/b.py", "x", 3, "old", "a; b"), headers=["old/a.py"]
        )

    @given(violations, related, worlds)
    def test_never_adds(
        self, found: list[Violation], baseline: Baseline, world: dict[str, Any]
    ) -> None:
        result = in_world(found, baseline, world)
        shrunk = shrink(baseline, result)
        assert shrunk.total <= baseline.total
        assert shrunk.bag <= baseline.moved(result.renamed, movable).bag
        assert shrunk.headers >= baseline.headers

    @given(violations, related, worlds)
    def test_no_partial_run_ever_removes(
        self, found: list[Violation], baseline: Baseline, world: dict[str, Any]
    ) -> None:
        world["complete"] = False
        assert shrink(baseline, in_world(found, baseline, world)) == baseline

    @given(violations, related, worlds)
    def test_twice_is_once(
        self, found: list[Violation], baseline: Baseline, world: dict[str, Any]
    ) -> None:
        once = shrink(baseline, in_world(found, baseline, world))
        assert shrink(once, in_world(found, once, world)) == once


class TestAccept:
    def test_new_violations_are_added_with_the_reason(self) -> None:
        baseline = base(("a.py", "x", 1))
        found = [at("a.py"), at("b.py"), at("b.py", line=2)]
        assert accept(baseline, against(found, baseline), "hotfix") == base(
            ("a.py", "x", 1), ("b.py", "x", 2, "old", "hotfix")
        )

    def test_an_entry_that_grows_takes_the_reason(self) -> None:
        baseline = base(("a.py", "x", 1))
        found = [at("a.py"), at("a.py", line=2)]
        assert accept(baseline, against(found, baseline), "hotfix") == base(
            ("a.py", "x", 2, "old", "hotfix")
        )

    @pytest.mark.parametrize(
        ("reason", "written"),
        [("b", "a; b"), ("a", "a"), ("0", "0; a"), ("b; a", "a; b"), (" b\n\tc ", "a; b c")],
    )
    def test_earlier_reasons_stay(self, reason: str, written: str) -> None:
        baseline = base(("a.py", "x", 1, "old", "a"))
        found = [at("a.py"), at("a.py", line=2)]
        assert accept(baseline, against(found, baseline), reason) == base(
            ("a.py", "x", 2, "old", written)
        )

    def test_it_shrinks_too(self) -> None:
        baseline = base(("old/a.py", "x", 1), ("b.py", "x", 1))
        found = [at("new/a.py"), at("new/a.py", "y")]
        assert accept(baseline, against(found, baseline, gone=["old/a.py"]), "why") == base(
            ("new/a.py", "x", 1),
            ("new/a.py", "y", 1, "old", "why"),
            headers=["old/a.py", "b.py"],
        )

    @pytest.mark.parametrize("reason", ["", " \n"])
    def test_no_reason_no_growth(self, reason: str) -> None:
        with pytest.raises(UsageError) as error:
            accept(Baseline(), against([at("a.py")], Baseline()), reason)
        assert error.value.lines == ("new violations are accepted with a reason only: say why",)

    @given(violations, related, worlds)
    def test_growth_is_what_was_new(
        self, found: list[Violation], baseline: Baseline, world: dict[str, Any]
    ) -> None:
        result = in_world(found, baseline, world)
        accepted = accept(baseline, result, "why")
        assert accepted.total == shrink(baseline, result).total + len(result.new)


class TestFreeze:
    def test_the_violations_of_one_rule(self) -> None:
        baseline = base(("a.py", "x", 1), headers=["c.py"])
        found = [at("a.py"), at("a.py", line=2), at("b.py", rule="other")]
        assert freeze(baseline, found, "other") == base(
            ("a.py", "x", 1), ("b.py", "x", 1, "other"), headers=["c.py"]
        )

    def test_a_rule_that_has_entries(self) -> None:
        with pytest.raises(UsageError) as error:
            freeze(base(("a.py", "x", 1)), [at("b.py")], "old")
        assert error.value.lines == (
            "the baseline has entries of rule 'old' already; "
            "'ssot-lint baseline update --accept-new REASON' is the way to add more",
        )


class TestUpkeep:
    def test_compact_drops_tombstones(self) -> None:
        assert compact(base(("a.py", "x", 1), headers=["b.py"])).headers == {"a.py"}

    @given(related)
    def test_compact_keeps_every_entry(self, baseline: Baseline) -> None:
        assert compact(baseline).entries == baseline.entries

    def test_a_renamed_rule(self) -> None:
        baseline = base(("a.py", "x", 2, "old", "why"), ("a.py", "x", 1, FIXED), headers=["b.py"])
        assert rename_rule(baseline, "old", "other") == base(
            ("a.py", "x", 2, "other", "why"), ("a.py", "x", 1, FIXED), headers=["b.py"]
        )

    def test_a_forgotten_rule(self) -> None:
        baseline = base(("a.py", "x", 2), ("b.py", "x", 1, "other"))
        assert forget(baseline, "old") == base(("b.py", "x", 1, "other"), headers=["a.py"])

    @pytest.mark.parametrize(
        ("edit", "complaint"),
        [
            pytest.param(
                lambda b: rename_rule(b, "old-pth", "new"),
                "the baseline has no entries of rule 'old-pth', did you mean 'old-path'?",
                id="rename a rule without entries",
            ),
            pytest.param(
                lambda b: rename_rule(b, "old-path", "second"),
                "the baseline has entries of rule 'second' already",
                id="rename to a rule with entries",
            ),
            pytest.param(
                lambda b: forget(b, "unheard"),
                "the baseline has no entries of rule 'unheard'",
                id="forget a rule without entries",
            ),
        ],
    )
    def test_mistakes(self, edit: Callable[[Baseline], Baseline], complaint: str) -> None:
        baseline = base(("a.py", "x", 2, "old-path"), ("a.py", "x", 2, "second"))
        with pytest.raises(UsageError) as error:
            edit(baseline)
        assert error.value.lines == (complaint,)

    @given(related, st.sampled_from(sorted(RULES)))
    def test_a_rule_renamed_there_and_back(self, baseline: Baseline, rule: str) -> None:
        if any(k.rule == rule for k in baseline.entries):
            there = rename_rule(baseline, rule, "elsewhere")
            assert there.total == baseline.total
            assert dump(rename_rule(there, "elsewhere", rule)) == dump(baseline)


class TestRenamed:
    def test_entries_follow_their_violations_and_say_what_they_were(self) -> None:
        before = base(("a.py", "x", 2), ("a.py", "y", 1))
        after = renamed(before, [Renaming(key("a.py", "x"), key("a.py", "z"), 2)])
        assert after.entries == {
            key("a.py", "z"): Entry(2, "was x"),
            key("a.py", "y"): Entry(1),
        }
        assert after.total == before.total

    def test_some_may_stay_and_some_may_be_there(self) -> None:
        before = base(("a.py", "x", 3), ("a.py", "y", 1))
        after = renamed(before, [Renaming(key("a.py", "x"), key("a.py", "y"), 1)])
        assert after.entries == {
            key("a.py", "x"): Entry(2),
            key("a.py", "y"): Entry(2, "was x"),
        }

    def test_nothing_is_renamed_that_is_not_tolerated(self) -> None:
        with pytest.raises(ValueError, match="tolerated 1 times, not 2"):
            renamed(base(("a.py", "x", 1)), [Renaming(key("a.py", "x"), key("a.py", "z"), 2)])
