"""The question that every tool is asked, and how each of them is asked it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

RULES_FILE = "ssot.yaml"
"""In a tree; not a name that is looked for, so that flake8 knows the rules only if it is told."""
EVERY_RULES_FILE = "ssot-every.yaml"
"""Beside it in a monorepo: the same rules, and one of each other kind."""


@dataclass(frozen=True, slots=True)
class Question:
    """Where is one of the `old` dotted paths, or what lies below it, imported?

    `allow_in` are the files, relative to the tree, that may.
    """

    old: tuple[str, ...]
    allow_in: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """A text that imports an old path contains one of them, however it is spelled."""
        tops = (path for path in self.old if not any(path.startswith(f"{o}.") for o in self.old))
        return tuple(sorted({path.rpartition(".")[2] for path in tops}))


def question_of(rules: Path) -> Question:
    """What the first `legacy-import` rule of a rules file asks."""
    entries = yaml.safe_load(rules.read_text(encoding="utf-8"))["rules"]
    rule = next(entry for entry in entries if entry["kind"] == "legacy-import")
    moved: Mapping[str, str] = rule.get("moved", {})
    old = {*moved, *rule.get("removed", ())} - set(moved.values())
    allowed = (module.replace(".", "/") + ".py" for module in rule.get("allow_in", ()))
    return Question(tuple(sorted(old)), tuple(allowed))


def ruff(question: Question) -> str:
    """A ``ruff.toml``."""
    banned = "".join(f'"{path}".msg = "old path"\n' for path in question.old)
    allowed = "".join(f'"{path}" = ["TID251"]\n' for path in question.allow_in)
    return (
        'src = ["."]\n'
        'target-version = "py313"\n'
        "exclude = []\n"
        '\n[lint]\nselect = ["TID251"]\n'
        f"\n[lint.per-file-ignores]\n{allowed}"
        f"\n[lint.flake8-tidy-imports.banned-api]\n{banned}"
    )


def flake8(question: Question) -> str:
    """A configuration file of flake8 with flake8-tidy-imports."""
    banned = "".join(f"    {path}.* = old path\n" for path in question.old)
    allowed = "".join(f"    {path}: I251\n" for path in question.allow_in)
    ignores = f"per-file-ignores =\n{allowed}" if allowed else ""
    return f"[flake8]\nexclude =\n{ignores}banned-modules =\n{banned}"


def importlinter(
    packages: Iterable[str], sources: Iterable[str], old: str, allow_in: Iterable[str]
) -> str:
    """An ``.importlinter``: of the root `packages`, `sources` may not import the module `old`.

    `old` has to exist; `allow_in` are the modules that may import it.
    """
    roots = "".join(f"    {package}\n" for package in packages)
    importers = "".join(f"    {source}\n" for source in sources)
    allowed = "".join(f"    {module} -> {old}\n" for module in allow_in)
    return (
        f"[importlinter]\nroot_packages =\n{roots}"
        "\n[importlinter:contract:old-path]\nname = Nobody imports the old path\n"
        f"type = forbidden\nsource_modules =\n{importers}forbidden_modules =\n    {old}\n"
        f"ignore_imports =\n{allowed}allow_indirect_imports = True\n"
    )
