"""``ssot-lint rollback``: undo a migration, or what is left of one that was killed."""

from __future__ import annotations

import os

import click

from ssot_lint.cli.common import Rules, absolute, relative_to_cwd, rules_options
from ssot_lint.cli.console import complain, say, tell
from ssot_lint.cli.exits import ExitCode
from ssot_lint.errors import UsageError
from ssot_lint.migration.journal import Rollback, rollback
from ssot_lint.reporters.phrases import counted, one_line


@click.command("rollback")
@click.argument("run", required=False)
@click.option(
    "--merge",
    is_flag=True,
    help="Take the changes out of files that were edited since, by a three-way merge.",
)
@click.option("--skip-edited", is_flag=True, help="Leave files that were edited since as they are.")
@click.option("-v", "--verbose", is_flag=True, help="List the files that were restored.")
@rules_options
def command(run: str | None, merge: bool, skip_edited: bool, verbose: bool, rules: Rules) -> int:
    """Undo a run of 'migrate', byte for byte.

    Without RUN: what was interrupted, else the last run that is not rolled back. If a file was
    edited since, nothing is written, unless --merge can take the changes out of it without a
    conflict, or --skip-edited leaves it as it is. Commits stay: git revert undoes them.
    """
    root = _root(rules)
    answer = rollback(root, run, skip_edited=skip_edited, merge=merge)
    if not answer.run:
        tell("nothing to roll back")
        return ExitCode.DONE
    relative = relative_to_cwd(root)
    for path, reason in (*answer.edited, *answer.undone.kept):
        complain(f"{relative(path)}: {reason}")
    if answer.edited:
        ways = "" if merge else "--merge takes the changes out where that causes no conflict, "
        complain(f"nothing was rolled back: {ways}--skip-edited leaves what was edited as it is")
        return ExitCode.NO
    if verbose:
        for path in sorted((*answer.undone.restored, *answer.undone.merged)):
            say(f"{one_line(relative(path))}\n")
    tell(_summary(answer))
    if answer.commits:
        complain(
            f"{counted(len(answer.commits), 'commits')} of this run stay in the history "
            f"({', '.join(answer.commits)}): commit the restored files, as git revert would"
        )
    return ExitCode.DONE


def _root(rules: Rules) -> str:
    """The root; --root alone needs no rules, for whoever migrated them into something unusable."""
    if rules.root is None or rules.file is not None:
        return rules.load().root
    root = absolute(rules.root, "--root")
    if not os.path.isdir(root):
        raise UsageError(f"there is no folder '{rules.root}' to be the root")
    return root


def _summary(answer: Rollback) -> str:
    undone = answer.undone
    parts = [f"{counted(len(undone.restored), 'files')} restored"]
    if undone.merged:
        parts.append(f"the changes taken out of {counted(len(undone.merged), 'edited files')}")
    if undone.kept:
        parts.append(f"{len(undone.kept)} left as edited")
    batches = "batch" if len(answer.batches) == 1 else "batches"
    names = ", ".join(answer.batches)
    return f"run {answer.run}, {batches} {names}, is rolled back: {', '.join(parts)}"
