"""``ssot-lint config``: which rules apply here, or to a file, and why none do."""

from __future__ import annotations

import os

import click

from ssot_lint.cli.common import load_config, rules_options, say
from ssot_lint.engine import Request, ledger, locate
from ssot_lint.project import within


@click.command("config")
@click.argument("file", required=False)
@rules_options
def command(file: str | None, rules_file: str | None, root: str | None) -> int:
    """Show the rules file, the root, the baseline and the rules that apply, to FILE if given."""
    path = os.path.abspath(file) if file is not None else None
    config = load_config(rules_file, root, (path,) if path else ())
    baseline = ledger.baseline_path(config, Request())
    state = "" if os.path.lexists(baseline) else " (does not exist)"
    lines = [
        f"rules     {config.path}",
        f"root      {config.root}",
        f"roots     {', '.join(config.roots or ('.', 'src, where it exists'))}",
        f"baseline  {baseline}{state}",
    ]
    rules = config.rules
    if path is not None:
        discovery = locate(config, path)
        if not discovery.files:
            why = dict(discovery.passed_over).values() or ["it lies outside the root, or is excluded"]
            lines.append(f"file      {file}: not judged: {', '.join(why)}")
            rules = ()
        else:
            judged = discovery.files[0]
            rules = tuple(rule for rule in config.rules if within(rule, judged))
            lines.append(f"file      {judged.path}")
            lines.append(f"module    {judged.module or 'none: it cannot be imported by a name'}")
            if not rules:
                lines.append("no rule judges this file: see their paths, exclude and allow_in")
    for rule in rules:
        editor = "editor, hook and CI" if rule.scope == "file" else "hook and CI"
        lines.append(f"rule      {rule.name} ({rule.code} {rule.kind}): {editor}")
    say("\n".join(lines) + "\n")
    return 0
