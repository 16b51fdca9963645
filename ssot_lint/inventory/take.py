"""The inventory: from the rules and the files to every path, its users, and who binds the name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ssot_lint.config import Config
from ssot_lint.engine.request import Request, selected
from ssot_lint.engine.survey import Site, rules_path, survey
from ssot_lint.errors import UsageError
from ssot_lint.inventory.doors import open_doors
from ssot_lint.inventory.graph import reachable
from ssot_lint.inventory.groups import Groups
from ssot_lint.inventory.model import (
    FORM_ORDER,
    KIND_ORDER,
    Binding,
    CriticalPath,
    Form,
    Inventory,
    Kind,
    Name,
    Path,
    Source,
    User,
    count,
)
from ssot_lint.inventory.names import Bound, bound, defined, why_nowhere
from ssot_lint.inventory.notes import notes, unread
from ssot_lint.inventory.references import Position, Reference, references
from ssot_lint.inventory.routes import Claim, Routes
from ssot_lint.inventory.sources import moves_of, names_source, spelled, wanted
from ssot_lint.model import SourceFile, Violation
from ssot_lint.patterns import covers
from ssot_lint.project import Module
from ssot_lint.rule import Rule
from ssot_lint.rules.duplicate_definition import DuplicateDefinition


def inventory(config: Config, request: Request) -> Inventory:
    """Every path by which the sources of truth are reached that the rules of `request` name.

    All files that the configuration judges are counted, wherever a rule judges. Raises UsageError
    for what the user can fix: an unknown rule, one that names no source of truth, an unusable root.
    """
    chosen = _chosen(config, request)
    naming = [rule for rule in config.rules if names_source(rule)]
    caught = [rule for rule in chosen if isinstance(rule, DuplicateDefinition)]
    site = survey(config, request, [spelled(naming), *caught])
    if not site.asked:
        raise UsageError(f"no Python file is judged below the root {config.root}")
    site = site.read(request, to_judge=False)
    made = _Taking(site, naming, chosen).inventory()
    site.reader.save()
    return made


def _chosen(config: Config, request: Request) -> tuple[Rule, ...]:
    """The rules whose sources are asked for; UsageError if there are none."""
    rules = selected(config, request)
    naming = tuple(rule for rule in rules if names_source(rule))
    needs = "only a rule with a home, or with moved or removed paths, names a source of truth"
    if request.rules is not None:
        for rule in rules:
            if rule not in naming:
                raise UsageError(f"rule '{rule.name}' (kind {rule.kind}) has no paths: {needs}")
    if not naming:
        raise UsageError(f"{config.path}: none of the rules has paths: {needs}")
    return naming


@dataclass(slots=True)
class _Use:
    """What one file does with one path, while it is counted."""

    names: int
    statements: set[Position]


_Row = tuple[str, Kind, Form, str, str | None]
"""Path, kind, form, through and instead: what makes two uses one line of the inventory."""


class _Taking:
    """One inventory on its way."""

    def __init__(self, site: Site, naming: Sequence[Rule], chosen: Sequence[Rule]) -> None:
        self._site = site
        self._project = site.project
        self._chosen = chosen
        self._groups = Groups(site.config.groups, site.config.tests)
        names = {rule.name for rule in chosen}
        # A path is judged by all rules; only sources of the chosen ones are shown.
        self._wanted = wanted(self._project, naming)
        self._shown = [i for i, each in enumerate(self._wanted) if names & set(each.rules)]
        moves = [found for rule in naming if (found := moves_of(rule)) is not None]
        self._routes = Routes(self._project, self._wanted, moves)
        self._rows: dict[int, dict[_Row, dict[SourceFile, _Use]]] = {
            index: defaultdict(dict) for index in self._shown
        }
        self._used: set[str] = set()
        self._critical: frozenset[str] = frozenset()

    def inventory(self) -> Inventory:
        site = self._site
        files = open_doors(site.config.root, self._project, site.reader, self._routes)
        modules = [Module(file, self._project.facts_at(file.path)) for file in files]
        for module in modules:
            self._count(module)
        entries = tuple(f.path for f in self._project.files if site.config.entry_points.match(f))
        self._critical = reachable(self._project, entries)
        bindings = self._bindings(modules)
        sources = tuple(self._source(index, bindings.get(index, {})) for index in self._shown)
        return Inventory(
            root=site.config.root,
            rules_path=rules_path(site.config),
            groups=self._groups.names,
            sources=sources,
            critical_path=(
                CriticalPath(entries, len(self._critical)) if site.config.entry_points else None
            ),
            files=len(site.asked),
            unread=tuple(sorted(unread(site, files, self._critical))),
            notes=tuple(sorted(set(notes(site, self._chosen)))),
        )

    def _count(self, module: Module) -> None:
        for reference in references(self._project, module):
            for claim in self._claims(reference):
                self._used.add(claim.entry)
                if claim.source not in self._rows or self._is_home(module, claim.source):
                    continue
                row = (claim.path, claim.kind, reference.form, claim.through, claim.instead)
                uses = self._rows[claim.source][row]
                use = uses.setdefault(module.file, _Use(0, set()))
                use.names += 1
                use.statements.add(reference.statement)

    def _claims(self, reference: Reference) -> Iterator[Claim]:
        path = reference.path
        if path.endswith(".*"):
            yield from self._routes.star_claims(path.removesuffix(".*"))
            return
        claims = self._routes.claims(path)
        if reference.form == "import":
            # An import names all of it; only attributes are more than the path.
            yield from (claim._replace(path=path) for claim in claims)
        elif reference.form == "attribute":
            # What the import itself reached is counted there.
            whole = claims and covers(reference.by, path)
            counted = {c.source for c in self._routes.claims(reference.by)} if whole else set()
            yield from (claim for claim in claims if claim.source not in counted)
        elif reference.open_ended:
            yield from (claim.starred() for claim in claims)
        else:
            yield from claims

    def _is_home(self, module: Module, index: int) -> bool:
        """Whether the home lies in the file itself: it makes the name, it does not use it."""
        home = self._wanted[index]
        if home.removed:
            return False
        parent = home.home.rpartition(".")[0]
        found = self._project.find(home.home) or self._project.find(parent)
        return found is not None and found.path == module.path

    def _bindings(self, modules: Iterable[Module]) -> dict[int, dict[str, set[Binding]]]:
        """By source and name, who binds the names of the shown sources."""
        by_name: dict[str, list[int]] = defaultdict(list)
        for index in self._shown:
            for name in self._wanted[index].names:
                by_name[name].append(index)
        names = frozenset(by_name)
        found: dict[int, dict[str, set[Binding]]] = defaultdict(lambda: defaultdict(set))
        for module in modules:
            for each in bound(self._project, module, names):
                for index in by_name[each.name]:
                    found[index][each.name].add(self._binding(module, each, index))
        for index, module, each in self._second_definitions():
            found[index][each.name].add(self._binding(module, each, index))
        return found

    def _second_definitions(self) -> Iterator[tuple[int, Module, Bound]]:
        """What the rules against duplicates report, under whatever name."""
        for rule in self._chosen:
            if not isinstance(rule, DuplicateDefinition):
                continue
            places = {
                (v.path, v.span.line, v.span.column)
                for v in rule.check(self._project)
                if isinstance(v, Violation)
            }
            paths = {path for path, _, _ in places}
            homes = [i for i in self._shown if rule.name in self._wanted[i].rules]
            for file in self._project.files:
                if file.path not in paths:
                    continue
                module = Module(file, self._project.facts_at(file.path))
                for definition in module.facts.definitions:
                    if (file.path, definition.line, definition.column) in places:
                        for index in self._homes_of(definition.name, homes):
                            yield index, module, defined(self._project, module, definition)

    def _homes_of(self, name: str, homes: Sequence[int]) -> Sequence[int]:
        """The sources that a second definition of `name` competes with."""
        named = [index for index in homes if name in self._wanted[index].names]
        return named or [i for i in homes if self._project.find(self._wanted[i].home)] or homes

    def _binding(self, module: Module, each: Bound, index: int) -> Binding:
        origins = each.resolution.origins
        return Binding(
            path=module.path,
            line=each.line,
            column=each.column,
            module=module.name,
            group=self._groups.of(module.file),
            critical=module.path in self._critical,
            form=each.form,
            leads_to=tuple(sorted(origin.dotted for origin in origins)),
            why="" if origins else why_nowhere(each.resolution),
            home=bool(origins & self._routes.origins[index]),
        )

    def _source(self, index: int, bindings: dict[str, set[Binding]]) -> Source:
        source = self._wanted[index]
        paths = [self._path(row, uses) for row, uses in self._rows[index].items()]
        if not source.removed and not any(p.kind == "canonical" for p in paths):
            paths.append(Path(source.home, "canonical", "import", "", None, ()))
        # Its own names, then those of second definitions.
        names = sorted(bindings, key=lambda name: (name not in source.names, name))
        return Source(
            home=source.home,
            removed=source.removed,
            rules=source.rules,
            leads_to=tuple(sorted(origin.dotted for origin in self._routes.origins[index])),
            paths=tuple(sorted(paths, key=_order)),
            names=tuple(Name(n, tuple(sorted(bindings[n]))) for n in names),
            unused=tuple(entry for entry in source.legacy if entry not in self._used),
        )

    def _path(self, row: _Row, uses: dict[SourceFile, _Use]) -> Path:
        users = (
            User(
                file.path,
                file.module,
                self._groups.of(file),
                file.path in self._critical,
                use.names,
                tuple(sorted(use.statements)),
            )
            for file, use in uses.items()
        )
        return Path(*row, users=tuple(sorted(users, key=lambda user: user.path)))


def _order(path: Path) -> tuple[int, int, int, str, str, str]:
    """By kind and form, then the most used first."""
    names = count(path.users).names
    kind, form = KIND_ORDER.index(path.kind), FORM_ORDER.index(path.form)
    return kind, form, -names, path.path, path.through, path.instead or ""
