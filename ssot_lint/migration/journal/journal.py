"""The store itself: runs, batches, and what is asked about them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from ssot_lint import files
from ssot_lint.errors import UsageError
from ssot_lint.migration.journal import lock
from ssot_lint.migration.journal.applying import put_all, touch
from ssot_lint.migration.journal.history import replay
from ssot_lint.migration.journal.images import Images
from ssot_lint.migration.journal.model import (
    OPEN,
    UNDOING,
    UNDONE,
    Batch,
    Run,
    Status,
    Undone,
    Write,
)
from ssot_lint.migration.journal.place import Place
from ssot_lint.migration.journal.preflight import preflight
from ssot_lint.migration.journal.records import Records
from ssot_lint.migration.journal.undoing import Fate, merge_by_git, survey, undo

_JOURNAL = "journal"
_IMAGES = "images"
_MOMENT = "%Y%m%d-%H%M%S"


class Journal:
    """The state of one root's migrations; made by `Journal.at`, which holds the lock."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._images = Images(os.path.join(place.folder, _IMAGES))
        self._records = Records(os.path.join(place.folder, _JOURNAL))

    @classmethod
    @contextmanager
    def at(cls, root: str) -> Iterator[Journal]:
        """The journal for `root`, for as long as the context lasts.

        Raises UsageError if another process holds it, or if it cannot be used. Leaves no folder
        behind where no run was begun.
        """
        place = Place.of(root)
        with lock.locked(place):
            try:
                yield cls(place)
            finally:
                if not os.path.lexists(os.path.join(place.folder, _JOURNAL)):
                    _clear(place)

    @property
    def root(self) -> str:
        """The root, free of links."""
        return self._place.root

    @property
    def runs(self) -> tuple[Run, ...]:
        """All runs since the last `finish`, oldest first."""
        return replay(self._records.all)

    def status(self) -> Status:
        """As the function `status`."""
        return _status(self._place, self._images, self.runs)

    def refuse_open_batch(self) -> None:
        """UsageError, which says what to do, if a batch was interrupted."""
        for line in _interrupted(self.runs):
            raise UsageError(line)

    def begin_run(self, label: str, plan: str = "") -> str:
        """Begins a run and returns its id, which begins with the time (UTC) and sorts after those
        of all runs before it. `plan` is the digest of the plan that it follows.
        """
        taken = {run.id[:-5] for run in self.runs}
        moment = time.time()
        while (second := time.strftime(_MOMENT, time.gmtime(moment))) <= max(taken, default=""):
            moment += 1
        run = f"{second}-{os.urandom(2).hex()}"
        self._records.append({"op": "run", "run": run, "label": label, "plan": plan})
        return run

    def apply(self, run: str, batch: str, writes: Sequence[Write]) -> tuple[str, ...]:
        """Writes the files of a batch, or of a further step of a batch that is open.

        Returns the real paths of those that changed. Everything is journalled before the first of
        them changes. Raises UsageError, with every file as before this step, if one of them does
        not hold what it should (a line for each), or cannot be written.
        """
        first = self._is_first(run, batch)
        targets = preflight(self.root, writes)
        touched = [touch(target) for target in targets]
        folders = sorted({folder for target in targets for folder in target.folders})
        self._images.keep(
            data
            for target in targets
            for data in (target.found.data if target.found.stat else None, target.after)
            if data is not None
        )
        step = {"op": "begin", "run": run, "batches": [batch], "files": touched, "folders": folders}
        self._records.append(step)
        try:
            put_all(self.root, run, targets, folders)
        except BaseException as error:
            self._take_back(Batch(run, batch, OPEN, tuple(touched), tuple(folders)), error, first)
            raise
        return tuple(target.path for target in targets)

    def _is_first(self, run: str, batch: str) -> bool:
        """Whether `batch` is yet to be opened; ValueError if it cannot be, or not yet."""
        for known in (batch for run in self.runs for batch in run.live):
            if (known.run, known.name) == (run, batch):
                if known.state != OPEN:
                    raise ValueError(f"batch {batch} of run {run} is {known.state}")
                return False
        self.refuse_open_batch()
        if not any(known.id == run for known in self.runs):
            raise ValueError(f"there is no run {run}")
        return True

    def _take_back(self, step: Batch, error: BaseException, whole: bool) -> None:
        """Undoes a step that `error` ended; the batch with it, if this is `whole` of it."""
        try:
            fates = survey(self.root, step.touched, {})
            undone = undo(self.root, self._images, [step], fates)
            if whole:
                self._close(step.run, [step], undone)
        except UsageError as second:
            lines = error.lines if isinstance(error, UsageError) else ()
            raise UsageError(*lines, *second.lines, *_interrupted(self.runs)) from error

    def conclude(self, run: str, batch: str, state: str, **details: object) -> None:
        """Closes an open batch with a word for its state, such as 'validated', and what JSON can
        hold about it.
        """
        if state in (OPEN, UNDOING, UNDONE):
            raise ValueError(f"'{state}' concludes no batch")
        self._batch(run, batch, OPEN)
        self._records.append(
            {"op": "concluded", "run": run, "batches": [batch], "state": state, "details": details}
        )

    def note_commit(self, run: str, batch: str, commit: str) -> None:
        """Remembers in which commit a concluded batch lies."""
        self._batch(run, batch)
        self._records.append({"op": "committed", "run": run, "batches": [batch], "commit": commit})

    def undo(self, run: str, batch: str) -> Undone:
        """Restores the files of a batch, but for those that somebody edited, which it names.

        UsageError if a file cannot be written; the batch stays as it is then, and may be undone
        again.
        """
        batches = [self._batch(run, batch)]
        return self.carry_out(batches, self.fates(batches))

    def fates(self, batches: Sequence[Batch], *, merge: bool = False) -> list[Fate]:
        """What undoing `batches` of one run, oldest first, means for each of their files.

        With `merge`, changes are taken out of files that were edited since, where that is possible
        without conflict; GitError if git is missing then.
        """
        live = [batch for run in self.runs for batch in run.live]
        since = live[live.index(batches[-1]) + 1 :]
        later = {path: batch.run for batch in since for path in batch.paths}
        touched = [touched for batch in batches for touched in batch.touched]
        fates = survey(self.root, touched, later)
        if not merge:
            return fates
        edited = {fate.found.hash: fate.found.data for fate in fates if fate.reason}
        return survey(self.root, touched, later, merge_by_git(self._images, edited))

    def carry_out(self, batches: Sequence[Batch], fates: Sequence[Fate]) -> Undone:
        """Undoes `batches` of one run, as their `fates` say; raises as `undo` does."""
        run = batches[0].run
        concluded = [batch.name for batch in batches if not batch.unfinished]
        if concluded:
            self._records.append({"op": "undoing", "run": run, "batches": concluded})
        undone = undo(self.root, self._images, batches, fates)
        self._close(run, batches, undone)
        return undone

    def _close(self, run: str, batches: Sequence[Batch], undone: Undone) -> None:
        names = [batch.name for batch in batches]
        self._records.append({"op": "undone", "run": run, "batches": names, "kept": undone.kept})

    def _batch(self, run: str, name: str, state: str | None = None) -> Batch:
        for batch in (batch for known in self.runs if known.id == run for batch in known.live):
            if batch.name == name and state in (None, batch.state):
                return batch
        raise ValueError(f"run {run} has no batch {name} that is {state or 'not undone'}")

    def finish(self) -> Status:
        """Drops journal and images, and returns what there was; from then on nothing can be rolled
        back. UsageError if a batch was interrupted.
        """
        self.refuse_open_batch()
        dropped = self.status()
        path = os.path.join(self._place.folder, _JOURNAL)
        try:
            with suppress(FileNotFoundError):
                os.unlink(path)
            self._images.drop()
        except OSError as error:
            name = error.filename or self._place.folder
            raise UsageError(f"{name}: cannot be removed: {files.why(error)}") from None
        self._records = Records(path)
        return dropped


def _clear(place: Place) -> None:
    """Removes the folder of a journal that does not exist; only for who holds the lock."""
    with suppress(OSError):
        Images(os.path.join(place.folder, _IMAGES)).drop()
    lock.remove(place)
    place.remove()


def status(root: str) -> Status:
    """What the journal of `root` holds, whoever is at work on it; UsageError if it is damaged."""
    place = Place.of(root)
    if not os.path.isdir(place.folder):
        return Status(place.folder)
    runs = replay(Records(os.path.join(place.folder, _JOURNAL)).all)
    return _status(place, Images(os.path.join(place.folder, _IMAGES)), runs, lock.busy(place))


def _status(place: Place, images: Images, runs: tuple[Run, ...], busy: str = "") -> Status:
    count, size = images.size()
    return Status(place.folder, runs, count, size, busy)


def interrupted(root: str) -> str | None:
    """Why nobody may write below `root` now, as a line for the user: somebody is migrating, or was
    interrupted. None if all is well; that costs next to nothing where there is no journal.
    """
    place = Place.of(root)
    if not os.path.isdir(place.folder):
        return None
    busy = lock.busy(place)
    if busy:
        return busy
    runs = replay(Records(os.path.join(place.folder, _JOURNAL)).all)
    return next(_interrupted(runs), None)


def _interrupted(runs: Sequence[Run]) -> Iterator[str]:
    """The line about what was interrupted, if anything was."""
    for batch in (batch for run in runs for batch in run.batches if batch.unfinished):
        what = f"batch {batch.name} of" if batch.state == OPEN else "the rollback of"
        yield f"{what} run {batch.run} was interrupted: ssot-lint rollback"
        return
