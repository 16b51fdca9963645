from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

from ssot_lint.advice import idle_modules, missing_home
from ssot_lint.bases import BRING_NOTHING
from ssot_lint.facts import Context, Definition, Function
from ssot_lint.model import Note, Remark
from ssot_lint.options import COUNT, IDENTIFIERS, NAMES, PATH, PATTERNS, SHARE, choice, option
from ssot_lint.patterns import Pattern, Words
from ssot_lint.project import Class, Module, Project
from ssot_lint.rule import Outcome, Rule

_SHOWN = 5
_INTERFACE = frozenset(("abstractmethod", "overload"))
_PROPERTY = frozenset(("property", "cached_property"))


@dataclass(frozen=True, kw_only=True)
class LookalikeClass(Rule):
    """A class under another name that repeats the methods of the home.

    What it does
        Reports every class that has, in its own body, at least the share `threshold` of the
        public methods of the home, and at least `min` of them. The home's methods are its own and
        those of its bases inside the project. A method is repeated if its name is the same, both
        are ``async`` or neither is, both are properties or neither is, and the parameters fit: at
        least half of them have the same names, or one method takes ``*args`` or ``**kwargs`` for
        the rest.
        Methods that the two classes have from a base inside the project that they share do not
        count, nor abstract ones, overloads, and those whose names begin with an underscore.
        Left alone: the home's subclasses and bases, protocols, classes of the same name (see
        `duplicate-definition`), stand-ins in the handler of an ``except ImportError``, a stub
        beside its module, and test doubles. If the two share a base outside the project, or a
        base of the class cannot be followed, the likeness may come from there: that is a note.

    Why
        The second manager is seldom called a manager: ``ConnectionHub`` has ``connect``,
        ``disconnect`` and ``broadcast`` too, and its own table of connections.

    Instead of
        ``class ConnectionHub:`` with the methods of ``ConnectionManager``.

    Write
        ``from app.connections import ConnectionManager``, or a subclass of it.

    Options
        `home` is the dotted path of the class. With `methods`, the likeness is about these methods
        alone.
        `defined_in` names modules that may repeat them. `allow` lists class names.
        `test_doubles: forbidden` reports in test code, too, classes whose name begins with Mock,
        Fake, Stub, Dummy, Spy or Test.

    Subject
        The class's simple name.

    What a fix may break
        Two classes with the same methods seldom do the same: compare them, and look who holds an
        instance of which, before one of them goes.
    """

    code: ClassVar[str] = "SOT204"
    kind: ClassVar[str] = "lookalike-class"
    scope: ClassVar[Literal["file", "project"]] = "project"
    unit: ClassVar[str] = "classes"
    expressions: ClassVar[bool] = False

    home: str = option(PATH, "The dotted path of the class.")
    methods: tuple[str, ...] = option(
        IDENTIFIERS, "The methods that count; without it, all public ones of the home.", default=()
    )
    threshold: float = option(
        SHARE, "Which share of the methods makes a lookalike: 0.6 if not given.", default=0.6
    )
    min: int = option(COUNT, "How many methods it takes at least: 4 if not given.", default=4)
    defined_in: tuple[Pattern, ...] = option(
        PATTERNS, "Modules that may repeat the methods.", default=()
    )
    allow: tuple[Pattern, ...] = option(
        NAMES, "Names of classes that are no lookalikes after all.", default=()
    )
    test_doubles: Literal["allowed", "forbidden"] = option(
        choice("allowed", "forbidden"), "Whether test code may define doubles.", default="allowed"
    )

    counted: tuple[str, ...] | None = field(default=None, kw_only=True)
    """The methods that count and that the home has; None if they are not known."""

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if self.methods and len(self.methods) < self.min:
            yield (
                "methods",
                f"no class repeats {self.min} of {len(self.methods)} methods: set 'min'",
            )

    def homes(self) -> Iterator[str]:
        yield self.home

    def informed(self, project: Project, holders: Iterable[Module] = ()) -> LookalikeClass:
        return replace(self, counted=tuple(_Shape(project, self.home, self.methods).methods))

    def words(self) -> Words | None:
        """Enough of the home's methods; a home that has too few has no lookalikes."""
        if self.counted is None:
            return None
        least = self._least(len(self.counted))
        if len(self.counted) < least:
            return Words()
        return Words.at_least(least, ([name] for name in self.counted))

    def _least(self, methods: int) -> int:
        """How many methods a lookalike repeats, of so many; rounded up, but for a float's error."""
        return max(self.min, math.ceil(self.threshold * methods - 1e-9))

    def check(self, project: Project) -> Iterator[Outcome]:
        home = _Shape(project, self.home, self.methods)
        least = self._least(len(home.methods))
        for module, cls, repeated in self._caught(project, home, least):
            definition = cls.definition
            if any(pattern.matches(definition.name) for pattern in self.allow):
                continue
            listed = ", ".join(repeated[:_SHOWN])
            if len(repeated) > _SHOWN:
                listed += f" and {len(repeated) - _SHOWN} more"
            count = f"{len(repeated)} of {len(home.methods)} methods of {self.home}"
            text = f"class {definition.name} repeats {count}: {listed}"
            if doubt := home.doubt(cls):
                message = f"{text}; {doubt}"
                yield Note("undecidable", message, self.name, module.path, definition.line)
            else:
                start = definition.statement_line, definition.statement_column
                message = f"{text}; use that class, or inherit from it"
                yield self.violation(module.path, definition.span, definition.name, message, start)

    def _caught(
        self, project: Project, home: _Shape, least: int
    ) -> Iterator[tuple[Module, Class, list[str]]]:
        """The lookalikes, but for `allow`, each with the methods that it repeats."""
        if not home.methods:
            return
        for module in project.judged(self):
            if self._may_define(project, module):
                continue
            bodies = _bodies(module, home.methods, least)
            for definition in module.facts.definitions if bodies else ():
                if definition.kind != "class" or self._excused(project, module, definition):
                    continue
                cls = project.classes.of(module.path, definition)
                methods = bodies.get(cls.body)
                if methods and not home.is_kin(cls):
                    repeated = home.repeated(cls, methods)
                    if len(repeated) >= least:
                        yield module, cls, repeated

    def _may_define(self, project: Project, module: Module) -> bool:
        if module.file.is_stub and project.is_stub_of_module(module.file):
            return True
        return module.name is not None and any(p.matches(module.name) for p in self.defined_in)

    def _excused(self, project: Project, module: Module, definition: Definition) -> bool:
        return (
            definition.name == self.home.rpartition(".")[2]
            or bool(definition.context & Context.FALLBACK)
            or any(base.rpartition(".")[2] == "Protocol" for base in definition.bases)
            or (
                self.test_doubles == "allowed"
                and project.is_test_double(module.path, definition.name)
            )
        )

    def broken(self, project: Project) -> Iterator[tuple[str, str]]:
        if problem := missing_home(project, self.home):
            yield "home", problem
        elif project.resolve(self.home).exists:
            home = _Shape(project, self.home, self.methods)
            if not home.classes:
                yield "home", f"home '{self.home}' is no class"
            elif len(home.methods) < self.min:
                count = (
                    f"{len(home.methods)} of the methods"
                    if self.methods
                    else f"{len(home.methods)} public methods"
                )
                yield "home", f"home '{self.home}' has {count}, fewer than 'min' ({self.min})"

    def idle(self, project: Project) -> Iterator[Remark]:
        yield from idle_modules(project, "defined_in", self.defined_in)
        home = _Shape(project, self.home, self.methods)
        for name in self.methods:
            if home.classes and name not in home.methods:
                yield Remark("methods", f"'{name}' is no method of the home")
        if self.allow:
            least = self._least(len(home.methods))
            caught = {cls.definition.name for _, cls, _ in self._caught(project, home, least)}
            for allowed in self.allow:
                if not any(allowed.matches(name) for name in caught):
                    yield Remark(
                        "allow", f"'{allowed}' excepts nothing: no class of that name is caught"
                    )


class _Shape:
    """The methods of the home by name, and its kin; empty if the home is no class."""

    def __init__(self, project: Project, home: str, only: tuple[str, ...]) -> None:
        self._classes = project.classes
        self.classes = tuple(
            cls
            for origin in sorted(project.resolve(home).origins)
            for cls in project.classes.at(origin)
        )
        self._origins = {cls.origin for cls in self.classes}
        ancestries = [project.classes.ancestry(cls) for cls in self.classes]
        self._bases = {base.origin for ancestry in ancestries for base in ancestry.classes}
        self._outside = {path for ancestry in ancestries for path in ancestry.outside}
        found: dict[str, tuple[Function, ...]] = {}
        for cls in self.classes:
            for name, members in project.classes.members(cls).items():
                functions = tuple(m.fact for m in members if isinstance(m.fact, Function))
                wanted = name in only if only else not name.startswith("_")
                if functions and wanted:
                    found[name] = (*found.get(name, ()), *functions)
        self.methods: Mapping[str, tuple[Function, ...]] = found

    def is_kin(self, cls: Class) -> bool:
        """Whether a class is the home, one of its bases, or inherits from it."""
        if cls.origin in self._origins or cls.origin in self._bases:
            return True
        return any(base.origin in self._origins for base in self._classes.ancestry(cls).classes)

    def repeated(self, cls: Class, methods: Mapping[str, list[Function]]) -> list[str]:
        """The names of the home's methods that a class repeats, in the class's order."""
        inherited = {
            name
            for base in self._classes.ancestry(cls).classes
            if base.origin in self._bases
            for name in self._classes.own(base)
        }
        return [
            name
            for name, own in methods.items()
            if name not in inherited
            and any(_fits(one, other) for one in own for other in self.methods[name])
        ]

    def doubt(self, cls: Class) -> str:
        """Why the likeness may be no copy; "" if it is one."""
        ancestry = self._classes.ancestry(cls)
        if ancestry.unknown or ancestry.others:
            return "it has a base that cannot be followed"
        shared = sorted((self._outside & ancestry.outside) - BRING_NOTHING)
        return f"both have the base {shared[0]}, which is outside this project" if shared else ""


def _bodies(
    module: Module, wanted: Mapping[str, object], least: int
) -> Mapping[int | None, Mapping[str, list[Function]]]:
    """The class bodies that define at least so many of the `wanted` methods, with these."""
    scopes = module.facts.scopes
    found: dict[int | None, dict[str, list[Function]]] = defaultdict(dict)
    for function in module.facts.functions:
        in_class = scopes[function.scope].kind == "class" and function.name in wanted
        if in_class and _INTERFACE.isdisjoint(_last_names(function)):
            found[function.scope].setdefault(function.name, []).append(function)
    return {scope: methods for scope, methods in found.items() if len(methods) >= least}


def _last_names(function: Function) -> set[str]:
    return {decorator.rpartition(".")[2] for decorator in function.decorators}


def _fits(one: Function, other: Function) -> bool:
    """Whether two methods of one name are made alike."""
    properties = [_PROPERTY.isdisjoint(_last_names(function)) for function in (one, other)]
    if one.is_async != other.is_async or properties[0] != properties[1]:
        return False
    mine, theirs = _parameters(one), _parameters(other)
    shared = len(mine & theirs)
    if _is_open(one) or _is_open(other):
        return shared == min(len(mine), len(theirs))
    return 2 * shared >= max(len(mine), len(theirs))


def _parameters(function: Function) -> set[str]:
    """The names of the parameters, but for the first one of a method and the open ones."""
    given = function.parameters
    if "staticmethod" not in _last_names(function):
        given = given[1:]
    return {name for name, kind, _ in given if kind not in ("many", "keywords")}


def _is_open(function: Function) -> bool:
    return any(kind in ("many", "keywords") for _, kind, _ in function.parameters)
