"""Which file did a vanished file become? Told from what both hold, without git.

A path qualifies if it holds all that the vanished one held. Best is the path that shares the most
trailing components (a folder was renamed or moved), then the most leading ones (a file was renamed
in its folder); pairs are taken greedily, best first, equals in sorted order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from ssot_lint.baseline.entries import Items

Pairs = list[tuple[str, str]]


def pair(
    gone: Mapping[str, Items], free: Mapping[str, Items]
) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """(old path to new path, the pairs among them that were as good as another, sorted).

    `gone` maps paths to what they held, `free` paths to what is found there and not spoken for.
    Time is nearly linear in the number of paths: candidates are compared within groups that share
    components, and as sets of bits.
    """
    fitting = _fitting(gone, sorted(free), free)
    wanted = 0
    for bits in fitting.values():
        wanted |= bits
    olds = {old for old, bits in fitting.items() if bits}
    news = {new for position, new in enumerate(sorted(free)) if wanted >> position & 1}
    pairs: Pairs = []
    ties: Pairs = []
    for trailing in range(_depth(olds), -1, -1):
        for some_olds, some_news in _alike(olds, news, _last(trailing)):
            found, tied = _pair_by_leading(some_olds, some_news, gone, free)
            pairs += found
            ties += tied
            olds.difference_update(old for old, _ in found)
            news.difference_update(new for _, new in found)
    return dict(pairs), tuple(sorted(ties))


def trailing(one: str, other: str) -> int:
    """How many trailing components two paths share."""
    return _common(reversed(one.split("/")), reversed(other.split("/")))


def leading(one: str, other: str) -> int:
    """How many leading components two paths share."""
    return _common(iter(one.split("/")), iter(other.split("/")))


def _common(one: Iterator[str], other: Iterator[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def holds(there: Items, items: Items) -> bool:
    """Whether everything in `items` is `there`, as often."""
    return all(there.get(item, 0) >= count for item, count in items.items())


def _pair_by_leading(
    olds: set[str], news: set[str], gone: Mapping[str, Items], free: Mapping[str, Items]
) -> tuple[Pairs, Pairs]:
    """Pairs among paths that share equally many trailing components, and the ties among them."""
    pairs: Pairs = []
    ties: Pairs = []
    unique = len(olds) == len(news) == 1
    for count in range(0 if unique else _depth(olds), -1, -1):
        for some_olds, some_news in _alike(olds, news, _first(count)):
            found, tied = _match(some_olds, some_news, gone, free)
            pairs += found
            ties += tied
            olds.difference_update(old for old, _ in found)
            news.difference_update(new for _, new in found)
    return pairs, ties


def _match(
    olds: Collection[str],
    news: Collection[str],
    gone: Mapping[str, Items],
    free: Mapping[str, Items],
) -> tuple[Pairs, Pairs]:
    """Pairs equally good paths in sorted order; the ties are those that had a choice or a rival."""
    order = sorted(news)
    fitting = _fitting({old: gone[old] for old in sorted(olds)}, order, free)
    wanted = contested = 0
    for bits in fitting.values():
        contested |= wanted & bits
        wanted |= bits
    unpaired = (1 << len(order)) - 1
    pairs: Pairs = []
    ties: Pairs = []
    for old, bits in fitting.items():
        available = bits & unpaired
        lowest = available & -available
        if lowest:
            unpaired ^= lowest
            new = order[lowest.bit_length() - 1]
            pairs.append((old, new))
            if bits != lowest or contested & lowest:
                ties.append((old, new))
    return pairs, ties


def _fitting(
    gone: Mapping[str, Items], order: Sequence[str], free: Mapping[str, Items]
) -> dict[str, int]:
    """For each vanished path the paths that hold all it held: the bits of positions in `order`."""
    asked: dict[tuple[str, str], set[int]] = {}
    for items in gone.values():
        for item, count in items.items():
            asked.setdefault(item, set()).add(count)
    holders: dict[tuple[tuple[str, str], int], int] = {}
    for position, path in enumerate(order):
        for item, count in free[path].items():
            for enough in asked.get(item, ()):
                if count >= enough:
                    holders[item, enough] = holders.get((item, enough), 0) | 1 << position
    everyone = (1 << len(order)) - 1
    known: dict[frozenset[tuple[tuple[str, str], int]], int] = {}
    fitting = {}
    for path, items in gone.items():
        need = frozenset(items.items())
        if need not in known:
            bits = everyone
            for held in need:
                bits &= holders.get(held, 0)
            known[need] = bits
        fitting[path] = known[need]
    return fitting


def _alike(
    olds: set[str], news: set[str], key: Callable[[str], object]
) -> list[tuple[set[str], set[str]]]:
    """Groups of paths with one key (None is none) that have both old and new ones."""
    groups: dict[object, tuple[set[str], set[str]]] = {}
    for old in olds:
        groups.setdefault(key(old), (set(), set()))[0].add(old)
    for new in news:
        group = groups.get(key(new))
        if group:
            group[1].add(new)
    return [
        (some_olds, some_news)
        for shared, (some_olds, some_news) in groups.items()
        if some_news and shared is not None
    ]


def _last(count: int) -> Callable[[str], object]:
    def key(path: str) -> object:
        parts = path.split("/")
        return tuple(parts[len(parts) - count :]) if len(parts) >= count else None

    return key


def _first(count: int) -> Callable[[str], object]:
    def key(path: str) -> object:
        parts = path.split("/")
        return tuple(parts[:count]) if len(parts) >= count else None

    return key


def _depth(paths: Collection[str]) -> int:
    return max((path.count("/") + 1 for path in paths), default=0)
