"""``ssot-lint migrate``: rewrite what moved, batch by batch, checked and undoable."""

from __future__ import annotations

import os
from typing import Any

import click

from ssot_lint.cli.common import (
    Rules,
    absolute,
    cache_folder,
    cache_option,
    migrated_root,
    refuse_interrupted,
    relative_to_cwd,
    rules_options,
)
from ssot_lint.cli.console import colored, complain, say, tell
from ssot_lint.cli.exits import ExitCode
from ssot_lint.cli.interrupts import interruptible
from ssot_lint.cli.progress import progress_bar
from ssot_lint.cli.showing import Show
from ssot_lint.clock import current_date
from ssot_lint.config import Config, Found, search
from ssot_lint.engine import Request
from ssot_lint.errors import UsageError
from ssot_lint.migration import journal as journals
from ssot_lint.migration.adhoc import moving, without_rules
from ssot_lint.migration.changes import work
from ssot_lint.migration.choice import choose, planned
from ssot_lint.migration.run import How, migrate
from ssot_lint.reading import cores
from ssot_lint.reporters.phrases import counted


@click.command("migrate")
@click.argument("names", metavar="[RULE]...", nargs=-1)
@click.option("--apply", "apply_", is_flag=True, help="Write; without it, only show the diff.")
@click.option("--batch", type=click.IntRange(min=1), metavar="N", help="Only batch N.")
@click.option("--next", "next_", is_flag=True, help="Only the first batch that is not done.")
@click.option("--all", "all_", is_flag=True, help="Every batch that is not done.")
@click.option(
    "--plan", "plan_file", metavar="FILE", help="The plan; else ssot-plan.yml, if it exists."
)
@click.option("--from", "old", metavar="PATTERN", help="Move this path, and leave the rules aside.")
@click.option("--to", "new", metavar="PATTERN", help="The new path of what --from names.")
@click.option("--strings", is_flag=True, help="Rewrite patch targets and their like, too.")
@click.option(
    "--verify", metavar="CMD", help="A shell command, run at the root, that checks each batch."
)
@click.option("--commit", is_flag=True, help="Commit each batch.")
@click.option(
    "--allow-dirty", is_flag=True, help="Change files that git does not have as they are."
)
@click.option("--check", is_flag=True, help="Exit 1 if there is something to rewrite.")
@click.option("-q", "--quiet", is_flag=True, help="Only the diff, and what goes wrong.")
@click.option("-v", "--verbose", is_flag=True, help="List all that is left for a human.")
@click.option(
    "--color/--no-color", default=None, help="Colour (default: on a terminal, unless NO_COLOR)."
)
@click.option("--no-cache", is_flag=True, help="Use nothing from earlier runs, and keep nothing.")
@cache_option
@rules_options
def run(
    names: tuple[str, ...],
    apply_: bool,
    batch: int | None,
    next_: bool,
    all_: bool,
    plan_file: str | None,
    old: str | None,
    new: str | None,
    strings: bool,
    verify: str | None,
    commit: bool,
    allow_dirty: bool,
    check: bool,
    quiet: bool,
    verbose: bool,
    color: bool | None,
    no_cache: bool,
    cache_dir: str | None,
    rules: Rules,
) -> int:
    """Rewrite what moved, batch by batch, and undo what fails.

    Imports and uses lead to where the rules (or only RULE) say that things are now. Without
    --apply, the difference goes to standard output, and nothing is written. With it, each batch is
    written and checked: 'ssot-lint check' must find nothing new, then --verify must not fail in a
    new way. 'ssot-lint migrate status' tells what was done, 'ssot-lint rollback' undoes it,
    'ssot-lint migrate finish' drops what that needs.
    """
    _refuse_contradictions(locals())
    config, judged = _configs(rules, adhoc=old is not None)
    if apply_:
        refuse_interrupted(config.root)  # before whatever else the half-done batch would cause
    request = Request(
        cache=None if no_cache else cache_folder(config, cache_dir),
        always_cache=cache_dir is not None,
        jobs=cores(),
        today=current_date(),
    )
    if old is not None and new is not None:
        config = moving(config, request, old, new)
    judged = judged or config
    file = None if plan_file is None else absolute(plan_file, "--plan")
    plan = planned(config, file) if old is None else None
    asked = request._replace(rules=frozenset(names) or None)
    with progress_bar() as progress:
        found = work(
            config,
            asked._replace(progress=progress),
            strings=strings or (plan is not None and any(file.strings for file in plan.files)),
        )
    choice = choose(config, asked, found, plan, batch=batch, only_next=next_)
    show = Show(config, quiet=quiet, verbose=verbose)
    if not apply_:
        show.difference(choice, color=colored(color))
        return ExitCode.NO if check and choice.jobs else ExitCode.DONE
    label = " ".join(names) if old is None else f"{old} -> {new}"
    how = How(verify or "", commit, allow_dirty, label, plan=choice.digest)
    with interruptible():
        return show.applied(choice, migrate(judged, request, choice.jobs, how))


class _Migrate(click.Group):
    """Is `run`, unless one of its commands is named."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        if args and args[0] in self.commands:
            return super().make_context(info_name, args, parent, **extra)
        return run.make_context(info_name, args, parent, **extra)


@click.group("migrate", cls=_Migrate)
def command() -> None:
    """Rewrite what moved, batch by batch, and undo what fails."""


@command.command("status")
@rules_options
def status(rules: Rules) -> int:
    """Say which batches were applied, committed or undone, and what a rollback would need."""
    root = migrated_root(rules)
    found = journals.status(root)
    for each in found.runs:
        say(f"run {each.id}{f' ({each.label})' if each.label else ''}\n")
        for batch in each.batches:
            say(f"  batch {batch.name}: {_state(batch, busy=bool(found.busy))}\n")
        if not each.batches:
            say("  nothing was written\n")
    if not found.runs:
        say("nothing was migrated since the last 'ssot-lint migrate finish'\n")
    else:
        folder = relative_to_cwd(root)(found.folder)
        size = f"{found.bytes / 1000:,.0f} kB"
        say(f"{counted(found.images, 'images')} ({size}) for a rollback in {folder}\n")
    if found.busy:
        complain(found.busy)
    elif found.unfinished:
        complain("a batch was interrupted: 'ssot-lint rollback' undoes it")
        return ExitCode.NO
    return ExitCode.DONE


def _state(batch: journals.Batch, *, busy: bool) -> str:
    state = batch.state
    if batch.unfinished:
        state = "under way" if busy else "interrupted"
    commit = f", commit {batch.commit[:12]}" if batch.commit else ""
    return f"{state}, {counted(len(batch.paths), 'files')}{commit}"


@command.command("finish")
@rules_options
def finish(rules: Rules) -> int:
    """Drop journal and images: what was migrated stays, and can no longer be rolled back."""
    with journals.Journal.at(migrated_root(rules)) as journal:
        dropped = journal.finish()
    live = [run.live for run in dropped.runs if run.live]
    batches = counted(sum(map(len, live)), "batches")
    if live:
        tell(f"{batches} of {counted(len(live), 'runs')} can no longer be rolled back")
    elif dropped.runs:
        tell("the journal is dropped; nothing was left to roll back")
    else:
        tell("there is nothing to finish")
    return ExitCode.DONE


def _refuse_contradictions(options: dict[str, Any]) -> None:
    """UsageError for options that say nothing together."""
    if options["verify"] is not None and not options["verify"].strip():
        raise UsageError("--verify: the command is empty")
    given = {name for name, value in options.items() if value}
    if ("old" in given) != ("new" in given):
        raise UsageError("--from and --to need each other")
    if "old" in given and given & {"names", "plan_file"}:
        raise UsageError("--from and --to name the move: leave RULE and --plan out")
    chosen = [f"--{name.rstrip('_')}" for name in ("batch", "next_", "all_") if name in given]
    if len(chosen) > 1:
        raise UsageError(f"{' and '.join(chosen)} exclude each other")
    if "apply_" in given:
        if not chosen:
            raise UsageError("--apply needs one of --batch N, --next and --all")
        if "check" in given:
            raise UsageError("--apply and --check exclude each other")
        if {"commit", "allow_dirty"} <= given:
            raise UsageError(
                "--commit and --allow-dirty exclude each other: what is uncommitted would be "
                "committed with the batch"
            )
    else:
        for name in ("verify", "commit", "allow_dirty"):
            if name in given:
                raise UsageError(f"--{name.replace('_', '-')} needs --apply")


def _configs(rules: Rules, *, adhoc: bool) -> tuple[Config, Config | None]:
    """The rules of the run, and those by which batches are checked (None: the same move's)."""
    if adhoc and rules.file is None and not isinstance(search(os.getcwd()), Found):
        root = os.getcwd() if rules.root is None else absolute(rules.root, "--root")
        return without_rules(root), None
    config = rules.load()
    return config, config
