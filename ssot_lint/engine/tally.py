"""Counting: the report of a run, with one summary row per rule in the unit of its kind."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ssot_lint.baseline import Baseline
from ssot_lint.builtin import BUILTIN, BuiltIn
from ssot_lint.discovery import tracked_but_ignored
from ssot_lint.engine.compare import baseline_name
from ssot_lint.engine.judge import Judgement
from ssot_lint.engine.request import Request
from ssot_lint.engine.survey import Site, rules_path
from ssot_lint.model import (
    Bag,
    Comparison,
    Finding,
    Fingerprint,
    Note,
    Report,
    RuleSummary,
    Statistic,
)
from ssot_lint.rule import Rule

if TYPE_CHECKING:
    from ssot_lint.engine.change import Change


def report(
    site: Site,
    rules: Sequence[Rule],
    judgement: Judgement,
    comparison: Comparison,
    baseline: Baseline | None,
    change: Change | None,
    request: Request,
) -> Report:
    """All that a run found, sorted, and whether it fails."""
    inherited = change.inherited(site, comparison) if change else frozenset()
    findings = sorted(
        [
            *(
                Finding(v, "new")
                for v in (*judgement.broken, *comparison.new)
                if v not in inherited
            ),
            *(Finding(v, "inherited") for v in inherited),
            *(Finding(v, "known") for v in comparison.known),
            *(Finding(v, "suppressed", excuse) for v, excuse in judgement.excused),
        ],
        key=lambda finding: finding.violation,
    )
    notes = [
        *judgement.notes,
        *_remarks(site, judgement),
        *(change.notes(site, judgement, comparison) if change else ()),
    ]
    growth = change.growth if change else ()
    touched = change.touched if change else None
    return Report(
        root=site.config.root,
        findings=tuple(findings),
        summaries=summaries(site, rules, findings, comparison, baseline.bag if baseline else {}),
        notes=tuple(sorted(notes)),
        stale=_sorted(comparison.stale),
        out_of_scope=_sorted(comparison.out_of_scope),
        renamed=tuple(sorted(comparison.renamed.items())),
        ties=comparison.ties,
        growth=growth,
        statistics=tuple(statistics(site, rules)) if request.statistics else (),
        files=len(site.asked),
        broken=judgement.ignored,
        complete=site.complete,
        baseline=None if baseline is None else baseline_name(site.config, request),
        rules_path=rules_path(site.config),
        unusable=bool(judgement.broken),
        failed=tuple(_failures(findings, notes, growth, request)),
        stale_failing=any(
            touched is None or fingerprint.path in touched for fingerprint in comparison.stale
        ),
    )


def _sorted(bag: Bag) -> tuple[tuple[Fingerprint, int], ...]:
    return tuple(sorted(bag.items()))


def _failures(
    findings: Iterable[Finding],
    notes: Iterable[Note],
    growth: Sequence[object],
    request: Request,
) -> Iterator[str]:
    """Why the exit code is 1, one line each."""
    new = sum(f.state == "new" and f.violation.severity == "error" for f in findings)
    if new:
        yield f"{new} new violation{'s' * (new != 1)}"
    if growth:
        many = len(growth) != 1
        entries = "entries" if many else "entry"
        yield f"{len(growth)} baseline {entries} grew without a reason"
    added = sum(note.topic == "suppression" for note in notes)
    allowed = request.max_new_suppressions
    if allowed is not None and added > allowed:
        yield f"{added} suppression{'s' * (added != 1)} added, and at most {allowed} allowed"


def _remarks(site: Site, judgement: Judgement) -> Iterator[Note]:
    """What to know about the run as a whole."""
    troubles = [site.reader.trouble(path) for path in sorted(judgement.unchecked)]
    for needs, count in sorted(Counter(t.needs for t in troubles if t and t.needs).items()):
        files = f"{count} file{'s need' if count != 1 else ' needs'}"
        running = ".".join(map(str, sys.version_info[:2]))
        yield Note("run", f"{files} Python {needs} or newer to be parsed, and this is {running}")
    if not site.complete:
        if not site.asked:
            yield Note("run", "no file was judged")
        for path, why in site.discovery.passed_over:
            yield Note("run", f"not judged: {why}", path=path)
        return
    hidden = tracked_but_ignored(site.config.root)
    if hidden:
        files = f"{len(hidden)} Python file{'s' * (len(hidden) != 1)}"
        yield Note("run", f"a .gitignore hides {files} that git tracks, such as {hidden[0]}")


def summaries(
    site: Site,
    rules: Sequence[Rule],
    findings: Iterable[Finding],
    comparison: Comparison,
    baseline: Bag,
) -> tuple[RuleSummary, ...]:
    """A row for each rule that ran, and for each built-in kind that has something to say."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.violation.rule, []).append(finding)
    tolerated = _per_rule(baseline)
    fixed = _per_rule(comparison.stale)

    def row(rule: Rule | type[BuiltIn], name: str) -> RuleSummary:
        bare = _row(site, rule, name, by_rule.get(name, []))
        return bare._replace(baseline=tolerated[name], fixed=fixed[name])

    built_in = [k for k in BUILTIN if k.kind in by_rule or k.kind in tolerated]
    rows = [row(rule, rule.name) for rule in rules]
    return (*rows, *(row(kind, kind.kind) for kind in built_in))


def _row(
    site: Site, rule: Rule | type[BuiltIn], name: str, findings: Sequence[Finding]
) -> RuleSummary:
    """What a rule found; the baseline's side of the row is left at 0."""
    states = Counter(finding.state for finding in findings)
    live = [finding.violation for finding in findings if finding.state != "suppressed"]
    files = {violation.path for violation in live}
    forbids = rule.kind == "forbidden-module"
    row = RuleSummary(
        rule=name,
        code=rule.code,
        kind=rule.kind,
        unit=rule.unit,
        severity="error",
        reason=rule.reason,
        baseline=0,
        now=len(live),
        new=states["new"],
        inherited=states["inherited"],
        fixed=0,
        suppressed=states["suppressed"],
        statements=len({(violation.path, violation.statement) for violation in live}),
        files=len(files),
        lines=sum(site.reader.facts(path).line_count for path in files) if forbids else None,
    )
    if isinstance(rule, Rule):
        return row._replace(severity=rule.severity, docs=rule.docs, owner=rule.owner)
    return row


def _per_rule(bag: Bag) -> Counter[str]:
    counts: Counter[str] = Counter()
    for fingerprint, count in bag.items():
        counts[fingerprint.rule] += count
    return counts


def statistics(site: Site, rules: Iterable[Rule]) -> Iterator[Statistic]:
    """What a migration reports besides the violations."""
    for rule in rules:
        yield from rule.statistics(site.project)
