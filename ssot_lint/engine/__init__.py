"""The whole run: from rules and files to a report."""

from ssot_lint.engine.editor import Editor
from ssot_lint.engine.lint import lint, run
from ssot_lint.engine.request import Request, selected
from ssot_lint.engine.survey import locate

__all__ = [
    "Editor",
    "Request",
    "lint",
    "locate",
    "run",
    "selected",
]
