"""The state of classes: attributes that keep instances, or containers for all instances."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cached_property

from ssot_lint.facts import Assignment, Call, Context, Function
from ssot_lint.project import Class
from ssot_lint.sharing.file import File, Shared, changes, is_constant

_SINGLETONS = frozenset({"instance", "instances", "singleton", "singletons"})
_CLASS_PARAMETERS = frozenset({"cls", "klass", "mcs", "mcls", "metacls"})


def of_classes(file: File) -> Iterator[Shared]:
    """Attributes of the classes of a file, in the forms ``singleton`` and ``class-attribute``."""
    return _Attributes(file).found()


class _Attributes:
    """What the classes of one file bind, and which method does so."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._project = file.project
        self._path = file.module.path
        self._facts = file.facts
        self._values = file.values

    def found(self) -> Iterator[Shared]:
        for (scope, name), facts in self._file.bound.items():
            cls = self._classes.get(scope)
            if cls is None or self._values.is_enum(cls):
                continue
            body = [f for f in facts if not f.context & Context.FUNCTION]
            later = [(f, self._method(f)) for f in facts if f.context & Context.FUNCTION]
            on_class = [f for f, method in later if method is None or _is_of_class(method)]
            if self._keeps_instances(name, body, on_class, later):
                yield self._file.named("singleton", (body or on_class)[0])
            elif body and len(later) == len(on_class) and self._is_shared_attribute(cls, body):
                yield self._file.named("class-attribute", body[0])

    @cached_property
    def _classes(self) -> dict[int, Class]:
        """The classes of the file by the scopes of their bodies."""
        every = (d for d in self._facts.definitions if d.kind == "class")
        classes = (self._project.classes.of(self._path, d) for d in every)
        return {cls.body: cls for cls in classes if cls.body is not None}

    @cached_property
    def _functions(self) -> dict[int, Function]:
        return {function.body: function for function in self._facts.functions}

    def _method(self, fact: Assignment) -> Function | None:
        """The method that sets an attribute; None for a function outside of the class."""
        scope = fact.statement_scope
        while scope:
            function = self._functions.get(scope)
            if function is not None and function.scope == fact.scope:
                return function
            scope = self._facts.scopes[scope].parent
        return None

    def _keeps_instances(
        self,
        name: str,
        body: list[Assignment],
        on_class: list[Assignment],
        later: list[tuple[Assignment, Function | None]],
    ) -> bool:
        waits = all(f.value in ("none", "declared") or f.is_empty for f in body)
        if name.strip("_").lower() not in _SINGLETONS:
            made = {"call", "name", "other"}
            in_new = (f for f, method in later if method and method.name == "__new__")
            return waits and any(f in on_class and f.value in made for f in in_new)
        if on_class or not later:
            # Where nothing fills it, that is done under another name of the class.
            declared = any(f.value != "declared" for f in body)
            return bool(on_class) or (declared and waits and name.startswith("_"))
        # ``Book._instance = self``, which looks like ``self._instance = book``.
        in_init = any(m and m.name == "__init__" and f.value == "name" for f, m in later)
        return bool(body) and waits and in_init and name.startswith("_")

    def _is_shared_attribute(self, cls: Class, body: list[Assignment]) -> bool:
        containers = [f for f in body if self._values.of(self._path, f) == "container"]
        if not containers or self._values.has_fields(cls):
            return False
        fact = containers[0]
        annotated = fact.annotation and fact.annotation.rpartition(".")[2] != "ClassVar"
        if annotated and self._may_have_fields(cls):
            return False
        changing = [c for c in self._facts.calls if self._changes_attribute(c, cls, fact)]
        if any(self._file.runs_later(call.context, call.scope) for call in changing):
            return True
        inherited = any(
            fact.name in self._project.classes.own(base)
            for base in self._project.classes.ancestry(cls).classes
        )
        waits = self._values.waits(self._path, fact) and not changing and fact.name.startswith("_")
        return waits and not inherited and not is_constant(fact.name, body)

    def _may_have_fields(self, cls: Class) -> bool:
        """Whether a base that nobody knows may make fields of what a class body annotates.

        Of the standard library only those do that `Values.has_fields` knows.
        """
        ancestry = self._project.classes.ancestry(cls)
        packages = {base.partition(".")[0] for base in ancestry.outside}
        known = {*sys.stdlib_module_names, "typing_extensions"}
        return bool(ancestry.unknown) or not packages <= known

    def _changes_attribute(self, call: Call, cls: Class, fact: Assignment) -> bool:
        receiver = call.callee.partition(".")[0]
        if not changes(call, f"{receiver}.{fact.name}") and not changes(
            call, f"{receiver}.__class__.{fact.name}"
        ):
            return False
        function = self._functions.get(call.root_scope)
        if function is not None:
            return function.scope == fact.scope  # the first parameter of a method
        return receiver == cls.definition.name and call.root_scope == cls.definition.scope


def _is_of_class(method: Function) -> bool:
    """Whether a method gets the class, or nothing, and no instance."""
    first = method.parameters[0][0] if method.parameters else ""
    decorators = {decorator.rpartition(".")[2] for decorator in method.decorators}
    return (
        first in _CLASS_PARAMETERS
        or method.name in ("__new__", "__init_subclass__")
        or not decorators.isdisjoint(("classmethod", "staticmethod"))
    )
