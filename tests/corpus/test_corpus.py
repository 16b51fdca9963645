"""Real packages, the rules of their real migrations, and independent judges.

`reference.py` walks ``ast`` for imports, calls and what is read, ruff's banned-api (TID251) judges
statements and attribute chains, and the counts at the end judge definitions, strings, modules and
classes without a base. They agree on everything but what stands in the tables, each entry with its
reason. Of kinds that follow names through the whole project only the number of findings is pinned.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, TypeGuard

import pytest
import yaml

from ssot_lint.config import read
from ssot_lint.rules import KINDS
from tests.corpus.packages import CORPORA, tree
from tests.corpus.reference import (
    ancestors,
    covered,
    imports,
    mentions,
    old_aliases,
    parsed,
    python_files,
)

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc"),
    # Of the packages' code: invalid escapes, mostly.
    pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning"),
]

RULES = Path(__file__).parent / "rules"
NAMES = sorted(path.stem for path in RULES.glob("*.yaml"))
every_corpus = pytest.mark.parametrize("corpus", NAMES)

Place = tuple[str, int, int]
"""Path, line and column."""
Named = tuple[str, int, str]
"""Path, line and name."""

PARTLY_MOVED: dict[str, dict[Place, str]] = {
    "django": {
        ("django/contrib/postgres/fields/__init__.py", 2, 21): "the star binds CICharField",
        ("django/contrib/postgres/fields/__init__.py", 4, 20): "the star binds JSONField",
    }
}
"""Stars that bind an old name of a module that is not itself old: the others do not follow them."""

NO_DEFINITION: dict[str, dict[Named, str]] = {
    "airflow": {
        ("airflow/providers/common/sql/hooks/sql.pyi", 59, "DbApiHook"): "a stub beside its module",
    },
}
"""What looks like a second definition, but is none."""

PREFIXES: dict[str, dict[Named, str]] = {
    "airflow": {
        ("airflow/plugins_manager.py", 574, "airflow.macros.*"): "an f-string's constant beginning",
    }
}
"""Strings of which only a prefix is constant: counting whole constants does not see them."""

# Of pinned sources, so a count changes only with what the kind takes for a finding, or with its
# rule; whoever changes one has looked at the difference. They hold where every file can be parsed.
COUNTS = """
kind               django  airflow  langchain  scipy  homeassistant
divergent-name          5        0          0      0           3575
import-path            33       32          8     18              3
unresolved-import       0        3          1     47              0
duplicate-literal       3        1          3     63             15
lookalike-class         1        1          1      1              3
shim                    8        9        164     10              7
contract                2        1          2      3              2
required-members        8       12         12      8             37
shared-state           32       51         26    160             38
required-base           6       17          3     17             18
"""

_MEASURED = """
import atexit, os, re, runpy, sys

@atexit.register
def tell():
    # Not getrusage: it remembers the size of the process that this one was forked from.
    with open("/proc/self/status") as status:
        peak = re.search(r"VmHWM:\\s+(\\d+) kB", status.read())[1]
    print("measured", int(peak) / 1024, sum(os.times()[:2]), file=sys.stderr)

runpy.run_module("ssot_lint", run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True)
class Run:
    """One ``check``: its rules and report, its peak memory in MiB and its processor time in seconds."""

    root: str
    rules: dict[str, dict[str, Any]]
    report: dict[str, Any]
    peak: float
    seconds: float

    def found(self, kind: str) -> list[dict[str, Any]]:
        """Violations of a kind, suppressed ones too: real code is full of ``# noqa``."""
        return [v for v in self.report["violations"] if v["kind"] == kind]

    @property
    def moved(self) -> dict[str, str]:
        return self.rules["legacy-import"]["moved"]  # type: ignore[no-any-return]

    @property
    def removed(self) -> list[str]:
        return self.rules["legacy-import"].get("removed", [])  # type: ignore[no-any-return]

    @cached_property
    def trees(self) -> dict[str, ast.Module]:
        """The tree of every file that this Python can parse."""
        return {path: tree for path, (tree, _) in self._parsed.items()}

    @cached_property
    def _parsed(self) -> dict[str, tuple[ast.Module, list[str]]]:
        read = ((path, parsed(self.root, path)) for path in python_files(self.root))
        return {path: found for path, found in read if found is not None}

    def sources(self, kind: str) -> Iterator[tuple[str, ast.Module, list[str]]]:
        """The trees and lines of the files that the rule of a kind judges.

        Its globs are folders and files, and its patterns literal.
        """
        rule = self.rules[kind]
        homes = [*rule.get("allow_in", ()), rule.get("home", "-").rpartition(".")[0]]
        for path, (module, lines) in self._parsed.items():
            inside = _below(path, rule.get("paths", [""]))
            outside = _below(path, rule.get("exclude", [])) or covered(_module(path), homes)
            if inside and not outside:
                yield path, module, lines


SLOW_WAY = ("--no-cache", "--no-prefilter", "--jobs", "1")


def check(root: Path, rules: Path, *shortcuts: str) -> Run:
    options = ("--rules", str(rules), "--root", str(root), "--format", "json", "--no-baseline")
    command = [sys.executable, "-c", _MEASURED, "check", *options, *shortcuts]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    measured = re.search(r"^measured (\S+) (\S+)$", done.stderr, re.MULTILINE)
    assert measured is not None, done.stderr
    by_kind = {rule["kind"]: rule for rule in yaml.safe_load(rules.read_text())["rules"]}
    return Run(str(root), by_kind, json.loads(done.stdout), *map(float, measured.groups()))


@lru_cache(maxsize=1)
def checked(corpus: str) -> Run:
    return check(tree(corpus), RULES / f"{corpus}.yaml", *SLOW_WAY)


def test_every_corpus_has_a_rule_of_every_kind() -> None:
    assert {*NAMES, "everything"} == set(CORPORA)
    for corpus in NAMES:
        rules = yaml.safe_load((RULES / f"{corpus}.yaml").read_text())["rules"]
        assert sorted(rule["kind"] for rule in rules) == sorted(kind.kind for kind in KINDS)


# One test per corpus, so that its files are read and judged once.
@every_corpus
def test_findings_are_those_of_independent_judges(corpus: str, tmp_path: Path) -> None:
    run = checked(corpus)
    _shortcuts_change_nothing(run, corpus, str(tmp_path / "cache"))
    _no_file_is_skipped_silently(run)
    _imports_are_those_of_the_reference(run, PARTLY_MOVED.get(corpus, {}))
    _statements_and_uses_are_those_of_ruff(run, PARTLY_MOVED.get(corpus, {}))
    _definitions_are_those_of_ast(run, NO_DEFINITION.get(corpus, {}))
    _strings_are_those_of_ast(run, PREFIXES.get(corpus, {}))
    _modules_are_those_on_disk(run)
    _restricted_imports_are_those_of_the_reference(run)
    _restricted_calls_are_those_of_the_reference(run)
    _classes_without_a_base_are_found(run)
    _counts_are_as_pinned(run, corpus)
    files = run.report["files"]["judged"]
    print(f"\n{corpus}: {files} files, {run.seconds:.1f} s, {run.peak:.0f} MiB")
    for row in run.report["rules"]:
        counts = f"{row['now']} {row['unit']}, {row['statements']} statements, {row['files']} files"
        print(f"  {row['rule']} ({row['kind']}): {counts}, {row['suppressed']} suppressed")


def _shortcuts_change_nothing(run: Run, corpus: str, cache: str) -> None:
    """The same report with an empty cache, a full one, and the pre-filter."""
    again = partial(check, Path(run.root), RULES / f"{corpus}.yaml")
    for _ in range(2):
        _is_the_same(again("--cache-dir", cache), run)
    # One rule that names no words has every file read: the others show what the pre-filter does,
    config = read(str(RULES / f"{corpus}.yaml"), root=run.root)
    worded = [rule.name for rule in config.rules if rule.words() is not None]
    only = [part for name in worded for part in ("--rule", name)]
    _is_the_same(again("--no-cache", *only), again("--no-prefilter", "--cache-dir", cache, *only))
    # and each one alone, that it is not the words of another rule by which its files are found.
    for name in worded:
        alone = again("--cache-dir", cache, "--rule", name)
        print(f"\n{corpus} {name}: {alone.seconds:.1f} s, {alone.peak:.0f} MiB")
        for part in ("violations", "notes"):
            assert _of(name, alone.report[part]) == _of(name, run.report[part])


def _is_the_same(short: Run, run: Run) -> None:
    short.report["files"]["broken"] = run.report["files"]["broken"]
    assert short.report == run.report
    print(f"\n{run.root}: {short.seconds:.1f} s, {short.peak:.0f} MiB")


def _of(rule: str, outcomes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [outcome for outcome in outcomes if outcome["rule"] == rule]


def _no_file_is_skipped_silently(run: Run) -> None:
    files = set(python_files(run.root))
    unreadable = {v["path"] for v in run.found("unreadable-file")}
    assert run.report["complete"]
    assert not run.found("broken-rule")
    assert run.report["files"]["judged"] == len(files)
    assert unreadable | set(run.report["files"]["broken"]) == files - run.trees.keys()


def _imports_are_those_of_the_reference(run: Run, stars: dict[Place, str]) -> None:
    found = run.found("legacy-import")
    ours = {_at(v): (v["subject"].removesuffix(".*"), _statement(v)) for v in found}
    theirs = {
        (a.path, a.line, a.column): (a.target, (a.path, *a.statement))
        for a in old_aliases(run.root, run.moved, run.removed)
    }
    assert len(ours) == len(found)
    assert ours.keys() - theirs.keys() == stars.keys()
    assert {at: what for at, what in ours.items() if at not in stars} == theirs


def _statements_and_uses_are_those_of_ruff(run: Run, stars: dict[Place, str]) -> None:
    statements, uses = _split(run, _banned_by_ruff(run))
    ours = {_statement(v)[:2] for v in run.found("legacy-import") if _at(v) not in stars}
    assert ours == statements
    assert {_at(v) for v in run.found("legacy-reference") if _is_use(v)} == uses


def _banned_by_ruff(run: Run) -> set[Place]:
    """Where TID251 finds an old path. Files that only ruff can parse are left out."""
    here = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)])
    ruff = shutil.which("ruff", path=here)
    assert ruff is not None, "ruff is needed: install the 'dev' dependencies"
    old = ", ".join(f'"{path}" = {{ msg = "old" }}' for path in sorted({*run.moved, *run.removed}))
    settings = (
        f"lint.flake8-tidy-imports.banned-api = {{ {old} }}",
        *('src = ["."]', "exclude = []", "respect-gitignore = false", 'target-version = "py313"'),
    )
    command = [ruff, "check", "--isolated", "--no-cache", "--ignore-noqa", "--select", "TID251"]
    command += [part for setting in settings for part in ("--config", setting)]
    done = subprocess.run(
        [*command, "--output-format", "json", "."], cwd=run.root, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    assert {violation["code"] for violation in found} == {"TID251"}
    places = {
        (os.path.relpath(v["filename"], run.root), v["location"]["row"], v["location"]["column"])
        for v in found
    }
    return {found for found in places if found[0] in run.trees}


def _split(run: Run, places: Iterable[Place]) -> tuple[set[tuple[str, int]], set[Place]]:
    """`places` in import statements as path and line of the statement, and all others."""
    statements, others = set(), set()
    for path, line, column in places:
        around = [
            node.lineno
            for node in ast.walk(run.trees[path])
            if isinstance(node, (ast.Import, ast.ImportFrom))
            and node.lineno <= line <= (node.end_lineno or 0)
        ]
        if around:
            statements.add((path, max(around)))
        else:
            others.add((path, line, column))
    return statements, others


def _definitions_are_those_of_ast(run: Run, none: dict[Named, str]) -> None:
    found = run.found("duplicate-definition")
    ours = Counter((v["path"], v["statement"]["line"], v["subject"]) for v in found)
    assert ours == Counter(at for at in _defined(run) if at not in none)


def _defined(run: Run) -> Iterator[Named]:
    """Class statements, functions and constants whose names the rule looks for."""
    rule = run.rules["duplicate-definition"]
    home = re.escape(rule["home"].rpartition(".")[0])
    elsewhere = re.compile("|".join([home, *map(_expression, rule.get("defined_in", []))]))
    for path, module in run.trees.items():
        if not elsewhere.fullmatch(_module(path)):
            for kind, node, name in _bound(module):
                if any(fnmatchcase(name, pattern) for pattern in rule.get(kind, [])):
                    yield path, node.lineno, name


def _bound(module: ast.Module) -> Iterator[tuple[str, ast.stmt, str]]:
    methods: set[ast.stmt] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef):
            methods.update(node.body)
            yield "classes", node, node.name
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node not in methods:
            yield "functions", node, node.name
    for node in module.body:
        if isinstance(getattr(node, "value", None), (ast.Name, ast.Attribute)):
            continue  # an alias
        if isinstance(node, ast.Assign):
            made = isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "namedtuple"
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield "classes" if made else "constants", node, target.id
        elif isinstance(node, ast.AnnAssign) and node.value and isinstance(node.target, ast.Name):
            yield "constants", node, node.target.id


def _strings_are_those_of_ast(run: Run, prefixes: dict[Named, str]) -> None:
    found = [v for v in run.found("legacy-reference") if not _is_use(v)]
    ours = Counter((v["path"], v["span"]["line"], v["subject"]) for v in found)
    assert prefixes.keys() <= ours.keys()
    assert ours - Counter(prefixes.keys()) == Counter(_written(run))


def _written(run: Run) -> Iterator[Named]:
    """Constants that are, as a whole, an old path or one below it."""
    old, new = {*run.moved, *run.removed}, set(run.moved.values())
    for path, module in run.trees.items():
        for node in ast.walk(module):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                parts = node.value.split(".")
                above = (".".join(parts[:size]) for size in range(len(parts), 0, -1))
                nearest = next((p for p in above if p in old or p in new), "")
                if nearest in old - new and all(map(str.isidentifier, parts)):
                    yield path, node.lineno, node.value


def _modules_are_those_on_disk(run: Run) -> None:
    rule = run.rules["forbidden-module"]
    forbidden = re.compile("|".join(map(_expression, rule["modules"])))
    allowed = re.compile("|".join(map(_expression, rule.get("allow", ["-"]))))
    names = {path: _module(path) for path in python_files(run.root)}
    assert {v["path"]: v["subject"] for v in run.found("forbidden-module")} == {
        path: name
        for path, name in names.items()
        if forbidden.fullmatch(name) and not allowed.fullmatch(name)
    }


def _restricted_imports_are_those_of_the_reference(run: Run) -> None:
    found = run.found("restricted-import")
    restricted = run.rules["restricted-import"]["modules"]
    theirs = {
        (alias.path, alias.line, alias.column): (alias.target, (alias.path, *alias.statement))
        for path, module, lines in run.sources("restricted-import")
        for alias, _ in imports(path, module, lines)
        if covered(alias.target, restricted) and not covered(_module(path), restricted)
    }
    assert len(found) == len(theirs)
    assert {_at(v): (v["subject"].removesuffix(".*"), _statement(v)) for v in found} == theirs


def _restricted_calls_are_those_of_the_reference(run: Run) -> None:
    rule = run.rules["restricted-call"]
    found = run.found("restricted-call")
    theirs = {
        (path, each.line, each.column): (each.noun, each.target)
        for path, module, lines in run.sources("restricted-call")
        for each in mentions(path, module, lines, rule.get("calls", ()), rule.get("reads", ()))
    }
    assert len(found) == len(theirs)
    assert {_at(v): (v["message"].partition(" ")[0], v["subject"]) for v in found} == theirs


def _classes_without_a_base_are_found(run: Run) -> None:
    """Who inherits from nothing is found, and who names a required base is not."""
    rule = run.rules["required-base"]
    found = {(v["path"], v["statement"]["line"]) for v in run.found("required-base")}
    required = {base.rpartition(".")[2] for base in rule["bases"]}
    for path, node in _classes_named(run, rule):
        bases = {ast.unparse(base) for base in node.bases}
        assert bases or node.name in required or (path, node.lineno) in found
        assert bases.isdisjoint(required) or (path, node.lineno) not in found


def _classes_named(run: Run, rule: dict[str, Any]) -> Iterator[tuple[str, ast.ClassDef]]:
    for path, module, _ in run.sources("required-base"):
        if covered(_module(path), rule.get("modules", ancestors(_module(path)))):
            for node in filter(_is_class, ast.walk(module)):
                if any(fnmatchcase(node.name, pattern) for pattern in rule["classes"]):
                    yield path, node


def _is_class(node: ast.AST) -> TypeGuard[ast.ClassDef]:
    return isinstance(node, ast.ClassDef)


def _counts_are_as_pinned(run: Run, corpus: str) -> None:
    header, *rows = map(str.split, COUNTS.strip().splitlines())
    pinned = {row[0]: int(row[header.index(corpus)]) for row in rows}
    if len(run.trees) == run.report["files"]["judged"]:
        assert {kind: len(run.found(kind)) for kind in pinned} == pinned


def _below(path: str, globs: Iterable[str]) -> bool:
    """Whether a path is one of some globs without wildcards, or below it."""
    return any(
        path.startswith(glob) if "/" in glob.rstrip("/") else f"/{glob}" in f"/{path}/"
        for glob in globs
    )


def _module(path: str) -> str:
    return re.sub(r"(/__init__)?\.pyi?$", "", path).replace("/", ".")


def _expression(pattern: str) -> str:
    """The regular expression of a pattern on dotted names; a literal means what is below it, too."""
    if "*" not in pattern:
        return re.escape(pattern) + r"(\..*)?"
    parts = re.split(r"((?:^|(?<=\.))\*\*\.|\*\*|\*)", pattern)
    meaning = {"**.": r"(?:[^.]+\.)*", "**": ".*", "*": "[^.]*"}
    return "".join(meaning.get(part, re.escape(part)) for part in parts)


def _at(violation: dict[str, Any]) -> Place:
    return violation["path"], violation["span"]["line"], violation["span"]["column"]


def _statement(violation: dict[str, Any]) -> Place:
    return violation["path"], violation["statement"]["line"], violation["statement"]["column"]


def _is_use(violation: dict[str, Any]) -> bool:
    return violation["message"].startswith("use of ")  # type: ignore[no-any-return]


LARGEST_MIB = 350
"""With a rule of every kind, so that every file is read, and its expressions."""


def test_ten_thousand_files_fit_into_memory() -> None:
    """Time is printed, not judged: machines differ."""
    part, whole = (
        check(tree(corpus), RULES / "homeassistant.yaml", "--no-cache")
        for corpus in ("homeassistant", "everything")
    )
    for run in (part, whole):
        size = sum(os.path.getsize(os.path.join(run.root, path)) for path in python_files(run.root))
        pace = f"{run.seconds:.1f} s, {1e6 * run.seconds / size:.2f} s per MB"
        print(f"\n{run.report['files']['judged']} files: {run.peak:.0f} MiB, {pace}")
    assert whole.report["files"]["judged"] > 10_000
    assert whole.peak < LARGEST_MIB
    growth = whole.report["files"]["judged"] / part.report["files"]["judged"]
    assert whole.peak < 1.5 * growth * part.peak
