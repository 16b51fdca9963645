"""Which sources of truth a dotted path leads to, and by what kind of way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from ssot_lint.inventory.model import Kind
from ssot_lint.inventory.sources import Wanted
from ssot_lint.moves import Legacy, Moves
from ssot_lint.patterns import ancestors, covers
from ssot_lint.project import Origin, Project


class Claim(NamedTuple):
    """That a path leads to a source (its index).

    `path` is the part of it that does: attributes of what is found there are cut off. `through` is
    the module that a re-export goes through, `instead` the successor of a legacy path, and `entry`
    the configured path that makes it one.
    """

    source: int
    path: str
    kind: Kind
    through: str = ""
    instead: str | None = None
    entry: str = ""

    def above(self) -> Claim:
        """The claim of the module that the path's last name is looked up in."""
        instead = self.instead and self.instead.rpartition(".")[0]
        return self._replace(path=self.path.rpartition(".")[0], instead=instead)

    def starred(self) -> Claim:
        """The claim of what lies below the path, whatever its name."""
        return self._replace(path=f"{self.path}.*", instead=self.instead and f"{self.instead}.*")


class Routes:
    """Judges dotted paths: by their text, and by where they lead.

    To follow every path of a project would read all of it. A path is followed if it holds the name
    of a source that is a definition, or if it goes through a *door*: a name in another module that
    is known to lead to a source, under whatever name.
    """

    def __init__(self, project: Project, sources: Sequence[Wanted], moves: Iterable[Moves]) -> None:
        self._project = project
        self._sources = sources
        self._moves = tuple(moves)
        self._homes: dict[str, list[int]] = defaultdict(list)
        self._gone: dict[str, int] = {}
        self._modules: dict[str, list[int]] = defaultdict(list)
        self.names: set[str] = set()
        """The names of the sources that are definitions."""
        self._by_origin: dict[Origin, list[int]] = defaultdict(list)
        self._doors: dict[str, set[str]] = defaultdict(set)
        self._stars: dict[str, set[int]] = defaultdict(set)
        self._textual = lru_cache(maxsize=None)(self._find_textual)
        self._led = lru_cache(maxsize=None)(self._find_led)
        for index, source in enumerate(sources):
            if source.removed:
                self._gone[source.home] = index
            else:
                self._homes[source.home].append(index)
        self.origins = tuple(self._own(index, source) for index, source in enumerate(sources))
        """Where the home of each source leads; before it exists, where its legacy paths lead."""

    def _own(self, index: int, source: Wanted) -> frozenset[Origin]:
        """Makes a source the owner of what it leads to; returns that."""
        origins = self._project.resolve(source.home).origins
        if origins or source.removed:
            # What is gone is only what was defined there: the name may lead elsewhere by now.
            own = (o for o in origins if not source.removed or covers(source.home, o.dotted))
            self._own_path(index, source.home, own)
            return origins
        for path in source.legacy:
            before = self._project.resolve(path).origins
            self._own_path(index, path, before)
            origins |= before
        return origins

    def _own_path(self, index: int, path: str, origins: Iterable[Origin]) -> None:
        if self._project.find(path) is not None:
            self._modules[path].append(index)
            return
        self.names.add(path.rpartition(".")[2])
        for origin in origins:
            self._by_origin[origin].append(index)

    def claims(self, path: str) -> tuple[Claim, ...]:
        """One claim for each source that `path` (absolute, no star) leads to."""
        textual = self._textual(path)
        if not self._may_lead(path):
            return textual
        taken = {claim.source for claim in textual}
        return (*textual, *(claim for claim in self._led(path) if claim.source not in taken))

    def star_claims(self, module: str) -> Iterator[Claim]:
        """One claim for each source that ``from module import *`` binds, or lies in."""
        seen = set()
        names = sorted(self.names | self._doors.get(module, set()))
        bound = (f"{module}.{n}" for n in names if self._project.star_binds(module, n))
        for path in (module, *bound):
            for claim in self.claims(path):
                if claim.source not in seen:
                    seen.add(claim.source)
                    yield (claim if path == module else claim.above()).starred()
        for index in sorted(self._stars.get(module, set()) - seen):
            yield Claim(index, f"{module}.*", "re-export", through=module)

    def open(self, module: str, name: str) -> bool:
        """Makes ``module.name`` a door if it leads to a source past its text; whether it is new."""
        if name in self._doors.get(module, ()):
            return False
        path = f"{module}.{name}"
        textual = {claim.source for claim in self._textual(path)}
        if all(claim.source in textual for claim in self._led(path)):
            return False
        self._doors[module].add(name)
        return True

    def open_star(self, module: str, target: str) -> bool:
        """Makes a door of each name of `module`, which imports ``*`` from `target`, if that is all
        of a source; whether it is new.
        """
        whole = {c.source for c in self.claims(target)} | self._stars.get(target, set())
        new = whole - self._stars.get(module, set()) - {c.source for c in self._textual(module)}
        self._stars[module].update(new)
        return bool(new)

    @property
    def modules(self) -> frozenset[str]:
        """The modules that the homes and the legacy paths lie in."""
        paths = {*self._homes, *self._gone}.union(*(source.legacy for source in self._sources))
        return frozenset(filter(None, (self._module_of(f"{path}.") for path in paths)))

    def open_origins(self) -> Iterator[tuple[str, str]]:
        """Makes doors of the definitions of all sources; yields module and name of the new ones."""
        for origin in sorted(self._by_origin):
            name = origin.name.partition(".")[0]
            if origin.module and name and self.open(origin.module, name):
                yield origin.module, name

    def names_behind(self, module: str) -> frozenset[str]:
        """The doors of a module that ``from module import *`` would bring along."""
        doors = self._doors.get(module, ())
        return frozenset(name for name in doors if self._project.star_binds(module, name))

    def _may_lead(self, path: str) -> bool:
        parts = path.split(".")
        if not self.names.isdisjoint(parts):
            return True
        for size in range(1, len(parts)):
            module = ".".join(parts[:size])
            if self._stars.get(module) or parts[size] in self._doors.get(module, ()):
                return True
        return False

    def _find_textual(self, path: str) -> tuple[Claim, ...]:
        """Claims of sources that the text of a path names, by the home or by a legacy path."""
        found: dict[int, Claim] = {}
        legacy = [each for moves in self._moves if (each := moves.legacy(path)) is not None]
        for each in legacy:
            if each.replacement is None and each.entry in self._gone:
                index = self._gone[each.entry]
                found.setdefault(
                    index, Claim(index, self._cut(path, each.entry), "legacy", entry=each.entry)
                )
            for above in ancestors(each.replacement or ""):
                for index in self._homes.get(above, ()):
                    found.setdefault(index, self._legacy_claim(index, path, each, above))
        canonical = Claim(0, path, "canonical")
        if legacy:
            first = legacy[0]
            canonical = Claim(0, path, "legacy", "", first.replacement, first.entry)
        for above in ancestors(path):
            for index in self._homes.get(above, ()):
                claim = canonical._replace(source=index, path=self._cut(path, above))
                found.setdefault(index, claim)
        return tuple(found.values())

    def _legacy_claim(self, index: int, path: str, legacy: Legacy, home: str) -> Claim:
        """The claim of a legacy path whose replacement lies at or below `home`."""
        replacement = legacy.replacement or ""
        instead = self._cut(replacement, home)
        surplus = min(len(replacement) - len(instead), len(path) - len(legacy.entry))
        return Claim(index, path[: len(path) - surplus], "legacy", "", instead, legacy.entry)

    def _find_led(self, path: str) -> tuple[Claim, ...]:
        """Claims of sources whose origin the path, or a beginning of it, leads to."""
        found: dict[int, Claim] = {}
        parts = path.split(".")
        for size in range(2, len(parts) + 1):
            prefix = ".".join(parts[:size])
            for origin in sorted(self._project.resolve(prefix).origins):
                for index in self._owners(origin):
                    if index not in found:
                        whole = size if origin.name else size + 1
                        found[index] = self._led_claim(
                            index, prefix, ".".join(parts[:whole]), origin
                        )
        return tuple(found.values())

    def _led_claim(self, index: int, prefix: str, path: str, origin: Origin) -> Claim:
        legacy = [each for moves in self._moves if (each := moves.legacy(prefix)) is not None]
        if legacy:
            home = self._sources[index].home
            return Claim(index, path, "legacy", "", home, legacy[0].entry)
        if prefix == origin.dotted:
            return Claim(index, path, "definition")
        return Claim(index, path, "re-export", through=self._module_of(prefix))

    def _owners(self, origin: Origin) -> Iterator[int]:
        """The sources that a definition belongs to: those that lead to it, and the module's."""
        yield from self._by_origin.get(origin, ())
        for above in ancestors(origin.module):
            yield from self._modules.get(above, ())

    def _module_of(self, path: str) -> str:
        """The module in which the last name of a path is looked up."""
        for above in ancestors(path.rpartition(".")[0]):
            if self._project.find(above) is not None:
                return above
        return ""

    def _cut(self, path: str, home: str) -> str:
        """`path`, which lies at or below `home`, without attributes of what is found there."""
        if self._project.find(home) is None:
            return home if self._project.resolve(home).exists else path
        module = next(above for above in ancestors(path) if self._project.find(above) is not None)
        name = path[len(module) + 1 :].partition(".")[0]
        return f"{module}.{name}" if name else module
