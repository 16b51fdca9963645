"""The one door to astroid: what only inference can tell of a class, within limits of time.

The facts of the project end where a name leads out of it, or to what a call returns. For the few
classes on which a rule's answer then depends, astroid reads the sources that are installed beside
us. It never runs them, but it has no limits of its own, so it works in a process that can be
stopped at any moment; what could not be found out in time is not known.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import IO, Any, Literal, NamedTuple, cast

PER_QUESTION = 5.0
"""Seconds for one question; the first one includes the start of the process, about 0.4."""
PER_RUN = 20.0
"""Seconds for all questions together."""

_ANSWERS = """
import sys
sys.path[:] = {path!r}
from ssot_lint.inference import answer
answer(sys.stdin, sys.stdout)
"""


class Inferred(NamedTuple):
    """What a dotted path leads to.

    `names` are qualified names (``unittest.case.TestCase``, where it is defined): of the class
    itself or of the instance's class, then of its ancestors, nearest first; of a function its own.
    `complete` is whether that is all: no ancestor, and no other thing the path may lead to, is
    unknown.
    """

    what: Literal["class", "instance", "function", "other"]
    names: tuple[str, ...]
    complete: bool


class Inference:
    """Answers questions about what is importable here or from the folders `roots`.

    Sources are looked for where this process would import from, then in `roots` (absolute).
    Answers are remembered; None is "unknown": there is no such thing, its source is not installed,
    or it took more than `per_question` seconds, or all questions more than `per_run`.
    """

    def __init__(
        self,
        roots: Sequence[str] = (),
        per_question: float = PER_QUESTION,
        per_run: float = PER_RUN,
    ) -> None:
        self._path = [*sys.path, *roots]
        self._per_question = per_question
        self._left = per_run
        self._answers: dict[str, Inferred | None] = {}
        self._worker: _Worker | None = None
        self.sources: set[str] = set()
        """The files that answers were drawn from, and the folders in which they were looked for."""
        self.hurried = False
        """Whether an answer is unknown that more time might have told."""

    def infer(self, dotted: str) -> Inferred | None:
        """What a dotted path leads to, None if that is unknown."""
        if dotted not in self._answers:
            self._answers[dotted] = self._ask(dotted)
        return self._answers[dotted]

    def _ask(self, dotted: str) -> Inferred | None:
        if self._left <= 0:
            self.hurried = True
            return None
        began = time.monotonic()
        try:
            if self._worker is None:
                self._worker = _Worker(self._path)
            reply = self._worker.ask(dotted, min(self._per_question, self._left))
        except (OSError, queue.Empty):
            self._worker = None
            self.hurried = True
            return None
        finally:
            self._left -= time.monotonic() - began
        if reply is None:  # it ended
            self.hurried = True
            return None
        found, files = reply
        self.sources.update(files)
        if found is None:
            return None
        what, names, complete = found
        return Inferred(what, tuple(names), complete)


class _Worker:
    """A process that answers; it ends with this object, or when an answer does not come in time."""

    def __init__(self, path: Sequence[str]) -> None:
        process = subprocess.Popen(
            [sys.executable, "-I", "-c", _ANSWERS.format(path=list(path))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._input, output = cast(IO[str], process.stdin), process.stdout
        self._replies: queue.Queue[str] = queue.Queue()
        reader = threading.Thread(target=_forward, args=(output, self._replies), daemon=True)
        self.stop = weakref.finalize(self, _stop, process, reader)
        reader.start()

    def ask(self, question: str, seconds: float) -> Any:
        """The reply; queue.Empty or OSError, and the end of the process, if there is none."""
        try:
            self._input.write(json.dumps(question) + "\n")
            self._input.flush()
            return json.loads(self._replies.get(timeout=seconds) or "null")
        except (OSError, queue.Empty):
            self.stop()
            raise


def _forward(lines: IO[str], replies: queue.Queue[str]) -> None:
    for line in lines:
        replies.put(line)
    replies.put("")  # it ended; nobody has to wait for the time to be over


def _stop(process: subprocess.Popen[str], reader: threading.Thread) -> None:
    process.kill()
    process.wait()
    reader.join()
    for stream in (process.stdin, process.stdout):
        with suppress(OSError):  # what was not written yet has no reader any more
            cast(IO[str], stream).close()


def answer(questions: IO[str], replies: IO[str]) -> None:
    """Answers questions line by line: the other side of `_Worker`.

    An answer is what was found, and the files that have been read for it.
    """
    sys.stdout = sys.stderr
    known: set[str] = set()
    for line in questions:
        try:
            found = _infer(json.loads(line))
        except (Exception, RecursionError):
            # astroid raises what it likes on sources that it was not tested with.
            found = None
        files = _read_so_far() - known
        known |= files
        replies.write(json.dumps([found, sorted(files)]) + "\n")
        replies.flush()


def _read_so_far() -> set[str]:
    """The files of all modules that were looked for, also of those that could not be parsed.

    And every folder on the way to one, found or not, from each entry of the path.
    """
    from astroid.manager import AstroidManager

    manager: Any = AstroidManager()
    files = [getattr(module, "file", None) for module in manager.astroid_cache.values()]
    files += [getattr(found, "location", None) for found in manager._mod_file_cache.values()]
    names = {name.rpartition(".")[0] for name, _ in manager._mod_file_cache}
    return {file for file in files if file} | _folders(names | {*manager.astroid_cache})


def _folders(packages: Iterable[str]) -> set[str]:
    """The folders that there are for packages, with or without an __init__.py."""
    found: set[str] = set()
    gone: set[str] = set()
    for package in packages:
        for folder in sys.path:
            for part in package.split("."):
                folder = os.path.join(folder, part)
                if folder in gone or (folder not in found and not os.path.isdir(folder)):
                    gone.add(folder)
                    break
                found.add(folder)
    return found


def _infer(dotted: str) -> Inferred | None:
    from astroid import bases, nodes

    things = [_without_binding(thing) for thing in _lookup(dotted)]
    known = [thing for thing in things if thing is not None and not _is_none(thing)]
    if not known:
        return None
    first = known[0]
    if isinstance(first, nodes.ClassDef):
        what: Literal["class", "instance", "function", "other"] = "class"
    elif isinstance(first, nodes.FunctionDef):
        what = "function"
    else:
        what = "instance" if isinstance(first, bases.Instance) else "other"
    names: list[str] = []
    complete = None not in things
    for thing in known:
        if isinstance(thing, (nodes.ClassDef, bases.Instance)):
            cls = thing._proxied if isinstance(thing, bases.Instance) else thing
            complete &= _add_names(cls, names)
        elif isinstance(thing, nodes.FunctionDef):
            names.append(thing.qname())
    return Inferred(what, tuple(dict.fromkeys(names)), complete)


def _lookup(dotted: str) -> list[Any]:
    """All that a dotted path may lead to: its longest importable part, then attributes."""
    from astroid.exceptions import AstroidError
    from astroid.manager import AstroidManager

    manager = AstroidManager()
    parts = dotted.split(".")
    for size in range(len(parts), 0, -1):
        try:
            things: list[Any] = [manager.ast_from_module_name(".".join(parts[:size]))]
        except AstroidError:
            continue
        for name in parts[size:]:
            things = [found for thing in things for found in _attribute(thing, name)]
        return things
    return []


def _attribute(thing: Any, name: str) -> Iterator[Any]:
    from astroid.exceptions import AstroidError

    if hasattr(thing, "igetattr"):
        try:
            yield from thing.igetattr(name)
        except AstroidError:
            yield None
    else:
        yield None


def _without_binding(thing: Any) -> Any:
    """What `thing` is, None if astroid does not know."""
    from astroid import bases
    from astroid.util import UninferableBase

    if isinstance(thing, (bases.BoundMethod, bases.UnboundMethod)):
        thing = thing._proxied
    return None if isinstance(thing, UninferableBase) else thing


def _is_none(thing: Any) -> bool:
    """``X = None`` only says that X may be missing."""
    from astroid import nodes

    return isinstance(thing, nodes.Const) and thing.value is None


def _add_names(cls: Any, names: list[str]) -> bool:
    """Add the class and its ancestors, breadth first; whether every base is known."""
    from astroid import nodes
    from astroid.exceptions import AstroidError

    complete = True
    seen: set[Any] = set()
    todo = [cls]
    for current in todo:
        if current in seen:
            continue
        seen.add(current)
        names.append(current.qname())
        for base in current.bases:
            try:
                found = list(base.infer())
            except AstroidError:
                found = []
            classes = [each for each in found if isinstance(each, nodes.ClassDef)]
            complete &= bool(found) and len(classes) == len(found)
            todo += classes
    return complete
