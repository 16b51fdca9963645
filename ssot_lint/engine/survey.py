"""Which files there are, and the project they make."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from ssot_lint import discovery
from ssot_lint.cache import Cache, reader_version
from ssot_lint.config import Config
from ssot_lint.discovery import Discovery, covers_root, discover
from ssot_lint.engine.request import Request
from ssot_lint.model import SourceFile
from ssot_lint.prefilter import EXPRESSIONS, STATEMENTS, Sieve, Want
from ssot_lint.project import Modules, Project, within
from ssot_lint.reading import Reader
from ssot_lint.roots import module_of
from ssot_lint.rule import Rule
from ssot_lint.suppression import SUPPRESSION_WORDS

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

    def read(self, request: Request) -> None:
        """Read every file of the run that is worth it once, and say how far it is."""
        self.reader.read(self.project.files, request.jobs, request.progress)


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
    wishes = _Wishes(rules, request, complete=complete)
    cache = None
    if request.cache and (len(files) >= _CACHED_FROM or request.always_cache):
        cache = Cache.open(request.cache, version=reader_version())
    reader = Reader(config.root, texts, sieve=wishes.sieve, cache=cache, limit=wishes.limit)
    return Site(
        config,
        found,
        reader,
        project_of(config, files, found.roots, reader, wishes.bits),
        asked=frozenset(file.path for file in found.files),
        complete=complete,
        thorough=not request.prefilter,
    )


class _Wishes:
    """What rules want to have read; `bits` are those of their wants in `sieve`, by their names."""

    def __init__(self, rules: Sequence[Rule], request: Request, *, complete: bool) -> None:
        wants: list[Want] = []
        self.bits: dict[str, int] = {}
        for rule in rules:
            for want in _wants(rule, request):
                self.bits[rule.name] = self.bits.get(rule.name, 0) | 1 << len(wants)
                wants.append(want)
        if complete or not request.prefilter:
            wants.append(Want(SUPPRESSION_WORDS if request.prefilter else None, STATEMENTS))
        self.sieve = Sieve(wants)
        self._limited = [
            (self.bits[rule.name], rule)
            for rule in rules
            if request.prefilter and (rule.paths or rule.exclude or rule.allow_in)
        ]

    def limit(self, file: SourceFile, wanted: int) -> int:
        """What is left of `wanted` of a file, because not every rule judges it."""
        for bits, rule in self._limited:
            if wanted & bits and not within(rule, file):
                wanted &= ~bits
        return wanted


def _wants(rule: Rule, request: Request) -> Iterator[Want]:
    """What a rule wants to have read."""
    depth = EXPRESSIONS if rule.expressions else STATEMENTS
    if not request.prefilter:
        yield Want(None, depth)
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
    *,
    whole: bool = True,
) -> Project:
    """The project in which `files` are judged; `whole` is whether these are all there are.

    `bits` tells rules apart, by name, in what the reader says of who wants a file.
    """
    return Project(
        files,
        Modules(config.root, roots),
        reader.facts,
        partial(module_of, roots=roots),
        config.tests,
        reader.wanted,
        bits,
        whole,
    )
