"""The kinds of rules: one per file, which bears its name, listed here.

A file is imported when a rules file names its kind; `KINDS` are all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ssot_lint.rule import Rule

    KINDS: tuple[type[Rule], ...]

_NAMES = (
    "forbidden-module",
    "legacy-import",
    "legacy-reference",
    "import-path",
    "restricted-import",
    "unresolved-import",
    "duplicate-definition",
    "divergent-name",
    "duplicate-literal",
    "lookalike-class",
    "shim",
    "contract",
    "required-members",
    "shared-state",
    "restricted-call",
    "required-base",
)
"""In the order of their codes."""


class _Kinds(Mapping[str, "type[Rule]"]):
    """Kinds by name, imported when they are asked for."""

    def __getitem__(self, name: str) -> type[Rule]:
        if name not in _NAMES:
            raise KeyError(name)
        module = import_module(f"{__name__}.{name.replace('-', '_')}")
        kind: type[Rule] = getattr(module, name.title().replace("-", ""))
        return kind

    def __contains__(self, name: object) -> bool:
        return name in _NAMES

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


BY_NAME: Mapping[str, type[Rule]] = _Kinds()

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name == "KINDS":
            return tuple(BY_NAME.values())
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
