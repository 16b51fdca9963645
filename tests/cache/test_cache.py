"""What a cache answers, and after which changes of a file it does not."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ssot_lint.cache import Cache, content_hash
from ssot_lint.cache.folder import FILE_NAME
from ssot_lint.cache.layout import Index, load
from ssot_lint.cache.limits import MOST_WORD_SETS
from tests.cache.caches import (
    CONTENTS,
    LONG_AGO,
    VERSION,
    WORDS,
    at_rest,
    facts_of,
    filled,
    opened,
    status,
)

A, B = content_hash(b"import a\n"), content_hash(b"import b\n")
SECOND = 10**9


def test_a_later_run_knows_what_an_earlier_one_saved(tmp_path: Path) -> None:
    filled(tmp_path)
    cache = opened(tmp_path)
    for path, data in CONTENTS.items():
        assert cache.digest_of(path, status()) == content_hash(data)
        assert cache.facts(content_hash(data)) == facts_of(data)
    assert cache.answer(B, WORDS) == 0


def test_many_files_are_recalled_as_each_alone(tmp_path: Path) -> None:
    names = ["same.py", "changed.py", "searched.py", "new.py", "gone.py", "a\0.py"]
    cache = opened(tmp_path / "cache")
    for name in names[:3]:
        before = at_rest(tmp_path / name, name.encode())
        cache.remember(name, before, content_hash(name.encode()))
    cache.store_answer(content_hash(b"searched.py"), WORDS, 2)
    (tmp_path / "changed.py").write_text("longer than before")
    (tmp_path / "new.py").touch()
    found = list(cache.recall(f"{tmp_path}/", names, WORDS))
    for name, (seen, digest, answer) in zip(names, found, strict=True):
        if name in ("gone.py", "a\0.py"):
            assert (seen, digest, answer) == (None, None, None)
            continue
        assert seen == (tmp_path / name).stat()
        assert digest == cache.digest_of(name, (tmp_path / name).stat())
        assert answer == (None if digest is None else cache.answer(digest, WORDS))
    assert [answer for _, _, answer in found if answer] == [2]
    assert [digest is not None for _, digest, _ in found][:3] == [True, False, True]


def test_a_system_that_cannot_read_at_a_position(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows has no ``pread``."""
    filled(tmp_path)
    monkeypatch.delattr(os, "pread", raising=False)
    cache = opened(tmp_path)
    for data in reversed(CONTENTS.values()):
        assert cache.facts(content_hash(data)) == facts_of(data)


def test_an_empty_cache_knows_nothing(tmp_path: Path) -> None:
    cache = opened(tmp_path / "none")
    assert cache.digest_of("app/a.py", status()) is None
    assert cache.facts(A) is None
    assert cache.answer(A, WORDS) is None
    assert cache.save() == ""
    assert not (tmp_path / "none").exists()


def test_what_it_does_not_know(tmp_path: Path) -> None:
    filled(tmp_path)
    cache = opened(tmp_path)
    assert cache.digest_of("app/c.py", status()) is None
    assert cache.facts(content_hash(b"")) is None
    assert cache.answer(A, WORDS) is None, "nobody said so of this content"
    assert cache.answer(B, b"other words") is None
    assert cache.answer(content_hash(b""), WORDS) is None


def test_a_run_knows_its_own_answers_before_it_saves(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    cache.remember("a.py", status(), A)
    cache.store(A, b"facts")
    cache.store_answer(B, WORDS, 0)
    assert cache.digest_of("a.py", status()) == A
    assert cache.facts(A) == b"facts"
    assert cache.facts(B) is None
    assert cache.answer(B, WORDS) == 0
    assert cache.answer(A, WORDS) is None


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(status(size=10), id="another size"),
        pytest.param(status(mtime=LONG_AGO + 1), id="a nanosecond later"),
        pytest.param(status(mtime=LONG_AGO - SECOND), id="an older file moved here"),
        pytest.param(status(inode=8), id="replaced, with size and times kept"),
        pytest.param(status(ctime=LONG_AGO + 1), id="rewritten in place, with the mtime set back"),
        pytest.param(status(inode=1 << 64), id="an inode of 128 bits"),
        pytest.param(status(mtime=-(1 << 63) - 1), id="a time before 1677"),
    ],
)
def test_a_file_that_may_have_changed_has_to_be_read(
    tmp_path: Path, changed: os.stat_result
) -> None:
    filled(tmp_path)
    cache = opened(tmp_path)
    assert cache.digest_of("app/a.py", changed) is None
    cache.remember("app/a.py", changed, A)
    assert cache.save() == ""
    assert opened(tmp_path).digest_of("app/b.py", status()) == B, "its neighbours are in place"


def test_a_status_that_cannot_be_kept_is_never_equal(tmp_path: Path) -> None:
    strange = status(inode=1 << 64)
    cache = opened(tmp_path)
    cache.remember("a.py", strange, A)
    cache.save()
    assert opened(tmp_path).digest_of("a.py", strange) is None


@pytest.mark.parametrize(
    ("age", "trusted"),
    [
        pytest.param(3 * SECOND, True, id="at rest"),
        pytest.param(1 * SECOND, False, id="may change again within the same tick of the clock"),
        pytest.param(0, False, id="just written"),
        pytest.param(-3600 * SECOND, False, id="from the future"),
    ],
)
def test_a_file_is_trusted_if_it_was_at_rest_when_the_run_began(
    tmp_path: Path, age: int, trusted: bool
) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"import a\n")
    mtime = time.time_ns() - age
    os.utime(file, ns=(mtime, mtime))
    cache = opened(tmp_path / "cache")
    cache.remember("a.py", file.stat(), A)
    assert cache.digest_of("a.py", file.stat()) == (A if trusted else None)
    cache.save()
    assert opened(tmp_path / "cache").digest_of("a.py", file.stat()) == (A if trusted else None)


def test_a_file_that_was_not_trusted_is_trusted_when_it_is_seen_again_at_rest(
    tmp_path: Path,
) -> None:
    young = status(mtime=time.time_ns())
    cache = opened(tmp_path)
    cache.remember("a.py", young, A)
    cache.save()
    assert opened(tmp_path).digest_of("a.py", young) is None
    loaded = load(str(tmp_path / FILE_NAME))
    assert loaded is not None
    later = Cache(str(tmp_path), *loaded, opened=time.time_ns() + 5 * SECOND)
    later.remember("a.py", young, A)
    later.save()
    assert opened(tmp_path).digest_of("a.py", young) == A


def test_a_cache_that_is_open_for_days_can_trust_what_came_to_rest_since(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"import a\n")
    mtime = time.time_ns() - 3 * SECOND
    os.utime(file, ns=(mtime, mtime))
    cache = Cache(str(tmp_path), Index(VERSION), None, opened=time.time_ns() - 60 * SECOND)
    cache.remember("a.py", file.stat(), A)
    assert cache.digest_of("a.py", file.stat()) is None
    cache.renew()
    cache.remember("a.py", file.stat(), A)
    assert cache.digest_of("a.py", file.stat()) == A
    file.write_bytes(b"import b\n")
    cache.renew()
    cache.remember("a.py", file.stat(), B)
    assert cache.digest_of("a.py", file.stat()) is None


def test_it_tells_whether_there_was_one(tmp_path: Path) -> None:
    assert not opened(tmp_path).found
    filled(tmp_path)
    assert opened(tmp_path).found
    assert not opened(tmp_path, "another version").found


def test_facts_of_a_closed_cache_are_not_known(tmp_path: Path) -> None:
    filled(tmp_path)
    cache = opened(tmp_path)
    cache.store(content_hash(b"new"), b"facts of new")
    assert cache.facts(A) is not None
    cache.close()
    assert cache.facts(A) is None
    assert cache.facts(content_hash(b"new")) == b"facts of new"


def test_a_file_that_was_trusted_is_not_when_it_is_touched(tmp_path: Path) -> None:
    filled(tmp_path)
    cache = opened(tmp_path)
    young = status(mtime=time.time_ns())
    cache.remember("app/a.py", young, A)
    cache.save()
    assert opened(tmp_path).digest_of("app/a.py", young) is None
    assert opened(tmp_path).digest_of("app/a.py", status()) is None


def test_the_same_size_and_time_with_other_bytes(tmp_path: Path) -> None:
    """A generator that sets fixed times, as reproducible builds do."""
    file = tmp_path / "version.py"
    before = at_rest(file, b"MAJOR = 1\n")
    cache = opened(tmp_path / "cache")
    cache.remember("version.py", before, A)
    cache.save()
    time.sleep(0.05)  # the clock of the file system must tick
    after = at_rest(file, b"MAJOR = 2\n")
    assert (after.st_size, after.st_mtime_ns, after.st_ino) == (
        before.st_size,
        before.st_mtime_ns,
        before.st_ino,
    )
    assert opened(tmp_path / "cache").digest_of("version.py", after) is None


def test_a_fresh_checkout_reads_every_file_and_parses_none(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    before = at_rest(tmp_path / "one" / "a.py", b"import a\n")
    cache = opened(tmp_path / "cache")
    cache.remember("a.py", before, A)
    cache.store(A, b"facts")
    cache.store_answer(A, WORDS, 0)
    cache.save()
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    cache = opened(tmp_path / "cache")
    assert cache.digest_of("a.py", (tmp_path / "two" / "a.py").stat()) is None
    digest = content_hash((tmp_path / "two" / "a.py").read_bytes())
    assert cache.facts(digest) == b"facts"
    assert cache.answer(digest, WORDS) == 0


def test_a_changed_file_takes_the_place_of_its_older_self(tmp_path: Path) -> None:
    filled(tmp_path)
    cache = opened(tmp_path)
    newer = status(mtime=LONG_AGO + SECOND)
    cache.remember("app/a.py", newer, B)
    assert cache.digest_of("app/a.py", newer) == B
    cache.save()
    cache = opened(tmp_path)
    assert cache.digest_of("app/a.py", newer) == B
    assert cache.digest_of("app/a.py", status()) is None
    assert cache.facts(A) == facts_of(b"import a\n"), "another branch may have it"


def test_new_facts_of_a_known_content_replace_the_old(tmp_path: Path) -> None:
    filled(tmp_path)
    cache = opened(tmp_path)
    cache.store(A, b"better")
    assert cache.facts(A) == b"better"
    cache.save()
    cache = opened(tmp_path)
    assert cache.facts(A) == b"better"
    assert cache.facts(B) == facts_of(b"import b\n")


def test_another_version_s_cache_counts_as_empty_and_is_replaced(tmp_path: Path) -> None:
    """Another reader, or (the version names it) another interpreter."""
    filled(tmp_path)
    cache = opened(tmp_path, "reader 2")
    assert cache.digest_of("app/a.py", status()) is None
    assert cache.facts(A) is None
    assert cache.answer(B, WORDS) is None
    cache.store(B, b"newer")
    cache.save()
    assert opened(tmp_path, "reader 2").facts(B) == b"newer"
    assert opened(tmp_path, "reader 2").facts(A) is None
    assert opened(tmp_path).facts(B) is None


def test_the_sets_of_words_used_last_are_kept(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    first, *others = [b"%d" % i for i in range(MOST_WORD_SETS)]
    for words in (first, *others):
        cache.store_answer(A, words, 0)
    cache.save()
    cache = opened(tmp_path)
    assert cache.answer(A, first) == 0, "which is a use"
    cache.store_answer(B, b"one more", 0)
    cache.save()
    cache = opened(tmp_path)
    known = [words for words in (first, *others) if cache.answer(A, words) == 0]
    assert known == [first, *others[1:]]
    assert cache.answer(B, b"one more") == 0


@pytest.mark.parametrize("again", ["nothing", "the same"])
def test_a_run_that_learnt_nothing_writes_nothing(tmp_path: Path, again: str) -> None:
    file = filled(tmp_path)
    before = file.stat()
    cache = opened(tmp_path)
    for path, data in CONTENTS.items():
        cache.digest_of(path, status())
        cache.facts(content_hash(data))
        cache.answer(content_hash(data), WORDS)
        if again == "the same":
            cache.remember(path, status(), content_hash(data))
    if again == "the same":
        cache.store_answer(B, WORDS, 0)
    assert cache.save() == ""
    after = file.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_equal_runs_write_equal_files(tmp_path: Path) -> None:
    assert filled(tmp_path / "one").read_bytes() == filled(tmp_path / "two").read_bytes()


def test_saving_ends_the_use(tmp_path: Path) -> None:
    filled(tmp_path)
    cache = opened(tmp_path)
    cache.store(B, b"newer")
    descriptors = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else None
    assert cache.save() == ""
    if descriptors is not None:
        assert len(os.listdir("/proc/self/fd")) == descriptors - 1
    assert cache.facts(A) is None
    assert cache.save() == ""


def test_a_cache_that_is_dropped_leaves_no_open_file(tmp_path: Path) -> None:
    filled(tmp_path)
    if not os.path.isdir("/proc/self/fd"):
        pytest.skip("no way to count open files")
    before = len(os.listdir("/proc/self/fd"))
    for version in (VERSION, "reader 2"):
        cache = opened(tmp_path, version)
        del cache
    assert len(os.listdir("/proc/self/fd")) == before


PATHS = st.sampled_from(["a.py", "b/ü.py", "c.py", "d\udc80.py"])
DIGESTS = st.integers(0, 5).map(lambda i: content_hash(b"%d" % i))
STATUSES = st.builds(status, size=st.integers(0, 2), inode=st.integers(0, (1 << 64) - 1))
FACTS = st.binary(min_size=1, max_size=40)
WORD_SETS = st.sampled_from([b"", b"one", b"two words"])


class Model(RuleBasedStateMachine):
    """Whatever is kept, in whatever order, over whatever number of runs: it is as in a `dict`."""

    folder: Path
    fixture: pytest.TempPathFactory

    @initialize()
    def start(self) -> None:
        self.folder = self.fixture.mktemp("cache")
        self.cache = opened(self.folder)
        self.files: dict[str, tuple[os.stat_result, bytes]] = {}
        self.facts: dict[bytes, tuple[bytes, int]] = {}
        self.answers: dict[tuple[bytes, bytes], int] = {}

    @rule(path=PATHS, status=STATUSES, digest=DIGESTS)
    def remember(self, path: str, status: os.stat_result, digest: bytes) -> None:
        self.cache.remember(path, status, digest)
        self.files[path] = (status, digest)

    @rule(digest=DIGESTS, facts=FACTS, mark=st.integers(0, 255))
    def store(self, digest: bytes, facts: bytes, mark: int) -> None:
        self.cache.store(digest, facts, mark)
        self.facts[digest] = facts, mark

    @rule(digest=DIGESTS, words=WORD_SETS, answer=st.integers(0, 1 << 20))
    def store_answer(self, digest: bytes, words: bytes, answer: int) -> None:
        self.cache.store_answer(digest, words, answer)
        self.answers[digest, words] = answer

    @rule()
    def run_again(self) -> None:
        assert self.cache.save() == ""
        self.cache = opened(self.folder)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def ask_with_another_status(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted(self.files)))
        known, digest = self.files[path]
        asked = data.draw(STATUSES)
        answer = self.cache.digest_of(path, asked)
        equal = (asked.st_size, asked.st_ino) == (known.st_size, known.st_ino)
        assert answer == (digest if equal else None)

    @invariant()
    def knows_what_the_model_knows(self) -> None:
        for path, (known, digest) in self.files.items():
            assert self.cache.digest_of(path, known) == digest
        for number in range(6):
            digest = content_hash(b"%d" % number)
            stored = (self.cache.facts(digest), self.cache.mark(digest))
            assert stored == self.facts.get(digest, (None, None))
            for words in (b"", b"one", b"two words"):
                assert self.cache.answer(digest, words) == self.answers.get((digest, words))


@pytest.fixture
def _model(tmp_path_factory: pytest.TempPathFactory) -> None:
    Model.fixture = tmp_path_factory


Model.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestModel = pytest.mark.usefixtures("_model")(Model.TestCase)
