"""The whole run, on small real trees: what is asked in which order, and what becomes of entries."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ssot_lint.config import Config, read
from ssot_lint.engine import Request, lint
from ssot_lint.engine.judge import judge
from ssot_lint.engine.request import selected
from ssot_lint.engine.survey import Site, project_of, survey
from ssot_lint.model import Finding
from ssot_lint.reading import Reader
from tests.engine.running import check, ssot_lint
from tests.engine.test_change import baseline
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
      app.package.Thing: app.new.Thing
  - name: old-text
    kind: legacy-reference
    reason: A patch target follows the import.
    of: old-path
  - name: second-thing
    kind: duplicate-definition
    reason: Two things drift apart.
    classes: [Thing]
    home: app.new.Thing
  - name: one-thing
    kind: divergent-name
    reason: Everybody must mean the same thing.
    names: [Thing]
    home: app.new.Thing
  - name: no-factory
    kind: forbidden-module
    reason: Make it yourself.
    modules: ["app.*factory*"]
"""
FILES = {
    "rules.yaml": RULES,
    "app/__init__.py": "",
    "app/new.py": "class Thing: ...\n",
    "app/old.py": "from app.new import Thing\n",
    "app/package/__init__.py": "from app.second import *\n",
    "app/second.py": "class Thing: ...\n",
    "app/a.py": "from app.old import Thing\nfrom app.package import *\n",
    "app/b.py": "from app.a import Thing\nname = 'app.old.Thing'\n",
    "app/c.py": "from app.package import Thing as Other, Thing\n",
    "app/d.py": "import app.old  # ssot: allow old-path (why)\nx = 1  # noqa: SOT102\n",
    "app/factory.py": "import app.old\nimport app.old\n",
    "app/broken.py": "import app.old\ndef\n",
}
OLD = "import app.old\n"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[str, str]], Path]:
    """Writes files into the folder that we stand in; "" for a path deletes nothing."""
    isolate(monkeypatch)
    monkeypatch.chdir(tmp_path)

    def write(files: Mapping[str, str]) -> Path:
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8")
        return tmp_path

    return write


Write = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def tree(write: Write) -> Path:
    """A tree with violations of every kind."""
    return write(FILES)


@pytest.fixture
def clean(write: Write) -> Path:
    """A tree without violations."""
    return write({"rules.yaml": RULES, "app/__init__.py": "", "app/new.py": "class Thing: ...\n"})


def config(folder: Path) -> Config:
    return read(str(folder / "rules.yaml"))


class TestOrder:
    """`Project` is a value: what was asked before never changes an answer."""

    @pytest.mark.parametrize("seed", range(5))
    def test_of_files_and_rules_does_not_matter(self, tree: Path, seed: int) -> None:
        told = config(tree)
        rules = list(selected(told, Request()))
        site = survey(told, Request(), rules)
        expected = judge(site, rules)
        assert len({violation.rule for violation in expected.kept}) == 7, "every rule has its say"
        files = list(site.project.files)
        shuffle = random.Random(seed).shuffle
        shuffle(files)
        shuffle(rules)
        reader = Reader(told.root)
        fresh = Site(
            told,
            site.discovery,
            reader,
            project_of(told, files, site.discovery.roots, reader),
            site.asked,
            complete=True,
        )
        assert judge(fresh, rules) == expected

    def test_of_the_rules_in_the_file_does_not_matter(self, tree: Path) -> None:
        head, *rules = RULES.split("  - ")
        expected = lint(config(tree), Request()).findings
        (tree / "rules.yaml").write_text(head + "".join(f"  - {rule}" for rule in rules[::-1]))
        assert lint(config(tree), Request()).findings == expected

    def test_two_runs_say_the_same(self, tree: Path) -> None:
        assert ssot_lint("check", "-v") == ssot_lint("check", "-v")


class TestPartialRuns:
    """What a run about some files says of them is what the full run says of them."""

    NEEDS_ALL = ("unused-suppression", "broken-rule")

    def found(self, findings: tuple[Finding, ...], path: str) -> list[Finding]:
        return [
            finding
            for finding in findings
            if finding.violation.path == path and finding.violation.rule not in self.NEEDS_ALL
        ]

    @pytest.mark.parametrize("path", sorted(path for path in FILES if path.endswith(".py")))
    def test_one_file(self, tree: Path, path: str) -> None:
        (tree / "ssot-baseline.yml").write_text(
            baseline("app/a.py old-path app.old.Thing: 1", "app/factory.py old-path app.old: 1")
        )
        whole = lint(config(tree), Request())
        part = lint(config(tree), Request(paths=(str(tree / path),)))
        assert (part.complete, part.files) == (False, 1)
        assert list(part.findings) == self.found(whole.findings, path)

    def test_a_folder(self, tree: Path) -> None:
        whole = lint(config(tree), Request())
        part = lint(config(tree), Request(paths=(str(tree / "app"),)))
        paths = sorted({finding.violation.path for finding in part.findings})
        assert list(part.findings) == [
            finding for path in paths for finding in self.found(whole.findings, path)
        ]

    def test_the_root_is_no_part(self, tree: Path) -> None:
        whole = lint(config(tree), Request())
        assert whole.complete
        assert lint(config(tree), Request(paths=(str(tree),))) == whole
        assert lint(config(tree), Request(paths=(str(tree.parent),))) == whole

    def test_file_scope_leaves_the_others_out(self, tree: Path) -> None:
        whole = lint(config(tree), Request())
        part = lint(config(tree), Request(file_scope=True))
        wide = {"one-thing", *self.NEEDS_ALL}
        assert not part.complete
        assert list(part.findings) == [
            finding for finding in whole.findings if finding.violation.rule not in wide
        ]

    def test_what_is_not_asked_about_is_neither_fixed_nor_out_of_scope(self, clean: Path) -> None:
        (clean / "ssot-baseline.yml").write_text(
            baseline("app/gone.py old-path app.old: 1", "app/new.py old-path app.old: 1")
        )
        assert check("app/new.py").stale == []
        assert check().stale == ["app/gone.py app.old: 1", "app/new.py app.old: 1"]


class TestRenames:
    def test_without_git(self, clean: Path, write: Write) -> None:
        write(
            {
                "lib/one.py": OLD,
                "lib/two.py": OLD + OLD,
                "ssot-baseline.yml": baseline(
                    "app/one.py old-path app.old: 1", "app/two.py old-path app.old: 2"
                ),
            }
        )
        run = check()
        assert (run.code, run.stale) == (0, [])
        assert run.known == ["lib/one.py:1 app.old", "lib/two.py:1 app.old", "lib/two.py:2 app.old"]
        assert run.report["renamed"] == [
            {"old": "app/one.py", "new": "lib/one.py", "tie": False},
            {"old": "app/two.py", "new": "lib/two.py", "tie": False},
        ]
        ssot_lint("baseline", "shrink")
        assert (clean / "ssot-baseline.yml").read_text() == baseline(
            "app/one.py",
            "app/two.py",
            "lib/one.py old-path app.old: 1",
            "lib/two.py old-path app.old: 2",
        )

    def test_a_run_about_the_renamed_file(self, clean: Path, write: Write) -> None:
        write(
            {
                "lib/one.py": OLD,
                "ssot-baseline.yml": baseline("app/one.py old-path app.old: 1"),
            }
        )
        run = check("lib/one.py")
        assert (run.code, run.known, run.report["renamed"]) == (0, ["lib/one.py:1 app.old"], [])
        assert check("lib").code == 0

    def test_a_run_about_a_file_of_another_name_cannot_tell(
        self, clean: Path, write: Write
    ) -> None:
        write(
            {
                "lib/one.py": OLD,
                "ssot-baseline.yml": baseline("app/first.py old-path app.old: 1"),
            }
        )
        assert check("lib/one.py").new == ["lib/one.py:1 app.old"]
        assert check().code == 0

    def test_a_forbidden_module_takes_nothing_along(self, clean: Path, write: Write) -> None:
        write(
            {
                "app/a_factory.py": "",
                "ssot-baseline.yml": baseline("app/b_factory.py no-factory app.b_factory: 1"),
            }
        )
        run = check()
        assert (run.new, run.stale) == (
            ["app/a_factory.py:1 app.a_factory"],
            ["app/b_factory.py app.b_factory: 1"],
        )


class TestEntries:
    """What becomes of baseline entries whose violation is not there."""

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            pytest.param("roots: [.]", "roots: [.]\nexclude: [far/]", id="excluded"),
            pytest.param(
                "    moved:", "    exclude: [far/]\n    moved:", id="excluded by the rule"
            ),
            pytest.param(
                "    moved:", "    paths: [app/]\n    moved:", id="outside the rule's paths"
            ),
            pytest.param("    moved:", "    allow_in: [far]\n    moved:", id="allowed there"),
        ],
    )
    def test_out_of_scope(self, clean: Path, write: Write, old: str, new: str) -> None:
        kept = "app/user.py old-path app.old: 1"
        write(
            {
                "rules.yaml": RULES.replace(old, new, 1),
                "app/user.py": OLD,
                "far/user.py": OLD,
                "ssot-baseline.yml": baseline(kept, "far/user.py old-path app.old: 1"),
            }
        )
        run = check("--stale=fail")
        assert (run.code, run.stale) == (0, [])
        (entry,) = run.report["out_of_scope"]
        assert (entry["path"], entry["count"]) == ("far/user.py", 1)
        ssot_lint("baseline", "shrink")
        assert (clean / "ssot-baseline.yml").read_text() == baseline(kept, "far/user.py")

    def test_ignored_by_git(self, clean: Path, write: Write) -> None:
        """As excluded: the file is there, and nobody judges it."""
        write(
            {
                ".gitignore": "far/\n",
                "far/user.py": OLD,
                "ssot-baseline.yml": baseline("far/user.py old-path app.old: 1"),
            }
        )
        run = check()
        assert (run.stale, len(run.report["out_of_scope"])) == ([], 1)

    def test_of_a_file_that_does_not_parse(self, clean: Path, write: Write) -> None:
        text = baseline("app/user.py old-path app.old: 1")
        write({"app/user.py": OLD + "def\n", "ssot-baseline.yml": text})
        run = check()
        assert (run.code, run.stale, run.new) == (1, [], ["app/user.py:2 syntax"])
        ssot_lint("baseline", "shrink")
        assert (clean / "ssot-baseline.yml").read_text() == text

    def test_of_a_file_that_does_not_parse_and_holds_no_word_of_a_rule(
        self, clean: Path, write: Write
    ) -> None:
        text = baseline("app/user.py old-path app.old: 1")
        write({"app/user.py": "def\n", "ssot-baseline.yml": text})
        run = check()
        assert (run.code, run.stale) == (0, [])
        assert run.report["files"]["broken"] == []
        run = check("--no-prefilter")
        assert (run.code, run.stale) == (0, [])
        assert run.report["files"]["broken"] == ["app/user.py"]
        ssot_lint("baseline", "shrink")
        assert (clean / "ssot-baseline.yml").read_text() == text

    def test_of_a_rule_that_was_not_selected(self, clean: Path, write: Write) -> None:
        write({"ssot-baseline.yml": baseline("app/new.py old-path app.old: 1")})
        assert check("--rule", "one-thing", "--stale=fail").code == 0
        assert check("--rule", "old-path", "--stale=fail").code == 3

    def test_suppressed_is_not_fixed(self, clean: Path, write: Write) -> None:
        write(
            {
                "app/user.py": "import app.old  # ssot: allow old-path (why)\n",
                "ssot-baseline.yml": baseline("app/user.py old-path app.old: 1"),
            }
        )
        run = check("--stale=fail")
        (row,) = (row for row in run.report["rules"] if row["rule"] == "old-path")
        assert (run.code, run.stale) == (0, [])
        assert (row["baseline"], row["now"], row["fixed"], row["suppressed"]) == (1, 0, 0, 1)
        ssot_lint("baseline", "shrink")
        assert (clean / "ssot-baseline.yml").read_text() == baseline("app/user.py")

    def test_of_a_rule_that_nobody_knows(self, clean: Path, write: Write) -> None:
        write({"ssot-baseline.yml": baseline("app/new.py older-path app.old: 1")})
        assert ssot_lint("check") == (
            2,
            "",
            (
                "ssot-lint: ssot-baseline.yml: has entries of rule 'older-path', which the rules "
                "lack: 'ssot-lint baseline forget older-path' drops them, 'ssot-lint baseline "
                "rename older-path NEW' renames them",
            ),
        )


class TestNoBaseline:
    def test_the_default_one_is_absent(self, clean: Path, write: Write) -> None:
        write({"app/user.py": OLD})
        ran = ssot_lint("check", "-q")
        assert (ran.code, ran.err) == (
            1,
            (
                "ssot-lint: there is no baseline (ssot-baseline.yml), so everything is new; "
                "'ssot-lint baseline create' tolerates what exists",
            ),
        )

    def test_the_one_that_the_rules_name_is_absent(self, clean: Path, write: Write) -> None:
        write({"rules.yaml": RULES.replace("roots: [.]", "roots: [.]\nbaseline: debt.yml")})
        assert ssot_lint("check") == (
            2,
            "",
            (
                "ssot-lint: debt.yml: there is no such baseline; "
                "'ssot-lint baseline create' makes it",
            ),
        )

    def test_one_of_another_version(self, clean: Path, write: Write) -> None:
        write({"ssot-baseline.yml": baseline().replace("v1", "v2")})
        ran = ssot_lint("check")
        assert (ran.code, ran.out, len(ran.err)) == (2, "", 1)


MILD = RULES.replace("    moved:", "    severity: warning\n    until: 2027-01-31\n    moved:")


class TestFailing:
    @pytest.mark.parametrize(
        ("today", "code"),
        [
            pytest.param("2027-01-30", 0, id="before the date"),
            pytest.param("2027-01-31", 0, id="on the date"),
            pytest.param("2027-02-01", 1, id="from the day after"),
        ],
    )
    def test_warnings_until_their_date(
        self, clean: Path, write: Write, today: str, code: int
    ) -> None:
        write({"rules.yaml": MILD, "app/user.py": OLD})
        run = check("--today", today)
        assert (run.code, run.new) == (code, ["app/user.py:1 app.old"])
        assert run.failed == ["1 new violation"] * code

    def test_known_ones_stay_known_after_the_date(self, clean: Path, write: Write) -> None:
        write({"rules.yaml": MILD, "app/user.py": OLD})
        ssot_lint("baseline", "create")
        assert check("--today", "2027-02-01").code == 0

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            pytest.param([], 1, id="new beats stale"),
            pytest.param(["--stale=fail"], 1, id="even where stale fails"),
            pytest.param(["--exit-zero"], 0, id="unless nothing is to fail"),
            pytest.param(["--rule", "one-thing"], 0, id="what was not asked for does not fail"),
        ],
    )
    def test_new_and_stale(
        self, clean: Path, write: Write, arguments: list[str], code: int
    ) -> None:
        tolerated = baseline("app/new.py old-path app.old: 1")
        write({"app/user.py": OLD, "ssot-baseline.yml": tolerated})
        assert check(*arguments).code == code

    def test_a_broken_rule_beats_everything(self, clean: Path, write: Write) -> None:
        rules = RULES.replace("home: app.new.Thing", "home: app.newer.Thing", 1)
        write({"rules.yaml": rules, "app/user.py": OLD})
        for arguments in ([], ["--exit-zero"], ["--stale=fail"], ["--expect-violations"]):
            run = check(*arguments)
            assert (run.code, run.report["outcome"]["unusable"]) == (2, True)

    def test_every_reason_is_given(self, clean: Path, write: Write) -> None:
        repository = Repository(clean)
        tolerated = baseline("app/user.py old-path app.old: 1")
        repository.commit({"app/user.py": OLD, "ssot-baseline.yml": tolerated})
        write(
            {
                "app/user.py": OLD + OLD,
                "app/other.py": OLD + OLD.replace("\n", "  # ssot: allow old-path (why)\n"),
                "ssot-baseline.yml": baseline("app/user.py old-path app.old: 2"),
            }
        )
        run = check("--base", "HEAD", "--max-new-suppressions", "0")
        assert (run.code, run.failed) == (
            1,
            [
                "1 new violation",
                "1 baseline entry grew without a reason",
                "1 suppression added, and at most 0 allowed",
            ],
        )


class TestHiddenFiles:
    def hide(self, write: Write, ignored: str, files: Mapping[str, str]) -> Repository:
        folder = write({**files, ".gitignore": ignored})
        repository = Repository(folder)
        repository.git("add", "--force", "--all")
        return repository

    def test_tracked_files_that_are_ignored_are_one_line(self, clean: Path, write: Write) -> None:
        self.hide(write, "far/\n", {"far/a.py": OLD, "far/b.py": OLD, "far/c.txt": ""})
        run = check()
        assert (run.code, run.notes("run")) == (
            0,
            ["a .gitignore hides 2 Python files that git tracks, such as far/a.py"],
        )

    def test_one_file(self, clean: Path, write: Write) -> None:
        self.hide(write, "far.py\n", {"far.py": OLD})
        assert check().notes("run") == [
            "a .gitignore hides 1 Python file that git tracks, such as far.py"
        ]

    def test_files_that_are_not_tracked_are_none_of_our_business(
        self, clean: Path, write: Write
    ) -> None:
        self.hide(write, "far/\n", {})
        write({"far/a.py": OLD})
        assert check().notes("run") == []

    def test_it_is_a_matter_of_full_runs(self, clean: Path, write: Write) -> None:
        self.hide(write, "far/\n", {"far/a.py": OLD})
        assert check("app").notes("run") == []

    def test_in_a_hook_that_git_runs(
        self, clean: Path, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Git tells its hooks where the index is, relative to the top: our root may be below."""
        part = {f"part/{path}": (clean / path).read_text() for path in ("rules.yaml", "app/new.py")}
        self.hide(write, "far/\n", {**part, "part/far/a.py": OLD})
        monkeypatch.setenv("GIT_DIR", ".git")
        monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
        monkeypatch.chdir(clean / "part")
        assert check().notes("run") == [
            "a .gitignore hides 1 Python file that git tracks, such as far/a.py"
        ]
