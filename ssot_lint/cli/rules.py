"""``ssot-lint rules``: list, validate, test, and the schema of the rules file."""

from __future__ import annotations

import click

from ssot_lint.cli.common import load_config, relative_to_cwd, rules_options, say, tell
from ssot_lint.cli.exits import ExitCode
from ssot_lint.config import render
from ssot_lint.engine import Request, inspect_rules, run_examples
from ssot_lint.rules import KINDS


@click.group("rules")
def command() -> None:
    """List, validate and test the rules."""


@command.command("list")
@rules_options
def list_rules(rules_file: str | None, root: str | None) -> int:
    """Every rule: name, code, kind, severity, reason."""
    config = load_config(rules_file, root)
    rows = [(r.name, r.code, r.kind, r.severity, r.reason) for r in config.rules]
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        say("  ".join((*cells, row[4])) + "\n")
    return ExitCode.DONE


@command.command("validate")
@click.option("--strict", is_flag=True, help="Fail on entries that match nothing, too.")
@rules_options
def validate(strict: bool, rules_file: str | None, root: str | None) -> int:
    """Read the rules, and look whether each can work on the files that are there.

    Exit code 2 if the file is faulty or a rule cannot work; with --strict, 1 if an entry is idle.
    """
    config = load_config(rules_file, root)
    broken, notes = inspect_rules(config, Request())
    shown = relative_to_cwd(config.root)
    for violation in broken:
        line, column = violation.span.line, violation.span.column
        say(f"{shown(violation.path)}:{line}:{column}: {violation.code} {violation.message}\n")
    for note in notes:
        say(f"{shown(note.path)}:{note.line}: note: {note.message} [{note.rule}]\n")
    count = len(config.rules)
    if broken:
        return ExitCode.UNUSABLE
    idle = sum(note.topic == "idle" for note in notes)
    tell(f"{count} rule{'s' * (count != 1)} can work; {idle or 'no'} idle entr{'y' if idle == 1 else 'ies'}")
    return ExitCode.NO if strict and idle else ExitCode.DONE


@command.command("test")
@click.option("--rule", "names", multiple=True, metavar="NAME", help="Only this rule (repeatable).")
@rules_options
def test(names: tuple[str, ...], rules_file: str | None, root: str | None) -> int:
    """Run the rules on their own examples: 'bad' must be reported, 'good' must not."""
    config = load_config(rules_file, root)
    outcomes = run_examples(config, Request(rules=frozenset(names) or None))
    failed = [outcome for outcome in outcomes if outcome.problem]
    shown = relative_to_cwd(config.root)
    for outcome in failed:
        say(f"{shown(outcome.path)}:{outcome.line}: {outcome.rule}: {outcome.problem}\n")
    rules = len({outcome.rule for outcome in outcomes})
    tell(f"{len(outcomes)} examples of {rules} rules: {len(failed)} failed")
    return ExitCode.NO if failed else ExitCode.DONE


@command.command("schema")
def schema() -> int:
    """Print the JSON Schema of the rules file, for editors that check YAML."""
    say(render(KINDS))
    return ExitCode.DONE
