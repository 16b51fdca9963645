"""Runs a command and measures it: wall and processor time, and the memory of all its processes."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_INTERVAL = 0.002
"""Seconds between two looks at the memory."""
_LOOKS = 10
"""How many of them tell something."""

_ENVIRONMENT = {**os.environ, "COLUMNS": "1000", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}


class FailedError(Exception):
    """A command did not do its work, so that its time means nothing."""


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of wall and processor time, and what the command wrote to standard output.

    `peak` is the largest sum of the proportional set sizes (PSS) of all processes, in MiB; None if
    nobody watched, or the command ended before much could be seen.
    """

    wall: float
    cpu: float
    peak: float | None
    output: str


def run(command: Sequence[str], folder: Path, watch: bool = False) -> Run:
    """Runs `command` in `folder`; `FailedError` if it ends with another status than 0 or 1.

    To `watch` the memory costs time, so times of watched runs are not to be reported.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdout=output, stderr=errors, env=_ENVIRONMENT
        )
        peak = _peak(process.pid) if watch else None
        # Not Popen.wait: only wait4 tells the processor time of this child and of its children.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode not in (0, 1):
            said = errors.read().decode("utf-8", "replace")
            raise FailedError(f"{' '.join(command)}: exit code {process.returncode}\n{said}")
        text = output.read().decode("utf-8", "replace")
    return Run(wall, usage.ru_utime + usage.ru_stime, peak, text)


def _peak(pid: int) -> float | None:
    """The peak memory in MiB of a process and its descendants, until it ends."""
    looks = peak = previous = 0
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        size = sum(map(_proportional_size, _family(pid)))
        # A child that has not called exec yet lives in its parent's memory, and counts it again.
        peak = max(peak, min(size, previous))
        previous = size
        looks += 1
        time.sleep(_INTERVAL)
    return peak / 1024 if looks >= _LOOKS else None


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(children).split():
            yield from _family(int(child))


def _proportional_size(pid: int) -> int:
    """In KiB; shared pages are divided among the processes that share them (proc(5))."""
    for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def _read(path: Path) -> str:
    """The text of a file below ``/proc``; empty if its process has just ended."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return ""
