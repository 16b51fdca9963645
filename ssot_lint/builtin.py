"""The kinds that need no entry in ``rules.yaml``: what could not be checked, and stale excuses.

The engine makes their violations; the classes carry code, name and manual.
"""

from __future__ import annotations

from typing import ClassVar


class BuiltIn:
    """What the built-in kinds have in common with rules."""

    code: ClassVar[str]
    kind: ClassVar[str]
    unit: ClassVar[str]
    reason: ClassVar[str]


class UnreadableFile(BuiltIn):
    """A file that could hold a violation and could not be checked.

    What it does
        Reports a file that contains a word of a selected rule (where it might violate: in an
        import, in the header of a class), or whose words cannot be tested (because the rule cannot
        name them, too), or that is needed to follow a name, and that could not be read, decoded or
        parsed. The message says why, and which Python the code needs where that can be told. Other
        broken files are one line in the summary.

    Why
        A file that nobody parsed has no violations. Counted as clean, it would make the figures
        improve, and every entry of the baseline that it holds would look fixed.

    Instead of
        Deleting the file's entries from the baseline.

    Write
        Code that parses; or run ssot-lint on the Python that the code is written for; or exclude
        the file if it is no source code.

    Subject
        ``syntax``, ``encoding`` or ``unreadable``.

    What a fix may break
        Nothing; but a file that parses again may show violations that it always had.
    """

    code: ClassVar[str] = "SOT001"
    kind: ClassVar[str] = "unreadable-file"
    unit: ClassVar[str] = "files"
    reason: ClassVar[str] = "A file that could not be checked may hold violations."


class BrokenRule(BuiltIn):
    """A rule that cannot work.

    What it does
        Reports, at its line in ``rules.yaml``, a rule whose home is missing or binds no such name,
        and a run that judged no file. Exit code 2. It can be neither baselined nor suppressed, and
        is judged in full runs only. In an editor it stands for a rules file that cannot be used.

    Why
        A rule with a typo finds nothing, and finding nothing looks like success.

    Instead of
        ``home: shop.ordres.Order``

    Write
        ``home: shop.orders.Order``

    Subject
        The rule's name.

    What a fix may break
        Nothing; the rule starts to work.
    """

    code: ClassVar[str] = "SOT002"
    kind: ClassVar[str] = "broken-rule"
    unit: ClassVar[str] = "rules"
    reason: ClassVar[str] = "A rule that cannot work finds nothing, which looks like success."


class UnusedSuppression(BuiltIn):
    """A suppression comment that excuses nothing, or may not excuse what it names.

    What it does
        Reports ``# ssot: allow NAME`` and ``# noqa: SOT...`` comments under which no violation
        stands, which name an unknown rule, lack the reason that the rule demands, or name a rule
        that forbids suppressions. A bare ``# noqa`` is never called unused. Judged in full runs,
        for rules that ran, and never in an editor.

    Why
        An excuse that outlives its violation silences the next one.

    Instead of
        ``import shop.orders  # ssot: allow old-order-path (until the adapter goes)``

    Write
        ``import shop.orders``

    Subject
        The directive's names or codes, sorted, joined by commas.

    What a fix may break
        Nothing.
    """

    code: ClassVar[str] = "SOT003"
    kind: ClassVar[str] = "unused-suppression"
    unit: ClassVar[str] = "directives"
    reason: ClassVar[str] = "An excuse that outlives its violation silences the next one."


BUILTIN: tuple[type[BuiltIn], ...] = (UnreadableFile, BrokenRule, UnusedSuppression)
