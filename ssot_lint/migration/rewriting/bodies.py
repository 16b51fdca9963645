"""What a move means for the uses of a module: attribute chains below the imports of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ssot_lint.facts.scopes import Frame
from ssot_lint.migration.model import Change
from ssot_lint.migration.rewriting.chains import replaced
from ssot_lint.migration.rewriting.drafts import Draft, Moved
from ssot_lint.migration.rewriting.loading import Loading
from ssot_lint.migration.rewriting.names import Names
from ssot_lint.migration.rewriting.occurrences import Occurrence
from ssot_lint.migration.rewriting.places import Spot
from ssot_lint.migration.rewriting.providers import Providers
from ssot_lint.migration.rewriting.source import RefusedError, Source
from ssot_lint.migration.rewriting.targets import Targets
from ssot_lint.patterns import covers
from ssot_lint.project import Module, Project


class Bodies:
    """The uses of one file.

    `spots` are all its imports, `now` maps those that are rewritten to their new paths. `successor`
    is as in `rewrite`; `explicit` are the changes of uses, by the offset where these start.
    """

    def __init__(
        self,
        project: Project,
        module: Module,
        source: Source,
        targets: Targets,
        spots: Sequence[Spot],
        now: Mapping[Spot, str],
        successor: Callable[[str], str | None] | None,
        explicit: Mapping[int, Change],
    ) -> None:
        self._source = source
        self._targets = targets
        self._successor = successor
        self._explicit = explicit
        self._now = now
        self._spots = {spot.alias: spot for spot in spots}
        self.names = Names(source)
        self.done = Draft()
        self._providers = Providers(project, module, source, targets, self.names, spots, now)
        self._loading = Loading(project, module, source, self.names, successor)

    def commit(self, draft: Draft) -> None:
        """Lets what was drafted be part of what is done."""
        self.done.merge(draft)
        self._providers.added.update(draft.added)

    def owner(self, spot: Spot) -> tuple[Frame, str]:
        """The frame and the name that an import binds."""
        return self.names.owner(spot.alias), spot.bound or spot.alias.name.partition(".")[0]

    def follow(self, frame: Frame, name: str, moved: Sequence[Moved]) -> Draft:
        """What the moves of modules mean that `name` is bound to in a frame."""
        draft = Draft()
        imports = self._imports(frame, name)
        dotted = moved[0].spot.bound is None
        targets = {each.spot.target for each in moved}
        spots = {each.spot for each in moved}
        if any(spot.target in targets and spot not in spots for spot in imports):
            raise RefusedError("another import of it in the same scope stays")
        new = self._new_roots(draft, frame, name, moved, dotted=dotted)
        rest: list[Occurrence] = []
        for occurrence in self.names.of(frame, name):
            path, spot = self._path(occurrence, imports)
            wanted = self._wanted(draft, occurrence, path, spot, moved)
            if wanted is None:
                rest.append(occurrence)
                continue
            home = max((n for n in new if covers(n, wanted)), key=len, default=None)
            if home is None:
                self._late(draft, occurrence, path, wanted, spot, imports)
            else:
                self._replace(draft, occurrence, new[home] + wanted[len(home) :])
        if dotted:
            self._loading.keep(draft, frame, name, moved, imports, rest)
        return draft

    def use(self, change: Change, start: int, chain: str) -> Draft:
        """What a use at an offset amounts to that reaches a path which moved."""
        draft = Draft(made=[change])
        found = (o for o in self.names.occurrences if o.path == chain and o.quote is None)
        occurrence = next((o for o in found if self._start(o) == start), None)
        frame = occurrence and occurrence.frame.lookup(occurrence.root)
        if occurrence is None or frame is None:
            raise RefusedError("where in the f-string it stands cannot be told")
        imports = self._imports(frame, occurrence.root)
        path, spot = self._path(occurrence, imports)
        self._targets.exists(change.new)
        new = self._now.get(spot)
        if new is not None and spot.bound is not None and covers(new, change.new):
            self._replace(draft, occurrence, spot.bound + change.new[len(new) :])
            return draft
        self._late(draft, occurrence, path, change.new, spot, imports)
        return draft

    def _imports(self, frame: Frame, name: str) -> list[Spot]:
        """The imports that bind a name in a frame, if nothing else does."""
        binders = self.names.binders(frame, name)
        aliases = [binder.alias for binder in binders if binder.alias is not None]
        if len(aliases) < len(binders):
            raise RefusedError(f"'{name}' is given another value, too")
        if any(self.names.is_redirected(alias) for alias in aliases):
            raise RefusedError(f"'{name}' is global or nonlocal where it is imported")
        spots = sorted(
            (self._spots[alias] for alias in aliases),
            key=lambda spot: self._source.start(spot.alias),
        )
        plain = {spot.plain for spot in spots}
        if plain != {True} and (len(plain) > 1 or len({spot.target for spot in spots}) > 1):
            raise RefusedError(f"'{name}' is bound to different things")
        return spots

    def _path(self, occurrence: Occurrence, imports: Sequence[Spot]) -> tuple[str, Spot]:
        """The absolute path of a chain, and the import that it goes through."""
        spot = imports[0]
        if not spot.plain:
            rest = occurrence.path[len(occurrence.root) :]
            return f"{spot.target}{rest}", spot
        path = occurrence.path
        through = [each for each in imports if covers(each.target or "", path)]
        return path, max(through or imports[:1], key=lambda each: len(each.target or ""))

    def _wanted(
        self,
        draft: Draft,
        occurrence: Occurrence,
        path: str,
        spot: Spot,
        moved: Sequence[Moved],
    ) -> str | None:
        """What a chain must lead to; None if no move concerns it."""
        change = None if occurrence.quote else self._explicit.get(self._start(occurrence))
        if change is not None:
            self._targets.exists(change.new)
            draft.made.append(change)
            return change.new
        move = next((m for m in moved if m.spot == spot), None)
        if move is None or not covers(spot.target or "", path):
            return None
        old, rest = spot.target or "", path[len(spot.target or "") :]
        plain = move.new + rest
        wanted = self._successor(path) if self._successor else None
        if wanted is None or wanted == plain:
            if rest and self._targets.is_module(move.new):
                self._targets.attribute(old, move.new, rest.split(".")[1], occurrence.line)
            return plain
        if not wanted:
            raise RefusedError(f"{path}, which line {occurrence.line} uses, has no successor")
        self._targets.exists(wanted)
        if occurrence.quote is None:
            start, end = self._start(occurrence), self._source.end(occurrence.nodes[-1])
            span = self._source.span(start, end)
            draft.made.append(Change(span, path, wanted, move.change.rule))
        return wanted

    def _new_roots(
        self, draft: Draft, frame: Frame, name: str, moved: Sequence[Moved], *, dotted: bool
    ) -> dict[str, str]:
        """What each new module is called below this frame."""
        roots = {}
        for _, spot, new in moved:
            if not dotted:
                roots[new] = name
            elif self._providers.is_usable(new.partition(".")[0], frame, name):
                roots[new] = draft.written[spot] = new
            else:
                roots[new] = self._providers.name(draft, new, spot, frame)
                draft.written[spot] = f"{new} as {roots[new]}"
        return roots

    def _late(
        self,
        draft: Draft,
        occurrence: Occurrence,
        path: str,
        wanted: str,
        spot: Spot,
        imports: Sequence[Spot],
    ) -> None:
        """Goes through the module of `wanted`, imported beside what provides the chain now.

        That is `spot`, and every one of `imports` that imports the same.
        """
        module = self._targets.module_of(wanted, path)
        beside = [each for each in imports if each.target == spot.target]
        called = self._providers.call(draft, occurrence, module, beside)
        self._replace(draft, occurrence, called + wanted[len(module) :])

    def _replace(self, draft: Draft, occurrence: Occurrence, text: str) -> None:
        patch = replaced(self._source, occurrence, text)
        if patch is not None:
            draft.patches[patch.start] = patch

    def _start(self, occurrence: Occurrence) -> int:
        return self._source.start(occurrence.nodes[0])
