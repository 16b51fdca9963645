"""What somebody who reads an inventory must know besides: what leads nowhere, what was not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ssot_lint.advice import missing_home
from ssot_lint.engine.survey import Site, rules_path
from ssot_lint.globs import Globs
from ssot_lint.inventory.sources import home_of, moves_of
from ssot_lint.model import Note, SourceFile
from ssot_lint.rule import Rule


def unread(site: Site, files: Iterable[SourceFile], critical: frozenset[str]) -> Iterator[Note]:
    """Files whose uses are not counted, because nobody could read them.

    `files` may use a source; `critical` are on the critical path.
    """
    needed = {file.path for file in files} | site.project.unreadable | critical
    for path in needed:
        trouble = site.project.facts_at(path).trouble
        if trouble is not None:
            needs = f" (needs Python {trouble.needs} or newer)" if trouble.needs else ""
            yield Note("run", f"{trouble.message}{needs}", path=path, line=trouble.line)
    for path, why in site.discovery.unreadable:
        yield Note("run", why, path=path)


def notes(site: Site, rules: Iterable[Rule]) -> Iterator[Note]:
    """What leads nowhere among the paths of `rules`, and what matches nothing in the file."""
    for rule in rules:
        home = home_of(rule)
        problem = missing_home(site.project, home) if home else None
        if problem is not None:
            yield _note(site, "missing", problem, rule.name, "home")
        if moves_of(rule) is not None:
            for remark in rule.idle(site.project):
                yield _note(site, remark.topic, remark.message, rule.name, remark.option)
    config, files = site.config, site.project.files
    for name, globs in config.groups:
        for line in _idle(globs, files):
            message = f"groups: '{line}' of '{name}' matches no file"
            yield _note(site, "idle", message, "", "groups")
    for line in _idle(config.entry_points.files, files):
        message = f"entry_points: '{line}' matches no file"
        yield _note(site, "idle", message, "", "entry_points")
    for pattern in config.entry_points.modules:
        if not any(f.module is not None and pattern.matches(f.module) for f in files):
            message = f"entry_points: '{pattern}' matches no module"
            yield _note(site, "idle", message, "", "entry_points")


def _note(site: Site, topic: str, message: str, rule: str, option: str) -> Note:
    line, _ = site.config.place(rule, option)
    return Note(topic, message, rule, rules_path(site.config), line)


def _idle(globs: Globs, files: Sequence[SourceFile]) -> Iterator[str]:
    """The globs that match none of `files`."""
    for line in globs.lines:
        positive = Globs.parse([line.removeprefix("!")])
        if not any(positive.match_file(file.path) for file in files):
            yield line
