"""``ssot-lint rules``: list, validate, test, and the schema of the rules file."""

from __future__ import annotations

import click

from ssot_lint.cli.common import Rules, relative_to_cwd, rules_options
from ssot_lint.cli.console import say, tell
from ssot_lint.cli.exits import ExitCode
from ssot_lint.cli.group import Group
from ssot_lint.config.schema import render
from ssot_lint.engine import Request
from ssot_lint.engine.examples import inspect_rules, run_examples
from ssot_lint.reporters.phrases import counted, note_line, one_line, place, sentence
from ssot_lint.reporters.table import align
from ssot_lint.rules import KINDS


@click.group("rules", cls=Group)
def command() -> None:
    """List, validate and test the rules."""


@command.command("list")
@rules_options
def list_rules(rules: Rules) -> int:
    """Every rule: name, code, kind, severity, reason."""
    config = rules.load()
    table = [(r.name, r.code, r.kind, r.severity, sentence(r.reason)) for r in config.rules]
    say("".join(f"{line}\n" for line in align(table, left=5)))
    return ExitCode.DONE


@command.command("validate")
@click.option("--strict", is_flag=True, help="Fail on entries that match nothing, too.")
@rules_options
def validate(strict: bool, rules: Rules) -> int:
    """Whether each rule can work on the files that are there.

    Exit code 2 if the file is faulty or a rule cannot work; with --strict, 1 if an entry is idle.
    """
    config = rules.load()
    broken, notes = inspect_rules(config, Request())
    shown = relative_to_cwd(config.root)
    for violation in broken:
        where = place(shown(violation.path), violation.span.line, violation.span.column)
        say(f"{where}: {violation.code} {one_line(violation.message)}\n")
    for note in notes:
        say(f"{note_line(note, shown(note.path))}\n")
    if broken:
        return ExitCode.UNUSABLE
    idle = [note for note in notes if note.topic == "idle"]
    entries = counted(len(idle), "idle entries") if idle else "no idle entries"
    tell(f"{counted(len(config.rules), 'rules')} can work; {entries}")
    return ExitCode.NO if strict and idle else ExitCode.DONE


@command.command("test")
@click.option("--rule", "names", multiple=True, metavar="NAME", help="Only this rule (repeatable).")
@rules_options
def test(names: tuple[str, ...], rules: Rules) -> int:
    """Run the rules on the examples that they carry.

    Each must report its 'bad' ones, and must not report its 'good' ones.
    """
    config = rules.load()
    outcomes = run_examples(config, Request(rules=frozenset(names) or None))
    failed = [outcome for outcome in outcomes if outcome.problem]
    shown = relative_to_cwd(config.root)
    for outcome in failed:
        where = f"{one_line(shown(outcome.path))}:{outcome.line}"
        say(f"{where}: {outcome.rule}: {one_line(outcome.problem)}\n")
    tested = counted(len({outcome.rule for outcome in outcomes}), "rules")
    tell(f"{counted(len(outcomes), 'examples')} of {tested}: {len(failed)} failed")
    return ExitCode.NO if failed else ExitCode.DONE


@command.command("schema")
def schema() -> int:
    """Print the JSON Schema of the rules file, for editors."""
    say(render(KINDS))
    return ExitCode.DONE
