"""Every rule is heard: what it finds, and what is wrong with it. Several processes share that.

What a process reads, and what its answers depend on, the others must know in the end.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ssot_lint.engine.faults import faults_of, idle_entries
from ssot_lint.engine.seen import Seen
from ssot_lint.engine.survey import Site
from ssot_lint.model import Note, Violation
from ssot_lint.processes import Processes
from ssot_lint.reading import Gain
from ssot_lint.rule import Outcome, Rule

_TOGETHER = 1_000
"""Files that every rule judges before the next ones."""
_MANY = 1_000
"""Files that are worth processes of their own, if rules want them."""


class Heard(NamedTuple):
    """What some rules had to say, of some files; and what for that was `seen` and read."""

    violations: list[Violation]
    notes: list[Note]
    broken: list[Violation]
    seen: Seen = Seen()
    gain: Gain = ()


class _Task(NamedTuple):
    """All rules of file scope about some files, or one rule about all that is left to it.

    One of the two is given.
    """

    files: int | None = None
    rule: int | None = None


def hear(site: Site, rules: Sequence[Rule], jobs: int = 1, *, many: int = _MANY) -> Heard:
    """What all rules say, heard by up to `jobs` processes if rules want that `many` files.

    Where one file decides, all rules judge some files, then the next ones: the facts of all would
    not stay in memory from rule to rule.
    """
    rules = tuple(rules)
    court = _Court(site, rules)
    tasks = [_Task(rule=number) for number in range(len(rules))]
    if any(rule.scope == "file" for rule in rules):
        tasks += [_Task(files=at) for at in range(0, len(site.project.files), _TOGETHER)]
    worth = jobs > 1 and sum(1 for _ in site.project.visited) >= many
    everything = Heard([], [], [])
    with Processes(court, jobs, forked=True) as pool:
        for (heard,) in pool.map(_Court.hear, tasks, chunk=1, worth=worth):
            everything.violations.extend(heard.violations)
            everything.notes.extend(heard.notes)
            everything.broken.extend(heard.broken)
            everything = everything._replace(seen=everything.seen.and_(heard.seen))
            site.reader.adopt(heard.gain)
    return everything._replace(seen=everything.seen.and_(court.seen()))


class _Court:
    """Hears rules, in this process or in one that was forked from it."""

    def __init__(self, site: Site, rules: Sequence[Rule]) -> None:
        self._site = site
        self._rules = rules
        self._told = self.seen()
        self._process = os.getpid()

    def seen(self) -> Seen:
        return Seen.of(self._site.project, self._site.reader)

    def hear(self, tasks: Sequence[_Task]) -> list[Heard]:
        return [self._hear(task) for task in tasks]

    def _hear(self, task: _Task) -> Heard:
        asked, reader = self._site.asked, self._site.reader
        heard = Heard([], [], [])
        forked = os.getpid() != self._process
        if forked:
            reader.gain()
        for outcome in self._outcomes(task):
            if isinstance(outcome, Violation):
                heard.violations.append(outcome)
            elif outcome.path in asked:
                heard.notes.append(outcome)
        if task.rule is not None and self._site.complete:
            rule = self._rules[task.rule]
            heard.broken.extend(faults_of(self._site, rule))
            heard.notes.extend(idle_entries(self._site, rule))
        if not forked:
            return heard
        seen = self.seen().beyond(self._told)
        self._told = self._told.and_(seen)
        return heard._replace(seen=seen, gain=reader.gain())

    def _outcomes(self, task: _Task) -> Iterator[Outcome]:
        project = self._site.project
        if task.files is not None:
            part = project.part(project.files[task.files : task.files + _TOGETHER])
            for rule in self._rules:
                if rule.scope == "file":
                    yield from rule.check(part)
        elif task.rule is not None and self._rules[task.rule].scope == "project":
            yield from self._rules[task.rule].check(project)
