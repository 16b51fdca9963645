"""One file as an editor sees it: the buffer's facts, file-scope rules, the baseline."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence

from ssot_lint import baseline as baselines
from ssot_lint.baseline import Baseline
from ssot_lint.config import Config
from ssot_lint.engine.change import movable
from ssot_lint.engine.compare import load_baseline
from ssot_lint.engine.judge import judge
from ssot_lint.engine.request import Request, selected
from ssot_lint.engine.survey import Site, locate, project_of
from ssot_lint.facts import FileFacts
from ssot_lint.model import Fingerprint, Violation
from ssot_lint.reading import Reader


def lint_buffer(
    config: Config,
    path: str,
    facts: FileFacts,
    request: Request,
    *,
    noqa: bool = True,
    load: Callable[[Config, Request], Baseline | None] = load_baseline,
) -> tuple[Violation, ...]:
    """The new violations of the file at `path` (absolute), whose text has these facts, sorted.

    The text may be newer than the disk's, and the file need not exist there; a file that is
    excluded, ignored or outside the root has no violations. Kinds that need the whole project are
    left out, whatever `request` says. `noqa` is whether ``# noqa`` counts. `load` gives the
    baseline, for callers that keep it. Raises UsageError as `lint` does.
    """
    found = locate(config, path)
    if not found.files:
        return ()
    baseline = load(config, request)
    rules = [rule for rule in selected(config, request) if rule.scope == "file"]
    name = found.files[0].path
    reader = Reader(config.root, known={name: facts})
    site = Site(
        config,
        found,
        reader,
        project_of(config, found.files, found.roots, reader),
        asked=frozenset({name}),
        complete=False,
    )
    kept = [v for v in judge(site, rules, noqa=noqa).kept if v.path == name]
    return tuple(kept) if baseline is None else _new(config, kept, name, baseline)


def _new(
    config: Config, kept: Sequence[Violation], name: str, baseline: Baseline
) -> tuple[Violation, ...]:
    """What the baseline does not tolerate, as `compare` decides it in a partial run.

    Looks at the entries of this one file, because a linter asks again for every file.
    """
    own = baseline.by_path.get(name, {})
    allowance = Counter({Fingerprint(name, *item): count for item, count in own.items()})
    allowance += baselines.borrowed(
        kept,
        baseline,
        exists=lambda path: path == name or os.path.lexists(os.path.join(config.root, path)),
        movable=movable(config.rules),
    )
    new, _ = baselines.split(kept, allowance)
    return new
