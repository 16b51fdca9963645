"""Contents are known by their bytes, readers by their sources."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ssot_lint
from ssot_lint.cache import content_hash, reader_version

PACKAGE = Path(ssot_lint.__file__).parent


def needed() -> set[str]:
    """The source files that turn bytes into facts, found by following imports from ``facts/``."""
    waiting = sorted((PACKAGE / "facts").rglob("*.py"))
    found: set[str] = set()
    while waiting:
        path = waiting.pop()
        name = path.relative_to(PACKAGE).as_posix()
        if name in found:
            continue
        found.add(name)
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ssot_lint."):
                parts = (node.module or "").split(".")[1:]
                module = PACKAGE.joinpath(*parts)
                waiting.append(
                    module / "__init__.py" if module.is_dir() else module.with_suffix(".py")
                )
    return found


NEEDED = sorted(needed())


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of this package's sources."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(PACKAGE, tmp_path / "ssot_lint", ignore=ignored))


def test_a_copy_reads_the_same(package: Path) -> None:
    assert reader_version(str(package)) == reader_version()


@pytest.mark.parametrize("name", NEEDED)
def test_the_version_follows_every_source_that_facts_come_from(package: Path, name: str) -> None:
    before = reader_version(str(package))
    source = (package / name).read_bytes()
    (package / name).write_bytes(source + b"\n")
    assert reader_version(str(package)) != before
    (package / name).write_bytes(source)
    assert reader_version(str(package)) == before
    (package / name).rename(package / name.replace(".py", "_.py"))
    assert reader_version(str(package)) != before


def test_the_version_follows_new_sources(package: Path) -> None:
    before = reader_version(str(package))
    (package / "facts" / "deeper").mkdir()
    (package / "facts" / "deeper" / "new.py").touch()
    assert reader_version(str(package)) != before


def test_text_that_moves_from_one_source_to_the_next_is_a_change(package: Path) -> None:
    first, second = package / "facts" / "a.py", package / "facts" / "b.py"
    first.write_bytes(b"x\n")
    second.write_bytes(b"")
    before = reader_version(str(package))
    first.write_bytes(b"")
    second.write_bytes(b"x\n")
    assert reader_version(str(package)) != before


def test_compiled_files_and_other_layers_are_no_part_of_it(package: Path) -> None:
    before = reader_version(str(package))
    (package / "facts" / "__pycache__").mkdir()
    (package / "facts" / "__pycache__" / "model.cpython-311.pyc").touch()
    (package / "engine" / "lint.py").write_bytes(b"")
    assert reader_version(str(package)) == before


def test_the_version_names_the_interpreter() -> None:
    tag = sys.implementation.cache_tag
    assert tag is not None
    assert f" {tag} marshal-" in reader_version()


def test_without_sources_the_package_s_version_stands_for_them(tmp_path: Path) -> None:
    assert reader_version(str(tmp_path)).endswith(reader_version().partition(" ")[2])
    assert reader_version(str(tmp_path)) != reader_version()


@given(one=st.binary(), other=st.binary())
def test_contents_have_one_hash_if_they_are_equal(one: bytes, other: bytes) -> None:
    assert len(content_hash(one)) == 16
    assert (content_hash(one) == content_hash(other)) == (one == other)


def test_nothing_heavy_is_imported() -> None:
    script = (
        "import sys; before = set(sys.modules); import ssot_lint.cache; "
        "print(*set(sys.modules) - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stdout.split())
    parts = ("answers", "cache", "folder", "identity", "layout", "limits", "outlines")
    assert {name for name in loaded if name.startswith("ssot_lint")} == {
        *("ssot_lint", "ssot_lint.cache", "ssot_lint.errors", "ssot_lint.files"),
        *(f"ssot_lint.cache.{part}" for part in parts),
    }
    assert loaded.isdisjoint({"click", "multiprocessing", "pickle", "sqlite3", "tempfile", "yaml"})
