"""What is judged below a root, what is not and why, and what modules are called."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.discovery import (
    Discovery,
    covers_root,
    discover,
    tracked_but_ignored,
)
from ssot_lint.errors import UsageError
from ssot_lint.globs import Globs
from ssot_lint.model import SourceFile
from ssot_lint.roots import module_of, resolve_roots


def write(root: Path, *files: str, **texts: str) -> None:
    """Empty `files`, and ignore files with text: `ignore_a=...` is ``a/.gitignore``."""
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    for name, text in texts.items():
        folder = root / name.removeprefix("ignore").strip("_").replace("_", "/")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text(text, encoding="utf-8")


def judged(root: Path, *paths: str, include: str = "", exclude: str = "") -> list[str]:
    """The paths of the judged files."""
    return [file.path for file in found(root, *paths, include=include, exclude=exclude).files]


def found(root: Path, *paths: str, include: str = "", exclude: str = "") -> Discovery:
    return discover(
        str(root),
        None,
        include=Globs.parse(include.split()),
        exclude=Globs.parse(exclude.split()),
        paths=[str(root / path) for path in paths],
    )


def git(root: Path, *arguments: str) -> None:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]
    subprocess.run([*command, *arguments], cwd=root, check=True, capture_output=True)


# Names


@pytest.mark.parametrize(
    ("path", "module", "package"),
    [
        pytest.param("a.py", "a", "", id="at a root"),
        pytest.param("a/b/c.py", "a.b.c", "a.b", id="in a folder"),
        pytest.param("a/__init__.py", "a", "a", id="a package"),
        pytest.param("a/b/__init__.pyi", "a.b", "a.b", id="a stub package"),
        pytest.param("a/b.pyi", "a.b", "a", id="a stub bears its module's name"),
        pytest.param("__init__.py", None, "", id="a root is no package"),
        pytest.param("a/__main__.py", "a.__main__", "a", id="a main module"),
        pytest.param("src/a/b.py", "a.b", "a", id="the nearest root counts"),
        pytest.param("src/__init__.py", None, "", id="a nearer root is no package"),
        pytest.param("srcs/a.py", "srcs.a", "srcs", id="a root's name by component"),
        pytest.param("a/my-b.py", None, "a", id="a file name that is no identifier"),
        pytest.param("a/b.c.py", None, "a", id="a file name with a dot"),
        pytest.param("my-a/b.py", None, None, id="a folder name that is no identifier"),
        pytest.param("my-a/__init__.py", None, None, id="a package name that is no identifier"),
        pytest.param("a.b/c.py", None, None, id="a folder name with a dot"),
        pytest.param("{unit,integration}/c.py", None, None, id="a folder name with braces"),
        pytest.param("a/tool", None, "a", id="a script without a suffix"),
        pytest.param("a/b.py.txt", None, "a", id="another suffix"),
        pytest.param("a/class.py", "a.class", "a", id="a keyword can be imported by import_module"),
        pytest.param("ä/ö.py", "ä.ö", "ä", id="letters beyond ASCII"),
        pytest.param(".py", None, "", id="nothing but a suffix"),
    ],
)
def test_module_names(path: str, module: str | None, package: str | None) -> None:
    assert module_of(path, (".", "src")) == SourceFile(path, module, package)


def test_outside_every_root_there_are_no_modules() -> None:
    assert module_of("tests/a.py", ("src", "lib")) == SourceFile("tests/a.py", None, None)
    assert module_of("a.py", ("src", "lib")) == SourceFile("a.py", None, None)


@given(
    st.lists(st.sampled_from(["a", "b", "src", "x-y", "__init__"]), min_size=1, max_size=4),
    st.lists(st.sampled_from([".", "src", "a", "a/src", "a/b"]), min_size=1, unique=True),
)
def test_a_module_name_is_the_path_below_its_package(parts: list[str], roots: list[str]) -> None:
    path = "/".join(parts) + ".py"
    file = module_of(path, tuple(roots))
    assert file == module_of(path, tuple(reversed(roots)))
    if file.module is not None:
        name = file.module.replace(".", "/")
        assert path.endswith((f"{name}.py", f"{name}/__init__.py"))
        assert file.package in (file.module, file.module.rpartition(".")[0])


@pytest.mark.parametrize(
    ("files", "roots", "resolved"),
    [
        pytest.param(["a.py"], None, (".",), id="by default the root"),
        pytest.param(["src/a.py"], None, (".", "src"), id="and src where it exists"),
        pytest.param(["src/__init__.py"], None, (".",), id="but not where src is a package"),
        pytest.param(["src"], None, (".",), id="nor where it is a file"),
        pytest.param(["lib/a.py", "b/c/d.py"], ["b/c", "lib"], ("b/c", "lib"), id="in their order"),
        pytest.param(["lib/a.py"], ["./lib/", "lib", "."], ("lib", "."), id="however written"),
    ],
)
def test_roots(
    tmp_path: Path, files: list[str], roots: list[str] | None, resolved: tuple[str, ...]
) -> None:
    write(tmp_path, *files)
    assert resolve_roots(str(tmp_path), roots) == resolved
    assert discover(str(tmp_path), roots).roots == resolved


def test_unusable_roots(tmp_path: Path) -> None:
    write(tmp_path, "project/file.py")
    with pytest.raises(UsageError) as caught:
        discover(str(tmp_path / "project"), ["lib", ".", "../other", "file.py"])
    assert caught.value.lines == (
        "roots: 'lib' does not exist below the root",
        "roots: '../other' lies outside the root",
        "roots: 'file.py' does not exist below the root",
    )


def test_a_root_that_cannot_be_listed_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        discover(str(tmp_path / "gone"), None)
    assert str(caught.value) == f"{tmp_path}/gone: No such file or directory"


# Which files


def test_python_files_and_stubs_are_judged_in_order(tmp_path: Path) -> None:
    write(tmp_path, "b.py", "a/z.pyi", "a/b/c.py", "a.py", "a-b.py", "README.md", "a/c.pyc")
    assert found(tmp_path) == Discovery(
        files=(
            SourceFile("a-b.py", None, ""),
            SourceFile("a.py", "a", ""),
            SourceFile("a/b/c.py", "a.b.c", "a.b"),
            SourceFile("a/z.pyi", "a.z", "a"),
            SourceFile("b.py", "b", ""),
        )
    )


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("{unit,integration}/a.py", id="a folder with braces"),
        pytest.param("a b/c d.py", id="spaces"),
        pytest.param("-rf.py", id="a leading dash"),
        pytest.param("\ue000.py", id="a private-use character"),
        pytest.param(os.fsdecode(b"\xff\xfe.py"), id="bytes that are no text"),
        pytest.param(os.fsdecode(b"\xe9/a.py"), id="a folder of bytes that are no text"),
        pytest.param("a\nb.py", id="a line break"),
        pytest.param("ä.py", id="letters beyond ASCII"),
        pytest.param(".hidden.py", id="a file that begins with a dot"),
        pytest.param("a.py/b.py", id="a folder that is called as a file"),
        pytest.param("backup_2025/a.py", id="a committed backup folder, until excluded"),
    ],
)
def test_odd_names_are_judged(tmp_path: Path, name: str) -> None:
    write(tmp_path, name)
    assert judged(tmp_path) == [name]
    assert judged(tmp_path, name) == [name]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(".venv/lib/a.py", id="a dot-folder"),
        pytest.param("a/.git/hooks/b.py", id="a dot-folder further down"),
        pytest.param("x.py.backup.20250914", id="a backup file"),
        pytest.param("x.PY", id="another case"),
        pytest.param("py", id="no suffix"),
    ],
)
def test_other_files_are_not_judged(tmp_path: Path, name: str) -> None:
    write(tmp_path, name)
    assert judged(tmp_path) == []


def test_a_root_below_a_dot_folder_is_a_root(tmp_path: Path) -> None:
    write(tmp_path, ".work/project/a.py")
    assert judged(tmp_path / ".work/project") == ["a.py"]
    result = discover(f"{tmp_path}/.work/project/", None)
    assert result == Discovery(files=(SourceFile("a.py", "a", ""),))


def test_include_adds_files_of_other_names(tmp_path: Path) -> None:
    write(
        tmp_path, "bin/tool", "bin/deep/x", "SConstruct", "a/SConstruct", "a.txt", ".b/SConstruct"
    )
    assert judged(tmp_path, include="bin/ SConstruct") == [
        "SConstruct", "a/SConstruct", "bin/deep/x", "bin/tool",
    ]  # fmt: skip
    assert judged(tmp_path, include="SConstruct", exclude="a/") == ["SConstruct"]
    assert judged(tmp_path, include="bin/* !bin/tool") == ["bin/deep/x"]
    assert found(tmp_path, include="SConstruct").files[1] == SourceFile("a/SConstruct", None, "a")


def test_exclude_takes_out_by_component(tmp_path: Path) -> None:
    write(tmp_path, "old/a.py", "golden/old.py", "threshold/a.py", "x/old/b.py", "old.py")
    assert judged(tmp_path, exclude="old/") == ["golden/old.py", "old.py", "threshold/a.py"]
    assert judged(tmp_path, exclude="/old/ *hold/") == ["golden/old.py", "old.py", "x/old/b.py"]
    assert judged(tmp_path, exclude="* !old.py") == ["old.py"]


def test_an_excluded_folder_is_never_listed(tmp_path: Path) -> None:
    endless = tmp_path / "archive"
    endless.mkdir()
    too_deep(endless)
    assert found(tmp_path, exclude="archive/") == Discovery(files=())


def test_globs_that_decide_about_nothing_are_idle(tmp_path: Path) -> None:
    write(tmp_path, "old/a.py", "b.py", "c.txt", ".venv/x.py", ignore="dist/\n")
    write(tmp_path, "dist/a.py")
    result = found(tmp_path, exclude="old/ gone/ .venv/ dist/ c.txt", include="*.txt *.pyx")
    assert result.idle == (("exclude", "gone/"), ("include", "*.pyx"))
    assert found(tmp_path, exclude="old/ old/a.py").idle == (("exclude", "old/a.py"),)
    assert found(tmp_path, "b.py", exclude="gone/").idle == ()


# .gitignore


def test_ignore_files_are_honoured_without_a_repository_too(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "build/b.py", "x/build/c.py", "x/gen_d.py", ignore="build/\ngen_*\n")
    assert judged(tmp_path) == ["a.py"]
    (tmp_path / ".git").mkdir()
    assert judged(tmp_path) == ["a.py"]


def test_a_nested_ignore_file_beats_those_above(tmp_path: Path) -> None:
    write(tmp_path, "a/x.py", "a/b/x.py", "a/b/y.py", "a/y.py", "x.py")
    write(tmp_path, ignore="x.py\n", ignore_a="/y.py\n", ignore_a_b="!x.py\n")
    assert judged(tmp_path) == ["a/b/x.py", "a/b/y.py"]


def test_ignore_files_from_the_top_of_the_repository_down(tmp_path: Path) -> None:
    write(
        tmp_path, "top/.git/info/exclude", "top/p/root/a.py", "top/p/root/b.py", "top/p/root/c.py"
    )
    write(tmp_path, "top/p/root/d/e.py", "top/p/root/d/f.py")
    write(
        tmp_path, ignore="*.py\n", ignore_top="b.py\n/p/root/d/f.py\n", ignore_top_p="/root/c.py\n"
    )
    assert judged(tmp_path / "top/p/root") == ["a.py", "d/e.py"]
    (tmp_path / "top/.git/info/exclude").write_text("/p/root/d/e.py\nb.py\n", encoding="utf-8")
    assert judged(tmp_path / "top/p/root") == ["a.py"]
    write(tmp_path, ignore_top_p_root="!b.py\n")
    assert judged(tmp_path / "top/p/root") == ["a.py", "b.py"]


def test_a_root_that_is_ignored_itself_is_a_root(tmp_path: Path) -> None:
    write(tmp_path, ".git/HEAD", "build/a.py", ignore="/build/\n")
    assert judged(tmp_path) == []
    assert judged(tmp_path / "build") == ["a.py"]


def test_a_repository_in_the_repository_is_judged(tmp_path: Path) -> None:
    write(tmp_path, ".git/HEAD", "vendor/.git/HEAD", "vendor/a.py", "vendor/b.py", ignore="b.py\n")
    assert judged(tmp_path) == ["vendor/a.py"]


def test_a_linked_work_tree_shares_what_is_excluded(tmp_path: Path) -> None:
    write(tmp_path, "main/a.py")
    main = tmp_path / "main"
    git(main, "init", "-q")
    git(main, "add", ".")
    git(main, "commit", "-q", "-m", "a")
    git(main, "worktree", "add", "-q", "../linked")
    write(tmp_path, "linked/b.py")
    assert judged(tmp_path / "linked") == ["a.py", "b.py"]
    (main / ".git/info").mkdir(exist_ok=True)
    (main / ".git/info/exclude").write_text("b.py\n", encoding="utf-8")
    assert judged(tmp_path / "linked") == ["a.py"]


def test_an_ignore_file_that_cannot_be_read_holds_nothing(tmp_path: Path) -> None:
    write(tmp_path, "a.py", ".gitignore/b.py")
    assert judged(tmp_path) == ["a.py"]


def test_an_ignore_file_that_is_a_link_does_not_count(tmp_path: Path) -> None:
    write(tmp_path, "a/b.py", ignore="")
    (tmp_path / "rules").write_text("b.py\n", encoding="utf-8")
    (tmp_path / "a/.gitignore").symlink_to("../rules")
    assert judged(tmp_path) == ["a/b.py"]


def test_an_ignore_file_of_another_encoding(tmp_path: Path) -> None:
    write(tmp_path, os.fsdecode(b"\xe9.py"), "a.py")
    (tmp_path / ".gitignore").write_bytes(b"\xe9.py\r\n")
    assert judged(tmp_path) == ["a.py"]


def test_tracked_files_that_are_ignored_are_known(tmp_path: Path) -> None:
    assert tracked_but_ignored(str(tmp_path)) == ()
    write(tmp_path, "p/gen/b.pyi", "p/gen/a.py", "p/c.py", "p/gen/d.txt", "gen/e.py", "p/ä gen.py")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    assert tracked_but_ignored(str(tmp_path)) == ()
    write(tmp_path, ignore="gen/\n*gen.py\n")
    write(tmp_path, "p/gen/untracked.py")
    assert tracked_but_ignored(str(tmp_path / "p")) == ("gen/a.py", "gen/b.pyi", "ä gen.py")
    assert judged(tmp_path / "p") == ["c.py"]


def test_where_git_is_missing_nothing_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tracked_but_ignored(str(tmp_path)) == ()


# Links, and what cannot be read


def test_links(tmp_path: Path) -> None:
    write(tmp_path, "root/real/a.py", "root/real/note.txt", "outside/b.py")
    root = tmp_path / "root"
    (root / "file.py").symlink_to("real/a.py")
    (root / "out.py").symlink_to("../outside/b.py")
    (root / "folder").symlink_to("real")
    (root / "loop").symlink_to(".")
    (root / "outside").symlink_to("../outside")
    (root / "package.py").symlink_to("real")
    assert found(root) == Discovery(
        files=tuple(module_of(path, (".",)) for path in ("file.py", "out.py", "real/a.py"))
    )


def test_links_to_nothing_are_unreadable(tmp_path: Path) -> None:
    (tmp_path / "broken.py").symlink_to("nowhere.py")
    (tmp_path / "loop.py").symlink_to("loop.py")
    (tmp_path / "broken.txt").symlink_to("nowhere.txt")
    (tmp_path / ".#edited.py").symlink_to("user@host.1234")
    assert found(tmp_path) == Discovery(
        files=(),
        unreadable=(
            ("broken.py", "a broken link"),
            ("loop.py", "Too many levels of symbolic links"),
        ),
    )


def test_what_is_no_regular_file_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.py")
        result = found(tmp_path)
    assert result == Discovery(
        files=(),
        unreadable=(("pipe.py", "not a regular file"), ("socket.py", "not a regular file")),
    )


def too_deep(folder: Path) -> str:
    """Folders that lead beyond the longest path there may be; the first one that can't be listed."""
    name, path = "d" * 200, ""
    at = os.open(folder, os.O_RDONLY)
    while len(str(folder)) + len(path) < 4096 + 200:
        os.mkdir(name, dir_fd=at)
        below = os.open(name, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
        path += f"/{name}"
    os.close(at)
    while len(os.fsencode(folder)) + len(path) - len(name) > 4096:
        path = path[: -len(name) - 1]
    return path[1:]


def test_a_folder_that_goes_away_during_the_walk_holds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.py")
    going = tmp_path / "going"
    going.mkdir()
    scandir = os.scandir

    def slow_scandir(path: str) -> object:
        if path.rstrip("/") == str(going):
            going.rmdir()
        return scandir(path)

    monkeypatch.setattr(os, "scandir", slow_scandir)
    assert found(tmp_path) == Discovery(files=(SourceFile("a.py", "a", ""),))
    assert not going.exists()


def test_a_folder_that_cannot_be_listed_is_unreadable(tmp_path: Path) -> None:
    write(tmp_path, "a.py")
    deepest = too_deep(tmp_path)
    assert found(tmp_path).unreadable == ((deepest, "File name too long"),)
    assert judged(tmp_path) == ["a.py"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to the superuser")
def test_a_folder_that_may_not_be_listed_is_unreadable(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "secret/b.py")
    (tmp_path / "secret").chmod(0)
    try:
        assert found(tmp_path).unreadable == (("secret", "Permission denied"),)
    finally:
        (tmp_path / "secret").chmod(0o700)


# Paths


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        pytest.param(["a.py"], ["a.py"], id="a file"),
        pytest.param(["p"], ["p/b.py", "p/q/c.py"], id="a folder"),
        pytest.param(["p/q/"], ["p/q/c.py"], id="a folder with a slash"),
        pytest.param(["p/q/../b.py"], ["p/b.py"], id="a detour"),
        pytest.param(["p/b.py", "p", "a.py"], ["a.py", "p/b.py", "p/q/c.py"], id="several that overlap"),
        pytest.param(["pp.py"], ["pp.py"], id="the beginning of another"),
        pytest.param(["."], ["a.py", "p/b.py", "p/q/c.py", "pp.py"], id="the root"),
        pytest.param(["..", "a.py"], ["a.py", "p/b.py", "p/q/c.py", "pp.py"], id="above the root"),
        pytest.param([], ["a.py", "p/b.py", "p/q/c.py", "pp.py"], id="none"),
    ],
)  # fmt: skip
def test_paths_filter(tmp_path: Path, paths: list[str], expected: list[str]) -> None:
    write(tmp_path, "a.py", "pp.py", "p/b.py", "p/q/c.py", "p/q/d.txt")
    assert judged(tmp_path, *paths) == expected


def test_named_files_that_are_not_judged_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "a.txt", "old/b.py", "old/c/d.py", "e_gen.py", ".v/f.py", "build/g.py")
    write(tmp_path, "tool", "keep/h.txt", ignore="build/\n*_gen.py\n")
    (tmp_path / "link").symlink_to("old")
    (tmp_path / "broken.py").symlink_to("nowhere")
    named = ["a.py", "a.txt", "old/b.py", "old/c", "e_gen.py", ".v/f.py", "build", "tool"]
    result = found(tmp_path, *named, "keep", "broken.py", exclude="old/", include="tool")
    assert [file.path for file in result.files] == ["a.py", "tool"]
    assert result.passed_over == (
        (".v/f.py", "in a folder whose name begins with a dot"),
        ("a.txt", "not a Python file"),
        ("broken.py", "a broken link"),
        ("build", "ignored by git"),
        ("e_gen.py", "ignored by git"),
        ("old/b.py", "excluded"),
        ("old/c", "excluded"),
    )
    assert result.unreadable == (("broken.py", "a broken link"),)
    assert found(tmp_path, "link").passed_over == (("link", "a link to a folder"),)
    assert found(tmp_path, "link/b.py").passed_over == (("link/b.py", "a link to a folder"),)


def test_unusable_paths(tmp_path: Path) -> None:
    write(tmp_path, "root/a.py", "other/b.py", "rooted/c.py")
    root = tmp_path / "root"
    with pytest.raises(UsageError) as caught:
        found(root, "a.py", "gone.py", "../other/b.py", "../rooted", "../gone")
    assert caught.value.lines == (
        f"{root}/gone.py: no such file or folder",
        f"{root}/../other/b.py: lies outside the root {root}",
        f"{root}/../rooted: lies outside the root {root}",
        f"{root}/../gone: lies outside the root {root}",
    )


def test_a_path_that_leads_into_the_root_by_a_link(tmp_path: Path) -> None:
    write(tmp_path, "real/p/a.py", "real/b.py")
    (tmp_path / "link").symlink_to("real")
    named = [str(tmp_path / "link/p")]
    assert [file.path for file in discover(str(tmp_path / "real"), None, paths=named).files] == [
        "p/a.py"
    ]
    assert covers_root([str(tmp_path / "link")], str(tmp_path / "real"))


@pytest.mark.parametrize(
    ("paths", "covered"),
    [
        (["/w/root"], True),
        (["/w/root/"], True),
        (["/w/root/a/.."], True),
        (["/w"], True),
        (["/"], True),
        (["/w/root/a", "/w/root"], True),
        (["/w/root/a"], False),
        (["/w/roo"], False),
        (["/w/rooted"], False),
        ([], False),
    ],
)
def test_paths_that_cover_the_root(paths: list[str], covered: bool) -> None:
    assert covers_root(paths, "/w/root") is covered


def test_only_folders_that_lead_to_the_paths_are_listed(tmp_path: Path) -> None:
    write(tmp_path, "p/q/a.py", "p/q/b.py")
    too_deep(tmp_path)
    too_deep(tmp_path / "p")
    assert found(tmp_path, "p/q/a.py") == Discovery(files=(module_of("p/q/a.py", (".",)),))


FILES = [
    "a.py",
    "b.py",
    "p/a.py",
    "p/b.py",
    "p/q/a.py",
    "p/.d/a.py",
    "r/b.py",
    "r/c.txt",
    "p/q/g.py",
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    write(root, *FILES, ignore_p="g.py\n")
    return root


globs = st.lists(
    st.sampled_from(["a.py", "p/", "/b.py", "!a.py", "q/", "!p/q/", "*.py"]), max_size=3
)


@given(st.lists(st.sampled_from([*FILES, "p", "p/q", "r"]), min_size=1), globs, globs)
def test_paths_only_ever_filter(
    tree: Path, named: list[str], exclude: list[str], include: list[str]
) -> None:
    everything = judged(tree, exclude=" ".join(exclude), include=" ".join(include))
    some = found(tree, *named, exclude=" ".join(exclude), include=" ".join(include))
    below = [
        path for path in everything if any(f"{path}/".startswith(f"{name}/") for name in named)
    ]
    assert [file.path for file in some.files] == below
    refused = {path for path, _ in some.passed_over}
    assert refused.isdisjoint(below)
    assert {name for name in named if name in FILES} <= refused | set(below)


@pytest.mark.slow
def test_a_large_tree_is_walked_at_once(tmp_path: Path) -> None:
    for folder in range(2500):
        write(tmp_path, *(f"p{folder % 10}/q{folder}/m{folder}_{file}.py" for file in range(10)))
    write(tmp_path, ignore="\n".join(["__pycache__/", "*.py[cod]", "/site", "docs/_build/"] * 15))
    found(tmp_path)
    started = time.perf_counter()
    assert len(found(tmp_path, exclude="archive/ backup*/").files) == 25_000
    assert time.perf_counter() - started < 1  # a quarter of it on a quiet machine
