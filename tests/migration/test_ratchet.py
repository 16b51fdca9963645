"""What check finds after a batch, held against what it found before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ssot_lint import baseline as baselines
from ssot_lint.config import read
from ssot_lint.engine import Request, ledger
from ssot_lint.migration.model import Change, Rewrite
from ssot_lint.migration.ratchet import Standing, Verdict, judge
from ssot_lint.model import Span

RULES = """\
ssot-lint: 1
rules:
  - {name: old-path, kind: legacy-import, reason: r, moved: {core.old: core.new}}
  - {name: around, kind: restricted-import, reason: r, modules: [core], allow_in: [core]}
"""
FILES = {"core/__init__.py": "", "core/new.py": "X = 1\n"}


def judged(
    folder: Path,
    before: Mapping[str, str],
    after: Mapping[str, str],
    changes: Mapping[str, tuple[str, str]],
    *,
    frozen: bool = True,
) -> Verdict:
    """The verdict on a change of some files, each with an old path and a new one."""
    write(folder, {"rules.yaml": RULES, **FILES, **before})
    config = read(str(folder / "rules.yaml"))
    first = ledger.account(config, Request(), missing_ok=True)
    if frozen:
        baselines.write(str(folder / "ssot-baseline.yml"), baselines.create(first.judgement.kept))
        first = ledger.account(config, Request())
    write(folder, after)
    rewrites = [
        Rewrite(path, b"", (), (Change(Span(1, 1, 1, 1), old, new, "old-path"),), ())
        for path, (old, new) in changes.items()
    ]
    return judge(ledger.account(config, Request(), missing_ok=True), Standing.of(first), rewrites)


def write(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


OLD, NEW = "from core.old import X\n", "from core.new import X\n"
MOVE = {"a.py": ("core.old.X", "core.new.X")}


def test_what_an_import_breaks_besides_is_named_after_its_new_path(tmp_path: Path) -> None:
    verdict = judged(tmp_path, {"a.py": OLD}, {"a.py": NEW}, MOVE)
    assert verdict.new == ()
    assert baselines.dump(verdict.baseline).splitlines()[1:] == [
        "a.py:",
        '  around core.new.X: {n: 1, accepted: "was core.old.X"}',
    ]


def test_that_holds_without_a_baseline_too(tmp_path: Path) -> None:
    verdict = judged(tmp_path, {"a.py": OLD}, {"a.py": NEW}, MOVE, frozen=False)
    assert verdict.new == ()
    assert verdict.baseline == baselines.Baseline()


def test_what_was_not_there_is_new(tmp_path: Path) -> None:
    verdict = judged(tmp_path, {"a.py": OLD}, {"a.py": NEW + "import core.other\n"}, MOVE)
    assert [(v.path, v.span.line, v.subject) for v in verdict.new] == [("a.py", 2, "core.other")]


def test_one_more_of_the_same_is_new(tmp_path: Path) -> None:
    verdict = judged(tmp_path, {"a.py": OLD}, {"a.py": NEW * 2}, MOVE)
    assert [(v.rule, v.subject) for v in verdict.new] == [("around", "core.new.X")]
    assert verdict.baseline.total == 1


def test_a_violation_of_a_file_that_was_not_rewritten_is_new(tmp_path: Path) -> None:
    before = {"a.py": OLD, "b.py": OLD}
    verdict = judged(tmp_path, before, {"a.py": NEW, "b.py": NEW}, MOVE)
    assert [(v.path, v.subject) for v in verdict.new] == [("b.py", "core.new.X")]


def test_what_is_below_the_path_is_renamed_with_it(tmp_path: Path) -> None:
    files = {"a.py": "import core.old\n\ncore.old.X\n"}
    after = {"a.py": "import core.new\n\ncore.new.X\n"}
    verdict = judged(tmp_path, files, after, {"a.py": ("core.old", "core.new")})
    assert verdict.new == ()
    assert {key.subject for key in verdict.baseline.entries} == {"core.new"}
