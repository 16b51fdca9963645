"""Facts as bytes: small enough to keep those of ten thousand files in memory.

The format is `marshal` data: per field of `FileFacts`, in order, the `marshal` data of its values,
so that each can be read alone. Only the interpreter and the version of this package that wrote it
can read it back.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from ssot_lint.facts.model import (
    Alias,
    Assignment,
    Call,
    Definition,
    Directive,
    Exports,
    Function,
    Import,
    Literals,
    Scope,
    Text,
    Trouble,
    Use,
    Word,
)
from ssot_lint.facts.shims import ShimMark
from ssot_lint.facts.whole import IN_EXPRESSIONS, FileFacts

_MANY: dict[str, Any] = {
    "imports": Import,
    "definitions": Definition,
    "aliases": Alias,
    "uses": Use,
    "texts": Text,
    "functions": Function,
    "assignments": Assignment,
    "calls": Call,
    "literals": Literals,
    "words": Word,
    "scopes": Scope,
    "directives": Directive,
}
_ONE: dict[str, Any] = {"exports": Exports, "shim": ShimMark, "trouble": Trouble}
_NAMES = tuple(field.name for field in fields(FileFacts))
_INDEX = {name: index for index, name in enumerate(_NAMES)}


def pack(facts: FileFacts) -> bytes:
    """`facts` as bytes, for `unpack`."""
    packed: list[Any] = []
    for name in _NAMES:
        value = None if _is_missing(name, facts) else getattr(facts, name)
        if value is not None and name in _MANY:
            value = marshal.dumps(tuple(map(tuple, value))) if value else b""
        elif name in _ONE and value is not None:
            value = tuple(value)
        packed.append(value)
    return marshal.dumps(tuple(packed))


def _is_missing(name: str, facts: FileFacts) -> bool:
    return name in IN_EXPRESSIONS and not facts.expressions


def unpack(data: bytes, whole: Callable[[], FileFacts] | None = None) -> FileFacts:
    """The facts that `pack` made `data` of; anything else is the caller's mistake.

    Their fields are unpacked one by one, when they are asked for. `whole` gives facts that hold
    what expressions do, for when somebody asks after all; without it that raises AttributeError.
    """
    values = marshal.loads(data)  # noqa: S302 (our own)

    def load(name: str) -> Any:
        value = values[_INDEX[name]]
        if name in IN_EXPRESSIONS and value is None:
            if whole is None:
                raise AttributeError(f"nobody has read the {name} of this file")
            return getattr(whole(), name)
        if name in _MANY:
            return tuple(map(_MANY[name]._make, marshal.loads(value))) if value else ()  # noqa: S302
        if name in _ONE and value is not None:
            return _ONE[name](*value)
        return value

    return FileFacts.lazily(load)
