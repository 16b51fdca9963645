"""The journal's file: a torn end is no record, and damage anywhere else stops everything."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from ssot_lint.errors import UsageError
from ssot_lint.migration.journal import Journal, interrupted, rollback, status
from tests.migration.journal.trees import interrupted_batch, rewrite, snapshot, write


@pytest.fixture
def journal(root: Path) -> Path:
    """The file of a journal with an open batch."""
    write(root, {"a.py": b"a\n"})
    interrupted_batch(root, rewrite(root, "a.py"))
    return root / ".ssot_journal/journal"


def line(body: bytes) -> bytes:
    return sha256(body).hexdigest()[:12].encode() + b" " + body + b"\n"


def refused(root: Path) -> str:
    """The one line with which everything that needs the journal is refused."""
    lines = set()
    for question in (status, interrupted, rollback):
        with pytest.raises(UsageError) as error:
            question(str(root))
        lines.add(error.value.lines)
    ((only,),) = lines
    return only


def test_the_format(root: Path, journal: Path) -> None:
    (run,) = status(str(root)).runs
    before, after = (sha256(data).hexdigest() for data in (b"a\n", b"a\nnew\n"))
    assert journal.read_bytes() == (
        line(b'{"format":1,"op":"journal"}')
        + line(b'{"label":"move x","op":"run","plan":"digest","run":"%s"}' % run.id.encode())
        + line(
            b'{"batches":["b01"],"files":[["a.py","%s","%s",420]],"folders":[],"op":"begin",'
            b'"run":"%s"}' % (before.encode(), after.encode(), run.id.encode())
        )
    )
    assert journal.stat().st_mode & 0o777 == 0o600


def test_a_last_line_that_is_torn_anywhere_counts_as_not_written(root: Path, journal: Path) -> None:
    data = journal.read_bytes()
    last = data.rstrip(b"\n").rindex(b"\n") + 1
    for length in range(last, len(data)):
        journal.write_bytes(data[:length])
        assert status(str(root)).unfinished == ()


def test_a_run_goes_on_where_another_left_a_torn_line(root: Path, journal: Path) -> None:
    journal.write_bytes(journal.read_bytes() + line(b'{"op":"run"}')[:-5] + b"\0\0\n\0")
    assert rollback(str(root)).undone.restored == ("a.py",)
    assert b"\0" not in journal.read_bytes()
    assert [batch.state for batch in status(str(root)).runs[0].batches] == ["undone"]


@pytest.mark.parametrize("number", [1, 2])
def test_damage_before_the_end(root: Path, journal: Path, number: int) -> None:
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[number - 1] = lines[number - 1].replace(b'"', b"'", 1)
    journal.write_bytes(b"".join(lines))
    before = snapshot(root)
    assert refused(root) == (
        f"{journal}:{number}: the journal is damaged: repair it, or remove its folder to give up "
        "rolling back"
    )
    assert snapshot(root) == before


def test_an_operation_that_is_not_known(root: Path, journal: Path) -> None:
    journal.write_bytes(journal.read_bytes() + line(b'{"op":"paused"}'))
    assert refused(root) == (
        "the journal holds 'paused', which this version of ssot-lint does not know: finish the "
        "migration with the version that began it"
    )


def test_another_format(root: Path, journal: Path) -> None:
    journal.write_bytes(line(b'{"format":2,"op":"journal"}'))
    assert refused(root) == (
        f"{journal}: written by another version of ssot-lint (format 2, here 1): finish the "
        "migration with that one"
    )


def test_a_journal_that_cannot_be_read(root: Path, journal: Path) -> None:
    journal.unlink()
    journal.mkdir()
    assert refused(root) == f"{journal}: cannot be read: Is a directory"


def test_a_batch_whose_record_never_arrived_changed_nothing(root: Path) -> None:
    """The record comes first: where it is missing, the files are as they were."""
    write(root, {"a.py": b"a\n"})
    with Journal.at(str(root)) as opened:
        run = opened.begin_run("x")
        (root / ".ssot_journal/journal").unlink()
        (root / ".ssot_journal/journal").mkdir()
        with pytest.raises(UsageError) as error:
            opened.apply(run, "b01", rewrite(root, "a.py"))
    assert error.value.lines == (
        f"{root}/.ssot_journal/journal: cannot be written: Is a directory",
    )
    assert (root / "a.py").read_bytes() == b"a\n"
