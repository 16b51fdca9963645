"""What changes amount to, before it is certain that they can be made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ssot_lint.facts.scopes import Frame
from ssot_lint.migration.model import Change
from ssot_lint.migration.rewriting.places import Place, Spot
from ssot_lint.migration.rewriting.source import Patch

Added = dict[tuple[int, Frame, str], str]
"""What modules are called that are imported in a block (by its identity) and frame."""


class Moved(NamedTuple):
    """An import that is to name the path `new`."""

    change: Change
    spot: Spot
    new: str


@dataclass
class Draft:
    """Patches of the body by where they start, statements to be put beside others, and names.

    `written` is how names of plain imports are spelled. `made` are the changes of uses.
    """

    patches: dict[int, Patch] = field(default_factory=dict)
    before: list[tuple[Place, str]] = field(default_factory=list)
    written: dict[Spot, str] = field(default_factory=dict)
    added: Added = field(default_factory=dict)
    made: list[Change] = field(default_factory=list)

    def merge(self, other: Draft) -> None:
        self.patches.update(other.patches)
        self.before += (each for each in other.before if each not in self.before)
        self.written.update(other.written)
        self.added.update(other.added)
        self.made += other.made
