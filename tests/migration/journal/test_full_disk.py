"""A disk without room: a process may not write beyond a size, and `write` fails as on a full disk.

Whatever is the first thing that does not fit, no file of the tree has changed, and nothing is left
over.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ssot_lint.migration.journal import interrupted, rollback, status
from tests.migration.journal.trees import (
    applied,
    interrupted_batch,
    rewrite,
    snapshot,
    spawn,
    write,
)

PRELUDE = (
    "import resource, sys\n"
    "from ssot_lint.errors import UsageError\n"
    "from ssot_lint.migration.journal import Journal, Write, rollback\n"
    "root, limit = sys.argv[1], int(sys.argv[2])\n"
    "data = open(root + '/a.py', 'rb').read()\n"
    "writes = [Write('a.py', data, data + b'n' * 1000), Write('b/b.py', None, b'n' * 3000)]\n"
    "def limited(): resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\n"
)
APPLY = PRELUDE + (
    "with Journal.at(root) as journal:\n"
    "    run = journal.begin_run('x')\n"
    "    limited()\n"
    "    try:\n"
    "        journal.apply(run, 'b01', writes)\n"
    "        print('applied')\n"
    "        journal.conclude(run, 'b01', 'validated')\n"
    "    except UsageError as error:\n"
    "        print(error)\n"
)
ROLLBACK = PRELUDE + (
    "limited()\n"
    "try:\n"
    "    rollback(root)\n"
    "    print('restored')\n"
    "except UsageError as error:\n"
    "    print(error)\n"
)
TOO_LARGE = os.strerror(errno.EFBIG)


@pytest.fixture
def root(root: Path) -> Path:
    write(root, {"a.py": b"a" * 2000})
    return root


@pytest.mark.parametrize("limit", [200, 700, 1500, 2500])
def test_no_room_for_images_or_journal(root: Path, limit: int) -> None:
    before = snapshot(root)
    place = "journal" if limit == 200 else "images"
    (line,) = spawn(APPLY, root, limit).splitlines()
    if line != f"{root}/.ssot_journal/{place}: cannot be written: {TOO_LARGE}":
        assert line == f"{root}/.ssot_journal/images: cannot be written: {TOO_LARGE}"
    assert snapshot(root) == before
    assert interrupted(str(root)) is None
    assert status(str(root)).images == 0


def test_room_for_the_images_but_not_for_the_journal(root: Path) -> None:
    """A long name makes a long record; what is left of the line is overwritten by the next one."""
    write(root, dict.fromkeys(("n" * 200 + f"{number}" for number in range(9)), b"x"))
    before = snapshot(root)
    script = APPLY.replace("'b01', writes", "'b01', [Write(n, b'x', b'y') for n in names]").replace(
        "with Journal",
        "import os; names = [n for n in os.listdir(root) if n[0] == 'n']\nwith Journal",
    )
    assert spawn(script, root, 1000) == (
        f"{root}/.ssot_journal/journal: cannot be written: {TOO_LARGE}\n"
    )
    assert snapshot(root) == before
    assert interrupted(str(root)) is None
    assert applied(root, rewrite(root, "a.py"))


def test_no_room_beside_the_files(root: Path) -> None:
    """The images are there from an earlier run, so that the first to find no room is the tree."""
    assert spawn(APPLY, root, 10_000) == "applied\n"
    rollback(str(root))
    before = snapshot(root)
    assert list(before) == ["a.py"]
    assert spawn(APPLY, root, 2500) == f"a.py: cannot be written: {TOO_LARGE}\n"
    assert snapshot(root) == before
    assert interrupted(str(root)) is None
    assert [run.batches[0].state for run in status(str(root)).runs] == ["undone", "undone"]


def test_no_room_to_restore(root: Path) -> None:
    run = interrupted_batch(root, rewrite(root, "a.py"))
    before = snapshot(root)
    assert spawn(ROLLBACK, root, 1500) == f"a.py: cannot be written: {TOO_LARGE}\n"
    assert snapshot(root) == before
    assert interrupted(str(root)) == f"batch b01 of run {run} was interrupted: ssot-lint rollback"
    assert spawn(ROLLBACK, root, 10_000) == "restored\n"
    assert snapshot(root)["a.py"][1] == b"a" * 2000
