"""What an option is, and how a rule declares one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, field, fields
from typing import Any, NamedTuple

Fault = Callable[..., None]
"""``fault(message, *way)``: `way` is the keys and indexes from the option's value to the fault."""


class Option(NamedTuple):
    """One type of option.

    `read(value, fault)` returns what the rule's field will hold (anything, if it reported a
    fault); `schema` is a JSON Schema; `expected` says in words what the value must be.
    """

    read: Callable[[Any, Fault], Any]
    schema: Mapping[str, Any]
    expected: str


def option(kind: Option, help: str, **default: Any) -> Any:
    """A dataclass field that is a rule's option; required unless ``default=`` is given."""
    return field(metadata={"option": kind, "help": help}, **default)


class Declared(NamedTuple):
    """An option as a kind declares it."""

    name: str
    option: Option
    help: str
    required: bool
    default: Any


_declared: dict[type, dict[str, Declared]] = {}


def declared(kind: type) -> dict[str, Declared]:
    """The options of a rule class by their names in ``rules.yaml``, in the order of the class."""
    if kind not in _declared:
        found = _declared[kind] = {}
        for item in fields(kind):
            if "option" in item.metadata:
                required = item.default is MISSING and item.default_factory is MISSING
                option, text = item.metadata["option"], item.metadata["help"]
                found[item.name] = Declared(item.name, option, text, required, item.default)
    return _declared[kind]
