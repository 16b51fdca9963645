"""What ``ssot-lint check`` finds after a batch, held against what it found before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ssot_lint import baseline as baselines
from ssot_lint.baseline import Baseline, Renaming
from ssot_lint.engine import ledger
from ssot_lint.engine.compare import compare
from ssot_lint.migration.model import Change, Rewrite
from ssot_lint.model import Comparison, Fingerprint, Violation
from ssot_lint.patterns import covers

Bag = Counter[Fingerprint]


class Standing(NamedTuple):
    """How a project stands: every violation, and those that fail a check."""

    found: Bag
    failing: Bag

    @classmethod
    def of(cls, account: ledger.Account) -> Standing:
        found = Counter(violation.fingerprint for violation in account.judgement.kept)
        return cls(found, _failing(account.comparison))


class Verdict(NamedTuple):
    """`new` are the violations that were not there before; `baseline` is what is still tolerated.

    `standing` is how the project stands now.
    """

    new: tuple[Violation, ...]
    baseline: Baseline
    standing: Standing


def judge(account: ledger.Account, before: Standing, rewrites: Iterable[Rewrite]) -> Verdict:
    """What a batch did to the violations of a project.

    A violation about an import that was rewritten is named after the new path: it is the same one,
    in the baseline, too.
    """
    now = Standing.of(account)
    renamed = list(_renamed(before.found, now.found, rewrites))
    baseline, comparison = account.baseline, account.comparison
    known = baseline.bag
    tolerated = [each._replace(times=min(each.times, known[each.old])) for each in renamed]
    tolerated = [each for each in tolerated if each.times]
    if tolerated:
        baseline = baselines.renamed(baseline, tolerated)
        comparison = compare(account.site, account.rules, account.judgement, baseline, None)
    # What failed before under its old name may fail under the new one.
    excused = Counter(before.failing)
    excused.update({each.new: each.times for each in renamed})
    excused.subtract({each.new: each.times for each in tolerated})
    surplus = _failing(comparison) - excused
    new = tuple(_first(comparison.new, surplus))
    standing = Standing(now.found, _failing(comparison))
    return Verdict(new, baselines.shrink(baseline, comparison), standing)


def _failing(comparison: Comparison) -> Bag:
    return Counter(v.fingerprint for v in comparison.new if v.severity == "error")


def _renamed(before: Bag, now: Bag, rewrites: Iterable[Rewrite]) -> Iterator[Renaming]:
    """Violations that are gone, and the equal number of those that came in their place."""
    changes = {each.path: each.made for each in rewrites}
    come = now - before
    for key, count in sorted((before - now).items()):
        for path in _paths(key.subject, changes.get(key.path, ())):
            new = key._replace(subject=path)
            moved = min(count, come[new])
            if moved:
                come[new] -= moved
                count -= moved
                yield Renaming(key, new, moved)


def _paths(subject: str, changes: Sequence[Change]) -> Iterator[str]:
    """What becomes of a dotted path by the changes of a file, each once."""
    seen = {subject}
    for change in changes:
        old, new = change.old.removesuffix(".*"), change.new.removesuffix(".*")
        if covers(old, subject):
            path = new + subject[len(old) :]
            if path not in seen:
                seen.add(path)
                yield path


def _first(violations: Iterable[Violation], surplus: Bag) -> Iterator[Violation]:
    """As many of each as `surplus` counts."""
    left = Counter(surplus)
    for violation in violations:
        if left[violation.fingerprint] > 0:
            left[violation.fingerprint] -= 1
            yield violation
