"""``ssot-lint check --diff``: the edits that violations carry."""

from __future__ import annotations

from tests.cli.projects import NEW, OLD, RULES, Make, said
from tests.cli.test_migrate import DIFF


def test_the_difference_is_the_result_and_the_report_goes_aside(make: Make) -> None:
    project = make({"app/a.py": OLD})
    answer = project.run("check", "--diff")
    assert (answer.code, answer.out) == (1, DIFF)
    assert answer.err.startswith(said("app/a.py"))
    assert project.read("app/a.py") == OLD


def test_what_is_tolerated_has_no_difference_unless_it_is_shown(make: Make) -> None:
    project = make({"app/a.py": OLD})
    project.run("baseline", "create")
    project.write({"app/b.py": OLD})
    answer = project.run("check", "--diff")
    assert (answer.code, answer.out) == (1, DIFF.replace("a.py", "b.py"))
    answer = project.run("check", "--diff", "--show-known")
    assert answer.out == DIFF + DIFF.replace("a.py", "b.py")


def test_a_violation_that_nobody_can_edit_is_told_of(make: Make) -> None:
    rules = RULES.replace("moved: {", "removed: [app.gone]\n    moved: {")
    answer = make({"rules.yaml": rules, "app/a.py": "import app.gone\n"}).run("check", "--diff")
    assert (answer.code, answer.out) == (1, "")
    assert (
        "ssot-lint: app/a.py:1: no edit for app.gone: it was removed and has no successor\n"
    ) in answer.err


def test_only_what_is_asked_for(make: Make) -> None:
    project = make({"app/a.py": OLD, "app/b.py": OLD})
    assert project.run("check", "--diff", "app/b.py").out == DIFF.replace("a.py", "b.py")


def test_the_unsaved_text_is_what_is_edited(make: Make) -> None:
    project = make({"app/a.py": NEW})
    stdin = ("check", "--diff", "-", "--stdin-filename", "app/a.py")
    assert project.run(*stdin, stdin=OLD.encode()).out == DIFF


def test_clean_code_has_no_difference(make: Make) -> None:
    answer = make({"app/a.py": NEW}).run("check", "--diff")
    assert (answer.code, answer.out) == (0, "")


def test_a_machine_format_has_no_place_for_it(make: Make) -> None:
    answer = make({"app/a.py": OLD}).run("check", "--diff", "--format", "json")
    assert (answer.code, answer.err) == (
        2,
        "ssot-lint: --diff and --format json exclude each other\n",
    )
