"""Facts: what one file says, read once from its bytes or its tree.

The only place that walks a syntax tree for checking. Everything else sees the values of `model`.
"""

from ssot_lint.facts.context import LATER, Context
from ssot_lint.facts.extract import facts_of, read_facts
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
    Parameter,
    Scope,
    Text,
    Trouble,
    Use,
    Word,
)
from ssot_lint.facts.packing import pack, unpack
from ssot_lint.facts.shims import ShimMark
from ssot_lint.facts.sure import sure_names
from ssot_lint.facts.whole import FileFacts

__all__ = [
    "LATER",
    "Alias",
    "Assignment",
    "Call",
    "Context",
    "Definition",
    "Directive",
    "Exports",
    "FileFacts",
    "Function",
    "Import",
    "Literals",
    "Parameter",
    "Scope",
    "ShimMark",
    "Text",
    "Trouble",
    "Use",
    "Word",
    "facts_of",
    "pack",
    "read_facts",
    "sure_names",
    "unpack",
]
