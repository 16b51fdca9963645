"""The inventory: every path by which each source of truth is reached today, and by whom."""

from ssot_lint.inventory.formats import DRAWINGS, FORMATS, View, remarks, render
from ssot_lint.inventory.graph import reachable
from ssot_lint.inventory.model import (
    Binding,
    Count,
    CriticalPath,
    Inventory,
    Name,
    Path,
    Source,
    User,
    all_users,
    count,
)
from ssot_lint.inventory.take import inventory

__all__ = [
    "DRAWINGS",
    "FORMATS",
    "Binding",
    "Count",
    "CriticalPath",
    "Inventory",
    "Name",
    "Path",
    "Source",
    "User",
    "View",
    "all_users",
    "count",
    "inventory",
    "reachable",
    "remarks",
    "render",
]
