"""The manual of a kind, from its docstring and its declared options."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

from ssot_lint.builtin import BuiltIn
from ssot_lint.options import Declared, declared
from ssot_lint.rule import Rule


def manual(kind: type[Rule] | type[BuiltIn]) -> str:
    """Plain text: code and kind, the docstring, then every option with what it must be."""
    text = _own(kind)
    if issubclass(kind, Rule):
        return text + "\nOptions of every rule\n" + _options(declared(Rule).values())
    return text + "\nThis kind is built in: it needs no rule, and takes no options.\n"


def page(kinds: Iterable[type[Rule] | type[BuiltIn]]) -> str:
    """The manuals of all kinds as one page of Markdown."""
    parts = [
        "# The kinds of rules",
        "This page is made from the docstrings of the kinds: "
        "`python -m ssot_lint.manual > docs/kinds.md`.",
    ]
    for kind in kinds:
        head, _, body = _own(kind).partition("\n\n")
        parts.append(f"## {head}\n\n```text\n{body.rstrip()}\n```")
    common = _options(declared(Rule).values()).rstrip()
    parts.append(f"## Options of every rule\n\n```text\n{common}\n```")
    return "\n\n".join(parts) + "\n"


def _own(kind: type[Rule] | type[BuiltIn]) -> str:
    """The kind's docstring and own options."""
    text = f"{kind.code} {kind.kind}\n\n{inspect.cleandoc(kind.__doc__ or '')}\n"
    if not issubclass(kind, Rule):
        return text
    common = declared(Rule)
    own = [entry for name, entry in declared(kind).items() if name not in common]
    return text + "\nIts options\n" + _options(own)


def _options(entries: Iterable[Declared]) -> str:
    return "".join(
        f"    {entry.name} ({entry.option.expected}{', required' if entry.required else ''})\n"
        f"        {entry.help}\n"
        for entry in entries
    )


if __name__ == "__main__":
    from ssot_lint.builtin import BUILTIN
    from ssot_lint.rules import KINDS

    print(page((*KINDS, *BUILTIN)), end="")
