"""The option of the top level that says how a migration goes about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ssot_lint.errors import did_you_mean
from ssot_lint.options import Fault, Option

_LARGEST = 1000
_CALLEE = r"[^\W\d]\w*(\.[^\W\d]\w*)*"
DEFAULT_BATCH_FILES = 20
DEFAULT_CALLS = (
    "patch",
    "patch.dict",
    "patch.multiple",
    "setattr",
    "delattr",
    "import_module",
    "__import__",
    "importorskip",
    "find_spec",
)


@dataclass(frozen=True, slots=True)
class Migration:
    """How a migration goes about it.

    A batch holds up to `batch_files` files. A string is rewritten only as an argument of one of
    `calls`: the last components of a dotted callee, so that ``patch`` means ``mock.patch``, too.
    """

    batch_files: int = DEFAULT_BATCH_FILES
    calls: tuple[str, ...] = DEFAULT_CALLS

    def names(self, callee: str) -> bool:
        """Whether strings in a call of the dotted `callee` are rewritten."""
        return any(callee == call or callee.endswith(f".{call}") for call in self.calls)


def _read(value: Any, fault: Fault) -> Migration:
    if not isinstance(value, dict) or not value:
        fault("expected a mapping with 'batch_files' or 'calls'")
        return Migration()
    known = ("batch_files", "calls")
    for key in value:
        if key not in known:
            fault(f"unknown key '{key}'{did_you_mean(key, known)}", key)
    files = value.get("batch_files", DEFAULT_BATCH_FILES)
    if type(files) is not int or not 1 <= files <= _LARGEST:
        fault(f"expected a number of files from 1 to {_LARGEST}", "batch_files")
        files = DEFAULT_BATCH_FILES
    return Migration(files, _read_calls(value.get("calls", list(DEFAULT_CALLS)), fault))


def _read_calls(value: Any, fault: Fault) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        fault("expected a list of callees, such as 'patch'", "calls")
        return DEFAULT_CALLS
    for index, item in enumerate(value):
        if not isinstance(item, str) or not re.fullmatch(_CALLEE, item):
            fault("expected a callee, such as 'patch' or 'patch.dict'", "calls", index)
        elif item in value[:index]:
            fault(f"'{item}' is listed already", "calls", index)
    return tuple(item for item in value if isinstance(item, str))


MIGRATION = Option(
    _read,
    {
        "type": "object",
        "properties": {
            "batch_files": {"type": "integer", "minimum": 1, "maximum": _LARGEST},
            "calls": {
                "type": "array",
                "items": {"type": "string", "pattern": f"^{_CALLEE}$"},
                "minItems": 1,
            },
        },
        "additionalProperties": False,
        "minProperties": 1,
    },
    "a mapping with 'batch_files' or 'calls'",
)
