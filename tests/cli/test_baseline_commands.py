"""``ssot-lint baseline``: each command, each option, and what they refuse."""

from __future__ import annotations

import os

import pytest

from tests.cli.projects import NEW, OLD, RULES, Make, Project
from tests.cli.test_check import BROKEN_RULE, THREE, baseline
from tests.git_repository import Repository

HEADER = "# ssot-baseline v1 (machine-written: see `ssot-lint baseline --help`)\n"
NAMED = RULES.replace("rules:", "baseline: named.yml\nrules:")
COMMANDS = {
    "create": [],
    "status": [],
    "shrink": [],
    "update": ["--accept-new", "why"],
    "diff": [],
    "resolve": [],
    "compact": [],
    "rename": ["old-path", "old-path"],
    "forget": ["old-path"],
}
"""The commands that work on the project's baseline, with the arguments that they need."""


def frozen(make: Make, files: dict[str, str]) -> Project:
    """A project whose violations are all in its baseline."""
    project = make(files)
    assert project.run("baseline", "create").code == 0
    return project


def test_create_freezes_what_exists(make: Make) -> None:
    project = make({"app/use.py": OLD * 2, "app/more.py": OLD})
    answer = project.run("baseline", "create")
    said = "ssot-baseline.yml: 3 violations in 2 files tolerated from now on\n"
    assert (answer.code, answer.out, answer.err) == (0, "", said)
    assert project.read() == baseline("app/more.py app.old.X", "app/use.py app.old.X 2")
    assert project.run("check").code == 0


def test_create_refuses_a_baseline_that_exists(make: Make) -> None:
    project = make({"app/use.py": OLD, "ssot-baseline.yml": "anything"})
    answer = project.run("baseline", "create")
    assert answer.code == 2
    assert answer.err == (
        "ssot-lint: ssot-baseline.yml exists already: 'ssot-lint baseline shrink' removes what is "
        "fixed, 'ssot-lint baseline create --rule NAME' adds a rule that has no entries\n"
    )
    assert project.read() == "anything"


def test_create_rule_freezes_one_rule_more(make: Make) -> None:
    project = frozen(make, {"app/use.py": OLD})
    project.write({"rules.yaml": THREE, "app/factory.py": "", "app/more.py": OLD})
    answer = project.run("baseline", "create", "--rule", "factory-module")
    assert answer.err == "ssot-baseline.yml: 1 violation in 1 file tolerated from now on\n"
    assert project.read() == (
        f"{HEADER}app/factory.py:\n  factory-module app.factory: 1\n"
        "app/use.py:\n  old-path app.old.X: 1\n"
    )


def test_create_rule_makes_the_file_too(make: Make) -> None:
    project = make({"rules.yaml": THREE, "app/factory.py": "", "app/more.py": OLD})
    assert project.run("baseline", "create", "--rule", "factory-module").code == 0
    assert project.read() == f"{HEADER}app/factory.py:\n  factory-module app.factory: 1\n"


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (
            "old-path",
            "the baseline has entries of rule 'old-path' already; "
            "'ssot-lint baseline update --accept-new REASON' is the way to add more",
        ),
        ("old-pth", "there is no rule 'old-pth', did you mean 'old-path'?"),
    ],
)
def test_create_rule_refuses(make: Make, rule: str, line: str) -> None:
    project = frozen(make, {"app/use.py": OLD})
    before = project.read()
    answer = project.run("baseline", "create", "--rule", rule)
    assert (answer.code, answer.err, project.read()) == (2, f"ssot-lint: {line}\n", before)


def test_status_counts_and_writes_nothing(make: Make) -> None:
    project = make({"app/use.py": OLD * 2, "app/excused.py": OLD, "app/out.py": OLD})
    project.write({"app/broken.py": OLD, "app/fixed.py": OLD})
    project.run("baseline", "create")
    project.write({"app/use.py": OLD * 3, "app/excused.py": f"{OLD.rstrip()}  # noqa\n"})
    project.write({"app/broken.py": "def (", "app/fixed.py": NEW})
    project.write({"rules.yaml": RULES.replace("rules:", "exclude: [out.py]\nrules:")})
    before = project.read()
    answer = project.run("baseline", "status")
    assert (answer.code, answer.err, project.read()) == (0, "", before)
    assert answer.out == (
        "rule      baseline  known  new  fixed  suppressed  out of scope  unknown\n"
        "old-path         6      2    1      1           1             1        1\n"
    )


def test_shrink_removes_what_is_fixed_and_adds_nothing(make: Make) -> None:
    project = frozen(make, {"app/use.py": OLD * 3, "app/more.py": OLD})
    project.write({"app/use.py": OLD, "app/more.py": NEW, "app/third.py": OLD})
    answer = project.run("baseline", "shrink")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == "ssot-baseline.yml: 4 violations tolerated before, 1 now\n"
    assert project.read() == f"{HEADER}app/more.py:\napp/use.py:\n  old-path app.old.X: 1\n"
    answer = project.run("baseline", "shrink")
    assert answer.err == "ssot-baseline.yml: nothing to change, 1 violation tolerated\n"


def test_shrink_without_a_baseline_has_nothing_to_do(make: Make) -> None:
    answer = make({"a.py": OLD}).run("baseline", "shrink")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == "ssot-baseline.yml: there is no baseline, nothing to shrink\n"


def test_shrink_of_a_baseline_that_was_named_and_is_missing_is_refused(make: Make) -> None:
    project = make({"rules.yaml": RULES + "baseline: mine.yml\n"})
    answer = project.run("baseline", "shrink")
    assert (answer.code, answer.err) == (
        2,
        "ssot-lint: mine.yml: there is no such baseline; 'ssot-lint baseline create' makes it\n",
    )


def test_what_a_killed_run_left_is_swept(make: Make) -> None:
    project = make({"a.py": OLD, ".ssot-tmp-0123": "half a bas", ".ssot-tmp-4567": "at work"})
    long_ago = project.folder / ".ssot-tmp-0123"
    os.utime(long_ago, (0, 0))
    assert project.run("baseline", "create").code == 0
    assert not long_ago.exists()
    assert (project.folder / ".ssot-tmp-4567").exists()


def test_create_says_which_files_it_knows_nothing_of(make: Make) -> None:
    project = make({"a.py": "from app.old import (\n"})
    assert project.run("baseline", "create").err == (
        "ssot-baseline.yml: 1 violation in 1 file tolerated from now on\n"
        "ssot-lint: 1 file could not be checked (SOT001), and may hold more\n"
    )


def test_shrink_follows_a_renamed_file(make: Make) -> None:
    project = frozen(make, {"app/use.py": OLD})
    project.write({"app/use.py": None, "app/moved.py": OLD})
    assert project.run("check").code == 0
    assert project.run("baseline", "shrink").code == 0
    assert "app/moved.py:\n  old-path app.old.X: 1\n" in project.read()


def test_update_accepts_new_violations_for_a_reason(make: Make) -> None:
    project = frozen(make, {"app/use.py": OLD, "app/fixed.py": OLD})
    project.write({"app/fixed.py": NEW, "app/new_one.py": OLD})
    answer = project.run("baseline", "update", "--accept-new", "a  hotfix")
    assert answer.err == "ssot-baseline.yml: 2 violations tolerated before, 2 now\n"
    assert '  old-path app.old.X: {n: 1, accepted: "a hotfix"}\n' in project.read()
    assert project.run("check").code == 0


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--accept-new", " "], "new violations are accepted with a reason only: say why"),
        ([], "Missing option '--accept-new'; see 'ssot-lint baseline update --help'"),
    ],
)
def test_update_wants_the_reason(make: Make, options: list[str], line: str) -> None:
    project = frozen(make, {"app/use.py": OLD})
    project.write({"app/more.py": OLD})
    before = project.read()
    answer = project.run("baseline", "update", *options)
    assert (answer.code, answer.err, project.read()) == (2, f"ssot-lint: {line}\n", before)


def test_diff_tells_what_grew_and_shrank(make: Make) -> None:
    project = frozen(make, {"app/use.py": OLD * 2, "app/more.py": OLD})
    repository = Repository(project.folder)
    first = repository.commit()
    project.write({"app/use.py": OLD, "app/third.py": OLD})
    project.run("baseline", "update", "--accept-new", "why")
    answer = project.run("baseline", "diff")
    assert answer.code == 0
    assert answer.out == (
        "+1 app/third.py: old-path app.old.X\n-1 app/use.py: old-path app.old.X\n"
    )
    assert answer.err == "ssot-baseline.yml: 1 more, 1 fewer since HEAD\n"
    repository.commit()
    assert project.run("baseline", "diff").out == ""
    assert project.run("baseline", "diff", first, cwd="app").out == answer.out
    answer = project.run("baseline", "diff", "nowhere")
    assert (answer.code, answer.err) == (
        2,
        "ssot-lint: no revision 'nowhere': git fetch origin nowhere\n",
    )


def test_diff_counts_from_nothing_where_there_was_no_baseline(make: Make) -> None:
    project = make({"app/use.py": OLD})
    Repository(project.folder).commit()
    project.run("baseline", "create")
    answer = project.run("baseline", "diff")
    assert answer.out == "+1 app/use.py: old-path app.old.X\n"
    assert answer.err == "ssot-baseline.yml: 1 more, 0 fewer since HEAD\n"


def test_diff_finds_a_baseline_that_lies_beside_the_root(make: Make) -> None:
    project = make({"app/use.py": OLD})
    repository = Repository(project.folder.parent)
    asked = ("--baseline", "../side.yml")
    project.run("baseline", "create", *asked)
    repository.commit()
    project.write({"app/use.py": NEW})
    project.run("baseline", "shrink", *asked)
    answer = project.run("baseline", "diff", *asked)
    assert answer.out == "-1 app/use.py: old-path app.old.X\n"


def test_merge_is_gits_driver(make: Make) -> None:
    project = make({"base": baseline("a.py app.old.X 3"), "ours": baseline("a.py app.old.X 2")})
    project.write({"theirs": baseline("a.py app.old.X 2")})
    answer = project.run("baseline", "merge", "base", "ours", "theirs")
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    assert project.read("ours") == baseline("a.py app.old.X 2")
    assert project.read("theirs") == baseline("a.py app.old.X 2")


def test_merge_takes_an_empty_base_for_none(make: Make) -> None:
    project = make({"base": "", "ours": baseline("a.py app.old.X"), "theirs": baseline()})
    assert project.run("baseline", "merge", "base", "ours", "theirs").code == 0
    assert project.read("ours") == baseline("a.py app.old.X")


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({"ours": ""}, f"ours:1: empty; a baseline begins with '{HEADER.split(' (')[0]}'"),
        ({"theirs": "x\n"}, f"theirs:1: no baseline: the first line must be '{HEADER.strip()}'"),
        ({"theirs": None}, "theirs: cannot be read: No such file or directory"),
        ({"base": None}, "base: cannot be read: No such file or directory"),
    ],
)
def test_merge_refuses_damage_and_leaves_ours(
    make: Make, files: dict[str, str | None], line: str
) -> None:
    project = make({"base": baseline(), "ours": baseline("a.py app.old.X"), "theirs": baseline()})
    ours = project.write(files).read("ours")
    answer = project.run("baseline", "merge", "base", "ours", "theirs")
    assert (answer.code, answer.err) == (2, f"ssot-lint: {line}\n")
    assert project.read("ours") == ours


def test_resolve_settles_a_conflict(make: Make) -> None:
    project = frozen(make, {"app/a.py": OLD, "app/b.py": OLD})
    repository = Repository(project.folder)
    repository.commit()
    for branch, path in (("left", "app/aa.py"), ("right", "app/ab.py")):
        repository.branch(branch, "main")
        project.write({path: OLD})
        project.run("baseline", "update", "--accept-new", "why")
        repository.commit()
    assert not repository.merge("left"), "both added a line at the same place"
    answer = project.run("check")
    assert answer.code == 2
    assert "conflict markers of a merge: run 'ssot-lint baseline resolve'" in answer.err
    answer = project.run("baseline", "resolve")
    assert answer.code == 0
    assert answer.err == (
        "ssot-baseline.yml: resolved, 4 violations tolerated; now 'git add ssot-baseline.yml'\n"
    )
    assert project.run("check").code == 0


def test_compact_drops_the_lines_of_clean_files(make: Make) -> None:
    project = frozen(make, {"app/use.py": OLD, "app/more.py": OLD})
    project.write({"app/more.py": NEW})
    project.run("baseline", "shrink")
    assert "app/more.py:" in project.read()
    answer = project.run("baseline", "compact")
    assert answer.err == "ssot-baseline.yml: 1 clean file dropped\n"
    assert project.read() == baseline("app/use.py app.old.X")


def test_rename_follows_a_rule(make: Make) -> None:
    project = frozen(make, {"app/use.py": OLD})
    project.write({"rules.yaml": RULES.replace("old-path", "stale-path")})
    answer = project.run("check")
    assert answer.code == 2
    assert answer.err == (
        "ssot-lint: ssot-baseline.yml: has entries of rule 'old-path', which the rules lack: "
        "'ssot-lint baseline forget old-path' drops them, "
        "'ssot-lint baseline rename old-path NEW' renames them\n"
    )
    answer = project.run("baseline", "rename", "old-path", "stale-pth")
    assert (answer.code, answer.err) == (
        2,
        "ssot-lint: there is no rule 'stale-pth', did you mean 'stale-path'?\n",
    )
    assert project.run("baseline", "rename", "old-path", "stale-path").code == 0
    assert project.read() == baseline("app/use.py app.old.X").replace("old-path", "stale-path")
    assert project.run("check").code == 0


def test_forget_drops_a_retired_rule(make: Make) -> None:
    project = make({"rules.yaml": THREE, "app/factory.py": "", "app/use.py": OLD})
    project.run("baseline", "create")
    project.write({"rules.yaml": RULES})
    answer = project.run("baseline", "forget", "factory-module")
    assert answer.err == "ssot-baseline.yml: 2 violations tolerated before, 1 now\n"
    assert project.run("check").code == 0
    answer = project.run("baseline", "forget", "factory-modul")
    assert (answer.code, answer.err) == (
        2,
        "ssot-lint: the baseline has no entries of rule 'factory-modul'\n",
    )


# Options that all of them have


@pytest.mark.parametrize("command", [c for c in COMMANDS if c not in ("create", "shrink")])
def test_without_a_baseline_the_line_names_create(make: Make, command: str) -> None:
    project = make({"app/use.py": OLD})
    Repository(project.folder).commit()
    answer = project.run("baseline", command, *COMMANDS[command])
    assert answer.code == 2
    assert answer.err.startswith("ssot-lint: ssot-baseline.yml: ")
    assert answer.err.count("\n") == 1
    assert "ssot-baseline.yml" not in project.names()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_baseline_that_is_meant(make: Make, command: str) -> None:
    """The rules' ``baseline:``, and ``--baseline`` before it, relative to the working directory."""
    project = make({"app/use.py": OLD, "rules.yaml": NAMED})
    Repository(project.folder).commit()
    for options, name in (([], "named.yml"), (["--baseline", "mine.yml"], "app/mine.yml")):
        answer = project.run("baseline", command, *COMMANDS[command], *options, cwd="app")
        assert f"{name}: " in answer.err
        assert (project.folder / name).exists() is (command == "create")


@pytest.mark.parametrize("command", COMMANDS)
def test_rules_and_root_are_found_as_check_finds_them(make: Make, command: str) -> None:
    project = make({"rules.yaml": None, "far/r.yaml": RULES, "app/use.py": OLD})
    given = ("baseline", command, *COMMANDS[command])
    answer = project.run(*given)
    assert answer.code == 2
    assert answer.err.startswith("ssot-lint: no rules found: ")
    Repository(project.folder)
    answer = project.run(*given, "--rules", "far/r.yaml", "--root", ".", "--baseline", "b.yml")
    assert "b.yml: " in answer.err
    assert (project.folder / "b.yml").exists() is (command == "create")


@pytest.mark.parametrize("command", ["create", "status", "shrink", "update"])
def test_a_rule_that_cannot_work_stops_what_needs_a_run(make: Make, command: str) -> None:
    project = make({"rules.yaml": BROKEN_RULE, "ssot-baseline.yml": baseline("a.py app.old.X")})
    if command == "create":
        project.write({"ssot-baseline.yml": None})
    before = project.names()
    answer = project.run("baseline", command, *COMMANDS[command])
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "ssot-lint: rules.yaml:12:5: rule 'one-x' cannot work: home 'app.gone.X' leads nowhere: "
        "missing module app.gone\n"
    )
    assert project.names() == before


@pytest.mark.parametrize("command", ["status", "shrink", "update", "diff", "compact"])
def test_entries_of_an_unknown_rule_stop_what_cannot_mend_them(make: Make, command: str) -> None:
    project = make({"ssot-baseline.yml": baseline("a.py app.old.X").replace("old-path", "gone")})
    before = project.read()
    answer = project.run("baseline", command, *COMMANDS[command])
    assert answer.code == 2
    assert answer.err.startswith(
        "ssot-lint: ssot-baseline.yml: has entries of rule 'gone', which the rules lack: "
        "'ssot-lint baseline forget gone' drops them"
    )
    assert project.read() == before
