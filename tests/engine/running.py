"""ssot-lint in this process, and what it said, in a form that a test can compare."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from typing import Any, NamedTuple

from ssot_lint.cli import main


class Ran(NamedTuple):
    """The exit code, standard output, and the lines on standard error."""

    code: int
    out: str
    err: tuple[str, ...]


def ssot_lint(*arguments: str) -> Ran:
    """One command, in the working directory of this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    return Ran(int(code), out.getvalue(), tuple(err.getvalue().splitlines()))


class Checked(NamedTuple):
    """The exit code of a ``check``, and its report as ``--format json`` has it."""

    code: int
    report: dict[str, Any]

    def found(self, state: str) -> list[str]:
        """The violations in `state`, as ``path:line subject``."""
        return [
            f"{each['path']}:{each['span']['line']} {each['subject']}"
            for each in self.report["violations"]
            if each["state"] == state
        ]

    @property
    def new(self) -> list[str]:
        return self.found("new")

    @property
    def inherited(self) -> list[str]:
        return self.found("inherited")

    @property
    def known(self) -> list[str]:
        return self.found("known")

    @property
    def growth(self) -> list[str]:
        """The baseline entries that grew without a reason, as ``path rule subject: 1 -> 2``."""
        return [
            f"{each['path']} {each['rule']} {each['subject']}: "
            f"{each['count_at_base']} -> {each['count']}"
            for each in self.report["growth"]
        ]

    @property
    def failed(self) -> list[str]:
        failed: list[str] = self.report["outcome"]["failed"]
        return failed

    def notes(self, topic: str) -> list[str]:
        """The notes of a topic, as ``path:line message [rule]``, without what they lack."""
        return [_line(note) for note in self.report["notes"] if note["topic"] == topic]

    @property
    def stale(self) -> list[str]:
        return [
            f"{each['path']} {each['subject']}: {each['count']}" for each in self.report["stale"]
        ]


def _line(note: dict[str, Any]) -> str:
    line = f":{note['line']}" if note["line"] else ""
    place = f"{note['path']}{line} " if note["path"] else ""
    rule = f" [{note['rule']}]" if note["rule"] else ""
    return f"{place}{note['message']}{rule}"


def check(*arguments: str) -> Checked:
    """``ssot-lint check``, which must get as far as a report."""
    ran = ssot_lint("check", "--format", "json", *arguments)
    assert ran.out, ran.err
    return Checked(ran.code, json.loads(ran.out))
