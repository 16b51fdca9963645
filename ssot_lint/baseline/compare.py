"""Violations against the baseline: known is both, new is found only, stale is tolerated only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from ssot_lint.baseline.entries import Baseline, Items
from ssot_lint.baseline.renames import holds, leading, pair, trailing
from ssot_lint.model import Comparison, Fingerprint, Violation


def compare(
    found: Sequence[Violation],
    baseline: Baseline,
    *,
    suppressed: Sequence[Violation] = (),
    exists: Callable[[str], bool],
    in_scope: Callable[[str, str], bool],
    rules: frozenset[str],
    movable: Callable[[str], bool],
    unreadable: frozenset[str] = frozenset(),
    pairs: Mapping[str, str] | None = None,
    prefer_new: Callable[[Violation], bool] | None = None,
    complete: bool = True,
) -> Comparison:
    """What became of each violation and of each entry.

    `found` are the violations that no comment excuses, `suppressed` the others. `exists` tells
    whether there is a file at a path, `in_scope` whether a rule (first) judges a path that exists,
    `rules` are the rules that ran, `movable` tells the rules whose entries follow a renamed file,
    `unreadable` the files that could not be parsed. `pairs` are git's renames, old path to new.

    Of equal violations the first in file order are known, but those that `prefer_new` picks (on
    lines that a change added) are new before others. In a run that is not `complete` (it was asked
    about some paths only) a file without a line in the baseline may use the entries of a vanished
    file of the same name, and every entry left over is unknown.

    Entries of a renamed file are counted under its new path.
    """
    renamed: dict[str, str] = {}
    ties: tuple[tuple[str, str], ...] = ()
    pairs = pairs or {}
    if complete:
        present = [*found, *suppressed]
        renamed, ties = _renames(present, baseline, pairs, exists, rules, movable)
    settled = baseline.moved(renamed, movable) if renamed else baseline
    allowance = settled.bag
    if not complete:
        allowance += borrowed(found, baseline, exists=exists, movable=movable, pairs=pairs)
    new, known = split(found, allowance, prefer_new)

    left = settled.bag - Counter(v.fingerprint for v in known)
    hidden = Counter(v.fingerprint for v in suppressed if complete)

    def fate(key: Fingerprint) -> Counter[Fingerprint]:
        if not complete or key.rule not in rules:
            return unknown
        if not exists(key.path):
            return stale
        if not in_scope(key.rule, key.path):
            return out_of_scope
        return unknown if key.path in unreadable else stale

    excused, unknown, out_of_scope, stale = (Counter[Fingerprint]() for _ in range(4))
    for key, count in left.items():
        covered = min(count, hidden[key])
        if covered > 0:
            excused[key] = covered
        if count > covered:
            fate(key)[key] = count - covered
    return Comparison(new, known, stale, unknown, out_of_scope, excused, renamed, ties)


def split(
    found: Iterable[Violation],
    allowance: Mapping[Fingerprint, int],
    prefer_new: Callable[[Violation], bool] | None = None,
) -> tuple[tuple[Violation, ...], tuple[Violation, ...]]:
    """(new, known), both sorted: of equal violations the first so many are known."""
    order = sorted(found)
    if prefer_new is not None:
        order.sort(key=prefer_new)
    used: Counter[Fingerprint] = Counter()
    new: list[Violation] = []
    known: list[Violation] = []
    for violation in order:
        key = violation.fingerprint
        used[key] += 1
        (known if used[key] <= allowance.get(key, 0) else new).append(violation)
    return tuple(sorted(new)), tuple(sorted(known))


def borrowed(
    found: Iterable[Violation],
    baseline: Baseline,
    *,
    exists: Callable[[str], bool],
    movable: Callable[[str], bool],
    pairs: Mapping[str, str] | None = None,
) -> Counter[Fingerprint]:
    """What a partial run tolerates beside the entries of the files themselves.

    A file without a line in the baseline may have been renamed: it may use the entries of git's
    old path in `pairs` (old to new), else of a vanished file of the same file name; best is one
    that held nothing more than is found, then as for renames. Only a full run decides.
    """
    origins = {new: old for old, new in (pairs or {}).items() if not exists(old)}
    vanished: dict[str, list[str]] = {}
    allowance: Counter[Fingerprint] = Counter()
    for path, items in _items(v for v in found if movable(v.rule)).items():
        origin = origins.get(path)
        if origin is None and path not in baseline.headers:
            name = path.rpartition("/")[2]
            if name not in vanished:
                namesakes = baseline.by_file_name.get(name, ())
                vanished[name] = [old for old in namesakes if not exists(old)]
            origin = _lookalike(path, items, {old: baseline.by_path[old] for old in vanished[name]})
        for (rule, subject), count in baseline.by_path.get(origin or "", {}).items():
            if movable(rule):
                allowance[Fingerprint(path, rule, subject)] += count
    return allowance


def _lookalike(path: str, items: Items, vanished: Mapping[str, Items]) -> str | None:
    """The one of the vanished paths that `path`, where `items` are found, most likely was."""
    ran = {rule for rule, _ in items}

    def rank(old: str) -> tuple[bool, int, int, str]:
        # Nothing is known of rules without a violation here: they may not have run.
        held = {item: count for item, count in vanished[old].items() if item[0] in ran}
        return not holds(items, held), -trailing(old, path), -leading(old, path), old

    return min(
        (old for old, held in vanished.items() if not items.keys().isdisjoint(held)),
        key=rank,
        default=None,
    )


def _renames(
    present: Iterable[Violation],
    baseline: Baseline,
    pairs: Mapping[str, str],
    exists: Callable[[str], bool],
    rules: frozenset[str],
    movable: Callable[[str], bool],
) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """(old path to new, ties) for the vanished paths of the baseline; git's word comes first."""
    gone = [path for path in baseline.by_path if not exists(path)]
    if not gone:
        return {}, ()
    held = {
        path: {
            item: count
            for item, count in baseline.by_path[path].items()
            if item[0] in rules and movable(item[0])
        }
        for path in gone
    }
    renamed = {
        old: pairs[old]
        for old in gone
        if old in pairs and any(movable(rule) for rule, _ in baseline.by_path[old])
    }
    taken = set(renamed.values())
    wanting = {old: items for old, items in held.items() if items and old not in renamed}
    offered = {
        path: items
        for path, items in _items(present).items()
        if path not in baseline.by_path and path not in taken
    }
    paired, ties = pair(wanting, offered)
    return dict(sorted({**renamed, **paired}.items())), ties


def _items(violations: Iterable[Violation]) -> dict[str, Counter[tuple[str, str]]]:
    """How often each path holds each (rule, subject)."""
    found: dict[str, Counter[tuple[str, str]]] = {}
    for violation in violations:
        found.setdefault(violation.path, Counter())[violation.rule, violation.subject] += 1
    return found
