"""``ssot-lint shim``: what is written, what is refused and in which words, and what still stands."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

from ssot_lint.migration.journal import Journal
from tests.cli.projects import Make, Project

RULES = """\
ssot-lint: 1
rules:
  - {name: guard, kind: forbidden-module, reason: R., modules: [app.gone]}
"""
CREATE = ("shim", "create", "app.old", "app.new", "--remove-after", "2099-03-01")
WROTE = "app/old.py: forwards to app.new, and is to be removed after 2099-03-01\n"


def create(old: str, new: str, *options: str, date: str = "2099-03-01") -> tuple[str, ...]:
    return ("shim", "create", old, new, "--remove-after", date, *options)


def test_a_shim_is_written_used_and_removed(make: Make) -> None:
    project = make({"rules.yaml": RULES, "app/__init__.py": "", "app/use.py": "import app.new\n"})
    answer = project.run(*CREATE)
    assert (answer.code, answer.out, answer.err) == (0, "", WROTE)
    text = project.read("app/old.py")
    assert text.startswith("# ssot-shim: app.new remove-after: 2099-03-01\n")
    assert "    from app.new import *  # noqa: F401, F403\n" in text
    answer = project.run("shim", "remove", "app.old")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == "app/old.py: removed; nothing names app.old\n"
    assert not os.path.lexists(project.folder / "app/old.py")


def test_a_shim_is_written_anew_over_one_that_is_as_it_was(make: Make) -> None:
    project = make({"rules.yaml": RULES, "app/new.py": "_a = 1\n"})
    assert project.run(*CREATE).code == 0
    project.write({"app/new.py": "_b = 1\n"})
    answer = project.run(*create("app.old", "app.new", date="2099-04-01"), cwd="app")
    assert answer.err == "old.py: forwards to app.new, and is to be removed after 2099-04-01\n"
    assert "import _b as _b" in project.read("app/old.py")
    assert "import _a as _a" not in project.read("app/old.py")


PLACES: dict[str, tuple[Mapping[str, str], str, str, str]] = {
    "beside its home": ({"app/new.py": ""}, "app.old", "app.new", "app/old.py"),
    "at the root": ({"app/new.py": ""}, "old", "app.new", "old.py"),
    "in the root of its home": ({"src/lib/new.py": ""}, "old", "lib.new", "src/old.py"),
    "in the portion of its home": (
        {"lib/a.py": "", "src/lib/b.py": ""},
        "lib.old",
        "lib.b",
        "src/lib/old.py",
    ),
    "in another package": ({"b/__init__.py": ""}, "b.old", "app.new", "b/old.py"),
    "beside an empty folder": ({"app/old/x.txt": ""}, "app.old", "app.new", "app/old.py"),
    "below its home": ({"app/__init__.py": ""}, "app.old", "app", "app/old.py"),
    "for a package that has no file": ({"ns/a.py": ""}, "old", "ns", "old.py"),
}


@pytest.mark.parametrize("title", PLACES)
def test_a_shim_stands_where_its_name_says(make: Make, title: str) -> None:
    files, old, new, path = PLACES[title]
    project = make({"rules.yaml": RULES, **files})
    answer = project.run(*create(old, new))
    assert (answer.code, answer.err.partition(":")[0]) == (0, path)
    assert os.path.isfile(project.folder / path)


def test_folders_are_made_when_asked_for(make: Make) -> None:
    project = make({"rules.yaml": RULES})
    answer = project.run(*create("app.a.b.old", "app.new"))
    assert (answer.code, answer.err) == (
        2,
        "ssot-lint: there is no folder app/a/b for app/a/b/old.py: --parents makes it\n",
    )
    assert project.run(*create("app.a.b.old", "app.new", "--parents")).code == 0
    assert os.path.isfile(project.folder / "app/a/b/old.py")


def test_a_package_goes_module_by_module(make: Make) -> None:
    """Each of its modules has a shim of its own, then the package has one."""
    project = make(
        {
            "rules.yaml": RULES,
            "app/__init__.py": "",
            "app/pack/__init__.py": "",
            "app/pack/a.py": "X = 1\n",
            "app/pack/sub/__init__.py": "",
            "app/was/b.py": "",
        }
    )
    answer = project.run(*create("app.was", "app.pack"))
    assert (answer.code, answer.err) == (
        2,
        "ssot-lint: 'app.was' is a package that still holds app/was/b.py: move that, and put a "
        "shim in its place first\n",
    )
    project.write({"app/was/b.py": None})
    assert project.run(*create("app.was.a", "app.pack.a")).code == 0
    assert project.run(*create("app.was.sub", "app.pack.sub")).code == 0
    answer = project.run(*create("app.was", "app.pack"))
    assert answer.err.startswith("app/was/__init__.py: forwards to app.pack,")
    assert project.run(*create("app.was", "app.pack")).code == 0
    script = "from app.was.a import X; import app.was.sub; print(app.was.sub.__name__)"
    done = subprocess.run(
        [sys.executable, "-B", "-c", script],
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "app.pack.sub\n"
    for old in ("app.was", "app.was.a", "app.was.sub"):
        assert project.run("shim", "remove", old).code == 0


REFUSED: dict[str, tuple[Mapping[str, str], tuple[str, ...], str]] = {
    "the same path": ({}, create("app.new", "app.new"), "'app.new' cannot forward to itself"),
    "no module": (
        {},
        create("app.old", "app.none"),
        "there is no module 'app.none' below the roots",
    ),
    "a class": (
        {},
        create("app.old", "app.new.X"),
        "'app.new.X' is no module: a shim forwards to the module that holds it",
    ),
    "a home that does not parse": (
        {"app/bad.py": "x = 1\ndef\n"},
        create("app.old", "app.bad"),
        "app/bad.py:2: what app.bad holds cannot be told: invalid syntax",
    ),
    "a home that is compiled": (
        {"app/fast.pyx": ""},
        create("app.old", "app.fast"),
        "'app.fast' is compiled: what it holds cannot be told",
    ),
    "an old path that is compiled": (
        {"app/old.pyx": ""},
        CREATE,
        "'app.old' is compiled: remove what is there first",
    ),
    "a file": (
        {"app/old.py": "X = 1\n"},
        CREATE,
        "app/old.py exists, and is no generated shim or was edited since: move it away",
    ),
    "a package": (
        {"app/old/__init__.py": "", "app/old/a.py": ""},
        CREATE,
        "app/old/__init__.py exists, and is no generated shim or was edited since: move it away",
    ),
    "a stub": (
        {"app/old.pyi": ""},
        CREATE,
        "app/old.pyi exists, and is no generated shim or was edited since: move it away",
    ),
    "a home below it": (
        {"app/was/core.py": ""},
        create("app.was", "app.was.core"),
        "'app.was' is a package that still holds app/was/core.py: move that, and put a shim in its "
        "place first",
    ),
    "no path": ({}, create("app.old-er", "app.new"), "'app.old-er' is no dotted path of a module"),
    "an empty path": ({}, create("", "app.new"), "'' is no dotted path of a module"),
    "a keyword": (
        {},
        create("app.import", "app.new"),
        "'app.import' is no dotted path of a module",
    ),
    "a relative path": ({}, create("app.old", ".new"), "'.new' is no dotted path of a module"),
    "below a module": (
        {},
        create("app.new.old", "app.new"),
        "'app.new' is the module app/new.py, which can hold no 'app.new.old'",
    ),
    "by a name that another root shortens": (
        {"src/lib/new.py": ""},
        create("src.lib.old", "lib.new"),
        "'src.lib.old' would be src/lib/old.py, which is imported as 'lib.old': name it so",
    ),
    "no date": (
        {},
        create("app.old", "app.new", date="soon"),
        "--remove-after: 'soon' is no date such as 2027-03-31",
    ),
    "no day of that month": (
        {},
        create("app.old", "app.new", date="2027-02-30"),
        "--remove-after: '2027-02-30' is no date such as 2027-03-31",
    ),
    "a date in other words": (
        {},
        create("app.old", "app.new", date="20990301"),
        "--remove-after: '20990301' is no date such as 2027-03-31",
    ),
    "a home that imports from the old path": (
        {"app/new.py": "import os\nfrom app.old import Thing\n"},
        CREATE,
        "app/new.py:2: imports from app.old, and runs while app.new is being imported: "
        "let it import from app.new first",
    ),
    "a home that leads there": (
        {
            "app/new.py": "from .a import f\nclass Thing: ...\n",
            "app/a/__init__.py": "from . import b\n",
            "app/a/b.py": "import os\n\nfrom ..old import Thing\n",
        },
        CREATE,
        "app/a/b.py:3: imports from app.old, and runs while app.new is being imported: "
        "let it import from app.new first",
    ),
}


@pytest.mark.parametrize("title", REFUSED)
def test_what_cannot_be_is_refused_in_one_line(make: Make, title: str) -> None:
    files, arguments, line = REFUSED[title]
    project = make({"rules.yaml": RULES, "app/__init__.py": "", **files})
    before = sorted(os.walk(project.folder))
    answer = project.run(*arguments)
    assert (answer.code, answer.out, answer.err) == (2, "", f"ssot-lint: {line}\n")
    assert sorted(os.walk(project.folder)) == before


def test_a_date_that_is_past_is_refused(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1806537600")  # 2027-04-01
    project = make({"rules.yaml": RULES})
    answer = project.run(*create("app.old", "app.new", date="2027-03-31"))
    assert (answer.code, answer.err) == (
        2,
        "ssot-lint: --remove-after: 2027-03-31 is past; today is 2027-04-01\n",
    )
    assert project.run(*create("app.old", "app.new", date="2027-04-01")).code == 0


def test_a_shim_does_not_forward_to_a_shim(make: Make) -> None:
    project = make({"rules.yaml": RULES})
    assert project.run(*CREATE).code == 0
    answer = project.run(*create("app.older", "app.old"))
    line = "ssot-lint: 'app.old' is a shim itself: forward to app.new\n"
    assert (answer.code, answer.err) == (2, line)


@pytest.mark.parametrize(
    "files",
    [
        {"app/new.py": "from app import a\nX = 1\n", "app/a.py": "import app.old\n"},
        {"app/new.py": "X = 1\nfrom app import a\n", "app/a.py": "from app.old import X\n"},
        {"app/new.py": "import app.a\n", "app/a.py": "def f():\n    from app.old import X\n"},
        {"app/new.py": "import app.a\n", "app/a.py": "if f():\n    from app.old import X\n"},
        {"app/new.py": "X = 1\n", "app/__init__.py": "from app.old import X\n"},
    ],
)
def test_a_circle_that_works_is_none_of_our_business(make: Make, files: Mapping[str, str]) -> None:
    assert make({"rules.yaml": RULES, **files}).run(*CREATE).code == 0


USERS = {
    "app/a.py": "from app import old  # ssot: allow import-of-old (later)\n\nold.f()\n",
    "app/b.py": "import app\n\n\ndef f(): return app.old.Thing\n",
    "app/c.py": 'from unittest.mock import patch\n\npatch("app.old.Thing")\n',
    "app/d.py": "from .old import (\n    Thing,\n    other as o,\n)\n",
    "app/older.py": "# app.old is prose here\n",
}


def test_a_shim_stays_while_it_is_needed(make: Make) -> None:
    project = make({"rules.yaml": RULES, "app/__init__.py": "", **USERS})
    assert project.run(*CREATE).code == 0
    answer = project.run("shim", "remove", "app.old")
    assert answer.code == 1
    assert answer.out.splitlines() == [
        "app/a.py:1:17: app.old",
        "app/b.py:4:17: app.old.Thing",
        "app/c.py:3:7: app.old.Thing",
        "app/d.py:2:5: app.old.Thing",
        "app/d.py:3:5: app.old.other",
    ]
    assert answer.err == "ssot-lint: 5 references to app.old in 4 files: not removed\n"
    assert os.path.isfile(project.folder / "app/old.py")
    project.write(dict.fromkeys(USERS, "import app.new\n"))
    assert project.run("shim", "remove", "app.old").code == 0


def test_a_file_that_cannot_be_read_may_need_it(make: Make) -> None:
    project = make({"rules.yaml": RULES, "app/bad.py": "from app.old import (\n"})
    assert project.run(*CREATE).code == 0
    answer = project.run("shim", "remove", "app.old")
    assert (answer.code, answer.out) == (1, "app/bad.py:1:21: not checked: '(' was never closed\n")
    assert answer.err == "ssot-lint: 1 reference to app.old in 1 file: not removed\n"


def test_twenty_references_are_enough_to_read(make: Make) -> None:
    text = "".join(f"from app.old import n{n}\n" for n in range(23))
    project = make({"rules.yaml": RULES, "app/a.py": text})
    assert project.run(*CREATE).code == 0
    answer = project.run("shim", "remove", "app.old")
    *listed, more = answer.out.splitlines()
    assert len(listed) == 20
    assert more == "and 3 more"
    assert answer.err == "ssot-lint: 23 references to app.old in 1 file: not removed\n"


def refusal(project: Project) -> str:
    answer = project.run("shim", "remove", "app.old")
    assert (answer.code, answer.out) == (2, "")
    return answer.err


def test_what_a_person_wrote_is_not_removed(make: Make) -> None:
    project = make({"rules.yaml": RULES})
    line = "ssot-lint: there is no module 'app.old' below the roots\n"
    assert refusal(project) == line
    line = "ssot-lint: app/old.py is no generated shim, or was edited since: remove it by hand\n"
    project.write({"app/old.py": "X = 1\n"})
    assert refusal(project) == line
    project.write({"app/old.py": None})
    assert project.run(*CREATE).code == 0
    text = project.read("app/old.py")
    project.write({"app/old.py": f"{text}X = 1\n"})
    assert refusal(project) == line
    project.write({"app/old.py": text.replace("2099", "2098").replace("\n", "\r\n")})
    assert project.run("shim", "remove", "app.old").code == 0


def test_rules_that_still_name_it_are_named(make: Make) -> None:
    rules = """\
ssot-lint: 1
rules:
  - {name: moved, kind: legacy-import, reason: R., moved: {app.old: app.new}}
  - name: old-shim
    kind: shim
    reason: R.
    modules: [app.old, "app.o*"]
    home: app.new
  - {name: other, kind: forbidden-module, reason: About app.old., modules: [app.older]}
  - {name: strings, kind: legacy-reference, reason: R., of: moved}
  - {name: below, kind: legacy-import, reason: R., removed: [app.old.X]}
"""
    project = make({"rules.yaml": rules})
    assert project.run(*CREATE).code == 0
    answer = project.run("shim", "remove", "app.old", cwd="app")
    assert answer.code == 0
    assert answer.err.splitlines() == [
        "old.py: removed; nothing names app.old",
        "../rules.yaml:3: rule 'moved' still names app.old (moved)",
        "../rules.yaml:7: rule 'old-shim' still names app.old (modules)",
        "../rules.yaml:11: rule 'below' still names app.old (removed)",
    ]


@pytest.mark.parametrize("arguments", [CREATE, ("shim", "remove", "app.old")])
def test_nothing_is_written_while_a_migration_is_at_work(
    make: Make, arguments: tuple[str, ...]
) -> None:
    project = make({"rules.yaml": RULES})
    assert project.run(*CREATE).code == 0
    before = project.read("app/old.py")
    with Journal.at(str(project.folder)):
        answer = project.run(*arguments)
    assert (answer.code, answer.out) == (2, "")
    who = f"another ssot-lint is migrating here: process {os.getpid()} on "
    assert answer.err.startswith(f"ssot-lint: {who}")
    assert project.read("app/old.py") == before


def test_a_file_that_cannot_be_written_stays_as_it_is(make: Make) -> None:
    project = make({"rules.yaml": RULES, "app/old.py/x.txt": ""})
    answer = project.run(*CREATE)
    assert answer.err == "ssot-lint: app/old.py: cannot be written: Is a directory\n"
    assert answer.code == 2
