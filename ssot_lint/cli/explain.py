"""``ssot-lint explain``: the manual of a kind, or what a rule says."""

from __future__ import annotations

import click

from ssot_lint.builtin import BUILTIN, BuiltIn
from ssot_lint.cli.common import load_config, rules_options, say
from ssot_lint.errors import UsageError, did_you_mean
from ssot_lint.manual import manual
from ssot_lint.rule import Rule
from ssot_lint.rules import KINDS


@click.command("explain")
@click.argument("what", metavar="CODE_OR_KIND_OR_RULE")
@rules_options
def command(what: str, rules_file: str | None, root: str | None) -> int:
    """Print the manual of a kind (by code or name), or what a rule of the rules file says."""
    kinds: tuple[type[Rule] | type[BuiltIn], ...] = (*BUILTIN, *KINDS)
    for kind in kinds:
        if what.upper() == kind.code or what == kind.kind:
            say(manual(kind))
            return 0
    names = [name for kind in kinds for name in (kind.code, kind.kind)]
    try:
        config = load_config(rules_file, root)
    except UsageError as error:
        near = did_you_mean(what, names)
        raise UsageError(f"'{what}' is no code or kind{near}", *error.lines) from None
    rules = {rule.name: rule for rule in config.rules}
    if what not in rules:
        near = did_you_mean(what, (*names, *rules))
        raise UsageError(f"'{what}' is no code, no kind, and no rule{near}")
    rule = rules[what]
    line, _ = config.place(what)
    lines = [f"{rule.name} ({rule.code}, {rule.kind}; line {line} of {config.path})", "", f"    {rule.reason}", ""]
    for label, value in (("Owner", rule.owner), ("More", rule.docs), ("Until", rule.until)):
        if value:
            lines.append(f"{label}: {value}")
    say("\n".join(lines).rstrip() + "\n\n" + manual(type(rule)))
    return 0
