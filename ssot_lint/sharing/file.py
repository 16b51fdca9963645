"""What a file binds to names, and what of it may change after the file is imported."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from ssot_lint.facts import Assignment, Call, Context
from ssot_lint.model import Span
from ssot_lint.project import Module, Project
from ssot_lint.sharing.values import CHANGES, Values

NOT_RUN = Context.TYPE_CHECKING | Context.FALLBACK | Context.SCRIPT


class Shared(NamedTuple):
    """A name that is shared; `name` is qualified within its module."""

    form: str
    name: str
    span: Span
    statement: tuple[int, int]


class File:
    """Answers for one file, whichever form of shared state is asked for."""

    def __init__(self, project: Project, module: Module, values: Values) -> None:
        self.project = project
        self.module = module
        self.facts = module.facts
        self.values = values

    @cached_property
    def bound(self) -> dict[tuple[int, str], list[Assignment]]:
        """The assignments of every name of the module and its classes that may count."""
        found: dict[tuple[int, str], list[Assignment]] = {}
        for fact in self.facts.assignments:
            dunder = fact.name.startswith("__") and fact.name.endswith("__")
            if not dunder and fact.name != "_" and not _is_not_run(fact):
                found.setdefault((fact.scope, fact.name), []).append(fact)
        return found

    def named(self, form: str, fact: Assignment) -> Shared:
        """What an assignment binds, as shared in a form."""
        name = self.project.qualified(self.module, fact.scope, fact.name)
        return Shared(form, name, fact.span, (fact.statement_line, fact.statement_column))

    def runs_later(self, context: int, scope: int) -> bool:
        """Whether what stands in a scope may run after the import."""
        if not context & Context.FUNCTION:
            return False
        scopes = self.facts.scopes
        while scopes[scope].parent:
            scope = scopes[scope].parent
        # A class that is called at import has methods that are called later.
        return scopes[scope].kind == "class" or scopes[scope].name not in self._only_at_import

    @cached_property
    def _only_at_import(self) -> frozenset[str]:
        """The functions of the module that the file calls, and only when it is imported."""
        calls = [call for call in self.facts.calls if not call.root_scope]
        at_import = {call.callee for call in calls if not call.context & Context.FUNCTION}
        return frozenset(at_import - {c.callee for c in calls if c.context & Context.FUNCTION})


def _is_not_run(fact: Assignment) -> bool:
    """Whether an assignment stands in for a failed import, or an import never runs it.

    In a function, where errors of all kinds are handled, only a constant stands in for a module.
    """
    if fact.context & Context.FUNCTION and fact.value not in ("none", "constant"):
        return bool(fact.context & NOT_RUN & ~Context.FALLBACK)
    return bool(fact.context & NOT_RUN)


def changes(call: Call, container: str) -> bool:
    """Whether a call changes what the dotted name `container` is bound to."""
    owner, _, method = call.callee.rpartition(".")
    return owner == container and method in CHANGES


def is_constant(name: str, facts: list[Assignment]) -> bool:
    """Whether a name is that of a constant: UPPER_CASE (PEP 8), or annotated ``Final``."""
    return name.isupper() or any(f.annotation.rpartition(".")[2] == "Final" for f in facts)
