"""What the rules of all kinds, and the inventory, make of a generated shim and of its users."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.config import read
from ssot_lint.engine import Request, lint
from ssot_lint.inventory import inventory
from ssot_lint.migration.shims import Shim
from ssot_lint.model import Report

RULES = """\
ssot-lint: 1
rules:
  - {name: resolved, kind: unresolved-import, reason: R., whole: [app]}
  - {name: moved, kind: legacy-import, reason: R., moved: {app.old: app.new}}
  - {name: strings, kind: legacy-reference, reason: R., of: moved}
  - {name: one-name, kind: divergent-name, reason: R., names: [Manager], home: app.new.Manager}
  - {name: one-path, kind: import-path, reason: R., home: app.new.Manager}
  - {name: other-path, kind: import-path, reason: R., home: app.new._hidden}
  - name: one-definition
    kind: duplicate-definition
    reason: R.
    classes: [Manager]
    home: app.new.Manager
    defined_in: [app.new]
  - {name: lookalike, kind: lookalike-class, reason: R., home: app.new.Forwarder, min: 1, threshold: 0.1}
  - {name: sharing, kind: shared-state, reason: R.}
  - {name: calls, kind: restricted-call, reason: R., calls: [app.new.Manager]}
  - {name: imports, kind: restricted-import, reason: R., modules: [json]}
  - {name: only-forwards, kind: shim, reason: R., modules: [app.old], home: app.new}
"""
HOME = """\
class Manager: ...
class Forwarder:
    def __dir__(self): ...
    def send(self): ...
    def close(self): ...
def _hidden(): ...
"""
HIDDEN = ("_hidden",)


def judged(folder: Path, use: str) -> Report:
    files = {
        "rules.yaml": RULES,
        "app/__init__.py": "",
        "app/new.py": HOME,
        "app/old.py": Shim("app.new", "2027-03-31", HIDDEN).text,
        "use.py": use,
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    return lint(read(str(folder / "rules.yaml")), Request(use_baseline=False))


def test_a_shim_breaks_no_rule(tmp_path: Path) -> None:
    report = judged(tmp_path, "import app.new\n")
    assert [(v.path, v.span.line, v.rule, v.message) for v in report.violations] == []
    assert not report.unusable


USES = [
    (
        "from app.old import Manager",
        {
            "moved: import of legacy path app.old.Manager; use app.new.Manager, which exists",
            "one-path: import of app.old.Manager leads to app.new.Manager; import it from there",
        },
    ),
    (
        "from app.old import _hidden",
        {
            "moved: import of legacy path app.old._hidden; use app.new._hidden, which exists",
            "other-path: import of app.old._hidden leads to app.new._hidden; import it from there",
        },
    ),
    (
        "from app.old import gone",
        {
            "moved: import of legacy path app.old.gone; use app.new.gone, which does not exist",
            "resolved: import of app.old.gone leads nowhere: app.old has no gone",
        },
    ),
    (
        "import app.old.gone",
        {
            "moved: import of legacy path app.old.gone; use app.new.gone, which does not exist",
            "resolved: import of app.old.gone leads nowhere: there is no module app.old.gone",
        },
    ),
    (
        "from app.old import *\nManager()",
        {
            "moved: import of legacy path app.old.*; use app.new, which exists",
            "one-path: import of app.old.* brings app.new.Manager; import it from there",
            "calls: call of app.old.Manager is not allowed here",
        },
    ),
    (
        "import app\napp.old.Manager",
        {
            "strings: use of legacy path app.old.Manager; use app.new.Manager, which exists",
            "one-path: use of app.old.Manager leads to app.new.Manager; import it from there",
        },
    ),
    (
        "patch('app.old._hidden')\npatch('app.old.gone')",
        {
            "strings: legacy path app.old._hidden (argument of patch()); "
            "use app.new._hidden, which exists",
            "strings: legacy path app.old.gone (argument of patch()); "
            "use app.new.gone, which does not exist",
            "resolved: app.old.gone (argument of patch()) leads nowhere: app.old has no gone",
        },
    ),
]


@pytest.mark.parametrize(("use", "said"), USES)
def test_its_users_are_told_of_the_home(tmp_path: Path, use: str, said: set[str]) -> None:
    report = judged(tmp_path, use)
    assert {v.path for v in report.violations} == {"use.py"}
    assert {f"{v.rule}: {v.message}" for v in report.violations} == said
    assert [note for note in report.notes if note.topic == "undecidable"] == []


def test_the_inventory_counts_it_as_a_way_to_the_home(tmp_path: Path) -> None:
    judged(tmp_path, "from app.old import Manager, _hidden\n")
    taken = inventory(read(str(tmp_path / "rules.yaml")), Request())
    (source,) = (each for each in taken.sources if each.home == "app.new.Manager")
    (path,) = (each for each in source.paths if each.kind == "legacy")
    assert (path.path, path.instead) == ("app.old.Manager", "app.new.Manager")
    assert [user.path for user in path.users] == ["use.py"]
    (name,) = (each for each in source.names if each.name == "Manager")
    assert [(each.path, each.leads_to, each.home) for each in name.bindings] == [
        ("app/new.py", ("app.new.Manager",), True),
        ("app/old.py", ("app.new.Manager",), True),
        ("use.py", ("app.new.Manager",), True),
    ]
