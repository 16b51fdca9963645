"""What the facts of a file refer to: dotted paths, made absolute, before anybody judges them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ssot_lint.facts import Context, Import, Text
from ssot_lint.inventory.model import Form
from ssot_lint.model import SourceFile
from ssot_lint.project import Module, Project, absolute

Position = tuple[int, int]


class Reference(NamedTuple):
    """A dotted path, as one file names it.

    `path` ends in ``.*`` for a star import. `open_ended` says that only the beginning of a string
    is known. `by` are the paths of the imports that an attribute chain starts at.
    """

    path: str
    form: Form
    statement: Position
    open_ended: bool = False
    by: str = ""


def references(project: Project, module: Module) -> Iterator[Reference]:
    """Every import, every attribute chain that starts at an import, every string.

    Left out is what stands where an import is expected to fail: that is a test of absence.
    """
    binders: dict[tuple[int, str | None], list[tuple[Import, str]]] = {}
    for fact in module.facts.imports:
        target = module.target(fact)
        if target is None or fact.context & Context.EXPECTED_FAILURE:
            continue
        binders.setdefault((fact.scope, fact.bound), []).append((fact, target))
        yield Reference(target, "import", fact.statement)
    for use in module.facts.uses:
        if use.context & Context.EXPECTED_FAILURE:
            continue
        root, _, rest = use.chain.partition(".")
        # Several imports of one name: the branches of a condition, any of which may hold.
        for path, target in dict.fromkeys(
            (target if fact.name or fact.alias else root, target)
            for fact, target in binders.get((use.root_scope, root), ())
        ):
            yield Reference(f"{path}.{rest}", "attribute", use.start, by=target)
    for text in module.facts.texts:
        if not text.context & Context.EXPECTED_FAILURE:
            named = path_named(project, module.path, text)
            if named is not None:
                yield Reference(named, "string", text.start, open_ended=text.open_ended)


def path_named(project: Project, path: str, text: Text) -> str | None:
    """The absolute path that a string in the file at `path` names.

    A relative one is relative to the second argument of ``import_module``; None if that is unknown,
    or if it leads above the roots.
    """
    if not text.value.startswith("."):
        return text.value
    bare = text.value.lstrip(".")
    package: str | None = text.package
    if package == "__package__":
        package = project.absolute(path, 1, "")
    elif package == "__name__":
        package = project.name_of(path)
    return absolute(SourceFile(path, None, package), len(text.value) - len(bare), bare)
