from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar, Literal

from ssot_lint.advice import idle_modules, missing_home
from ssot_lint.deprecation import Deprecation
from ssot_lint.facts import Alias, Call, Context, Definition, Function, Import, ShimMark
from ssot_lint.model import TOP, Remark, SourceFile
from ssot_lint.options import DATE, FLAG, PATH, PATTERNS, option
from ssot_lint.patterns import Pattern, Words, covers
from ssot_lint.project import Module, Project
from ssot_lint.rule import Outcome, Rule

_TOOLS = (
    *("__future__", "collections.abc", "functools", "importlib", "inspect", "sys", "types"),
    *("typing", "typing_extensions", "warnings"),
)
"""Modules of the standard library (and its backport) that only help to forward and to warn."""
_HOOKS = frozenset({"__getattr__", "__dir__"})
_NOT_IMPORTED = Context.SCRIPT | Context.TYPE_CHECKING
"""Contexts that an import of the module does not run."""
_ADVICE = "call warnings.warn(..., DeprecationWarning)"


@dataclass(frozen=True, kw_only=True)
class Shim(Rule):
    """A compatibility module that does more than re-export, does not warn, or outlived its date.

    What it does
        Judges the modules that `modules` names. Each may import from `home`, give its names other
        names, forward by a module ``__getattr__`` (PEP 562) or a subclass of ``ModuleType``, and
        warn. Reports everything else in it: imports from elsewhere, classes, functions, public
        values, and calls when it is imported. With `adapters`, functions may stay that do nothing
        but call something of the home and hand on its result.
        Reports a module that re-exports something and does not warn, in one call for the whole
        module or in ``__getattr__``: ``warnings.warn`` with ``DeprecationWarning`` or a class that
        inherits from it, also by a private function of the module that does so. Each adapter must
        warn if the module itself does not, by such a call or by the decorator ``deprecated`` of
        ``warnings`` or ``typing_extensions``.
        Reports a module that is still there on the day (UTC) after `remove_after`; without that
        option, on the day after the date in its first line, as ``ssot-lint shim create`` writes it:
        ``# ssot-shim: shop.orders remove-after: 2027-03-31``. One without either is reported, too.
        Left alone: the home itself, imports for type checkers only, private values, stubs, the
        modules of Python that help to forward and to warn (``warnings``, ``typing``,
        ``importlib``, ...), and ``None`` as a stand-in in an ``except ImportError``.

    Why
        A shim that holds logic is a second home, one that is silent is used for ever, and one
        without a date is never removed.

    Instead of
        ``from shop.orders import Order`` and ``def total(order): ...`` in ``shop/legacy.py``

    Write
        What ``ssot-lint shim create shop.legacy shop.orders`` writes; or ``from shop.orders import
        Order, total`` and ``warnings.warn("use shop.orders", DeprecationWarning, stacklevel=2)``

    Options
        `home` is a definition, a module or a package: what lies below it counts, and so does what
        leads there through other shims.
        `helpers` are functions or modules of yours that make shims: whatever they name may be
        imported and called, and a call (or a decorator) of theirs counts as a warning.
        `remove_after` counts for all modules, whatever their first lines say.
        An entry of `examples` is judged as the first of `modules`.

    Subject
        The name of what is too much: the absolute path as imported (``m.N``, ``m`` or ``m.*``), or
        the name defined or called. ``no-warning``, or ``no-warning.NAME`` for an adapter.
        ``remove-after`` for the date.

    What a fix may break
        Users whose tests turn warnings into errors. ``mock.patch`` of a shim's name changes
        nothing for those who use the home, unless the shim sets there what is set in it, as
        generated ones do.
    """

    code: ClassVar[str] = "SOT301"
    kind: ClassVar[str] = "shim"
    scope: ClassVar[Literal["file", "project"]] = "file"
    unit: ClassVar[str] = "faults"

    modules: tuple[Pattern, ...] = option(PATTERNS, "Patterns on the names of shims.")
    home: str = option(PATH, "The dotted path from which they re-export.")
    remove_after: datetime.date | None = option(
        DATE, "The last day (UTC) on which they may exist; else each says so itself.", default=None
    )
    adapters: bool = option(
        FLAG, "Whether functions that only call something of the home may stay.", default=False
    )
    helpers: tuple[Pattern, ...] = option(
        PATTERNS, "Patterns on dotted paths of what forwards or warns for shims.", default=()
    )
    allow: tuple[Pattern, ...] = option(
        PATTERNS, "Patterns on module names that are no shims after all.", default=()
    )
    today: datetime.date = field(default=datetime.date.min)

    def as_of(self, today: datetime.date) -> Shim:
        return replace(super().as_of(today), today=today)

    def homes(self) -> Iterator[str]:
        yield self.home

    def words(self) -> Words:
        """None are needed: which modules are shims is said by their names."""
        return Words()

    def example(self, source: str) -> tuple[SourceFile, str]:
        name = self.modules[0].text.replace("**", "x").replace("*", "x")
        path = f"{name.replace('.', '/')}.py"
        return SourceFile(path, name, name.rpartition(".")[0]), source

    def check(self, project: Project) -> Iterator[Outcome]:
        for module in self._shims(project):
            if not module.facts.trouble:
                yield from _Judge(self, project, module).outcomes()

    def _shims(self, project: Project) -> Iterator[Module]:
        for file in project.in_scope(self):
            if file.module and not file.is_stub and self._is_shim(file.module):
                module = project.read(file)
                if not project.holds(module, self.home):
                    yield module

    def _is_shim(self, name: str) -> bool:
        return any(p.matches(name) for p in self.modules) and not any(
            p.matches(name) for p in self.allow
        )

    def broken(self, project: Project) -> Iterator[tuple[str, str]]:
        if problem := missing_home(project, self.home):
            yield "home", problem

    def idle(self, project: Project) -> Iterator[Remark]:
        yield from idle_modules(project, "modules", self.modules)
        names = [file.module for file in project.in_scope(self) if file.module is not None]
        caught = [name for name in names if any(p.matches(name) for p in self.modules)]
        for allowed in self.allow:
            if not any(allowed.matches(name) for name in caught):
                message = f"'{allowed}' excepts nothing: no module of that name is caught"
                yield Remark("allow", message)


class _Judge:
    """What is wrong with one shim."""

    def __init__(self, rule: Shim, project: Project, module: Module) -> None:
        self._rule = rule
        self._project = project
        self._module = module
        self._facts = module.facts
        self._written = project.written(module)
        self._deprecation = Deprecation(project, module, rule.helpers)

    def outcomes(self) -> Iterator[Outcome]:
        yield from self._end()
        yield from self._surplus_imports()
        yield from self._surplus_definitions()
        yield from self._surplus_aliases()
        yield from self._surplus_calls()
        yield from self._silence()

    def _end(self) -> Iterator[Outcome]:
        last = self._rule.remove_after or _date_of(self._facts.shim)
        if last is None:
            message = (
                "a shim without an end: give the rule 'remove_after', or the module a first line "
                f"'{ShimMark(self._rule.home, '2027-03-31')}'"
            )
        elif self._rule.today > last:
            message = f"a shim that was to be removed after {last}: remove it"
        else:
            return
        yield self._rule.violation(self._module.path, TOP, "remove-after", message)

    def _surplus_imports(self) -> Iterator[Outcome]:
        for fact in self._facts.imports:
            target = self._module.target(fact)
            if target is not None and not self._may_import(fact, target.removesuffix(".*")):
                message = f"import of {target}, which is not of {self._rule.home}"
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
        return (self._rule.home, *(p.text for p in self._rule.helpers if p.literal))

    def _surplus_definitions(self) -> Iterator[Outcome]:
        for fact in self._facts.definitions:
            start = (fact.statement_line, fact.statement_column)
            if fact.scope or fact.context & _NOT_IMPORTED or self._may_define(fact):
                continue
            noun = {"function": "function", "assignment": "value"}.get(fact.kind, "class")
            if noun == "function" and self._rule.adapters:
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
        if not self._rule.adapters or not function.delegate or function.is_generator:
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

    def _surplus_aliases(self) -> Iterator[Outcome]:
        for fact in self._facts.aliases:
            hidden = fact.scope or fact.name.startswith("_")
            if hidden or fact.context & _NOT_IMPORTED:
                continue
            if not self._leads_home(self._written.of(fact)):
                message = f"value {fact.name} from elsewhere"
                yield self._too_much(fact, fact.name, message, fact.start)

    def _surplus_calls(self) -> Iterator[Outcome]:
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
    ) -> Outcome:
        text = f"a shim only re-exports {self._rule.home}; {message}"
        return self._rule.violation(self._module.path, fact.span, subject, text, start)

    def _silence(self) -> Iterator[Outcome]:
        """What is missing of warnings."""
        warning = {self._deprecation.around(c.scope) for c in self._deprecation.warnings}
        if warning & ({0} | self._forwarding):
            return
        hooks = {f.body for f in self._functions if f.name in _HOOKS}
        if self._re_exports and not warning & hooks:
            message = f"the shim does not warn; {_ADVICE}"
            yield self._rule.violation(self._module.path, TOP, "no-warning", message)
            return
        for function in self._functions:
            if function.name in _HOOKS or not self._is_adapter(function):
                continue
            if function.body not in warning and not self._deprecation.is_marked(function):
                yield self._rule.violation(
                    self._module.path,
                    function.span,
                    f"no-warning.{function.name}",
                    f"adapter {function.name} does not warn; {_ADVICE}",
                    function.start,
                )

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
        if covers(self._rule.home, path):
            return True
        origins = self._project.resolve(path).origins if path else ()
        return bool(origins) and all(covers(self._rule.home, o.dotted) for o in origins)


def _date_of(mark: ShimMark | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(mark.remove_after) if mark else None
    except ValueError:
        return None  # of a month with fewer days


def _forwards(definition: Definition) -> bool:
    """Whether a class is a kind of module, which stands in ``sys.modules`` for the shim."""
    return any(base.rpartition(".")[2] == "ModuleType" for base in definition.bases)
