"""The dotted paths that a file names: by its imports, attribute chains and strings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ssot_lint.facts import Import, Text, Use
from ssot_lint.patterns import Pattern, Words, ancestors, fold
from ssot_lint.project import Module, absolute


def covered(patterns: Iterable[Pattern], path: str) -> bool:
    """Whether a pattern names the dotted `path`, or something that it lies below."""
    return any(
        pattern.matches(path)
        if pattern.literal
        else any(pattern.matches(above) for above in ancestors(path))
        for pattern in patterns
    )


def words_of(patterns: Iterable[Pattern]) -> Words | None:
    """The words of files that may name, from outside, what `patterns` cover; None if one has none.

    Whoever names a path spells its last component, unless by a relative import or a star import in
    a package that lies on the path. Stars are seen to; the packages are those that `patterns` cover
    themselves.
    """
    patterns = tuple(patterns)
    spelled = [_spelled(pattern) for pattern in patterns]
    if not all(spelled):
        return None
    ignore_case = any(pattern.ignore_case for pattern in patterns)
    return replace(Words.of(*spelled, ignore_case=ignore_case), stars=True)


def _spelled(pattern: Pattern) -> list[str]:
    """What stands behind the last dot of every name that the pattern matches."""
    text = fold(pattern.text) if pattern.ignore_case else pattern.text
    last = text.rpartition(".")[2].rpartition("**")[2]
    return [run for run in last.split("*") if run]


def reached(module: Module) -> Iterator[tuple[Use, tuple[tuple[Import, str, str], ...]]]:
    """Every attribute chain of a file, with what it reaches by each import that binds its root.

    That is the import, the absolute path that the root stands for, and the attributes.
    """
    binders: dict[tuple[int, str | None], list[tuple[Import, str]]] = {}
    for fact in module.facts.imports:
        target = module.target(fact)
        if target is not None:
            # ``import a.b`` binds a.
            base = target if fact.name or fact.alias else target.partition(".")[0]
            binders.setdefault((fact.scope, fact.bound), []).append((fact, base))
    for use in module.facts.uses:
        root, _, rest = use.chain.partition(".")
        bound = binders.get((use.root_scope, root), ())
        yield use, tuple((fact, base, rest) for fact, base in bound)


def named(module: Module, text: Text) -> str | None:
    """The absolute path that a string names; None if it is relative to nowhere.

    A relative one is relative to the package that `import_module` is given.
    """
    if not text.value.startswith("."):
        return text.value
    bare = text.value.lstrip(".")
    package = {"__package__": module.file.package, "__name__": module.name}.get(
        text.package, text.package
    )
    if not package:
        return None
    return absolute(module.file._replace(package=package), len(text.value) - len(bare), bare)
