"""``ssot-lint contract``: snapshot."""

from __future__ import annotations

import os

import click

from ssot_lint import contracts, files
from ssot_lint.advice import missing_home
from ssot_lint.cli.common import Rules, absolute, refuse_interrupted, rules_options
from ssot_lint.cli.console import say, tell
from ssot_lint.cli.exits import ExitCode
from ssot_lint.cli.group import Group
from ssot_lint.engine.survey import project_of
from ssot_lint.errors import UsageError
from ssot_lint.project import Project
from ssot_lint.reading import Reader
from ssot_lint.reporters.phrases import counted, one_line
from ssot_lint.roots import resolve_roots


@click.group("contract", cls=Group)
def command() -> None:
    """Write down what a class or module offers its callers."""


@command.command("snapshot")
@click.argument("homes", nargs=-1, required=True, metavar="HOME...")
@click.option("-o", "--output", metavar="FILE", help="Write there instead of printing.")
@rules_options
def snapshot(homes: tuple[str, ...], output: str | None, rules: Rules) -> int:
    """Print the contract of classes and modules.

    A HOME is a dotted path. A rule of kind contract compares it with the file that is named as its
    'snapshot'; or paste what you need under its 'members'.
    """
    target = None if output is None else absolute(output, "--output")
    config = rules.load()
    roots = resolve_roots(config.root, config.roots)
    project = project_of(config, (), roots, Reader(config.root))
    text = contracts.render({home: _contract(project, home) for home in homes})
    if target is None:
        say(text)
        return ExitCode.DONE
    refuse_interrupted(config.root)
    files.replace(target, text.encode())
    tell(f"wrote {counted(len(set(homes)), 'contracts')} to {one_line(os.path.relpath(target))}")
    return ExitCode.DONE


def _contract(project: Project, dotted: str) -> tuple[contracts.Requirement, ...]:
    if problem := missing_home(project, dotted):
        raise UsageError(problem)
    found = contracts.homes(project, dotted)
    if not found:
        raise UsageError(f"'{dotted}' is no class and no module that can be read")
    return contracts.snapshot(project, found)
