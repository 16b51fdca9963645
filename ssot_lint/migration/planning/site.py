"""The plan of a project on disk: reads the imports of all files, and who owns what."""

from __future__ import annotations

from collections.abc import Iterable

from ssot_lint.config import Config
from ssot_lint.engine import Request
from ssot_lint.engine.survey import survey
from ssot_lint.errors import GitError
from ssot_lint.garbage import no_collection
from ssot_lint.git import Repository
from ssot_lint.migration.model import Rewrite, Skip
from ssot_lint.migration.planning.batches import Options, make_plan
from ssot_lint.migration.planning.model import Plan
from ssot_lint.migration.planning.owners import Owners, read


def plan_batches(
    config: Config,
    request: Request,
    rewrites: Iterable[Rewrite],
    skips: Iterable[Skip],
    *,
    canary: bool = False,
) -> Plan:
    """As `make_plan`, for the files below the root and the options of `config`.

    The statements of every file are read, or taken from the cache of `request`: words tell which
    files a rule may judge, not who imports them. UsageError if CODEOWNERS cannot be read.
    """
    site = survey(config, request._replace(paths=None, prefilter=False), ()).read(request)
    options = Options(
        config.migration.batch_files, config.entry_points, _owners(config.root), canary
    )
    with no_collection():
        plan = make_plan(site.project, rewrites, skips, options)
    site.reader.save()
    return plan


def _owners(root: str) -> Owners:
    try:
        repository = Repository.at(root)
    except GitError:
        return read(root)
    return read(repository.top, repository.prefix)
