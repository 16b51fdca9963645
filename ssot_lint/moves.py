"""Paths that moved or were removed: which dotted path is legacy, and what takes its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from ssot_lint.patterns import Words, ancestors


class Legacy(NamedTuple):
    """A legacy path: the `entry` that says so, and its `replacement` (None: it has none)."""

    entry: str
    replacement: str | None


@dataclass(frozen=True)
class Moves:
    """Old path to new path, and paths without a successor.

    A longer entry beats a shorter. `protected` paths (homes) and every new path are never legacy,
    whatever shorter entry covers them.
    """

    moved: tuple[tuple[str, str], ...]
    removed: tuple[str, ...]
    protected: frozenset[str] = frozenset()

    def legacy(self, path: str) -> Legacy | None:
        """What `path` (a literal dotted path) is, if legacy."""
        if not any(name in path for name in self._last_names):
            return None  # as for nearly every path that anybody asks about
        for prefix in ancestors(path):
            if prefix in self._protected:
                return None
            if prefix in self._entries:
                new = self._entries[prefix]
                return Legacy(prefix, new and new + path[len(prefix) :])
        return None

    def names_of(self, module: str) -> Iterator[str]:
        """The names in `module` that are legacy while the module itself is not."""
        return iter(self._names.get(module, ()))

    @property
    def entries(self) -> Sequence[str]:
        """Every legacy path, as configured."""
        return tuple(self._entries)

    @property
    def targets(self) -> Iterator[tuple[str, str]]:
        """(old, new) of everything that has a successor."""
        return iter(self.moved)

    def words(self) -> Words:
        """The last component of each entry: no text spells the path without it.

        Inside of a legacy package a relative import need not. Who spells what lies below an entry
        spells that entry too.
        """
        words = Words.of(*({name} for name in self._last_names))
        return replace(words, packages=frozenset(self._entries))

    def import_words(self) -> Words:
        """The same for import statements, of which a star spells only the module's, if any."""
        spelled = self.words()
        imported = Words.of(*(clue.words for clue in spelled.clues), place="import")
        modules = [{module.rpartition(".")[2]} for module in self._names]
        stars = Words.of(*modules, *([()] if modules else []), place="star")
        return replace(imported.also(stars), packages=spelled.packages)

    @cached_property
    def _entries(self) -> dict[str, str | None]:
        return {**dict.fromkeys(self.removed), **dict(self.moved)}

    @cached_property
    def _last_names(self) -> tuple[str, ...]:
        """The last component of each entry that stands below no other one."""
        entries = self._entries
        return tuple(
            entry.rpartition(".")[2]
            for entry in entries
            if not any(above in entries for above in ancestors(entry.rpartition(".")[0]))
        )

    @cached_property
    def _protected(self) -> frozenset[str]:
        return self.protected | {new for _, new in self.moved}

    @cached_property
    def _names(self) -> dict[str, tuple[str, ...]]:
        names: dict[str, tuple[str, ...]] = {}
        for entry in sorted(self._entries):
            module, _, name = entry.rpartition(".")
            if module and entry not in self._protected and self.legacy(module) is None:
                names[module] = (*names.get(module, ()), name)
        return names
