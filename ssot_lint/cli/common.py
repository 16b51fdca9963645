"""What several commands share: which rules, which date, and how paths are shown."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, NamedTuple

import click

from ssot_lint.cache import DEFAULT_FOLDER, VARIABLE, folder_of
from ssot_lint.clock import current_date
from ssot_lint.config import Config, find, read
from ssot_lint.errors import UsageError

Body = Callable[..., Any]


class Rules(NamedTuple):
    """Which rules the command line names: ``--rules`` and ``--root``, None for what it does not."""

    file: str | None
    root: str | None

    def load(self, paths: Sequence[str] = ()) -> Config:
        """The rules that apply to `paths` (absolute); UsageError if there are none, or bad ones."""
        for option, path in (("--rules", self.file), ("--root", self.root)):
            if path is not None:
                absolute(path, option)
        found = find(paths, self.file)
        return read(found.path, self.root, found.root_hint)


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
    return current_date()


def relative_to_cwd(root: str) -> Callable[[str], str]:
    """A function from a path relative to `root` to one relative to the working directory."""
    here = os.getcwd()
    if os.path.realpath(here) == os.path.realpath(root):
        here = root  # whatever links lead to it

    def relative(path: str) -> str:
        try:
            return os.path.relpath(os.path.join(root, path), here).replace(os.sep, "/")
        except ValueError:  # another drive
            return os.path.join(root, path)

    return relative


def refuse_interrupted(root: str) -> None:
    """UsageError while a migration is at work below `root`, or was interrupted there."""
    from ssot_lint.migration.journal import interrupted  # only commands that write ask

    line = interrupted(root)
    if line is not None:
        raise UsageError(line)


def cache_option(command: Body) -> Body:
    """``--cache-dir``: where the cache lies."""
    return click.option(
        "--cache-dir",
        metavar="DIR",
        envvar=VARIABLE,
        help=f"The folder of the cache; else {VARIABLE}, else {DEFAULT_FOLDER} at the root.",
    )(command)


def cache_folder(config: Config, cache_dir: str | None) -> str:
    """The absolute path of the cache's folder."""
    return folder_of(config.root) if cache_dir is None else absolute(cache_dir, "--cache-dir")
