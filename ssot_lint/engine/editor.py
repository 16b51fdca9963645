"""One file as an editor sees it: the buffer laid over the project, the baseline subtracted."""

from __future__ import annotations

import ast
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from ssot_lint import baseline as baselines
from ssot_lint.baseline import Baseline
from ssot_lint.cache import Cache
from ssot_lint.config import Config
from ssot_lint.engine.compare import load_baseline, movable
from ssot_lint.engine.judge import judge
from ssot_lint.engine.request import Request, selected
from ssot_lint.engine.survey import Site, locate, project_of
from ssot_lint.facts import facts_of
from ssot_lint.model import Fingerprint, SourceFile, Violation
from ssot_lint.prefilter import Prefilter
from ssot_lint.reading import Reader
from ssot_lint.rule import Rule


def _no_cache(_config: Config) -> None:
    return None


class Editor:
    """Judges one buffer after the other by the rules of `config`, as far as `request` asks.

    Kinds that need the whole project are left out. Those that only follow names from the buffer
    are judged where a cache says that the project is known; what a name leads to is read, if the
    cache lacks it or has an older one. `load` gives the baseline and `open_cache` the cache, for
    callers that keep them; nothing is saved. Raises UsageError for rules that do not exist.
    """

    def __init__(
        self,
        config: Config,
        request: Request,
        *,
        load: Callable[[Config, Request], Baseline | None] = load_baseline,
        open_cache: Callable[[Config], Cache | None] = _no_cache,
    ) -> None:
        self._config = config
        self._request = request
        self._open_cache = open_cache
        self._load = load
        self._choice = _Choice(
            [r for r in selected(config, request) if r.scope == "file" or r.follows],
            prefilter=request.prefilter,
        )

    def lint(
        self, path: str, tree: ast.Module, lines: Sequence[str], *, noqa: bool = True
    ) -> tuple[Violation, ...]:
        """The new violations of the file at `path` (absolute) with this text, sorted.

        The text, parsed and line by line, may be newer than the disk's, and the file need not exist
        there; a file that is excluded, ignored or outside the root has no violations. `noqa` is
        whether ``# noqa`` counts. Raises UsageError as the engine's `lint` does.
        """
        config = self._config
        found = locate(config, path)
        if not found.files:
            return ()
        baseline = self._load(config, self._request)
        (file,) = found.files
        by_text = self._choice.by_text(file, lines)
        # It also saves the rules of file scope from reading the same neighbours for every buffer.
        cache = self._open_cache(config) if by_text else None
        known = cache is not None and cache.found
        rules = [
            rule for rule in (*self._choice.by_path, *by_text) if rule.scope == "file" or known
        ]
        if not rules:
            return ()
        expressions = any(rule.expressions for rule in rules)
        facts = facts_of(tree, lines, expressions=expressions)
        reader = Reader(config.root, known={file.path: facts}, cache=cache)
        project = project_of(config, found.files, found.roots, reader, whole=False)
        # Most files hold no words, and are no finding for where they stand either.
        if not by_text and not any(outcome for rule in rules for outcome in rule.check(project)):
            return ()
        site = Site(config, found, reader, project, asked=frozenset({file.path}), complete=False)
        kept = [v for v in judge(site, rules, noqa=noqa).kept if v.path == file.path]
        return tuple(kept) if baseline is None else _new(config, kept, file.path, baseline)


class _Choice:
    """Tells which of some rules may find something in a text, before anybody walks its tree.

    Sound as the pre-filter is. A text that says in which encoding it was is tested in UTF-8, which
    can only add doubts: words in ASCII stand there, and other letters, behind such a cookie, are
    never taken for harmless. Without `prefilter` every rule is asked.
    """

    def __init__(self, rules: Iterable[Rule], *, prefilter: bool) -> None:
        words = [(rule, rule.words()) for rule in rules]
        self.by_path = tuple(rule for rule, each in words if each is not None and not each.clues)
        """The rules that ask nothing of a text."""
        self._by_text = tuple(
            (rule, Prefilter([each]) if each is not None and prefilter else None)
            for rule, each in words
            if each is None or each.clues
        )
        known = [each for _, each in words if each is not None]
        self._together = Prefilter(known) if prefilter and len(known) == len(words) else None

    def by_text(self, file: SourceFile, lines: Sequence[str]) -> list[Rule]:
        """The rules that ask something of a text, and that this one may hold something for."""
        data = "".join(lines).encode("utf-8", "surrogatepass")
        if self._together is not None and not self._together.visits(file, data):
            return []
        return [
            rule
            for rule, prefilter in self._by_text
            if prefilter is None or prefilter.visits(file, data)
        ]


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
