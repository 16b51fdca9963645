"""Two branches, one baseline: by our own rules, and by git's."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from ssot_lint import git
from ssot_lint.baseline import Baseline, Entry, compact, dump, load, merge, resolve
from ssot_lint.errors import BaselineError, UsageError
from ssot_lint.model import Fingerprint
from tests.baseline.values import base, key, related
from tests.git_repository import Repository, isolate


def count(number: int, reason: str = "") -> Baseline:
    return base(("a.py", "x", number, "old", reason)) if number else Baseline()


class TestCounts:
    @pytest.mark.parametrize(
        ("before", "ours", "theirs", "merged"),
        [
            pytest.param(3, 3, 3, 3, id="nobody did anything"),
            pytest.param(3, 3, 1, 1, id="one side fixed two"),
            pytest.param(3, 3, 0, 0, id="one side fixed all"),
            pytest.param(3, 3, 5, 5, id="one side added two"),
            pytest.param(5, 4, 3, 2, id="both fixed some"),
            pytest.param(5, 2, 2, 2, id="both fixed the same"),
            pytest.param(3, 1, 0, 0, id="both fixed more than there were"),
            pytest.param(3, 2, 4, 3, id="one fixed, one added"),
            pytest.param(2, 3, 4, 4, id="both added: never more than the more tolerant side"),
            pytest.param(0, 1, 2, 2, id="both came with it"),
            pytest.param(0, 1, 0, 1, id="one came with it"),
            pytest.param(2, 0, 0, 0, id="both fixed all"),
        ],
    )
    def test_merged(self, before: int, ours: int, theirs: int, merged: int) -> None:
        assert compact(merge(count(before), count(ours), count(theirs))) == count(merged)
        assert compact(merge(count(before), count(theirs), count(ours))) == count(merged)


class TestReasons:
    @pytest.mark.parametrize(
        ("before", "ours", "theirs", "merged"),
        [
            pytest.param("", "a", "", "a", id="one side gave one"),
            pytest.param("", "a", "a", "a", id="both gave the same"),
            pytest.param("", "b", "a", "a; b", id="both gave one"),
            pytest.param("c", "c", "a; c", "a; c", id="one side added one"),
            pytest.param("c", "b; c", "a; c", "a; b; c", id="both added one"),
            pytest.param("c", "", "c", "", id="one side took it away"),
        ],
    )
    def test_merged(self, before: str, ours: str, theirs: str, merged: str) -> None:
        sides = count(1, before), count(2, ours), count(2, theirs)
        assert merge(*sides) == count(2, merged)
        assert merge(sides[0], sides[2], sides[1]) == count(2, merged)

    def test_a_side_without_the_entry_has_no_say(self) -> None:
        assert merge(count(1, "a"), Baseline(), count(3, "a")) == count(2, "a")
        assert merge(count(1, "a"), Baseline(), count(3, "a; b")) == count(2, "a; b")


class TestHeaders:
    def test_tombstones_that_one_side_dropped_go_and_those_that_one_side_added_come(self) -> None:
        before = Baseline({}, frozenset({"kept.py", "ours.py", "theirs.py"}))
        ours = Baseline({}, frozenset({"kept.py", "theirs.py", "new.py"}))
        theirs = Baseline({}, frozenset({"kept.py", "ours.py"}))
        assert merge(before, ours, theirs).headers == {"kept.py", "new.py"}


class TestAlways:
    @given(related, related, related)
    def test_commutative(self, before: Baseline, ours: Baseline, theirs: Baseline) -> None:
        assert merge(before, ours, theirs) == merge(before, theirs, ours)

    @given(related, related, related)
    def test_never_more_tolerant_than_the_more_tolerant_side(
        self, before: Baseline, ours: Baseline, theirs: Baseline
    ) -> None:
        assert merge(before, ours, theirs).bag <= ours.bag | theirs.bag

    @given(related, related)
    def test_a_side_as_the_base_yields(self, before: Baseline, theirs: Baseline) -> None:
        assert merge(before, before, theirs) == theirs

    @given(related, related)
    def test_equal_sides_stay(self, before: Baseline, side: Baseline) -> None:
        assert merge(before, side, side) == side

    @given(related, related, related)
    def test_entries_with_one_reason_keep_it(
        self, before: Baseline, ours: Baseline, theirs: Baseline
    ) -> None:
        for fingerprint, entry in merge(before, ours, theirs).entries.items():
            sides = [s.entries[fingerprint] for s in (ours, theirs) if fingerprint in s.entries]
            assert entry.reasons <= frozenset().union(*(side.reasons for side in sides))


START = Baseline(
    {Fingerprint(f"app/f{n}.py", "old", subject): Entry(2) for n in range(9) for subject in "xy"}
)
FILE = "ssot-baseline.yml"


def without(baseline: Baseline, *paths: str) -> Baseline:
    kept = {k: entry for k, entry in baseline.entries.items() if k.path not in paths}
    return Baseline(kept, baseline.headers)


def with_entry(baseline: Baseline, path: str) -> Baseline:
    return Baseline({**baseline.entries, key(path): Entry(1)}, baseline.headers)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    isolate(monkeypatch)
    repository = Repository(tmp_path / "work")
    repository.commit({FILE: dump(START)})
    return repository


def branches(repository: Repository, ours: Baseline, theirs: Baseline) -> bool:
    """Merges a branch that holds `theirs` into one that holds `ours`; whether git could."""
    repository.branch("topic").commit({FILE: dump(theirs)})
    repository.switch("main").commit({FILE: dump(ours)})
    return repository.merge("topic")


class TestGit:
    """``git merge`` without any driver of ours."""

    @pytest.mark.parametrize(
        ("ours", "theirs"),
        [
            pytest.param(["app/f3.py"], ["app/f4.py"], id="neighbours"),
            pytest.param(["app/f0.py", "app/f2.py"], ["app/f1.py", "app/f3.py"], id="interleaved"),
            pytest.param([f"app/f{n}.py" for n in range(5)], [f"app/f{n}.py" for n in range(5, 9)], id="everything"),
        ],
    )  # fmt: skip
    def test_branches_that_shrink_different_files_do_not_conflict(
        self, repository: Repository, ours: list[str], theirs: list[str]
    ) -> None:
        assert branches(repository, without(START, *ours), without(START, *theirs))
        merged = load((repository.folder / FILE).read_text(), FILE)
        assert merged == without(START, *ours, *theirs)

    def test_a_conflict_is_refused_by_the_reader_and_settled_from_the_index(
        self, repository: Repository
    ) -> None:
        ours = with_entry(without(START, "app/f1.py"), "app/f3a.py")
        theirs = with_entry(without(START, "app/f2.py"), "app/f3b.py")
        assert not branches(repository, ours, theirs)
        with pytest.raises(BaselineError, match="conflict markers of a merge"):
            load((repository.folder / FILE).read_text(), FILE)
        stages = git.Repository.at(str(repository.folder)).stages(FILE)
        expected = without(START, "app/f1.py", "app/f2.py")
        assert resolve(stages, FILE) == with_entry(with_entry(expected, "app/f3a.py"), "app/f3b.py")

    def test_both_branches_created_the_file(self, tmp_path: Path) -> None:
        repository = Repository(tmp_path / "other")
        repository.commit()
        ours, theirs = without(START, "app/f1.py"), with_entry(START, "b.py")
        assert not branches(repository, ours, theirs)
        stages = git.Repository.at(str(repository.folder)).stages(FILE)
        assert resolve(stages, FILE) == theirs

    def test_windows_line_ends_on_one_side(self, repository: Repository) -> None:
        repository.branch("topic").commit(
            {FILE: dump(without(START, "app/f1.py")).replace("\n", "\r\n")}
        )
        repository.switch("main").commit({FILE: dump(without(START, "app/f2.py"))})
        assert not repository.merge("topic")
        stages = git.Repository.at(str(repository.folder)).stages(FILE)
        assert resolve(stages, FILE) == without(START, "app/f1.py", "app/f2.py")


class TestResolve:
    TEXT = dump(START).encode()

    @pytest.mark.parametrize(
        ("stages", "line"),
        [
            pytest.param((None, None, None), "b.yml: not in conflict, according to git's index", id="no conflict"),
            pytest.param((TEXT, None, TEXT), "b.yml: deleted on one side (ours): keep it with 'git add b.yml', or drop it with 'git rm b.yml'", id="we deleted it"),
            pytest.param((TEXT, TEXT, None), "b.yml: deleted on one side (theirs): keep it with 'git add b.yml', or drop it with 'git rm b.yml'", id="they deleted it"),
            pytest.param((b"", TEXT, TEXT), "b.yml (base):1: empty; a baseline begins with '# ssot-baseline v1'", id="a damaged base"),
            pytest.param((TEXT, b"", TEXT), "b.yml (ours):1: empty; a baseline begins with '# ssot-baseline v1'", id="ours is damaged"),
            pytest.param((TEXT, TEXT, b""), "b.yml (theirs):1: empty; a baseline begins with '# ssot-baseline v1'", id="theirs is damaged"),
        ],
    )  # fmt: skip
    def test_refused(self, stages: tuple[bytes | None, ...], line: str) -> None:
        with pytest.raises(UsageError) as error:
            resolve(stages, "b.yml")
        assert error.value.lines == (line,)
