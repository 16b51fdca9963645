"""Whom a call calls, as far as the file and its imports tell."""

from __future__ import annotations

from ssot_lint.contracts.functions import is_method
from ssot_lint.facts import Call
from ssot_lint.project import Class, Module, Origin, Project


def called_name(module: Module, call: Call) -> str:
    """The name of what is called, as the file spells it: an import may give it another one."""
    name = call.callee.rpartition(".")[2]
    if "." not in call.callee:
        for imported in module.facts.imports:
            if imported.scope == call.root_scope and imported.alias == name and imported.name:
                return imported.name
    return name


def callee(project: Project, module: Module, call: Call) -> tuple[str, str] | None:
    """The path and qualified name of the one function that a call calls, None if unknown."""
    owner, _, name = call.callee.rpartition(".")
    if owner and "." not in owner:
        cls = _class_of_first(project, module, call, owner)
        if cls is not None:
            return _method(project, cls, name)
    resolution = project.used(module.path, call.scope, call.callee, call.start)
    if len(resolution.origins) == 1 and not resolution.dead_ends:
        (origin,) = resolution.origins
        return origin.path, origin.name
    if owner:
        # An inherited method is not bound in the class that it is called by.
        for origin in sorted(project.used(module.path, call.scope, owner, call.start).origins):
            for cls in project.classes.at(origin):
                return _method(project, cls, name)
    return None


def _method(project: Project, cls: Class, name: str) -> tuple[str, str] | None:
    found = project.classes.members(cls).get(name, ())
    owner: Origin | None = found[0].owner.origin if found else None
    return (owner.path, f"{owner.name}.{name}") if owner else None


def _class_of_first(project: Project, module: Module, call: Call, root: str) -> Class | None:
    """The class whose instance, or which itself, `root` is: the first parameter of a method."""
    facts = module.facts
    for function in facts.functions:
        if function.body == call.root_scope and function.parameters:
            first = function.parameters[0][0]
            if first == root and is_method(function):
                for definition in facts.definitions:
                    if definition.kind == "class":
                        cls = project.classes.of(module.path, definition)
                        if cls.body == function.scope:
                            return cls
    return None
