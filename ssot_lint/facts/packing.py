"""Facts as bytes: small enough to keep those of ten thousand files in memory.

The format is `marshal` data: per field of `FileFacts`, in order, the values of its facts. Only the
interpreter and the version of this package that wrote it can read it back.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable
from dataclasses import fields
from itertools import starmap
from operator import attrgetter
from typing import Any

from ssot_lint.facts.model import (
    Alias,
    Definition,
    Directive,
    Exports,
    FileFacts,
    Import,
    Scope,
    Text,
    Trouble,
    Use,
)

_MANY: dict[str, type] = {
    "imports": Import,
    "definitions": Definition,
    "aliases": Alias,
    "uses": Use,
    "texts": Text,
    "scopes": Scope,
    "directives": Directive,
}
_ONE: dict[str, type] = {"exports": Exports, "trouble": Trouble}
_NAMES = tuple(field.name for field in fields(FileFacts))


def _values_of(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*(field.name for field in fields(kind)))


_VALUES = {kind: _values_of(kind) for kind in (*_MANY.values(), *_ONE.values())}


def pack(facts: FileFacts) -> bytes:
    """`facts` as bytes, for `unpack`."""
    packed: list[Any] = []
    for name in _NAMES:
        value = getattr(facts, name)
        if name in _MANY:
            value = tuple(map(_VALUES[_MANY[name]], value))
        elif name in _ONE and value is not None:
            value = _VALUES[_ONE[name]](value)
        packed.append(value)
    return marshal.dumps(tuple(packed))


def unpack(data: bytes) -> FileFacts:
    """The facts that `pack` made `data` of; anything else is the caller's mistake."""
    values: list[Any] = []
    for name, value in zip(_NAMES, marshal.loads(data), strict=True):  # noqa: S302 (our own)
        if name in _MANY:
            value = tuple(starmap(_MANY[name], value))
        elif name in _ONE and value is not None:
            value = _ONE[name](*value)
        values.append(value)
    return FileFacts(*values)
