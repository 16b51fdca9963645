"""``ssot-lint plan``: what a migration rewrites, in batches, as a file that a person may edit."""

from __future__ import annotations

import os

import click

from ssot_lint import files
from ssot_lint.cli.common import (
    Rules,
    absolute,
    cache_folder,
    cache_option,
    refuse_interrupted,
    rules_options,
)
from ssot_lint.cli.console import say, tell
from ssot_lint.cli.exits import ExitCode
from ssot_lint.cli.progress import progress_bar
from ssot_lint.clock import current_date
from ssot_lint.config import shown
from ssot_lint.engine import Request
from ssot_lint.errors import UsageError
from ssot_lint.migration.changes import work
from ssot_lint.migration.planning import (
    DEFAULT_PLAN,
    FORMATS,
    Plan,
    dump,
    plan_batches,
    render,
    write,
)
from ssot_lint.reading import cores
from ssot_lint.reporters.phrases import one_line


@click.command("plan")
@click.argument("names", metavar="[RULE]...", nargs=-1)
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="What is printed.",
)
@click.option(
    "-o", "--output", metavar="FILE", help=f"Write the plan there, not to {DEFAULT_PLAN}."
)
@click.option("--dry-run", is_flag=True, help="Only print.")
@click.option("--force", is_flag=True, help="Replace another plan that is there.")
@click.option("--strings", is_flag=True, help="Rewrite patch targets and their like, too.")
@click.option("--canary", is_flag=True, help="Put a first batch of critical files early.")
@click.option("--no-cache", is_flag=True, help="Use nothing from earlier runs, and keep nothing.")
@cache_option
@rules_options
def command(
    names: tuple[str, ...],
    format_: str,
    output: str | None,
    dry_run: bool,
    force: bool,
    strings: bool,
    canary: bool,
    no_cache: bool,
    cache_dir: str | None,
    rules: Rules,
) -> int:
    """Put what is to be rewritten into batches, by their risk.

    Prints a summary and writes the plan, which 'ssot-lint migrate' follows. Review it, edit it,
    commit it: a plan that differs from the new one is only replaced with --force. With RULE, only
    what these rules want rewritten.
    """
    if dry_run and (output is not None or force):
        raise UsageError("--dry-run writes nothing: leave out --output and --force")
    target = None if output is None else absolute(output, "--output")
    config = rules.load()
    if target is None:
        target = os.path.join(config.root, DEFAULT_PLAN)
    if not dry_run:
        refuse_interrupted(config.root)
    request = Request(
        rules=frozenset(names) or None,
        cache=None if no_cache else cache_folder(config, cache_dir),
        always_cache=cache_dir is not None,
        jobs=cores(),
        today=current_date(),
    )
    with progress_bar() as progress:
        found = work(config, request._replace(progress=progress), strings=strings)
    with progress_bar() as progress:
        plan = plan_batches(
            config,
            request._replace(progress=progress),
            found.rewrites,
            found.skips,
            canary=canary,
        )
    saved = not dry_run and bool(plan.batches) and _save(plan, target, force=force)
    say(render(plan, format_))
    if saved:
        tell(f"{one_line(shown(target))}: written; 'ssot-lint migrate' follows it")
    return ExitCode.DONE


def _save(plan: Plan, target: str, *, force: bool) -> bool:
    """Write the plan; whether it was not there already."""
    name = shown(target)
    there = files.read_if_exists(target, name=name)
    if there == dump(plan).encode():
        return False
    if there is not None and not force:
        raise UsageError(
            f"{name} exists, and is another plan: --force replaces it, "
            "--dry-run only prints the new one"
        )
    write(target, plan, name=name)
    return True
