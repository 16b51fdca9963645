from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from ssot_lint.advice import missing, missing_home
from ssot_lint.mentions import Mentions
from ssot_lint.model import TOP, Note, Remark, Span
from ssot_lint.options import PATH, PATHS, TEXTS, option
from ssot_lint.patterns import Words
from ssot_lint.project import Module, Origin, Project
from ssot_lint.rule import Outcome, Rule
from ssot_lint.vocabulary import as_subject, vocabulary


class _Place(NamedTuple):
    """What must mention the values, and where its header stands."""

    noun: str
    name: str
    path: str
    span: Span


@dataclass(frozen=True, kw_only=True)
class RequiredMembers(Rule):
    """A module or class that does not mention every value of a set.

    What it does
        Reports, for each module or class of `mentioned_in`, every value that it does not mention:
        at the header of the class, or in the first line of the module. Without `mentioned_in`,
        reports every value that nothing mentions where the rule judges, at the value in its home.
        A value is mentioned by a string that equals it, and by a constant of the home
        (``Events.AGENT_STARTED``, ``events.AGENT_STARTED``, or the import of one): one that the
        home binds to the value, or one that bears its name, as it is or in capitals; also as
        another class or module hands it on under its name. In a class its methods, what is nested
        in it, and its bases count. Docstrings, comments, and the home itself do not; in the
        functions next to it, constants that are handed to calls or bound to names do.
        Where it cannot be told there is a note: a base that cannot be followed, a value that only
        the module around the class mentions, a star import from the home, a class in the
        home's own module that may use the constants there.

    Why
        Five events make a conversation; a bridge that sends four leaves the user looking at a
        spinner. Nothing fails, because nobody misses what was never sent.

    Instead of
        A class ``Bridge`` that sends ``agent_started`` and forgets ``agent_completed``.

    Write
        ``await self.send(Events.AGENT_COMPLETED)``

    Options
        `home` is the dotted path of the collection, class of constants or module that spells the
        values; without it only strings are mentions. Without `values`, they are those of the
        collection that `home` names.

    Subject
        The name of the class, or of the module without its package (without `mentioned_in`: of the
        home), a dot, and the value. Characters that a subject cannot hold become underscores.

    What a fix may break
        To mention a value is not to send it: only a running system can tell that.
    """

    code: ClassVar[str] = "SOT303"
    kind: ClassVar[str] = "required-members"
    scope: ClassVar[Literal["file", "project"]] = "project"
    unit: ClassVar[str] = "values"

    values: tuple[str, ...] = option(
        TEXTS, "The strings; without it, those of the collection that 'home' names.", default=()
    )
    home: str = option(PATH, "Where the values are spelt: a collection or a module.", default="")
    mentioned_in: tuple[str, ...] = option(
        PATHS, "Modules and classes each of which must mention every value.", default=()
    )

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if not self.home and not (self.values and self.mentioned_in):
            yield "", "'home' is required, or both 'values' and 'mentioned_in'"
        for value in self.values:
            if value.split() != [value]:
                yield "values", f"'{value}': a string with blanks is never taken for a mention"

    def homes(self) -> Iterator[str]:
        if self.home:
            yield self.home

    def words(self) -> Words | None:
        # What is reported stands in the places that the rule names; but who mentions a value
        # anywhere may do so by any name that the home gives to it.
        return Words() if self.mentioned_in else None

    def check(self, project: Project) -> Iterator[Outcome]:
        mentions = Mentions(project, self.home, self.values)
        if not self.mentioned_in:
            yield from self._anywhere(project, mentions)
            return
        judged = {file.path for file in project.in_scope(self)}
        for path in self.mentioned_in:
            for origin in sorted(project.resolve(path).origins):
                if origin.path not in judged:
                    continue
                if origin.name:
                    yield from self._in_class(project, mentions, origin)
                else:
                    yield from self._in_module(project.module_at(origin.path), mentions)

    def _in_module(self, module: Module, mentions: Mentions) -> Iterator[Outcome]:
        if module.facts.trouble is None:
            name = (module.name or module.path).rpartition(".")[2]
            place = _Place("module", name, module.path, TOP)
            found = mentions.mentioned(module)
            doubt = mentions.doubt_of_module(module)
            for value in mentions.values:
                if value not in found:
                    yield self._missing(place, value, mentions, doubt)

    def _in_class(self, project: Project, mentions: Mentions, origin: Origin) -> Iterator[Outcome]:
        classes = project.classes.at(origin)
        if classes:
            definition = classes[0].definition
            place = _Place("class", definition.name, origin.path, definition.span)
            found = mentions.mentioned_by(classes)
            for value in mentions.values:
                if value not in found:
                    doubt = mentions.doubt_of_class(classes, value)
                    yield self._missing(place, value, mentions, doubt)

    def _missing(self, place: _Place, value: str, mentions: Mentions, doubt: str) -> Outcome:
        noun, name, path, span = place
        if doubt:
            message = f"whether {noun} {name} mentions '{value}' cannot be told: {doubt}"
            return Note("undecidable", message, self.name, path, span.line)
        home = f" whose home is {self.home}" if self.home else ""
        message = (
            f"{noun} {name} does not mention '{value}'; "
            f"it must mention each of {len(mentions.values)} values{home}"
        )
        return self.violation(path, span, as_subject(f"{name}.{value}"), message)

    def _anywhere(self, project: Project, mentions: Mentions) -> Iterator[Outcome]:
        found = set[str]()
        places: dict[str, tuple[str, Span]] = {}
        for module in project.judged(self):
            found |= mentions.used(module)
            for value, span in mentions.spelled(module):
                places.setdefault(value, (module.path, span))
        name = self.home.rpartition(".")[2]
        for value, (path, span) in places.items():
            if value not in found:
                message = f"nothing mentions '{value}'; use it, or take it out of {self.home}"
                yield self.violation(path, span, as_subject(f"{name}.{value}"), message)

    def broken(self, project: Project) -> Iterator[tuple[str, str]]:
        if self.home and (problem := missing_home(project, self.home)):
            yield "home", problem
        elif self.home and not self.values and project.resolve(self.home).exists:
            values = vocabulary(project, self.home).collection
            message = f"home '{self.home}' is no collection of strings: list them in 'values'"
            yield from [("home", message)] * (not values)
        for path in self.mentioned_in:
            if problem := missing(project, path):
                yield "mentioned_in", problem
            for origin in sorted(project.resolve(path).origins):
                if not origin.path or (origin.name and not project.classes.at(origin)):
                    yield "mentioned_in", f"'{path}' is neither a module nor a class"

    def idle(self, project: Project) -> Iterator[Remark]:
        judged = {file.path for file in project.in_scope(self)}
        for path in self.mentioned_in:
            paths = {origin.path for origin in project.resolve(path).origins} - {""}
            if paths and paths.isdisjoint(judged):
                yield Remark("mentioned_in", f"'{path}' stands where the rule does not judge")
        home = vocabulary(project, self.home) if self.home else None
        if home is None or not home.paths:
            return
        if not self.mentioned_in and home.paths.isdisjoint(judged):
            yield Remark("home", f"'{self.home}' stands where the rule does not judge")
        for value in self.values:
            if value not in home.spelled:
                yield Remark("values", f"'{value}' is not spelt in the home")
