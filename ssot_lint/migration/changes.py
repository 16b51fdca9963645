"""From the violations of fixable rules to the changes of each file, and to its rewriting."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple, TypeVar

from ssot_lint.builtin import UnreadableFile
from ssot_lint.config import Config
from ssot_lint.engine import Request, selected
from ssot_lint.engine.judge import judge
from ssot_lint.engine.survey import Site, survey
from ssot_lint.errors import UsageError
from ssot_lint.facts import FileFacts, Text
from ssot_lint.migration.cycles import Cycles
from ssot_lint.migration.model import Change, Rewrite, Skip
from ssot_lint.migration.rewriting import rewrite
from ssot_lint.migration.verification import verify
from ssot_lint.model import SourceFile, Violation
from ssot_lint.processes import Processes
from ssot_lint.project import Module
from ssot_lint.rule import Rule
from ssot_lint.rules.legacy_import import LegacyImport
from ssot_lint.rules.legacy_reference import LegacyReference

S = TypeVar("S")
T = TypeVar("T")

_REWRITTEN, _VERIFIED = (100, 16), (16, 4)
"""Files that are worth processes of their own, and those of one task; verifying takes longer."""
_RANK = ("import-path", "legacy-import", "legacy-reference")
"""Kinds that may want the same path changed: the first names the place where it ends up."""
_UNLISTED = "a string, and no argument of a call that 'migration: calls' lists"


class Work(NamedTuple):
    """All that is to be rewritten.

    `rewrites` (sorted by path) are of the files that change; see `verified`. `skips` (sorted) is
    what needs a human, in any file; `strings` counts the strings that were not asked for.
    `successor` gives what takes the place of a path ("" if nothing does, None if it is not legacy).
    """

    site: Site
    successor: Callable[[str], str | None]
    rewrites: tuple[Rewrite, ...]
    skips: tuple[Skip, ...]
    strings: int = 0


def work(config: Config, request: Request, *, strings: bool) -> Work:
    """What the fixable rules of a run want changed, in imports and uses, on request in strings.

    UsageError if none of the rules that are asked for is fixable, or if one cannot work.
    """
    rules = fixable(config, request)
    site = survey(config, request, rules).read(request)
    judgement = judge(site, site.rules, jobs=request.jobs)
    if judgement.broken:
        raise UsageError(
            *(f"{v.path}:{v.span.line}:{v.span.column}: {v.message}" for v in judgement.broken)
        )
    found = rewritten(site, rules, judgement.kept, strings=strings, jobs=request.jobs)
    site.reader.save()
    unread = (
        Skip(v.path, v.span.line, v.rule, v.subject, v.message)
        for v in judgement.kept
        if v.code == UnreadableFile.code
    )
    return found._replace(skips=tuple(sorted((*found.skips, *unread))))


def fixable(config: Config, request: Request) -> tuple[Rule, ...]:
    """The rules whose violations carry edits.

    A `legacy-import` brings the attribute uses and the strings of its paths along, unless a rule
    of the run judges these already.
    """
    rules = selected(config, request)
    kinds = "legacy-import, legacy-reference or import-path"
    if request.rules is not None:
        for rule in rules:
            if not rule.fixable:
                raise UsageError(
                    f"rule '{rule.name}' (kind {rule.kind}) carries no edits: only {kinds} does"
                )
    rules = tuple(rule for rule in rules if rule.fixable)
    if not rules:
        raise UsageError(f"{config.path}: none of the rules carries edits: only {kinds} does")
    followed = {rule.of for rule in rules if isinstance(rule, LegacyReference)}
    alone = (r for r in rules if isinstance(r, LegacyImport) and r.name not in followed)
    return (*rules, *(_references(rule) for rule in alone))


def _references(rule: LegacyImport) -> LegacyReference:
    return LegacyReference(
        name=rule.name,
        reason=rule.reason,
        severity=rule.severity,
        paths=rule.paths,
        exclude=rule.exclude,
        allow_in=rule.allow_in,
        suppressions=rule.suppressions,
        moved=rule.moved,
        removed=rule.removed,
        protected=rule.protected,
    )


def rewritten(
    site: Site,
    rules: Iterable[Rule],
    violations: Iterable[Violation],
    *,
    strings: bool,
    jobs: int = 1,
) -> Work:
    """What becomes of the files with these violations; those of other kinds are passed over.

    So are files that are reached by two names, but for one of them.
    """
    rules = tuple(rules)
    codes = {rule.code: rule.kind for rule in rules if rule.fixable}
    by_path: dict[str, list[Violation]] = {}
    for violation in violations:
        if violation.code in codes:
            by_path.setdefault(violation.path, []).append(violation)
    successor = _successor(rules)
    rewriting = _Rewriting(site, Cycles(site.project), successor)
    tasks: list[_Task] = []
    skips: list[Skip] = []
    left = 0
    for path in _distinct(site.config.root, by_path):
        ranked = sorted(by_path[path], key=lambda v: (v.span, _RANK.index(codes[v.code]), v.rule))
        code, texts = _parted(ranked, site.project.facts_at(path))
        if not strings:
            left += len(texts)
            texts = {}
        listed = [v for v, text in texts.items() if _is_listed(text, site.config)]
        skips += (
            Skip(path, v.span.line, v.rule, v.subject, _UNLISTED) for v in texts if v not in listed
        )
        if code or listed:
            wanted = sorted((*code, *listed))
            changes = [Change(v.span, v.subject, v.replacement, v.rule) for v in wanted]
            tasks.append((path, changes))
    done = list(_shared(_Rewriting.run, rewriting, tasks, jobs, _REWRITTEN))
    skips += (skip for each in done for skip in each.skips)
    rewrites = tuple(each for each in done if each.edits)
    return Work(site, successor, rewrites, tuple(sorted(skips)), left)


def _distinct(root: str, paths: Iterable[str]) -> list[str]:
    """The paths, sorted, without links to others of them."""
    full = {path: os.path.join(root, path) for path in sorted(paths)}
    links = [path for path in full if os.path.islink(full[path])]
    if not links:
        return list(full)
    names: dict[str, str] = {}
    for path in (*(full.keys() - set(links)), *links):
        names.setdefault(os.path.realpath(full[path]), path)
    return sorted(names.values())


_Task = tuple[str, list[Change]]


class _Rewriting:
    """What rewriting any file needs to know."""

    def __init__(self, site: Site, cycles: Cycles, successor: Callable[[str], str | None]) -> None:
        self._site = site
        self._files = {file.path: file for file in site.project.files}
        self._cycles = cycles
        self._successor = successor

    def run(self, tasks: Sequence[_Task]) -> list[Rewrite]:
        return [self._one(path, changes) for path, changes in tasks]

    def _one(self, path: str, changes: Sequence[Change]) -> Rewrite:
        project = self._site.project
        return rewrite(
            project,
            Module(self._files[path], project.facts_at(path)),
            self._site.reader.data(path),
            changes,
            closes_cycle=partial(self._cycles.closes, path),
            successor=self._successor,
        )


def _shared(
    function: Callable[[S, Sequence[T]], list[Rewrite]],
    state: S,
    tasks: Sequence[T],
    jobs: int,
    sizes: tuple[int, int],
) -> Iterator[Rewrite]:
    """What becomes of files, found out by up to `jobs` processes if there are many."""
    many, together = sizes
    with Processes(state, jobs, forked=True) as processes:
        for done in processes.map(function, tasks, chunk=together, worth=len(tasks) > many):
            yield from done


def _parted(
    ranked: Iterable[Violation], facts: FileFacts
) -> tuple[list[Violation], dict[Violation, Text]]:
    """Those in code, and those in strings; one for each place, the first."""
    texts = {text.span: text for text in facts.texts}
    first = [next(same) for _, same in groupby(ranked, key=lambda violation: violation.span)]
    return (
        [violation for violation in first if violation.span not in texts],
        {violation: texts[violation.span] for violation in first if violation.span in texts},
    )


def _is_listed(text: Text, config: Config) -> bool:
    """Whether a string stands where it surely names a path."""
    return text.role == "key" or config.migration.names(text.callee)


def verified(work: Work, rewrites: Iterable[Rewrite], jobs: int) -> Iterator[Rewrite]:
    """Some rewrites of `work`, but without edits where a result is not right: then skips say why.

    Nothing that did not pass may be written, or shown. It takes ten times as long as rewriting.
    """
    return _shared(_verified, work, tuple(rewrites), jobs, _VERIFIED)


def _verified(work: Work, rewrites: Sequence[Rewrite]) -> list[Rewrite]:
    wanted = {each.path for each in rewrites}
    files = {file.path: file for file in work.site.project.files if file.path in wanted}
    return [_judged(work, files[each.path], each) for each in rewrites]


def _judged(work: Work, file: SourceFile, done: Rewrite) -> Rewrite:
    project = work.site.project
    module = Module(file, project.facts_at(file.path))
    problem = verify(project, module, done, work.successor)
    if problem is None:
        return done
    lost = (
        Skip(file.path, change.span.line, change.rule, change.old, f"not rewritten: {problem}")
        for change in done.made
    )
    return done._replace(edits=(), made=(), skips=tuple(sorted((*done.skips, *lost))))


def _successor(rules: Iterable[Rule]) -> Callable[[str], str | None]:
    """What takes the place of a path: "" if nothing does, None if no rule calls it legacy."""
    moves = [rule.moves for rule in rules if isinstance(rule, (LegacyImport, LegacyReference))]

    def successor(path: str) -> str | None:
        for each in moves:
            legacy = each.legacy(path)
            if legacy is not None:
                return legacy.replacement or ""
        return None

    return successor
