"""``ssot-lint check``: every option changes a result."""

from __future__ import annotations

import json

import pytest

from tests.cli.projects import NEW, OLD, RULES, Make, said
from tests.git_repository import Repository

THREE = f"""\
{RULES}
  - name: factory-module
    kind: forbidden-module
    reason: No factories.
    modules: ["app.*factory*"]
  - name: other-x
    kind: divergent-name
    reason: One X.
    names: [X]
    home: app.new.X
"""
THREE_BROKEN = {
    "rules.yaml": THREE,
    "app/factory.py": "",
    "app/other.py": "X = 2\n",
    "app/use.py": OLD,
    "app/wrong.py": "from app.other import X\n",
}


def baseline(*entries: str) -> str:
    """A baseline of ``old-path`` entries: ``path subject [count]``."""
    lines = ["# ssot-baseline v1 (machine-written: see `ssot-lint baseline --help`)"]
    for entry in entries:
        path, subject, *count = entry.split()
        lines += [f"{path}:", f"  old-path {subject}: {(*count, '1')[0]}"]
    return "\n".join(lines) + "\n"


def test_a_violation_is_a_line_a_row_a_reason_and_exit_code_1(make: Make) -> None:
    answer = make({"app/use.py": OLD}).run("check")
    assert answer.code == 1
    assert answer.out == said("app/use.py") + (
        "\n"
        "rule      code    unit   baseline  now  new  fixed  suppressed  statements  files affected\n"
        "old-path  SOT102  names         0    1    1      0           0           1               1\n"
        "\n"
        "old-path: One home.\n"
        "\n"
        "New: 1 name in 1 statement in 1 file. Now: 1 name in 1 statement in 1 file. "
        "Judged: 2 files.\n"
        "\n"
        "Failed: 1 new violation.\n"
    )
    assert answer.err == (
        "ssot-lint: there is no baseline (ssot-baseline.yml), so everything is new; "
        "'ssot-lint baseline create' tolerates what exists\n"
    )


def test_nothing_found_is_exit_code_0_and_no_advice(make: Make) -> None:
    answer = make({"app/use.py": NEW}).run("check", "-q")
    assert (answer.code, answer.out, answer.err) == (0, "", "")


# Which rules


@pytest.mark.parametrize(
    ("options", "rules"),
    [
        pytest.param([], {"factory-module", "old-path", "other-x"}, id="all"),
        pytest.param(["--rule", "old-path"], {"old-path"}, id="one rule"),
        pytest.param(
            ["--rule", "old-path", "--rule", "other-x"], {"old-path", "other-x"}, id="two rules"
        ),
        pytest.param(["--kind", "forbidden-module"], {"factory-module"}, id="one kind"),
        pytest.param(
            ["--kind", "forbidden-module", "--kind", "divergent-name"],
            {"factory-module", "other-x"},
            id="two kinds",
        ),
        pytest.param(["--rule", "old-path", "--kind", "divergent-name"], set(), id="both ask"),
        pytest.param(["--scope", "file"], {"factory-module", "old-path"}, id="an editor's"),
    ],
)
def test_the_rules_that_judge(make: Make, options: list[str], rules: set[str]) -> None:
    answer = make(THREE_BROKEN).run("check", "--format", "json", *options)
    assert {rule for _, rule, _ in answer.found} == rules
    assert answer.code == bool(rules)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--rule", "old-pat"], "there is no rule 'old-pat', did you mean 'old-path'?"),
        (["--rule", "zzz"], "there is no rule 'zzz'"),
        (
            ["--kind", "legacy-imports"],
            "there is no rule of kind 'legacy-imports', did you mean 'legacy-import'?",
        ),
        (["--kind", "duplicate-definition"], "there is no rule of kind 'duplicate-definition'"),
    ],
)
def test_an_unknown_rule_or_kind_is_refused(make: Make, options: list[str], line: str) -> None:
    answer = make().run("check", *options)
    assert (answer.code, answer.out, answer.err) == (2, "", f"ssot-lint: {line}\n")


def test_rules_names_another_file_and_root_another_folder(make: Make) -> None:
    project = make({"app/use.py": OLD, "sub/app/use.py": OLD})
    project.write({"other.yaml": RULES.replace("old-path", "other-name")})
    assert "[other-name]" in project.run("check", "--rules", "other.yaml").out
    answer = project.run("check", "--root", "sub", "--format", "json")
    assert [path for path, _, _ in answer.found] == ["app/use.py"]
    assert answer.report["root"] == str(project.folder / "sub")


# Compared with what


@pytest.mark.parametrize(
    ("options", "state", "code"),
    [
        pytest.param([], "known", 0, id="the baseline of the rules"),
        pytest.param(["--baseline", "empty.yml"], "new", 1, id="another baseline"),
        pytest.param(["--no-baseline"], "new", 1, id="no baseline"),
    ],
)
def test_the_baseline_that_counts(make: Make, options: list[str], state: str, code: int) -> None:
    project = make({"app/use.py": OLD, "empty.yml": baseline()})
    project.write({"ssot-baseline.yml": baseline("app/use.py app.old.X")})
    answer = project.run("check", "--format", "json", *options)
    assert (answer.code, answer.found) == (code, [("app/use.py", "old-path", state)])


def test_baseline_is_relative_to_the_working_directory(make: Make) -> None:
    project = make({"app/use.py": OLD, "app/b.yml": baseline("app/use.py app.old.X")})
    assert project.run("check", "--baseline", "b.yml", cwd="app").code == 0


def test_without_a_baseline_there_is_no_advice_to_make_one(make: Make) -> None:
    assert make({"app/use.py": OLD}).run("check", "--no-baseline").err == ""


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--baseline", "b", "--no-baseline"], "--baseline and --no-baseline exclude each other"),
        (
            ["--exit-zero", "--expect-violations"],
            "--exit-zero and --expect-violations exclude each other",
        ),
        (["--max-new-suppressions", "1"], "--max-new-suppressions needs --base"),
        (["--baseline", ""], "--baseline: the path is empty"),
        (["--root", ""], "--root: the path is empty"),
        ([""], "PATHS: the path is empty"),
        (["--baseline", "none.yml"], "none.yml: there is no such baseline; 'ssot-lint baseline create' makes it"),
    ],
)  # fmt: skip
def test_options_that_make_no_sense_are_refused(make: Make, options: list[str], line: str) -> None:
    answer = make({"app/use.py": OLD}).run("check", *options)
    assert (answer.code, answer.out, answer.err) == (2, "", f"ssot-lint: {line}\n")


def test_base_fails_only_on_what_the_change_brings(make: Make) -> None:
    project = make({"app/use.py": OLD})
    Repository(project.folder).commit()
    project.write({"app/more.py": OLD})
    assert [state for *_, state in project.run("check", "--format", "json").found] == ["new", "new"]
    answer = project.run("check", "--format", "json", "--base", "HEAD")
    assert answer.found == [
        ("app/more.py", "old-path", "new"),
        ("app/use.py", "old-path", "inherited"),
    ]
    assert answer.code == 1
    project.write({"app/more.py": None})
    assert project.run("check", "--base", "HEAD").code == 0


def test_a_base_that_git_does_not_know_is_refused(make: Make) -> None:
    project = make({"app/use.py": OLD})
    answer = project.run("check", "--base", "main")
    assert answer.code == 2
    assert answer.err == f"ssot-lint: {project.folder}: not in a git repository\n"
    Repository(project.folder).commit()
    answer = project.run("check", "--base", "nowhere")
    assert answer.code == 2
    assert answer.err == "ssot-lint: no revision 'nowhere': git fetch origin nowhere\n"


@pytest.mark.parametrize(("allowed", "code"), [(0, 1), (1, 0)])
def test_a_change_may_add_so_many_suppressions(make: Make, allowed: int, code: int) -> None:
    project = make({"app/use.py": NEW})
    Repository(project.folder).commit()
    project.write({"app/use.py": OLD.rstrip() + "  # ssot: allow old-path (a test)\n"})
    answer = project.run("check", "--base", "HEAD", "--max-new-suppressions", str(allowed))
    assert answer.code == code
    failed = "Failed: 1 suppression added, and at most 0 allowed.\n"
    assert answer.out.endswith(failed) is bool(code)


def test_a_change_may_not_grow_the_baseline_without_a_word(make: Make) -> None:
    project = make({"app/use.py": OLD, "ssot-baseline.yml": baseline()})
    Repository(project.folder).commit()
    project.write({"ssot-baseline.yml": baseline("app/use.py app.old.X")})
    assert project.run("check").code == 0
    answer = project.run("check", "--base", "HEAD")
    assert answer.code == 1
    assert answer.out.endswith("Failed: 1 baseline entry grew without a reason.\n")


# What is shown


def test_show_known_lists_what_is_tolerated(make: Make) -> None:
    project = make({"app/use.py": OLD, "ssot-baseline.yml": baseline("app/use.py app.old.X")})
    assert "SOT102 import" not in project.run("check").out
    shown = project.run("check", "--show-known").out
    assert shown.startswith(said("app/use.py").rstrip() + " (known)\n")


@pytest.mark.parametrize(
    ("shown", "last"),
    [
        (0, "... 3 violations not listed (--max-shown 0)\n"),
        (2, said("app/b.py") + "... 1 more violation not listed (--max-shown 2)\n"),
        (3, said("app/c.py")),
    ],
)
def test_max_shown_cuts_the_list_and_nothing_else(make: Make, shown: int, last: str) -> None:
    project = make({f"app/{name}.py": OLD for name in "abc"})
    answer = project.run("check", "--max-shown", str(shown))
    listed, _, rest = answer.out.partition("\n\n")
    assert listed.count("SOT102") == shown
    assert f"{listed}\n".endswith(last)
    assert "New: 3 names in 3 statements in 3 files." in rest
    assert answer.code == 1


def test_quiet_and_verbose(make: Make) -> None:
    project = make({"app/use.py": OLD, **{f"app/m{number:02}.py": NEW for number in range(12)}})
    stale = [f"app/m{number:02}.py app.old.X" for number in range(12)]
    project.write({"ssot-baseline.yml": baseline(*stale)})
    quiet, plain, verbose = (project.run("check", *o).out for o in (["-q"], [], ["-v"]))
    assert quiet == said("app/use.py") + "\nFailed: 1 new violation.\n"
    assert "  ... and 2 more (-v lists all)\n" in plain
    assert "  app/m11.py: old-path app.old.X: 1 name\n" in verbose
    assert "-v lists all" not in verbose
    assert project.run("check", "-q", "-v").out == plain


def test_statistics_add_origins_and_the_share_of_the_canonical_path(make: Make) -> None:
    project = make({**THREE_BROKEN, "app/good.py": NEW})
    assert "canonical" not in project.run("check").out
    out = project.run("check", "--statistics").out
    assert "old-path: on the canonical path: 1 import statement of 2 (50.0%)\n" in out
    assert "other-x: that X leads to: 2 origins\n" in out


@pytest.mark.parametrize(
    ("options", "colored"),
    [
        pytest.param([], False, id="no terminal"),
        pytest.param(["--color"], True, id="asked for"),
        pytest.param(["--no-color"], False, id="refused"),
        pytest.param(["--color", "--format", "json"], False, id="never in a machine's format"),
    ],
)
def test_color(make: Make, options: list[str], colored: bool) -> None:
    out = make({"app/use.py": OLD}).run("check", *options).out
    assert ("\x1b[31mSOT102\x1b[0m" in out) is colored
    assert ("\x1b" in out) is colored


def test_python_files_that_git_tracks_and_ignores_are_named(make: Make) -> None:
    project = make({"app/use.py": OLD, "gen/a.py": OLD, "gen/b.py": OLD})
    Repository(project.folder).commit()
    project.write({".gitignore": "gen/\n"})
    answer = project.run("check")
    assert "  a .gitignore hides 2 Python files that git tracks, such as gen/a.py\n" in answer.out
    assert answer.out.count("SOT102 import") == 1


# Formats and outputs


def test_several_outputs_in_one_run(make: Make) -> None:
    project = make({"app/use.py": OLD})
    formats = ("text", "json", "github", "sarif")
    targets = [part for name in formats for part in ("--output", f"{name}:out.{name}")]
    answer = project.run("check", "--color", "--format", "github", *targets)
    assert answer.code == 1
    assert answer.out == project.run("check", "--format", "github").out
    assert answer.out.startswith("::error file=app/use.py,line=1,")
    for name in formats:
        assert project.read(f"out.{name}") == project.run("check", "--format", name).out
    assert json.loads(project.read("out.sarif"))["version"] == "2.1.0"


def test_a_file_name_may_hold_colons(make: Make) -> None:
    project = make({"app/use.py": NEW})
    assert project.run("check", "--output", "json:a:b.json").code == 0
    assert json.loads(project.read("a:b.json"))["complete"]


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("json", "--output: 'json' is not of the form FORMAT:FILE"),
        ("json:", "--output: 'json:' is not of the form FORMAT:FILE"),
        ("jsn:a", "--output: unknown format 'jsn', did you mean 'json'?"),
        ("json:none/a", "none/a: cannot be written: No such file or directory"),
        ("json:app", "app: cannot be written: Is a directory"),
        ("json:/dev/full", "/dev/full: cannot be written: not a regular file"),
    ],
)
def test_an_output_that_cannot_be(make: Make, value: str, line: str) -> None:
    answer = make({"app/use.py": OLD}).run("check", "--no-baseline", "--output", value)
    assert (answer.code, answer.err) == (2, f"ssot-lint: {line}\n")


def test_an_output_that_fails_does_not_take_the_others_along(make: Make) -> None:
    project = make({"app/use.py": OLD})
    answer = project.run("check", "--output", "text:out.txt", "--output", "json:none/a")
    assert answer.code == 2
    assert answer.out == project.read("out.txt") != ""


def test_paths_in_github_and_sarif_start_at_the_top_of_the_repository(make: Make) -> None:
    project = make({"app/use.py": OLD})
    Repository(project.folder.parent)
    assert "file=project/app/use.py," in project.run("check", "--format", "github").out
    results = project.run("check", "--format", "sarif").report["runs"][0]["results"]
    place = results[0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == "project/app/use.py"


# Dates and severities

WARNING = f"{RULES}    severity: warning\n"
UNTIL = f"{WARNING}    until: 2027-03-31\n"


def test_a_warning_is_printed_and_never_fails(make: Make) -> None:
    answer = make({"app/use.py": OLD, "rules.yaml": WARNING}).run("check")
    assert answer.code == 0
    assert answer.out.startswith(said("app/use.py").rstrip() + " (warning)\n")
    assert "Failed" not in answer.out


@pytest.mark.parametrize(
    ("today", "code"),
    [
        pytest.param("2027-03-30", 0, id="the day before"),
        pytest.param("2027-03-31", 0, id="the day itself"),
        pytest.param("2027-04-01", 1, id="the day after"),
    ],
)
def test_until_makes_errors_from_the_day_after(
    make: Make, monkeypatch: pytest.MonkeyPatch, today: str, code: int
) -> None:
    project = make({"app/use.py": OLD, "rules.yaml": UNTIL})
    assert project.run("check", "--today", today).code == code
    seconds = {"2027-03-30": 1806364800, "2027-03-31": 1806451200, "2027-04-01": 1806537600}
    for second in (0, 24 * 60 * 60 - 1):  # the first and the last of the day, in UTC
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(seconds[today] + second))
        assert project.run("check").code == code
    other = "2027-03-31" if code else "2027-04-01"
    assert project.run("check", "--today", other).code != code, "--today beats the environment"


def test_without_a_date_the_clock_counts(make: Make) -> None:
    project = make({"app/use.py": OLD, "rules.yaml": UNTIL.replace("2027", "2001")})
    assert project.run("check").code == 1
    project.write({"rules.yaml": UNTIL.replace("2027", "9998")})
    assert project.run("check").code == 0


def test_known_violations_stay_tolerated_after_the_day(make: Make) -> None:
    project = make({"app/use.py": OLD, "rules.yaml": UNTIL})
    project.write({"ssot-baseline.yml": baseline("app/use.py app.old.X")})
    assert project.run("check", "--today", "2030-01-01").code == 0


@pytest.mark.parametrize("text", ["tomorrow", "2027-02-30", "20270331", "31.3.2027", ""])
def test_a_date_that_is_none(make: Make, text: str) -> None:
    answer = make().run("check", "--today", text)
    line = f"ssot-lint: --today: '{text}' is no date such as 2027-03-31\n"
    assert (answer.code, answer.err) == (2, line)


@pytest.mark.parametrize("text", ["", "soon", "1e9", "9" * 30])
def test_an_epoch_that_is_none(make: Make, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", text)
    answer = make().run("check")
    line = f"ssot-lint: SOURCE_DATE_EPOCH: '{text}' is no number of seconds\n"
    assert (answer.code, answer.err) == (2, line)


# Exit codes

BROKEN_RULE = f"{RULES}\n  - name: one-x\n    kind: duplicate-definition\n    reason: One.\n    classes: [X]\n    home: app.gone.X\n"  # fmt: skip
STALE = {"app/gone.py": NEW, "ssot-baseline.yml": baseline("app/gone.py app.old.X")}


@pytest.mark.parametrize(
    ("files", "options", "code"),
    [
        pytest.param({}, [], 0, id="clean"),
        pytest.param({"app/use.py": OLD}, [], 1, id="new"),
        pytest.param({"app/use.py": OLD}, ["--exit-zero"], 0, id="new, in a reporting job"),
        pytest.param({"app/use.py": OLD}, ["--expect-violations"], 0, id="expected and found"),
        pytest.param({}, ["--expect-violations"], 1, id="expected and not found"),
        pytest.param(
            {"app/use.py": OLD, "ssot-baseline.yml": baseline("app/use.py app.old.X")},
            ["--expect-violations"],
            0,
            id="known ones are there",
        ),
        pytest.param(
            {"app/use.py": f"{OLD.rstrip()}  # noqa\n"},
            ["--expect-violations"],
            1,
            id="excused ones are not",
        ),
        pytest.param(STALE, [], 0, id="stale is reported"),
        pytest.param(STALE, ["--stale", "report"], 0, id="stale is reported, as said"),
        pytest.param(STALE, ["--stale=fail"], 3, id="stale fails where asked to"),
        pytest.param({**STALE, "app/use.py": OLD}, ["--stale=fail"], 1, id="new beats stale"),
        pytest.param(STALE, ["--stale=fail", "--exit-zero"], 0, id="not in a reporting job"),
        pytest.param(STALE, ["--stale=fail", "app"], 0, id="a partial run knows nothing stale"),
        pytest.param({"rules.yaml": BROKEN_RULE}, [], 2, id="a rule cannot work"),
        pytest.param({"rules.yaml": BROKEN_RULE}, ["--exit-zero"], 2, id="whatever was asked"),
        pytest.param(
            {"rules.yaml": RULES.replace("rules:", "roots: [., lib]\nrules:"), "lib/a.txt": ""},
            [],
            2,
            id="a root without a file",
        ),
        pytest.param(
            {"rules.yaml": BROKEN_RULE, "app/use.py": OLD}, [], 2, id="unusable beats new"
        ),
        pytest.param({"rules.yaml": BROKEN_RULE}, ["app"], 0, id="not judged in a partial run"),
    ],
)
def test_exit_codes(make: Make, files: dict[str, str], options: list[str], code: int) -> None:
    assert make(files).run("check", *options).code == code


def test_no_prefilter_tells_of_every_file_that_does_not_parse(make: Make) -> None:
    project = make({"app/use.py": OLD, "app/torn.py": "def (\n"})
    quick, slow = (
        project.run("check", "--format", "json", *options) for options in ([], ["--no-prefilter"])
    )
    assert quick.found == slow.found == [("app/use.py", "old-path", "new")]
    assert quick.report["files"]["broken"] == []
    assert slow.report["files"]["broken"] == ["app/torn.py"]
