"""Branches that change the baseline, merged by git itself; and the commands that live beside git."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.running import Ran, check, ssot_lint
from tests.git_repository import Repository, isolate
from tests.integration.application import BASELINE, FILES, HEAD, NEW, OLD, PADDING, RULES
from tests.integration.programs import PATH

DRIVER = {"merge.ssot-baseline.driver": "ssot-lint baseline merge %O %A %B"}
FILE = "ssot-baseline.yml"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The application with its baseline; we stand in it, and git finds `ssot-lint`."""
    isolate(monkeypatch)
    repository = Repository(tmp_path / "work")
    repository.commit({**FILES, FILE: BASELINE})
    monkeypatch.chdir(repository.folder)
    return repository


@pytest.fixture
def driven(work: Repository) -> Repository:
    """As `work`, with the merge driver installed as the README says."""
    for key, value in DRIVER.items():
        work.git("config", key, value)
    work.commit({".gitattributes": f"{FILE} merge=ssot-baseline\n"})
    return work


def merge(work: Repository, branch: str) -> str:
    """Merges `branch`; what git said if that conflicts, else nothing."""
    said = work.git("merge", "--no-edit", branch, fails=True, env={"PATH": PATH})
    return said if work.git("ls-files", "--unmerged") else ""


def baseline(work: Repository) -> str:
    return (work.folder / FILE).read_text(encoding="utf-8")


def shrink(work: Repository, files: dict[str, str]) -> None:
    """Fixes something and commits it with the smaller baseline."""
    work.write(files)
    assert ssot_lint("baseline", "shrink").code == 0
    work.commit()


def accept(work: Repository, files: dict[str, str], reason: str) -> None:
    """Breaks something and commits it with the larger baseline."""
    work.write(files)
    assert ssot_lint("baseline", "update", "--accept-new", reason).code == 0
    work.commit()


def conflict(work: Repository) -> None:
    """Leaves the baseline in conflict: each side fixed one of two in one file."""
    work.branch("topic")
    shrink(work, {"app/routes/room.py": OLD + PADDING})
    work.switch("main")
    shrink(work, {"app/routes/room.py": PADDING + PADDING, "app/user.py": NEW})
    assert "CONFLICT" in merge(work, "topic")
    work.write({"app/routes/room.py": PADDING})


WITHOUT_ROOM = (
    HEAD + "app/routes/chat.py:\n  old-path app.old.Thing: 1\napp/routes/room.py:\napp/user.py:\n"
)


class TestWithoutHelp:
    def test_branches_that_shrink_different_files_do_not_conflict(self, work: Repository) -> None:
        work.branch("topic")
        shrink(work, {"app/user.py": NEW})
        work.switch("main")
        shrink(work, {"app/routes/chat.py": NEW + PADDING})
        assert merge(work, "topic") == ""
        assert baseline(work) == (
            HEAD
            + "app/routes/chat.py:\napp/routes/room.py:\n  old-path app.old.Thing: 2\napp/user.py:\n"
        )
        run = check("--stale=fail")
        assert (run.code, run.stale) == (0, [])

    def test_a_conflict_is_refused_by_name(self, work: Repository) -> None:
        conflict(work)
        ran = ssot_lint("check")
        assert (ran.code, ran.out, len(ran.err)) == (2, "", 1)
        assert "ssot-lint baseline resolve" in ran.err[0]


class TestDriver:
    def test_fixes_of_both_sides_in_one_file(self, driven: Repository) -> None:
        driven.branch("topic")
        shrink(driven, {"app/routes/room.py": OLD + PADDING})
        driven.switch("main")
        shrink(driven, {"app/user.py": NEW})
        assert merge(driven, "topic") == ""
        assert "app/routes/room.py:\n  old-path app.old.Thing: 1\n" in baseline(driven)
        assert check("--stale=fail").code == 0

    def test_branches_that_add_headers_side_by_side(self, driven: Repository) -> None:
        driven.branch("topic")
        accept(driven, {"app/x.py": OLD}, "hotfix")
        driven.switch("main")
        accept(driven, {"app/y.py": OLD}, "release")
        assert merge(driven, "topic") == ""
        assert baseline(driven) == BASELINE + (
            'app/x.py:\n  old-path app.old.Thing: {n: 1, accepted: "hotfix"}\n'
            'app/y.py:\n  old-path app.old.Thing: {n: 1, accepted: "release"}\n'
        )
        assert check("--stale=fail").code == 0

    def test_the_same_without_the_driver_conflicts(self, work: Repository) -> None:
        work.branch("topic")
        accept(work, {"app/x.py": OLD}, "hotfix")
        work.switch("main")
        accept(work, {"app/y.py": OLD}, "release")
        assert f"CONFLICT (content): Merge conflict in {FILE}" in merge(work, "topic")

    def test_one_side_fixes_what_the_other_adds_to(self, driven: Repository) -> None:
        driven.branch("topic")
        shrink(driven, {"app/routes/room.py": OLD + PADDING})
        driven.switch("main")
        room = FILES["app/routes/room.py"]
        accept(driven, {"app/routes/room.py": room + OLD}, "hotfix")
        assert merge(driven, "topic") == ""
        assert 'app.old.Thing: {n: 2, accepted: "hotfix"}' in baseline(driven)
        assert check("--stale=fail").code == 0

    def test_both_sides_create_the_file(self, driven: Repository) -> None:
        driven.git("rm", "--quiet", FILE)
        driven.commit()
        driven.branch("topic").write({"app/x.py": OLD})
        assert ssot_lint("baseline", "create").code == 0
        driven.commit()
        driven.switch("main").write({"app/y.py": OLD})
        assert ssot_lint("baseline", "create").code == 0
        driven.commit()
        assert merge(driven, "topic") == ""
        entry = "  old-path app.old.Thing: 1\n"
        assert baseline(driven) == BASELINE + f"app/x.py:\n{entry}app/y.py:\n{entry}"

    def test_a_damaged_side_stays_in_conflict(self, driven: Repository) -> None:
        driven.branch("topic").commit({FILE: BASELINE + "nonsense\n"})
        driven.switch("main")
        shrink(driven, {"app/user.py": NEW})
        ours = baseline(driven)
        assert "CONFLICT" in merge(driven, "topic")
        assert baseline(driven) == ours

    def test_renames_on_both_sides(self, driven: Repository) -> None:
        driven.branch("topic").move("app/routes", "app/pages")
        shrink(driven, {})
        driven.switch("main").move("app/user.py", "app/people.py")
        shrink(driven, {"app/routes/room.py": OLD + PADDING})
        assert merge(driven, "topic") == ""
        run = check()
        assert (run.code, run.new) == (0, [])
        assert ssot_lint("baseline", "shrink").code == 0
        assert ssot_lint("baseline", "compact").code == 0
        assert baseline(driven) == HEAD + (
            "app/pages/chat.py:\n  old-path app.old.Thing: 1\n"
            "app/pages/room.py:\n  old-path app.old.Thing: 1\n"
            "app/people.py:\n  old-path app.old.Thing: 1\n"
        )
        assert check("--base", "HEAD^1", "--stale=fail").code == 0

    def test_a_rebase(self, driven: Repository) -> None:
        driven.branch("topic")
        accept(driven, {"app/x.py": OLD}, "hotfix")
        driven.switch("main")
        accept(driven, {"app/y.py": OLD}, "release")
        driven.switch("topic").git("rebase", "--quiet", "main", env={"PATH": PATH})
        assert check("--stale=fail").code == 0

    def test_in_a_folder_of_the_repository(self, driven: Repository) -> None:
        """Git runs the driver at the top, whatever the root is."""
        part = {f"part/{path}": text for path, text in FILES.items()}
        start = {**part, f"part/{FILE}": BASELINE}
        driven.commit(start)
        one = BASELINE.replace("app/routes/chat.py", "app/a.py:\napp/routes/chat.py")
        other = BASELINE.replace("app/routes/chat.py", "app/b.py:\napp/routes/chat.py")
        driven.branch("topic").commit({f"part/{FILE}": one})
        driven.switch("main").commit({f"part/{FILE}": other})
        assert merge(driven, "topic") == ""
        merged = (driven.folder / "part" / FILE).read_text(encoding="utf-8")
        assert merged.startswith(HEAD + "app/a.py:\napp/b.py:\napp/routes/chat.py:\n")


class TestResolve:
    def test_after_a_merge(self, work: Repository) -> None:
        conflict(work)
        assert ssot_lint("baseline", "resolve") == (
            0,
            "",
            (f"{FILE}: resolved, 1 violation tolerated; now 'git add {FILE}'",),
        )
        assert baseline(work) == WITHOUT_ROOM
        work.commit()
        assert check("--stale=fail").code == 0

    def test_whichever_side_merges_the_other(self, work: Repository) -> None:
        conflict(work)
        work.git("merge", "--abort")
        work.switch("topic")
        assert "CONFLICT" in merge(work, "main")
        assert ssot_lint("baseline", "resolve").code == 0
        assert baseline(work) == WITHOUT_ROOM

    @pytest.mark.parametrize(
        "command",
        [
            pytest.param(["rebase", "main"], id="rebase"),
            pytest.param(["cherry-pick", "main"], id="cherry-pick"),
        ],
    )
    def test_after(self, work: Repository, command: list[str]) -> None:
        conflict(work)
        work.git("merge", "--abort")
        work.switch("topic").git(*command, fails=True)
        assert ssot_lint("baseline", "resolve").code == 0
        assert baseline(work) == WITHOUT_ROOM
        work.write({"app/routes/room.py": PADDING})
        work.git("add", "--all")
        work.git(command[0], "--continue", env={"GIT_EDITOR": "true"})
        assert check("--stale=fail").code == 0

    def test_where_both_sides_created_the_file(self, work: Repository) -> None:
        work.git("rm", "--quiet", FILE)
        work.commit()
        entry = "  old-path app.old.Thing: 1\n"
        work.branch("topic").commit({FILE: f"{HEAD}app/a.py:\n{entry}"})
        work.switch("main").commit({FILE: f"{HEAD}app/b.py:\n{entry}"})
        assert "CONFLICT" in merge(work, "topic")
        assert ssot_lint("baseline", "resolve").code == 0
        assert baseline(work) == f"{HEAD}app/a.py:\n{entry}app/b.py:\n{entry}"

    @pytest.mark.parametrize(
        ("merging", "side"),
        [
            pytest.param("topic", "theirs", id="on the other side"),
            pytest.param("main", "ours", id="on this side"),
        ],
    )
    def test_deleted(self, work: Repository, merging: str, side: str) -> None:
        work.branch("topic").git("rm", "--quiet", FILE)
        work.commit()
        work.switch("main")
        shrink(work, {"app/user.py": NEW})
        work.switch("main" if merging == "topic" else "topic")
        assert "CONFLICT (modify/delete)" in merge(work, merging)
        assert ssot_lint("baseline", "resolve") == (
            2,
            "",
            (
                f"ssot-lint: {FILE}: deleted on one side ({side}): keep it with 'git add {FILE}', "
                f"or drop it with 'git rm {FILE}'",
            ),
        )

    def test_no_conflict(self, work: Repository) -> None:
        before = baseline(work)
        assert ssot_lint("baseline", "resolve") == (
            2,
            "",
            (f"ssot-lint: {FILE}: not in conflict, according to git's index",),
        )
        assert baseline(work) == before

    def test_a_conflict_in_another_file_only(self, work: Repository) -> None:
        work.branch("topic").commit({"app/user.py": "x = 1\n"})
        work.switch("main").commit({"app/user.py": "x = 2\n"})
        assert "CONFLICT" in merge(work, "topic")
        assert ssot_lint("baseline", "resolve").code == 2

    def test_a_damaged_side(self, work: Repository) -> None:
        work.branch("topic").commit({FILE: BASELINE + "nonsense\n"})
        work.switch("main").commit({FILE: BASELINE + "app/z.py:\n"})
        assert "CONFLICT" in merge(work, "topic")
        before = baseline(work)
        ran = ssot_lint("baseline", "resolve")
        assert (ran.code, ran.out, len(ran.err)) == (2, "", 1)
        assert ran.err[0].startswith(f"ssot-lint: {FILE} (theirs):8:")
        assert baseline(work) == before

    def test_a_root_below_the_top(self, work: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
        entry = "  old-path app.old.Thing: 1\n"
        part = {f"part/{path}": text for path, text in FILES.items()}
        work.commit({**part, f"part/{FILE}": HEAD})
        work.branch("topic").commit({f"part/{FILE}": f"{HEAD}app/a.py:\n{entry}"})
        work.switch("main").commit({f"part/{FILE}": f"{HEAD}app/b.py:\n{entry}"})
        assert "CONFLICT" in merge(work, "topic")
        monkeypatch.chdir(work.folder / "part")
        assert ssot_lint("baseline", "resolve").code == 0
        merged = (work.folder / "part" / FILE).read_text(encoding="utf-8")
        assert merged == f"{HEAD}app/a.py:\n{entry}app/b.py:\n{entry}"

    def test_no_repository(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        isolate(monkeypatch)
        (tmp_path / "rules.yaml").write_text(RULES)
        (tmp_path / FILE).write_text(BASELINE)
        monkeypatch.chdir(tmp_path)
        assert ssot_lint("baseline", "resolve") == (
            2,
            "",
            (f"ssot-lint: {tmp_path}: not in a git repository",),
        )


class TestDiff:
    def test_what_grew_and_shrank_since_the_last_commit(self, work: Repository) -> None:
        work.write({"app/user.py": NEW, "app/x.py": OLD})
        assert ssot_lint("baseline", "update", "--accept-new", "hotfix").code == 0
        assert ssot_lint("baseline", "diff") == (
            0,
            "+1 app/x.py: old-path app.old.Thing\n-1 app/user.py: old-path app.old.Thing\n",
            (f"{FILE}: 1 more, 1 fewer since HEAD",),
        )

    def test_since_another_revision(self, work: Repository) -> None:
        work.git("tag", "v1")
        shrink(work, {"app/user.py": NEW})
        assert ssot_lint("baseline", "diff").out == ""
        assert ssot_lint("baseline", "diff", "v1").out == "-1 app/user.py: old-path app.old.Thing\n"

    def test_since_there_was_none(self, work: Repository) -> None:
        work.git("rm", "--quiet", FILE)
        work.commit()
        work.write({FILE: BASELINE})
        assert ssot_lint("baseline", "diff").err == (f"{FILE}: 4 more, 0 fewer since HEAD",)

    def test_an_unknown_revision(self, work: Repository) -> None:
        assert ssot_lint("baseline", "diff", "v2") == (
            2,
            "",
            ("ssot-lint: no revision 'v2': git fetch origin v2",),
        )

    def test_a_damaged_one_at_the_revision(self, work: Repository) -> None:
        work.commit({FILE: "nonsense\n"})
        work.write({FILE: BASELINE})
        ran = ssot_lint("baseline", "diff")
        assert (ran.code, ran.out, len(ran.err)) == (2, "", 1)
        assert ran.err[0].startswith(f"ssot-lint: {FILE} at HEAD:")


class TestRules:
    def test_a_rule_is_renamed(self, work: Repository) -> None:
        work.branch("topic").write({"rules.yaml": RULES.replace("old-path", "old-home")})
        ran = ssot_lint("check")
        assert (ran.code, ran.out, len(ran.err)) == (2, "", 1)
        assert "'ssot-lint baseline rename old-path NEW' renames them" in ran.err[0]
        assert ssot_lint("baseline", "rename", "old-path", "old-home").code == 0
        work.commit()
        run = check("--base", "main", "--stale=fail")
        assert (run.code, len(run.known), run.growth) == (0, 4, [])
        assert run.notes("loosened") == ["rules.yaml:1 the change removes rule 'old-path'"]
        assert run.notes("run") == [
            "the change introduces the rule, and tolerates 4 violations [old-home]"
        ]

    def test_a_rule_is_retired(self, work: Repository) -> None:
        without = RULES[: RULES.index("  - name: old-path")] + RULES[RULES.index("  - name: sec") :]
        work.branch("topic").write({"rules.yaml": without})
        ran = ssot_lint("check")
        assert (ran.code, len(ran.err)) == (2, 1)
        assert "'ssot-lint baseline forget old-path' drops them" in ran.err[0]
        assert ssot_lint("baseline", "forget", "old-path").code == 0
        work.commit()
        run = check("--base", "main", "--stale=fail")
        assert (run.code, run.growth) == (0, [])
        assert run.notes("loosened") == ["rules.yaml:1 the change removes rule 'old-path'"]

    def test_a_rule_is_added_and_frozen(self, work: Repository) -> None:
        rule = """\
  - name: no-chat
    kind: forbidden-module
    reason: Rooms are enough.
    modules: [app.routes.chat]
"""
        work.branch("topic").write({"rules.yaml": RULES + rule})
        assert check("--base", "main").new == ["app/routes/chat.py:1 app.routes.chat"]
        assert ssot_lint("baseline", "create", "--rule", "no-chat") == (
            0,
            "",
            (f"{FILE}: 1 violation in 1 file tolerated from now on",),
        )
        work.commit()
        run = check("--base", "main", "--stale=fail")
        assert (run.code, run.growth) == (0, [])
        # Frozen once: from the next change on, the rule is like any other.
        work.branch("next").move("app/routes/chat.py", "app/deep/chat.py")
        assert check("--base", "topic").code == 0

    def test_a_frozen_rule_does_not_tolerate_others(self, work: Repository) -> None:
        work.write({"app/x.py": OLD})
        before = baseline(work)
        ran = ssot_lint("baseline", "create", "--rule", "old-path")
        assert (ran.code, ran.out) == (2, "")
        assert baseline(work) == before


class TestCompact:
    def test_on_the_main_branch(self, work: Repository) -> None:
        shrink(work, {"app/user.py": NEW})
        assert baseline(work).endswith("app/user.py:\n")
        assert ssot_lint("baseline", "compact") == (0, "", (f"{FILE}: 1 clean file dropped",))
        assert baseline(work) == BASELINE[: BASELINE.index("app/user.py")]

    def test_beside_a_branch_that_shrinks(self, driven: Repository) -> None:
        shrink(driven, {"app/user.py": NEW})
        driven.branch("topic")
        shrink(driven, {"app/routes/room.py": PADDING})
        driven.switch("main")
        assert ssot_lint("baseline", "compact").code == 0
        driven.commit()
        assert merge(driven, "topic") == ""
        assert baseline(driven) == (
            HEAD + "app/routes/chat.py:\n  old-path app.old.Thing: 1\napp/routes/room.py:\n"
        )


def test_the_driver_says_what_is_wrong(work: Repository) -> None:
    work.write({"base": "", "ours": BASELINE, "theirs": "nonsense\n"})
    ran: Ran = ssot_lint("baseline", "merge", "base", "ours", "theirs")
    assert (ran.code, ran.out, len(ran.err)) == (2, "", 1)
    assert ran.err[0].startswith("ssot-lint: theirs:1:")
    assert (work.folder / "ours").read_text() == BASELINE
