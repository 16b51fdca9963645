"""Which violations a comment excuses, and which comments excuse nothing. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Literal, NamedTuple

from ssot_lint.errors import did_you_mean
from ssot_lint.facts import Directive
from ssot_lint.model import Span, Violation
from ssot_lint.patterns import Words

SUPPRESSION_WORDS = Words.of((), place="suppression")
"""No text without one of these has a directive that `unused` could call a fault."""

Policy = Literal["allowed", "reason", "forbidden"]
Use = tuple[str, Directive, str]
"""A path, a directive in it, and the one of its names (or codes) that excused something."""


class Law(NamedTuple):
    """What is known of a rule: its kind, code, policy, and whether it ran."""

    kind: str
    code: str
    policy: Policy = "allowed"
    ran: bool = True


class Verdict(NamedTuple):
    """`kept` violations, `excused` ones with the text of their excuse, and the names used."""

    kept: tuple[Violation, ...]
    excused: tuple[tuple[Violation, str], ...]
    used: frozenset[Use] = frozenset()


def excuse(
    violations: Iterable[Violation],
    directives: Callable[[str], Collection[Directive]],
    laws: dict[str, Law],
    *,
    noqa: bool = True,
) -> Verdict:
    """Part violations into kept and excused.

    `directives` gives those of a path; `laws` what is known of each rule by name; `noqa` is
    whether ``# noqa`` counts.
    """
    kept, excused, used = [], [], set()
    for violation in violations:
        law = laws[violation.rule]
        hits = [
            (violation.path, directive, name)
            for directive in directives(violation.path)
            if noqa or not directive.form.startswith("noqa")
            for name in _excusing(directive, violation, law)
        ]
        used.update(hits)
        if hits:
            excused.append((violation, _text(hits[0][1])))
        else:
            kept.append(violation)
    return Verdict(tuple(kept), tuple(excused), frozenset(used))


def _excusing(directive: Directive, violation: Violation, law: Law) -> Iterator[str]:
    """The names (or codes; "" for a bare noqa) by which a directive excuses a violation."""
    if law.policy == "forbidden" or not directive.first <= violation.span.line <= directive.last:
        return
    if directive.form in ("allow", "allow-file"):
        if law.policy == "reason" and not directive.reason:
            return
        yield from (name for name in directive.names if name in (violation.rule, law.kind))
    elif directive.form in ("noqa", "noqa-file") and law.policy == "allowed":
        if directive.names:
            yield from (code for code in directive.names if violation.code.startswith(code))
        else:
            yield ""


def _text(directive: Directive) -> str:
    if directive.form.startswith("noqa"):
        return "noqa" if directive.form == "noqa" else "flake8: noqa"
    return directive.reason or f"ssot: {directive.form}"


class Fault(NamedTuple):
    """A directive that does not do what it says."""

    path: str
    span: Span
    subject: str
    message: str


def unused(
    path: str, directives: Collection[Directive], used: Collection[Use], laws: dict[str, Law]
) -> Iterator[Fault]:
    """The faults of a file's directives: one each, with all that is wrong with it."""
    for directive in directives:
        names = [
            n for n in directive.names if directive.form.startswith("allow") or n.startswith("SOT")
        ]
        if directive.form == "malformed":
            reasons = [directive.problem]
        elif directive.form.startswith("noqa"):
            reasons = [
                reason
                for code in names
                if (path, directive, code) not in used and (reason := _idle_code(code, laws))
            ]
        else:
            reasons = [
                reason
                for name in names
                if (path, directive, name) not in used and (reason := _idle(directive, name, laws))
            ]
        if reasons:
            span = Span(directive.line, directive.column, directive.line, directive.end_column)
            subject = ",".join(sorted(set(names))) or "malformed"
            yield Fault(path, span, subject, "; ".join(reasons))


def _idle_code(code: str, laws: dict[str, Law]) -> str | None:
    """Why a code of a noqa excuses nothing; None if its rules did not run."""
    if not all(law.ran for law in laws.values() if law.code.startswith(code)):
        return None
    policies = {law.policy for law in laws.values() if law.code == code}
    if policies == {"forbidden"}:
        return f"{code} cannot be suppressed"
    if policies and "allowed" not in policies:
        return f"{code} may only be suppressed with a reason: # ssot: allow NAME (why)"
    return f"no violation of {code} stands here"


def _idle(directive: Directive, name: str, laws: dict[str, Law]) -> str | None:
    """Why an allowed name excuses nothing; None if its rules did not run."""
    named = [law for rule, law in laws.items() if name in (rule, law.kind)]
    if not named:
        known = {*laws, *(law.kind for law in laws.values())}
        return f"there is no rule or kind '{name}'{did_you_mean(name, known)}"
    if not all(law.ran for law in named):
        return None
    if all(law.policy == "forbidden" for law in named):
        return f"'{name}' cannot be suppressed"
    if not directive.reason and any(law.policy == "reason" for law in named):
        return (
            f"'{name}' may only be suppressed with a reason: # ssot: {directive.form} {name} (why)"
        )
    return f"no violation of {name} stands here"
