"""One file is judged alone if and only if it is judged among all others."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from ssot_lint.discovery import discover, locate
from ssot_lint.globs import Globs

_FOLDERS = ["", "a/", "b/", ".c/", "a/b/", "a/.c/"]
_FILES = [folder + name for folder in _FOLDERS for name in ("m.py", "n.pyi", ".d.py", "script")]
_GLOBS = [
    "a/",
    "/b",
    "*.py",
    "!m.py",
    "m.*",
    "a/*",
    "!a/b/",
    "**/b/m.py",
    "script",
    "n.pyi",
    ".d.py",
]
_lists = st.lists(st.sampled_from(_GLOBS), max_size=3)


@settings(max_examples=60, deadline=None)
@given(
    ignores=st.dictionaries(st.sampled_from(["../", *_FOLDERS]), _lists, max_size=4),
    exclude=_lists,
    include=_lists,
    repository=st.booleans(),
)
def test_as_in_a_walk(
    ignores: dict[str, list[str]], exclude: list[str], include: list[str], repository: bool
) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder, "root")
        for path in _FILES:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).touch()
        if repository:
            (root.parent / ".git").mkdir()
        for below, lines in ignores.items():
            (root / below / ".gitignore").write_text("\n".join(lines), encoding="utf-8")
        yes, no = Globs.parse(include), Globs.parse(exclude)
        walked = {file.path for file in discover(str(root), None, include=yes, exclude=no).files}
        for path in _FILES:
            found = locate(str(root), None, str(root / path), include=yes, exclude=no)
            assert [file.path for file in found.files] == ([path] if path in walked else [])
            assert [path for path, _ in found.passed_over] == ([] if path in walked else [path])
        # A file that is not there yet is judged as it will be.
        (root / "a" / "m.py").unlink()
        found = locate(str(root), None, str(root / "a" / "m.py"), include=yes, exclude=no)
        assert bool(found.files) == ("a/m.py" in walked)


def test_what_is_passed_over_says_why(tmp_path: Path) -> None:
    """As `discover` puts it, where that has words for it."""
    root = tmp_path / "root"
    (root / "real").mkdir(parents=True)
    (root / "real" / "m.py").touch()
    (root / "linked").symlink_to("real")
    (root / ".gitignore").write_text("build/\n*_pb2.py\n", encoding="utf-8")
    exclude = Globs.parse(["archive/", "old.py"])
    reasons = {
        "archive/m.py": "excluded",
        "old.py": "excluded",
        "build/m.py": "ignored by git",
        "x_pb2.py": "ignored by git",
        ".x/m.py": "in a folder whose name begins with a dot",
        "linked/m.py": "a link to a folder",
        "notes.txt": "not a Python file",
    }
    for path, why in reasons.items():
        found = locate(str(root), None, str(root / path), exclude=exclude)
        assert (found.files, found.passed_over) == ((), ((path, why),))
    outside = str(tmp_path / "root2" / "m.py")
    assert locate(str(root), None, outside).passed_over == ((outside, "outside the root"),)


def test_names_follow_from_the_roots(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (file,) = locate(str(tmp_path), None, str(tmp_path / "src" / "a" / "b.py")).files
    assert (file.path, file.module, file.package) == ("src/a/b.py", "a.b", "a")
