"""``rules.yaml``: which one applies, what it means, and what its JSON Schema is."""

from ssot_lint.config.find import Found, Searched, common_folder, find, search
from ssot_lint.config.load import load, read
from ssot_lint.config.schema import render, schema
from ssot_lint.config.settings import DEFAULT_BASELINE, DEFAULT_TESTS, Config
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
    "render",
    "schema",
    "search",
    "shown",
]
