"""Strings that mean something by themselves: those written together, and single words."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from ssot_lint.facts.model import Literals, Word
from ssot_lint.facts.source import Positions
from ssot_lint.facts.walk import Display, Mention, Walk, bound_in

_LONGEST = 100
"""How many characters a short string may have."""


def short(nodes: Iterable[Any]) -> tuple[str, ...]:
    """The short strings among `nodes`."""
    constant = ast.Constant
    values = [node.value for node in nodes if node.__class__ is constant]
    return tuple([value for value in values if value.__class__ is str and _is_short(value)])


def _is_short(value: str) -> bool:
    return 0 < len(value) <= _LONGEST and "\n" not in value and "\r" not in value


def constants(body: list[Any]) -> tuple[str, ...]:
    """The short strings that the statements of a class give to names."""
    return short(
        statement.value
        for statement in body
        if (statement.__class__ is ast.Assign and statement.targets[0].__class__ is ast.Name)
        or (statement.__class__ is ast.AnnAssign and statement.target.__class__ is ast.Name)
    )


def literals(found: Walk, displays: Iterable[Display], positions: Positions) -> Iterator[Literals]:
    """Strings written together."""
    for node, form, values, frame, context, place in displays:
        title = found.titles.get(id(node), "")
        yield Literals(
            *positions.placed(node, "", place), frame.index, context, form, title, values
        )
    for node, frame, context, values in found.constants:
        owner, context = bound_in(frame, node.name, context)
        yield Literals(*positions.name(node), owner.index, context, "class", node.name, values)


def words(mentions: dict[int, dict[str, Mention]], positions: Positions) -> Iterator[Word]:
    """What is one word, of the strings that each scope mentions."""
    for scope, known in mentions.items():
        for value, (node, context, place) in known.items():
            if len(value) <= _LONGEST and value.split() == [value]:
                yield Word(*positions.placed(node, "", place), scope, context, value)
