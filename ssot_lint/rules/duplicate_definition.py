from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

from ssot_lint.advice import idle_modules, missing_home
from ssot_lint.facts import Context, Definition
from ssot_lint.model import Remark
from ssot_lint.options import NAMES, PATH, PATTERNS, choice, option
from ssot_lint.patterns import Pattern, Words
from ssot_lint.project import Module, Project
from ssot_lint.rule import Outcome, Rule

_NOUNS = {"class": "class", "class-call": "class", "function": "function", "assignment": "constant"}


@dataclass(frozen=True, kw_only=True)
class DuplicateDefinition(Rule):
    """A class, function or constant defined outside its home.

    What it does
        Reports every definition whose name matches `classes`, `functions` or `constants` in any
        module but the home's and those of `defined_in`. A class statement counts wherever it
        stands, and so does ``X = type("X", ...)`` (or a namedtuple, Enum ... made by a call); a
        function counts unless it is a method; a constant is a name bound at module level to a
        value of its own.
        Left alone: aliases (``X = other.X`` is no definition, see `divergent-name`), protocols
        (an interface is no second implementation), stand-ins in the handler of an
        ``except ImportError``, overloads, a stub beside its module, and test doubles.

    Why
        Two classes for one concept drift apart; the bug is fixed in one of them.

    Instead of
        ``class OrderBook: ...`` in a second module.

    Write
        ``from shop.orders import OrderBook``

    Options
        `home` is the dotted path of the definition, or of the module that holds them.
        `defined_in` names modules that may hold the implementation which the home re-exports.
        `test_doubles: forbidden` reports in test code, too, classes that a wildcard catches and
        whose name begins with Mock, Fake, Stub, Dummy, Spy or Test. Outside test code (`tests` in
        ``rules.yaml``) they are always reported.

    Subject
        The simple name.

    What a fix may break
        Two definitions of one name are seldom equal: compare them before deleting one.
    """

    code: ClassVar[str] = "SOT201"
    kind: ClassVar[str] = "duplicate-definition"
    scope: ClassVar[Literal["file", "project"]] = "file"
    unit: ClassVar[str] = "definitions"
    expressions: ClassVar[bool] = False

    home: str = option(PATH, "The one place: the definition's dotted path, or its module's.")
    classes: tuple[Pattern, ...] = option(NAMES, "Class names.", default=())
    functions: tuple[Pattern, ...] = option(NAMES, "Function names.", default=())
    constants: tuple[Pattern, ...] = option(NAMES, "Names of module-level values.", default=())
    defined_in: tuple[Pattern, ...] = option(
        PATTERNS, "Modules that may define it too.", default=()
    )
    allow: tuple[Pattern, ...] = option(
        NAMES, "Names that are no duplicates after all.", default=()
    )
    test_doubles: Literal["allowed", "forbidden"] = option(
        choice("allowed", "forbidden"), "Whether test code may define doubles.", default="allowed"
    )

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if not (self.classes or self.functions or self.constants):
            yield "", "one of 'classes', 'functions' and 'constants' is required"

    def homes(self) -> Iterator[str]:
        yield self.home

    def words(self) -> Words:
        classes = Words.of_definitions("class", self.classes, self.ignore_case)
        functions = Words.of_definitions("def", self.functions)
        constants = Words.of(*(pattern.runs for pattern in self.constants))
        return classes.also(functions).also(constants)

    def check(self, project: Project) -> Iterator[Outcome]:
        for module, definition in self._caught(project):
            if not any(p.matches(definition.name) for p in self.allow):
                noun = _NOUNS[definition.kind]
                message = f"second definition of {noun} {definition.name}; its home is {self.home}"
                yield self.violation(
                    module.path,
                    definition.span,
                    definition.name,
                    message,
                    (definition.statement_line, definition.statement_column),
                )

    def _caught(self, project: Project) -> Iterator[tuple[Module, Definition]]:
        """The definitions that violate, but for `allow`."""
        for module in project.judged(self):
            if self._may_define(project, module):
                continue
            for definition in module.facts.definitions:
                pattern = self._pattern(definition)
                if pattern is not None and not self._excused(project, module, definition, pattern):
                    yield module, definition

    def _may_define(self, project: Project, module: Module) -> bool:
        if module.name is None:
            return False
        if module.file.is_stub and project.is_stub_of_module(module.file):
            return True
        return any(p.matches(module.name) for p in self.defined_in) or project.holds(
            module, self.home
        )

    def _pattern(self, definition: Definition) -> Pattern | None:
        patterns = self._by_kind[definition.kind]
        return next((pattern for pattern in patterns if pattern.matches(definition.name)), None)

    @cached_property
    def _by_kind(self) -> dict[str, tuple[Pattern, ...]]:
        return {
            "class": self.classes,
            "class-call": self.classes,
            "function": self.functions,
            "assignment": self.constants,
        }

    def _excused(
        self, project: Project, module: Module, definition: Definition, pattern: Pattern
    ) -> bool:
        if definition.context & Context.FALLBACK:
            return True
        if any(base.rpartition(".")[2] == "Protocol" for base in definition.bases):
            return True
        if any(decorator.rpartition(".")[2] == "overload" for decorator in definition.decorators):
            return True
        return (
            self.test_doubles == "allowed"
            and not pattern.literal
            and definition.kind in ("class", "class-call")
            and project.is_test_double(module.path, definition.name)
        )

    def broken(self, project: Project) -> Iterator[tuple[str, str]]:
        if problem := missing_home(project, self.home):
            yield "home", problem

    def idle(self, project: Project) -> Iterator[Remark]:
        yield from idle_modules(project, "defined_in", self.defined_in)
        if self.allow:
            names = {definition.name for _, definition in self._caught(project)}
            for allowed in self.allow:
                if not any(allowed.matches(name) for name in names):
                    yield Remark(
                        "allow",
                        f"'{allowed}' excepts nothing: no definition of that name is caught",
                    )
