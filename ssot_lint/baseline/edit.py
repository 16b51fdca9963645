"""New baselines from old ones. Only `create`, `freeze` and `accept` can add."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from ssot_lint.baseline.entries import NOTHING, Baseline, Entry, joined
from ssot_lint.errors import UsageError, did_you_mean
from ssot_lint.model import Comparison, Fingerprint, Violation


def create(violations: Iterable[Violation]) -> Baseline:
    """A baseline that tolerates exactly `violations`."""
    counts = Counter(violation.fingerprint for violation in violations)
    return Baseline({key: Entry(count) for key, count in counts.items()})


def shrink(baseline: Baseline, comparison: Comparison) -> Baseline:
    """Without what needs no tolerance any more, and with moved entries under their new path.

    Dropped are entries that are stale, out of scope, or suppressed: a comment excuses the latter
    now, and both together would tolerate one more. Unknown ones stay. Headers stay as tombstones.
    """

    def label(key: Fingerprint) -> Fingerprint:
        # What `compare` did not move (a forbidden module) it left under the old path.
        stayed = comparison.stale.get(key, 0) + comparison.unknown.get(key, 0)
        if stayed or key.path not in comparison.renamed:
            return key
        return key._replace(path=comparison.renamed[key.path])

    return baseline.relabelled(label).less(
        (comparison.stale, comparison.out_of_scope, comparison.excused)
    )


def accept(baseline: Baseline, comparison: Comparison, reason: str) -> Baseline:
    """`shrink`, and then the new violations too, each with the reason; UsageError for a blank one.

    An entry keeps the reasons it had beside the new one.
    """
    words = Entry(0, " ".join(reason.split()))
    if not words.reasons:
        raise UsageError("new violations are accepted with a reason only: say why")
    shrunk = shrink(baseline, comparison)
    entries = dict(shrunk.entries)
    for key, count in Counter(violation.fingerprint for violation in comparison.new).items():
        before = entries.get(key, NOTHING)
        entries[key] = Entry(before.count + count, joined(before, words))
    return Baseline(entries, shrunk.headers)


def freeze(baseline: Baseline, violations: Iterable[Violation], rule: str) -> Baseline:
    """With the violations of a rule that has no entries yet; UsageError if it has some."""
    if any(key.rule == rule for key in baseline.entries):
        raise UsageError(
            f"the baseline has entries of rule '{rule}' already; "
            "'ssot-lint baseline update --accept-new REASON' is the way to add more"
        )
    added = create(violation for violation in violations if violation.rule == rule)
    return Baseline({**baseline.entries, **added.entries}, baseline.headers)


def compact(baseline: Baseline) -> Baseline:
    """Without tombstones."""
    return Baseline(baseline.entries)


class Renaming(NamedTuple):
    """`times` violations whose subject is another one now, though they are the same."""

    old: Fingerprint
    new: Fingerprint
    times: int


def renamed(baseline: Baseline, renamings: Iterable[Renaming]) -> Baseline:
    """With entries under the new names of their violations; the total stays.

    Such an entry says what it was, or a comparison with an older baseline would call it growth.
    ValueError if there are fewer entries than that.
    """
    entries = dict(baseline.entries)
    for old, new, count in renamings:
        before = entries.pop(old, NOTHING)
        if before.count < count:
            raise ValueError(f"{old} is tolerated {before.count} times, not {count}")
        if before.count > count:
            entries[old] = Entry(before.count - count, before.accepted)
        there = entries.get(new, NOTHING)
        said = joined(there, before, Entry(0, f"was {old.subject}"))
        entries[new] = Entry(there.count + count, said)
    return Baseline(entries, baseline.headers)


def rename_rule(baseline: Baseline, old: str, new: str) -> Baseline:
    """With the entries of rule `old` under the name `new`.

    UsageError if there are none, or if there are entries of `new` already.
    """
    _demand(baseline, old)
    if any(key.rule == new for key in baseline.entries):
        raise UsageError(f"the baseline has entries of rule '{new}' already")
    return baseline.relabelled(lambda key: key._replace(rule=new) if key.rule == old else key)


def forget(baseline: Baseline, rule: str) -> Baseline:
    """Without the entries of `rule`; UsageError if there are none."""
    _demand(baseline, rule)
    kept = {key: entry for key, entry in baseline.entries.items() if key.rule != rule}
    return Baseline(kept, baseline.headers)


def _demand(baseline: Baseline, rule: str) -> None:
    names = {key.rule for key in baseline.entries}
    if rule not in names:
        raise UsageError(f"the baseline has no entries of rule '{rule}'{did_you_mean(rule, names)}")
