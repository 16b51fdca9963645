"""``ssot-lint plan``: the command around the planner."""

from __future__ import annotations

import json

import pytest

from ssot_lint.migration.planning import Plan, load
from tests.cli.projects import NEW, OLD, Make, Project

USES = {
    "app/old.py": "X = Y = 1\n",
    "app/a.py": OLD,
    "app/b.py": NEW,
    "tests/test_a.py": OLD + "from mock import patch\npatch('app.old.X')\n",
}
TABLE = """\
batch  wave  owners  files  edits  strings  dependents  risk
1      leaf  -           2      2        0           0   0.0

leaf: no file imports it

1 batch, 2 files, 2 edits, 0 strings.
"""


def plan_of(project: Project, path: str = "ssot-plan.yml") -> Plan:
    return load(project.read(path), path)


def test_a_summary_is_printed_and_the_plan_written(make: Make) -> None:
    project = make(USES)
    answer = project.run("plan")
    assert (answer.code, answer.out) == (0, TABLE)
    assert answer.err == "ssot-plan.yml: written; 'ssot-lint migrate' follows it\n"
    assert [file.path for file in plan_of(project).files] == ["app/a.py", "tests/test_a.py"]
    assert not [name for name in project.names() if name.startswith(".ssot-tmp")]


def test_the_plan_stands_at_the_root(make: Make) -> None:
    project = make(USES)
    answer = project.run("plan", cwd="app")
    assert answer.code == 0
    assert answer.err.endswith("ssot-plan.yml: written; 'ssot-lint migrate' follows it\n")
    assert "ssot-plan.yml" in project.names()


def test_the_same_plan_is_not_written_again(make: Make) -> None:
    project = make(USES)
    project.run("plan")
    before = (project.folder / "ssot-plan.yml").stat()
    answer = project.run("plan")
    assert (answer.code, answer.out, answer.err) == (0, TABLE, "")
    assert (project.folder / "ssot-plan.yml").stat() == before


def test_another_plan_is_only_replaced_by_force(make: Make) -> None:
    project = make(USES)
    project.run("plan")
    edited = project.read("ssot-plan.yml") + "# reviewed\n"
    project.write({"ssot-plan.yml": edited})
    answer = project.run("plan")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "ssot-lint: ssot-plan.yml exists, and is another plan: --force replaces it, "
        "--dry-run only prints the new one\n"
    )
    assert project.read("ssot-plan.yml") == edited
    dry = project.run("plan", "--dry-run")
    assert (dry.code, dry.out, dry.err) == (0, TABLE, "")
    assert project.read("ssot-plan.yml") == edited
    assert project.run("plan", "--force").code == 0
    assert project.read("ssot-plan.yml") + "# reviewed\n" == edited


def test_a_dry_run_writes_nothing(make: Make) -> None:
    project = make(USES)
    assert project.run("plan", "--dry-run", "--no-cache").out == TABLE
    assert "ssot-plan.yml" not in project.names()
    for option in (["--force"], ["-o", "x.yml"]):
        answer = project.run("plan", "--dry-run", *option)
        assert (answer.code, answer.out) == (2, "")
        assert answer.err == (
            "ssot-lint: --dry-run writes nothing: leave out --output and --force\n"
        )


def test_nothing_to_rewrite_makes_no_plan(make: Make) -> None:
    project = make({"app/b.py": NEW})
    answer = project.run("plan")
    assert (answer.code, answer.out, answer.err) == (0, "Nothing to rewrite.\n", "")
    assert "ssot-plan.yml" not in project.names()


@pytest.mark.parametrize("format_", ["json", "yaml"])
def test_other_formats(make: Make, format_: str) -> None:
    project = make(USES)
    answer = project.run("plan", "--format", format_, "-o", "docs.yml")
    assert answer.code == 0
    assert answer.err == "docs.yml: written; 'ssot-lint migrate' follows it\n"
    if format_ == "yaml":
        assert answer.out == project.read("docs.yml")
    else:
        (batch,) = json.loads(answer.out)["batches"]
        assert [file["path"] for file in batch["files"]] == ["app/a.py", "tests/test_a.py"]


def test_output_that_cannot_be_written_is_one_line(make: Make) -> None:
    project = make(USES)
    answer = project.run("plan", "-o", "nowhere/plan.yml")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "ssot-lint: nowhere/plan.yml: cannot be written: No such file or directory\n"
    )
    assert project.run("plan", "-o", "").err == "ssot-lint: --output: the path is empty\n"
    assert project.run("plan", "-o", "app").err == (
        "ssot-lint: app: cannot be read: Is a directory\n"
    )


def test_rules_are_selected_by_name(make: Make) -> None:
    project = make(USES)
    assert project.run("plan", "old-path", "--dry-run").out == TABLE
    answer = project.run("plan", "old-pat")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "ssot-lint: there is no rule 'old-pat', did you mean 'old-path'?\n"


def test_strings_owners_size_and_entry_points_count(make: Make) -> None:
    rules = (
        "ssot-lint: 1\nmigration: {batch_files: 1}\nentry_points: [app.main]\nrules:\n"
        "  - {name: old-path, kind: legacy-import, reason: R, moved: {app.old: app.new}}\n"
    )
    project = make(
        {
            **USES,
            "rules.yaml": rules,
            "app/main.py": "import app.a\n",
            "CODEOWNERS": "/tests/ @qa\n",
        }
    )
    answer = project.run("plan", "--strings")
    assert answer.out == (
        "batch  wave      owners  files  edits  strings  dependents  risk\n"
        "1      leaf      @qa         1      1        1           0   0.0\n"
        "2      critical  -           1      1        0           1   5.0\n"
        "\n"
        "leaf: no file imports it\n"
        "critical: an entry point leads to it, or many files depend on it\n"
        "\n"
        "2 batches, 2 files, 2 edits, 1 string.\n"
    )
    early = project.run("plan", "--strings", "--canary", "--dry-run").out.splitlines()
    assert [line.split()[1] for line in early[1:3]] == ["canary", "leaf"]
