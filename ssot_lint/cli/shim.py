"""``ssot-lint shim``: create and remove modules that forward from an old path."""

from __future__ import annotations

import datetime
import keyword
import os
import re
from collections.abc import Sequence

import click

from ssot_lint import files
from ssot_lint.builtin import UnreadableFile
from ssot_lint.cli.common import Rules, refuse_interrupted, relative_to_cwd, rules_options
from ssot_lint.cli.console import complain, say, tell
from ssot_lint.cli.exits import ExitCode
from ssot_lint.cli.group import Group
from ssot_lint.cli.progress import progress_bar
from ssot_lint.clock import current_date
from ssot_lint.config import Config
from ssot_lint.engine import Request
from ssot_lint.engine.survey import project_of, rules_path
from ssot_lint.errors import UsageError
from ssot_lint.migration import shim_files, shims
from ssot_lint.model import Violation
from ssot_lint.patterns import is_dotted, normalised
from ssot_lint.project import Project
from ssot_lint.reading import Reader, cores
from ssot_lint.reporters.phrases import counted, one_line, place
from ssot_lint.roots import resolve_roots

_SHOWN = 20
"""References that are listed when a shim cannot go yet."""


@click.group("shim", cls=Group)
def command() -> None:
    """Keep an old path working for a while, and remove it in the end.

    A shim is a module that forwards to another one. Importing a name from it, using one through
    it, setting, deleting and patching one: all that reaches the home, and whoever reads a name is
    warned (DeprecationWarning) every time.

    What a shim cannot do: 'import OLD.sub' and 'from OLD.sub import X' need a shim of their own for
    OLD.sub ('from OLD import sub' does not); vars(OLD) is not the home's; 'python -m OLD' runs
    nothing.
    """


@command.command("create")
@click.argument("old")
@click.argument("new")
@click.option(
    "--remove-after", metavar="DATE", required=True, help="The last day on which it may exist."
)
@click.option("--parents", is_flag=True, help="Make the folders that are missing.")
@rules_options
def create(old: str, new: str, remove_after: str, parents: bool, rules: Rules) -> int:
    """Write a module OLD that forwards to the module NEW.

    Move the file first (git mv). For a package, make a shim for each of its modules, then one for
    the package itself: that one becomes OLD/__init__.py. Where a shim stands already, it is
    written anew.
    """
    old, new = _module(old), _module(new)
    date = _date(remove_after)
    config = rules.load()
    refuse_interrupted(config.root)
    roots = resolve_roots(config.root, config.roots)
    project = _project(config, roots)
    shim = shims.new_shim(project, old, new, date)
    path = shim_files.place(project, config.root, roots, old, new)
    folder = os.path.dirname(path)
    if parents:
        os.makedirs(os.path.join(config.root, folder), exist_ok=True)
    elif not os.path.isdir(os.path.join(config.root, folder)):
        raise UsageError(f"there is no folder {folder} for {path}: --parents makes it")
    files.replace(os.path.join(config.root, path), shim.text.encode(), name=path)
    shown = one_line(relative_to_cwd(config.root)(path))
    tell(f"{shown}: forwards to {new}, and is to be removed after {date}")
    return ExitCode.DONE


@command.command("remove")
@click.argument("old")
@rules_options
def remove(old: str, rules: Rules) -> int:
    """Delete the shim OLD, unless something still needs it.

    Imports, attributes and strings in Python files count, also those that a comment excuses or the
    baseline tolerates. What other files say (settings, documents) is not looked at.
    """
    old = _module(old)
    config = rules.load()
    refuse_interrupted(config.root)
    project = _project(config, resolve_roots(config.root, config.roots))
    found = project.find(old)
    if found is None or found.path is None:
        raise UsageError(f"there is no module '{old}' below the roots")
    shim_files.existing(config.root, found.path)
    with progress_bar() as progress:
        request = Request(jobs=cores(), progress=progress)
        left = shim_files.references(config, request, old)
    if left:
        _refuse(config, old, left)
        return ExitCode.NO
    shim_files.remove(config.root, found.path)
    tell(f"{one_line(relative_to_cwd(config.root)(found.path))}: removed; nothing names {old}")
    for rule, option in shim_files.rules_naming(config, old):
        where = (
            f"{relative_to_cwd(config.root)(rules_path(config))}:{config.place(rule, option)[0]}"
        )
        tell(f"{one_line(where)}: rule '{rule}' still names {old} ({option})")
    return ExitCode.DONE


def _refuse(config: Config, old: str, left: Sequence[Violation]) -> None:
    shown = relative_to_cwd(config.root)
    for violation in left[:_SHOWN]:
        where = place(shown(violation.path), violation.span.line, violation.span.column)
        unread = violation.code == UnreadableFile.code
        say(f"{where}: {one_line(violation.message if unread else violation.subject)}\n")
    if len(left) > _SHOWN:
        say(f"and {len(left) - _SHOWN} more\n")
    count = len({violation.path for violation in left})
    complain(
        f"{counted(len(left), 'references')} to {old} in {counted(count, 'files')}: not removed"
    )


def _project(config: Config, roots: tuple[str, ...]) -> Project:
    return project_of(config, (), roots, Reader(config.root))


def _module(text: str) -> str:
    """`text` as a module path; UsageError if no import statement could name it."""
    if not is_dotted(text) or any(map(keyword.iskeyword, text.split("."))):
        raise UsageError(f"'{text}' is no dotted path of a module")
    return normalised(text)


def _date(text: str) -> datetime.date:
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            raise ValueError
        date = datetime.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--remove-after: '{text}' is no date such as 2027-03-31") from None
    today = current_date()
    if date < today:
        raise UsageError(f"--remove-after: {date} is past; today is {today}")
    return date
