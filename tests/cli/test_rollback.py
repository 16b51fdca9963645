"""``ssot-lint rollback``."""

from __future__ import annotations

from collections.abc import Mapping

from ssot_lint.migration.journal import Journal, Write, status
from tests.cli.projects import Make, Project
from tests.git_repository import Repository

BEFORE = b"".join(b"line %d\n" % number for number in range(9))
AFTER = BEFORE.replace(b"line 1\n", b"moved\n")
EDITED = AFTER.replace(b"line 7\n", b"mine\n")
MERGED = BEFORE.replace(b"line 7\n", b"mine\n")
FILES = {"app/a.py": BEFORE, "app/b.py": BEFORE}


def migrate(
    project: Project,
    batches: Mapping[str, list[str]],
    *,
    commits: Mapping[str, str] | None = None,
    concluded: bool = True,
) -> str:
    """A run that rewrote files, by batch; the last batch is left open unless all are `concluded`."""
    with Journal.at(str(project.folder)) as journal:
        run = journal.begin_run("x")
        for batch, paths in batches.items():
            journal.apply(run, batch, [Write(path, BEFORE, AFTER) for path in paths])
            if concluded or batch != list(batches)[-1]:
                journal.conclude(run, batch, "validated")
            if commits and batch in commits:
                journal.note_commit(run, batch, commits[batch])
    return run


def test_nothing_to_roll_back(make: Make) -> None:
    project = make(FILES)
    answer = project.run("rollback")
    assert (answer.code, answer.out, answer.err) == (0, "", "nothing to roll back\n")
    assert project.names() == ["app", "rules.yaml"]


def test_the_last_run(make: Make) -> None:
    project = make(FILES)
    run = migrate(project, {"b01": ["app/a.py"], "b02": ["app/b.py"]})
    answer = project.run("rollback", "-v", cwd="app")
    assert (answer.code, answer.out) == (0, "a.py\nb.py\n")
    assert answer.err == f"run {run}, batches b01, b02, is rolled back: 2 files restored\n"
    assert {path: project.read(path).encode() for path in FILES} == FILES
    again = project.run("rollback", run)
    assert (again.code, again.err) == (0, "nothing to roll back\n")


def test_what_was_interrupted(make: Make) -> None:
    project = make(FILES)
    run = migrate(project, {"b01": ["app/a.py"], "b02": ["app/b.py"]}, concluded=False)
    answer = project.run("rollback")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == f"run {run}, batch b02, is rolled back: 1 file restored\n"
    assert project.read("app/a.py").encode() == AFTER


def test_a_file_that_was_edited_prevents_all(make: Make) -> None:
    project = make(FILES)
    migrate(project, {"b01": ["app/a.py", "app/b.py"]})
    project.write({"app/a.py": EDITED})
    answer = project.run("rollback")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        "ssot-lint: app/a.py: was edited since\n"
        "ssot-lint: nothing was rolled back: --merge takes the changes out where that causes no "
        "conflict, --skip-edited leaves what was edited as it is\n"
    )
    assert project.read("app/b.py").encode() == AFTER


def test_a_file_that_was_edited_is_skipped(make: Make) -> None:
    project = make(FILES)
    run = migrate(project, {"b01": ["app/a.py", "app/b.py"]})
    project.write({"app/a.py": EDITED})
    answer = project.run("rollback", "--skip-edited", run)
    assert answer.code == 0
    assert answer.err == (
        "ssot-lint: app/a.py: was edited since\n"
        f"run {run}, batch b01, is rolled back: 1 file restored, 1 left as edited\n"
    )
    assert project.read("app/a.py").encode() == EDITED
    assert project.read("app/b.py").encode() == BEFORE


def test_the_changes_are_taken_out_of_a_file_that_was_edited(make: Make) -> None:
    project = make(FILES)
    run = migrate(project, {"b01": ["app/a.py", "app/b.py"]})
    project.write({"app/a.py": EDITED})
    answer = project.run("rollback", "--merge", "--verbose")
    assert (answer.code, answer.out) == (0, "app/a.py\napp/b.py\n")
    assert answer.err == (
        f"run {run}, batch b01, is rolled back: 1 file restored, "
        "the changes taken out of 1 edited file\n"
    )
    assert project.read("app/a.py").encode() == MERGED


def test_a_conflict_prevents_all(make: Make) -> None:
    project = make(FILES)
    migrate(project, {"b01": ["app/a.py", "app/b.py"]})
    project.write({"app/a.py": AFTER.replace(b"moved", b"mine")})
    answer = project.run("rollback", "--merge")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        "ssot-lint: app/a.py: was edited since, in the same lines\n"
        "ssot-lint: nothing was rolled back: --skip-edited leaves what was edited as it is\n"
    )


def test_commits_are_named(make: Make) -> None:
    project = make(FILES)
    commits = {"b01": "c0ffee", "b02": "beef"}
    run = migrate(project, {"b01": ["app/a.py"], "b02": ["app/b.py"]}, commits=commits)
    assert project.run("rollback").err == (
        f"run {run}, batches b01, b02, is rolled back: 2 files restored\n"
        "ssot-lint: 2 commits of this run stay in the history (c0ffee, beef): commit the restored "
        "files, as git revert would\n"
    )


def test_no_such_run(make: Make) -> None:
    project = make(FILES)
    answer = project.run("rollback", "x")
    assert (answer.code, answer.out, answer.err) == (2, "", "ssot-lint: there is no run 'x'\n")
    run = migrate(project, {"b01": ["app/a.py"]})
    answer = project.run("rollback", run[:-1])
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"ssot-lint: there is no run '{run[:-1]}', did you mean '{run}'?\n"


def test_the_way_out_is_open_when_the_rules_cannot_be_read(make: Make) -> None:
    project = make(FILES)
    run = migrate(project, {"b01": ["app/a.py"]})
    project.write({"rules.yaml": "ssot-lint: 1\nrules: [\n"})
    assert project.run("rollback").code == 2
    answer = project.run("rollback", "--root", ".")
    assert (answer.code, answer.err) == (
        0,
        f"run {run}, batch b01, is rolled back: 1 file restored\n",
    )
    answer = project.run("rollback", "--root", "nowhere")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "ssot-lint: there is no folder 'nowhere' to be the root\n"


def test_in_a_repository_git_sees_nothing(make: Make) -> None:
    project = make(FILES)
    repository = Repository(project.folder)
    repository.commit()
    migrate(project, {"b01": ["app/a.py"]})
    assert status(str(project.folder)).folder.startswith(f"{project.folder}/.git/ssot-lint/")
    assert repository.git("status", "--short") == " M app/a.py\n"
    assert project.run("rollback", cwd="app").code == 0
    assert repository.git("status", "--short") == ""
