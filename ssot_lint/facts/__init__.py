"""Facts: what one file says, read once from its bytes or its tree.

The only place that walks a syntax tree for checking. Everything else sees the values of `model`.
"""

from ssot_lint.facts.extract import facts_of, read_facts
from ssot_lint.facts.model import (
    Alias,
    Context,
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
from ssot_lint.facts.packing import pack, unpack

__all__ = [
    "Alias",
    "Context",
    "Definition",
    "Directive",
    "Exports",
    "FileFacts",
    "Import",
    "Scope",
    "Text",
    "Trouble",
    "Use",
    "facts_of",
    "pack",
    "read_facts",
    "unpack",
]
