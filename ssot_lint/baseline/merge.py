"""Three-way merging, for git's merge driver and for conflicted files."""

from __future__ import annotations

from collections.abc import Sequence

from ssot_lint.baseline.entries import NOTHING, Baseline, Entry, joined
from ssot_lint.baseline.format import load_bytes
from ssot_lint.errors import UsageError


def merge(base: Baseline, ours: Baseline, theirs: Baseline) -> Baseline:
    """What both sides made of `base`.

    For each fingerprint a side that is as the base yields to the other, and equal sides stay;
    otherwise both changes count, but never for more than the more tolerant side. Different reasons
    are kept together. Commutative.
    """
    entries = {}
    for key in ours.entries.keys() | theirs.entries.keys():
        before = base.entries.get(key, NOTHING)
        entry = _merged(before, ours.entries.get(key), theirs.entries.get(key))
        if entry.count:
            entries[key] = entry
    # A tombstone goes when one side dropped it, and comes when one side added it.
    headers = (
        (ours.headers & theirs.headers)
        | (ours.headers - base.headers)
        | (theirs.headers - base.headers)
    )
    return Baseline(entries, headers)


def _merged(base: Entry, ours: Entry | None, theirs: Entry | None) -> Entry:
    our_count, their_count = (side.count if side else 0 for side in (ours, theirs))
    count = our_count
    if our_count != their_count:
        # Where one side is as the base, this is the other side.
        both = max(0, our_count + their_count - base.count)
        count = min(max(our_count, their_count), both)
    # A side without the entry has no say in its reason.
    ours, theirs = ours or base, theirs or base
    if ours.accepted == theirs.accepted or theirs.accepted == base.accepted:
        return Entry(count, ours.accepted)
    if ours.accepted == base.accepted:
        return Entry(count, theirs.accepted)
    return Entry(count, joined(ours, theirs))


def resolve(stages: Sequence[bytes | None], name: str) -> Baseline:
    """The merge of a conflicted file from stages 1 to 3 of git's index (base, ours, theirs).

    The base is None where both sides created the file. Raises UsageError if there is no conflict,
    or if one side deleted the file, and BaselineError for a stage that cannot be read.
    """
    base, ours, theirs = stages
    if ours is None and theirs is None:
        raise UsageError(f"{name}: not in conflict, according to git's index")
    if ours is None or theirs is None:
        side = "ours" if ours is None else "theirs"
        raise UsageError(
            f"{name}: deleted on one side ({side}): "
            f"keep it with 'git add {name}', or drop it with 'git rm {name}'"
        )
    return merge(
        Baseline() if base is None else load_bytes(base, f"{name} (base)"),
        load_bytes(ours, f"{name} (ours)"),
        load_bytes(theirs, f"{name} (theirs)"),
    )
