"""Whether a class inherits from another, wherever the two are defined."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from ssot_lint.project.bindings import BUILTINS
from ssot_lint.project.classes import Class, Classes
from ssot_lint.project.resolution import Origin
from ssot_lint.project.resolver import Resolver

if TYPE_CHECKING:
    from ssot_lint.inference import Inferred


class Inherits(NamedTuple):
    """Whether a class inherits from another.

    ``maybe``: in one branch of a condition, not in all. ``unknown``: `gaps` cannot be known, which
    are dotted paths, files that cannot be read, and the class itself for a base without a name.
    """

    answer: Literal["yes", "maybe", "no", "unknown"]
    gaps: tuple[str, ...] = ()


class _Target(NamedTuple):
    """A base that is asked for: origins in the project, or dotted paths outside, by all names."""

    base: str
    origins: frozenset[Origin]
    outside: frozenset[str]


class Inheritance:
    """Asks the facts of the project first, and inference only where the answer depends on it.

    `infer` is `Inference.infer`, or what answers like it.
    """

    def __init__(
        self, resolver: Resolver, classes: Classes, infer: Callable[[str], Inferred | None]
    ) -> None:
        self._resolver = resolver
        self._classes = classes
        self._infer = infer
        self._target = lru_cache(maxsize=None)(self._target_of)
        self.inherits = lru_cache(maxsize=None)(self._inherits)

    def _target_of(self, base: str) -> _Target:
        if base in BUILTINS:
            base = f"builtins.{base}"
            return _Target(base, frozenset(), frozenset({base}))
        resolution = self._resolver.path(base)
        outside = {end.where for end in resolution.dead_ends if end.why == "outside"}
        return _Target(base, resolution.origins, frozenset(outside))

    def _inherits(self, cls: Class, base: str) -> Inherits:
        """Whether a class inherits, at any distance, from the class at the dotted path `base`.

        A built-in class may go without its module. A class does not inherit from itself.
        """
        target = self._target(base)
        ancestry = self._classes.ancestry(cls)
        inside = {each.origin for each in ancestry.classes} | ancestry.others
        reached: set[Origin | str] = {*(target.origins & inside)}
        reached |= target.outside & ancestry.outside
        gaps = [origin.dotted for origin in sorted(ancestry.others)]
        gaps += [end.where for end in sorted(ancestry.unknown)]
        for path in () if reached else sorted(ancestry.outside):
            answer = self._leads_to(path, target)
            if answer is None:
                gaps.append(path)
            elif answer:
                reached.add(path)
        if reached:
            return Inherits("maybe" if reached.isdisjoint(ancestry.certain) else "yes")
        told = self._is_told(cls, target) if gaps else False
        if told is None:
            return Inherits("unknown", tuple(gaps))
        return Inherits("yes" if told else "no")

    def _leads_to(self, path: str, target: _Target) -> bool | None:
        """Whether what is imported from outside is, or inherits from, the target."""
        package, _, name = path.partition(".")
        if package == "builtins":
            return any(_builtin_inherits(name, other) for other in target.outside)
        if target.outside:
            return self._among(self._infer(path), target)
        # No library inherits from the project; but a function may give back what it was given.
        if path.rpartition(".")[2][:1].isupper():
            return False
        inferred = self._infer(path)
        return False if inferred is not None and inferred.what == "class" else None

    def _is_told(self, cls: Class, target: _Target) -> bool | None:
        """What inference says of the class itself, with the calls among its bases."""
        if not cls.origin.module or "<locals>" in cls.origin.name:
            return None
        return self._among(self._infer(cls.origin.dotted), target)

    def _among(self, inferred: Inferred | None, target: _Target) -> bool | None:
        if inferred is None or inferred.what != "class":
            return None
        names = {target.base, *(origin.dotted for origin in target.origins)}
        if not names.isdisjoint(inferred.names):
            return True
        base = self._infer(target.base) if target.outside else None
        if base is not None and base.names[:1] and base.names[0] in inferred.names:
            return True
        if not inferred.complete:
            return None
        # Not installed, so not under another name either, unless in a package of its own.
        strange = target.outside and base is None
        return None if strange and _packages({target.base}) & _packages(inferred.names) else False


def _packages(names: Iterable[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def _builtin_inherits(name: str, other: str) -> bool:
    package, _, base = other.partition(".")
    parent = getattr(builtins, base, None) if package == "builtins" else None
    child = getattr(builtins, name, None)
    return isinstance(child, type) and isinstance(parent, type) and issubclass(child, parent)
