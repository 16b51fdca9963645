"""What an edit of the rules takes away, told rule by rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.config import Config, load
from ssot_lint.engine.loosening import loosened
from tests.engine.running import check
from tests.git_repository import Repository, isolate


def rules(text: str, top: str = "") -> Config:
    """The rules that `text` lists; `top` are further keys of the file."""
    file = f"ssot-lint: 1\n{top}rules:\n{text}"
    return load(file, "/work/rules.yaml", is_folder=lambda _: True)


def moves(options: str = "", moved: str = "{a.b: a.c, a.d: a.e}") -> Config:
    return rules(f"  - {{name: old, kind: legacy-import, reason: r, moved: {moved}{options}}}\n")


def homes(options: str) -> Config:
    return rules(f"  - {{name: one, kind: duplicate-definition, reason: r{options}}}\n")


BOTH = """\
  - {name: old, kind: legacy-import, reason: r, removed: [a.b]}
  - {name: new, kind: legacy-import, reason: r, removed: [a.c]}
"""


def told(before: Config, after: Config) -> list[tuple[str, str]]:
    return list(loosened(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("", ", severity: warning", "severity is warning, was error", id="severity"),
        pytest.param(
            ", suppressions: forbidden",
            ", suppressions: reason",
            "suppressions is reason, was forbidden",
            id="suppressions",
        ),
        pytest.param("", ", allow_in: [x, y]", "allow_in gains 'x'", id="allow_in"),
        pytest.param("", ", exclude: [x/, '!x/y']", "exclude gains 'x/'", id="exclude"),
        pytest.param(
            ", exclude: [x/, '!x/y.py']",
            ", exclude: [x/]",
            "exclude loses '!x/y.py'",
            id="exclude takes less back",
        ),
        pytest.param(
            ", exclude: ['*.py', '!y.py']",
            ", exclude: ['!y.py', '*.py']",
            "exclude has another order",
            id="exclude in another order",
        ),
        pytest.param("", ", paths: [x/, y/]", "paths is 'x/', 'y/', was unset", id="first paths"),
        pytest.param(", paths: [x/, y/]", ", paths: [x/, z/]", "paths loses 'y/'", id="paths"),
        pytest.param(
            ", paths: [x/]",
            ", paths: [x/, '!x/y.py']",
            "paths gains '!x/y.py'",
            id="paths take something back",
        ),
        pytest.param(
            ", severity: warning, until: 2027-01-31",
            ", severity: warning, until: 2027-03-31",
            "until is 2027-03-31, was 2027-01-31",
            id="a later date",
        ),
        pytest.param(
            ", severity: warning, until: 2027-01-31",
            ", severity: warning",
            "until is unset, was 2027-01-31",
            id="no date any more",
        ),
        pytest.param(
            ", ignore_case: true", "", "ignore_case is false, was true", id="case counts again"
        ),
    ],
)  # fmt: skip
def test_options_of_every_kind(before: str, after: str, expected: str) -> None:
    first, *_ = told(moves(before), moves(after))
    assert first == ("old", f"the change loosens rule 'old': {expected}")


def test_each_entry_of_a_list_is_named() -> None:
    assert told(moves(), moves(", allow_in: [y, x]")) == [
        ("old", "the change loosens rule 'old': allow_in gains 'x'"),
        ("old", "the change loosens rule 'old': allow_in gains 'y'"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            ", classes: [A, B], home: m.A",
            ", classes: [A], home: m.A",
            "classes loses 'B'",
            id="what a rule looks for",
        ),
        pytest.param(
            ", classes: [A], home: m.A",
            ", classes: [A], home: n.A",
            "home is n.A, was m.A",
            id="the home",
        ),
        pytest.param(
            ", classes: [A], home: m.A",
            ", classes: [A], home: m.A, defined_in: [n]",
            "defined_in gains 'n'",
            id="defined_in",
        ),
        pytest.param(
            ", classes: ['A*'], home: m.A",
            ", classes: ['A*'], home: m.A, allow: [AB]",
            "allow gains 'AB'",
            id="allow",
        ),
        pytest.param(
            ", classes: [A], home: m.A, test_doubles: forbidden",
            ", classes: [A], home: m.A",
            "test_doubles is allowed, was forbidden",
            id="test doubles",
        ),
    ],
)
def test_options_of_a_kind(before: str, after: str, expected: str) -> None:
    assert told(homes(before), homes(after)) == [
        ("one", f"the change loosens rule 'one': {expected}")
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", "", id="nothing changed"),
        pytest.param(", severity: warning", "", id="an error again"),
        pytest.param("", ", suppressions: reason", id="reasons demanded"),
        pytest.param(", allow_in: [x]", "", id="no exception any more"),
        pytest.param(", exclude: [x/]", "", id="nothing excluded any more"),
        pytest.param(", exclude: [x/]", ", exclude: [x/, '!x/y.py']", id="something taken back"),
        pytest.param(", paths: [x/]", "", id="everywhere"),
        pytest.param(", paths: [x/]", ", paths: [x/, y/]", id="in more places"),
        pytest.param(
            ", severity: warning", ", severity: warning, until: 2027-01-31", id="a date at last"
        ),
        pytest.param(
            ", severity: warning, until: 2027-03-31",
            ", severity: warning, until: 2027-01-31",
            id="an earlier date",
        ),
        pytest.param("", ", ignore_case: true", id="whatever the case"),
        pytest.param(
            "",
            ", owner: core, docs: 'https://x.org', examples: {bad: import a.b}",
            id="what only people read",
        ),
    ],
)
def test_what_loosens_nothing(before: str, after: str) -> None:
    assert told(moves(before), moves(after)) == []


class TestLegacyPaths:
    def test_one_less(self) -> None:
        assert told(moves(), moves(moved="{a.b: a.c}")) == [
            ("old", "the change loosens rule 'old': 'a.d' is no longer legacy")
        ]

    def test_one_that_leads_elsewhere_is_legacy_still(self) -> None:
        assert told(moves(), moves(moved="{a.b: a.c, a.d: a.f}")) == []

    def test_one_without_a_successor_is_legacy_still(self) -> None:
        assert told(moves(), moves(", removed: [a.d]", moved="{a.b: a.c}")) == []

    def test_a_rule_that_borrows_them_is_loosened_too(self) -> None:
        borrower = "  - {name: text, kind: legacy-reference, reason: r, of: old}\n"
        before = rules(
            "  - {name: old, kind: legacy-import, reason: r, removed: [a, b]}\n" + borrower
        )
        after = rules("  - {name: old, kind: legacy-import, reason: r, removed: [a]}\n" + borrower)
        assert told(before, after) == [
            ("old", "the change loosens rule 'old': 'b' is no longer legacy"),
            ("text", "the change loosens rule 'text': 'b' is no longer legacy"),
        ]

    def test_a_rule_that_borrows_from_another(self) -> None:
        borrower = "  - {name: text, kind: legacy-reference, reason: r, of: %s}\n"
        assert told(rules(BOTH + borrower % "old"), rules(BOTH + borrower % "new")) == [
            ("text", "the change loosens rule 'text': 'a.b' is no longer legacy"),
            ("text", "the change loosens rule 'text': of is new, was old"),
        ]


class TestWholeRules:
    def test_removed(self) -> None:
        assert told(rules(BOTH), rules(BOTH.splitlines()[0])) == [
            ("", "the change removes rule 'new'")
        ]

    def test_renamed(self) -> None:
        renamed = BOTH.replace("name: new", "name: newer")
        assert told(rules(BOTH), rules(renamed)) == [("", "the change removes rule 'new'")]

    def test_of_another_kind(self) -> None:
        other = BOTH.replace("name: new, kind: legacy-import", "name: new, kind: legacy-reference")
        assert told(rules(BOTH), rules(other)) == [
            ("new", "the change gives rule 'new' another kind")
        ]

    def test_added_or_moved(self) -> None:
        first, second = BOTH.splitlines(keepends=True)
        assert told(rules(first), rules(second + first)) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            "",
            "exclude: [x/]\n",
            ["the change judges fewer files: exclude gains 'x/'"],
            id="exclude",
        ),
        pytest.param("exclude: [x/]\n", "", [], id="exclude less"),
        pytest.param(
            "include: ['*.pyw', bin/x]\n",
            "include: [bin/x]\n",
            ["the change judges fewer files: include loses '*.pyw'"],
            id="include",
        ),
        pytest.param("", "include: ['*.pyw']\n", [], id="include more"),
        pytest.param(
            "",
            "roots: [src]\n",
            ["the change judges otherwise: roots is 'src', was unset"],
            id="roots",
        ),
        pytest.param(
            "tests: [t/]\n",
            "tests: [t/, app/]\n",
            ["the change judges otherwise: tests is 't/', 'app/', was 't/'"],
            id="tests",
        ),
        pytest.param("", "baseline: debt.yml\n", [], id="the baseline, whose growth is judged"),
    ],
)
def test_the_top_level(before: str, after: str, expected: list[str]) -> None:
    assert told(rules(BOTH, before), rules(BOTH, after)) == [("", each) for each in expected]


def test_it_is_printed_at_the_rule_and_fails_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    isolate(monkeypatch)
    rule = "ssot-lint: 1\nrules:\n" + BOTH
    repository = Repository(tmp_path)
    repository.commit({"rules.yaml": rule, "a/__init__.py": ""})
    first = rule.replace("[a.b]", "[a.b], severity: warning").splitlines()[:3]
    repository.branch("topic").commit({"rules.yaml": "\n".join(first) + "\n"})
    monkeypatch.chdir(tmp_path)
    run = check("--base", "main")
    assert run.code == 0
    assert run.notes("loosened") == [
        "rules.yaml:3 the change loosens rule 'old': severity is warning, was error [old]",
        "rules.yaml:1 the change removes rule 'new'",
    ]


SHIM = "kind: shim, reason: r, modules: [m], home: h, remove_after: 2027-03-31"
CALLS = "kind: restricted-call, reason: r, calls: [a.b, a.c]"
STATE = "kind: shared-state, reason: r"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (SHIM, f"{SHIM}, adapters: true", "adapters is true, was false"),
        (SHIM, f"{SHIM}, helpers: [x]", "helpers gains 'x'"),
        (
            SHIM,
            SHIM.replace("2027", "2028"),
            "remove_after is 2028-03-31, was 2027-03-31",
        ),
        (CALLS, CALLS.replace("a.b, ", ""), "calls loses 'a.b'"),
        (CALLS, f"{CALLS}, allow_within: [x]", "allow_within gains 'x'"),
        (STATE, f"{STATE}, allow_calls: [x]", "allow_calls gains 'x'"),
        (
            f"{STATE}, forms: [global, cache]",
            f"{STATE}, forms: [global]",
            "forms loses 'cache'",
        ),
    ],
)
def test_options_of_shims_calls_and_state(before: str, after: str, expected: str) -> None:
    old, new = (rules(f"  - {{name: one, {text}}}\n") for text in (before, after))
    assert told(old, new) == [("one", f"the change loosens rule 'one': {expected}")]
    assert told(new, old) == []
