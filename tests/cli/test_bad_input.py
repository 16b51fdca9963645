"""Bad input: one clear line, the right exit code, no traceback, and nothing lost."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ssot_lint.config import read
from ssot_lint.engine import Request, lint
from tests.cli.projects import NEW, OLD, RULES, Make, Project, environment, said
from tests.cli.test_check import baseline
from tests.git_repository import Repository

FIRST = "# ssot-baseline v1 (machine-written: see `ssot-lint baseline --help`)"


def lines_of(project: Project, *arguments: str) -> list[str]:
    """The lines of a run that says nothing but what is wrong."""
    answer = project.run(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert all(line.startswith("ssot-lint: ") for line in answer.err.splitlines())
    return [line.removeprefix("ssot-lint: ") for line in answer.err.splitlines()]


def without_power_over_permissions() -> None:
    """Takes from root (of containers, say) the right to ignore them, as ``capabilities(7)`` says.

    For ``preexec_fn``: PR_CAPBSET_DROP of CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH.
    """
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (1, 2):
            libc.prctl(24, capability, 0, 0, 0)


def small_files() -> None:
    """For ``preexec_fn``: writing more than 40 bytes to a file fails, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (40, 40))


SMALL: dict[str, Any] = {"preexec_fn": small_files, "measured": False}


@pytest.fixture(scope="module")
def permissions(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skips where permissions bind nobody."""
    secret = tmp_path_factory.mktemp("secret") / "file"
    secret.touch(mode=0)
    done = subprocess.run(
        [sys.executable, "-c", "import sys; open(sys.argv[1])", str(secret)],
        preexec_fn=without_power_over_permissions,
        capture_output=True,
    )
    if done.returncode == 0:
        pytest.skip("this user may read everything")


# Rules


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"ssot-lint: 1\n", ["rules.yaml:1:1: required key 'rules' is missing"], id="no rules"),
        pytest.param(
            b"ssot-lint: 1\nrules: [\n",
            ["rules.yaml:3:1: not valid YAML: "],
            id="malformed",
        ),
        pytest.param(
            b"ssot-lint: 1\n# caf\xe9\n", ["rules.yaml:2:6: byte 0xe9 is not UTF-8"], id="latin-1"
        ),
        pytest.param(
            "ssot-lint: 1\n".encode("utf-16"),
            ["rules.yaml:1:1: this is UTF-16; save it as UTF-8"],
            id="UTF-16",
        ),
        pytest.param(
            RULES.replace("legacy-import", "legacy-imports").encode(),
            ["rules.yaml:4:5: old-path: unknown kind 'legacy-imports', did you mean 'legacy-import'?"],
            id="unknown kind",
        ),
        pytest.param(
            f"{RULES}    allow_in: ['a..b', '[x']\n    severty: error\n".encode(),
            [
                "rules.yaml:7:16: old-path: ",
                "rules.yaml:7:24: old-path: ",
                "rules.yaml:8:5: old-path: unknown key 'severty', did you mean 'severity'?",
            ],
            id="bad patterns and a bad key, all at once",
        ),
        pytest.param(b"ssot-lint: 99\n", ["rules.yaml:1:1: made for a newer ssot-lint: this one reads format 1, not 99"], id="of the future"),
        pytest.param(
            RULES.replace("rules:", 'python: ">=4.0"\nrules:').encode(),
            [f"rules.yaml:2:1: the code needs Python 4.0, which {sys.version_info[0]}.{sys.version_info[1]} cannot parse: run ssot-lint on a newer Python"],
            id="for a newer Python",
        ),
        pytest.param(
            RULES.replace("rules:", "roots: [nowhere]\nrules:").encode(),
            ["rules.yaml:2:9: there is no folder 'nowhere' below the root"],
            id="a root that does not exist",
        ),
        pytest.param(
            RULES.replace("rules:", "root: nowhere\nrules:").encode(),
            ["rules.yaml:2:1: there is no folder 'nowhere'"],
            id="the root does not exist",
        ),
        pytest.param(
            RULES.replace("rules:", "baseline: ../b.yml\nrules:").encode(),
            ["rules.yaml:2:1: '../b.yml': expected a path below the root, with '/' between folders"],
            id="a baseline outside",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "arguments", [["check"], ["baseline", "create"], ["rules", "validate"], ["config"]], ids=" ".join
)  # fmt: skip
def test_bad_rules(make: Make, content: bytes, expected: list[str], arguments: list[str]) -> None:
    project = make({"rules.yaml": content})
    lines = lines_of(project, *arguments)
    assert len(lines) == len(expected)
    for line, begin in zip(lines, expected, strict=True):
        assert line.startswith(begin)
    assert project.names() == ["app", "rules.yaml"]


@pytest.mark.parametrize(
    "value",
    ["{}", "[]", "1", "null", "[null]", "[[]]", "[{}]", "{a: b}", "'x'", "[.inf]", "2001-01-01"],
)
@pytest.mark.parametrize("key", ["rules", "name", "kind", "reason", "moved", "paths", "until"])
def test_absurd_values_are_faults_not_crashes(make: Make, key: str, value: str) -> None:
    if key == "rules":
        text = f"ssot-lint: 1\nrules: {value}\n"
    else:
        kept = "".join(f"{line}\n" for line in RULES.splitlines() if f"{key}:" not in line)
        text = kept + f"    {key}: {value}\n"
        if key == "name":
            text = text.replace("    kind", "  - kind", 1)
    answer = make({"rules.yaml": text}).run("check", "--no-baseline")
    fine = (key, value) in {("name", "'x'"), ("reason", "'x'"), ("moved", "{a: b}")}
    assert answer.code == (0 if fine else 2)
    assert all(line.startswith("ssot-lint: rules.yaml:") for line in answer.err.splitlines())


@pytest.mark.parametrize(
    ("option", "line"),
    [
        pytest.param(["--rules", "none.yaml"], "none.yaml: no such file", id="missing"),
        pytest.param(["--rules", "app"], "app: this is a folder", id="a folder"),
        pytest.param(["--rules", "empty.yaml"], "empty.yaml:1:1: the first line must be 'ssot-lint: 1', which marks a file as rules for ssot-lint", id="empty"),
        pytest.param(["--rules", "pipe"], "pipe: this is no regular file", id="a pipe, which would wait"),
        pytest.param(["--rules", "/dev/null"], "/dev/null: this is no regular file", id="a device"),
        pytest.param(["--rules", "big.yaml"], "big.yaml: larger than 1 MiB", id="huge"),
        pytest.param(["--rules", ""], "--rules: the path is empty", id="no path"),
        pytest.param(["--root", "none"], "there is no folder 'none' to be the root", id="no root"),
        pytest.param(["--root", "app/new.py"], "there is no folder 'app/new.py' to be the root", id="a file as the root"),
    ],
)  # fmt: skip
def test_rules_and_roots_that_are_none(make: Make, option: list[str], line: str) -> None:
    project = make({"empty.yaml": ""})
    os.mkfifo(project.folder / "pipe")
    with open(project.folder / "big.yaml", "wb") as big:
        big.truncate(100 << 20)
    assert lines_of(project, "check", *option) == [line]


def test_rules_in_their_own_folder(make: Make) -> None:
    project = make({"rules.yaml": None, ".ssot/rules.yaml": RULES, "app/use.py": OLD})
    answer = project.run("check", cwd="app")
    assert answer.out.startswith(said("use.py"))
    project.write({".ssot/rules.yaml": "ssot-lint: 1\nrules: 1\n"})
    assert lines_of(project, "check") == [
        ".ssot/rules.yaml:2:1: expected a list of at least one rule"
    ]


def test_no_rules_anywhere(make: Make) -> None:
    project = make({"rules.yaml": "- rules of another tool\n"})
    Repository(project.folder)
    names = "rules.yaml, ssot-rules.yaml, .ssot/rules.yaml"
    assert lines_of(project, "check", "app") == [
        f"no rules found: {names} were looked for in {project.folder}/app and the folders above "
        f"it, up to {project.folder}",
        "rules.yaml: passed over, because it does not begin with 'ssot-lint: 1'; add that line if "
        "these are rules for ssot-lint",
    ]


@pytest.mark.usefixtures("permissions")
def test_rules_that_may_not_be_read(make: Make) -> None:
    project = make()
    (project.folder / "rules.yaml").chmod(0)
    answer = project.spawn("check", preexec_fn=without_power_over_permissions)
    assert answer.code == 2
    assert answer.err.splitlines()[1:] == [
        "ssot-lint: rules.yaml: cannot be read: Permission denied"
    ]


# The baseline


@pytest.mark.parametrize(
    ("content", "line"),
    [
        pytest.param(b"", ":1: empty; a baseline begins with '# ssot-baseline v1'", id="empty"),
        pytest.param(b"a.py:\n", f":1: no baseline: the first line must be '{FIRST}'", id="headless"),
        pytest.param(f"{FIRST}\n\xe9:\n".encode("latin-1"), ":2: byte 0xe9: a baseline is plain ASCII text", id="non-UTF-8"),
        pytest.param(f"{FIRST}\na.py:\n  x".encode(), ":3: the last line has no end: the file was cut off", id="cut off"),
        pytest.param(f"{FIRST}\na.py: 1\n".encode(), ":2: neither a file ('path.py:') nor an entry ('  rule subject: 1')", id="malformed"),
        pytest.param(b"# ssot-baseline v2\n", ":1: ssot-baseline v2: made by a newer ssot-lint", id="of the future"),
        pytest.param(f"{FIRST}\n<<<<<<< ours\n".encode(), ":2: conflict markers of a merge: run 'ssot-lint baseline resolve'", id="in conflict"),
        pytest.param(
            baseline("a.py app.old.X").replace("old-path", "gone").encode(),
            ": has entries of rule 'gone', which the rules lack: 'ssot-lint baseline forget gone' "
            "drops them, 'ssot-lint baseline rename gone NEW' renames them",
            id="of an unknown rule",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "arguments",
    [["check"], ["baseline", "shrink"], ["baseline", "update", "--accept-new", "why"]],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_a_damaged_baseline_is_never_an_empty_one(
    make: Make, content: bytes, line: str, arguments: list[str]
) -> None:
    project = make({"app/use.py": OLD, "ssot-baseline.yml": content})
    assert lines_of(project, *arguments) == [f"ssot-baseline.yml{line}"]
    assert (project.folder / "ssot-baseline.yml").read_bytes() == content


def test_a_baseline_that_the_rules_name_must_be_there(make: Make) -> None:
    project = make({"rules.yaml": RULES.replace("rules:", "baseline: b.yml\nrules:")})
    expected = ["b.yml: there is no such baseline; 'ssot-lint baseline create' makes it"]
    assert lines_of(project, "check") == expected
    assert project.run("check", "--no-baseline").code == 0


@pytest.mark.parametrize(
    ("put", "line"),
    [
        pytest.param(Path.mkdir, "Is a directory", id="a folder"),
        pytest.param(lambda path: path.symlink_to("gone"), "No such file or directory", id="a link to nowhere"),
        pytest.param(lambda path: path.symlink_to(path.name), "Too many levels of symbolic links", id="a loop"),
    ],
)  # fmt: skip
def test_what_stands_in_the_place_of_the_baseline(
    make: Make, put: Callable[[Path], None], line: str
) -> None:
    project = make({"app/use.py": OLD})
    put(project.folder / "ssot-baseline.yml")
    assert lines_of(project, "check") == [f"ssot-baseline.yml: cannot be read: {line}"]


@pytest.mark.usefixtures("permissions")
def test_a_baseline_that_may_not_be_read(make: Make) -> None:
    project = make({"app/use.py": OLD, "ssot-baseline.yml": baseline("app/use.py app.old.X")})
    (project.folder / "ssot-baseline.yml").chmod(0)
    answer = project.spawn("check", preexec_fn=without_power_over_permissions)
    line = "ssot-lint: ssot-baseline.yml: cannot be read: Permission denied\n"
    assert (answer.code, answer.err) == (2, line)


# Writing

WRITING = [
    ["shrink"],
    ["update", "--accept-new", "why"],
    ["compact"],
    ["create", "--rule", "more"],
    ["rename", "old-path", "more"],
    ["forget", "old-path"],
]
MORE = f"{RULES}\n  - name: more\n    kind: forbidden-module\n    reason: No.\n    modules: [app.use]\n"


def full_of_work(make: Make) -> Project:
    """A project in which each command of `WRITING` has something to write."""
    project = make({"rules.yaml": MORE, "app/use.py": OLD, "app/clean.py": NEW})
    entries = baseline("app/clean.py app.old.X", "app/use.py app.old.X 2")
    return project.write({"ssot-baseline.yml": f"{entries}app/was_there.py:\n"})


@pytest.mark.parametrize("command", WRITING, ids=lambda command: command[0])
def test_a_full_disk_loses_nothing(make: Make, command: list[str]) -> None:
    project = full_of_work(make)
    names, before = project.names(), project.read()
    answer = project.spawn("baseline", *command, **SMALL)
    line = "ssot-lint: ssot-baseline.yml: cannot be written: File too large\n"
    assert (answer.code, answer.err) == (2, line)
    assert (project.names(), project.read()) == (names, before)
    assert project.run("baseline", *command).code == 0
    assert project.read() != before


def test_a_full_disk_leaves_no_half_of_a_new_baseline_or_report(make: Make) -> None:
    project = make({"app/use.py": OLD})
    names = project.names()
    assert project.spawn("baseline", "create", **SMALL).code == 2
    answer = project.spawn("check", "--output", "json:out.json", **SMALL)
    assert answer.code == 2
    assert answer.out.startswith(said("app/use.py"))
    assert answer.err == "ssot-lint: out.json: cannot be written: File too large\n"
    assert project.names() == names


def test_a_full_disk_in_a_merge_leaves_ours(make: Make) -> None:
    project = make({"base": baseline(), "ours": baseline("a.py app.old.X"), "theirs": baseline()})
    answer = project.spawn("baseline", "merge", "base", "ours", "theirs", **SMALL)
    assert (answer.code, answer.err) == (2, "ssot-lint: ours: cannot be written: File too large\n")
    assert project.read("ours") == baseline("a.py app.old.X")


@pytest.mark.usefixtures("permissions")
@pytest.mark.parametrize("command", [*WRITING, ["create"]], ids=" ".join)
def test_a_read_only_tree(make: Make, command: list[str]) -> None:
    project = full_of_work(make)
    if command == ["create"]:
        project.write({"ssot-baseline.yml": None})
    contents = {path: path.read_bytes() for path in project.folder.iterdir() if path.is_file()}
    project.folder.chmod(0o555)
    try:
        answer = project.spawn("baseline", *command, preexec_fn=without_power_over_permissions)
    finally:
        project.folder.chmod(0o755)
    line = "ssot-lint: ssot-baseline.yml: cannot be written: Permission denied\n"
    assert (answer.code, answer.err) == (2, line)
    assert {p: p.read_bytes() for p in project.folder.iterdir() if p.is_file()} == contents


@pytest.mark.usefixtures("permissions")
def test_a_read_only_baseline(make: Make) -> None:
    project = full_of_work(make)
    before = project.read()
    (project.folder / "ssot-baseline.yml").chmod(0o444)
    answer = project.spawn("baseline", "shrink", preexec_fn=without_power_over_permissions)
    line = "ssot-lint: ssot-baseline.yml: cannot be written: Permission denied\n"
    assert (answer.code, answer.err, project.read()) == (2, line, before)


# Paths


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        pytest.param(["app/none.py"], ["{root}/app/none.py: no such file or folder"], id="missing"),
        pytest.param(
            ["app/none.py", "gone", "app"],
            ["{root}/app/none.py: no such file or folder", "{root}/gone: no such file or folder"],
            id="each of them",
        ),
        pytest.param(["/dev"], ["/dev: lies outside the root {root}"], id="outside"),
        pytest.param(["../a.py"], ["{above}/a.py: lies outside the root {root}"], id="beside"),
    ],
)
def test_paths_that_cannot_be_checked(make: Make, paths: list[str], expected: list[str]) -> None:
    project = make()
    places = {"root": project.folder, "above": project.folder.parent}
    assert lines_of(project, "check", "--rules", "rules.yaml", *paths) == [
        line.format(**places) for line in expected
    ]


def test_no_file_to_judge(make: Make) -> None:
    project = make({"app/new.py": None, "app/notes.txt": ""})
    answer = project.run("check", "-q")
    assert answer.code == 2
    assert answer.out.splitlines()[0] == (
        "rules.yaml:1:1: SOT002 no Python file is judged below the root [broken-rule]"
    )
    assert "Traceback" not in answer.err
    answer = project.run("check", "app")
    assert answer.code == 0
    assert "  no file was judged\n" in answer.out
    assert lines_of(project, "baseline", "create") == [
        "rules.yaml:1:1: no Python file is judged below the root"
    ]
    assert project.names() == ["app", "rules.yaml"]


def test_a_working_directory_that_is_gone(make: Make) -> None:
    project = make({"gone/a.py": ""})
    script = 'cd gone; rm -r ../gone; for command in check config "baseline status"; do "$0" -m ssot_lint $command; echo $?; done'  # fmt: skip
    done = subprocess.run(
        ["sh", "-c", script, sys.executable],
        cwd=project.folder,
        env=environment(measured=False),
        capture_output=True,
        text=True,
    )
    assert done.stdout == "2\n2\n2\n"
    assert done.stderr == "ssot-lint: the working directory no longer exists\n" * 3


# Sources


def unreadable(project: Project, name: str, *options: str) -> str:
    """What a run says about a file that should be all that is wrong."""
    answer = project.run("check", "-q", "--no-baseline", *options)
    assert (answer.code, answer.err) == (1, "")
    (line,) = (line for line in answer.out.splitlines() if "SOT001" in line)
    assert answer.out == f"{line}\n\nFailed: 1 new violation.\n"
    assert line.startswith(f"{name}:")
    return line.partition("not checked: ")[2].removesuffix(" [unreadable-file]")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"from app.old import (\n", "'(' was never closed", id="does not parse"),
        pytest.param(b"app.old\0\n", "contains NUL bytes", id="binary"),
        pytest.param(os.urandom(64) + b"\0app.old", None, id="noise"),
        pytest.param("import app.old".encode("utf-16"), "UTF-16, which Python does not read", id="UTF-16"),
        pytest.param(b"# coding: nonsense\nfrom app.old import (\n", None, id="an unknown encoding"),
        pytest.param(b"import app.old\nx = " + b"(" * 5000 + b")" * 5000, None, id="deep parentheses"),
        pytest.param(b"import app.old\nx = " + b"-" * 100_000 + b"1", None, id="deep operators"),
        pytest.param(b"import app.old\nx" + b".y" * 100_000 + b" (", None, id="long chains"),
    ],
)  # fmt: skip
def test_sources_that_cannot_be_read(make: Make, content: bytes, why: str | None) -> None:
    told = unreadable(make({"app/bad.py": content}), "app/bad.py")
    assert told
    assert why is None or told == why


def test_deep_sources_that_parse_do_not_end_the_run(make: Make) -> None:
    deep = {
        "chain": "x = a" + ".b" * 900,
        "calls": "x = a" + "()" * 900,
        "sum": "x = " + " + ".join(["a"] * 900),
        "blocks": "".join(f"{' ' * depth}if a:\n" for depth in range(90)) + " " * 90 + "pass",
    }
    project = make({f"app/{name}.py": f"import app.old\n{text}\n" for name, text in deep.items()})
    answer = project.run("check", "-q")
    assert (answer.code, answer.out.count("SOT102"), answer.out.count("SOT001")) == (1, 4, 0)


def test_a_huge_source_is_not_read(make: Make) -> None:
    project = make()
    with open(project.folder / "app/huge.py", "wb") as huge:
        huge.write(b"import app.old\n")
        huge.truncate((64 << 20) + 1)
    assert unreadable(project, "app/huge.py") == "larger than 64 MiB"


def test_a_pipe_is_not_waited_for(make: Make) -> None:
    project = make()
    os.mkfifo(project.folder / "app/pipe.py")
    assert unreadable(project, "app/pipe.py") == "not a regular file"
    assert unreadable(project, "app/pipe.py", "app/pipe.py") == "not a regular file"


@pytest.mark.parametrize("target", ["nowhere.py", "link.py", "link.py/below"])
def test_links_that_lead_nowhere(make: Make, target: str) -> None:
    project = make()
    (project.folder / "app/link.py").symlink_to(target)
    assert unreadable(project, "app/link.py") in (
        "a broken link",
        "Too many levels of symbolic links",
    )


def test_a_folder_that_contains_itself(make: Make) -> None:
    project = make({"app/use.py": OLD})
    (project.folder / "app/again").symlink_to(".")
    (project.folder / "app/module.py").mkdir()
    answer = project.run("check", "--format", "json")
    assert answer.found == [("app/use.py", "old-path", "new")]


@pytest.mark.usefixtures("permissions")
def test_sources_that_may_not_be_read(make: Make) -> None:
    project = make({"app/secret.py": OLD, "app/closed/use.py": OLD, "app/use.py": OLD})
    (project.folder / "app/secret.py").chmod(0)
    (project.folder / "app/closed").chmod(0)
    try:
        answer = project.spawn("check", "-q", preexec_fn=without_power_over_permissions)
    finally:
        (project.folder / "app/closed").chmod(0o755)
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert answer.out.startswith(
        "app/closed:1:1: SOT001 not checked: Permission denied [unreadable-file]\n"
        "app/secret.py:1:1: SOT001 not checked: Permission denied [unreadable-file]\n"
        + said("app/use.py")
    )


def test_a_source_that_vanishes_after_the_walk_is_reported(make: Make) -> None:
    project = make({"app/a.py": OLD, "app/z.py": OLD})

    def vanish(*_: int) -> None:
        (project.folder / "app/z.py").unlink(missing_ok=True)

    report = lint(read(str(project.folder / "rules.yaml")), Request(progress=vanish))
    assert [(v.path, v.code, v.message) for v in report.violations][1:] == [
        ("app/z.py", "SOT001", "not checked: No such file or directory")
    ]
    assert report.violations[0].path == "app/a.py"


def test_warnings_are_not_errors(make: Make) -> None:
    """Neither ours nor those of the sources (an invalid escape, a literal in `is`)."""
    project = make({"app/use.py": f"{OLD}a = '\\d'\nb = a is 1\nc = 0x1for x in ()\n"})
    for arguments in (["check"], ["baseline", "create"]):
        answer = project.spawn(*arguments, env={"PYTHONWARNINGS": "error"})
        assert "Traceback" not in answer.err
        assert "Warning" not in answer.err
        assert "SOT001" not in answer.out
        assert answer.code == (arguments == ["check"])


# Our own bugs


@pytest.mark.parametrize(
    ("error", "line"),
    [
        ("ZeroDivisionError('of our own making')", "ZeroDivisionError: of our own making"),
        (
            "FileNotFoundError(2, 'not expected', 'a.py')",
            "FileNotFoundError: [Errno 2] not expected: 'a.py'",
        ),
    ],
)
def test_a_bug_keeps_its_traceback(make: Make, tmp_path: Path, error: str, line: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        f"import ssot_lint.cli.config as c\ndef broken(*_): raise {error}\nc._run = broken\n"
    )
    answer = make().spawn("config", env={"PYTHONPATH": str(tmp_path)})
    assert answer.code == 70
    assert answer.err.startswith("Traceback (most recent call last):\n")
    assert answer.err.endswith(
        f"{line}\nssot-lint: this is a bug in ssot-lint; please report the lines above\n"
    )
