"""Functions as their callers see them: whether bound, decorated, to be awaited."""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.facts import Function
from ssot_lint.project import Origin, Project

_TRANSPARENT = frozenset(
    {
        "abstractmethod",
        "cache",
        "classmethod",
        "deprecated",
        "final",
        "lru_cache",
        "no_type_check",
        "overload",
        "override",
        "staticmethod",
    }
)
"""Decorators (last component) that leave parameters and asyncness as they are."""


def functions_at(project: Project, origin: Origin) -> Iterator[Function]:
    """The functions that an origin stands for, in all branches; none if it is something else."""
    if origin.path and origin.name:
        module = project.module_at(origin.path)
        last = origin.name.rpartition(".")[2]
        for function in module.facts.functions:
            named = function.name == last
            if named and project.qualified(module, function.scope, last) == origin.name:
                yield function


def is_method(function: Function) -> bool:
    """Whether a function in a class body is given the instance or the class first."""
    return "staticmethod" not in {d.rpartition(".")[2] for d in function.decorators}


def is_plain(function: Function) -> bool:
    """Whether a function is called as it is written: no decorator makes something else of it."""
    return all(d.rpartition(".")[2] in _TRANSPARENT for d in function.decorators)


def is_coroutine(function: Function) -> bool:
    """Whether a call must be awaited. An asynchronous generator is iterated over instead."""
    return function.is_async and not function.is_generator


def is_overload(function: Function) -> bool:
    """Whether a function only tells type checkers of one way to call another."""
    return any(decorator.rpartition(".")[2] == "overload" for decorator in function.decorators)
