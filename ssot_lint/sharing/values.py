"""What a name is bound to, as far as it matters to those who share it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Literal

from ssot_lint.bases import BRING_NOTHING
from ssot_lint.facts import Assignment, Context
from ssot_lint.patterns import Pattern, ancestors, covers
from ssot_lint.project import Project, Resolution
from ssot_lint.project.classes import Class

Value = Literal["container", "instance", "perhaps", "harmless"]
"""A list, dictionary, set or the like; an instance of a class that holds state, of one that may
hold state, or neither."""

_FILLED_LATER = frozenset(
    {
        *("collections.defaultdict", "collections.deque", "collections.Counter"),
        *("weakref.WeakSet", "weakref.WeakKeyDictionary", "weakref.WeakValueDictionary"),
    }
)
"""Containers that are made to be filled, whatever they are made of."""
CHANGES = frozenset(
    {
        *("__delitem__", "__setitem__", "add", "append", "appendleft", "clear", "discard"),
        *("difference_update", "extend", "extendleft", "insert", "intersection_update"),
        *("move_to_end", "pop", "popitem", "popleft", "remove", "reverse", "rotate"),
        *("setdefault", "sort", "subtract", "symmetric_difference_update", "update"),
    }
)
"""Methods that change a list, dictionary, set, or the like of ``collections``."""
_CONTAINERS = _FILLED_LATER | {
    *("builtins.list", "builtins.dict", "builtins.set", "builtins.bytearray"),
    *("collections.OrderedDict", "collections.ChainMap"),
}
_HARMLESS = (
    # Values that nobody can change, and what makes types of values.
    *("builtins", "ctypes", "dataclasses", "datetime", "decimal", "enum", "fractions"),
    *("inspect.Parameter", "inspect.Signature", "ipaddress"),
    *("numbers", "operator", "pathlib", "re", "string", "struct", "typing", "typing_extensions"),
    *("types.MappingProxyType", "uuid", "zoneinfo"),
    # What keeps users apart: state by context or thread, and locks.
    *("asyncio.BoundedSemaphore", "asyncio.Condition", "asyncio.Event", "asyncio.Lock"),
    *("asgiref.local", "asyncio.Semaphore", "contextvars", "gevent.local", "threading.Barrier"),
    *("threading.BoundedSemaphore", "werkzeug.local"),
    *("threading.Condition", "threading.Event", "threading.Lock", "threading.RLock"),
    *("threading.Semaphore", "threading.local"),
    # What is made once for the process, or filled while modules are imported: loggers, routes,
    # commands, tasks, signals, measurements.
    *("aiohttp.web.RouteTableDef", "blinker", "celery", "click", "django.dispatch"),
    *("django.template", "fastapi", "flask", "logging", "opentelemetry"),
    *("prometheus_client", "pytest", "quart", "sanic", "starlette", "typer"),
)
_CONSTRUCTORS = frozenset({"__init__", "__new__", "__post_init__", "__setstate__"})
_NEUTRAL = frozenset(path.rpartition(".")[2] for path in BRING_NOTHING)
"""Last names of bases that bring no state."""
_IMMUTABLE = frozenset(
    {
        *("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "NamedTuple", "namedtuple"),
        *("bool", "bytes", "complex", "float", "frozenset", "int", "str", "tuple"),
    }
)
_RECORDS = frozenset({"dataclass", "define", "mutable", "attrs", "attributes", "s"})
"""Last names of decorators that make fields of what stands in a class body."""
_MODELS = frozenset({"BaseModel", "BaseSettings", "Document", "SQLModel", "Struct", "TypedDict"})
"""Last names of bases that do so."""


class Values:
    """What the values of a project are; callees that match `allow_calls` make harmless ones.

    Remembers answers, which changes nothing but speed.
    """

    def __init__(self, project: Project, allow_calls: tuple[Pattern, ...]) -> None:
        self._project = project
        self._allow_calls = allow_calls
        self._instance = lru_cache(maxsize=None)(self._instance_of)
        self._changes = lru_cache(maxsize=None)(self._changes_itself)

    def of(self, path: str, fact: Assignment) -> Value:
        """What an assignment of the file at `path` binds; of several branches, the worst."""
        if self._is_container(path, fact):
            return "container"
        leads = self._made_by(path, fact)
        found = {self._outside(end.where) for end in leads.dead_ends if end.why == "outside"}
        found.update(map(self._instance, self._classes(leads)))
        ranking: tuple[Value, ...] = ("instance", "perhaps")
        return next((value for value in ranking if value in found), "harmless")

    def waits(self, path: str, fact: Assignment) -> bool:
        """Whether a container is made to be filled."""
        ends = self._made_by(path, fact).dead_ends
        return fact.is_empty or any(end.where in _FILLED_LATER for end in ends)

    def _is_container(self, path: str, fact: Assignment) -> bool:
        if fact.value in ("list", "dict", "set"):
            return True
        outside = (e.where for e in self._made_by(path, fact).dead_ends if e.why == "outside")
        return any(each in _CONTAINERS and not self._is_allowed(each) for each in outside)

    def _made_by(self, path: str, fact: Assignment) -> Resolution:
        """Where the callee of a value leads."""
        if fact.value != "call" or not fact.callee:
            return Resolution(frozenset(), frozenset())
        return self._project.used(path, fact.statement_scope, fact.callee, fact.start)

    def _classes(self, leads: Resolution) -> Iterator[Class]:
        """The classes of the project that a callee may be, but for those that are excepted."""
        for origin in leads.origins:
            if not (self._is_allowed(origin.dotted) or _is_harmless(origin.dotted)):
                yield from self._project.classes.at(origin)

    def has_fields(self, cls: Class) -> bool:
        """Whether what stands in the body of a class belongs to its instances, or is constant."""
        if self._is_record(cls) or self._bases(cls) & (_MODELS | _IMMUTABLE):
            return True
        return any(self._is_record(base) for base in self._project.classes.ancestry(cls).classes)

    def is_enum(self, cls: Class) -> bool:
        """Whether a class is an enumeration."""
        return any(name.endswith(("Enum", "Flag")) for name in self._bases(cls))

    def is_known(self, cls: Class) -> bool:
        """Whether all that a class inherits from is in the project, or brings nothing."""
        return not self._bases(cls) - _NEUTRAL and not self._project.classes.ancestry(cls).unknown

    def _outside(self, path: str) -> Value:
        """What a call of something outside the project makes: by its name, if it is not known."""
        if self._is_allowed(path) or _is_harmless(path):
            return "harmless"
        name = _last(path).lstrip("_")
        is_class = name[:1].isupper() and not name.isupper()  # PEP 8
        return "perhaps" if is_class else "harmless"

    def _is_allowed(self, path: str) -> bool:
        return any(p.matches(above) for p in self._allow_calls for above in ancestors(path))

    def _instance_of(self, cls: Class) -> Value:
        """What an instance of a class of the project is: state is what changes after it is made."""
        bases = self._bases(cls)
        if bases & _IMMUTABLE or any(_last(d) == "frozen" for d in cls.definition.decorators):
            return "harmless"
        ancestry = self._project.classes.ancestry(cls)
        inside = (base.origin.dotted for base in ancestry.classes)
        if any(map(_keeps_apart, chain(ancestry.outside, inside))):
            return "harmless"
        for each in (cls, *ancestry.classes):
            if self._changes(each) or any(map(self._changes, self._parts(each))):
                return "instance"
        return "perhaps" if self.has_fields(cls) or not self.is_known(cls) else "harmless"

    def _parts(self, cls: Class) -> Iterator[Class]:
        """The classes of the project whose instances the constructor of a class makes."""
        for fact in self._attributes(cls):
            yield from self._classes(self._made_by(cls.origin.path, fact))

    def _attributes(self, cls: Class) -> Iterator[Assignment]:
        """The assignments of methods to attributes."""
        for facts in self._project.classes.own(cls).values():
            for fact in facts:
                if isinstance(fact, Assignment) and fact.context & Context.FUNCTION:
                    yield fact

    def _bases(self, cls: Class) -> frozenset[str]:
        """The last names of the bases outside the project, at any distance."""
        outside = self._project.classes.ancestry(cls).outside
        return frozenset(map(_last, outside))

    def _is_record(self, cls: Class) -> bool:
        return any(_last(d) in _RECORDS for d in cls.definition.decorators)

    def _changes_itself(self, cls: Class) -> bool:
        """Whether a method but the constructor sets attributes, or changes what they hold.

        An empty container that the constructor makes, and does not fill, is there to be changed.
        """
        path = cls.origin.path
        facts = self._project.facts_at(path)
        methods = {f.body: f.name in _CONSTRUCTORS for f in facts.functions if f.scope == cls.body}
        filled = set[str]()
        for call in facts.calls:
            if call.root_scope in methods and _last(call.callee) in CHANGES:
                _, *attributes, _ = call.callee.split(".")
                if attributes and not methods[call.root_scope]:
                    return True
                filled.update(attributes[:1])
        return any(
            not methods.get(fact.statement_scope, True)
            or (
                fact.name not in filled
                and self._is_container(path, fact)
                and self.waits(path, fact)
            )
            for fact in self._attributes(cls)
        )


def _keeps_apart(base: str) -> bool:
    """Whether what inherits from a class is harmless as that class is."""
    package = base.partition(".")[0]
    return package not in ("builtins", "typing", "typing_extensions") and _is_harmless(base)


def _is_harmless(path: str) -> bool:
    return any(covers(each, path) for each in _HARMLESS)


def _last(path: str) -> str:
    return path.rpartition(".")[2]
