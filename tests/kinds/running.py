"""Files and rules on disk, and what is found in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ssot_lint.config import read
from ssot_lint.engine import Request, lint
from ssot_lint.model import Report


def check(folder: Path, rules: str, files: Mapping[str, str], *, prefilter: bool = True) -> Report:
    """What the rules find in files that are written below a folder, by their paths."""
    for path, text in {"rules.yaml": rules, **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return lint(read(str(folder / "rules.yaml")), Request(use_baseline=False, prefilter=prefilter))
