"""The imports that chains need besides those that are there, and what they bind."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from ssot_lint.facts.scopes import Frame
from ssot_lint.migration.rewriting.drafts import Added, Draft
from ssot_lint.migration.rewriting.names import Names, are_near
from ssot_lint.migration.rewriting.occurrences import Occurrence
from ssot_lint.migration.rewriting.places import Place, Spot
from ssot_lint.migration.rewriting.source import Source
from ssot_lint.migration.rewriting.targets import Targets
from ssot_lint.project import Module, Project

_MOST_NAMESAKES = 1_000


class Providers:
    """Modules for the chains of one file. `added` are those that were imported so far."""

    def __init__(
        self,
        project: Project,
        module: Module,
        source: Source,
        targets: Targets,
        names: Names,
        spots: Sequence[Spot],
        now: Mapping[Spot, str],
    ) -> None:
        self._project = project
        self._module = module
        self._source = source
        self._targets = targets
        self._names = names
        self._now = now
        self._spots = {spot.alias: spot for spot in spots}
        self.added: Added = {}

    def call(
        self, draft: Draft, occurrence: Occurrence, module: str, beside: Sequence[Spot]
    ) -> str:
        """What a module is called where a chain stands that the imports `beside` provide.

        If no import brings it there, one is drafted next to each of them. Raises RefusedError if
        the module cannot be imported.
        """
        known = self._known(occurrence, module, beside[0].place)
        if known is not None:
            return known
        (called,) = {self._import(draft, module, spot) for spot in beside}
        return called

    def is_usable(self, root: str, frame: Frame, name: str) -> bool:
        """Whether a plain import in a frame can bind `root` for all who use `name` of it."""
        if root not in self._taken(frame, self.added):
            return True
        binders = self._names.binders(frame, root)
        if not binders or not all(b.alias and self._spots[b.alias].plain for b in binders):
            return False
        return all(o.frame.lookup(root) is frame for o in self._names.of(frame, name))

    def name(self, draft: Draft, module: str, spot: Spot, frame: Frame) -> str:
        """A name for a module that means nothing else, wherever it may be seen from the frame."""
        called = self._again(draft, module, frame) or self._free(draft, module, frame)
        draft.added[id(spot.place.block), frame, module] = called
        return called

    def _known(self, occurrence: Occurrence, module: str, provider: Place) -> str | None:
        """What an import that is there already calls a module, where the chain stands."""
        for spot in self._spots.values():
            if self._now.get(spot, spot.target) != module or spot.alias.name == "*":
                continue
            if spot.bound is None and spot in self._now:
                continue  # the tree does not know yet what it binds
            root = spot.bound or module.partition(".")[0]
            frame = self._names.owner(spot.alias)
            if (
                occurrence.frame.lookup(root) is frame
                and self._is_all_that_binds(root, frame, spot)
                and self._precedes(spot.place, provider, occurrence)
            ):
                return spot.bound or module
        return None

    def _is_all_that_binds(self, name: str, frame: Frame, spot: Spot) -> bool:
        """Whether nothing binds a name but imports of the same, or of the same package."""
        for binder in self._names.binders(frame, name):
            other = self._spots[binder.alias] if binder.alias else None
            if other is None or not ((other.plain and spot.plain) or other.target == spot.target):
                return False
        return True

    def _precedes(self, place: Place, provider: Place, occurrence: Occurrence) -> bool:
        """Whether an import has run whenever a chain is evaluated that `provider` provides."""
        if place.block is provider.block:
            between = place.block[provider.index : place.index]
            return all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in between)
        first = min(occurrence.line, provider.node.lineno)
        return place.block is self._source.tree.body and place.node.lineno < first

    def _import(self, draft: Draft, module: str, spot: Spot) -> str:
        """The name of a module that is imported beside another import, once in a block."""
        frame = self._names.owner(spot.alias)
        key = (id(spot.place.block), frame, module)
        known = draft.added.get(key) or self.added.get(key)
        if known is not None:
            return known
        self._targets.check(module, self._context(spot), plain=spot.plain)
        above, _, last = module.rpartition(".")
        name = spot.bound or spot.alias.name.partition(".")[0]
        if spot.plain and self.is_usable(module.partition(".")[0], frame, name):
            called = draft.added[key] = module
            text = f"import {module}"
        else:
            called = self.name(draft, module, spot, frame)
            plain = spot.plain or not above
            text = f"import {module}" if plain else f"from {above} import {last}"
            text += "" if called == (module if plain else last) else f" as {called}"
        draft.before.append((spot.place, text))
        return called

    def _again(self, draft: Draft, module: str, frame: Frame) -> str | None:
        """What a module is called where it was imported for this frame before."""
        for (_, other, path), called in {**self.added, **draft.added}.items():
            if other is frame and path == module and called != module:
                return called
        return None

    def _free(self, draft: Draft, module: str, frame: Frame) -> str:
        above, _, last = module.rpartition(".")
        fallback = f"{above.rpartition('.')[2]}_{last}" if above else f"{last}_module"
        taken = self._taken(frame, {**self.added, **draft.added})
        names = [last, fallback, *(f"{fallback}_{n}" for n in range(2, _MOST_NAMESAKES))]
        return next(n for n in names if n not in taken and not self._hides(n, module, frame))

    def _taken(self, frame: Frame, added: Added) -> set[str]:
        """The names that mean something wherever those of a frame are seen, or see."""
        given = (name for (_, other, _), name in added.items() if are_near(other, frame))
        return {*self._names.taken(frame), *given}

    def _hides(self, name: str, module: str, frame: Frame) -> bool:
        """Whether a name may be a star import's, or that of a submodule of this package."""
        own = self._module
        if any(
            fact.name == "*" and self._project.star_binds(own.absolute(fact) or "", name)
            for fact in own.facts.imports
        ):
            return True
        if frame is not self._names.module or own.name is None:
            return False
        submodule = f"{own.name}.{name}"
        return submodule != module and self._project.find(submodule) is not None

    def _context(self, spot: Spot) -> int:
        """The context that the facts have for an import."""
        start = self._source.start(spot.alias)
        facts = self._module.facts.imports
        return next(f.context for f in facts if self._source.range(f.span)[0] == start)
