"""Two small kinds that the tests of reading ``rules.yaml`` use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

from ssot_lint.options import MOVED, NAMES, PATH, PATHS, PATTERNS, TEXT, option
from ssot_lint.patterns import Pattern
from ssot_lint.rule import Rule


@dataclass(frozen=True, kw_only=True)
class NoModule(Rule):
    """A module that must not exist."""

    code: ClassVar[str] = "SOT901"
    kind: ClassVar[str] = "no-module"
    scope: ClassVar[Literal["file", "project"]] = "file"
    unit: ClassVar[str] = "files"

    modules: tuple[Pattern, ...] = option(PATTERNS, "Modules that must not exist.")
    allow: tuple[Pattern, ...] = option(PATTERNS, "Modules that may.", default=())


@dataclass(frozen=True, kw_only=True)
class Follow(Rule):
    """What follows another rule."""

    code: ClassVar[str] = "SOT902"
    kind: ClassVar[str] = "follow"
    scope: ClassVar[Literal["file", "project"]] = "file"
    unit: ClassVar[str] = "names"

    of: str = option(TEXT, "The no-module rule that this one follows.", default="")
    home: str = option(PATH, "Where it lives.", default="")
    names: tuple[Pattern, ...] = option(NAMES, "Names.", default=())
    moved: tuple[tuple[str, str], ...] = option(MOVED, "Old path to new path.", default=())
    removed: tuple[str, ...] = option(PATHS, "Paths without a successor.", default=())
    followed: tuple[Pattern, ...] = field(default=())

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if self.home and self.moved:
            yield "home", "'home' and 'moved' exclude each other"
        if not (self.of or self.home or self.names or self.moved or self.removed):
            yield "", "one of 'of', 'home', 'names', 'moved' and 'removed' is required"

    def linked(self, rules: Mapping[str, Rule]) -> Rule:
        if not self.of:
            return self
        followed = rules.get(self.of)
        if followed is None:
            raise ValueError("of", f"there is no rule '{self.of}'")
        if not isinstance(followed, NoModule):
            raise ValueError("of", f"'{self.of}' is a rule of kind {followed.kind}, not no-module")
        return replace(self, followed=followed.modules)


TWO_KINDS: tuple[type[Rule], ...] = (NoModule, Follow)
