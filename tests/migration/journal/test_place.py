"""Where the state lies: with git where git would put it, without git beside what is migrated."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ssot_lint.migration.journal import interrupted, status
from tests.git_repository import Repository
from tests.migration.journal.trees import interrupted_batch, rewrite, write


def path_of_git(folder: Path) -> str:
    """Where git says that our state lies, for who asks in `folder`."""
    answer = Repository(folder, init=False).git("rev-parse", "--git-path", "ssot-lint").strip()
    return os.path.normpath(folder / answer)


def begin(root: Path) -> str:
    """Leaves an open batch; returns the parent of the folder of its state."""
    write(root, {"a.py": b"a\n"})
    interrupted_batch(root, rewrite(root, "a.py"))
    folder = status(str(root)).folder
    assert "journal" in os.listdir(folder)
    return os.path.dirname(folder)


def test_in_a_repository(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "work")
    root = tmp_path / "work/backend"
    assert begin(root) == path_of_git(root) == f"{tmp_path}/work/.git/ssot-lint"
    assert os.listdir(root) == ["a.py"]
    assert repository.git("status", "--short", "--untracked-files=all") == "?? backend/a.py\n"


def test_two_projects_in_one_repository_do_not_mix(tmp_path: Path) -> None:
    Repository(tmp_path)
    assert begin(tmp_path / "one") == begin(tmp_path / "two")
    assert begin(tmp_path) == path_of_git(tmp_path)
    folders = {status(str(tmp_path / name)).folder for name in ("one", "two", ".")}
    assert len(folders) == 3
    assert [len(status(str(tmp_path / name)).runs) for name in ("one", "two", ".")] == [1, 1, 1]
    (tmp_path / "three").mkdir()
    assert interrupted(str(tmp_path / "three")) is None


def test_a_repository_that_moves_takes_its_state_along(tmp_path: Path) -> None:
    Repository(tmp_path / "work")
    begin(tmp_path / "work/backend")
    (tmp_path / "work").rename(tmp_path / "moved")
    assert len(status(str(tmp_path / "moved/backend")).unfinished) == 1


def test_each_work_tree_has_its_own(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "work")
    repository.commit({"b.py": ""})
    repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    root = tmp_path / "linked"
    assert begin(root) == path_of_git(root) == f"{tmp_path}/work/.git/worktrees/linked/ssot-lint"
    assert interrupted(str(tmp_path / "work")) is None
    assert interrupted(str(root)) is not None


def test_a_submodule(tmp_path: Path) -> None:
    Repository(tmp_path / "library").commit({"b.py": ""})
    repository = Repository(tmp_path / "work")
    allow = ("-c", "protocol.file.allow=always")
    repository.git(*allow, "submodule", "--quiet", "add", str(tmp_path / "library"), "lib")
    root = tmp_path / "work/lib"
    assert begin(root) == path_of_git(root) == f"{tmp_path}/work/.git/modules/lib/ssot-lint"


@pytest.mark.parametrize("contents", ["", "gitdir: /nowhere\n", "other\n"])
def test_without_a_repository(root: Path, contents: str) -> None:
    (root / ".git").write_text(contents)
    assert begin(root) == str(root)
    assert sorted(os.listdir(root / ".ssot_journal")) == [".gitignore", "images", "journal", "lock"]
    assert (root / ".ssot_journal/.gitignore").read_bytes() == b"# Made by ssot-lint.\n*\n"


def test_a_repository_that_is_made_later_does_not_hide_what_was_interrupted(root: Path) -> None:
    begin(root)
    repository = Repository(root)
    assert len(status(str(root)).unfinished) == 1
    assert repository.git("status", "--short", "--untracked-files=all") == "?? a.py\n"
