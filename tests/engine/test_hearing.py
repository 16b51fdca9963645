"""Several processes find what one finds, and know afterwards what it would know."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.config import read
from ssot_lint.engine import Request, run
from ssot_lint.engine.hearing import Heard, hear
from ssot_lint.engine.survey import Site, survey
from tests.engine.test_memory import FILES, RULES, write

MORE = """\
  - name: one-thing
    kind: duplicate-definition
    reason: Two of them differ.
    classes: [Order]
    home: shop.new.Order
    allow_in: [nothing.like.it]
  - name: gone
    kind: import-path
    reason: It cannot work.
    home: shop.gone.Order
  - name: like-a-test
    kind: required-base
    reason: Only inference can tell.
    classes: [TestCase]
    bases: [unittest.case.TestCase]
"""
OTHERS = {
    "rules.yaml": RULES + MORE,
    "second.py": "import shop.torn\nfrom shop.torn import Order\nclass Order: ...\n",
    "shop/torn.py": "def torn(:\n",
    "fourth.py": "import shop.gone\nclass Purse:\n    def total(self): ...\n",
    "third.py": "from enum import *\nclass TestCase(Unknown): ...\n",
}


def heard(site: Site, jobs: int) -> Heard:
    return hear(site, site.rules, jobs, many=1)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, {**FILES, **OTHERS})
    return tmp_path


def test_what_is_found_and_seen(project: Path) -> None:
    config = read(str(project / "rules.yaml"))

    def site() -> Site:
        return survey(config, Request(), config.rules).read(Request())

    one, other = heard(site(), 1), heard(site(), 2)
    assert len({violation.rule for violation in one.violations}) == 5
    assert sorted(other.violations) == sorted(one.violations)
    assert sorted(other.notes) == sorted(one.notes)
    assert [violation.subject for violation in other.broken] == ["gone"]
    assert sorted(other.broken) == sorted(one.broken)
    assert one.seen.unreadable == {"shop/torn.py"}
    assert one.seen.sources
    assert other.seen == one.seen


def test_what_was_parsed_is_kept_by_the_one_that_saves(project: Path) -> None:
    """Or it would be parsed again whenever the rules are."""
    config = read(str(project / "rules.yaml"))
    request = Request(cache=str(project / ".ssot_cache"), always_cache=True)
    first = survey(config, request, config.rules).read(request)
    paths = heard(first, 2).seen.consulted
    first.reader.save()
    second = survey(config, request, config.rules)
    heard(second.read(request), 1)
    assert {path for path, _, _ in second.reader.gain()} == set()
    assert "shop/base.py" in paths


def test_a_run_with_many_files(tmp_path: Path) -> None:
    files = {f"use{n}.py": "from shop.old import Order\n" for n in range(1_100)}
    write(tmp_path, {**FILES, **files})
    config = read(str(tmp_path / "rules.yaml"))
    reports = [run(config, Request(use_baseline=False, jobs=jobs))[0] for jobs in (1, 2)]
    assert reports[0] == reports[1]
    assert len(reports[0].findings) == 2 * len(files) + 2
