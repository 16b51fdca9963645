"""Real packages with their own tests: a module that many others use moves to a new home.

The whole way: the file moves, a shim stands in its place, what exists is tolerated, all importers
are rewritten batch by batch while the package's own tests judge each batch, and the shim goes. In
the end the tests are as green as they were, and nothing names the old path.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import shlex
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.projects import environment
from tests.corpus.packages import cache_folder
from tests.git_repository import Repository

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(sys.platform == "win32", reason="a command line for a POSIX shell"),
]


@dataclass(frozen=True)
class Move:
    """A module that moves in a source archive whose hash is `sha256`.

    `tests` are arguments for pytest, `meanwhile` further ones for as long as the shim stands.
    `importers` is how many files name the old path, `names` how often they do.
    """

    archive: str
    sha256: str
    source: str
    old: str
    new: str
    tests: str
    meanwhile: str
    importers: int
    names: int


MOVES = [
    Move(
        "click-8.1.8",
        "ed53c9d8990d83c2a27deae68e4ee337473f6330c040a31d4225c9574d16096a",
        "src",
        "click.exceptions",
        "click.errors",
        "tests -o filterwarnings=",  # of its own, which a newer pytest breaks
        # That the package imports nothing that is not on a list: a shim imports warnings.
        "--deselect tests/test_imports.py::test_light_imports",
        8,
        25,
    ),
    Move(
        "docutils-0.21.2",
        "3a6b18732edf182daa3cd12775bbb338cf5691468f91eeeb109deff6ebfa986f",
        ".",
        "docutils.nodes",
        "docutils.tree",
        # These depend on the version of pygments.
        "test --ignore-glob=*/test_code.py --ignore-glob=*/test_code_long.py",
        "",
        36,
        59,
    ),
]
RULES = """\
ssot-lint: 1
roots: [.{source}]
rules:
  - {{name: moved, kind: legacy-import, reason: R., moved: {{{old}: {new}}}}}
  - {{name: named, kind: legacy-reference, reason: R., of: moved}}
  - {{name: leads-somewhere, kind: unresolved-import, reason: R.}}
  - {{name: forwards, kind: shim, reason: R., modules: [{old}], home: {new}}}
"""


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.archive)
def test_a_module_moves_behind_a_shim(move: Move, tmp_path: Path) -> None:
    with tarfile.open(archive(move)) as packed:
        packed.extractall(tmp_path, filter="data")
    folder = tmp_path / move.archive
    repository = Repository(folder)
    repository.commit(message="as it was")
    suite = (
        f"env PYTHONPATH={move.source} {shlex.quote(sys.executable)} -m pytest -q -x "
        f"-p no:cacheprovider -W ignore {move.tests}"
    )
    verify = f"{suite} {move.meanwhile}"
    old, new = (path_of(move, name) for name in (move.old, move.new))
    repository.move(old, new)
    nested = "" if move.source == "." else f", {move.source}"
    rules = RULES.format(source=nested, old=move.old, new=move.new)
    (folder / "rules.yaml").write_text(rules)

    date = datetime.date.today() + datetime.timedelta(days=90)
    run(folder, "shim", "create", move.old, move.new, "--remove-after", date.isoformat())
    subprocess.run(verify, shell=True, cwd=folder, env=environment(), check=True)  # noqa: S602
    created = run(folder, "baseline", "create")
    assert created == (
        f"ssot-baseline.yml: {move.names} violations in {move.importers} files tolerated "
        "from now on\n"
    )
    assert run(folder, "shim", "remove", move.old, code=1).endswith(
        f"{move.names} references to {move.old} in {move.importers} files: not removed\n"
    )
    repository.commit(message="moved behind a shim")

    run(folder, "migrate", "--apply", "--all", "--strings", "--verify", verify)
    run(folder, "check")
    tolerated = (folder / "ssot-baseline.yml").read_text().splitlines()
    assert [line for line in tolerated if line.startswith(" ")] == []
    changed = repository.git("diff", "--name-only", "HEAD", "--", "*.py").split()
    assert len(changed) == move.importers
    assert not {old, new} & {*changed}
    assert "removed; nothing names" in run(folder, "shim", "remove", move.old)
    subprocess.run(suite, shell=True, cwd=folder, env=environment(), check=True)  # noqa: S602


def path_of(move: Move, module: str) -> str:
    return os.path.normpath(f"{move.source}/{module.replace('.', '/')}.py")


def run(folder: Path, *arguments: str, code: int = 0) -> str:
    """A command of ours; what it says on standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "ssot_lint", *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stderr


def archive(move: Move) -> Path:
    """The source archive; from the index that pip is configured for if it is not there yet."""
    target = cache_folder() / f"{move.archive}.tar.gz"
    if not target.exists():
        name, _, version = move.archive.rpartition("-")
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            pinned = Path(folder, "requirements.txt")
            pinned.write_text(f"{name}=={version} --hash=sha256:{move.sha256}\n")
            command = ["download", "--quiet", "--no-deps", "--no-binary=:all:", "--require-hashes"]
            subprocess.run(
                [sys.executable, "-m", "pip", *command, "-r", str(pinned), "-d", folder],
                check=True,
            )
            (found,) = Path(folder).glob("*.tar.gz")
            found.replace(target)
    assert hashlib.sha256(target.read_bytes()).hexdigest() == move.sha256, target
    return target
