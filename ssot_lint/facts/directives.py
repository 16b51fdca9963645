"""Suppression comments: ours, and flake8's as flake8 reads them.

``# ssot: allow NAME[, NAME] (reason)`` excuses, by its line L:

- inside a statement of several lines: L;
- on a statement's first or last line: the whole statement;
- on the first or last line of the header of a compound statement (``if``, ``else``, ``class``,
  ``def``, ...): the header and the body under it, not the statement's other clauses; a decorator
  is a line of its own, not part of the header;
- alone on a line between statements: L, so nothing.

``# ssot: allow-file NAME (reason)``, alone on its line, excuses the file. ``# noqa`` is looked for
in the text of lines, also in strings, and covers all lines that a backslash or a string joins; one
whose codes cannot be ours is no fact.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import Literal, NamedTuple

from ssot_lint.facts.layout import Layout
from ssot_lint.facts.model import Directive

# The meaning of these two is flake8's (defaults.py: NOQA_INLINE_REGEXP and NOQA_FILE).
_NOQA = re.compile(r"# noqa(?::\s?((?:[A-Z]+[0-9]+[,\s]*)+))?", re.IGNORECASE)
_NOQA_FILE = re.compile(r"\s*(# flake8[:=]\s*noqa)", re.IGNORECASE)

_PREFIX = "SOT"

_OURS = re.compile(r"#[ \t]*ssot:[ \t]*")
_WORD = re.compile(r"[A-Za-z_-]+")
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_ITEM = re.compile(r"[ \t]*([^\s,()#]+)[ \t]*")
_FORMS: tuple[Literal["allow", "allow-file"], ...] = ("allow", "allow-file")
_TYPO = 2
"""How many letters a first word may differ from a directive's to be taken for a mistyped one."""


def directives(text: str) -> tuple[Directive, ...]:
    """Every suppression in `text`, whose only line end is the line feed, in its order."""
    lowered = text.lower()
    ours, flake8s = "ssot:" in text, "noqa" in lowered
    if not ours and not flake8s:
        return ()
    lines = io.StringIO(text).readlines()
    found: list[Directive] = []
    if flake8s:
        found += _noqa_files(lines) if "flake8" in lowered else ()
        flake8s = any(_concerns_us(match[1]) for match in _NOQA.finditer(text))
    # Tokenizing takes longer than parsing, and most files excuse the findings of others.
    layout = Layout.of(lines) if ours or flake8s else None
    if ours and layout:
        found += _allowances(lines, layout)
    if flake8s and layout:
        found += _noqa(lines, layout)
    return tuple(sorted(found, key=lambda directive: (directive.line, directive.column)))


def _concerns_us(codes: str | None) -> bool:
    """Whether a noqa with these codes can excuse ``SOT...``; without codes it excuses all."""
    return codes is None or any(code.startswith(_PREFIX) for code in _split(codes))


def _split(codes: str) -> list[str]:
    return codes.replace(",", " ").split()


def _noqa(lines: list[str], layout: Layout) -> Iterator[Directive]:
    marked = (number for number, line in enumerate(lines, 1) if "# noqa" in line.lower())
    for first, last in dict.fromkeys(map(layout.joined_with, marked)):
        text = "".join(lines[first - 1 : last])
        # Only the first one of joined lines counts.
        for match in islice(_NOQA.finditer(text), 1):
            if not _concerns_us(match[1]):
                continue
            line = first + text.count("\n", 0, match.start())
            column = match.start() - text.rfind("\n", 0, match.start())
            end = column + len(match.group().partition("\n")[0].rstrip(", \t"))
            # flake8 compares codes as they are written, so `f401` excuses nothing.
            codes = tuple(_split(match[1] or ""))
            yield Directive("noqa", line, column, end, codes, "", first, last, "")


def _noqa_files(lines: list[str]) -> Iterator[Directive]:
    for number, line in enumerate(lines, 1):
        match = _NOQA_FILE.match(line)
        if match is not None:
            # Whatever follows: to flake8, codes here do not narrow it.
            start, end = match.start(1) + 1, match.end(1) + 1
            yield Directive("noqa-file", number, start, end, (), "", 1, len(lines), "")


def _allowances(lines: list[str], layout: Layout) -> Iterator[Directive]:
    for line, column, comment in layout.comments:
        at = 0
        while (match := _OURS.search(comment, at)) is not None:
            at = match.end()
            word = _WORD.match(comment, at)
            form = _form(word.group()) if word else None
            if word is None or form is None:
                continue  # prose
            start = column + match.start()
            names, reason, problem, at = _parse(form, comment, word.end())
            if form != word.group():
                problem = f"unknown directive '{word.group()}', did you mean '{form}'?"
            elif form == "allow-file" and lines[line - 1][: start - 1].strip():
                problem = "'allow-file' must stand alone on its line"
            if problem:
                end = column + len(comment.rstrip())
                yield Directive("malformed", line, start, end, (), "", line, line, problem)
                break
            first, last = (1, len(lines)) if form == "allow-file" else layout.covered(line)
            end = column + len(comment[:at].rstrip())
            yield Directive(form, line, start, end, names, reason, first, last, "")


class _Rest(NamedTuple):
    """What follows the first word of a directive, and the index where it ends."""

    names: tuple[str, ...]
    reason: str
    problem: str
    end: int


def _parse(form: str, comment: str, at: int) -> _Rest:
    """Reads ``NAME[, NAME] (reason)`` from `comment`; another comment may follow."""
    names: list[str] = []
    while True:
        item = _ITEM.match(comment, at)
        if item is None:
            return _Rest((), "", f"'{form}' needs the name of a rule or kind", at)
        if not _NAME.fullmatch(item[1]):
            return _Rest((), "", f"'{item[1]}' is no name of a rule or kind: not kebab-case", at)
        names.append(item[1])
        at = item.end()
        if comment[at : at + 1] != ",":
            break
        at += 1
    reason = ""
    expected = f"',' or '(reason)' after '{names[-1]}'"
    if comment[at : at + 1] == "(":
        close = _closing(comment, at)
        if close < 0:
            return _Rest((), "", "the reason lacks its closing parenthesis", at)
        reason = comment[at + 1 : close].strip()
        at = close + 1
        expected = "nothing after the reason"
    surplus = comment[at:].partition("#")[0].strip()
    if surplus:
        return _Rest((), "", f"expected {expected}, found '{surplus}'", at)
    return _Rest(tuple(names), reason, "", at)


def _closing(text: str, opening: int) -> int:
    """The index of the parenthesis that closes the one at `opening`, or -1."""
    depth = 0
    for index in range(opening, len(text)):
        depth += (text[index] == "(") - (text[index] == ")")
        if depth == 0:
            return index
    return -1


def _form(word: str) -> Literal["allow", "allow-file"] | None:
    """The directive that `word` is or was meant to be; None for prose."""
    distance, form = min((_distance(word, form), form) for form in _FORMS)
    return form if distance <= _TYPO else None


def _distance(one: str, other: str) -> int:
    """How many letters must be added, removed or replaced (Levenshtein's distance)."""
    if abs(len(one) - len(other)) > _TYPO:
        return _TYPO + 1
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, expected in enumerate(other, 1):
            cost = min(before + (letter != expected), row[j] + 1, row[j - 1] + 1)
            before, row[j] = row[j], cost
    return row[-1]
