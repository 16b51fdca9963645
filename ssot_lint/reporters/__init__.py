"""Report -> text, one format per module: pure functions that read neither clock nor disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ssot_lint.model import Report
from ssot_lint.reporters import github, json, sarif, text
from ssot_lint.reporters.settings import Settings

__all__ = ["FORMATS", "Settings", "render"]

FORMATS: Mapping[str, Callable[[Report, Settings], str]] = {
    "text": text.render,
    "json": json.render,
    "github": github.render,
    "sarif": sarif.render,
}


def render(report: Report, format: str, settings: Settings) -> str:
    """`report` in `format`, a name of `FORMATS`; ends with a line end unless it is empty.

    Text of users may hold characters, even undecodable bytes as lone surrogates, that a console
    cannot show: write it with ``errors="backslashreplace"``.
    """
    return FORMATS[format](report, settings)
