"""From rules and project to violations and notes, the built-in kinds included."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from ssot_lint.builtin import BUILTIN, UnreadableFile, UnusedSuppression
from ssot_lint.engine.faults import faults_of_run, idle_globs
from ssot_lint.engine.findings import Findings
from ssot_lint.engine.hearing import hear
from ssot_lint.engine.seen import Seen
from ssot_lint.engine.survey import Site
from ssot_lint.facts import Trouble
from ssot_lint.model import Note, SourceFile, Span, Violation
from ssot_lint.project import within
from ssot_lint.rule import Rule
from ssot_lint.suppression import Law, Verdict, excuse, unused


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
    site: Site,
    rules: Sequence[Rule],
    *,
    noqa: bool = True,
    with_unused: bool = False,
    jobs: int = 1,
) -> Judgement:
    """Ask every rule, then what the built-in kinds add.

    `noqa` is whether ``# noqa`` counts; `with_unused` asks for unused suppressions in a partial run
    too. Up to `jobs` processes share the work.
    """
    found = site.findings
    if found is None:
        found, seen = find(site, rules, jobs)
        if site.memory is not None:
            visited = (file.path for file in site.project.visited)
            site.memory.keep(found, seen, visited)
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


def find(site: Site, rules: Sequence[Rule], jobs: int = 1) -> tuple[Findings, Seen]:
    """What the rules find, whatever comments say, and what that depends on."""
    heard = hear(site, rules, jobs)
    broken, notes = heard.broken, heard.notes
    if site.complete:
        broken += faults_of_run(site)
        notes += idle_globs(site)
    # Now every question is asked, and it is known which files were needed for the answers.
    needed = heard.seen.unreadable
    troubles = dict(_troubles(site, needed))
    unreadable = tuple(_unreadable(site, rules, troubles, needed))
    others = troubles.keys() - {v.path for v in unreadable}
    findings = Findings(
        tuple(heard.violations),
        tuple(sorted(set(notes))),
        tuple(sorted(broken)),
        unreadable,
        tuple(sorted(others)) if site.thorough else (),
    )
    return findings, heard.seen


def laws(rules: Iterable[Rule], ran: set[str]) -> dict[str, Law]:
    """What suppression must know of each rule, built-in kinds included."""
    known = {
        rule.name: Law(rule.kind, rule.code, rule.suppressions, rule.name in ran) for rule in rules
    }
    return {**{kind.kind: Law(kind.kind, kind.code) for kind in BUILTIN}, **known}


def _troubles(site: Site, needed: Collection[str]) -> Iterator[tuple[str, Trouble]]:
    """What could not be read of the files that were asked for, and of those needed for answers."""
    visited = {file.path for file in site.project.visited if file.path in site.asked}
    for path in sorted(visited.union(needed)):
        trouble = site.reader.trouble(path)
        if trouble is not None:
            yield path, trouble
    for path, why in site.discovery.unreadable:
        yield path, Trouble("unreadable", why, 1, 1, "")


def _unreadable(
    site: Site, rules: Sequence[Rule], troubles: dict[str, Trouble], needed: Collection[str]
) -> Iterator[Violation]:
    files = {file.path: file for file in site.project.files if file.path in troubles}
    for path, trouble in troubles.items():
        if path in needed or path not in files or could_violate(site, files[path], rules):
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
