"""The options of a rule: how each is read, what its JSON Schema says, what its manual says.

A rule is a frozen dataclass; ``modules: tuple[Pattern, ...] = option(PATTERNS, "...")`` makes the
field an option of that name. Reading turns plain data (what safe YAML can hold) into the type the
rule uses, and reports every fault with the way to it, so that the caller can find its line.
"""

from ssot_lint.options.declaring import Declared, Fault, Option, declared, option
from ssot_lint.options.types import (
    COUNT,
    DATE,
    FLAG,
    GLOBS,
    IDENTIFIERS,
    MOVED,
    NAMES,
    PATH,
    PATHS,
    PATTERNS,
    SHARE,
    TEXT,
    TEXTS,
    choice,
    choices,
)

__all__ = [
    "COUNT",
    "DATE",
    "FLAG",
    "GLOBS",
    "IDENTIFIERS",
    "MOVED",
    "NAMES",
    "PATH",
    "PATHS",
    "PATTERNS",
    "SHARE",
    "TEXT",
    "TEXTS",
    "Declared",
    "Fault",
    "Option",
    "choice",
    "choices",
    "declared",
    "option",
]
