"""``check --base``: what a change adds, and what it only inherits. In real repositories."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.engine.running import check, ssot_lint
from tests.git_repository import Repository, isolate

RULES = """\
ssot-lint: 1
roots: [.]
rules:
  - name: old-path
    kind: legacy-import
    reason: The thing has one home.
    moved:
      app.old: app.new
      app.older: app.new
  - name: one-thing
    kind: divergent-name
    reason: Two things differ.
    names: [Thing]
    home: app.new.Thing
"""
FILES = {
    "rules.yaml": RULES,
    "app/__init__.py": "",
    "app/new.py": "class Thing: ...\n",
    "app/other.py": "class Another: ...\n",
}
OLD = "import app.old\n"
PADDING = "".join(f"name_{number} = {number}\n" for number in range(20))


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    repository = Repository(tmp_path_factory.mktemp("original"))
    repository.commit(FILES)
    return repository.folder


@pytest.fixture
def work(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository whose main branch holds rules and a clean application; we stand in it."""
    isolate(monkeypatch)
    folder = shutil.copytree(original, tmp_path / "work")
    monkeypatch.chdir(folder)
    return Repository(folder, init=False)


def baseline(*entries: str) -> str:
    """A baseline from ``path rule subject: count`` lines, in order."""
    lines = ["# ssot-baseline v1 (machine-written: see `ssot-lint baseline --help`)"]
    for entry in entries:
        path, _, rest = entry.partition(" ")
        if f"{path}:" not in lines:
            lines.append(f"{path}:")
        if rest:
            lines.append(f"  {rest}")
    return "\n".join(lines) + "\n"


class TestInherited:
    def test_in_a_file_that_the_change_does_not_touch(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD})
        work.branch("topic").commit({"app/else.py": "x = 1\n"})
        run = check("--base", "main")
        assert (run.code, run.inherited, run.new) == (0, ["app/user.py:1 app.old"], [])
        assert check().code == 1

    def test_it_is_printed(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD})
        work.branch("topic").commit({"app/else.py": "x = 1\n"})
        ran = ssot_lint("check", "--base", "main", "-q")
        assert (ran.code, ran.out) == (
            0,
            "app/user.py:1:8: SOT102 import of legacy path app.old; use app.new, which exists "
            "[old-path] (inherited)\n",
        )

    def test_what_came_to_main_after_the_change_began_is_not_in_it(self, work: Repository) -> None:
        work.branch("topic").commit({"app/else.py": "x = 1\n"})
        work.switch("main").commit({"app/user.py": OLD})
        work.switch("topic")
        assert check("--base", "main").code == 0
        work.merge("main")
        run = check("--base", "main")
        assert (run.code, run.inherited) == (0, ["app/user.py:1 app.old"])

    def test_in_a_touched_file_that_held_it_before(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD + PADDING})
        work.branch("topic").commit({"app/user.py": "x = 1\n" + OLD + PADDING})
        run = check("--base", "main")
        assert (run.code, run.inherited, run.new) == (0, ["app/user.py:2 app.old"], [])

    def test_in_a_renamed_file_that_held_it_under_its_old_path(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD + PADDING})
        work.branch("topic").move("app/user.py", "app/deep/client.py")
        work.commit({"app/deep/client.py": OLD + PADDING + "x = 1\n"})
        run = check("--base", "main")
        assert (run.code, run.inherited, run.new) == (0, ["app/deep/client.py:1 app.old"], [])

    def test_a_copy_is_no_rename(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD + PADDING})
        work.branch("topic").commit({"app/copy.py": OLD + PADDING})
        run = check("--base", "main")
        assert (run.code, run.new) == (1, ["app/copy.py:1 app.old"])
        assert run.failed == ["1 new violation"]

    def test_another_one_in_a_touched_file_is_new(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD})
        work.branch("topic").commit({"app/user.py": OLD + "import app.older\n"})
        run = check("--base", "main")
        assert (run.code, run.new) == (1, ["app/user.py:2 app.older"])
        assert run.inherited == ["app/user.py:1 app.old"]

    def test_of_equal_ones_the_added_line_is_new(self, work: Repository) -> None:
        work.commit({"app/user.py": PADDING + OLD})
        work.branch("topic").commit({"app/user.py": OLD + PADDING + OLD})
        run = check("--base", "main")
        assert (run.code, run.new) == (1, ["app/user.py:1 app.old"])
        assert run.inherited == ["app/user.py:22 app.old"]

    def test_of_equal_ones_beside_known_ones_the_added_line_is_new(self, work: Repository) -> None:
        tolerated = baseline("app/user.py old-path app.old: 1")
        work.commit({"app/user.py": PADDING + OLD + PADDING + OLD, "ssot-baseline.yml": tolerated})
        work.branch("topic").commit({"app/user.py": OLD + PADDING + OLD + PADDING + OLD})
        run = check("--base", "main")
        assert (run.code, run.new) == (1, ["app/user.py:1 app.old"])
        assert run.known + run.inherited == ["app/user.py:22 app.old", "app/user.py:43 app.old"]

    def test_without_a_base_the_first_ones_are_known(self, work: Repository) -> None:
        tolerated = baseline("app/user.py old-path app.old: 1")
        work.commit({"app/user.py": PADDING + OLD, "ssot-baseline.yml": tolerated})
        work.branch("topic").commit({"app/user.py": OLD + PADDING + OLD})
        assert check().new == ["app/user.py:22 app.old"]
        assert check("--base", "main").new == ["app/user.py:1 app.old"]

    def test_a_violation_that_was_excused_is_new_without_its_excuse(self, work: Repository) -> None:
        work.commit({"app/user.py": "import app.old  # noqa: SOT102\n"})
        work.branch("topic").commit({"app/user.py": OLD})
        assert check("--base", "main").new == ["app/user.py:1 app.old"]

    def test_an_entry_taken_out_of_the_baseline_of_an_untouched_file(
        self, work: Repository
    ) -> None:
        tolerated = baseline("app/user.py old-path app.old: 1")
        work.commit({"app/user.py": OLD, "ssot-baseline.yml": tolerated})
        work.branch("topic").commit({"ssot-baseline.yml": baseline("app/user.py")})
        run = check("--base", "main")
        assert (run.code, run.inherited) == (0, ["app/user.py:1 app.old"])

    def test_a_relative_import_means_something_else_in_another_folder(
        self, work: Repository
    ) -> None:
        """The old text is judged under the old path: there it was no violation."""
        text = "from .old import thing\n" + PADDING
        work.commit({"lib/user.py": text})
        work.branch("topic").move("lib/user.py", "app/user.py").commit()
        assert check("--base", "main").new == ["app/user.py:1 app.old.thing"]

    def test_an_unused_suppression_that_was_there(self, work: Repository) -> None:
        comment = "x = 1  # ssot: allow old-path\n"
        work.commit({"app/user.py": comment, "app/far.py": comment})
        work.branch("topic").commit({"app/user.py": comment + PADDING})
        run = check("--base", "main")
        assert (run.code, run.new) == (0, [])
        assert run.inherited == ["app/far.py:1 old-path", "app/user.py:1 old-path"]

    def test_a_file_that_did_not_parse_and_still_does_not(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD + "def\n"})
        work.branch("topic").commit({"app/user.py": OLD + "def\n" + PADDING})
        run = check("--base", "main")
        assert (run.code, run.inherited) == (0, ["app/user.py:2 syntax"])

    def test_a_file_that_does_not_parse_any_more(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD})
        work.branch("topic").commit({"app/user.py": OLD + "def\n"})
        run = check("--base", "main")
        assert (run.code, run.new) == (1, ["app/user.py:2 syntax"])

    def test_a_file_that_parses_again_shows_what_it_always_held(self, work: Repository) -> None:
        """What nobody could read was never inherited by anybody."""
        work.commit({"app/user.py": OLD + "def\n"})
        work.branch("topic").commit({"app/user.py": OLD})
        assert check("--base", "main").new == ["app/user.py:1 app.old"]

    def test_a_binary_file_at_the_merge_base(self, work: Repository) -> None:
        work.commit({"app/user.py": b"\x00\x80old\xff"})
        work.branch("topic").commit({"app/user.py": OLD})
        assert check("--base", "main").new == ["app/user.py:1 app.old"]

    def test_a_link_at_the_merge_base(self, work: Repository) -> None:
        """A link held nothing: what takes its place is new."""
        (work.folder / "app" / "user.py").symlink_to("new.py")
        work.commit()
        work.branch("topic")
        (work.folder / "app" / "user.py").unlink()
        work.commit({"app/user.py": OLD})
        assert check("--base", "main").new == ["app/user.py:1 app.old"]

    def test_a_broken_link_that_the_change_adds(self, work: Repository) -> None:
        work.branch("topic")
        (work.folder / "app" / "user.py").symlink_to("nowhere.py")
        run = check("--base", "main")
        assert (run.code, run.new) == (1, ["app/user.py:1 unreadable"])

    def test_a_file_that_becomes_a_broken_link(self, work: Repository) -> None:
        work.commit({"app/user.py": "# once app.old\n"})
        work.branch("topic")
        (work.folder / "app" / "user.py").unlink()
        (work.folder / "app" / "user.py").symlink_to("nowhere.py")
        assert check("--base", "main").new == ["app/user.py:1 unreadable"]

    def test_a_file_that_others_need_to_be_read(self, work: Repository) -> None:
        """What cannot be read today was not held at the merge base by those who import it."""
        star = RULES.replace("app.older: app.new", "app.pack.Name: app.new.Name")
        user = OLD + "from app.pack import *\n"
        work.commit({"rules.yaml": star, "app/user.py": user})
        work.branch("topic").commit({"app/user.py": user + "x = 1\n", "app/pack.py": "def\n"})
        run = check("--base", "main")
        assert (run.inherited, run.new) == (["app/user.py:1 app.old"], ["app/pack.py:1 syntax"])

    @pytest.mark.parametrize(
        "name",
        [
            pytest.param("a b.py", id="a blank"),
            pytest.param("tab\there.py", id="a tab"),
            pytest.param("line\nbreak.py", id="a line break"),
            pytest.param('quo"te\\.py', id="a quote and a backslash"),
            pytest.param("ünï.py", id="no ASCII"),
            pytest.param("[a]*.py", id="a glob"),
            pytest.param("-n.py", id="a dash"),
        ],
    )
    def test_odd_names(self, work: Repository, name: str) -> None:
        work.commit({name: OLD, f"old/{name}": OLD + PADDING})
        work.branch("topic").move(f"old/{name}", f"new/{name}").commit({name: "x = 1\n" + OLD})
        run = check("--base", "main")
        assert (run.code, run.new) == (0, [])
        assert run.inherited == sorted([f"{name}:2 app.old", f"new/{name}:1 app.old"])
        work.write({name: OLD + OLD})
        assert check("--base", "main").new == [f"{name}:2 app.old"]

    def test_a_deleted_file(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD})
        work.branch("topic")
        (work.folder / "app" / "user.py").unlink()
        run = check("--base", "main")
        assert (run.code, run.report["violations"]) == (0, [])

    def test_only_the_asked_paths(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD})
        work.branch("topic").commit({"app/client.py": OLD, "app/third.py": OLD})
        run = check("--base", "main", "app/user.py", "app/client.py")
        assert (run.inherited, run.new) == (["app/user.py:1 app.old"], ["app/client.py:1 app.old"])


class TestNotInherited:
    def test_a_new_rule_in_untouched_files(self, work: Repository) -> None:
        work.commit({"app/user.py": "import app.other\n" + OLD})
        rule = """\
  - name: other-path
    kind: legacy-import
    reason: It goes.
    removed: [app.other]
"""
        work.branch("topic").commit({"rules.yaml": RULES + rule})
        run = check("--base", "main")
        assert (run.code, run.new) == (1, ["app/user.py:1 app.other"])
        assert run.inherited == ["app/user.py:2 app.old"]

    def test_a_new_rule_in_touched_files(self, work: Repository) -> None:
        work.commit({"app/user.py": "import app.other\n"})
        rule = """\
  - name: other-path
    kind: legacy-import
    reason: It goes.
    removed: [app.other]
"""
        work.branch("topic").commit(
            {"rules.yaml": RULES + rule, "app/user.py": "import app.other\nx = 1\n"}
        )
        assert check("--base", "main").new == ["app/user.py:1 app.other"]

    def test_a_changed_rule_in_untouched_files(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD + "import app.other\n"})
        changed = RULES.replace("app.older: app.new", "app.other: app.new")
        work.branch("topic").commit({"rules.yaml": changed})
        run = check("--base", "main")
        assert (run.code, run.inherited) == (1, [])
        assert run.new == ["app/user.py:1 app.old", "app/user.py:2 app.other"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            pytest.param("has one home.", "lives in one place.", id="its reason"),
            pytest.param("    moved:", "    owner: core\n    moved:", id="its owner"),
            pytest.param("    moved:", "    docs: https://x.org\n    moved:", id="its page"),
            pytest.param(
                "    moved:",
                "    examples: {bad: import app.old}\n    moved:",
                id="its examples",
            ),
            pytest.param("    moved:", "    # better\n    moved:", id="a comment"),
            pytest.param("    home: app.new.Thing", "    home: app.new", id="another rule"),
            pytest.param("roots: [.]", "roots: [.]\nexclude: [far/]", id="what is excluded"),
        ],
    )
    def test_what_does_not_change_a_rule(self, work: Repository, old: str, new: str) -> None:
        assert old in RULES
        work.commit({"app/user.py": OLD, "far/a.py": ""})
        work.branch("topic").commit({"rules.yaml": RULES.replace(old, new)})
        run = check("--base", "main")
        assert (run.code, run.inherited) == (0, ["app/user.py:1 app.old"])

    def test_files_that_were_excluded(self, work: Repository) -> None:
        excluding = RULES.replace("roots: [.]", "roots: [.]\nexclude: [far/]")
        work.commit({"rules.yaml": excluding, "far/user.py": OLD, "app/user.py": OLD})
        work.branch("topic").commit({"rules.yaml": RULES})
        run = check("--base", "main")
        assert (run.inherited, run.new) == (["app/user.py:1 app.old"], ["far/user.py:1 app.old"])

    def test_a_file_moved_out_of_an_excluded_folder(self, work: Repository) -> None:
        excluding = RULES.replace("roots: [.]", "roots: [.]\nexclude: [far/]")
        work.commit({"rules.yaml": excluding, "far/user.py": OLD + PADDING})
        work.branch("topic").move("far/user.py", "app/user.py").commit()
        assert check("--base", "main").new == ["app/user.py:1 app.old"]

    def test_a_file_moved_out_of_where_a_rule_allows_it(self, work: Repository) -> None:
        allowing = RULES.replace("    moved:", "    allow_in: [far]\n    moved:")
        work.commit({"rules.yaml": allowing, "far/user.py": OLD + PADDING})
        work.branch("topic").move("far/user.py", "app/user.py").commit()
        assert check("--base", "main").new == ["app/user.py:1 app.old"]

    @pytest.mark.parametrize(
        "top",
        [
            pytest.param("roots: [., far]", id="other roots name every module anew"),
            pytest.param("roots: [.]\ntests: [far/]", id="other files are test code"),
        ],
    )
    def test_what_changes_every_rule(self, work: Repository, top: str) -> None:
        work.commit({"app/user.py": OLD, "far/a.py": ""})
        work.branch("topic").commit({"rules.yaml": RULES.replace("roots: [.]", top)})
        assert check("--base", "main").new == ["app/user.py:1 app.old"]

    def test_kinds_that_need_the_project(self, work: Repository) -> None:
        """Another file may have made it one, so that only a baseline can excuse it."""
        work.commit({"app/user.py": "from app.other import Another as Thing\n"})
        work.branch("topic").commit({"app/else.py": "x = 1\n"})
        run = check("--base", "main")
        assert (run.code, run.new) == (1, ["app/user.py:1 Thing"])

    @pytest.mark.parametrize(
        ("comment", "subject"),
        [
            pytest.param("ssot: allow one-thing", "one-thing", id="by the rule's name"),
            pytest.param("ssot: allow divergent-name", "divergent-name", id="by the kind"),
            pytest.param("noqa: SOT202", "SOT202", id="by the code"),
        ],
    )
    def test_a_suppression_that_another_file_made_idle(
        self, work: Repository, comment: str, subject: str
    ) -> None:
        user = f"from app.other import Thing  # {comment}\n"
        work.commit({"app/user.py": user, "app/other.py": "class Thing: ...\n"})
        work.branch("topic").commit({"app/other.py": "from app.new import Thing\n"})
        run = check("--base", "main")
        assert (run.code, run.new) == (1, [f"app/user.py:1 {subject}"])

    def test_a_suppression_of_a_rule_that_the_change_removes(self, work: Repository) -> None:
        work.commit({"app/user.py": "import app.old  # ssot: allow old-path\n"})
        rest = RULES[: RULES.index("  - name: old-path")] + RULES[RULES.index("  - name: one-th") :]
        work.branch("topic").commit({"rules.yaml": rest})
        assert check("--base", "main").new == ["app/user.py:1 old-path"]

    def test_a_forbidden_module_that_is_moved(self, work: Repository) -> None:
        rules = """\
ssot-lint: 1
rules:
  - name: no-factory
    kind: forbidden-module
    reason: Make it yourself.
    modules: ["app.**.*factory*"]
"""
        work.commit({"rules.yaml": rules, "app/factory.py": PADDING, "app/deep/__init__.py": ""})
        work.branch("topic").move("app/factory.py", "app/deep/factory.py").commit()
        run = check("--base", "main")
        assert (run.code, run.new) == (1, ["app/deep/factory.py:1 app.deep.factory"])


class TestWhatIsTheChange:
    def test_uncommitted_lines(self, work: Repository) -> None:
        work.branch("topic").write({"app/other.py": OLD})
        assert check("--base", "main").new == ["app/other.py:1 app.old"]

    def test_staged_lines(self, work: Repository) -> None:
        work.branch("topic").write({"app/other.py": OLD})
        work.git("add", "app/other.py")
        assert check("--base", "main").new == ["app/other.py:1 app.old"]

    def test_untracked_files(self, work: Repository) -> None:
        work.branch("topic").write({"app/fresh.py": OLD})
        assert check("--base", "main").new == ["app/fresh.py:1 app.old"]

    def test_without_commits_of_its_own(self, work: Repository) -> None:
        work.write({"app/fresh.py": OLD})
        assert check("--base", "HEAD").new == ["app/fresh.py:1 app.old"]

    def test_a_violation_that_a_later_commit_took_back(self, work: Repository) -> None:
        work.branch("topic").commit({"app/fresh.py": OLD})
        work.commit({"app/fresh.py": ""})
        assert check("--base", "main").code == 0

    def test_several_commits(self, work: Repository) -> None:
        work.branch("topic").commit({"app/one.py": OLD})
        work.commit({"app/two.py": OLD})
        assert check("--base", "main").new == ["app/one.py:1 app.old", "app/two.py:1 app.old"]

    def test_the_root_in_a_folder_of_the_repository(
        self, work: Repository, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        part = {f"part/{path}": text for path, text in FILES.items()}
        work.commit({**part, "part/app/user.py": OLD, "part/far.py": OLD + PADDING})
        work.branch("topic").move("part/far.py", "part/near.py").commit({"else.py": OLD})
        monkeypatch.chdir(work.folder / "part")
        run = check("--base", "main")
        assert (run.code, run.new) == (0, [])
        assert run.inherited == ["app/user.py:1 app.old", "near.py:1 app.old"]
        work.write({"part/app/user.py": OLD + OLD})
        assert check("--base", "main").new == ["app/user.py:2 app.old"]

    def test_a_file_that_came_into_the_root_is_new_there(
        self, work: Repository, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        part = {f"part/{path}": text for path, text in FILES.items()}
        work.commit({**part, "far.py": OLD + PADDING})
        work.branch("topic").move("far.py", "part/near.py").commit()
        monkeypatch.chdir(work.folder / "part")
        assert check("--base", "main").new == ["near.py:1 app.old"]

    def test_a_linked_work_tree(
        self, work: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        work.commit({"app/user.py": OLD})
        work.git("worktree", "add", "--quiet", "-b", "topic", str(tmp_path / "linked"))
        (tmp_path / "linked" / "app" / "fresh.py").write_text(OLD)
        monkeypatch.chdir(tmp_path / "linked")
        run = check("--base", "main")
        assert (run.inherited, run.new) == (["app/user.py:1 app.old"], ["app/fresh.py:1 app.old"])


TOLERATED = baseline("app/user.py old-path app.old: 1")


def accepted(reason: str, count: int) -> str:
    return baseline(f'app/user.py old-path app.old: {{n: {count}, accepted: "{reason}"}}')


class TestGrowth:
    @pytest.mark.parametrize(
        ("before", "after", "growth"),
        [
            pytest.param(
                TOLERATED,
                baseline("app/user.py old-path app.old: 2"),
                ["app/user.py old-path app.old: 1 -> 2"],
                id="without a reason",
            ),
            pytest.param(TOLERATED, accepted("hotfix", 2), [], id="with a reason"),
            pytest.param(
                accepted("hotfix", 1),
                accepted("hotfix", 2),
                ["app/user.py old-path app.old: 1 -> 2"],
                id="with a reason that was there before",
            ),
            pytest.param(
                accepted("hotfix", 1), accepted("hotfix; release", 2), [], id="with a second reason"
            ),
        ],
    )
    def test_needs_a_new_reason(
        self, work: Repository, before: str, after: str, growth: list[str]
    ) -> None:
        work.commit({"app/user.py": OLD, "ssot-baseline.yml": before})
        work.branch("topic").commit({"app/user.py": OLD + OLD, "ssot-baseline.yml": after})
        run = check("--base", "main")
        assert (run.code, run.growth) == (int(bool(growth)), growth)
        assert run.failed == ["1 baseline entry grew without a reason"] * len(growth)
        assert check().code == 0, "a plain check believes the baseline"

    def test_is_told(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD, "ssot-baseline.yml": TOLERATED})
        more = baseline("app/other.py old-path app.old: 1", "app/user.py old-path app.old: 2")
        work.branch("topic")
        work.commit({"app/user.py": OLD * 2, "app/other.py": OLD, "ssot-baseline.yml": more})
        ran = ssot_lint("check", "--base", "main", "-q")
        assert (ran.code, ran.out) == (
            1,
            "Grown: 2 baseline entries, since the merge base and without a reason. "
            "Fix the code, or say why: `ssot-lint baseline update --accept-new REASON`.\n"
            "  app/other.py: old-path app.old: 0 -> 1 name\n"
            "  app/user.py: old-path app.old: 1 -> 2 names\n"
            "\n"
            "Failed: 2 baseline entries grew without a reason.\n",
        )

    def test_by_way_of_the_command_has_a_reason(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD, "ssot-baseline.yml": TOLERATED})
        work.branch("topic").write({"app/user.py": OLD + OLD})
        assert check("--base", "main").code == 1
        assert ssot_lint("baseline", "update", "--accept-new", "hotfix").code == 0
        run = check("--base", "main")
        assert (run.code, run.known) == (0, ["app/user.py:1 app.old", "app/user.py:2 app.old"])

    def test_a_renamed_file_is_none(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD + PADDING, "ssot-baseline.yml": TOLERATED})
        work.branch("topic").move("app/user.py", "lib/client.py").commit()
        assert check("--base", "main").code == 0
        assert ssot_lint("baseline", "shrink").code == 0
        assert (work.folder / "ssot-baseline.yml").read_text() == baseline(
            "app/user.py", "lib/client.py old-path app.old: 1"
        )
        run = check("--base", "main")
        assert (run.code, run.growth, run.known) == (0, [], ["lib/client.py:1 app.old"])

    def test_a_renamed_file_that_git_does_not_recognise_is_none(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD + PADDING, "ssot-baseline.yml": TOLERATED})
        work.branch("topic").git("rm", "-q", "app/user.py")
        work.write({"lib/user.py": OLD + PADDING.upper()})
        assert ssot_lint("baseline", "shrink").code == 0
        run = check("--base", "main")
        assert (run.code, run.growth, run.known) == (0, [], ["lib/user.py:1 app.old"])

    def test_on_the_way_of_a_renamed_file(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD + PADDING, "ssot-baseline.yml": TOLERATED})
        work.branch("topic").move("app/user.py", "lib/client.py")
        work.commit(
            {
                "lib/client.py": OLD + OLD + PADDING,
                "ssot-baseline.yml": baseline("lib/client.py old-path app.old: 2"),
            }
        )
        assert check("--base", "main").growth == ["lib/client.py old-path app.old: 1 -> 2"]

    def test_of_a_warning_is_told_and_never_fails(self, work: Repository) -> None:
        mild = RULES.replace("    moved:", "    severity: warning\n    moved:")
        work.commit({"rules.yaml": mild, "app/user.py": OLD, "ssot-baseline.yml": TOLERATED})
        more = baseline("app/user.py old-path app.old: 2")
        work.branch("topic").commit({"app/user.py": OLD + OLD, "ssot-baseline.yml": more})
        run = check("--base", "main")
        assert (run.code, run.growth) == (0, [])
        assert run.notes("run") == ["app/user.py the baseline grew from 1 to 2: app.old [old-path]"]

    def test_of_a_warning_whose_rule_did_not_run(self, work: Repository) -> None:
        mild = RULES.replace("    moved:", "    severity: warning\n    moved:")
        work.commit({"rules.yaml": mild, "app/user.py": OLD, "ssot-baseline.yml": TOLERATED})
        more = baseline("app/user.py old-path app.old: 2")
        work.branch("topic").commit({"app/user.py": OLD + OLD, "ssot-baseline.yml": more})
        assert check("--base", "main", "--rule", "one-thing").code == 0

    def test_of_a_warning_past_its_date_fails(self, work: Repository) -> None:
        mild = "    severity: warning\n    until: 2027-01-31\n    moved:"
        rules = RULES.replace("    moved:", mild)
        work.commit({"rules.yaml": rules, "app/user.py": OLD, "ssot-baseline.yml": TOLERATED})
        more = baseline("app/user.py old-path app.old: 2")
        work.branch("topic").commit({"app/user.py": OLD + OLD, "ssot-baseline.yml": more})
        assert check("--base", "main", "--today", "2027-01-31").code == 0
        assert check("--base", "main", "--today", "2027-02-01").code == 1

    def test_of_a_rule_that_this_run_did_not_select(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD, "ssot-baseline.yml": TOLERATED})
        more = baseline("app/user.py old-path app.old: 2")
        work.branch("topic").commit({"app/user.py": OLD + OLD, "ssot-baseline.yml": more})
        run = check("--base", "main", "--rule", "one-thing")
        assert (run.code, run.growth) == (1, ["app/user.py old-path app.old: 1 -> 2"])

    def test_no_baseline_at_the_merge_base(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD})
        work.branch("topic").commit({"ssot-baseline.yml": TOLERATED})
        run = check("--base", "main")
        assert (run.code, run.known, run.growth) == (0, ["app/user.py:1 app.old"], [])
        assert run.notes("run") == ["the change introduces the baseline: its growth is not judged"]

    @pytest.mark.parametrize(
        "options",
        [pytest.param((), id="there is none"), pytest.param(("--no-baseline",), id="none is used")],
    )
    def test_no_baseline_at_all(self, work: Repository, options: tuple[str, ...]) -> None:
        work.branch("topic").commit({"app/fresh.py": ""})
        run = check("--base", "main", *options)
        assert (run.code, run.notes("run")) == (0, [])

    def test_a_baseline_that_the_change_deletes(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD, "ssot-baseline.yml": TOLERATED})
        work.branch("topic").git("rm", "-q", "ssot-baseline.yml")
        run = check("--base", "main")
        assert (run.code, run.inherited) == (0, ["app/user.py:1 app.old"])

    def test_a_rule_that_the_base_lacks(self, work: Repository) -> None:
        work.commit({"app/user.py": "import app.other\n", "ssot-baseline.yml": baseline()})
        rule = """\
  - name: other-path
    kind: legacy-import
    reason: It goes.
    removed: [app.other]
"""
        work.branch("topic").commit({"rules.yaml": RULES + rule})
        assert ssot_lint("baseline", "create", "--rule", "other-path").code == 0
        run = check("--base", "main")
        assert (run.code, run.growth, run.known) == (0, [], ["app/user.py:1 app.other"])
        assert run.notes("run") == [
            "the change introduces the rule, and tolerates 1 violation [other-path]"
        ]

    def test_the_base_s_own_rules_name_another_baseline(self, work: Repository) -> None:
        """Else a change could set up a new baseline beside the one that is watched."""
        named = RULES.replace("roots: [.]", "roots: [.]\nbaseline: debt/old.yml")
        work.commit({"rules.yaml": named, "app/user.py": OLD, "debt/old.yml": TOLERATED})
        more = baseline("app/user.py old-path app.old: 2")
        moved = named.replace("debt/old.yml", "new.yml")
        work.branch("topic").git("rm", "-q", "debt/old.yml")
        work.commit({"rules.yaml": moved, "app/user.py": OLD + OLD, "new.yml": more})
        assert check("--base", "main").growth == ["app/user.py old-path app.old: 1 -> 2"]

    def test_a_baseline_named_on_the_command_line(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD, "strict.yml": TOLERATED})
        more = baseline("app/user.py old-path app.old: 2")
        work.branch("topic").commit({"app/user.py": OLD + OLD, "strict.yml": more})
        run = check("--base", "main", "--baseline", "strict.yml")
        assert run.growth == ["app/user.py old-path app.old: 1 -> 2"]

    def test_a_baseline_behind_a_link(self, work: Repository) -> None:
        (work.folder / "ssot-baseline.yml").symlink_to("debt/real.yml")
        work.commit({"app/user.py": OLD, "debt/real.yml": TOLERATED})
        more = baseline("app/user.py old-path app.old: 2")
        work.branch("topic").commit({"app/user.py": OLD + OLD, "debt/real.yml": more})
        assert check("--base", "main").growth == ["app/user.py old-path app.old: 1 -> 2"]

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param(baseline("a.py").replace("v1", "v9"), id="another version"),
            pytest.param(TOLERATED + "<<<<<<< ours\n", id="a conflict"),
        ],
    )
    def test_a_damaged_baseline_at_the_merge_base(self, work: Repository, text: str) -> None:
        """Whoever repairs it must get through; so it is said and not judged."""
        work.commit({"app/user.py": OLD, "ssot-baseline.yml": text})
        work.branch("topic").commit({"ssot-baseline.yml": TOLERATED})
        run = check("--base", "main")
        assert (run.code, run.growth) == (0, [])
        (note,) = run.notes("run")
        assert note.startswith(
            "the growth of the baseline is not judged: ssot-baseline.yml at the merge base:"
        )


class TestRulesOfTheMergeBase:
    def test_none(self, work: Repository) -> None:
        work.git("rm", "-q", "rules.yaml")
        work.commit({"app/user.py": OLD})
        work.branch("topic").commit({"rules.yaml": RULES})
        run = check("--base", "main")
        assert (run.code, run.new) == (1, ["app/user.py:1 app.old"])
        assert run.notes("run") == ["the change introduces the rules file: all rules are new"]

    def test_damaged(self, work: Repository) -> None:
        work.commit({"rules.yaml": RULES + "nonsense: 1\n", "app/user.py": OLD})
        work.branch("topic").commit({"rules.yaml": RULES})
        run = check("--base", "main")
        assert (run.code, run.new) == (1, ["app/user.py:1 app.old"])
        assert run.notes("run") == [
            "the rules file of the merge base cannot be used: all rules count as new"
        ]

    def test_damaged_beside_a_baseline_that_grows(self, work: Repository) -> None:
        """The baseline tells which rules there were."""
        work.commit(
            {
                "rules.yaml": RULES + "nonsense: 1\n",
                "app/user.py": OLD,
                "ssot-baseline.yml": TOLERATED,
            }
        )
        more = baseline("app/user.py old-path app.old: 2")
        work.branch("topic")
        work.commit({"rules.yaml": RULES, "app/user.py": OLD + OLD, "ssot-baseline.yml": more})
        assert check("--base", "main").growth == ["app/user.py old-path app.old: 1 -> 2"]

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param(RULES, id="as they were"),
            pytest.param(
                "ssot-lint: 1\n" + PADDING.replace("name", "# ") + RULES[13:], id="edited"
            ),
        ],
    )
    def test_under_another_name(self, work: Repository, text: str) -> None:
        """Moving the rules file must not make everything an introduction."""
        work.commit({"app/user.py": OLD, "ssot-baseline.yml": TOLERATED})
        more = baseline("app/user.py old-path app.old: 2")
        work.branch("topic").git("rm", "-q", "rules.yaml")
        work.commit({".ssot/rules.yaml": text})
        work.commit({"app/user.py": OLD + OLD, "ssot-baseline.yml": more})
        run = check("--base", "main")
        assert run.growth == ["app/user.py old-path app.old: 1 -> 2"]
        assert run.notes("run") == []

    def test_renamed_to_what_only_a_setting_knows(self, work: Repository) -> None:
        work.git("rm", "-q", "--cached", "rules.yaml")
        (work.folder / "rules.yaml").unlink()
        work.commit({"lint/old.yaml": RULES, "app/user.py": OLD})
        work.branch("topic").move("lint/old.yaml", "lint/new.yaml").commit()
        run = check("--base", "main", "--rules", "lint/new.yaml", "--root", ".")
        assert (run.code, run.inherited) == (0, ["app/user.py:1 app.old"])

    def test_a_file_of_that_name_with_rules_for_another_tool(self, work: Repository) -> None:
        work.commit({"rules.yaml": "semgrep: 1\n"})
        work.branch("topic").commit({".ssot/rules.yaml": RULES})
        run = check("--base", "main")
        assert run.notes("run") == ["the change introduces the rules file: all rules are new"]

    def test_a_root_that_is_gone(self, work: Repository) -> None:
        """The rules of the past are held against each other, not against today's disk."""
        roots = RULES.replace("roots: [.]", "roots: [., far]")
        work.commit({"rules.yaml": roots, "far/a.py": ""})
        work.branch("topic").git("rm", "-q", "far/a.py")
        work.commit({"rules.yaml": RULES})
        run = check("--base", "main")
        assert (run.code, run.notes("run")) == (0, [])
        assert run.notes("loosened") == [
            "rules.yaml:1 the change judges otherwise: roots is '.', was '.', 'far'"
        ]

    def test_behind_a_link(self, work: Repository) -> None:
        (work.folder / "rules.yaml").rename(work.folder / "real.yaml")
        (work.folder / "rules.yaml").symlink_to("real.yaml")
        work.commit({"app/user.py": OLD})
        work.branch("topic").commit({"app/fresh.py": ""})
        run = check("--base", "main")
        assert (run.code, run.inherited) == (0, ["app/user.py:1 app.old"])

    def test_outside_the_root(self, work: Repository) -> None:
        work.git("mv", "rules.yaml", ".rules.yaml")
        shutil.copytree(work.folder / "app", work.folder / "part" / "app")
        work.commit({"part/app/user.py": OLD})
        work.branch("topic").commit({"part/app/fresh.py": ""})
        run = check("--base", "main", "--rules", ".rules.yaml", "--root", "part")
        assert (run.code, run.inherited) == (0, ["app/user.py:1 app.old"])

    def test_a_newer_python_than_this_one(self, work: Repository) -> None:
        """The rules of the past are read, not run."""
        needy = RULES.replace("roots: [.]", 'roots: [.]\npython: ">=3.90"')
        work.commit({"rules.yaml": needy, "app/user.py": OLD})
        work.branch("topic").commit({"rules.yaml": RULES})
        assert check("--base", "main").inherited == ["app/user.py:1 app.old"]


class TestSuppressions:
    @pytest.mark.parametrize(
        ("before", "after", "added"),
        [
            pytest.param(
                OLD,
                "import app.old  # ssot: allow old-path (why)\n",
                ["app/user.py:1 the change adds a suppression of old-path"],
                id="allow",
            ),
            pytest.param(
                OLD,
                "# ssot: allow-file legacy-import (why)\n" + OLD,
                ["app/user.py:1 the change adds a suppression of legacy-import"],
                id="allow-file",
            ),
            pytest.param(
                OLD,
                "import app.old  # noqa: F401, SOT102\n",
                ["app/user.py:1 the change adds a suppression of F401, SOT102"],
                id="noqa with our code",
            ),
            pytest.param(
                OLD,
                "import app.old  # noqa\n",
                ["app/user.py:1 the change adds a suppression of everything"],
                id="a bare noqa on a violation",
            ),
            pytest.param(
                OLD,
                "# flake8: noqa\n" + OLD,
                ["app/user.py:1 the change adds a suppression of everything"],
                id="noqa for the file",
            ),
            pytest.param(OLD, "import app.new  # noqa\n", [], id="a bare noqa on nothing of ours"),
            pytest.param(
                "import app.old  # noqa\n",
                "import app.old  # noqa\nx = 1  # noqa\n",
                [],
                id="a bare noqa beside one on a violation",
            ),
            pytest.param(OLD, "import app.old  # noqa: F401\n", [], id="noqa for others"),
            pytest.param(OLD, OLD + "x = 1  # ssot: alow old-path\n", [], id="malformed"),
            pytest.param(
                "import app.old  # ssot: allow old-path (why)\n",
                "x = 1\nimport app.old  # ssot: allow old-path (another why)\n",
                [],
                id="one that was there, moved",
            ),
            pytest.param(
                "import app.old  # ssot: allow old-path (why)\n",
                "import app.old  # ssot: allow old-path (why)\n" * 2,
                ["app/user.py:2 the change adds a suppression of old-path"],
                id="one more of the same",
            ),
            pytest.param(
                "def\nimport app.old  # ssot: allow old-path (why)\n",
                "import app.older  # ssot: allow old-path (why)\n"
                "import app.old  # ssot: allow old-path (why)\n",
                ["app/user.py:1 the change adds a suppression of old-path"],
                id="in a file that did not parse",
            ),
        ],
    )
    def test_added_by_the_change(
        self, work: Repository, before: str, after: str, added: list[str]
    ) -> None:
        work.commit({"app/user.py": before})
        work.branch("topic").commit({"app/user.py": after})
        run = check("--base", "main")
        assert run.notes("suppression") == added

    def test_in_a_new_file(self, work: Repository) -> None:
        work.branch("topic").write({"app/fresh.py": "import app.old  # ssot: allow old-path\n"})
        assert len(check("--base", "main").notes("suppression")) == 1

    def test_in_the_asked_paths_only(self, work: Repository) -> None:
        line = "import app.old  # ssot: allow old-path (why)\n"
        work.branch("topic").commit({"app/one.py": line, "app/two.py": line, "notes.md": line})
        assert len(check("--base", "main").notes("suppression")) == 2
        assert len(check("--base", "main", "app/one.py").notes("suppression")) == 1

    def test_in_a_renamed_file(self, work: Repository) -> None:
        work.commit({"app/user.py": "import app.old  # ssot: allow old-path\n" + PADDING})
        work.branch("topic").move("app/user.py", "lib/user.py").commit()
        assert check("--base", "main").notes("suppression") == []

    def test_in_an_untouched_file(self, work: Repository) -> None:
        work.commit({"app/user.py": "import app.old  # ssot: allow old-path\n"})
        work.branch("topic").commit({"app/fresh.py": ""})
        assert check("--base", "main").notes("suppression") == []

    @pytest.mark.parametrize(
        ("allowed", "failed"),
        [
            pytest.param([], [], id="by default any number"),
            pytest.param(["2"], [], id="as many as allowed"),
            pytest.param(["1"], ["2 suppressions added, and at most 1 allowed"], id="one too many"),
            pytest.param(["0"], ["2 suppressions added, and at most 0 allowed"], id="none allowed"),
        ],
    )
    def test_too_many(self, work: Repository, allowed: list[str], failed: list[str]) -> None:
        line = "import app.old  # ssot: allow old-path (why)\n"
        work.branch("topic").commit({"app/one.py": line, "app/two.py": line})
        options = ["--max-new-suppressions", *allowed] if allowed else []
        run = check("--base", "main", *options)
        assert (run.code, run.failed) == (int(bool(failed)), failed)


class TestSwaps:
    def test_one_fixed_and_an_equal_one_added(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD + PADDING, "ssot-baseline.yml": TOLERATED})
        work.branch("topic").commit({"app/user.py": PADDING + OLD})
        run = check("--base", "main")
        assert (run.code, run.known) == (0, ["app/user.py:21 app.old"])
        assert run.notes("swap") == [
            "app/user.py:21 a tolerated violation stands on an added line: app.old [old-path]"
        ]

    def test_in_a_renamed_file(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD + PADDING, "ssot-baseline.yml": TOLERATED})
        work.branch("topic").move("app/user.py", "lib/user.py")
        work.commit({"lib/user.py": PADDING + OLD})
        assert len(check("--base", "main").notes("swap")) == 1

    @pytest.mark.parametrize(
        ("before", "after", "tolerated"),
        [
            pytest.param(OLD, "x = 1\n" + OLD, TOLERATED, id="nothing was swapped"),
            pytest.param(OLD, OLD + OLD, accepted("hotfix", 2), id="growth that was accepted"),
        ],
    )
    def test_none(self, work: Repository, before: str, after: str, tolerated: str) -> None:
        work.commit({"app/user.py": before, "ssot-baseline.yml": TOLERATED})
        work.branch("topic").commit({"app/user.py": after, "ssot-baseline.yml": tolerated})
        run = check("--base", "main")
        assert (run.code, run.notes("swap")) == (0, [])

    def test_accepted_growth_and_a_swap(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD + PADDING, "ssot-baseline.yml": TOLERATED})
        text = PADDING + OLD + OLD
        work.branch("topic").commit(
            {"app/user.py": text, "ssot-baseline.yml": accepted("hotfix", 2)}
        )
        assert [note.split()[0] for note in check("--base", "main").notes("swap")] == [
            "app/user.py:22"
        ]

    def test_a_baseline_that_the_change_introduces(self, work: Repository) -> None:
        work.branch("topic").commit({"app/user.py": OLD, "ssot-baseline.yml": TOLERATED})
        assert check("--base", "main").notes("swap") == []

    def test_a_whole_file_cannot_be_swapped(self, work: Repository) -> None:
        rules = """\
ssot-lint: 1
rules:
  - name: no-factory
    kind: forbidden-module
    reason: Make it yourself.
    modules: ["app.*factory*"]
"""
        tolerated = baseline("app/factory.py no-factory app.factory: 1")
        work.commit(
            {"rules.yaml": rules, "app/factory.py": "x = 1\n", "ssot-baseline.yml": tolerated}
        )
        work.branch("topic").commit({"app/factory.py": "y = 2\n"})
        run = check("--base", "main")
        assert (run.known, run.notes("swap")) == (["app/factory.py:1 app.factory"], [])


def test_git_knows_renames_that_look_alike(work: Repository) -> None:
    """Without git either file could have become either."""
    entries = ("app/a.py old-path app.old: 1", "app/b.py old-path app.old: 1")
    work.commit(
        {"app/a.py": OLD + PADDING, "app/b.py": OLD + "# other\n" * 20,
         "ssot-baseline.yml": baseline(*entries)}
    )  # fmt: skip
    work.branch("topic").move("app/a.py", "lib/z.py").move("app/b.py", "lib/y.py").commit()
    told = [(each["old"], each["new"], each["tie"]) for each in check().report["renamed"]]
    assert told == [("app/a.py", "lib/y.py", True), ("app/b.py", "lib/z.py", True)]
    told = [
        (each["old"], each["new"], each["tie"])
        for each in check("--base", "main").report["renamed"]
    ]
    assert told == [("app/a.py", "lib/z.py", False), ("app/b.py", "lib/y.py", False)]


class TestStale:
    def test_fails_for_files_that_the_change_touches(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD, "ssot-baseline.yml": TOLERATED})
        work.branch("topic").commit({"app/user.py": ""})
        run = check("--base", "main", "--stale=fail")
        assert (run.code, run.stale) == (3, ["app/user.py app.old: 1"])
        assert check("--base", "main").code == 0

    def test_fails_for_files_that_the_change_deletes(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD, "ssot-baseline.yml": TOLERATED})
        work.branch("topic").git("rm", "-q", "app/user.py")
        assert check("--base", "main", "--stale=fail").code == 3

    def test_not_for_others(self, work: Repository) -> None:
        work.commit({"app/user.py": "", "ssot-baseline.yml": TOLERATED})
        work.branch("topic").commit({"app/fresh.py": ""})
        run = check("--base", "main", "--stale=fail")
        assert (run.code, run.stale) == (0, ["app/user.py app.old: 1"])
        assert check("--stale=fail").code == 3

    def test_new_beats_stale(self, work: Repository) -> None:
        work.commit({"app/user.py": OLD, "ssot-baseline.yml": TOLERATED})
        work.branch("topic").commit({"app/user.py": "import app.older\n"})
        assert check("--base", "main", "--stale=fail").code == 1


class TestUnusableBase:
    def test_no_repository(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        isolate(monkeypatch)
        for path, text in FILES.items():
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_text(text)
        monkeypatch.chdir(tmp_path)
        assert ssot_lint("check", "--base", "main") == (
            2,
            "",
            (f"ssot-lint: {tmp_path}: not in a git repository",),
        )

    def test_an_unknown_revision(self, work: Repository) -> None:
        assert ssot_lint("check", "--base", "origin/main") == (
            2,
            "",
            ("ssot-lint: no revision 'origin/main': git fetch origin main",),
        )

    def test_unrelated_histories(self, work: Repository) -> None:
        work.git("checkout", "--quiet", "--orphan", "island")
        work.commit({"app/user.py": OLD})
        assert ssot_lint("check", "--base", "main") == (
            2,
            "",
            ("ssot-lint: no merge base of 'main' and HEAD: histories are unrelated",),
        )

    def test_no_commit(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        isolate(monkeypatch)
        Repository(tmp_path / "work").write(FILES)
        monkeypatch.chdir(tmp_path / "work")
        assert ssot_lint("check", "--base", "HEAD") == (
            2,
            "",
            ("ssot-lint: no revision 'HEAD': there is no commit yet",),
        )

    def test_a_shallow_clone(
        self, work: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        work.branch("topic").commit({"app/fresh.py": ""})
        work.switch("main").commit({"app/more.py": ""})
        clone = work.clone(tmp_path / "clone", depth=1, branch="topic")
        clone.git("fetch", "--quiet", "--depth=1", "origin", "main:main")
        monkeypatch.chdir(clone.folder)
        assert ssot_lint("check", "--base", "main") == (
            2,
            "",
            ("ssot-lint: no merge base of 'main' and HEAD: git fetch --unshallow",),
        )
        clone.git("fetch", "--quiet", "--unshallow")
        assert check("--base", "main").code == 0

    def test_a_merge_commit_without_its_parents(
        self, work: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        work.branch("topic").commit({"app/fresh.py": ""})
        work.switch("main").branch("pull").merge("topic")
        monkeypatch.chdir(work.clone(tmp_path / "clone", depth=1, branch="pull").folder)
        assert ssot_lint("check", "--base", "HEAD^1") == (
            2,
            "",
            ("ssot-lint: no revision 'HEAD^1': set fetch-depth: 2 and use --base HEAD^1",),
        )

    def test_no_git(self, work: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(work.folder))
        assert ssot_lint("check", "--base", "main") == (
            2,
            "",
            ("ssot-lint: git is not installed, or not on the PATH",),
        )
