"""Globs on dotted names: `*` within a component, `**` across, nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.patterns import Pattern, Words, covers, is_dotted, word_runs

MATCHES = [
    ("shop.orders", "shop.orders", "a literal names itself"),
    ("shop.orders", "shop.orders.legacy.Order", "and everything below"),
    ("shop.*_factory", "shop.order_factory", "a star in a component"),
    ("shop.*", "shop.orders", "a component that is a star"),
    ("shop.*.api", "shop.orders.api", "a star between literals"),
    ("shop.**.api", "shop.api", "two stars stand for no component"),
    ("shop.**.api", "shop.a.b.api", "or for several"),
    ("**.api", "api", "also at the beginning"),
    ("**.api", "shop.api", "with something before"),
    ("shop.**", "shop.a.b", "everything below"),
    ("shop.**factory*", "shop.a.my_factory_x", "glued to text, two stars cross dots"),
    ("**.**.api", "api", "repeated"),
    ("shop.**.x.**.x", "shop.x.a.x", "a component that occurs twice"),
    ("Unified*Web*Manager", "UnifiedWebSocketManager", "several stars in a name"),
    ("größe.*", "größe.x", "names need not be ASCII"),
    ("\N{LATIN SMALL LIGATURE FI}le", "file", "compared as Python compares names (NFKC)"),
]
MISSES = [
    ("shop.orders", "shop.orders_old", "a prefix only by component"),
    ("shop.orders", "shop", "not what is above"),
    ("shop.orders", "tests.shop.orders", "not the same tail elsewhere"),
    ("shop.*", "shop.a.b", "a star ends at the dot"),
    ("shop.*", "shop", "a star is a component here"),
    ("shop.**", "shop", "below, not itself"),
    ("**.api", "shop.my_api", "whole components"),
    ("shop.**.api", "shop.my_api", "whole components in between"),
    ("shop.**.api", "shopapi", "the dot is no decoration"),
    ("Manager", "WebSocketManager", "exact names"),
    ("*factory*", "shop.factory", "a name pattern is about one component"),
]


@pytest.mark.parametrize(("pattern", "name"), [pytest.param(p, n, id=i) for p, n, i in MATCHES])
def test_matches(pattern: str, name: str) -> None:
    assert Pattern.parse(pattern).matches(name)


@pytest.mark.parametrize(("pattern", "name"), [pytest.param(p, n, id=i) for p, n, i in MISSES])
def test_does_not_match(pattern: str, name: str) -> None:
    assert not Pattern.parse(pattern).matches(name)


def test_ignoring_case_is_asked_for_and_is_about_ascii() -> None:
    assert not Pattern.parse("*Manager").matches("websocketmanager")
    assert Pattern.parse("*Manager", ignore_case=True).matches("webSocketMANAGER")
    assert Pattern.parse("Shop.Orders", ignore_case=True).matches("shop.orders.X")
    assert not Pattern.parse("größe", ignore_case=True).matches("GRÖSSE")


FAULTS = [
    ("", "a pattern cannot be empty"),
    ("a..b", "'a..b' has an empty component; write names joined by dots"),
    (".a", "'.a' has an empty component; write names joined by dots"),
    ("a.***", "'a.***': '***' means nothing; '*' stays within a component, '**' crosses dots"),
    ("^a$", "'^a$' is no pattern on dotted names: only names, dots, '*' and '**'"),
    ("a/b.py", "'a/b.py' is no pattern on dotted names: only names, dots, '*' and '**'"),
    ("a b", "'a b' is no pattern on dotted names: only names, dots, '*' and '**'"),
    ("a.1b", "'a.1b': '1b' is no Python name"),
    ("a.\u0bf0*", "'a.\u0bf0*' is no pattern on dotted names: only names, dots, '*' and '**'"),
]


@pytest.mark.parametrize(("text", "message"), FAULTS)
def test_what_is_no_pattern_is_told_so(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Pattern.parse(text)


PARTS = st.lists(
    st.sampled_from(["a", "b", "ab", "*", "**", "a*", "*b", "a**", "**b", "a*b"]),
    min_size=1,
    max_size=4,
)
NAMES = st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=5).map(".".join)


def by_definition(pattern: str, name: str) -> bool:
    """The meaning of a pattern, by trying everything: no thought of speed."""
    parts = pattern.split(".")
    if "*" not in pattern:
        return name == pattern or name.startswith(pattern + ".")
    if parts[0] == "**" and len(parts) > 1:
        rest = ".".join(parts[1:])
        components = name.split(".")
        return any(_wild(rest, ".".join(components[i:])) for i in range(len(components)))
    return _wild(pattern, name)


def _wild(pattern: str, name: str) -> bool:
    if not pattern:
        return not name
    if pattern.startswith("**."):
        starts = [0, *(i + 1 for i, char in enumerate(name) if char == ".")]
        return any(_wild(pattern[3:], name[i:]) for i in starts)
    if pattern.startswith("**"):
        return any(_wild(pattern[2:], name[i:]) for i in range(len(name) + 1))
    if pattern.startswith("*"):
        reach = len(name.partition(".")[0])
        return any(_wild(pattern[1:], name[i:]) for i in range(reach + 1))
    if not name or name[0] != pattern[0]:
        return False
    if pattern[0] == "." or not pattern[1:].startswith("**."):
        return _wild(pattern[1:], name[1:])
    # "a**.b": the stars are glued to "a", so they do not stand for components.
    return any(_wild(pattern[3:], name[i:]) for i in range(1, len(name) + 1))


@given(PARTS.map(".".join), NAMES)
def test_matching_agrees_with_the_definition(pattern: str, name: str) -> None:
    assert Pattern.parse(pattern).matches(name) == by_definition(pattern, name)


@given(PARTS.map(".".join), NAMES)
def test_what_matches_contains_the_runs(pattern: str, name: str) -> None:
    parsed = Pattern.parse(pattern)
    if parsed.matches(name) and not parsed.literal:
        assert all(run in name for run in parsed.runs)


def test_matching_takes_no_exponential_time() -> None:
    """Backtracking would not come back from this."""
    assert not Pattern.parse("*a" * 60).matches("a" * 2000 + "b")


@given(NAMES, NAMES)
def test_covering_is_prefix_by_component(path: str, name: str) -> None:
    parts, whole = path.split("."), name.split(".")
    assert covers(path, name) == (whole[: len(parts)] == parts)


@pytest.mark.parametrize("text", ["", ".", "a.", "a b", "a-b", "1a"])
def test_no_dotted_name(text: str) -> None:
    assert not is_dotted(text)


def test_word_runs_are_what_a_literal_spells_whatever_it_escapes() -> None:
    assert word_runs("it's /größe_1-x.") == ("it", "s", "größe_1", "x")
    assert word_runs("--") == ()


def test_at_least_so_many_of_several_words() -> None:
    assert Words.at_least(1, [["a"], ["b"]]) == Words.of({"a"}, {"b"})
    assert Words.at_least(2, [["a"], ["bbb"], ["cc"]]) == Words.of(
        {"a", "bbb"}, {"a", "cc"}, {"bbb", "cc"}
    )
    assert Words.at_least(2, [["a", "b"], ["c"]]) == Words.of({"a", "b", "c"})
    # 1,140 triples of 20 are too many; two of any 19 are too; so one of the longest 18.
    names = ["x" * length for length in range(1, 21)]
    assert Words.at_least(3, [[name] for name in names]) == Words.of(*([n] for n in names[2:]))


@given(st.integers(1, 6), st.sets(st.integers(0, 29), max_size=8), st.integers(6, 30))
def test_whoever_holds_enough_of_them_has_the_words(count: int, held: set[int], size: int) -> None:
    names = [f"w{number}w" for number in range(size)]
    text = {names[number] for number in held if number < size}
    words = Words.at_least(count, [[name] for name in names])
    assert 0 < len(words.clues) <= max(50, size)
    if len(text) >= count:
        assert any(clue.words <= text for clue in words.clues)
