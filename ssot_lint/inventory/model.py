"""The inventory as values. Paths of files are POSIX and relative to the root; all is sorted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ssot_lint.model import Note

Kind = Literal["canonical", "definition", "re-export", "legacy"]
"""The home's own path; the definition itself, past a home that re-exports it; another module that
binds it; a path that moved or was removed."""
Form = Literal["import", "attribute", "string"]
"""An import statement; an attribute chain that starts at an imported module; a string literal."""
KIND_ORDER: tuple[Kind, ...] = ("canonical", "definition", "re-export", "legacy")
FORM_ORDER: tuple[Form, ...] = ("import", "attribute", "string")


class Count(NamedTuple):
    """How often, in three units.

    A name is one alias of an import statement, one attribute chain, or one string; an attribute
    chain and a string count as a statement each.
    """

    names: int
    statements: int
    files: int


@dataclass(frozen=True, slots=True, order=True)
class User:
    """What one file does with one path: `names`, and line and column of each statement."""

    path: str
    module: str | None
    group: str
    critical: bool
    names: int
    statements: tuple[tuple[int, int], ...]

    @property
    def lines(self) -> tuple[int, ...]:
        return tuple(sorted({line for line, _ in self.statements}))


@dataclass(frozen=True, slots=True)
class Path:
    """A dotted path by which a source of truth is reached, in one form.

    `through` is the module that a re-export goes through. `instead` is the successor of a legacy
    path, None if it has none. The path ends in ``.*`` for a star import, and for a string of which
    only the beginning is constant.
    """

    path: str
    kind: Kind
    form: Form
    through: str
    instead: str | None
    users: tuple[User, ...]


@dataclass(frozen=True, slots=True, order=True)
class Binding:
    """A place where a module binds a name, and where that leads.

    `leads_to` holds the dotted paths of the origins; if there are none, `why` says in words where
    the trail ended. `home` is whether one of them is the home's.
    """

    path: str
    line: int
    column: int
    module: str | None
    group: str
    critical: bool
    form: Literal["import", "star", "alias", "class", "function", "assignment"]
    leads_to: tuple[str, ...]
    why: str
    home: bool


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a source of truth, and everybody who binds it."""

    name: str
    bindings: tuple[Binding, ...]

    def by_origin(self) -> tuple[tuple[str, bool, tuple[Binding, ...]], ...]:
        """(where it leads in words, whether to the home, the bindings): the home's first, then the
        commonest.
        """
        found: dict[tuple[str, bool], list[Binding]] = defaultdict(list)
        for binding in self.bindings:
            leads = " or ".join(binding.leads_to) or f"no known origin ({binding.why})"
            found[leads, binding.home].append(binding)
        order = sorted(found, key=lambda key: (not key[1], -len(found[key]), key[0]))
        return tuple((*key, tuple(found[key])) for key in order)


@dataclass(frozen=True, slots=True)
class Source:
    """A source of truth, or a removed path that has no successor (`removed`).

    `rules` name it. `leads_to` holds the dotted paths of its origins: none if it leads nowhere, or
    out of the project. `unused` are its legacy paths, as configured, that nobody uses any more.
    """

    home: str
    removed: bool
    rules: tuple[str, ...]
    leads_to: tuple[str, ...]
    paths: tuple[Path, ...]
    names: tuple[Name, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriticalPath:
    """The files that the configured entry points reach by imports.

    `entries` are the files that the program starts in; `files` counts those and all they reach.
    """

    entries: tuple[str, ...]
    files: int


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every path to every source of truth that was asked for.

    `groups` are the names of the groups of files, in order; `critical_path` is None where no entry
    points are configured. `unread` are files that could not be read and whose uses are therefore
    not counted.
    """

    root: str
    rules_path: str
    groups: tuple[str, ...]
    sources: tuple[Source, ...]
    critical_path: CriticalPath | None
    files: int
    unread: tuple[Note, ...]
    notes: tuple[Note, ...]


def count(users: Iterable[User], group: str | None = None) -> Count:
    """What users of one or several paths add up to, in one group or in all.

    Statements and files are distinct ones: two names of one statement are one statement.
    """
    names = 0
    statements: set[tuple[str, tuple[int, int]]] = set()
    files: set[str] = set()
    for user in users:
        if group is None or user.group == group:
            names += user.names
            statements.update((user.path, statement) for statement in user.statements)
            files.add(user.path)
    return Count(names, len(statements), len(files))


def critical_files(users: Iterable[User]) -> int:
    """How many files of `users` are on the critical path."""
    return len({user.path for user in users if user.critical})


def all_users(source: Source) -> tuple[User, ...]:
    """The users of every path of a source, one entry for each path and file."""
    return tuple(user for path in source.paths for user in path.users)
