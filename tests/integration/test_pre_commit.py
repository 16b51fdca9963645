"""The hooks in ``.pre-commit-hooks.yaml``, run by pre-commit when git commits.

Most tests run them as local hooks, with the `ssot-lint` of this environment; the last ones install
them from a repository, as a user does.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.git_repository import Repository, isolate
from tests.integration.application import BASELINE, FILES, NEW, OLD, PADDING, RULES
from tests.integration.programs import PROJECT, Ran, shell

HOOKS: list[dict[str, Any]] = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text())
FILE = "ssot-baseline.yml"
LOCAL = {"repo": "local", "hooks": [{**hook, "language": "system"} for hook in HOOKS]}


class Developer:
    """Somebody who commits to a repository in which pre-commit is installed."""

    def __init__(self, folder: Path, store: Path, source: dict[str, Any]) -> None:
        self.work = Repository(folder)
        self._environment = {"PRE_COMMIT_HOME": str(store), "PRE_COMMIT_COLOR": "never"}
        config = yaml.safe_dump({"repos": [source]})
        self.work.commit({**FILES, FILE: BASELINE, ".pre-commit-config.yaml": config})
        installed = self.shell("pre-commit install --install-hooks")
        assert installed.code == 0, installed.shown

    def shell(self, command: str) -> Ran:
        return shell(command, self.work.folder, self._environment)

    def commit(self, *options: str) -> Ran:
        """Commits what is staged, if the hooks let it through."""
        before = self.work.head
        ran = self.shell(" ".join(["git commit --quiet --message m", *options]))
        assert (self.work.head == before) == (ran.code != 0), ran.shown
        return ran

    def commit_all(self, files: dict[str, str] | None = None) -> Ran:
        self.work.write(files or {}).git("add", "--all")
        return self.commit()

    @property
    def baseline(self) -> str:
        return (self.work.folder / FILE).read_text(encoding="utf-8")


def outcomes(ran: Ran) -> dict[str, str]:
    """What pre-commit says of each hook, by its id: ``Passed``, ``Failed`` or ``Skipped``."""
    names = {hook["name"]: hook["id"] for hook in HOOKS}
    found = {}
    for line in ran.shown.splitlines():
        for name, identity in names.items():
            if line.startswith(name + "."):
                found[identity] = line.rpartition(".")[2].rpartition(")")[2]
    return found


ALL_PASSED = {
    "ssot-lint": "Passed",
    "ssot-lint-project": "Passed",
    "ssot-baseline-shrink": "Passed",
}


@pytest.fixture
def developer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Developer:
    isolate(monkeypatch)
    return Developer(tmp_path / "work", tmp_path / "store", LOCAL)


def test_a_clean_commit_passes(developer: Developer) -> None:
    ran = developer.commit_all({"app/fresh.py": NEW})
    assert (ran.code, outcomes(ran)) == (0, ALL_PASSED)


def test_a_commit_that_adds_a_violation_is_refused(developer: Developer) -> None:
    ran = developer.commit_all({"app/fresh.py": OLD})
    assert ran.code == 1
    assert outcomes(ran) == {**ALL_PASSED, "ssot-lint": "Failed", "ssot-lint-project": "Failed"}
    assert ran.shown.count("app/fresh.py:1:21: SOT102 import of legacy path app.old.Thing") == 2


@pytest.mark.slow
def test_only_the_project_hook_sees_what_one_file_does_not_tell(developer: Developer) -> None:
    other = "from app.another import Another as Thing\n"
    ran = developer.commit_all({"app/another.py": "class Another: ...\n", "app/fresh.py": other})
    assert ran.code == 1
    assert outcomes(ran) == {**ALL_PASSED, "ssot-lint-project": "Failed"}


def test_a_commit_that_only_deletes_is_checked(developer: Developer) -> None:
    developer.work.git("rm", "--quiet", "app/new.py")
    ran = developer.commit()
    assert outcomes(ran) == {
        "ssot-lint": "Skipped",
        "ssot-lint-project": "Failed",
        "ssot-baseline-shrink": "Failed",
    }
    assert "rule 'second-thing' cannot work: home 'app.new.Thing' leads nowhere" in ran.shown
    assert developer.baseline == BASELINE


@pytest.mark.slow
def test_a_commit_that_only_deletes_a_user_shrinks_the_baseline(developer: Developer) -> None:
    developer.work.git("rm", "--quiet", "app/user.py")
    ran = developer.commit()
    assert outcomes(ran)["ssot-baseline-shrink"] == "Failed"
    assert "files were modified by this hook" in ran.shown
    developer.work.git("add", FILE)
    assert developer.commit().code == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            RULES.replace("kind:", "knid:", 1), "required key 'kind' is missing", id="a typo"
        ),
        pytest.param(
            RULES.replace("home: app.new.Thing", "home: app.newer.Thing"),
            "home 'app.newer.Thing' leads nowhere",
            id="a home that does not exist",
        ),
    ],
)
def test_a_commit_that_only_edits_the_rules_is_checked(
    developer: Developer, text: str, told: str
) -> None:
    ran = developer.commit_all({"rules.yaml": text})
    assert outcomes(ran)["ssot-lint"] == "Skipped"
    assert outcomes(ran)["ssot-lint-project"] == "Failed"
    assert told in ran.shown


@pytest.mark.slow
def test_a_commit_that_only_edits_the_baseline_is_checked(developer: Developer) -> None:
    ran = developer.commit_all(
        {FILE: BASELINE.replace("app/user.py:\n  old-path", "app/user.py:\n old-path")}
    )
    assert outcomes(ran)["ssot-lint-project"] == "Failed"


def test_a_fix_shrinks_the_baseline_which_is_staged_and_committed(developer: Developer) -> None:
    ran = developer.commit_all({"app/user.py": NEW})
    assert outcomes(ran) == {**ALL_PASSED, "ssot-baseline-shrink": "Failed"}
    assert "files were modified by this hook" in ran.shown
    assert f"{FILE}: 4 violations tolerated before, 3 now" in ran.shown
    assert developer.baseline.endswith("app/user.py:\n")
    developer.work.git("add", FILE)
    assert outcomes(developer.commit()) == ALL_PASSED


@pytest.mark.slow
def test_the_shrink_hook_never_adds(developer: Developer) -> None:
    developer.commit_all({"app/fresh.py": OLD})
    assert developer.baseline == BASELINE


def test_what_is_not_staged_does_not_count(developer: Developer) -> None:
    developer.work.write({"app/fresh.py": NEW}).git("add", "app/fresh.py")
    developer.work.write({"app/fresh.py": OLD, "app/routes/chat.py": OLD + OLD})
    assert outcomes(developer.commit()) == ALL_PASSED
    assert (developer.work.folder / "app/fresh.py").read_text() == OLD


@pytest.mark.slow
def test_what_is_staged_counts_though_it_is_fixed_since(developer: Developer) -> None:
    developer.work.write({"app/fresh.py": OLD}).git("add", "app/fresh.py")
    developer.work.write({"app/fresh.py": NEW})
    assert outcomes(developer.commit())["ssot-lint"] == "Failed"


@pytest.mark.slow
def test_a_commit_of_named_files_only(developer: Developer) -> None:
    """Git then uses another index, which its environment names to the hooks."""
    developer.work.write({"app/user.py": NEW + OLD, "app/routes/chat.py": PADDING + OLD})
    ran = developer.commit("--only", "app/routes/chat.py")
    assert outcomes(ran) == ALL_PASSED, ran.shown


def test_a_renamed_file_keeps_its_entries(developer: Developer) -> None:
    developer.work.move("app/user.py", "app/routes/user.py")
    ran = developer.commit()
    assert outcomes(ran) == {**ALL_PASSED, "ssot-baseline-shrink": "Failed"}
    developer.work.git("add", FILE)
    assert outcomes(developer.commit()) == ALL_PASSED
    assert "app/routes/user.py:\n  old-path app.old.Thing: 1\n" in developer.baseline


@pytest.mark.slow
def test_a_renamed_folder_keeps_its_entries(developer: Developer) -> None:
    developer.work.move("app/routes", "app/pages")
    ran = developer.commit()
    assert outcomes(ran) == {**ALL_PASSED, "ssot-baseline-shrink": "Failed"}
    developer.work.git("add", FILE)
    assert outcomes(developer.commit()) == ALL_PASSED


@pytest.mark.slow
def test_a_file_of_another_name_keeps_them_at_the_second_attempt(developer: Developer) -> None:
    """One file alone does not tell what it was called; the shrink hook writes that down."""
    developer.work.move("app/user.py", "app/people.py")
    ran = developer.commit()
    assert outcomes(ran) == {**ALL_PASSED, "ssot-lint": "Failed", "ssot-baseline-shrink": "Failed"}
    developer.work.git("add", FILE)
    assert outcomes(developer.commit()) == ALL_PASSED


@pytest.mark.slow
def test_excluded_files_of_the_commit_are_no_problem(developer: Developer) -> None:
    excluding = RULES.replace("roots: [.]", "roots: [.]\nexclude: [archive/]")
    assert developer.commit_all({"rules.yaml": excluding, "archive/a.py": OLD}).code == 0
    assert outcomes(developer.commit_all({"archive/b.py": OLD})) == ALL_PASSED


@pytest.mark.parametrize(
    "stage", ["commit-msg", "prepare-commit-msg", "post-checkout", "post-commit", "post-rewrite"]
)
def test_other_git_hooks_run_nothing_of_ours(stage: str) -> None:
    for hook in HOOKS:
        assert stage not in hook.get("stages", []), hook["id"]
        assert "stages" in hook or not hook.get("always_run"), hook["id"]


@pytest.mark.slow
def test_what_pre_commit_thinks_of_the_file(developer: Developer) -> None:
    ran = developer.shell(f"pre-commit validate-manifest {PROJECT / '.pre-commit-hooks.yaml'}")
    assert ran == (0, "")


@pytest.mark.slow
def test_thousands_of_files_in_several_batches(developer: Developer) -> None:
    """Longer than one command line may be; every file is judged once, in its own batch."""
    names = [
        f"app/a_rather_long_folder_name/module_with_a_long_name_{n:05}.py" for n in range(5000)
    ]
    assert sum(map(len, names)) > 2 * 128 * 1024
    files = dict.fromkeys(names, "x = 1\n")
    for wrong in (names[0], names[2500], names[-1]):
        files[wrong] = OLD
    developer.work.write(files).git("add", "--all")
    ran = developer.shell("pre-commit run ssot-lint")
    assert outcomes(ran) == {"ssot-lint": "Failed"}
    lines = [line for line in ran.shown.splitlines() if ": SOT102 " in line]
    assert sorted(line.partition(":")[0] for line in lines) == [names[0], names[2500], names[-1]]
    assert ran.shown.count("Failed: 1 new violation.") >= 1


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The project as a repository that a pre-commit configuration can name."""
    folder = tmp_path_factory.mktemp("published")
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(PROJECT / name, folder / name)
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PROJECT / "ssot_lint", folder / "ssot_lint", ignore=ignore)
    revision = Repository(folder).commit()
    hooks = [{"id": hook["id"]} for hook in HOOKS]
    return {"repo": str(folder), "rev": revision, "hooks": hooks}


@pytest.mark.slow
def test_hooks_installed_from_a_repository(
    published: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    isolate(monkeypatch)
    developer = Developer(tmp_path / "work", tmp_path / "store", published)
    assert outcomes(developer.commit_all({"app/fresh.py": NEW})) == ALL_PASSED
    refused = developer.commit_all({"app/fresh.py": OLD})
    assert refused.code == 1
    assert outcomes(refused)["ssot-lint"] == outcomes(refused)["ssot-lint-project"] == "Failed"
    stopped = developer.commit_all({"app/fresh.py": NEW, "app/user.py": NEW})
    assert outcomes(stopped) == {**ALL_PASSED, "ssot-baseline-shrink": "Failed"}
    developer.work.git("add", FILE)
    assert outcomes(developer.commit()) == ALL_PASSED
    developer.work.git("rm", "--quiet", "app/new.py")
    assert outcomes(developer.commit())["ssot-lint-project"] == "Failed"
