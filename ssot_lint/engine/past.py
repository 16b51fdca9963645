"""The merge base: its rules, its baseline, and its files as today's rules judge them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ssot_lint import baseline as baselines
from ssot_lint.baseline import Baseline
from ssot_lint.builtin import BUILTIN
from ssot_lint.config import Config, load
from ssot_lint.config.find import NAMES
from ssot_lint.config.source import decode, has_mark
from ssot_lint.discovery import Discovery, locate
from ssot_lint.engine.request import Request
from ssot_lint.engine.survey import Site, project_of, rules_path
from ssot_lint.errors import BaselineError, ConfigError, UsageError
from ssot_lint.git import Repository
from ssot_lint.model import Note
from ssot_lint.reading import Reader
from ssot_lint.roots import module_of


class Past(NamedTuple):
    """What stood at the merge base; paths are relative to the root.

    `config` and `baseline` are None where there was none, none that can be used (`remarks` say
    so), or for the baseline, none that anybody asks about.
    """

    repository: Repository
    commit: str
    config: Config | None
    baseline: Baseline | None
    remarks: tuple[Note, ...] = ()

    @property
    def rule_names(self) -> frozenset[str]:
        """The rules of the time; where those are unknown, the ones that its baseline speaks of."""
        if self.config is not None:
            names = {rule.name for rule in self.config.rules}
        else:
            names = {key.rule for key in self.baseline.entries} if self.baseline else set()
        return frozenset(names | {kind.kind for kind in BUILTIN})

    def texts(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The contents of those `paths` that were files."""
        wanted = sorted(paths)
        return self.repository.blobs(self.commit, wanted) if wanted else {}

    def judged(self, path: str, today: Config) -> bool:
        """Whether the `include` and `exclude` of the time let the file at `path` be judged."""
        then = self.config or today
        full = os.path.join(today.root, path)
        found = locate(today.root, today.roots, full, include=then.include, exclude=then.exclude)
        return bool(found.files)

    def site(self, today: Site, paths: Iterable[str]) -> Site:
        """The files at `paths` as they were, if they were judged, in the project of today."""
        config, roots = today.config, today.discovery.roots
        texts = self.texts(path for path in paths if self.judged(path, config))
        files = tuple(module_of(path, roots) for path in sorted(texts))
        reader = Reader(config.root, texts)
        return Site(
            config,
            Discovery(files, roots),
            reader,
            project_of(config, files, roots, reader),
            asked=frozenset(texts),
            complete=False,
        )


def past_of(
    config: Config,
    request: Request,
    repository: Repository,
    commit: str,
    renamed: Mapping[str, str],
    *,
    with_baseline: bool,
) -> Past:
    """What stood at `commit`; `renamed` maps its paths to those of today."""
    old, remarks = _rules(config, repository, commit, renamed)
    baseline = None
    if with_baseline:
        baseline, remark = _baseline(old or config, request, repository, commit)
        remarks += remark
    return Past(repository, commit, old, baseline, tuple(remarks))


def _rules(
    config: Config, repository: Repository, commit: str, renamed: Mapping[str, str]
) -> tuple[Config | None, list[Note]]:
    today = _unlinked(config.root, rules_path(config))
    origins = {new: old for old, new in renamed.items()}
    texts = repository.blobs(commit, [origins.get(today, today), *NAMES])
    data = texts.get(origins.get(today, today))
    if data is None:
        # A change may put its rules elsewhere, and must not lose the old ones that way.
        marked = (texts[name] for name in NAMES if name in texts and _is_marked(texts[name]))
        data = next(marked, None)
    if data is None:
        return None, [Note("run", "the change introduces the rules file: all rules are new")]

    def read_file(full: str) -> bytes:
        path = os.path.relpath(full, config.root).replace(os.sep, "/")
        content = repository.blob(commit, _unlinked(config.root, path))
        if content is None:
            raise UsageError(f"{path}: no such file at the merge base")
        return content

    try:
        text = decode(data, config.path)
        options: dict[str, Any] = {"running": (99, 0), "is_folder": _exists, "read_file": read_file}
        return load(text, config.path, root=config.root, **options), []
    except ConfigError:
        message = "the rules file of the merge base cannot be used: all rules count as new"
        return None, [Note("run", message)]


def _baseline(
    config: Config, request: Request, repository: Repository, commit: str
) -> tuple[Baseline | None, list[Note]]:
    """The baseline where the rules of the time say it is, and what to know of it."""
    path = config.baseline
    if request.baseline is not None:
        path = os.path.relpath(request.baseline, config.root).replace(os.sep, "/")
    data = repository.blob(commit, _unlinked(config.root, path))
    if data is None:
        return None, [Note("run", "the change introduces the baseline: its growth is not judged")]
    try:
        return baselines.load_bytes(data, f"{path} at the merge base"), []
    except BaselineError as error:
        return None, [Note("run", f"the growth of the baseline is not judged: {error.lines[0]}")]


def _unlinked(root: str, path: str) -> str:
    """`path` (below `root`) without symbolic links, because git stores no file behind a link."""
    real = os.path.relpath(os.path.realpath(os.path.join(root, path)), os.path.realpath(root))
    return real.replace(os.sep, "/")


def _is_marked(data: bytes) -> bool:
    return has_mark(data.decode("utf-8", "replace"))


def _exists(_folder: str) -> bool:
    return True  # whether it did then is not asked of today's disk
