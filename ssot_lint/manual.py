"""The manual of a kind, from its docstring and its declared options."""

from __future__ import annotations

import inspect

from ssot_lint.builtin import BuiltIn
from ssot_lint.options import declared
from ssot_lint.rule import Rule


def manual(kind: type[Rule] | type[BuiltIn]) -> str:
    """Plain text: code and kind, the docstring, then every option with what it must be."""
    text = f"{kind.code} {kind.kind}\n\n{inspect.cleandoc(kind.__doc__ or '')}\n"
    if not issubclass(kind, Rule):
        return text + "\nThis kind is built in: it needs no rule, and takes no options.\n"
    options = declared(kind)
    own = [entry for name, entry in options.items() if name not in declared(Rule)]
    common = [entry for name, entry in options.items() if name in declared(Rule)]
    for title, entries in (("Its options", own), ("Options of every rule", common)):
        text += f"\n{title}\n"
        for entry in entries:
            required = ", required" if entry.required else ""
            text += f"    {entry.name} ({entry.option.expected}{required})\n        {entry.help}\n"
    return text
