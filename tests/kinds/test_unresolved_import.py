"""What unresolved-import says beside its violations, and which files it need not read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ssot_lint.config import load, read
from ssot_lint.engine import Request
from ssot_lint.engine.survey import survey
from ssot_lint.errors import ConfigError
from ssot_lint.model import Report
from tests.kinds.running import check

HEAD = "ssot-lint: 1\nrules:\n  - {name: x, kind: unresolved-import, reason: R."


def run(folder: Path, options: str, files: dict[str, str], prefilter: bool = True) -> Report:
    return check(folder, f"{HEAD}{options}}}\n", files, prefilter=prefilter)


def subjects(report: Report) -> list[str]:
    return [violation.subject for violation in report.violations]


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (", guarded: maybe", "3:52: x: expected allowed or forbidden, found 'maybe'"),
        (", modules: []", "3:52: x: an empty list says nothing; leave the key out"),
        (", whole: [a.b]", "3:60: x: 'a.b': a simple name is needed here, without dots"),
    ],
)
def test_options_that_say_nothing(options: str, fault: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(f"{HEAD}{options}}}\n", "rules.yaml", root="/")
    assert caught.value.lines == (f"rules.yaml:{fault}",)


def test_what_the_notes_say(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        ", allow: [shop.gone, 'shop.c*'], whole: [shop, folder]",
        {
            "shop/__init__.py": "from ... import above\n",
            "shop/lazy.py": "def __getattr__(name): ...\n",
            "shop/stars.py": "from lib import *\n",
            "folder/x.py": "",
            "other/x.py": "",
            "use.py": (
                "from shop.lazy import X\n"
                "from shop.stars import X\n"
                "from other.gone import X\n"
                "patch('shop.lazy.Y')\n"
                "import shop.gone\n"
            ),
        },
    )
    assert subjects(report) == []
    assert [(n.topic, n.path, n.line, n.message) for n in report.notes] == [
        (
            "idle",
            "rules.yaml",
            3,
            "allow: 'shop.c*' excepts nothing: all of it leads somewhere",
        ),
        ("idle", "rules.yaml", 3, "whole: 'shop' matches no package without an __init__.py"),
        (
            "outside",
            "use.py",
            2,
            "whether shop.stars.X leads anywhere cannot be told: lib.* (outside)",
        ),
        (
            "undecidable",
            "shop/__init__.py",
            1,
            "whether ... leads anywhere cannot be told: above the root (undecidable)",
        ),
        (
            "undecidable",
            "use.py",
            3,
            "whether other.gone.X leads anywhere cannot be told: other.gone (undecidable)",
        ),
        (
            "undecidable",
            "use.py",
            1,
            "whether shop.lazy.X leads anywhere cannot be told: shop.lazy.X (undecidable)",
        ),
        (
            "undecidable",
            "use.py",
            4,
            "whether shop.lazy.Y leads anywhere cannot be told: shop.lazy.Y (undecidable)",
        ),
    ]


def test_a_relative_import_in_a_folder_that_is_no_package_may_lead_anywhere(
    tmp_path: Path,
) -> None:
    report = run(tmp_path, "", {"my-folder/x.py": "from .y import X\nfrom shop import X\n"})
    assert (report.violations, report.notes) == ((), ())


def test_statements_are_counted_where_they_begin(tmp_path: Path) -> None:
    report = run(
        tmp_path, "", {"shop/__init__.py": "", "use.py": "from shop import (\n  a,\n  b,\n)\n"}
    )
    assert [(v.span.line, v.statement) for v in report.violations] == [(2, (1, 1)), (3, (1, 1))]


def test_a_long_circle_is_followed_to_its_end(tmp_path: Path) -> None:
    """A circle of stars and re-exports: nothing recurs, and nobody binds the names."""
    count = 100
    files = {
        f"shop/m{n}.py": f"from shop.m{(n + 1) % count} import *\n"
        f"from shop.m{(n + 1) % count} import X\n"
        for n in range(count)
    }
    report = run(
        tmp_path, "", {"shop/__init__.py": "", **files, "use.py": "from shop.m0 import Y\n"}
    )
    found = {(v.path, v.subject, v.message.partition(": ")[0]) for v in report.violations}
    circle = {
        (f"shop/m{n}.py", name, f"import of {name} leads only to itself")
        for n in range(count)
        for name in [f"shop.m{(n + 1) % count}.X"]
    }
    assert found == {*circle, ("use.py", "shop.m0.Y", "import of shop.m0.Y leads nowhere")}


def test_words_are_known_only_of_literal_paths() -> None:
    def words(options: str) -> object:
        return load(f"{HEAD}{options}}}\n", "rules.yaml", root="/").rules[0].words()

    assert words("") is None
    assert words(", modules: ['a.*']") is None
    assert words(", modules: [a.b], ignore_case: true") is None
    assert words(", modules: [a.b]") is not None


PARTS = ("app", "core", "gone", "x", "sub", "other")
PATHS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=3).map(".".join)
LINES = st.one_of(
    PATHS.map("import {}".format),
    PATHS.map("patch('{}')".format),
    PATHS.map("import_module('.{}', __package__)".format),
    PATHS.map(lambda path: f"patch('{path[:5]}' '{path[5:]}')"),
    st.tuples(st.sampled_from(["", ".", "..", "..."]), PATHS, st.sampled_from([*PARTS, "*"])).map(
        lambda three: "from {}{} import {}".format(*three)
    ),
    st.tuples(st.sampled_from([".", "..", "..."]), st.sampled_from([*PARTS, "*"])).map(
        lambda two: "from {} import {}".format(*two)
    ),
)
PLACES = (
    "app/__init__.py",
    "app/core/__init__.py",
    "app/core/x.py",
    "app/core/sub/x.py",
    "app/core/a-b.py",
    "app/x.py",
    "app/x/__init__.py",
    "use.py",
)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(PATHS, max_size=2),
    st.dictionaries(st.sampled_from(PLACES), st.lists(LINES, max_size=3), max_size=4),
)
@example(["app.core"], {"app/core/sub/x.py": ["from .. import *", "from ..gone import x"]})
@example(["app.core"], {"app/core/a-b.py": ["from . import gone"]})
@example(["app.x"], {})
@example([], {"app/x.py": ["from app.x import x"], "use.py": ["from app.x import x"]})
@example([], {"app/core/x.py": ["from . import *"], "app/core/__init__.py": ["from .x import *"]})
@example([], {"app/x.py": ["def x(:"], "use.py": ["'import app.x.gone'", "from app.x import y"]})
@example([], {"app/x.py": ["def x(:"], "use.py": ["from app.core import x"]})
@example([], {"use.py": ["from .gone import x"], "app/core/x.py": ["from ....gone import x"]})
def test_the_files_that_are_not_read_hold_nothing(
    tmp_path: Path, modules: list[str], sources: dict[str, list[str]]
) -> None:
    files = {place: "\n".join(sources.get(place, [])) + "\n" for place in PLACES}
    options = f", modules: {modules}" if modules else ""
    reports = [run(tmp_path, options, files, prefilter=each) for each in (True, False)]
    assert reports[0].violations == reports[1].violations
    assert reports[0].notes == reports[1].notes


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("import app.core\nfrom app import core\nfrom app.core import *\n", False),
        ("from unittest.mock import patch\npatch('app.core.X')\npatch('other.gone')\n", False),
        ("'''from app import core'''\nimport_module('app.core')\n", False),
        ("from .core import (X,  # of the core\n X as Y)\n", False),
        ("from app.core import Gone\n", True),
        ("import app.gone\n", True),
        ("patch('app.gone.X')\n", True),
        ("patch('app.' 'gone.X')\n", True),
        ("import_module('app.core.X')\n", True),
        ("(monkeypatch.setattr)  \\\n ('app.gone.X', 1)\n", True),
        ("x = (patch  # of the lost one\n ('app.gone.X'))\n", True),
        ("import app.b\n", True),  # itself
        ("from app.b import X\n", True),
    ],
)
def test_what_leads_somewhere_is_not_even_parsed(text: str, is_read: bool, tmp_path: Path) -> None:
    files = {"app/__init__.py": "", "app/core.py": "X = 1\n", "app/b.py": text}
    (tmp_path / "app").mkdir()
    for path, source in {"rules.yaml": f"{HEAD}}}\n", **files}.items():
        (tmp_path / path).write_text(source)
    told = read(str(tmp_path / "rules.yaml"))
    site = survey(told, Request(), told.rules).read(Request())
    assert ("app/b.py" in {file.path for file in site.project.visited}) is is_read
