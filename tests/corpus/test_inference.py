"""Where imported names of real packages lead: the resolver against astroid.

10,000 ``from m import N`` are drawn from all packages side by side. For each, astroid's own tables
of names are followed, binding by binding, to definitions; the resolver must end at the same ones.
Every difference falls in one of the classes below, each of which astroid explains.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ssot_lint.facts import Import
from ssot_lint.project import Module, Project, Resolution
from ssot_lint.roots import module_of
from tests.corpus.packages import tree
from tests.project.test_resolver import project_at

pytestmark = [
    pytest.mark.corpus,
    # Of the packages' code: invalid escapes, mostly.
    pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning"),
]

SAMPLE = 10_000
PER_FILE = 8
INSTANCE = "(an instance)"

Place = tuple[str, str]
"""A path and a qualified name, "" for the module itself."""

DIFFERENCES = {
    "unreadable": "a file on the way needs a newer Python: astroid cannot import it either",
    "unreadable itself": "the submodule is there, but astroid cannot parse it, or its package",
    "missing": "neither finds it: a part of the package that is not in the corpus, or is compiled",
    "own submodule": "a package imports its submodule; astroid's table holds only that import",
    "overwritten": "astroid's table lists bindings that later ones replace, the resolver does not",
    "attribute": "astroid takes an assignment to an attribute of a module for one of its names",
    "not inferred": "an attribute of a value, or of a library: astroid stops where it is assigned",
    "enum": "astroid makes an instance of a class of its own of each member of an enum",
}
"""Why the resolver and astroid differ, where they do."""


class Case(NamedTuple):
    path: str
    fact: Import
    ours: Resolution
    theirs: frozenset[Place | None]
    """None: outside the corpus."""

    def __str__(self) -> str:
        fact = self.fact
        what = f"from {'.' * fact.level}{fact.module} import {fact.name}"
        return f"{self.path}:{fact.line} {what}: {self.ours} != {sorted(map(str, self.theirs))}"


class Tables:
    """Astroid's tables of names below a folder."""

    def __init__(self, root: Path) -> None:
        from astroid import bases, nodes
        from astroid.exceptions import AstroidError
        from astroid.manager import AstroidManager

        self._root = f"{root}{os.sep}"
        self._nodes = nodes
        self._instance = bases.Instance
        self.error = AstroidError
        self._manager = AstroidManager()

    def imports(self, path: str, module: str) -> dict[tuple[int, int], Any]:
        """The ``from`` imports of a file by their position."""
        parsed = self._manager.ast_from_file(self._root + path, module)
        found = parsed.nodes_of_class(self._nodes.ImportFrom)
        return {(node.lineno, node.col_offset + 1): node for node in found}

    def lead(self, node: Any, name: str) -> frozenset[Place | None]:
        """The definitions that a ``from`` import of `name` leads to."""
        found: set[Place | None] = set()
        seen: set[tuple[int, str]] = set()
        todo = list(self._imported(node, name))
        while todo:
            where, name = todo.pop()
            if (id(where), name) not in seen:
                seen.add((id(where), name))
                for binding in self._bindings(where, name):
                    further = self._further(binding, name)
                    if further is None:
                        found.add(self._place(binding))
                    else:
                        todo += further
        return frozenset(found)

    def _imported(self, node: Any, name: str) -> Iterator[tuple[Any, str]]:
        try:
            yield node.do_import_module(node.modname), name
        except self.error:
            return

    def _bindings(self, where: Any, name: str) -> list[Any]:
        if isinstance(where, self._nodes.Name):
            return list(where.lookup(name)[1])
        if not name:
            return [where]
        try:
            return list(where.getattr(name))
        except self.error:
            return []

    def _further(self, binding: Any, name: str) -> list[tuple[Any, str]] | None:
        """Where a binding is to be followed to; None if it is a definition."""
        nodes = self._nodes
        if isinstance(binding, nodes.ImportFrom):
            star = any(real == "*" for real, _ in binding.names)
            return list(self._imported(binding, name if star else binding.real_name(name)))
        if isinstance(binding, nodes.Import):
            try:
                return [(binding.do_import_module(binding.real_name(name)), "")]
            except self.error:
                return []
        assigned = binding.parent
        if isinstance(binding, nodes.AssignName) and isinstance(
            assigned, (nodes.Assign, nodes.AnnAssign)
        ):
            value = assigned.value
            if isinstance(value, nodes.Name):
                return [(value, value.name)]
            if isinstance(value, nodes.Attribute):
                return self._attribute(value)
        return None

    def _attribute(self, value: Any) -> list[tuple[Any, str]] | None:
        try:
            owners = list(value.expr.infer())
        except self.error:
            return []
        followed = (self._nodes.Module, self._nodes.ClassDef)
        known = [(owner, value.attrname) for owner in owners if isinstance(owner, followed)]
        return known or None

    def _place(self, node: Any) -> Place | None:
        module = node.root()
        if not (module.file or "").startswith(self._root):
            return None
        path = os.path.relpath(module.file, self._root)
        if isinstance(node, self._nodes.Module):
            return path, ""
        if isinstance(node, (self._nodes.ClassDef, self._nodes.FunctionDef)):
            return path, node.qname().removeprefix(f"{module.name}.")
        if isinstance(node, self._nodes.AssignName):
            scope = node.frame().qname().removeprefix(module.name).lstrip(".")
            return path, f"{scope}.{node.name}" if scope else node.name
        return path, INSTANCE if isinstance(node, self._instance) else node.as_string()


def sampled(root: Path, project: Project) -> Iterator[Case]:
    tables = Tables(root)
    choice = random.Random(1)
    paths = sorted(str(path.relative_to(root)) for path in root.rglob("*.py"))
    choice.shuffle(paths)
    for path in paths:
        file = module_of(path, roots=(".",))
        facts = project.facts_at(path)
        named = [fact for fact in facts.imports if fact.name not in (None, "*")]
        if not named or not file.module:
            continue
        nodes = tables.imports(path, file.module)
        for fact in choice.sample(named, min(PER_FILE, len(named))):
            theirs = tables.lead(nodes[fact.statement], fact.name or "")
            yield Case(path, fact, project.leads(Module(file, facts), fact), theirs)


def difference(project: Project, case: Case) -> str | None:
    """The class of `DIFFERENCES` that a case is in; "" for none, None for one of no class."""
    ours = {(origin.path, origin.name) for origin in case.ours.origins}
    why = {end.why for end in case.ours.dead_ends}
    theirs = {place for place in case.theirs if place}
    submodules = bool(ours) and all(name == "" for _, name in ours)
    if ours == theirs and (ours or "outside" in why):
        return ""
    if "unreadable" in why:
        return "unreadable"
    if not ours and not theirs and why <= {"missing module", "missing name"}:
        return "missing"
    if submodules and not theirs:
        package = _package(project, case)
        if any(project.facts_at(path).trouble for path in (package, *(path for path, _ in ours))):
            return "unreadable itself"
        if any(i.bound == case.fact.name for i in project.facts_at(package).imports):
            return "own submodule"
    if any(name == INSTANCE for _, name in theirs):
        return "enum"
    extra = theirs - ours
    if extra and all("." in name and not _is_class(project, path, name) for path, name in extra):
        return "attribute"
    if ours and ours < theirs:
        return "overwritten"
    # It stops within the project, or before it comes to anything.
    stops = why and why <= {"undecidable", "outside"} if not ours else not theirs
    return "not inferred" if stops else None


def _package(project: Project, case: Case) -> str:
    """The path of the module that a ``from`` import names."""
    found = project.find(project.absolute(case.path, case.fact.level, case.fact.module) or "")
    assert found is not None
    return found.path or case.path


def _is_class(project: Project, path: str, name: str) -> bool:
    return any(d.name == name.split(".")[0] for d in project.facts_at(path).definitions)


def test_imported_names_lead_where_astroid_finds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree("everything")
    monkeypatch.syspath_prepend(str(root))
    project = project_at(root)
    classes: Counter[str] = Counter()
    unexplained: dict[str, list[str]] = defaultdict(list)
    for number, case in enumerate(sampled(root, project), 1):
        found = difference(project, case)
        if found is None:
            unexplained[case.fact.module].append(str(case))
        else:
            classes[found] += 1
        if number == SAMPLE:
            break
    for name, count in classes.most_common():
        print(f"{count:6} {DIFFERENCES.get(name, 'the same')}")
    assert not unexplained, "\n".join(line for lines in unexplained.values() for line in lines)
    assert classes.total() == SAMPLE
    assert classes.keys() - {""} <= DIFFERENCES.keys()
    unreadable = classes["unreadable"] + classes["unreadable itself"]
    assert classes[""] > 0.97 * (SAMPLE - unreadable)
    if sys.version_info >= (3, 13):  # what the newest of the packages is written for
        assert unreadable == 0
