"""File globs mean what they mean in a ``.gitignore``: pathspec and git itself are asked."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from ssot_lint.globs import Globs

ACTS_ON = [
    pytest.param("old", "old", id="a name at the top"),
    pytest.param("old", "a/b/old", id="a name without a slash, at any depth"),
    pytest.param("old", "a/old/b/c.py", id="everything in a folder of that name"),
    pytest.param("old/", "a/old/c.py", id="a trailing slash names folders, at any depth"),
    pytest.param("/old", "old", id="a leading slash names the top"),
    pytest.param("a/b", "a/b/c.py", id="a slash inside ties to the top"),
    pytest.param("*.py", "a/b.py", id="a star within a name"),
    pytest.param("a*", "a", id="a star for nothing"),
    pytest.param("t?st.py", "test.py", id="one character"),
    pytest.param("t?st.py", "täst.py", id="one character, however many bytes"),
    pytest.param("[a-c]x", "bx", id="a range"),
    pytest.param("[!a-c]x", "dx", id="a negated range"),
    pytest.param("[^a-c]x", "dx", id="a negated range, the other way"),
    pytest.param("[]-]x", "]x", id="a bracket that holds its own end"),
    pytest.param("[a-]x", "-x", id="a dash at the end of a range"),
    pytest.param("[\\]]x", "]x", id="an escape in a bracket"),
    pytest.param("[[:digit:]]x", "7x", id="a character class"),
    pytest.param("a[*]b", "a*b", id="a star in a bracket"),
    pytest.param("**/b", "b", id="leading stars for no folder"),
    pytest.param("**/b", "a/a/b", id="leading stars for folders"),
    pytest.param("a/**/b", "a/b", id="inner stars for no folder"),
    pytest.param("a/**/b", "a/x/y/b", id="inner stars for folders"),
    pytest.param("a/**", "a/x/y", id="trailing stars for what is below"),
    pytest.param("**", "a/x/y", id="stars for everything"),
    pytest.param("a**b", "axxb", id="stars within a name are one star"),
    pytest.param("\\#a", "#a", id="an escaped hash"),
    pytest.param("\\!a", "!a", id="an escaped exclamation mark"),
    pytest.param("\\*a", "*a", id="an escaped star"),
    pytest.param("a\\ ", "a ", id="an escaped space at the end"),
    pytest.param("a  ", "a", id="spaces at the end do not count"),
    pytest.param(" a", " a", id="a space at the beginning counts"),
    pytest.param("{unit,integration}/", "tests/{unit,integration}/a.py", id="braces are letters"),
    pytest.param("-x.py", "-x.py", id="a leading dash"),
    pytest.param("*.py", "\ue000\udcff.py", id="characters of no encoding"),
    pytest.param("a*.py", "a\nb.py", id="a line break in a name"),
]
LEAVES_ALONE = [
    pytest.param("old", "golden", id="a part of a name"),
    pytest.param("old/", "threshold/a.py", id="a part of a folder's name"),
    pytest.param("old/", "a/old", id="a file where a folder is meant"),
    pytest.param("/old", "a/old", id="not at the top"),
    pytest.param("a/b", "c/a/b", id="a slash inside ties to the top"),
    pytest.param("Old", "old", id="case counts"),
    pytest.param("*.py", "a.pyi", id="a star does not cut the end"),
    pytest.param("a/*", "a", id="what is below is not the folder"),
    pytest.param("a/**", "a", id="what is anywhere below is not the folder"),
    pytest.param("a/*/c", "a/b/b/c", id="a star stays within a component"),
    pytest.param("a**b", "a/b", id="stars within a name stay within it"),
    pytest.param("a?b", "a/b", id="a question mark is no slash"),
    pytest.param("a/[!x]", "a/x", id="a negated bracket"),
    pytest.param("[b-a]x", "ax", id="an empty range"),
    pytest.param("**/", "a", id="folders only, and this is a file"),
    pytest.param("a.py", "axpy", id="a dot is a dot"),
]


@pytest.mark.parametrize(("glob", "path"), ACTS_ON)
def test_matches(glob: str, path: str) -> None:
    assert Globs.parse([glob]).match_file(path)


@pytest.mark.parametrize(("glob", "path"), LEAVES_ALONE)
def test_does_not_match(glob: str, path: str) -> None:
    assert not Globs.parse([glob]).match_file(path)


@pytest.mark.parametrize(
    ("globs", "path", "line"),
    [
        pytest.param(["*.py", "!a.py"], "a.py", 1, id="the last line that matches decides"),
        pytest.param(["!a.py", "*.py"], "a.py", 1, id="also when it matches"),
        pytest.param(["*.py", "!a.txt"], "a.py", 0, id="lines that do not match do not count"),
        pytest.param(["old/", "!old/a.py"], "old/a.py", 0, id="a matched folder is closed"),
        pytest.param(["old/*", "!old/a.py"], "old/a.py", 1, id="a folder of matched files is open"),
        pytest.param(["old/", "!old/"], "old/a.py", None, id="a folder taken back is open"),
        pytest.param(["/a", "b/c"], "a/b/c", 0, id="the highest matched folder decides"),
        pytest.param(["*.py"], "a.txt", None, id="no line at all"),
    ],
)
def test_the_line_that_decides(globs: list[str], path: str, line: int | None) -> None:
    decided = Globs.parse(globs)
    assert decided.deciding_line(path) == line
    assert decided.match_file(path) == (line is not None and not globs[line].startswith("!"))


def test_a_walker_learns_of_each_entry_alone() -> None:
    globs = Globs.parse(["old/", "*.py", "!keep.py"])
    asked = [("old", True), ("old", False), ("a/x.py", False), ("a/keep.py", False), ("a", True)]
    assert [globs.line_for(*entry) for entry in asked] == [0, None, 1, 2, None]
    assert [globs.verdict(*entry) for entry in asked] == [True, None, True, False, None]


@pytest.mark.parametrize(
    ("glob", "message"),
    [
        ("", "a file glob cannot be empty"),
        ("   ", "a file glob cannot be empty"),
        ("a\nb", "'a\\nb': a file glob is one line"),
        ("# old", "'# old' is a comment in .gitignore syntax; write '\\# old'"),
        ("!", "'!' matches nothing; '*' matches everything"),
        ("/", "'/' matches nothing; '*' matches everything"),
        ("!//", "'!//' matches nothing; '*' matches everything"),
        ("./a", "'./a' matches nothing: write a path without '.', '..' and '//'"),
        ("a/../b", "'a/../b' matches nothing: write a path without '.', '..' and '//'"),
        ("a//b", "'a//b' matches nothing: write a path without '.', '..' and '//'"),
        ("a[b", "'a[b': a '[' is not closed by ']'"),
        ("a[]", "'a[]': a '[' is not closed by ']'"),
        ("a[b-", "'a[b-': a '[' is not closed by ']'"),
        ("a[\\", "'a[\\': a '[' is not closed by ']'"),
        ("[[:vowel:]]", "'[[:vowel:]]': there is no character class '[:vowel:]'"),
        ("a\\", "'a\\': the backslash at the end escapes nothing"),
    ],
)
def test_what_can_match_nothing_is_refused(glob: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        Globs.parse(["fine", glob])
    assert str(caught.value) == message


def test_an_ignore_file_may_hold_anything() -> None:
    text = "\ufeff*.log\r\n\r\n# a comment\na[b\n./a\n!keep.log \n\\#a\nlast"
    assert Globs.of_gitignore(text) == Globs.parse(["*.log", "!keep.log ", "\\#a", "last"])


def test_globs_are_values() -> None:
    globs = Globs.parse(["a", "!b"])
    globs.match_file("a/b")
    assert globs.lines == ("a", "!b")
    assert globs == Globs.parse(iter(["a", "!b"])) != Globs.parse(["!b", "a"])
    assert hash(globs) == hash(Globs.parse(["a", "!b"]))
    assert pickle.loads(pickle.dumps(globs)) == globs  # noqa: S301
    assert pickle.dumps(globs) == pickle.dumps(Globs.parse(["a", "!b"]))
    assert repr(Globs()) == "Globs(lines=())"
    assert not Globs().match_file("a")


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        pytest.param("*a" * 40 + "*b", "a" * 4000, id="stars in a name"),
        pytest.param("*?" * 40 + "b", "a" * 250, id="stars and any characters"),
        pytest.param("/" + "**/a/" * 40 + "b", "a/" * 2000 + "c", id="stars for folders"),
        pytest.param("/" + "**/*a*a*/" * 20 + "b", "aaaaaaaa/" * 400 + "c", id="both"),
    ],
)
def test_no_glob_takes_for_ever(glob: str, path: str) -> None:
    started = time.process_time()
    assert not Globs.parse([glob]).match_file(path)
    assert time.process_time() - started < 5


NAMES = ["a", "b", "ab", "aab", "ba", " a", "a ", "a.b"]
PARTS = ["a", "b", "ab", "*", "**", "?", "[ab]", "[!a]", "a*", "*b", "a?", "[^b]*", "**a", "\\a"]
PARTS += ["[a-b]b", "a*b*", "[]a]", "[a-]", " a", "a\\ ", "*.*", "a.b"]
GIT_PARTS = [*PARTS, "***", "[[:alpha:]]", "[!-.]", "a[\\]b]", "[a", "#a", "\\#a", "!a"]

paths = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join)
trees = st.lists(paths, min_size=1, max_size=20, unique=True)


def globs_of(parts: list[str]) -> st.SearchStrategy[str]:
    middle = st.lists(st.sampled_from(parts), min_size=1, max_size=4).map("/".join)
    slash = st.sampled_from(["", "", "/"])
    return st.builds("{}{}{}".format, slash, middle, slash)


def signed(globs: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(
        st.builds("{}{}".format, st.sampled_from(["", "", "!"]), globs), min_size=1, max_size=5
    )


def folders_above(path: str) -> Iterator[str]:
    for at, char in enumerate(path):
        if char == "/":
            yield path[:at]


# To pathspec "a/**/" names the files in a, too; to git only the folders.
plain_globs = globs_of(PARTS).filter(lambda glob: not glob.endswith("/**/"))


@given(st.lists(plain_globs, min_size=1, max_size=4), trees)
def test_pathspec_agrees(lines: list[str], tree: list[str]) -> None:
    theirs = GitIgnoreSpec.from_lines(lines)
    ours = Globs.parse(lines)
    assert [ours.match_file(path) for path in tree] == [theirs.match_file(path) for path in tree]


@given(signed(plain_globs), paths)
def test_pathspec_agrees_about_what_is_taken_back(lines: list[str], path: str) -> None:
    # pathspec sees a path as a whole, git and we see one folder after the other: where no line
    # names a folder above, the two views are one.
    above = [f"{folder}/" for folder in folders_above(path)]
    for line in lines:
        alone = GitIgnoreSpec.from_lines([line.removeprefix("!")])
        assume(not any(map(alone.match_file, above)))
    theirs = GitIgnoreSpec.from_lines(lines).check_file(path).include
    assert Globs.parse(lines).verdict(path, is_dir=False) == theirs


@given(signed(globs_of(PARTS)), trees)
def test_a_walk_that_prunes_finds_what_match_file_says(lines: list[str], tree: list[str]) -> None:
    globs = Globs.parse(lines)

    def reached(path: str) -> bool:
        pruned = any(globs.verdict(folder, True) for folder in folders_above(path))
        return not pruned and not globs.verdict(path, False)

    assert [reached(path) for path in tree] == [not globs.match_file(path) for path in tree]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


def ignored_by_git(repository: Path, lines: list[str], tree: list[str]) -> list[str]:
    (repository / ".gitignore").write_text("\n".join(lines) + "\n", encoding="utf-8")
    answer = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin", "-z"],
        cwd=repository,
        input="\0".join(tree).encode(),
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
        capture_output=True,
        check=False,
    )
    assert answer.returncode in (0, 1), answer.stderr
    return answer.stdout.decode().split("\0")[:-1]


@settings(max_examples=60, deadline=None)
@given(lines=signed(globs_of(GIT_PARTS)), tree=trees)
def test_git_agrees(repository: Path, lines: list[str], tree: list[str]) -> None:
    assume(not any(re.search(r"\[[^]]*/", line) for line in lines))  # see the module's docstring
    globs = Globs.of_gitignore("\n".join(lines))
    matched = [path for path in tree if globs.match_file(path)]
    assert matched == ignored_by_git(repository, lines, tree)


GIT_DIFFERS = {
    "one character, however many bytes",
    "a line break in a name",
    "characters of no encoding",
}


@pytest.mark.parametrize(
    ("glob", "path"),
    [case for case in [*ACTS_ON, *LEAVES_ALONE] if case.id not in GIT_DIFFERS],
)
def test_git_agrees_on_the_tables(repository: Path, glob: str, path: str) -> None:
    matched = [path] if Globs.parse([glob]).match_file(path) else []
    assert matched == ignored_by_git(repository, [glob], [path])
