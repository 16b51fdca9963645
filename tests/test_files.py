"""Replacing a file: as a whole, or not at all."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ssot_lint import files
from ssot_lint.errors import UsageError

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def unless_almighty(path: Path) -> None:
    if os.access(path, os.W_OK):
        pytest.skip("this user may write anywhere (root)")


class TestRead:
    def test_the_bytes_as_they_are(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"\xff\r\n\0")
        assert files.read(str(tmp_path / "a")) == b"\xff\r\n\0"
        assert files.read_if_exists(str(tmp_path / "a")) == b"\xff\r\n\0"

    def test_a_missing_file(self, tmp_path: Path) -> None:
        path = str(tmp_path / "a")
        with pytest.raises(UsageError) as error:
            files.read(path)
        assert error.value.lines == (f"{path}: cannot be read: No such file or directory",)
        assert files.read_if_exists(path) is None

    def test_the_name_for_the_user(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError) as error:
            files.read(str(tmp_path), name="rules.yaml")
        assert error.value.lines == ("rules.yaml: cannot be read: Is a directory",)

    def test_a_link_that_leads_nowhere_is_no_missing_file(self, tmp_path: Path) -> None:
        (tmp_path / "a").symlink_to("gone")
        with pytest.raises(UsageError) as error:
            files.read_if_exists(str(tmp_path / "a"), name="a")
        assert error.value.lines == ("a: cannot be read: No such file or directory",)

    def test_a_path_that_cannot_be_one(self) -> None:
        with pytest.raises(UsageError) as error:
            files.read("a\0b", name="a")
        assert error.value.lines == ("a: cannot be read: no file can have such a name",)


class TestReplace:
    def test_a_new_file_has_the_permissions_that_any_new_file_has(self, tmp_path: Path) -> None:
        files.replace(str(tmp_path / "a"), b"new")
        (tmp_path / "b").write_bytes(b"")
        assert (tmp_path / "a").read_bytes() == b"new"
        assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode
        assert names(tmp_path) == ["a", "b"]

    @posix
    @pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o666])
    def test_permissions_stay(self, tmp_path: Path, mode: int) -> None:
        (tmp_path / "a").write_bytes(b"old")
        (tmp_path / "a").chmod(mode)
        files.replace(str(tmp_path / "a"), b"new")
        assert (tmp_path / "a").read_bytes() == b"new"
        assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == mode

    def test_a_path_without_a_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        files.replace("a", b"new")
        assert names(tmp_path) == ["a"]

    @pytest.mark.parametrize("exists", [True, False])
    def test_a_link_stays_and_what_it_leads_to_is_replaced(
        self, tmp_path: Path, exists: bool
    ) -> None:
        (tmp_path / "there").mkdir()
        if exists:
            (tmp_path / "there/a").write_bytes(b"old")
        (tmp_path / "link").symlink_to("there/a")
        files.replace(str(tmp_path / "link"), b"new")
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "there/a").read_bytes() == b"new"
        assert names(tmp_path) + names(tmp_path / "there") == ["link", "there", "a"]

    def test_a_name_as_long_as_names_can_be(self, tmp_path: Path) -> None:
        name = "n" * 255
        files.replace(str(tmp_path / name), b"new")
        assert names(tmp_path) == [name]

    def test_readers_see_the_old_or_the_new(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"old")
        with (tmp_path / "a").open("rb") as reader:
            files.replace(str(tmp_path / "a"), b"new and longer")
            assert reader.read() == b"old"

    def test_what_was_written_is_checked_before_it_takes_its_place(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"old")
        seen = []

        def check(written: bytes) -> None:
            seen.append((written, (tmp_path / "a").read_bytes()))

        files.replace(str(tmp_path / "a"), b"new", check=check)
        assert seen == [(b"new", b"old")]

    @pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt])
    def test_a_check_that_fails_prevents_it(
        self, tmp_path: Path, kind: type[BaseException]
    ) -> None:
        (tmp_path / "a").write_bytes(b"old")

        def check(written: bytes) -> None:
            raise kind("no")

        with pytest.raises(kind):
            files.replace(str(tmp_path / "a"), b"new", check=check)
        assert (tmp_path / "a").read_bytes() == b"old"
        assert names(tmp_path) == ["a"]


class TestReplaceFails:
    """With one line, the old contents, and nothing left over."""

    def refused(self, path: Path) -> str:
        with pytest.raises(UsageError) as error:
            files.replace(str(path), b"new", name="base.yml")
        (line,) = error.value.lines
        assert line.startswith("base.yml: cannot be written: ")
        return line.removeprefix("base.yml: cannot be written: ")

    def test_the_path_stands_for_a_name(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError) as error:
            files.replace(str(tmp_path), b"new")
        assert error.value.lines == (f"{tmp_path}: cannot be written: Is a directory",)

    def test_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        assert self.refused(tmp_path / "a") == "Is a directory"
        assert names(tmp_path) == ["a"]

    def test_a_missing_folder(self, tmp_path: Path) -> None:
        assert self.refused(tmp_path / "gone/a") == "No such file or directory"

    def test_a_folder_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"")
        assert self.refused(tmp_path / "a/b") == "Not a directory"

    def test_a_link_to_itself(self, tmp_path: Path) -> None:
        (tmp_path / "a").symlink_to("a")
        assert self.refused(tmp_path / "a") == os.strerror(errno.ELOOP)
        assert (tmp_path / "a").is_symlink()

    @posix
    def test_a_device(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        assert self.refused(tmp_path / "pipe") == "not a regular file"
        assert names(tmp_path) == ["pipe"]

    def test_a_path_that_cannot_be_one(self) -> None:
        assert self.refused(Path("a\0b")) == "no file can have such a name"

    @posix
    def test_a_file_that_is_read_only(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"old")
        (tmp_path / "a").chmod(0o444)
        unless_almighty(tmp_path / "a")
        assert self.refused(tmp_path / "a") == "Permission denied"
        assert (tmp_path / "a").read_bytes() == b"old"

    @posix
    def test_a_folder_that_is_read_only(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"old")
        tmp_path.chmod(0o555)
        try:
            unless_almighty(tmp_path)
            assert self.refused(tmp_path / "a") == "Permission denied"
        finally:
            tmp_path.chmod(0o755)

    @posix
    def test_a_disk_without_room(self, tmp_path: Path) -> None:
        """A process may not write files beyond a size: as on a full disk, `write` fails."""
        script = (
            "import resource, sys\n"
            "from ssot_lint import files\n"
            "from ssot_lint.errors import UsageError\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
            "try:\n"
            "    files.replace(sys.argv[1], bytes(100_000), name='base.yml')\n"
            "except UsageError as error:\n"
            "    print(error)\n"
        )
        (tmp_path / "a").write_bytes(b"old")
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "a")],
            cwd=Path(files.__file__).parent.parent,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == f"base.yml: cannot be written: {os.strerror(errno.EFBIG)}\n"
        assert (tmp_path / "a").read_bytes() == b"old"
        assert names(tmp_path) == ["a"]


class TestSweep:
    def test_what_a_killed_run_left(self, tmp_path: Path) -> None:
        script = (
            "import os, signal, sys\n"
            "from ssot_lint import files\n"
            "files.replace(sys.argv[1], b'new', check=lambda _: os.kill(os.getpid(), signal.SIGKILL))\n"
        )
        (tmp_path / "a").write_bytes(b"old")
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "a")],
            cwd=Path(files.__file__).parent.parent,
            check=False,
        )
        left = [name for name in names(tmp_path) if name != "a"]
        assert len(left) == 1
        assert files.sweep(str(tmp_path)) == tuple(left)
        assert names(tmp_path) == ["a"]
        assert (tmp_path / "a").read_bytes() == b"old"

    def test_others_are_spared(self, tmp_path: Path) -> None:
        for name in ("a", ".ssot-tmp", "x.ssot-tmp-1", ".ssot-tmp-1"):
            (tmp_path / name).write_bytes(b"")
        (tmp_path / ".ssot-tmp-folder").mkdir()
        assert files.sweep(str(tmp_path)) == (".ssot-tmp-1",)
        assert names(tmp_path) == [".ssot-tmp", ".ssot-tmp-folder", "a", "x.ssot-tmp-1"]

    def test_young_ones_are_spared(self, tmp_path: Path) -> None:
        for name in (".ssot-tmp-old", ".ssot-tmp-young"):
            (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / ".ssot-tmp-old", (1, 1))
        assert files.sweep(str(tmp_path), older_than=3600) == (".ssot-tmp-old",)

    def test_no_folder_has_nothing_to_sweep(self, tmp_path: Path) -> None:
        assert files.sweep(str(tmp_path / "gone")) == ()
