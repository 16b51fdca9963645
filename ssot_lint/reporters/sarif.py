"""SARIF 2.1.0, for code scanning and viewers.

Sources: the OASIS standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", and
GitHub's "SARIF support for code scanning" for what an upload needs and how much it may hold.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import quote

from ssot_lint import __version__
from ssot_lint.model import TOP, Finding, Fingerprint, Report, RuleSummary, Span
from ssot_lint.reporters.phrases import (
    COUNTED,
    broken_in_words,
    counted,
    explained,
    failure,
    note_counts,
    note_line,
    rows,
    sentence,
    why,
)
from ssot_lint.reporters.settings import Settings

LIMIT = 25_000
"""Results per run beyond which GitHub rejects the file."""

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

Json = dict[str, Any]


def render(report: Report, settings: Settings) -> str:
    """One SARIF log with one run, in ASCII, most urgent results first, at most `LIMIT` of them."""
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report, settings)]}
    return json.dumps(document, indent=2) + "\n"


def _run(report: Report, settings: Settings) -> Json:
    total = len(report.growth) + len(report.findings) + len(report.stale)
    return {
        "tool": {
            "driver": {
                "name": "ssot-lint",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_descriptor(summary) for summary in rows(report).values()],
            }
        },
        # The empty last component says: one category, whose runs have no names of their own.
        "automationDetails": {"id": "ssot-lint/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, settings, max(0, total - LIMIT))],
        "results": list(islice(_results(report, settings), LIMIT)),
    }


def _invocation(report: Report, settings: Settings, cut: int) -> Json:
    invocation: Json = {
        "executionSuccessful": not report.unusable,
        "toolExecutionNotifications": list(_notifications(report, settings, cut)),
    }
    if report.failed:
        invocation["exitCodeDescription"] = failure(report)
    return invocation


def _rule_id(summary: RuleSummary) -> str:
    return "/".join(filter(None, [summary.code, summary.rule]))


def _descriptor(summary: RuleSummary) -> Json:
    reason = _text(sentence(summary.reason)) or summary.rule
    about = _text(why(summary)) or summary.rule
    explain = f"ssot-lint explain {summary.rule}"
    descriptor: Json = {
        "id": _rule_id(summary),
        "name": summary.rule,
        "shortDescription": {"text": reason},
        "fullDescription": {"text": reason},
        "help": {
            "text": f"{about}\n\nIts manual: {explain}",
            "markdown": f"{about}\n\nIts manual: `{explain}`",
        },
        "defaultConfiguration": {"level": summary.severity},
        "properties": {
            "tags": [tag for tag in ("ssot", summary.kind) if tag],
            "precision": "very-high",
            "problem.severity": summary.severity,
        },
    }
    if re.fullmatch(r"https?://[!-~]+", summary.docs):
        descriptor["helpUri"] = summary.docs
    return descriptor


@dataclass(frozen=True, slots=True)
class _Shared:
    """What every result needs to know."""

    summaries: dict[str, RuleSummary]
    indexes: dict[str, int]
    settings: Settings

    def result(self, entry: Fingerprint, message: str, path: str, span: Span, **more: Any) -> Json:
        """A result about `entry` at `span` of `path`; equal entries share their fingerprint."""
        summary = self.summaries[entry.rule]
        return {
            "ruleId": _rule_id(summary),
            "ruleIndex": self.indexes[entry.rule],
            "level": summary.severity,
            "message": {"text": _text(explained(message, summary))},
            "locations": [_location(self.settings.from_top(path), span)],
            "partialFingerprints": {"ssotSubject/v1": _digest(entry)},
            **more,
        }


def _results(report: Report, settings: Settings) -> Iterator[Json]:
    """Growth and new violations first: they are what a cut must not take."""
    summaries = rows(report)
    indexes = {rule: index for index, rule in enumerate(summaries)}
    shared = _Shared(summaries, indexes, settings)
    moved = {new for _, new in report.renamed}
    yield from _growth(report, shared)
    for state in ("new", "inherited", "known", "suppressed"):
        for finding in report.findings:
            if finding.state == state:
                yield _finding(finding, moved, report, shared)
    yield from _stale(report, shared)


def _growth(report: Report, shared: _Shared) -> Iterator[Json]:
    for entry, before, after in report.growth:
        grown = counted(after, shared.summaries[entry.rule].unit)
        result = shared.result(
            entry,
            f"The baseline tolerates {grown} of {entry.subject} in {entry.path}, {before} at the "
            "merge base, and gives no reason.",
            report.baseline or entry.path,
            TOP,
            level="error",
            baselineState="new",
        )
        # Not a violation of that subject, so it must not be matched with one.
        result["partialFingerprints"] = {"ssotGrowth/v1": _digest(entry)}
        yield result


def _finding(finding: Finding, moved: set[str], report: Report, shared: _Shared) -> Json:
    violation = finding.violation
    more: Json = {"level": violation.severity, "baselineState": "unchanged"}
    if finding.state == "new":
        more["baselineState"] = "new"
    elif finding.state == "known":
        if violation.path in moved:
            more["baselineState"] = "updated"
        justification = f"in the baseline {report.baseline or ''}".rstrip()
        more["suppressions"] = [{"kind": "external", "justification": justification}]
    elif finding.state == "suppressed":
        more["suppressions"] = [{"kind": "inSource", "justification": finding.excuse}]
    return shared.result(
        violation.fingerprint, violation.message, violation.path, violation.span, **more
    )


def _stale(report: Report, shared: _Shared) -> Iterator[Json]:
    for entry, count in report.stale:
        gone = counted(count, shared.summaries[entry.rule].unit)
        yield shared.result(
            entry,
            f"Fixed: {gone} of {entry.subject}. `ssot-lint baseline shrink` takes what is no "
            "longer found out of the baseline.",
            entry.path,
            TOP,
            # "Evaluated, and no problem was found" (3.27.9), for readers without baselineState.
            kind="pass",
            level="none",
            baselineState="absent",
        )


def _notifications(report: Report, settings: Settings, cut: int) -> Iterator[Json]:
    if cut:
        left_out = f"{counted(cut, 'results')} left out: a run may hold {LIMIT}"
        yield _notification("results-left-out", "warning", left_out)
    if report.broken:
        paths = dict.fromkeys(map(settings.from_top, report.broken))  # the schema wants no twins
        places = [_location(path) for path in paths]
        yield _notification("broken-files", "warning", broken_in_words(report), places)
    for note in report.notes:
        if note.topic not in COUNTED:
            yield _notification(note.topic, "note", note_line(note, note.path))
    if counts := note_counts(note for note in report.notes if note.topic in COUNTED):
        yield _notification("notes", "note", counts)


def _notification(topic: str, level: str, message: str, locations: Sequence[Json] = ()) -> Json:
    return {
        "descriptor": {"id": topic},
        "level": level,
        "message": {"text": _text(message)},
        "locations": list(locations),
    }


def _location(path: str, span: Span = TOP) -> Json:
    return {
        "physicalLocation": {
            "artifactLocation": {
                "uri": quote(path.encode("utf-8", "surrogateescape")),
                "uriBaseId": "%SRCROOT%",
            },
            "region": {
                "startLine": span.line,
                "startColumn": span.column,
                "endLine": span.end_line,
                "endColumn": span.end_column,
            },
        }
    }


def _text(message: str) -> str:
    # Braces enclose placeholders in every message string (3.11.5).
    return message.replace("{", "{{").replace("}", "}}")


def _digest(entry: Fingerprint) -> str:
    return hashlib.sha256("|".join(entry).encode("utf-8", "surrogatepass")).hexdigest()
