"""Short ways to write violations and baselines, and strategies that make them up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from hypothesis import strategies as st

from ssot_lint.baseline import Baseline, Entry, compare
from ssot_lint.model import Comparison, Fingerprint, Span, Violation

FIXED = "forbidden"  # the rule whose entries never move
RULES = frozenset({"old", "other", FIXED})


def movable(rule: str) -> bool:
    return rule != FIXED


def at(path: str, subject: str = "x", rule: str = "old", line: int = 1) -> Violation:
    return Violation(path, Span(line, 1, line, 2), "SOT102", rule, subject, "message")


def key(path: str, subject: str = "x", rule: str = "old") -> Fingerprint:
    return Fingerprint(path, rule, subject)


def base(*entries: tuple[Any, ...], headers: Collection[str] = ()) -> Baseline:
    """From (path, subject, count) or (path, subject, count, rule) or (..., rule, reason)."""
    found = {}
    for path, subject, count, *more in entries:
        rule, reason = [*more, "old", ""][:2] if len(more) != 1 else [more[0], ""]
        found[key(path, subject, rule)] = Entry(count, reason)
    return Baseline(found, frozenset(headers))


def against(
    found: Sequence[Violation],
    baseline: Baseline,
    *,
    gone: Collection[str] = (),
    out: Collection[tuple[str, str]] = (),
    rules: frozenset[str] = RULES,
    movable: Callable[[str], bool] = movable,
    **options: Any,
) -> Comparison:
    """`compare` where all paths exist but those `gone`, and all is in scope but (rule, path) `out`."""
    return compare(
        found,
        baseline,
        exists=lambda path: path not in gone,
        in_scope=lambda rule, path: (rule, path) not in out,
        rules=rules,
        movable=movable,
        **options,
    )


odd_text = st.text(st.characters(codec=None), min_size=1, max_size=12)
paths = st.one_of(
    st.sampled_from(["a.py", "b/a.py", "b/c.py", "d/b/a.py", "d/c.py"]),
    odd_text,
    st.sampled_from(["-x.py", "a b.py", "ünï/ç.py", "bad\udcff.py", "\ue000.py", "🙂.py", "#.py"]),
)
rules = st.sampled_from(["old", "other", "old-2", "a"])
subjects = st.one_of(
    st.sampled_from(["m.N", "m", "m.*", "N", "a,b"]),
    odd_text.filter(lambda text: " " not in text),
)
reasons = st.one_of(st.just(""), st.sampled_from(["why", "a; b", "hotfix"]), odd_text)
fingerprints = st.builds(Fingerprint, paths, rules, subjects)
entries = st.builds(Entry, st.integers(1, 12), reasons)
baselines = st.builds(
    Baseline,
    st.dictionaries(fingerprints, entries, max_size=8),
    st.frozensets(paths, max_size=4),
)

_few_paths = st.sampled_from(["a.py", "b/a.py", "b/c.py", "d/b/a.py", "d/c.py"])
_few_keys = st.builds(
    Fingerprint, _few_paths, st.sampled_from(sorted(RULES)), st.sampled_from(["x", "y"])
)
_few_entries = st.builds(
    Entry, st.integers(1, 4), st.sampled_from(["", "why", "hotfix", "hotfix; why"])
)
related = st.builds(
    Baseline, st.dictionaries(_few_keys, _few_entries, max_size=8), st.frozensets(_few_paths)
)
"""Baselines that have much in common."""
violations = st.lists(
    st.builds(
        at,
        _few_paths,
        st.sampled_from(["x", "y"]),
        st.sampled_from(sorted(RULES)),
        st.integers(1, 9),
    ),
    max_size=14,
)
