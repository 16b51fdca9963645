"""What restricted-call says beside its violations; and that its words hide nothing."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssot_lint.config import load, read
from ssot_lint.engine import Request, lint
from ssot_lint.errors import ConfigError
from ssot_lint.model import Report
from ssot_lint.patterns import Words

HEAD = "ssot-lint: 1\nrules:\n  - {name: x, kind: restricted-call, reason: R."


def lay_out(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def run(folder: Path, options: str, files: dict[str, str], *, prefilter: bool = True) -> Report:
    lay_out(folder, {**files, "rules.yaml": f"{HEAD}, {options}}}\n"})
    request = Request(use_baseline=False, prefilter=prefilter)
    return lint(read(str(folder / "rules.yaml")), request)


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ("", "3:5: x: one of 'calls' and 'reads' is required"),
        (", calls: [a.b], home: a.b", "3:64: x: 'a.b' is restricted itself"),
        (", reads: [a.b], home: a.b", "3:64: x: 'a.b' is restricted itself"),
        (
            ", calls: ['a.*']",
            "3:58: x: 'a.*': a literal dotted path is needed here, without wildcards",
        ),
    ],
)
def test_options_that_say_nothing_or_contradict_each_other(options: str, fault: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(f"{HEAD}{options}}}\n", "rules.yaml", root="/")
    assert caught.value.lines == (f"rules.yaml:{fault}",)


def test_the_words_are_the_last_names_and_stars_if_something_is_read() -> None:
    rule = load(f"{HEAD}, calls: [a.b, c]}}\n", "rules.yaml", root="/").rules[0]
    assert rule.words() == Words.of({"b"}, {"c"})
    rule = load(f"{HEAD}, calls: [a.b], reads: [c.d]}}\n", "rules.yaml", root="/").rules[0]
    assert rule.words() == replace(Words.of({"b"}, {"d"}), stars=True)


def test_a_home_that_is_gone_makes_the_rule_unable_to_work(tmp_path: Path) -> None:
    report = run(tmp_path, "calls: [logging.getLogger], home: app.gone", {"app/a.py": ""})
    assert [v.message for v in report.violations] == [
        "rule 'x' cannot work: home 'app.gone' leads nowhere: missing module app.gone"
    ]


def test_entries_that_match_nothing(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "calls: [app.a.gone, app.lost.f, app.a.C.method, logging.getLogger, json],"
        " reads: [app.a.nothing], allow: [json.loads, json.dump],"
        " allow_within: [app.use.f, app.use.g]",
        {
            "app/a.py": "class C:\n    def method(self): ...\n",
            "app/use.py": "import json\ndef f(): json.loads('1')\ndef g(): ...\n",
        },
    )
    assert report.violations == ()
    assert [(n.topic, n.message) for n in report.notes] == [
        ("idle", "allow: 'json.dump' excepts nothing: nothing such is caught"),
        ("idle", "allow_within: 'app.use.g' excepts nothing: nothing is there"),
        ("idle", "calls: 'app.a.gone' does not exist below the roots"),
        ("idle", "calls: 'app.lost.f' does not exist below the roots"),
        ("idle", "reads: 'app.a.nothing' does not exist below the roots"),
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("", "call of json.loads is not allowed here"),
        (", paths: ['*.py']", "call of json.loads is not allowed here"),
        (
            ", allow_within: [a.f], allow_in: [b, c], exclude: [d/]",
            "call of json.loads is not allowed here; only in a.f, b, c and 1 more",
        ),
        (
            ", home: app.home.loads, allow_in: [b]",
            "call of json.loads is not allowed here; only in b; use app.home.loads, which exists",
        ),
        (
            ", home: library.loads",
            "call of json.loads is not allowed here; "
            "use library.loads, which is outside this project",
        ),
    ],
)
def test_the_message_says_where_it_is_allowed_and_what_to_use(
    options: str, message: str, tmp_path: Path
) -> None:
    files = {"use.py": "import json\njson.loads('1')\n", "app/home.py": "def loads(): ...\n"}
    report = run(tmp_path, f"calls: [json.loads]{options}", files)
    assert [v.message for v in report.violations if v.path == "use.py"] == [message]


def test_a_file_without_a_module_name_is_judged(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/core/make.py": "def make(): ...\n",
        "app/core/my-script.py": "from .make import make\nfrom app import core\nmake()\n",
        "app/my-script.py": "from .core import make\nmake.make()\n",
    }
    report = run(tmp_path, "calls: [app.core]", files)
    assert [(v.path, v.subject) for v in report.violations] == [
        ("app/my-script.py", "app.core.make.make")
    ]


SPELLINGS = [
    "import lib",
    "import lib as l",
    "import lib.deep",
    "from lib import make",
    "from lib import make as m",
    "from lib import *",
    "from app import make",
    "from app import make as m",
    "from app import *",
    "from . import make",
    "from .core import make as m",
    "from .core import *",
    "from . import core",
    "from .. import app",
    "import app.core as c",
    "m = make",
    "m = l.make",
    "make = m",
    "def make(): ...",
    "def f(make): make()",
    "def f(): return make()",
    "class C: x = m()",
    "lib.make()",
    "l.make.more()",
    "lib.deep.make()",
    "make()",
    "m()",
    "core.make()",
    "c.make",
    "app.core.make",
    "app.make()",
    "@m\ndef g(): ...",
    "value = lib.make",
    "make['x'] = 1",
]
TEXTS = st.lists(st.sampled_from(SPELLINGS), max_size=6).map("\n".join)
PATHS = ["app/__init__.py", "app/core.py", "app/make.py", "app/make/inner.py", "app/use.py", "x.py"]


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(PATHS), TEXTS, min_size=1),
    st.lists(
        st.sampled_from(["lib.make", "app.core.make", "app.make", "lib", "app.core"]),
        min_size=1,
        unique=True,
    ),
    st.sampled_from(["calls", "reads"]),
)
def test_what_the_prefilter_passes_over_holds_nothing(
    files: dict[str, str], paths: list[str], option: str
) -> None:
    with tempfile.TemporaryDirectory() as name:
        options = f"{option}: [{', '.join(paths)}]"
        fast = run(Path(name), options, files)
        slow = run(Path(name), options, {}, prefilter=False)
    assert fast.violations == slow.violations
