"""Whatever happened to the file: a miss, never an error, never a wrong answer."""

from __future__ import annotations

import marshal
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.cache import content_hash
from ssot_lint.cache.folder import FILE_NAME
from tests.cache.caches import CONTENTS, VERSION, WORDS, facts_of, filled, opened, status


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return filled(tmp_path_factory.mktemp("whole")).read_bytes()


def answers(folder: Path) -> int:
    """How many questions the cache in `folder` answers; what it answers is right."""
    cache = opened(folder)
    count = 0
    for path, data in CONTENTS.items():
        digest = cache.digest_of(path, status())
        facts = cache.facts(content_hash(data))
        assert digest in (None, content_hash(data))
        assert facts in (None, facts_of(data))
        assert cache.answer(content_hash(b"import a\n"), WORDS) is None
        count += (digest is not None) + (facts is not None)
    return count + (cache.answer(content_hash(b"import b\n"), WORDS) == 0)


ALL = 7


def put(folder: Path, data: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / FILE_NAME).write_bytes(data)
    return folder


def recovers(folder: Path) -> bool:
    """Whether a run on a damaged cache leaves a whole one."""
    filled(folder)
    return answers(folder) == ALL


def test_a_whole_file_answers_everything(tmp_path: Path, whole: bytes) -> None:
    assert answers(put(tmp_path / "c", whole)) == ALL


def test_a_file_cut_at_any_length(tmp_path: Path, whole: bytes) -> None:
    for length in range(len(whole)):
        assert answers(put(tmp_path / "c", whole[:length])) < ALL
    assert recovers(tmp_path / "c")


def test_any_flipped_bit(tmp_path: Path, whole: bytes) -> None:
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        assert answers(put(tmp_path / "c", bytes(damaged))) < ALL
    assert recovers(tmp_path / "c")


@given(data=st.data())
def test_any_stretch_replaced(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    damaged = whole[:start] + data.draw(st.binary(max_size=64)) + whole[end:]
    folder = put(tmp_path_factory.mktemp("c"), damaged)
    assert answers(folder) == ALL if damaged.startswith(whole) else answers(folder) < ALL


@given(garbage=st.binary(max_size=200))
def test_any_other_bytes(tmp_path_factory: pytest.TempPathFactory, garbage: bytes) -> None:
    assert answers(put(tmp_path_factory.mktemp("c"), garbage)) == 0


def test_facts_that_changed_places(tmp_path: Path, whole: bytes) -> None:
    a, b = facts_of(b"import a\n"), facts_of(b"import b\n")
    assert whole.endswith(a + b)
    swapped = whole[: -len(a + b)] + b + a
    assert answers(put(tmp_path / "c", swapped)) == ALL - 3
    assert recovers(tmp_path / "c")


def test_damaged_facts_are_replaced_and_the_others_kept(tmp_path: Path, whole: bytes) -> None:
    put(tmp_path / "c", whole[:-1] + b"\0")
    digest = content_hash(b"import b\n")
    cache = opened(tmp_path / "c")
    assert cache.facts(digest) is None
    cache.store(digest, facts_of(b"import b\n"))
    assert cache.save() == ""
    assert answers(tmp_path / "c") == ALL


def test_a_file_that_shrinks_while_it_is_open(tmp_path: Path, whole: bytes) -> None:
    file = put(tmp_path / "c", whole) / FILE_NAME
    cache = opened(tmp_path / "c")
    os.truncate(file, len(whole) - 5)
    assert cache.facts(content_hash(b"import a\n")) == facts_of(b"import a\n")
    assert cache.facts(content_hash(b"import b\n")) is None
    cache.remember("new.py", status(), content_hash(b"new"))
    assert cache.save() == ""
    cache = opened(tmp_path / "c")
    assert cache.facts(content_hash(b"import a\n")) == facts_of(b"import a\n")
    assert cache.facts(content_hash(b"import b\n")) is None
    assert cache.digest_of("new.py", status()) == content_hash(b"new")


def test_a_file_that_is_replaced_while_it_is_open(tmp_path: Path, whole: bytes) -> None:
    put(tmp_path / "c", whole)
    cache = opened(tmp_path / "c")
    other = opened(tmp_path / "c")
    other.store(content_hash(b"import a\n"), b"longer than before, so that all the others move")
    other.save()
    assert cache.facts(content_hash(b"import b\n")) == facts_of(b"import b\n")


def test_a_header_that_promises_more_than_there_is(tmp_path: Path, whole: bytes) -> None:
    """A length of exabytes is not allocated."""
    huge = whole[:8] + b"\xff" * 7 + b"\x0f" + whole[16:]
    assert answers(put(tmp_path / "c", huge)) == 0


def test_marshal_data_without_our_checksum_is_not_even_loaded(tmp_path: Path) -> None:
    """It may crash the interpreter: so does this, a tuple of 2**30 elements, on a small machine."""
    bomb = b"(" + (1 << 30).to_bytes(4, "little")
    header = b"ssot1lit" + len(bomb).to_bytes(8, "little") + bytes(16)
    assert answers(put(tmp_path / "c", header + bomb)) == 0
    assert answers(put(tmp_path / "c", marshal.dumps((VERSION,)))) == 0


@pytest.mark.parametrize("kind", ["folder", "pipe", "dangling link", "link to itself", "device"])
def test_something_else_under_the_file_s_name(tmp_path: Path, kind: str) -> None:
    file = tmp_path / FILE_NAME
    if kind == "folder":
        file.mkdir()
    elif kind == "pipe":
        os.mkfifo(file)
    else:
        target = {"dangling link": "gone", "link to itself": FILE_NAME, "device": "/dev/zero"}
        file.symlink_to(target[kind])
    assert answers(tmp_path) == 0
    if kind == "folder":
        cache = opened(tmp_path)
        cache.store(content_hash(b""), b"facts")
        assert cache.save() == f"{tmp_path}: the cache cannot be written: Is a directory"
        assert os.listdir(tmp_path) == [FILE_NAME]
    else:
        assert recovers(tmp_path)
        assert file.is_file()
        assert not file.is_symlink()
