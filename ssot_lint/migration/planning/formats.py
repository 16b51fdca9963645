"""A plan on a terminal, and for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from ssot_lint import __version__
from ssot_lint.migration.model import Skip
from ssot_lint.migration.planning.model import WAVES, Batch, Plan
from ssot_lint.migration.planning.writing import dump
from ssot_lint.reporters.phrases import counted, one_line
from ssot_lint.reporters.table import align

VERSION = 1
"""Of the JSON: it grows when a key changes its meaning or goes, not when one is added."""
_PLACES = 3
"""Places that the table shows of each reason."""
_COLUMNS = ("batch", "wave", "owners", "files", "edits", "strings", "dependents", "risk")
_LEFT = 3


def table(plan: Plan) -> str:
    """Lines of any width: one for each batch, then totals, and what needs a human, by reason."""
    lines: list[str] = []
    if plan.batches:
        lines += align([_COLUMNS, *map(_row, plan.batches)], _LEFT)
        lines.append("")
        used = {batch.wave for batch in plan.batches}
        lines += [f"{wave}: {meaning}" for wave, meaning in WAVES.items() if wave in used]
        lines.append("")
    lines.append(_totals(plan))
    lines += _apart(plan)
    lines += _cycles(plan)
    lines += _manual(plan)
    return "\n".join(lines) + "\n"


def _row(batch: Batch) -> tuple[str, ...]:
    risk = batch.risk
    return (
        str(batch.number),
        batch.wave or "-",
        one_line(" ".join(batch.owners)) or "-",
        str(len(batch.files)),
        str(batch.edits),
        str(batch.strings),
        "-" if risk is None else str(risk.dependents),
        "-" if risk is None else str(risk.score),
    )


def _totals(plan: Plan) -> str:
    if not plan.batches:
        return "Nothing to rewrite."
    edits = sum(batch.edits for batch in plan.batches)
    strings = sum(batch.strings for batch in plan.batches)
    parts = [
        counted(len(plan.batches), "batches"),
        counted(sum(1 for _ in plan.files), "files"),
        counted(edits, "edits"),
        counted(strings, "strings"),
    ]
    return f"{', '.join(parts)}."


def _apart(plan: Plan) -> Iterator[str]:
    for apart in plan.apart:
        tests = counted(apart.tests, "tests")
        yield f"{one_line(apart.path)}: patched by {tests} in other batches."


def _cycles(plan: Plan) -> Iterator[str]:
    for cycle in plan.cycles:
        files = counted(len(cycle.files), "files")
        yield (
            f"{cycle.modules} modules import one another; {files} of the plan "
            f"{'is' if len(cycle.files) == 1 else 'are'} among them, "
            f"first {one_line(cycle.files[0])}."
        )


def _manual(plan: Plan) -> Iterator[str]:
    if not plan.manual:
        return
    yield ""
    places = counted(len(plan.manual), "places")
    yield f"{places} in {counted(len({s.path for s in plan.manual}), 'files')} for a human:"
    by_reason = sorted(plan.manual, key=lambda skip: (skip.reason, skip))
    groups = [(reason, [*group]) for reason, group in groupby(by_reason, lambda s: s.reason)]
    for reason, group in sorted(groups, key=lambda pair: (-len(pair[1]), pair[0])):
        yield f"  {len(group)}: {one_line(reason)}"
        yield from _some(group)


def _some(skips: Sequence[Skip]) -> Iterator[str]:
    for skip in skips[:_PLACES]:
        place = f"{one_line(skip.path)}:{skip.line}"
        yield f"    {place}: {one_line(skip.old)} [{one_line(skip.rule)}]"
    if len(skips) > _PLACES:
        yield f"    ... and {len(skips) - _PLACES} more"


def as_json(plan: Plan) -> str:
    """One JSON object in ASCII, with everything in the plan; its keys are those of the YAML."""
    document = {
        "version": VERSION,
        "tool": {"name": "ssot-lint", "version": __version__},
        "batches": [_batch(batch) for batch in plan.batches],
        "manual": [
            {
                "file": skip.path,
                "line": skip.line,
                "rule": skip.rule,
                "path": skip.old,
                "reason": skip.reason,
            }
            for skip in plan.manual
        ],
        "apart": [{"file": apart.path, "tests": apart.tests} for apart in plan.apart],
        "cycles": [{"modules": cycle.modules, "files": cycle.files} for cycle in plan.cycles],
    }
    return json.dumps(document, indent=2) + "\n"


def _batch(batch: Batch) -> dict[str, Any]:
    risk = batch.risk
    return {
        "batch": batch.number,
        "wave": batch.wave,
        "owners": batch.owners,
        "edits": batch.edits,
        "strings": batch.strings,
        "risk": None if risk is None else {"score": risk.score, **risk._asdict()},
        "files": [file._asdict() for file in batch.files],
    }


FORMATS: Mapping[str, Callable[[Plan], str]] = {"text": table, "json": as_json, "yaml": dump}


def render(plan: Plan, format_: str) -> str:
    """The plan in one of `FORMATS`; the text ends with a line end."""
    return FORMATS[format_](plan)
