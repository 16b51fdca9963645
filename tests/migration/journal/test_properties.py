"""Random batches: undoing them gives back every byte and every mode."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ssot_lint.migration.journal import Journal, Write, rollback
from tests.migration.journal.trees import Snapshot, snapshot, temporaries

MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
"""Where forcing files to the disk costs nothing, if there is such a place."""
PATHS = ["a.py", "b.py", "p/c.py", "p/q/d.py", "r/s/e.py"]
CONTENTS = st.none() | st.sampled_from([b"", b"x\n", b"y\r\n", b"\xff\0", b"z" * 9])
"""None for no file."""
MODES = st.sampled_from([0o600, 0o644, 0o755])
STEP = st.dictionaries(st.sampled_from(PATHS), CONTENTS, min_size=1)
BATCH = st.tuples(st.lists(STEP, min_size=1, max_size=2), st.booleans())
"""Steps, and whether the batch is undone at once, as if its check had failed."""


def lay_out(root: Path, tree: dict[str, tuple[bytes | None, int]]) -> None:
    for path, (data, mode) in tree.items():
        if data is not None:
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            target.chmod(mode)


def held(root: Path, path: str) -> bytes | None:
    target = root / path
    return target.read_bytes() if target.exists() else None


def migrate(root: Path, batches: list[tuple[list[dict[str, bytes | None]], bool]]) -> str:
    with Journal.at(str(root)) as journal:
        run = journal.begin_run("x")
        for number, (steps, undone) in enumerate(batches):
            before = snapshot(root)
            for step in steps:
                writes = [Write(path, held(root, path), data) for path, data in step.items()]
                journal.apply(run, f"b{number}", writes)
                assert {path: held(root, path) for path in step} == step
            if undone:
                assert journal.undo(run, f"b{number}").kept == ()
                assert snapshot(root) == before
            else:
                journal.conclude(run, f"b{number}", "validated")
    return run


TREES = st.fixed_dictionaries({path: st.tuples(CONTENTS, MODES) for path in PATHS})


@settings(max_examples=100, deadline=None)
@given(tree=TREES, runs=st.lists(st.lists(BATCH, max_size=3), min_size=1, max_size=2))
def test_rolling_back_gives_back_every_byte_and_mode(
    tree: dict[str, tuple[bytes | None, int]],
    runs: list[list[tuple[list[dict[str, bytes | None]], bool]]],
) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        root = Path(folder).resolve()
        lay_out(root, tree)
        states = [snapshot(root)]
        for batches in runs:
            migrate(root, batches)
            states.append(snapshot(root))
        for before in reversed(states[:-1]):
            if not all(undone for batches in runs[-1:] for _, undone in batches):
                rollback(str(root))
            assert snapshot(root) == before
            runs = runs[:-1]
        assert rollback(str(root)).run == ""


@settings(max_examples=100, deadline=None)
@given(
    tree=TREES,
    batches=st.lists(BATCH, min_size=1, max_size=2),
    edits=st.dictionaries(st.sampled_from(PATHS), st.sampled_from([b"mine\n", b"other\n"])),
)
def test_what_somebody_edited_is_never_touched(
    tree: dict[str, tuple[bytes | None, int]],
    batches: list[tuple[list[dict[str, bytes | None]], bool]],
    edits: dict[str, bytes],
) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        root = Path(folder).resolve()
        lay_out(root, tree)
        before = snapshot(root)
        run = migrate(root, batches)
        touched = {path for path in PATHS if changed_by_live(path, batches)}
        for path, data in edits.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
        edited = snapshot(root)
        answer = rollback(str(root), run)
        assert {path for path, _ in answer.edited} <= touched & set(edits)
        if answer.edited:
            assert snapshot(root) == edited
            answer = rollback(str(root), run, skip_edited=True)
        after = snapshot(root)
        for path in PATHS:
            expected = edited if path in edits else before
            assert contents(after, path) == contents(expected, path)
        assert temporaries(root) == []


def changed_by_live(path: str, batches: list[tuple[list[dict[str, bytes | None]], bool]]) -> bool:
    return any(path in step for steps, undone in batches if not undone for step in steps)


def contents(found: Snapshot, path: str) -> object:
    return found.get(path, (0, None))[1]
