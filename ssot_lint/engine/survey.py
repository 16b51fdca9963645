"""Which files there are, and the project they make."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from ssot_lint import discovery
from ssot_lint.cache import Cache, reader_version
from ssot_lint.config import Config
from ssot_lint.discovery import Discovery, covers_root, discover
from ssot_lint.engine.findings import Findings
from ssot_lint.engine.memory import Memory
from ssot_lint.engine.request import Request
from ssot_lint.engine.suspicions import Suspicions
from ssot_lint.model import SourceFile
from ssot_lint.prefilter import EXPRESSIONS, STATEMENTS, Outliner, Sieve, Want
from ssot_lint.project import Modules, Project, within
from ssot_lint.reading import Reader
from ssot_lint.roots import module_of
from ssot_lint.rule import Rule
from ssot_lint.suppression import SUPPRESSION_WORDS

_MOST_ROUNDS = 6
"""Rounds of learning: who hands a thing on under a new name each time can make any number."""
_CACHED_FROM = 500
"""Files of a run that is worth a cache: fewer are read in less time than it takes to keep one."""


class Site(NamedTuple):
    """The ground of a run: what was found, how it is read, the project that rules see.

    `asked` are the paths that violations are wanted for, and `discovery` is about them; the project
    holds more if a rule needs it. `complete` says that all there is was asked for.
    """

    config: Config
    discovery: Discovery
    reader: Reader
    project: Project
    asked: frozenset[str]
    complete: bool
    thorough: bool = False
    """Whether every file is read, whatever its words."""
    rules: tuple[Rule, ...] = ()
    """Those of the run, which know of the project what they need to."""
    wishes: Wishes | None = None
    """What they want to have read."""
    suspicions: Suspicions | None = None
    """What outlines tell, once all is read."""
    memory: Memory | None = None
    """Where full runs keep what they find."""
    findings: Findings | None = None
    """What the rules find, if an earlier run has kept it; then no more was read for them."""

    def read(self, request: Request, *, to_judge: bool = True) -> Site:
        """Reads every file of the run that is worth it once, and says how far it is.

        Returns the same ground, where rules may have learnt from what was read, and, if they are
        `to_judge`, it may be known from an earlier run what they find.
        """
        site, progress = self, request.progress
        for left in reversed(range(_MOST_ROUNDS)):
            site.reader.read(site.project.files, request.jobs, progress)
            rules = tuple(
                rule.informed(site.project, site.project.holding(rule)) if rule.learns else rule
                for rule in site.rules
            )
            if rules == site.rules:
                break
            if not left:  # they have seen all files
                site = site._replace(rules=rules)
                break
            site, progress = site._seeking(rules, request, everywhere=left == 1), None
        if to_judge and site.complete and not site.thorough and site.reader.keeps:
            memory = Memory(site)
            site = site._replace(memory=memory, findings=memory.recall())
        if site.findings is None:
            return site._settled(request)
        site.reader.settle(())
        return site._replace(project=site._project(site.reader, site.wishes))

    def _settled(self, request: Request) -> Site:
        """The same ground, where the rest is read that rules want for outlines."""
        rules = [rule for rule in self.rules if rule.by_outline]
        if not rules or self.wishes is None:
            return self
        # A new one, because who wants a file is not what it was.
        project = self._project(self.reader, self.wishes)
        suspicions = Suspicions(project, rules, self.wishes.bits)
        self.reader.settle(project.files, suspicions, request.jobs)
        return self._replace(project=project, suspicions=suspicions)

    def _seeking(
        self, rules: tuple[Rule, ...], request: Request, *, everywhere: bool = False
    ) -> Site:
        """The same ground, where files are looked for that some rules want.

        After others were: what these `rules` have learnt is looked for, too, or `everywhere` is.
        """
        outliner = None
        if self.wishes is None and any(rule.by_outline for rule in rules):
            outliner = Outliner(self.project.tops())
        wishes = Wishes(
            rules, request, outliner, self.wishes, complete=self.complete, everywhere=everywhere
        )
        reader = self.reader.seeking(wishes.sieve, wishes.limit, also=self.wishes is not None)
        project = self._project(reader, wishes)
        return self._replace(reader=reader, project=project, rules=rules, wishes=wishes)

    def _project(self, reader: Reader, wishes: Wishes | None) -> Project:
        roots, bits = self.discovery.roots, wishes.bits if wishes else None
        modules = self.project.modules  # which remember what folders hold
        return project_of(self.config, self.project.files, roots, reader, bits, modules)


def survey(config: Config, request: Request, rules: Sequence[Rule]) -> Site:
    """Walk what the run needs: the asked paths, or all if a rule needs the whole project."""
    paths = request.paths
    find = partial(
        discover, config.root, config.roots, include=config.include, exclude=config.exclude
    )
    if paths is not None and request.text is not None:
        (path,) = paths
        found = locate(config, path)
    else:
        if paths is not None and covers_root(paths, config.root):
            paths = None
        found = find(paths=paths)
    files = found.files
    if paths is not None and any(rule.scope == "project" for rule in rules):
        files = tuple(sorted({*find().files, *files}))
    texts = {} if request.text is None else {file.path: request.text for file in found.files}
    complete = paths is None and not request.file_scope
    cache = None
    if request.cache and (len(files) >= _CACHED_FROM or request.always_cache):
        cache = Cache.open(request.cache, version=reader_version())
    reader = Reader(config.root, texts, cache=cache)
    project = project_of(config, files, found.roots, reader)
    site = Site(
        config,
        found,
        reader,
        project,
        asked=frozenset(file.path for file in found.files),
        complete=complete,
        thorough=not request.prefilter,
    )
    return site._seeking(tuple(rule.informed(project) for rule in rules), request)


class Wishes:
    """What rules want to have read; `bits` are those of their wants in `sieve`, by their names.

    With `earlier` wishes, of rules that have learnt since, the sieve asks only what is new.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        request: Request,
        outliner: Outliner | None,
        earlier: Wishes | None,
        *,
        complete: bool,
        everywhere: bool,
    ) -> None:
        self._by_rule = {rule.name: tuple(_wants(rule, request)) for rule in rules}
        self._wants: list[Want] = [*earlier._wants] if earlier else []
        known = len(self._wants)
        self.bits: dict[str, int] = {**earlier.bits} if earlier else {}
        for name, wants in self._by_rule.items():
            more = wants if earlier is None else _new(wants, earlier._by_rule[name], everywhere)
            for want in more:
                self.bits[name] = self.bits.get(name, 0) | 1 << len(self._wants)
                self._wants.append(want)
        if earlier is None and (complete or not request.prefilter):
            words = SUPPRESSION_WORDS if request.prefilter else None
            self._wants.append(Want(words, STATEMENTS))
        self.sieve = Sieve(self._wants, known, outliner)
        self._limited = [
            (self.bits[rule.name], rule)
            for rule in rules
            if request.prefilter
            and (rule.paths or rule.exclude or rule.allow_in)
            and not rule.learns
        ]

    def limit(self, file: SourceFile, wanted: int) -> int:
        """What is left of `wanted` of a file, because not every rule judges it."""
        for bits, rule in self._limited:
            if wanted & bits and not within(rule, file):
                wanted &= ~bits
        return wanted


def _new(wants: Iterable[Want], earlier: Iterable[Want], everywhere: bool) -> Iterator[Want]:
    """What a rule wants that wanted something `earlier`: its new words, or `everywhere` all."""
    for want, known in zip(wants, earlier, strict=True):
        if want.words is None or known.words is None or want == known:
            continue
        if everywhere:
            yield Want(None, want.depth)
        else:
            clues = want.words.clues - known.words.clues
            yield Want(replace(want.words, clues=clues, stars=False), want.depth)


def _wants(rule: Rule, request: Request) -> Iterator[Want]:
    """What a rule wants to have read."""
    depth = EXPRESSIONS if rule.expressions else STATEMENTS
    if not request.prefilter:
        yield Want(None, depth)
        return
    if rule.by_outline:
        yield Want(None, depth, by_outline=True)
        return
    words, deeper = rule.words(), rule.words_of_expressions()
    if rule.expressions and deeper != words:
        yield Want(deeper, EXPRESSIONS)
        depth = STATEMENTS
    yield Want(words, depth)
    if request.statistics:
        yield Want(rule.statistics_words(), depth)


def locate(config: Config, path: str) -> Discovery:
    """The discovery of one file (absolute), which need not exist; empty if it is not judged."""
    return discovery.locate(
        config.root, config.roots, path, include=config.include, exclude=config.exclude
    )


def rules_path(config: Config) -> str:
    """The rules file as a POSIX path relative to the root."""
    return os.path.relpath(config.path, config.root).replace(os.sep, "/")


def project_of(
    config: Config,
    files: Sequence[SourceFile],
    roots: tuple[str, ...],
    reader: Reader,
    bits: Mapping[str, int] | None = None,
    modules: Modules | None = None,
    *,
    whole: bool = True,
) -> Project:
    """The project in which `files` are judged; `whole` is whether these are all there are.

    `bits` tells rules apart, by name, in what the reader says of who wants a file.
    """
    return Project(
        files,
        modules or Modules(config.root, roots),
        reader.facts,
        partial(module_of, roots=roots),
        config.tests,
        reader.wanted,
        bits,
        whole,
    )
