"""Undoing runs: all of them in order, as a whole or not at all, and by merging."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.errors import GitError, UsageError
from ssot_lint.migration.journal import (
    Journal,
    Kept,
    Rollback,
    Undone,
    Write,
    interrupted,
    rollback,
    status,
)
from tests.migration.journal.trees import applied, interrupted_batch, rewrite, snapshot, write

TEXT = b"".join(b"line %d\n" % number for number in range(9))
MIGRATED = TEXT.replace(b"line 1\n", b"moved 1\n")
EDITED = MIGRATED.replace(b"line 7\n", b"mine 7\n")
MERGED = TEXT.replace(b"line 7\n", b"mine 7\n")
CONFLICT = MIGRATED.replace(b"moved 1\n", b"mine 1\n")


def two_batches(root: Path) -> str:
    """A run of two batches, with a baseline in both; returns its id."""
    write(root, {"a.py": b"a\n", "b.py": b"b\n", "base.yml": b"base\n"})
    with Journal.at(str(root)) as journal:
        run = journal.begin_run("x")
        for batch, path in (("b01", "a.py"), ("b02", "b.py")):
            journal.apply(run, batch, rewrite(root, path))
            journal.apply(run, batch, rewrite(root, "base.yml"))
            journal.conclude(run, batch, "validated")
            journal.note_commit(run, batch, f"commit of {batch}")
    return run


class TestWhich:
    def test_nothing(self, root: Path) -> None:
        assert rollback(str(root)) == Rollback()
        assert snapshot(root) == {}
        with Journal.at(str(root)) as journal:
            journal.begin_run("x")
        assert rollback(str(root)) == Rollback()

    def test_a_run_of_several_batches(self, root: Path) -> None:
        run = two_batches(root)
        answer = rollback(str(root))
        assert answer == Rollback(
            run,
            ("b01", "b02"),
            ("commit of b01", "commit of b02"),
            undone=Undone(restored=("a.py", "b.py", "base.yml")),
        )
        assert {path: data for path, (_, data) in snapshot(root).items()} == {
            "a.py": b"a\n",
            "b.py": b"b\n",
            "base.yml": b"base\n",
        }
        assert rollback(str(root), run) == Rollback()

    def test_runs_from_the_last_to_the_first(self, root: Path) -> None:
        write(root, {"a.py": b"a\n"})
        runs = [applied(root, rewrite(root, "a.py")) for _ in range(3)]
        assert [rollback(str(root)).run for _ in range(4)] == [*reversed(runs), ""]
        assert (root / "a.py").read_bytes() == b"a\n"

    def test_what_was_interrupted_and_then_the_rest(self, root: Path) -> None:
        run = two_batches(root)
        with Journal.at(str(root)) as journal:
            journal.apply(run, "b03", rewrite(root, "a.py"))
        assert interrupted(str(root)) == (
            f"batch b03 of run {run} was interrupted: ssot-lint rollback"
        )
        assert rollback(str(root)).batches == ("b03",)
        assert rollback(str(root)).batches == ("b01", "b02")

    def test_a_run_with_the_batch_that_was_interrupted(self, root: Path) -> None:
        run = two_batches(root)
        with Journal.at(str(root)) as journal:
            journal.apply(run, "b03", rewrite(root, "a.py"))
        assert rollback(str(root), run).batches == ("b01", "b02", "b03")
        assert (root / "a.py").read_bytes() == b"a\n"

    def test_another_run_was_interrupted(self, root: Path) -> None:
        run = two_batches(root)
        other = interrupted_batch(root, rewrite(root, "a.py"))
        with pytest.raises(UsageError) as error:
            rollback(str(root), run)
        assert error.value.lines == (
            f"batch b01 of run {other} was interrupted: ssot-lint rollback",
        )

    def test_no_such_run(self, root: Path) -> None:
        for run in ("x", two_batches(root)[:-1] + "-"):
            with pytest.raises(UsageError) as error:
                rollback(str(root), run)
        (known,) = status(str(root)).runs
        assert error.value.lines == (f"there is no run '{run}', did you mean '{known.id}'?",)
        with pytest.raises(UsageError) as error:
            rollback(str(root / "nowhere"), "x")
        assert error.value.lines == ("there is no run 'x'",)

    def test_a_rollback_that_was_interrupted_goes_on(self, root: Path) -> None:
        """As if the process had died after it had restored one file of two."""
        run = two_batches(root)
        with Journal.at(str(root)) as journal:
            batches = journal.runs[0].live
            (root / "b.py").unlink()
            (root / "b.py").mkdir()
            fates = journal.fates(batches)
            image = Path(status(str(root)).folder, "images", fates[0].target)
            image.rename(image.with_name("away"))
            with pytest.raises(UsageError):
                journal.carry_out(batches, fates)
        line = f"the rollback of run {run} was interrupted: ssot-lint rollback"
        assert interrupted(str(root)) == line
        with Journal.at(str(root)) as journal, pytest.raises(UsageError) as error:
            journal.finish()
        assert error.value.lines == (line,)
        image.with_name("away").rename(image)
        (root / "b.py").rmdir()
        (root / "b.py").write_bytes(b"b\n")
        assert rollback(str(root)).batches == ("b01", "b02")
        assert interrupted(str(root)) is None
        assert (root / "base.yml").read_bytes() == b"base\n"


class TestEdited:
    def test_it_prevents_all(self, root: Path) -> None:
        run = two_batches(root)
        (root / "a.py").write_bytes(b"mine\n")
        (root / "b.py").unlink()
        before = snapshot(root)
        answer = rollback(str(root), run)
        assert answer.edited == (
            Kept("a.py", "was edited since"),
            Kept("b.py", "was removed since"),
        )
        assert answer.undone == Undone()
        assert snapshot(root) == before
        assert [batch.state for batch in status(str(root)).runs[0].batches] == ["validated"] * 2

    def test_it_may_be_left_as_it_is(self, root: Path) -> None:
        run = two_batches(root)
        (root / "a.py").write_bytes(b"mine\n")
        kept = Kept("a.py", "was edited since")
        answer = rollback(str(root), run, skip_edited=True)
        assert answer.undone == Undone(restored=("b.py", "base.yml"), kept=(kept,))
        assert (root / "a.py").read_bytes() == b"mine\n"
        first, second = status(str(root)).runs[0].batches
        assert (first.kept, second.kept) == ((kept,), ())

    def test_a_later_run_is_to_be_rolled_back_first(self, root: Path) -> None:
        run = two_batches(root)
        later = applied(root, rewrite(root, "a.py"))
        reason = f"was changed again by run {later}"
        for merge in (False, True):
            assert rollback(str(root), run, merge=merge).edited == (Kept("a.py", reason),)
        assert rollback(str(root)).run == later
        assert rollback(str(root), run).undone.restored == ("a.py", "b.py", "base.yml")


class TestMerge:
    def begin(self, root: Path) -> str:
        paths = ["a.py", "b.py", "c.py"]
        write(root, dict.fromkeys(paths, TEXT), 0o755)
        return applied(root, [Write(path, TEXT, MIGRATED) for path in paths])

    def test_changes_are_taken_out_of_edited_files(self, root: Path) -> None:
        run = self.begin(root)
        (root / "b.py").write_bytes(EDITED)
        answer = rollback(str(root), run, merge=True)
        assert answer.undone == Undone(restored=("a.py", "c.py"), merged=("b.py",))
        assert snapshot(root) == {
            "a.py": (0o755, TEXT),
            "b.py": (0o755, MERGED),
            "c.py": (0o755, TEXT),
        }

    def test_a_conflict_prevents_all_unless_it_may_be_left(self, root: Path) -> None:
        run = self.begin(root)
        (root / "a.py").write_bytes(CONFLICT)
        (root / "b.py").write_bytes(EDITED)
        before = snapshot(root)
        kept = Kept("a.py", "was edited since, in the same lines")
        assert rollback(str(root), run, merge=True).edited == (kept,)
        assert snapshot(root) == before
        answer = rollback(str(root), run, merge=True, skip_edited=True)
        assert answer.undone == Undone(restored=("c.py",), merged=("b.py",), kept=(kept,))
        assert (root / "a.py").read_bytes() == CONFLICT
        assert (root / "b.py").read_bytes() == MERGED

    def test_an_edit_between_two_batches(self, root: Path) -> None:
        """The second batch is taken back exactly, the first by a merge."""
        write(root, {"a.py": TEXT})
        with Journal.at(str(root)) as journal:
            run = journal.begin_run("x")
            journal.apply(run, "b01", [Write("a.py", TEXT, MIGRATED)])
            journal.conclude(run, "b01", "validated")
            (root / "a.py").write_bytes(EDITED)
            again = EDITED.replace(b"line 4\n", b"moved 4\n")
            journal.apply(run, "b02", [Write("a.py", EDITED, again)])
            journal.conclude(run, "b02", "validated")
        assert rollback(str(root)).edited == (Kept("a.py", "was edited since"),)
        assert rollback(str(root), merge=True).undone.merged == ("a.py",)
        assert (root / "a.py").read_bytes() == MERGED

    def test_what_cannot_be_merged(self, root: Path) -> None:
        run = self.begin(root)
        (root / "a.py").unlink()
        (root / "b.py").write_bytes(EDITED + b"\0")
        (root / "c.py").unlink()
        (root / "c.py").symlink_to("a.py")
        assert rollback(str(root), run, merge=True).edited == (
            Kept("a.py", "was removed since"),
            Kept("b.py", "was edited since, in the same lines"),
            Kept("c.py", "is not a regular file"),
        )

    @pytest.mark.parametrize("end", [b"\r\n", b"\r\r\n"])
    def test_line_ends_stay(self, root: Path, end: bytes) -> None:
        texts = [text.replace(b"\n", end) for text in (TEXT, MIGRATED, EDITED, MERGED)]
        write(root, {"a.py": texts[0]})
        applied(root, [Write("a.py", texts[0], texts[1])])
        (root / "a.py").write_bytes(texts[2])
        assert rollback(str(root), merge=True).undone.merged == ("a.py",)
        assert (root / "a.py").read_bytes() == texts[3]

    def test_without_git(self, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run = self.begin(root)
        monkeypatch.setenv("PATH", str(tmp_path))
        (root / "b.py").write_bytes(EDITED)
        before = snapshot(root)
        with pytest.raises(GitError) as error:
            rollback(str(root), run, merge=True)
        assert error.value.lines == ("git is not installed, or not on the PATH",)
        assert snapshot(root) == before
        (root / "b.py").write_bytes(MIGRATED)
        assert rollback(str(root), run, merge=True).undone.restored == ("a.py", "b.py", "c.py")
