"""The benchmark: its monorepo is always the same, and its measurements are what they say."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from benchmarks import migration, moves, parts, tools
from benchmarks.answers import Answer, difference
from benchmarks.concept import CORE, GONE, LIVE, OLD, old_import
from benchmarks.measure import FailedError, run
from benchmarks.monorepo import Monorepo, generate
from benchmarks.plan import Caches
from benchmarks.section import Row, Section, measured
from benchmarks.table import document, table
from benchmarks.targets import Target, targets
from benchmarks.tools import Case
from benchmarks.trees import Tree, make_monorepo

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Monorepo]:
    folder = tmp_path_factory.mktemp("monorepo")
    return folder, generate(folder, 1000)


def contents(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def python_files(folder: Path) -> dict[str, bytes]:
    return {path: data for path, data in contents(folder).items() if path.endswith(".py")}


def parses(data: bytes) -> bool:
    try:
        # Compiled, because the parser alone lets errors pass that other parsers report.
        compile(data, "file.py", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


def test_the_monorepo_is_the_same_whatever_the_hash_seed(tmp_path: Path) -> None:
    digests = set()
    for hash_seed in ("1", "2"):
        folder = tmp_path / hash_seed
        subprocess.run(
            [sys.executable, "-m", "benchmarks.monorepo", folder, "--files", "300"],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        assert {path.stat().st_mtime for path in folder.rglob("*.py")} == {1_700_000_000}
        digests.add(hashlib.sha256(repr(sorted(contents(folder).items())).encode()).hexdigest())
    assert len(digests) == 1


def test_another_seed_makes_another_monorepo(tmp_path: Path) -> None:
    generate(tmp_path / "0", 150, seed=0)
    generate(tmp_path / "1", 150, seed=1)
    assert contents(tmp_path / "0") != contents(tmp_path / "1")


def test_it_has_as_many_files_and_bytes_as_it_says(made: tuple[Path, Monorepo]) -> None:
    folder, monorepo = made
    files = python_files(folder)
    assert len(files) == monorepo.files == 1000
    assert sum(map(len, files.values())) == monorepo.size


def test_all_files_parse_but_those_said_to_be_broken(made: tuple[Path, Monorepo]) -> None:
    folder, monorepo = made
    broken = [path for path, data in sorted(python_files(folder).items()) if not parses(data)]
    assert broken == list(monorepo.broken)


def test_its_shares_are_those_of_the_application_it_resembles(made: tuple[Path, Monorepo]) -> None:
    folder, monorepo = made
    files = python_files(folder)
    tests = sum("test" in path for path in files)
    copies = sum(path.startswith("backups/b") for path in files)
    involved = sum(
        b"unified_broker" in data or b"broker_factory" in data for data in files.values()
    )
    other_letters = sum(not data.isascii() for data in files.values())
    assert 0.75 < tests / 1000 < 0.9
    assert 0.44 < copies / 1000 < 0.47
    assert 0.03 < involved / 1000 < 0.07
    assert 0.15 < other_letters / 1000 < 0.35
    assert 0.01 < len(monorepo.broken) / 1000 < 0.03
    assert len(set(files.values())) < 0.56 * 1000


def test_its_imports_are_of_every_form() -> None:
    random = Random(0)
    text = "\n".join(("", *CORE.values(), *(old_import(random, n)[0] for n in range(2000))))
    for form in (
        f"\nfrom {OLD} import (\n    ",
        f"\n    from {OLD} import ",
        f"\ntry:\n    from {OLD} import ",
        f"\n    try:\n        from {OLD} import ",
        f"\nimport {OLD}\n",
        f"\nfrom {OLD} import *\n",
        f"\nfrom {LIVE} import unified_broker\n",
        f"\nfrom {GONE} import ",
        "\nfrom .unified_broker import ",
        "\nfrom . import unified_broker\n",
        " as Old",
    ):
        assert form in text, form


def test_findings_agree_with_ruff(tmp_path: Path) -> None:
    if tools.program("ruff") is None:
        pytest.skip("ruff is not installed")
    tree, _ = make_monorepo(tmp_path, 300, seed=2)
    answers = {}
    for case in (tools.ruff(None), tools.ssot(tools.IMPORTS, None)):
        assert case.reader is not None
        answers[case.tool] = case.reader(
            run(case.asked or case.command, tree.root).output, tree.root
        )
    theirs, ours = answers["ruff TID251"].places, answers["ssot-lint, imports"].places
    assert theirs is not None
    assert len(theirs) > 10
    assert ours == theirs


def test_memory_is_that_of_all_processes(tmp_path: Path) -> None:
    child = "held = bytearray(range(256)) * 4 * 1024 * 64; import time; time.sleep(0.3)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    done = run([sys.executable, "-c", parent], tmp_path, watch=True)
    assert done.peak is not None
    assert 64 < done.peak < 120


def test_processor_time_is_that_of_all_processes(tmp_path: Path) -> None:
    child = "import time\nwhile time.process_time() < 0.3: pass"
    parent = f"import subprocess, sys, time; subprocess.run([sys.executable, '-c', {child!r}])"
    done = run([sys.executable, "-c", f"{parent}; time.sleep(0.3)"], tmp_path)
    assert done.peak is None
    assert 0.3 < done.cpu < done.wall
    assert done.wall > 0.6


def test_a_command_that_fails_has_no_time(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no rules') if 0 else sys.exit(2)"]
    with pytest.raises(FailedError) as failed:
        run(command, tmp_path)
    assert str(failed.value) == f"{' '.join(command)}: exit code 2\n"


def test_a_missing_tool_is_named_with_what_installs_it() -> None:
    assert tools.program("no-such-tool") is None
    assert str(tools.MissingToolError("ruff")) == (
        "ruff is missing: pip install . -r benchmarks/requirements.txt"
    )


def test_tools_run_by_turns_until_the_budget_is_spent(tmp_path: Path) -> None:
    log = tmp_path / "log"
    tree = Tree("small", tmp_path, (), 0, ())
    cases = tuple(
        Case(tool, ("sh", "-c", f"echo {tool} >> {log}; sleep {seconds}"))
        for tool, seconds in (("quick", 0), ("slow", 0.2))
    )
    quick, slow = measured(Section(tree, "cold", cases, rounds=3), budget=0.1)
    # Each is watched first; then the slow one runs once.
    assert log.read_text().split() == ["quick", "slow", "quick", "slow", "quick", "quick"]
    assert (len(quick.walls), len(slow.walls)) == (3, 1)
    assert slow.wall > 0.2


def test_cold_runs_have_no_cache_and_warm_runs_have_one(tmp_path: Path) -> None:
    cache, log = tmp_path / "cache", tmp_path / "log"
    tree = Tree("small", tmp_path, (), 0, ())
    command = ("sh", "-c", f"test -d {cache}; echo $? >> {log}; mkdir -p {cache}")
    case = Case("tool", command, cache=cache)
    measured(Section(tree, "cold", (case,), rounds=2), budget=9)
    assert log.read_text().split() == ["1"] * 3
    log.unlink()
    measured(Section(tree, "warm", (case,), rounds=2), budget=9)
    assert log.read_text().split() == ["1", "0", "0", "0"]  # the first one fills it


def test_what_a_tool_left_behind_is_put_right_untimed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    tree = Tree("small", tmp_path, (), 0, ())
    write = ("sh", "-c", f"echo written >> {log}")
    slow = Case(
        "tool", write, primer=("true",), reset=("sh", "-c", f"echo reset >> {log}; sleep 1")
    )
    (row,) = measured(Section(tree, "warm", (slow,), rounds=1), budget=9)
    assert log.read_text().split() == ["written", "reset"] * 2  # the first one is watched
    assert row.wall < 1
    log.unlink()
    case = Case("tool", write, reset=("sh", "-c", f"echo reset >> {log}"))
    measured(Section(tree, "warm", (case,), rounds=1), budget=9)
    assert log.read_text().split() == ["written", "reset"] * 3  # without a primer, it is its own


def test_ratios_are_by_the_base_of_the_section(tmp_path: Path) -> None:
    tree = Tree("small", tmp_path, (), 0, ())
    cases = (Case("slow", ("sleep", "0.2")), Case("quick", ("sleep", "0.02")))
    slow, quick = measured(Section(tree, "warm", cases, rounds=1, base="slow"), budget=9)
    assert slow.wall_ratio == 1.0
    assert quick.wall_ratio == quick.wall / slow.wall


def test_twenty_files_are_edited_and_all_are_touched(tmp_path: Path) -> None:
    tree, _ = make_monorepo(tmp_path, 150, seed=0)
    assert len(tree.paths) == 150
    before = python_files(tree.root)
    tree.edit(1)
    after = python_files(tree.root)
    changed = {path for path in before if before[path] != after[path]}
    assert len(changed) == 20
    assert all(after[path].endswith(b"# edited in round 1\n") for path in changed)
    tree.touch(1)
    assert len({(tree.root / path).stat().st_mtime for path in tree.paths}) == 1


RUFF = Row("monorepo", 9_000_000, "cold", "ruff TID251", (2.0, 3.0, 2.5), (4.0, 4.0, 5.0), 30.0)
OURS = Row(
    *("monorepo", 9_000_000, "cold", "ssot-lint, imports", (1.0, 1.5, 1.0), (1.0, 1.0, 2.0), 15.0),
    Answer(7, "statements", frozenset()),
    *("same", 0.5, 0.25),
)


def test_the_table_shows_medians() -> None:
    assert table([OURS]).splitlines()[2] == (
        "| monorepo | cold  | ssot-lint, imports | 1.000  | 1.000 | 9.0  | 15       "
        "| 7 statements | same         | 0.50        | 0.25       | 3    |"
    )


def test_targets_are_judged_by_the_rows_that_exist() -> None:
    found = list(targets([RUFF, OURS]))
    assert [target.name for target in found] == [
        "cold: wall of ssot-lint, imports by ruff TID251",
        "cold: cpu of ssot-lint, imports by ruff TID251",
        "cold: peak of ssot-lint, imports by cold ruff TID251",
    ]
    assert [target.measured for target in found] == [0.5, 0.25, 0.5]
    assert all(target.met for target in found)


def test_the_document_holds_every_run() -> None:
    target = Target("too slow", 1.0, 2.0)
    held = document([OURS], [target])
    (row,) = held["rows"]
    assert Counter(row["walls"]) == Counter([1.0, 1.5, 1.0])
    assert (row["found"], row["unit"], row["agreement"]) == (7, "statements", "same")
    assert held["targets"] == [{"name": "too slow", "limit": 1.0, "measured": 2.0, "met": False}]


def test_files_are_as_before_whether_written_plainly_or_journalled(tmp_path: Path) -> None:
    before = {f"{name}.py": f"{name} = 1\n".encode() for name in ("a", "b")}
    for path, data in before.items():
        (tmp_path / path).write_bytes(data)
    plain, ours = parts.applied("2 files", tmp_path, sorted(before), rounds=2)
    assert contents(tmp_path) == before
    assert (plain.tool, ours.tool) == ("write, fsync, rename", "ssot-lint, the journal")
    assert (len(plain.walls), len(ours.walls)) == (2, 2)
    assert (plain.wall_ratio, plain.size) == (1.0, 12)
    assert ours.wall_ratio is not None
    assert ours.wall_ratio > 1


MOVE = moves.Move("shop.old", "shop.home", "price")
SHOP = {
    "shop/__init__.py": "",
    "shop/old.py": "",
    "shop/home.py": "def price(): ...\n",
    "shop/cart.py": "from shop.old import price\n",
    "shop/bill.py": "import os\n\nfrom shop.old import price\n\nprice()\n",
    "shop/note.py": "# price\n",
}


def shop(folder: Path) -> Tree:
    for path, text in SHOP.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return moves.tree_of("shop", folder)


def test_rewriting_alone_changes_what_imports_the_old_path(tmp_path: Path) -> None:
    row = parts.rewriting(shop(tmp_path), MOVE.paths, 2, RUFF)
    assert row.answer == Answer(2, "files")
    assert row.wall_ratio == row.wall / 2.5
    assert {path: (tmp_path / path).read_text() for path in SHOP} == SHOP


@pytest.mark.slow
def test_peers_change_the_same_files(tmp_path: Path) -> None:
    tree = shop(tmp_path / "shop")
    try:
        (section,) = moves.renaming(tree, MOVE, Caches(tmp_path / "caches"), rounds=1)
    except tools.MissingToolError as error:
        pytest.skip(str(error))
    found = {row.tool: row.answer for row in measured(section, budget=9)}
    two = Answer(2, "files")
    assert found == {
        "LibCST rename": two,
        "reorder-python-imports": None,
        "ssot-lint migrate, no cache": two,
        "ssot-lint migrate": two,
    }
    assert {path: (tree.root / path).read_text() for path in SHOP} == SHOP


def test_a_batch_is_applied_and_taken_back(tmp_path: Path) -> None:
    tree = shop(tmp_path / "shop")
    (tree.root / "ssot.yaml").write_text(
        "ssot-lint: 1\nroots: [.]\nrules:\n"
        "  - {name: price, kind: legacy-import, reason: One price.,"
        " moved: {shop.old.price: shop.home.price}}\n"
    )
    (section,) = moves.applying(tree, Caches(tmp_path / "caches"), rounds=1)
    _, case = section.cases
    assert case.primer is not None
    assert case.reset is not None
    run(case.primer, tree.root)
    run(case.command, tree.root)
    bill = tree.root / "shop" / "bill.py"
    assert bill.read_text() == "import os\n\nfrom shop.home import price\n\nprice()\n"
    run(case.reset, tree.root)
    assert {path: (tree.root / path).read_text() for path in SHOP} == SHOP


def test_targets_of_migrations_are_seconds() -> None:
    plan = Row("monorepo", 9, "warm", "ssot-lint plan", (4.0, 6.0, 4.5), (5.0,) * 3, None)
    assert list(migration.targets([RUFF, plan])) == [
        Target("monorepo: wall of ssot-lint plan", 5.0, 4.5)
    ]


def test_differences_are_counted_both_ways() -> None:
    assert difference(frozenset({("a.py", 1)}), frozenset({("a.py", 1)})) == "same"
    ours = frozenset({("a.py", 1), ("b.py", 2)})
    assert difference(ours, frozenset({("c.py", 3)})) == "+2 -1"
