"""Undoing a run, or what is left of one that was killed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from ssot_lint.errors import UsageError, did_you_mean
from ssot_lint.migration.journal.journal import Journal
from ssot_lint.migration.journal.model import Batch, Kept, Run, Undone
from ssot_lint.migration.journal.place import Place


class Rollback(NamedTuple):
    """What became of the request to roll back.

    `run` is "" if there was nothing to roll back. `batches` are the names of those that were to be
    undone, oldest first, `commits` those of them that lie in a commit. Where somebody edited files
    since and the request did not say what to do about them, `edited` names them, and nothing was
    written; else `undone` says what was done.
    """

    run: str = ""
    batches: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    edited: tuple[Kept, ...] = ()
    undone: Undone = Undone()


def rollback(
    root: str, run: str | None = None, *, skip_edited: bool = False, merge: bool = False
) -> Rollback:
    """Undoes all batches of the run with the id `run`.

    Without an id: what was interrupted, else the last run that is not rolled back. Files that
    somebody edited since prevent it, unless `merge` can take the changes out of them by a
    three-way merge, or `skip_edited` leaves them as they are. Raises UsageError for an id that is
    not known, if another run was interrupted, and if files cannot be written.
    """
    if not os.path.isdir(Place.of(root).folder):
        if run is not None:
            raise _unknown(run, ())
        return Rollback()
    with Journal.at(root) as journal:
        batches = _chosen(journal, run)
        if not batches:
            return Rollback()
        answer = Rollback(
            batches[0].run,
            tuple(batch.name for batch in batches),
            tuple(batch.commit for batch in batches if batch.commit),
        )
        fates = journal.fates(batches, merge=merge)
        edited = tuple(Kept(fate.path, fate.reason) for fate in fates if fate.reason)
        if edited and not skip_edited:
            return answer._replace(edited=edited)
        return answer._replace(undone=journal.carry_out(batches, fates))


def _chosen(journal: Journal, run: str | None) -> Sequence[Batch]:
    unfinished = journal.status().unfinished
    if run is None:
        if unfinished:
            return unfinished
        return next((known.live for known in reversed(journal.runs) if known.live), ())
    known = {each.id: each for each in journal.runs}
    if run not in known:
        raise _unknown(run, tuple(known.values()))
    if any(batch.run != run for batch in unfinished):
        journal.refuse_open_batch()
    return known[run].live


def _unknown(run: str, runs: Sequence[Run]) -> UsageError:
    return UsageError(f"there is no run '{run}'{did_you_mean(run, [each.id for each in runs])}")
