"""The exit codes of every command."""

from enum import IntEnum


class ExitCode(IntEnum):
    DONE = 0
    """Done, clean."""
    NO = 1
    """The answer is no: new violations, growth, a failed test of the rules."""
    UNUSABLE = 2
    """Unusable input or environment."""
    STALE = 3
    """Only stale baseline entries, where asked to fail on them."""
    BUG = 70
    """A bug of ours, with its traceback."""
    INTERRUPTED = 130
