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
    except OSError as error:
        lose_output(error)


def say_bytes(data: bytes) -> None:
    """As `say`, for what is not ours to decode."""
    if not data:
        return
    say("")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    except OSError as error:
        lose_output(error)


def lose_output(error: OSError) -> None:
    """Give standard output up after `error`; UsageError, unless the reader closed the pipe."""
    _silence(sys.stdout)
    if not isinstance(error, BrokenPipeError):
        raise UsageError(f"standard output: cannot be written: {error.strerror}") from None


def tell(line: str) -> None:
    """Write a line to standard error; if that is closed or full, there is nobody to tell."""
    if sys.stderr is None:
        return
    try:
        _write(sys.stderr, line + "\n")
    except OSError:
        _silence(sys.stderr)


def complain(line: str) -> None:
    """Write a line of advice, or of what went wrong, to standard error."""
    from ssot_lint.reporters.phrases import one_line  # `--help` needs no reporters

    tell(f"ssot-lint: {one_line(line)}")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody is watching `stream` (None if it was closed before the start)."""
    return stream is not None and stream.isatty()


def colored(color: bool | None) -> bool:
    """Whether results are coloured: on terminals, unless the user says otherwise.

    `color` is what the command line says. Source: https://no-color.org.
    """
    if color is not None:
        return color
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return is_terminal(sys.stdout) and not plain


def _write(stream: TextIO, text: str) -> None:
    stream.write(text)
    stream.flush()


def _silence(stream: TextIO) -> None:
    """Send what is left in the buffer nowhere: it would fail again when the interpreter ends."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)
