"""What a change takes away from the rules: a pull request may edit them, but not in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ssot_lint.config import Config
from ssot_lint.globs import Globs
from ssot_lint.options import declared
from ssot_lint.rule import Rule

_EXCEPTIONS = {
    *("allow", "allow_calls", "allow_in", "allow_within"),
    *("defined_in", "helpers", "public"),
}
_STRICTNESS: dict[str, tuple[Any, ...]] = {
    "severity": ("warning", "error"),
    "suppressions": ("allowed", "reason", "forbidden"),
    "test_doubles": ("allowed", "forbidden"),
    "type_checking": ("allowed", "forbidden"),
    "guarded": ("allowed", "forbidden"),
    "ignore_case": (False, True),
    "adapters": (True, False),
}
_FOR_PEOPLE = {"name", "reason", "owner", "docs", "examples"}
_LEGACY = {"moved", "removed"}


def loosened(before: Config, after: Config) -> Iterator[tuple[str, str]]:
    """(rule or "", what happened) for each rule removed, or made to judge less or otherwise."""
    now = {rule.name: rule for rule in after.rules}
    for rule in before.rules:
        if rule.name not in now:
            yield "", f"the change removes rule '{rule.name}'"
        elif type(rule) is not type(now[rule.name]):
            yield rule.name, f"the change gives rule '{rule.name}' another kind"
        else:
            for message in _milder(rule, now[rule.name]):
                yield rule.name, f"the change loosens rule '{rule.name}': {message}"
    for message in (
        *_matching("include", before.include, after.include, more=False),
        *_matching("exclude", before.exclude, after.exclude, more=True),
    ):
        yield "", f"the change judges fewer files: {message}"
    for name, old, new in (
        ("roots", before.roots, after.roots),
        ("tests", before.tests.lines, after.tests.lines),
    ):
        if old != new:
            yield "", f"the change judges otherwise: {name} is {_said(new)}, was {_said(old)}"


def _milder(before: Rule, after: Rule) -> Iterator[str]:
    """What makes a rule milder, in words."""
    yield from (
        f"'{path}' is no longer legacy" for path in _missing(_legacy(before), _legacy(after))
    )
    for name in declared(type(before)):
        old, new = getattr(before, name), getattr(after, name)
        if old != new and name not in _FOR_PEOPLE | _LEGACY:
            yield from _milder_option(name, old, new)


def _milder_option(name: str, old: Any, new: Any) -> Iterator[str]:
    if name == "exclude":
        yield from _matching(name, old or Globs(), new or Globs(), more=True)
    elif isinstance(old, Globs) and isinstance(new, Globs):
        yield from _matching(name, old, new, more=False)
    elif name in _EXCEPTIONS:
        yield from (f"{name} gains '{item}'" for item in _missing(new, old))
    elif isinstance(old, tuple):
        yield from (f"{name} loses '{item}'" for item in _missing(old, new))
    elif not _is_stricter(name, old, new):
        yield f"{name} is {_said(new)}, was {_said(old)}"


def _is_stricter(name: str, old: Any, new: Any) -> bool:
    if name in _STRICTNESS:
        order = _STRICTNESS[name]
        return order.index(new) > order.index(old)
    if name == "until":
        return old is None or (new is not None and new < old)
    if name == "remove_after":
        return bool(new < old)
    return name == "paths" and new is None


def _legacy(rule: Rule) -> set[str]:
    """The paths that a rule calls legacy, wherever they lead now."""
    return {*dict(getattr(rule, "moved", ())), *getattr(rule, "removed", ())}


def _missing(these: Iterable[object], those: Iterable[object]) -> list[str]:
    """The texts of what is in `these` and not in `those`, sorted."""
    return sorted(set(map(str, these)) - set(map(str, those)))


def _matching(name: str, before: Globs, after: Globs, *, more: bool) -> Iterator[str]:
    """What makes globs match more than before, or less."""
    for verb, lines in (
        ("gains", _missing(after.lines, before.lines)),
        ("loses", _missing(before.lines, after.lines)),
    ):
        for line in lines:
            adds = (verb == "gains") is not line.startswith("!")
            if adds is more:
                yield f"{name} {verb} '{line}'"
    if sorted(before.lines) == sorted(after.lines) and before != after:
        yield f"{name} has another order"  # the last line that matches decides


def _said(value: object) -> str:
    if value is None:
        return "unset"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Globs):
        return _said(value.lines)
    return ", ".join(f"'{item}'" for item in value) if isinstance(value, tuple) else str(value)
