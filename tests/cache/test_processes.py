"""Several processes, and disks that do not take what they are given."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ssot_lint.cache import content_hash
from ssot_lint.cache.folder import FILE_NAME, write
from ssot_lint.files import TEMPORARY
from tests.cache.caches import VERSION, facts_of, filled, opened, status
from tests.cli.projects import environment

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and limits")

START = f"""\
import os, sys
from ssot_lint.cache import Cache, content_hash
version = {VERSION!r}
cache = Cache.open("cache", version=version)
"""
STORE = """\
cache.store(content_hash(b"import b\\n"), bytes(100_000))
"""


def run(script: str, cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", START + script],
        cwd=cwd,
        env=environment(measured=False),  # which would write files, where that is forbidden
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def known(folder: Path) -> bool:
    """Whether the cache that `filled` left is still there."""
    return opened(folder).facts(content_hash(b"import b\n")) == facts_of(b"import b\n")


def test_two_processes_that_write_at_once(tmp_path: Path) -> None:
    """Each file that a reader meets meanwhile is one writer's, as a whole."""
    writer = """\
for turn in range(200):
    cache = Cache.open("cache", version=version)
    for number in range(40):
        cache.store(content_hash(b"%d" % number), sys.argv[1].encode() * (1000 + turn))
    assert cache.save() == "", turn
"""
    writers = [
        subprocess.Popen([sys.executable, "-c", START + writer, name], cwd=tmp_path)
        for name in ("a", "b")
    ]
    met = set()
    try:
        while any(process.poll() is None for process in writers):
            cache = opened(tmp_path / "cache")
            found = [cache.facts(content_hash(b"%d" % number)) for number in range(40)]
            assert len(set(found)) == 1, "a torn file"
            met.add(found[0])
    finally:
        codes = [process.wait() for process in writers]
    assert codes == [0, 0]
    assert len(met) > 1
    assert sorted(os.listdir(tmp_path / "cache")) == [".gitignore", FILE_NAME]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_forked_processes_read_from_one_open_file(tmp_path: Path) -> None:
    """They share its position, so nobody may move it."""
    cache = opened(tmp_path)
    for number in range(200):
        cache.store(content_hash(b"%d" % number), b"%d " % number * 2000)
    cache.save()
    forks = """\
children = []
for _ in range(2):
    if not (child := os.fork()):
        wrong = sum(
            cache.facts(content_hash(b"%d" % number)) != b"%d " % number * 2000
            for _ in range(10) for number in range(200)
        )
        os._exit(bool(wrong))
    children.append(child)
print([os.waitpid(child, 0)[1] for child in children])
"""
    (tmp_path / "cache").symlink_to(".")
    assert run(forks, tmp_path) == "[0, 0]\n"


@posix
@pytest.mark.parametrize("mode", [0o555, 0o000])
def test_a_folder_that_cannot_be_written(tmp_path: Path, mode: int) -> None:
    """Nobody is told but by the note; what can be read is read."""
    folder = tmp_path / "cache"
    filled(folder)
    tmp_path.chmod(0o755)
    folder.chmod(mode)
    mortal = "os.geteuid() or os.setuid(65534)\n"  # nothing is forbidden to the superuser
    reopened = "cache = Cache.open('cache', version=version)\n"
    ask = "print(cache.facts(content_hash(b'import a\\n')) is not None)\nprint(cache.save())\n"
    try:
        out = run(mortal + reopened + STORE + ask, tmp_path)
    finally:
        folder.chmod(0o755)
    readable = mode != 0
    assert out == f"{readable}\ncache: the cache cannot be written: Permission denied\n"
    assert known(folder)


@posix
def test_a_project_in_which_no_folder_can_be_made(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    mortal = "os.geteuid() or os.setuid(65534)\n"
    try:
        out = run(mortal + STORE + "print(cache.save())", tmp_path)
    finally:
        tmp_path.chmod(0o755)
    assert out == "cache: the cache cannot be written: Permission denied\n"
    assert os.listdir(tmp_path) == []


@posix
@pytest.mark.parametrize("room", [0, 10, 5_000], ids=lambda room: f"{room} bytes are left")
def test_a_full_disk(tmp_path: Path, room: int) -> None:
    filled(tmp_path / "cache")
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))\n"
    out = run(limit + STORE + "print(cache.save())", tmp_path)
    assert out == "cache: the cache cannot be written: File too large\n"
    assert sorted(os.listdir(tmp_path / "cache")) == [".gitignore", FILE_NAME]
    assert known(tmp_path / "cache")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        pytest.param("file", "File exists", id="a file in the folder's place"),
        pytest.param("file/cache", "Not a directory", id="a file above the folder"),
        pytest.param("a\0b", "no file can have such a name", id="no name for a folder"),
    ],
)
def test_a_folder_that_cannot_be(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "file").touch()
    folder = os.path.join(tmp_path, name)
    cache = opened(Path(folder))
    cache.store(content_hash(b""), b"facts")
    assert cache.facts(content_hash(b"")) == b"facts"
    assert cache.save() == f"{folder}: the cache cannot be written: {why}"


def test_what_killed_runs_left_is_swept_and_what_others_write_is_not(tmp_path: Path) -> None:
    filled(tmp_path)
    old, young = tmp_path / f"{TEMPORARY}old", tmp_path / f"{TEMPORARY}young"
    for file in (old, young):
        file.write_bytes(b"half a ca")
    an_hour_ago = time.time() - 3600
    os.utime(old, (an_hour_ago, an_hour_ago))
    cache = opened(tmp_path)
    cache.remember("new.py", status(), content_hash(b"new"))
    assert cache.save() == ""
    assert (old.exists(), young.exists()) == (False, True)


def test_an_interrupted_run_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    filled(tmp_path)

    def chunks() -> Iterator[bytes]:
        yield b"half a ca"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(str(tmp_path), chunks())
    assert sorted(os.listdir(tmp_path)) == [".gitignore", FILE_NAME]
    assert known(tmp_path)
