"""Projects on disk, what their rules want changed, and what the rewriter makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ssot_lint.config import read
from ssot_lint.engine import Request
from ssot_lint.engine.judge import judge
from ssot_lint.engine.survey import Site, survey
from ssot_lint.migration.model import Change, Rewrite
from ssot_lint.migration.rewriting import rewrite
from ssot_lint.moves import Moves
from ssot_lint.project import Module, Project


class Ground(NamedTuple):
    """A project, and the moves that its rules know."""

    folder: Path
    site: Site
    moves: Moves

    def __repr__(self) -> str:
        return "ground"

    @property
    def project(self) -> Project:
        return self.site.project

    def module(self, path: str) -> Module:
        return self.project.module_at(path)

    def successor(self, path: str) -> str | None:
        """As `rewrite` asks for it."""
        legacy = self.moves.legacy(path)
        return None if legacy is None else legacy.replacement or ""

    def rewritten(
        self,
        path: str,
        changes: Sequence[Change],
        closes_cycle: Callable[[str], bool] | None = None,
    ) -> Rewrite:
        data = (self.folder / path).read_bytes()
        return rewrite(
            self.project,
            self.module(path),
            data,
            changes,
            closes_cycle=closes_cycle,
            successor=self.successor,
        )


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def ground(folder: Path, moved: Mapping[str, str], removed: Sequence[str] = ()) -> Ground:
    """The project in a folder, with a rule for imports and one for uses and strings."""
    lines = ["ssot-lint: 1", "rules:", "  - name: old", "    kind: legacy-import", "    reason: r"]
    lines += ["    moved:", *(f"      {old}: {new}" for old, new in moved.items())] if moved else []
    lines += [f"    removed: [{', '.join(removed)}]"] if removed else []
    lines += ["  - name: old-use", "    kind: legacy-reference", "    reason: r", "    of: old"]
    (folder / "rules.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = read(str(folder / "rules.yaml"))
    site = survey(config, Request(use_baseline=False), config.rules)
    return Ground(folder, site, Moves(tuple(moved.items()), tuple(removed)))


def changes(ground: Ground) -> dict[str, list[Change]]:
    """What the rules want changed, by path."""
    ground.site.read(Request())
    found: dict[str, list[Change]] = {}
    for each in judge(ground.site, ground.site.config.rules).kept:
        if each.code in ("SOT102", "SOT103"):
            change = Change(each.span, each.subject, each.replacement, each.rule)
            found.setdefault(each.path, []).append(change)
    return found
