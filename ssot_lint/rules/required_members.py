from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from ssot_lint.advice import missing, missing_home
from ssot_lint.facts import FileFacts
from ssot_lint.model import TOP, Note, Remark, Span
from ssot_lint.options import PATH, PATHS, TEXTS, option
from ssot_lint.patterns import Words, covers
from ssot_lint.project import Class, Module, Origin, Project
from ssot_lint.rule import Outcome, Rule
from ssot_lint.targets import reached
from ssot_lint.vocabulary import NOWHERE, as_subject, scopes_within, vocabulary

_STAR = "a star import may bring it the home's constants"


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
        members = _Members(self, project)
        if not self.mentioned_in:
            yield from self._anywhere(project, members)
            return
        judged = {file.path for file in project.in_scope(self)}
        for path in self.mentioned_in:
            for origin in sorted(project.resolve(path).origins):
                if origin.path not in judged:
                    continue
                if origin.name:
                    yield from self._in_class(project, members, origin)
                else:
                    yield from self._in_module(project.module_at(origin.path), members)

    def _in_module(self, module: Module, members: _Members) -> Iterator[Outcome]:
        if module.facts.trouble is None:
            name = (module.name or module.path).rpartition(".")[2]
            place = _Place("module", name, module.path, TOP)
            found = members.mentioned(module)
            doubt = _STAR if members.starred(module) else ""
            for value in members.values:
                if value not in found:
                    yield self._missing(place, value, members, doubt)

    def _in_class(self, project: Project, members: _Members, origin: Origin) -> Iterator[Outcome]:
        classes = project.classes.at(origin)
        if classes:
            definition = classes[0].definition
            place = _Place("class", definition.name, origin.path, definition.span)
            found = members.mentioned_by(classes)
            for value in members.values:
                if value not in found:
                    yield self._missing(place, value, members, members.doubt(classes, value))

    def _missing(self, place: _Place, value: str, members: _Members, doubt: str) -> Outcome:
        noun, name, path, span = place
        if doubt:
            message = f"whether {noun} {name} mentions '{value}' cannot be told: {doubt}"
            return Note("undecidable", message, self.name, path, span.line)
        home = f" whose home is {self.home}" if self.home else ""
        message = (
            f"{noun} {name} does not mention '{value}'; "
            f"it must mention each of {len(members.values)} values{home}"
        )
        return self.violation(path, span, as_subject(f"{name}.{value}"), message)

    def _anywhere(self, project: Project, members: _Members) -> Iterator[Outcome]:
        found = set[str]()
        places: dict[str, tuple[str, Span]] = {}
        for module in project.judged(self):
            found |= members.used(module)
            for value, span in members.spelled(module):
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


class _Members:
    """The values of a rule, and who mentions them."""

    def __init__(self, rule: RequiredMembers, project: Project) -> None:
        self._project = project
        self._path = rule.home
        self._home = vocabulary(project, rule.home) if rule.home else NOWHERE
        self.values = tuple(
            value for value in rule.values or self._home.collection if value.split() == [value]
        )
        names = {name: {value} for value in self.values for name in (value, value.upper())}
        self._names = {**names, **self._home.names} if rule.home else {}

    def mentioned(self, module: Module, scopes: Collection[int] | None = None) -> set[str]:
        """The strings and constants that a module mentions, in some of its scopes or in all."""
        facts = module.facts
        inside = range(len(facts.scopes)) if scopes is None else scopes
        found = {word.value for word in facts.words if word.scope in inside}
        for use, bound in reached(module) if self._names else ():
            if use.scope in inside:
                for _, base, rest in bound:
                    found |= self._reached(f"{base}.{rest}")
        imported = {}
        for fact in facts.imports if self._names else ():
            values = self._reached(module.target(fact) or "")
            if values:
                imported[fact.bound] = values
                found |= values if fact.scope in inside else set()
        for scope, dotted in _local_names(facts) if self._names else ():
            if scope in inside:
                found |= imported.get(dotted, set())
                if module.path in self._home.paths:
                    found |= self._reached_at_home(module.path, scope, dotted)
        return found

    def _reached(self, path: str) -> set[str]:
        """The values of the home's constants in an absolute path."""
        found = set[str]()
        parts = path.split(".")
        for index, part in enumerate(parts[1:], 1):
            if part in self._names and self._leads_home(".".join(parts[:index]), part):
                found |= self._names[part]
        return found

    def _leads_home(self, prefix: str, name: str) -> bool:
        """Whether ``prefix.name`` is bound in the home, or in a class of it if it is a module.

        Also if it is bound elsewhere to a constant of the home: ``State.A = Event.A``.
        """
        origins = self._project.resolve(prefix).origins
        if origins & self._home.origins:
            return True
        whole = self._project.resolve(f"{prefix}.{name}").origins
        if any(_owner(origin) in self._home.origins for origin in whole):
            return True
        if not self._home.modules:
            return False
        return covers(self._path, prefix) or any(
            origin.path in self._home.modules for origin in origins | whole
        )

    def _reached_at_home(self, path: str, scope: int, dotted: str) -> set[str]:
        """As `_reached`, for a name in the home's own module."""
        prefix, _, name = dotted.removesuffix(".value").rpartition(".")
        if not prefix or name not in self._names:
            return set()
        origins = self._project.used(path, scope, prefix).origins
        return set(self._names[name]) if origins & self._home.origins else set()

    def mentioned_by(self, classes: Collection[Class]) -> set[str]:
        """What all definitions of a class mention, their bases included."""
        found = set[str]()
        for cls in classes:
            for each in (cls, *self._project.classes.ancestry(cls).classes):
                if each.body is not None:
                    module = self._project.module_at(each.origin.path)
                    found |= self.mentioned(module, scopes_within(module.facts, each.body))
        return found

    def doubt(self, classes: Collection[Class], value: str) -> str:
        """Why it cannot be told whether a class mentions a value; "" if it can."""
        ancestries = [self._project.classes.ancestry(cls) for cls in classes]
        if any(ancestry.unknown or ancestry.others for ancestry in ancestries):
            return "it has a base that cannot be followed"
        for cls in classes:
            module = self._project.module_at(cls.origin.path)
            if module.path in self._home.paths:
                return "it stands in the home's module, and may use the constants there"
            if self.starred(module):
                return _STAR
            if value in self.mentioned(module, {0}):
                return "its module mentions it outside of the class"
        return ""

    def starred(self, module: Module) -> bool:
        """Whether a module has the home's names from a star import."""
        last = self._path.rpartition(".")[2]
        for fact in module.facts.imports:
            target = module.absolute(fact) if fact.name == "*" else None
            if target and self._names:
                if self._project.resolve(target).origins & self._home.origins:
                    return True
                if self._project.star_binds(target, last):
                    return True
        return False

    def used(self, module: Module) -> set[str]:
        """What a module mentions, but for what makes it the home."""
        if module.path not in self._home.paths:
            return self.mentioned(module)
        if module.path in self._home.modules:
            return set()
        own = {0}
        for origin in self._home.origins:
            for cls in self._project.classes.at(origin):
                if origin.path == module.path and cls.body is not None:
                    own |= scopes_within(module.facts, cls.body)
        return self.mentioned(module, set(range(len(module.facts.scopes))) - own)

    def spelled(self, module: Module) -> Iterator[tuple[str, Span]]:
        """Where a module spells the values first, if it is the home."""
        if module.path in self._home.paths:
            wanted = set(self.values)
            for word in sorted(module.facts.words):
                if word.value in wanted:
                    wanted.remove(word.value)
                    yield word.value, word.span


def _owner(origin: Origin) -> Origin:
    """The class or module that binds what an origin is."""
    return origin._replace(name=origin.name.rpartition(".")[0])


def _local_names(facts: FileFacts) -> Iterator[tuple[int, str]]:
    """Dotted names that a file hands to calls or binds to other names, with the scope."""
    for call in facts.calls:
        for name in call.names:
            yield call.scope, name
    for alias in facts.aliases:
        yield alias.scope, alias.target
