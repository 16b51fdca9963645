"""What is a misspelling of a value, what is another text, and what a text with one must contain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.patterns import Words
from ssot_lint.spelling import Speller, misspells, misspells_alone, words_of_misspellings

ALONE = [
    ("agent-started", "agent_started", "another separator"),
    ("agent.started", "agent_started", "a dot for it"),
    ("agent:started", "agent_started", "a colon for it"),
    ("Agent_Started", "agent_started", "capitals between separators"),
    ("agent_started", "AGENT-STARTED", "a value in capitals"),
    ("agent_startd", "agent_started", "a letter missing"),
    ("agent_starrted", "agent_started", "a letter too many"),
    ("agent_startef", "agent_started", "a wrong letter at the end"),
    ("agent_strated", "agent_started", "two letters swapped"),
    ("agnet_started", "agent_started", "in the first word"),
    ("agen_started", "agent_started", "the last letter of the first word missing"),
    ("tool.complietd", "tool.completed", "two letters swapped, and one wrong"),
    ("tool_excutnig", "tool_executing", "a letter missing, and two swapped"),
    ("job_canceled", "job_cancelled", "the other side's spelling"),
    ("größe_geändrt", "größe_geändert", "letters beyond ASCII"),
]
WITH_OTHERS = [
    ("agentStarted", "agent_started", "humps"),
    ("agentstarted", "agent_started", "no gap"),
    ("agent_started", "agentStarted", "a value with humps"),
    ("runnning", "running", "one word"),
    ("recieved", "received", "one word with two letters swapped"),
]
OTHERS = [
    ("agent_started", "agent_started", "the value"),
    ("", "agent_started", "nothing"),
    ("agent_started", "", "like nothing"),
    ("agent_start", "agent_started", "another form: the stem"),
    ("agent_starts", "agent_started", "another form: present tense"),
    ("agent_starter", "agent_started", "another form: who does it"),
    ("agents_started", "agent_started", "another form: the plural"),
    ("queue", "queued", "a stem that ends in e"),
    ("agent_startling", "agent_started", "too far away"),
    ("get_value", "set_value", "another first letter"),
    ("export_done", "import_done", "two of them"),
    ("agent_started_now", "agent_started", "another word behind it"),
    ("user_from", "user_form", "a short word"),
    ("utf_16", "utf_18", "another number"),
    ("stage1_done", "stages_done", "a number for a letter"),
    ("AGENT_STARTED", "agent_started", "the name of a constant"),
    ("AgentStarted", "agent_started", "the name of a class"),
    ("Started", "started", "a label"),
    ("get", "GET", "a name for a value in capitals"),
    ("agent__started", "agent_started", "a lookup"),
    ("agent/started", "agent_started", "a path"),
    ("agent started", "agent_started", "prose"),
    ("agent_started_", "agent_started", "a prefix"),
    ("_agent_started", "agent_started", "a private name"),
    ("--agent-started", "agent-started", "an option"),
    ("aegnt_strated", "agent_started", "errors in two words"),
    ("agent-strated", "agent_started", "an error in another style"),
]


@pytest.mark.parametrize(
    ("text", "value"), [pytest.param(text, value, id=why) for text, value, why in ALONE]
)
def test_a_misspelling_wherever_it_stands(text: str, value: str) -> None:
    assert misspells(text, value)
    assert misspells_alone(text, value)


@pytest.mark.parametrize(
    ("text", "value"), [pytest.param(text, value, id=why) for text, value, why in WITH_OTHERS]
)
def test_a_misspelling_among_values_only(text: str, value: str) -> None:
    assert misspells(text, value)
    assert not misspells_alone(text, value)


@pytest.mark.parametrize(
    ("text", "value"), [pytest.param(text, value, id=why) for text, value, why in OTHERS]
)
def test_another_text(text: str, value: str) -> None:
    assert not misspells(text, value)
    assert not misspells_alone(text, value)


def test_a_speller_knows_what_is_spelt_on_purpose() -> None:
    speller = Speller(["job_done", "job_started", "job_stated"], also=["job_startled"])
    assert speller.misspelt("job_starrted") == "job_started"
    assert speller.misspelt("job_starrted", alone=True) == "job_started"
    assert speller.misspelt("jobStarted") == "job_started"
    assert speller.misspelt("jobStarted", alone=True) is None
    for known in ("job_started", "job_stated", "job_startled", "", "x"):
        assert speller.misspelt(known) is None


NAMES = st.text(alphabet="abAB_-.1é", max_size=14)
VALUES = st.one_of(
    NAMES, st.sampled_from(["agent_started", "tool.completed", "toolCompleted", "a_b", "größe_neu"])
)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str]:
    """A value, and a text made from it by a few edits."""
    value = draw(VALUES)
    text = value
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        kind = draw(st.sampled_from(["insert", "drop", "swap", "upper", "dash"]))
        if kind == "insert":
            text = text[:at] + draw(st.sampled_from("ab_-1X")) + text[at:]
        elif kind == "drop":
            text = text[:at] + text[at + 1 :]
        elif kind == "swap":
            text = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
        elif kind == "upper":
            text = text[:at] + text[at : at + 1].upper() + text[at + 1 :]
        else:
            text = text.replace("_", "-")
    return text, value


@given(pairs())
def test_a_misspelling_has_the_words_that_are_looked_for(pair: tuple[str, str]) -> None:
    text, value = pair
    if misspells_alone(text, value):
        found = words_of_misspellings([value])
        folded = text.encode().lower()
        assert found.ignore_case
        assert any(all(w.encode() in folded for w in clue.words) for clue in found.clues)


@given(pairs())
def test_what_misspells_alone_misspells_among_others_too(pair: tuple[str, str]) -> None:
    if misspells_alone(*pair):
        assert misspells(*pair)


def test_the_words_of_misspellings() -> None:
    words = words_of_misspellings(["Agent_started", "retry", "a_b"])
    assert words.clues == Words.of({"agent", "started"}, {"agent"}, {"started"}, {"a", "b"}).clues
