"""Modules are found where Python's own finder finds them, and exactly there."""

from __future__ import annotations

import os
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssot_lint.project.modules import Found, Modules


def write(root: Path, *files: str) -> None:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")


def module(name: str, path: str) -> Found:
    return Found(name, path, "module")


def package(name: str, path: str) -> Found:
    return Found(name, path, "package", (path.rpartition("/")[0],))


def namespace(name: str, *folders: str) -> Found:
    return Found(name, None, "namespace", folders)


@pytest.mark.parametrize(
    ("files", "roots", "found"),
    [
        pytest.param(["x.py"], ["."], module("x", "x.py"), id="a file"),
        pytest.param(["a/b/x.py"], ["."], module("a.b.x", "a/b/x.py"), id="below folders without __init__"),
        pytest.param(["x/__init__.py"], ["."], package("x", "x/__init__.py"), id="a package"),
        pytest.param(["x.py", "x/__init__.py"], ["."], package("x", "x/__init__.py"), id="a package beats a file"),
        pytest.param(["x.py", "x/y.py"], ["."], module("x", "x.py"), id="a file beats a folder"),
        pytest.param(["x/y.py"], ["."], namespace("x", "x"), id="a folder is a namespace package"),
        pytest.param(["docs/a.md"], ["."], namespace("docs", "docs"), id="any folder is, as in Python"),
        pytest.param(["x.pyi"], ["."], module("x", "x.pyi"), id="a stub alone"),
        pytest.param(["x.pyi", "x.py"], ["."], module("x", "x.py"), id="a file beats its stub"),
        pytest.param(["x/__init__.pyi", "x.py"], ["."], module("x", "x.py"), id="a file beats a stub package"),
        pytest.param(["x/__init__.pyi", "x.pyi"], ["."], package("x", "x/__init__.pyi"), id="a stub package beats a stub"),
        pytest.param(["a/x.pyi", "b/x.py"], ["a", "b"], module("x", "b/x.py"), id="a stub comes after every root"),
        pytest.param(["src/x.py"], [".", "src"], module("x", "src/x.py"), id="a second root"),
        pytest.param(["src/x.py"], [".", "src"], module("src.x", "src/x.py"), id="one file under two names"),
        pytest.param(["a/x.py", "b/x.py"], ["b", "a"], module("x", "b/x.py"), id="the first root wins"),
        pytest.param(["a/x/y.py", "b/x.py"], ["a", "b"], module("x", "b/x.py"), id="a folder comes after every root"),
        pytest.param(["a/x/y.py", "b/x/z.py"], ["a", "b"], namespace("x", "a/x", "b/x"), id="portions in two roots"),
        pytest.param(["a/x/y.py", "b/x/z.py"], ["a", "b"], module("x.z", "b/x/z.py"), id="a module of the second portion"),
        pytest.param(["x/__init__.py"], ["."], module("x.__init__", "x/__init__.py"), id="a package as its own child"),
    ],
)  # fmt: skip
def test_found(tmp_path: Path, files: list[str], roots: list[str], found: Found) -> None:
    write(tmp_path, *files)
    assert Modules(str(tmp_path), tuple(roots)).find(found.name) == found


@pytest.mark.parametrize(
    ("files", "name"),
    [
        pytest.param(["x.py"], "y", id="no such file"),
        pytest.param(["X.py"], "x", id="case counts, whatever the file system says"),
        pytest.param(["x.py", "x/y.py"], "x.y", id="hidden behind a file"),
        pytest.param(["x/__init__.py"], "x.y", id="no such child"),
        pytest.param(["x.so", "y.pyc"], "x", id="no source"),
        pytest.param(["x.py.backup"], "x", id="another suffix"),
        pytest.param(["x.py/y.py"], "x", id="a folder that is called as a file"),
        pytest.param(["my-x.py"], "my-x", id="no identifier"),
        pytest.param([".x/y.py"], ".x.y", id="a dot-folder"),
        pytest.param(["__pycache__/x.py"], "__pycache__", id="byte code"),
        pytest.param(["x.py"], "", id="no name"),
        pytest.param(["x.py"], ".x", id="a relative name"),
        pytest.param(["x/y.py"], "x..y", id="an empty component"),
    ],
)
def test_not_found(tmp_path: Path, files: list[str], name: str) -> None:
    write(tmp_path, *files)
    assert Modules(str(tmp_path), (".",)).find(name) is None


def test_no_name_is_too_long(tmp_path: Path) -> None:
    write(tmp_path, "a/b.py")
    assert Modules(str(tmp_path), (".",)).find("a." * 5000 + "b") is None


def test_links_are_followed_as_python_does(tmp_path: Path) -> None:
    write(tmp_path, "real/x.py")
    (tmp_path / "linked").symlink_to("real")
    (tmp_path / "y.py").symlink_to("real/x.py")
    (tmp_path / "broken.py").symlink_to("nowhere.py")
    (tmp_path / "loop.py").symlink_to("loop.py")
    modules = Modules(str(tmp_path), (".",))
    assert modules.find("linked.x") == module("linked.x", "linked/x.py")
    assert modules.find("y") == module("y", "y.py")
    assert modules.find("broken") is None
    assert modules.find("loop") is None


def test_names_that_no_encoding_knows(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff")).mkdir()
    write(tmp_path, "ä.py", "\ue000.py")
    modules = Modules(str(tmp_path), (".",))
    assert modules.find("ä") == module("ä", "ä.py")
    assert modules.find("\ue000") is None


def test_a_root_that_is_gone_holds_nothing(tmp_path: Path) -> None:
    modules = Modules(str(tmp_path), ("gone",))
    assert modules.find("x") is None


def test_each_folder_is_listed_once(tmp_path: Path) -> None:
    write(tmp_path, "x.py")
    modules = Modules(str(tmp_path), (".",))
    assert modules.find("x") == module("x", "x.py")
    write(tmp_path, "y.py")
    assert modules.find("y") is None
    assert Modules(str(tmp_path), (".",)).find("y") == module("y", "y.py")


def by_python(root: Path, roots: list[str], name: str) -> str | list[str] | None:
    """The file, or the folders of a namespace package, that an import of `name` would find."""
    places = [str(root / folder) for folder in roots]
    spec: ModuleSpec | None = None
    for part in name.split("."):
        spec = PathFinder.find_spec(part, places)
        if spec is None:
            return None
        places = list(spec.submodule_search_locations or ())
    return spec.origin if spec and spec.has_location else places


part = st.sampled_from("ab")
files = st.builds(
    lambda folders, last: "/".join([*folders, last]),
    st.lists(part, max_size=3),
    st.sampled_from(["a.py", "b.py", "__init__.py", "x.txt"]),
)
names = st.lists(part, min_size=1, max_size=4).map(".".join)


@settings(deadline=None)
@given(
    files=st.lists(
        files.flatmap(lambda file: st.sampled_from([f"r/{file}", f"s/{file}"])), max_size=8
    ),
    roots=st.permutations(["r", "s"]),
    asked=st.lists(names, min_size=1, max_size=10),
)
def test_python_finds_the_same(
    tmp_path_factory: pytest.TempPathFactory, files: list[str], roots: list[str], asked: list[str]
) -> None:
    root = tmp_path_factory.mktemp("tree", numbered=True)
    write(root, *files)
    modules = Modules(str(root), tuple(roots))
    for name in asked:
        found = modules.find(name)
        expected = by_python(root, roots, name)
        if found is None:
            assert expected is None
        elif found.path is None:
            assert [str(root / folder) for folder in found.folders] == expected
        else:
            assert str(root / found.path) == expected
