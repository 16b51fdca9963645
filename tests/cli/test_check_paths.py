"""``ssot-lint check PATHS``: what is asked for, from where, and on standard input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.projects import NEW, OLD, RULES, Make, Project, said
from tests.cli.test_check import STALE

TREE = {
    "app/one.py": OLD,
    "app/sub/two.py": OLD,
    "tools/three.py": OLD,
    "tools/notes.txt": OLD,
}


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        pytest.param([], ["app/one.py", "app/sub/two.py", "tools/three.py"], id="nothing: all"),
        pytest.param(["."], ["app/one.py", "app/sub/two.py", "tools/three.py"], id="the root: all"),
        pytest.param(
            [".", "app/one.py"],
            ["app/one.py", "app/sub/two.py", "tools/three.py"],
            id="the root and a file: all",
        ),
        pytest.param(["app"], ["app/one.py", "app/sub/two.py"], id="a folder"),
        pytest.param(["app/"], ["app/one.py", "app/sub/two.py"], id="a folder with a slash"),
        pytest.param(["app/sub", "tools"], ["app/sub/two.py", "tools/three.py"], id="two folders"),
        pytest.param(["app/one.py"], ["app/one.py"], id="a file"),
        pytest.param(["app/one.py", "app/one.py"], ["app/one.py"], id="a file twice"),
        pytest.param(["app/../app/one.py"], ["app/one.py"], id="a detour"),
    ],
)
def test_paths_filter_what_is_reported(make: Make, paths: list[str], found: list[str]) -> None:
    answer = make(TREE).run("check", "--format", "json", *paths)
    assert [path for path, _, _ in answer.found] == found
    assert answer.code == 1
    assert answer.report["complete"] is (not paths or "." in paths)


def test_absolute_paths_are_the_same(make: Make) -> None:
    project = make(TREE)
    relative = project.run("check", "app/one.py", "--format", "json")
    absolute = project.run("check", str(project.folder / "app/one.py"), "--format", "json")
    assert absolute == relative
    assert project.run("check", str(project.folder.parent), "--rules", "rules.yaml").code == 1


def test_only_a_full_run_knows_what_is_stale_idle_broken_or_unused(make: Make) -> None:
    rules = f"{RULES}    allow_in: [nowhere]\n"
    files = {**STALE, "rules.yaml": rules, "app/use.py": "X = 1  # ssot: allow old-path\n"}
    project = make(files)
    full = project.run("check", "--format", "json")
    assert full.found == [("app/use.py", "unused-suppression", "new")]
    assert [entry["path"] for entry in full.report["stale"]] == ["app/gone.py"]
    assert [note["topic"] for note in full.report["notes"]] == ["idle"]
    for paths in (["app"], ["app/use.py", "app/gone.py"]):
        part = project.run("check", "--format", "json", "--stale=fail", *paths)
        assert (part.code, part.found, part.report["stale"], part.report["notes"]) == (
            0,
            [],
            [],
            [],
        )


def test_a_file_that_no_rule_may_judge_is_named(make: Make) -> None:
    project = make({**TREE, "rules.yaml": RULES.replace("rules:", "exclude: [/app/sub/]\nrules:")})
    answer = project.run("check", "app/sub/two.py", "tools/notes.txt")
    assert answer.code == 0
    assert answer.out.endswith(
        "Notes:\n"
        "  no file was judged\n"
        "  app/sub/two.py: not judged: excluded\n"
        "  tools/notes.txt: not judged: not a Python file\n"
    )


# Kinds that need the project

SHIM = {
    "rules.yaml": f"""\
{RULES}
  - name: other-x
    kind: divergent-name
    reason: One X.
    names: [X]
    home: app.new.X
""",
    "app/other.py": "X = 2\n",
    "app/shim.py": "from app.other import X\n",
    "app/use.py": "from app.shim import X\n",
    "app/far.py": "from app.shim import X as Y\nX = Y\n",
    "app/link.py": OLD,
}


@pytest.mark.parametrize("paths", [["app/use.py"], ["app/far.py", "app/link.py"], ["app"]])
def test_a_partial_run_finds_the_same_on_its_files(make: Make, paths: list[str]) -> None:
    project = make(SHIM)
    full = project.run("check", "--format", "json").report["violations"]
    part = project.run("check", "--format", "json", *paths).report["violations"]
    asked = {v["path"] for v in full if any(v["path"].startswith(path) for path in paths)}
    assert part == [v for v in full if v["path"] in asked] != []


def test_a_partial_run_is_silent_about_unreadable_files_elsewhere(make: Make) -> None:
    project = make(SHIM)
    (project.folder / "broken.py").symlink_to("nowhere.py")
    assert ("broken.py", "unreadable-file", "new") in project.run("check", "--format", "json").found
    part = project.run("check", "--format", "json", "app/use.py")
    assert part.found == [("app/use.py", "other-x", "new")]


# From another working directory


def test_text_shows_paths_from_here_and_json_from_the_root(make: Make) -> None:
    project = make(TREE)
    below = project.run("check", cwd="app/sub")
    assert below.out.startswith(said("../one.py") + said("two.py") + said("../../tools/three.py"))
    report = project.run("check", "--format", "json", cwd="app/sub")
    assert [path for path, _, _ in report.found] == [
        "app/one.py",
        "app/sub/two.py",
        "tools/three.py",
    ]
    above = project.run("check", "project", cwd="..")
    assert above.out.startswith(said("project/app/one.py"))
    assert '"complete": true' in project.run("check", "--format", "json", "project", cwd="..").out


def test_every_list_shows_paths_from_here(make: Make) -> None:
    project = make({**STALE, "app/use.py": NEW})
    project.write({"rules.yaml": f"{RULES}    allow_in: [nowhere]\n"})
    out = project.run("check", "-v", cwd="app").out
    assert "  gone.py: old-path app.old.X: 1 name\n" in out
    assert "  ../rules.yaml:7: allow_in: " in out


def test_paths_on_the_command_line_are_relative_to_here(make: Make) -> None:
    answer = make(TREE).run("check", "two.py", "../one.py", cwd="app/sub")
    assert answer.out.startswith(said("../one.py") + said("two.py"))


def test_outputs_are_written_here(make: Make) -> None:
    project = make(TREE)
    project.run("check", "--output", "json:out.json", cwd="app")
    assert json.loads(project.read("app/out.json"))["root"] == str(project.folder)


# Standard input


def test_the_text_on_standard_input_stands_for_the_file(make: Make) -> None:
    project = make({"app/use.py": NEW})
    answer = project.run("check", "-", "--stdin-filename", "app/use.py", stdin=OLD.encode())
    assert (answer.code, answer.out.splitlines()[0] + "\n") == (1, said("app/use.py"))
    assert project.read("app/use.py") == NEW
    project.write({"app/use.py": OLD})
    answer = project.run("check", "-", "--stdin-filename", "app/use.py", stdin=NEW.encode())
    assert answer.code == 0


def test_the_baseline_counts_for_standard_input(make: Make) -> None:
    project = make({"app/use.py": OLD})
    project.run("baseline", "create")
    asked = ("check", "-", "--stdin-filename", "app/use.py", "--format", "json")
    answer = project.run(*asked, stdin=OLD.encode() * 2)
    assert [state for *_, state in answer.found] == ["known", "new"]


@pytest.mark.parametrize(
    ("name", "cwd", "path", "shown"),
    [
        pytest.param("app/new_one.py", ".", "app/new_one.py", "app/new_one.py", id="a new file"),
        pytest.param("far/off/a.py", ".", "far/off/a.py", "far/off/a.py", id="in a new folder"),
        pytest.param("fresh.py", "app", "app/fresh.py", "fresh.py", id="from another folder"),
    ],
)
def test_the_file_need_not_exist(make: Make, name: str, cwd: str, path: str, shown: str) -> None:
    project = make()
    asked = ("check", "-", "--stdin-filename", name)
    assert project.run(*asked, cwd=cwd, stdin=OLD.encode()).out.startswith(said(shown))
    answer = project.run(*asked, "--format", "json", cwd=cwd, stdin=OLD.encode())
    assert answer.found == [(path, "old-path", "new")]
    assert not (project.folder / path).exists()


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("app/skip/a.py", "app/skip/a.py: not judged: excluded"),
        ("app/notes.txt", "app/notes.txt: not judged: not a Python file"),
        ("../elsewhere.py", "../elsewhere.py: not judged: outside the root"),
    ],
)
def test_a_file_that_is_not_judged_has_no_violations(make: Make, name: str, note: str) -> None:
    project = make({"rules.yaml": RULES.replace("rules:", "exclude: [skip/]\nrules:")})
    asked = ("check", "-", "--stdin-filename", name, "--rules", "rules.yaml")
    answer = project.run(*asked, stdin=OLD.encode())
    assert answer.code == 0
    assert answer.out.endswith(f"Notes:\n  no file was judged\n  {note}\n")


def test_kinds_that_need_the_project_see_the_text(make: Make) -> None:
    project = make({**SHIM, "app/use.py": None})
    asked = ("check", "-", "--stdin-filename", "app/use.py", "--format", "json")
    answer = project.run(*asked, stdin=b"from app.shim import X\n")
    assert answer.found == [("app/use.py", "other-x", "new")]
    assert project.run(*asked, stdin=b"from app.new import X\n").found == []


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["-"], "'-' needs --stdin-filename: which file the text stands for"),
        (["--stdin-filename", "a.py"], "--stdin-filename needs '-' as the path"),
        (
            ["-", "app", "--stdin-filename", "a.py"],
            "'-' (standard input) cannot be combined with other paths",
        ),
        (["-", "--stdin-filename", ""], "--stdin-filename: the path is empty"),
    ],
)
def test_what_standard_input_needs(make: Make, arguments: list[str], line: str) -> None:
    answer = make().run("check", *arguments)
    assert (answer.code, answer.out, answer.err) == (2, "", f"ssot-lint: {line}\n")


def test_a_text_that_does_not_parse(make: Make) -> None:
    asked = ("check", "-", "--stdin-filename", "app/use.py", "-q")
    answer = make().run(*asked, stdin=b"from app.old import (\n")
    assert answer.code == 1
    assert answer.out.startswith("app/use.py:1:21: SOT001 not checked: '(' was never closed")


def test_a_file_called_like_an_option(make: Make) -> None:
    answer = make({"--format.py": OLD}).run("check", "-q", "--", "--format.py")
    assert answer.out.startswith(said("--format.py"))


# Links


def test_a_linked_way_to_the_project_is_the_project(make: Make, tmp_path: Path) -> None:
    project: Project = make(TREE)
    (tmp_path / "link").symlink_to(project.folder)
    answer = project.run("check", "app/one.py", "--format", "json", cwd="../link")
    assert answer.found == [("app/one.py", "old-path", "new")]
