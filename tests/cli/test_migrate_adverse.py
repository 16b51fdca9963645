"""``ssot-lint migrate`` when things go wrong: full disks, killed runs, busy files, odd names."""

from __future__ import annotations

import os
import random
import shlex
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.projects import HOME, NEW, OLD, RULES, Make, Project, environment, interruptible
from tests.cli.test_migrate import ONE_BY_ONE, USERS, python, texts, tracked

ONE_EACH = {"rules.yaml": RULES + ONE_BY_ONE, **USERS}
APPLY = ("migrate", "--apply", "--all")


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Contents and mode of every file, but for git's own."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def script(project: Project, code: str) -> str:
    """A command that runs `code`, in the process that the shell has started."""
    project.write({"check.py": code})
    return f"exec {shlex.quote(sys.executable)} check.py"


# --- runs that are ended ------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_moment_it_leaves_nothing_that_rollback_does_not_undo(
    make: Make, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    files = {f"app/f{n}.py": OLD * (1 + n) for n in range(12)}
    project = make({"rules.yaml": RULES + "migration: {batch_files: 2}\n", **files})
    project.run("baseline", "create")
    (project.folder / "app/f3.py").chmod(0o755)
    repository = tracked(project, monkeypatch)
    before = tree(project.folder)
    command = [sys.executable, "-m", "ssot_lint", *APPLY, "--verify", "sleep 0.05"]
    chance = random.Random(seed)
    outcomes, rollbacks = set(), 0
    for _ in range(15):
        process = subprocess.Popen(
            command, cwd=project.folder, env=environment(measured=False), stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.2, 1.6))
        process.kill()
        outcomes.add(process.wait())
        while not (answer := project.run("rollback")).err.startswith("nothing"):
            assert answer.code == 0, answer.err
            rollbacks += 1
        assert tree(project.folder) == before
        assert repository.git("status", "--porcelain") == ""
    assert -signal.SIGKILL in outcomes
    assert rollbacks


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_whoever_asks_for_the_end_gets_the_batch_undone_and_the_command_ended(
    make: Make, name: str
) -> None:
    project = make({"app/a.py": OLD})
    verify = script(
        project,
        "import os, signal, subprocess, sys\n"
        "if 'app.new' in open('app/a.py').read():\n"
        f"    os.kill(os.getppid(), signal.{name})\n"
        "    subprocess.run(['sh', '-c', 'sleep 0.4; echo late > late.txt'])\n",
    )
    done = project.spawn(*APPLY, "--verify", verify, preexec_fn=interruptible)
    assert (done.code, done.err) == (130, "ssot-lint: batch 1 was undone: interrupted\n")
    assert project.read("app/a.py") == OLD
    time.sleep(0.5)
    assert "late.txt" not in project.names()


def test_an_interrupt_while_git_commits_waits_for_git(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make(ONE_EACH)
    repository = tracked(project, monkeypatch)
    hook = project.folder / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nkill -TERM $(ps -o ppid= -p $PPID)\nsleep 0.4\n", encoding="utf-8")
    hook.chmod(0o755)
    done = project.spawn(*APPLY, "--commit", preexec_fn=interruptible)
    assert done.code == 130
    commit = repository.head[:12]
    assert done.err == (
        f"batch 1: 1 reference in 1 file rewritten, commit {commit}\n"
        "ssot-lint: interrupted; applied before, and kept: 1 batch\n"
    )
    assert texts(project) == [NEW, OLD, OLD]
    assert repository.git("status", "--porcelain") == ""
    assert not list((project.folder / ".git").glob("*.lock"))
    assert f"commit {commit}" in project.run("migrate", "status").out


def test_an_interrupt_that_ends_git_too_undoes_the_batch(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make({"app/a.py": OLD})
    repository = tracked(project, monkeypatch)
    hook = project.folder / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nkill -INT $(ps -o ppid= -p $PPID)\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    done = project.spawn(*APPLY, "--commit", preexec_fn=interruptible)
    assert (done.code, done.err) == (130, "ssot-lint: batch 1 was undone: interrupted\n")
    assert repository.git("status", "--porcelain") == ""


def test_after_a_kill_the_way_out_is_named_before_anything_else(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make({"app/a.py": OLD})
    verify = script(
        project,
        "import os, signal\n"
        "if 'app.new' in open('app/a.py').read():\n"
        "    os.kill(os.getppid(), signal.SIGKILL)\n",
    )
    tracked(project, monkeypatch)
    assert project.spawn(*APPLY, "--verify", verify).code == -signal.SIGKILL
    answer = project.run(*APPLY)
    assert answer.code == 2
    assert answer.err.startswith("ssot-lint: batch 1 of run 20")
    assert answer.err.endswith(" was interrupted: 'ssot-lint rollback' undoes it\n")
    answer = project.run("migrate", "status")
    assert (answer.code, answer.out.splitlines()[1]) == (1, "  batch 1: interrupted, 1 file")
    assert answer.err == "ssot-lint: a batch was interrupted: 'ssot-lint rollback' undoes it\n"
    assert project.run("rollback").code == 0
    assert project.read("app/a.py") == OLD


def test_status_knows_what_is_under_way_from_what_was_interrupted(make: Make) -> None:
    project = make({"app/a.py": OLD})
    verify = python(
        "import subprocess, sys\n"
        "status = [sys.executable, '-m', 'ssot_lint', 'migrate', 'status']\n"
        "done = subprocess.run(status, capture_output=True, text=True)\n"
        "new = 'app.new' in open('app/a.py').read()\n"
        "sys.exit(1 if new and (done.returncode or 'under way' not in done.stdout) else 0)"
    )
    done = project.spawn(*APPLY, "--verify", verify)
    assert (done.code, done.err.splitlines()[-1]) == (0, "1 batch applied")


def test_a_second_one_is_kept_out(make: Make) -> None:
    project = make({"app/a.py": OLD})
    verify = python(
        "import subprocess, sys\n"
        "other = [sys.executable, '-m', 'ssot_lint', 'migrate', '--apply', '--all']\n"
        "done = subprocess.run(other, capture_output=True, text=True)\n"
        "sys.exit(done.returncode != 2 or 'another ssot-lint is migrating' not in done.stderr)"
    )
    done = project.spawn(*APPLY, "--verify", verify)
    assert (done.code, project.read("app/a.py")) == (0, NEW)


# --- files that cannot be written ---------------------------------------------------------------


def test_a_read_only_file_ends_the_run_and_what_was_applied_stays(make: Make) -> None:
    project = make(ONE_EACH)
    (project.folder / "app/b.py").chmod(0o444)
    answer = project.run(*APPLY)
    assert answer.code == 2
    assert answer.err == (
        "batch 1: 1 reference in 1 file rewritten\n"
        "ssot-lint: batch 2 cannot be applied: app/b.py: is read-only\n"
        "ssot-lint: applied before it, and kept: 1 batch\n"
    )
    assert texts(project) == [NEW, OLD, OLD]
    assert project.run("migrate", "status").out.splitlines()[1] == "  batch 1: applied, 1 file"


def test_a_read_only_baseline_takes_the_batch_back(make: Make) -> None:
    project = make({"app/a.py": OLD})
    project.run("baseline", "create")
    (project.folder / "ssot-baseline.yml").chmod(0o444)
    before = tree(project.folder)
    answer = project.run(*APPLY)
    assert (answer.code, answer.err) == (
        2,
        "ssot-lint: batch 1 cannot be applied: ssot-baseline.yml: is read-only\n",
    )
    project.run("migrate", "finish")
    assert tree(project.folder) == before


def test_where_nothing_more_can_be_written_nothing_is_half_done(make: Make) -> None:
    resource = pytest.importorskip("resource")
    large = OLD + "#" * 200_000 + "\n"
    project = make({"rules.yaml": RULES + ONE_BY_ONE, "app/a.py": OLD, "app/b.py": large})
    limit = (100_000, 100_000)
    done = project.spawn(
        *APPLY, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    )
    assert done.code == 2
    assert "ssot-lint: batch 2 cannot be applied: " in done.err
    assert done.err.endswith("ssot-lint: applied before it, and kept: 1 batch\n")
    assert (project.read("app/a.py"), project.read("app/b.py")) == (NEW, large)
    assert project.run("migrate", "status").code == 0
    assert not list(project.folder.rglob(".ssot-tmp-*"))


def test_a_batch_that_cannot_be_undone_says_so_and_stays_open(make: Make) -> None:
    project = make({"app/a.py": OLD})
    verify = python(
        "import pathlib, sys\n"
        "images = list(pathlib.Path('.ssot_journal/images').glob('*'))\n"
        "[image.unlink() for image in images]\n"
        "sys.exit(len(images))"
    )
    answer = project.run(*APPLY, "--verify", verify)
    assert answer.code == 2
    first, second, third = answer.err.splitlines()
    assert first == f"ssot-lint: batch 1: '{verify}' fails: exit code 2".replace("\n", "\\n")
    assert second.startswith("ssot-lint: batch 1 cannot be undone: ")
    assert second.endswith(": cannot be read: No such file or directory")
    assert third == "ssot-lint: mend that, then run 'ssot-lint rollback'"
    assert project.run("migrate", "status").code == 1


def test_on_a_terminal_what_was_applied_is_told_whatever_comes_next(make: Make) -> None:
    pty = pytest.importorskip("pty")
    project = make(ONE_EACH)
    (project.folder / "app/c.py").chmod(0o444)
    ours, theirs = pty.openpty()
    done = project.spawn(*APPLY, "--verify", "sleep 0.4", stderr=theirs)
    os.close(theirs)
    told = os.read(ours, 65536).decode()
    os.close(ours)
    assert done.code == 2
    *_, first, second, third, fourth, _ = told.split("\r\n")
    assert first == "batch 1: 1 reference in 1 file rewritten"
    assert second == "batch 2: 1 reference in 1 file rewritten"
    assert third == "ssot-lint: batch 3 cannot be applied: app/c.py: is read-only"
    assert fourth == "ssot-lint: applied before it, and kept: 2 batches"


# --- commands that do more than check -----------------------------------------------------------

FORMATTER = """\
import pathlib, sys
path = pathlib.Path('app/a.py')
text = path.read_text()
if 'app.new' in text:
    path.write_text(text + '# formatted\\n')
    sys.exit(int(sys.argv[1]))
"""


def test_a_command_that_changes_what_is_to_be_rewritten_is_refused_at_once(make: Make) -> None:
    project = make(USERS)
    answer = project.run(*APPLY, "--verify", "echo '# formatted' >> app/b.py")
    assert (answer.code, answer.err) == (
        2,
        "ssot-lint: --verify: the command changes files that are to be rewritten: app/b.py; run "
        "it, commit what it does, and plan again\n",
    )
    assert texts(project) == [OLD, OLD + "# formatted\n", OLD]


def test_what_a_command_adds_to_a_batch_stays_and_is_told(make: Make) -> None:
    project = make({"app/a.py": OLD})
    answer = project.run(*APPLY, "--verify", script(project, FORMATTER) + " 0")
    assert (answer.code, answer.err) == (
        0,
        "batch 1: 1 reference in 1 file rewritten\n"
        "ssot-lint: batch 1: the command or somebody changed 1 file meanwhile, which a rollback "
        "will not overwrite: app/a.py\n"
        "1 batch applied\n",
    )
    assert project.read("app/a.py") == NEW + "# formatted\n"


def test_what_a_command_changed_is_not_undone_and_is_named(make: Make) -> None:
    project = make({"app/a.py": OLD, "app/b.py": OLD})
    command = script(project, FORMATTER) + " 3"
    answer = project.run(*APPLY, "--verify", command, cwd="app")
    assert (answer.code, answer.err) == (
        1,
        f"ssot-lint: batch 1 was undone: '{command}' fails: exit code 3\n"
        "ssot-lint: not restored, because the command or somebody changed it meanwhile: a.py\n",
    )
    assert project.read("app/a.py") == NEW + "# formatted\n"
    assert project.read("app/b.py") == OLD


def test_what_is_edited_before_its_batch_comes_ends_the_run(make: Make) -> None:
    project = make(ONE_EACH)
    verify = "! grep -q new app/a.py || echo '# mine' >> app/b.py"
    answer = project.run(*APPLY, "--verify", verify)
    assert answer.code == 2
    assert answer.err.endswith(
        "ssot-lint: batch 2 cannot be applied: app/b.py: was edited since it was read; plan again\n"
        "ssot-lint: applied before it, and kept: 1 batch\n"
    )
    assert texts(project) == [NEW, OLD + "# mine\n", OLD]


def test_a_hook_that_formats_and_refuses_leaves_what_it_formatted(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make({"app/a.py": OLD, "app/b.py": OLD})
    repository = tracked(project, monkeypatch)
    hook = project.folder / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho '# formatted' >> app/a.py\necho reformatted\nexit 1\n")
    hook.chmod(0o755)
    answer = project.run(*APPLY, "--commit")
    assert (answer.code, answer.err) == (
        1,
        "ssot-lint: batch 1 was undone: --commit: git commit: reformatted\n"
        "ssot-lint: not restored, because the command or somebody changed it meanwhile: app/a.py\n",
    )
    assert repository.git("status", "--porcelain") == " M app/a.py\n"


def test_a_command_that_fails_and_says_nothing_has_one_line(make: Make) -> None:
    answer = make({"app/a.py": OLD}).run(*APPLY, "--verify", "exit 7")
    assert (answer.code, answer.err) == (
        2,
        "ssot-lint: --verify: the command fails before anything is changed (exit code 7), and "
        "names no failure that could be told from later ones\n",
    )


def test_an_empty_command_is_none(make: Make) -> None:
    answer = make({"app/a.py": OLD}).run(*APPLY, "--verify", " ")
    assert (answer.code, answer.err) == (2, "ssot-lint: --verify: the command is empty\n")


def test_where_there_is_nothing_to_do_nothing_is_run_or_left(make: Make) -> None:
    project = make({"app/a.py": NEW})
    answer = project.run(*APPLY, "--verify", "touch ran.txt")
    assert (answer.code, answer.err) == (0, "nothing to do\n")
    assert project.names() == ["app", "rules.yaml"]


# --- a migration without rules ------------------------------------------------------------------


def test_what_needed_no_rules_is_undone_without_rules(make: Make) -> None:
    project = make({"rules.yaml": None, "app/a.py": OLD})
    move = ("--from", "app.old", "--to", "app.new")
    assert project.run(*APPLY, *move).code == 0
    assert "(app.old -> app.new)" in project.run("migrate", "status").out.splitlines()[0]
    assert project.run("rollback").code == 0
    assert project.read("app/a.py") == OLD
    answer = project.run("migrate", "finish")
    assert (answer.code, answer.err) == (
        0,
        "the journal is dropped; nothing was left to roll back\n",
    )
    assert project.run("rollback").err.startswith("ssot-lint: no rules found: ")


# --- files and names of all kinds ---------------------------------------------------------------


def test_a_file_with_two_names_is_rewritten_once(make: Make) -> None:
    project = make({"app/a.py": OLD})
    (project.folder / "app/0.py").symlink_to("a.py")
    answer = project.run(*APPLY)
    assert (answer.code, answer.err) == (
        0,
        "batch 1: 1 reference in 1 file rewritten\n1 batch applied\n",
    )
    assert (project.folder / "app/0.py").is_symlink()
    assert project.read("app/0.py") == project.read("app/a.py") == NEW


BROKEN = OLD + "def (:\n"


def test_a_file_that_does_not_parse_is_left_to_a_human(make: Make) -> None:
    project = make({"app/a.py": OLD, "app/b.py": BROKEN})
    answer = project.run(*APPLY)
    assert answer.code == 0
    assert "app/b.py:2: syntax: not checked: invalid syntax [unreadable-file]\n" in answer.err
    assert project.read("app/b.py") == BROKEN


def test_a_planned_file_that_no_longer_parses_is_refused(make: Make) -> None:
    project = make(USERS)
    project.run("plan")
    project.write({"app/b.py": BROKEN})
    answer = project.run(*APPLY)
    assert answer.code == 2
    assert answer.err.startswith("ssot-lint: batch 1: app/b.py: not checked: invalid syntax\n")
    assert project.read("app/a.py") == OLD


@pytest.mark.skipif(sys.platform == "win32", reason="no such names there")
def test_git_applies_a_difference_whatever_files_are_called(make: Make) -> None:
    names = ("a b", 'q"u', "n\nl", "t\tb", "b\\s", "é", "-d", os.fsdecode(b"\xff"))
    project = make({f"app/{name}.py": OLD for name in names})
    done = project.spawn("migrate", "-q")
    subprocess.run(
        ["git", "apply", "-"], cwd=project.folder, input=os.fsencode(done.out), check=True
    )
    for name in names:
        assert project.read(f"app/{name}.py") == (OLD if name in ("b\\s", names[-1]) else NEW)


def test_a_home_that_was_moved_as_it_was_is_rewritten_with_the_others(make: Make) -> None:
    """It leads on by the old path, until it is rewritten itself."""
    home = {"app/new/__init__.py": "from app.old.impl import X\n", "app/new/impl.py": HOME}
    use = "from app.old.impl import Y\nfrom app.old import X\n"
    project = make({"app/new.py": None, **home, "app/a.py": use})
    project.run("plan")
    assert project.run(*APPLY).code == 0
    assert project.read("app/a.py") == use.replace("app.old", "app.new")
    assert project.read("app/new/__init__.py") == "from app.new.impl import X\n"
    assert project.run(*APPLY).err == "nothing to do\n"
