"""What the outline of a file leaves open: whether one of its imports or strings leads nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ssot_lint.ends import Ends
from ssot_lint.model import SourceFile
from ssot_lint.prefilter import VAGUE, Outline
from ssot_lint.project import DeadEnd, Project, absolute


class _Answer(NamedTuple):
    """Whether a reference may lead nowhere; `own` is the only file that it leads to, if it is one.

    From there it leads to itself.
    """

    lost: bool
    own: str = ""


_FINE, _LOST = _Answer(lost=False), _Answer(lost=True)


class OpenEnds:
    """Answers about outlines; remembers answers, as thousands of files refer to the same.

    `looks_at` tells which dotted paths matter.
    """

    def __init__(self, project: Project, ends: Ends, looks_at: Callable[[str], bool]) -> None:
        self._project = project
        self._ends = ends
        self._looks_at = looks_at
        self._answers: dict[str, _Answer] = {}

    def modules(self, file: SourceFile, outline: Outline) -> Iterator[str]:
        """The files in which the trail of each reference begins; some come more than once."""
        for reference in outline if outline != VAGUE else ():
            path, _ = self._parted(file, reference)
            found = path and self._project.nearest(path)
            if found and found.path is not None:
                yield found.path

    def about(self, file: SourceFile, outline: Outline) -> bool:
        """Whether something in a file may lead nowhere, or to itself."""
        if outline == VAGUE:
            return True
        # All are asked for: an answer may need a file that does not parse, and this one, too.
        answers = [self._answer(file, reference) for reference in outline]
        if any(answer.lost for answer in answers):
            return True
        owns = {answer.own for answer in answers} - {""}
        return bool(owns) and not owns.isdisjoint(self._paths(file))

    def _paths(self, file: SourceFile) -> Iterator[str]:
        """Those by which a file is imported: that of the source beside a stub, too."""
        yield file.path
        found = self._project.find(file.module) if file.is_stub and file.module else None
        if found is not None and found.path is not None:
            yield found.path

    def _parted(self, file: SourceFile, reference: str) -> tuple[str | None, str | None]:
        """The absolute path, and a name to be imported from there (None: of a string)."""
        if reference[0] in "'\"":
            return reference[1:], None
        module, _, name = reference.partition(":")
        bare = module.lstrip(".")
        return absolute(file, len(module) - len(bare), bare), name

    def _answer(self, file: SourceFile, reference: str) -> _Answer:
        if not reference.startswith("."):
            known = self._answers.get(reference)
            if known is None:
                known = self._answers[reference] = self._judge(file, reference)
            return known
        module, name = self._parted(file, reference)
        if module is None:
            return _Answer(lost=file.package is not None)
        return self._answer(file, f"{module}:{name}")

    def _judge(self, file: SourceFile, reference: str) -> _Answer:
        path, name = self._parted(file, reference)
        if path is None:
            return _LOST
        target = f"{path}.{name}" if name and name != "*" else path
        if not self._ends.is_inside(target) or not self._looks_at(target):
            return _FINE
        if name is None:
            ends = self._ends.module if reference[0] == '"' else self._ends.path
            return _Answer(_is_lost(ends(path)))
        return self._judge_import(path, name, target)

    def _judge_import(self, module: str, name: str, target: str) -> _Answer:
        if _is_lost(self._ends.name(module, name)):
            return _LOST
        found = self._project.find(module)
        if found is None:
            return _FINE  # compiled
        if name in ("", "*"):
            stars = name == "*" and found.path is not None and self._stars(found.path)
            return _Answer(stars, found.path or "")
        if self._project.is_compiled(target):
            return _FINE
        ends = self._project.resolve(target)
        if ends.dead_ends or len({origin.path for origin in ends.origins}) > 1:
            return _FINE
        return _Answer(not ends.origins, next((origin.path for origin in ends.origins), ""))

    def _stars(self, path: str) -> bool:
        """Whether a file imports everything from somewhere: it may be from whoever asks."""
        return any(fact.name == "*" for fact in self._project.facts_at(path).imports)


def _is_lost(end: DeadEnd | None) -> bool:
    """Whether there is something to say; of a file that does not parse, others say it."""
    return end is not None and end.why != "unreadable"
