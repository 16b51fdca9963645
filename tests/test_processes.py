"""Processes that read: as many as there are, started in whatever way, they change no answer."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ssot_lint.cache import content_hash
from ssot_lint.config import load
from ssot_lint.engine import Request, lint
from ssot_lint.patterns import Words
from ssot_lint.prefilter import EXPRESSIONS, STATEMENTS, VAGUE, Sieve, Want
from ssot_lint.processes import Processes
from ssot_lint.reading.work import Sifted, Work

OLD = Words.of({"old"}, place="import")
WORK = Work(Sieve([Want(Words.of({"odd"}), EXPRESSIONS), Want(OLD, STATEMENTS)]), hashing=True)
RULES = """\
ssot-lint: 1
rules:
  - {name: old-path, kind: legacy-import, reason: Moved., moved: {shop.old: shop.new}}
  - {name: old-string, kind: legacy-reference, reason: Moved., of: old-path}
  - {name: one-cart, kind: divergent-name, reason: One., names: [Cart], home: shop.new.Cart}
"""
SOURCES = [
    "import shop.old\n",
    "from shop.old import Cart\nCart.x\n",
    "from shop.new import Cart  # ssot: allow old-path\n",
    "import os\n",
    "patch('shop.old.Cart')  # noqa: SOT103\n",
    "def broken(:\n    import shop.old\n",
    "from shop import *\n",
    "\n",
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Enough files for processes to be worth it, half of them copies."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("from shop.new import Cart\n")
    (tmp_path / "shop" / "new.py").write_text("class Cart: ...\n")
    (tmp_path / "shop" / "old.py").write_text("class Cart: ...\n")
    for number in range(1_600):
        source = SOURCES[number % len(SOURCES)] + f"n = {number // 2}\n"
        (tmp_path / f"use{number}.py").write_text(source)
    return tmp_path


def test_the_number_of_processes_changes_nothing(tree: Path) -> None:
    config = load(RULES, str(tree / "rules.yaml"))
    alone = Request(use_baseline=False, statistics=True)
    expected = lint(config, alone)
    assert len(expected.findings) > 1_000
    for request in (alone, alone._replace(prefilter=False)):
        told = lint(config, request)
        assert lint(config, request._replace(jobs=2)) == told
        assert lint(config, request._replace(jobs=3, cache=str(tree / ".c"))) == told
    assert lint(config, alone._replace(jobs=2, cache=str(tree / ".c"))) == expected


def test_progress_comes_from_all_processes_and_never_goes_back(tree: Path) -> None:
    config = load(RULES, str(tree / "rules.yaml"))
    seen: list[tuple[int, int]] = []
    lint(config, Request(jobs=2, progress=lambda done, total: seen.append((done, total))))
    assert seen == sorted(seen)
    assert seen[-1] == (1_603, 1_603)
    assert len(seen) > 5


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_the_way_in_which_processes_start_changes_nothing(method: str, tree: Path) -> None:
    paths = [str(path) for path in sorted(tree.glob("*.py"))[:40]] + [str(tree / "gone.py")]
    tasks = [(path, 0) for path in paths]
    with Processes(WORK, 2, method) as pool:
        assert [*pool.map(Work.sift, tasks, chunk=7)] == [
            WORK.sift(tasks[at : at + 7]) for at in range(0, len(tasks), 7)
        ]
        tasks = [(path, number % 2 + 1) for number, path in enumerate(paths)]
        assert [*pool.map(Work.parse, tasks, chunk=50)] == [WORK.parse(tasks)]


def test_work_that_is_not_worth_it_starts_no_process(tree: Path) -> None:
    with Processes(WORK, 2) as pool:
        assert list(
            pool.map(Work.parse, [(str(tree / "use0.py"), STATEMENTS)], chunk=1, worth=False)
        )
        assert multiprocessing.active_children() == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_process_that_is_killed_takes_nothing_with_it(tree: Path) -> None:
    tasks = [(str(path), 0) for path in sorted(tree.glob("*.py"))]
    expected = [result for task in tasks for result in WORK.sift([task])]
    with Processes(WORK, 2) as pool:
        chunks = pool.map(Work.sift, tasks, chunk=8)
        found = next(chunks)
        for child in multiprocessing.active_children():
            os.kill(child.pid or 0, signal.SIGKILL)
        for chunk in chunks:
            found += chunk
    assert found == expected


SCRIPT = """\
import multiprocessing, sys, time
from ssot_lint.processes import Processes
from ssot_lint.reading.work import Work

if __name__ == "__main__":
    with Processes(Work(), 2, sys.argv[1]) as pool:
        list(pool.map(Work.parse, [(__file__, 1)] * 4, chunk=1))
        print(*[child.pid for child in multiprocessing.active_children()], flush=True)
        time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_no_process_outlives_the_one_that_started_it(method: str, tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(SCRIPT)
    command = [sys.executable, str(script), method]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        children = [int(pid) for pid in run.stdout.readline().split()]
        assert children
        run.kill()
    deadline = time.monotonic() + 20
    while any(map(_alive, children)):
        assert time.monotonic() < deadline, "a process is left over"
        time.sleep(0.05)


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_an_unreadable_file_has_no_digest(tmp_path: Path) -> None:
    assert WORK.sift([(str(tmp_path / "gone.py"), 0)]) == [Sifted(None, 0b11, VAGUE)]
    assert WORK.parse([(str(tmp_path / "gone.py"), STATEMENTS)])[0].digest is None


def test_digests_are_those_of_the_bytes(tmp_path: Path) -> None:
    path, digest = tmp_path / "a.py", content_hash(b"import old\n")
    path.write_bytes(b"import old\n")
    assert WORK.sift([(str(path), 0)]) == [Sifted(digest, 0b10)]
    assert WORK.parse([(str(path), STATEMENTS)])[0].digest == digest
