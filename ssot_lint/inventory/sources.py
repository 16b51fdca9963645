"""Which sources of truth the rules name, and which words their users spell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from ssot_lint.moves import Moves
from ssot_lint.patterns import Words
from ssot_lint.project import Project
from ssot_lint.rule import Outcome, Rule
from ssot_lint.rules.divergent_name import DivergentName
from ssot_lint.rules.duplicate_definition import DuplicateDefinition
from ssot_lint.rules.import_path import ImportPath
from ssot_lint.rules.legacy_import import LegacyImport
from ssot_lint.rules.legacy_reference import LegacyReference


@dataclass(frozen=True, slots=True)
class Wanted:
    """A source of truth as the rules name it.

    `home` is its dotted path; if `removed`, the path of what is gone without a successor. `rules`
    are the names of those that say so. `names` are the names whose bindings are of interest,
    `legacy` the configured paths that it replaces.
    """

    home: str
    removed: bool
    rules: tuple[str, ...]
    names: tuple[str, ...]
    legacy: tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    rules: dict[str, None] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    legacy: set[str] = field(default_factory=set)


def moves_of(rule: Rule) -> Moves | None:
    """The paths that a rule calls legacy; None if it is of another kind."""
    return rule.moves if isinstance(rule, (LegacyImport, LegacyReference)) else None


def home_of(rule: Rule) -> str:
    """The option `home` of a rule, whatever its kind; "" if it has none."""
    home: str = getattr(rule, "home", "")
    return home


def names_source(rule: Rule) -> bool:
    """Whether a rule names a source of truth, or what was removed."""
    return moves_of(rule) is not None or bool(home_of(rule))


def wanted(project: Project, rules: Iterable[Rule]) -> tuple[Wanted, ...]:
    """Every source of truth that one of `rules` names, by its home.

    A home that is a module with names of its own in the rule stands for each of these names that
    it binds: the names are the concepts, the module is where they live.
    """
    drafts: dict[tuple[str, bool], _Draft] = {}
    for rule in rules:
        for home, removed, names, legacy in _named(project, rule):
            draft = drafts.setdefault((home, removed), _Draft())
            draft.rules[rule.name] = None
            draft.names |= names
            draft.legacy |= legacy
    return tuple(
        Wanted(home, removed, tuple(d.rules), tuple(sorted(d.names)), tuple(sorted(d.legacy)))
        for (home, removed), d in sorted(drafts.items())
    )


def _named(
    project: Project, rule: Rule
) -> Iterator[tuple[str, bool, frozenset[str], frozenset[str]]]:
    """(home, removed, names, legacy paths) of everything that one rule names."""
    moves = moves_of(rule)
    if moves is not None:
        for old, new in moves.targets:
            legacy = frozenset({old} if moves.legacy(old) else ())
            yield new, False, _own_name(project, new, old), legacy
        for old in moves.entries:
            gone = moves.legacy(old)
            if gone is not None and gone.replacement is None:
                yield old, True, frozenset(), frozenset({old})
    home, literal = home_of(rule), _literal_names(rule)
    if not home:
        return
    inside = {
        name
        for name in literal
        if project.find(home) is not None and project.resolve(f"{home}.{name}").exists
    }
    for name in sorted(inside):
        yield f"{home}.{name}", False, frozenset({name}), frozenset()
    if not inside or inside < literal or _has_patterns(rule):
        yield home, False, (literal - inside) | _own_name(project, home), frozenset()


def _own_name(project: Project, *paths: str) -> frozenset[str]:
    """The name of a home, if it is a definition; a module's name is bound by every import of it.

    `paths` are the home and where it was before, in case it does not exist yet.
    """
    for path in paths:
        if project.resolve(path).exists:
            is_module = project.find(path) is not None
            return frozenset() if is_module else frozenset({paths[0].rpartition(".")[2]})
    return frozenset()


def _literal_names(rule: Rule) -> frozenset[str]:
    """The names that a rule spells out for what lives in its home."""
    if isinstance(rule, DuplicateDefinition):
        patterns = (*rule.classes, *rule.functions, *rule.constants)
        return frozenset(p.text for p in patterns if p.literal and not p.ignore_case)
    if isinstance(rule, (DivergentName, ImportPath)):
        return frozenset(rule.names)
    return frozenset()


def _has_patterns(rule: Rule) -> bool:
    return isinstance(rule, DuplicateDefinition) and any(
        not pattern.literal for pattern in (*rule.classes, *rule.functions, *rule.constants)
    )


@dataclass(frozen=True, kw_only=True)
class Spelled(Rule):
    """What an inventory asks of a survey: the files that spell one of its words."""

    code: ClassVar[str] = ""
    kind: ClassVar[str] = ""
    scope: ClassVar[Literal["file", "project"]] = "project"
    unit: ClassVar[str] = "names"

    wanted: Words

    def words(self) -> Words:
        return self.wanted

    def check(self, project: Project) -> Iterator[Outcome]:
        return iter(())


def spelled(rules: Sequence[Rule]) -> Spelled:
    """The words without which nobody reaches a source of truth of `rules` under its own names.

    Who reaches it under another name is found in what the first reading finds (`doors`).
    """
    homes = set(filter(None, map(home_of, rules)))
    moves = [found for rule in rules if (found := moves_of(rule)) is not None]
    homes.update(new for each in moves for _, new in each.targets)
    names = {home.rpartition(".")[2] for home in homes}.union(*map(_literal_names, rules))
    legacy = [each.words() for each in moves]
    return Spelled(
        name="inventory",
        reason="every path by which a source of truth is reached",
        wanted=Words(
            Words.of(*({name} for name in names)).clues.union(*(w.clues for w in legacy)),
            packages=frozenset(homes).union(*(w.packages for w in legacy)),
            stars=True,
            strings=True,
        ),
    )
