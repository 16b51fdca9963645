"""What flake8 reports: where, under which comments, and against which baseline."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.flake8.running import (
    BASELINE,
    PYTHON,
    RULES,
    START,
    Run,
    Step,
    flake8,
    legacy,
    run,
    serve,
    sot,
    write,
)


def test_each_imported_name_stands_at_its_own_place(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "rules.yaml": RULES,
            "app/sub/user.py": (
                "from app.old import (\n"
                "    A,\n"
                "    B as C,\n"
                ")\n"
                "from ..old import D; from .. import old\n"
                "def f():\n"
                "\tfrom app . old import \\\n"
                "\t\tE\n"
                "'é'; import app.old\n"
            ),
        },
    )
    assert sot(".", cwd=tmp_path) == Run(
        (
            legacy("./app/sub/user.py:2:5", "A"),
            legacy("./app/sub/user.py:3:5", "B"),
            legacy("./app/sub/user.py:5:19", "D"),
            legacy("./app/sub/user.py:5:37"),
            legacy("./app/sub/user.py:8:3", "E"),
            legacy("./app/sub/user.py:9:13"),
        ),
        1,
    )


COMMENTS = {
    "rules.yaml": RULES,
    "alias.py": "from app.old import (\n    A,  # noqa\n    B,  # noqa: SOT102\n    C,\n)\n",
    "allowed.py": (
        "from app.old import (\n"
        "    A,  # ssot: allow old-path (until the adapter goes)\n"
        "    B,\n"
        ")\n"
        "import app.old  # ssot: allow legacy-import\n"
    ),
    "allowed_file.py": "# ssot: allow-file old-path\nfrom app.old import A\n",
    "file.py": "# flake8: noqa\nfrom app.old import A\n",
    "joined.py": "from app.old import A, \\\n    B  # noqa\nx = '''\n'''; import app.old  # noqa\n",
    "other.py": "from app.old import A  # noqa: E501\nfrom app.old import B  # NOQA:E1,SOT1\n",
}


def test_comments_excuse_their_lines(tmp_path: Path) -> None:
    assert sot(".", cwd=write(tmp_path, COMMENTS)).lines == (
        legacy("./alias.py:4:5", "C"),
        legacy("./allowed.py:3:5", "B"),
        legacy("./other.py:1:21", "A"),
    )


def test_without_noqa_only_our_own_comments_count(tmp_path: Path) -> None:
    assert sot("--disable-noqa", ".", cwd=write(tmp_path, COMMENTS)).lines == (
        legacy("./alias.py:2:5", "A"),
        legacy("./alias.py:3:5", "B"),
        legacy("./alias.py:4:5", "C"),
        legacy("./allowed.py:3:5", "B"),
        legacy("./file.py:2:21", "A"),
        legacy("./joined.py:1:21", "A"),
        legacy("./joined.py:2:5", "B"),
        legacy("./joined.py:4:13"),
        legacy("./other.py:1:21", "A"),
        legacy("./other.py:2:21", "B"),
    )


def test_a_baseline_tolerates_so_many_and_comments_come_first(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "rules.yaml": RULES,
            "ssot-baseline.yml": BASELINE + "a.py:\n  old-path app.old.A: 2\nb.py:\n"
            "  old-path app.old.A: 1\n",
            "a.py": "from app.old import A\n" * 3,
            "b.py": "from app.old import A  # noqa\nfrom app.old import A\n",
            "c.py": "from app.old import A\n",
        },
    )
    assert sot(".", cwd=tmp_path).lines == (
        legacy("./a.py:3:21", "A"),
        legacy("./c.py:1:21", "A"),
    )
    assert sot("--disable-noqa", "b.py", cwd=tmp_path).lines == (legacy("b.py:2:21", "A"),)


def test_a_renamed_file_may_use_the_entries_of_its_old_path(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "rules.yaml": RULES,
            "ssot-baseline.yml": BASELINE + "gone/a.py:\n  old-path app.old.A: 1\nkept/a.py:\n"
            "  old-path app.old.B: 1\n",
            "kept/a.py": "",
            "now/a.py": "from app.old import A\nfrom app.old import A, B\n",
        },
    )
    assert sot("now", cwd=tmp_path).lines == (
        legacy("now/a.py:2:21", "A"),
        legacy("now/a.py:2:24", "B"),
    )


def test_the_nearest_rules_apply(tmp_path: Path) -> None:
    stricter = RULES.replace("old-path", "older-path").replace("app.old", "app.older")
    write(
        tmp_path,
        {
            "rules.yaml": RULES,
            "one/rules.yaml": stricter,
            "two/pyproject.toml": "[tool.ssot-lint]\nrules = 'lint/our.yaml'\n",
            "two/lint/our.yaml": stricter.replace("reason", "allow_in: [m.a]\n    reason"),
            "three/rules.yaml": "workflow: rules of somebody else\n",
            **{
                f"{folder}m/{name}.py": "from app.old import A\nfrom app.older import A\n"
                for folder in ("", "one/", "two/", "three/")
                for name in "ab"
            },
        },
    )
    found = sot(".", cwd=tmp_path).lines
    assert [line.split(": ")[0] + line[line.rindex(" [") :] for line in found] == [
        "./m/a.py:1:21 [old-path]",
        "./m/b.py:1:21 [old-path]",
        "./one/m/a.py:2:23 [older-path]",
        "./one/m/b.py:2:23 [older-path]",
        "./three/m/a.py:1:21 [old-path]",
        "./three/m/b.py:1:21 [old-path]",
        "./two/m/b.py:2:23 [older-path]",
    ]


def test_what_is_not_judged_is_silent(tmp_path: Path) -> None:
    """Excluded, ignored, in a dot-folder, behind a link to a folder, outside, of a project kind."""
    source = "from app.old import A\nWebSocket = 1\n"
    divergent = (
        "  - {name: one-socket, kind: divergent-name, reason: One., names: [WebSocket],"
        " home: app.WebSocket}\n"
    )
    write(
        tmp_path / "project",
        {
            "rules.yaml": RULES.replace("rules:", "exclude: [archive/]\nrules:") + divergent,
            ".gitignore": "build/\n",
            "archive/a.py": source,
            "build/a.py": source,
            ".hidden/a.py": source,
            "app/a.py": "class WebSocket: ...\n",
            "app/b.py": "from elsewhere import WebSocket\n",
            "real/app/a.py": "from app.new import A\n",
            "script": source,
        },
    )
    outside = write(tmp_path / "other", {"a.py": source})
    (tmp_path / "project" / "linked").symlink_to(outside)
    assert sot(
        "--ssot-rules=project/rules.yaml",
        "project",
        "project/.hidden/a.py",
        "project/script",
        "other/a.py",
        cwd=tmp_path,
    ) == Run((), 0)


def test_a_file_that_does_not_parse_is_flake8s_to_report(tmp_path: Path) -> None:
    write(tmp_path, {"rules.yaml": RULES, "a.py": "from app.old import A\ndef\n"})
    (line,) = flake8("--select=SOT,E9", "a.py", cwd=tmp_path).lines
    assert line.startswith("a.py:2:")
    assert ": E999 " in line


def test_flake8_selects(tmp_path: Path) -> None:
    write(tmp_path, {"rules.yaml": RULES, "a.py": "from app.old import A\n"})
    table = {
        "": ["F401", "SOT102"],
        "select = F": ["F401"],  # hides what it does not name
        "select = F\nextend-select = SOT": ["F401", "SOT102"],
        "select = S": ["SOT102"],  # a shorter prefix selects us too
        "extend-ignore = SOT102": ["F401"],
        "per-file-ignores =\n  a.py: SOT": ["F401"],
        "per-file-ignores =\n  b.py: SOT": ["F401", "SOT102"],
    }
    steps: list[Step] = [({".flake8": f"[flake8]\n{text}\n"}, ["a.py"]) for text in table]
    answers = serve(tmp_path, *steps)
    assert {
        text: [line.split()[1] for line in answer["lines"]]
        for text, answer in zip(table, answers, strict=True)
    } == table


def test_flake8_lists_us(tmp_path: Path) -> None:
    assert "ssot-lint: " in flake8("--version", cwd=tmp_path).lines[0]


MANY = {
    "rules.yaml": RULES,
    "ssot-baseline.yml": BASELINE + "app/m1.py:\n  old-path app.old.A: 1\n",
    "broken/rules.yaml": "ssot-lint: 1\n",
    "broken/m.py": "",
    **{f"app/m{i}.py": "from .old import A\nfrom app.old import B  # noqa\n" for i in range(8)},
}
MANY_FOUND = (
    *(legacy(f"./app/m{i}.py:1:18", "A") for i in range(8) if i != 1),
    "./broken/m.py:1:1: SOT002 broken/rules.yaml:1:1: required key 'rules' is missing "
    "[broken-rule]",
)


def test_one_process(tmp_path: Path) -> None:
    assert sot("--jobs=1", ".", cwd=write(tmp_path, MANY)).lines == MANY_FOUND


@pytest.mark.skipif(sys.platform == "win32", reason="there is only spawn")
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_several_processes(tmp_path: Path, method: str) -> None:
    write(tmp_path / "project", {**MANY, ".flake8": "[flake8]\nssot-rules =\nselect = SOT\n"})
    start = tmp_path / "start.py"
    start.write_text(START, encoding="utf-8")
    done = run(PYTHON, start, method, "--jobs=4", ".", cwd=tmp_path / "project")
    assert done == Run(MANY_FOUND, 1)


def test_a_copy_under_another_name_is_another_file(tmp_path: Path) -> None:
    """Only the path decides which entries are a file's, never what is in it."""
    write(tmp_path, MANY)
    shutil.copy(tmp_path / "app" / "m1.py", tmp_path / "app" / "other.py")
    assert sot("app/m1.py", "app/other.py", cwd=tmp_path).lines == (
        legacy("app/other.py:1:18", "A"),
    )


def test_flake8_knows_the_day(tmp_path: Path) -> None:
    rules = (
        "ssot-lint: 1\nrules:\n  - {name: old, kind: shim, reason: R., modules: [app.old],"
        " home: app.new, remove_after: 2027-03-31}\n"
    )
    shim = "import warnings\nfrom app.new import *\nwarnings.warn('x', DeprecationWarning)\n"
    write(tmp_path, {"rules.yaml": rules, "app/new.py": "", "app/old.py": shim})
    last_day, day_after = "1806451200", "1806537600"
    assert sot("app", cwd=tmp_path, SOURCE_DATE_EPOCH=last_day).lines == ()
    assert sot("app", cwd=tmp_path, SOURCE_DATE_EPOCH=day_after).lines == (
        "app/old.py:1:1: SOT301 a shim that was to be removed after 2027-03-31: remove it [old]",
    )
    (line,) = sot("app/new.py", cwd=tmp_path, SOURCE_DATE_EPOCH="soon").lines
    assert line == (
        "app/new.py:1:1: SOT002 SOURCE_DATE_EPOCH: 'soon' is no number of seconds [broken-rule]"
    )
