"""What git is asked, answered by real repositories."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ssot_lint import git
from ssot_lint.errors import GitError
from tests.git_repository import Repository, isolate

HOSTILE = """\
[diff]
    noprefix = true
    mnemonicPrefix = true
    renames = false
    renameLimit = 1
    relative = false
    context = 9
    interHunkContext = 9
    external = false
    orderFile = /nowhere
    ignoreSubmodules = none
    colorMoved = zebra
[color]
    ui = always
    diff = always
[core]
    quotePath = true
    pager = false
    excludesFile = {excludes}
[status]
    relativePaths = false
"""
ODD = [
    "a b.py",
    "tab\there.py",
    "line\nbreak.py",
    'quo"te\\.py',
    "ünï.py",
    "[a]*.py",
    ":(top)x.py",
    "-n.py",
]
LINES = "".join(f"line {number}\n" for number in range(40))


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "work")


def at(repository: Repository, below: str = "") -> git.Repository:
    return git.Repository.at(str(repository.folder / below))


def lines_of(error: pytest.ExceptionInfo[GitError]) -> tuple[str, ...]:
    return error.value.lines


class TestWhere:
    def test_the_top_and_the_way_from_it(self, repository: Repository) -> None:
        repository.write({"app/core/a.py": ""})
        there = at(repository, "app/core")
        assert os.path.samefile(there.top, repository.folder)
        assert there.prefix == "app/core/"
        assert at(repository).prefix == ""

    def test_a_line_break_in_the_folder_s_name(self, tmp_path: Path) -> None:
        repository = Repository(tmp_path / "odd\nname").write({"in\nside/a.py": ""})
        there = at(repository, "in\nside")
        assert os.path.samefile(there.top, repository.folder)
        assert there.prefix == "in\nside/"

    def test_a_linked_work_tree(self, repository: Repository, tmp_path: Path) -> None:
        base = repository.commit({"a.py": "1\n"})
        repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
        (tmp_path / "linked" / "b.py").write_text("2\n")
        there = git.Repository.at(str(tmp_path / "linked"))
        assert there.changed(base) == {"b.py"}

    def test_no_repository(self, tmp_path: Path) -> None:
        with pytest.raises(GitError) as error:
            git.Repository.at(str(tmp_path))
        assert lines_of(error) == (f"{tmp_path}: not in a git repository",)

    def test_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(GitError) as error:
            git.Repository.at(str(tmp_path / "gone"))
        assert lines_of(error) == (f"{tmp_path / 'gone'}: no such folder",)

    def test_no_work_tree(self, tmp_path: Path) -> None:
        repository = Repository(tmp_path / "work")
        with pytest.raises(GitError) as error:
            at(repository, ".git")
        assert lines_of(error) == (
            f"{repository.folder / '.git'}: this operation must be run in a work tree",
        )

    def test_no_git(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(GitError) as error:
            git.Repository.at(str(tmp_path))
        assert lines_of(error) == ("git is not installed, or not on the PATH",)

    @pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
    def test_a_git_that_cannot_be_run(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "git").write_text("no program")
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(GitError) as error:
            git.Repository.at(str(tmp_path))
        assert lines_of(error) == ("git cannot be run: [Errno 13] Permission denied: 'git'",)


class TestMergeBase:
    def test_where_the_branches_parted(self, repository: Repository) -> None:
        parted = repository.commit({"a.py": "1\n"})
        repository.branch("topic").commit({"b.py": "1\n"})
        repository.switch("main").commit({"c.py": "1\n"})
        repository.switch("topic")
        assert at(repository).merge_base("main") == parted

    def test_a_pull_request_s_merge_commit_in_a_clone_of_depth_2(
        self, repository: Repository, tmp_path: Path
    ) -> None:
        target = pull_request(repository)
        clone = repository.clone(tmp_path / "clone", depth=2, branch="pull")
        there = at(clone)
        assert there.is_shallow
        assert there.merge_base("HEAD^1") == target
        assert there.changed(target) == {"b.py"}

    @pytest.mark.parametrize("ref", ["HEAD^1", "origin/main", "main"])
    def test_a_pull_request_s_merge_commit_in_a_clone_of_depth_1(
        self, repository: Repository, tmp_path: Path, ref: str
    ) -> None:
        pull_request(repository)
        clone = repository.clone(tmp_path / "clone", depth=1, branch="pull")
        with pytest.raises(GitError) as error:
            at(clone).merge_base(ref)
        assert lines_of(error) == (
            f"no revision '{ref}': set fetch-depth: 2 and use --base HEAD^1",
        )

    def test_an_unknown_revision_in_a_shallow_clone(
        self, repository: Repository, tmp_path: Path
    ) -> None:
        repository.commit({"a.py": "1\n"})
        repository.commit({"a.py": "2\n"})
        clone = repository.clone(tmp_path / "clone", depth=1)
        with pytest.raises(GitError) as error:
            at(clone).merge_base("HEAD^1")
        assert lines_of(error) == ("no revision 'HEAD^1': git fetch --unshallow",)

    def test_no_merge_base_in_a_shallow_clone(self, repository: Repository, tmp_path: Path) -> None:
        repository.commit({"a.py": "1\n"})
        repository.branch("topic").commit({"b.py": "1\n"})
        repository.switch("main").commit({"c.py": "1\n"})
        clone = repository.clone(tmp_path / "clone", depth=1, branch="topic")
        clone.git("fetch", "--quiet", "--depth=1", "origin", "main:refs/remotes/origin/main")
        with pytest.raises(GitError) as error:
            at(clone).merge_base("origin/main")
        assert lines_of(error) == (
            "no merge base of 'origin/main' and HEAD: git fetch --unshallow",
        )

    @pytest.mark.parametrize(
        ("ref", "branch"),
        [
            pytest.param("topic", "topic", id="a branch"),
            pytest.param("origin/topic", "topic", id="as the remote calls it"),
            pytest.param("--all", "--all", id="never taken for an option"),
            pytest.param("", "", id="an empty name"),
        ],
    )
    def test_an_unknown_revision_in_a_full_clone(
        self, repository: Repository, ref: str, branch: str
    ) -> None:
        repository.commit({"a.py": "1\n"})
        with pytest.raises(GitError) as error:
            at(repository).merge_base(ref)
        assert lines_of(error) == (f"no revision '{ref}': git fetch origin {branch}",)

    def test_unrelated_histories(self, repository: Repository) -> None:
        repository.commit({"a.py": "1\n"})
        repository.git("checkout", "--quiet", "--orphan", "other")
        repository.commit({"b.py": "1\n"})
        with pytest.raises(GitError) as error:
            at(repository).merge_base("main")
        assert lines_of(error) == ("no merge base of 'main' and HEAD: histories are unrelated",)

    def test_a_damaged_history(self, repository: Repository) -> None:
        lost = repository.commit({"a.py": "1\n"})
        repository.branch("topic").commit({"b.py": "1\n"})
        repository.switch("main").commit({"c.py": "1\n"})
        (repository.folder / ".git/objects" / lost[:2] / lost[2:]).unlink()
        with pytest.raises(GitError) as error:
            at(repository).merge_base("topic")
        (line,) = lines_of(error)
        assert line.startswith("git merge-base: ")
        assert lost in line

    def test_a_repository_without_commits(self, repository: Repository) -> None:
        with pytest.raises(GitError) as error:
            at(repository).merge_base("HEAD")
        assert lines_of(error) == ("no revision 'HEAD': there is no commit yet",)

    def test_a_full_clone_is_not_shallow(self, repository: Repository) -> None:
        assert not at(repository).is_shallow


def pull_request(repository: Repository) -> str:
    """A merge commit on branch ``pull``, as a forge makes it for testing; the target's commit."""
    repository.commit({"a.py": "1\n"})
    repository.branch("topic").commit({"b.py": "1\n"})
    repository.switch("main")
    target = repository.commit({"c.py": "1\n"})
    repository.branch("pull").merge("topic")
    return target


class TestBlobs:
    def test_contents_in_a_revision(self, repository: Repository) -> None:
        base = repository.commit({"app/a.py": "old\n", "app/b.py": b"\xff\r\n\0", "c.py": ""})
        repository.commit({"app/a.py": "new\n"})
        there = at(repository, "app")
        assert there.blobs(base, ["a.py", "b.py", "../c.py", "none.py"]) == {
            "a.py": b"old\n",
            "b.py": b"\xff\r\n\0",
            "../c.py": b"",
        }
        assert there.blob("HEAD", "a.py") == b"new\n"
        assert there.blob(base, "none.py") is None

    def test_files_with_equal_contents_are_one_object(self, repository: Repository) -> None:
        base = repository.commit({"a.py": "same\n", "b.py": "same\n"})
        assert at(repository).blobs(base, ["b.py", "a.py"]) == {
            "a.py": b"same\n",
            "b.py": b"same\n",
        }

    @pytest.mark.parametrize("name", ODD)
    def test_odd_names(self, repository: Repository, name: str) -> None:
        base = repository.commit({name: "x\n"})
        assert at(repository).blob(base, name) == b"x\n"

    def test_a_name_that_cannot_be_decoded(self, repository: Repository) -> None:
        name = os.fsdecode(b"bad\xff.py")
        base = repository.commit({name: "x\n"})
        assert at(repository).blob(base, name) == b"x\n"

    def test_a_link_is_no_file(self, repository: Repository) -> None:
        (repository.folder / "link.py").symlink_to("a.py")
        base = repository.commit({"a.py": "x\n"})
        assert at(repository).blobs(base, ["link.py", "a.py"]) == {"a.py": b"x\n"}

    def test_an_unknown_revision(self, repository: Repository) -> None:
        repository.commit()
        with pytest.raises(GitError) as error:
            at(repository).blob("gone", "a.py")
        assert lines_of(error) == ("no revision 'gone': git fetch origin gone",)

    def test_a_missing_object(self, repository: Repository) -> None:
        repository.commit({"a.py": "x\n"})
        identity = repository.git("rev-parse", "HEAD:a.py").strip()
        (repository.folder / ".git/objects" / identity[:2] / identity[2:]).unlink()
        with pytest.raises(GitError) as error:
            at(repository).blob("HEAD", "a.py")
        assert lines_of(error) == (
            f"git has no object {identity}, though a tree names it: git fsck",
        )


class TestChange:
    """From a revision to the working tree."""

    def test_every_way_to_change_a_file(self, repository: Repository) -> None:
        base = repository.commit(
            {
                name: f"{name}\n{LINES}"
                for name in ("same.py", "edited.py", "staged.py", "deleted.py", "old.py")
            }
            | {".gitignore": "ignored.py\n"}
        )
        repository.commit({"committed.py": "1\n"})
        repository.write({"staged.py": "2\n"}).git("add", "staged.py")
        repository.write({"edited.py": "2\n", "untracked.py": "1\n", "ignored.py": "1\n"})
        (repository.folder / "deleted.py").unlink()
        repository.move("old.py", "new.py")
        os.utime(repository.folder / "same.py", (1, 1))
        assert at(repository).changed(base) == {
            *("edited.py", "staged.py", "deleted.py", "committed.py", "untracked.py"),
            *("old.py", "new.py"),
        }

    @pytest.mark.parametrize("name", [*ODD, os.fsdecode(b"bad\xff.py")])
    @pytest.mark.parametrize("tracked", [True, False])
    def test_odd_names(self, repository: Repository, name: str, tracked: bool) -> None:
        base = repository.commit({name: LINES} if tracked else {})
        repository.write({name: f"{LINES}more\n" if tracked else "1\n"})
        there = at(repository)
        assert there.changed(base) == {name}
        assert there.added_lines(base) == {name: {41} if tracked else {1}}

    @pytest.mark.parametrize("name", [*ODD, os.fsdecode(b"bad\xff.py")])
    def test_odd_names_of_renamed_files(self, repository: Repository, name: str) -> None:
        base = repository.commit({"plain.py": LINES})
        (repository.folder / "plain.py").rename(repository.folder / name)
        repository.git("add", "--all")
        assert at(repository).renames(base) == {"plain.py": name}

    def test_a_subfolder_knows_only_what_is_below(self, repository: Repository) -> None:
        base = repository.commit({"app/a.py": LINES, "app/b.py": "b\n" + LINES, "out.py": LINES})
        repository.move("app/a.py", "app/sub/a.py")
        repository.write({"app/b.py": "B\n" + LINES, "out.py": "1\n", "other/u.py": "1\n"})
        there = at(repository, "app")
        assert there.changed(base) == {"a.py", "sub/a.py", "b.py"}
        assert there.renames(base) == {"a.py": "sub/a.py"}
        assert there.added_lines(base) == {"b.py": {1}}

    def test_a_renamed_folder_of_many_files(self, repository: Repository) -> None:
        base = repository.commit({f"old/f{n}.py": f"{n}\n{LINES}{n}\n" for n in range(60)})
        repository.move("old", "new")
        repository.commit({f"new/f{n}.py": f"{n}\n{LINES}" for n in range(60)})
        assert at(repository).renames(base) == {f"old/f{n}.py": f"new/f{n}.py" for n in range(60)}

    @pytest.mark.parametrize(
        ("kept", "renamed"),
        [pytest.param(25, True, id="more than half"), pytest.param(15, False, id="less than half")],
    )
    def test_a_rename_keeps_half_of_the_file(
        self, repository: Repository, kept: int, renamed: bool
    ) -> None:
        base = repository.commit({"old.py": LINES})
        (repository.folder / "old.py").unlink()
        text = "".join(LINES.splitlines(True)[:kept]) + "other n\n" * (40 - kept)
        repository.write({"new.py": text}).git("add", "--all")
        assert at(repository).renames(base) == ({"old.py": "new.py"} if renamed else {})

    def test_added_lines(self, repository: Repository) -> None:
        base = repository.commit(
            {"a.py": "1\n2\n3\n4\n5\n", "gone.py": "1\n", "old.py": LINES, "cut.py": "1\n2\n"}
        )
        repository.commit({"a.py": "0\n1\n3\n4\n+++ b/none.py\n@@ -1 +1 @@\n"})
        (repository.folder / "gone.py").unlink()
        repository.move("old.py", "new.py")
        repository.write(
            {
                "new.py": LINES.replace("line 3\n", "changed\n") + "no end",
                "untracked.py": "1\n2\n3",
                "cut.py": "1\n",
                "empty.py": "",
                "binary.bin": b"\0\n\0",
            }
        )
        repository.git("add", "binary.bin")
        (repository.folder / "broken-link.py").symlink_to("nowhere.py")
        assert at(repository).added_lines(base) == {
            "a.py": {1, 5, 6},
            "new.py": {4, 41},
            "untracked.py": {1, 2, 3},
        }

    def test_the_settings_of_a_user_change_nothing(
        self, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        base = repository.commit({"old ü.py": LINES, "a.py": LINES})
        repository.move("old ü.py", "new ü.py")
        repository.write({"a.py": LINES + "x\n", "mine.py": "1\n"})
        (tmp_path / "excludes").write_text("mine.py\n")
        (tmp_path / "config").write_text(HOSTILE.format(excludes=tmp_path / "excludes"))
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
        monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
        monkeypatch.setenv("GIT_DIFF_OPTS", "-u5")
        monkeypatch.setenv("GIT_ICASE_PATHSPECS", "1")
        monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
        there = at(repository)
        assert there.changed(base) == {"old ü.py", "new ü.py", "a.py", "mine.py"}
        assert there.renames(base) == {"old ü.py": "new ü.py"}
        assert there.added_lines(base) == {"a.py": {41}, "mine.py": {1}}
        assert there.blob(base, "old ü.py") == LINES.encode()

    @pytest.mark.parametrize("arguments", [["-a"], ["--only", "a.py"]], ids=["all", "only"])
    def test_in_a_hook(self, repository: Repository, tmp_path: Path, arguments: list[str]) -> None:
        """Git hands hooks its folder and a temporary index, relative to the top."""
        base = repository.commit({"a.py": "1\n", "app/b.py": "1\n"})
        script = (
            "from ssot_lint.git import Repository\n"
            "there = Repository.at('app')\n"
            "print(there.prefix, sorted(there.changed('HEAD')), there.merge_base('HEAD'))\n"
        )
        hook = repository.folder / ".git/hooks/pre-commit"
        source = Path(git.__file__).parent.parent
        hook.write_text(
            f"#!/bin/sh\nPYTHONPATH='{source}' '{sys.executable}' -c \"{script}\" > '{tmp_path}/out'\n"
        )
        hook.chmod(0o755)
        repository.write({"a.py": "2\n", "app/b.py": "2\n"})
        repository.git("commit", *arguments, "--message", "x")
        assert (tmp_path / "out").read_text() == f"app/ ['b.py'] {base}\n"


class TestStages:
    def test_a_conflict(self, repository: Repository) -> None:
        repository.commit({"app/a.py": "base\n", "app/b.py": "1\n"})
        repository.branch("topic").commit({"app/a.py": "theirs\n"})
        repository.switch("main").commit({"app/a.py": "ours\n"})
        assert not repository.merge("topic")
        there = at(repository, "app")
        assert there.stages("a.py") == (b"base\n", b"ours\n", b"theirs\n")
        assert there.stages("b.py") == (None, None, None)

    def test_a_folder_has_no_stages(self, repository: Repository) -> None:
        repository.commit()
        repository.branch("topic").commit({"app/a.py": "theirs\n"})
        repository.switch("main").commit({"app/a.py": "ours\n"})
        assert not repository.merge("topic")
        assert at(repository).stages("app") == (None, None, None)

    def test_both_sides_created_it(self, repository: Repository) -> None:
        repository.commit()
        repository.branch("topic").commit({"a.py": "theirs\n"})
        repository.switch("main").commit({"a.py": "ours\n"})
        assert not repository.merge("topic")
        assert at(repository).stages("a.py") == (None, b"ours\n", b"theirs\n")

    def test_one_side_deleted_it(self, repository: Repository) -> None:
        repository.commit({"a.py": "base\n"})
        repository.branch("topic").git("rm", "--quiet", "a.py")
        repository.commit()
        repository.switch("main").commit({"a.py": "ours\n"})
        assert not repository.merge("topic")
        assert at(repository).stages("a.py") == (b"base\n", b"ours\n", None)


def test_what_else_git_refuses_is_said_in_its_words(repository: Repository) -> None:
    base = repository.commit({"a.py": "1\n"})
    there = at(repository)
    (repository.folder / ".git/index").write_bytes(b"damaged")
    with pytest.raises(GitError) as error:
        there.changed(base)
    assert lines_of(error)[0].startswith("git diff: ")
    assert len(lines_of(error)) == 1
