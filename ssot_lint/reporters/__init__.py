"""Report -> text, one format per module: pure functions that read neither clock nor disk."""

from __future__ import annotations

from importlib import import_module

from ssot_lint.model import Report
from ssot_lint.reporters.settings import Settings

__all__ = ["FORMATS", "Settings", "render"]

FORMATS = ("text", "json", "github", "sarif")
"""The names of the formats, which are those of their modules."""


def render(report: Report, format: str, settings: Settings) -> str:
    """`report` in `format`, one of `FORMATS`; ends with a line end unless it is empty.

    Text of users may hold characters, even undecodable bytes as lone surrogates, that a console
    cannot show: write it with ``errors="backslashreplace"``.
    """
    rendered: str = import_module(f"ssot_lint.reporters.{format}").render(report, settings)
    return rendered
