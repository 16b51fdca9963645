"""Whether the imports after a rewrite are those from before it, but for what was asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from ssot_lint.migration.verification.items import Outline
from ssot_lint.migration.verification.made import Made, Rewritten
from ssot_lint.migration.verification.namespaces import Binder
from ssot_lint.patterns import covers


class Imports:
    """The imports of a file before and after, compared where they stand.

    `dropped` are those of before that have no counterpart, `added` those of after that are none;
    `chains` are the ones that are spelled in another way.
    """

    def __init__(
        self, before: Outline, after: Outline, made: Made, chains: Sequence[Rewritten]
    ) -> None:
        self.dropped: list[Binder] = []
        self.added: list[Binder] = []
        self._before = before
        self._after = after
        self._made = made
        self._chains = chains
        self._shuffled: list[Binder] = []
        wanted, given = _by_slot(before.imports), _by_slot(after.imports)
        for slot in sorted({*wanted, *given}):
            self._compare(wanted.get(slot, []), given.get(slot, []))

    def _compare(self, wanted: list[Binder], given: list[Binder]) -> None:
        """Pairs what stood in a slot with what stands there now.

        Those that do not change come first: of two that say the same then, the other one went.
        """
        left = list(given)
        for binder in sorted(wanted, key=self._made.concerns):
            stars = _stars_before(binder, wanted)
            right = (each for each in left if self._is_right(binder, each))
            match = min(right, key=lambda each: _stars_before(each, given) != stars, default=None)
            if match is None:
                self.dropped.append(binder)
                continue
            left.remove(match)
            if _stars_before(match, given) != stars:
                self._shuffled.append(binder)
        self.added += left

    def problems(self, mentioned: Collection[str]) -> Iterator[str]:
        """What is wrong; `mentioned` are names that ``__all__`` and type comments need."""
        for binder in self.dropped:
            if not self._is_kept(binder):
                target = self._made.target(binder)
                yield f"line {binder.span.line}: the import of {target} would be missing"
        for binder in self.added:
            if not (self._serves_a_chain(binder) or self._keeps_a_root(binder)):
                yield f"line {binder.span.line} of the result: nothing asks for {binder.target}"
        for binder in self._shuffled:
            yield f"line {binder.span.line}: a star import would change places with {binder.target}"
        for space, twin in zip(self._before.spaces, self._after.spaces, strict=True):
            for name in {**space.imported, **twin.imported}:
                found = self._name(
                    name,
                    space.imported.get(name, []),
                    twin.imported.get(name, []),
                    taken=name in space.bound,
                    mentioned=name in mentioned,
                )
                if found is not None:
                    yield found

    def _is_right(self, binder: Binder, after: Binder) -> bool:
        """Whether `after`, in the same slot, is what must become of an import."""
        here = (binder.space.number, binder.block, self._made.target(binder))
        there = (after.space.number, after.block, after.target)
        return there == here and self._binds(binder, after)

    def _binds(self, binder: Binder, after: Binder) -> bool:
        """Whether `after`, which names the right path, binds the name that it must."""
        if binder.plain and self._made.concerns(binder):
            return binder.is_deep or after.name == binder.name  # `_name` asks for more
        return (after.name, after.plain) == (binder.name, binder.plain)

    def _is_kept(self, binder: Binder) -> bool:
        """Whether an import further up does what a dropped one did."""
        twin = self._after.spaces[binder.space.number]
        target = self._made.target(binder)
        # Who gives it another value, or deletes it, may do so in between; so may a star.
        lasting = binder.name not in binder.space.bound
        stars = _stars_before(binder, self._before.imports)
        return any(
            each.space is twin
            and each.target == target
            and self._binds(binder, each)
            and each.slot <= binder.slot
            and (lasting or each.slot == binder.slot)
            and binder.block[: len(each.block)] == each.block
            and _stars_before(each, self._after.imports) == stars
            for each in self._after.imports
        )

    def _serves_a_chain(self, binder: Binder) -> bool:
        """Whether a rewritten chain needs an added import, next to the one that it needed."""
        return any(
            binder in chain.after.binders
            and any(_beside(binder, each) for each in chain.before.binders)
            for chain in self._chains
        )

    def _keeps_a_root(self, binder: Binder) -> bool:
        """Whether an added import still binds the first component of one that has changed."""
        return binder.plain and any(
            each.plain
            and each.name == binder.name
            and _beside(binder, each)
            and self._made.concerns(each)
            and binder.target != each.target
            and covers(binder.target, each.target)
            for each in self._before.imports
        )

    def _name(
        self, name: str, before: list[Binder], after: list[Binder], *, taken: bool, mentioned: bool
    ) -> str | None:
        """What is wrong with what imports bind to a name of a namespace."""
        if not after:
            root = all(each.is_deep and self._made.concerns(each) for each in before)
            if taken or mentioned or not root:
                return f"line {before[0].span.line}: the name '{name}' would be lost"
            return None
        line = after[0].span.line
        if not before:
            return f"line {line} of the result: the name '{name}' is taken" if taken else None
        wanted = [each.base if each.is_deep else self._made.target(each) for each in before]
        given = [each.base for each in after]
        last = _last_of_each(given)
        if last != [base for base in _last_of_each(wanted) if base in last]:
            return f"line {line} of the result: the name '{name}' would mean something else"
        return None


def _by_slot(binders: Iterable[Binder]) -> dict[int, list[Binder]]:
    slots: dict[int, list[Binder]] = defaultdict(list)
    for binder in binders:
        slots[binder.slot].append(binder)
    return slots


def _beside(binder: Binder, other: Binder) -> bool:
    """Whether two imports, of before and after or not, are made one after the other."""
    here, there = ((each.slot, each.block, each.space.number) for each in (binder, other))
    return here == there


def _stars_before(binder: Binder, others: Iterable[Binder]) -> int:
    return sum(each.name is None and each.span < binder.span for each in others)


def _last_of_each(values: Sequence[str]) -> list[str]:
    """Values without repetitions, by their last occurrence, latest first."""
    return list(dict.fromkeys(reversed(values)))
