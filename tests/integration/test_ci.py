"""The README's GitHub workflow: its shell steps, run on clones as ``actions/checkout`` makes them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.git_repository import Repository, isolate
from tests.integration.application import BASELINE, FILES, NEW, OLD, PADDING
from tests.integration.programs import PROJECT, Ran, shell


def workflow() -> dict[Any, Any]:
    """The workflow in the README, read as YAML."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```yaml\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    (found,) = (each for block in blocks if "jobs" in (each := yaml.safe_load(block)))
    assert isinstance(found, dict)
    return found


WORKFLOW = workflow()
(JOB,) = WORKFLOW["jobs"].values()
CHECKOUT, *_ = JOB["steps"]
DEPTH = CHECKOUT["with"]["fetch-depth"]


def commands(event: str) -> list[str]:
    """The shell steps of the job for an event, without the one that installs."""
    found = []
    for step in JOB["steps"]:
        condition = step.get("if", f"github.event_name == '{event}'")
        match = re.fullmatch(r"github\.event_name == '(\w+)'", condition)
        assert match, f"the test cannot evaluate {condition}"
        if "run" in step and match[1] == event and "pip install" not in step["run"]:
            found.append(step["run"])
    return found


class Server:
    """The repository on the server, to which pull requests are made."""

    def __init__(self, folder: Path) -> None:
        self.work = Repository(folder)
        self.work.git("config", "uploadpack.allowAnySHA1InWant", "true")
        self.work.commit({**FILES, "ssot-baseline.yml": BASELINE})
        self.work.branch("topic")

    def pull_request(self, folder: Path, depth: int = DEPTH) -> Ran:
        """What the workflow says of topic's merge commit."""
        self.work.git("checkout", "--quiet", "--detach", "main")
        assert self.work.merge("topic")
        (command,) = commands("pull_request")
        return shell(command, self._checkout(folder, self.work.head, depth))

    def push(self, folder: Path) -> Ran:
        """What the workflow says of the main branch after a push."""
        (command,) = commands("push")
        commit = self.work.git("rev-parse", "main").strip()
        return shell(command, self._checkout(folder, commit, DEPTH))

    def _checkout(self, folder: Path, commit: str, depth: int) -> Path:
        """As ``actions/checkout`` does it: nothing is fetched but that commit's recent history."""
        clone = Repository(folder)
        clone.git("remote", "add", "origin", self.work.folder.as_uri())
        ref = "refs/remotes/pull/1/merge"
        options = ("--no-tags", "--prune", "--no-recurse-submodules", f"--depth={depth}")
        clone.git("fetch", "--quiet", *options, "origin", f"+{commit}:{ref}")
        clone.git("checkout", "--quiet", "--force", ref)
        return folder


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    isolate(monkeypatch)
    return Server(tmp_path / "server")


def test_the_workflow_runs_for_pull_requests_and_for_pushes_to_main() -> None:
    # YAML 1.1 reads the key "on" as a truth value.
    assert set(WORKFLOW[True]) == {"pull_request", "push"}
    assert WORKFLOW[True]["push"] == {"branches": ["main"]}
    assert CHECKOUT["uses"].startswith("actions/checkout@")
    assert DEPTH == 2


class TestPullRequest:
    def test_that_does_nothing_is_green(self, server: Server, tmp_path: Path) -> None:
        server.work.commit()
        assert server.pull_request(tmp_path / "clone").code == 0

    def test_that_adds_a_violation_is_red(self, server: Server, tmp_path: Path) -> None:
        server.work.commit({"app/fresh.py": OLD})
        ran = server.pull_request(tmp_path / "clone")
        assert ran.code == 1
        errors = [line for line in ran.shown.splitlines() if line.startswith("::error")]
        assert len(errors) == 1
        assert "file=app/fresh.py,line=1," in errors[0]

    def test_that_adds_a_violation_and_tolerates_it_is_red(
        self, server: Server, tmp_path: Path
    ) -> None:
        grown = BASELINE.replace(
            "app/routes/chat.py:", "app/fresh.py:\n  old-path app.old.Thing: 1\napp/routes/chat.py:"
        )
        server.work.commit({"app/fresh.py": OLD, "ssot-baseline.yml": grown})
        ran = server.pull_request(tmp_path / "clone")
        assert ran.code == 1
        assert "1 baseline entry grew without a reason" in ran.shown

    def test_that_gives_a_reason_is_green(self, server: Server, tmp_path: Path) -> None:
        server.work.write({"app/fresh.py": OLD})
        shell("ssot-lint baseline update --accept-new hotfix", server.work.folder)
        server.work.commit()
        assert server.pull_request(tmp_path / "clone").code == 0

    def test_that_fixes_some_and_shrinks_is_green(self, server: Server, tmp_path: Path) -> None:
        server.work.write({"app/user.py": NEW, "app/routes/room.py": OLD + PADDING})
        assert shell("ssot-lint baseline shrink", server.work.folder).code == 0
        server.work.commit()
        ran = server.pull_request(tmp_path / "clone")
        assert (ran.code, "::error" in ran.shown) == (0, False)

    def test_that_fixes_some_and_forgets_to_shrink_is_green(
        self, server: Server, tmp_path: Path
    ) -> None:
        server.work.commit({"app/user.py": NEW})
        assert server.pull_request(tmp_path / "clone").code == 0

    @pytest.mark.parametrize(
        "shrinks", [pytest.param(False, id="as it is"), pytest.param(True, id="and shrinks")]
    )
    def test_that_renames_a_folder_is_green(
        self, server: Server, tmp_path: Path, shrinks: bool
    ) -> None:
        server.work.move("app/routes", "app/web/pages")
        if shrinks:
            assert shell("ssot-lint baseline shrink", server.work.folder).code == 0
        server.work.commit()
        ran = server.pull_request(tmp_path / "clone")
        assert (ran.code, "::error" in ran.shown) == (0, False)

    def test_that_renames_a_folder_and_adds_a_violation_is_red(
        self, server: Server, tmp_path: Path
    ) -> None:
        server.work.move("app/routes", "app/web/pages")
        server.work.commit({"app/web/pages/chat.py": OLD + PADDING + OLD})
        ran = server.pull_request(tmp_path / "clone")
        assert ran.code == 1
        assert "file=app/web/pages/chat.py,line=22," in ran.shown

    def test_that_inherits_debt_from_main_is_green(self, server: Server, tmp_path: Path) -> None:
        server.work.commit({"app/fresh.py": NEW})
        server.work.switch("main").commit({"app/debt.py": OLD})
        ran = server.pull_request(tmp_path / "clone")
        assert (ran.code, ran.shown.splitlines()[0]) == (
            0,
            "Inherited: app/debt.py:1:21: SOT102 import of legacy path app.old.Thing; "
            "use app.new.Thing, which exists [old-path]",
        )

    def test_that_takes_from_the_rules_is_green_and_says_so(
        self, server: Server, tmp_path: Path
    ) -> None:
        milder = FILES["rules.yaml"].replace("    moved:", "    severity: warning\n    moved:")
        excused = "from app.old import Thing  # ssot: allow old-path (why)\n"
        server.work.commit({"rules.yaml": milder, "app/fresh.py": excused})
        ran = server.pull_request(tmp_path / "clone")
        assert (ran.code, ran.shown.splitlines()[:2]) == (
            0,
            [
                "Note: rules.yaml:5: the change loosens rule 'old-path': "
                "severity is warning, was error [old-path]",
                "Note: app/fresh.py:1: the change adds a suppression of old-path",
            ],
        )

    def test_that_touches_a_file_with_debt_is_green(self, server: Server, tmp_path: Path) -> None:
        server.work.switch("main").commit({"app/debt.py": OLD})
        server.work.git("branch", "--force", "topic", "main")
        server.work.switch("topic").commit({"app/debt.py": PADDING + OLD})
        assert server.pull_request(tmp_path / "clone").code == 0

    def test_that_deletes_a_home_is_refused(self, server: Server, tmp_path: Path) -> None:
        server.work.git("rm", "--quiet", "app/new.py")
        server.work.commit()
        ran = server.pull_request(tmp_path / "clone")
        assert ran.code == 2
        assert "home 'app.new.Thing' leads nowhere" in ran.shown

    def test_in_a_clone_of_depth_1_the_one_line_that_helps(
        self, server: Server, tmp_path: Path
    ) -> None:
        server.work.commit({"app/fresh.py": OLD})
        assert server.pull_request(tmp_path / "clone", depth=1) == (
            2,
            "ssot-lint: no revision 'HEAD^1': set fetch-depth: 2 and use --base HEAD^1\n",
        )


class TestPush:
    def test_of_a_clean_main_branch_is_green(self, server: Server, tmp_path: Path) -> None:
        assert server.push(tmp_path / "clone").code == 0

    def test_of_debt_is_red(self, server: Server, tmp_path: Path) -> None:
        server.work.switch("main").commit({"app/debt.py": OLD})
        ran = server.push(tmp_path / "clone")
        assert ran.code == 1
        assert "file=app/debt.py,line=1," in ran.shown
