"""Import statements as they become: in place, beside the old one, or gone."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ssot_lint.facts.source import normalised
from ssot_lint.migration.model import is_directive
from ssot_lint.migration.rewriting.places import Place
from ssot_lint.migration.rewriting.source import Patch, Source
from ssot_lint.migration.rewriting.statements import Statement

_WIDTH = 79
"""Of lines that nobody minds (PEP 8); the widest line of the old statement counts as well."""
_BLANKS = " \t\f"
_SEMICOLON = re.compile(r"[ \t\f]*;[ \t\f]*")
_REST = re.compile(r"[ \t\f]*(?P<comment>#[^\r\n]*)?(?P<newline>\r\n|\r|\n|\Z)")


@dataclass
class Job:
    """What happens to one import statement, by the indexes of its names.

    `moved` names get a new absolute path, `written` of a plain import are spelled like that,
    `gone` ones are imported elsewhere already; `before` are statements to be put beside it.
    """

    place: Place
    statement: Statement
    moved: dict[int, str] = field(default_factory=dict)
    written: dict[int, str] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    before: list[str] = field(default_factory=list)
    erasure: Patch | None = None
    """What takes the whole statement away, if all its names are gone."""

    @classmethod
    def at(cls, source: Source, place: Place) -> Job:
        return cls(place, Statement.at(source, place.node))

    def home(self, index: int) -> str:
        """The module that a moved name is imported from; "" for a module without a package."""
        new = self.moved[index]
        return new if self._alias(index).name == "*" else new.rpartition(".")[0]

    def last(self, index: int) -> str:
        return self.moved[index].rpartition(".")[2]

    def spelled(self, index: int) -> str:
        """A moved name as a ``from`` import has it: with ``as`` what it binds, if that differs."""
        alias, new = self._alias(index), self.last(index)
        bound = alias.asname or alias.name
        again = alias.asname == alias.name  # says that the name is exported
        return new if new == bound and not again else f"{new} as {bound}"

    def _alias(self, index: int) -> Any:
        return self.place.node.names[index]


def patches(source: Source, job: Job) -> Iterator[Patch]:
    """The patches for one statement."""
    if job.erasure is not None:
        yield job.erasure
    elif job.place.plain:
        yield from _plain(source, job)
    else:
        yield from _from(source, job)


def erased(source: Source, job: Job) -> Patch | None:
    """No statement at all; None if a comment, or something beside it, would go, too.

    A remark behind it may stay alone, a directive would then speak to nobody or to the whole file.
    Another statement of the same block must stay.
    """
    statement, text = job.statement, source.text
    start, end = statement.start, statement.end
    if job.before or statement.comments:
        return None
    behind = _SEMICOLON.match(text, end)
    last = _REST.match(text, behind.end() if behind else end)
    if last is None:
        shared = behind is not None and text[behind.end()] != "\\"
        return Patch(start, behind.end(), "") if behind and shared else None
    if not leads(source, start):
        before = text[:start].rstrip(_BLANKS)
        return Patch(len(before) - 1, end, "") if before.endswith(";") else None
    if last["comment"]:
        return None if is_directive(last["comment"]) else Patch(start, last.start("comment"), "")
    # Without a line end at its end, a file would have one then.
    return Patch(source.line_start(start), last.end(), "") if last["newline"] else None


def leads(source: Source, start: int) -> bool:
    """Whether a statement begins its line, and no backslash joins that to the one before."""
    text, line = source.text, source.line_start(start)
    if text[line:start].strip(_BLANKS):
        return False
    if not text[max(line - 3, 0) : line].rstrip("\r\n").endswith("\\"):
        return True
    return (source.line(start), start - line) in _logical_starts(source)


def _logical_starts(source: Source) -> set[tuple[int, int]]:
    """Where logical lines begin: a backslash may be part of a comment."""
    layout = {tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT}
    starts, new = set(), True
    lines = io.StringIO(normalised(source.text)).readline
    for token in tokenize.generate_tokens(lines):
        if token.type == tokenize.NEWLINE:
            new = True
        elif token.type not in layout and new:
            starts.add(token.start)
            new = False
    return starts


def _plain(source: Source, job: Job) -> Iterator[Patch]:
    statement = job.statement
    for index in job.moved.keys() - job.gone:
        alias, name, new = job.place.node.names[index], statement.names[index], job.moved[index]
        bound = "" if alias.asname else f" as {alias.name}"
        yield Patch(name.start, name.stop, job.written.get(index, new + bound))
    if job.gone:
        yield from (Patch(*piece, "") for piece in statement.without(frozenset(job.gone)))
    yield from _inserted(source, job, job.before)


def _from(source: Source, job: Job) -> Iterator[Patch]:
    """The names of one module stay in the statement, the others get statements before it.

    If all names move, those stay that go to the module that is named last.
    """
    statement = job.statement
    groups: dict[str, list[int]] = {}
    for index in sorted(job.moved.keys() - job.gone):
        groups.setdefault(job.home(index), []).append(index)
    if groups and sum(map(len, groups.values())) + len(job.gone) == len(statement.names):
        home = [*groups][-1]
        yield from _in_place(job, home, groups.pop(home))
    split = frozenset(index for names in groups.values() for index in names)
    if split or job.gone:
        cut = statement.without(split | job.gone)
        yield from (Patch(*piece, "") for piece in cut)
    new = [_beside(source, job, home, names, split) for home, names in groups.items()]
    yield from _inserted(source, job, [*job.before, *new])


def _in_place(job: Job, home: str, names: Sequence[int]) -> Iterator[Patch]:
    statement = job.statement
    if not home:
        yield Patch(statement.start, statement.end, f"import {job.spelled(names[0])}")
        return
    start, end = statement.module
    # Dots may touch what stands around them, letters may not.
    before = "" if statement.text[start - 1].isspace() else " "
    after = " " if statement.text[end].isalpha() else ""
    yield Patch(start, end, before + home + after)
    for index in names:
        alias, new, name = job.place.node.names[index], job.last(index), statement.names[index]
        if alias.name in ("*", new):
            continue
        if alias.asname is None or alias.asname == new:
            yield Patch(name.start, name.end, job.spelled(index))
        else:
            yield Patch(name.start, name.stop, new)


def _beside(
    source: Source, job: Job, home: str, names: Sequence[int], split: frozenset[int]
) -> str:
    """A statement of its own for some names, with the comments that go with them.

    One name a line where that is needed: for several comments, for a comment that would end a line
    that others share, and for more names than the old lines had room for.
    """
    statement, leading = job.statement, leads(source, job.statement.start)
    texts = [job.spelled(index) for index in names]
    comments = [_own(job, index, split) for index in names]
    head, behind = _general(source, statement) if leading else ("", "")
    # One for each line that they stood on; for the whole statement, once more is enough.
    by_line = {statement.shares_line(i): own for i, own in zip(names, comments, strict=True) if own}
    said = [*by_line.values()]
    said += [each for each in dict.fromkeys((head, behind)) if each and each not in said]
    indent = _indent(source, statement.start)
    line = f"from {home} import {', '.join(texts)}"
    lines = normalised(source.text[source.line_start(statement.start) : statement.end]).split("\n")
    too_wide = len(indent + line) > max(_WIDTH, *map(len, lines)) and len(names) > 1
    if len(said) <= (1 if leading else 0) and not too_wide:
        return _commented(line, *said)
    inner = _inner_indent(statement) or indent + ("\t" if "\t" in indent else "    ")
    return source.newline(statement.start).join(
        (
            _commented(f"from {home} import (", head),
            *(
                _commented(f"{inner}{text},", own)
                for text, own in zip(texts, comments, strict=True)
            ),
            _commented(f"{indent})", behind),
        )
    )


def _commented(code: str, comment: str = "") -> str:
    return f"{code}  {comment}" if comment else code


def _own(job: Job, index: int, split: frozenset[int]) -> str:
    """The comment that goes with a name: that of its line, if nothing else stays there.

    Otherwise a copy of it if it is a directive, which the names that stay need, too. What is none
    goes with the first name of the line.
    """
    statement = job.statement
    comment, line = statement.comment(index), statement.shares_line(index)
    if is_directive(comment):
        return comment
    goes = index == min(line & split) and statement.goes_with_line(index, split | job.gone)
    return comment if goes else ""


def _general(source: Source, statement: Statement) -> tuple[str, str]:
    """The directives for the whole statement: on its first line, and behind it."""
    rest = _REST.match(source.text, statement.end)
    head, behind = statement.head_comment.rstrip(), ((rest and rest["comment"]) or "").rstrip()
    return head if is_directive(head) else "", behind if is_directive(behind) else ""


def _inner_indent(statement: Statement) -> str:
    """The indentation of the first name that begins a line in parentheses."""
    for line in statement.lines[1:] if statement.closed else ():
        if [token.kind for token in line[:2]] == ["blank", "name"]:
            return statement.text[line[0].start : line[0].end]
    return ""


def _inserted(source: Source, job: Job, statements: Sequence[str]) -> Iterator[Patch]:
    """New statements right before the old one, in its block."""
    if statements:
        start = job.statement.start
        end = "; "
        if leads(source, start):
            end = source.newline(start) + _indent(source, start)
        yield Patch(start, start, "".join(each + end for each in statements))


def _indent(source: Source, start: int) -> str:
    """The blanks before a statement's line, form feeds left out."""
    line = source.text[source.line_start(start) : start]
    return line[: len(line) - len(line.lstrip(_BLANKS))].rpartition("\f")[2]
