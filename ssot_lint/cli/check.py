"""``ssot-lint check``: judge, compare, report, choose an exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import click

from ssot_lint import files
from ssot_lint.cli.common import (
    Rules,
    absolute,
    cache_folder,
    cache_option,
    parse_today,
    relative_to_cwd,
    rules_options,
)
from ssot_lint.cli.console import colored, complain, say, say_bytes, tell
from ssot_lint.cli.exits import ExitCode
from ssot_lint.cli.progress import progress_bar
from ssot_lint.config import Config
from ssot_lint.engine import Request, run
from ssot_lint.engine.survey import Site
from ssot_lint.errors import GitError, UsageError, did_you_mean
from ssot_lint.git import Repository
from ssot_lint.model import Report
from ssot_lint.reading import cores
from ssot_lint.reporters import FORMATS, Settings, render


@click.command("check")
@click.argument("paths", nargs=-1)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="What goes to standard output.",
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT:FILE",
    help="Write a further report to a file (repeatable).",
)
@click.option(
    "--rule", "names", multiple=True, metavar="NAME", help="Judge only this rule (repeatable)."
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="KIND",
    help="Judge only rules of this kind (repeatable).",
)
@click.option(
    "--scope",
    type=click.Choice(["file"]),
    help="Only kinds that one file decides, as an editor does.",
)
@click.option("--baseline", metavar="FILE", help="Another baseline than the rules name.")
@click.option("--no-baseline", is_flag=True, help="Compare with nothing: every violation is new.")
@click.option("--base", metavar="REF", help="Judge the change since the merge base with REF.")
@click.option(
    "--max-new-suppressions",
    type=click.IntRange(min=0),
    metavar="N",
    help="Fail if the change adds more suppressions (with --base).",
)
@click.option(
    "--stale",
    type=click.Choice(["report", "fail"]),
    default="report",
    show_default=True,
    help="What fixed violations in the baseline do.",
)
@click.option("--show-known", is_flag=True, help="List tolerated violations too.")
@click.option(
    "--max-shown", type=click.IntRange(min=0), metavar="N", help="List at most N violations."
)
@click.option(
    "--diff",
    is_flag=True,
    help="Print what would make the violations go away; the report goes to standard error.",
)
@click.option("--statistics", is_flag=True, help="Add origins and the share of canonical imports.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that read (default: one per core); small runs take one.",
)
@click.option(
    "--no-prefilter",
    is_flag=True,
    help="Parse every file, whatever its words; tells all that do not parse.",
)
@click.option("--no-cache", is_flag=True, help="Use nothing from earlier runs, and keep nothing.")
@cache_option
@click.option("--exit-zero", is_flag=True, help="Exit 0 even if there are new violations.")
@click.option("--expect-violations", is_flag=True, help="Exit 1 if nothing is found, 0 otherwise.")
@click.option(
    "--stdin-filename", metavar="FILE", help="The file that standard input ('-') stands for."
)
@click.option("-q", "--quiet", is_flag=True, help="Violations only.")
@click.option("-v", "--verbose", is_flag=True, help="Every list in full.")
@click.option(
    "--color/--no-color", default=None, help="Colour (default: on a terminal, unless NO_COLOR)."
)
@click.option(
    "--today", metavar="DATE", help="The date to judge dates of rules by (default: today, UTC)."
)
@rules_options
def command(
    paths: tuple[str, ...],
    format_: str,
    outputs: tuple[str, ...],
    names: tuple[str, ...],
    kinds: tuple[str, ...],
    scope: str | None,
    baseline: str | None,
    no_baseline: bool,
    base: str | None,
    max_new_suppressions: int | None,
    stale: str,
    show_known: bool,
    max_shown: int | None,
    diff: bool,
    statistics: bool,
    jobs: int | None,
    no_prefilter: bool,
    no_cache: bool,
    cache_dir: str | None,
    exit_zero: bool,
    expect_violations: bool,
    stdin_filename: str | None,
    quiet: bool,
    verbose: bool,
    color: bool | None,
    today: str | None,
    rules: Rules,
) -> int:
    """Find violations of the rules; new ones fail.

    PATHS filter what is reported; without them, or with the root itself, the run is a full one:
    it also knows what is fixed, which suppressions are unused and which rules cannot work.
    """
    _exclusive({"--baseline": baseline is not None, "--no-baseline": no_baseline})
    _exclusive({"--exit-zero": exit_zero, "--expect-violations": expect_violations})
    _exclusive({"--diff": diff, f"--format {format_}": format_ != "text"})
    if max_new_suppressions is not None and base is None:
        raise UsageError("--max-new-suppressions needs --base")
    targets = [_output(output) for output in outputs]
    asked, text = _asked(paths, stdin_filename)
    config = rules.load(asked or ())
    request = Request(
        paths=asked,
        text=text,
        rules=frozenset(names) or None,
        kinds=frozenset(kinds) or None,
        file_scope=scope == "file",
        baseline=None if baseline is None else absolute(baseline, "--baseline"),
        use_baseline=not no_baseline,
        base=base,
        max_new_suppressions=max_new_suppressions,
        statistics=statistics,
        prefilter=not no_prefilter,
        cache=None if no_cache else cache_folder(config, cache_dir),
        always_cache=cache_dir is not None,
        jobs=jobs or cores(),
        today=parse_today(today),
    )
    with progress_bar() as progress:
        report, site = run(config, request._replace(progress=progress))
    settings = Settings(
        show_known=show_known,
        max_shown=max_shown,
        verbosity=verbose - quiet,
        relative=relative_to_cwd(config.root),
        prefix=_prefix(config.root, (format_, *(name for name, _ in targets))),
    )
    if diff:
        rendered = render(report, format_, settings).rstrip("\n")
        if rendered:
            tell(rendered)
        _print_diff(report, site, request.jobs, show_known=show_known, color=colored(color))
    else:
        say(render(report, format_, settings._replace(color=colored(color))))
    for name, path in targets:
        rendered = render(report, name, settings)
        files.replace(path, rendered.encode("utf-8", "backslashreplace"))
    if report.baseline is None and not no_baseline:
        _advise(config, report)
    return exit_code(report, stale=stale == "fail", exit_zero=exit_zero, expect=expect_violations)


def exit_code(report: Report, *, stale: bool, exit_zero: bool, expect: bool) -> ExitCode:
    """Unusable beats new, and new beats stale."""
    if report.unusable:
        return ExitCode.UNUSABLE
    if expect:
        found = any(finding.state != "suppressed" for finding in report.findings)
        return ExitCode.DONE if found else ExitCode.NO
    if exit_zero:
        return ExitCode.DONE
    if report.failed:
        return ExitCode.NO
    return ExitCode.STALE if stale and report.stale_failing else ExitCode.DONE


def _exclusive(options: dict[str, bool]) -> None:
    if all(options.values()):
        raise UsageError(f"{' and '.join(options)} exclude each other")


def _asked(
    paths: Sequence[str], stdin_filename: str | None
) -> tuple[tuple[str, ...] | None, bytes | None]:
    """The absolute paths asked for (None: all), and the text on standard input, if asked for."""
    if "-" not in paths:
        if stdin_filename is not None:
            raise UsageError("--stdin-filename needs '-' as the path")
        return tuple(absolute(path, "PATHS") for path in paths) or None, None
    if len(paths) > 1:
        raise UsageError("'-' (standard input) cannot be combined with other paths")
    if stdin_filename is None:
        raise UsageError("'-' needs --stdin-filename: which file the text stands for")
    return (absolute(stdin_filename, "--stdin-filename"),), _standard_input()


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise UsageError("standard input is closed")
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise UsageError(f"standard input: cannot be read: {error.strerror}") from None


def _output(text: str) -> tuple[str, str]:
    """The format and the file of an ``--output``."""
    name, _, path = text.partition(":")
    if not path:
        raise UsageError(f"--output: '{text}' is not of the form FORMAT:FILE")
    if name not in FORMATS:
        raise UsageError(f"--output: unknown format '{name}'{did_you_mean(name, FORMATS)}")
    return name, path


def _prefix(root: str, formats: Iterable[str]) -> str:
    """The root as seen from the repository's top, which only some formats want to know."""
    if {"text", "json"}.issuperset(formats):
        return ""
    try:
        return Repository.at(root).prefix
    except GitError:
        return ""


def _print_diff(report: Report, site: Site, jobs: int, *, show_known: bool, color: bool) -> None:
    """The edits that the violations of the report carry, and a line for each that carries none."""
    from ssot_lint.migration.changes import rewritten, verified  # only here, and slow to import
    from ssot_lint.migration.diffs import in_color, unified

    states = ("new", "known") if show_known else ("new",)
    shown = [each.violation for each in report.findings if each.state in states]
    work = rewritten(site, site.config.rules, shown, strings=False, jobs=jobs)
    skips = {*work.skips}
    for rewrite in verified(work, work.rewrites, jobs):
        text = unified(rewrite)
        say_bytes(in_color(text) if color else text)
        skips.update(rewrite.skips)
    relative = relative_to_cwd(site.config.root)
    for skip in sorted(skips):
        complain(f"{relative(skip.path)}:{skip.line}: no edit for {skip.old}: {skip.reason}")


def _advise(config: Config, report: Report) -> None:
    """One line for whoever has violations and no baseline yet."""
    if report.complete and report.in_state("new"):
        complain(
            f"there is no baseline ({config.baseline}), so everything is new; "
            "'ssot-lint baseline create' tolerates what exists"
        )
