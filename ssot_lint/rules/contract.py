from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import filterfalse
from typing import Any, ClassVar, Literal, NamedTuple

from ssot_lint.advice import missing_home
from ssot_lint.contracts import (
    MEMBERS,
    Home,
    Requirement,
    breaches,
    functions_at,
    homes,
    is_coroutine,
    is_method,
    is_plain,
    members,
    read_snapshot,
)
from ssot_lint.facts import Call, Context, Definition, Function
from ssot_lint.model import TOP, Note, Span
from ssot_lint.options import PATH, TEXT, Fault, option
from ssot_lint.patterns import Words
from ssot_lint.project import Class, Module, Origin, Project, within
from ssot_lint.rule import Outcome, Rule


class _Provided(NamedTuple):
    """A function that provides a member: its file, its class ("" in a module) and itself."""

    path: str
    owner: str
    function: Function

    @property
    def origin(self) -> tuple[str, str]:
        name = self.function.name
        return self.path, f"{self.owner}.{name}" if self.owner else name

    @property
    def bound(self) -> bool:
        return bool(self.owner) and is_method(self.function)


@dataclass(frozen=True, kw_only=True)
class Contract(Rule):
    """A home that no longer offers what its callers use, or a call that misses who is awaited.

    What it does
        Compares the class or module at `home` with what `members` and the `snapshot` require.
        Reports a member that is missing (inherited ones count), and a function that cannot be
        called as required: a parameter that is not there, one without the default that callers
        rely on, one that they would have to pass, or ``async`` where it must not be, and the other
        way round. In all judged files it reports calls of these members whose result is dropped
        although they are async, because then nothing runs, and ``await`` on one that is not async:
        calls of the module's functions, of ``Class.method``, and of ``self.method`` in the class
        and its subclasses. An ``await`` is a violation where `members` says ``async: false``, else
        a note, because a plain function may return what another one wants awaited.
        Left alone: methods of objects in variables, whose class nobody knows. What a decorator,
        a library or a branch of a condition may change is a note.

    Why
        Whoever changes the home sees its callers; whoever changes it in a second branch, or
        restores an old copy, does not. A coroutine that nobody awaits is dropped in silence.

    Instead of
        ``self.send(message)`` where ``send`` is async.

    Write
        ``await self.send(message)``

    Options
        `members` maps names to requirements: ``send: {parameters: [user, room=], async: true}``;
        ``mode: {}`` need only exist. `parameters` are what callers pass: ``room=`` is one that
        they may leave out, ``*rest`` and ``**rest`` any number. Parameters that are not listed
        must have defaults. The constructor is ``__init__``; ``self`` is not listed. `snapshot` is a
        file that ``ssot-lint contract snapshot`` wrote; what `members` says of a name counts more.

    Subject
        Of a breach the member's qualified name, ``Class.member``; of a call the callee as written.

    What a fix may break
        Awaiting a call makes its caller async, and its callers in turn.
    """

    code: ClassVar[str] = "SOT302"
    kind: ClassVar[str] = "contract"
    scope: ClassVar[Literal["file", "project"]] = "project"
    unit: ClassVar[str] = "breaches"

    home: str = option(PATH, "The dotted path of the class or module.")
    members: tuple[Requirement, ...] = option(MEMBERS, "What the home must provide.", default=())
    snapshot: str = option(TEXT, "A file below the root: what the home provided once.", default="")
    snapped: tuple[Requirement, ...] = field(default=())

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if not self.members and not self.snapshot:
            yield "", "one of 'members' and 'snapshot' is required"

    def extra_files(self) -> Iterator[tuple[str, str]]:
        if self.snapshot:
            yield "snapshot", self.snapshot

    def with_file(self, option: str, content: Any, fault: Fault) -> Rule:
        return replace(self, snapped=read_snapshot(content, self.home, fault))

    def homes(self) -> Iterator[str]:
        yield self.home

    @cached_property
    def required(self) -> dict[str, Requirement]:
        """What is required of each member."""
        return {each.name: each for each in (*self.snapped, *self.members)}

    def words(self) -> Words:
        return Words.of(*({name} for name in self.required))

    def check(self, project: Project) -> Iterator[Outcome]:
        found = homes(project, self.home)
        provided: dict[str, set[_Provided]] = {name: set() for name in self.required}
        for home in found:
            yield from self._judge_home(project, home)
            for name, functions in provided.items():
                functions.update(self._provided(project, home, name))
        for module in project.judged(self):
            for call in module.facts.calls:
                if call.result != "used" and not call.context & Context.EXPECTED_FAILURE:
                    yield from self._judge_call(project, module, call, provided)

    def _provided(self, project: Project, home: Home, name: str) -> Iterator[_Provided]:
        """The functions that provide a member."""
        if home.classes:
            for member in members(project, home, name):
                if isinstance(member.fact, Function) and not _is_overload(member.fact):
                    owner = member.owner.origin
                    yield _Provided(owner.path, owner.name, member.fact)
        else:
            for origin in project.resolve(f"{self.home}.{name}").origins:
                for function in filterfalse(_is_overload, functions_at(project, origin)):
                    yield _Provided(origin.path, origin.name.rpartition(".")[0], function)

    def _judge_home(self, project: Project, home: Home) -> Iterator[Outcome]:
        for name, requirement in self.required.items():
            subject = f"{home.origin.name}.{name}" if home.classes else name
            provided = tuple(dict.fromkeys(self._provided(project, home, name)))
            if not provided:
                yield from self._judge_absent(project, home, requirement, subject)
            elif len(provided) > 1 or not is_plain(provided[0].function):
                yield from self._note_unclear(home, provided[0], requirement, subject)
            else:
                (only,) = provided
                for breach in breaches(requirement, only.function, only.bound):
                    if _is_judged(self, project, only.path):
                        message = f"{subject} {breach}"
                        yield self.violation(only.path, only.function.span, subject, message)

    def _judge_absent(
        self, project: Project, home: Home, requirement: Requirement, subject: str
    ) -> Iterator[Outcome]:
        """A member that no function provides: it may be a value, or come from elsewhere."""
        path = home.origin.path
        if not _is_judged(self, project, path):
            return
        definition = home.classes[0].definition if home.classes else None
        exists = _exists(project, home, requirement.name)
        if requirement.name == "__init__" and _exists(project, home, "__new__"):
            exists = None  # which takes the arguments
        if exists is False:
            span, start = _place(definition)
            message = f"{self.home} lacks {requirement.name}, which its callers use; define it"
            yield self.violation(path, span, subject, message, start)
        elif exists is None or requirement.parameters is not None or requirement.is_async:
            line = definition.line if definition else 1
            what = "exists" if exists is None else "is as its callers use it"
            message = f"whether {subject} {what} cannot be told"
            yield Note("undecidable", message, self.name, path, line)

    def _note_unclear(
        self, home: Home, provided: _Provided, requirement: Requirement, subject: str
    ) -> Iterator[Outcome]:
        if requirement.parameters is not None or requirement.is_async is not None:
            message = f"whether {subject} is as its callers use it cannot be told"
            line = provided.function.line
            yield Note("undecidable", message, self.name, provided.path, line)

    def _judge_call(
        self,
        project: Project,
        module: Module,
        call: Call,
        provided: dict[str, set[_Provided]],
    ) -> Iterator[Outcome]:
        name = _called_name(module, call)
        functions = provided.get(name)
        if not functions or _callee(project, module, call) not in {f.origin for f in functions}:
            return
        known = {is_coroutine(each.function) for each in functions}
        plain = all(is_plain(each.function) for each in functions)
        if call.result == "discarded" and known == {True}:
            if plain:
                message = f"{call.callee} is async, so without await this does nothing; await it"
                yield self.violation(module.path, call.span, call.callee, message)
            else:
                yield self._note_call(module, call, "the dropped result of")
        elif call.result == "awaited" and known == {False}:
            # A plain function may return what another one wants awaited.
            if plain and name in self._never_awaited:
                message = f"{call.callee} is not async; call it without await"
                yield self.violation(module.path, call.span, call.callee, message)
            elif not self.required[name].is_async:
                yield self._note_call(module, call, "the result of")

    @cached_property
    def _never_awaited(self) -> frozenset[str]:
        """What the rule itself says is not async; a snapshot only knows how it is written."""
        return frozenset(each.name for each in self.members if each.is_async is False)

    def _note_call(self, module: Module, call: Call, what: str) -> Note:
        message = f"whether {what} {call.callee} is to be awaited cannot be told"
        return Note("undecidable", message, self.name, module.path, call.line)

    def broken(self, project: Project) -> Iterator[tuple[str, str]]:
        if problem := missing_home(project, self.home):
            yield "home", problem
        elif project.resolve(self.home).exists and not homes(project, self.home):
            yield "home", f"'{self.home}' is no class and no module"


def _is_overload(function: Function) -> bool:
    return any(decorator.rpartition(".")[2] == "overload" for decorator in function.decorators)


def _is_judged(rule: Rule, project: Project, path: str) -> bool:
    return bool(path) and within(rule, project.module_at(path).file)


def _place(definition: Definition | None) -> tuple[Span, tuple[int, int]]:
    if definition is None:
        return TOP, (1, 1)
    return definition.span, (definition.statement_line, definition.statement_column)


def _exists(project: Project, home: Home, name: str) -> bool | None:
    """Whether a member that no function provides exists; None if that cannot be known."""
    if not home.classes:
        resolution = project.resolve(f"{home.dotted}.{name}")
        if resolution.exists or any(end.why == "outside" for end in resolution.dead_ends):
            return True
        return None if any(e.why in _UNKNOWN for e in resolution.dead_ends) else False
    if any(name in project.classes.members(cls) for cls in home.classes):
        return True
    answers = {_inherited(project, cls, name) for cls in home.classes}
    return True if True in answers else None if None in answers else False


_UNKNOWN = ("undecidable", "unreadable")


_BRING_NOTHING = frozenset(
    {
        *("abc.ABC", "typing.Generic", "typing.Protocol"),
        *("typing_extensions.Generic", "typing_extensions.Protocol"),
    }
)
"""Bases that bring nothing but special methods; of some Pythons inference cannot tell that."""


def _inherited(project: Project, cls: Class, name: str) -> bool | None:
    """Whether a class has a member from outside the project; None if that cannot be known."""
    ancestry = project.classes.ancestry(cls)
    unknown = bool(ancestry.others or ancestry.unknown)
    if "__getattr__" in project.classes.members(cls):
        unknown = True
    silent = frozenset() if name.startswith("__") else _BRING_NOTHING
    for base in sorted({*ancestry.outside, "builtins.object"} - silent):
        if base == "builtins.object" and name == "__init__":
            continue  # it takes no parameters, so nobody requires it
        inferred = project.infer(base)
        if project.infer(f"{base}.{name}") is not None:
            return True
        unknown |= inferred is None or not inferred.complete
    decorated = name == "__init__" and any(
        each.definition.decorators for each in (cls, *ancestry.classes)
    )
    return None if unknown or decorated else False


def _called_name(module: Module, call: Call) -> str:
    """The name of what is called, as the file spells it: an import may give it another one."""
    name = call.callee.rpartition(".")[2]
    if "." not in call.callee:
        for imported in module.facts.imports:
            if imported.scope == call.root_scope and imported.alias == name and imported.name:
                return imported.name
    return name


def _callee(project: Project, module: Module, call: Call) -> tuple[str, str] | None:
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
        for origin in project.used(module.path, call.scope, owner, call.start).origins:
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
