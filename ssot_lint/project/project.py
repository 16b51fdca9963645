"""The project, as its rules see it: one value that answers questions and never changes answers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ssot_lint.facts import FileFacts, Import
from ssot_lint.globs import Globs
from ssot_lint.model import SourceFile
from ssot_lint.patterns import Pattern, ancestors
from ssot_lint.project.bindings import END, Binding, Position
from ssot_lint.project.classes import Classes
from ssot_lint.project.inheritance import Inheritance
from ssot_lint.project.modules import Found, Modules
from ssot_lint.project.names import Names
from ssot_lint.project.resolution import Resolution
from ssot_lint.project.resolver import Resolver
from ssot_lint.project.written import Written

if TYPE_CHECKING:
    from ssot_lint.inference import Inference, Inferred

_DOUBLES = ("Mock", "Fake", "Stub", "Dummy", "Spy", "Test")


class Jurisdiction(Protocol):
    """Where a rule judges."""

    @property
    def name(self) -> str: ...
    @property
    def paths(self) -> Globs | None: ...
    @property
    def exclude(self) -> Globs | None: ...
    @property
    def allow_in(self) -> tuple[Pattern, ...]: ...


class Module(NamedTuple):
    """A file and what it says. `name` is its module name, None if it cannot be imported by one."""

    file: SourceFile
    facts: FileFacts

    @property
    def path(self) -> str:
        return self.file.path

    @property
    def name(self) -> str | None:
        return self.file.module

    def absolute(self, fact: Import) -> str | None:
        """The module that an import names, as an absolute path; None if relative to nowhere."""
        return absolute(self.file, fact.level, fact.module)

    def target(self, fact: Import) -> str | None:
        """What an import names: the module, or the module and the name (``m.*`` for a star)."""
        module = self.absolute(fact)
        return module if module is None or fact.name is None else f"{module}.{fact.name}"


def absolute(file: SourceFile, level: int, module: str) -> str | None:
    """The absolute dotted path of a relative import in `file`; None if it leads above the root."""
    if level == 0:
        return module
    if not file.package:
        return None
    parts = file.package.split(".")
    if level > len(parts):
        return None
    base = ".".join(parts[: len(parts) - level + 1])
    return f"{base}.{module}" if module else base


class Project:
    """What exists, what it says, and where names lead.

    `files` are those that are judged; modules are found on disk whether judged or not. `read`
    gives the facts of a path, `name_file` its names; `tests` tells test code; `wanted` who wants a
    file, a bit for each, and `bits` those of the rules, by name (what nobody wants exists all the
    same). Unless `whole`, only some of the files that the rules judge are there, and counting means
    nothing.
    """

    def __init__(
        self,
        files: Sequence[SourceFile],
        modules: Modules,
        read: Callable[[str], FileFacts],
        name_file: Callable[[str], SourceFile],
        tests: Globs,
        wanted: Callable[[SourceFile], int] | None = None,
        bits: Mapping[str, int] | None = None,
        whole: bool = True,
    ) -> None:
        self.files = tuple(files)
        self.whole = whole
        self.modules = modules
        self._tests = tests
        self.facts_at = read
        self._wanted = wanted
        self._bits = bits or {}
        self._name_file = lru_cache(maxsize=4096)(name_file)
        self._defined: Mapping[str, frozenset[str]] = {}
        self._inference = lru_cache(maxsize=1)(self._start_inference)
        self._resolver = Resolver(self)
        self.classes = Classes(self._resolver)
        """Which classes there are, what they inherit from, and what they offer."""
        self.names = Names(self._resolver, self)
        """Which names each module has, whatever they lead to."""
        self.inherits = Inheritance(self._resolver, self.classes, self.infer).inherits
        """Whether a class inherits, at any distance, from the class at a dotted path."""

    def infer(self, dotted: str) -> Inferred | None:
        """What only inference can tell of a dotted path, None if it cannot. Slow: ask rarely."""
        return self._inference().infer(dotted)

    @property
    def inference(self) -> Inference | None:
        """What inferred, if anybody asked: then answers depend on more than the project."""
        return self._inference() if self._inference.cache_info().currsize else None

    def _start_inference(self) -> Inference:
        from ssot_lint.inference import Inference  # which brings much along

        modules = self.modules
        return Inference([os.path.join(modules.root, folder) for folder in modules.roots])

    def part(self, files: Sequence[SourceFile]) -> Project:
        """The same project, of which only some files are judged."""
        part = copy(self)
        part.files = tuple(files)
        part.__dict__.pop("_visited", None)
        return part

    def judged(self, rule: Jurisdiction) -> Iterator[Module]:
        """The files that a rule judges and that may hold what it reports, with their facts.

        Those of a broken file are empty.
        """
        return (
            Module(file, self.facts_at(file.path))
            for file in self._holding(rule)
            if within(rule, file)
        )

    def holding(self, rule: Jurisdiction) -> Iterator[Module]:
        """The files that may hold what a rule looks for, wherever it judges, with their facts."""
        return (Module(file, self.facts_at(file.path)) for file in self._holding(rule))

    def _holding(self, rule: Jurisdiction) -> Iterator[SourceFile]:
        bits = self._bits.get(rule.name)
        return (file for file, wanted in self._visited if bits is None or wanted & bits)

    @property
    def visited(self) -> Iterator[SourceFile]:
        """The files that may hold what some rule reports."""
        return (file for file, _ in self._visited)

    @cached_property
    def _visited(self) -> Sequence[tuple[SourceFile, int]]:
        """The same, and whose it may be."""
        if self._wanted is None:
            return [(file, -1) for file in self.files]
        return [(file, wanted) for file in self.files if (wanted := self._wanted(file))]

    def read(self, file: SourceFile) -> Module:
        """A file that a rule judges whatever words it holds; `unreadable` if it is broken."""
        facts = self.facts_at(file.path)
        if facts.trouble is not None:
            self._resolver.unreadable.add(file.path)
        return Module(file, facts)

    def module_at(self, path: str) -> Module:
        """The file at `path`, judged or not, with its facts: an answer depends on them."""
        facts = self.facts_at(path)
        if facts.trouble is not None:
            self._resolver.unreadable.add(path)
        return Module(self._name_file(path), facts)

    def in_scope(self, rule: Jurisdiction) -> Iterator[SourceFile]:
        """The files that a rule judges, unread."""
        return (file for file in self.files if within(rule, file))

    def find(self, module: str) -> Found | None:
        """The module of that name, judged or not; None if no file or folder bears it."""
        return self.modules.find(module)

    def tops(self) -> frozenset[str]:
        """The first components of what can be imported from below the roots."""
        return self.modules.tops()

    def tell(self, names: Mapping[str, frozenset[str]]) -> None:
        """Takes notice of names that files surely define (`facts.sure_names`): no news, but known
        without their facts.
        """
        self._defined = names

    def definer(self, module: str, name: str) -> str | None:
        """The file of a module that surely defines a name there, and binds it in no other way.

        None if its facts must tell.
        """
        found = self.find(module)
        if found is None or found.path is None or name not in self._defined.get(found.path, ()):
            return None
        return found.path if self.find(f"{module}.{name}") is None else None

    def nearest(self, dotted: str) -> Found | None:
        """The module that a dotted path names, or in which it lies; None outside of the project."""
        return next(filter(None, map(self.find, ancestors(dotted))), None)

    def is_compiled(self, module: str) -> bool:
        """Whether an extension module of that name, or its Cython source, stands below a root."""
        return self.modules.is_compiled(module)

    def stub_of(self, module: str) -> str | None:
        """The path of the stub beside the source file of a module."""
        return self.modules.stub_of(module)

    def resolve(self, dotted: str) -> Resolution:
        """Where a dotted path leads."""
        return self._resolver.path(dotted)

    def leads(self, module: Module, fact: Binding) -> Resolution:
        """Where one binding of a module leads."""
        return self._resolver.fact(module.name or "", module.path, fact)

    def used(self, path: str, scope: int, dotted: str, before: Position = END) -> Resolution:
        """Where a dotted name leads that is used in a scope of a file, before a position."""
        return self._resolver.used(self.name_of(path) or "", path, scope, dotted, before)

    def written(self, module: Module) -> Written:
        """The absolute paths that the names of a file stand for, by that file alone."""
        bindings = self._resolver.bindings(module.path)
        return Written(bindings, module.name or "", module.absolute, self._star_brings)

    def _star_brings(self, module: str, name: str) -> bool | None:
        """As `star_binds`; None for a module whose names cannot be known."""
        if self.find(module.partition(".")[0]) is None:
            return None
        return self.star_binds(module, name)

    def qualified(self, module: Module, scope: int, name: str) -> str:
        """The qualified name (PEP 3155) of what `name` is bound to in a scope of a file."""
        return self._resolver.bindings(module.path).qualified(scope, name)

    def star_binds(self, module: str, name: str) -> bool:
        """Whether ``from module import *`` binds `name`."""
        return self._resolver.star_binds(module, name)

    @property
    def unreadable(self) -> frozenset[str]:
        """The files that were needed to follow a name so far and could not be parsed."""
        return frozenset(self._resolver.unreadable)

    def is_stub_of_module(self, file: SourceFile) -> bool:
        """Whether a stub stands beside the module that it describes."""
        found = file.module and self.find(file.module)
        return bool(found and found.path and found.path != file.path)

    def is_test(self, path: str) -> bool:
        """Whether the configuration calls the file at `path` test code."""
        return self._tests.match_file(path)

    def is_test_double(self, path: str, name: str) -> bool:
        """Whether a class is a stand-in for tests: by its name, in test code."""
        return name.lstrip("_").startswith(_DOUBLES) and self.is_test(path)

    def holds(self, module: Module, dotted: str) -> bool:
        """Whether a dotted path lies in a module; its file may be importable under two names."""
        for path in ancestors(dotted):
            found = self.find(path)
            if found is not None:
                return module.path == found.path
            if module.name == path:  # a new file in an editor, not saved yet
                return True
        return False

    def name_of(self, path: str) -> str | None:
        """The module name of the file at `path`; None if it cannot be imported by one."""
        return self._name_file(path).module

    def absolute(self, path: str, level: int, module: str) -> str | None:
        """As `Module.absolute`, for the file at `path`."""
        return module if level == 0 else absolute(self._name_file(path), level, module)


def within(rule: Jurisdiction, file: SourceFile) -> bool:
    """Whether `rule` judges `file`, by path and module name."""
    if rule.paths is not None and not rule.paths.match_file(file.path):
        return False
    if rule.exclude is not None and rule.exclude.match_file(file.path):
        return False
    if not rule.allow_in or file.module is None:
        return True
    return not any(pattern.matches(file.module) for pattern in rule.allow_in)
