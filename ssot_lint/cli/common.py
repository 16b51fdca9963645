"""What several commands share: finding the rules, the date, paths, and writing results."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from ssot_lint.config import Config, find, read
from ssot_lint.errors import UsageError

Command = TypeVar("Command", bound=Callable[..., Any])


def rules_options(command: Command) -> Command:
    """``--rules`` and ``--root``, as every command that reads the rules takes them."""
    for decorate in (
        click.option("--root", metavar="DIR", help="The folder that all paths are relative to."),
        click.option("--rules", "rules_file", metavar="FILE", help="The rules file; else it is looked for."),
    ):
        command = decorate(command)
    return command


def today_option(command: Command) -> Command:
    """``--today``: the date that ``until`` is compared with."""
    return click.option(
        "--today", metavar="DATE", help="The date to judge 'until' by (default: today, UTC)."
    )(command)


def load_config(rules_file: str | None, root: str | None, paths: Sequence[str] = ()) -> Config:
    """The rules that apply to `paths` (absolute). UsageError if there are none, or they are bad."""
    found = find(paths, rules_file)
    config = read(found.path, root, found.root_hint)
    if not os.path.isdir(config.root):
        raise UsageError(f"the root {config.root} does not exist")
    return config


def parse_today(text: str | None) -> datetime.date:
    """The date of ``--today``, else of SOURCE_DATE_EPOCH, else of the clock (UTC)."""
    if text is not None:
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            raise UsageError(f"--today: '{text}' is no date such as 2027-03-31") from None
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is not None:
        try:
            return datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc).date()
        except (ValueError, OverflowError, OSError):
            raise UsageError(f"SOURCE_DATE_EPOCH: '{epoch}' is no number of seconds") from None
    return datetime.datetime.now(datetime.timezone.utc).date()


def relative_to_cwd(root: str) -> Callable[[str], str]:
    """A function from a path relative to `root` to one relative to the working directory."""
    here = os.getcwd()
    if os.path.realpath(here) == os.path.realpath(root):
        return lambda path: path

    def relative(path: str) -> str:
        try:
            return os.path.relpath(os.path.join(root, path), here).replace(os.sep, "/")
        except ValueError:  # another drive
            return os.path.join(root, path)

    return relative


def say(text: str) -> None:
    """Write a result to standard output."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # What is left in the buffer would fail again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise UsageError(f"standard output: cannot be written: {error.strerror}") from None


def tell(text: str) -> None:
    """Write a line to standard error."""
    click.echo(text, err=True)
