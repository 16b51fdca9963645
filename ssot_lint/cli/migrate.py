"""``ssot-lint migrate``: rewrite what moved, batch by batch, checked and undoable."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import click

from ssot_lint.cli.common import (
    Rules,
    absolute,
    cache_folder,
    cache_option,
    relative_to_cwd,
    rules_options,
)
from ssot_lint.cli.console import colored, complain, say, say_bytes, tell
from ssot_lint.cli.exits import ExitCode
from ssot_lint.cli.progress import progress_bar
from ssot_lint.clock import current_date
from ssot_lint.config import Config, Found, search
from ssot_lint.engine import Request
from ssot_lint.errors import UsageError
from ssot_lint.migration import journal as journals
from ssot_lint.migration.adhoc import moving, without_rules
from ssot_lint.migration.changes import work
from ssot_lint.migration.choice import Choice, choose, planned
from ssot_lint.migration.diffs import in_color, unified
from ssot_lint.migration.run import How, Job, Result, migrate
from ssot_lint.reading import cores
from ssot_lint.reporters.phrases import counted

_SHOWN = 20
"""Skips that a summary lists."""


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
@click.option("--verify", metavar="CMD", default="", help="A command that checks each batch.")
@click.option("--commit", is_flag=True, help="Commit each batch.")
@click.option(
    "--allow-dirty", is_flag=True, help="Change files that git does not have as they are."
)
@click.option("--check", is_flag=True, help="Exit 1 if there is something to rewrite.")
@click.option("-q", "--quiet", is_flag=True, help="Only the diff, and what goes wrong.")
@click.option("-v", "--verbose", is_flag=True, help="Every skip.")
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
    verify: str,
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
    request = Request(
        cache=None if no_cache else cache_folder(config, cache_dir),
        always_cache=cache_dir is not None,
        jobs=cores(),
        today=current_date(),
    )
    if old is not None and new is not None:
        config = moving(config, request, old, new)
    judged = judged or config
    plan = planned(config, plan_file) if old is None else None
    with progress_bar() as progress:
        found = work(
            config,
            request._replace(rules=frozenset(names) or None, progress=progress),
            strings=strings or (plan is not None and any(file.strings for file in plan.files)),
        )
    choice = choose(config, request, found, plan, batch=batch, only_next=next_)
    show = _Show(config, quiet=quiet, verbose=verbose)
    if not apply_:
        show.difference(choice, color=colored(color))
        return ExitCode.NO if check and choice.jobs else ExitCode.DONE
    how = How(verify, commit, allow_dirty, label=" ".join(names), plan=choice.digest)
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
    config = rules.load()
    found = journals.status(config.root)
    if found.busy:
        complain(found.busy)
    for each in found.runs:
        say(f"run {each.id}{f' ({each.label})' if each.label else ''}\n")
        for batch in each.batches:
            commit = f", commit {batch.commit[:12]}" if batch.commit else ""
            files = counted(len(batch.paths), "files")
            state = "interrupted" if batch.unfinished else batch.state
            say(f"  batch {batch.name}: {state}, {files}{commit}\n")
    if not found.runs:
        say("nothing was migrated since the last 'ssot-lint migrate finish'\n")
    else:
        folder = relative_to_cwd(config.root)(found.folder)
        size = f"{found.bytes / 1000:,.0f} kB"
        say(f"{counted(found.images, 'images')} ({size}) for a rollback in {folder}\n")
    if found.unfinished:
        complain("a batch was interrupted: ssot-lint rollback")
        return ExitCode.NO
    return ExitCode.DONE


@command.command("finish")
@rules_options
def finish(rules: Rules) -> int:
    """Drop journal and images: what was migrated stays, and can no longer be rolled back."""
    config = rules.load()
    with journals.Journal.at(config.root) as journal:
        dropped = journal.finish()
    batches = sum(len(each.batches) for each in dropped.runs)
    tell(
        f"{counted(batches, 'batches')} of {counted(len(dropped.runs), 'runs')} can no longer be "
        "rolled back"
        if dropped.runs
        else "there is nothing to finish"
    )
    return ExitCode.DONE


def _refuse_contradictions(options: dict[str, Any]) -> None:
    """UsageError for options that say nothing together."""
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


class _Show(NamedTuple):
    """What a person reads of a run."""

    config: Config
    quiet: bool
    verbose: bool

    def difference(self, choice: Choice, *, color: bool) -> None:
        """The diff on standard output, what it amounts to on standard error."""
        for job in choice.jobs:
            for rewrite in job.rewrites:
                text = unified(rewrite)
                say_bytes(in_color(text) if color else text)
        if not self.quiet:
            tell(f"{_amount(choice.jobs)} to rewrite; nothing was written")
        self.skipped(choice)

    def applied(self, choice: Choice, results: Iterator[Result]) -> ExitCode:
        """A line for each batch; what happened decides the exit code.

        Where a bar tells how far it is, the lines follow it.
        """
        done: list[Result] = []
        with progress_bar("applying batches") as progress:
            for result in results:
                done.append(result)
                if progress is not None:
                    progress(len(done), len(choice.jobs))
                else:
                    self._result(result)
        if progress is not None:
            for result in done:
                self._result(result)
        if done and done[-1].problem:
            if done[1:]:
                complain(f"applied before it, and kept: {counted(len(done) - 1, 'batches')}")
            return ExitCode.NO
        if not self.quiet:
            tell(f"{counted(len(done), 'batches')} applied" if done else "nothing to do")
        self.skipped(choice)
        return ExitCode.DONE

    def _result(self, result: Result) -> None:
        if result.problem:
            self._undone(result)
        elif not self.quiet:
            tell(f"batch {result.job.name}: {_amount([result.job])} rewritten{_after(result)}")

    def _undone(self, result: Result) -> None:
        complain(f"batch {result.job.name} was undone: {result.problem}")
        for line in result.output.split("\n") if result.output else ():
            tell(f"    {line}")
        for kept in result.kept:
            complain(f"{kept.path}: {kept.reason}")

    def skipped(self, choice: Choice) -> None:
        """What needs a human."""
        relative = relative_to_cwd(self.config.root)
        skips = choice.skips if self.verbose else choice.skips[:_SHOWN]
        for skip in skips if not self.quiet else ():
            tell(f"{relative(skip.path)}:{skip.line}: {skip.old}: {skip.reason} [{skip.rule}]")
        if choice.strings and not self.quiet:
            tell(f"{counted(choice.strings, 'strings')} left as they are: --strings")
        if choice.unplanned:
            count = counted(len(choice.unplanned), "files")
            complain(f"in no batch of the plan, and so left as they are: {count}; ssot-lint plan")
        if choice.skips and not self.quiet:
            rest = len(choice.skips) - len(skips)
            more = f" ({rest} more: --verbose)" if rest else ""
            tell(f"{counted(len(choice.skips), 'references')} left for a human{more}")


def _amount(jobs: Sequence[Job]) -> str:
    rewrites = [rewrite for job in jobs for rewrite in job.rewrites]
    made = sum(len(rewrite.made) for rewrite in rewrites)
    return f"{counted(made, 'references')} in {counted(len(rewrites), 'files')}"


def _after(result: Result) -> str:
    """What else happened with a batch."""
    commit = f", commit {result.commit[:12]}" if result.commit else ""
    if result.tolerated is None:
        return commit
    return f", {counted(result.tolerated, 'violations')} tolerated from now on{commit}"
