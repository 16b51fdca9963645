"""Pinned packages from the package index, unpacked as trees of Python files.

Wheels, because unlike source archives they are never executed to be downloaded, and hold the same
``.py`` files. What is downloaded stays in the folder ``SSOT_CORPUS`` (default: ``ssot-lint-corpus``
in the user's cache), and is checked against its hash every time. Of a wheel for one platform only
the Python files are used, so that every machine judges the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_ANY_MACHINE = (
    *("--only-binary", ":all:", "--python-version", "3.13", "--implementation", "cp"),
    "--ignore-requires-python",
    *("--platform", "manylinux_2_17_x86_64", "--platform", "manylinux2014_x86_64"),
)


@dataclass(frozen=True)
class Wheel:
    """One distribution; `sha256` is that of the wheel."""

    name: str
    version: str
    sha256: str


_PINNED = """
airflow apache-airflow 2.10.5 4c6d19159bcd85f496fbea70db72ef55d32335f80e4ffb82ae3c252782079ca0
airflow apache-airflow-providers-amazon 9.0.0 48d53124a4b924f561d0f8aeeb9ceb80bb07cda2e689486a108ed00ac6907e7e
airflow apache-airflow-providers-cncf-kubernetes 9.0.0 6ff070a00415ac36e52616442fd75df8ac7ca89d0528b42c1565cb018039cdc0
airflow apache-airflow-providers-common-sql 1.18.0 6a22bdd72da4fd834003be82adf536aebf945006d0ef96377dac7035f1c97756
airflow apache-airflow-providers-databricks 6.11.0 7f1c150d832c0b6dcddb1e8c5648d9b419bc504065b2ade8624113550b4391a2
airflow apache-airflow-providers-google 10.26.0 fde9bdfc6354de64b9bb3ff3fb5987cdfc1402beb0a9d69399c70792f9f9528e
airflow apache-airflow-providers-microsoft-azure 10.5.1 b9f2c632ef0f5e1fd7e16ccfc1ea51113f4e7fea8efa36722f93e7b356c3ccff
langchain langchain 0.0.354 8d28283a2891422a685b0605dd23b5a1cd6a15ab57a8e359b37a3151a322bad4
langchain langchain-community 0.0.8 cf8ac1c5dcf886e9c0e20842a8774e7753e9f87c83f0734f50c54cc3cc513eea
langchain langchain-core 0.1.7 c66327dbb4b7d4ab911556aa0511ebf4f40801ad66d98778fb5566dba45b0091
langchain langchain-experimental 0.0.47 d5b6930c4e0a6f280cbb7d327d03d86f555f6168e185a1df64ba4a52b1059f65
scipy scipy 1.15.3 c9deabd6d547aee2c9a81dee6cc96c6d7e9a9b1953f74850c179f91fdc729cb7
django django 5.2.4 60c35bd96201b10c6e7a78121bd0da51084733efa303cc19ead021ab179cef5e
homeassistant homeassistant 2025.1.4 06f273ce6e3d1973d65d67de583f1cba7fcb445a85ce9c16f3618d8cf5048b6c
"""

CORPORA: dict[str, tuple[Wheel, ...]] = {}
for _corpus, *_wheel in map(str.split, _PINNED.strip().splitlines()):
    CORPORA[_corpus] = (*CORPORA.get(_corpus, ()), Wheel(*_wheel))
CORPORA["everything"] = tuple(wheel for wheels in CORPORA.values() for wheel in wheels)
"""All of them side by side, as in ``site-packages``: over 13,000 files."""

LIBRARIES: dict[str, tuple[Wheel, ...]] = {
    wheel.name: (wheel,)
    for wheel in (
        Wheel(
            "celery",
            "5.4.0",
            "369631eb580cf8c51a82721ec538684994f8277637edde2dfc0dacd73ed97f64",
        ),
        Wheel(
            "sqlalchemy",
            "2.0.36",
            "9e46ed38affdfc95d2c958de328d037d87801cfcbea6d421000859e9789e61c2",
        ),
        Wheel(
            "sympy",
            "1.13.3",
            "54612cf55a62755ee71824ce692986f23c88ffa77207b30c1368eda4a7060f73",
        ),
    )
}
"""Packages without rules of their own: their symbols are moved."""


def tree(corpus: str) -> Path:
    """The folder that holds the Python files of a corpus, and nothing else."""
    wheels = CORPORA[corpus] if corpus in CORPORA else LIBRARIES[corpus]
    cache = cache_folder()
    digest = hashlib.sha256("".join(wheel.sha256 for wheel in wheels).encode()).hexdigest()
    target = cache / f"{corpus}-{digest[:12]}"
    if not target.exists():
        # Made aside and renamed: another test process may be at it, too.
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            made = Path(folder, corpus)
            for wheel in wheels:
                _unpack(_fetched(wheel, cache), made)
            try:
                made.rename(target)
            except OSError:
                assert target.exists()
    return target


def cache_folder() -> Path:
    """The folder in which downloads stay; it exists."""
    default = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "ssot-lint-corpus")
    cache = Path(os.environ.get("SSOT_CORPUS") or default)
    cache.mkdir(parents=True, exist_ok=True)
    return cache


def _fetched(wheel: Wheel, cache: Path) -> Path:
    """The wheel's file; from the index that pip is configured for if it is not there yet."""
    target = cache / f"{wheel.name}-{wheel.version}.whl"
    if not target.exists():
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            pinned = Path(folder, "requirements.txt")
            pinned.write_text(f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.sha256}\n")
            command = ["download", "--quiet", "--no-deps", "--require-hashes", *_ANY_MACHINE]
            subprocess.run(
                [sys.executable, "-m", "pip", *command, "-r", pinned, "-d", folder], check=True
            )
            (found,) = Path(folder).glob("*.whl")
            found.replace(target)
    assert hashlib.sha256(target.read_bytes()).hexdigest() == wheel.sha256, target
    return target


def _unpack(wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            path = PurePosixPath(entry.filename)
            if path.suffix not in (".py", ".pyi"):
                continue
            assert not path.is_absolute(), entry.filename
            assert ".." not in path.parts, entry.filename
            file = folder / path
            assert not file.exists(), f"{entry.filename} is in two wheels"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(archive.read(entry))
