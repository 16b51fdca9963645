"""Who owns a file, as GitHub's ``CODEOWNERS`` says.

The format is GitHub's ("About code owners"): a pattern in ``.gitignore`` syntax and owners on each
line; the last line that matches decides, also if it names nobody. Unlike in a ``.gitignore``,
``docs/*`` means the files of the folder and not what lies deeper, and ``!``, ``[`` and a backslash
before ``#`` mean nothing: GitHub skips a line with one of them, as any line that is not valid.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import NamedTuple

from ssot_lint import files
from ssot_lint.globs import Globs

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks for the file; the first one counts."""
_MAX_BYTES = 3_000_000
"""GitHub loads no file that is larger."""
_FIELDS = re.compile(r"(?:\\.|[^\s\\])+")
_OWNER = re.compile(r"@[\w.-]+(?:/[\w.-]+)?|[^\s@]+@[^\s@]+", re.ASCII)


class _Line(NamedTuple):
    globs: Globs
    direct: bool
    """Whether only the files of the folder itself are meant."""
    owners: tuple[str, ...]

    def matches(self, path: str) -> bool:
        if self.direct:
            return self.globs.verdict(path, is_dir=False) is True
        return self.globs.match_file(path)


@dataclass(frozen=True, slots=True)
class Owners:
    """The owners of the files of a project; make one with `Owners.parse` or `read`.

    `prefix` is the way from the repository's top to the project's root: "" or "some/folder/".
    """

    prefix: str = ""
    _lines: tuple[_Line, ...] = ()

    @classmethod
    def parse(cls, text: str, prefix: str = "") -> Owners:
        """What a file with this `text` says; lines that are not valid say nothing."""
        lines = (_parsed(line) for line in text.removeprefix("\ufeff").splitlines())
        return cls(prefix, tuple(line for line in lines if line is not None))

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of the file at `path` (relative to the root), in the order of the line."""
        full = self.prefix + path
        for line in reversed(self._lines):
            if line.matches(full):
                return line.owners
        return ()


def read(top: str, prefix: str = "") -> Owners:
    """The owners that the repository at the folder `top` names; nobody if it has no such file.

    UsageError if the file cannot be read.
    """
    for place in PLACES:
        path = os.path.join(top, *place.split("/"))
        if os.path.isfile(path):
            data = files.read(path, name=place)
            text = data.decode("utf-8", "replace") if len(data) <= _MAX_BYTES else ""
            return Owners.parse(text, prefix)
    return Owners()


def _parsed(line: str) -> _Line | None:
    """One line; None for one that says nothing, or nothing that GitHub understands."""
    fields = _FIELDS.findall(line)
    comment = next((i for i, field in enumerate(fields) if field.startswith("#")), len(fields))
    if not comment:
        return None
    pattern, *owners = fields[:comment]
    if pattern.startswith(("!", "\\#")) or "[" in pattern or "***" in pattern:
        return None
    if not all(map(_OWNER.fullmatch, owners)):
        return None
    direct = pattern.endswith("/*")
    try:
        return _Line(Globs.parse([pattern]), direct, tuple(owners))
    except ValueError:
        return None
