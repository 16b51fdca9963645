"""The state of functions: those that keep their first result."""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.facts import Context, Function
from ssot_lint.sharing.file import NOT_RUN, File, Shared

_CACHES = frozenset({"functools.cache", "functools.lru_cache"})


def of_functions(file: File) -> Iterator[Shared]:
    """Functions and methods of a file in the form ``cache``."""
    for function in file.facts.functions:
        # What a function defines is another one for each call.
        if function.context & (NOT_RUN | Context.FUNCTION) or not _takes_nothing(file, function):
            continue
        leads = (
            file.project.used(file.module.path, function.scope, decorator, function.start)
            for decorator in function.decorators
            if decorator
        )
        if any(end.where in _CACHES for led in leads for end in led.dead_ends):
            name = file.project.qualified(file.module, function.scope, function.name)
            yield Shared("cache", name, function.span, function.start)


def _takes_nothing(file: File, function: Function) -> bool:
    method = file.facts.scopes[function.scope].kind == "class"
    static = any(d.rpartition(".")[2] == "staticmethod" for d in function.decorators)
    return len(function.parameters) == (1 if method and not static else 0)
