"""A set of strings that has one home: the collection or module that spells them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from ssot_lint.facts import Assignment, FileFacts, Word
from ssot_lint.project import Origin, Project

_UNFIT = re.compile(r"[\s:'\"`\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the home of a set of strings says.

    `origins` is where the home leads; `collection` holds the strings of the collection there, in
    their order: a list, set, tuple, ``Literal[...]``, enum or class of constants, or the keys of a
    dictionary. It is empty if the home is a module. `names` gives, by its simple name, the values
    of each constant that the home binds; `spelled` are all short strings of the home's files.
    """

    origins: frozenset[Origin]
    collection: tuple[str, ...]
    names: Mapping[str, frozenset[str]]
    spelled: frozenset[str]

    @property
    def paths(self) -> frozenset[str]:
        """The files that the home leads to."""
        return frozenset(origin.path for origin in self.origins if origin.path)

    @property
    def modules(self) -> frozenset[str]:
        """Those of the files that are the home as a whole."""
        return frozenset(origin.path for origin in self.origins if origin.path and not origin.name)


NOWHERE = Vocabulary(frozenset(), (), {}, frozenset())


def vocabulary(project: Project, home: str) -> Vocabulary:
    """The vocabulary whose home is a dotted path; empty if that leads nowhere."""
    origins = project.resolve(home).origins
    files = {o.path: project.facts_at(o.path) for o in origins if o.path}
    names: dict[str, set[str]] = defaultdict(set)
    for origin in origins:
        for name, value in _named(project, origin):
            names[name].add(value)
    return Vocabulary(
        origins,
        tuple(dict.fromkeys(v for o in sorted(origins) for v in _collection(project, o))),
        {name: frozenset(values) for name, values in names.items()},
        frozenset(chain.from_iterable(map(_texts, files.values()))),
    )


def as_subject(text: str) -> str:
    """A text as the subject of a violation can hold it: with underscores for what it cannot."""
    return _UNFIT.sub("_", text)


def scopes_within(facts: FileFacts, scope: int) -> frozenset[int]:
    """A scope and all that lie in it."""
    inside = {scope}
    for index, inner in enumerate(facts.scopes):
        if inner.parent in inside:  # parents come first
            inside.add(index)
    return frozenset(inside)


def _texts(facts: FileFacts) -> Iterator[str]:
    for word in facts.words:
        yield word.value
    for literals in facts.literals:
        yield from literals.values


def _collection(project: Project, origin: Origin) -> tuple[str, ...]:
    """The strings of the collection at an origin; of a dictionary the keys."""
    if not origin.path or not origin.name:
        return ()
    places = {cls.definition.start for cls in project.classes.at(origin)}
    found = [
        literals
        for literals in project.facts_at(origin.path).literals
        if (
            literals.start in places
            if literals.form == "class"
            else (literals.scope, literals.name) == (0, origin.name)
        )
    ]
    keys = {literals.start for literals in found if literals.form == "keys"}
    kept = (each for each in found if each.form != "values" or each.start not in keys)
    return tuple(chain.from_iterable(each.values for each in kept))


def _named(project: Project, origin: Origin) -> Iterator[tuple[str, str]]:
    """The constants that a module (also in its classes) or class binds to strings."""
    if not origin.path:
        return
    facts = project.facts_at(origin.path)
    if origin.name:
        scopes: Iterable[int | None] = {cls.body for cls in project.classes.at(origin)}
    else:
        scopes = {i for i, scope in enumerate(facts.scopes) if scope.kind != "function"}
    for scope in scopes:
        # A constant's value is the string that comes first behind its name.
        bound = (fact for fact in facts.assignments if fact.scope == scope)
        spelled = (fact for fact in facts.words if fact.scope == scope)
        name = None
        facts_in_order: list[Assignment | Word] = [*bound, *spelled]
        for fact in sorted(facts_in_order, key=lambda fact: fact.start):
            if isinstance(fact, Assignment):
                name = fact.name if fact.value == "constant" else None
            elif name is not None:
                yield name, fact.value
                name = None
