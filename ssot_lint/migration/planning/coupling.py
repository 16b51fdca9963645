"""Which files of a plan hang together: tests and what they patch, re-exporters and importers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ssot_lint.facts import Context, Text
from ssot_lint.inventory.references import path_named
from ssot_lint.migration.model import Rewrite
from ssot_lint.migration.planning.importers import Dependents
from ssot_lint.migration.planning.model import Apart
from ssot_lint.patterns import ancestors
from ssot_lint.project import Project

Unit = tuple[str, ...]
"""Paths of files that stand in one batch, sorted."""

_SETTERS = frozenset({"setattr", "delattr"})


class Units(NamedTuple):
    """Every file in one unit, and the modules whose tests do not fit into a batch with them."""

    units: tuple[Unit, ...]
    apart: tuple[Apart, ...]


def units(
    project: Project, rewrites: Sequence[Rewrite], dependents: Dependents, most: int
) -> Units:
    """Tests stand together with the modules that they patch, up to `most` files.

    A test patches a module if a string that it hands to ``patch`` or ``setattr`` names the module,
    or something in it. If that string is rewritten, the test also stands with the files that it
    tests and that use the old path: from then on it patches the new one, and so must they. A shim
    at the old path makes that needless. Modules that fewer tests patch come first.
    """
    paths = [each.path for each in rewrites]
    tests: dict[str, set[str]] = defaultdict(set)
    using = _using(project, rewrites)
    for each in rewrites:
        if not project.is_test(each.path):
            continue
        patched = _patched(project, each.path)
        users = (using[path] for named in patched for path in ancestors(named) if path in using)
        for module in _homes(project, patched) & set(paths):
            tests[module].add(each.path)
        for module in set[str]().union(*users):
            if dependents.depends(each.path, module):
                tests[module].add(each.path)
    group = {path: [path] for path in paths}
    apart: Counter[str] = Counter()
    pairs = [(module, test) for module in tests for test in tests[module] if test != module]
    for module, test in sorted(pairs, key=lambda pair: (len(tests[pair[0]]), pair)):
        mine, other = group[module], group[test]
        if mine is other:
            continue
        if len(mine) + len(other) > most:
            apart[module] += 1
            continue
        mine += other
        group.update(dict.fromkeys(other, mine))
    found = {tuple(sorted(paths)) for paths in group.values()}
    return Units(tuple(sorted(found)), tuple(Apart(*pair) for pair in sorted(apart.items())))


def _using(project: Project, rewrites: Iterable[Rewrite]) -> Mapping[str, set[str]]:
    """By old path, the files whose code is rewritten because it uses that; not those of shims."""
    using: dict[str, set[str]] = defaultdict(set)
    for each in rewrites:
        texts = {text.span for text in project.facts_at(each.path).texts}
        for change in each.made:
            if change.span not in texts:
                using[change.old.removesuffix(".*")].add(each.path)
    return {old: files for old, files in using.items() if not _is_shimmed(project, old)}


def _is_shimmed(project: Project, old: str) -> bool:
    """Whether a shim forwards what is set at the old path."""
    found = project.nearest(old)
    if found is None or found.path is None:
        return False
    return project.facts_at(found.path).shim is not None


def _patched(project: Project, path: str) -> set[str]:
    """What the strings of a file patch, as absolute paths."""
    texts = (text for text in project.facts_at(path).texts if _patches(text))
    return {named for text in texts if (named := path_named(project, path, text))}


def _homes(project: Project, dotted: Iterable[str]) -> set[str]:
    """The files of the modules in which dotted paths lie."""
    found = map(project.nearest, dotted)
    return {each.path for each in found if each is not None and each.path is not None}


def _patches(text: Text) -> bool:
    """Whether a string names what is patched."""
    if text.role != "argument" or text.open_ended:
        return False
    names = text.callee.split(".")
    return "patch" in names or names[-1] in _SETTERS


def generations(
    project: Project, rewrites: Iterable[Rewrite], units: Iterable[Unit]
) -> Mapping[str, int]:
    """By path, the turn in which a re-exporter is rewritten, so that it comes before its importers.

    A re-exporter is a file in which an import that is rewritten binds a name that another unit
    imports from it. All files of a unit have one turn; in a circle all have the same.
    """
    import networkx

    number = {path: index for index, unit in enumerate(units) for path in unit}
    rewrites = tuple(rewrites)
    exports = {each.path: _exported(project, each) for each in rewrites}
    modules = {name: path for path in exports if exports[path] and (name := project.name_of(path))}
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    for each in rewrites:
        for path in _exporters(project, each.path, modules, exports):
            if number[path] != number[each.path]:
                graph.add_edge(number[path], number[each.path])
    condensed = networkx.condensation(graph)
    turns: dict[int, int] = {}
    for turn, components in enumerate(networkx.topological_generations(condensed)):
        for component in components:
            members = condensed.nodes[component]["members"]
            turns.update((unit, turn) for unit in members if graph.out_degree(unit))
    return {path: turns[unit] for path, unit in number.items() if unit in turns}


def _exported(project: Project, rewrite: Rewrite) -> frozenset[str]:
    """The names that rewritten imports of a file bind for whoever imports it; ``*`` for a star."""
    spans = {change.span for change in rewrite.made}
    return frozenset(
        fact.bound or "*"
        for fact in project.facts_at(rewrite.path).imports
        if fact.span in spans and fact.scope == 0 and not fact.context & Context.TYPE_CHECKING
    )


def _exporters(
    project: Project,
    path: str,
    modules: Mapping[str, str],
    exports: Mapping[str, frozenset[str]],
) -> Iterator[str]:
    """The files from which the one at `path` imports what a rewritten import binds there."""
    module = project.module_at(path)
    for fact in module.facts.imports:
        source = modules.get(module.absolute(fact) or "")
        if source is not None and fact.name is not None:
            names = exports[source]
            if fact.name in names or "*" in (fact.name, *names):
                yield source
