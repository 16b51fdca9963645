"""Which rules file applies: named, by ``pyproject.toml``, or found upward by its mark."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ssot_lint.config import Found, Searched, common_folder, find, search
from ssot_lint.config.source import has_mark
from ssot_lint.errors import UsageError

OURS = "ssot-lint: 1\n"
THEIRS = "groups: []\n"


def write(top: Path, name: str, content: str = OURS) -> Path:
    path = top / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The top of an empty repository, which is also the working directory."""
    top = tmp_path / "repo"
    (top / ".git").mkdir(parents=True)
    monkeypatch.chdir(top)
    return top


def error_of(*paths: str, rules: str | None = None) -> list[str]:
    with pytest.raises(UsageError) as caught:
        find(paths, rules)
    return list(caught.value.lines)


# The mark


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ssot-lint: 1", id="alone"),
        pytest.param("\ufeffssot-lint: 1", id="behind a byte order mark"),
        pytest.param("\n# Rules\n  # more\n\t\n---\nssot-lint: 1\n", id="behind what says nothing"),
        pytest.param("--- # rules\r\nssot-lint: 1\r\n", id="behind a document mark with a comment"),
        pytest.param("ssot-lint: [}{", id="in a damaged file"),
        pytest.param("ssot-lint: 99", id="of a version to come"),
    ],
)
def test_ours(text: str) -> None:
    assert has_mark(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("# ssot-lint: 1\n", id="in a comment"),
        pytest.param("rules: []\nssot-lint: 1\n", id="second"),
        pytest.param(" ssot-lint: 1", id="indented"),
        pytest.param("ssot-linter: 1", id="another name"),
        pytest.param("ssot-lint", id="no key"),
        pytest.param("'ssot-lint': 1", id="in quotes"),
        pytest.param("{ssot-lint: 1}", id="in braces"),
        pytest.param("%YAML 1.1\n---\nssot-lint: 1", id="behind a directive"),
    ],
)
def test_not_ours(text: str) -> None:
    assert not has_mark(text)


# Named on the command line


def test_a_named_file_is_taken_whatever_it_holds(repo: Path) -> None:
    """Reading it then says what is wrong."""
    write(repo, "rules.yaml")
    path = write(repo, "ci/mine.yml", THEIRS)
    assert find(rules="ci/mine.yml") == Found(str(path))
    assert find(rules=str(path)) == Found(str(path))


def test_a_named_file_that_is_missing(repo: Path) -> None:
    write(repo, "rules.yaml")
    assert error_of(rules="ci/mine.yml") == ["ci/mine.yml: no such file"]
    assert error_of(rules="../mine.yml") == [f"{repo.parent / 'mine.yml'}: no such file"]


# Found upward


@pytest.mark.parametrize("name", ["rules.yaml", "ssot-rules.yaml", ".ssot/rules.yaml"])
@pytest.mark.parametrize("start", [".", "a", "a/b/c"])
def test_each_name_is_found_from_below(repo: Path, name: str, start: str) -> None:
    path = write(repo, name)
    (repo / start).mkdir(parents=True, exist_ok=True)
    assert find([start]) == Found(str(path))


def test_the_nearest_wins_and_in_one_folder_the_first_name(repo: Path) -> None:
    for name in ("rules.yaml", "a/.ssot/rules.yaml", "a/ssot-rules.yaml"):
        write(repo, name)
    assert find(["a"]).path == str(repo / "a/ssot-rules.yaml")
    write(repo, "a/rules.yaml")
    assert find(["a"]).path == str(repo / "a/rules.yaml")
    assert find().path == str(repo / "rules.yaml")


def test_other_peoples_files_are_passed_over_and_remembered(repo: Path) -> None:
    near = write(repo, "a/rules.yaml", THEIRS)
    far = write(repo, "ssot-rules.yaml")
    assert find(["a"]) == Found(str(far), None, (str(near),))


def test_a_damaged_file_of_ours_is_still_ours(repo: Path) -> None:
    write(repo, "rules.yaml", OURS + "\trules: [")
    write(repo, "ssot-rules.yaml")
    assert find().path == str(repo / "rules.yaml")


def test_a_file_in_utf_16_is_still_ours(repo: Path) -> None:
    """So that reading it says what to do; some editors and shells write it unasked."""
    (repo / "rules.yaml").write_bytes((OURS * 5000).encode("utf-16"))
    assert find().path == str(repo / "rules.yaml")


def test_the_mark_is_looked_for_in_the_first_kilobytes_only(repo: Path) -> None:
    with (repo / "rules.yaml").open("wb") as file:
        file.write(OURS.encode())
        file.truncate(1 << 30)
    assert find().path == str(repo / "rules.yaml")
    write(repo, "rules.yaml", "# a comment\n" * 1000 + OURS)
    assert isinstance(search(str(repo)), Searched)


def test_what_is_no_file_is_not_even_passed_over(repo: Path) -> None:
    (repo / "rules.yaml").mkdir()
    os.mkfifo(repo / "ssot-rules.yaml")
    (repo / ".ssot").write_text("a file where a folder could be")
    assert search(str(repo)) == Searched((), str(repo), str(repo))


@pytest.mark.parametrize("mark", ["folder", "file"])
def test_the_search_ends_at_the_repositorys_top(tmp_path: Path, mark: str) -> None:
    """In a worktree and in a submodule ``.git`` is a file."""
    write(tmp_path, "rules.yaml")
    folder = tmp_path / "repo" / "a" / "b"
    folder.mkdir(parents=True)
    git = tmp_path / "repo" / ".git"
    git.mkdir() if mark == "folder" else git.write_text("gitdir: elsewhere")
    assert search(str(folder)) == Searched((), str(folder), str(tmp_path / "repo"))
    git.rmdir() if mark == "folder" else git.unlink()
    assert search(str(folder)) == Found(str(tmp_path / "rules.yaml"))


def test_without_a_repository_the_search_ends_at_the_file_systems_top(tmp_path: Path) -> None:
    found = search(str(tmp_path))
    assert isinstance(found, Searched)
    assert found.top == tmp_path.anchor


def test_none_found_names_what_was_passed_over_and_the_line_to_add(repo: Path) -> None:
    write(repo, "a/rules.yaml", THEIRS)
    write(repo, ".ssot/rules.yaml", "")
    assert error_of("a") == [
        "no rules found: rules.yaml, ssot-rules.yaml, .ssot/rules.yaml were looked for in "
        f"{repo / 'a'} and the folders above it, up to {repo}",
        "a/rules.yaml: passed over, because it does not begin with 'ssot-lint: 1'; "
        "add that line if these are rules for ssot-lint",
        ".ssot/rules.yaml: passed over, because it does not begin with 'ssot-lint: 1'; "
        "add that line if these are rules for ssot-lint",
    ]


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="needs a file that fails to read")
def test_an_unreadable_file_is_passed_over_and_named(repo: Path) -> None:
    """A program's own memory is a regular file whose first byte nobody can read, not even root."""
    (repo / "rules.yaml").symlink_to("/proc/self/mem")
    assert error_of()[1:] == ["rules.yaml: cannot be read: Input/output error"]
    path = write(repo, "ssot-rules.yaml")
    assert find() == Found(str(path), None, (str(repo / "rules.yaml"),))


# Where the search starts


def test_the_search_starts_in_the_common_folder_of_the_paths(repo: Path) -> None:
    write(repo, "a/b/c.py")
    write(repo, "a/d/e.py")
    assert common_folder(["a/b/c.py"]) == str(repo / "a/b")
    assert common_folder(["a/b"]) == str(repo / "a/b")
    assert common_folder(["a/b/c.py", "a/d"]) == str(repo / "a")
    assert common_folder(["a/b", "a/bc"]) == str(repo / "a"), "by component"
    assert common_folder(["a/b/gone.py"]) == str(repo / "a/b"), "a path that no longer exists"
    assert common_folder([]) == str(repo)
    assert common_folder([str(repo / "a" / "d" / "e.py")]) == str(repo / "a/d")
    assert common_folder(["a/../a/b"]) == str(repo / "a/b")


def test_the_working_directory_does_not_matter_when_there_are_paths(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(repo, "rules.yaml")
    inner = write(repo, "a/rules.yaml")
    source = write(repo, "a/b/c.py")
    monkeypatch.chdir(repo.parent)
    assert find([str(source)]).path == str(inner)


def test_a_working_directory_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "rules.yaml")
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert error_of() == ["the working directory no longer exists"]
    assert error_of("a.py") == ["the working directory no longer exists"]
    assert find(rules=str(path)) == Found(str(path))
    assert error_of(rules=str(tmp_path / "missing.yaml")) == [
        f"{tmp_path}/missing.yaml: no such file"
    ]


# Named by pyproject.toml

TABLE = '[tool.ssot-lint]\nrules = "ci/mine.yml"\n'


def test_pyproject_names_the_file_and_is_the_root(repo: Path) -> None:
    path = write(repo, "ci/mine.yml", THEIRS)
    write(repo, "pyproject.toml", TABLE)
    write(repo, "a/rules.yaml")
    assert find() == find(["a"]) == Found(str(path), str(repo)), (
        "even where a rules file lies nearer"
    )


@pytest.mark.parametrize(
    "toml",
    [
        pytest.param('[tool."ssot-lint"]\nrules = "ci/mine.yml"', id="a quoted table"),
        pytest.param('[tool]\nssot-lint.rules = "ci/mine.yml"', id="a dotted key"),
        pytest.param('[tool]\nssot-lint = {rules = "ci//mine.yml"}', id="an inline table"),
    ],
)
def test_the_table_in_every_writing(repo: Path, toml: str) -> None:
    path = write(repo, "ci/mine.yml")
    write(repo, "pyproject.toml", toml)
    assert find() == Found(str(path), str(repo))


def test_the_nearest_pyproject_with_the_table_decides(repo: Path) -> None:
    write(repo, "pyproject.toml", TABLE)
    write(repo, "ci/mine.yml")
    write(repo, "a/pyproject.toml", "[project]\ndependencies = ['ssot-lint']\n")
    assert find(["a"]).path == str(repo / "ci/mine.yml")
    write(repo, "a/pyproject.toml", '[tool.ssot-lint]\nrules = "../ci/mine.yml"\n')
    assert find(["a"]) == Found(str(repo / "ci/mine.yml"), str(repo / "a"))


@pytest.mark.parametrize(
    "toml",
    [
        pytest.param("[tool.black]\nline-length = 100\n", id="no table of ours"),
        pytest.param("[tool.black\n# for ssot-lint, some day\n", id="broken, and not ours"),
        pytest.param("tool = 'ssot-lint'\n", id="no tables at all"),
        pytest.param("# ssot-lint" + " " * (1 << 20), id="larger than 1 MiB"),
    ],
)
def test_a_pyproject_that_says_nothing_to_us_is_passed_over(repo: Path, toml: str) -> None:
    write(repo, "pyproject.toml", toml)
    path = write(repo, "rules.yaml")
    assert find() == Found(str(path))


def test_a_pyproject_in_another_encoding_that_says_nothing_to_us(repo: Path) -> None:
    (repo / "pyproject.toml").write_bytes(b"# caf\xe9 and ssot-lint\n")
    path = write(repo, "rules.yaml")
    assert find() == Found(str(path))


@pytest.mark.parametrize(
    ("toml", "error"),
    [
        pytest.param(
            TABLE,
            "pyproject.toml: [tool.ssot-lint] names 'ci/mine.yml', and there is no such file",
            id="a file that is missing",
        ),
        pytest.param(
            "[tool.ssot-lint]\n",
            "pyproject.toml: [tool.ssot-lint] needs the key 'rules', the path of a rules file",
            id="an empty table",
        ),
        pytest.param(
            "[tool.ssot-lint]\nrules = 3\n",
            "pyproject.toml: [tool.ssot-lint] needs the key 'rules', the path of a rules file",
            id="a number for a path",
        ),
        pytest.param(
            '[tool.ssot-lint]\nrule = "rules.yaml"\n',
            "pyproject.toml: [tool.ssot-lint] has an unknown key 'rule', did you mean 'rules'?",
            id="a near key",
        ),
        pytest.param(
            "[tool]\nssot-lint = 3\n",
            "pyproject.toml: [tool.ssot-lint] must be a table",
            id="no table",
        ),
        pytest.param(
            '[project]\nname = "x"\n[tool.ssot-lint]\nrules = \n',
            "pyproject.toml:4:9: not valid TOML: Invalid value",
            id="broken",
        ),
        pytest.param(
            '[tool.ssot-lint]\nrules = "a',
            "pyproject.toml:2:1: not valid TOML: Unterminated string",
            id="broken at its end",
        ),
        pytest.param(
            "[tool.ssot-lint]\nrules = " + "[" * 100_000,
            "pyproject.toml:1:1: not valid TOML: nested too deeply",
            id="nested deeply",
        ),
    ],
)
def test_a_pyproject_of_ours_that_cannot_be_used(repo: Path, toml: str, error: str) -> None:
    write(repo, "rules.yaml")
    write(repo, "pyproject.toml", toml)
    assert error_of() == [error]


def test_a_pyproject_of_ours_in_another_encoding(repo: Path) -> None:
    (repo / "pyproject.toml").write_bytes(TABLE.encode() + b"# caf\xe9\n")
    assert error_of() == ["pyproject.toml:3:6: byte 0xe9 is not UTF-8"]


# What it costs


def test_a_search_imports_neither_yaml_nor_toml(repo: Path) -> None:
    """An editor asks for every file, mostly in projects that have no rules."""
    write(repo, "pyproject.toml", "[project]\nname = 'x'\n")
    script = (
        "import sys; before = set(sys.modules); from ssot_lint.config import search\n"
        f"search({str(repo)!r}); new = set(sys.modules) - before\n"
        "print(sorted({'yaml', 'tomllib', 'tomli'} & new))"
    )
    here = str(Path(__file__).parents[2])
    out = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=here
    )
    assert out.stdout == "[]\n"
