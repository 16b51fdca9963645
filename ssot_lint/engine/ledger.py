"""The baseline's own commands: a full run, and the file that follows from it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from ssot_lint import baseline as baselines
from ssot_lint import files
from ssot_lint.baseline import Baseline
from ssot_lint.config import Config
from ssot_lint.engine.compare import baseline_name, baseline_path, compare, load_baseline
from ssot_lint.engine.judge import Judgement, judge
from ssot_lint.engine.request import Request, selected
from ssot_lint.engine.survey import Site, survey
from ssot_lint.errors import BaselineError, UsageError
from ssot_lint.model import Comparison
from ssot_lint.rule import Rule

__all__ = ["Account", "account", "baseline_name", "baseline_path", "existing", "save"]


_HOUR = 3600.0


class Account(NamedTuple):
    """A full run beside its baseline (empty where there is none)."""

    site: Site
    rules: Sequence[Rule]
    judgement: Judgement
    baseline: Baseline
    comparison: Comparison


def account(config: Config, request: Request, *, missing_ok: bool = False) -> Account:
    """Judge everything and compare; BaselineError where there is no baseline, unless that is ok.

    UsageError if a rule cannot work: what it does not find must not be taken for fixed.
    """
    baseline = existing(config, request, missing_ok=missing_ok)
    request = request._replace(paths=None, file_scope=False)
    rules = selected(config, request)
    site = survey(config, request, rules).read(request)
    rules = site.rules
    judgement = judge(site, rules, jobs=request.jobs)
    if judgement.broken:
        raise UsageError(
            *(f"{v.path}:{v.span.line}:{v.span.column}: {v.message}" for v in judgement.broken)
        )
    comparison = compare(site, rules, judgement, baseline, None)
    site.reader.save()
    return Account(site, rules, judgement, baseline, comparison)


def existing(config: Config, request: Request, *, missing_ok: bool = False) -> Baseline:
    """The baseline on disk; BaselineError where there is none, unless that is ok (then empty)."""
    if not os.path.lexists(baseline_path(config, request)):
        if missing_ok:
            return Baseline()
        name = baseline_name(config, request)
        raise BaselineError(
            f"{name}: there is no such baseline; 'ssot-lint baseline create' makes it"
        )
    loaded = load_baseline(config, request)
    return loaded if loaded is not None else Baseline()


def save(config: Config, request: Request, baseline: Baseline) -> str:
    """Write the baseline in one step; returns its name for messages.

    Removes what killed runs left beside it, unless a run may still be at work on it.
    """
    name, path = baseline_name(config, request), baseline_path(config, request)
    baselines.write(path, baseline, name=name)
    files.sweep(os.path.dirname(path), older_than=_HOUR)
    return name
