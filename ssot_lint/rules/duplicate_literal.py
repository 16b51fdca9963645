from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import ClassVar, Literal

from ssot_lint.advice import idle_modules, missing_home
from ssot_lint.facts import Literals
from ssot_lint.model import Remark
from ssot_lint.options import COUNT, FLAG, PATH, PATTERNS, TEXTS, option
from ssot_lint.patterns import Pattern, Words, fold, word_runs
from ssot_lint.project import Module, Project
from ssot_lint.rule import Outcome, Rule
from ssot_lint.spelling import Speller, words_of_misspellings
from ssot_lint.vocabulary import Vocabulary, as_subject, vocabulary

_NOUNS = {
    "list": "list {} repeats",
    "set": "set {} repeats",
    "tuple": "tuple {} repeats",
    "keys": "the keys of dictionary {} repeat",
    "values": "the values of dictionary {} repeat",
    "literal": "Literal {} repeats",
    "class": "class {} repeats",
}
_OF_NAMES = frozenset(("__all__", "__slots__", "__match_args__"))
"""Collections of strings that mean names of the program."""
_FEW = 3
_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class DuplicateLiteral(Rule):
    """A collection of strings written out again instead of imported.

    What it does
        Reports every list, set, tuple, dictionary (its keys, or its values), ``Literal[...]``,
        enum and class of constants that holds at least `min` of the values, in any module but the
        home's and those of `defined_in`. Members that are almost a value (``agent-started``,
        ``agent_strated``) count, too, if at least half of `min` are spelt right, and the message
        names them. With `typos`, every string that is almost a value is a violation of its own,
        wherever it stands.
        A string is almost a value if it writes the same words in another way, or gets one word of
        at least five letters wrong: a letter too many, missing, wrong or swapped (two of them from
        nine letters on), the first letter right. Outside of such a collection that is said of
        values of several words only, and not of humps and joined words (``agentStarted``), which
        are what other services call things. Left alone: strings that the home spells, other forms
        of a word (``create``, ``created``, ``creates``), other numbers, names of constants and
        classes (``AGENT_STARTED``, ``AgentStarted``), labels and paths; and ``__all__``,
        ``__slots__`` and ``__match_args__``, which list names.

    Why
        The sixth event is added to the enum, and the twenty-nine lists that repeat the first five
        never hear of it. A misspelt event is sent to nobody, and nothing fails.

    Instead of
        ``EVENTS = ["agent_started", "agent_thinking", "tool_executing"]`` in a second module.

    Write
        ``from app.events import EVENTS``

    Options
        `home` is the collection's dotted path, or that of the module that holds it. The home's
        module may spell the values as often as it likes. Without `values`, they are those of the
        collection that `home` names; then every file must be read, so large projects are checked
        sooner if the rule lists them.
        `allow` lists strings that are no misspellings.

    Subject
        Of a collection its name, of one without a name the string in it that sorts first; of a
        misspelling the string. Characters that a subject cannot hold become underscores.

    What a fix may break
        A copy may be shorter or longer than its home on purpose, and its order may matter. What
        sends a misspelt value and what waits for it must change together.
    """

    code: ClassVar[str] = "SOT203"
    kind: ClassVar[str] = "duplicate-literal"
    scope: ClassVar[Literal["file", "project"]] = "file"
    unit: ClassVar[str] = "literals"

    home: str = option(PATH, "The one place: the collection's dotted path, or its module's.")
    values: tuple[str, ...] = option(
        TEXTS, "The strings; without it, those of the collection that 'home' names.", default=()
    )
    min: int | None = option(
        COUNT, "How many of the values make a copy: 3, or all if there are fewer.", default=None
    )
    typos: bool = option(
        FLAG, "Report every string that is almost a value, in a collection or not.", default=False
    )
    defined_in: tuple[Pattern, ...] = option(
        PATTERNS, "Modules that may spell the values too.", default=()
    )
    allow: tuple[str, ...] = option(TEXTS, "Strings that are no misspellings.", default=())

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if self.values and self.min is not None and self.min > len(self.values):
            yield "min", f"no collection holds {self.min} of {len(self.values)} values"

    def homes(self) -> Iterator[str]:
        yield self.home

    def words(self) -> Words | None:
        if not self.values:
            return None
        right = (self._least(self.values) + 1) // 2
        words = Words.at_least(right, map(word_runs, self.values))
        if not self.typos:
            return replace(words, strings=True)
        misspelt = words_of_misspellings(self.values)
        folded = Words.of(*(map(fold, clue.words) for clue in words.clues))
        return replace(misspelt.also(folded), strings=True)

    def _least(self, values: Collection[str]) -> int:
        return min(self.min or _FEW, len(values))

    def check(self, project: Project) -> Iterator[Outcome]:
        home = vocabulary(project, self.home)
        values = self.values or home.collection
        if not values:
            return
        speller = Speller(values, also=(*home.spelled, *self.allow))
        for module in project.judged(self):
            if not self._may_spell(project, module, home):
                yield from self._copies(module, values, speller)
                if self.typos:
                    yield from self._misspellings(module, speller)

    def _copies(
        self, module: Module, values: tuple[str, ...], speller: Speller
    ) -> Iterator[Outcome]:
        least = self._least(values)
        reported = set()
        for literals in module.facts.literals:
            if literals.name in _OF_NAMES:
                continue
            right = set(values).intersection(literals.values)
            if len(right) < (least + 1) // 2 or literals.start in reported:
                continue
            almost = {
                value: text
                for text in literals.values
                if (value := speller.misspelt(text)) and value not in right
            }
            if len(right) + len(almost) >= least:
                reported.add(literals.start)  # a dictionary may hold them as keys and as values
                message = self._message(literals, [v for v in values if v in right], almost, values)
                yield self.violation(module.path, literals.span, _subject(literals), message)

    def _message(
        self,
        literals: Literals,
        right: list[str],
        almost: Mapping[str, str],
        values: tuple[str, ...],
    ) -> str:
        repeats = _NOUNS[literals.form].format(literals.name or "without a name")
        listed = ", ".join(right[:_SHOWN])
        if len(right) > _SHOWN:
            listed += f" and {len(right) - _SHOWN} more"
        if not self.typos:  # else each is a violation of its own
            listed += "".join(f"; '{almost[v]}' is almost '{v}'" for v in values if v in almost)
        count = f"{len(right)} of {len(values)} values"
        return f"{repeats} {count} whose home is {self.home}: {listed}; import them"

    def _misspellings(self, module: Module, speller: Speller) -> Iterator[Outcome]:
        for word in module.facts.words:
            value = speller.misspelt(word.value, alone=True)
            if value is not None:
                message = (
                    f"'{word.value}' is almost '{value}', whose home is {self.home}; import it"
                )
                yield self.violation(module.path, word.span, as_subject(word.value), message)

    def _may_spell(self, project: Project, module: Module, home: Vocabulary) -> bool:
        if module.path in home.paths or project.holds(module, self.home):
            return True
        if module.file.is_stub and project.is_stub_of_module(module.file):
            return True
        return module.name is not None and any(p.matches(module.name) for p in self.defined_in)

    def broken(self, project: Project) -> Iterator[tuple[str, str]]:
        if problem := missing_home(project, self.home):
            yield "home", problem
        elif not self.values and project.resolve(self.home).exists:
            values = vocabulary(project, self.home).collection
            if not values:
                yield (
                    "home",
                    f"home '{self.home}' is no collection of strings: list them in 'values'",
                )
            elif self.min is not None and self.min > len(values):
                yield "min", f"home '{self.home}' holds {len(values)} values, fewer than {self.min}"

    def idle(self, project: Project) -> Iterator[Remark]:
        yield from idle_modules(project, "defined_in", self.defined_in)
        home = vocabulary(project, self.home)
        for value in self.values:
            if home.origins and not self.defined_in and value not in home.spelled:
                yield Remark("values", f"'{value}' is not spelt in the home")
        if self.allow:
            speller = Speller(self.values or home.collection, also=home.spelled)
            caught = {
                text
                for module in project.judged(self)
                if not self._may_spell(project, module, home)
                for text in chain(
                    (word.value for word in module.facts.words),
                    *(literals.values for literals in module.facts.literals),
                )
                if text in self.allow and speller.misspelt(text)
            }
            for text in self.allow:
                if text not in caught:
                    yield Remark("allow", f"'{text}' excepts nothing: nobody writes it for a value")


def _subject(literals: Literals) -> str:
    return literals.name or as_subject(min(literals.values))
