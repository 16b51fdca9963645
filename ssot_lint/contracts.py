"""What a home promises its callers: members, the parameters they take, and who is awaited.

A contract is a mapping of member names to requirements; it stands in ``rules.yaml``, or in a
snapshot, a YAML file of its own that `snapshot` writes and `read_snapshot` reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from ssot_lint.facts import Context, FileFacts, Function
from ssot_lint.options import Fault, Option
from ssot_lint.project import Class, Member, MemberFact, Origin, Project

FORMAT = 1
MARK = "ssot-contract"

_TRANSPARENT = frozenset(
    {
        "abstractmethod",
        "cache",
        "classmethod",
        "deprecated",
        "final",
        "lru_cache",
        "no_type_check",
        "overload",
        "override",
        "staticmethod",
    }
)
"""Decorators (last component) that leave parameters and asyncness as they are."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one member must be.

    `parameters` are those that callers pass: ``name``, or ``name=`` if they may leave it out,
    ``*name`` and ``**name`` if they pass any number. None: the member need not be a function.
    `is_async` None: it does not matter.
    """

    name: str
    parameters: tuple[str, ...] | None = None
    is_async: bool | None = None


def _read_members(value: Any, fault: Fault) -> tuple[Requirement, ...]:
    if not isinstance(value, dict):
        fault("expected a mapping of member names to what is required of them")
        return ()
    if not value:
        fault("an empty mapping says nothing; leave the key out")
    return tuple(_read_member(name, item, fault) for name, item in value.items())


def _read_member(name: str, value: Any, fault: Fault) -> Requirement:
    if not name.isidentifier():
        fault(f"'{name}' is no name of a member", name)
    if not isinstance(value, dict):
        fault("expected a mapping with 'parameters' and/or 'async', or {}", name)
        return Requirement(name)
    for key in value:
        if key not in ("parameters", "async"):
            fault(f"unknown key '{key}', expected 'parameters' or 'async'", name, key)
    is_async = value.get("async")
    if is_async is not None and not isinstance(is_async, bool):
        fault("expected true or false", name, "async")
    parameters = value.get("parameters")
    if parameters is None:
        return Requirement(name, None, is_async)
    if not isinstance(parameters, list):
        fault("expected a list of parameters, such as [user, 'room=']", name, "parameters")
        return Requirement(name)
    names = []
    for index, item in enumerate(parameters):
        bare = item.removesuffix("=").lstrip("*") if isinstance(item, str) else ""
        if not bare.isidentifier() or item not in _spellings(bare):
            fault(
                f"expected a parameter: 'name', 'name=', '*name' or '**name', found {item!r}",
                *(name, "parameters", index),
            )
        elif bare in names:
            fault(f"'{bare}' is listed already", name, "parameters", index)
        names.append(bare)
    return Requirement(name, tuple(map(str, parameters)), is_async)


def _spellings(name: str) -> tuple[str, ...]:
    return name, f"{name}=", f"*{name}", f"**{name}"


MEMBERS = Option(
    _read_members,
    {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {
            "type": "object",
            "properties": {
                "parameters": {
                    "type": "array",
                    "items": {"type": "string", "pattern": r"^(\*{0,2}[^\s.*=]+|[^\s.*=]+=)$"},
                },
                "async": {"type": "boolean"},
            },
            "additionalProperties": False,
        },
    },
    "a mapping of member names to what is required of them",
)


def read_snapshot(value: Any, home: str, fault: Fault) -> tuple[Requirement, ...]:
    """The contract of `home` in a snapshot, a plain value; faults as in `Option.read`."""
    if not isinstance(value, dict) or type(value.get(MARK)) is not int:
        fault(f"this is no snapshot: the first line must be '{MARK}: {FORMAT}'")
        return ()
    if value[MARK] != FORMAT:
        fault(f"this is of format {value[MARK]}, and {FORMAT} is known here", MARK)
        return ()
    for key in value:
        if key not in (MARK, "homes"):
            fault(f"unknown key '{key}', expected 'homes'", key)
    homes = value.get("homes")
    if not isinstance(homes, dict):
        fault("expected 'homes': a mapping of dotted paths to their members")
        return ()
    if home not in homes:
        fault(
            f"there is no contract of '{home}': run 'ssot-lint contract snapshot {home}'", "homes"
        )
        return ()
    return _read_members(homes[home], lambda message, *way: fault(message, "homes", home, *way))


def render(contracts: Mapping[str, Iterable[Requirement]]) -> str:
    """The text of a snapshot of several homes."""
    lines = [f"{MARK}: {FORMAT}", "homes:"]
    for home in sorted(contracts):
        lines.append(f"  {home}:")
        for each in contracts[home]:
            parts = []
            if each.parameters is not None:
                parts.append(f"parameters: [{', '.join(map(_scalar, each.parameters))}]")
            if each.is_async is not None:
                parts.append(f"async: {str(each.is_async).lower()}")
            lines.append(f"    {_scalar(each.name)}: {{{', '.join(parts)}}}")
    return "\n".join(lines) + "\n"


_NO_TEXT = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def _scalar(text: str) -> str:
    """A text as YAML reads it back: names as they are, all else quoted."""
    plain = text.isascii() and text.isidentifier() and text.lower() not in _NO_TEXT
    return text if plain else f'"{text}"'


@dataclass(frozen=True, slots=True)
class Home:
    """Where a contract is to be kept: a module, or a class with its `classes`, one for a branch.

    `dotted` is what the user calls it, `origin` what that leads to.
    """

    dotted: str
    origin: Origin
    classes: tuple[Class, ...]


def homes(project: Project, dotted: str) -> tuple[Home, ...]:
    """The classes or modules that a dotted path leads to; none if it leads to something else."""
    found = []
    for origin in sorted(project.resolve(dotted).origins):
        classes = project.classes.at(origin)
        if classes or not origin.name:
            found.append(Home(dotted, origin, classes))
    return tuple(found)


def members(project: Project, home: Home, name: str) -> tuple[Member, ...]:
    """What provides a member of a class, in every branch."""
    found = (project.classes.members(cls).get(name, ()) for cls in home.classes)
    return tuple(dict.fromkeys(chain.from_iterable(found)))


def functions_at(project: Project, origin: Origin) -> Iterator[Function]:
    """The functions that an origin stands for, in all branches; none if it is something else."""
    if origin.path and origin.name:
        module = project.module_at(origin.path)
        last = origin.name.rpartition(".")[2]
        for function in module.facts.functions:
            named = function.name == last
            if named and project.qualified(module, function.scope, last) == origin.name:
                yield function


def is_method(function: Function) -> bool:
    """Whether a function in a class body is given the instance or the class first."""
    return "staticmethod" not in {d.rpartition(".")[2] for d in function.decorators}


def is_plain(function: Function) -> bool:
    """Whether a function is called as it is written: no decorator makes something else of it."""
    return all(d.rpartition(".")[2] in _TRANSPARENT for d in function.decorators)


def is_coroutine(function: Function) -> bool:
    """Whether a call must be awaited. An asynchronous generator is iterated over instead."""
    return function.is_async and not function.is_generator


def breaches(requirement: Requirement, function: Function, bound: bool) -> Iterator[str]:
    """In what a function is not as required; `bound`: its first parameter is given by Python."""
    if requirement.parameters is not None:
        parameters = function.parameters[1:] if bound else function.parameters
        yield from _parameter_breaches(requirement.parameters, parameters)
    if requirement.is_async is not None and requirement.is_async != is_coroutine(function):
        if requirement.is_async and function.is_async:
            yield "is an asynchronous generator, but its callers await it; return instead of yield"
        elif requirement.is_async:
            yield "is not async, but its callers await it; make it async"
        else:
            yield "is async, but its callers do not await it; make it a plain function"


def _parameter_breaches(wanted: tuple[str, ...], given: tuple[Any, ...]) -> Iterator[str]:
    kinds = {kind for _, kind, _ in given}
    has_default = {name: default for name, kind, default in given if kind not in _MANY}
    passed = {each.strip("*=") for each in wanted}
    for each in wanted:
        name = each.strip("*=")
        if each.startswith("*"):
            kind = "keywords" if each.startswith("**") else "many"
            if kind not in kinds:
                yield f"does not take {each}, which its callers pass; add it"
        elif name not in has_default:
            if not kinds & _MANY:
                yield f"has no parameter {name}, which its callers pass; add it"
        elif each.endswith("=") and not has_default[name]:
            yield f"has no default for {name}, which callers leave out; give it one"
    for name, default in has_default.items():
        if not default and name not in passed:
            yield f"demands {name}, which its callers do not pass; give it a default"


_MANY = frozenset({"many", "keywords"})


def snapshot(project: Project, homes: Iterable[Home]) -> tuple[Requirement, ...]:
    """The contract that a home keeps today: its public members, and ``__init__`` of a class."""
    found: dict[str, list[Requirement]] = defaultdict(list)
    for home in homes:
        for cls in home.classes:
            for name, provided in project.classes.members(cls).items():
                if name == "__init__" or not name.startswith("_"):
                    facts = [member.fact for member in provided]
                    found[name].append(_requirement(name, facts, bound=True))
        if not home.classes and home.origin.path:
            for name in sorted(_public(project.facts_at(home.origin.path))):
                origins = project.resolve(f"{home.dotted}.{name}").origins
                functions = [f for each in sorted(origins) for f in functions_at(project, each)]
                found[name].append(_requirement(name, functions, bound=False))
    return tuple(
        each[0] if len(set(each)) == 1 else Requirement(name)
        for name, each in sorted(found.items())
    )


def _public(facts: FileFacts) -> set[str]:
    """The names that a module offers: ``__all__``, else what it defines without an underscore."""
    if facts.exports is not None:
        return set(facts.exports.names)
    bound = (facts.functions, facts.definitions, facts.aliases)
    names = {fact.name for part in bound for fact in part if fact.scope == 0}
    return {name for name in names if not name.startswith("_")}


def _requirement(name: str, facts: Iterable[MemberFact], *, bound: bool) -> Requirement:
    """What one member is today; nothing but its existence if its branches or decorators vary."""
    provided = [fact for fact in facts if not fact.context & Context.FALLBACK]
    functions = [fact for fact in provided if isinstance(fact, Function)]
    if len(functions) != 1 or len(provided) - len(functions) or not is_plain(functions[0]):
        return Requirement(name)
    (function,) = functions
    parameters = function.parameters[1 if bound and is_method(function) else 0 :]
    stars = {"many": "*", "keywords": "**"}
    written = tuple(
        f"{stars.get(kind, '')}{each}{'=' if default else ''}" for each, kind, default in parameters
    )
    return Requirement(name, written, is_coroutine(function))
