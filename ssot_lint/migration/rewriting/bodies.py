"""What a move means for the uses of a module: attribute chains below the imports of a file."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ssot_lint.facts.scopes import Frame
from ssot_lint.migration.model import Change
from ssot_lint.migration.rewriting.chains import replaced
from ssot_lint.migration.rewriting.drafts import Draft, Moved
from ssot_lint.migration.rewriting.names import Names, Occurrence
from ssot_lint.migration.rewriting.places import Place, Spot
from ssot_lint.migration.rewriting.source import RefusedError, Source
from ssot_lint.migration.rewriting.targets import Targets
from ssot_lint.patterns import ancestors, covers
from ssot_lint.project import Module, Project


class Bodies:
    """The uses of one file. `now` maps the imports that are rewritten to their new paths."""

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
        self._project = project
        self._module = module
        self._source = source
        self._targets = targets
        self._successor = successor
        self._explicit = explicit
        self._spots = {spot.alias: spot for spot in spots}
        self._now = now
        self.names = Names(source)
        self.done = Draft()

    def commit(self, draft: Draft) -> None:
        self.done.merge(draft)
        self.names.taken.update(draft.added.values())

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
            if not occurrence.loads:
                continue
            path, spot = self._path(occurrence, imports)
            wanted = self._wanted(draft, occurrence, path, spot, moved)
            if wanted is None:
                rest.append(occurrence)
                continue
            home = max((n for n in new if covers(n, wanted)), key=len, default=None)
            if home is None:
                self._late(draft, occurrence, path, wanted, [spot])
            else:
                self._replace(draft, occurrence, new[home] + wanted[len(home) :])
        if dotted:
            self._keep(draft, frame, name, moved, imports, rest)
        return draft

    def use(self, change: Change, start: int, chain: str) -> Draft:
        """What a use at an offset amounts to that reaches a path which moved."""
        draft = Draft(made=[change])
        occurrence = next(
            (
                o
                for o in self.names.occurrences
                if o.path == chain and o.quote is None and self._start(o) == start
            ),
            None,
        )
        if occurrence is None:
            raise RefusedError("where in the f-string it stands cannot be told")
        frame = occurrence.frame.lookup(occurrence.root)
        if frame is None:
            raise RefusedError(f"'{occurrence.root}' is bound nowhere")
        imports = self._imports(frame, occurrence.root)
        path, spot = self._path(occurrence, imports)
        self._targets.exists(change.new)
        new = self._now.get(spot)
        if new is not None and spot.bound is not None and covers(new, change.new):
            self._replace(draft, occurrence, spot.bound + change.new[len(new) :])
            return draft
        providers = [each for each in imports if each.target == spot.target]
        self._late(draft, occurrence, path, change.new, providers)
        return draft

    def _imports(self, frame: Frame, name: str) -> list[Spot]:
        """The imports that bind a name in a frame, if nothing else does."""
        binders = self.names.binders(frame, name)
        aliases = [binder.alias for binder in binders if binder.alias is not None]
        if len(aliases) < len(binders):
            raise RefusedError(f"'{name}' is given another value, too")
        if any(self.names.is_redirected(alias) for alias in aliases):
            raise RefusedError(f"'{name}' is global or nonlocal where it is imported")
        spots = [self._spots[alias] for alias in aliases]
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
        start, end = self._start(occurrence), self._source.end(occurrence.nodes[-1])
        if occurrence.quote is None:
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
            elif self._is_usable(new.partition(".")[0], frame, name):
                roots[new] = draft.written[spot] = new
            else:
                roots[new] = self._free(draft, new, frame)
                draft.written[spot] = f"{new} as {roots[new]}"
        return roots

    def _is_usable(self, root: str, frame: Frame, name: str) -> bool:
        """Whether a plain import in a frame can bind `root` for all who use `name` of it."""
        if root not in self.names.taken:
            return True
        binders = self.names.binders(frame, root)
        if not binders or not all(b.alias and self._spots[b.alias].plain for b in binders):
            return False
        return all(o.frame.lookup(root) is frame for o in self.names.of(frame, name))

    def _again(self, draft: Draft, module: str, frame: Frame) -> str | None:
        """What a module is called where it was imported for this frame, or one that sees neither.

        A scope around this one, or within it, would have to share the name with it.
        """
        for added in (draft.added, self.done.added):
            for (_, other, path), called in added.items():
                near = other is not frame and (_within(other, frame) or _within(frame, other))
                if path == module and called != module and not near:
                    return called
        return None

    def _free(self, draft: Draft, module: str, frame: Frame) -> str:
        """A name for a module that means nothing else anywhere in the file."""
        above, _, last = module.rpartition(".")
        fallback = f"{above.rpartition('.')[2]}_{last}" if above else f"{last}_module"
        taken = {*self.names.taken, *draft.added.values()}
        names = [last, fallback, *(f"{fallback}_{number}" for number in range(2, 99))]
        return next(n for n in names if n not in taken and not self._hides(n, module, frame))

    def _hides(self, name: str, module: str, frame: Frame) -> bool:
        """Whether a name may be a star import's, or that of a submodule of this package."""
        own = self._module
        if any(
            fact.name == "*" and self._project.star_binds(own.absolute(fact) or "", name)
            for fact in own.facts.imports
        ):
            return True
        if frame is not self.names.module or own.name is None:
            return False
        submodule = f"{own.name}.{name}"
        return submodule != module and self._project.find(submodule) is not None

    def _late(
        self,
        draft: Draft,
        occurrence: Occurrence,
        path: str,
        wanted: str,
        providers: Sequence[Spot],
    ) -> None:
        """Goes through the module of `wanted`, imported beside what provides the chain now."""
        module = self._targets.module_of(wanted, path)
        known = self._known(occurrence, module, providers[0])
        names = [known] if known else [self._import(draft, module, spot) for spot in providers]
        self._replace(draft, occurrence, names[0] + wanted[len(module) :])

    def _known(self, occurrence: Occurrence, module: str, provider: Spot) -> str | None:
        """What an import that is there already calls a module, where the chain stands."""
        for spot in self._spots.values():
            if spot.alias.name == "*" or self._now.get(spot, spot.target) != module:
                continue
            name = spot.bound
            if name is None and spot in self._now:
                continue  # the tree does not know yet what it binds
            frame = self.names.owner(spot.alias)
            root = name or module.partition(".")[0]
            if occurrence.frame.lookup(root) is not frame or self._others(frame, root, spot):
                continue
            if self._precedes(spot.place, provider.place, occurrence):
                return name or module
        return None

    def _others(self, frame: Frame, name: str, spot: Spot) -> bool:
        """Whether something else binds a name than imports of the same."""
        for binder in self.names.binders(frame, name):
            other = self._spots.get(binder.alias) if binder.alias else None
            if other is None:
                return True
            if other.plain and spot.plain:
                continue
            if other.target != spot.target:
                return True
        return False

    def _precedes(self, place: Place, provider: Place, occurrence: Occurrence) -> bool:
        """Whether an import has run whenever a chain is evaluated that `provider` provides."""
        if place.block is provider.block:
            return place.index <= provider.index or not any(
                not isinstance(node, (ast.Import, ast.ImportFrom))
                for node in place.block[provider.index : place.index]
            )
        return place.block is self._source.tree.body and (
            place.node.lineno < occurrence.line and place.node.lineno < provider.node.lineno
        )

    def _import(self, draft: Draft, module: str, spot: Spot) -> str:
        """The name of a module that is imported beside another import, once."""
        frame, name = self.owner(spot)
        key = (id(spot.place.block), frame, module)
        known = draft.added.get(key) or self.done.added.get(key)
        if known is not None:
            return known
        fact = self._fact(spot)
        plain = spot.plain
        self._targets.check(module, fact, plain=plain)
        if plain and self._is_usable(module.partition(".")[0], frame, name):
            called, text = module, f"import {module}"
        else:
            called = self._again(draft, module, frame) or self._free(draft, module, frame)
            above, _, last = module.rpartition(".")
            renamed = "" if called == last else f" as {called}"
            if plain or not above:
                text = f"import {module}{renamed}"
            else:
                text = f"from {above} import {last}{renamed}"
        draft.added[key] = called
        draft.before.append((spot.place, text))
        return called

    def _fact(self, spot: Spot) -> int:
        """The context that the facts have for an import."""
        start = self._source.start(spot.alias)
        for fact in self._module.facts.imports:
            if self._source.range(fact.span)[0] == start:
                return fact.context
        raise ValueError(f"{self._module.path}: not the file that the facts are of")

    def _replace(self, draft: Draft, occurrence: Occurrence, text: str) -> None:
        patch = replaced(self._source, occurrence, text)
        if patch is not None:
            draft.patches[patch.start] = patch

    def _start(self, occurrence: Occurrence) -> int:
        try:
            return self._source.start(occurrence.nodes[0])
        except (IndexError, UnicodeDecodeError):  # f-strings, until Python 3.12
            return -1

    def _keep(
        self,
        draft: Draft,
        frame: Frame,
        root: str,
        moved: Sequence[Moved],
        imports: Sequence[Spot],
        rest: Sequence[Occurrence],
    ) -> None:
        """Sees to it that what else is reached through `root` is still loaded."""
        changed = {move.spot for move in moved}
        kept = {path for spot in imports if spot not in changed for path in _above(spot.target)}
        loaded = {*kept}
        for spot in changed:
            text = draft.written[spot]
            if " as " not in text and text.partition(".")[0] == root:
                loaded.update(ancestors(text))
        parents = {(move.spot.target or "").rpartition(".")[0] for move in moved}
        for occurrence in rest:
            path = occurrence.path
            if any(covers(path, parent) for parent in parents) and path not in kept:
                raise RefusedError(f"line {occurrence.line} uses '{path}' as a whole")
            needed = max((_common(path, parent) for parent in parents), key=len)
            if needed not in loaded:
                loaded.update(self._load(draft, needed, moved, occurrence.line))
        if root not in loaded:
            self._refuse_text(frame, root)

    def _load(self, draft: Draft, needed: str, moved: Sequence[Moved], line: int) -> Iterable[str]:
        """Keeps importing the package above a moved module, or a part of its path."""
        for move in moved:
            parent = (move.spot.target or "").rpartition(".")[0]
            if covers(needed, parent):
                for package in (parent, needed):
                    if not self._is_legacy(package, moved):
                        draft.before.append((move.spot.place, f"import {package}"))
                        return ancestors(package)
        raise RefusedError(f"line {line} uses '{needed}', which this import alone loads")

    def _is_legacy(self, package: str, moved: Sequence[Moved]) -> bool:
        if self._project.find(package) is None and self._project.find(package.partition(".")[0]):
            return True
        if self._successor is not None and self._successor(package) is not None:
            return True
        return any(covers(move.change.old, package) for move in moved)

    def _refuse_text(self, frame: Frame, root: str) -> None:
        """A name goes away: nobody must know it by text."""
        exports = self._module.facts.exports
        if frame is self.names.module and exports is not None and root in exports.names:
            raise RefusedError(f"__all__ names '{root}'")
        comment = re.search(rf"#\s*type:[^\r\n]*\b{re.escape(root)}\s*\.", self._source.text)
        if comment is not None:
            line = self._source.line(comment.start())
            raise RefusedError(f"a type comment names '{root}' on line {line}")


def _within(frame: Frame, outer: Frame) -> bool:
    """Whether a frame lies in another one, at any depth."""
    parent = frame.parent
    while parent is not None and parent is not outer:
        parent = parent.parent
    return parent is not None


def _above(path: str | None) -> Iterator[str]:
    return ancestors(path or "")


def _common(path: str, parent: str) -> str:
    """The longest dotted path that covers both."""
    return next((p for p in ancestors(parent) if covers(p, path)), parent.partition(".")[0])
