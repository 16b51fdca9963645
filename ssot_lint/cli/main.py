"""The edge: picks the command, and turns what is raised into lines and exit codes."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

from ssot_lint import __version__
from ssot_lint.cli.exits import ExitCode
from ssot_lint.errors import UsageError

_COMMANDS = {
    "baseline": "Freeze violations, and watch them go.",
    "check": "Find violations; new ones fail.",
    "config": "Show which rules, root and baseline apply, and to which file.",
    "explain": "Print the manual of a kind, or what a rule says.",
    "rules": "List, validate and test the rules.",
}


class _Commands(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"ssot_lint.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ssot-lint", message="%(prog)s %(version)s")
def root() -> None:
    """Keeps every concept of a Python codebase in one home.

    Exit codes: 0 clean; 1 new violations; 2 unusable input; 3 only stale baseline entries, where
    asked to fail on them; 70 a bug of ours; 130 interrupted.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a bug of ours prints its traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = root.main(arguments, prog_name="ssot-lint", standalone_mode=False)
    except UsageError as error:
        for line in error.lines:
            click.echo(f"ssot-lint: {line}", err=True)
        return ExitCode.UNUSABLE
    except click.ClickException as error:
        error.show()
        return ExitCode.UNUSABLE
    except (click.Abort, KeyboardInterrupt):
        click.echo("ssot-lint: interrupted", err=True)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Whoever closed the pipe has read enough; the interpreter's own flush must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    except Exception:
        import traceback

        traceback.print_exc()
        click.echo("ssot-lint: this is a bug in ssot-lint; please report the lines above", err=True)
        return ExitCode.BUG
    return code if isinstance(code, int) else ExitCode.DONE
