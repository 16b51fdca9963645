"""Snapshots: the contracts that homes keep today, as YAML that is written and read again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from ssot_lint.contracts.functions import functions_at, is_coroutine, is_method, is_plain
from ssot_lint.contracts.home import Home
from ssot_lint.contracts.requirements import Requirement, read_members
from ssot_lint.facts import Context, FileFacts, Function
from ssot_lint.options import Fault
from ssot_lint.project import MemberFact, Project

FORMAT = 1
MARK = "ssot-contract"

_NO_TEXT = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


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
    return read_members(homes[home], lambda message, *way: fault(message, "homes", home, *way))


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


def _scalar(text: str) -> str:
    """A text as YAML reads it back: names as they are, all else quoted."""
    plain = text.isascii() and text.isidentifier() and text.lower() not in _NO_TEXT
    return text if plain else f'"{text}"'


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
