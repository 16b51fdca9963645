"""``ssot-lint check``: judge, compare, report, choose an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace

import click

from ssot_lint.cli.common import (
    load_config,
    parse_today,
    relative_to_cwd,
    rules_options,
    say,
    tell,
    today_option,
)
from ssot_lint.cli.exits import ExitCode
from ssot_lint.cli.progress import progress_bar
from ssot_lint.config import Config
from ssot_lint.engine import Request, lint
from ssot_lint.errors import GitError, UsageError, did_you_mean
from ssot_lint.files import replace as replace_file
from ssot_lint.git import Repository
from ssot_lint.model import Report
from ssot_lint.reporters import FORMATS, Settings, render


@click.command("check")
@click.argument("paths", nargs=-1)
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="What goes to standard output.")
@click.option("--output", "outputs", multiple=True, metavar="FORMAT:FILE", help="Write a further report to a file (repeatable).")
@click.option("--rule", "rules", multiple=True, metavar="NAME", help="Judge only this rule (repeatable).")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Judge only rules of this kind (repeatable).")
@click.option("--scope", type=click.Choice(["file"]), help="Only kinds that one file decides, as an editor does.")
@click.option("--baseline", metavar="FILE", help="Another baseline than the rules name.")
@click.option("--no-baseline", is_flag=True, help="Compare with nothing: every violation is new.")
@click.option("--base", metavar="REF", help="Judge the change since the merge base with REF.")
@click.option("--max-new-suppressions", type=click.IntRange(min=0), metavar="N", help="Fail if the change adds more suppressions (with --base).")
@click.option("--stale", type=click.Choice(["report", "fail"]), default="report", show_default=True, help="What fixed violations in the baseline do.")
@click.option("--show-known", is_flag=True, help="List tolerated violations too.")
@click.option("--max-shown", type=click.IntRange(min=0), metavar="N", help="List at most N violations.")
@click.option("--statistics", is_flag=True, help="Add origins and the share of canonical imports.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even if there are new violations.")
@click.option("--expect-violations", is_flag=True, help="Exit 1 if nothing is found, 0 otherwise.")
@click.option("--stdin-filename", metavar="FILE", help="The file that standard input ('-') stands for.")
@click.option("-q", "--quiet", is_flag=True, help="Violations only.")
@click.option("-v", "--verbose", is_flag=True, help="Every list in full.")
@click.option("--color/--no-color", default=None, help="Colour (default: on a terminal, unless NO_COLOR).")
@today_option
@rules_options
def command(
    paths: tuple[str, ...],
    format_: str,
    outputs: tuple[str, ...],
    rules: tuple[str, ...],
    kinds: tuple[str, ...],
    scope: str | None,
    baseline: str | None,
    no_baseline: bool,
    base: str | None,
    max_new_suppressions: int | None,
    stale: str,
    show_known: bool,
    max_shown: int | None,
    statistics: bool,
    exit_zero: bool,
    expect_violations: bool,
    stdin_filename: str | None,
    quiet: bool,
    verbose: bool,
    color: bool | None,
    today: str | None,
    rules_file: str | None,
    root: str | None,
) -> int:
    """Find violations of the rules; new ones fail.

    PATHS filter what is reported; without them, or with the root itself, the run is a full one:
    it also knows what is fixed, which suppressions are unused and which rules cannot work.
    """
    if baseline is not None and no_baseline:
        raise click.UsageError("--baseline and --no-baseline exclude each other")
    if max_new_suppressions is not None and base is None:
        raise click.UsageError("--max-new-suppressions needs --base")
    asked, text = _asked(paths, stdin_filename)
    targets = [_output(output) for output in outputs]
    config = load_config(rules_file, root, asked or ())
    overlay = {}
    if text is not None and asked is not None:
        overlay[os.path.relpath(asked[0], config.root).replace(os.sep, "/")] = text
    with progress_bar() as progress:
        report = lint(
            config,
            Request(
                paths=asked,
                rules=frozenset(rules) or None,
                kinds=frozenset(kinds) or None,
                file_scope=scope == "file",
                baseline=baseline and os.path.abspath(baseline),
                use_baseline=not no_baseline,
                base=base,
                max_new_suppressions=max_new_suppressions,
                statistics=statistics,
                overlay=overlay,
                today=parse_today(today),
                progress=progress,
            ),
        )
    settings = Settings(
        color=_colored(color),
        show_known=show_known,
        max_shown=max_shown,
        verbosity=verbose - quiet,
        relative=relative_to_cwd(config.root),
        prefix=_prefix(config.root, {format_, *(name for name, _ in targets)}),
    )
    for format_name, path in targets:
        rendered = render(report, format_name, replace(settings, color=False))
        replace_file(path, rendered.encode("utf-8", "backslashreplace"), name=path)
    say(render(report, format_, settings))
    _advise(config, report, no_baseline)
    return exit_code(report, stale=stale == "fail", exit_zero=exit_zero, expect=expect_violations)


def exit_code(report: Report, *, stale: bool, exit_zero: bool, expect: bool) -> ExitCode:
    """Unusable beats new, and new beats stale."""
    if report.unusable:
        return ExitCode.UNUSABLE
    if expect:
        found = any(finding.state != "suppressed" for finding in report.findings)
        return ExitCode.DONE if found else ExitCode.NO
    if report.failed:
        return ExitCode.DONE if exit_zero else ExitCode.NO
    if stale and report.stale_failing:
        return ExitCode.DONE if exit_zero else ExitCode.STALE
    return ExitCode.DONE


def _asked(paths: Sequence[str], stdin_filename: str | None) -> tuple[tuple[str, ...] | None, bytes | None]:
    """The absolute paths asked for (None: all), and the text on standard input, if asked for."""
    if "-" in paths:
        if len(paths) > 1:
            raise UsageError("'-' (standard input) cannot be combined with other paths")
        if stdin_filename is None:
            raise UsageError("'-' needs --stdin-filename: which file the text stands for")
        return (os.path.abspath(stdin_filename),), sys.stdin.buffer.read()
    if stdin_filename is not None:
        raise UsageError("--stdin-filename needs '-' as the path")
    return tuple(os.path.abspath(path) for path in paths) or None, None


def _output(text: str) -> tuple[str, str]:
    name, colon, path = text.partition(":")
    if not colon or not path:
        raise UsageError(f"--output: '{text}' is not of the form FORMAT:FILE")
    if name not in FORMATS:
        raise UsageError(f"--output: unknown format '{name}'{did_you_mean(name, FORMATS)}")
    return name, path


def _prefix(root: str, formats: set[str]) -> str:
    """The root as seen from the repository's top, which only some formats want to know."""
    if formats <= {"text", "json"}:
        return ""
    try:
        return Repository.at(root).prefix
    except GitError:
        return ""


def _colored(color: bool | None) -> bool:
    if color is not None:
        return color
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def _advise(config: Config, report: Report, no_baseline: bool) -> None:
    """One line for whoever has violations and no baseline yet."""
    if report.baseline is None and not no_baseline and report.complete and report.in_state("new"):
        tell(
            f"ssot-lint: there is no baseline ({config.baseline}), so everything is new; "
            "'ssot-lint baseline create' tolerates what exists"
        )
