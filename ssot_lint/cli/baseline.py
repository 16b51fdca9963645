"""``ssot-lint baseline``: the file of tolerated violations, from creation to nothing."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import click

from ssot_lint import baseline as baselines
from ssot_lint.baseline import Baseline
from ssot_lint.builtin import UnreadableFile
from ssot_lint.cache import folder_of
from ssot_lint.cli.common import Body, Rules, absolute, refuse_interrupted, rules_options
from ssot_lint.cli.console import complain, say, tell
from ssot_lint.cli.exits import ExitCode
from ssot_lint.cli.group import Group
from ssot_lint.cli.progress import progress_bar
from ssot_lint.clock import current_date
from ssot_lint.config import Config
from ssot_lint.engine import Request, ledger
from ssot_lint.errors import UsageError, did_you_mean
from ssot_lint.files import read
from ssot_lint.git import Repository
from ssot_lint.model import Fingerprint
from ssot_lint.reading import cores
from ssot_lint.reporters.phrases import counted, one_line
from ssot_lint.reporters.table import align


@click.group("baseline", cls=Group)
def command() -> None:
    """Freeze the violations that exist, and watch them go.

    The file is written by machine and only shrinks: 'update --accept-new REASON' is the one way
    to add to it.
    """


def _on_baseline(body: Body) -> Body:
    """Hands the command the rules, and a request that knows the baseline."""

    @wraps(body)
    def run(*args: Any, rules: Rules, baseline: str | None, **kwargs: Any) -> Any:
        path = None if baseline is None else absolute(baseline, "--baseline")
        config = rules.load()
        cache = folder_of(config.root)
        request = Request(baseline=path, cache=cache, jobs=cores(), today=current_date())
        return body(config, request, *args, **kwargs)

    file = click.option("--baseline", metavar="FILE", help="Another baseline than the rules name.")
    return rules_options(file(run))


def _changes_baseline(body: Body) -> Body:
    """As `_on_baseline`, for a command that writes it: not while a migration is at work."""

    @wraps(body)
    def run(config: Config, *args: Any, **kwargs: Any) -> Any:
        refuse_interrupted(config.root)
        return body(config, *args, **kwargs)

    return _on_baseline(run)


@command.command("create")
@click.option("--rule", metavar="NAME", help="Only for this rule, which has no entries yet.")
@_changes_baseline
def create(config: Config, request: Request, rule: str | None) -> int:
    """Tolerate every violation that exists now.

    Refuses to touch a baseline that exists, but to add a rule to it that has no entries.
    """
    name = ledger.baseline_name(config, request)
    if rule is None and os.path.lexists(ledger.baseline_path(config, request)):
        raise UsageError(
            f"{name} exists already: 'ssot-lint baseline shrink' removes what is fixed, "
            "'ssot-lint baseline create --rule NAME' adds a rule that has no entries"
        )
    selected = request._replace(rules=frozenset([rule]) if rule else None)
    run = _account(config, selected, missing_ok=True)
    if rule is None:
        made = baselines.create(run.judgement.kept)
    else:
        made = baselines.freeze(run.baseline, run.judgement.kept, rule)
    ledger.save(config, request, made)
    added = Counter(made.bag) - run.baseline.bag
    files = counted(len({fingerprint.path for fingerprint in added}), "files")
    tell(f"{name}: {_violations(sum(added.values()))} in {files} tolerated from now on")
    unread = sum(count for key, count in added.items() if key.rule == UnreadableFile.kind)
    if unread:
        complain(f"{counted(unread, 'files')} could not be checked (SOT001), and may hold more")
    return ExitCode.DONE


@command.command("status")
@_on_baseline
def status(config: Config, request: Request) -> int:
    """Count per rule what is tolerated, there, fixed and new.

    Writes nothing.
    """
    run = _account(config, request)
    seen = run.comparison
    columns = {
        "baseline": _by_rule(run.baseline.bag),
        "known": Counter(violation.rule for violation in seen.known),
        "new": Counter(violation.rule for violation in seen.new),
        "fixed": _by_rule(seen.stale),
        "suppressed": _by_rule(seen.excused),
        "out of scope": _by_rule(seen.out_of_scope),
        "unknown": _by_rule(seen.unknown),
    }
    names = sorted(set().union(*columns.values()))
    table = [[name, *(str(column[name]) for column in columns.values())] for name in names]
    say("".join(f"{line}\n" for line in align([["rule", *columns], *table], left=1)))
    return ExitCode.DONE


@command.command("shrink")
@_changes_baseline
def shrink(config: Config, request: Request) -> int:
    """Remove what is fixed, and follow renamed files.

    Never adds: the entries of a renamed file are written under its new path.
    """
    named = request.baseline is not None or config.baseline_named
    if not named and not os.path.lexists(ledger.baseline_path(config, request)):
        tell(f"{ledger.baseline_name(config, request)}: there is no baseline, nothing to shrink")
        return ExitCode.DONE
    run = _account(config, request)
    return _save(config, request, run.baseline, baselines.shrink(run.baseline, run.comparison))


@command.command("update")
@click.option(
    "--accept-new",
    "reason",
    metavar="REASON",
    required=True,
    help="Why; it stands in the entries as long as they live.",
)
@_changes_baseline
def update(config: Config, request: Request, reason: str) -> int:
    """Shrink, and tolerate new violations for a reason."""
    run = _account(config, request)
    made = baselines.accept(run.baseline, run.comparison, reason)
    return _save(config, request, run.baseline, made)


@command.command("diff")
@click.argument("ref", default="HEAD")
@_on_baseline
def diff(config: Config, request: Request, ref: str) -> int:
    """What grew and shrank since REF (default: HEAD)."""
    name = ledger.baseline_name(config, request)
    now = ledger.existing(config, request)
    repository = Repository.at(config.root)
    data = repository.blob(repository.commit(ref), _from_root(config, request))
    before = Baseline() if data is None else baselines.load_bytes(data, f"{name} at {ref}")
    grown, shrunk = baselines.diff(before, now)
    for sign, bag in (("+", grown), ("-", shrunk)):
        for fingerprint, count in sorted(bag.items()):
            entry = f"{fingerprint.path}: {fingerprint.rule} {fingerprint.subject}"
            say(f"{sign}{count} {one_line(entry)}\n")
    tell(f"{name}: {sum(grown.values())} more, {sum(shrunk.values())} fewer since {ref}")
    return ExitCode.DONE


@command.command("merge")
@click.argument("base")
@click.argument("ours")
@click.argument("theirs")
def merge(base: str, ours: str, theirs: str) -> int:
    """Git's merge driver: three versions into one.

    Writes the result over OURS. Install it with: git config merge.ssot-baseline.driver
    "ssot-lint baseline merge %O %A %B", and the line "ssot-baseline.yml merge=ssot-baseline" in
    .gitattributes.
    """
    common = read(base)
    # Where both sides added the file, git hands over an empty base.
    before = baselines.load_bytes(common, base) if common else Baseline()
    baselines.write(ours, baselines.merge(before, baselines.read(ours), baselines.read(theirs)))
    return ExitCode.DONE


@command.command("resolve")
@_changes_baseline
def resolve(config: Config, request: Request) -> int:
    """Settle a conflict from git's index; then 'git add' it."""
    name = ledger.baseline_name(config, request)
    stages = Repository.at(config.root).stages(_from_root(config, request))
    made = baselines.resolve(stages, name)
    ledger.save(config, request, made)
    tell(f"{name}: resolved, {_violations(made.total)} tolerated; now 'git add {name}'")
    return ExitCode.DONE


@command.command("compact")
@_changes_baseline
def compact(config: Config, request: Request) -> int:
    """Drop the lines of files that are clean.

    Best on the main branch: on others it can conflict with those that still have the lines.
    """
    before = ledger.existing(config, request)
    after = baselines.compact(before)
    name = ledger.save(config, request, after)
    tell(f"{name}: {counted(len(before.headers - after.headers), 'clean files')} dropped")
    return ExitCode.DONE


@command.command("rename")
@click.argument("old")
@click.argument("new")
@_changes_baseline
def rename(config: Config, request: Request, old: str, new: str) -> int:
    """Follow a rule's new name."""
    names = {rule.name for rule in config.rules}
    if new not in names:
        raise UsageError(f"there is no rule '{new}'{did_you_mean(new, names)}")
    return _relabel(config, request, lambda before: baselines.rename_rule(before, old, new))


@command.command("forget")
@click.argument("rule")
@_changes_baseline
def forget(config: Config, request: Request, rule: str) -> int:
    """Drop the entries of a retired rule."""
    return _relabel(config, request, lambda before: baselines.forget(before, rule))


def _account(config: Config, request: Request, *, missing_ok: bool = False) -> ledger.Account:
    with progress_bar() as progress:
        watched = request._replace(progress=progress)
        return ledger.account(config, watched, missing_ok=missing_ok)


def _relabel(config: Config, request: Request, edit: Callable[[Baseline], Baseline]) -> int:
    """Edit the baseline without a run; its rules need not be known to the rules file."""
    path, name = ledger.baseline_path(config, request), ledger.baseline_name(config, request)
    before = baselines.read(path, name=name)
    return _save(config, request, before, edit(before))


def _save(config: Config, request: Request, before: Baseline, after: Baseline) -> int:
    """Write what changed, and say by how much."""
    name = ledger.baseline_name(config, request)
    if after == before:
        tell(f"{name}: nothing to change, {_violations(after.total)} tolerated")
    else:
        ledger.save(config, request, after)
        tell(f"{name}: {_violations(before.total)} tolerated before, {after.total} now")
    return ExitCode.DONE


def _from_root(config: Config, request: Request) -> str:
    """The baseline's path relative to the root, as git is asked for it."""
    path = os.path.relpath(ledger.baseline_path(config, request), config.root)
    return path.replace(os.sep, "/")


def _by_rule(bag: Mapping[Fingerprint, int]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for fingerprint, count in bag.items():
        counts[fingerprint.rule] += count
    return counts


def _violations(count: int) -> str:
    return counted(count, "violations")
