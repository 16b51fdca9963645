"""``ssot-lint paths``: the command around the inventory."""

from __future__ import annotations

import json
import os

import pytest

from tests.cli.projects import NEW, OLD, Make
from tests.cli.test_help import HEAVY, imported

USES = {"app/a.py": OLD, "app/b.py": NEW, "tests/test_a.py": OLD}
TABLE = """\
Counts are names/statements/files.

app.new
  rules: old-path
  kind       by      path                     production  tests  total
  canonical  import  app.new.X                     1/1/1      .  1/1/1
  legacy     import  app.old.X (use app.new.X)     1/1/1  1/1/1  2/2/2
  total                                            2/2/2  1/1/1  3/3/3
"""


def test_the_table_goes_to_standard_output(make: Make) -> None:
    answer = make(USES).run("paths")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.split() == TABLE.split()


def test_users_are_shown_from_where_one_stands(make: Make) -> None:
    project = make(USES)
    assert "    app/a.py:1 (production)\n" in project.run("paths", "--users").out
    assert "    a.py:1 (production)\n" in project.run("paths", "--users", cwd="app").out
    assert "    ../app/a.py:1 (production)\n" in project.run("paths", "--users", cwd="tests").out


def test_a_rule_is_selected_by_name(make: Make) -> None:
    project = make(USES)
    assert project.run("paths", "old-path") == project.run("paths")
    answer = project.run("paths", "old-pat")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "ssot-lint: there is no rule 'old-pat', did you mean 'old-path'?\n"


def test_json(make: Make) -> None:
    project = make(USES)
    answer = project.run("paths", "--format", "json")
    assert (answer.code, answer.err) == (0, "")
    report = json.loads(answer.out)
    assert report["root"] == str(project.folder)
    (source,) = report["sources"]
    assert source["counts"]["total"] == {"names": 3, "statements": 3, "files": 3}


@pytest.mark.parametrize("format_", ["table", "json", "markdown", "dot", "mermaid"])
def test_output_to_a_file_is_what_would_have_been_printed(make: Make, format_: str) -> None:
    project = make(USES)
    printed = project.run("paths", "--format", format_, "--users").out
    answer = project.run("paths", "--format", format_, "--users", "-o", "map.txt")
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    assert project.read("map.txt") == printed
    assert "map.txt" in project.names()
    assert not [name for name in project.names() if name.startswith(".ssot-tmp")]


def test_output_that_cannot_be_written_is_one_line(make: Make) -> None:
    answer = make(USES).run("paths", "-o", "nowhere/map.txt")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "ssot-lint: nowhere/map.txt: cannot be written: No such file or directory\n"
    )
    answer = make(USES).run("paths", "-o", "")
    assert answer.err == "ssot-lint: --output: the path is empty\n"


MISSING = "rules.yaml:6: 'app.new', the new path of 'app.old', does not exist [old-path]"


@pytest.mark.parametrize("format_", ["table", "markdown", "json"])
def test_what_leads_nowhere_is_told_where_there_is_room(make: Make, format_: str) -> None:
    answer = make({**USES, "app/new.py": None}).run("paths", "--format", format_)
    assert (answer.code, answer.err) == (0, "")
    assert "the new path of 'app.old', does not exist" in answer.out
    if format_ == "table":
        assert f"\n{MISSING}\n" in answer.out


@pytest.mark.parametrize("format_", ["dot", "mermaid"])
def test_what_leads_nowhere_is_told_beside_a_graph(make: Make, format_: str) -> None:
    answer = make({**USES, "app/new.py": None}).run("paths", "--format", format_)
    assert (answer.code, answer.err) == (0, f"ssot-lint: {MISSING}\n")


def test_a_cache_changes_nothing(make: Make) -> None:
    project = make(USES)
    printed = project.run("paths", "--users", "--no-cache").out
    assert ".ssot_cache" not in project.names()
    for _ in range(2):
        assert project.run("paths", "--users", "--cache-dir", "kept").out == printed
    assert os.listdir(project.folder / "kept")
    project.write({"app/b.py": OLD})
    changed = project.run("paths", "--users", "--cache-dir", "kept").out
    assert changed == project.run("paths", "--users", "--no-cache").out != printed


def test_wrong_rules_are_told_with_their_places(make: Make) -> None:
    rules = make().read("rules.yaml") + "groups: {a: []}\nentry_points: app\n"
    answer = make({"rules.yaml": rules}).run("paths")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines() == [
        "ssot-lint: rules.yaml:7:10: an empty list says nothing; leave the key out",
        "ssot-lint: rules.yaml:8:1: expected a list of modules and file globs",
    ]


def test_an_unknown_format_is_one_line(make: Make) -> None:
    answer = make().run("paths", "--format", "svg")
    assert answer.code == 2
    assert "'svg' is not one of 'table', 'json', 'markdown', 'dot', 'mermaid'" in answer.err


def test_it_runs_as_a_program(make: Make) -> None:
    project = make(USES)
    assert project.spawn("paths") == project.run("paths")


def test_it_imports_nothing_heavy(make: Make) -> None:
    assert sorted(imported(make(USES).folder, "paths") & {*HEAVY} - {"yaml"}) == []
