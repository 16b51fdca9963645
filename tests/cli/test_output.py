"""What comes out: the same bytes every time, in formats that hold to their schemas, on any console."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

import ssot_lint
from tests.cli.projects import OLD, Make, Project, environment, interruptible, said
from tests.cli.test_check import BROKEN_RULE, THREE_BROKEN, baseline
from tests.git_repository import Repository

SCHEMA = Path(ssot_lint.__file__).with_name("report.schema.json")
SARIF = Path(__file__).parents[1] / "data" / "sarif-2.1.0-rtm.5.json"

EVERYTHING = {
    **THREE_BROKEN,
    "app/known.py": OLD,
    "app/excused.py": f"{OLD.rstrip()}  # ssot: allow old-path (a test)\n",
    "app/idle.py": "X = 1  # noqa: SOT102\n",
    "app/broken.py": "from app.old import (\n",
    "app/ignored.py": "def (\n",
    "ssot-baseline.yml": baseline("app/gone.py app.old.X", "app/known.py app.old.X 2"),
}
"""Violations of every state, notes, entries that are fixed, files that do not parse."""
FORMATS = ("text", "json", "github", "sarif")


def changed(make: Make) -> Project:
    """The project with everything, and a change in it, on the day after a commit."""
    project = make(EVERYTHING)
    Repository(project.folder).commit()
    return project.write({"app/more.py": OLD * 2, "app/other.py": "X = 3\n"})


@pytest.mark.parametrize("options", [[], ["--base", "HEAD"], ["--statistics"], ["app"]])
def test_json_holds_to_its_schema(make: Make, options: list[str]) -> None:
    report = changed(make).run("check", "--format", "json", *options).report
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert list(validator.iter_errors(report)) == []
    assert {violation["state"] for violation in report["violations"]} >= {"new", "known"}


@pytest.mark.parametrize("options", [[], ["--base", "HEAD"], ["app"]])
def test_sarif_holds_to_its_schema(make: Make, options: list[str]) -> None:
    report = changed(make).run("check", "--format", "sarif", *options).report
    validator = Draft7Validator(json.loads(SARIF.read_text(encoding="utf-8")))
    assert list(validator.iter_errors(report)) == []
    assert report["runs"][0]["results"]


def test_a_run_that_cannot_work_holds_to_both(make: Make) -> None:
    project = make({"rules.yaml": BROKEN_RULE, "app/use.py": OLD})
    for format, schema, validator in (
        ("json", SCHEMA, Draft202012Validator),
        ("sarif", SARIF, Draft7Validator),
    ):
        answer = project.run("check", "--format", format)
        assert answer.code == 2
        errors = validator(json.loads(schema.read_text(encoding="utf-8"))).iter_errors(
            answer.report
        )
        assert list(errors) == []


def test_two_runs_say_the_same_whatever_the_hashes_are(make: Make) -> None:
    project = changed(make)
    targets = [part for name in FORMATS for part in ("--output", f"{name}:../out.{name}")]
    asked = ("check", "-v", "--statistics", "--base", "HEAD", *targets)
    runs = []
    for seed in ("1", "2"):
        answer = project.spawn(*asked, env={"PYTHONHASHSEED": seed})
        runs.append((answer, *(project.read(f"../out.{name}") for name in FORMATS)))
    assert runs[0] == runs[1]
    assert runs[0][0] == project.run(*asked)
    assert runs[0][0].code == 1


def test_the_same_violations_make_the_same_baseline(make: Make) -> None:
    project = changed(make)
    texts = set()
    for seed in ("1", "2"):
        project.write({"ssot-baseline.yml": None})
        project.spawn("baseline", "create", env={"PYTHONHASHSEED": seed})
        texts.add(project.read())
    assert len(texts) == 1


# Consoles

ODD = os.fsdecode(b"app/caf\xe9.py")
NAMES = ["app/\N{PILE OF POO}.py", "app/\N{LATIN SMALL LETTER E WITH ACUTE}.py", ODD]


@pytest.mark.parametrize(
    ("encoding", "format"),
    [*(("ascii", format) for format in FORMATS), ("cp1252", "text"), ("utf-8:strict", "text")],
)
def test_a_console_that_cannot_show_the_text(make: Make, encoding: str, format: str) -> None:
    project = make(dict.fromkeys(NAMES, OLD))
    answer = project.spawn("check", "--format", format, env={"PYTHONIOENCODING": encoding})
    assert answer.code == 1
    assert "Traceback" not in answer.err
    if format == "text":
        assert r"app/caf\udce9.py:1:21: SOT102" in answer.out
        assert ("app/\N{PILE OF POO}.py" in answer.out) is encoding.startswith("utf-8")
        assert (r"app/\U0001f4a9.py" in answer.out) is not encoding.startswith("utf-8")
    elif format in ("json", "sarif"):
        assert len(json.loads(answer.out)) > 1


def test_messages_are_written_on_any_console_too(make: Make) -> None:
    project = make({ODD: OLD})
    answer = project.spawn("check", "\N{PILE OF POO}", env={"PYTHONIOENCODING": "ascii"})
    assert answer.code == 2
    assert answer.err.startswith("ssot-lint: ")
    assert answer.err.endswith("\\U0001f4a9: no such file or folder\n")


def test_odd_names_survive_in_files(make: Make) -> None:
    project = make(dict.fromkeys(NAMES, OLD))
    answer = project.run("check", "--output", "json:out.json", "--output", "text:out.txt")
    assert answer.code == 1
    paths = {violation["path"] for violation in json.loads(project.read("out.json"))["violations"]}
    assert paths == set(NAMES)
    assert project.run("baseline", "create").code == 0
    assert project.run("check").code == 0


def test_a_name_cannot_forge_a_line(make: Make) -> None:
    project = make({"app/a\nb\x1b[2J.py": OLD})
    answer = project.run("check", "-q")
    assert answer.out.startswith(r"app/a\nb\x1b[2J.py:1:21: SOT102 ")
    for arguments in (["check", "no\nsuch"], ["config", "no\nsuch.py"]):
        answer = project.run(*arguments)
        assert r"no\nsuch" in answer.out + answer.err


# Closed and full streams


@contextmanager
def _to(path: str) -> Iterator[IO[bytes]]:
    with open(path, "wb", buffering=0) as file:
        yield file


@pytest.mark.parametrize(
    ("arguments", "unbuffered"),
    [
        (["check"], ""),
        (["check", "--format", "json"], "1"),
        (["config"], ""),
        (["--help"], ""),
        (["check", "-h"], "1"),
        (["--version"], "1"),
    ],
)
def test_a_full_disk_behind_standard_output(
    make: Make, arguments: list[str], unbuffered: str
) -> None:
    project = make({"app/use.py": OLD})
    with _to("/dev/full") as full:
        answer = project.spawn(*arguments, stdout=full, env={"PYTHONUNBUFFERED": unbuffered})
    line = "ssot-lint: standard output: cannot be written: No space left on device\n"
    assert (answer.code, answer.err) == (2, line)


def test_files_do_not_suffer_from_standard_output(make: Make) -> None:
    project = make({"app/use.py": OLD})
    with _to("/dev/full") as full:
        answer = project.spawn("check", "-q", stderr=full)
    assert (answer.code, answer.err) == (1, "")
    assert answer.out.startswith(said("app/use.py"))


@pytest.mark.parametrize(
    ("arguments", "unbuffered", "code"),
    [
        pytest.param(["check", "-v"], "", 1, id="the answer stays"),
        pytest.param(["check", "--exit-zero"], "1", 0, id="whatever it is"),
        pytest.param(["rules", "list"], "", 0, id="another command"),
        pytest.param(["--help"], "", 0, id="help"),
        pytest.param(["--help"], "1", 0, id="help at once"),
    ],
)
def test_a_reader_who_has_read_enough(
    make: Make, arguments: list[str], unbuffered: str, code: int
) -> None:
    project = make({f"app/use{number}.py": OLD for number in range(3)})
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        answer = project.spawn(*arguments, stdout=closed, env={"PYTHONUNBUFFERED": unbuffered})
    assert answer.code == code
    assert "Traceback" not in answer.err
    assert "Broken pipe" not in answer.err


def test_outputs_are_written_even_if_nobody_reads_the_rest(make: Make) -> None:
    project = make({"app/use.py": OLD})
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        answer = project.spawn("check", "--output", "json:out.json", stdout=closed, stderr=closed)
    assert answer.code == 1
    assert json.loads(project.read("out.json"))["violations"]


@pytest.mark.parametrize(
    ("closing", "code", "err"),
    [
        (">&-", 2, "ssot-lint: standard output is closed\n"),
        ("2>&-", 1, ""),
        (">&- 2>&-", 2, ""),
        ("<&-", 1, None),
    ],
)
def test_streams_that_are_closed_from_the_start(
    make: Make, closing: str, code: int, err: str | None
) -> None:
    project = make({"app/use.py": OLD})
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m ssot_lint check {closing}', sys.executable],
        cwd=project.folder,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == code
    assert err is None or done.stderr == err


def test_standard_input_that_is_closed_or_cannot_be_read(make: Make) -> None:
    project = make()
    asked = 'exec "$0" -m ssot_lint check - --stdin-filename a.py'
    for closing, line in (
        ("<&-", "standard input is closed"),
        ("0>out", "standard input: cannot be read: Bad file descriptor"),
    ):
        done = subprocess.run(
            ["sh", "-c", f"{asked} {closing}", sys.executable],
            cwd=project.folder,
            env=environment(),
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (2, f"ssot-lint: {line}\n")


# Terminals

BIG = "".join(
    f"def function_{number}(a, b=[{number}]):\n    return a + b\n" for number in range(300)
)
BAR = re.compile(r"reading files +\[[#-]*\] +\d+%")


class Terminal:
    """A command on a terminal of its own; `text` is what the screen got so far."""

    def __init__(self, project: Project, *arguments: str, **changes: str) -> None:
        self._screen, terminal = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ssot_lint", *arguments],
            cwd=project.folder,
            env={**environment(), "TERM": "xterm", **changes},
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=terminal,
            preexec_fn=interruptible,
        )
        os.close(terminal)
        self.text = ""

    def read(self, until: str | None = None) -> str:
        """Reads on to the end, or until the screen shows `until`."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and (until is None or until not in self.text):
            if select.select([self._screen], [], [], 0.5)[0]:
                try:
                    data = os.read(self._screen, 65536)
                except OSError:  # the other side was closed
                    break
                if not data:
                    break
                self.text += data.decode()
        return self.text

    def close(self) -> int:
        self.read()
        os.close(self._screen)
        return self.process.wait(10)


@pytest.mark.parametrize(
    ("changes", "options", "colored"),
    [
        pytest.param({}, [], True, id="by default"),
        pytest.param({"NO_COLOR": "1"}, [], False, id="NO_COLOR"),
        pytest.param({"NO_COLOR": ""}, [], True, id="an empty NO_COLOR says nothing"),
        pytest.param({"TERM": "dumb"}, [], False, id="a dumb terminal"),
        pytest.param({"NO_COLOR": "1"}, ["--color"], True, id="the option beats it"),
        pytest.param({}, ["--no-color"], False, id="refused"),
        pytest.param({}, ["--format", "json"], False, id="not for machines"),
    ],
)
def test_colour_on_a_terminal(
    make: Make, changes: dict[str, str], options: list[str], colored: bool
) -> None:
    terminal = Terminal(make({"app/use.py": OLD}), "check", *options, **changes)
    assert terminal.close() == 1
    assert ("\x1b[31mSOT102\x1b[0m" in terminal.text) is colored
    assert "reading files" not in terminal.text, "no bar for what takes no second"


def test_a_slow_run_shows_how_far_it_is(make: Make) -> None:
    project = make()
    for count in (60, 180, 540):  # until it is more than a second's work for this machine
        project.write(
            {
                f"app/m{number}.py": f"{BIG}from app import older  # {number}\n"
                for number in range(count)
            }
        )
        terminal = Terminal(project, "check", "-q")
        assert terminal.close() == 0
        if terminal.text:
            break
    assert BAR.search(terminal.text)
    assert "100%" in terminal.text
    assert terminal.text.endswith("\x1b[?25h\r\n"), "the cursor is back"


def test_an_interrupted_run_says_one_line_and_leaves_nothing(make: Make) -> None:
    project = make({f"app/m{number}.py": f"{OLD}{BIG}# {number}\n" for number in range(600)})
    before = project.names()
    terminal = Terminal(project, "baseline", "create")
    terminal.read(until="reading files")
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.close() == 130
    assert terminal.text.rpartition("\x1b[?25h")[2].strip() == "ssot-lint: interrupted"
    assert "Traceback" not in terminal.text
    assert project.names() == before


def test_an_interrupt_while_git_works(make: Make, tmp_path: Path) -> None:
    project = make({"app/use.py": OLD})
    started = tmp_path / "started"
    git = tmp_path / "bin" / "git"
    git.parent.mkdir()
    git.write_text(f"#!/bin/sh\ntouch '{started}'\nexec sleep 60\n")
    git.chmod(0o755)
    process = subprocess.Popen(
        [sys.executable, "-m", "ssot_lint", "check", "--base", "main"],
        cwd=project.folder,
        env={**environment(), "PATH": f"{git.parent}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,
    )
    while not started.exists():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "ssot-lint: interrupted\n")
