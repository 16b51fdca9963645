"""Kills runs at random moments, recovers in other processes, and counts what is wrong then.

A program of its own (``python -m tests.migration.journal.crash ROUNDS SEED FOLDER``), because it
forks; prints one JSON object. Each round a child applies a batch of 20 files and a second step,
concludes it, or rolls a run back, and is killed at a random moment of that. In some rounds somebody
edits a file then. Another child recovers, and the tree must be as before or as after, in every
file, but for that edit.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from ssot_lint.migration.journal import Journal, Write, interrupted, rollback, status
from tests.migration.journal.trees import Snapshot, snapshot, temporaries

FILES = 20
MINE = b"mine\n"
BASELINE = "base.yml"
Work = Callable[[Path, Callable[[], object]], object]
"""What a child does: with the root, and a function to call when it begins."""
PATHS = [f"app/p{number % 4}/m{number}.py" for number in range(FILES)]


def before_images(root: Path) -> None:
    for number, path in enumerate(PATHS[:-1]):
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"import old  # %d\n" % number * (number * 40 + 1))
        target.chmod(0o755 if number % 3 else 0o600)
    (root / BASELINE).write_bytes(b"old: 20\n")


def writes(root: Path) -> list[Write]:
    """One file is made, one is removed, the others are rewritten."""
    made = Write(PATHS[-1].replace("/m", "/new/m"), None, b"import new\n")
    removed = Write(PATHS[0], (root / PATHS[0]).read_bytes(), None)
    data = {path: (root / path).read_bytes() for path in PATHS[1:-1]}
    rewritten = [Write(path, old, old.replace(b"old", b"new")) for path, old in data.items()]
    return [made, removed, *rewritten]


def migrate(root: Path, ready: Callable[[], object]) -> None:
    with Journal.at(str(root)) as journal:
        run = journal.begin_run("crash")
        planned = writes(root)
        ready()
        journal.apply(run, "b01", planned)
        journal.apply(run, "b01", [Write(BASELINE, b"old: 20\n", b"old: 0\n")])
        journal.conclude(run, "b01", "validated")


def take_back(root: Path, ready: Callable[[], object]) -> None:
    ready()
    rollback(str(root))


def child(root: Path, work: Work) -> tuple[int, int]:
    """Forks; the process, and a pipe on which it says that it begins, and whose end is its own."""
    reader, writer = os.pipe()
    process = os.fork()
    if process:
        os.close(writer)
        return process, reader
    os.close(reader)
    try:
        work(root, lambda: os.write(writer, b"."))
        os._exit(0)
    except BaseException as error:
        print(repr(error), file=sys.stderr)
        os._exit(1)


def killed(root: Path, work: Work, delay: float) -> None:
    process, reader = child(root, work)
    os.read(reader, 1)
    time.sleep(delay)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    os.close(reader)


def recovered(root: Path) -> bool:
    def recover(root: Path, ready: Callable[[], object]) -> None:
        rollback(str(root), skip_edited=True)

    process, reader = child(root, recover)
    _, outcome = os.waitpid(process, 0)
    os.close(reader)
    return outcome == 0


def main(rounds: int, seed: int, root: Path) -> Counter[str]:
    dice = random.Random(seed)
    counts: Counter[str] = Counter()
    before_images(root)
    before = snapshot(root)
    migrate(root, lambda: None)
    after = snapshot(root)
    migrated = True
    longest = 0.02
    for _ in range(rounds):
        killed(root, take_back if migrated else migrate, dice.uniform(0, longest))
        counts["kills"] += 1
        now = snapshot(root)
        counts["half done"] += now not in (before, after)
        counts["temporary files"] += bool(temporaries(root))
        is_open = interrupted(str(root)) is not None
        counts["rollback interrupted" if migrated else "batch interrupted"] += is_open
        edited = ""
        if is_open:
            if dice.random() < 0.5:
                edited = dice.choice(PATHS[1:-1])
                (root / edited).write_bytes(MINE)
            counts["failed recoveries"] += not recovered(root)
        was, migrated = migrated, bool(status(str(root)).runs[-1].live)
        # So that most kills come in the middle, whatever else the machine has to do.
        longest *= 1 if is_open else 1.25 if was == migrated else 0.8
        check(counts, root, after if migrated else before, edited)
        if edited:  # the rest of the world goes on from a whole tree
            data = before[edited][1]
            assert isinstance(data, bytes)
            (root / edited).write_bytes(data)
        if not migrated and counts["kills"] % 10 == 0:
            with Journal.at(str(root)) as journal:
                journal.finish()
    return counts


def check(counts: Counter[str], root: Path, expected: Snapshot, edited: str) -> None:
    found = snapshot(root)
    if edited:
        counts["edits"] += 1
        counts["edits lost"] += found[edited][1] != MINE
        found[edited] = expected[edited]
    wrong = {
        path for path in found.keys() | expected.keys() if found.get(path) != expected.get(path)
    }
    counts["wrong files"] += len(wrong)
    counts["left over"] += len(temporaries(root))
    counts["still open"] += interrupted(str(root)) is not None


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]).resolve())))
