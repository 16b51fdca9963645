"""Findings are kept while nothing changes that they depend on, and not a moment longer."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ssot_lint.config import read
from ssot_lint.engine import Request, run
from ssot_lint.engine.findings import Findings, pack, unpack
from ssot_lint.model import Note, Report, Span, Violation

RULES = """\
ssot-lint: 1
exclude: [vendored/]
rules:
  - name: old
    kind: legacy-import
    reason: It moved.
    moved: {shop.old: shop.new}
    severity: warning
    until: 2030-01-01
  - name: one-path
    kind: import-path
    reason: One path.
    home: shop.new.Order
  - name: no-dead-ends
    kind: unresolved-import
    reason: It would fail.
  - name: one-order
    kind: lookalike-class
    reason: Two orders differ.
    home: shop.new.Order
    min: 1
  - name: tests-inherit
    kind: required-base
    reason: They clean up.
    classes: ["*Test"]
    bases: [shop.base.Base]
"""
FILES = {
    "rules.yaml": RULES,
    "shop/__init__.py": "from vendored.compat import thing\n",
    "shop/new.py": "class Order:\n    def total(self): ...\n",
    "shop/old.py": "from shop.new import Order\n",
    "shop/base.py": "class Base: ...\nclass Middle(Base): ...\n",
    "vendored/compat.py": "thing = 1\n",
    "use.py": "from shop.old import Order\n",
    "tests/shop_test.py": "from shop.base import Middle\nclass ShopTest(Middle): ...\n",
    "idle.py": "x = 1\n",
}
_moments = count(1_000_000)


def write(root: Path, files: Mapping[str, str | None]) -> None:
    """Writes files, or removes those that are None; each is long at rest, and at its own time."""
    for path, text in files.items():
        target = root / path
        if text is None:
            target.unlink(missing_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        moment = next(_moments)
        os.utime(target, (moment, moment))


def judged(root: Path, *, day: date = date(2026, 1, 1)) -> tuple[Report, bool]:
    """What a run with a cache reports, which must be what one without does; was it kept?"""
    config = read(str(root / "rules.yaml"))
    plain = Request(use_baseline=False, today=day)
    kept = plain._replace(cache=str(root / ".ssot_cache"), always_cache=True)
    report, site = run(config, kept)
    assert report == run(config, plain)[0]
    return report, site.findings is not None


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """One that a run has judged; the next one finds what it kept."""
    write(tmp_path, FILES)
    report, kept = judged(tmp_path)
    assert not kept
    assert {finding.violation.rule for finding in report.findings} == {"old", "one-path"}
    assert judged(tmp_path) == (report, True)
    return tmp_path


@pytest.mark.parametrize(
    "change",
    [
        {"idle.py": "x = 2\n# and more\n"},
        {"idle.py": "import os\nimport other\n"},
        {"shop/page.md": "from shop.old import Order\n"},
        {"rules.yaml": RULES},
    ],
)
def test_what_no_rule_looks_at_may_change(project: Path, change: dict[str, str]) -> None:
    first, _ = judged(project)
    write(project, change)
    assert judged(project) == (first, True)


@pytest.mark.parametrize(
    "change",
    [
        {"use.py": "from shop.old import Order as O\n"},  # a file with a violation
        {"idle.py": "import shop.old\n"},  # one that has a word now
        {"idle.py": "import shop.gone\n"},  # one that leads elsewhere
        {"idle.py": "class Purse:\n    def total(self): ...\n"},  # one that learnt words concern
        {"shop/base.py": "class Base: ...\nclass Middle: ...\n"},  # what an answer led through
        {"vendored/compat.py": "other = 1\n"},  # the same, and not judged itself
        {"vendored/compat.py": None},
        {"shop/base/__init__.py": FILES["shop/base.py"]},  # it hides a module
        {"use.py": None},
        {"shop/more.py": ""},
        {"rules.yaml": RULES.replace("min: 1", "min: 2")},
        {"rules.yaml": "ssot-lint: 1\n\n" + RULES.partition("\n")[2]},  # a rule stands elsewhere
        {"shop/new.py": "class Order:\n    def total(self): ...\nBill = Order\n"},
    ],
)
def test_what_findings_depend_on_may_not(project: Path, change: dict[str, str | None]) -> None:
    write(project, change)
    report, kept = judged(project)
    assert not kept
    assert judged(project) == (report, True)


def test_what_cannot_be_read_is_no_obstacle(tmp_path: Path) -> None:
    """Editors leave links that lead nowhere."""
    write(tmp_path, FILES)
    (tmp_path / "link.py").symlink_to("nowhere.py")
    report, kept = judged(tmp_path)
    assert not kept
    assert "link.py" in {finding.violation.path for finding in report.findings}
    assert judged(tmp_path) == (report, True)
    (tmp_path / "link.py").unlink()
    (tmp_path / "link.py").symlink_to("link.py")
    report, kept = judged(tmp_path)
    assert not kept
    write(tmp_path, {"link.py": None})
    assert judged(tmp_path)[0] != report


def test_kinds_that_know_their_words_are_enough(tmp_path: Path) -> None:
    rules = RULES.partition("  - name: one-path")[0]
    write(tmp_path, {**FILES, "rules.yaml": rules})
    report, kept = judged(tmp_path)
    assert not kept
    assert judged(tmp_path) == (report, True)


def test_neither_may_the_day(project: Path) -> None:
    late = date(2030, 1, 2)
    report, kept = judged(project, day=late)
    assert not kept
    assert {f.violation.severity for f in report.findings if f.violation.rule == "old"} == {"error"}
    assert judged(project, day=late) == (report, True)


def test_inference_looks_far_beyond_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed, project = tmp_path / "installed", tmp_path / "project"
    write(installed, {"outer.py": "class Base: ...\nclass Derived(Base): ...\n"})
    monkeypatch.syspath_prepend(installed)
    rules = RULES.replace("shop.base.Base", "outer.Base")
    test = "from outer import Derived\nclass ShopTest(Derived): ...\n"
    write(project, {**FILES, "rules.yaml": rules, "tests/shop_test.py": test})
    report, kept = judged(project)
    assert not kept
    assert judged(project) == (report, True)

    write(installed, {"outer.py": "class Base: ...\nclass Derived(dict): ...\n"})
    other, kept = judged(project)
    assert not kept
    assert other != report
    assert judged(project) == (other, True)

    write(installed, {"another.py": ""})
    assert judged(project) == (other, False)

    for text in ("one\n", "two\n"):
        write(installed, {"here.pth": text})
        assert judged(project) == (other, False), "it sends imports elsewhere"

    same = installed / "outer.py"
    before = same.stat()
    same.write_text("class Base: ...\nclass Derived(list): ...\n")
    os.utime(same, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert same.stat().st_size == before.st_size
    assert judged(project) == (other, False), "only the ctime tells"
    monkeypatch.syspath_prepend(tmp_path)
    assert judged(project) == (other, False)


def test_a_package_may_have_parts_that_come_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed, project = tmp_path / "installed", tmp_path / "project"
    write(installed, {"spread/part/one.py": ""})
    monkeypatch.syspath_prepend(installed)
    rules = RULES.replace("shop.base.Base", "unittest.TestCase")
    test = "from spread.part.two import Two\nclass ShopTest(Two): ...\n"
    write(project, {**FILES, "rules.yaml": rules, "tests/shop_test.py": test})
    report, _ = judged(project)
    assert judged(project) == (report, True)
    write(installed, {"spread/part/two.py": "class Two(dict): ...\n"})
    found, kept = judged(project)
    assert not kept
    assert len(found.findings) == len(report.findings) + 1


def test_parts_of_a_run_are_not_kept(project: Path) -> None:
    config = read(str(project / "rules.yaml"))
    request = Request(cache=str(project / ".ssot_cache"), always_cache=True, use_baseline=False)
    for each in (
        request._replace(paths=(str(project / "use.py"),)),
        request._replace(prefilter=False),
    ):
        run(config, each)
        assert run(config, each)[1].findings is None


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from([*FILES, "shop/deep/a.py", "shop/old/__init__.py"]),
            st.one_of(
                st.none(),
                st.sampled_from([*FILES.values()][1:]),
                st.lists(
                    st.sampled_from(
                        [
                            "from shop.new import Order as Bill",
                            "from shop import *",
                            "import shop.deep.a",
                            "from .old import Bill",
                            "from shop.old import Bill",
                            "class SomeTest(Bill): ...",
                            "def broken(:",
                            "# ssot: allow old",
                        ]
                    ),
                    max_size=3,
                ).map("\n".join),
            ),
            max_size=2,
        ),
        max_size=4,
    )
)
@settings(deadline=None)
@example([{"shop/old.py": None}, {"shop/old/__init__.py": "from shop.new import Order as Bill"}])
@example([{"shop/old.py": "def broken(:"}, {"shop/new.py": "def broken(:"}, {"use.py": None}])
def test_any_number_of_changes(steps: list[dict[str, str | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, FILES)
        for step in [{}, *steps, {}]:
            write(root, {path: text for path, text in step.items() if path != "rules.yaml"})
            judged(root)


def test_findings_are_packed() -> None:
    violation = Violation("a.py", Span(1, 2, 3, 4), "SOT101", "x", "s", "m", "warning", (5, 6), "r")
    findings = Findings(
        (violation,), (Note("idle", "m", "x", "a.py", 7),), (violation,), (violation,), ("b.py",)
    )
    assert unpack(pack(findings)) == findings
