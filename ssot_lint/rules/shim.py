from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

from ssot_lint.advice import idle_modules, missing_home
from ssot_lint.facts import ShimMark
from ssot_lint.forwarding import Forwarding
from ssot_lint.model import TOP, Remark, SourceFile
from ssot_lint.options import DATE, FLAG, PATH, PATTERNS, option
from ssot_lint.patterns import Pattern, Words
from ssot_lint.project import Module, Project
from ssot_lint.rule import Outcome, Rule


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
                yield from self._judge_end(module)
                forwarding = Forwarding(project, module, self.home, self.helpers, self.adapters)
                for fault in (*forwarding.surplus(), *forwarding.silence()):
                    subject, message, span, statement = fault
                    yield self.violation(module.path, span, subject, message, statement)

    def _judge_end(self, module: Module) -> Iterator[Outcome]:
        last = self.remove_after or _date_of(module.facts.shim)
        if last is None:
            message = (
                "a shim without an end: give the rule 'remove_after', or the module a first line "
                f"'{ShimMark(self.home, '2027-03-31')}'"
            )
        elif self.today > last:
            message = f"a shim that was to be removed after {last}: remove it"
        else:
            return
        yield self.violation(module.path, TOP, "remove-after", message)

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


def _date_of(mark: ShimMark | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(mark.remove_after) if mark else None
    except ValueError:
        return None  # of a month with fewer days
