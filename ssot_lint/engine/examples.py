"""Rules on trial: whether they can work, and whether they find what their examples say."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from ssot_lint.config import Config
from ssot_lint.engine.faults import faults_of, faults_of_run, idle_entries, idle_globs
from ssot_lint.engine.request import Request, selected
from ssot_lint.engine.survey import project_of, rules_path, survey
from ssot_lint.model import Note, Violation
from ssot_lint.reading import Reader
from ssot_lint.roots import resolve_roots
from ssot_lint.rule import Rule


def inspect_rules(
    config: Config, request: Request
) -> tuple[tuple[Violation, ...], tuple[Note, ...]]:
    """What keeps rules from working (SOT002), and notes on entries that match nothing."""
    site = survey(config, request, selected(config, request))
    broken = [*faults_of_run(site), *chain(*(faults_of(site, rule) for rule in site.rules))]
    idle = [*idle_globs(site), *chain(*(idle_entries(site, rule) for rule in site.rules))]
    return tuple(sorted(broken)), tuple(sorted(idle))


class Outcome(NamedTuple):
    """How one example fared; `problem` is "" if as it should. The place is the rule's."""

    rule: str
    path: str
    line: int
    problem: str


def run_examples(config: Config, request: Request) -> tuple[Outcome, ...]:
    """Judge each example as a file of its own in the project; the rule's places do not matter."""
    outcomes = []
    for rule in selected(config, request):
        free = replace(rule, paths=None, exclude=None, allow_in=())
        line, _ = config.place(rule.name, "examples")
        for expected, sources in (("bad", rule.examples.bad), ("good", rule.examples.good)):
            for number, source in enumerate(sources, 1):
                problem = _trial(config, free, source, expected == "bad")
                where = f"{expected} example {number}: {problem}" if problem else ""
                outcomes.append(Outcome(rule.name, rules_path(config), line, where))
    return tuple(outcomes)


def _trial(config: Config, rule: Rule, source: str, bad: bool) -> str:
    file, text = rule.example(source)
    reader = Reader(config.root, {file.path: text.encode()})
    roots = resolve_roots(config.root, config.roots)
    trouble = reader.trouble(file.path)
    if trouble is not None:
        return f"it does not parse: {trouble.message} (line {trouble.line})"
    project = project_of(config, [file], roots, reader)
    found = [v for v in rule.check(project) if isinstance(v, Violation)]
    if bad and not found:
        return "the rule does not report it"
    if not bad and found:
        return f"the rule reports it: {found[0].message} (line {found[0].span.line})"
    return ""
