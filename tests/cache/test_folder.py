"""The folder: kept out of git, described, and removed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ssot_lint.cache import CacheFile, Info, clear, info
from ssot_lint.cache.folder import FILE_NAME
from ssot_lint.errors import UsageError
from ssot_lint.files import TEMPORARY
from tests.cache.caches import VERSION, filled


def test_the_folder_ignores_itself(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    filled(tmp_path / "deep" / "cache")
    said = subprocess.run(
        ["git", "-C", str(tmp_path), "status", "--porcelain", "-uall"],
        capture_output=True,
        check=True,
    )
    assert said.stdout == b""
    ignore = tmp_path / "deep" / "cache" / ".gitignore"
    assert ignore.read_bytes() == b"# Made by ssot-lint.\n*\n"


@pytest.mark.parametrize("name", ["notes.txt", ".gitignore"])
def test_a_folder_with_other_things_in_it_is_not_hidden_from_git(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"mine\n")
    filled(tmp_path)
    assert sorted(os.listdir(tmp_path)) == sorted({name, FILE_NAME})
    assert (tmp_path / name).read_bytes() == b"mine\n"


def test_info_tells_what_each_file_holds(tmp_path: Path) -> None:
    ours = filled(tmp_path)
    size = ours.stat().st_size
    (tmp_path / "ssot-lint-cpython-39.cache").write_bytes(b"damaged")
    assert info(str(tmp_path)) == Info(
        str(tmp_path),
        (
            CacheFile(FILE_NAME, size, VERSION, paths=3, contents=2, parsed=2, word_sets=1),
            CacheFile("ssot-lint-cpython-39.cache", 7, None),
        ),
    )
    assert info(str(tmp_path)).bytes == size + 7


def test_info_where_there_is_no_cache(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone")
    assert info(gone) == Info(gone, ())
    assert info(gone).bytes == 0


def test_clear_removes_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    filled(folder)
    (folder / f"{TEMPORARY}young").touch()
    (folder / "ssot-lint-cpython-39.cache").touch()
    assert clear(str(folder)) == 2
    assert os.listdir(tmp_path) == []
    assert clear(str(folder)) == 0


@pytest.mark.parametrize("name", ["notes.txt", ".gitignore", "ssot-lint-notes", "mine.cache"])
def test_clear_spares_what_others_put_there(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"*\n")
    filled(tmp_path)
    assert clear(str(tmp_path)) == 1
    assert os.listdir(tmp_path) == [name]
    assert (tmp_path / name).read_bytes() == b"*\n"


@pytest.mark.parametrize("ask", [info, clear])
def test_what_is_no_folder(tmp_path: Path, ask: object) -> None:
    assert callable(ask)
    (tmp_path / "file").touch()
    for name, why in (("file", "Not a directory"), ("a\0b", "no file can have such a name")):
        folder = os.path.join(tmp_path, name)
        with pytest.raises(UsageError) as error:
            ask(folder)
        assert error.value.lines == (f"{folder}: cannot be read: {why}",)


def test_what_cannot_be_removed(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(UsageError) as error:
        clear(str(tmp_path))
    assert error.value.lines == (f"{tmp_path / FILE_NAME}: cannot be removed: Is a directory",)
