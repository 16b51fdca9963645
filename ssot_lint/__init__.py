"""ssot-lint keeps every concept of a Python codebase in one home."""

__version__ = "0.1.0"
