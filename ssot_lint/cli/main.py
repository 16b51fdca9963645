"""The edge: picks the command, and turns what is raised into lines and exit codes."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from types import ModuleType

import click

from ssot_lint import __version__
from ssot_lint.cli.console import complain, lose_output, prepare, tell
from ssot_lint.cli.exits import ExitCode
from ssot_lint.cli.group import Group
from ssot_lint.errors import UsageError

_COMMANDS = {
    "baseline": "Freeze the violations that exist, and watch them go.",
    "cache": "Show or remove what was kept from earlier runs.",
    "check": "Find violations of the rules; new ones fail.",
    "config": "Show which rules, root and baseline apply, and why.",
    "contract": "Write down what a class or module offers its callers.",
    "explain": "Print the manual of a kind, or what a rule says.",
    "migrate": "Rewrite what moved, batch by batch, and undo what fails.",
    "paths": "List every path by which each source of truth is reached.",
    "plan": "Put what is to be rewritten into batches, by their risk.",
    "rollback": "Undo a run of 'migrate', byte for byte.",
    "rules": "List, validate and test the rules.",
    "shim": "Keep an old path working for a while, and remove it in the end.",
}


class _Commands(Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = _imported(f"ssot_lint.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


def _imported(name: str) -> ModuleType:
    """The module of that name.

    What is imported is never garbage, but the collector would look for some in it, when it has
    grown and again at the end: a seventh of the time that a run on one file takes.
    """
    if name in sys.modules:
        return sys.modules[name]
    collecting = gc.isenabled()
    gc.disable()
    try:
        return importlib.import_module(name)
    finally:
        gc.freeze()
        if collecting:
            gc.enable()


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ssot-lint", message="%(prog)s %(version)s")
def root() -> None:
    """Keeps every concept of a Python codebase in one home.

    Exit codes: 0 clean; 1 new violations; 2 unusable input; 3 only stale baseline entries, where
    asked to fail on them; 70 a bug of ours; 130 interrupted.
    """
    try:
        os.getcwd()
    except OSError:
        raise UsageError("the working directory no longer exists") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a bug of ours prints its traceback."""
    prepare()
    try:
        return _run(sys.argv[1:] if arguments is None else list(arguments))
    except UsageError as error:
        for line in error.lines:
            complain(line)
        return ExitCode.UNUSABLE
    except KeyboardInterrupt:
        complain("interrupted")
        return ExitCode.INTERRUPTED
    except Exception:
        import traceback

        tell(traceback.format_exc().rstrip("\n"))
        complain("this is a bug in ssot-lint; please report the lines above")
        return ExitCode.BUG


def _run(arguments: list[str]) -> int:
    # Not by `root.main`, which answers interrupts and closed pipes in its own way.
    try:
        with root.make_context("ssot-lint", arguments) as context:
            code: int = root.invoke(context)
            return code
    except click.exceptions.Exit as exit:  # after --help and --version
        return exit.exit_code
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "ssot-lint"
        message = error.format_message().rstrip(".")
        raise UsageError(f"{message}; see '{command} --help'") from None
    except OSError as error:
        if error.filename is not None:
            raise
        lose_output(error)  # click's, with a help text: our own writing answers for itself
        return ExitCode.DONE
