"""What decorates a class: its decorators, and the marks that pytest gives to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from ssot_lint.facts import Assignment, Definition, FileFacts, Function, Import
from ssot_lint.project import Class, DeadEnd, Project, Resolution


def decorators(project: Project, cls: Class) -> Iterator[Resolution]:
    """Where the decorators of a class lead."""
    definition = cls.definition
    for text in definition.decorators:
        if text:
            yield project.used(cls.origin.path, definition.scope, text, definition.start)
        else:
            nowhere = DeadEnd("undecidable", cls.origin.dotted)
            yield Resolution(frozenset(), frozenset({nowhere}))


def marks(project: Project, cls: Class) -> Iterator[Resolution]:
    """Where the further marks of a class lead: its bases', and those in ``pytestmark``."""
    yield from _listed(project, cls.origin.path, 0)
    for each in (cls, *project.classes.ancestry(cls).classes):
        if each is not cls:
            yield from decorators(project, each)
        if each.body is not None:
            yield from _listed(project, each.origin.path, each.body)


def _listed(project: Project, path: str, scope: int) -> Iterator[Resolution]:
    """Where the marks in the ``pytestmark`` of a module or class lead."""
    facts = project.facts_at(path)
    for text, before in _marks(facts, scope):
        yield project.used(path, scope, text, before)


def _marks(facts: FileFacts, scope: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """The dotted texts in ``pytestmark = ...``, each with the position behind which it stands."""
    for alias in facts.aliases:
        if (alias.scope, alias.name) == (scope, "pytestmark"):
            yield alias.target, alias.start
    for assignment in facts.assignments:
        if (assignment.scope, assignment.name) == (scope, "pytestmark"):
            for text in _texts(facts, assignment):
                yield text, assignment.start


def _texts(facts: FileFacts, assignment: Assignment) -> Iterator[str]:
    if assignment.callee:
        yield assignment.callee
    everything: Iterable[Function | Definition | Import | Assignment] = chain(
        facts.functions, facts.definitions, facts.imports, facts.assignments
    )
    later = (fact for fact in everything if fact.start > assignment.start)
    following = min(later, key=lambda fact: fact.start, default=None)
    end = following.start if following else (facts.line_count + 1, 0)
    uses = [
        use.chain
        for use in facts.uses
        if use.scope == assignment.scope and assignment.start < use.start < end
    ]
    # The decorators of what comes next stand before its name.
    for decorator in reversed(getattr(following, "decorators", ())):
        if uses and uses[-1] == decorator:
            uses.pop()
    yield from uses
