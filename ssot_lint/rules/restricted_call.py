from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import ClassVar, Literal

from ssot_lint.advice import instead, missing_home
from ssot_lint.model import Remark
from ssot_lint.options import PATH, PATHS, PATTERNS, option
from ssot_lint.patterns import Pattern, Words, ancestors, covers
from ssot_lint.project import Project
from ssot_lint.references import Reference, References
from ssot_lint.rule import Outcome, Rule

_SHOWN = 3
"""Places that a message names."""


@dataclass(frozen=True, kw_only=True)
class RestrictedCall(Rule):
    """A call, an instantiation or a read that is allowed only in given places, or in none.

    What it does
        Reports every call of what `calls` names, or of what lies below it, where the rule judges:
        functions, classes and their methods, also as a decorator. Reports every mention of what
        `reads` names: attribute chains (``os.environ.get``), and imports that bring it
        (``from os import environ``, then not its uses again; a star import of a module that binds
        it). Names are followed through imports, aliases and re-exports: what leads to the same
        definition is the same. A path need not be part of the project; a built-in function is
        ``builtins.open``.
        Left alone: what is restricted itself may use itself, imports for type checkers only, and
        what stands inside ``raises(ImportError)``.

    Why
        A second manager loses events; a second logger misses the request's number; a setting that
        is read from the environment in forty places cannot be changed in one.

    Instead of
        ``OrderBook()`` or ``os.environ["SHOP"]`` anywhere.

    Write
        ``get_order_book()``, and ``OrderBook()`` in the body of that function only.

    Options
        Who may do it is said as in every rule: `allow_in` (module patterns) and `exclude` (file
        globs), or all but `paths` (file globs). `allow_within` is finer: functions and classes, as
        ``shop.orders.factory.get_order_book``. The module of `home` may, too; and `home` itself is
        never restricted, so that it may be a method of a class that is (``OrderBook.of``).
        A path that a file reaches by another last name is followed only if the file itself gives
        it that name (``from logging import getLogger as g``, ``g = logging.getLogger``). Where
        another module gives it (``from shop.compat import g``), list that path as well.
        A function that is handed on without being called (``map(OrderBook, rows)``) is no call; to
        report it, list it under `reads`, too. A place is reported once.

    Subject
        The absolute path as the file writes it: ``m.N`` for ``from m import N as x; x()``.

    What a fix may break
        The place that is allowed may do more than the call: a factory that hands out one instance
        to all, where there was one for each.
    """

    code: ClassVar[str] = "SOT402"
    kind: ClassVar[str] = "restricted-call"
    scope: ClassVar[Literal["file", "project"]] = "file"
    unit: ClassVar[str] = "references"

    calls: tuple[str, ...] = option(
        PATHS, "Dotted paths of what only some places may call.", default=()
    )
    reads: tuple[str, ...] = option(
        PATHS, "Dotted paths of what only some places may mention.", default=()
    )
    home: str = option(PATH, "The dotted path of what to use instead.", default="")
    allow: tuple[Pattern, ...] = option(
        PATTERNS, "Patterns on dotted paths that may be used all the same.", default=()
    )
    allow_within: tuple[Pattern, ...] = option(
        PATTERNS, "Functions and classes, as dotted paths, whose bodies may do it.", default=()
    )

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if not (self.calls or self.reads):
            yield "", "one of 'calls' and 'reads' is required"
        if self.home in self._restricted:
            yield "home", f"'{self.home}' is restricted itself"

    def homes(self) -> Iterator[str]:
        if self.home:
            yield self.home

    def words(self) -> Words:
        """The last component of each path.

        Whoever writes the path spells it, but for relative imports inside of what is restricted,
        which is left alone. A star import may bring what is read without spelling it.
        """
        words = Words.of(*({path.rpartition(".")[2]} for path in self._restricted))
        return replace(words, stars=bool(self.reads))

    def check(self, project: Project) -> Iterator[Outcome]:
        for caught in self._caught(project):
            if not (
                self._is_home(caught.path)
                or self._excepts(self.allow, caught.path)
                or self._excepts(self.allow_within, caught.place)
            ):
                message = f"{caught.noun} {caught.path} is not allowed here{self._places}"
                if self.home:
                    message += f"; {instead(project, self.home)}"
                yield self.violation(
                    caught.module.path, caught.span, caught.path, message, caught.statement
                )

    def _is_home(self, path: str) -> bool:
        return bool(self.home) and covers(self.home, path)

    @staticmethod
    def _excepts(patterns: Iterable[Pattern], path: str) -> bool:
        return any(p.matches(above) for p in patterns for above in ancestors(path))

    @cached_property
    def _restricted(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.calls, *self.reads)))

    def _caught(self, project: Project) -> Iterator[Reference]:
        """What violates, but for `allow` and `allow_within`: each place once, reads first."""
        references = References(project, self.calls, self.reads)
        for module in project.judged(self):
            if not (self.home and project.holds(module, self.home)):
                found: dict[tuple[int, int], Reference] = {}
                for caught in chain(references.reads(module), references.calls(module)):
                    found.setdefault(caught.span[:2], caught)
                yield from found.values()

    @cached_property
    def _places(self) -> str:
        """Where it is allowed, in words; "" if nowhere, or if the rule does not say."""
        places = [str(pattern) for pattern in (*self.allow_within, *self.allow_in)]
        places += self.exclude.lines if self.exclude is not None else ()
        if not places:
            return ""
        more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
        return f"; only in {', '.join(places[:_SHOWN])}{more}"

    def broken(self, project: Project) -> Iterator[tuple[str, str]]:
        if self.home and (problem := missing_home(project, self.home)):
            yield "home", problem

    def idle(self, project: Project) -> Iterator[Remark]:
        for option_name, paths in (("calls", self.calls), ("reads", self.reads)):
            for path in paths:
                resolution = project.resolve(path)
                if any(end.why.startswith("missing") for end in resolution.dead_ends):
                    yield Remark(option_name, f"'{path}' does not exist below the roots")
        if self.allow or self.allow_within:
            caught = list(self._caught(project))
            for allowed in self.allow:
                if not any(self._excepts([allowed], each.path) for each in caught):
                    yield Remark("allow", f"'{allowed}' excepts nothing: nothing such is caught")
            for allowed in self.allow_within:
                if not any(self._excepts([allowed], each.place) for each in caught):
                    yield Remark("allow_within", f"'{allowed}' excepts nothing: nothing is there")
