"""What a change takes away from the rules: a pull request may edit them, but not in silence."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields
from typing import Any

from ssot_lint.config import Config
from ssot_lint.globs import Globs
from ssot_lint.rule import Rule

_EXCEPTIONS = {"allow", "allow_in", "exclude", "defined_in"}
_STRICTNESS = {
    "severity": ("warning", "error"),
    "suppressions": ("allowed", "reason", "forbidden"),
    "test_doubles": ("allowed", "forbidden"),
}
_IRRELEVANT = {"name", "reason", "owner", "docs", "examples", "protected"}


def loosened(before: Config, after: Config) -> Iterator[tuple[str, str]]:
    """(rule or "", what happened) for each rule removed or made to judge less."""
    now = {rule.name: rule for rule in after.rules}
    for rule in before.rules:
        if rule.name not in now:
            yield "", f"the change removes rule '{rule.name}'"
        elif type(rule) is not type(now[rule.name]):
            yield rule.name, f"the change gives rule '{rule.name}' another kind"
        else:
            for message in _loosened_options(rule, now[rule.name]):
                yield rule.name, f"the change loosens rule '{rule.name}': {message}"
    for line in sorted(set(after.exclude.lines) - set(before.exclude.lines)):
        yield "", f"the change excludes '{line}'"
    for line in sorted(set(before.include.lines) - set(after.include.lines)):
        yield "", f"the change no longer includes '{line}'"


def _loosened_options(before: Rule, after: Rule) -> Iterator[str]:
    for field in fields(before):
        name = field.name
        old, new = getattr(before, name), getattr(after, name)
        if old == new or name in _IRRELEVANT:
            continue
        if name in _STRICTNESS:
            order = _STRICTNESS[name]
            if order.index(new) < order.index(old):
                yield f"{name} is {new}, was {old}"
        elif name in _EXCEPTIONS:
            for item in sorted(_texts(new) - _texts(old)):
                yield f"{name} gains '{item}'"
        elif name == "paths":
            yield "paths changed"
        elif isinstance(old, Collection) and not isinstance(old, str):
            for item in sorted(_texts(old) - _texts(new)):
                yield f"{name} loses '{item}'"
        else:
            yield f"{name} changed"


def _texts(value: Any) -> set[str]:
    if isinstance(value, Globs):
        return set(value.lines)
    return {": ".join(item) if isinstance(item, tuple) else str(item) for item in value or ()}
