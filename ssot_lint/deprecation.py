"""Which calls and decorators of a file warn that it is deprecated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from ssot_lint.facts import Call, Function
from ssot_lint.patterns import Pattern, ancestors
from ssot_lint.project import Module, Project, Written

_WARNERS = frozenset({"warnings.warn", "warnings.warn_explicit"})
_DECORATORS = frozenset({"warnings.deprecated", "typing_extensions.deprecated"})


@dataclass(frozen=True)
class Deprecation:
    """The warnings of one file; whatever `helpers` name warns, too."""

    project: Project
    module: Module
    helpers: tuple[Pattern, ...]

    @cached_property
    def warnings(self) -> tuple[Call, ...]:
        """The calls that warn, directly or by a private function of the module."""
        return tuple(
            call
            for call in self.module.facts.calls
            if self._warns(call) or (call.root_scope == 0 and call.callee in self.own)
        )

    @cached_property
    def own(self) -> frozenset[str]:
        """The private functions of the module that warn directly."""
        within = {self.around(c.scope) for c in self.module.facts.calls if self._warns(c)}
        return frozenset(
            function.name
            for function in self.module.facts.functions
            if function.scope == 0 and function.body in within
            if function.name.startswith("_") and not function.name.startswith("__")
        )

    @cached_property
    def categories(self) -> frozenset[str]:
        """The names in the file by which its warnings reach their categories."""
        return frozenset(
            name.partition(".")[0]
            for call in self.module.facts.calls
            if self._is_warner(call)
            for name in call.names
            if self._is_category(self._written.used(call.scope, name))
        )

    def is_marked(self, function: Function) -> bool:
        """Whether a decorator makes each call of a function warn."""
        return any(
            path in _DECORATORS or self.helps(path)
            for decorator in function.decorators
            for path in (self._written.used(function.scope, decorator) if decorator else ())
        )

    def helps(self, path: str) -> bool:
        """Whether a dotted path is one of the helpers, or lies below one."""
        return any(p.matches(above) for p in self.helpers for above in ancestors(path))

    def around(self, scope: int) -> int:
        """The class or function at module level that a scope is or lies in; 0: none."""
        scopes = self.module.facts.scopes
        while scope and scopes[scope].parent:
            scope = scopes[scope].parent
        return scope

    @cached_property
    def _written(self) -> Written:
        return self.project.written(self.module)

    def _warns(self, call: Call) -> bool:
        if any(map(self.helps, self._written.of(call))):
            return True
        if self._is_warner(call):
            named = (self._written.used(call.scope, name) for name in call.names)
            return any(map(self._is_category, named)) or self._makes_warning(call)
        # ``__getattr__ = partial(helper, ...)``
        given = (self._written.used(0, name) for name in call.names if call.scope == 0)
        return any(self.helps(path) for paths in given for path in paths)

    def _is_warner(self, call: Call) -> bool:
        """Whether ``warnings.warn`` is called, also if a star import brings ``warnings`` again."""
        if not _WARNERS.isdisjoint(self._written.of(call)):
            return True
        leads = self.project.used(self.module.path, call.scope, call.callee, call.start)
        return any(end.where in _WARNERS for end in leads.dead_ends)

    def _makes_warning(self, call: Call) -> bool:
        """``warnings.warn(DeprecationWarning("..."))``: the category is called, not named."""
        return any(
            other.scope == call.scope
            and other.start > call.start
            and self._is_category(self._written.of(other))
            for other in self.module.facts.calls
        )

    def _is_category(self, paths: Iterable[str]) -> bool:
        """Whether one of the paths leads to ``DeprecationWarning``, or to what inherits from it."""
        for path in paths:
            origins = self.project.resolve(path).origins
            classes = (cls for origin in origins for cls in self.project.classes.at(origin))
            ancestors_outside = (self.project.classes.ancestry(cls).outside for cls in classes)
            if any(map(_is_named_so, chain([path], *ancestors_outside))):
                return True
        return False


def _is_named_so(path: str) -> bool:
    name = path.rpartition(".")[2]
    return name.endswith("DeprecationWarning") and name != "PendingDeprecationWarning"
