from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from ssot_lint.model import TOP, Remark, SourceFile
from ssot_lint.options import PATTERNS, option
from ssot_lint.patterns import Pattern, Words
from ssot_lint.project import Project
from ssot_lint.rule import Outcome, Rule


@dataclass(frozen=True, kw_only=True)
class ForbiddenModule(Rule):
    """A module that must not exist.

    What it does
        Reports every file whose module name matches one of `modules` and none of `allow`, whatever
        the file holds: a file that does not parse is reported too. A stub beside its module is
        the same module and is not reported again.

    Why
        A factory module deleted on Monday is back on Thursday: somebody merges an old branch, or
        needs the helper that it held. Only a check that fails keeps it away.

    Instead of
        A file ``shop/orders/order_factory.py`` under the rule
        ``modules: ["shop.orders.**.*factory*"]``.

    Write
        The function in the home of the concept, and no second module.

    Options
        An entry of `examples` is a module's name.

    Subject
        The module's name. A move never carries such a baseline entry along: under its new name a
        module is judged anew.

    What a fix may break
        Importers of the module, and strings that name it: list them with a `legacy-import` and a
        `legacy-reference` rule before deleting it.
    """

    code: ClassVar[str] = "SOT101"
    kind: ClassVar[str] = "forbidden-module"
    scope: ClassVar[Literal["file", "project"]] = "file"
    unit: ClassVar[str] = "files"
    movable: ClassVar[bool] = False
    expressions: ClassVar[bool] = False

    modules: tuple[Pattern, ...] = option(PATTERNS, "Patterns on module names that must not exist.")
    allow: tuple[Pattern, ...] = option(
        PATTERNS, "Patterns on module names that may exist all the same.", default=()
    )

    def words(self) -> Words:
        return Words()

    def example(self, source: str) -> tuple[SourceFile, str]:
        """An example of this kind is a module's name."""
        name = source.strip()
        return SourceFile(name.replace(".", "/") + ".py", name, name.rpartition(".")[0]), ""

    def check(self, project: Project) -> Iterator[Outcome]:
        for file in project.in_scope(self):
            name = file.module
            if name is None:
                continue
            pattern = next((p for p in self.modules if p.matches(name)), None)
            if pattern is None or (file.is_stub and project.is_stub_of_module(file)):
                continue
            if not any(p.matches(name) for p in self.allow):
                message = f"module {name} must not exist: it matches '{pattern}'"
                yield self.violation(file.path, TOP, name, message)

    def idle(self, project: Project) -> Iterator[Remark]:
        if not self.allow:
            return
        names = [f.module for f in project.in_scope(self) if f.module is not None]
        caught = [n for n in names if any(p.matches(n) for p in self.modules)]
        for allowed in self.allow:
            if not any(allowed.matches(name) for name in caught):
                yield Remark(
                    "allow", f"'{allowed}' excepts nothing: no module of that name is caught"
                )
