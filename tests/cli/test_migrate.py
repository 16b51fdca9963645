"""``ssot-lint migrate``: the difference, batches, checks after each, and what is refused."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.projects import NEW, OLD, RULES, Make, Project, interruptible
from tests.git_repository import Repository

ONE_BY_ONE = "migration: {batch_files: 1}\n"
USERS = {"app/a.py": OLD, "app/b.py": OLD, "app/c.py": OLD}
DIFF = """\
--- a/app/a.py
+++ b/app/a.py
@@ -1,1 +1,1 @@
-from app.old import X
+from app.new import X
"""


def tracked(project: Project, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The project's repository, in which everything is committed."""
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@example.org")
    repository = Repository(project.folder)
    repository.write({".gitignore": ".ssot_cache/\n"})
    repository.commit()
    return repository


def python(code: str) -> str:
    return f"{shlex.quote(sys.executable)} -c {shlex.quote(code)}"


def texts(project: Project) -> list[str]:
    return [project.read(path) for path in sorted(USERS)]


# --- the difference -----------------------------------------------------------------------------


def test_without_options_it_shows_the_difference_and_writes_nothing(make: Make) -> None:
    project = make({"app/a.py": OLD})
    before = project.names()
    answer = project.run("migrate")
    assert (answer.code, answer.out) == (0, DIFF)
    assert answer.err == "1 reference in 1 file to rewrite; nothing was written\n"
    assert project.names() == before


def test_the_difference_is_coloured_on_request(make: Make) -> None:
    answer = make({"app/a.py": OLD}).run("migrate", "--color", "-q")
    assert "\x1b[32m+from app.new import X\x1b[0m\n" in answer.out
    assert answer.err == ""


def test_git_applies_the_difference(make: Make) -> None:
    project = make({"app/latin.py": "# coding: latin-1\n# é\n".encode("latin-1") + OLD.encode()})
    done = project.spawn("migrate", "-q")
    raw = os.fsencode(done.out)
    subprocess.run(["git", "apply", "-"], cwd=project.folder, input=raw, check=True)
    assert (project.folder / "app/latin.py").read_bytes() == (
        "# coding: latin-1\n# é\n".encode("latin-1") + NEW.encode()
    )


def test_check_tells_by_the_exit_code_whether_there_is_something_to_rewrite(make: Make) -> None:
    project = make({"app/a.py": OLD})
    assert project.run("migrate", "--check", "-q").code == 1
    assert project.run("migrate", "--apply", "--all").code == 0
    assert project.run("migrate", "--check", "-q").code == 0


def test_what_needs_a_human_is_told_with_its_reason(make: Make) -> None:
    rules = RULES.replace("moved: {", "removed: [app.gone]\n    moved: {")
    project = make({"rules.yaml": rules, "app/a.py": "import app.gone\n" * 2 + OLD})
    answer = project.run("migrate")
    gone = "app.gone: it was removed and has no successor [old-path]\n"
    assert answer.err == (
        "1 reference in 1 file to rewrite; nothing was written\n"
        f"app/a.py:1: {gone}app/a.py:2: {gone}2 references left for a human\n"
    )


def test_of_many_skips_the_first_are_shown(make: Make) -> None:
    rules = RULES.replace("moved: {", "removed: [app.gone]\n    moved: {")
    project = make({"rules.yaml": rules, "app/a.py": "import app.gone\n" * 23})
    answer = project.run("migrate")
    assert answer.err.count("has no successor") == 20
    assert answer.err.endswith("23 references left for a human (3 more: --verbose)\n")
    assert project.run("migrate", "-v").err.count("has no successor") == 23


def test_a_rule_that_carries_no_edits_cannot_be_migrated(make: Make) -> None:
    rules = RULES + "  - {name: none, kind: forbidden-module, reason: r, modules: [app.bad]}\n"
    answer = make({"rules.yaml": rules}).run("migrate", "none")
    assert (answer.code, answer.err) == (
        2,
        "ssot-lint: rule 'none' (kind forbidden-module) carries no edits: only legacy-import, "
        "legacy-reference or import-path does\n",
    )


def test_attribute_uses_follow_without_a_rule_of_their_own(make: Make) -> None:
    rules = RULES.replace("app.old: app.new", "app.old.X: app.new.X")
    files = {"app/old.py": "Y = 1\n", "app/a.py": "from app import old\n\nprint(old.X, old.Y)\n"}
    project = make({"rules.yaml": rules, **files})
    assert project.run("migrate", "--apply", "--all").code == 0
    assert project.read("app/a.py") == (
        "from app import new\nfrom app import old\n\nprint(new.X, old.Y)\n"
    )


# --- strings ------------------------------------------------------------------------------------

STRINGS = "patch('app.old.X')\nSETTING = 'app.old.X'\n"


def test_strings_stay_unless_they_are_asked_for(make: Make) -> None:
    project = make({"app/a.py": OLD + STRINGS})
    answer = project.run("migrate", "--apply", "--all")
    assert project.read("app/a.py") == NEW + STRINGS
    assert answer.err.endswith(
        "2 strings left as they are; --strings rewrites those that surely name a path\n"
    )


def test_strings_are_rewritten_in_listed_calls_only(make: Make) -> None:
    project = make({"app/a.py": OLD + STRINGS})
    answer = project.run("migrate", "--apply", "--all", "--strings")
    assert project.read("app/a.py") == NEW + STRINGS.replace("patch('app.old", "patch('app.new")
    assert (
        "app/a.py:3: app.old.X: a string, and no argument of a call that 'migration: calls' lists "
        "[old-path]\n"
    ) in answer.err


# --- batches ------------------------------------------------------------------------------------


def test_next_applies_one_batch_after_the_other(make: Make) -> None:
    project = make({"rules.yaml": RULES + ONE_BY_ONE, **USERS})
    for done in ([NEW, OLD, OLD], [NEW, NEW, OLD], [NEW, NEW, NEW]):
        answer = project.run("migrate", "--apply", "--next")
        assert (answer.code, answer.out) == (0, "")
        assert answer.err == "batch 1: 1 reference in 1 file rewritten\n1 batch applied\n"
        assert texts(project) == done
    assert project.run("migrate", "--apply", "--next").err == "nothing to do\n"


def test_all_applies_every_batch(make: Make) -> None:
    project = make({"rules.yaml": RULES + ONE_BY_ONE, **USERS})
    answer = project.run("migrate", "--apply", "--all")
    assert texts(project) == [NEW] * 3
    assert answer.err == (
        "batch 1: 1 reference in 1 file rewritten\n"
        "batch 2: 1 reference in 1 file rewritten\n"
        "batch 3: 1 reference in 1 file rewritten\n"
        "3 batches applied\n"
    )


def test_a_number_applies_that_batch(make: Make) -> None:
    project = make({"rules.yaml": RULES + ONE_BY_ONE, **USERS})
    assert project.run("migrate", "--apply", "--batch", "2").code == 0
    assert texts(project) == [OLD, NEW, OLD]
    answer = project.run("migrate", "--batch", "7")
    assert (answer.code, answer.err) == (
        2,
        "ssot-lint: the plan has no batch 7; its batches are 1, 2\n",
    )


def test_the_baseline_shrinks_with_each_batch(make: Make) -> None:
    project = make({"rules.yaml": RULES + ONE_BY_ONE, **USERS})
    project.run("baseline", "create")
    answer = project.run("migrate", "--apply", "--next")
    assert answer.err.startswith(
        "batch 1: 1 reference in 1 file rewritten, 2 violations tolerated from now on\n"
    )
    assert "app/a.py:\napp/b.py:\n  old-path app.old.X: 1\n" in project.read()
    assert project.run("check").code == 0


def test_a_second_run_has_nothing_to_do(make: Make) -> None:
    project = make(USERS)
    project.run("migrate", "--apply", "--all")
    answer = project.run("migrate", "--apply", "--all")
    assert (answer.code, answer.out, answer.err) == (0, "", "nothing to do\n")


# --- checks -------------------------------------------------------------------------------------


def test_a_batch_that_fails_its_command_is_undone_and_the_run_stops(make: Make) -> None:
    project = make({"rules.yaml": RULES + ONE_BY_ONE, **USERS})
    project.run("baseline", "create")
    before = project.read()
    command = python("import sys; 'app.new' in open('app/b.py').read() and sys.exit('b is broken')")
    answer = project.run("migrate", "--apply", "--all", "--verify", command)
    assert answer.code == 1
    assert texts(project) == [NEW, OLD, OLD]
    assert answer.err == (
        "batch 1: 1 reference in 1 file rewritten, 2 violations tolerated from now on\n"
        f"ssot-lint: batch 2 was undone: '{command}' fails: exit code 1\n"
        "    b is broken\n"
        "ssot-lint: applied before it, and kept: 1 batch\n"
    )
    assert project.read() == before.replace("app/a.py:\n  old-path app.old.X: 1\n", "app/a.py:\n")


def test_failures_that_were_there_before_do_not_count(make: Make) -> None:
    project = make({"app/a.py": OLD})
    command = python("import sys; print('FAILED tests/a.py::test_a - broken'); sys.exit(1)")
    assert project.run("migrate", "--apply", "--all", "--verify", command).code == 0
    assert project.read("app/a.py") == NEW


def test_a_command_that_fails_without_a_name_for_it_is_refused_at_once(make: Make) -> None:
    project = make({"app/a.py": OLD})
    answer = project.run("migrate", "--apply", "--all", "--verify", python("raise SystemExit(7)"))
    assert answer.code == 2
    assert answer.err.startswith(
        "ssot-lint: --verify: the command fails before anything is changed (exit code 7), and "
        "names no failure that could be told from later ones\n"
    )
    assert project.read("app/a.py") == OLD


def test_a_batch_after_which_check_finds_something_new_is_undone(make: Make) -> None:
    rules = RULES + (
        "  - {name: not-new, kind: restricted-import, reason: r, modules: [app.new],"
        " allow_in: [tests]}\n"
    )
    project = make({"rules.yaml": rules, "app/a.py": OLD})
    answer = project.run("migrate", "old-path", "--apply", "--all")
    assert answer.code == 1
    assert answer.err.startswith(
        "ssot-lint: batch 1 was undone: check finds 1 violation not there before\n"
        "    app/a.py:1:21: SOT105 "
    )
    assert project.read("app/a.py") == OLD


def test_violations_that_were_new_before_do_not_count(make: Make) -> None:
    rules = RULES.replace("moved: {", "removed: [app.gone]\n    moved: {")
    project = make({"rules.yaml": rules, "app/a.py": "import app.gone\n" + OLD})
    assert project.run("migrate", "--apply", "--all").code == 0
    assert project.read("app/a.py") == "import app.gone\n" + NEW


# --- git ----------------------------------------------------------------------------------------


def test_commit_makes_one_commit_for_each_batch(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make({"rules.yaml": RULES + ONE_BY_ONE, **USERS})
    project.run("baseline", "create")
    repository = tracked(project, monkeypatch)
    answer = project.run("migrate", "--apply", "--all", "--commit")
    assert answer.code == 0
    commits = repository.git("log", "--format=%H", "--reverse").split()[1:]
    assert [f"commit {commit[:12]}" in answer.err for commit in commits] == [True] * 3
    assert repository.git("show", "--format=%B", "--name-only", commits[0]).split("\n") == [
        "Use app.new.X in 1 file",
        "",
        "app.old.X -> app.new.X (1)",
        "",
        "Batch 1 of the migration.",
        "",
        "",
        "app/a.py",
        "ssot-baseline.yml",
        "",
    ]
    assert repository.git("status", "--porcelain") == ""


def test_a_commit_that_is_refused_undoes_the_batch(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make({"app/a.py": OLD})
    repository = tracked(project, monkeypatch)
    hook = project.folder / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no thanks >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    answer = project.run("migrate", "--apply", "--all", "--commit")
    assert (answer.code, answer.err) == (
        1,
        "ssot-lint: batch 1 was undone: --commit: git commit: no thanks\n",
    )
    assert repository.git("status", "--porcelain") == ""


def test_files_that_git_does_not_have_as_they_are_are_left_alone(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make({"app/a.py": "", "app/b.py": OLD})
    tracked(project, monkeypatch)
    project.write({"app/a.py": OLD})
    answer = project.run("migrate", "--apply", "--all")
    assert (answer.code, answer.err) == (
        2,
        "ssot-lint: not as git has them: app/a.py; commit or stash these first, or use "
        "--allow-dirty\n",
    )
    assert project.read("app/b.py") == OLD
    assert project.run("migrate", "--apply", "--all", "--allow-dirty").code == 0
    assert project.read("app/a.py") == NEW


def test_a_baseline_that_git_does_not_have_as_it_is_is_left_alone_too(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make({"app/a.py": OLD})
    tracked(project, monkeypatch)
    project.run("baseline", "create")
    answer = project.run("migrate", "--apply", "--all")
    assert (answer.code, project.read("app/a.py")) == (2, OLD)
    assert "not as git has them: ssot-baseline.yml;" in answer.err


def test_without_a_repository_there_is_nothing_to_commit_to(make: Make) -> None:
    project = make({"app/a.py": OLD})
    answer = project.run("migrate", "--apply", "--all", "--commit")
    assert (answer.code, answer.err) == (
        2,
        f"ssot-lint: --commit: {project.folder} is not in a git repository, or there is no git\n",
    )


def test_without_git_it_works_all_the_same(make: Make, tmp_path: Path) -> None:
    project = make({"app/a.py": OLD})
    done = project.spawn("migrate", "--apply", "--all", env={"PATH": str(tmp_path)})
    assert (done.code, done.err) == (
        0,
        "batch 1: 1 reference in 1 file rewritten\n1 batch applied\n",
    )
    assert project.read("app/a.py") == NEW
    assert ".ssot_journal" in project.names()


# --- a plan in a file ---------------------------------------------------------------------------


def planned(make: Make) -> Project:
    project = make({"rules.yaml": RULES + ONE_BY_ONE, **USERS})
    assert project.run("plan").code == 0
    return project


def test_the_plan_in_its_file_decides(make: Make) -> None:
    project = planned(make)
    for done in ([NEW, OLD, OLD], [NEW, NEW, OLD], [NEW, NEW, NEW]):
        assert project.run("migrate", "--apply", "--next").code == 0
        assert texts(project) == done


def test_a_file_that_changed_since_it_was_planned_is_refused(make: Make) -> None:
    project = planned(make)
    project.write({"app/b.py": OLD + OLD.replace("X", "Y")})
    answer = project.run("migrate", "--apply", "--all")
    assert (answer.code, answer.err) == (
        2,
        "ssot-lint: batch 2: app/b.py: changed since it was planned\n"
        "ssot-lint: the plan is out of date, or was made for other rules or without --strings: "
        "'ssot-lint plan --force' makes it again\n",
    )
    assert texts(project)[0] == OLD


def test_a_file_that_is_gone_is_refused(make: Make) -> None:
    project = planned(make)
    project.write({"app/b.py": None})
    answer = project.run("migrate", "--apply", "--batch", "2")
    assert (answer.code, answer.err) == (
        2,
        "ssot-lint: batch 2: app/b.py: no such file\n"
        "ssot-lint: the plan is out of date, or was made for other rules or without --strings: "
        "'ssot-lint plan --force' makes it again\n",
    )


def test_a_plan_of_another_tree_is_refused(make: Make) -> None:
    project = planned(make)
    project.write(dict.fromkeys(USERS) | {"app/d.py": OLD})
    answer = project.run("migrate", "--apply", "--all")
    assert answer.code == 2
    assert answer.err.startswith("ssot-lint: batch 1: app/a.py: no such file\n")
    assert project.read("app/d.py") == OLD


def test_files_that_stand_in_no_batch_are_told(make: Make) -> None:
    project = planned(make)
    project.write({"app/d.py": OLD})
    answer = project.run("migrate", "--apply", "--all")
    assert answer.code == 0
    assert project.read("app/d.py") == OLD
    assert answer.err.endswith(
        "ssot-lint: in no batch of the plan, and so left as they are: 1 file; 'ssot-lint plan "
        "--force' plans anew\n"
    )


def test_a_plan_that_is_named_must_exist(make: Make) -> None:
    answer = make(USERS).run("migrate", "--plan", "no.yml")
    assert (answer.code, answer.err) == (
        2,
        "ssot-lint: no.yml: cannot be read: No such file or directory\n",
    )


# --- a move that stands in no rules file --------------------------------------------------------


def test_from_and_to_need_no_rules(make: Make) -> None:
    project = make({"rules.yaml": None, **USERS})
    answer = project.run("migrate", "--from", "app.old", "--to", "app.new", "--apply", "--all")
    assert (answer.code, texts(project)) == (0, [NEW] * 3)
    assert answer.err.endswith("1 batch applied\n")


def test_from_and_to_leave_the_rules_aside(make: Make) -> None:
    project = make({"app/a.py": "from app.new import X\n", "app/newer.py": "X = 1\n"})
    answer = project.run("migrate", "--from", "app.new", "--to", "app.newer", "-q")
    assert "+from app.newer import X\n" in answer.out


def test_stars_take_along_what_they_stand_for(make: Make) -> None:
    files = {
        "app/one_old.py": "X = 1\n",
        "app/homes/one.py": "X = 1\n",
        "app/homes/two.py": "X = 1\n",
        "app/a.py": "from app.one_old import X\nimport app.two_old as two\n",
    }
    project = make({"rules.yaml": None, **files})
    move = ("--from", "app.*_old", "--to", "app.homes.*")
    assert project.run("migrate", *move, "--apply", "--all").code == 0
    assert project.read("app/a.py") == "from app.homes.one import X\nimport app.homes.two as two\n"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("app old", "b", "--from: 'app old' is no dotted path such as shop.orders.Order"),
        ("a", "b.", "--to: 'b.' is no dotted path such as shop.orders.Order"),
        ("a", "a", "--from and --to are the same: 'a'"),
        ("a.*", "b", "--from 'a.*' and --to 'b' need as many '*'"),
        ("a.**", "b.**", "--from: 'a.**': '*' stands for a part of one component only"),
        ("*.a", "*.b", "--from: '*.a': the first component must not hold a '*'"),
        ("none.*", "b.*", "--from: no import in the project spells 'none.*'"),
    ],
)
def test_a_move_that_is_none(make: Make, old: str, new: str, problem: str) -> None:
    answer = make(USERS).run("migrate", "--from", old, "--to", new)
    assert (answer.code, answer.err) == (2, f"ssot-lint: {problem}\n")


# --- options that say nothing together ----------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--from", "a"], "--from and --to need each other"),
        (
            ["--from", "a", "--to", "b", "old-path"],
            "--from and --to name the move: leave RULE and --plan out",
        ),
        (["--next", "--all"], "--next and --all exclude each other"),
        (["--apply"], "--apply needs one of --batch N, --next and --all"),
        (["--apply", "--all", "--check"], "--apply and --check exclude each other"),
        (
            ["--apply", "--all", "--commit", "--allow-dirty"],
            "--commit and --allow-dirty exclude each other: what is uncommitted would be "
            "committed with the batch",
        ),
        (["--verify", "true"], "--verify needs --apply"),
        (["--commit"], "--commit needs --apply"),
        (["--allow-dirty"], "--allow-dirty needs --apply"),
    ],
)
def test_contradictions(make: Make, arguments: list[str], problem: str) -> None:
    answer = make(USERS).run("migrate", *arguments)
    assert (answer.code, answer.err) == (2, f"ssot-lint: {problem}\n")


# --- status and finish --------------------------------------------------------------------------


def test_status_tells_what_became_of_each_batch(make: Make) -> None:
    project = make({"rules.yaml": RULES + ONE_BY_ONE, **USERS})
    nothing = "nothing was migrated since the last 'ssot-lint migrate finish'\n"
    assert project.run("migrate", "status").out == nothing
    project.run("migrate", "--apply", "--all")
    answer = project.run("migrate", "status")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0].startswith("run 2")
    assert lines[1:4] == [f"  batch {number}: applied, 1 file" for number in (1, 2, 3)]
    assert lines[4] == "2 images (0 kB) for a rollback in .ssot_journal"


def test_finish_drops_what_a_rollback_needs(make: Make) -> None:
    project = make({"rules.yaml": RULES + ONE_BY_ONE, **USERS})
    assert project.run("migrate", "finish").err == "there is nothing to finish\n"
    project.run("migrate", "--apply", "--all")
    answer = project.run("migrate", "finish")
    assert (answer.code, answer.err) == (0, "3 batches of 1 run can no longer be rolled back\n")
    assert ".ssot_journal" not in project.names()
    assert project.run("rollback").err == "nothing to roll back\n"


def test_rollback_restores_every_byte(make: Make) -> None:
    project = make({"rules.yaml": RULES + ONE_BY_ONE, **USERS})
    project.run("baseline", "create")
    before = texts(project), project.read()
    project.run("migrate", "--apply", "--all")
    assert project.run("rollback").code == 0
    assert (texts(project), project.read()) == before


def test_an_interrupt_during_the_command_undoes_the_batch(make: Make) -> None:
    project = make({"app/a.py": OLD})
    code = (
        "import os, signal, sys\n"
        "if 'app.new' in open('app/a.py').read():\n"
        "    os.kill(os.getppid(), signal.SIGINT)\n"
    )
    (project.folder / "interrupt.py").write_text(code, encoding="utf-8")
    command = f"exec {shlex.quote(sys.executable)} interrupt.py"
    done = project.spawn(
        "migrate", "--apply", "--all", "--verify", command, preexec_fn=interruptible
    )
    assert (done.code, project.read("app/a.py")) == (130, OLD)
    assert project.run("migrate", "status").out.splitlines()[1] == "  batch 1: undone, 1 file"


def test_others_do_not_write_while_a_batch_is_open(make: Make) -> None:
    project = make({"app/a.py": OLD})
    command = python(
        "import subprocess, sys\n"
        "done = subprocess.run([sys.executable, '-m', 'ssot_lint', 'baseline', 'create'])\n"
        "sys.exit(0 if done.returncode == 2 else 9)"
    )
    done = project.spawn("migrate", "--apply", "--all", "--verify", command)
    assert (done.code, project.read("app/a.py")) == (0, NEW)
    assert "ssot-baseline.yml" not in project.names()
