"""What the outline of a file leaves open: whether one of its imports or strings leads nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
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
        self._lost: set[str] = set()
        self._own: dict[str, set[str]] = {}

    def needed(
        self, outlined: Iterable[tuple[SourceFile, Outline]]
    ) -> Mapping[str, set[str] | None]:
        """The files in which the trails of references begin, and the names that those ask for.

        None if more than names matters.
        """
        outlined = [(file, outline) for file, outline in outlined if outline != VAGUE]
        references = set[str]().union(*(outline for _, outline in outlined))
        relative = set(filter(_is_relative, references))
        for file, outline in outlined if relative else ():
            references.update(self._absolute(file, each) for each in relative.intersection(outline))
        needed: dict[str, set[str] | None] = {}
        for path, name in map(_parted, references - relative - {""}):
            found = self._project.nearest(path)
            if found is None or found.path is None or (name == "" and found.name == path):
                continue  # that there is such a module is all that matters
            names = needed.setdefault(found.path, set())
            if name in (None, "*") or found.name != path:
                needed[found.path] = None
            elif names is not None:
                names.add(name or "")
        return needed

    def about(self, file: SourceFile, outline: Outline) -> bool:
        """Whether something in a file may lead nowhere, or to itself."""
        if outline == VAGUE:
            return True
        known = self._answers.keys()
        if not known >= set(outline):
            # All are asked for: an answer may need a file that does not parse, and this one, too.
            absolute = [self._absolute(file, each) for each in outline]
            if "" in absolute and file.package is not None:
                return True
            outline = tuple(filter(None, absolute))
            for reference in outline:
                if reference not in known:
                    self._settle(reference)
        if not self._lost.isdisjoint(outline):
            return True
        own = (self._own.get(path) for path in self._paths(file))
        return any(references and not references.isdisjoint(outline) for references in own)

    def _settle(self, reference: str) -> None:
        answer = self._answers[reference] = self._judge(reference)
        if answer.lost:
            self._lost.add(reference)
        if answer.own:
            self._own.setdefault(answer.own, set()).add(reference)

    def _paths(self, file: SourceFile) -> Iterator[str]:
        """Those by which a file is imported: that of the source beside a stub, too."""
        yield file.path
        found = self._project.find(file.module) if file.is_stub and file.module else None
        if found is not None and found.path is not None:
            yield found.path

    def _absolute(self, file: SourceFile, reference: str) -> str:
        """A reference that means the same from any file; "" if it leads above the root."""
        if not _is_relative(reference):
            return reference
        module, _, name = reference.partition(":")
        bare = module.lstrip(".")
        path = absolute(file, len(module) - len(bare), bare)
        return "" if path is None else f"{path}:{name}"

    def _judge(self, reference: str) -> _Answer:
        path, name = _parted(reference)
        target = f"{path}.{name}" if name and name != "*" else path
        if not self._ends.is_inside(target) or not self._looks_at(target):
            return _FINE
        if name is None:
            ends = self._ends.module if reference[0] == '"' else self._ends.path
            return _Answer(_is_lost(ends(path)))
        return self._judge_import(path, name, target)

    def _judge_import(self, module: str, name: str, target: str) -> _Answer:
        if definer := self._project.definer(module, name):
            return _Answer(lost=False, own=definer)
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


def _is_relative(reference: str) -> bool:
    return reference.startswith(".")


def _parted(reference: str) -> tuple[str, str | None]:
    """The path of a reference, and a name to be imported from there (None: of a string)."""
    if reference[0] in "'\"":
        return reference[1:], None
    path, _, name = reference.partition(":")
    return path, name
