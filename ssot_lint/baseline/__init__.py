"""The baseline: what exists is tolerated, what is new is not, and the rest only shrinks.

A bag of fingerprints (path, rule name, subject) with counts, kept in one file that git can merge.
Everything here is pure but `read` and `write`.
"""

from ssot_lint.baseline.compare import borrowed, compare, split
from ssot_lint.baseline.edit import (
    Renaming,
    accept,
    compact,
    create,
    forget,
    freeze,
    rename_rule,
    renamed,
    shrink,
)
from ssot_lint.baseline.entries import Baseline, Entry
from ssot_lint.baseline.format import dump, load, load_bytes, read, write
from ssot_lint.baseline.growth import Growth, diff, growth
from ssot_lint.baseline.merge import merge, resolve

__all__ = [
    "Baseline",
    "Entry",
    "Growth",
    "Renaming",
    "accept",
    "borrowed",
    "compact",
    "compare",
    "create",
    "diff",
    "dump",
    "forget",
    "freeze",
    "growth",
    "load",
    "load_bytes",
    "merge",
    "read",
    "rename_rule",
    "renamed",
    "resolve",
    "shrink",
    "split",
    "write",
]
