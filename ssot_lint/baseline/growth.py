"""Two baselines compared: what grew, what shrank, and which growth nobody gave a reason for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from ssot_lint.baseline.entries import NOTHING, Baseline
from ssot_lint.baseline.renames import pair
from ssot_lint.model import Fingerprint

Growth = tuple[Fingerprint, int, int]
"""A fingerprint, its count before, and its count after."""


def diff(before: Baseline, after: Baseline) -> tuple[Counter[Fingerprint], Counter[Fingerprint]]:
    """(by how much each entry grew, by how much each shrank)."""
    return after.bag - before.bag, before.bag - after.bag


def growth(
    base: Baseline,
    working: Baseline,
    renamed: Mapping[str, str],
    *,
    exists: Callable[[str], bool],
    movable: Callable[[str], bool],
) -> tuple[Growth, ...]:
    """The entries of `working` that grew since `base` and carry no reason that base's did not.

    Renames are netted out: `renamed` (old path to new), and those that `shrink` may have written
    though git does not see them: a path of `base` that no longer exists, whose entries all stand
    under a path that is new in `working`. Sorted.
    """
    origins = {**_written_moves(base, working, renamed, exists, movable), **renamed}
    before, after = base.moved(origins, movable), working.moved(origins, movable)
    grown = []
    for key, entry in sorted(after.entries.items(), key=lambda item: item[0]):
        old = before.entries.get(key, NOTHING)
        if entry.count > old.count and not entry.reasons - old.reasons:
            grown.append((key, old.count, entry.count))
    return tuple(grown)


def _written_moves(
    base: Baseline,
    working: Baseline,
    renamed: Mapping[str, str],
    exists: Callable[[str], bool],
    movable: Callable[[str], bool],
) -> dict[str, str]:
    new_paths = set(renamed.values())
    left = {
        path: {item: count for item, count in items.items() if movable(item[0])}
        for path, items in base.by_path.items()
        if path not in working.by_path and path not in renamed and not exists(path)
    }
    arrived = {
        path: items
        for path, items in working.by_path.items()
        if path not in base.by_path and path not in new_paths
    }
    return pair({path: items for path, items in left.items() if items}, arrived)[0]
