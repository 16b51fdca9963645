"""The command line: one command per file, loaded when it is called."""

from ssot_lint.cli.main import main

__all__ = ["main"]
