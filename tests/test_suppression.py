"""Which comments excuse what, and which of them are faults."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.facts import Directive
from ssot_lint.model import Span, Violation
from ssot_lint.suppression import Law, excuse, unused

LAWS = {
    "old-path": Law("legacy-import", "SOT102"),
    "older-path": Law("legacy-import", "SOT102", ran=False),
    "with-reason": Law("legacy-reference", "SOT103", "reason"),
    "never": Law("forbidden-module", "SOT101", "forbidden"),
    "one": Law("duplicate-definition", "SOT201"),
    "two": Law("duplicate-definition", "SOT201", "reason"),
}


def at(line: int, rule: str = "old-path") -> Violation:
    return Violation("a.py", Span(line, 1, line, 2), LAWS[rule].code, rule, "m.N", "message")


def directive(
    form: str, *names: str, reason: str = "", first: int = 1, last: int = 1, problem: str = ""
) -> Directive:
    return Directive(form, 1, 5, 9, names, reason, first, last, problem)  # type: ignore[arg-type]


def excused_by(comment: Directive, violation: Violation, *, noqa: bool = True) -> bool:
    return not excuse([violation], lambda path: [comment], LAWS, noqa=noqa).kept


EXCUSES = [
    (directive("allow", "old-path"), "old-path", "by the rule's name"),
    (directive("allow", "legacy-import"), "old-path", "by the kind: all rules of it"),
    (directive("allow", "other", "old-path"), "old-path", "one of several names"),
    (directive("allow-file", "old-path", last=99), "old-path", "for the file"),
    (directive("noqa"), "old-path", "a bare noqa"),
    (directive("noqa", "SOT102"), "old-path", "a noqa with the code"),
    (directive("noqa", "SOT1"), "old-path", "codes match by prefix, as in flake8"),
    (directive("noqa-file", last=99), "old-path", "flake8: noqa"),
    (directive("allow", "with-reason", reason="why"), "with-reason", "with the reason asked for"),
]
FAILURES = [
    (directive("allow", "older-path"), "old-path", "another rule's name"),
    (directive("allow", "old-path", first=2, last=3), "old-path", "another line"),
    (directive("noqa", "SOT103", "E501"), "old-path", "other codes"),
    (directive("allow", "with-reason"), "with-reason", "without the reason asked for"),
    (directive("noqa"), "with-reason", "a noqa has no reason"),
    (directive("allow", "never", reason="why"), "never", "a rule that forbids excuses"),
    (directive("noqa", "SOT101"), "never", "in any form"),
    (directive("malformed", problem="what"), "old-path", "what cannot be understood"),
]


@pytest.mark.parametrize(("comment", "rule"), [pytest.param(c, r, id=i) for c, r, i in EXCUSES])
def test_excuses(comment: Directive, rule: str) -> None:
    assert excused_by(comment, at(1, rule))


@pytest.mark.parametrize(("comment", "rule"), [pytest.param(c, r, id=i) for c, r, i in FAILURES])
def test_does_not_excuse(comment: Directive, rule: str) -> None:
    assert not excused_by(comment, at(1, rule))


def test_noqa_can_be_switched_off_and_ours_cannot() -> None:
    assert not excused_by(directive("noqa"), at(1), noqa=False)
    assert not excused_by(directive("noqa-file", last=9), at(1), noqa=False)
    assert excused_by(directive("allow", "old-path"), at(1), noqa=False)


@pytest.mark.parametrize(
    ("comment", "text"),
    [
        (directive("allow", "old-path", reason="until the adapter goes"), "until the adapter goes"),
        (directive("allow", "old-path"), "ssot: allow"),
        (directive("noqa"), "noqa"),
        (directive("noqa-file"), "flake8: noqa"),
    ],
)
def test_the_text_of_an_excuse(comment: Directive, text: str) -> None:
    assert excuse([at(1)], lambda path: [comment], LAWS).excused == ((at(1), text),)


UNUSED = [
    (directive("allow", "old-path"), "old-path", "no violation of old-path stands here"),
    (directive("noqa", "SOT101"), "SOT101", "SOT101 cannot be suppressed"),
    (
        directive("noqa", "SOT103"),
        "SOT103",
        "SOT103 may only be suppressed with a reason: # ssot: allow NAME (why)",
    ),
    (directive("noqa", "SOT201"), "SOT201", "no violation of SOT201 stands here"),
    (directive("noqa", "SOT9"), "SOT9", "no violation of SOT9 stands here"),
    (
        directive("allow", "old-pth"),
        "old-pth",
        "there is no rule or kind 'old-pth', did you mean 'old-path'?",
    ),
    (
        directive("allow", "with-reason"),
        "with-reason",
        "'with-reason' may only be suppressed with a reason: # ssot: allow with-reason (why)",
    ),
    (directive("allow", "never", reason="x"), "never", "'never' cannot be suppressed"),
    (
        directive("malformed", problem="unknown directive 'alow'"),
        "malformed",
        "unknown directive 'alow'",
    ),
    (
        directive("allow", "old-path", "nothing"),
        "nothing,old-path",
        "no violation of old-path stands here; there is no rule or kind 'nothing'",
    ),
]


@pytest.mark.parametrize(("comment", "subject", "message"), UNUSED)
def test_faults(comment: Directive, subject: str, message: str) -> None:
    (fault,) = unused("a.py", [comment], frozenset(), LAWS)
    assert (fault.path, fault.subject, fault.message) == ("a.py", subject, message)
    assert fault.span == Span(1, 5, 1, 9)


NO_FAULTS = [
    (directive("noqa"), "a bare noqa is nobody's business"),
    (directive("noqa", "E501"), "nor are the codes of others"),
    (directive("noqa", "S"), "nor prefixes that others share"),
    (directive("allow", "older-path"), "a rule that did not run"),
    (directive("noqa", "SOT102"), "a code of which not every rule ran"),
    (directive("allow", "legacy-import"), "a kind of which not every rule ran"),
]


@pytest.mark.parametrize("comment", [pytest.param(c, id=i) for c, i in NO_FAULTS])
def test_no_faults(comment: Directive) -> None:
    assert list(unused("a.py", [comment], frozenset(), LAWS)) == []


def test_what_excused_something_is_used() -> None:
    comment = directive("allow", "old-path", "with-reason")
    used = excuse([at(1)], lambda path: [comment], LAWS).used
    (fault,) = unused("a.py", [comment], used, LAWS)
    assert fault.message.startswith("'with-reason' may only")


@given(
    st.lists(st.tuples(st.integers(1, 4), st.sampled_from(sorted(LAWS)))),
    st.lists(
        st.builds(
            directive,
            st.sampled_from(["allow", "allow-file", "noqa", "noqa-file"]),
            st.sampled_from([*LAWS, "SOT102", "legacy-import"]),
            reason=st.sampled_from(["", "why"]),
            first=st.integers(1, 3),
            last=st.integers(1, 4),
        )
    ),
)
def test_every_violation_is_kept_or_excused_once(
    places: list[tuple[int, str]], comments: list[Directive]
) -> None:
    violations = [at(line, rule) for line, rule in places]
    verdict = excuse(violations, lambda path: comments, LAWS)
    assert sorted([*verdict.kept, *(v for v, _ in verdict.excused)]) == sorted(violations)
    assert not any(v.rule == "never" for v, _ in verdict.excused)
