"""Which files there are, and the project they make."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from ssot_lint.config import Config
from ssot_lint.discovery import Discovery, covers_root, discover, module_of
from ssot_lint.engine.request import Progress, Request
from ssot_lint.model import SourceFile
from ssot_lint.project import Modules, Project
from ssot_lint.reading import Reader
from ssot_lint.rule import Rule


@dataclass(frozen=True)
class Site:
    """The ground of a run: what was found, how it is read, the project that rules see.

    `asked` are the paths that violations are wanted for; `complete` says that this is all of them.
    """

    config: Config
    discovery: Discovery
    reader: Reader
    project: Project
    asked: frozenset[str]
    complete: bool

    def read(self, progress: Progress | None) -> None:
        """Read every file of the run once, and say how far it is."""
        total = len(self.project.files)
        for done, file in enumerate(self.project.files, 1):
            self.reader.facts(file.path)
            if progress is not None:
                progress(done, total)


def survey(config: Config, request: Request, rules: Sequence[Rule]) -> Site:
    """Walk what the run needs: the asked paths, or all if a rule needs the whole project."""
    paths = request.paths
    if paths is not None and covers_root(paths, config.root):
        paths = None
    find = partial(
        discover, config.root, config.roots, include=config.include, exclude=config.exclude
    )
    found = find(paths=paths)
    asked = frozenset(file.path for file in found.files)
    if paths is not None and any(rule.scope == "project" for rule in rules):
        found = find(paths=None)
    reader = Reader(config.root, request.overlay)
    return Site(
        config,
        found,
        reader,
        project_of(config, found.files, found.roots, reader),
        asked,
        complete=paths is None and not request.file_scope,
    )


def rules_path(config: Config) -> str:
    """The rules file as a POSIX path relative to the root."""
    return os.path.relpath(config.path, config.root).replace(os.sep, "/")


def project_of(
    config: Config, files: Sequence[SourceFile], roots: tuple[str, ...], reader: Reader
) -> Project:
    """The project in which `files` are judged."""
    return Project(
        files,
        Modules(config.root, roots),
        reader.facts,
        partial(module_of, roots=roots),
        config.tests,
    )
