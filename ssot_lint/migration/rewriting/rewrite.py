"""From the changes that rules demand of a file to its edits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from ssot_lint.facts import Import, Text, Use
from ssot_lint.facts.scopes import Frame
from ssot_lint.migration.model import Change, Rewrite, Skip
from ssot_lint.migration.rewriting import strings
from ssot_lint.migration.rewriting.bodies import Bodies
from ssot_lint.migration.rewriting.drafts import Draft, Moved
from ssot_lint.migration.rewriting.duplicates import drop_duplicates
from ssot_lint.migration.rewriting.places import Place, Spot, places, spots_of
from ssot_lint.migration.rewriting.source import Patch, RefusedError, Source
from ssot_lint.migration.rewriting.statements import Statement
from ssot_lint.migration.rewriting.targets import Targets
from ssot_lint.migration.rewriting.writing import Job, patches
from ssot_lint.model import Span
from ssot_lint.patterns import covers
from ssot_lint.project import Module, Project

NO_SUCCESSOR = "it was removed and has no successor"
PARTLY_MOVED = "star import of a module of which only some names are legacy"


def rewrite(
    project: Project,
    module: Module,
    source: bytes,
    changes: Sequence[Change],
    *,
    closes_cycle: Callable[[str], bool] | None = None,
    successor: Callable[[str], str | None] | None = None,
) -> Rewrite:
    """The edits that make `changes` in a file, and the changes that a human has to make.

    `module` is the file with its facts, and `source` the bytes that they are of. `closes_cycle`
    says whether a module-level import of a dotted path would close an import cycle there.
    `successor` gives what takes the place of a legacy path ("" if nothing does), None for a path
    that is not legacy: where names of a moved module went elsewhere, their uses follow, and these
    changes are among those made. Raises ValueError for a change that is not of this file.
    """
    matched = [(change, _fact_of(module, change)) for change in changes]
    try:
        text = Source(source)
    except RefusedError as error:
        skips = sorted(_skip(module, change, str(error)) for change in changes)
        return Rewrite(module.path, source, (), (), tuple(skips))
    work = _Work(project, module, text, closes_cycle, successor)
    edits = tuple(text.edits(work.run(matched)))
    made, skips = sorted(work.made), sorted(work.skips)
    return Rewrite(module.path, source, edits, tuple(made), tuple(skips))


def _fact_of(module: Module, change: Change) -> Import | Use | Text:
    facts = module.facts
    texts = (text for text in facts.texts if change.old == text.value + ".*" * text.open_ended)
    candidates: tuple[Iterable[Import | Use | Text], ...] = (facts.imports, texts, facts.uses)
    for fact in (fact for each in candidates for fact in each):
        if fact.span == change.span:
            return fact
    raise ValueError(f"{module.path}:{change.span.line}: no import, use or string of {change.old}")


def _skip(module: Module, change: Change, reason: str) -> Skip:
    return Skip(module.path, change.span.line, change.rule, change.old, reason)


class _Work:
    """One file while it is rewritten; `made` and `skips` grow."""

    def __init__(
        self,
        project: Project,
        module: Module,
        source: Source,
        closes_cycle: Callable[[str], bool] | None,
        successor: Callable[[str], str | None] | None,
    ) -> None:
        self._project = project
        self._module = module
        self._source = source
        self._successor = successor
        self._targets = Targets(project, module, source, closes_cycle, successor)
        self._spots = {
            source.start(spot.alias): spot
            for place in places(source.tree, module.file)
            for spot in spots_of(place)
        }
        self._now: dict[Spot, str] = {}
        self._explicit: dict[int, Change] = {}
        self._twins: dict[Span, list[Change]] = {}
        self.made: list[Change] = []
        self.skips: list[Skip] = []

    def run(self, changes: Iterable[tuple[Change, Import | Use | Text]]) -> list[Patch]:
        first: dict[Span, Change] = {}
        imports: list[tuple[Change, Import]] = []
        uses: list[tuple[Change, Use]] = []
        texts: list[tuple[Change, Text]] = []
        for change, fact in changes:
            known = first.setdefault(change.span, change)
            if not change.new:
                star = isinstance(fact, Import) and fact.name == "*"
                self._refuse(change, PARTLY_MOVED if star else NO_SUCCESSOR)
            elif known.new != change.new:
                self._refuse(change, f"rule {known.rule} wants {known.new or 'nothing'} there")
            elif known is not change:
                self._twins.setdefault(change.span, []).append(change)
            elif isinstance(fact, Import):
                imports.append((change, fact))
            elif isinstance(fact, Use):
                uses.append((change, fact))
            else:
                texts.append((change, fact))
        self._explicit.update((self._source.range(each.span)[0], each) for each, _ in uses)
        self._import(imports)
        self._use(uses)
        draft = self._bodies.done if "_bodies" in self.__dict__ else Draft()
        found = [*draft.patches.values(), *self._statements(draft)]
        self._text(texts, found)
        return found

    def _accept(self, change: Change) -> None:
        self.made += (change, *self._twins.get(change.span, ()))

    def _refuse(self, change: Change, reason: str) -> None:
        for each in (change, *self._twins.get(change.span, ())):
            self.skips.append(_skip(self._module, each, reason))

    @cached_property
    def _bodies(self) -> Bodies:
        """Made when somebody asks for it: a moved name changes nothing but imports."""
        return Bodies(
            self._project,
            self._module,
            self._source,
            self._targets,
            tuple(self._spots.values()),
            self._now,
            self._successor,
            self._explicit,
        )

    def _import(self, changes: Iterable[tuple[Change, Import]]) -> None:
        groups: dict[tuple[Frame, str], list[Moved]] = {}
        for change, fact in changes:
            spot = self._spots[self._source.range(change.span)[0]]
            moved = Moved(change, spot, change.new.removesuffix(".*"))
            try:
                self._check(moved, fact)
                if self._is_simple(moved, fact):
                    self._now[spot] = moved.new
                    self._accept(change)
                else:
                    groups.setdefault(self._bodies.owner(spot), []).append(moved)
            except RefusedError as error:
                self._refuse(change, str(error))
        for (frame, name), group in groups.items():
            self._follow(frame, name, group)

    def _follow(self, frame: Frame, name: str, group: Sequence[Moved]) -> None:
        """Moves the modules that `name` is bound to in a frame: all of them, or none."""
        try:
            draft = self._bodies.follow(frame, name, group)
        except RefusedError as error:
            for moved in group:
                self._refuse(moved.change, str(error))
        else:
            self._now.update((moved.spot, moved.new) for moved in group)
            self._commit(draft)
            for moved in group:
                self._accept(moved.change)

    def _commit(self, draft: Draft) -> None:
        self._bodies.commit(draft)
        for change in draft.made:
            self._accept(change)

    def _check(self, moved: Moved, fact: Import) -> None:
        """Whether an import may name another path where it stands."""
        place, new = moved.spot.place, moved.new
        if fact.name == "*":
            self._targets.beside(place, f"{new}.*")
            self._targets.check(new, fact.context, plain=True)
            self._check_star(self._module.absolute(fact) or "", new)
            return
        self._targets.beside(place, new)
        self._targets.check(new, fact.context, plain=place.plain)
        statement = Statement.at(self._source, place.node)
        if statement.has_comment_in(moved.spot.number):
            raise RefusedError("a comment stands within the imported name")
        if [spot.bound for spot in spots_of(place)].count(moved.spot.bound or "") > 1:
            raise RefusedError(f"the statement binds '{moved.spot.bound}' twice")
        self._check_root(moved.spot)
        alone = len(statement.names) == 1 and not statement.comments
        if "." not in new and not place.plain and not alone:
            raise RefusedError(f"'import {new}' cannot be part of the statement")

    def _check_root(self, spot: Spot) -> None:
        """Whether no ``import a.b`` needs what ``import a`` binds: ``import new as a`` hides it."""
        others = {each.target for each in self._spots.values() if each.plain} - {spot.target}
        if spot.plain and any(covers(spot.bound or "-", target or "") for target in others):
            raise RefusedError(f"'{spot.bound}' is a package whose modules are imported, too")

    def _check_star(self, old: str, new: str) -> None:
        """Whether the names that a star brings, and that are used here, come from `new`, too."""
        if self._project.find(old) is None:
            return
        exports = self._module.facts.exports
        used = dict.fromkeys(exports.names if exports else (), 1)
        used.update((each.root, each.line) for each in self._bodies.names.unbound)
        for name, line in sorted(used.items()):
            brings = self._project.star_binds
            if brings(old, name) and not brings(new, name):
                raise RefusedError(f"{new} has no '{name}', which line {line} uses")

    def _is_simple(self, moved: Moved, fact: Import) -> bool:
        """Whether the body can stay as it is: the binding is kept, and all uses of it hold.

        Raises RefusedError if one does not.
        """
        bound, old, new = moved.spot.bound, moved.spot.target or "", moved.new
        if fact.name == "*":
            return True
        if bound is None:
            return False
        if not self._targets.is_module(new):
            return True
        for use in self._module.facts.uses:
            root, _, rest = use.chain.partition(".")
            if (use.root_scope, root) != (fact.scope, bound):
                continue
            wanted = self._successor(f"{old}.{rest}") if self._successor else None
            explicit = self._source.range(use.span)[0] in self._explicit
            if explicit or wanted not in (None, f"{new}.{rest}"):
                return False
            self._targets.attribute(old, new, rest.partition(".")[0], use.line)
        return True

    def _use(self, changes: Iterable[tuple[Change, Use]]) -> None:
        for change, use in changes:
            if change in self.made:
                continue  # with the import that it goes through
            try:
                self._commit(self._bodies.use(change, self._source.range(use.span)[0], use.chain))
            except RefusedError as error:
                self._refuse(change, str(error))

    def _statements(self, draft: Draft) -> list[Patch]:
        jobs: dict[Place, Job] = {}
        for spot, new in self._now.items():
            job = jobs.setdefault(spot.place, Job.at(self._source, spot.place))
            job.moved[spot.number] = new
            if spot in draft.written:
                job.written[spot.number] = draft.written[spot]
        for place, text in draft.before:
            jobs.setdefault(place, Job.at(self._source, place)).before.append(text)
        in_order = sorted(jobs.values(), key=lambda job: job.statement.start)
        drop_duplicates(self._source, in_order, tuple(self._spots.values()))
        return [patch for job in in_order for patch in patches(self._source, job)]

    def _text(self, changes: Sequence[tuple[Change, Text]], found: list[Patch]) -> None:
        for change, text in changes:
            start, end = self._source.range(text.span)
            if any(start <= patch.start < end for patch in found):
                self._accept(change)  # an annotation, which followed its import
                continue
            try:
                self._targets.exists(change.new)
                found.append(strings.patch(self._source, text, change.new))
                self._accept(change)
            except RefusedError as error:
                self._refuse(change, str(error))
