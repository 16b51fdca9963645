from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar, Literal

from ssot_lint.advice import idle_paths, instead
from ssot_lint.facts import Context, Import, Text
from ssot_lint.model import Remark
from ssot_lint.moves import Legacy, Moves
from ssot_lint.options import MOVED, PATHS, TEXT, option
from ssot_lint.patterns import Words, covers
from ssot_lint.project import Module, Project
from ssot_lint.rule import Outcome, Rule
from ssot_lint.targets import named

_ROLES = {
    "key": "key of sys.modules",
    "annotation": "annotation",
    "other": "string",
}


@dataclass(frozen=True, kw_only=True)
class LegacyReference(Rule):
    """A path that moved or was removed, named in a string or reached by attribute use.

    What it does
        Reports every string literal that is, as a whole, a dotted path and legacy: targets of
        ``mock.patch`` and ``import_module`` (relative ones too), keys of ``sys.modules``,
        settings, parametrisations, ``package.module:name`` entry points, string annotations that
        are one path. Of f-strings, ``+``, ``%`` and ``{}`` templates the constant prefix is
        judged. Reports also every attribute chain (``shop.orders.legacy.Order`` after
        ``import shop``) that reaches a legacy path through an import that is not itself legacy.
        Docstrings, bare strings, comments, and strings that merely contain a path are prose and
        are left alone; so is what stands inside ``raises(ImportError)``.

    Why
        A patch target follows the import: once the import has moved, ``patch("old.path.X")``
        patches what nobody uses any more, and the test still passes.

    Instead of
        ``mock.patch("shop.orders.legacy.Order")``

    Write
        ``mock.patch("shop.orders.Order")``

    Options
        `of` names the `legacy-import` rule whose `moved` and `removed` apply here too; or give
        this rule its own.

    Subject
        The whole dotted path: a literal as written (``m.*`` where only a prefix is constant), an
        attribute chain made absolute through the file's own imports.

    What a fix may break
        ``patch`` replaces an attribute of the module that is *named*: it must name the module in
        which the code under test looks the name up.
    """

    code: ClassVar[str] = "SOT103"
    kind: ClassVar[str] = "legacy-reference"
    scope: ClassVar[Literal["file", "project"]] = "file"
    unit: ClassVar[str] = "references"
    fixable: ClassVar[bool] = True

    of: str = option(TEXT, "The legacy-import rule whose paths apply.", default="")
    moved: tuple[tuple[str, str], ...] = option(MOVED, "Old dotted path: new one.", default=())
    removed: tuple[str, ...] = option(PATHS, "Dotted paths without a successor.", default=())
    protected: frozenset[str] = field(default=frozenset())

    @cached_property
    def moves(self) -> Moves:
        return Moves(self.moved, self.removed, self.protected)

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if not (self.of or self.moved or self.removed):
            yield "", "one of 'of', 'moved' and 'removed' is required"

    def linked(self, rules: Mapping[str, Rule]) -> Rule:
        protected = frozenset(home for rule in rules.values() for home in rule.homes())
        if not self.of:
            return replace(self, protected=protected)
        source = rules.get(self.of)
        if source is None:
            raise ValueError("of", f"there is no rule '{self.of}'")
        if source.kind != "legacy-import":
            raise ValueError(
                "of", f"'{self.of}' is a rule of kind {source.kind}, not legacy-import"
            )
        moved = tuple({**dict(getattr(source, "moved", ())), **dict(self.moved)}.items())
        removed = (*getattr(source, "removed", ()), *self.removed)
        return replace(self, moved=moved, removed=removed, protected=protected)

    def words(self) -> Words:
        return replace(self.moves.words(), strings=True)

    def check(self, project: Project) -> Iterator[Outcome]:
        for module in project.judged(self):
            for text in module.facts.texts:
                if not text.context & Context.EXPECTED_FAILURE:
                    yield from self._judge_text(project, module, text)
            yield from self._judge_uses(project, module)

    def _judge_text(self, project: Project, module: Module, text: Text) -> Iterator[Outcome]:
        path = named(module, text)
        legacy = path and self.moves.legacy(path)
        if legacy:
            subject = text.value + ".*" * text.open_ended
            callee = f"{text.callee}()" if text.callee else "a call"
            where = _ROLES.get(text.role, f"argument of {callee}")
            message = f"legacy path {subject} ({where}); {instead(project, legacy.replacement)}"
            replacement = legacy.replacement and legacy.replacement + ".*" * text.open_ended
            yield self.violation(
                module.path, text.span, subject, message, replacement=replacement or ""
            )

    def _judge_uses(self, project: Project, module: Module) -> Iterator[Outcome]:
        binders: dict[tuple[int, str | None], list[Import]] = {}
        for fact in module.facts.imports:
            binders.setdefault((fact.scope, fact.bound), []).append(fact)
        for use in module.facts.uses:
            if use.context & Context.EXPECTED_FAILURE:
                continue
            root, _, rest = use.chain.partition(".")
            found = self._reached(module, binders.get((use.root_scope, root), []), root, rest)
            if found is not None:
                path, legacy = found
                message = f"use of legacy path {path}; {instead(project, legacy.replacement)}"
                yield self.violation(
                    module.path, use.span, path, message, replacement=legacy.replacement or ""
                )

    def _reached(
        self, module: Module, imports: list[Import], root: str, rest: str
    ) -> tuple[str, Legacy] | None:
        """The legacy path that ``root.rest`` reaches by one of the imports that bind `root`.

        None if such an import is legacy itself, and so counted already.
        """
        found = None
        for fact in imports:
            target = module.target(fact)
            if target is None:
                continue
            path = f"{target if fact.name or fact.alias else root}.{rest}"
            legacy = self.moves.legacy(path)
            if legacy is None:
                continue
            counted = self.moves.legacy(target) and not fact.context & Context.EXPECTED_FAILURE
            if counted and covers(target, path):
                return None
            found = found or (path, legacy)
        return found

    def idle(self, project: Project) -> Iterator[Remark]:
        if not self.of:
            yield from idle_paths(project, self.moves)
