"""What an earlier run found, if nothing has changed since that the findings depend on.

They are a function of this program, the rules, which files there are, what the search of their
bytes said of each, the contents of those that were read, and the folders in which modules were
looked for; where classes were inferred, of sources and folders that lie anywhere. The first four
make a key; the others are kept with the findings, and compared. So an edit of a file in which no
rule finds a word is none of their business.
"""

from __future__ import annotations

import marshal
import os
import stat
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from ssot_lint.cache import GRAIN, program_version
from ssot_lint.engine.findings import Findings, pack, unpack
from ssot_lint.engine.seen import Seen

if TYPE_CHECKING:
    from ssot_lint.engine.survey import Site


class Memory:
    """Of one full run on a site whose files have been searched."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._began = time.time_ns()

    def recall(self) -> Findings | None:
        """What the earlier run found; None if there was none, or something has changed."""
        kept = self._site.reader.recall(self._key)
        if kept is None:
            return None
        read, folders, elsewhere, findings = marshal.loads(kept)  # noqa: S302
        witness = self._site.reader.witness
        if any(witness(path) != known for path, known in read):
            return None
        if self._site.project.modules.listings(folders) != folders:
            return None
        if elsewhere and (elsewhere.pop("") != _surroundings() or _stamps(elsewhere) != elsewhere):
            return None
        return unpack(findings)

    def keep(self, findings: Findings, seen: Seen, visited: Iterable[str]) -> None:
        """Keeps what this run found, unless it depends on what cannot be known.

        `visited` are the files that some rule wanted.
        """
        reader, project = self._site.reader, self._site.project
        if seen.hurried:
            return
        paths = seen.consulted | set(visited)
        read = [(path, reader.witness(path)) for path in sorted(paths)]
        folders = project.modules.listings(seen.folders)
        elsewhere: dict[str, str] = {}
        if seen.sources is not None:
            sources = seen.sources
            elsewhere = _stamps({*sources, *map(os.path.dirname, sources), *sys.path} - {""})
            if any(_changed_since(path, self._began) for path in elsewhere):
                return
            elsewhere[""] = _surroundings()
        reader.keep(self._key, marshal.dumps((read, folders, elsewhere, pack(findings))))

    @cached_property
    def _key(self) -> bytes:
        site = self._site
        digest = blake2b(program_version().encode(), digest_size=16)
        known = (site.config, site.config.places, site.rules, site.discovery[1:])
        digest.update("\n".join(map(_canonical, known)).encode("utf-8", "surrogatepass"))
        said = site.reader.said
        for file in site.project.files:
            wanted, outline = said(file)
            line = f"\n{file.path}\0{wanted}\0{' '.join(outline)}"
            digest.update(line.encode("utf-8", "surrogatepass"))
        return digest.digest()


def _surroundings() -> str:
    """What inference depends on besides files: where it looks, and astroid itself."""
    from importlib.metadata import version

    return "\0".join((version("astroid"), *sys.path))


def _stamps(paths: Iterable[str]) -> dict[str, str]:
    """What shows that files and folders have not changed: of these, what can be imported there."""
    return {path: _stamp(path) for path in paths}


def _stamp(path: str) -> str:
    try:
        status = os.stat(path)
        if not stat.S_ISDIR(status.st_mode):
            # The ctime tells of tools that set the mtime back, as in the cache.
            times = status.st_mtime_ns, status.st_ctime_ns
            return f"{status.st_size} {times} {status.st_ino}"
        names = (name for name in os.listdir(path) if name.partition(".")[0].isidentifier())
        return "\n".join(sorted(name + _directions(path, name) for name in names))
    except (OSError, ValueError):
        return ""


def _directions(folder: str, name: str) -> str:
    """The stamp of a file that sends imports elsewhere, as editable installs do; else ""."""
    sends = name.endswith(".pth") or name.startswith("__editable__")
    return f" {_stamp(os.path.join(folder, name))}" if sends else ""


def _changed_since(path: str, moment: int) -> bool:
    """Whether a file may have changed since then, or so shortly before that it cannot be told."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return False
    if stat.S_ISDIR(status.st_mode):
        return False
    return status.st_mtime_ns > moment - GRAIN


def _canonical(value: Any) -> str:
    """A text that two values share only if they are equal, whatever the order of sets."""
    if is_dataclass(value) and not isinstance(value, type):
        given = (f"{each.name}={_canonical(getattr(value, each.name))}" for each in fields(value))
        return f"{type(value).__name__}({', '.join(given)})"
    if isinstance(value, Mapping):
        items = sorted((_canonical(key), _canonical(item)) for key, item in value.items())
        return f"{{{', '.join(map(': '.join, items))}}}"
    if isinstance(value, (set, frozenset)):
        return f"{{{', '.join(sorted(map(_canonical, value)))}}}"
    if isinstance(value, tuple):
        return f"({', '.join(map(_canonical, value))})"
    if value is None or isinstance(value, (str, int, float, date)):
        return repr(value)
    raise TypeError(f"{type(value).__name__} cannot be part of what findings depend on")
