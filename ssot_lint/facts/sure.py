"""The names that a module surely defines, for half the price of its facts.

CPython makes the symbol table of a source without making its tree, which would take longest.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ssot_lint.facts.source import decode

if TYPE_CHECKING:
    from symtable import SymbolTable

_STAR = re.compile(r"import[\s\\]*\*")
_SCOPES = frozenset({"lambda", "genexpr", "listcomp", "setcomp", "dictcomp", "top"})
"""What CPython calls scopes that have no name."""


def sure_names(data: bytes) -> frozenset[str] | None:
    """The functions and classes that these bytes define at module level, and bind in no other way.

    There may be more of them. None if the bytes may not parse.
    """
    import symtable  # which most runs do not need

    try:
        text = decode(data).text
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = symtable.symtable(text, "", "exec")
    except (LookupError, SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None
    if "*" in text and _STAR.search(text):
        return frozenset()
    if not unicodedata.is_normalized("NFKC", text):
        return frozenset()  # one name may be spelled in several ways (PEP 3131)
    return frozenset(name for name in _defined(table) if _is_bound_once(text, name))


def _defined(table: SymbolTable) -> set[str]:
    """The names of functions and classes that no import binds, too."""
    named = {
        child.get_name()
        for child in table.get_children()
        if str(child.get_type()) in ("function", "class")
    }
    return {name for name in named - _SCOPES if not table.lookup(name).is_imported()}


def _is_bound_once(text: str, name: str) -> bool:
    """Whether a name stands only where a definition, a call, an attribute or a string has it."""
    for start, end in _places(text, name):
        before, after = text[max(start - 6, 0) : start], text[end : end + 1]
        named = after in ("(", ".", "[") or before.endswith(".")
        headed = after == ":" and before == "class "
        quoted = after in ("'", '"') and before.endswith(("'", '"'))
        if not (named or headed or quoted):
            return False
    return True


def _places(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Where a word begins and ends, each time."""
    end = 0
    while (start := text.find(name, end)) >= 0:
        end = start + len(name)
        around = text[max(start - 1, 0) : start], text[end : end + 1]
        if not any(f"a{each}".isidentifier() for each in around if each):
            yield start, end
