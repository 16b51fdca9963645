"""No text has a directive that may be called a fault unless the pre-filter visits it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.facts import read_facts
from ssot_lint.prefilter import Prefilter
from ssot_lint.suppression import SUPPRESSION_WORDS

PARTS = [
    "#",
    " ",
    "\t",
    "ssot:",
    "SSOT:",
    "allow",
    "alow-file",
    " a",
    "noqa",
    "NoQA",
    ": ",
    ":",
    ",",
]
PARTS += ["SOT102", "E501", "\n", "\r", "\\\n", "'''", "x = 1", "flake8: noqa", "(", ")", "é"]


@given(st.lists(st.sampled_from(PARTS), max_size=14).map("".join))
def test_every_directive_is_seen(source: str) -> None:
    found = read_facts(source.encode()).directives
    # A bare noqa, or one of all codes of a file, is never called a fault.
    faulty = [each for each in found if each.names or each.form in ("malformed", "allow")]
    assert not faulty or Prefilter([SUPPRESSION_WORDS]).may_hold(source.encode())


def test_most_texts_have_none() -> None:
    for source in ("ssot: allow a", "# noqa: E501", "SOT102", "# not ssot", "#ssot allow"):
        assert not Prefilter([SUPPRESSION_WORDS]).may_hold(source.encode())
