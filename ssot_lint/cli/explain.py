"""``ssot-lint explain``: the manual of a kind, or what a rule says."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ssot_lint.builtin import BUILTIN, BuiltIn
from ssot_lint.cli.common import Rules, rules_options
from ssot_lint.cli.console import say
from ssot_lint.cli.exits import ExitCode
from ssot_lint.config import Config
from ssot_lint.errors import UsageError, did_you_mean
from ssot_lint.manual import manual
from ssot_lint.reporters.phrases import sentence
from ssot_lint.rule import Rule
from ssot_lint.rules import KINDS


@click.command("explain")
@click.argument("what", metavar="CODE_OR_KIND_OR_RULE")
@rules_options
def command(what: str, rules: Rules) -> int:
    """Print the manual of a kind, or what a rule says."""
    kinds: tuple[type[Rule] | type[BuiltIn], ...] = (*BUILTIN, *KINDS)
    for kind in kinds:
        if what.upper() == kind.code or what == kind.kind:
            say(manual(kind))
            return ExitCode.DONE
    words = [word for kind in kinds for word in (kind.code, kind.kind)]
    try:
        config = rules.load()
    except UsageError as error:
        near = did_you_mean(what, words)
        raise UsageError(f"'{what}' is no code and no kind{near}", *error.lines) from None
    by_name = {rule.name: rule for rule in config.rules}
    if what not in by_name:
        near = did_you_mean(what, (*words, *by_name))
        raise UsageError(f"'{what}' is no code, no kind and no rule{near}")
    rule = by_name[what]
    say("\n".join([*_said(rule, config), "", manual(type(rule))]))
    return ExitCode.DONE


def _said(rule: Rule, config: Config) -> Iterator[str]:
    line, _ = config.place(rule.name)
    yield f"{rule.name} ({rule.code} {rule.kind}, line {line} of {config.path})"
    yield ""
    yield f"    {sentence(rule.reason)}"
    for label, value in (("Owner", rule.owner), ("Docs", rule.docs), ("Until", rule.until)):
        if value:
            yield f"    {label}: {sentence(str(value))}"
