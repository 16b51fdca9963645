"""Which modules exist below the roots, by the rules of Python's own finder.

Asks the disk, so that a module exists whether or not it is judged. The rules are those of
``importlib.machinery.FileFinder`` for source files, and of PEP 420 for namespace packages; stubs
come after every source file. Extension modules and byte code have no source and are not found.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal, NamedTuple

from ssot_lint.patterns import ancestors

_SUFFIXES = (".py", ".pyi")
_COMPILED = (".so", ".pyd", ".pyx")
"""Extension modules, and the Cython sources that become some: a build may not have run yet."""


class Found(NamedTuple):
    """A module that exists. Paths are POSIX and relative to the root.

    `path` is the file that defines it, None for a namespace package; `folders` is where its
    submodules are looked for, in order: empty for a plain module.
    """

    name: str
    path: str | None
    kind: Literal["module", "package", "namespace"]
    folders: tuple[str, ...] = ()


class _Listing(NamedTuple):
    """What a folder holds. Names are exact, also where the file system does not mind case."""

    files: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    compiled: frozenset[str] = frozenset()
    """The names of the modules that are compiled there."""

    @property
    def digest(self) -> bytes:
        """What two folders share in which the same modules can be found."""
        parts = (sorted(n for n in each if n.partition(".")[0].isidentifier()) for each in self)
        names = "\n\n".join(map("\n".join, parts))
        return blake2b(names.encode("utf-8", "surrogatepass"), digest_size=16).digest()


_EMPTY = _Listing()


@dataclass(frozen=True)
class Modules:
    """The modules below `roots`: folders relative to `root` ("." for itself), in order.

    What was seen once is remembered: make a new one when files may have come or gone.
    """

    root: str
    roots: tuple[str, ...]
    _found: dict[str, Found | None] = field(default_factory=dict, repr=False, compare=False)
    _listings: dict[str, _Listing] = field(default_factory=dict, repr=False, compare=False)

    def find(self, name: str) -> Found | None:
        """The module of the dotted `name`, or None if no root leads to one."""
        if name not in self._found:
            # From the top down, so that no name is too long to be looked for.
            for path in reversed((name, *ancestors(name.rpartition(".")[0]))):
                if path not in self._found:
                    self._found[path] = self._look_for(path)
        return self._found[name]

    @property
    def folders(self) -> Collection[str]:
        """The folders that were looked into so far."""
        return self._listings.keys()

    def listings(self, folders: Iterable[str]) -> dict[str, bytes]:
        """A digest of what each of some folders holds."""
        return {folder: self._listing(folder).digest for folder in folders}

    def tops(self) -> frozenset[str]:
        """The modules and folders that stand right below the roots, by name."""
        here = [self._listing(folder) for folder in self._folders_of("")]
        files = (name for listing in here for name in listing.files)
        modules = {name.rpartition(".")[0] for name in files}
        folders = {name for listing in here for name in listing.folders}
        return frozenset(filter(str.isidentifier, modules | folders))

    def is_compiled(self, name: str) -> bool:
        """Whether an extension module of the dotted `name`, or its Cython source, stands there."""
        parent, _, last = name.rpartition(".")
        return any(last in self._listing(folder).compiled for folder in self._folders_of(parent))

    def stub_of(self, name: str) -> str | None:
        """The path of the stub that stands beside the source file of a module."""
        found = self.find(name)
        if found is None or found.path is None or found.path.endswith(".pyi"):
            return None
        folder, _, file = found.path.rpartition("/")
        return f"{found.path}i" if f"{file}i" in self._listing(folder).files else None

    def _folders_of(self, package: str) -> tuple[str, ...]:
        if not package:
            return tuple("" if root == "." else root for root in self.roots)
        found = self.find(package)
        return found.folders if found else ()

    def _look_for(self, name: str) -> Found | None:
        parent, _, last = name.rpartition(".")
        if not last.isidentifier() or (not parent and "." in name):
            return None
        places = [(folder, self._listing(folder)) for folder in self._folders_of(parent)]
        for suffix in _SUFFIXES:
            for folder, listing in places:
                inside = _join(folder, last)
                if last in listing.folders and f"__init__{suffix}" in self._listing(inside).files:
                    return Found(name, f"{inside}/__init__{suffix}", "package", (inside,))
                if last + suffix in listing.files:
                    return Found(name, inside + suffix, "module")
        portions = tuple(_join(folder, last) for folder, here in places if last in here.folders)
        return Found(name, None, "namespace", portions) if portions else None

    def _listing(self, folder: str) -> _Listing:
        try:
            return self._listings[folder]
        except KeyError:
            listing = self._listings[folder] = _list(os.path.join(self.root, folder))
            return listing


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _list(path: str) -> _Listing:
    """The files and folders in `path`, links followed; nothing if it cannot be read."""
    files, folders, compiled = [], [], []
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if _is(entry.is_dir):
                    folders.append(entry.name)
                elif entry.name.endswith(_SUFFIXES) and _is(entry.is_file):
                    files.append(entry.name)
                elif entry.name.endswith(_COMPILED):
                    compiled.append(entry.name.partition(".")[0])
    except OSError:
        return _EMPTY
    return _Listing(frozenset(files), frozenset(folders) - {"__pycache__"}, frozenset(compiled))


def _is(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except OSError:  # a link that leads to itself
        return False
