"""From the journal's records to runs and batches (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ssot_lint.errors import UsageError
from ssot_lint.migration.journal.model import OPEN, UNDOING, UNDONE, Batch, Kept, Run, Touched
from ssot_lint.migration.journal.records import Record

_Step = Callable[[Batch, Record], Batch]


def replay(records: Iterable[Record]) -> tuple[Run, ...]:
    """All runs, oldest first; UsageError for a record of a kind that this version does not know."""
    runs: dict[str, Run] = {}
    for record in records:
        operation = record["op"]
        if operation == "run":
            runs[record["run"]] = Run(record["run"], record["label"], record["plan"])
        elif operation in _STEPS:
            run = runs[record["run"]]
            names = frozenset(record["batches"])
            batches = run.batches
            if operation == "begin" and not names & {batch.name for batch in run.live}:
                batches += tuple(Batch(run.id, name) for name in sorted(names))
            step = _STEPS[operation]
            runs[run.id] = run._replace(
                batches=tuple(
                    step(batch, record) if batch.name in names and batch.state != UNDONE else batch
                    for batch in batches
                )
            )
        else:
            raise UsageError(
                f"the journal holds '{operation}', which this version of ssot-lint does not know: "
                "finish the migration with the version that began it"
            )
    return tuple(runs.values())


def _begin(batch: Batch, record: Record) -> Batch:
    return batch._replace(
        state=OPEN,
        touched=batch.touched + tuple(Touched(*file) for file in record["files"]),
        folders=batch.folders + tuple(record["folders"]),
    )


def _concluded(batch: Batch, record: Record) -> Batch:
    return batch._replace(state=record["state"], details=record["details"])


def _committed(batch: Batch, record: Record) -> Batch:
    return batch._replace(commit=record["commit"])


def _undone(batch: Batch, record: Record) -> Batch:
    paths = {touched.path for touched in batch.touched}
    kept = tuple(Kept(*kept) for kept in record["kept"])
    return batch._replace(state=UNDONE, kept=tuple(each for each in kept if each.path in paths))


_STEPS: dict[str, _Step] = {
    "begin": _begin,
    "concluded": _concluded,
    "committed": _committed,
    "undoing": lambda batch, _: batch._replace(state=UNDOING),
    "undone": _undone,
}
