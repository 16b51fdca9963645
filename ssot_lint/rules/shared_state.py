from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from ssot_lint.options import PATTERNS, choices, option
from ssot_lint.patterns import Pattern, Words
from ssot_lint.project import Module, Project
from ssot_lint.rule import Outcome, Rule
from ssot_lint.sharing import FORMS, Values, shared

_WHAT = {
    "instance": "is one instance for all users",
    "global": "is rebound by functions for all users",
    "container": "is one container for all users",
    "singleton": "keeps one instance for all users",
    "cache": "keeps its first result for all users",
    "class-attribute": "is one container for all instances of the class",
}


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
        choices(*FORMS), "The forms that are reported; all by default.", default=FORMS
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
            for each in shared(project, module, values, self.forms):
                if not self._may_share(module, each.name):
                    message = f"{each.name} {_WHAT[each.form]}: give each user their own"
                    yield self.violation(module.path, each.span, each.name, message, each.statement)

    def _may_share(self, module: Module, name: str) -> bool:
        whole = f"{module.name}.{name}"
        return any(p.matches(name) or p.matches(whole) for p in self.allow)
