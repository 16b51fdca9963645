"""Batches, one after the other: each is applied, checked, and kept or undone."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from ssot_lint import baseline as baselines
from ssot_lint import files
from ssot_lint.config import Config
from ssot_lint.engine import Request, ledger
from ssot_lint.errors import GitError, UsageError
from ssot_lint.migration.commands import Outcome, execute, uncut
from ssot_lint.migration.journal import Journal, Write
from ssot_lint.migration.messages import commit_message
from ssot_lint.migration.model import Rewrite
from ssot_lint.migration.ratchet import Standing, judge
from ssot_lint.migration.worktree import WorkTree
from ssot_lint.model import Violation
from ssot_lint.reporters.phrases import counted, one_line, place

APPLIED = "applied"
"""The state in the journal of a batch that passed every check."""
_SHOWN = 20
"""New violations that are listed."""


class Job(NamedTuple):
    """One batch to be applied."""

    name: str
    rewrites: tuple[Rewrite, ...]


class How(NamedTuple):
    """What is done with each batch: the command that checks it, a commit or none, and whether
    files may be changed that git does not have as they are.
    """

    verify: str = ""
    commit: bool = False
    allow_dirty: bool = False
    label: str = ""
    plan: str = ""


class End(Enum):
    """How a batch ended. All but the first leave the files as they were."""

    APPLIED = "applied"
    FAILED = "failed a check"
    UNUSABLE = "could not be written"
    INTERRUPTED = "interrupted by the user"


class Result(NamedTuple):
    """What became of one batch.

    `problems` is why it did not stay, in lines; `output` is what the user's command said last.
    `meanwhile` are files that no longer hold what was written, because the command or somebody
    changed them: an undoing leaves them as they are.
    """

    job: Job
    end: End = End.APPLIED
    commit: str = ""
    tolerated: int | None = None
    """Violations in the baseline now; None if there is no baseline."""
    problems: tuple[str, ...] = ()
    output: str = ""
    meanwhile: tuple[str, ...] = ()
    interrupted: bool = False
    """Whether the user asked for the end when the batch was applied already."""


class _UndoError(Exception):
    """Why a batch cannot stay, in lines."""

    def __init__(self, *problems: str, output: str = "") -> None:
        super().__init__(*problems)
        self.problems = problems
        self.output = output


def migrate(config: Config, request: Request, jobs: Sequence[Job], how: How) -> Iterator[Result]:
    """Apply the jobs in order; stops after the first one that did not stay.

    UsageError before anything is written: an earlier batch was interrupted, git is busy, files are
    not as git has them, or the user's command changes files, or fails in a way that cannot be told
    from later failures. UsageError later, if a batch cannot be undone: it is open then.
    """
    with Journal.at(config.root) as journal:
        journal.refuse_open_batch()
        if not jobs:
            return
        tree = _work_tree(config, request, jobs, how)
        before = _Before.now(config, request, jobs, how)
        run = journal.begin_run(how.label, how.plan)
        for job in jobs:
            batch = _Batch(config, request, how, tree, journal, run, job)
            result, standing = batch.done(before)
            yield result
            if result.end is not End.APPLIED or result.interrupted:
                return
            before = before._replace(standing=standing)


def _work_tree(config: Config, request: Request, jobs: Sequence[Job], how: How) -> WorkTree | None:
    tree = WorkTree.around(config.root)
    if tree is None:
        if how.commit:
            raise UsageError(
                f"--commit: {config.root} is not in a git repository, or there is no git"
            )
        return None
    tree.refuse_unfinished()
    if how.commit:
        tree.refuse_detached()
    if not how.allow_dirty:
        touched = {rewrite.path for job in jobs for rewrite in job.rewrites}
        dirty = tree.dirty({*touched, ledger.baseline_name(config, request)} if touched else ())
        if dirty:
            raise UsageError(
                f"not as git has them: {_few(dirty)}; commit or stash these first, or use "
                "--allow-dirty"
            )
    return tree


class _Before(NamedTuple):
    """How things stood before a batch: what failed already is not the batch's fault.

    `standing` is that before this very batch, `outcome` that of the command before the first one.
    """

    standing: Standing
    outcome: Outcome | None

    @classmethod
    def now(cls, config: Config, request: Request, jobs: Sequence[Job], how: How) -> _Before:
        standing = Standing.of(ledger.account(config, request, missing_ok=True))
        if not how.verify:
            return cls(standing, None)
        outcome = execute(how.verify, config.root)
        if outcome.opaque:
            raise UsageError(
                f"--verify: the command fails before anything is changed (exit code "
                f"{outcome.code}), and names no failure that could be told from later ones",
                *outcome.lines,
            )
        changed = _others(config.root, {r.path: r.before for job in jobs for r in job.rewrites})
        if changed:
            raise UsageError(
                f"--verify: the command changes files that are to be rewritten: {_few(changed)}; "
                "run it, commit what it does, and plan again"
            )
        return cls(standing, outcome)


def _others(root: str, expected: Mapping[str, bytes]) -> tuple[str, ...]:
    """Those files that do not hold what is expected, sorted."""
    return tuple(
        path
        for path, data in sorted(expected.items())
        if not _holds(os.path.join(root, path), data)
    )


def _holds(path: str, data: bytes) -> bool:
    try:
        return files.read(path) == data
    except UsageError:
        return False


def _few(paths: Sequence[str]) -> str:
    """The first of some paths, and how many more there are."""
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return f"{', '.join(paths[:3])}{more}"


class _Batch(NamedTuple):
    """One batch on its way."""

    config: Config
    request: Request
    how: How
    tree: WorkTree | None
    journal: Journal
    run: str
    job: Job

    def done(self, before: _Before) -> tuple[Result, Standing]:
        """What became of the batch, and how the project stands now."""
        writes = [Write(each.path, each.before, each.after) for each in self.job.rewrites]
        try:
            self.journal.apply(self.run, self.job.name, writes)
        except UsageError as error:
            return Result(self.job, End.UNUSABLE, problems=error.lines), before.standing
        try:
            tolerated, standing = self._check(before)
            self._execute(before)
            commit, late = self._commit()
        except _UndoError as error:
            return self._undone(End.FAILED, error.problems, error.output), before.standing
        except UsageError as error:
            return self._undone(End.UNUSABLE, error.lines), before.standing
        except KeyboardInterrupt:
            return self._undone(End.INTERRUPTED, ("interrupted",)), before.standing
        except BaseException:
            self.journal.undo(self.run, self.job.name)
            raise
        self.journal.conclude(self.run, self.job.name, APPLIED)
        if commit:
            self.journal.note_commit(self.run, self.job.name, commit)
        expected = {each.path: each.after for each in self.job.rewrites}
        meanwhile = _others(self.config.root, expected)
        result = Result(
            self.job, End.APPLIED, commit, tolerated, meanwhile=meanwhile, interrupted=late
        )
        return result, standing

    def _undone(self, end: End, problems: tuple[str, ...], output: str = "") -> Result:
        try:
            undone = self.journal.undo(self.run, self.job.name)
        except UsageError as error:
            name = f"batch {self.job.name}"
            raise UsageError(
                *(f"{name}: {problem}" for problem in problems),
                *(f"{name} cannot be undone: {line}" for line in error.lines),
                "mend that, then run 'ssot-lint rollback'",
            ) from None
        kept = tuple(each.path for each in undone.kept)
        return Result(self.job, end, problems=problems, output=output, meanwhile=kept)

    def _check(self, before: _Before) -> tuple[int | None, Standing]:
        """Judge the whole project and shrink the baseline.

        Returns how much that still tolerates (None without one), and how the project stands.
        """
        path = ledger.baseline_path(self.config, self.request)
        name = ledger.baseline_name(self.config, self.request)
        data = files.read_if_exists(path, name=name)
        try:
            account = ledger.account(self.config, self.request, missing_ok=True)
        except UsageError as error:
            raise _UndoError(*(f"check: {line}" for line in error.lines)) from None
        verdict = judge(account, before.standing, self.job.rewrites)
        if verdict.new:
            count = counted(len(verdict.new), "violations")
            listed = "\n".join(_listed(verdict.new))
            raise _UndoError(f"check finds {count} not there before", output=listed)
        if data is None:
            return None, verdict.standing
        if verdict.baseline != account.baseline:
            text = baselines.dump(verdict.baseline).encode("ascii")
            self.journal.apply(self.run, self.job.name, [Write(name, data, text, outside=True)])
        return verdict.baseline.total, verdict.standing

    def _execute(self, before: _Before) -> None:
        if before.outcome is None:
            return
        outcome = execute(self.how.verify, self.config.root)
        worse = outcome.worse_than(before.outcome)
        if worse:
            raise _UndoError(f"'{self.how.verify}' fails: {worse}", output=outcome.tail)

    def _commit(self) -> tuple[str, bool]:
        """The commit ("" if none is wanted), and whether the user asked for the end meanwhile."""
        tree = self.tree
        if not self.how.commit or tree is None:
            return "", False
        batches = (batch for run in self.journal.runs if run.id == self.run for batch in run.live)
        paths = next(batch.paths for batch in batches if batch.name == self.job.name)
        message = commit_message(self.job.name, self.job.rewrites)
        try:
            return uncut(lambda: tree.commit(paths, message))
        except GitError as error:
            raise _UndoError(*(f"--commit: {line}" for line in error.lines)) from None


def _listed(violations: Sequence[Violation]) -> Iterator[str]:
    for each in violations[:_SHOWN]:
        where = place(each.path, each.span.line, each.span.column)
        yield f"{where}: {each.code} {one_line(each.message)} [{each.rule}]"
    if len(violations) > _SHOWN:
        yield f"and {len(violations) - _SHOWN} more"
