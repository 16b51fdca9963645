"""The pages of this folder: files before and after, and what is skipped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from ssot_lint.migration.model import Change, Skip
from ssot_lint.migration.verification import verify
from tests.migration.rewriting.running import changes, ground, write
from tests.migration.rewriting.shop import FILES, MOVED, REMOVED

_BLOCK = re.compile(r"^```(before|after|skipped)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"^`([^`\n]+)`:$", re.MULTILINE)


class Case(NamedTuple):
    title: str
    path: str
    before: str
    after: str
    skipped: list[str]


def cases() -> Iterator[Case]:
    for page in sorted(Path(__file__).parent.glob("*.md")):
        for section in page.read_text(encoding="utf-8").split("\n## ")[1:]:
            blocks: dict[str, str] = dict(_BLOCK.findall(section))
            path = _PATH.search(section)
            yield Case(
                f"{page.stem}: {section.partition(chr(10))[0]}",
                path[1] if path else "app.py",
                blocks["before"],
                blocks.get("after", blocks["before"]),
                blocks.get("skipped", "").splitlines(),
            )


CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_case(case: Case, tmp_path: Path) -> None:
    write(tmp_path, {**FILES, case.path: case.before.encode()})
    shop = ground(tmp_path, MOVED, REMOVED)
    wanted = changes(shop)[case.path]

    done = shop.rewritten(case.path, wanted)

    assert done.after.decode() == case.after
    assert [f"{s.line} {s.old}: {s.reason}" for s in done.skips] == case.skipped
    assert all(skip.path == case.path and skip.rule for skip in done.skips)
    assert verify(shop.project, shop.module(case.path), done) is None
    # Whatever was not skipped is made, and nobody asks for it again.
    assert {*wanted} - {*done.made} == {c for c in wanted if _is_skipped(c, done.skips)}
    write(tmp_path, {case.path: done.after})
    again = changes(ground(tmp_path, MOVED, REMOVED)).get(case.path, [])
    assert sorted(c.old for c in again) == sorted(skip.old for skip in done.skips)


def _is_skipped(change: Change, skips: Sequence[Skip]) -> bool:
    return any(
        (s.line, s.rule, s.old) == (change.span.line, change.rule, change.old) for s in skips
    )


@pytest.mark.parametrize("number", [*range(7, 32)])
def test_every_point_of_the_checklist_has_a_case(number: int) -> None:
    assert any(f"({number})" in case.title for case in CASES)
