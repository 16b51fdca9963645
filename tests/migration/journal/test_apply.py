"""A batch is applied as a whole, or refused with one line per file and nothing changed."""

from __future__ import annotations

import importlib.util
import os
import stat
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ssot_lint.errors import UsageError
from ssot_lint.migration.journal import Journal, Write, rollback
from tests.migration.journal.trees import (
    applied,
    refusal,
    rewrite,
    snapshot,
    spawn,
    temporaries,
    write,
)


class TestApplied:
    def test_files_are_rewritten_made_and_removed(self, root: Path) -> None:
        write(root, {"app/a.py": b"a\r\n\xff", "app/old.py": b"old\n"})
        applied(
            root,
            [
                Write("app/a.py", b"a\r\n\xff", b"b\r\n\xff"),
                Write("app/new/deep/b.py", None, b"made\n"),
                Write("app/old.py", b"old\n", None),
            ],
        )
        found = snapshot(root)
        assert sorted(found) == ["app", "app/a.py", "app/new", "app/new/deep", "app/new/deep/b.py"]
        assert found["app/a.py"][1] == b"b\r\n\xff"
        assert found["app/new/deep/b.py"][1] == b"made\n"

    @pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o666, 0o4755])
    def test_permissions_stay_and_come_back(self, root: Path, mode: int) -> None:
        write(root, {"a.py": b"a\n", "gone.py": b"g\n"}, mode)
        run = applied(root, [*rewrite(root, "a.py"), Write("gone.py", b"g\n", None)])
        assert snapshot(root) == {"a.py": (mode, b"a\nnew\n")}
        rollback(str(root), run)
        assert snapshot(root) == {"a.py": (mode, b"a\n"), "gone.py": (mode, b"g\n")}

    def test_a_new_file_has_the_permissions_that_any_new_file_has(self, root: Path) -> None:
        (root / "other.py").write_bytes(b"")
        applied(root, [Write("new.py", None, b"")])
        assert (root / "new.py").stat().st_mode == (root / "other.py").stat().st_mode

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
    def test_the_owner_stays(self, root: Path) -> None:
        write(root, {"a.py": b"a\n"}, 0o755)
        os.chown(root / "a.py", 1234, 4321)
        applied(root, rewrite(root, "a.py"))
        about = (root / "a.py").stat()
        assert (about.st_uid, about.st_gid, stat.S_IMODE(about.st_mode)) == (1234, 4321, 0o755)

    def test_a_link_stays_and_what_it_leads_to_is_rewritten(self, root: Path) -> None:
        write(root, {"there/a.py": b"a\n"})
        (root / "link.py").symlink_to("there/a.py")
        with Journal.at(str(root)) as journal:
            run = journal.begin_run("x")
            assert journal.apply(run, "b01", rewrite(root, "link.py")) == ("there/a.py",)
            assert (root / "link.py").is_symlink()
            assert (root / "there/a.py").read_bytes() == b"a\nnew\n"
            journal.undo(run, "b01")
        assert (root / "there/a.py").read_bytes() == b"a\n"

    def test_a_root_that_is_reached_by_a_link(self, root: Path, tmp_path: Path) -> None:
        write(root, {"a.py": b"a\n"})
        (tmp_path / "link").symlink_to(root)
        run = applied(tmp_path / "link", rewrite(root, "a.py"))
        assert rollback(str(root), run).undone.restored == ("a.py",)

    def test_what_changes_nothing_is_not_touched(self, root: Path) -> None:
        write(root, {"a.py": b"a\n", "b.py": b"b\n"})
        inode = (root / "a.py").stat().st_ino
        with Journal.at(str(root)) as journal:
            run = journal.begin_run("x")
            writes = [Write("a.py", b"a\n", b"a\n"), *rewrite(root, "b.py")]
            assert journal.apply(run, "b01", writes) == ("b.py",)
        assert (root / "a.py").stat().st_ino == inode

    def test_names_as_odd_and_as_long_as_names_can_be(self, root: Path) -> None:
        names = ["n" * 255, "a b.py", "line\nbreak.py", "ü.py", os.fsdecode(b"\xff.py"), "-n.py"]
        write(root, dict.fromkeys(names, b"a\n"))
        before = snapshot(root)
        run = applied(root, rewrite(root, *names))
        assert {data for _, data in snapshot(root).values()} == {b"a\nnew\n"}
        assert rollback(str(root), run).undone.restored == tuple(sorted(names))
        assert snapshot(root) == before

    def test_a_file_that_the_user_named_may_lie_outside_the_root(self, root: Path) -> None:
        write(root, {"../base.yml": b"b\n"})
        run = applied(root, rewrite(root, "../base.yml", outside=True))
        assert (root / "../base.yml").read_bytes() == b"b\nnew\n"
        assert rollback(str(root), run).undone.restored == ("../base.yml",)
        assert (root / "../base.yml").read_bytes() == b"b\n"

    def test_python_never_takes_the_compiled_file_of_the_other_contents(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It compares size and whole second of change only, and here both would be the same."""

        def imported() -> int:
            spec = importlib.util.spec_from_file_location("a_module", root / "a.py")
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            value: int = module.X
            return value

        monkeypatch.setattr(sys, "dont_write_bytecode", False)
        time.sleep(1 - time.time() % 1)  # to have a whole second for all of it
        write(root, {"a.py": b"X = 1\n"})
        assert imported() == 1
        run = applied(root, [Write("a.py", b"X = 1\n", b"X = 2\n")])
        assert imported() == 2
        rollback(str(root), run)
        assert imported() == 1
        assert any((root / "__pycache__").iterdir()), "nothing was compiled: nothing is shown"

    def test_twenty_files_within_a_tenth_of_a_second(self, root: Path) -> None:
        paths = [f"app/p{number % 5}/m{number}.py" for number in range(20)]
        write(root, dict.fromkeys(paths, b"import x\n" * 500))
        with Journal.at(str(root)) as journal:
            run = journal.begin_run("x")
            for number in range(30):  # until the machine has nothing else to do
                writes = rewrite(root, *paths)
                start = time.perf_counter()
                journal.apply(run, f"b{number}", writes)
                taken = time.perf_counter() - start
                journal.conclude(run, f"b{number}", "validated")
                if taken < 0.1:
                    break
        assert taken < 0.1


class TestRefused:
    def test_every_file_that_stands_in_the_way_is_named(self, root: Path) -> None:
        write(root, {"edited.py": b"e\n", "fine.py": b"f\n", "there.py": b"t\n"})
        (root / "folder.py").mkdir()
        assert refusal(
            root,
            [
                Write("edited.py", b"other\n", b"x\n"),
                Write("fine.py", b"f\n", b"x\n"),
                Write("folder.py", b"", b"x\n"),
                Write("gone.py", b"", b"x\n"),
                Write("there.py", None, b"x\n"),
            ],
        ) == (
            "edited.py: was edited since it was read; plan again",
            "folder.py: is not a regular file",
            "gone.py: is gone; plan again",
            "there.py: exists already",
        )

    def test_a_file_outside_the_root(self, root: Path) -> None:
        write(root, {"../a.py": b"a\n"})
        other = str(root.parent / "a.py")
        for path in ("../a.py", "x/../../a.py", other, "."):
            assert refusal(root, [Write(path, b"a\n", b"b\n")]) == (
                f"{path}: lies outside the root",
            )

    def test_a_link_that_leads_out_of_the_root(self, root: Path) -> None:
        write(root, {"../other/a.py": b"a\n"})
        (root / "link.py").symlink_to("../other/a.py")
        (root / "folder").symlink_to("../other")
        assert refusal(root, rewrite(root, "link.py", "folder/a.py")) == (
            "folder/a.py: leads out of the root by a link",
            "link.py: leads out of the root by a link",
        )
        assert refusal(root, [Write("folder/new.py", None, b"")]) == (
            "folder/new.py: leads out of the root by a link",
        )

    def test_a_link_to_nowhere_and_one_to_itself(self, root: Path) -> None:
        (root / "nowhere.py").symlink_to("gone.py")
        (root / "self.py").symlink_to("self.py")
        assert refusal(
            root,
            [
                Write("nowhere.py", b"", b"x"),
                Write("self.py", b"", b"x"),
            ],
        ) == ("nowhere.py: is gone; plan again", "self.py: is not a regular file")
        assert refusal(root, [Write("nowhere.py", None, b"x")]) == ("nowhere.py: exists already",)

    def test_one_file_by_two_names(self, root: Path) -> None:
        write(root, {"a.py": b"a\n"})
        (root / "b.py").symlink_to("a.py")
        assert refusal(root, rewrite(root, "a.py", "b.py")) == ("b.py: is the same file as a.py",)

    def test_a_path_that_no_file_can_have(self, root: Path) -> None:
        assert refusal(root, [Write("a\0.py", b"", b"x")]) == (
            "a\0.py: cannot be read: no file can have such a name",
        )
        name = "n" * 256
        assert refusal(root, [Write(name, None, b"x")]) == (
            f"{name}: cannot be read: File name too long",
        )

    def test_a_folder_that_is_a_file(self, root: Path) -> None:
        write(root, {"a": b""})
        assert refusal(root, [Write("a/b.py", None, b"x"), Write("a/c.py", b"", b"x")]) == (
            "a/b.py: its folder is a file",
            "a/c.py: is gone; plan again",
        )

    def test_a_file_that_is_read_only(self, root: Path) -> None:
        write(root, {"a.py": b"a\n"}, 0o444)
        assert refusal(root, rewrite(root, "a.py")) == ("a.py: is read-only",)

    def test_what_permissions_forbid(self, root: Path) -> None:
        script = (
            "import os, sys\n"
            "from ssot_lint.errors import UsageError\n"
            "from ssot_lint.migration.journal import Journal, Write\n"
            "os.chdir(sys.argv[1])\n"
            "for name, mode in ('hidden.py', 0), ('theirs.py', 0o464):\n"
            "    open(name, 'wb').close()\n"
            "    os.chmod(name, mode)\n"
            "os.mkdir('locked')\n"
            "open('locked/a.py', 'wb').close()\n"
            "os.chmod('locked', 0o555)\n"
            "with Journal.at('.') as journal:\n"
            "    run = journal.begin_run('x')\n"
            "    try:\n"
            "        journal.apply(run, 'b01', [\n"
            "            Write('hidden.py', b'', b'x'), Write('locked/a.py', b'', b'x'),\n"
            "            Write('locked/new.py', None, b'x'), Write('locked/deep/new.py', None, b'x'),\n"
            "            Write('theirs.py', b'', b'x')])\n"
            "    except UsageError as error:\n"
            "        print(error)\n"
            "os.chmod('locked', 0o755)\n"
        )
        assert spawn(script, root, mortal=True).splitlines() == [
            "hidden.py: cannot be read: Permission denied",
            "locked/a.py: its folder is read-only",
            "locked/deep/new.py: its folder is read-only",
            "locked/new.py: its folder is read-only",
            "theirs.py: is not yours to write",
        ]
        assert (root / "locked/a.py").read_bytes() == b""

    def test_a_state_that_cannot_be_written(self, root: Path) -> None:
        script = (
            "import os, sys\n"
            "from ssot_lint.errors import UsageError\n"
            "from ssot_lint.migration.journal import Journal\n"
            "os.chmod(sys.argv[1], 0o555)\n"
            "try:\n"
            "    with Journal.at(sys.argv[1]):\n"
            "        print('taken')\n"
            "except UsageError as error:\n"
            "    print(error)\n"
        )
        assert spawn(script, root, mortal=True) == (
            f"{root}/.ssot_journal: cannot be made: Permission denied\n"
        )

    def test_a_second_step_that_is_refused_leaves_the_first(self, root: Path) -> None:
        write(root, {"a.py": b"a\n", "base.yml": b"b\n"})
        with Journal.at(str(root)) as journal:
            run = journal.begin_run("x")
            journal.apply(run, "b01", rewrite(root, "a.py"))
            with pytest.raises(Exception, match=r"^base.yml: was edited since it was read"):
                journal.apply(run, "b01", [Write("base.yml", b"other", b"c\n")])
            assert (root / "a.py").read_bytes() == b"a\nnew\n"
            assert journal.undo(run, "b01").restored == ("a.py",)
        assert snapshot(root) == {"a.py": (0o644, b"a\n"), "base.yml": (0o644, b"b\n")}


class TestOrder:
    """Mistakes in the use of a journal are ours, not the user's."""

    def test_one_open_batch_at_a_time(self, root: Path) -> None:
        write(root, {"a.py": b"a\n"})
        with Journal.at(str(root)) as journal:
            run = journal.begin_run("x")
            journal.apply(run, "b01", rewrite(root, "a.py"))
            line = f"^batch b01 of run {run} was interrupted: ssot-lint rollback$"
            with pytest.raises(Exception, match=line):
                journal.apply(run, "b02", rewrite(root, "a.py"))
            journal.undo(run, "b01")
            journal.apply(run, "b01", rewrite(root, "a.py"))
            journal.conclude(run, "b01", "validated")
            with pytest.raises(ValueError, match=f"^batch b01 of run {run} is validated$"):
                journal.apply(run, "b01", rewrite(root, "a.py"))
            assert [batch.state for batch in journal.runs[0].batches] == ["undone", "validated"]

    def test_what_does_not_exist(self, root: Path) -> None:
        with Journal.at(str(root)) as journal:
            with pytest.raises(ValueError, match=r"^there is no run r$"):
                journal.apply("r", "b01", [])
            run = journal.begin_run("x")
            line = f"^run {run} has no batch b01 that is open$"
            with pytest.raises(ValueError, match=line):
                journal.conclude(run, "b01", "validated")
            journal.apply(run, "b01", [])
            for word in ("open", "undoing", "undone"):
                with pytest.raises(ValueError, match=f"^'{word}' concludes no batch$"):
                    journal.conclude(run, "b01", word)
            journal.undo(run, "b01")
            with pytest.raises(ValueError, match=r"has no batch b01 that is not undone$"):
                journal.undo(run, "b01")


def test_no_temporary_file_is_left(root: Path) -> None:
    write(root, {"a.py": b"a\n"})
    applied(root, rewrite(root, "a.py"))
    assert temporaries(root) == []


class TestInThisMoment:
    """Somebody edits a file after it was looked at, and before it is its turn."""

    def race(self, root: Path, edit: Callable[[Path], object]) -> tuple[str, ...]:
        paths = [f"m{number:03}.py" for number in range(200)]
        write(root, dict.fromkeys(paths, b"a\n"))

        def edit_when_writing_begins() -> None:
            while not temporaries(root):
                pass
            edit(root / paths[-1])

        thread = threading.Thread(target=edit_when_writing_begins)
        with Journal.at(str(root)) as journal:
            run = journal.begin_run("x")
            thread.start()
            with pytest.raises(UsageError) as error:
                journal.apply(run, "b01", rewrite(root, *paths))
            thread.join()
            journal.refuse_open_batch()
        assert temporaries(root) == []
        assert {(root / path).read_bytes() for path in paths[:-1]} == {b"a\n"}
        return error.value.lines

    def test_it_is_edited(self, root: Path) -> None:
        lines = self.race(root, lambda path: path.write_bytes(b"mine\n"))
        assert lines == ("m199.py: was edited in this moment; plan again",)
        assert (root / "m199.py").read_bytes() == b"mine\n"

    def test_it_becomes_a_folder(self, root: Path) -> None:
        def replace(path: Path) -> None:
            path.unlink()
            path.mkdir()

        assert self.race(root, replace) == ("m199.py: was edited in this moment; plan again",)
        assert (root / "m199.py").is_dir()
