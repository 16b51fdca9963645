from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

from ssot_lint.facts import Context, Import
from ssot_lint.globs import Globs
from ssot_lint.model import Remark
from ssot_lint.options import GLOBS, PATTERNS, choice, option
from ssot_lint.patterns import Pattern, Words, ancestors
from ssot_lint.project import Module, Project
from ssot_lint.rule import Outcome, Rule
from ssot_lint.targets import covered, words_of

_SHOWN = 3
"""Places that a message names."""


@dataclass(frozen=True, kw_only=True)
class RestrictedImport(Rule):
    """An import that is allowed only in given places, or in none.

    What it does
        Reports every import of what `modules` or `modules_in` name, or of what lies below it, where
        the rule judges: ``import m``, ``import m as x``, ``from m import N``,
        ``from pkg import m``, relative imports, star imports, imports in functions, in ``try``
        and under ``TYPE_CHECKING``. What is imported need not be part of the project. A star
        import of a package is reported if it would bind a restricted name of it.
        Left alone: what is restricted may import itself (the modules of an implementation, each
        other), and an import inside ``raises(ImportError)`` tests that there is nothing.

    Why
        A facade is one only if nobody walks around it; a test that mocks the database is no
        integration test.

    Instead of
        ``from shop.orders._storage import save`` in ``shop/web``.

    Write
        ``from shop.orders import save``

    Options
        Who must not import it is said as in every rule: all but `allow_in` (module patterns) and
        `exclude` (file globs), or only `paths` (file globs). So ``modules: [shop.orders._storage]``
        with ``allow_in: [shop.orders]`` hides an implementation behind its facade,
        ``modules: [unittest.mock]`` with ``paths: [tests/e2e/]`` keeps mocks out of those tests,
        and ``modules: [docker]`` alone forbids it everywhere.
        A pattern with wildcards, too, covers what lies below the modules that it matches.

    Subject
        The absolute path as imported: ``m.N``, ``m``, or ``m.*`` for a star.

    What a fix may break
        The facade may lack what was imported, or may import the importer itself: a cycle.
    """

    code: ClassVar[str] = "SOT105"
    kind: ClassVar[str] = "restricted-import"
    scope: ClassVar[Literal["file", "project"]] = "file"
    unit: ClassVar[str] = "names"
    expressions: ClassVar[bool] = False

    modules: tuple[Pattern, ...] = option(
        PATTERNS, "Patterns on dotted paths that are restricted.", default=()
    )
    modules_in: Globs | None = option(
        GLOBS, "File globs: the modules that these files define are restricted.", default=None
    )
    allow: tuple[Pattern, ...] = option(
        PATTERNS, "Patterns on dotted paths that may be imported all the same.", default=()
    )
    type_checking: Literal["allowed", "forbidden"] = option(
        choice("allowed", "forbidden"),
        "Whether imports for type checkers only, and those of stubs, are left alone.",
        default="forbidden",
    )

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if not self.modules and self.modules_in is None:
            yield "", "one of 'modules' and 'modules_in' is required"

    def words(self) -> Words | None:
        """The last component of each path.

        A relative import need not spell it in a package that is restricted itself; but whoever
        stands there may import it.
        """
        return words_of(self.modules) if self.modules_in is None else None

    def check(self, project: Project) -> Iterator[Outcome]:
        for module, fact, target in self._caught(project):
            names = self._starred(project, fact, target)
            brought = f", which brings {', '.join(names)}," if names else ""
            message = f"import of {target}{brought} is not allowed here{self._places}"
            yield self.violation(module.path, fact.span, target, message, fact.statement)

    def _caught(
        self, project: Project, *, allowing: bool = True
    ) -> Iterator[tuple[Module, Import, str]]:
        """The imports that violate, with their targets."""
        for module in project.judged(self):
            if self._belongs(module):
                continue
            for fact in module.facts.imports:
                target = module.target(fact)
                if target is None or self._excused(module, fact):
                    continue
                path = target.removesuffix(".*")
                if allowing and covered(self.allow, path):
                    continue
                if self._restricts(project, path) or self._starred(project, fact, target):
                    yield module, fact, target

    def _excused(self, module: Module, fact: Import) -> bool:
        if fact.context & Context.EXPECTED_FAILURE:
            return True
        return self.type_checking == "allowed" and (
            module.file.is_stub or bool(fact.context & Context.TYPE_CHECKING)
        )

    def _belongs(self, module: Module) -> bool:
        """Whether the module is restricted itself."""
        name = module.name or module.file.package
        if name and covered(self.modules, name):
            return True
        return self.modules_in is not None and self.modules_in.match_file(module.path)

    def _restricts(self, project: Project, path: str) -> bool:
        if covered(self.modules, path):
            return True
        if self.modules_in is None:
            return False
        found = next(filter(None, map(project.find, ancestors(path))), None)
        return bool(found and found.path and self.modules_in.match_file(found.path))

    def _starred(self, project: Project, fact: Import, target: str) -> list[str]:
        """The restricted names that a star import of an unrestricted module would bind."""
        if fact.name != "*":
            return []
        module = target.removesuffix(".*")
        return [
            path
            for path in self._below.get(module, ())
            if not covered(self.allow, path) and project.star_binds(module, path.rpartition(".")[2])
        ]

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        """The literal paths by their parents."""
        below: dict[str, list[str]] = {}
        for pattern in self.modules:
            if pattern.literal:
                below.setdefault(pattern.text.rpartition(".")[0], []).append(pattern.text)
        return below

    @cached_property
    def _places(self) -> str:
        """Where it is allowed, in words; "" if nowhere, or if the rule does not say."""
        places = [str(pattern) for pattern in self.allow_in]
        places += self.exclude.lines if self.exclude is not None else ()
        if not places:
            return ""
        more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
        return f"; only in {', '.join(places[:_SHOWN])}{more}"

    def idle(self, project: Project) -> Iterator[Remark]:
        for pattern in self.modules:
            package = pattern.text.partition(".")[0]
            if pattern.literal and project.find(package):
                resolution = project.resolve(pattern.text)
                if any(end.why.startswith("missing") for end in resolution.dead_ends):
                    yield Remark("modules", f"'{pattern}' does not exist below the roots")
        for line in self.modules_in.lines if self.modules_in is not None else ():
            globs = Globs.parse([line.removeprefix("!")])
            if not any(globs.match_file(file.path) for file in project.files):
                yield Remark("modules_in", f"'{line}' matches no file")
        if self.allow:
            caught = {t.removesuffix(".*") for _, _, t in self._caught(project, allowing=False)}
            for allowed in self.allow:
                if not any(covered([allowed], path) for path in caught):
                    yield Remark("allow", f"'{allowed}' excepts nothing: no such import is caught")
