"""Parsing many files at once, by as many processes as help."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence, Set

from ssot_lint.prefilter import STATEMENTS
from ssot_lint.processes import Processes
from ssot_lint.reading.contents import Contents
from ssot_lint.reading.work import Named, Work

_TOGETHER = 12
"""Files of one task for a process."""
_MANY = 100
"""Files that are worth processes of their own."""


class Bulk:
    """For the files below `root`, which ends with a separator; what they hold goes to `contents`.

    Those `apart` are not on the disk, or not as the disk has them.
    """

    def __init__(self, root: str, contents: Contents, apart: Set[str]) -> None:
        self._root = root
        self._contents = contents
        self._apart = apart
        self._statuses: dict[str, os.stat_result | None] = {}
        """Of files that are about to be read and were never searched."""

    def unknown(self, tasks: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
        """Of some tasks (path, and how deep) one for each content that was never read as deep."""
        wanted: dict[bytes, tuple[str, int]] = {}
        found = []
        for path, depth in tasks:
            if path in self._apart:
                continue
            digest = self._contents.digest(path)
            if digest is None:  # nobody has searched it
                self._statuses[path] = self._contents.recognise(path, self._root + path)
                digest = self._contents.digest(path)
            if digest is None:
                found.append((path, depth))
            elif digest not in wanted or wanted[digest][1] < depth:
                wanted[digest] = path, depth
        knows = self._contents.knows
        found += (task for digest, task in wanted.items() if not knows(digest, task[1]))
        return found

    def parse(
        self,
        tasks: Sequence[tuple[str, int]],
        pool: Processes[Work],
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Parses files: path, and how deep. `progress` is called with the number that are done."""
        full = [(self._root + path, depth) for path, depth in tasks]
        done = 0
        for results in pool.map(Work.parse, full, chunk=_TOGETHER, worth=len(tasks) > _MANY):
            for (path, _), result in zip(tasks[done:], results, strict=False):
                self._contents.take(path, self._statuses.pop(path, None), result)
            done += len(results)
            if progress is not None:
                progress(done)

    def name(self, wanted: Mapping[str, Set[str] | None], pool: Processes[Work]) -> None:
        """Finds out whether files define certain names; those that plainly do are not parsed.

        Nor are those of which more than names is wanted (None): whoever wants that parses them.
        """
        asked = {path: names for path, names in sorted(wanted.items()) if names is not None}
        tasks = [
            (path, asked[path])
            for path, _ in self.unknown((path, STATEMENTS) for path in asked)
            if not asked[path] <= {*self._contents.names(path)}
        ]
        full = [(self._root + path, names) for path, names in tasks]
        done = 0
        for results in pool.map(Work.name, full, chunk=_TOGETHER, worth=len(tasks) > _MANY):
            for (path, _), result in zip(tasks[done:], results, strict=False):
                status = self._statuses.pop(path, None)
                if isinstance(result, Named):
                    self._contents.take_names(path, status, result)
                else:
                    self._contents.take(path, status, result)
            done += len(results)
