"""flake8 finds what ``check`` finds, for the kinds that can be decided from one file.

With the cache that ``check`` leaves, also for those that follow its names.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from ssot_lint.cache import DEFAULT_FOLDER
from ssot_lint.cli import main
from ssot_lint.config import read
from ssot_lint.errors import UsageError
from ssot_lint.rules import KINDS
from tests.flake8.running import PYTHON, Run, flake8, run, sot, write
from tests.pages import PAGES, cases

Finding = tuple[str, int, int, str, str]

_LINE = re.compile(r"(.+?):(\d+):(\d+): (SOT\d{3}) .* \[([a-z0-9-]+)\]")
_ALWAYS_CHECKS = {"SOT001", "SOT002", "SOT003"}
"""Of what full runs alone can say, and of files that do not parse (flake8's own E999)."""


def parsed(done: Run) -> set[Finding]:
    assert "Traceback" not in done.errors
    matches = [_LINE.fullmatch(line) for line in done.lines if ": SOT" in line]
    assert None not in matches, done.lines
    groups = [match.groups() for match in matches if match is not None]
    return {(path, int(line), int(column), *rest) for path, line, column, *rest in groups}  # type: ignore[misc]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every case of every page, each in a folder with rules of its own."""
    top = write(tmp_path_factory.mktemp("pages"), {})
    (top / "app" / "new.py").unlink()
    for number, case in enumerate(case for page in PAGES for case in cases(page)):
        case.write(top / f"case{number:03}")
    for path in top.rglob("*"):
        os.utime(path, (1, 1))  # else no cache trusts files as fresh as these
    return top


@pytest.fixture(scope="module")
def checked(tree: Path) -> set[Finding]:
    """What ``check`` finds in every case."""
    return {each for folder in _folders(tree) for each in _checked(tree, folder, "--scope=file")}


@pytest.fixture(scope="module")
def checked_with_cache(tree: Path) -> set[Finding]:
    """The same, of all kinds that an editor can tell; leaves a cache in every case."""
    others = {kind.code for kind in KINDS if kind.scope == "project" and not kind.follows}
    return {
        each
        for folder in _folders(tree)
        for each in _checked(tree, folder, f"--cache-dir={_root(tree / folder)}/{DEFAULT_FOLDER}")
        if each[3] not in others
    }


def _root(folder: Path) -> str:
    try:
        return read(str(folder / "rules.yaml")).root
    except UsageError:  # which `check` says, too, and leaves no cache
        return str(folder)


def _checked(tree: Path, folder: str, option: str) -> set[Finding]:
    report = tree / f"{folder}.json"
    report.unlink(missing_ok=True)
    arguments = ("--quiet", option, f"--output=json:{report}")
    main(["check", *arguments, f"--rules={tree / folder / 'rules.yaml'}"])
    found: set[Finding] = set()
    if report.exists():  # else the rules cannot be used
        answer = json.loads(report.read_text(encoding="utf-8"))
        below = Path(answer["root"]).relative_to(tree)
        for each in answer["violations"]:
            if each["state"] == "new":
                place = (below / each["path"]).as_posix(), each["span"]["line"]
                found.add((*place, each["span"]["column"], each["code"], each["rule"]))
    return found


@pytest.mark.parametrize("jobs", [1, 4])
def test_the_same_findings(tree: Path, checked: set[Finding], jobs: int) -> None:
    _agree(tree, checked, jobs, SSOT_CACHE_DIR=str(tree / "nowhere"))


@pytest.mark.slow  # a check of every case, and a cache for each
@pytest.mark.parametrize("jobs", [1, 4])
def test_the_same_findings_with_a_cache(
    tree: Path, checked: set[Finding], checked_with_cache: set[Finding], jobs: int
) -> None:
    assert checked_with_cache > checked
    _agree(tree, checked_with_cache, jobs)


def _agree(tree: Path, checked: set[Finding], jobs: int, **variables: str) -> None:
    options = (f"--jobs={jobs}", "--select=SOT,E9", "--filename=*", f"--exclude={DEFAULT_FOLDER}")
    done = flake8(*options, *_folders(tree), cwd=tree, **variables)
    unparsed = {line.split(":")[0] for line in done.lines if re.search(r":\d+: E9\d\d ", line)}
    found = {each for each in parsed(done) if _comparable(tree, each)}
    assert found
    assert found == {
        each for each in checked if each[0] not in unparsed and _comparable(tree, each)
    }


def _folders(tree: Path) -> list[str]:
    return sorted(path.name for path in tree.glob("case*") if path.is_dir())


def _comparable(tree: Path, finding: Finding) -> bool:
    """Whether flake8 can find it, which heeds ``# noqa`` whatever a rule says."""
    path, _, _, code, rule = finding
    text = (tree / path).read_bytes()
    rules = (tree / path.split("/")[0] / "rules.yaml").read_text(encoding="utf-8")
    forbidding = "suppressions:" in rules and b"noqa" in text
    return code not in _ALWAYS_CHECKS and not (forbidding and rule in rules)


def test_the_same_lines(tree: Path) -> None:
    """As text the two say the same, character by character, the state of warnings apart."""
    case = next(
        folder for folder in (tree / name for name in _folders(tree)) if sot(".", cwd=folder).code
    )
    text = run(PYTHON, "-m", "ssot_lint", "check", "--scope=file", "--quiet", cwd=case)
    theirs = [line.removesuffix(" (warning)") for line in text.lines if _LINE.match(line)]
    assert [line.removeprefix("./") for line in sot(".", cwd=case).lines] == theirs
