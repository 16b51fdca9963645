"""The home of a contract, and what provides its members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from ssot_lint.bases import BRING_NOTHING
from ssot_lint.contracts.functions import functions_at, is_method, is_overload
from ssot_lint.facts import Function
from ssot_lint.project import Class, Origin, Project

_UNKNOWN = ("undecidable", "unreadable")


@dataclass(frozen=True, slots=True)
class Home:
    """Where a contract is to be kept: a module, or a class with its `classes`, one for a branch.

    `dotted` is what the user calls it, `origin` what that leads to.
    """

    dotted: str
    origin: Origin
    classes: tuple[Class, ...]


def homes(project: Project, dotted: str) -> tuple[Home, ...]:
    """The classes or modules that a dotted path leads to; none if it leads to something else."""
    found = []
    for origin in sorted(project.resolve(dotted).origins):
        classes = project.classes.at(origin)
        if classes or not origin.name:
            found.append(Home(dotted, origin, classes))
    return tuple(found)


class Provider(NamedTuple):
    """A function that provides a member: its file, its class ("" in a module) and itself."""

    path: str
    owner: str
    function: Function

    @property
    def origin(self) -> tuple[str, str]:
        name = self.function.name
        return self.path, f"{self.owner}.{name}" if self.owner else name

    @property
    def bound(self) -> bool:
        return bool(self.owner) and is_method(self.function)


def providers(project: Project, home: Home, name: str) -> tuple[Provider, ...]:
    """The functions that provide a member, in every branch."""
    return tuple(dict.fromkeys(_providers(project, home, name)))


def _providers(project: Project, home: Home, name: str) -> Iterator[Provider]:
    if home.classes:
        found = (project.classes.members(cls).get(name, ()) for cls in home.classes)
        for member in chain.from_iterable(found):
            if isinstance(member.fact, Function) and not is_overload(member.fact):
                owner = member.owner.origin
                yield Provider(owner.path, owner.name, member.fact)
    else:
        for origin in sorted(project.resolve(f"{home.dotted}.{name}").origins):
            for function in functions_at(project, origin):
                if not is_overload(function):
                    yield Provider(origin.path, origin.name.rpartition(".")[0], function)


def has_member(project: Project, home: Home, name: str) -> bool | None:
    """Whether a member that no function provides exists; None if that cannot be known."""
    if not home.classes:
        resolution = project.resolve(f"{home.dotted}.{name}")
        if resolution.exists or any(end.why == "outside" for end in resolution.dead_ends):
            return True
        return None if any(e.why in _UNKNOWN for e in resolution.dead_ends) else False
    if any(name in project.classes.members(cls) for cls in home.classes):
        return True
    answers = {_inherited(project, cls, name) for cls in home.classes}
    return True if True in answers else None if None in answers else False


def _inherited(project: Project, cls: Class, name: str) -> bool | None:
    """Whether a class has a member from outside the project; None if that cannot be known."""
    ancestry = project.classes.ancestry(cls)
    unknown = bool(ancestry.others or ancestry.unknown)
    if "__getattr__" in project.classes.members(cls):
        unknown = True
    # Of some Pythons inference cannot tell that they bring nothing but special methods.
    silent = frozenset[str]() if name.startswith("__") else BRING_NOTHING
    for base in sorted({"builtins.object", *(ancestry.outside - silent)}):
        if base == "builtins.object" and name == "__init__":
            continue  # it takes no parameters, so nobody requires it
        inferred = project.infer(base)
        if project.infer(f"{base}.{name}") is not None:
            return True
        unknown |= inferred is None or not inferred.complete
    decorated = name == "__init__" and any(
        each.definition.decorators for each in (cls, *ancestry.classes)
    )
    return None if unknown or decorated else False
