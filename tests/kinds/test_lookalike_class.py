"""What lookalike-class says beside its violations: faults, broken and idle entries, notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.config import Config, load, read
from ssot_lint.engine import Request
from ssot_lint.engine.survey import survey
from ssot_lint.errors import ConfigError
from ssot_lint.model import Report
from ssot_lint.patterns import Words
from tests.kinds.running import check

HEAD = "ssot-lint: 1\nrules:\n  - {name: x, kind: lookalike-class, reason: R., "
FOUR = "    def a(self): ...\n    def b(self): ...\n    def c(self): ...\n    def d(self): ...\n"
FIVE = f"{FOUR}    def e(self): ...\n"


def configured(options: str) -> Config:
    return load(f"{HEAD}{options}}}\n", "rules.yaml", root=".")


def run(folder: Path, options: str, **files: str) -> Report:
    return check(
        folder, f"{HEAD}{options}}}\n", {f"{name}.py": text for name, text in files.items()}
    )


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ("min: 3", "3:5: x: required key 'home' is missing"),
        (
            "home: a.B, threshold: 0",
            "3:61: x: expected a number above 0 and up to 1, found 0",
        ),
        (
            "home: a.B, threshold: 1.5",
            "3:61: x: expected a number above 0 and up to 1, found 1.5",
        ),
        (
            "home: a.B, threshold: 60%",
            "3:61: x: expected a number above 0 and up to 1, found a text",
        ),
        (
            "home: a.B, methods: [a, b, c]",
            "3:61: x: no class repeats 4 of 3 methods: set 'min'",
        ),
        (
            "home: a.B, methods: ['a*', b, c, d]",
            "3:71: x: expected a name without dots and wildcards, found 'a*'",
        ),
    ],
)
def test_options_that_do_not_work(options: str, fault: str) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(options)
    assert caught.value.lines == (f"rules.yaml:{fault}",)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            "home: gone.B",
            "home 'gone.B' leads out of the project: there is no 'gone' below the roots",
        ),
        ("home: home.make", "home 'home.make' is no class"),
        ("home: home", "home 'home' is no class"),
        ("home: home.B, min: 5", "home 'home.B' has 4 public methods, fewer than 'min' (5)"),
        (
            "home: home.B, min: 2, methods: [a, _x, y]",
            "home 'home.B' has 1 of the methods, fewer than 'min' (2)",
        ),
    ],
)
def test_a_home_that_does_not_work(options: str, message: str, tmp_path: Path) -> None:
    home = f"def make(): ...\nclass B:\n{FOUR}    def _private(self): ...\n"
    report = run(tmp_path, options, home=home)
    assert [v.message for v in report.violations] == [f"rule 'x' cannot work: {message}"]


def test_entries_that_match_nothing_are_noted(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "home: home.B, methods: [a, b, c, d, z], threshold: 0.8,"
        " allow: [C, D, '*Old'], defined_in: [gone]",
        home=f"class B:\n{FOUR}",
        use=f"class C:\n{FOUR}class D:\n    def a(self): ...\n",
    )
    assert report.violations == ()
    assert [(note.topic, note.message) for note in report.notes] == [
        ("idle", "allow: '*Old' excepts nothing: no class of that name is caught"),
        ("idle", "allow: 'D' excepts nothing: no class of that name is caught"),
        ("idle", "defined_in: 'gone' matches no module"),
        ("idle", "methods: 'z' is no method of the home"),
    ]


def test_what_a_note_says(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "home: home.B",
        home=f"import logging\nclass B(logging.Handler):\n{FOUR}",
        use=(
            f"from logging import Handler\nclass C(Handler):\n{FOUR}"
            f"def make(): ...\nclass D(make()):\n{FOUR}"
        ),
    )
    assert report.violations == ()
    text = "repeats 4 of 4 methods of home.B: a, b, c, d"
    assert [(n.topic, n.path, n.line, n.message) for n in report.notes] == [
        (
            "undecidable",
            "use.py",
            2,
            f"class C {text}; both have the base logging.Handler, which is outside this project",
        ),
        ("undecidable", "use.py", 8, f"class D {text}; it has a base that cannot be followed"),
    ]


@pytest.mark.parametrize(("threshold", "found"), [(0.8, True), (0.81, False), (1, False)])
def test_the_threshold_is_a_share_of_the_home_s_methods(
    threshold: float, found: bool, tmp_path: Path
) -> None:
    options = f"home: home.B, threshold: {threshold}"
    report = run(tmp_path, options, home=f"class B:\n{FIVE}", use=f"class C:\n{FOUR}")
    assert bool(report.violations) == found


SIGNATURES = [
    ("def m(self, a, b)", "def m(self, b, c)", True, "half of the parameters"),
    ("def m(self, a, b)", "def m(self, c)", False, "none of them"),
    ("def m(self, a)", "def m(self, a, b, c)", False, "less than half of the longer list"),
    ("def m(self, a, b)", "def m(this, *, b, a=1)", True, "keywords in another order"),
    ("def m(self, a, b)", "def m(self, *args)", True, "open ones take the rest"),
    ("def m(self, a, b)", "def m(self, a, **more)", True, "open ones take the rest of keywords"),
    ("def m(self, a, b)", "def m(self, x, *args)", False, "a parameter that the home has not"),
    ("def m(self)", "def m(self)", True, "no parameters"),
    ("def m(self)", "async def m(self)", False, "async or not"),
    ("async def m(self)", "async def m(self)", True, "both async"),
    ("@property\n    def m(self)", "def m(self)", False, "a property is no method"),
    ("@property\n    def m(self)", "@cached_property\n    def m(self)", True, "two properties"),
    ("@staticmethod\n    def m(a)", "def m(self, a)", True, "static or not"),
    ("@staticmethod\n    def m(a)", "@staticmethod\n    def m(b)", False, "static with another"),
    ("def m(self, a)", "@abc.abstractmethod\n    def m(self, a)", False, "abstract"),
    ("def m(self, a)", "@overload\n    def m(self, a)", False, "an overload"),
]


@pytest.mark.parametrize(
    ("home", "copy", "found"), [pytest.param(h, c, f, id=why) for h, c, f, why in SIGNATURES]
)
def test_signatures_must_fit(home: str, copy: str, found: bool, tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "home: home.B, min: 1",
        home=f"class B:\n    {home}: ...\n",
        use=f"class C:\n    {copy}: ...\n",
    )
    assert [v.message for v in report.violations] == [
        "class C repeats 1 of 1 methods of home.B: m; use that class, or inherit from it"
    ] * found


def test_a_long_list_of_methods_is_told_in_few_words(tmp_path: Path) -> None:
    names = "".join(f"    def m{number}(self): ...\n" for number in range(7))
    report = run(tmp_path, "home: home.B", home=f"class B:\n{names}", use=f"class C:\n{names}")
    assert [v.message for v in report.violations] == [
        "class C repeats 7 of 7 methods of home.B: m0, m1, m2, m3, m4 and 2 more; "
        "use that class, or inherit from it"
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("threshold: 0.5, min: 1", Words.of({"a", "b"}, {"a", "c"}, {"b", "c"})),
        ("methods: [a, b, gone], threshold: 0.5, min: 1", Words.of({"a"}, {"b"})),
        ("min: 4", Words()),  # the home has but three: nothing repeats four
    ],
)
def test_words_are_the_methods_that_the_home_has(
    options: str, words: Words, tmp_path: Path
) -> None:
    home = "class B:\n    def a(self): ...\n    def b(self): ...\n    def c(self): ...\n"
    (tmp_path / "rules.yaml").write_text(f"{HEAD}home: home.B, {options}}}\n")
    (tmp_path / "home.py").write_text(home)
    told = read(str(tmp_path / "rules.yaml"))
    assert told.rules[0].words() is None, "nobody has looked at the home yet"
    site = survey(told, Request(), told.rules)
    assert site.rules[0].words() == words
