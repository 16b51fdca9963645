"""One file as an editor sees it: the buffer's facts, file-scope rules, the baseline."""

from __future__ import annotations

import os

from ssot_lint.config import Config
from ssot_lint.discovery import Discovery, discover, module_of, resolve_roots
from ssot_lint.engine.compare import compare, load_baseline
from ssot_lint.engine.judge import judge
from ssot_lint.engine.request import Request, selected
from ssot_lint.engine.survey import Site, project_of
from ssot_lint.facts import FileFacts
from ssot_lint.model import Violation
from ssot_lint.reading import Reader


def lint_buffer(
    config: Config, path: str, facts: FileFacts, request: Request, *, noqa: bool = True
) -> tuple[Violation, ...]:
    """The new violations of the file at `path` (absolute), whose text has these facts.

    The text may be newer than the disk's, and the file need not exist there; a file that is
    excluded, ignored or outside the root has no violations. `noqa` is whether ``# noqa`` counts.
    """
    discovery = locate(config, path)
    if not discovery.files:
        return ()
    rules = selected(config, request)
    baseline = load_baseline(config, request)
    name = discovery.files[0].path
    reader = Reader(config.root, known={name: facts})
    site = Site(
        config,
        discovery,
        reader,
        project_of(config, discovery.files, discovery.roots, reader),
        asked=frozenset({name}),
        complete=False,
    )
    comparison = compare(site, rules, judge(site, rules, noqa=noqa), baseline, None)
    return tuple(violation for violation in comparison.new if violation.path == name)


def locate(config: Config, path: str) -> Discovery:
    """The discovery of one file (absolute), which need not exist; empty if it is not judged."""
    if os.path.lexists(path):
        if os.path.commonpath([os.path.realpath(config.root), os.path.realpath(path)]) != os.path.realpath(config.root):
            return Discovery(())
        return discover(
            config.root, config.roots, include=config.include, exclude=config.exclude, paths=[path]
        )
    below = os.path.relpath(path, config.root).replace(os.sep, "/")
    roots = resolve_roots(config.root, config.roots)
    if below.startswith("../") or config.exclude.match_file(below):
        return Discovery((), roots)
    return Discovery((module_of(below, roots),), roots)
