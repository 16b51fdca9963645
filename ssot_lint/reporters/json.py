"""For programs: everything in the report, as ``report.schema.json`` and ``docs/json.md`` say."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ssot_lint import __version__
from ssot_lint.model import Finding, Fingerprint, Note, Report, RuleSummary, Statistic, Violation
from ssot_lint.reporters.phrases import rows, totals, unsuppressed
from ssot_lint.reporters.settings import Settings

VERSION = 1
"""Of the format: it grows when a key changes its meaning or goes, not when one is added."""


def render(report: Report, _settings: Settings) -> str:
    """One JSON object in ASCII, the same whatever the settings; paths are relative to the root."""
    return json.dumps(_document(report), indent=2) + "\n"


def _document(report: Report) -> dict[str, Any]:
    summaries = rows(report)

    def entry(fingerprint: Fingerprint, count: int) -> dict[str, Any]:
        unit = summaries[fingerprint.rule].unit
        return {**fingerprint._asdict(), "count": count, "unit": unit}

    return {
        "version": VERSION,
        "tool": {"name": "ssot-lint", "version": __version__},
        "root": report.root,
        "rules_path": report.rules_path,
        "baseline_path": report.baseline,
        "complete": report.complete,
        "outcome": _outcome(report),
        "files": {"judged": report.files, "broken": list(report.broken)},
        "totals": {
            "new": _totals(report.in_state("new"), report),
            "now": _totals(unsuppressed(report), report),
        },
        "rules": [_rule(summary) for summary in report.summaries],
        "violations": [_violation(finding, summaries) for finding in report.findings],
        "stale": [entry(fingerprint, count) for fingerprint, count in report.stale],
        "out_of_scope": [entry(fingerprint, count) for fingerprint, count in report.out_of_scope],
        "renamed": [
            {"old": old, "new": new, "tie": (old, new) in report.ties}
            for old, new in report.renamed
        ],
        "growth": [
            {**entry(fingerprint, after), "count_at_base": before}
            for fingerprint, before, after in report.growth
        ],
        "notes": [_note(note) for note in report.notes],
        "statistics": [_statistic(item) for item in report.statistics],
    }


def _outcome(report: Report) -> dict[str, Any]:
    new = report.in_state("new")
    errors = sum(violation.severity == "error" for violation in new)
    return {
        "new_errors": errors,
        "new_warnings": len(new) - errors,
        "grown_entries": len(report.growth),
        "stale_entries": len(report.stale),
        "unusable": report.unusable,
        "failed": list(report.failed),
        "stale_failing": report.stale_failing,
    }


def _totals(violations: Iterable[Violation], report: Report) -> list[dict[str, Any]]:
    return [
        {
            "unit": total.unit,
            "count": total.number,
            "statements": total.statements,
            "files": total.files,
        }
        for total in totals(violations, report)
    ]


def _rule(summary: RuleSummary) -> dict[str, Any]:
    return {
        "rule": summary.rule,
        "code": summary.code,
        "kind": summary.kind,
        "severity": summary.severity,
        "reason": summary.reason,
        "docs": summary.docs or None,
        "owner": summary.owner or None,
        "unit": summary.unit,
        "baseline": summary.baseline,
        "now": summary.now,
        "new": summary.new,
        "inherited": summary.inherited,
        "fixed": summary.fixed,
        "suppressed": summary.suppressed,
        "statements": summary.statements,
        "files": summary.files,
        "lines_in_forbidden_modules": summary.lines,
    }


def _violation(finding: Finding, summaries: dict[str, RuleSummary]) -> dict[str, Any]:
    violation = finding.violation
    line, column = violation.statement
    summary = summaries[violation.rule]
    return {
        "path": violation.path,
        "span": violation.span._asdict(),
        "statement": {"line": line, "column": column},
        "code": violation.code,
        "rule": violation.rule,
        "kind": summary.kind,
        "subject": violation.subject,
        "message": violation.message,
        "replacement": violation.replacement or None,
        "reason": summary.reason,
        "docs": summary.docs or None,
        "severity": violation.severity,
        "state": finding.state,
        "excuse": finding.excuse if finding.state == "suppressed" else None,
    }


def _note(note: Note) -> dict[str, Any]:
    return {
        "topic": note.topic,
        "message": note.message,
        "rule": note.rule or None,
        "path": note.path or None,
        "line": note.line or None,
    }


def _statistic(item: Statistic) -> dict[str, Any]:
    return {
        "rule": item.rule,
        "label": item.label,
        "count": item.count,
        "total": item.total,
        "unit": item.unit,
    }
