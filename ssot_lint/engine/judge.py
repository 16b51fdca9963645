"""From rules and project to violations and notes, the built-in kinds included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ssot_lint.advice import idle_modules
from ssot_lint.builtin import BUILTIN, BrokenRule, UnreadableFile, UnusedSuppression
from ssot_lint.engine.findings import Findings
from ssot_lint.engine.survey import Site, rules_path
from ssot_lint.facts import Trouble
from ssot_lint.globs import Globs
from ssot_lint.model import Note, Remark, SourceFile, Span, Violation
from ssot_lint.project import Project, within
from ssot_lint.rule import Outcome, Rule
from ssot_lint.suppression import Law, Verdict, excuse, unused

_TOGETHER = 1_000
"""Files that every rule judges before the next ones."""


class Judgement(NamedTuple):
    """What the rules found: sorted violations (kept or excused), notes, and unreadable files.

    `broken` are SOT002: neither baselined nor suppressed. `unchecked` are the paths whose
    violations cannot be known; `ignored` are other broken files, in runs that look for them.
    """

    kept: tuple[Violation, ...]
    excused: tuple[tuple[Violation, str], ...]
    broken: tuple[Violation, ...]
    notes: tuple[Note, ...]
    unchecked: frozenset[str]
    ignored: tuple[str, ...]


def judge(
    site: Site, rules: Sequence[Rule], *, noqa: bool = True, with_unused: bool = False
) -> Judgement:
    """Ask every rule, then what the built-in kinds add.

    `noqa` is whether ``# noqa`` counts; `with_unused` asks for unused suppressions in a partial run
    too.
    """
    found = site.findings
    if found is None:
        found = find(site, rules)
        if site.memory is not None:
            site.memory.keep(found, site.project)
    asked = site.asked | {v.path for v in found.unreadable}
    verdict = excuse(
        sorted(v for v in (*found.violations, *found.unreadable) if v.path in asked),
        site.reader.directives,
        laws(site.config.rules, {rule.name for rule in rules}),
        noqa=noqa,
    )
    if site.complete or with_unused:
        verdict = _with_unused(site, rules, verdict, noqa=noqa)
    return Judgement(
        verdict.kept,
        verdict.excused,
        found.broken,
        found.notes,
        frozenset(v.path for v in found.unreadable),
        found.ignored,
    )


def find(site: Site, rules: Sequence[Rule]) -> Findings:
    """What the rules find, whatever comments say."""
    violations: list[Violation] = []
    notes: list[Note] = []
    for outcome in _outcomes(site.project, rules):
        if isinstance(outcome, Violation):
            violations.append(outcome)
        elif outcome.path in site.asked:
            notes.append(outcome)
    broken: tuple[Violation, ...] = ()
    if site.complete:
        broken = tuple(sorted(broken_rules(site, rules)))
        notes.extend(idle_entries(site, rules))
    # Now every question is asked, and it is known which files were needed for the answers.
    troubles = dict(_troubles(site))
    unreadable = tuple(_unreadable(site, rules, troubles))
    others = troubles.keys() - {v.path for v in unreadable}
    return Findings(
        tuple(violations),
        tuple(sorted(set(notes))),
        broken,
        unreadable,
        tuple(sorted(others)) if site.thorough else (),
    )


def _outcomes(project: Project, rules: Sequence[Rule]) -> Iterator[Outcome]:
    """What all rules find.

    Where one file decides, all rules judge some files, then the next ones: the facts of all would
    not stay in memory from rule to rule.
    """
    alone = [rule for rule in rules if rule.scope == "file"]
    for at in range(0, len(project.files), _TOGETHER) if alone else ():
        part = project.part(project.files[at : at + _TOGETHER])
        for rule in alone:
            yield from rule.check(part)
    for rule in rules:
        if rule.scope == "project":
            yield from rule.check(project)


def laws(rules: Iterable[Rule], ran: set[str]) -> dict[str, Law]:
    """What suppression must know of each rule, built-in kinds included."""
    known = {
        rule.name: Law(rule.kind, rule.code, rule.suppressions, rule.name in ran) for rule in rules
    }
    return {**{kind.kind: Law(kind.kind, kind.code) for kind in BUILTIN}, **known}


def _troubles(site: Site) -> Iterator[tuple[str, Trouble]]:
    """What could not be read of the files that were asked for, and of those needed for answers."""
    visited = {file.path for file in site.project.visited if file.path in site.asked}
    for path in sorted(visited | site.project.unreadable):
        trouble = site.reader.trouble(path)
        if trouble is not None:
            yield path, trouble
    for path, why in site.discovery.unreadable:
        yield path, Trouble("unreadable", why, 1, 1, "")


def _unreadable(
    site: Site, rules: Sequence[Rule], troubles: dict[str, Trouble]
) -> Iterator[Violation]:
    files = {file.path: file for file in site.project.files if file.path in troubles}
    for path, trouble in troubles.items():
        needed = path in site.project.unreadable or path not in files
        if needed or could_violate(site, files[path], rules):
            yield unreadable_file(path, trouble)


def could_violate(site: Site, file: SourceFile, rules: Sequence[Rule]) -> bool:
    """Whether a file that could not be parsed may hold a violation of one of the rules."""
    judging = [rule for rule in rules if within(rule, file)]
    if site.suspicions is not None:
        outline = site.reader.outline(file)
        outlined = [rule for rule in judging if rule.by_outline]
        if any(site.suspicions.about(rule, file, outline) for rule in outlined):
            return True
        judging = [rule for rule in judging if not rule.by_outline]
    return site.reader.may_hold(file.path, [rule.words() for rule in judging])


def unreadable_file(path: str, trouble: Trouble) -> Violation:
    """SOT001 for a file."""
    needs = f" (needs Python {trouble.needs} or newer)" if trouble.needs else ""
    return Violation(
        path=path,
        span=Span(trouble.line, trouble.column, trouble.line, trouble.column),
        code=UnreadableFile.code,
        rule=UnreadableFile.kind,
        subject=trouble.kind,
        message=f"not checked: {trouble.message}{needs}",
        statement=(trouble.line, trouble.column),
    )


def broken_rules(site: Site, rules: Sequence[Rule]) -> Iterator[Violation]:
    """SOT002 for every rule, root or run that cannot work."""
    for rule in rules:
        for option, message in rule.broken(site.project):
            yield broken_rule(site, rule.name, option, message)
    if not site.asked:
        yield broken_rule(site, "", "", "no Python file is judged below the root")
    for root in site.discovery.roots if site.config.roots else ():
        prefix = "" if root == "." else root + "/"
        if site.asked and not any(file.path.startswith(prefix) for file in site.project.files):
            yield broken_rule(site, "", "roots", f"no Python file is judged below root '{root}'")


def broken_rule(site: Site, rule: str, option: str, message: str) -> Violation:
    """SOT002 at the rule's line in the rules file."""
    line, column = site.config.place(rule, option)
    return Violation(
        path=rules_path(site.config),
        span=Span(line, column, line, column),
        code=BrokenRule.code,
        rule=BrokenRule.kind,
        subject=rule or "rules",
        message=f"rule '{rule}' cannot work: {message}" if rule else message,
        statement=(line, column),
    )


def idle_entries(site: Site, rules: Sequence[Rule]) -> Iterator[Note]:
    """A note for every entry of the rules that matches nothing."""
    for rule in rules:
        entries = [*rule.idle(site.project), *idle_modules(site.project, "allow_in", rule.allow_in)]
        entries += [Remark("paths", text) for text in _idle_globs(rule.paths, site)]
        entries += [Remark("exclude", text) for text in _idle_globs(rule.exclude, site)]
        for option, message, topic in entries:
            line, _ = site.config.place(rule.name, option)
            yield Note(topic, f"{option}: {message}", rule.name, rules_path(site.config), line)
    for option, glob in site.discovery.idle:
        line, _ = site.config.place("", option)
        yield Note("idle", f"{option}: '{glob}' matches nothing", "", rules_path(site.config), line)


def _idle_globs(globs: Globs | None, site: Site) -> Iterator[str]:
    for line in globs.lines if globs is not None else ():
        positive = Globs.parse([line.removeprefix("!")])
        if not any(positive.match_file(file.path) for file in site.project.files):
            yield f"'{line}' matches no file"


def _with_unused(site: Site, rules: Sequence[Rule], verdict: Verdict, *, noqa: bool) -> Verdict:
    """The verdict with SOT003 added; those, too, may be excused."""
    known = laws(site.config.rules, {rule.name for rule in rules})
    faults = [
        Violation(
            path=fault.path,
            span=fault.span,
            code=UnusedSuppression.code,
            rule=UnusedSuppression.kind,
            subject=fault.subject,
            message=f"suppression: {fault.message}",
            statement=(fault.span.line, fault.span.column),
        )
        for file in site.project.visited
        if (directives := site.reader.directives(file.path))
        for fault in unused(file.path, directives, verdict.used, known)
    ]
    second = excuse(faults, site.reader.directives, known, noqa=noqa)
    return Verdict(
        tuple(sorted((*verdict.kept, *second.kept))),
        tuple(sorted((*verdict.excused, *second.excused))),
        verdict.used | second.used,
    )
