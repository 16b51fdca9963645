"""``ssot-lint baseline``: the file of tolerated violations, from creation to nothing."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from ssot_lint import baseline as baselines
from ssot_lint.baseline import Baseline
from ssot_lint.cli.common import load_config, parse_today, rules_options, say, tell
from ssot_lint.cli.exits import ExitCode
from ssot_lint.cli.progress import progress_bar
from ssot_lint.config import Config
from ssot_lint.engine import Request, ledger
from ssot_lint.errors import UsageError
from ssot_lint.files import read, replace
from ssot_lint.git import Repository
from ssot_lint.model import Fingerprint

Body = TypeVar("Body", bound=Callable[..., Any])


def _options(body: Body) -> Body:
    file = click.option("--baseline", metavar="FILE", help="Another baseline than the rules name.")
    return rules_options(file(body))


def _start(rules_file: str | None, root: str | None, file: str | None) -> tuple[Config, Request]:
    config = load_config(rules_file, root)
    return config, Request(baseline=file and os.path.abspath(file), today=parse_today(None))


def _account(
    config: Config, request: Request, *, missing_ok: bool = False
) -> ledger.Account:
    import dataclasses

    with progress_bar() as progress:
        watched = dataclasses.replace(request, progress=progress)
        return ledger.account(config, watched, missing_ok=missing_ok)


@click.group("baseline")
def command() -> None:
    """Freeze the violations that exist, and watch them go.

    The file is written by machine and only shrinks: 'update --accept-new REASON' is the one way
    to add to it.
    """


@command.command("create")
@click.option("--rule", metavar="NAME", help="Only for this rule, which has no entries yet.")
@_options
def create(rule: str | None, rules_file: str | None, root: str | None, baseline: str | None) -> int:
    """Tolerate every violation that exists now. Refuses to touch an existing baseline."""
    config, request = _start(rules_file, root, baseline)
    path = ledger.baseline_path(config, request)
    name = ledger.baseline_name(config, request)
    if rule is None:
        if os.path.lexists(path):
            raise UsageError(
                f"{name} exists already: 'ssot-lint baseline shrink' removes what is fixed, "
                "'create --rule NAME' adds a rule that has no entries"
            )
        run = _account(config, request, missing_ok=True)
        made = baselines.create(run.judgement.kept)
    else:
        if rule not in {known.name for known in config.rules}:
            raise UsageError(f"there is no rule '{rule}'")
        run = _account(config, request, missing_ok=True)
        made = baselines.freeze(run.baseline, run.judgement.kept, rule)
    ledger.save(config, request, made)
    added = made.total - run.baseline.total
    tell(f"{name}: {_violations(added)} in {_files(made)} tolerated from now on")
    return ExitCode.DONE


@command.command("status")
@_options
def status(rules_file: str | None, root: str | None, baseline: str | None) -> int:
    """Count per rule what is tolerated, still there, fixed and new. Writes nothing."""
    config, request = _start(rules_file, root, baseline)
    run = _account(config, request)
    rows = [("rule", "baseline", "known", "new", "fixed", "suppressed", "out of scope", "unknown")]
    columns = [
        _by_rule(run.baseline.bag),
        Counter(violation.rule for violation in run.comparison.known),
        Counter(violation.rule for violation in run.comparison.new),
        _by_rule(run.comparison.stale),
        _by_rule(run.comparison.excused),
        _by_rule(run.comparison.out_of_scope),
        _by_rule(run.comparison.unknown),
    ]
    for rule in sorted({name for column in columns for name in column}):
        rows.append((rule, *(str(column[rule]) for column in columns)))  # type: ignore[arg-type]
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    for row in rows:
        first = row[0].ljust(widths[0])
        say("  ".join((first, *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)))) + "\n")
    return ExitCode.DONE


@command.command("shrink")
@_options
def shrink(rules_file: str | None, root: str | None, baseline: str | None) -> int:
    """Remove what is fixed, and write moved entries under their new path. Never adds."""
    config, request = _start(rules_file, root, baseline)
    run = _account(config, request)
    return _save(config, request, run.baseline, baselines.shrink(run.baseline, run.comparison))


@command.command("update")
@click.option("--accept-new", "reason", metavar="REASON", required=True, help="Why; it stands in the entries as long as they live.")
@_options
def update(reason: str, rules_file: str | None, root: str | None, baseline: str | None) -> int:
    """Shrink, and tolerate new violations for a reason."""
    config, request = _start(rules_file, root, baseline)
    run = _account(config, request)
    made = baselines.accept(run.baseline, run.comparison, reason)
    return _save(config, request, run.baseline, made)


@command.command("diff")
@click.argument("ref", default="HEAD")
@_options
def diff(ref: str, rules_file: str | None, root: str | None, baseline: str | None) -> int:
    """What grew and shrank in the baseline since REF (default: HEAD)."""
    config, request = _start(rules_file, root, baseline)
    name = ledger.baseline_name(config, request)
    repository = Repository.at(config.root)
    data = repository.blob(repository.commit(ref), name)
    before = Baseline() if data is None else baselines.load_bytes(data, f"{name} at {ref}")
    grown, shrunk = baselines.diff(before, ledger.existing(config, request))
    for sign, bag in (("+", grown), ("-", shrunk)):
        for fingerprint, count in sorted(bag.items()):
            say(f"{sign}{count} {fingerprint.path}: {fingerprint.rule} {fingerprint.subject}\n")
    tell(f"{name}: {grown.total() if hasattr(grown, 'total') else sum(grown.values())} more, {sum(shrunk.values())} fewer since {ref}")
    return ExitCode.DONE


@command.command("merge")
@click.argument("base", type=click.Path())
@click.argument("ours", type=click.Path())
@click.argument("theirs", type=click.Path())
def merge(base: str, ours: str, theirs: str) -> int:
    """Git's merge driver: merge three versions, and write the result over OURS.

    Install it with: git config merge.ssot-baseline.driver "ssot-lint baseline merge %O %A %B",
    and the line "ssot-baseline.yml merge=ssot-baseline" in .gitattributes.
    """
    # git hands over an empty file where the base has none
    texts = [read(path) for path in (base, ours, theirs)]
    loaded = [
        Baseline() if not text and path is base else baselines.load_bytes(text, path)
        for text, path in zip(texts, (base, ours, theirs), strict=True)
    ]
    merged = baselines.merge(*loaded)
    replace(ours, baselines.dump(merged).encode())
    return ExitCode.DONE


@command.command("resolve")
@_options
def resolve(rules_file: str | None, root: str | None, baseline: str | None) -> int:
    """Settle a conflict in the baseline from git's index; 'git add' it afterwards."""
    config, request = _start(rules_file, root, baseline)
    name = ledger.baseline_name(config, request)
    made = baselines.resolve(Repository.at(config.root).stages(name), name)
    ledger.save(config, request, made)
    tell(f"{name}: resolved, {_violations(made.total)} tolerated; now 'git add {name}'")
    return ExitCode.DONE


@command.command("compact")
@_options
def compact(rules_file: str | None, root: str | None, baseline: str | None) -> int:
    """Drop the header lines of files that are clean (best on the main branch)."""
    config, request = _start(rules_file, root, baseline)
    before = ledger.existing(config, request)
    name = ledger.save(config, request, baselines.compact(before))
    dropped = len(before.headers) - len({f.path for f in before.entries})
    tell(f"{name}: {dropped} header line{'s' * (dropped != 1)} dropped")
    return ExitCode.DONE


@command.command("rename")
@click.argument("old")
@click.argument("new")
@_options
def rename(old: str, new: str, rules_file: str | None, root: str | None, baseline: str | None) -> int:
    """Follow a rule's new name."""
    return _relabel(rules_file, root, baseline, lambda b: baselines.rename_rule(b, old, new), new)


@command.command("forget")
@click.argument("rule")
@_options
def forget(rule: str, rules_file: str | None, root: str | None, baseline: str | None) -> int:
    """Drop the entries of a retired rule."""
    return _relabel(rules_file, root, baseline, lambda b: baselines.forget(b, rule), None)


def _relabel(
    rules_file: str | None,
    root: str | None,
    file: str | None,
    edit: Callable[[Baseline], Baseline],
    expected: str | None,
) -> int:
    """Edit the baseline without a run; its rules need not be known to the rules file."""
    config, request = _start(rules_file, root, file)
    if expected is not None and expected not in {rule.name for rule in config.rules}:
        raise UsageError(f"there is no rule '{expected}'")
    name = ledger.baseline_name(config, request)
    before = baselines.load_bytes(read(ledger.baseline_path(config, request), name=name), name)
    return _save(config, request, before, edit(before))


def _save(config: Config, request: Request, before: Baseline, after: Baseline) -> int:
    """Write what changed, and say by how much."""
    name = ledger.baseline_name(config, request)
    if after == before:
        tell(f"{name}: nothing to change, {_violations(after.total)} tolerated")
        return ExitCode.DONE
    ledger.save(config, request, after)
    tell(f"{name}: {_violations(before.total)} tolerated before, {after.total} now")
    return ExitCode.DONE


def _by_rule(bag: Mapping[Fingerprint, int]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for fingerprint, count in bag.items():
        counts[fingerprint.rule] += count
    return counts


def _violations(count: int) -> str:
    return f"{count} violation{'s' * (count != 1)}"


def _files(baseline: Baseline) -> str:
    count = len({fingerprint.path for fingerprint in baseline.entries})
    return f"{count} file{'s' * (count != 1)}"
