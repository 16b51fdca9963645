"""A progress bar on a terminal, for what takes more than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import click

from ssot_lint.cli.console import is_terminal
from ssot_lint.engine.request import Progress

_DELAY = 1.0  # seconds until the bar appears
_PAUSE = 0.1  # seconds between two drawings


@contextmanager
def progress_bar(label: str = "reading files") -> Iterator[Progress | None]:
    """A function to call with (done, total); None where standard error is no terminal."""
    if not is_terminal(sys.stderr):
        yield None
        return
    drawn = time.monotonic() + _DELAY - _PAUSE
    bar = None
    with ExitStack() as stack:

        def update(done: int, total: int) -> None:
            nonlocal bar, drawn
            now = time.monotonic()
            if now < drawn + _PAUSE and (bar is None or done < total):
                return
            drawn = now
            if bar is None:
                bar = click.progressbar(length=total, label=label, file=sys.stderr)
                stack.push(bar)  # first: entering hides the cursor, and may be interrupted
                bar.__enter__()
            bar.update(done - bar.pos)

        yield update
