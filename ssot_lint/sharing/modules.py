"""The state of modules: names that hold an instance or a container, or that functions rebind."""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.facts import Assignment, Context
from ssot_lint.sharing.file import File, Shared, changes, is_constant


def of_module(file: File) -> Iterator[Shared]:
    """Names of a module, in the forms ``instance``, ``global`` and ``container``."""
    class_calls = {d.start for d in file.facts.definitions if d.kind == "class-call"}
    for (scope, name), facts in file.bound.items():
        if scope:
            continue
        inside = [f for f in facts if file.runs_later(f.context, f.statement_scope)]
        outside = [fact for fact in facts if not fact.context & Context.FUNCTION]
        if inside:
            yield file.named("global", (outside or inside)[0])
        for fact in outside:
            value = file.values.of(file.module.path, fact)
            if value == "instance" or (value == "perhaps" and not is_constant(name, facts)):
                if fact.start not in class_calls:
                    yield file.named("instance", fact)
            elif value == "container" and _is_state(file, fact, facts):
                yield file.named("container", fact)


def _is_state(file: File, fact: Assignment, facts: list[Assignment]) -> bool:
    """Whether a container of the module is filled or changed after the import."""
    changing = [c for c in file.facts.calls if c.root_scope == 0 and changes(c, fact.name)]
    if any(file.runs_later(call.context, call.scope) for call in changing):
        return True
    waits = file.values.waits(file.module.path, fact) and not changing and len(facts) == 1
    return waits and not is_constant(fact.name, facts)
