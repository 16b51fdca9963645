"""What a change (from the merge base to the working tree) adds, and what it only inherits."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ssot_lint import baseline as baselines
from ssot_lint.baseline import Baseline, Growth
from ssot_lint.builtin import BUILTIN, UnusedSuppression
from ssot_lint.config import Config, load
from ssot_lint.discovery import module_of
from ssot_lint.engine.judge import Judgement, judge
from ssot_lint.engine.loosening import loosened
from ssot_lint.engine.request import Request, selected
from ssot_lint.engine.survey import Site, project_of, rules_path
from ssot_lint.errors import BaselineError, ConfigError
from ssot_lint.facts import Directive
from ssot_lint.git import Repository
from ssot_lint.model import Comparison, Fingerprint, Note, Violation
from ssot_lint.reading import Reader
from ssot_lint.rule import Examples, Rule


@dataclass(frozen=True)
class Change:
    """One change. Paths are relative to the root.

    `renamed` is git's (old path to new), `touched` every path that differs, `added` the lines the
    working tree adds. `changed_rules` are rules that are new or differ from the base's; None means
    that all do. `growth` are baseline entries that grew without a reason; `remarks` are notes on
    rules and baseline.
    """

    config: Config
    request: Request
    commit: str
    repository: Repository
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
        rules = {rule.name: rule for rule in selected(self.config, self.request)}
        candidates = [v for v in comparison.new if self._may_inherit(rules, v)]
        untouched = {v for v in candidates if v.path not in self.touched}
        held = self._held(site, {v.path for v in candidates} & self.touched, list(rules.values()))
        held.subtract(violation.fingerprint for violation in comparison.known)
        for violation in sorted(candidates, key=self.adds):
            if violation not in untouched and held[violation.fingerprint] > 0:
                held[violation.fingerprint] -= 1
                untouched.add(violation)
        return frozenset(untouched)

    def _may_inherit(self, rules: Mapping[str, Rule], violation: Violation) -> bool:
        rule = rules.get(violation.rule)
        if self.changed_rules is None or violation.rule in self.changed_rules:
            return False
        return rule is None or rule.scope == "file"

    def _held(
        self, site: Site, paths: Iterable[str], rules: Sequence[Rule]
    ) -> Counter[Fingerprint]:
        """What the merge base's versions of `paths` held, under the paths of today."""
        origins = {new: old for old, new in self.renamed.items()}
        texts = self.repository.blobs(self.commit, [origins.get(path, path) for path in paths])
        files = [module_of(old, site.discovery.roots) for old in sorted(texts)]
        reader = Reader(self.config.root, texts)
        past = Site(
            self.config,
            site.discovery,
            reader,
            project_of(self.config, files, site.discovery.roots, reader),
            asked=frozenset(texts),
            complete=False,
        )
        file_rules = [rule for rule in rules if rule.scope == "file"]
        return Counter(
            violation.fingerprint._replace(path=self.renamed.get(violation.path, violation.path))
            for violation in judge(past, file_rules).kept
        )

    def notes(self, site: Site, judgement: Judgement, comparison: Comparison) -> Iterator[Note]:
        """Suppressions that the change adds, swaps, and what it does to the rules."""
        yield from self.remarks
        yield from self._suppressions(site, judgement)
        for violation in comparison.known:
            if self.adds(violation):
                message = f"a tolerated violation stands on an added line: {violation.subject}"
                yield Note("swap", message, violation.rule, violation.path, violation.span.line)

    def _suppressions(self, site: Site, judgement: Judgement) -> Iterator[Note]:
        origins = {new: old for old, new in self.renamed.items()}
        paths = sorted(self.touched & site.asked)
        past = self.repository.blobs(self.commit, [origins.get(path, path) for path in paths])
        reader = Reader(self.config.root, past)
        excused = {(v.path, v.span.line) for v, _ in judgement.excused}

        def counts(path: str, directive: Directive) -> bool:
            if directive.form in ("allow", "allow-file"):
                return True
            if directive.names:
                return any(name.startswith("SOT") for name in directive.names)
            lines = range(directive.first, directive.last + 1)
            return any((path, line) in excused for line in lines)

        for path in paths:
            old = origins.get(path, path)
            before = Counter(
                (d.form, d.names) for d in (reader.facts(old).directives if old in past else ())
            )
            now = site.reader.facts(path).directives
            lines = self.added.get(path, frozenset())
            for directive in sorted(now, key=lambda d: d.line in lines):
                key = directive.form, directive.names
                if before[key] > 0:
                    before[key] -= 1
                elif directive.form != "malformed" and counts(path, directive):
                    names = ", ".join(directive.names) or "everything"
                    message = f"the change adds a suppression of {names}"
                    yield Note("suppression", message, "", path, directive.line)


def change_since(config: Config, request: Request, baseline: Baseline | None) -> Change:
    """The change since the merge base with ``request.base``.

    GitError if git does not know the revision, or finds no merge base.
    """
    repository = Repository.at(config.root)
    commit = repository.merge_base(request.base or "HEAD")
    renamed = repository.renames(commit)
    base_config, remarks = _base_config(config, repository, commit)
    growth: tuple[Growth, ...] = ()
    changed: frozenset[str] | None = None
    if base_config is not None:
        remarks += [
            Note("loosened", message, rule, rules_path(config), config.place(rule)[0])
            for rule, message in loosened(base_config, config)
        ]
        changed = _changed_rules(base_config, config)
        base, remark = _base_baseline(base_config, request, repository, commit)
        remarks += remark
        if base is not None and baseline is not None:
            known = {rule.name for rule in base_config.rules} | {kind.kind for kind in BUILTIN}
            growth = tuple(
                entry
                for entry in baselines.growth(
                    base,
                    baseline,
                    renamed,
                    exists=lambda path: os.path.lexists(os.path.join(config.root, path)),
                    movable=movable(config.rules),
                )
                if entry[0].rule in known
            )
    return Change(
        config,
        request,
        commit,
        repository,
        renamed,
        repository.changed(commit),
        repository.added_lines(commit),
        changed,
        growth,
        tuple(remarks),
    )


def movable(rules: Iterable[Rule]) -> Callable[[str], bool]:
    """Whether the baseline entries of a rule (by name) follow a renamed file."""
    fixed = {rule.name for rule in rules if not rule.movable}
    return lambda rule: rule not in fixed


def _base_config(
    config: Config, repository: Repository, commit: str
) -> tuple[Config | None, list[Note]]:
    """The rules at the merge base; None if there were none, or none that can be read."""
    path = rules_path(config)
    data = repository.blob(commit, path)
    if data is None:
        return None, [Note("run", "the change introduces the rules file: all rules are new")]
    try:
        text = data.decode("utf-8-sig")
        old = load(text, config.path, root=config.root, running=(99, 0), is_folder=lambda _: True)
    except (ConfigError, UnicodeDecodeError):
        message = "the rules file of the merge base cannot be used: all rules count as new"
        return None, [Note("run", message)]
    return old, []


def _base_baseline(
    config: Config, request: Request, repository: Repository, commit: str
) -> tuple[Baseline | None, list[Note]]:
    """The baseline at the merge base, where the base's own rules say it is."""
    path = config.baseline
    if request.baseline is not None:
        path = os.path.relpath(request.baseline, config.root).replace(os.sep, "/")
    data = repository.blob(commit, path)
    if data is None:
        return None, [Note("run", "the change introduces the baseline: its growth is not judged")]
    try:
        return baselines.load_bytes(data, f"{path} at the merge base"), []
    except BaselineError as error:
        return None, [Note("run", f"its growth is not judged: {error.lines[0]}")]


def _changed_rules(before: Config, after: Config) -> frozenset[str] | None:
    if any(
        getattr(before, name) != getattr(after, name)
        for name in ("roots", "include", "exclude", "tests")
    ):
        return None
    old = {rule.name: _judging(rule) for rule in before.rules}
    changed = {rule.name for rule in after.rules if old.get(rule.name) != _judging(rule)}
    return frozenset(changed | {UnusedSuppression.kind} if changed else changed)


def _judging(rule: Rule) -> Rule:
    """The rule without what only people read."""
    return replace(rule, reason="", owner="", docs="", examples=Examples())
