from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, Literal

from ssot_lint.advice import missing_home
from ssot_lint.contracts import (
    MEMBERS,
    Home,
    Provider,
    Requirement,
    breaches,
    called_name,
    callee,
    has_member,
    homes,
    is_coroutine,
    is_plain,
    providers,
    read_snapshot,
)
from ssot_lint.facts import Call, Context, Definition
from ssot_lint.model import TOP, Note, Span
from ssot_lint.options import PATH, TEXT, Fault, option
from ssot_lint.patterns import Words
from ssot_lint.project import Module, Project, within
from ssot_lint.rule import Outcome, Rule


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
        provided: dict[str, set[Provider]] = {name: set() for name in self.required}
        for home in found:
            yield from self._judge_home(project, home)
            for name, functions in provided.items():
                functions.update(providers(project, home, name))
        for module in project.judged(self):
            for call in module.facts.calls:
                if call.result != "used" and not call.context & Context.EXPECTED_FAILURE:
                    yield from self._judge_call(project, module, call, provided)

    def _judge_home(self, project: Project, home: Home) -> Iterator[Outcome]:
        for name, requirement in self.required.items():
            subject = f"{home.origin.name}.{name}" if home.classes else name
            provided = providers(project, home, name)
            if not provided:
                yield from self._judge_absent(project, home, requirement, subject)
            elif len(provided) > 1 or not is_plain(provided[0].function):
                yield from self._note_unclear(provided[0], requirement, subject)
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
        exists = has_member(project, home, requirement.name)
        if requirement.name == "__init__" and has_member(project, home, "__new__"):
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
        self, provider: Provider, requirement: Requirement, subject: str
    ) -> Iterator[Outcome]:
        if requirement.parameters is not None or requirement.is_async is not None:
            message = f"whether {subject} is as its callers use it cannot be told"
            line = provider.function.line
            yield Note("undecidable", message, self.name, provider.path, line)

    def _judge_call(
        self,
        project: Project,
        module: Module,
        call: Call,
        provided: dict[str, set[Provider]],
    ) -> Iterator[Outcome]:
        name = called_name(module, call)
        functions = provided.get(name)
        if not functions or callee(project, module, call) not in {f.origin for f in functions}:
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


def _is_judged(rule: Rule, project: Project, path: str) -> bool:
    return bool(path) and within(rule, project.module_at(path).file)


def _place(definition: Definition | None) -> tuple[Span, tuple[int, int]]:
    if definition is None:
        return TOP, (1, 1)
    return definition.span, (definition.statement_line, definition.statement_column)
