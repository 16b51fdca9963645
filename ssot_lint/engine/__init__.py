"""The whole run: from rules and files to a report."""

from ssot_lint.engine.editor import lint_buffer
from ssot_lint.engine.examples import inspect_rules, run_examples
from ssot_lint.engine.lint import lint
from ssot_lint.engine.request import Request, selected
from ssot_lint.engine.survey import locate

__all__ = [
    "Request",
    "inspect_rules",
    "lint",
    "lint_buffer",
    "locate",
    "run_examples",
    "selected",
]
