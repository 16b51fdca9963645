"""One run on one screen."""

from __future__ import annotations

from ssot_lint.config import Config
from ssot_lint.engine.compare import compare, load_baseline
from ssot_lint.engine.judge import judge
from ssot_lint.engine.request import Request, selected
from ssot_lint.engine.survey import Site, survey
from ssot_lint.engine.tally import report
from ssot_lint.model import Report


def lint(config: Config, request: Request) -> Report:
    """Judge the files, subtract the baseline, and say what is left; errors as of `run`."""
    return run(config, request)[0]


def run(config: Config, request: Request) -> tuple[Report, Site]:
    """As `lint`, with the ground on which it was judged.

    Raises UsageError for what the user can fix: an unknown rule, an unusable root, a damaged
    baseline, a base revision that git does not know.
    """
    rules = selected(config, request)
    baseline = load_baseline(config, request)
    change = None
    if request.base:
        from ssot_lint.engine.change import change_since  # costs start-up time

        change = change_since(config, request, baseline)
    site = survey(config, request, rules).read(request)
    rules = site.rules
    judgement = judge(site, rules, jobs=request.jobs)
    comparison = compare(site, rules, judgement, baseline, change)
    site.reader.save()
    return report(site, rules, judgement, comparison, baseline, change, request), site
