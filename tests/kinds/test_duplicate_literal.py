"""What duplicate-literal says beside its violations, and which files it needs to see."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ssot_lint.config import Config, load, read
from ssot_lint.engine import Request, lint
from ssot_lint.errors import ConfigError
from ssot_lint.model import Report
from ssot_lint.patterns import Words
from tests.kinds.running import check

HEAD = "ssot-lint: 1\nrules:\n  - {name: x, kind: duplicate-literal, reason: R., "
EVENTS = "values: [job_started, job_stopped, job_failed]"


def configured(options: str) -> Config:
    return load(f"{HEAD}{options}}}\n", "rules.yaml", root=".")


def run(folder: Path, options: str, **files: str) -> Report:
    return check(
        folder, f"{HEAD}{options}}}\n", {f"{name}.py": text for name, text in files.items()}
    )


def notes(report: Report) -> list[tuple[str, str]]:
    return [(note.topic, note.message) for note in report.notes]


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ("min: 3", "3:5: x: required key 'home' is missing"),
        ("home: a, values: []", "3:61: x: an empty list says nothing; leave the key out"),
        ("home: a, values: a", "3:61: x: expected a list of texts, found a text"),
        (
            "home: a, values: [a, yes]",
            "3:73: x: expected a text (in quotes, if YAML reads it as something else): True",
        ),
        ("home: a, values: [a, b, a]", "3:76: x: 'a' stands here twice"),
        (
            f"home: a, values: [{'a' * 101}]",
            "3:70: x: expected a text of at most 100 printable characters",
        ),
        (
            'home: a, values: ["a\\n"]',
            "3:70: x: expected a text of at most 100 printable characters",
        ),
        ("home: a, min: 0", "3:61: x: expected a number of at least 1, found 0"),
        ("home: a, min: 2.5", "3:61: x: expected a whole number, found a number"),
        ("home: a, min: true", "3:61: x: expected a whole number, found true or false"),
        ("home: a, values: [a, b], min: 3", "3:77: x: no collection holds 3 of 2 values"),
    ],
)
def test_options_that_do_not_work(options: str, fault: str) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(options)
    assert caught.value.lines == (f"rules.yaml:{fault}",)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("home: home.NONE", "home 'home.NONE' leads nowhere: missing name home.NONE"),
        (
            "home: home.NUMBERS",
            "home 'home.NUMBERS' is no collection of strings: list them in 'values'",
        ),
        ("home: home", "home 'home' is no collection of strings: list them in 'values'"),
        ("home: home.PAIR, min: 3", "home 'home.PAIR' holds 2 values, fewer than 3"),
    ],
)
def test_a_home_that_does_not_work(options: str, message: str, tmp_path: Path) -> None:
    report = run(tmp_path, options, home="NUMBERS = [1, 2]\nPAIR = ['a', 'b']\n")
    assert [v.message for v in report.violations] == [f"rule 'x' cannot work: {message}"]
    assert report.unusable


def test_entries_that_match_nothing_are_noted(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "home: home.EVENTS, values: [job_started, job_stopped], typos: true,"
        " allow: [job_strated, job_stoped]",
        home="EVENTS = ['job_started', 'job_done']\n",
        use="x = ['job_strated']\n",
    )
    assert notes(report) == [
        ("idle", "allow: 'job_stoped' excepts nothing: nobody writes it for a value"),
        ("idle", "values: 'job_stopped' is not spelt in the home"),
    ]
    assert report.violations == ()


def test_modules_that_may_spell_the_values_may_be_where_they_are_spelt(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        f"home: home.Event, {EVENTS}, defined_in: [impl, gone]",
        home="from impl import Event\n",
        impl="class Event:\n    A = 'job_started'\n    B = 'job_stopped'\n    C = 'job_failed'\n",
    )
    assert notes(report) == [("idle", "defined_in: 'gone' matches no module")]
    assert report.violations == ()


def test_a_long_copy_is_told_in_few_words(tmp_path: Path) -> None:
    names = [f"'e{number}'" for number in range(8)]
    report = run(
        tmp_path,
        "home: home.EVENTS",
        home=f"EVENTS = ({', '.join(names)})\n",
        use=f"x = [{', '.join(reversed(names))}]\n",
    )
    assert [v.message for v in report.violations] == [
        "list x repeats 8 of 8 values whose home is home.EVENTS: "
        "e0, e1, e2, e3, e4 and 3 more; import them"
    ]


def test_a_subject_holds_no_blanks_colons_and_quotes(tmp_path: Path) -> None:
    text = 'send(["job:a", "it\'s b", "job: c"])\nsend("job-a:")\nsend("job-a")\n'
    options = "home: home.A, values: ['job:a', \"it's b\", 'job: c'], typos: true"
    report = run(tmp_path, options, home="A = ['job:a', \"it's b\", 'job: c']\n", use=text)
    assert [(v.span.line, v.subject) for v in report.violations] == [(1, "it_s_b"), (3, "job-a")]


def test_words() -> None:
    def words(options: str) -> Words | None:
        return configured(options).rules[0].words()

    assert words("home: a.B") is None
    assert words(f"home: a.B, {EVENTS}, min: 2") == replace(
        Words.of({"job_started"}, {"job_stopped"}, {"job_failed"}), strings=True
    )
    assert words(f"home: a.B, {EVENTS}") == replace(
        Words.of(
            {"job_started", "job_stopped"},
            {"job_started", "job_failed"},
            {"job_stopped", "job_failed"},
        ),
        strings=True,
    )
    assert words("home: a.B, values: [A b, c-d], typos: true") == replace(
        Words.of({"a", "b"}, {"c", "d"}, ignore_case=True), strings=True
    )


STRINGS = st.sampled_from(
    [
        "job_started",
        "job_stopped",
        "job_failed",
        "job-started",
        "JOB-failed",
        "Job_Started",
        "jobStopped",
        "job_stoped",
        "jbo_started",
        "other",
    ]
)


@st.composite
def spelled(draw: st.DrawFn) -> str:
    """A string literal, perhaps in pieces or escapes."""
    text = draw(STRINGS)
    cut = draw(st.integers(0, len(text)))
    parts = [text[:cut], text[cut:]] if draw(st.booleans()) else [text]
    literals = []
    for part in parts:
        if part and draw(st.booleans()):
            part = f"\\x{ord(part[0]):02x}{part[1:]}"
        quote = draw(st.sampled_from(["'", '"', '"""']))
        literals.append(f"{quote}{part}{quote}")
    return draw(st.sampled_from([" ", "\n  ", " # it's\n"])).join(literals)


@pytest.mark.parametrize("typos", [False, True])
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(spelled(), min_size=1, max_size=4))
@example(texts=["'job_started'", "'job_stoped'", "'jobFailed'"])
@example(texts=["'JOB-' 'failed'"])
def test_what_is_not_visited_holds_nothing(typos: bool, texts: list[str], tmp_path: Path) -> None:
    body = ",\n".join(texts)
    options = f"home: home.EVENTS, {EVENTS}, typos: {str(typos).lower()}"
    home = "EVENTS = ['job_started', 'job_stopped', 'job_failed']\n"
    report = run(tmp_path, options, home=home, use=f"x = [{body}, 1]\n")
    slow = lint(read(str(tmp_path / "rules.yaml")), Request(use_baseline=False, prefilter=False))
    assert report.violations == slow.violations
