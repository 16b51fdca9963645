from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal, NamedTuple

from ssot_lint.facts import Assignment, Call, Context, Function
from ssot_lint.model import Span
from ssot_lint.options import PATTERNS, choices, option
from ssot_lint.patterns import Pattern, Words
from ssot_lint.project import Module, Project
from ssot_lint.project.classes import Class
from ssot_lint.rule import Outcome, Rule
from ssot_lint.sharing import CHANGES, Values

_FORMS = ("instance", "global", "container", "singleton", "cache", "class-attribute")
_WHAT = {
    "instance": "is one instance for all users",
    "global": "is rebound by functions for all users",
    "container": "is one container for all users",
    "singleton": "keeps one instance for all users",
    "cache": "keeps its first result for all users",
    "class-attribute": "is one container for all instances of the class",
}
_CACHES = frozenset({"functools.cache", "functools.lru_cache"})
_SINGLETONS = frozenset({"instance", "instances", "singleton", "singletons"})
_CLASS_PARAMETERS = frozenset({"cls", "klass", "mcs", "mcls", "metacls"})
_NOT_RUN = Context.TYPE_CHECKING | Context.FALLBACK | Context.SCRIPT


class _Shared(NamedTuple):
    form: str
    name: str
    span: Span
    statement: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class SharedState(Rule):
    """State that all users of a process share, where each should have their own.

    What it does
        Reports, in the files that it judges:
        ``instance``: a name of the module bound to an instance of a class that holds state. Of a
        class of the project that can be seen: a method other than the constructor sets or fills
        attributes, or the constructor makes empty containers, of itself or of what it makes. Of a
        data class, a model, or a class from elsewhere (by PEP 8: with a capital) it cannot be
        seen; then a name that says so (UPPER_CASE, or annotated ``Final``) makes it a constant.
        ``global``: a name of the module that a function rebinds by ``global``, such as a ``None``
        that is filled at the first call.
        ``container``: a name of the module bound to a list, dictionary, set or the like that a
        function of the file changes, or that is empty and that nothing in the file fills, unless
        its name says that it is a constant. What only functions do that the file calls when it is
        imported, and never later, counts as done by the import.
        ``singleton``: an attribute such as ``_instance`` or ``_instances`` by which a class keeps
        its instances, or that ``__new__`` sets on the class.
        ``cache``: a function or method without parameters (but for ``self`` and ``cls``) under
        ``functools.cache`` or ``lru_cache``, unless a function defines it anew at each call.
        ``class-attribute``: a list, dictionary, set or the like in a class body that a method
        changes, or that is empty under a private name that the class does not inherit. Fields of
        data classes, models, named tuples and enums belong to the instances, and so does what a
        method sets on ``self``.
        Left alone: stand-ins in an ``except ImportError``, enums, ``__all__`` and its like, what
        runs only under ``if __name__ == "__main__"`` or for type checkers, stubs, and what is
        made once for a process, or to keep users apart: loggers, type variables, compiled
        patterns and other immutable values, locks, context variables, routers, commands, tasks
        and signals.

    Why
        What one user's request leaves behind, another user's request finds.

    Instead of
        ``manager = OrderBook()`` in a module, or ``_instance = None`` in the class.

    Write
        ``def order_book(user): return OrderBook(user)``, called once for each user.

    Options
        `allow` matches names in the module (``registry``, ``Shop.cache``) or whole dotted paths.
        `allow_calls` matches the dotted paths of classes whose instances may be shared.
        What other files do to a name is not seen, and neither is a change of an element
        (``rows[0].append(1)``) or through another name.

    Subject
        The qualified name in the module: ``manager``, ``OrderBook._instance``.

    What a fix may break
        Callers that rely on meeting the same instance again: hand it to them.
    """

    code: ClassVar[str] = "SOT401"
    kind: ClassVar[str] = "shared-state"
    scope: ClassVar[Literal["file", "project"]] = "file"
    unit: ClassVar[str] = "names"

    forms: tuple[str, ...] = option(
        choices(*_FORMS), "The forms that are reported; all by default.", default=_FORMS
    )
    allow: tuple[Pattern, ...] = option(
        PATTERNS, "Patterns on names that may be shared.", default=()
    )
    allow_calls: tuple[Pattern, ...] = option(
        PATTERNS, "Patterns on dotted paths of what makes values that may be shared.", default=()
    )

    def words(self) -> Words:
        """None are needed: every file that is judged may hold state."""
        return Words()

    def check(self, project: Project) -> Iterator[Outcome]:
        values = Values(project, self.allow_calls)
        for file in project.in_scope(self):
            if file.is_stub:
                continue
            module = project.read(file)
            for shared in _File(project, module, values).shared(self.forms):
                if not self._may_share(module, shared.name):
                    message = f"{shared.name} {_WHAT[shared.form]}: give each user their own"
                    yield self.violation(
                        module.path, shared.span, shared.name, message, shared.statement
                    )

    def _may_share(self, module: Module, name: str) -> bool:
        whole = f"{module.name}.{name}"
        return any(p.matches(name) or p.matches(whole) for p in self.allow)


class _File:
    """What is shared in one file."""

    def __init__(self, project: Project, module: Module, values: Values) -> None:
        self._project = project
        self._module = module
        self._facts = module.facts
        self._values = values

    def shared(self, forms: tuple[str, ...]) -> Iterator[_Shared]:
        """Each name once, with the first of the forms that it has."""
        seen: set[str] = set()
        candidates = (*self._of_module(), *self._of_classes(), *self._cached())
        for shared in sorted(candidates, key=lambda each: _FORMS.index(each.form)):
            if shared.form in forms and shared.name not in seen:
                seen.add(shared.name)
                yield shared

    @cached_property
    def _bound(self) -> dict[tuple[int, str], list[Assignment]]:
        """The assignments of every name of the module and its classes that may count."""
        found: dict[tuple[int, str], list[Assignment]] = {}
        for fact in self._facts.assignments:
            dunder = fact.name.startswith("__") and fact.name.endswith("__")
            if not dunder and fact.name != "_" and not _is_not_run(fact):
                found.setdefault((fact.scope, fact.name), []).append(fact)
        return found

    # Of the module

    def _of_module(self) -> Iterator[_Shared]:
        for (scope, name), facts in self._bound.items():
            if scope:
                continue
            inside = [f for f in facts if self._runs_later(f.context, f.statement_scope)]
            outside = [fact for fact in facts if not fact.context & Context.FUNCTION]
            if inside:
                yield self._named("global", (outside or inside)[0])
            for fact in outside:
                value = self._values.of(self._module.path, fact)
                if value == "instance" or (value == "perhaps" and not _is_constant(name, facts)):
                    if fact.start not in self._class_calls:
                        yield self._named("instance", fact)
                elif value == "container" and self._is_state(fact, facts):
                    yield self._named("container", fact)

    @cached_property
    def _class_calls(self) -> frozenset[tuple[int, int]]:
        """Where names are bound to classes that calls make."""
        return frozenset(d.start for d in self._facts.definitions if d.kind == "class-call")

    def _is_state(self, fact: Assignment, facts: list[Assignment]) -> bool:
        """Whether a container of the module is filled or changed after the import."""
        changes = [call for call in self._facts.calls if call.root_scope == 0]
        changes = [call for call in changes if _changes(call, fact.name)]
        if any(self._runs_later(call.context, call.scope) for call in changes):
            return True
        waits = self._values.waits(self._module.path, fact) and not changes and len(facts) == 1
        return waits and not _is_constant(fact.name, facts)

    def _runs_later(self, context: int, scope: int) -> bool:
        """Whether what stands in a scope may run after the import."""
        if not context & Context.FUNCTION:
            return False
        scopes = self._facts.scopes
        while scopes[scope].parent:
            scope = scopes[scope].parent
        # A class that is called at import has methods that are called later.
        return scopes[scope].kind == "class" or scopes[scope].name not in self._only_at_import

    @cached_property
    def _only_at_import(self) -> frozenset[str]:
        """The functions of the module that the file calls, and only when it is imported."""
        calls = [call for call in self._facts.calls if not call.root_scope]
        at_import = {call.callee for call in calls if not call.context & Context.FUNCTION}
        return frozenset(at_import - {c.callee for c in calls if c.context & Context.FUNCTION})

    # Of classes

    def _of_classes(self) -> Iterator[_Shared]:
        for (scope, name), facts in self._bound.items():
            cls = self._classes.get(scope)
            if cls is None or self._values.is_enum(cls):
                continue
            body = [f for f in facts if not f.context & Context.FUNCTION]
            later = [(f, self._method(f)) for f in facts if f.context & Context.FUNCTION]
            on_class = [f for f, method in later if method is None or _is_of_class(method)]
            if self._keeps_instances(name, body, on_class, later):
                yield self._named("singleton", (body or on_class)[0])
            elif body and len(later) == len(on_class) and self._is_shared_attribute(cls, body):
                yield self._named("class-attribute", body[0])

    @cached_property
    def _classes(self) -> dict[int, Class]:
        """The classes of the file by the scopes of their bodies."""
        every = (d for d in self._facts.definitions if d.kind == "class")
        classes = (self._project.classes.of(self._module.path, d) for d in every)
        return {cls.body: cls for cls in classes if cls.body is not None}

    @cached_property
    def _functions(self) -> dict[int, Function]:
        return {function.body: function for function in self._facts.functions}

    def _method(self, fact: Assignment) -> Function | None:
        """The method that sets an attribute; None for a function outside of the class."""
        scope = fact.statement_scope
        while scope:
            function = self._functions.get(scope)
            if function is not None and function.scope == fact.scope:
                return function
            scope = self._facts.scopes[scope].parent
        return None

    def _keeps_instances(
        self,
        name: str,
        body: list[Assignment],
        on_class: list[Assignment],
        later: list[tuple[Assignment, Function | None]],
    ) -> bool:
        waits = all(f.value in ("none", "declared") or f.is_empty for f in body)
        if name.strip("_").lower() not in _SINGLETONS:
            made = {"call", "name", "other"}
            in_new = (f for f, method in later if method and method.name == "__new__")
            return waits and any(f in on_class and f.value in made for f in in_new)
        if on_class or not later:
            # Where nothing fills it, that is done under another name of the class.
            declared = any(f.value != "declared" for f in body)
            return bool(on_class) or (declared and waits and name.startswith("_"))
        # ``Book._instance = self``, which looks like ``self._instance = book``.
        in_init = any(m and m.name == "__init__" and f.value == "name" for f, m in later)
        return bool(body) and waits and in_init and name.startswith("_")

    def _is_shared_attribute(self, cls: Class, body: list[Assignment]) -> bool:
        containers = [f for f in body if self._values.of(self._module.path, f) == "container"]
        if not containers or self._values.has_fields(cls):
            return False
        fact = containers[0]
        annotated = fact.annotation and fact.annotation.rpartition(".")[2] != "ClassVar"
        if annotated and self._may_have_fields(cls):
            return False
        changes = [c for c in self._facts.calls if self._changes_attribute(c, cls, fact)]
        if any(self._runs_later(call.context, call.scope) for call in changes):
            return True
        inherited = any(
            fact.name in self._project.classes.own(base)
            for base in self._project.classes.ancestry(cls).classes
        )
        waits = (
            self._values.waits(self._module.path, fact)
            and not changes
            and fact.name.startswith("_")
        )
        return waits and not inherited and not _is_constant(fact.name, body)

    def _may_have_fields(self, cls: Class) -> bool:
        """Whether a base that nobody knows may make fields of what a class body annotates.

        Of the standard library only those do that `Values.has_fields` knows.
        """
        ancestry = self._project.classes.ancestry(cls)
        packages = {base.partition(".")[0] for base in ancestry.outside}
        known = {*sys.stdlib_module_names, "typing_extensions"}
        return bool(ancestry.unknown) or not packages <= known

    def _changes_attribute(self, call: Call, cls: Class, fact: Assignment) -> bool:
        receiver = call.callee.partition(".")[0]
        if not _changes(call, f"{receiver}.{fact.name}") and not _changes(
            call, f"{receiver}.__class__.{fact.name}"
        ):
            return False
        function = self._functions.get(call.root_scope)
        if function is not None:
            return function.scope == fact.scope  # the first parameter of a method
        return receiver == cls.definition.name and call.root_scope == cls.definition.scope

    # Of functions

    def _cached(self) -> Iterator[_Shared]:
        for function in self._facts.functions:
            # What a function defines is another one for each call.
            if function.context & (_NOT_RUN | Context.FUNCTION) or not self._takes_nothing(
                function
            ):
                continue
            leads = (
                self._project.used(self._module.path, function.scope, decorator, function.start)
                for decorator in function.decorators
                if decorator
            )
            if any(end.where in _CACHES for led in leads for end in led.dead_ends):
                name = self._project.qualified(self._module, function.scope, function.name)
                yield _Shared("cache", name, function.span, function.start)

    def _takes_nothing(self, function: Function) -> bool:
        method = self._facts.scopes[function.scope].kind == "class"
        static = any(d.rpartition(".")[2] == "staticmethod" for d in function.decorators)
        return len(function.parameters) == (1 if method and not static else 0)

    def _named(self, form: str, fact: Assignment) -> _Shared:
        name = self._project.qualified(self._module, fact.scope, fact.name)
        return _Shared(form, name, fact.span, (fact.statement_line, fact.statement_column))


def _is_not_run(fact: Assignment) -> bool:
    """Whether an assignment stands in for a failed import, or an import never runs it.

    In a function, where errors of all kinds are handled, only a constant stands in for a module.
    """
    if fact.context & Context.FUNCTION and fact.value not in ("none", "constant"):
        return bool(fact.context & _NOT_RUN & ~Context.FALLBACK)
    return bool(fact.context & _NOT_RUN)


def _is_of_class(method: Function) -> bool:
    """Whether a method gets the class, or nothing, and no instance."""
    first = method.parameters[0][0] if method.parameters else ""
    decorators = {decorator.rpartition(".")[2] for decorator in method.decorators}
    return (
        first in _CLASS_PARAMETERS
        or method.name in ("__new__", "__init_subclass__")
        or not decorators.isdisjoint(("classmethod", "staticmethod"))
    )


def _changes(call: Call, container: str) -> bool:
    """Whether a call changes what the dotted name `container` is bound to."""
    owner, _, method = call.callee.rpartition(".")
    return owner == container and method in CHANGES


def _is_constant(name: str, facts: list[Assignment]) -> bool:
    """Whether a name is that of a constant: UPPER_CASE (PEP 8), or annotated ``Final``."""
    return name.isupper() or any(f.annotation.rpartition(".")[2] == "Final" for f in facts)
