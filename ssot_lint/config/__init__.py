"""``rules.yaml``: which one applies, what it means, and what its JSON Schema is.

A search needs little, and an editor's linter searches for every file, mostly where there are no
rules. So what understands rules is imported when it is first asked for (PEP 562).
"""

from importlib import import_module
from typing import TYPE_CHECKING

from ssot_lint.config.find import Found, Searched, common_folder, find, search
from ssot_lint.config.source import MARK_LINE, shown

__all__ = [
    "DEFAULT_BASELINE",
    "DEFAULT_TESTS",
    "MARK_LINE",
    "Config",
    "Found",
    "Searched",
    "common_folder",
    "find",
    "load",
    "read",
    "search",
    "shown",
]

if TYPE_CHECKING:
    from ssot_lint.config.loading import load, read
    from ssot_lint.config.settings import DEFAULT_BASELINE, DEFAULT_TESTS, Config
else:
    _LATER = {
        "DEFAULT_BASELINE": "settings",
        "DEFAULT_TESTS": "settings",
        "Config": "settings",
        "load": "loading",
        "read": "loading",
    }

    def __getattr__(name):
        if name not in _LATER:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
