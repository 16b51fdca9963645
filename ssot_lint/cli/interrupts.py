"""Requests to end, from whoever they come."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interruptible() -> Iterator[None]:
    """Within, SIGTERM (a job is cancelled) and SIGHUP (a terminal is closed) are KeyboardInterrupt,
    so that what is half done is undone. What the caller ignores (nohup) stays ignored.
    """
    process = os.getpid()

    def interrupt(number: int, _: FrameType | None) -> None:
        if os.getpid() == process:
            raise KeyboardInterrupt
        os._exit(128 + number)  # a process of the pool, which was forked

    numbers = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else ())]
    before = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        if before[number] is signal.SIG_DFL:
            signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number in numbers:
            if before[number] is signal.SIG_DFL:
                signal.signal(number, signal.SIG_DFL)
