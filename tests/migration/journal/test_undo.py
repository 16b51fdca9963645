"""What becomes of a file is decided by its contents: as before, as written, or edited since."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ssot_lint.errors import UsageError
from ssot_lint.files import TEMPORARY
from ssot_lint.migration.journal import Journal, Kept, Undone, Write, interrupted, status
from tests.migration.journal.trees import interrupted_batch, rewrite, snapshot, spawn, write


def undo(root: Path, run: str, batch: str = "b01") -> Undone:
    with Journal.at(str(root)) as journal:
        return journal.undo(run, batch)


def image(root: Path, data: bytes) -> Path:
    folder = Path(status(str(root)).folder) / "images"
    return next(path for path in folder.iterdir() if path.read_bytes() == data)


class TestUndo:
    def test_a_batch_of_two_steps(self, root: Path) -> None:
        write(root, {"a.py": b"a\n", "base.yml": b"b\n"})
        before = snapshot(root)
        with Journal.at(str(root)) as journal:
            run = journal.begin_run("x")
            journal.apply(run, "b01", rewrite(root, "a.py", "base.yml"))
            journal.apply(run, "b01", rewrite(root, "base.yml"))
            assert (root / "base.yml").read_bytes() == b"b\nnew\nnew\n"
            assert journal.undo(run, "b01") == Undone(restored=("a.py", "base.yml"))
        assert snapshot(root) == before

    def test_only_what_was_written_is_restored(self, root: Path) -> None:
        """As if the run had been killed between two files."""
        write(root, {"a.py": b"a\n", "b.py": b"b\n"})
        run = interrupted_batch(root, rewrite(root, "a.py", "b.py"))
        (root / "a.py").write_bytes(b"a\n")
        assert undo(root, run) == Undone(restored=("b.py",))

    def test_a_state_between_two_steps_is_ours(self, root: Path) -> None:
        write(root, {"a.py": b"a\n"})
        with Journal.at(str(root)) as journal:
            run = journal.begin_run("x")
            for _ in range(3):
                journal.apply(run, "b01", rewrite(root, "a.py"))
            (root / "a.py").write_bytes(b"a\nnew\n")
            assert journal.undo(run, "b01") == Undone(restored=("a.py",))
        assert (root / "a.py").read_bytes() == b"a\n"

    def test_folders_that_were_made_go_and_others_stay(self, root: Path) -> None:
        write(root, {"app/a.py": b"a\n"})
        before = snapshot(root)
        run = interrupted_batch(
            root,
            [
                Write("app/a.py", b"a\n", None),
                Write("app/new/deep/a.py", None, b""),
                Write("app/new/b.py", None, b""),
            ],
        )
        compiled = root / "app/new/deep/__pycache__/a.cpython-311.pyc"
        compiled.parent.mkdir()
        compiled.write_bytes(b"")
        assert undo(root, run).restored == ("app/a.py", "app/new/b.py", "app/new/deep/a.py")
        assert snapshot(root) == before

    def test_a_folder_in_which_somebody_put_a_file_stays(self, root: Path) -> None:
        run = interrupted_batch(root, [Write("new/deep/a.py", None, b"")])
        write(root, {"new/mine.txt": b"m\n", "new/deep/__pycache__/mine.txt": b"m\n"})
        assert undo(root, run).restored == ("new/deep/a.py",)
        assert [path for path, (_, data) in snapshot(root).items() if data] == [
            "new/mine.txt",
            "new/deep/__pycache__/mine.txt",
        ]

    def test_a_removed_file_comes_back_with_its_folder(self, root: Path) -> None:
        write(root, {"app/deep/a.py": b"a\n"}, 0o750)
        run = interrupted_batch(root, [Write("app/deep/a.py", b"a\n", None)])
        (root / "app/deep").rmdir()
        (root / "app").rmdir()
        assert undo(root, run).restored == ("app/deep/a.py",)
        assert snapshot(root)["app/deep/a.py"] == (0o750, b"a\n")

    def test_permissions_that_somebody_changed_since_stay(self, root: Path) -> None:
        write(root, {"a.py": b"a\n"})
        run = interrupted_batch(root, rewrite(root, "a.py"))
        (root / "a.py").chmod(0o755)
        undo(root, run)
        assert snapshot(root)["a.py"] == (0o755, b"a\n")

    def test_what_a_killed_run_left_is_swept_and_nothing_else(self, root: Path) -> None:
        write(root, {"app/a.py": b"a\n"})
        run = interrupted_batch(root, rewrite(root, "app/a.py"))
        for name in (f"{TEMPORARY}{run}-1", f"{TEMPORARY}{run}-2", f"{TEMPORARY}baseline"):
            (root / "app" / name).write_bytes(b"")
        os.utime(root / "app" / f"{TEMPORARY}{run}-1", (1 << 33, 1 << 33))
        undo(root, run)
        assert sorted(os.listdir(root / "app")) == [f"{TEMPORARY}baseline", "a.py"]


def edited(path: Path) -> None:
    path.write_bytes(b"mine\n")


def removed(path: Path) -> None:
    path.unlink()


def linked(path: Path) -> None:
    path.rename(path.with_name("b.py"))
    path.symlink_to("b.py")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def moved(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))
    path.parent.symlink_to("elsewhere")


class TestEditedSince:
    @pytest.mark.parametrize(
        ("edit", "reason"),
        [
            (edited, "was edited since"),
            (removed, "was removed since"),
            (linked, "is not a regular file"),
            (folder, "is not a regular file"),
            (moved, "its folder is a link now"),
        ],
    )
    def test_it_is_left_as_it_is_and_the_others_are_restored(
        self, root: Path, edit: Callable[[Path], None], reason: str
    ) -> None:
        write(root, {"app/a.py": b"a\n", "b.py": b"b\n"})
        run = interrupted_batch(root, rewrite(root, "app/a.py", "b.py"))
        edit(root / "app/a.py")
        theirs = snapshot(root)
        kept = Kept("app/a.py", reason)
        assert undo(root, run) == Undone(restored=("b.py",), kept=(kept,))
        assert snapshot(root) == {**theirs, "b.py": (0o644, b"b\n")}
        assert status(str(root)).runs[0].batches[0].kept == (kept,)

    def test_a_file_that_was_made(self, root: Path) -> None:
        run = interrupted_batch(root, [Write("a.py", None, b"a\n"), Write("b.py", None, b"b\n")])
        edited(root / "a.py")
        removed(root / "b.py")
        assert undo(root, run) == Undone(kept=(Kept("a.py", "was edited since"),))
        assert (root / "a.py").read_bytes() == b"mine\n"

    def test_a_file_that_was_removed(self, root: Path) -> None:
        write(root, {"a.py": b"a\n"})
        run = interrupted_batch(root, [Write("a.py", b"a\n", None)])
        edited(root / "a.py")
        assert undo(root, run) == Undone(kept=(Kept("a.py", "was edited since"),))
        assert (root / "a.py").read_bytes() == b"mine\n"

    def test_an_edit_between_two_steps(self, root: Path) -> None:
        """The second step could be taken back, but the first not."""
        write(root, {"a.py": b"a\n"})
        with Journal.at(str(root)) as journal:
            run = journal.begin_run("x")
            journal.apply(run, "b01", rewrite(root, "a.py"))
            (root / "a.py").write_bytes(b"mine\n")
            journal.apply(run, "b01", rewrite(root, "a.py"))
            assert journal.undo(run, "b01") == Undone(kept=(Kept("a.py", "was edited since"),))
        assert (root / "a.py").read_bytes() == b"mine\nnew\n"

    def test_a_later_run(self, root: Path) -> None:
        write(root, {"a.py": b"a\n"})
        with Journal.at(str(root)) as journal:
            first, second = journal.begin_run("x"), journal.begin_run("y")
            for run in (first, second):
                journal.apply(run, "b01", rewrite(root, "a.py"))
                journal.conclude(run, "b01", "validated")
            kept = Kept("a.py", f"was changed again by run {second}")
            assert journal.undo(first, "b01") == Undone(kept=(kept,))
            assert journal.undo(second, "b01") == Undone(restored=("a.py",))
        assert (root / "a.py").read_bytes() == b"a\nnew\n"

    def test_what_cannot_be_read(self, root: Path) -> None:
        write(root, {"a.py": b"a\n"})
        run = interrupted_batch(root, rewrite(root, "a.py"))
        script = (
            "import os, sys\n"
            "from ssot_lint.migration.journal import Journal\n"
            "os.chmod(sys.argv[1] + '/a.py', 0)\n"
            "with Journal.at(sys.argv[1]) as journal:\n"
            "    print(journal.undo(sys.argv[2], 'b01').kept[0].reason)\n"
        )
        assert spawn(script, root, run, mortal=True) == "cannot be read: Permission denied\n"


class TestImages:
    def test_only_their_owner_may_read_them(self, root: Path) -> None:
        write(root, {"a.py": b"a\n"})
        interrupted_batch(root, rewrite(root, "a.py"))
        for data in (b"a\n", b"a\nnew\n"):
            assert image(root, data).stat().st_mode & 0o777 == 0o600

    def test_equal_contents_are_kept_once(self, root: Path) -> None:
        write(root, {"a.py": b"a\n", "b.py": b"a\n"})
        interrupted_batch(root, rewrite(root, "a.py", "b.py"))
        assert status(str(root))[2:4] == (2, len(b"a\n" + b"a\nnew\n"))

    def test_a_damaged_one_changes_nothing_until_it_is_repaired(self, root: Path) -> None:
        write(root, {"a.py": b"a\n", "b.py": b"b\n"})
        run = interrupted_batch(root, rewrite(root, "a.py", "b.py"))
        before = snapshot(root)
        damaged = image(root, b"b\n")
        damaged.write_bytes(b"x\n")
        line = f"{damaged}: is damaged, so the file whose contents it held stays as it is"
        with pytest.raises(UsageError) as error:
            undo(root, run)
        assert error.value.lines == (line,)
        damaged.unlink()
        with pytest.raises(UsageError) as error:
            undo(root, run)
        assert error.value.lines == (f"{damaged}: cannot be read: No such file or directory",)
        assert snapshot(root) == before
        assert interrupted(str(root)) is not None
        damaged.write_bytes(b"b\n")
        assert undo(root, run).restored == ("a.py", "b.py")

    def test_one_that_a_killed_run_wrote_in_part_is_written_again(self, root: Path) -> None:
        write(root, {"a.py": b"a\n"})
        undo(root, interrupted_batch(root, rewrite(root, "a.py")))
        image(root, b"a\n").write_bytes(b"")
        undo(root, interrupted_batch(root, rewrite(root, "a.py")))
        assert (root / "a.py").read_bytes() == b"a\n"


class TestFinish:
    def test_it_drops_everything(self, root: Path) -> None:
        write(root, {"a.py": b"a\n"})
        run = interrupted_batch(root, rewrite(root, "a.py"))
        with Journal.at(str(root)) as journal:
            with pytest.raises(UsageError) as error:
                journal.finish()
            assert error.value.lines == (
                f"batch b01 of run {run} was interrupted: ssot-lint rollback",
            )
            journal.conclude(run, "b01", "validated")
            dropped = journal.finish()
            assert (dropped.images, dropped.bytes, journal.runs) == (2, 8, ())
        assert os.listdir(root) == ["a.py"]
        assert (root / "a.py").read_bytes() == b"a\nnew\n"

    def test_it_may_be_followed_by_another_run(self, root: Path) -> None:
        write(root, {"a.py": b"a\n"})
        with Journal.at(str(root)) as journal:
            journal.finish()
            run = journal.begin_run("x")
            journal.apply(run, "b01", rewrite(root, "a.py"))
        assert undo(root, run).restored == ("a.py",)


class TestStatus:
    def test_what_a_run_is_remembered_by(self, root: Path) -> None:
        write(root, {"a.py": b"a\n", "b.py": b"b\n"})
        with Journal.at(str(root)) as journal:
            run = journal.begin_run("move x", "digest")
            journal.apply(run, "b01", rewrite(root, "b.py", "a.py"))
            journal.conclude(run, "b01", "validated", command="pytest -q", seconds=1.5)
            journal.note_commit(run, "b01", "c0ffee")
            journal.apply(run, "b02", rewrite(root, "b.py"))
        found = status(str(root))
        (known,) = found.runs
        assert (known.id, known.label, known.plan) == (run, "move x", "digest")
        first, second = known.batches
        assert (first.name, first.state, first.commit) == ("b01", "validated", "c0ffee")
        assert first.details == {"command": "pytest -q", "seconds": 1.5}
        assert first.paths == ("a.py", "b.py")
        assert (second.name, second.state, second.commit) == ("b02", "open", "")
        assert found.unfinished == (second,)
        assert (found.folder, found.busy) == (f"{root}/.ssot_journal", "")

    def test_it_makes_nothing(self, root: Path) -> None:
        assert status(str(root)).runs == ()
        assert interrupted(str(root)) is None
        assert os.listdir(root) == []

    def test_a_journal_without_a_run_leaves_nothing(self, root: Path) -> None:
        with Journal.at(str(root)) as journal:
            assert journal.status().runs == ()
            assert os.listdir(root) == [".ssot_journal"]
        assert os.listdir(root) == []

    def test_ids_of_runs_sort_as_the_runs(self, root: Path) -> None:
        with Journal.at(str(root)) as journal:
            ids = [journal.begin_run("x") for _ in range(5)]
        assert ids == sorted(ids)
        assert len({id[:15] for id in ids}) == 5
