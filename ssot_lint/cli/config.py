"""``ssot-lint config``: which rules apply here, or to a file, and why none do."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

import click

from ssot_lint.cli.common import Rules, absolute, rules_options
from ssot_lint.cli.console import say
from ssot_lint.cli.exits import ExitCode
from ssot_lint.config import Config
from ssot_lint.engine import Request, ledger, locate
from ssot_lint.project import within
from ssot_lint.reporters.phrases import one_line
from ssot_lint.roots import resolve_roots
from ssot_lint.rule import Rule


@click.command("config")
@click.argument("file", required=False)
@rules_options
def command(file: str | None, rules: Rules) -> int:
    """Show which rules, root and baseline apply, and why.

    With FILE, those that apply to it: an editor uses the rules that one file, or what its names
    lead to, decides.
    """
    path = None if file is None else absolute(file, "FILE")
    config = rules.load((path,) if path else ())
    lines = [*_run(config), *(_rules(config.rules) if path is None else _file(config, path))]
    say("".join(f"{label:<10}{one_line(text)}\n" for label, text in lines))
    return ExitCode.DONE


def _run(config: Config) -> Iterator[tuple[str, str]]:
    baseline = ledger.baseline_path(config, Request())
    yield "rules", config.path
    yield "root", config.root
    yield "roots", ", ".join(resolve_roots(config.root, config.roots))
    yield "baseline", baseline + ("" if os.path.lexists(baseline) else " (does not exist)")


def _file(config: Config, path: str) -> Iterator[tuple[str, str]]:
    found = locate(config, path)
    for name, why in found.passed_over:
        yield "file", f"{name}: not judged: {why}"
    for file in found.files:
        yield "file", file.path
        yield "module", file.module or "none: no import can name it"
        applying = [rule for rule in config.rules if within(rule, file)]
        yield from _rules(applying)
        if not applying:
            yield "rule", "none: see 'paths', 'exclude' and 'allow_in' of the rules"


def _rules(rules: Iterable[Rule]) -> Iterator[tuple[str, str]]:
    for rule in rules:
        yield "rule", f"{rule.name} ({rule.code} {rule.kind}): {_where(rule)}"


def _where(rule: Rule) -> str:
    if rule.scope == "file":
        return "editor, hook and CI"
    if rule.follows:
        return "hook and CI; editor, once 'ssot-lint check' has left a cache"
    return "hook and CI"
