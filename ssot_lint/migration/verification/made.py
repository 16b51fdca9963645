"""What the changes of a rewrite mean for each import, name and string of the file before it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ssot_lint.migration.model import Change
from ssot_lint.migration.verification.items import Chain, Local, Outline, Text
from ssot_lint.migration.verification.namespaces import Binder
from ssot_lint.model import Span
from ssot_lint.patterns import covers


class Rewritten(NamedTuple):
    """A chain that is spelled in another way than before; `at` is its place in the outlines."""

    at: int
    before: Chain
    after: Chain

    @property
    def needed(self) -> list[Binder]:
        """The imports that bound its root before; of ``import a.b`` those that lie on its way."""
        binders = self.before.binders
        paths = [path for path in self.before.paths if isinstance(path, str)]
        needed = [each for each in binders if any(covers(each.target, p) for p in paths)]
        return needed or binders


class Made:
    """The changes that a rewrite says it makes, by where they stand."""

    def __init__(self, changes: Iterable[Change], before: Outline) -> None:
        spans = {binder.span for binder in before.imports}
        self._imports: dict[Span, Change] = {}
        self._others: list[Change] = []
        for change in changes:
            if change.span in spans:
                self._imports[change.span] = change
            else:
                self._others.append(change)

    def concerns(self, binder: Binder) -> bool:
        """Whether an import is one that changes."""
        return binder.span in self._imports

    def target(self, binder: Binder) -> str:
        """The absolute path that an import must name afterwards."""
        change = self._imports.get(binder.span)
        if change is None:
            return binder.target
        return change.new.removesuffix(".*") + ".*" * (binder.name is None)

    def paths(self, chain: Chain) -> frozenset[str | Local]:
        """What a chain must stand for afterwards."""
        binders = chain.binders
        if binders:
            return frozenset(self._path(chain, binder, binders) for binder in binders)
        change = self._at(chain, chain.text) if chain.quoted else None
        if change is None:
            return chain.paths
        return frozenset({Local(-1, change.new)})

    def _path(self, chain: Chain, binder: Binder, binders: Iterable[Binder]) -> str:
        path = f"{binder.base}{chain.rest}"
        change = self._at(chain, path)
        if change is not None:
            return change.new
        if not binder.plain:
            return f"{self.target(binder)}{chain.rest}"
        changed = (each for each in binders if each.plain and self.concerns(each))
        longest = max(
            (each for each in changed if covers(each.target, path)),
            key=lambda each: len(each.target),
            default=None,
        )
        if longest is None:
            return path
        return f"{self.target(longest)}{path[len(longest.target) :]}"

    def _at(self, chain: Chain, path: str) -> Change | None:
        """The change that is about a chain that stands for `path`."""
        return next((c for c in self._others if c.old == path and _is_about(c, chain)), None)

    def of_text(self, text: Text) -> Change | None:
        """The change that is about a string."""
        return next((c for c in self._others if _within(text.span, c.span)), None)

    def unplaced(self, before: Outline) -> Change | None:
        """A change that stands at no import, name or string."""
        places = [item for item in before.items if isinstance(item, (Chain, Text))]
        for change in self._others:
            if not any(_is_about(change, item) for item in places):
                return change
        return None


def _is_about(change: Change, item: Chain | Text) -> bool:
    if isinstance(item, Text):
        return _within(item.span, change.span)
    if item.quoted:  # either may have the position of the whole string
        return _within(change.span, item.span) or _within(item.span, change.span)
    return item.span == change.span


def _within(inner: Span, outer: Span) -> bool:
    return outer[:2] <= inner[:2] and inner[2:] <= outer[2:]
