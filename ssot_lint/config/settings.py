"""What a rules file says, understood: the `Config`, and the options of the file's top level."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from ssot_lint.builtin import BUILTIN
from ssot_lint.config.filesets import ENTRY_POINTS, GROUPS, EntryPoints
from ssot_lint.config.migration import MIGRATION, Migration
from ssot_lint.globs import Globs
from ssot_lint.options import GLOBS, TEXT, Declared, Fault, Option
from ssot_lint.rule import Rule

FORMAT = 1
DEFAULT_BASELINE = "ssot-baseline.yml"
_PYTHON = r"^\s*>=\s*([0-9]{1,3})\.([0-9]{1,3})\s*$"
DEFAULT_TESTS = Globs.parse(["tests/", "test/", "test_*.py", "*_test.py", "conftest.py"])


@dataclass(frozen=True, kw_only=True)
class Config:
    """One rules file.

    `path` (the file) and `root` are absolute; every other path is POSIX and relative to the root.
    `roots` is None where the file leaves the default to discovery. `baseline_named` says that the
    file names its baseline, so that a missing one is an error. `python` is the oldest interpreter
    that can parse the code. `groups` and `entry_points` tell files apart in the inventory,
    `migration` says how a migration goes about it. `places` holds the position of each rule and
    option, under the rule's name ("" for the top level) and the option's ("" for the rule, or the
    file, itself).
    """

    path: str
    root: str
    rules: tuple[Rule, ...]
    version: int = FORMAT
    python: tuple[int, int] | None = None
    roots: tuple[str, ...] | None = None
    include: Globs = field(default_factory=Globs)
    exclude: Globs = field(default_factory=Globs)
    tests: Globs = DEFAULT_TESTS
    groups: tuple[tuple[str, Globs], ...] = ()
    entry_points: EntryPoints = EntryPoints()
    migration: Migration = Migration()
    baseline: str = DEFAULT_BASELINE
    baseline_named: bool = False
    places: Mapping[tuple[str, str], tuple[int, int]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def place(self, rule: str, option: str = "") -> tuple[int, int]:
        """Line and column of an option, else of its rule, else of the file's beginning."""
        for key in ((rule, option), (rule, "")):
            if key in self.places:
                return self.places[key]
        return 1, 1


RULE_NAME = "[a-z][a-z0-9]*(-[a-z0-9]+)*"


def fault_of_rule_name(name: str, kinds: Container[str]) -> str | None:
    """What is wrong with a rule's name: no kebab-case, or a directive could not tell it apart."""
    if not re.fullmatch(RULE_NAME, name):
        return f"'{name}' is no rule name: write words of a-z and 0-9 joined by '-'"
    if name in kinds:
        return f"'{name}' is the name of a kind; call the rule something else"
    if name in {each.kind for each in BUILTIN}:
        return f"'{name}' is built in; call the rule something else"
    return None


def _read_version(value: Any, fault: Fault) -> int:
    if type(value) is not int or value < FORMAT:
        fault(f"the format's version is {FORMAT}")
    elif value > FORMAT:
        fault(f"made for a newer ssot-lint: this one reads format {FORMAT}, not {value}")
    return FORMAT


def _read_python(value: Any, fault: Fault) -> tuple[int, int] | None:
    match = re.search(_PYTHON, value) if isinstance(value, str) else None
    if match is None:
        fault('expected the oldest Python that can parse the code, such as ">=3.12"')
        return None
    return int(match[1]), int(match[2])


def below_root(text: str) -> str:
    """`text` in its shortest form, or ValueError if it is no path below the root."""
    path = posixpath.normpath(text)
    if posixpath.isabs(path) or path.split("/")[0] == ".." or "\\" in path:
        raise ValueError(f"'{text}': expected a path below the root, with '/' between folders")
    return path


def _read_file(value: Any, fault: Fault) -> str:
    text: str = TEXT.read(value, fault)
    try:
        return below_root(text)
    except ValueError as error:
        fault(str(error))
        return text


def _read_roots(value: Any, fault: Fault) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        fault("expected a list of folders whose children are importable")
        return ()
    folders: list[str] = []
    for index, item in enumerate(value):
        folder = _read_file(item, lambda message, index=index: fault(message, index))
        if folder in folders:
            fault(f"'{folder}' is listed already", index)
        folders.append(folder)
    return tuple(folders)


def _read_rules(value: Any, fault: Fault) -> list[Any]:
    if not isinstance(value, list) or not value:
        fault("expected a list of at least one rule")
        return []
    return value


def _key(name: str, option: Option, help: str, *, required: bool = False) -> Declared:
    return Declared(name, option, help, required, None)


def _option(read: Callable[[Any, Fault], Any], expected: str, **schema: Any) -> Option:
    return Option(read, schema, expected)


_PATH = {"type": "string", "pattern": r"\S"}
_TOP = (
    _key(
        "ssot-lint",
        _option(_read_version, f"the number {FORMAT}", const=FORMAT),
        "The mark of a rules file, and the version of its format. It stands first.",
        required=True,
    ),
    _key(
        "python",
        _option(_read_python, '">=X.Y"', type="string", pattern=_PYTHON),
        'The oldest Python that can parse the code, as ">=X.Y"; an older one is refused.',
    ),
    _key(
        "root",
        TEXT,
        "The folder that all paths are relative to. It is itself relative to this file.",
    ),
    _key(
        "roots",
        _option(_read_roots, "a list of folders", type="array", items=_PATH, minItems=1),
        "Folders whose children are importable; by default the root, and src where it exists.",
    ),
    _key("include", GLOBS, "File globs: judge these files too, whatever they are called."),
    _key("exclude", GLOBS, "File globs: judge nothing there."),
    _key(
        "tests",
        GLOBS,
        f"File globs that name test code; by default {', '.join(DEFAULT_TESTS.lines)}.",
    ),
    _key(
        "groups",
        GROUPS,
        "Groups of files that 'ssot-lint paths' counts apart: each name with its file globs. The "
        "first that names a file has it. What is left is tests (the globs of 'tests'), production "
        "(what can be imported) and other, where these are not among the names.",
    ),
    _key(
        "entry_points",
        ENTRY_POINTS,
        "Where the program starts: modules (patterns on their names) or file globs (with '/' or "
        "'.py' in them). What they import is the critical path.",
    ),
    _key(
        "migration",
        MIGRATION,
        "How 'ssot-lint migrate' goes about it: 'batch_files', the files of a batch at most (20), "
        "and 'calls', the callees whose string arguments '--strings' rewrites (patch, setattr, "
        "import_module and their like).",
    ),
    _key(
        "baseline",
        _option(_read_file, "a path below the root", **_PATH),
        f"The file of tolerated violations; by default {DEFAULT_BASELINE}.",
    ),
    _key(
        "rules",
        _option(_read_rules, "a list of rules", type="array", minItems=1),
        "The rules.",
        required=True,
    ),
)
TOP: Mapping[str, Declared] = {declared.name: declared for declared in _TOP}
"""The keys of the top level, in the order in which the manual lists them."""
