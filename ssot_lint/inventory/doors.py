"""Who else binds a source of truth, under whatever name, and who comes in by that door.

Reading starts with the files that spell a source's own names. A module among them that binds one
of these to a name is a door, and so is the definition itself, which may have a name of its own.
Whoever goes through a door spells its name and its module's; so do the next doors behind it, and so
on to a fixed point.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ssot_lint.facts import Context
from ssot_lint.inventory.routes import Routes
from ssot_lint.model import SourceFile
from ssot_lint.patterns import ancestors, normalised
from ssot_lint.prefilter import hides_ascii
from ssot_lint.project import Module, Project
from ssot_lint.reading import Reader, UnreadableError, read_bytes

_WORDS = bytes(c if chr(c).isalnum() or c == ord("_") or c > 127 else ord(" ") for c in range(256))


class _Link(NamedTuple):
    """That `module` binds `name` (``*``: whatever a star brings) to what `target` leads to."""

    module: str
    name: str
    target: str


class _Door(NamedTuple):
    """A name in a module; ``*`` stands for all that a star import brings."""

    module: str
    name: str


def open_doors(
    root: str, project: Project, reader: Reader, routes: Routes
) -> tuple[SourceFile, ...]:
    """Opens every door in `routes`; returns the files that may use a source, sorted."""
    own = routes.modules
    found = [file for file in project.files if reader.wanted(file) or file.module in own]
    unread = sorted(set(project.files).difference(found))
    links: list[_Link] = []
    fresh: Sequence[SourceFile] = found
    doors = [_Door(*door) for door in routes.open_origins()]
    while fresh:
        for file in fresh:
            links.extend(_links(Module(file, project.facts_at(file.path))))
        doors += _open(routes, links)
        # Whoever spells a source's own name has been read already.
        candidates = _Candidates(door for door in doors if door.name not in routes.names)
        doors = []
        fresh = [file for file in unread if candidates.hold(root, file)]
        found.extend(fresh)
        unread = sorted(set(unread).difference(fresh))
    return tuple(sorted(found))


def _open(routes: Routes, links: list[_Link]) -> list[_Door]:
    """Opens what can be opened, until nothing more can; takes out the links that are done with."""
    opened: list[_Door] = []
    before = -1
    while before < len(opened):
        before = len(opened)
        shut = []
        for link in links:
            doors = _star_doors(routes, link) if link.name == "*" else _doors(routes, link)
            opened += doors
            if link.name == "*" or not doors:
                shut.append(link)
        links[:] = shut
    return opened


def _doors(routes: Routes, link: _Link) -> list[_Door]:
    """The door that a binding opens, if it does."""
    leads = routes.claims(link.target) and routes.open(link.module, link.name)
    return [_Door(link.module, link.name)] if leads else []


def _star_doors(routes: Routes, link: _Link) -> list[_Door]:
    """The doors that a star import opens."""
    behind = sorted(routes.names_behind(link.target))
    doors = [_Door(link.module, name) for name in behind if routes.open(link.module, name)]
    whole = routes.open_star(link.module, link.target)
    return [*doors, _Door(link.module, "*")] if whole else doors


def _links(module: Module) -> Iterator[_Link]:
    """The bindings of a module by which others can reach what it reaches."""
    if module.name is None:
        return
    for fact in module.facts.imports:
        target = module.target(fact)
        if target is None or fact.scope or fact.context & Context.EXPECTED_FAILURE:
            continue
        if fact.name == "*":
            yield _Link(module.name, "*", target.removesuffix(".*"))
        elif fact.bound is not None:
            whole = fact.name or fact.alias
            yield _Link(module.name, fact.bound, target if whole else fact.bound)
    for alias in module.facts.aliases:
        if alias.scope == 0 and alias.root_scope <= 0:
            yield _Link(module.name, alias.name, f"{module.name}.{alias.target}")


class _Candidates:
    """Tells which unread files may go through one of the doors."""

    def __init__(self, doors: Iterable[_Door]) -> None:
        self._own: set[str] = set()
        self._modules: dict[bytes, set[bytes]] = defaultdict(set)
        self._packages: dict[bytes, set[str]] = defaultdict(set)
        for module, name in doors:
            self._own.add(module)
            word = b"" if name == "*" else name.encode()
            self._modules[word].add(module.rpartition(".")[2].encode())
            self._packages[word].add(module)

    def hold(self, root: str, file: SourceFile) -> bool:
        """Whether a file is a door's, or spells the name of one and of its module, or stands below
        that.
        """
        if not self._modules:
            return False
        if file.module in self._own:
            return True
        try:
            data = read_bytes(os.path.join(root, file.path))
        except UnreadableError:
            return False
        if hides_ascii(data):
            return True
        if not data.isascii():  # names are compared after normalisation (PEP 3131)
            data = normalised(data.decode("utf-8", "replace")).encode()
        spelled = {b"", *data.translate(_WORDS).split()}
        above = set(ancestors(file.package or ""))
        return any(
            not self._modules[word].isdisjoint(spelled)
            or not self._packages[word].isdisjoint(above)
            for word in spelled & self._modules.keys()
        )
