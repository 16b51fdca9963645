"""Who binds the name of a source of truth, and to what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from ssot_lint.facts import Alias, Context, Definition, Import
from ssot_lint.project import Module, Project, Resolution

BindingForm = Literal["import", "star", "alias", "class", "function", "assignment"]
_FORMS: Mapping[str, BindingForm] = {
    "class": "class",
    "class-call": "class",
    "function": "function",
    "assignment": "assignment",
}


class Bound(NamedTuple):
    """A place where a file binds a name, and where that leads."""

    name: str
    line: int
    column: int
    form: BindingForm
    resolution: Resolution


def bound(project: Project, module: Module, names: frozenset[str]) -> Iterator[Bound]:
    """What binds one of `names` in a file, in any scope: as `divergent-name` counts, and what
    defines it.

    Left out are stand-ins in the handler of an ``except ImportError``, imports that are expected to
    fail, and what a stub declares of the module beside it.
    """
    for fact in module.facts.imports:
        if fact.context & Context.EXPECTED_FAILURE:
            continue
        if fact.name == "*":
            yield from _starred(project, module, fact, names)
        elif fact.bound in names:
            resolution = project.leads(module, fact)
            yield Bound(fact.bound, fact.line, fact.column, "import", resolution)
    branches: dict[tuple[str, int, int], list[Alias]] = {}
    for alias in module.facts.aliases:
        if alias.name in names and not alias.context & Context.FALLBACK:
            branches.setdefault((alias.name, alias.line, alias.column), []).append(alias)
    for (name, line, column), aliases in branches.items():
        resolution = Resolution.of(project.leads(module, alias) for alias in aliases)
        yield Bound(name, line, column, "alias", resolution)
    if module.file.is_stub and project.is_stub_of_module(module.file):
        return
    for definition in module.facts.definitions:
        if definition.name in names and not definition.context & Context.FALLBACK:
            yield defined(project, module, definition)


def defined(project: Project, module: Module, definition: Definition) -> Bound:
    """A definition, as the binding of its name."""
    resolution = project.leads(module, definition)
    form = _FORMS[definition.kind]
    return Bound(definition.name, definition.line, definition.column, form, resolution)


def why_nowhere(resolution: Resolution) -> str:
    """In words, where a trail without origins ended."""
    ends = sorted(resolution.dead_ends)
    return ", ".join(f"{end.why} {end.where}" for end in ends) or "itself"


def _starred(
    project: Project, module: Module, fact: Import, names: frozenset[str]
) -> Iterator[Bound]:
    target = module.absolute(fact)
    for name in sorted(names):
        if target is not None and project.star_binds(target, name):
            resolution = project.resolve(f"{target}.{name}")
            yield Bound(name, fact.line, fact.column, "star", resolution)
