"""Short ways to say what facts a source has."""

from __future__ import annotations

from textwrap import dedent

from ssot_lint.facts import (
    Alias,
    Assignment,
    Call,
    Context,
    Definition,
    FileFacts,
    Function,
    Import,
    Literals,
    Text,
    Trouble,
    Use,
    Word,
    read_facts,
)

Placed = Import | Definition | Alias | Use | Text | Function | Assignment | Call | Literals | Word


def facts(source: str) -> FileFacts:
    """The facts of an indented source, which must have no trouble."""
    found = read_facts(dedent(source).encode())
    assert found.trouble is None
    return found


def trouble(source: str | bytes) -> Trouble:
    """The trouble of a source, which must have one, and nothing else."""
    data = source.encode() if isinstance(source, str) else source
    found = read_facts(data)
    assert found.trouble is not None
    assert found == FileFacts(trouble=found.trouble, line_count=found.line_count)
    return found.trouble


def flags(fact: Placed) -> set[str]:
    """The names of the flags of a fact's context."""
    flags = {name: flag for name, flag in vars(Context).items() if name.isupper()}
    return {name for name, flag in flags.items() if fact.context & flag}


def text_at(source: str, fact: Placed) -> str:
    """What stands at the span of a fact."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if fact.line == fact.end_line:
        return lines[fact.line - 1][fact.column - 1 : fact.end_column - 1]
    first = lines[fact.line - 1][fact.column - 1 :]
    between = lines[fact.line : fact.end_line - 1]
    return "\n".join([first, *between, lines[fact.end_line - 1][: fact.end_column - 1]])
