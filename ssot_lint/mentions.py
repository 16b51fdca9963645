"""Who mentions the values of a set: as strings, or by the constants of the set's home."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ssot_lint.facts import FileFacts
from ssot_lint.model import Span
from ssot_lint.patterns import covers
from ssot_lint.project import Class, Module, Origin, Project
from ssot_lint.targets import reached
from ssot_lint.vocabulary import NOWHERE, scopes_within, vocabulary

_STAR = "a star import may bring it the home's constants"


class Mentions:
    """The `values` of a set, and who mentions them.

    Those given, else those of the collection at the dotted path `home`; without a home ("") only
    strings are mentions.
    """

    def __init__(self, project: Project, home: str, values: tuple[str, ...]) -> None:
        self._project = project
        self._path = home
        self._home = vocabulary(project, home) if home else NOWHERE
        self.values = tuple(
            value for value in values or self._home.collection if value.split() == [value]
        )
        names = {name: {value} for value in self.values for name in (value, value.upper())}
        self._names = {**names, **self._home.names} if home else {}

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

    def doubt_of_class(self, classes: Collection[Class], value: str) -> str:
        """Why it cannot be told whether a class mentions a value; "" if it can."""
        ancestries = [self._project.classes.ancestry(cls) for cls in classes]
        if any(ancestry.unknown or ancestry.others for ancestry in ancestries):
            return "it has a base that cannot be followed"
        for cls in classes:
            module = self._project.module_at(cls.origin.path)
            if module.path in self._home.paths:
                return "it stands in the home's module, and may use the constants there"
            if doubt := self.doubt_of_module(module):
                return doubt
            if value in self.mentioned(module, {0}):
                return "its module mentions it outside of the class"
        return ""

    def doubt_of_module(self, module: Module) -> str:
        """Why it cannot be told whether a module mentions what it does not; "" if it can."""
        return _STAR if self._is_starred(module) else ""

    def _is_starred(self, module: Module) -> bool:
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
