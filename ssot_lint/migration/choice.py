"""Which batches a run is about: those of the plan in its file, or of one made on the spot."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain, islice
from typing import NamedTuple

from ssot_lint.builtin import UnreadableFile
from ssot_lint.cache import content_hash
from ssot_lint.config import Config
from ssot_lint.engine import Request
from ssot_lint.errors import UsageError
from ssot_lint.migration.changes import Work, verified
from ssot_lint.migration.journal import status
from ssot_lint.migration.model import Rewrite, Skip
from ssot_lint.migration.planning import (
    DEFAULT_PLAN,
    Batch,
    Plan,
    PlannedFile,
    dump,
    plan_batches,
    planned_file,
    read,
)
from ssot_lint.migration.run import Job
from ssot_lint.reporters.phrases import counted


class Choice(NamedTuple):
    """The jobs of a run, in order, and what is left to humans.

    `digest` stands for the plan. `strings` counts the strings that were not asked for. `unplanned`
    are files that need changes and stand in no batch of the plan's file.
    """

    jobs: tuple[Job, ...]
    skips: tuple[Skip, ...]
    digest: str
    strings: int = 0
    unplanned: tuple[str, ...] = ()


def planned(config: Config, file: str | None) -> Plan | None:
    """The plan in `file` (an absolute path), else in the default one, if that exists.

    UsageError if it cannot be read.
    """
    path = os.path.join(config.root, DEFAULT_PLAN) if file is None else file
    if file is None and not os.path.lexists(path):
        return None
    return read(path, name=os.path.relpath(path))


def choose(
    config: Config,
    request: Request,
    work: Work,
    plan: Plan | None,
    *,
    batch: int | None,
    only_next: bool,
) -> Choice:
    """Batch number `batch`, only the next one that is not done, or all of these.

    `plan` is the one that a person approved; None makes one on the spot. UsageError if the plan is
    about other contents, or other changes, than there are now. What an earlier batch has written
    is done, also where more could be written since.
    """
    rewrites = {rewrite.path: rewrite for rewrite in work.rewrites}
    done = _done(config.root, rewrites.values()) if plan is not None else set()
    todo = {path: rewrite for path, rewrite in rewrites.items() if path not in done}
    made = plan_batches(config, request, work.rewrites, work.skips) if plan is None else plan
    jobs = []
    problems: list[str] = []
    lost: set[Skip] = set()
    chosen = made.batches if batch is None else (made.find(batch),)
    due = [[todo[file.path] for file in each.files if file.path in todo] for each in chosen]
    judged = _verified(work, due, request.jobs, one_by_one=only_next)
    for each, rewritten in zip(chosen, judged, strict=True):
        problems += _faults(work, each, todo)
        passed = [rewrite for rewrite in rewritten if rewrite.edits]
        lost.update(skip for left in rewritten if not left.edits for skip in left.skips)
        if passed:
            jobs.append(Job(str(each.number), tuple(passed)))
            if only_next:
                break
    if problems:
        raise UsageError(
            *problems,
            "the plan is out of date, or was made for other rules or without --strings: 'ssot-lint "
            "plan --force' makes it again",
        )
    known = {file.path for file in made.files} - done
    return Choice(
        jobs=tuple(jobs),
        skips=tuple(sorted({*work.skips, *lost})),
        digest=content_hash(dump(made).encode()).hex(),
        strings=work.strings,
        unplanned=tuple(sorted(rewrites.keys() - known)),
    )


def _verified(
    work: Work, batches: Sequence[Sequence[Rewrite]], jobs: int, *, one_by_one: bool
) -> Iterator[list[Rewrite]]:
    """The files of each batch, verified: all at once, which can be shared out, or when it is asked
    for, if most will not be.
    """
    if one_by_one:
        yield from ([*verified(work, rewrites, jobs)] for rewrites in batches)
        return
    judged = verified(work, chain.from_iterable(batches), jobs)
    yield from ([*islice(judged, len(rewrites))] for rewrites in batches)


def _done(root: str, rewrites: Iterable[Rewrite]) -> set[str]:
    """The files that hold what an earlier batch has written, by the journal."""
    written = {
        (touched.path, touched.after)
        for run in status(root).runs
        for batch in run.live
        for touched in batch.touched
    }
    if not written:
        return set()
    return {r.path for r in rewrites if (r.path, sha256(r.before).hexdigest()) in written}


def _faults(work: Work, batch: Batch, rewrites: Mapping[str, Rewrite]) -> Iterator[str]:
    """Where the files of a batch are not as they were when it was planned."""
    unread = {skip.path: skip.reason for skip in work.skips if skip.rule == UnreadableFile.kind}
    for file in batch.files:
        where = f"batch {batch.number}: {file.path}"
        if file.path in unread:
            yield f"{where}: {unread[file.path]}"
        elif file.path in rewrites:
            now = planned_file(work.site.project, rewrites[file.path])
            if now.before != file.before:
                yield f"{where}: changed since it was planned"
            elif (now.edits, now.strings) != (file.edits, file.strings):
                yield f"{where}: {_amount(now)} now, {_amount(file)} in the plan"
        elif not os.path.lexists(os.path.join(work.site.config.root, file.path)):
            yield f"{where}: no such file"


def _amount(file: PlannedFile) -> str:
    return f"{counted(file.edits, 'edits')} and {counted(file.strings, 'strings')}"
