"""What several commands share: which rules, which date, and how paths are shown."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

import click

from ssot_lint.config import Config, find, read
from ssot_lint.errors import UsageError

Body = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Rules:
    """Which rules the command line names: ``--rules`` and ``--root``, None for what it does not."""

    file: str | None
    root: str | None

    def load(self, paths: Sequence[str] = ()) -> Config:
        """The rules that apply to `paths` (absolute); UsageError if there are none, or bad ones."""
        root = None if self.root is None else absolute(self.root, "--root")
        found = find(paths, self.file)
        config = read(found.path, root, found.root_hint)
        if not os.path.isdir(config.root):
            raise UsageError(f"there is no folder '{config.root}' to be the root")
        return config


def rules_options(body: Body) -> Body:
    """``--rules`` and ``--root``, handed to the command as one value, `rules`."""

    @wraps(body)
    def command(*args: Any, rules_file: str | None, root: str | None, **kwargs: Any) -> Any:
        return body(*args, rules=Rules(rules_file, root), **kwargs)

    file = click.option(
        "--rules", "rules_file", metavar="FILE", help="The rules file; else it is looked for."
    )
    root = click.option("--root", metavar="DIR", help="The folder that all paths are relative to.")
    return file(root(command))


def overview(context: click.Context) -> int:
    """What a group says that is called without a command: its help, which is no answer."""
    from ssot_lint.cli.console import tell
    from ssot_lint.cli.exits import ExitCode

    tell(context.get_help())
    return ExitCode.UNUSABLE


def absolute(path: str, what: str) -> str:
    """`path`, which the command line names as `what`, as an absolute one; "" is no path."""
    if not path:
        raise UsageError(f"{what}: the path is empty")
    return os.path.abspath(path)


def parse_today(text: str | None) -> datetime.date:
    """The date of ``--today``, else of SOURCE_DATE_EPOCH, else of the clock (UTC)."""
    if text is not None:
        try:
            return datetime.datetime.strptime(text, "%Y-%m-%d").date()
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
