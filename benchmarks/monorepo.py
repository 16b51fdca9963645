"""Makes a monorepo in the middle of a migration, always the same one from the same seed.

It resembles an application of 25,000 Python files: 85 % tests, almost half of the files copied into
backups, 2 % that do not parse, 4 % that still import an old path. ``python -m benchmarks.monorepo
FOLDER`` makes one to look at.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks import concept
from benchmarks.filler import Filler, make_filler, title
from benchmarks.question import EVERY_RULES_FILE, RULES_FILE

FILES = 25_000
FILLER = 12_900
"""Bytes of filler in a file, on average: with the rest of it, 25,000 files make 450 MB."""

PACKAGES = ("harbor_api", "harbor_billing", "harbor_ops", "harbor_worker", "tests")
"""The importable top folders."""
_BACKUPS = ("backups/b20240311/", "backups/b20240917/")
_COPIED = 0.46
_TESTS = 0.85

MTIME = 1_700_000_000
"""When every file was last changed, in seconds since 1970: long ago, for tools that cache."""

_SUITES = ("unit", "integration", "e2e", "mission_critical", "smoke-tests", "{unit,integration}")
_AREAS = (
    *("agents", "auth", "billing", "booking", "customs", "dispatch", "docks", "events", "fleet"),
    *("gateway", "live", "manifest", "notices", "payments", "pricing", "routes", "storage"),
)
_IMPORTS = (
    *("import asyncio\n", "import json\n", "import logging\n", "import os\n", "import time\n"),
    *("from dataclasses import dataclass, field\n", "from datetime import datetime, timezone\n"),
    *("from pathlib import Path\n", "from typing import Any, Dict, List, Optional\n"),
    "from unittest.mock import AsyncMock, MagicMock, patch\n",
)


@dataclass(frozen=True, slots=True)
class Monorepo:
    """What was made: Python files and their bytes, and the paths of those that do not parse."""

    files: int
    size: int
    broken: tuple[str, ...]


def generate(root: Path, files: int = FILES, seed: int = 0) -> Monorepo:
    """Fills the folder `root` with `files` Python files, at least 100, and the rules."""
    made = 0
    size = 0
    broken = []
    folders = set()
    random = Random(seed)  # noqa: S311 (it hides nothing)
    for path, data, parses in _files(files, random):
        folder, _, name = os.path.join(root, path).rpartition("/")
        if folder not in folders:
            os.makedirs(folder, exist_ok=True)
            folders.add(folder)
        _write(f"{folder}/{name}", data)
        made += 1
        size += len(data)
        if not parses:
            broken.append(path)
    _write(str(root / RULES_FILE), concept.RULES.encode())
    _write(str(root / EVERY_RULES_FILE), (concept.RULES + concept.FURTHER_RULES).encode())
    _write(str(root / "scripts" / "clean up.py.backup.20250914"), b"not Python\n")
    return Monorepo(made, size, tuple(sorted(broken)))


def _write(path: str, data: bytes) -> None:
    with open(path, "wb", buffering=0) as file:
        file.write(data)
    os.utime(path, (MTIME, MTIME))


def _files(count: int, random: Random) -> Iterator[tuple[str, bytes, bool]]:
    """Path, content, and whether it parses, of every file."""
    fixed = {f"harbor_api/app/live/{name}.py": text for name, text in concept.CORE.items()}
    for number in range(max(6, 23 * count // FILES)):
        fixed[f"harbor_api/app/compat/broker_{number}.py"] = concept.shim(number)
    copied = round(count * _COPIED)
    paths = _paths(count - copied - len(fixed), random)
    markers = [path for path in paths if path.endswith("__init__.py")]
    fixed.update(dict.fromkeys(markers, ""))
    composer = _Composer(make_filler(random), paths, random)
    originals = [(path, text.encode(), True) for path, text in fixed.items()]
    originals += (composer.file(path) for path in paths if path not in fixed)
    yield from originals

    # A backup is a package like what it holds, so that a relative import in it stays in it.
    tops = ["backups/__init__.py", *(f"{backup}__init__.py" for backup in _BACKUPS)]
    yield from ((path, b"", True) for path in tops)
    random.shuffle(originals)
    for number, (path, data, parses) in enumerate(originals[: copied - len(tops)]):
        yield _BACKUPS[number % 5 == 0] + path, data, parses


def _paths(count: int, random: Random) -> list[str]:
    """Paths of `count` files; half of the folders are marked as packages."""
    areas = _AREAS[: max(2, count // 60)]
    folders = ["harbor_api/app", "harbor_api/app/live", "harbor_api/app/compat", *PACKAGES]
    folders += [f"{package}/{area}" for package in PACKAGES for area in areas]
    folders += [f"tests/{suite}" for suite in _SUITES[:4]]
    places = [f"tests/{suite}/{area}" for suite in _SUITES for area in areas]
    places += [f"{package}/{area}/tests" for package in PACKAGES[:-1] for area in areas]
    paths = {f"scripts/{name}.py": None for name in ("clean up", "-draft", "table")}
    paths.update(dict.fromkeys(f"{folder}/__init__.py" for folder in (*folders, *places[::2])))
    while len(paths) < count:
        number = len(paths)
        area, other = random.choice(areas), random.choice(areas)
        if random.random() < _TESTS:
            paths[f"{random.choice(places)}/test_{area}_{other}_{number}.py"] = None
        else:
            package = random.choice(PACKAGES[:-1])
            paths[f"{package}/{area}/{other}_{random.choice(areas)}_{number}.py"] = None
    return list(paths)


def _modules(paths: list[str]) -> list[str]:
    """What production code and tests import of each other."""
    production = (path for path in paths if "tests" not in path and not path.startswith("scripts"))
    return [_module_of(path) for path in production if "__init__" not in path]


def _module_of(path: str) -> str:
    return path[:-3].replace("/", ".")


class _Composer:
    """Puts files together from imports, filler, and what the question is about."""

    def __init__(self, filler: Filler, paths: list[str], random: Random) -> None:
        self._filler = filler
        self._modules = _modules(paths) or [concept.HOME]
        self._named = frozenset(self._modules)
        self._rows = len(paths) * 6
        self._random = random
        self._number = 0

    def file(self, path: str) -> tuple[str, bytes, bool]:
        self._number += 1
        random = self._random
        if path == "scripts/table.py":
            return path, self._table(), True
        head, blocks = self._head(), self._blocks(path)
        # Latin-1 is for files without old imports: not every tool can read them.
        latin = not self._involve(head, blocks, path) and random.random() < 0.001
        parses = random.random() >= 0.022
        if not parses:
            self._break(head, blocks)
        if _module_of(path) in self._named:
            name = title(path.rpartition("/")[2][:-3])
            blocks.insert(0, f"class {name}:\n    number = {self._number}\n")
        text = "".join(head) + "\n\n" + "\n\n".join(blocks)
        if latin:
            text = f"# -*- coding: latin-1 -*-\n# caf\xe9\n{text}"
            return path, text.encode("latin-1", "backslashreplace"), parses
        data = text.encode()
        if random.random() < 0.01:
            data = data.replace(b"\n", b"\r\n")
        if random.random() < 0.002:
            data = b"\xef\xbb\xbf" + data
        return path, data, parses

    def _head(self) -> list[str]:
        random = self._random
        area, other = random.choices(_AREAS, k=2)
        head = [f'"""Number {self._number}: {area} and {other}."""\n\n']
        if random.random() < 0.3:
            head.append("from __future__ import annotations\n\n")
        head += random.sample(_IMPORTS, random.randint(3, 8))
        for module in random.choices(self._modules, k=random.randint(1, 6)):
            name = title(module.rpartition(".")[2])
            lost = "_moved" if random.random() < 0.01 else ""
            head.append(f"from {module}{lost} import {name}\n")
        return head

    def _blocks(self, path: str) -> list[str]:
        random, filler = self._random, self._filler
        pool = filler.tests if "test" in path else filler.production
        # The mean of the distribution is 1; real sizes are as skewed.
        size = min(random.lognormvariate(-0.5, 1.0), 15) * FILLER
        blocks = []
        while size > 0:
            blocks.append(random.choice(pool))
            size -= len(blocks[-1]) + 2
        for share, special in ((0.3, filler.sessions), (0.1, filler.brokers), (0.25, filler.emoji)):
            if random.random() < share:
                blocks.insert(random.randint(0, len(blocks)), random.choice(special))
        if random.random() < 0.0025:
            blocks.append('NOTE = "\N{INFORMATION SOURCE} see the manual"\n')
        return blocks

    def _involve(self, head: list[str], blocks: list[str], path: str) -> bool:
        """Adds what the file has to do with the broker; whether it names an old path."""
        random = self._random
        chance = random.random()
        if chance < 0.04:
            for number in range(random.choices((1, 2, 3, 5), weights=(55, 22, 13, 10))[0]):
                code, in_function = concept.old_import(random, number)
                if path.startswith("harbor_api/") and "/tests/" not in path and number % 2:
                    code = code.replace(f"from {concept.LIVE}", "from ..app.live")
                if in_function:
                    blocks.insert(random.randint(0, len(blocks)), code)
                else:
                    head.append(code)
        if chance < 0.02 or 0.04 <= chance < 0.05:
            for number in range(random.randint(1, 2)):
                at = random.randint(0, len(blocks))
                blocks.insert(at, concept.mention(random, number))
        if 0.05 <= chance < 0.13:
            head.append(concept.canonical(random, self._number))
        if 0.13 <= chance < 0.131 and "test" in path:
            blocks.append(concept.STAND_IN)
        return chance < 0.05

    def _break(self, head: list[str], blocks: list[str]) -> None:
        """What rewriting by regular expression, and merging, leave behind."""
        at = self._random.randint(0, len(blocks) - 1)
        way = self._random.randrange(5)
        if way == 0:
            misplaced = f"from {concept.HOME} import SessionBroker\n"
            head.append(f"from typing import (\n{misplaced}    Any,\n)\n")
        elif way == 1:
            blocks.insert(at, '"""\n')
        elif way == 2:
            blocks.insert(at, "<<<<<<< HEAD\n")
        elif way == 3:
            blocks.insert(at, "def test_removed():\n# REMOVED\n")
        else:
            blocks.insert(at, "result = call(first, [second\n")

    def _table(self) -> bytes:
        """What a generator wrote: one long literal."""
        random = self._random
        rows = (f'    ("{random.choice(_AREAS)}", {number}),\n' for number in range(self._rows))
        return f"ROWS = [\n{''.join(rows)}]\n".encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    made = generate(options.folder, options.files, options.seed)
    print(f"{made.files} files, {made.size} bytes, {len(made.broken)} of them broken")


if __name__ == "__main__":
    main()
