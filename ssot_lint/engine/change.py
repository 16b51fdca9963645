"""What a change (from the merge base to the working tree) adds, and what it only inherits."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ssot_lint import baseline as baselines
from ssot_lint.baseline import Baseline, Growth
from ssot_lint.builtin import BUILTIN, UnusedSuppression
from ssot_lint.config import Config
from ssot_lint.engine.additions import added_suppressions, swaps
from ssot_lint.engine.compare import movable
from ssot_lint.engine.judge import Judgement, judge
from ssot_lint.engine.loosening import loosened
from ssot_lint.engine.past import Past, past_of
from ssot_lint.engine.request import Request, selected
from ssot_lint.engine.survey import Site, rules_path
from ssot_lint.facts import FileFacts
from ssot_lint.git import Repository
from ssot_lint.model import Comparison, Fingerprint, Note, Violation
from ssot_lint.options import declared
from ssot_lint.reading import Reader
from ssot_lint.rule import Rule

_FOR_PEOPLE = {"name", "reason", "owner", "docs", "examples"}


@dataclass(frozen=True)
class Change:
    """One change. Paths are relative to the root.

    `renamed` is git's (old path to new), `touched` every path that differs, `added` the lines the
    working tree adds. `rules` are those that run; `changed_rules` names those of all rules that
    are new or differ from the merge base's, None means that nothing can be compared. `growth` are
    baseline entries that grew without a reason, `remarks` notes on rules and baseline.
    """

    config: Config
    rules: Sequence[Rule]
    past: Past
    baseline: Baseline
    renamed: Mapping[str, str]
    touched: frozenset[str]
    added: Mapping[str, frozenset[int]]
    changed_rules: frozenset[str] | None
    growth: tuple[Growth, ...] = ()
    remarks: tuple[Note, ...] = ()

    def adds(self, violation: Violation) -> bool:
        """Whether the change adds the line on which a violation stands."""
        return violation.span.line in self.added.get(violation.path, ())

    def inherited(self, site: Site, comparison: Comparison) -> frozenset[Violation]:
        """The new violations that the change did not bring.

        Those of file-scope rules that the change does not touch: in a file that it does not touch
        either, or held by the merge base's version of the file already.
        """
        candidates = [violation for violation in comparison.new if self._may_inherit(violation)]
        paths = {violation.path for violation in candidates}
        untouched = {path for path in paths - self.touched if self.past.judged(path, self.config)}
        inherited = {violation for violation in candidates if violation.path in untouched}
        held = self._held(site, paths & self.touched)
        held.subtract(violation.fingerprint for violation in comparison.known)
        # Of equal ones those on added lines are new.
        for violation in sorted(candidates, key=self.adds):
            if held[violation.fingerprint] > 0:
                held[violation.fingerprint] -= 1
                inherited.add(violation)
        return frozenset(inherited)

    def _may_inherit(self, violation: Violation) -> bool:
        """Whether the file alone decides about a violation, by rules as they were."""
        if self.changed_rules is None or violation.rule in self.changed_rules:
            return False
        wide = [rule for rule in self.rules if rule.scope == "project"]
        if violation.rule == UnusedSuppression.kind:
            names = violation.subject.split(",")
            return not any(_names(name, rule) for name in names for rule in wide)
        return violation.rule not in {rule.name for rule in wide}

    def _held(self, site: Site, paths: Iterable[str]) -> Counter[Fingerprint]:
        """What the merge base's versions of `paths` held, under the paths of today."""
        past = self.past.site(site, map(self._origin, paths))
        rules = [rule for rule in self.rules if rule.scope == "file"]
        return Counter(
            violation.fingerprint._replace(path=self.renamed.get(violation.path, violation.path))
            for violation in judge(past, rules, with_unused=site.complete).kept
            if violation.path in past.asked
        )

    def notes(self, site: Site, judgement: Judgement, comparison: Comparison) -> Iterator[Note]:
        """What it does to rules and baseline, suppressions that it adds, and swaps."""
        yield from self.remarks
        yield from self._suppressions(site, judgement)
        before, now = (
            each.moved(self.renamed, movable(self.config.rules)).bag
            for each in (self.past.baseline or Baseline(), self.baseline)
        )
        yield from swaps(comparison.known, self.adds, before, now)

    def _suppressions(self, site: Site, judgement: Judgement) -> Iterator[Note]:
        files = {path: site.reader.facts(path) for path in sorted(self.touched & site.asked)}
        files = {path: facts for path, facts in files.items() if facts.directives}
        texts = self.past.texts(map(self._origin, files))
        reader = Reader(self.config.root, texts)
        for path, now in files.items():
            origin = self._origin(path)
            yield from added_suppressions(
                path,
                reader.facts(origin) if origin in texts else FileFacts(),
                now,
                self.added.get(path, frozenset()),
                [violation for violation, _ in judgement.excused if violation.path == path],
            )

    def _origin(self, path: str) -> str:
        """The path of a file at the merge base."""
        return self._origins.get(path, path)

    @cached_property
    def _origins(self) -> Mapping[str, str]:
        return {new: old for old, new in self.renamed.items()}


def change_since(config: Config, request: Request, baseline: Baseline | None) -> Change:
    """The change since the merge base with ``request.base``.

    GitError if git does not know the revision, or finds no merge base.
    """
    repository = Repository.at(config.root)
    commit = repository.merge_base(request.base or "HEAD")
    renamed = repository.renames(commit)
    past = past_of(config, request, repository, commit, renamed, with_baseline=baseline is not None)
    working = baseline or Baseline()
    growth, warnings = _growth(config, request, past, working, renamed)
    return Change(
        config,
        selected(config, request),
        past,
        working,
        renamed,
        repository.changed(commit),
        repository.added_lines(commit),
        _changed_rules(past.config, config),
        growth,
        (*past.remarks, *_loosened(past.config, config), *_introduced(past, working), *warnings),
    )


def _growth(
    config: Config, request: Request, past: Past, working: Baseline, renamed: Mapping[str, str]
) -> tuple[tuple[Growth, ...], list[Note]]:
    """The entries that grew without a reason, and notes on those of warnings, which never fail."""
    if past.baseline is None:
        return (), []
    grown = baselines.growth(
        past.baseline,
        working,
        renamed,
        exists=lambda path: os.path.lexists(os.path.join(config.root, path)),
        movable=movable(config.rules),
    )
    everything = request._replace(rules=None, kinds=None, file_scope=False)
    mild = {rule.name for rule in selected(config, everything) if rule.severity == "warning"}
    failing = tuple(entry for entry in grown if entry[0].rule in past.rule_names - mild)
    warnings = [
        Note(
            "run", f"the baseline grew from {before} to {after}: {key.subject}", key.rule, key.path
        )
        for key, before, after in grown
        if key.rule in mild
    ]
    return failing, warnings


def _introduced(past: Past, working: Baseline) -> Iterator[Note]:
    """A note for each rule that is new and has its entries in the baseline already."""
    if past.baseline is None:
        return
    counts = Counter[str]()
    for key, entry in working.entries.items():
        counts[key.rule] += entry.count
    for rule in sorted(counts.keys() - past.rule_names):
        entries = f"{counts[rule]} violation{'s' * (counts[rule] != 1)}"
        yield Note("run", f"the change introduces the rule, and tolerates {entries}", rule)


def _loosened(before: Config | None, after: Config) -> Iterator[Note]:
    for rule, message in loosened(before, after) if before is not None else ():
        yield Note("loosened", message, rule, rules_path(after), after.place(rule)[0])


def _changed_rules(before: Config | None, after: Config) -> frozenset[str] | None:
    """The rules that are new or judge otherwise; None if that cannot be compared."""
    if before is None or (before.roots, before.tests) != (after.roots, after.tests):
        return None
    old = {rule.name: _judging(rule) for rule in before.rules}
    now = {rule.name: _judging(rule) for rule in after.rules}
    if old == now:
        return frozenset()
    # Which files must be readable, and which suppressions do something, depends on all rules.
    built_in = {kind.kind for kind in BUILTIN}
    return frozenset(name for name, rule in now.items() if old.get(name) != rule) | built_in


def _judging(rule: Rule) -> dict[str, Any]:
    """The options of a rule, but for what only people read."""
    options = {name: getattr(rule, name) for name in declared(type(rule))}
    return {"kind": rule.kind, **options, **dict.fromkeys(_FOR_PEOPLE)}


def _names(name: str, rule: Rule) -> bool:
    """Whether a suppression of `name` speaks of `rule`."""
    return name in (rule.name, rule.kind) or rule.code.startswith(name)
