"""What a module that is to forward from a home does besides, and whether it warns."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from ssot_lint.deprecation import Deprecation
from ssot_lint.facts import Alias, Call, Context, Definition, Function, Import
from ssot_lint.model import TOP, Span
from ssot_lint.patterns import Pattern, covers
from ssot_lint.project import Module, Project

_TOOLS = (
    *("__future__", "collections.abc", "functools", "importlib", "inspect", "sys", "types"),
    *("typing", "typing_extensions", "warnings"),
)
"""Modules of the standard library (and its backport) that only help to forward and to warn."""
_HOOKS = frozenset({"__getattr__", "__dir__"})
_NOT_IMPORTED = Context.SCRIPT | Context.TYPE_CHECKING
"""Contexts that an import of the module does not run."""
_ADVICE = "call warnings.warn(..., DeprecationWarning)"


class Fault(NamedTuple):
    """What is wrong with a shim; `statement` None: where `span` begins."""

    subject: str
    message: str
    span: Span
    statement: tuple[int, int] | None = None


class Forwarding:
    """Answers for one module; whatever `helpers` name may forward and warn for it.

    With `adapters`, it may have functions that only call something of the home.
    """

    def __init__(
        self,
        project: Project,
        module: Module,
        home: str,
        helpers: tuple[Pattern, ...],
        adapters: bool,
    ) -> None:
        self._project = project
        self._home = home
        self._helpers = helpers
        self._adapters = adapters
        self._module = module
        self._facts = module.facts
        self._written = project.written(module)
        self._deprecation = Deprecation(project, module, helpers)

    def surplus(self) -> Iterator[Fault]:
        """What the module holds that neither forwards nor warns."""
        yield from self._surplus_imports()
        yield from self._surplus_definitions()
        yield from self._surplus_aliases()
        yield from self._surplus_calls()

    def _surplus_imports(self) -> Iterator[Fault]:
        for fact in self._facts.imports:
            target = self._module.target(fact)
            if target is not None and not self._may_import(fact, target.removesuffix(".*")):
                message = f"import of {target}, which is not of {self._home}"
                yield self._too_much(fact, target, message, fact.statement)

    def _may_import(self, fact: Import, path: str) -> bool:
        if fact.context & (_NOT_IMPORTED | Context.EXPECTED_FAILURE):
            return True
        around = self._deprecation.around(fact.scope)
        if around and around not in self._allowed_bodies:
            return True  # what is around it is reported
        if self._is_tool(path) or self._is_home(path):
            return True
        if fact.name != "*" and any(covers(path, each) for each in self._reached_by_attribute):
            return True
        return fact.bound in self._deprecation.categories

    @cached_property
    def _reached_by_attribute(self) -> tuple[str, ...]:
        """What a module that is imported may serve to reach."""
        return (self._home, *(p.text for p in self._helpers if p.literal))

    def _surplus_definitions(self) -> Iterator[Fault]:
        for fact in self._facts.definitions:
            start = (fact.statement_line, fact.statement_column)
            if fact.scope or fact.context & _NOT_IMPORTED or self._may_define(fact):
                continue
            noun = {"function": "function", "assignment": "value"}.get(fact.kind, "class")
            if noun == "function" and self._adapters:
                message = f"function {fact.name} does more than call something of it"
            else:
                message = f"{noun} {fact.name} of its own"
            yield self._too_much(fact, fact.name, message, start)

    def _may_define(self, fact: Definition) -> bool:
        if fact.kind == "function":
            functions = (f for f in self._functions if f.start == fact.start)
            return all(f.body in self._allowed_bodies for f in functions)
        if fact.kind == "assignment":
            return fact.name.startswith("_") or fact.start in self._harmless_values
        return _forwards(fact)

    @cached_property
    def _functions(self) -> tuple[Function, ...]:
        return tuple(f for f in self._facts.functions if f.scope == 0)

    @cached_property
    def _allowed_bodies(self) -> frozenset[int]:
        """The scopes of the functions and classes of the module that a shim may have."""
        own = self._deprecation.own
        functions = {
            f.body
            for f in self._functions
            if f.name in _HOOKS or f.name in own or self._is_adapter(f)
            or any(d.rpartition(".")[2] == "overload" for d in f.decorators)
        }  # fmt: skip
        return frozenset(functions | self._forwarding)

    @cached_property
    def _forwarding(self) -> frozenset[int]:
        """The scopes of the classes that forward what the module is asked for."""
        names = {d.name for d in self._facts.definitions if d.scope == 0 and _forwards(d)}
        return frozenset(
            index
            for index, scope in enumerate(self._facts.scopes)
            if (scope.kind, scope.parent) == ("class", 0) and scope.name in names
        )

    def _is_adapter(self, function: Function) -> bool:
        if not self._adapters or not function.delegate or function.is_generator:
            return False
        return self._leads_home(self._written.used(function.body, function.delegate))

    @cached_property
    def _harmless_values(self) -> frozenset[tuple[int, int]]:
        """Where names are bound to stand-ins for a missing home, or to what a helper makes."""
        return frozenset(
            a.start
            for a in self._facts.assignments
            if (a.value == "none" and a.context & Context.FALLBACK)
            or (a.callee and any(map(self._deprecation.helps, self._written.used(0, a.callee))))
        )

    def _surplus_aliases(self) -> Iterator[Fault]:
        for fact in self._facts.aliases:
            hidden = fact.scope or fact.name.startswith("_")
            if hidden or fact.context & _NOT_IMPORTED:
                continue
            if not self._leads_home(self._written.of(fact)):
                message = f"value {fact.name} from elsewhere"
                yield self._too_much(fact, fact.name, message, fact.start)

    def _surplus_calls(self) -> Iterator[Fault]:
        for call in self._facts.calls:
            if call.scope or call.result != "discarded" or call in self._deprecation.warnings:
                continue
            if call.callee.startswith("_") or call.context & _NOT_IMPORTED:
                continue
            paths = self._written.of(call)
            if not any(self._is_tool(p) or p.startswith("builtins.") for p in paths):
                message = f"call of {call.callee} at import"
                yield self._too_much(call, call.callee, message, call.start)

    def _too_much(
        self,
        fact: Import | Definition | Alias | Call,
        subject: str,
        message: str,
        start: tuple[int, int],
    ) -> Fault:
        text = f"a shim only re-exports {self._home}; {message}"
        return Fault(subject, text, fact.span, start)

    def silence(self) -> Iterator[Fault]:
        """What of it does not warn."""
        warning = {self._deprecation.around(c.scope) for c in self._deprecation.warnings}
        if warning & ({0} | self._forwarding):
            return
        hooks = {f.body for f in self._functions if f.name in _HOOKS}
        if self._re_exports and not warning & hooks:
            message = f"the shim does not warn; {_ADVICE}"
            yield Fault("no-warning", message, TOP)
            return
        for function in self._functions:
            if function.name in _HOOKS or not self._is_adapter(function):
                continue
            if function.body not in warning and not self._deprecation.is_marked(function):
                subject = f"no-warning.{function.name}"
                message = f"adapter {function.name} does not warn; {_ADVICE}"
                yield Fault(subject, message, function.span, function.start)

    @cached_property
    def _re_exports(self) -> bool:
        """Whether the module itself, not its functions, gives anything of the home."""
        imported = (
            fact.name == "*" or (not str(fact.bound).startswith("_") and self._brings_home(fact))
            for fact in self._facts.imports
            if fact.scope == 0 and not fact.context & Context.TYPE_CHECKING
        )
        renamed = (a for a in self._facts.aliases if a.scope == 0 and not a.name.startswith("_"))
        return self._facts.has_getattr or any(imported) or any(renamed)

    def _brings_home(self, fact: Import) -> bool:
        return self._is_home(self._module.target(fact) or "")

    def _is_tool(self, path: str) -> bool:
        return self._deprecation.helps(path) or any(covers(tool, path) for tool in _TOOLS)

    def _leads_home(self, paths: frozenset[str]) -> bool:
        return bool(paths) and all(map(self._is_home, paths))

    def _is_home(self, path: str) -> bool:
        """Whether a path is the home's or below it, or leads there."""
        if covers(self._home, path):
            return True
        origins = self._project.resolve(path).origins if path else ()
        return bool(origins) and all(covers(self._home, o.dotted) for o in origins)


def _forwards(definition: Definition) -> bool:
    """Whether a class is a kind of module, which stands in ``sys.modules`` for the shim."""
    return any(base.rpartition(".")[2] == "ModuleType" for base in definition.bases)
