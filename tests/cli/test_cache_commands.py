"""``ssot-lint cache``."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.cache import Cache, content_hash, reader_version
from ssot_lint.cache.folder import FILE_NAME
from tests.cli.projects import NEW, OLD, Make, Project


@pytest.fixture(autouse=True)
def _no_folder_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSOT_CACHE_DIR", raising=False)


def fill(project: Project, folder: str = ".ssot_cache", version: str | None = None) -> int:
    """Leaves a cache with one entry; returns its size."""
    path = project.folder / folder
    cache = Cache.open(str(path), version=version or reader_version())
    cache.remember("app/new.py", (project.folder / "app/new.py").stat(), content_hash(b""))
    cache.store(content_hash(b""), b"facts")
    assert cache.save() == ""
    return (path / FILE_NAME).stat().st_size


def test_info_without_a_cache(make: Make) -> None:
    project = make()
    answer = project.run("cache", "info", cwd="app")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == (
        f"folder    {project.folder}/.ssot_cache (does not exist)\n"
        f"size      0 bytes\n"
        f"version   {reader_version()}\n"
    )


def test_info_tells_what_the_cache_holds(make: Make) -> None:
    project = make({".ssot_cache/ssot-lint-cpython-39.cache": "damaged"})
    size = fill(project)
    answer = project.run("cache", "info")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == (
        f"folder    {project.folder}/.ssot_cache\n"
        f"size      {size + 7} bytes\n"
        f"version   {reader_version()}\n"
        f"file      {FILE_NAME}: {size} bytes, 1 file, 1 content (1 parsed), 0 word sets\n"
        f"file      ssot-lint-cpython-39.cache: 7 bytes; damaged: counts as empty\n"
    )


def test_info_tells_another_version_s_cache(make: Make) -> None:
    project = make()
    fill(project, version="older")
    assert project.run("cache", "info").out.endswith("; of another version: older\n")


def test_clear_removes_the_cache(make: Make) -> None:
    project = make()
    fill(project)
    before = project.names()
    answer = project.run("cache", "clear", cwd="app")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == f"removed 1 cache file from {project.folder}/.ssot_cache\n"
    assert project.names() == [name for name in before if name != ".ssot_cache"]
    again = project.run("cache", "clear")
    assert again.err == f"removed 0 cache files from {project.folder}/.ssot_cache\n"


def test_the_folder_may_be_named(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the option, else by the environment; both are relative to the working directory."""
    project = make()
    for folder in ("app/one", "app/two", ".ssot_cache"):
        fill(project, folder)
    monkeypatch.setenv("SSOT_CACHE_DIR", "two")
    answer = project.run("cache", "clear", "--cache-dir", "one", cwd="app")
    assert answer.err == f"removed 1 cache file from {project.folder}/app/one\n"
    answer = project.run("cache", "clear", cwd="app")
    assert answer.err == f"removed 1 cache file from {project.folder}/app/two\n"
    monkeypatch.setenv("SSOT_CACHE_DIR", "")
    answer = project.run("cache", "clear", cwd="app")
    assert answer.err == f"removed 1 cache file from {project.folder}/.ssot_cache\n"


def test_the_root_may_be_named(make: Make) -> None:
    project = make()
    fill(project, "app/.ssot_cache")
    answer = project.run("cache", "clear", "--root", "app", "--rules", "rules.yaml")
    assert answer.err == f"removed 1 cache file from {project.folder}/app/.ssot_cache\n"


@pytest.mark.parametrize("command", ["info", "clear"])
def test_a_folder_that_is_named_needs_no_rules(make: Make, command: str) -> None:
    project = make({"rules.yaml": None})
    assert project.run("cache", command, "--cache-dir", "none").code == 0
    answer = project.run("cache", command)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("ssot-lint: ")


@pytest.mark.parametrize("command", ["info", "clear"])
def test_what_is_no_folder_is_one_line(make: Make, command: str) -> None:
    project = make()
    answer = project.run("cache", command, "--cache-dir", "rules.yaml")
    where = project.folder / "rules.yaml"
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"ssot-lint: {where}: cannot be read: Not a directory\n"
    empty = project.run("cache", command, "--cache-dir", "")
    assert (empty.code, empty.err) == (2, "ssot-lint: --cache-dir: the path is empty\n")


def test_check_keeps_a_cache_where_it_pays(make: Make) -> None:
    small = make({"app/use.py": OLD})
    small.run("check")
    assert ".ssot_cache" not in small.names()
    small.write({f"app/m{number}.py": f"x = {number}\n" for number in range(500)})
    small.run("check", "--no-cache")
    assert ".ssot_cache" not in small.names()
    first = small.run("check")
    assert ".ssot_cache" in small.names()
    assert small.run("check") == first == small.run("check", "--no-cache")


def test_check_keeps_a_cache_where_it_is_told_to(make: Make, tmp_path: Path) -> None:
    project = make({"app/use.py": OLD})
    folder = tmp_path / "elsewhere"
    first = project.run("check", "--cache-dir", str(folder))
    assert folder.is_dir()
    assert "2 contents" in project.run("cache", "info", "--cache-dir", str(folder)).out
    assert project.run("check", "--cache-dir", str(folder)) == first
    project.write({"app/use.py": NEW})
    assert project.run("check", "--cache-dir", str(folder)).code == 0


def test_a_cache_that_cannot_be_written_is_no_obstacle(make: Make, tmp_path: Path) -> None:
    project = make({"app/use.py": OLD})
    (tmp_path / "file").write_text("no folder")
    answer = project.run("check", "--cache-dir", str(tmp_path / "file"))
    assert answer == project.run("check")
    assert (tmp_path / "file").read_text() == "no folder"


def test_the_baseline_commands_share_the_cache_of_check(make: Make) -> None:
    project = make({"app/use.py": OLD})
    project.write({f"app/m{number}.py": f"x = {number}\n" for number in range(500)})
    project.run("baseline", "create")
    assert ".ssot_cache" in project.names()
    assert project.run("check").code == 0
