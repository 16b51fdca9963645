"""The options of the top level that tell files apart: groups to count by, and entry points."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ssot_lint.globs import Globs
from ssot_lint.model import SourceFile
from ssot_lint.options import GLOBS, PATTERNS, Fault, Option
from ssot_lint.patterns import Pattern

_GROUP_NAME = "[a-z][a-z0-9]*([_-][a-z0-9]+)*"


@dataclass(frozen=True, slots=True)
class EntryPoints:
    """Where the program starts: patterns on module names, and file globs."""

    modules: tuple[Pattern, ...] = ()
    files: Globs = Globs()

    def __bool__(self) -> bool:
        return bool(self.modules or self.files.lines)

    def match(self, file: SourceFile) -> bool:
        """Whether the program may start in `file`."""
        name = file.module
        if name is not None and any(pattern.matches(name) for pattern in self.modules):
            return True
        return self.files.match_file(file.path)


def _read_groups(value: Any, fault: Fault) -> tuple[tuple[str, Globs], ...]:
    if not isinstance(value, dict):
        fault("expected a mapping of group name to file globs")
        return ()
    if not value:
        fault("an empty mapping says nothing; leave the key out")
    groups = []
    for name, globs in value.items():
        if not re.fullmatch(_GROUP_NAME, name):
            message = f"'{name}' is no group name: write words of a-z and 0-9 joined by '-' or '_'"
            fault(message, name)
        elif name == "total":
            fault("'total' is the sum of all groups; call the group something else", name)

        def of_group(message: str, *way: Any, name: str = name) -> None:
            fault(message, name, *way)

        groups.append((name, GLOBS.read(globs, of_group)))
    return tuple(groups)


def _read_entry_points(value: Any, fault: Fault) -> EntryPoints:
    if not isinstance(value, list):
        fault("expected a list of modules and file globs")
        return EntryPoints()
    if not value:
        fault("an empty list says nothing; leave the key out")
    modules: list[Pattern] = []
    globs: list[str] = []
    for index, item in enumerate(value):

        def of_item(message: str, *_: Any, index: int = index) -> None:
            fault(message, index)

        def of_module(message: str, *_: Any, index: int = index) -> None:
            fault(f"{message} (a file glob has '/' or '.py' in it)", index)

        if not isinstance(item, str):
            of_item("expected a module, or a file glob with '/' or '.py' in it")
        elif "/" in item or item.endswith((".py", ".pyi")):
            globs += GLOBS.read([item], of_item).lines
        else:
            modules += PATTERNS.read([item], of_module)
    return EntryPoints(tuple(modules), Globs.parse(globs))


GROUPS = Option(
    _read_groups,
    {
        "type": "object",
        "propertyNames": {"pattern": f"^{_GROUP_NAME}$", "not": {"const": "total"}},
        "additionalProperties": GLOBS.schema,
        "minProperties": 1,
    },
    "a mapping of group name to file globs",
)
ENTRY_POINTS = Option(
    _read_entry_points,
    {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
    "a list of modules and file globs",
)
