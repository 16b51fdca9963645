"""The user's own check after a batch: a command, and which failures it had before."""

from __future__ import annotations

import re
from typing import NamedTuple

_FAILURE = re.compile(r"^(?:FAILED|ERROR|FAIL|FAIL:|ERROR:)[ \t]+(\S.*?)(?: - .*)?$", re.MULTILINE)
"""A line about one failed test, by pytest's short summary or by unittest."""
_SHOWN = 20
"""Lines of a failed command's output that are shown."""


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


def execute(command: str, folder: str) -> Outcome:
    """Run `command` by the shell in `folder`, both streams together."""
    import subprocess

    done = subprocess.run(  # noqa: S602 - the user's own, as typed
        command,
        shell=True,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    output = done.stdout.decode("utf-8", "replace").replace("\r\n", "\n")
    failures = frozenset(match[1] for match in _FAILURE.finditer(output))
    return Outcome(done.returncode, failures, "\n".join(output.strip().split("\n")[-_SHOWN:]))
