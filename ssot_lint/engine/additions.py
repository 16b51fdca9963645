"""What a change adds beside violations: suppressions, and violations in the place of fixed ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator

from ssot_lint.facts import Directive, FileFacts
from ssot_lint.model import TOP, Bag, Note, Violation

_ALLOW = ("allow", "allow-file")


def added_suppressions(
    path: str,
    before: FileFacts,
    now: FileFacts,
    added: Collection[int],
    excused: Collection[Violation],
) -> Iterator[Note]:
    """A note for each suppression in the file at `path` that it lacked `before`.

    `added` are the numbers of the lines that the change adds; `excused` the violations of the file
    that comments excuse: a bare ``# noqa`` counts if one of them stands there.
    """
    if before.trouble is None:
        had = Counter(map(_said, before.directives))
    else:
        had = Counter(_said(each) for each in now.directives if each.line not in added)
    # Of equal ones those on added lines are new.
    for directive in sorted(now.directives, key=lambda each: each.line in added):
        if had[_said(directive)]:
            had[_said(directive)] -= 1
        elif _concerns_us(directive, excused):
            names = ", ".join(directive.names) or "everything"
            message = f"the change adds a suppression of {names}"
            yield Note("suppression", message, "", path, directive.line)


def _said(directive: Directive) -> tuple[str, tuple[str, ...]]:
    return directive.form, directive.names


def _concerns_us(directive: Directive, excused: Collection[Violation]) -> bool:
    if directive.form == "malformed":
        return False
    if directive.form in _ALLOW or any(code.startswith("SOT") for code in directive.names):
        return True
    return not directive.names and any(
        directive.first <= violation.span.line <= directive.last for violation in excused
    )


def swaps(
    known: Iterable[Violation], adds: Callable[[Violation], bool], before: Bag, now: Bag
) -> Iterator[Note]:
    """A note for each known violation that takes the place of an equal one that was fixed.

    `before` and `now` are what the baselines tolerate. Violations on added lines (as `adds` tells)
    are swapped in, but for as many as the baseline has come to tolerate since. A violation that is
    about a whole file can only be edited.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    for violation in known:
        key = violation.fingerprint
        if violation.span == TOP or not before.get(key) or not adds(violation):
            continue
        seen[key] += 1
        if seen[key] > now.get(key, 0) - before[key]:
            message = f"a tolerated violation stands on an added line: {violation.subject}"
            yield Note("swap", message, violation.rule, violation.path, violation.span.line)
