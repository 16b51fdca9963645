from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar, Literal

from ssot_lint.advice import idle_modules
from ssot_lint.decorators import decorators, marks
from ssot_lint.facts import Context, Definition
from ssot_lint.model import Note, Remark
from ssot_lint.options import NAMES, PATHS, PATTERNS, option
from ssot_lint.patterns import Pattern, Words
from ssot_lint.project import Class, DeadEnd, Module, Origin, Project, Resolution
from ssot_lint.rule import Outcome, Rule

_NO_CLASSES = Context.FALLBACK | Context.TYPE_CHECKING
_MARKS = "pytest.mark."
_MAKERS = (
    "class",
    "type",
    "new_class",
    "make_dataclass",
    "Enum",
    "Flag",
    "NamedTuple",
    "TypedDict",
)
"""One of these stands in every text that makes a class with bases."""


@dataclass(frozen=True, kw_only=True)
class RequiredBase(Rule):
    """A class that does not inherit from a required base, or does from a forbidden one.

    What it does
        Looks at the classes that `paths`, `exclude`, `modules` and `classes` select, and follows
        their bases to any distance: through imports, aliases, re-exports and nested classes, and,
        where a base comes from a library and the answer depends on it, through the library's
        sources, if they are installed. Reports a class that inherits from none of `bases`, that
        inherits from one of `forbidden_bases`, or that has none of `decorators`.
        Left alone: the bases themselves and what they inherit from, stand-ins in the handler of an
        ``except ImportError``, classes for type checkers only, and a stub beside its module. A
        base that cannot be known (made by a call, from a library that is not installed, bound in
        one branch of a condition only) is a note.

    Why
        What every class of a kind must do, one base does for all of them: isolation of tests,
        clean-up, checks of the environment. Who goes without is not noticed until it hurts.

    Instead of
        ``class TestCart(unittest.TestCase): ...``

    Write
        ``class TestCart(ShopTestCase): ...``

    Options
        One of `bases`, and one of `decorators`, suffices; write two rules to demand two. Without
        `classes` the rule is about every class of a module, but not about classes within classes
        and functions; a name that `classes` matches is selected wherever it stands. `decorators`
        are followed through imports and aliases, too; a marker ``pytest.mark.x`` may as well
        stand in ``pytestmark`` of the module or the class, or on a base of the class.

    Subject
        The class's name; its qualified name (``Outer.Inner``) if it is nested.

    What a fix may break
        A base brings its own ``__init__``, ``setUp`` and metaclass: those of the class must call
        or fit them.
    """

    code: ClassVar[str] = "SOT403"
    kind: ClassVar[str] = "required-base"
    scope: ClassVar[Literal["file", "project"]] = "project"
    unit: ClassVar[str] = "classes"

    classes: tuple[Pattern, ...] = option(
        NAMES, "Names of the classes that the rule is about.", default=()
    )
    modules: tuple[Pattern, ...] = option(
        PATTERNS, "Modules whose classes the rule is about; by default all.", default=()
    )
    bases: tuple[str, ...] = option(
        PATHS, "Dotted paths of classes: inherit from one of them.", default=()
    )
    forbidden_bases: tuple[str, ...] = option(
        PATHS, "Dotted paths of classes: inherit from none of them.", default=()
    )
    decorators: tuple[str, ...] = option(
        PATHS, "Dotted paths of decorators: have one of them.", default=()
    )
    allow: tuple[Pattern, ...] = option(NAMES, "Names of classes that may differ.", default=())

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if not (self.bases or self.forbidden_bases or self.decorators):
            yield "", "one of 'bases', 'forbidden_bases' and 'decorators' is required"
        for path in sorted({*self.bases} & {*self.forbidden_bases}):
            yield "forbidden_bases", f"'{path}' is required as well as forbidden"

    def homes(self) -> Iterator[str]:
        yield from self.bases

    def words(self) -> Words:
        if self.classes:
            return Words.of_definitions("class", self.classes, self.ignore_case)
        return Words.of(*({word} for word in _MAKERS))

    def words_of_expressions(self) -> Words:
        """Only a mark on the whole module stands in an expression."""
        return self.words() if self._marks else Words()

    @property
    def _marks(self) -> bool:
        return any(path.startswith(_MARKS) for path in self.decorators)

    def check(self, project: Project) -> Iterator[Outcome]:
        for cls in self._selected(project):
            if not any(p.matches(cls.definition.name) for p in self.allow):
                yield from self._judge(project, cls)

    def _selected(self, project: Project) -> Iterator[Class]:
        """The classes that the rule is about, but for `allow`."""
        exempt = self._bases_of_bases(project)
        for module, definition in self._meant(project):
            cls = project.classes.of(module.path, definition)
            if cls.origin not in exempt:
                yield cls

    def _names(self, project: Project) -> frozenset[str]:
        """The names of these classes."""
        exempt = self._bases_of_bases(project)
        doubtful = {origin.name.rpartition(".")[2] for origin in exempt}
        found = (
            (definition.name, module, definition) for module, definition in self._meant(project)
        )
        return frozenset(
            name
            for name, module, definition in found
            if name not in doubtful
            or project.classes.of(module.path, definition).origin not in exempt
        )

    def _meant(self, project: Project) -> Iterator[tuple[Module, Definition]]:
        """What may be meant by `classes` and `modules`."""
        for module in project.judged(self):
            if self.modules and not _any_matches(self.modules, module.name or ""):
                continue
            if module.file.is_stub and project.is_stub_of_module(module.file):
                continue
            for definition in module.facts.definitions:
                if self._is_meant(definition):
                    yield module, definition

    def _is_meant(self, definition: Definition) -> bool:
        made = definition.kind == "class" or (definition.kind == "class-call" and definition.bases)
        if not made or definition.context & _NO_CLASSES:
            return False
        if self.classes:
            return _any_matches(self.classes, definition.name)
        return definition.scope == 0 and not definition.context & Context.FUNCTION

    def _bases_of_bases(self, project: Project) -> frozenset[Origin]:
        """The origins of the bases and of their ancestors."""
        wanted = chain.from_iterable(project.resolve(path).origins for path in self.bases)
        found: set[Origin] = set()
        for cls in chain.from_iterable(map(project.classes.at, wanted)):
            found.add(cls.origin)
            found.update(each.origin for each in project.classes.ancestry(cls).classes)
        return frozenset(found)

    def _judge(self, project: Project, cls: Class) -> Iterator[Outcome]:
        name = cls.origin.name
        if self.bases:
            found = [project.inherits(cls, base) for base in self.bases]
            if all(each.answer == "no" for each in found):
                yield self._violation(cls, f"class {name} {_not(self.bases)}")
            elif not any(each.answer in ("yes", "maybe") for each in found):
                missing = (gap for each in found for gap in each.gaps)
                yield self._note(cls, f"inherits from {' or '.join(self.bases)}", missing)
        for base in self.forbidden_bases:
            answer, gaps = project.inherits(cls, base)
            if answer == "yes":
                through = _through(project, cls, base)
                message = f"class {name} inherits from {base}{through}; choose another base"
                yield self._violation(cls, message)
            elif answer != "no":
                yield self._note(cls, f"inherits from {base}", gaps)
        if self.decorators:
            yield from self._judge_decorators(project, cls)

    def _judge_decorators(self, project: Project, cls: Class) -> Iterator[Outcome]:
        wanted = [_names(project.resolve(path)) | {path} for path in self.decorators]
        found = list(decorators(project, cls))
        if self._marks:
            found += marks(project, cls)
        if any(not names.isdisjoint(_names(each)) for names in wanted for each in found):
            return
        gaps = [end.where for each in found for end in each.dead_ends if not _is_known(end)]
        if not gaps:
            one = "decorator" if len(self.decorators) == 1 else "one of the decorators"
            paths = ", ".join(self.decorators)
            message = f"class {cls.origin.name} lacks {one} {paths}; add it"
            yield self._violation(cls, message)
        else:
            what = f"has decorator {' or '.join(self.decorators)}"
            yield self._note(cls, what, gaps)

    def _violation(self, cls: Class, message: str) -> Outcome:
        definition = cls.definition
        start = (definition.statement_line, definition.statement_column)
        path = cls.origin.path
        return self.violation(path, definition.span, cls.origin.name, message, start)

    def _note(self, cls: Class, what: str, gaps: Iterable[str]) -> Note:
        because = ", ".join(sorted({*gaps})) or "a condition"
        message = f"whether class {cls.origin.name} {what} depends on {because}"
        return Note("undecidable", message, self.name, cls.origin.path, cls.definition.line)

    def broken(self, project: Project) -> Iterator[tuple[str, str]]:
        for path in self.bases:
            if missing := _missing(project.resolve(path)):
                yield "bases", f"base '{path}' leads nowhere: {missing}"

    def idle(self, project: Project) -> Iterator[Remark]:
        yield from idle_modules(project, "modules", self.modules)
        for path in self.forbidden_bases:
            if missing := _missing(project.resolve(path)):
                yield Remark("forbidden_bases", f"'{path}' leads nowhere: {missing}")
        names = self._names(project) if self.classes or self.allow else ()
        for pattern in self.classes:
            if not any(map(pattern.matches, names)):
                yield Remark("classes", f"'{pattern}' matches no class")
        for pattern in self.allow:
            if not any(map(pattern.matches, names)):
                yield Remark("allow", f"'{pattern}' excepts nothing: no such class is selected")


def _any_matches(patterns: Iterable[Pattern], name: str) -> bool:
    return any(pattern.matches(name) for pattern in patterns)


def _not(bases: tuple[str, ...]) -> str:
    if len(bases) == 1:
        return f"does not inherit from {bases[0]}; derive it from that"
    return f"inherits from none of {', '.join(bases)}; derive it from one of them"


def _through(project: Project, cls: Class, base: str) -> str:
    """By which of its own bases a class inherits from `base`, if that is none of them itself."""
    wanted = _names(project.resolve(base)) | {base, f"builtins.{base}"}
    for resolution in project.classes.bases(cls):
        if not wanted.isdisjoint(_names(resolution)):
            return ""
    for resolution in project.classes.bases(cls):
        for origin in sorted(resolution.origins):
            if any(project.inherits(c, base).answer == "yes" for c in project.classes.at(origin)):
                return f" through {origin.dotted}"
    return ""


def _names(resolution: Resolution) -> set[str]:
    """What a name is called where it comes from, in the project or outside."""
    outside = {end.where for end in resolution.dead_ends if end.why == "outside"}
    return outside | {origin.dotted for origin in resolution.origins}


def _is_known(end: DeadEnd) -> bool:
    return end.why == "outside" and not end.where.endswith(".*")


def _missing(resolution: Resolution) -> str:
    """Why a path leads nowhere; "" if it leads somewhere, or if nobody can know."""
    ends = sorted(resolution.dead_ends)
    if resolution.exists or not all(end.why.startswith("missing") for end in ends):
        return ""
    return ", ".join(f"{end.why} {end.where}" for end in ends) or "it is bound only to itself"
