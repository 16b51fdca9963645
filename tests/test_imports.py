"""What each job imports: start-up time is for whoever asks for one file, a thousand times a day.

Every import of ours, and every one that Python or the libraries below do not bring along anyway,
stands in a list. A new one is to be made where it is needed (in the function that needs it, or in
the module of that command, option or format), or, if every such run needs it, to join the list.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

import ssot_lint.config
from tests.cli.projects import OLD, RULES, environment

CLICK = "import click"
LIBRARIES = "import ast, click, yaml"
TYPING = "import functools, importlib, re, typing"

START = {"cli", "cli.console", "cli.exits", "cli.group", "cli.main", "errors"}
"""Modules of ours, without ``ssot_lint.``: those that every command needs."""

WHOLE = {"baseline", "cache", "facts", "prefilter", "project", "reading", "rules"}
"""Packages of ours of which a check may import every module."""

CHECK = {
    *START,
    *WHOLE,
    *(
        "advice",
        "builtin",
        "clock",
        "discovery",
        "files",
        "git",
        "globs",
        "ignores",
        "model",
        "moves",
    ),
    *("garbage", "options", "options.declaring", "options.types"),
    *("patterns", "processes", "roots", "rule"),
    "suppression",
    *("cli.check", "cli.common", "cli.progress"),
    *(
        "config",
        "config.filesets",
        "config.migration",
        "config.find",
        "config.loading",
        "config.problems",
        "config.rules",
        "config.settings",
        "config.source",
    ),
    "config.yamlnodes",
    *("engine", "engine.compare", "engine.editor", "engine.judge", "engine.lint"),
    *("engine.request", "engine.survey", "engine.suspicions", "engine.tally"),
    *("engine.faults", "engine.findings", "engine.hearing", "engine.memory", "engine.seen"),
    *("reporters", "reporters.phrases", "reporters.settings", "reporters.table", "reporters.text"),
}

PYTHON = {"gc", "locale"}
"""Modules of Python, beside those of the libraries, that every command needs."""

CHECK_PYTHON = {
    *PYTHON,
    *(
        "array",
        "bisect",
        "copy",
        "dataclasses",
        "encodings.utf_8_sig",
        "hashlib",
        "math",
        "unicodedata",
    ),
}


def modules(script: str, *arguments: str, folder: Path) -> set[str]:
    """The public modules that are imported in the end."""
    done = subprocess.run(
        [sys.executable, "-c", f"{script}\nimport sys; print(*sys.modules)", *arguments],
        env=environment(measured=False),  # that imports modules of its own
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    names = done.stdout.splitlines()[-1].split()
    return {name for name in names if not any(part.startswith("_") for part in name.split("."))}


def command(*arguments: str, folder: Path) -> set[str]:
    """The modules that a command imports."""
    script = "import sys; from ssot_lint.cli import main; main(sys.argv[1:])"
    return modules(script, *arguments, folder=folder)


def ours(found: Collection[str]) -> set[str]:
    """Those of ssot-lint, without its name; for the packages in `WHOLE` just the package's name."""
    names = {name.removeprefix("ssot_lint.") for name in found if name.startswith("ssot_lint.")}
    return {package if (package := name.partition(".")[0]) in WHOLE else name for name in names}


def others(found: Collection[str]) -> set[str]:
    return {name for name in found if name.partition(".")[0] != "ssot_lint"}


def refuse(found: Collection[str], allowed: Collection[str], job: str) -> None:
    new = ", ".join(sorted({*found} - {*allowed}))
    assert not new, (
        f"{job} now imports {new}: import that where it is needed, or list it in {__name__}"
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """One rule, and one file that breaks it."""
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "a.py").write_text(OLD)
    return tmp_path


def test_the_version(tmp_path: Path) -> None:
    found = command("--version", folder=tmp_path)
    assert ours(found) == START
    refuse(others(found), others(modules(CLICK, folder=tmp_path)) | PYTHON, "--version")


def test_one_file(project: Path) -> None:
    found = command("check", "a.py", folder=project)
    assert "facts" in ours(found)
    refuse(ours(found), CHECK, "a check of one file")
    refuse(
        others(found),
        others(modules(LIBRARIES, folder=project)) | CHECK_PYTHON,
        "a check of one file",
    )


@pytest.mark.parametrize("format", ["json", "github", "sarif"])
def test_a_format_is_loaded_if_it_is_asked_for(project: Path, format: str) -> None:
    plain = command("check", "a.py", folder=project)
    found = command("check", "a.py", "--output", f"{format}:report", folder=project)
    assert ours(found) - ours(plain) == {f"reporters.{format}"}


def test_the_plugin(tmp_path: Path) -> None:
    found = modules("import ssot_lint.flake8_plugin", folder=tmp_path)
    assert ours(found) == {"builtin", "errors", "flake8_plugin"}
    refuse(others(found), others(modules(TYPING, folder=tmp_path)), "the plugin")


def test_a_search_that_finds_no_rules(tmp_path: Path) -> None:
    """An editor asks for every file, mostly where there are no rules."""
    script = "from ssot_lint.config import search; import sys; search(sys.argv[1])"
    found = modules(script, str(tmp_path), folder=tmp_path)
    assert ours(found) == {"config", "config.find", "config.source", "errors"}
    refuse(others(found), others(modules(TYPING, folder=tmp_path)), "a search")


def test_what_is_imported_later_is_there_by_name() -> None:
    for name in ssot_lint.config.__all__:
        assert getattr(ssot_lint.config, name) is not None
    with pytest.raises(AttributeError, match=r"^module 'ssot_lint.config' has no attribute 'lod'$"):
        ssot_lint.config.lod  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("collects", [True, False])
def test_the_garbage_collector_is_left_as_it_was(project: Path, collects: bool) -> None:
    script = (
        f"import gc, sys; {'gc.enable' if collects else 'gc.disable'}()\n"
        "from ssot_lint.cli import main; main(['check', '-q', 'a.py', '--exit-zero'])\n"
        "print(gc.isenabled(), gc.get_freeze_count() > 1000)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(measured=False),
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == f"{collects} True"
