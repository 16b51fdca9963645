"""Kinds that follow names through the project, from the cache that ``ssot-lint check`` left."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from ssot_lint.cache import Cache, cache_file, content_hash
from tests.flake8.running import (
    BASELINE,
    PYTHON,
    RULES,
    START,
    Run,
    Step,
    legacy,
    run,
    serve,
    sot,
    write,
)

PROJECT = {
    "rules.yaml": RULES
    + "  - {name: one-order, kind: divergent-name, reason: One., names: [Order],"
    " home: shop.orders.Order}\n",
    "shop/orders.py": "class Order: ...\n",
    "shop/stub.py": "class Order: ...\n",
    "shop/hub.py": "from shop.stub import Order\n",
    "shop/right.py": "from shop.orders import Order\n",
    "shop/use.py": "from shop.hub import Order\n",
}
CACHE = ".ssot_cache"


def divergent(place: str, origin: str = "shop.stub.Order") -> str:
    return f"{place}: SOT202 Order leads to {origin}, not to shop.orders.Order [one-order]"


FOUND = (divergent("shop/hub.py:1:23"), divergent("shop/use.py:1:22"))


def check(folder: Path, *arguments: str, **variables: str) -> None:
    """Run ``ssot-lint check`` for its cache alone, which so few files leave only on request."""
    command = (PYTHON, "-m", "ssot_lint", "check", "--exit-zero", *arguments)
    assert run(*command, cwd=folder, **variables).code == 0


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that has been checked, with a cache."""
    check(write(tmp_path, PROJECT), f"--cache-dir={CACHE}")
    return tmp_path


def test_silent_until_a_check_has_left_a_cache(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    assert sot("shop", cwd=tmp_path) == Run((), 0)
    check(tmp_path)
    assert sot("shop", cwd=tmp_path) == Run((), 0)
    check(tmp_path, "--cache-dir=elsewhere")
    assert sot("shop", cwd=tmp_path) == Run((), 0)
    check(tmp_path, f"--cache-dir={CACHE}")
    assert sot("shop", cwd=tmp_path) == Run(FOUND, 1)
    run(PYTHON, "-m", "ssot_lint", "cache", "clear", cwd=tmp_path)
    assert sot("shop", cwd=tmp_path) == Run((), 0)


def test_a_check_of_file_scope_is_enough(tmp_path: Path) -> None:
    """What it did not read is read when a name leads there."""
    check(write(tmp_path, PROJECT), f"--cache-dir={CACHE}", "--scope=file")
    assert sot("shop", cwd=tmp_path) == Run(FOUND, 1)


@pytest.mark.parametrize("folder", ["caches", "{project}/caches"])
def test_the_cache_is_where_the_environment_says(tmp_path: Path, folder: str) -> None:
    """As for ``check``: a relative path starts at the working directory."""
    folder = folder.format(project=tmp_path)
    check(write(tmp_path, PROJECT), SSOT_CACHE_DIR=folder)
    assert sot("shop", cwd=tmp_path) == Run((), 0)
    assert sot("shop", cwd=tmp_path, SSOT_CACHE_DIR=folder) == Run(FOUND, 1)
    empty = sot("shop", cwd=tmp_path, SSOT_CACHE_DIR="")
    check(tmp_path, f"--cache-dir={CACHE}")
    assert (empty, sot("shop", cwd=tmp_path, SSOT_CACHE_DIR="")) == (Run((), 0), Run(FOUND, 1))


def test_what_check_says_but_for_what_takes_the_whole_project(project: Path) -> None:
    """The number of modules that agree, and the other origins, are unknown to one file."""
    report = project / "report.json"
    check(project, f"--output=json:{report}")
    told = json.loads(report.read_text(encoding="utf-8"))["violations"]
    assert [each["message"] for each in told] == [
        "Order leads to shop.stub.Order (as in 2 modules), not to shop.orders.Order"
    ] * 2
    places = [f"{v['path']}:{v['span']['line']}:{v['span']['column']}" for v in told]
    assert sot("shop", cwd=project).lines == tuple(map(divergent, places))


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda file: file.write_bytes(b""), id="empty"),
        pytest.param(lambda file: file.write_bytes(file.read_bytes()[:-30]), id="without its end"),
        pytest.param(lambda file: file.unlink(), id="missing"),
        pytest.param(lambda file: (file.unlink(), file.mkdir()), id="a folder"),
    ],
)
def test_a_damaged_cache_tells_nothing_false(project: Path, damage: object) -> None:
    """Its index decides whether there is one; facts that it lost are read again."""
    file = Path(cache_file(str(project / CACHE)))
    damage(file)  # type: ignore[operator]
    usable = file.is_file() and bool(file.stat().st_size)
    assert sot("shop", cwd=project) == (Run(FOUND, 1) if usable else Run((), 0))


def test_a_cache_of_another_version_is_none(tmp_path: Path) -> None:
    """Also where it claims to know files that are there, and what they say."""
    folder = write(tmp_path, PROJECT) / CACHE
    version = run(
        PYTHON, "-c", "import ssot_lint.cache as c; print(c.reader_version())", cwd=tmp_path
    ).lines[0]
    for each, found in ((f"{version} of tomorrow", Run((), 0)), (version, Run(FOUND, 1))):
        cache = Cache.open(str(folder), version=each)
        path = tmp_path / "shop" / "stub.py"
        os.utime(path, (1, 1))
        cache.remember("shop/stub.py", path.stat(), content_hash(path.read_bytes()))
        assert cache.save() == ""
        assert sot("shop", cwd=tmp_path) == found


NEWER: dict[str, tuple[dict[str, str | None], tuple[str, ...]]] = {
    "a neighbour leads elsewhere now": (
        {"shop/hub.py": "from shop.other import Order\n", "shop/other.py": "class Order: ...\n"},
        (divergent("shop/use.py:1:22", "shop.other.Order"),),
    ),
    "a neighbour leads home now": ({"shop/hub.py": "from shop.orders import Order\n"}, ()),
    "a neighbour of the same size leads home": (
        {"shop/hub.py": "from .orders import Order  \n"},
        (),
    ),
    "a neighbour of a neighbour leads home": ({"shop/stub.py": "from shop.orders import *\n"}, ()),
    "the home leads elsewhere": ({"shop/orders.py": "from shop.stub import Order\n"}, ()),
    "the home is gone, so nobody can tell": ({"shop/orders.py": None}, ()),
    "a neighbour is gone, so nobody can tell": ({"shop/hub.py": None}, ()),
    "a neighbour does not parse": ({"shop/hub.py": "from shop.stub import Order\ndef\n"}, ()),
    "a package stands before the module now": (
        {"shop/hub/__init__.py": "from shop.orders import Order\n"},
        (),
    ),
}


@pytest.mark.parametrize("what", NEWER)
def test_files_that_changed_since_are_read_again(project: Path, what: str) -> None:
    files, found = NEWER[what]
    for path, text in files.items():
        target = project / path
        target.parent.mkdir(exist_ok=True)
        if text is None:
            target.unlink()
        else:
            status = target.stat() if target.exists() else None
            target.write_text(text, encoding="utf-8")
            if status is not None:  # as tools do that restore files
                os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert sot("shop/use.py", cwd=project).lines == found


BUFFERS = {
    "a binding that the disk lacks": (
        "shop/fresh.py",
        "X = 1\nfrom shop.hub import Order\n",
        (divergent("shop/fresh.py:2:22"),),
    ),
    "a file that the disk has otherwise": ("shop/use.py", "from shop.right import Order\n", ()),
    "a relative import": (
        "shop/use.py",
        "from . import hub\nOrder = hub.Order\n",
        (divergent("shop/use.py:2:1"),),
    ),
    "a star": ("shop/use.py", "from .hub import *\n", (divergent("shop/use.py:1:18"),)),
    "a star that binds no such name": ("shop/use.py", "from .use import *\n", ()),
    "names lead through the buffer, in a circle": (
        "shop/stub.py",
        "from shop.orders import Order\nfrom shop.hub import Order\n",
        (),
    ),
    "names lead into the buffer": (
        "shop/stub.py",
        "class Order:\n    from shop.hub import Order\n",
        (divergent("shop/stub.py:2:26"),),
    ),
    "the home itself, which defines the name no more": (
        "shop/orders.py",
        "from shop.hub import Order\n",
        (),
    ),
    "excused": ("shop/use.py", "from shop.hub import Order  # ssot: allow one-order\n", ()),
    "excused for flake8": ("shop/use.py", "from shop.hub import Order  # noqa: SOT202\n", ()),
}


@pytest.mark.parametrize("what", BUFFERS)
def test_the_buffer_lies_over_the_project(project: Path, what: str) -> None:
    name, text, found = BUFFERS[what]
    done = sot(f"--stdin-display-name={name}", "-", cwd=project, stdin=text)
    assert done.lines == found


def test_the_baseline_tolerates_so_many(project: Path) -> None:
    (project / "ssot-baseline.yml").write_text(
        BASELINE + "shop/gone.py:\n  one-order Order: 1\nshop/hub.py:\n  one-order Order: 1\n",
        encoding="utf-8",
    )
    (project / "shop" / "hub.py").write_text(PROJECT["shop/hub.py"] * 2, encoding="utf-8")
    assert sot("shop", cwd=project).lines == (
        divergent("shop/hub.py:2:23"),
        divergent("shop/use.py:1:22"),
    )


def test_a_process_that_lives_on_notices_every_cache(tmp_path: Path) -> None:
    """And looks for each once, and keeps none open but the last."""
    write(tmp_path, PROJECT)
    ours = ["--select=SOT", "shop"]
    cached = [f"--cache-dir={CACHE}"]
    file = f"{CACHE}/{os.path.basename(cache_file(''))}"
    hub = {"shop/hub.py": "from shop.orders import Order\n"}
    back = {"shop/hub.py": PROJECT["shop/hub.py"]}
    steps: list[tuple[str, Step, tuple[str, ...], int]] = [
        ("no cache", ({}, ours), (), 1),
        ("one appears", ({}, ours, cached), FOUND, 1),
        ("it stays", ({}, ours), FOUND, 0),
        ("a file changes", (hub, ours), (), 0),
        ("another cache", ({"shop/new.py": "Order = 1\n"}, ours, cached), (), 1),
        ("a file changes back", (back, ours), FOUND, 0),
        ("it is cleared", ({file: None}, ours), (), 1),
        ("and comes again", ({}, ours, cached), FOUND, 1),
        ("it is damaged", ({file: "x"}, ours), (), 1),
        ("and heals", ({}, ours, cached), FOUND, 1),
    ]
    answers = serve(tmp_path, *(step for _, step, _, _ in steps))
    for (what, _, found, opened), answer in zip(steps, answers, strict=True):
        assert (tuple(answer["lines"]), answer["read"].count(os.path.basename(file))) == (
            found,
            opened,
        ), what
        usable = what not in ("no cache", "it is cleared", "it is damaged")
        assert len(answer["held"]) == (usable and os.path.isdir("/proc/self/fd")), what


def test_a_text_without_words_opens_no_cache(project: Path) -> None:
    (project / "shop" / "plain.py").write_text(
        "import os\n\n\nclass Basket: ...\n", encoding="utf-8"
    )
    plain, used = serve(
        project, ({}, ["--select=SOT", "shop/plain.py"]), ({}, ["--select=SOT", "shop/use.py"])
    )
    name = os.path.basename(cache_file(""))
    assert (plain["read"].count(name), used["read"].count(name)) == (0, 1)


def test_nothing_is_written(project: Path) -> None:
    """Neither what was read since the check, nor a folder that is not there."""
    (project / "shop" / "hub.py").write_text("from shop.stub import *\n", encoding="utf-8")
    file = Path(cache_file(str(project / CACHE)))
    before = file.read_bytes(), file.stat().st_mtime_ns, sorted(os.listdir(file.parent))
    assert sot("shop/use.py", cwd=project).lines == FOUND[1:]
    assert (file.read_bytes(), file.stat().st_mtime_ns, sorted(os.listdir(file.parent))) == before
    assert sot("shop/use.py", cwd=project, SSOT_CACHE_DIR="no/where") == Run((), 0)
    assert not (project / "no").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there is only spawn")
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_several_processes(tmp_path: Path, method: str) -> None:
    project = write(
        tmp_path / "project",
        {
            **PROJECT,
            **{f"shop/m{i}.py": f"from shop.{where} import Order\nfrom app.old import A\n"
               for i, where in enumerate(["hub", "right"] * 8)},
            ".flake8": "[flake8]\nselect = SOT\n",
        },
    )  # fmt: skip
    check(project, f"--cache-dir={CACHE}")
    start = tmp_path / "start.py"
    start.write_text(START, encoding="utf-8")
    done = run(PYTHON, start, method, "--jobs=4", "shop", cwd=project)
    expected = [*FOUND, *(legacy(f"shop/m{i}.py:2:21", "A") for i in range(16))]
    expected += [divergent(f"shop/m{i}.py:1:22") for i in range(0, 16, 2)]
    assert (sorted(done.lines), done.code) == (sorted(expected), 1)
