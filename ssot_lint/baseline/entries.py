"""The baseline as a value: a bag of fingerprints, and the files that ever had one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from ssot_lint.model import Fingerprint

Items = Mapping[tuple[str, str], int]
"""What one file holds: how often each (rule, subject)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How many equal violations are tolerated, and why growth was accepted ("" if it never was).

    `accepted` may hold several reasons, sorted and joined by ``"; "``.
    """

    count: int
    accepted: str = ""

    @property
    def reasons(self) -> frozenset[str]:
        return frozenset(filter(None, self.accepted.split("; ")))


NOTHING = Entry(0)


def joined(*entries: Entry) -> str:
    """The reasons of all `entries` as one text."""
    return "; ".join(sorted(frozenset().union(*(entry.reasons for entry in entries))))


@dataclass(frozen=True)
class Baseline:
    """What is tolerated.

    `entries` have counts of at least 1. `headers` are the paths that have a line of their own in
    the file: those of the entries, always, and those whose entries are all gone (tombstones).
    """

    entries: Mapping[Fingerprint, Entry] = field(default_factory=dict)
    headers: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        paths = {fingerprint.path for fingerprint in self.entries}
        object.__setattr__(self, "headers", self.headers | paths)

    @property
    def bag(self) -> Counter[Fingerprint]:
        return Counter({key: entry.count for key, entry in self.entries.items()})

    @property
    def total(self) -> int:
        return sum(entry.count for entry in self.entries.values())

    @cached_property
    def by_path(self) -> Mapping[str, Items]:
        """The entries of each path that has any."""
        found: dict[str, dict[tuple[str, str], int]] = {}
        for (path, rule, subject), entry in self.entries.items():
            found.setdefault(path, {})[rule, subject] = entry.count
        return found

    @cached_property
    def by_file_name(self) -> Mapping[str, tuple[str, ...]]:
        """The paths with entries, sorted, by their last component."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.by_path):
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    def moved(self, renamed: Mapping[str, str], movable: Callable[[str], bool]) -> Baseline:
        """The same with the entries of each old path under its new one; the total stays.

        Entries of rules that are not `movable` stay where they are.
        """
        return self.relabelled(
            lambda key: (
                key._replace(path=renamed.get(key.path, key.path)) if movable(key.rule) else key
            )
        )

    def relabelled(self, label: Callable[[Fingerprint], Fingerprint]) -> Baseline:
        """The same with other fingerprints; those that become equal are added up."""
        entries: dict[Fingerprint, Entry] = {}
        for key, entry in self.entries.items():
            other = entries.get(label(key))
            entries[label(key)] = (
                Entry(entry.count + other.count, joined(entry, other)) if other else entry
            )
        return Baseline(entries, self.headers)

    def less(self, bags: Iterable[Mapping[Fingerprint, int]]) -> Baseline:
        """The same without the counts of `bags`; headers stay, reasons stay with what is left."""
        counts = self.bag
        for bag in bags:
            counts.subtract({key: count for key, count in bag.items() if key in counts})
        return Baseline(
            {
                key: replace(entry, count=counts[key])
                for key, entry in self.entries.items()
                if counts[key] > 0
            },
            self.headers,
        )
