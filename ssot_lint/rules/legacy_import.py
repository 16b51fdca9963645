from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar, Literal

from ssot_lint.advice import idle_paths, instead
from ssot_lint.facts import Context, Import
from ssot_lint.model import Remark, Statistic
from ssot_lint.moves import Moves
from ssot_lint.options import MOVED, PATHS, option
from ssot_lint.patterns import Words, covers
from ssot_lint.project import Module, Project
from ssot_lint.rule import Outcome, Rule


@dataclass(frozen=True, kw_only=True)
class LegacyImport(Rule):
    """An import, in any form, of a path that moved or was removed.

    What it does
        Reports every imported name whose absolute path is an entry of `moved` or `removed`, or
        lies below one: ``import m``, ``import m as x``, ``from m import N``, relative imports,
        imports in functions, in ``try`` and under ``TYPE_CHECKING``. A star import of a legacy
        module is one violation; a star import of a module of which only some names are legacy is
        one if it would bind such a name. The message names what to import instead, and says
        whether that exists. An import inside ``raises(ImportError)`` tests that the path is gone,
        and is left alone.

    Why
        Every extra path to a concept is a place where a copy can grow, a patch can miss, and a
        reader must guess which one is real.

    Instead of
        ``from shop.orders.legacy import Order``

    Write
        ``from shop.orders import Order``

    Options
        `moved` maps old to new: a module ``m: t`` moves every ``m.N`` to ``t.N``; a longer entry
        beats a shorter one. New paths, and the homes that any rule names, are never legacy.

    Subject
        The absolute path as imported: ``m.N``, ``m``, or ``m.*`` for a star.

    What a fix may break
        ``mock.patch("m.N")`` elsewhere keeps patching the old module: move the strings with the
        imports (`legacy-reference`). A new path may import more and close an import cycle.
    """

    code: ClassVar[str] = "SOT102"
    kind: ClassVar[str] = "legacy-import"
    scope: ClassVar[Literal["file", "project"]] = "file"
    unit: ClassVar[str] = "names"
    expressions: ClassVar[bool] = False
    fixable: ClassVar[bool] = True

    moved: tuple[tuple[str, str], ...] = option(MOVED, "Old dotted path: new one.", default=())
    removed: tuple[str, ...] = option(PATHS, "Dotted paths without a successor.", default=())
    protected: frozenset[str] = field(default=frozenset())

    @cached_property
    def moves(self) -> Moves:
        return Moves(self.moved, self.removed, self.protected)

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if not self.moved and not self.removed:
            yield "", "one of 'moved' and 'removed' is required"
        for path in sorted({old for old, _ in self.moved} & set(self.removed)):
            yield "removed", f"'{path}' is moved as well as removed"

    def linked(self, rules: Mapping[str, Rule]) -> Rule:
        return replace(self, protected=frozenset(h for r in rules.values() for h in r.homes()))

    def words(self) -> Words:
        return self.moves.import_words()

    def check(self, project: Project) -> Iterator[Outcome]:
        for module in project.judged(self):
            for fact in module.facts.imports:
                if not fact.context & Context.EXPECTED_FAILURE:
                    yield from self._judge(project, module, fact)

    def _judge(self, project: Project, module: Module, fact: Import) -> Iterator[Outcome]:
        target = module.target(fact)
        if target is None:
            return
        path = target.removesuffix(".*")
        legacy = self.moves.legacy(path)
        replacement = ""
        if legacy is not None:
            message = f"import of legacy path {target}; {instead(project, legacy.replacement)}"
            if legacy.replacement is not None:
                replacement = legacy.replacement + target[len(path) :]
        elif names := self._starred(project, path, fact):
            message = f"import of legacy names by {target}: {', '.join(names)}"
        else:
            return
        yield self.violation(module.path, fact.span, target, message, fact.statement, replacement)

    def _starred(self, project: Project, module: str, fact: Import) -> list[str]:
        if fact.name != "*":
            return []
        names = self.moves.names_of(module)
        return [
            f"{module}.{name} ({instead(project, legacy.replacement)})"
            for name in names
            if project.star_binds(module, name)
            and (legacy := self.moves.legacy(f"{module}.{name}")) is not None
        ]

    def statistics_words(self) -> Words:
        new = frozenset(target for _, target in self.moved)
        words = Words.of(*({target.rpartition(".")[2]} for target in new), place="import")
        return replace(words, packages=new)

    def statistics(self, project: Project) -> Iterator[Statistic]:
        """The share of the import statements of old and new paths that use the new ones."""
        new = tuple(target for _, target in self.moved)
        canonical: set[tuple[str, tuple[int, int]]] = set()
        legacy: set[tuple[str, tuple[int, int]]] = set()
        for module in project.judged(self):
            for fact in module.facts.imports:
                path = (module.target(fact) or "").removesuffix(".*")
                if self.moves.legacy(path):
                    legacy.add((module.path, fact.statement))
                elif any(covers(target, path) for target in new):
                    canonical.add((module.path, fact.statement))
        total = len(canonical | legacy)
        yield Statistic(
            self.name, "on the canonical path", len(canonical), total, "import statements"
        )

    def idle(self, project: Project) -> Iterator[Remark]:
        yield from idle_paths(project, self.moves)
