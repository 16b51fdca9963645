"""``ssot-lint contract``: what is written down is what a rule compares with."""

from __future__ import annotations

from tests.cli.projects import Make
from tests.git_repository import Repository

APP = """\
from os import path
from app.base import Base, helper


class Manager(Base):
    limit = 3

    def __init__(self, mode=None, *, user): ...
    async def send(self, user, *rest, room=None, **options): ...
    @staticmethod
    def check(user): ...
    @property
    def title(self): ...
    @helper
    def decorated(self): ...
    def _private(self): ...
    async def stream(self):
        yield 1


async def get_manager(user=None): ...
def _hidden(): ...
EVENTS = ()
alias = get_manager
"""
BASE = """\
class Base:
    def close(self): ...
    def send(self): ...
def helper(f): return f
"""
RULES = """\
ssot-lint: 1
rules:
  - {name: manager, kind: contract, reason: R., home: app.Manager, snapshot: app.yml}
  - {name: module, kind: contract, reason: R., home: app, snapshot: app.yml}
"""
SNAPSHOT = """\
ssot-contract: 1
homes:
  app:
    EVENTS: {}
    Manager: {}
    alias: {parameters: ["user="], async: true}
    get_manager: {parameters: ["user="], async: true}
  app.Manager:
    __init__: {parameters: ["mode=", user], async: false}
    check: {parameters: [user], async: false}
    close: {parameters: [], async: false}
    decorated: {}
    limit: {}
    send: {parameters: [user, "*rest", "room=", "**options"], async: true}
    stream: {parameters: [], async: false}
    title: {}
"""
NO_RULES = (
    "ssot-lint: 1\nrules:\n  - {name: x, kind: forbidden-module, reason: R., modules: [gone]}\n"
)


def test_a_snapshot_is_printed(make: Make) -> None:
    project = make({"rules.yaml": NO_RULES, "app/__init__.py": APP, "app/base.py": BASE})
    answer = project.run("contract", "snapshot", "app.Manager", "app")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == SNAPSHOT


def test_a_snapshot_is_written_and_held_against_what_comes_after(make: Make) -> None:
    project = make({"rules.yaml": NO_RULES, "app/__init__.py": APP, "app/base.py": BASE})
    written = project.run("contract", "snapshot", "app", "app.Manager", "-o", "app.yml")
    assert (written.code, written.out, written.err) == (0, "", "wrote 2 contracts to app.yml\n")
    assert (project.folder / "app.yml").read_text() == SNAPSHOT
    (project.folder / "rules.yaml").write_text(RULES)
    assert project.run("check", "--format", "json").report["violations"] == []
    changed = APP.replace("room=None", "room").replace("async def get_manager", "def get_manager")
    changed = changed.replace("    limit = 3\n", "")
    (project.folder / "app/__init__.py").write_text(changed)
    (project.folder / "app/base.py").write_text(BASE.replace("def close", "def stop"))
    found = project.run("check", "--format", "json")
    assert found.code == 1
    assert [v["message"] for v in found.report["violations"]] == [
        "app.Manager lacks close, which its callers use; define it",
        "app.Manager lacks limit, which its callers use; define it",
        "Manager.send has no default for room, which callers leave out; give it one",
        "alias is not async, but its callers await it; make it async",
        "get_manager is not async, but its callers await it; make it async",
    ]


def test_homes_that_are_none(make: Make) -> None:
    project = make({"rules.yaml": NO_RULES, "app/__init__.py": APP, "app/base.py": BASE})
    for home, message in (
        ("app.Gone", "home 'app.Gone' leads nowhere: missing name app.Gone"),
        ("os.path", "home 'os.path' leads out of the project: there is no 'os' below the roots"),
        ("app.EVENTS", "'app.EVENTS' is no class and no module that can be read"),
    ):
        answer = project.run("contract", "snapshot", home)
        assert (answer.code, answer.out) == (2, "")
        assert answer.err == f"ssot-lint: {message}\n"
    assert project.run("contract", "snapshot").code == 2
    broken = project.run("contract", "snapshot", "app", "-o", "no/such/folder.yml")
    assert broken.code == 2
    assert "no/such/folder.yml" in broken.err


def test_a_change_is_held_against_the_snapshot_of_its_time(make: Make) -> None:
    """Under ``--base`` the rules of then are read with the snapshot of then."""
    rule = RULES.rpartition("  - ")[0]
    project = make({"rules.yaml": rule, "app/__init__.py": APP, "app/base.py": BASE})
    project.write({"app.yml": SNAPSHOT})
    repository = Repository(project.folder)
    repository.git("add", ".")
    repository.git("commit", "--quiet", "--message", "one")
    project.write({"app.yml": SNAPSHOT.replace("    title: {}\n", "    title: {}\n    gone: {}\n")})
    answer = project.run("check", "--base", "HEAD", "--format", "json")
    assert answer.code == 1
    assert [v["subject"] for v in answer.report["violations"]] == ["Manager.gone"]
    project.write({"app.yml": None})
    gone = project.run("check", "--base", "HEAD")
    assert (gone.code, gone.out) == (2, "")
    assert gone.err == "ssot-lint: rules.yaml:3:68: manager: app.yml: no such file\n"
    project.write({"rules.yaml": rule.replace("snapshot: app.yml", "members: {send: {}}")})
    replaced = project.run("check", "--base", "HEAD", "--format", "json")
    assert replaced.code == 0
    assert not any("cannot be used" in note["message"] for note in replaced.report["notes"])
