"""What one file writes: the absolute dotted paths that its names stand for, by that file alone.

Follows the file's imports and its aliases, and stops where another file would have to be asked.
Every path is spelled in the file, but for the package that a relative import starts from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ssot_lint.facts import Alias, Call, Context, Import, Use
from ssot_lint.project.bindings import BUILTINS, END, Bindings, Position


class _Name(NamedTuple):
    """`dotted`, whose first part a scope binds before a position.

    A scope of -1 means the module, a star import of it, or a built-in name.
    """

    scope: int
    dotted: str
    before: Position


class Written:
    """The names of one file; `module` is its own name, "" for none.

    `absolute` gives the module that an import names (None: relative to nowhere); `star_binds` tells
    whether a star import of a module brings a name (None: nobody knows).
    """

    def __init__(
        self,
        bindings: Bindings,
        module: str,
        absolute: Callable[[Import], str | None],
        star_binds: Callable[[str, str], bool | None],
    ) -> None:
        self._bindings = bindings
        self._module = module
        self._absolute = absolute
        self._star_binds = star_binds

    def of(self, fact: Call | Use | Alias) -> frozenset[str]:
        """The absolute paths of what is called, used or given another name.

        One for each branch of a condition; none for what is no name of a module.
        """
        if isinstance(fact, Call):
            dotted = fact.callee
        else:
            dotted = fact.chain if isinstance(fact, Use) else fact.target
        before = fact.start if fact.root_scope == fact.scope else END
        return self._paths(fact.root_scope, dotted, before)

    def used(self, scope: int, dotted: str, before: Position = END) -> frozenset[str]:
        """The same of a name that is used in a scope, before a position."""
        seen = self._bindings.seen(dotted.partition(".")[0], scope, before)
        return self._paths(seen.scope or -1, dotted, seen.before) if seen else frozenset()

    def _paths(self, scope: int, dotted: str, before: Position) -> frozenset[str]:
        stack, seen, found = [_Name(scope, dotted, before)], set[_Name](), set[str]()
        while stack:
            name = stack.pop()
            if name not in seen:
                seen.add(name)
                for followed in self._step(name):
                    if isinstance(followed, str):
                        found.add(followed)
                    else:
                        stack.append(followed)
        return frozenset(found)

    def _step(self, name: _Name) -> Iterator[str | _Name]:
        """Where a name leads by the bindings that may hold, latest first."""
        root, dot, rest = name.dotted.partition(".")
        settled: Position | None = None
        bound = False
        for fact in self._bindings.of(max(name.scope, 0), root, name.before):
            if settled not in (None, fact.start):
                break
            if isinstance(fact, Import):
                target, certain = self._imported(fact, root)
                if target is not None:
                    yield target + dot + rest
                if not certain:
                    continue
            elif isinstance(fact, Alias):
                before = fact.start if fact.root_scope == fact.scope else END
                yield _Name(fact.root_scope, fact.target + dot + rest, before)
            elif self._module:
                yield f"{self._module}.{self._bindings.qualified(fact.scope, fact.name)}{dot}{rest}"
            bound = True
            if not fact.context & Context.CONDITIONAL:
                settled = fact.start
        if name.scope < 0 and not bound and root in BUILTINS:
            yield f"builtins.{name.dotted}"

    def _imported(self, fact: Import, root: str) -> tuple[str | None, bool]:
        """What `root` stands for if an import binds it, and whether it certainly does."""
        target = self._absolute(fact)
        if target is None:
            return None, fact.name != "*"
        if fact.name == "*":
            brings = self._star_binds(target, root)
            return (None if brings is False else f"{target}.{root}"), brings is True
        if fact.name is not None:
            return f"{target}.{fact.name}", True
        return (target if fact.alias else root), True
