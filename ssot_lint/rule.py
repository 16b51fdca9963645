"""What a rule is: a frozen value that knows its options and yields outcomes.

A kind is a subclass with a code, a kind name, a scope and a unit. Its docstring is its manual.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, NamedTuple, Protocol, TypeVar

from ssot_lint.globs import Globs
from ssot_lint.model import Note, Remark, Severity, SourceFile, Span, Statistic, Violation
from ssot_lint.options import DATE, FLAG, GLOBS, PATTERNS, TEXT, Fault, Option, choice, option
from ssot_lint.patterns import Pattern, Words
from ssot_lint.prefilter import Outline
from ssot_lint.project import Module, Project

Outcome = Violation | Note
_Rule = TypeVar("_Rule", bound="Rule")


class Examples(NamedTuple):
    """Sources that a rule must (`bad`) and must not (`good`) find something in."""

    bad: tuple[str, ...] = ()
    good: tuple[str, ...] = ()


def _read_examples(value: Any, fault: Any) -> Examples:
    if not isinstance(value, dict) or not value:
        fault("expected a mapping with 'bad' and/or 'good'")
        return Examples()
    parts: dict[str, tuple[str, ...]] = {}
    for key, item in value.items():
        if key not in ("bad", "good"):
            fault(f"unknown key '{key}', expected 'bad' or 'good'", key)
            continue
        sources = item if isinstance(item, list) else [item]
        if not sources or not all(isinstance(source, str) for source in sources):
            fault("expected Python source, or a list of it", key)
            continue
        parts[key] = tuple(sources)
    return Examples(**parts)


_SOURCES = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}
EXAMPLES = Option(
    _read_examples,
    {
        "type": "object",
        "properties": {"bad": _SOURCES, "good": _SOURCES},
        "additionalProperties": False,
        "minProperties": 1,
    },
    "a mapping with 'bad' and/or 'good' sources",
)


class Doubts(Protocol):
    """What a kind makes of outlines, in a project."""

    def needed(
        self, outlined: Iterable[tuple[SourceFile, Outline]]
    ) -> Mapping[str, set[str] | None]:
        """The files that it takes to answer `about`, and of which names (None: all statements)."""
        ...

    def about(self, file: SourceFile, outline: Outline) -> bool:
        """Whether a file with such an outline may hold a violation, or what else is to be said."""
        ...


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One entry of ``rules.yaml``, understood.

    `paths`, `exclude` and `allow_in` say where the rule judges; `Project.judged` applies them.
    """

    code: ClassVar[str]
    kind: ClassVar[str]
    scope: ClassVar[Literal["file", "project"]]
    follows: ClassVar[bool] = False
    """Of a kind of project scope: whether the violations of one file depend on nothing but that
    file and where its names lead, so that an editor can tell them."""
    unit: ClassVar[str]
    """What one violation counts, in the plural: names, files, references, ..."""
    movable: ClassVar[bool] = True
    """Whether a baseline entry follows its file when that is renamed."""
    expressions: ClassVar[bool] = True
    """Whether the kind asks for facts that only expressions hold: `FileFacts.expressions`."""
    learns: ClassVar[bool] = False
    """Whether `informed` asks for the files that hold the words, wherever the rule judges."""
    fixable: ClassVar[bool] = False
    """Whether a violation goes away when its replacement is written in place of its subject."""

    name: str = option(TEXT, "Kebab-case and unique; reads well after 'allow'.")
    reason: str = option(TEXT, "Why the rule exists; shown with its violations.")
    severity: Severity = option(
        choice("error", "warning"),
        "Warnings are printed, counted and baselined, and never change the exit code.",
        default="error",
    )
    paths: Globs | None = option(GLOBS, "File globs: judge only there.", default=None)
    exclude: Globs | None = option(GLOBS, "File globs: do not judge there.", default=None)
    allow_in: tuple[Pattern, ...] = option(
        PATTERNS, "Module patterns: do not judge these modules.", default=()
    )
    until: datetime.date | None = option(
        DATE, "From the day after (UTC), new violations are errors even if warnings.", default=None
    )
    owner: str = option(TEXT, "Who to ask.", default="")
    docs: str = option(TEXT, "A URL with more.", default="")
    suppressions: Literal["allowed", "reason", "forbidden"] = option(
        choice("allowed", "reason", "forbidden"),
        "Whether comments may excuse violations, only with a reason, or not at all.",
        default="allowed",
    )
    ignore_case: bool = option(FLAG, "Match patterns without regard to ASCII case.", default=False)
    examples: Examples = option(
        EXAMPLES,
        "Sources that the rule must and must not report: 'ssot-lint rules test'.",
        default=Examples(),
    )

    def informed(self: _Rule, project: Project, holders: Iterable[Module] = ()) -> _Rule:
        """This rule, knowing what its words depend on besides the options.

        Asked before files are searched for words, when only dotted paths may be followed; and,
        where a kind `learns`, after that with the files that hold its words (`holders`), until
        it learns nothing new.
        """
        return self

    def words(self) -> Words | None:
        """The words that a file must contain for a violation; None if that cannot be said."""
        raise NotImplementedError

    @property
    def by_outline(self) -> bool:
        """Whether `doubts` tell which files a rule is about that can name no words."""
        return False

    def doubts(self, project: Project) -> Doubts:
        """What the outlines of files leave open; asked `by_outline`."""
        raise NotImplementedError

    def words_of_expressions(self) -> Words | None:
        """Where a kind asks for `expressions`: the words that a file must contain so that it needs
        them; None if that cannot be said. Of other files it may know the statements only.
        """
        return self.words()

    def check(self, project: Project) -> Iterator[Outcome]:
        """Violations and notes, in any order. Pure: no printing, sorting, caching."""
        raise NotImplementedError

    def broken(self, project: Project) -> Iterator[tuple[str, str]]:
        """(option, message) for each way in which the rule cannot work at all."""
        return iter(())

    def idle(self, project: Project) -> Iterator[Remark]:
        """What is idle among the kind's own entries: matches nothing, or leads nowhere."""
        return iter(())

    def statistics(self, project: Project) -> Iterator[Statistic]:
        """Figures that a migration reports besides its violations."""
        return iter(())

    def statistics_words(self) -> Words | None:
        """The further words that a file must contain to count in `statistics`."""
        return Words()

    def homes(self) -> Iterator[str]:
        """Dotted paths that this rule recommends: no rule may call them legacy."""
        return iter(())

    def example(self, source: str) -> tuple[SourceFile, str]:
        """The file that an entry of `examples` stands for, and its text."""
        return SourceFile("ssot_example.py", "ssot_example", ""), source

    def faults(self) -> Iterator[tuple[str, str]]:
        """(option, message) for options that contradict each other; "" is the rule as a whole."""
        if self.until is not None and self.severity == "error":
            yield "until", "'until' changes nothing here: the violations are errors already"

    def linked(self, rules: Mapping[str, Rule]) -> Rule:
        """This rule, knowing the others by name; ``ValueError(option, message)`` for a bad link."""
        return self

    def extra_files(self) -> Iterator[tuple[str, str]]:
        """(option, path below the root) of each YAML file that the rule is made of, too."""
        return iter(())

    def with_file(self, option: str, content: Any, fault: Fault) -> Rule:
        """This rule, knowing what the file of an option holds; faults as in `Option.read`."""
        return self

    def as_of(self: _Rule, today: datetime.date) -> _Rule:
        """This rule as it judges on a day (UTC): past `until`, its violations are errors."""
        if self.until is not None and today > self.until:
            return replace(self, severity="error", until=None)
        return self

    def violation(
        self,
        path: str,
        span: Span,
        subject: str,
        message: str,
        statement: tuple[int, int] | None = None,
        replacement: str = "",
    ) -> Violation:
        """A violation of this rule in a file; `statement` defaults to the start of `span`."""
        return Violation(
            path=path,
            span=span,
            code=self.code,
            rule=self.name,
            subject=subject,
            message=message,
            severity=self.severity,
            statement=statement or (span.line, span.column),
            replacement=replacement,
        )
