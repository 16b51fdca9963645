"""The user's own check after a batch: a command, and which failures it had before."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from subprocess import Popen

T = TypeVar("T")

_FAILURE = re.compile(r"^(?:FAILED|ERROR|FAIL|FAIL:|ERROR:)[ \t]+(\S.*?)(?: - .*)?$", re.MULTILINE)
"""A line about one failed test, by pytest's short summary or by unittest."""
_STYLE = re.compile(r"\x1b\[[0-9;]*m")
"""Colours (ECMA-48, select graphic rendition), which some want in files, too."""
_SHOWN = 20
"""Lines of a failed command's output that are shown."""
_PATIENCE = 5.0
"""Seconds that an interrupted command has to clean up."""


class Outcome(NamedTuple):
    """How a command ended: its exit code, the failures that it names, the end of its output."""

    code: int
    failures: frozenset[str]
    tail: str

    def worse_than(self, before: Outcome) -> str:
        """What is wrong now and was not `before`, in words; "" if nothing is."""
        if self.code == 0:
            return ""
        if before.code == 0:
            return f"exit code {self.code}"
        new = sorted(self.failures - before.failures)
        if new:
            more = f" and {len(new) - 3} more" if len(new) > 3 else ""
            return f"new failures: {', '.join(new[:3])}{more}"
        if not self.failures:
            return f"exit code {self.code}, and no failure is named"
        return ""

    @property
    def opaque(self) -> bool:
        """Whether it failed without a name for what failed: later failures cannot be told apart."""
        return self.code != 0 and not self.failures

    @property
    def lines(self) -> list[str]:
        """The end of its output, line by line; none if it said nothing."""
        return self.tail.split("\n") if self.tail else []


def execute(command: str, folder: str) -> Outcome:
    """Run `command` by the shell in `folder`, both streams together.

    Whatever ends the waiting ends the command first, with all that it started: nothing of it is at
    work when files are restored.
    """
    import subprocess

    with subprocess.Popen(  # noqa: S602 - the user's own, as typed
        command,
        shell=True,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            raw, _ = process.communicate()
        except BaseException:
            _end(process)
            raise
    output = _STYLE.sub("", raw.decode("utf-8", "replace").replace("\r\n", "\n"))
    failures = frozenset(match[1] for match in _FAILURE.finditer(output))
    return Outcome(process.returncode, failures, "\n".join(output.strip().split("\n")[-_SHOWN:]))


def _end(process: Popen[bytes]) -> None:
    """Interrupt a command that leads a session, as a terminal would; kill what does not heed it."""
    from subprocess import TimeoutExpired

    if sys.platform == "win32":
        process.kill()
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
        with suppress(TimeoutExpired):
            process.wait(_PATIENCE)
        os.killpg(process.pid, signal.SIGKILL)


def uncut(call: Callable[[], T]) -> tuple[T, bool]:
    """What `call` returns, and whether the user asked for the end meanwhile.

    For what must not be cut short: a git that is killed leaves its locks behind, and may have made
    the commit. KeyboardInterrupt if `call` failed after the user asked for the end.
    """
    from concurrent.futures import ThreadPoolExecutor, wait

    with ThreadPoolExecutor(1) as pool:  # interrupts come to the main thread
        future = pool.submit(call)
        try:
            wait([future])
        except KeyboardInterrupt:
            wait([future])
            if future.exception() is not None:
                raise
            return future.result(), True
        return future.result(), False
