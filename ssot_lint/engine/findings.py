"""What rules find in a project, before comments and baselines have their say."""

from __future__ import annotations

import marshal
from typing import Any, NamedTuple

from ssot_lint.model import Note, Span, Violation


class Findings(NamedTuple):
    """`violations` of all files, `notes`, `broken` (SOT002), and `unreadable` (SOT001).

    `ignored` are other broken files, in runs that look for them.
    """

    violations: tuple[Violation, ...]
    notes: tuple[Note, ...]
    broken: tuple[Violation, ...]
    unreadable: tuple[Violation, ...]
    ignored: tuple[str, ...] = ()


def pack(findings: Findings) -> bytes:
    """Findings as bytes: `marshal` data."""
    packed = [
        [_flat(violation) for violation in findings.violations],
        [tuple(note) for note in findings.notes],
        [_flat(violation) for violation in findings.broken],
        [_flat(violation) for violation in findings.unreadable],
        list(findings.ignored),
    ]
    return marshal.dumps(packed)


def unpack(data: bytes) -> Findings:
    """What `pack` was given; `data` is nothing else."""
    violations, notes, broken, unreadable, ignored = marshal.loads(data)  # noqa: S302
    return Findings(
        tuple(map(_violation, violations)),
        tuple(map(Note._make, notes)),
        tuple(map(_violation, broken)),
        tuple(map(_violation, unreadable)),
        tuple(ignored),
    )


def _flat(violation: Violation) -> tuple[Any, ...]:
    return (*violation[:1], tuple(violation.span), *violation[2:])


def _violation(packed: tuple[Any, ...]) -> Violation:
    path, span, *rest = packed
    return Violation(path, Span(*span), *rest)
