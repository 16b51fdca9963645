"""Help texts, the start, and what is said to a mistyped command."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import ssot_lint
from ssot_lint.cli.main import root
from tests.cli.projects import Make, environment

HEAVY = ["astroid", "flake8", "importlib.metadata", "multiprocessing", "networkx", "yaml"]
"""Modules that cost tens of milliseconds, or that most runs do not need."""


def commands(group: click.Group = root, way: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield way
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*way, name))
        else:
            yield (*way, name)


COMMANDS = list(commands())


def test_these_are_the_commands() -> None:
    groups = {way[0]: [w[1] for w in COMMANDS if w[1:] and w[0] == way[0]] for way in COMMANDS[1:]}
    assert groups == {
        "baseline": [
            *("compact", "create", "diff", "forget", "merge"),
            *("rename", "resolve", "shrink", "status", "update"),
        ],
        "cache": ["clear", "info"],
        "check": [],
        "config": [],
        "contract": ["snapshot"],
        "explain": [],
        "migrate": ["finish", "status"],
        "paths": [],
        "plan": [],
        "rollback": [],
        "rules": ["list", "schema", "test", "validate"],
        "shim": ["create", "remove"],
    }


@pytest.mark.parametrize("way", COMMANDS, ids=" ".join)
def test_a_help_text_is_tidy(make: Make, way: tuple[str, ...]) -> None:
    answer = make().run(*way, "--help")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(f"Usage: {' '.join(('ssot-lint', *way))} [OPTIONS]")
    assert [line for line in answer.out.splitlines() if len(line) > 80] == []
    assert "..." not in answer.out.partition("\n")[2].replace("[ARGS]...", ""), "was cut"
    assert make().run(*way, "-h") == answer


@pytest.mark.parametrize("way", COMMANDS, ids=" ".join)
def test_every_option_and_command_is_explained(make: Make, way: tuple[str, ...]) -> None:
    command: click.Command = root
    for name in way:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    assert command.help
    assert command.help.partition("\n")[0].endswith((".", ")"))
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert parameter.help.endswith("."), parameter.help


def test_the_list_of_commands_says_what_the_commands_say() -> None:
    context = click.Context(root)
    out = root.get_help(context)
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        assert command is not None
        assert command.help is not None
        first = command.help.partition("\n")[0]
        assert any(line.split() == [name, *first.split()] for line in out.splitlines()), name


@pytest.mark.parametrize("way", [(), ("baseline",), ("rules",)], ids=" ".join)
def test_a_group_without_a_command_prints_its_help_as_an_error(
    make: Make, way: tuple[str, ...]
) -> None:
    project = make()
    answer = project.run(*way)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == project.run(*way, "--help").out


def test_version(make: Make) -> None:
    answer = make().run("--version")
    assert (answer.code, answer.out, answer.err) == (0, f"ssot-lint {ssot_lint.__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["chek"], "chek"),
        (["check", "--formt", "json"], "--formt"),
        (["check", "--format", "xml"], "'xml' is not one of 'text', 'json', 'github', 'sarif'"),
        (["check", "--max-shown", "-1"], "-1 is not in the range x>=0"),
        (["check", "--stale", "pass"], "'pass' is not one of 'report', 'fail'"),
        (["check", "--scope", "project"], "'project' is not"),
        (["check", "--rule"], "--rule"),
        (["baseline", "forget"], "Missing argument 'RULE'"),
        (["baseline", "rename", "a"], "Missing argument 'NEW'"),
        (["explain"], "Missing argument 'CODE_OR_KIND_OR_RULE'"),
        (["config", "a", "b"], "unexpected extra argument"),
    ],
)
def test_a_mistyped_command_line_is_one_line(make: Make, arguments: list[str], line: str) -> None:
    answer = make().run(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("ssot-lint: ")
    assert line in answer.err
    assert re.search(r"; see 'ssot-lint( [a-z]+)* --help'\n$", answer.err)
    assert answer.err.count("\n") == 1


def imported(folder: Path, *arguments: str) -> set[str]:
    """The modules that a command imports."""
    script = (
        "import sys; from ssot_lint.cli import main; main(sys.argv[1:]); "
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment(measured=False),  # that imports modules of its own
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_the_start_imports_nothing_heavy(tmp_path: Path, argument: str) -> None:
    modules = imported(tmp_path, argument)
    assert "ssot_lint.cli.main" in modules
    assert sorted(modules & {*HEAVY, "ssot_lint.config", "ssot_lint.engine"}) == []


@pytest.mark.parametrize("command", [["check"], ["explain", "SOT202"]], ids=" ".join)
def test_no_command_imports_what_only_later_steps_need(make: Make, command: list[str]) -> None:
    assert sorted(imported(make().folder, *command) & {*HEAVY} - {"yaml"}) == []


def test_the_package_runs_as_a_module(make: Make) -> None:
    project = make({"app/use.py": "from app.old import X\n"})
    assert project.spawn("check") == project.run("check")
