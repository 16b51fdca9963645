"""Whether the code after a rewrite is that from before it, but for what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from ssot_lint.migration.model import Change
from ssot_lint.migration.verification.items import Chain, Local, Mark, Outline, Text
from ssot_lint.migration.verification.made import Made, Rewritten
from ssot_lint.migration.verification.namespaces import Binder
from ssot_lint.patterns import ancestors, covers
from ssot_lint.project import Project

_END = Mark("the end", 0)


class Code:
    """Two outlines side by side; `chains` and `texts` are what is spelled in another way.

    `difference` says where they part, if they do; only if not may anything else be asked.
    """

    def __init__(self, before: Outline, after: Outline, made: Made) -> None:
        self._before = before
        self._after = after
        self._made = made
        self.chains: list[Rewritten] = []
        self.texts: list[tuple[Text, Text]] = []
        self._same: list[tuple[Chain, Chain]] = []  # those that may mean something else
        self.difference = self._compare()

    def _compare(self) -> str | None:
        imported = {binder.name for each in (self._before, self._after) for binder in each.imports}
        line = 1
        for at, (one, other) in enumerate(
            zip_longest(self._before.items, self._after.items, fillvalue=_END)
        ):
            line = one.line or line
            if one.__class__ is Mark or one.__class__ is not other.__class__:
                if one[0] != other[0] or one.__class__ is not other.__class__:
                    return f"line {line}: the code would be another"
            elif isinstance(one, Text) and isinstance(other, Text):
                if one.value != other.value:
                    self.texts.append((one, other))
            elif isinstance(one, Chain) and isinstance(other, Chain):
                if (one.context, bool(one.quoted)) != (other.context, bool(other.quoted)):
                    return f"line {line}: the code would be another"
                if (one.root, one.rest) != (other.root, other.rest):
                    self.chains.append(Rewritten(at, one, other))
                elif one.root in imported:
                    self._same.append((one, other))
        return None

    def problems(self, project: Project) -> Iterator[str]:
        """What is wrong with names and strings."""
        for before, after in (*self._same, *((each.before, each.after) for each in self.chains)):
            wanted, given = self._made.paths(before), after.paths
            if wanted != given:
                there = f"would mean {_spelled(given)}, not {_spelled(wanted)}"
                yield f"line {before.line}: '{after.text}' {there}"
        for chain in self.chains:
            problem = self._ill_founded(chain) or _unloaded(chain, project)
            if problem is not None:
                yield f"line {chain.before.line}: {problem}"
        yield from self._left_alone()
        yield from self._strings()

    def _ill_founded(self, chain: Rewritten) -> str | None:
        """Why the imports that a rewritten chain relies on may not have run."""
        _, before, after = chain
        if before.binders == after.binders == []:
            return None  # in a string: it means what it says
        for each in (before, after):
            space = each.space.lookup(each.root)
            if space is not None and each.root in space.bound:
                return f"'{each.root}' is bound by more than imports"
        if before.root == after.root:
            return None
        for old in chain.needed:
            if not any(_founds(new, old, chain) for new in after.binders):
                return f"'{after.root}' may not be imported where '{before.root}' was"
        return None

    def _left_alone(self) -> Iterator[str]:
        """Chains as before, for which an import that has gone may have loaded a module."""
        for space, twin in zip(self._before.spaces, self._after.spaces, strict=True):
            for name, binders in space.imported.items():
                old = {each.target for each in binders if each.plain}
                new = {each.target for each in twin.imported.get(name, ()) if each.plain}
                if old <= new or not new:
                    continue
                for before, after in self._same:
                    if before.root == name and before.space.lookup(name) is space:
                        lost = _loaded(before, old) - _loaded(after, new)
                        if lost:
                            yield f"line {before.line}: {min(lost)} may not be imported any more"

    def _strings(self) -> Iterator[str]:
        for before, after in self.texts:
            change = self._made.of_text(before)
            if change is None or not _follows(before.value, after.value, change):
                yield f"line {before.line}: the string {before.value!r} would be {after.value!r}"


def _spelled(paths: frozenset[str | Local]) -> str:
    return " or ".join(
        sorted(
            path if isinstance(path, str) else f"{path.text} (which no import binds)"
            for path in paths
        )
    )


def _path(chain: Chain) -> str:
    """The one path that a chain stands for; if it is one of several, any."""
    return min(path for path in chain.paths if isinstance(path, str))


def _founds(new: Binder, old: Binder, chain: Rewritten) -> bool:
    """Whether a chain that could rely on one import can rely on another in its place."""
    if (new.slot, new.block, new.space.number) == (old.slot, old.block, old.space.number):
        return True
    if new.block == old.block[: len(new.block)] and new.slot <= old.slot:
        return True
    at, _, after = chain
    inside = new.block == after.block[: len(new.block)]
    return inside and (new.slot <= at or after.space.runs_later_than(new.space))


def _unloaded(chain: Rewritten, project: Project) -> str | None:
    """Why a rewritten chain would fail, or would find its end too early."""
    after = chain.after
    if not after.binders:
        return None
    path = _path(after)
    found = project.nearest(path)
    if found is None:
        return None if after.rest or not chain.before.rest else f"'{after.text}' binds early"
    module = found.name
    if module == path and not after.rest:
        return None
    targets = [(each.target, each.plain) for each in after.binders]
    if not any(covers(module, target) for target, _ in targets):
        return f"nothing there imports {module}"
    if not any(plain or target == module for target, plain in targets):
        return f"'{after.text}' would be looked up when {module} is imported, not when it is used"
    return None


def _loaded(chain: Chain, targets: set[str]) -> set[str]:
    """The modules on the way of a chain that imports of `targets` load."""
    text = chain.text
    return {each for each in ancestors(text) if any(covers(each, t) for t in targets)}


def _follows(before: str, after: str, change: Change) -> bool:
    """Whether a string is the other with the new path in place of the old one."""
    old, new = change.old.removesuffix(".*"), change.new.removesuffix(".*")
    if before.startswith("."):
        return after == new or (
            after.startswith(".") and f".{new}".endswith(f".{after.lstrip('.')}")
        )
    # ``package.module:name`` is the path ``package.module.name``.
    before, after = before.replace(":", ".", 1), after.replace(":", ".", 1)
    return covers(old, before) and after == new + before[len(old) :]
