"""Small projects on disk, and the rewriting of what their imports and strings say of ``old``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ssot_lint.config import read
from ssot_lint.config.filesets import ENTRY_POINTS
from ssot_lint.engine import Request
from ssot_lint.engine.survey import survey
from ssot_lint.migration.model import Change, Edit, Rewrite, Skip
from ssot_lint.migration.planning import Options, Owners, Plan, make_plan
from ssot_lint.project import Module, Project

RULES = """\
ssot-lint: 1
rules:
  - name: old-path
    kind: legacy-import
    reason: One home.
    moved: {app.old: app.new}
"""
OLD, NEW = "app.old", "app.new"
USE = "from app.old import X\n"


def project_of(folder: Path, files: Mapping[str, str]) -> Project:
    """The project that `files` make, with a home ``app.new``."""
    for path, text in {"rules.yaml": RULES, "app/new.py": "X = 1\n", **files}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    config = read(str(folder / "rules.yaml"))
    return survey(config, Request(prefilter=False), ()).project


def rewrites_of(project: Project, folder: Path) -> list[Rewrite]:
    """The rewriting of every file that imports ``app.old``, or has a string that names it."""
    return [r for file in project.files if (r := rewrite_of(project, folder, file.path)).made]


def rewrite_of(project: Project, folder: Path, path: str) -> Rewrite:
    module = Module(next(f for f in project.files if f.path == path), project.facts_at(path))
    made = []
    for fact in module.facts.imports:
        target = module.target(fact) or ""
        if target.startswith(OLD):
            made.append(Change(fact.span, target, target.replace(OLD, NEW), "old-path"))
    for text in module.facts.texts:
        if text.value.startswith(OLD):
            new = text.value.replace(OLD, NEW)
            made.append(Change(text.span, text.value, new, "old-path"))
    edits = tuple(Edit(number, number, b"#") for number in range(len(made)))
    return Rewrite(path, (folder / path).read_bytes(), edits, tuple(made), ())


def planned(
    folder: Path,
    files: Mapping[str, str],
    *,
    batch_files: int = 20,
    entry_points: tuple[str, ...] = (),
    owners: str = "",
    canary: bool = False,
    skips: tuple[Skip, ...] = (),
) -> Plan:
    """The plan for a project made of `files`."""
    project = project_of(folder, files)
    options = Options(
        batch_files,
        ENTRY_POINTS.read(list(entry_points), _refuse) if entry_points else Options().entry_points,
        Owners.parse(owners),
        canary,
    )
    return make_plan(project, rewrites_of(project, folder), skips, options)


def _refuse(message: str, *_way: object) -> None:
    raise AssertionError(message)


def outline(plan: Plan) -> list[tuple[str, list[str]]]:
    """Wave and files of each batch."""
    return [(batch.wave, [file.path for file in batch.files]) for batch in plan.batches]
