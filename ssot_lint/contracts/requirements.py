"""What a contract requires of a member, and how ``rules.yaml`` and snapshots say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ssot_lint.options import Fault, Option


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one member must be.

    `parameters` are those that callers pass: ``name``, or ``name=`` if they may leave it out,
    ``*name`` and ``**name`` if they pass any number. None: the member need not be a function.
    `is_async` None: it does not matter.
    """

    name: str
    parameters: tuple[str, ...] | None = None
    is_async: bool | None = None


def read_members(value: Any, fault: Fault) -> tuple[Requirement, ...]:
    """The requirements of a mapping, a plain value; faults as in `Option.read`."""
    if not isinstance(value, dict):
        fault("expected a mapping of member names to what is required of them")
        return ()
    if not value:
        fault("an empty mapping says nothing; leave the key out")
    return tuple(_read_member(name, item, fault) for name, item in value.items())


def _read_member(name: str, value: Any, fault: Fault) -> Requirement:
    if not name.isidentifier():
        fault(f"'{name}' is no name of a member", name)
    if not isinstance(value, dict):
        fault("expected a mapping with 'parameters' and/or 'async', or {}", name)
        return Requirement(name)
    for key in value:
        if key not in ("parameters", "async"):
            fault(f"unknown key '{key}', expected 'parameters' or 'async'", name, key)
    is_async = value.get("async")
    if is_async is not None and not isinstance(is_async, bool):
        fault("expected true or false", name, "async")
    parameters = value.get("parameters")
    if parameters is None:
        return Requirement(name, None, is_async)
    if not isinstance(parameters, list):
        fault("expected a list of parameters, such as [user, 'room=']", name, "parameters")
        return Requirement(name)
    names = []
    for index, item in enumerate(parameters):
        bare = item.removesuffix("=").lstrip("*") if isinstance(item, str) else ""
        if not bare.isidentifier() or item not in _spellings(bare):
            fault(
                f"expected a parameter: 'name', 'name=', '*name' or '**name', found {item!r}",
                *(name, "parameters", index),
            )
        elif bare in names:
            fault(f"'{bare}' is listed already", name, "parameters", index)
        names.append(bare)
    return Requirement(name, tuple(map(str, parameters)), is_async)


def _spellings(name: str) -> tuple[str, ...]:
    return name, f"{name}=", f"*{name}", f"**{name}"


MEMBERS = Option(
    read_members,
    {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {
            "type": "object",
            "properties": {
                "parameters": {
                    "type": "array",
                    "items": {"type": "string", "pattern": r"^(\*{0,2}[^\s.*=]+|[^\s.*=]+=)$"},
                },
                "async": {"type": "boolean"},
            },
            "additionalProperties": False,
        },
    },
    "a mapping of member names to what is required of them",
)
