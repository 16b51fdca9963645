"""What git says of the files that a migration is about to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.errors import GitError, UsageError
from ssot_lint.migration.worktree import WorkTree
from tests.git_repository import Repository, isolate


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    isolate(monkeypatch)
    for key, value in (("NAME", "A"), ("EMAIL", "a@example.org")):
        monkeypatch.setenv(f"GIT_AUTHOR_{key}", value)
        monkeypatch.setenv(f"GIT_COMMITTER_{key}", value)
    made = Repository(tmp_path / "repository")
    made.write({"app/a.py": "a\n", "app/b b.py": "b\n", "c.py": "c\n"})
    made.git("add", ".")
    made.git("commit", "--quiet", "-m", "first")
    return made


def around(repository: Repository, folder: str = ".") -> WorkTree:
    tree = WorkTree.around(str(repository.folder / folder))
    assert tree is not None
    return tree


def test_no_repository_is_no_error(tmp_path: Path) -> None:
    assert WorkTree.around(str(tmp_path)) is None


def test_dirty_files_are_those_that_git_does_not_have_as_they_are(repository: Repository) -> None:
    repository.write({"app/a.py": "changed\n", "app/new.py": "", "c.py": "changed\n"})
    repository.git("add", "c.py")
    tree = around(repository)
    assert tree.dirty(["app/a.py", "app/b b.py", "app/new.py", "c.py"]) == (
        "app/a.py",
        "app/new.py",
        "c.py",
    )
    assert around(repository, "app").dirty(["a.py", "b b.py"]) == ("a.py",)


def test_a_commit_holds_the_files_of_the_batch_and_no_other(repository: Repository) -> None:
    repository.write({"app/a.py": "one\n", "app/b b.py": "two\n", "c.py": "staged\n"})
    repository.git("add", "c.py")
    commit = around(repository, "app").commit(["a.py", "b b.py"], "Move\n\nbody\n")
    assert repository.git("show", "--name-only", "--format=%H%n%s", commit).split("\n") == [
        commit,
        "Move",
        "",
        "app/a.py",
        "app/b b.py",
        "",
    ]
    assert repository.git("status", "--porcelain") == "M  c.py\n"


def test_a_commit_that_a_hook_refuses_leaves_everything_as_it_was(repository: Repository) -> None:
    hook = repository.folder / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no thanks >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    repository.write({"c.py": "changed\n"})
    with pytest.raises(GitError) as raised:
        around(repository).commit(["c.py"], "Move")
    assert str(raised.value) == "git commit: no thanks"
    assert repository.git("status", "--porcelain") == " M c.py\n"


def test_nothing_is_changed_in_the_middle_of_a_merge(repository: Repository) -> None:
    around(repository).refuse_unfinished()
    repository.git("switch", "--quiet", "-c", "other")
    repository.write({"c.py": "theirs\n"})
    repository.git("commit", "--quiet", "-am", "theirs")
    repository.git("switch", "--quiet", "main")
    repository.write({"c.py": "ours\n"})
    repository.git("commit", "--quiet", "-am", "ours")
    repository.git("merge", "other", fails=True)
    with pytest.raises(UsageError) as raised:
        around(repository, "app").refuse_unfinished()
    assert str(raised.value) == "git is in the middle of a merge: finish or abort it first"


def test_a_detached_head_takes_no_commits(repository: Repository) -> None:
    around(repository).refuse_detached()
    repository.git("switch", "--quiet", "--detach")
    with pytest.raises(UsageError) as raised:
        around(repository).refuse_detached()
    assert str(raised.value) == (
        "--commit: HEAD is detached, no branch would hold the commits; switch to one first"
    )
