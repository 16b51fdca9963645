"""What a person reads of a migration: the difference, each batch, what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ssot_lint.cli.common import relative_to_cwd
from ssot_lint.cli.console import complain, say_bytes, tell
from ssot_lint.cli.exits import ExitCode
from ssot_lint.cli.progress import progress_bar
from ssot_lint.config import Config
from ssot_lint.errors import UsageError
from ssot_lint.migration.choice import Choice
from ssot_lint.migration.diffs import in_color, unified
from ssot_lint.migration.run import End, Job, Result
from ssot_lint.reporters.phrases import counted, one_line

_SHOWN = 20
"""Skips that a summary lists, and files that a line does."""
_CODES = {
    End.FAILED: ExitCode.NO,
    End.UNUSABLE: ExitCode.UNUSABLE,
    End.INTERRUPTED: ExitCode.INTERRUPTED,
}


class Show(NamedTuple):
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
            amount = f"{_amount(choice.jobs)} to rewrite; nothing was written"
            tell(amount if choice.jobs else "nothing to rewrite")
        self.skipped(choice)

    def applied(self, choice: Choice, results: Iterator[Result]) -> ExitCode:
        """A line for each batch; what happened decides the exit code.

        Where a bar tells how far it is, the lines follow it, whatever ends the run.
        """
        done: list[Result] = []
        bar = False
        try:
            with progress_bar("applying batches") as progress:
                bar = progress is not None
                for result in results:
                    done.append(result)
                    if progress is not None:
                        progress(len(done), len(choice.jobs))
                    else:
                        self._result(result)
        except UsageError as error:
            raise UsageError(*error.lines, *_kept(len(done))) from None
        finally:
            for result in done if bar else ():
                self._result(result)
        if done and done[-1].end is not End.APPLIED:
            for line in _kept(len(done) - 1):
                complain(line)
            return _CODES[done[-1].end]
        if done and done[-1].interrupted:
            complain(f"interrupted; applied before, and kept: {counted(len(done), 'batches')}")
            return ExitCode.INTERRUPTED
        if not self.quiet:
            tell(f"{counted(len(done), 'batches')} applied" if done else "nothing to do")
        self.skipped(choice)
        return ExitCode.DONE

    def _result(self, result: Result) -> None:
        name = f"batch {result.job.name}"
        if result.end is not End.APPLIED:
            self._failed(name, result)
        elif not self.quiet:
            tell(f"{name}: {_amount([result.job])} rewritten{_after(result)}")
        if result.end is End.APPLIED and result.meanwhile:
            count = counted(len(result.meanwhile), "files")
            complain(
                f"{name}: the command or somebody changed {count} meanwhile, which a rollback will "
                f"not overwrite: {self._few(result.meanwhile)}"
            )

    def _failed(self, name: str, result: Result) -> None:
        what = "cannot be applied" if result.end is End.UNUSABLE else "was undone"
        for problem in result.problems:
            complain(f"{name} {what}: {problem}")
        for line in result.output.split("\n") if result.output else ():
            tell(f"    {line}")
        if result.meanwhile:
            complain(
                "not restored, because the command or somebody changed it meanwhile: "
                f"{self._few(result.meanwhile)}"
            )

    def _few(self, paths: Sequence[str]) -> str:
        relative = relative_to_cwd(self.config.root)
        more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
        return f"{', '.join(map(relative, paths[:_SHOWN]))}{more}"

    def skipped(self, choice: Choice) -> None:
        """What needs a human."""
        relative = relative_to_cwd(self.config.root)
        skips = choice.skips if self.verbose else choice.skips[:_SHOWN]
        for skip in skips if not self.quiet else ():
            where = f"{relative(skip.path)}:{skip.line}"
            tell(one_line(f"{where}: {skip.old}: {skip.reason} [{skip.rule}]"))
        if choice.strings and not self.quiet:
            count = counted(choice.strings, "strings")
            tell(f"{count} left as they are; --strings rewrites those that surely name a path")
        if choice.unplanned:
            count = counted(len(choice.unplanned), "files")
            complain(
                f"in no batch of the plan, and so left as they are: {count}; 'ssot-lint plan "
                "--force' plans anew"
            )
        if choice.skips and not self.quiet:
            rest = len(choice.skips) - len(skips)
            more = f" ({rest} more: --verbose)" if rest else ""
            tell(f"{counted(len(choice.skips), 'references')} left for a human{more}")


def _kept(count: int) -> tuple[str, ...]:
    """The line about batches that stay although a later one did not."""
    return (f"applied before it, and kept: {counted(count, 'batches')}",) if count else ()


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
