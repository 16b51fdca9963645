"""What is forgotten, and what never is."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.cache import content_hash, info
from ssot_lint.cache.answers import Answers
from ssot_lint.cache.layout import Index
from ssot_lint.cache.limits import SPARE, bounded
from tests.cache.caches import WORDS, filled, opened, status

MIB = 1 << 20


def digest(number: int) -> bytes:
    return content_hash(b"%d" % number)


def test_facts_of_older_versions_of_files_stay_while_there_is_room(tmp_path: Path) -> None:
    for number in range(5):
        cache = opened(tmp_path)
        cache.remember("a.py", status(mtime=number), digest(number))
        cache.store(digest(number), bytes(MIB))
        cache.save()
    cache = opened(tmp_path)
    assert [cache.facts(digest(number)) is not None for number in range(5)] == [True] * 5


def test_when_they_outweigh_the_rest_they_go(tmp_path: Path) -> None:
    """They, and nothing else: neither the files' own facts nor what this run has read."""
    cache = opened(tmp_path)
    cache.remember("a.py", status(), digest(1))
    cache.remember("b.py", status(mtime=1), digest(2))
    cache.store(digest(1), b"facts of a")
    cache.store(digest(2), b"facts of b")
    cache.store(digest(3), bytes(SPARE + 4096))
    cache.store(digest(4), b"facts of a buffer")
    for number in (1, 3, 4):
        cache.store_answer(digest(number), WORDS, 0)
    cache.save()
    cache = opened(tmp_path)
    assert cache.facts(digest(3)) is not None, "it was read in that run"
    cache.store(digest(5), bytes(range(256)))
    cache.save()
    cache = opened(tmp_path)
    known = {number: cache.facts(digest(number)) for number in range(1, 6)}
    assert known == {
        1: b"facts of a",
        2: b"facts of b",
        3: None,
        4: None,
        5: bytes(range(256)),
    }
    assert [number for number in range(1, 6) if cache.answer(digest(number), WORDS) == 0] == [1]
    assert cache.digest_of("a.py", status()) == digest(1)
    assert cache.digest_of("b.py", status(mtime=1)) == digest(2)
    assert info(str(tmp_path)).bytes < 2000


def test_a_cache_does_not_grow_for_ever(tmp_path: Path) -> None:
    for number in range(60):
        cache = opened(tmp_path)
        cache.remember("a.py", status(mtime=number), digest(number))
        cache.store(digest(number), bytes(MIB))
        cache.save()
        assert info(str(tmp_path)).bytes <= SPARE + 3 * MIB + 10_000


def index_of(paths: int) -> Index:
    index = Index("v")
    for number in range(paths):
        index.paths.append(f"{number}.py")
        index.stamps.append(b"%32d" % number)
        index.contents.append(number)
        index.hashes.append(digest(number))
        index.lengths.append(0)
        index.checks.append(bytes(8))
        index.marks.append(number % 2)
    return index


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        pytest.param([0], [0, 1, 2, 3, 4, 5], id="a run about one file forgets none"),
        pytest.param([], [0, 1, 2, 3, 4, 5], id="nor one about none"),
    ],
)
def test_paths_stay_though_a_run_does_not_ask_for_them(asked: list[int], kept: list[int]) -> None:
    flags = [number in asked for number in range(6)]
    index, contents = bounded(index_of(6), flags, (), (), most_paths=6)
    assert index.paths == [f"{number}.py" for number in kept]
    assert list(contents) == kept


def test_paths_that_nobody_asks_for_go_when_there_are_too_many() -> None:
    flags = [number in (1, 8) for number in range(10)]
    index, contents = bounded(index_of(10), flags, (), (), most_paths=5)
    assert index.paths == ["1.py", "8.py"]
    assert index.stamps == [b"%32d" % 1, b"%32d" % 8]
    assert [index.hashes[number] for number in index.contents] == [digest(1), digest(8)]
    assert list(contents) == list(range(10)), "their contents are few"


def test_contents_are_renumbered_as_others_go() -> None:
    index = index_of(40_000)
    flags = [number in (7, 39_000) for number in range(40_000)]
    index.answers = {
        b"w": Answers(1, bytes(39_001)),
        b"short": Answers(1, b"\1" * 8),
        b"none": Answers(),
    }
    index.answers[b"w"].put(39_000, 0)
    kept, contents = bounded(index, flags, {b"none"}, (123,), most_paths=10)
    assert list(contents) == [7, 123, 39_000]
    assert kept.paths == ["7.py", "39000.py"]
    assert list(kept.contents) == [0, 2]
    assert kept.hashes == [digest(7), digest(123), digest(39_000)]
    assert list(kept.marks) == [1, 1, 0]
    assert [(words, [*each.data]) for words, each in kept.answers.items()] == [
        (b"w", [0, 0, 1]),
        (b"short", [1, 0, 0]),
        (b"none", [0, 0, 0]),
    ]


def test_nothing_is_moved_where_nothing_goes(tmp_path: Path) -> None:
    file = filled(tmp_path)
    before = file.stat().st_size
    cache = opened(tmp_path)
    cache.remember("app/c.py", status(), content_hash(b"import a\n"))
    cache.save()
    assert before < file.stat().st_size < before + 100
