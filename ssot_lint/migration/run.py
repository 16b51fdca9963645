"""Batches, one after the other: each is applied, checked, and kept or undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ssot_lint import baseline as baselines
from ssot_lint import files
from ssot_lint.config import Config
from ssot_lint.engine import Request, ledger
from ssot_lint.errors import GitError, UsageError
from ssot_lint.migration.commands import Outcome, execute
from ssot_lint.migration.journal import Journal, Kept, Write
from ssot_lint.migration.messages import commit_message
from ssot_lint.migration.model import Rewrite
from ssot_lint.migration.worktree import WorkTree
from ssot_lint.model import Violation

APPLIED = "applied"
"""The state in the journal of a batch that passed every check."""


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


class Result(NamedTuple):
    """What became of one batch.

    `problem` is why it was undone, "" if it was applied; `output` is what the user's command said
    last; `kept` are files that could not be undone because somebody edited them meanwhile.
    """

    job: Job
    commit: str = ""
    tolerated: int | None = None
    """Violations in the baseline now; None if there is no baseline."""
    problem: str = ""
    output: str = ""
    kept: tuple[Kept, ...] = ()


class _UndoError(Exception):
    """Why a batch cannot stay."""

    def __init__(self, problem: str, output: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.output = output


def migrate(config: Config, request: Request, jobs: Sequence[Job], how: How) -> Iterator[Result]:
    """Apply the jobs in order; stops after the first one that had to be undone.

    UsageError before anything is written: git is busy, files are not as git has them, an earlier
    batch was interrupted, or the user's command fails in a way that cannot be told from later
    failures.
    """
    tree = _work_tree(config, request, jobs, how)
    with Journal.at(config.root) as journal:
        journal.refuse_open_batch()
        before = _Before.now(config, request, how)
        run = journal.begin_run(how.label, how.plan)
        for job in jobs:
            result = _Batch(config, request, how, tree, journal, run, job).done(before)
            yield result
            if result.problem:
                return


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
            more = f" and {len(dirty) - 3} more" if len(dirty) > 3 else ""
            raise UsageError(
                f"not as git has them: {', '.join(dirty[:3])}{more}; commit or stash these first, "
                "or use --allow-dirty"
            )
    return tree


class _Before(NamedTuple):
    """How things stood before the first batch: what failed already is not the migration's fault."""

    new: Counter[tuple[str, str, str]]
    outcome: Outcome | None

    @classmethod
    def now(cls, config: Config, request: Request, how: How) -> _Before:
        new = _failing(ledger.account(config, request, missing_ok=True))
        outcome = execute(how.verify, config.root) if how.verify else None
        if outcome is not None and outcome.opaque:
            raise UsageError(
                f"--verify: the command fails before anything is changed (exit code "
                f"{outcome.code}), and names no failure that could be told from later ones",
                *outcome.tail.split("\n"),
            )
        return cls(new, outcome)


def _failing(account: ledger.Account) -> Counter[tuple[str, str, str]]:
    """The violations that fail a check, as fingerprints."""
    return Counter(
        (*violation.fingerprint,)
        for violation in account.comparison.new
        if violation.severity == "error"
    )


class _Batch(NamedTuple):
    """One batch on its way."""

    config: Config
    request: Request
    how: How
    tree: WorkTree | None
    journal: Journal
    run: str
    job: Job

    def done(self, before: _Before) -> Result:
        writes = [Write(each.path, each.before, each.after) for each in self.job.rewrites]
        self.journal.apply(self.run, self.job.name, writes)
        try:
            tolerated = self._check(before)
            self._execute(before)
            commit = self._commit()
        except _UndoError as undo:
            undone = self.journal.undo(self.run, self.job.name)
            return Result(self.job, problem=undo.problem, output=undo.output, kept=undone.kept)
        except BaseException:
            self.journal.undo(self.run, self.job.name)
            raise
        self.journal.conclude(self.run, self.job.name, APPLIED)
        if commit:
            self.journal.note_commit(self.run, self.job.name, commit)
        return Result(self.job, commit, tolerated)

    def _check(self, before: _Before) -> int | None:
        """Judge the whole project; shrink the baseline, and return how much it still tolerates."""
        try:
            account = ledger.account(self.config, self.request, missing_ok=True)
        except UsageError as error:
            raise _UndoError(f"check: {error.lines[0]}") from None
        surplus = _failing(account) - before.new
        if surplus:
            raise _UndoError(f"check finds {_described(account.comparison.new, surplus)}")
        path = ledger.baseline_path(self.config, self.request)
        name = ledger.baseline_name(self.config, self.request)
        data = files.read_if_exists(path, name=name)
        if data is None:
            return None
        shrunk = baselines.shrink(account.baseline, account.comparison)
        if shrunk != account.baseline:
            text = baselines.dump(shrunk).encode("ascii")
            self.journal.apply(self.run, self.job.name, [Write(name, data, text, outside=True)])
        return shrunk.total

    def _execute(self, before: _Before) -> None:
        if before.outcome is None:
            return
        outcome = execute(self.how.verify, self.config.root)
        worse = outcome.worse_than(before.outcome)
        if worse:
            raise _UndoError(f"'{self.how.verify}' fails: {worse}", outcome.tail)

    def _commit(self) -> str:
        if not self.how.commit or self.tree is None:
            return ""
        batches = (batch for run in self.journal.runs if run.id == self.run for batch in run.live)
        paths = next(batch.paths for batch in batches if batch.name == self.job.name)
        try:
            return self.tree.commit(paths, commit_message(self.job.name, self.job.rewrites))
        except GitError as error:
            raise _UndoError(f"--commit: {error.lines[0]}") from None


def _described(new: Sequence[Violation], surplus: Counter[tuple[str, str, str]]) -> str:
    """The first of the violations that were not there before, and how many there are."""
    first = next(v for v in new if (*v.fingerprint,) in surplus)
    count = sum(surplus.values())
    more = f" and {count - 1} more" if count > 1 else ""
    place = f"{first.path}:{first.span.line}:{first.span.column}"
    return f"what was not there before: {place}: {first.code} {first.message}{more}"
