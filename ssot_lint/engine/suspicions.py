"""Which rules want which files for their outlines: what bytes tell, and where that leads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ssot_lint.model import SourceFile
from ssot_lint.prefilter import Outline
from ssot_lint.project import Project, within
from ssot_lint.rule import Doubts, Rule


class Suspicions:
    """The doubts of some rules that ask for outlines; `bits` are theirs, by name, in answers."""

    def __init__(self, project: Project, rules: Sequence[Rule], bits: Mapping[str, int]) -> None:
        self._project = project
        self._rules = [(rule, rule.doubts(project), bits[rule.name]) for rule in rules]
        self._by_name: dict[str, Doubts] = {rule.name: doubts for rule, doubts, _ in self._rules}

    def needed(
        self, outlined: Collection[tuple[SourceFile, Outline]]
    ) -> Mapping[str, set[str] | None]:
        """The files that it takes to tell, and of which names (None: of all statements)."""
        needed: dict[str, set[str] | None] = {}
        for rule, doubts, _ in self._rules:
            judged = [(file, outline) for file, outline in outlined if within(rule, file)]
            for path, names in doubts.needed(judged).items():
                before = needed.get(path, set())
                needed[path] = None if names is None or before is None else names | before
        return needed

    def told(self, names: Mapping[str, frozenset[str]]) -> None:
        """Takes notice of names that files surely define."""
        self._project.tell(names)

    def of(self, file: SourceFile, outline: Outline) -> int:
        """Who may find something in a file with such an outline."""
        return sum(
            bits
            for rule, doubts, bits in self._rules
            if within(rule, file) and doubts.about(file, outline)
        )

    def about(self, rule: Rule, file: SourceFile, outline: Outline) -> bool:
        """Whether a rule may find something in a file that it judges."""
        return self._by_name[rule.name].about(file, outline)
