"""What the user can fix.

Every error of this module is printed as its lines, without a traceback, and ends a command with
exit code 2. Anything else that is raised is a bug of ours and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class UsageError(Exception):
    """Unusable input or environment: one clear line (or several) for the user."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Problem(NamedTuple):
    """One fault in a file that the user wrote; line and column are 1-based characters."""

    path: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


class ConfigError(UsageError):
    """Every fault found in ``rules.yaml``, all at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__(*map(str, self.problems))


class BaselineError(UsageError):
    """A baseline that cannot be used; it is never read as an empty one."""


class GitError(UsageError):
    """Git is missing, or cannot answer."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``", did you mean 'legacy'?"`` for the nearest of `known`, or nothing."""
    from difflib import get_close_matches  # costs start-up time, and most words are right

    near = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f", did you mean '{near[0]}'?" if near else ""
