"""In what a function is not as a contract requires."""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.contracts.functions import is_coroutine
from ssot_lint.contracts.requirements import Requirement
from ssot_lint.facts import Function, Parameter

_MANY = frozenset({"many", "keywords"})


def breaches(requirement: Requirement, function: Function, bound: bool) -> Iterator[str]:
    """In what a function is not as required; `bound`: its first parameter is given by Python."""
    if requirement.parameters is not None:
        parameters = function.parameters[1:] if bound else function.parameters
        yield from _parameter_breaches(requirement.parameters, parameters)
    if requirement.is_async is not None and requirement.is_async != is_coroutine(function):
        if requirement.is_async and function.is_async:
            yield "is an asynchronous generator, but its callers await it; return instead of yield"
        elif requirement.is_async:
            yield "is not async, but its callers await it; make it async"
        else:
            yield "is async, but its callers do not await it; make it a plain function"


def _parameter_breaches(wanted: tuple[str, ...], given: tuple[Parameter, ...]) -> Iterator[str]:
    kinds = {kind for _, kind, _ in given}
    has_default = {name: default for name, kind, default in given if kind not in _MANY}
    passed = {each.strip("*=") for each in wanted}
    for each in wanted:
        name = each.strip("*=")
        if each.startswith("*"):
            kind = "keywords" if each.startswith("**") else "many"
            if kind not in kinds:
                yield f"does not take {each}, which its callers pass; add it"
        elif name not in has_default:
            if not kinds & _MANY:
                yield f"has no parameter {name}, which its callers pass; add it"
        elif each.endswith("=") and not has_default[name]:
            yield f"has no default for {name}, which callers leave out; give it one"
    for name, default in has_default.items():
        if not default and name not in passed:
            yield f"demands {name}, which its callers do not pass; give it a default"
