"""Known, new, stale, renamed, suppressed, unknown, out of scope."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.baseline import Baseline, accept, create, shrink
from ssot_lint.model import Comparison, Fingerprint, Violation
from tests.baseline.values import FIXED, RULES, against, at, base, key, movable, related, violations


def bag(*entries: tuple[str, str, int]) -> dict[Fingerprint, int]:
    return {key(path, subject): count for path, subject, count in entries}


class TestWhatBecomesOfThem:
    def test_without_a_baseline_everything_is_new(self) -> None:
        result = against([at("b.py"), at("a.py")], Baseline())
        assert result == Comparison(new=(at("a.py"), at("b.py")), known=())

    def test_tolerated_and_found_is_known(self) -> None:
        assert against([at("a.py", line=7)], base(("a.py", "x", 1))) == Comparison(
            new=(), known=(at("a.py", line=7),)
        )

    def test_tolerated_and_not_found_is_stale(self) -> None:
        result = against([at("a.py")], base(("a.py", "x", 3), ("a.py", "y", 1)))
        assert result.stale == bag(("a.py", "x", 2), ("a.py", "y", 1))
        assert result.known == (at("a.py"),)

    def test_of_equal_violations_the_first_are_known(self) -> None:
        found = [at("a.py", line=line) for line in (5, 1, 3)]
        result = against(found, base(("a.py", "x", 2)))
        assert [v.span.line for v in result.known] == [1, 3]
        assert [v.span.line for v in result.new] == [5]

    def test_those_on_added_lines_are_new_before_others(self) -> None:
        found = [at("a.py", line=line) for line in (1, 3, 5)]
        result = against(found, base(("a.py", "x", 2)), prefer_new=lambda v: v.span.line == 3)
        assert [v.span.line for v in result.known] == [1, 5]
        assert [v.span.line for v in result.new] == [3]

    def test_a_preference_makes_nothing_new(self) -> None:
        found = [at("a.py", line=line) for line in (1, 3)]
        result = against(found, base(("a.py", "x", 2)), prefer_new=lambda v: v.span.line == 1)
        assert [v.span.line for v in result.known] == [1, 3]

    def test_a_preference_does_not_change_the_order(self) -> None:
        found = [at("a.py", line=line) for line in (1, 3)]
        result = against(found, Baseline(), prefer_new=lambda v: v.span.line == 1)
        assert [v.span.line for v in result.new] == [1, 3]

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param(at("b.py"), id="path"),
            pytest.param(at("a.py", "y"), id="subject"),
            pytest.param(at("a.py", rule="other"), id="rule"),
        ],
    )
    def test_path_rule_and_subject_make_the_identity(self, other: Violation) -> None:
        result = against([other], base(("a.py", "x", 1)))
        assert result.new == (other,)
        assert result.stale == bag(("a.py", "x", 1))

    def test_a_vanished_file_is_stale(self) -> None:
        result = against([], base(("a.py", "x", 2)), gone=["a.py"])
        assert result.stale == bag(("a.py", "x", 2))

    def test_a_vanished_file_that_was_excluded_too_is_stale(self) -> None:
        result = against([], base(("a.py", "x", 2)), gone=["a.py"], out=[("old", "a.py")])
        assert result.stale == bag(("a.py", "x", 2))

    def test_what_the_rule_does_not_judge_any_more_is_out_of_scope(self) -> None:
        result = against(
            [], base(("a.py", "x", 2), ("a.py", "x", 1, "other")), out=[("old", "a.py")]
        )
        assert result.out_of_scope == bag(("a.py", "x", 2))
        assert result.stale == {key("a.py", "x", "other"): 1}

    def test_an_unreadable_file_is_unknown(self) -> None:
        result = against([], base(("a.py", "x", 2)), unreadable=frozenset({"a.py"}))
        assert result.unknown == bag(("a.py", "x", 2))
        assert not result.stale

    def test_an_unreadable_file_outside_the_scope_is_out_of_scope(self) -> None:
        result = against(
            [], base(("a.py", "x", 2)), unreadable=frozenset({"a.py"}), out=[("old", "a.py")]
        )
        assert result.out_of_scope == bag(("a.py", "x", 2))

    @pytest.mark.parametrize("gone", [(), ("a.py",)], ids=["there", "vanished"])
    def test_a_rule_that_did_not_run_is_unknown(self, gone: tuple[str, ...]) -> None:
        result = against([], base(("a.py", "x", 2)), rules=frozenset({"other"}), gone=gone)
        assert result.unknown == bag(("a.py", "x", 2))
        assert not result.stale

    def test_what_a_comment_excuses_now_is_suppressed_not_fixed(self) -> None:
        result = against([], base(("a.py", "x", 3)), suppressed=[at("a.py"), at("a.py", line=2)])
        assert result.excused == bag(("a.py", "x", 2))
        assert result.stale == bag(("a.py", "x", 1))

    def test_entries_go_to_what_no_comment_excuses_first(self) -> None:
        result = against([at("a.py")], base(("a.py", "x", 1)), suppressed=[at("a.py", line=2)])
        assert result.known == (at("a.py"),)
        assert not result.excused


class TestRenamed:
    def test_the_entries_move_with_the_file(self) -> None:
        result = against([at("new/a.py")], base(("old/a.py", "x", 1)), gone=["old/a.py"])
        assert result == Comparison(
            new=(), known=(at("new/a.py"),), renamed={"old/a.py": "new/a.py"}
        )

    def test_a_path_with_a_tombstone_can_be_the_new_one(self) -> None:
        result = against(
            [at("new/a.py")], base(("old/a.py", "x", 1), headers=["new/a.py"]), gone=["old/a.py"]
        )
        assert result.renamed == {"old/a.py": "new/a.py"}

    def test_a_path_with_entries_cannot_be_the_new_one(self) -> None:
        result = against(
            [at("new/a.py"), at("new/a.py", line=2)],
            base(("old/a.py", "x", 1), ("new/a.py", "x", 1)),
            gone=["old/a.py"],
        )
        assert (result.renamed, len(result.new), result.stale) == ({}, 1, bag(("old/a.py", "x", 1)))

    def test_a_file_that_is_still_there_was_not_renamed(self) -> None:
        result = against([at("new/a.py")], base(("old/a.py", "x", 1)))
        assert (result.renamed, result.new) == ({}, (at("new/a.py"),))

    def test_all_that_it_held_must_be_there(self) -> None:
        result = against([at("new/a.py")], base(("old/a.py", "x", 2)), gone=["old/a.py"])
        assert (result.renamed, result.new) == ({}, (at("new/a.py"),))
        assert result.stale == bag(("old/a.py", "x", 2))

    def test_what_is_there_beside_is_new(self) -> None:
        result = against(
            [at("new/a.py"), at("new/a.py", line=2), at("new/a.py", "y")],
            base(("old/a.py", "x", 1)),
            gone=["old/a.py"],
        )
        assert result.known == (at("new/a.py"),)
        assert result.new == (at("new/a.py", "y"), at("new/a.py", line=2))

    def test_what_a_comment_excuses_is_there(self) -> None:
        result = against(
            [at("new/a.py")],
            base(("old/a.py", "x", 1), ("old/a.py", "y", 1)),
            suppressed=[at("new/a.py", "y")],
            gone=["old/a.py"],
        )
        assert result.renamed == {"old/a.py": "new/a.py"}
        assert result.excused == bag(("new/a.py", "y", 1))

    def test_a_rule_whose_entries_never_move(self) -> None:
        result = against(
            [at("new/a.py"), at("new/a.py", rule=FIXED)],
            base(("old/a.py", "x", 1), ("old/a.py", "x", 1, FIXED)),
            gone=["old/a.py"],
        )
        assert result.renamed == {"old/a.py": "new/a.py"}
        assert result.known == (at("new/a.py"),)
        assert result.new == (at("new/a.py", rule=FIXED),)
        assert result.stale == {key("old/a.py", rule=FIXED): 1}

    def test_a_file_with_only_entries_that_never_move_takes_no_other_s_place(self) -> None:
        result = against(
            [at("new/a.py")],
            base(("old/a.py", "x", 1, FIXED), ("z/b.py", "x", 1)),
            gone=["old/a.py", "z/b.py"],
        )
        assert result.renamed == {"z/b.py": "new/a.py"}

    def test_only_entries_that_never_move_make_no_rename(self) -> None:
        result = against(
            [at("new/a.py", rule=FIXED)],
            base(("old/a.py", "x", 1, FIXED)),
            gone=["old/a.py"],
            pairs={"old/a.py": "new/a.py"},
        )
        assert (result.renamed, len(result.new)) == ({}, 1)

    def test_entries_of_a_rule_that_did_not_run_go_along(self) -> None:
        result = against(
            [at("new/a.py")],
            base(("old/a.py", "x", 1), ("old/a.py", "x", 1, "other")),
            rules=frozenset({"old"}),
            gone=["old/a.py"],
        )
        assert result.unknown == {key("new/a.py", rule="other"): 1}

    def test_ties_are_named(self) -> None:
        result = against(
            [at("p/a.py"), at("q/a.py")], base(("old/a.py", "x", 1)), gone=["old/a.py"]
        )
        assert result.renamed == {"old/a.py": "p/a.py"}
        assert result.ties == (("old/a.py", "p/a.py"),)
        assert result.new == (at("q/a.py"),)


class TestRenamedAccordingToGit:
    def test_git_s_word_comes_first(self) -> None:
        result = against(
            [at("p/a.py"), at("q/b.py")],
            base(("old/a.py", "x", 1)),
            gone=["old/a.py"],
            pairs={"old/a.py": "q/b.py"},
        )
        assert result.renamed == {"old/a.py": "q/b.py"}
        assert result.new == (at("p/a.py"),)

    def test_all_renames_are_sorted(self) -> None:
        result = against(
            [at("new/a.py"), at("new/y.py"), at("q/b.py")],
            base(("old/m.py", "x", 1), ("old/a.py", "x", 1), ("old/y.py", "x", 1)),
            gone=["old/a.py", "old/m.py", "old/y.py"],
            pairs={"old/m.py": "q/b.py"},
        )
        assert list(result.renamed) == ["old/a.py", "old/m.py", "old/y.py"]

    def test_a_file_that_git_paired_is_taken(self) -> None:
        result = against(
            [at("p/a.py")],
            base(("n/b.py", "x", 1), ("old/a.py", "x", 1)),
            gone=["old/a.py", "n/b.py"],
            pairs={"n/b.py": "p/a.py"},
        )
        assert result.renamed == {"n/b.py": "p/a.py"}
        assert result.stale == bag(("old/a.py", "x", 1))

    def test_what_was_fixed_on_the_way_is_stale(self) -> None:
        result = against(
            [at("q/b.py")],
            base(("old/a.py", "x", 2)),
            gone=["old/a.py"],
            pairs={"old/a.py": "q/b.py"},
        )
        assert result.known == (at("q/b.py"),)
        assert result.stale == bag(("q/b.py", "x", 1))

    def test_entries_on_both_paths_add_up(self) -> None:
        result = against(
            [at("q/b.py", line=line) for line in range(1, 5)],
            base(("old/a.py", "x", 2), ("q/b.py", "x", 1)),
            gone=["old/a.py"],
            pairs={"old/a.py": "q/b.py"},
        )
        assert (len(result.known), len(result.new)) == (3, 1)

    def test_a_new_path_that_cannot_be_parsed_is_unknown(self) -> None:
        result = against(
            [],
            base(("old/a.py", "x", 2)),
            gone=["old/a.py"],
            pairs={"old/a.py": "q/b.py"},
            unreadable=frozenset({"q/b.py"}),
        )
        assert result.unknown == bag(("q/b.py", "x", 2))

    def test_a_new_path_out_of_scope(self) -> None:
        result = against(
            [],
            base(("old/a.py", "x", 2)),
            gone=["old/a.py"],
            pairs={"old/a.py": "archive/a.py"},
            out=[("old", "archive/a.py")],
        )
        assert result.out_of_scope == bag(("archive/a.py", "x", 2))

    def test_a_file_that_is_there_again_keeps_its_entries(self) -> None:
        result = against([at("old/a.py")], base(("old/a.py", "x", 1)), pairs={"old/a.py": "q/b.py"})
        assert (result.renamed, result.known) == ({}, (at("old/a.py"),))


class TestPartialRuns:
    """Asked about some paths only: nothing is decided about entries."""

    def test_what_is_left_over_is_unknown(self) -> None:
        result = against(
            [at("a.py")],
            base(("a.py", "x", 2), ("b.py", "x", 1), ("c.py", "x", 1)),
            gone=["b.py"],
            out=[("old", "c.py")],
            complete=False,
        )
        assert result.known == (at("a.py"),)
        assert result.unknown == bag(("a.py", "x", 1), ("b.py", "x", 1), ("c.py", "x", 1))
        assert not result.stale
        assert not result.out_of_scope

    def test_what_a_comment_excuses_is_unknown_too(self) -> None:
        result = against([], base(("a.py", "x", 1)), suppressed=[at("a.py")], complete=False)
        assert (result.excused, result.unknown) == ({}, bag(("a.py", "x", 1)))

    def test_a_file_without_a_line_uses_the_entries_of_a_vanished_namesake(self) -> None:
        result = against(
            [at("new/a.py"), at("new/a.py", line=2)],
            base(("old/a.py", "x", 1)),
            gone=["old/a.py"],
            complete=False,
        )
        assert result.known == (at("new/a.py"),)
        assert result.new == (at("new/a.py", line=2),)
        assert result.renamed == {}
        assert result.unknown == bag(("old/a.py", "x", 1))

    def test_two_files_may_use_the_same_entries(self) -> None:
        """So that the answer about a file does not depend on which others were asked about."""
        result = against(
            [at("p/a.py"), at("q/a.py")],
            base(("old/a.py", "x", 1)),
            gone=["old/a.py"],
            complete=False,
        )
        assert result.new == ()

    @pytest.mark.parametrize(
        ("path", "options"),
        [
            pytest.param("new/b.py", {"gone": ["old/a.py"]}, id="another name"),
            pytest.param("new/a.py", {}, id="the namesake is still there"),
        ],
    )
    def test_no_other_entries(self, path: str, options: Any) -> None:
        result = against([at(path)], base(("old/a.py", "x", 1)), complete=False, **options)
        assert result.new == (at(path),)

    def test_a_file_with_a_line_uses_its_own_entries_only(self) -> None:
        result = against(
            [at("new/a.py")],
            base(("old/a.py", "x", 1), headers=["new/a.py"]),
            gone=["old/a.py"],
            complete=False,
        )
        assert result.new == (at("new/a.py"),)

    def test_entries_that_never_move_are_not_used(self) -> None:
        result = against(
            [at("new/a.py"), at("new/a.py", rule=FIXED)],
            base(("old/a.py", "x", 1), ("old/a.py", "x", 1, FIXED)),
            gone=["old/a.py"],
            complete=False,
        )
        assert result.new == (at("new/a.py", rule=FIXED),)

    def test_the_namesake_with_the_most_similar_path(self) -> None:
        result = against(
            [at("new/p/a.py"), at("new/p/a.py", line=2)],
            base(("old/p/a.py", "x", 2), ("new/q/a.py", "x", 1)),
            gone=["old/p/a.py", "new/q/a.py"],
            complete=False,
        )
        assert len(result.known) == 2

    def test_then_the_one_that_begins_alike(self) -> None:
        result = against(
            [at("new/p/a.py"), at("new/p/a.py", line=2)],
            base(("new/q/a.py", "x", 2), ("old/q/a.py", "x", 1)),
            gone=["old/q/a.py", "new/q/a.py"],
            complete=False,
        )
        assert len(result.known) == 2

    def test_but_first_one_that_held_nothing_more(self) -> None:
        """Since only such a one can be the origin in a full run."""
        result = against(
            [at("new/p/a.py"), at("new/p/a.py", "y")],
            base(("old/p/a.py", "x", 2), ("z/a.py", "x", 1), ("z/a.py", "y", 1)),
            gone=["old/p/a.py", "z/a.py"],
            complete=False,
        )
        assert result.new == ()

    def test_nor_do_they_count_as_more(self) -> None:
        result = against(
            [at("new/p/a.py"), at("new/p/a.py", line=2), at("new/p/a.py", "y", FIXED)],
            base(("old/p/a.py", "x", 2), ("old/p/a.py", "x", 1, FIXED), ("z/a.py", "x", 1)),
            gone=["old/p/a.py", "z/a.py"],
            complete=False,
        )
        assert result.new == (at("new/p/a.py", "y", FIXED),)

    def test_a_namesake_that_held_nothing_of_it_is_none(self) -> None:
        result = against(
            [at("new/p/a.py")],
            base(("old/p/a.py", "x", 1, "other"), ("z/a.py", "x", 1)),
            gone=["old/p/a.py", "z/a.py"],
            complete=False,
        )
        assert result.new == ()

    def test_rules_that_may_not_have_run_do_not_count_as_more(self) -> None:
        result = against(
            [at("new/p/a.py")],
            base(("old/p/a.py", "x", 1), ("old/p/a.py", "x", 1, "other"), ("z/a.py", "x", 1)),
            gone=["old/p/a.py", "z/a.py"],
            complete=False,
            rules=frozenset({"old"}),
        )
        assert result.new == ()

    def test_git_s_word_comes_first(self) -> None:
        result = against(
            [at("p/b.py"), at("p/b.py", line=2)],
            base(("old/a.py", "x", 2), ("q/b.py", "x", 1)),
            gone=["old/a.py", "q/b.py"],
            pairs={"old/a.py": "p/b.py"},
            complete=False,
        )
        assert result.new == ()

    def test_a_file_that_is_there_still_keeps_its_entries(self) -> None:
        result = against(
            [at("p/b.py")],
            base(("old/a.py", "x", 1)),
            pairs={"old/a.py": "p/b.py"},
            complete=False,
        )
        assert result.new == (at("p/b.py"),)

    @given(violations, related, st.sets(st.sampled_from(["a.py", "b/a.py", "d/c.py"])))
    def test_file_by_file_is_the_same_as_together(
        self, found: list[Violation], baseline: Baseline, gone: set[str]
    ) -> None:
        found = [v for v in found if v.path not in gone]
        together = against(found, baseline, gone=gone, complete=False)
        apart = [
            against([v for v in found if v.path == path], baseline, gone=gone, complete=False)
            for path in sorted({v.path for v in found})
        ]
        assert sum((result.new for result in apart), ()) == together.new
        assert sum((result.known for result in apart), ()) == together.known


some_paths = st.sets(st.sampled_from(["a.py", "b/a.py", "b/c.py", "d/b/a.py", "d/c.py"]))
worlds = st.fixed_dictionaries(
    {
        "gone": some_paths,
        "out": st.sets(
            st.tuples(st.sampled_from(sorted(RULES)), st.sampled_from(["a.py", "b/c.py"]))
        ),
        "rules": st.sets(st.sampled_from(sorted(RULES))).map(frozenset),
        "suppressed": violations,
        "unreadable": some_paths.map(frozenset),
        "pairs": st.dictionaries(
            st.sampled_from(["a.py", "b/a.py"]), st.sampled_from(["d/b/a.py", "d/c.py"])
        ),
        "complete": st.booleans(),
    }
)


def honest(found: list[Violation], world: dict[str, Any]) -> list[Violation]:
    """Without violations that no run could have found."""
    return [
        v
        for v in found
        if v.path not in world["gone"] | world["unreadable"]
        and (v.rule, v.path) not in world["out"]
        and v.rule in world["rules"]
    ]


def in_world(found: list[Violation], baseline: Baseline, world: dict[str, Any]) -> Comparison:
    return against(
        honest(found, world),
        baseline,
        **{**world, "suppressed": honest(world["suppressed"], world)},
    )


class TestAlways:
    @given(violations)
    def test_create_then_compare_is_clean(self, found: list[Violation]) -> None:
        assert against(found, create(found)) == Comparison(new=(), known=tuple(sorted(found)))

    @given(violations, related, worlds)
    def test_every_violation_is_new_or_known_once(
        self, found: list[Violation], baseline: Baseline, world: dict[str, Any]
    ) -> None:
        result = in_world(found, baseline, world)
        assert sorted(result.new + result.known) == sorted(honest(found, world))

    @given(violations, related, worlds)
    def test_every_entry_has_one_fate(
        self, found: list[Violation], baseline: Baseline, world: dict[str, Any]
    ) -> None:
        result = in_world(found, baseline, world)
        fates = (result.stale, result.unknown, result.out_of_scope, result.excused)
        left = sum((Counter(fate) for fate in fates), Counter[Fingerprint]())
        if world["complete"]:
            assert len(result.known) + left.total() == baseline.total
            assert (
                left + Counter(v.fingerprint for v in result.known)
                == baseline.moved(result.renamed, movable).bag
            )
        assert left <= baseline.moved(result.renamed, movable).bag

    @given(violations, related, worlds, st.randoms())
    def test_order_does_not_matter(
        self, found: list[Violation], baseline: Baseline, world: dict[str, Any], random: Any
    ) -> None:
        shuffled = list(found)
        random.shuffle(shuffled)
        entries = list(baseline.entries.items())
        random.shuffle(entries)
        assert in_world(shuffled, Baseline(dict(entries), baseline.headers), world) == in_world(
            found, baseline, world
        )

    @given(violations, related, worlds)
    def test_after_shrinking_only_what_this_run_could_not_tell_is_left(
        self, found: list[Violation], baseline: Baseline, world: dict[str, Any]
    ) -> None:
        world["complete"] = True
        before = in_world(found, baseline, world)
        after = in_world(found, shrink(baseline, before), world)
        assert after.new == before.new
        assert after.known == before.known
        assert not after.stale
        assert not after.out_of_scope
        assert not after.excused
        assert after.unknown == before.unknown

    @given(violations, related, worlds)
    def test_after_accepting_nothing_is_new(
        self, found: list[Violation], baseline: Baseline, world: dict[str, Any]
    ) -> None:
        world["complete"] = True
        accepted = accept(baseline, in_world(found, baseline, world), "why")
        assert in_world(found, accepted, world).new == ()


def test_10_000_renamed_files_take_no_long_time() -> None:
    """Pairing every vanished file with every new one would take minutes."""
    count = 10_000
    baseline = base(*((f"old/p{n % 90}/f{n}.py", "x", 2) for n in range(count)))
    found = [at(f"new/p{n % 90}/f{n}.py", line=line) for n in range(count) for line in (1, 2)]
    gone = set(baseline.by_path)
    result = against(found, baseline, gone=gone)
    assert result.new == ()
    assert result.ties == ()
    assert result.renamed == {path: path.replace("old/", "new/") for path in sorted(gone)}
