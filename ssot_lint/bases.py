"""Bases of Python's own that bring nothing to a class."""

from __future__ import annotations

from typing import Final

BRING_NOTHING: Final = frozenset(
    {
        *("builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"),
        *("typing_extensions.Generic", "typing_extensions.Protocol"),
    }
)
"""Dotted paths of bases that bring neither state nor methods, but for special ones."""
