"""The two streams: results on standard output, everything else on standard error."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

from ssot_lint.errors import UsageError


def prepare() -> None:
    """Let both streams show any text: what their encoding lacks becomes a backslash escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Write a result to standard output; UsageError if it cannot be written.

    Whoever closed the pipe has read enough: the rest of the output goes nowhere, in silence.
    """
    if sys.stdout is None:
        raise UsageError("standard output is closed")
    try:
        _write(sys.stdout, text)
    except BrokenPipeError:
        pass
    except OSError as error:
        raise UsageError(f"standard output: cannot be written: {error.strerror}") from None


def tell(line: str) -> None:
    """Write a line to standard error; if that is closed or full, there is nobody to tell."""
    try:
        _write(sys.stderr, line + "\n")
    except OSError:
        pass


def complain(line: str) -> None:
    """Write a line of advice, or of what went wrong, to standard error."""
    from ssot_lint.reporters.phrases import one_line  # `--help` needs no reporters

    tell(f"ssot-lint: {one_line(line)}")


def output_failed() -> bool:
    """Whether standard output still holds text that it cannot get rid of."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        return True
    return False


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody is watching `stream` (None if it was closed before the start)."""
    return stream is not None and stream.isatty()


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        # What is left in the buffer would fail again when the interpreter ends.
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
        raise
