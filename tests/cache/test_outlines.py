"""What contents refer to, and what runs found, is kept for a while."""

from __future__ import annotations

from pathlib import Path

from ssot_lint.cache import content_hash
from ssot_lint.cache.limits import MOST_FOUND, SPARE
from ssot_lint.cache.outlines import MOST_KINDS
from tests.cache.caches import opened, status

ONE, OTHER = content_hash(b"one"), content_hash(b"other")


def test_outlines_by_content_and_kind(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    cache.store_outline(ONE, b"kind", ("a.b:c", "a.b:"))
    cache.store_outline(OTHER, b"kind", ())
    assert cache.outline(ONE, b"kind") == ("a.b:c", "a.b:")
    cache.save()
    cache = opened(tmp_path)
    assert cache.outline(ONE, b"kind") == ("a.b:c", "a.b:")
    assert cache.outline(OTHER, b"kind") == ()
    assert cache.outline(ONE, b"another kind") is None
    assert cache.outline(content_hash(b"new"), b"kind") is None


def test_the_kinds_that_were_used_last_stay(tmp_path: Path) -> None:
    for number in range(MOST_KINDS + 1):
        cache = opened(tmp_path)
        cache.outline(ONE, b"0")
        cache.store_outline(ONE, b"%d" % number, (str(number),))
        cache.save()
    cache = opened(tmp_path)
    known = [cache.outline(ONE, b"%d" % number) for number in range(MOST_KINDS + 1)]
    assert known == [("0",), None, *((str(n),) for n in range(2, MOST_KINDS + 1))]


def test_they_go_with_their_contents(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    cache.remember("a.py", status(), ONE)
    cache.store(ONE, b"facts")
    cache.store(OTHER, bytes(SPARE + 4096))
    cache.store_outline(OTHER, b"kind", ("gone",))
    cache.store_outline(ONE, b"kind", ("stays",))
    cache.save()
    cache = opened(tmp_path)
    cache.remember("b.py", status(mtime=1), content_hash(b"third"))
    cache.save()
    cache = opened(tmp_path)
    assert cache.outline(OTHER, b"kind") is None
    assert cache.outline(ONE, b"kind") == ("stays",)


def test_what_runs_found(tmp_path: Path) -> None:
    for number in range(MOST_FOUND + 1):
        cache = opened(tmp_path)
        cache.keep_found(b"%d" % number, b"found %d" % number)
        assert cache.recall_found(b"%d" % number) == b"found %d" % number
        cache.save()
    cache = opened(tmp_path)
    known = [cache.recall_found(b"%d" % number) for number in range(MOST_FOUND + 1)]
    assert known == [None, *(b"found %d" % number for number in range(1, MOST_FOUND + 1))]
