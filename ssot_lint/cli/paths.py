"""``ssot-lint paths``: every import path by which each source of truth is reached today."""

from __future__ import annotations

import click

from ssot_lint import files
from ssot_lint.cli.common import (
    Rules,
    absolute,
    cache_folder,
    cache_option,
    relative_to_cwd,
    rules_options,
)
from ssot_lint.cli.console import complain, say
from ssot_lint.cli.exits import ExitCode
from ssot_lint.cli.progress import progress_bar
from ssot_lint.engine import Request
from ssot_lint.inventory import DRAWINGS, FORMATS, View, inventory, remarks, render
from ssot_lint.reading import cores


@click.command("paths")
@click.argument("names", metavar="[RULE]...", nargs=-1)
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    default="table",
    show_default=True,
    help="How the inventory is written.",
)
@click.option("-o", "--output", metavar="FILE", help="Write to a file, not to standard output.")
@click.option("--users", is_flag=True, help="List the files behind each count (JSON always does).")
@click.option("--no-cache", is_flag=True, help="Use nothing from earlier runs, and keep nothing.")
@cache_option
@rules_options
def command(
    names: tuple[str, ...],
    format_: str,
    output: str | None,
    users: bool,
    no_cache: bool,
    cache_dir: str | None,
    rules: Rules,
) -> int:
    """List every path by which each source of truth is reached.

    A source of truth is the home of a rule, or the new path of something that moved; with RULE,
    only those that these rules name. Each path is counted by group of files ('groups' in the
    rules); what the program needs from its 'entry_points' on is marked as critical.
    """
    target = None if output is None else absolute(output, "--output")
    config = rules.load()
    cache = None if no_cache else cache_folder(config, cache_dir)
    with progress_bar() as progress:
        taken = inventory(
            config,
            Request(
                rules=frozenset(names) or None,
                cache=cache,
                always_cache=cache_dir is not None,
                jobs=cores(),
                progress=progress,
            ),
        )
    view = View(users=users, relative=relative_to_cwd(config.root))
    text = render(taken, format_, view)
    if target is None or output is None:
        say(text)
    else:
        files.replace(target, text.encode("utf-8", "backslashreplace"), name=output)
    if format_ in DRAWINGS:  # which have no place for them
        for line in remarks(taken, view):
            complain(line)
    return ExitCode.DONE
