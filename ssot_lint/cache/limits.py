"""What a cache forgets, so that it does not grow for ever."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import compress

from ssot_lint.cache.answers import Answers
from ssot_lint.cache.layout import Index

MOST_WORD_SETS = 8
MOST_FOUND = 4
"""Runs whose findings are kept: the rules of a few branches, or some of the rules."""
MOST_PATHS = 500_000
SPARE = 16 << 20
"""Bytes that contents without a path may always take."""

_EACH = 1 << 10  # what a content costs beside its facts: mostly time, whenever the cache is opened


def bounded(
    index: Index,
    asked: Sequence[int],
    asked_words: Collection[bytes],
    new: Iterable[int],
    *,
    most_paths: int = MOST_PATHS,
) -> tuple[Index, Sequence[int]]:
    """What of `index` is worth saving, and the numbers that its contents had.

    `asked` tells for each path whether this run has asked for it, `new` are the contents whose
    facts it has read. Paths that it has not asked for stay (most runs are about a few files) until
    there are more than `most_paths` of them. Contents that no path has any more (other branches
    and older versions of files) stay until they take more room than all others and `SPARE`
    together. The sets of words used last stay.
    """
    answers = dict(_latest(index.answers, asked_words))
    found = dict([*index.found.items()][-MOST_FOUND:])
    paths = _paths(asked, most_paths)
    contents = _contents(index, paths, new)
    if len(paths) == len(index.paths) and len(contents) == len(index.hashes):
        return replace(index, answers=answers, found=found), contents
    renumbered = {number: position for position, number in enumerate(contents)}
    kept = Index(
        index.version,
        [index.paths[path] for path in paths],
        [index.stamps[path] for path in paths],
        array("q", (renumbered[index.contents[path]] for path in paths)),
        [index.hashes[number] for number in contents],
        array("q", (index.lengths[number] for number in contents)),
        [index.checks[number] for number in contents],
        _at(index.marks, contents),
        {words: given.of(contents) for words, given in answers.items()},
        found=found,
    )
    return kept, contents


def _at(flags: bytearray, numbers: Iterable[int]) -> bytearray:
    return bytearray(flags[number] for number in numbers)


def _latest(answers: dict[bytes, Answers], asked: Collection[bytes]) -> list[tuple[bytes, Answers]]:
    # A stable sort: those that were not asked for keep their order.
    return sorted(answers.items(), key=lambda item: item[0] in asked)[-MOST_WORD_SETS:]


def _paths(asked: Sequence[int], most: int) -> Sequence[int]:
    every = range(len(asked))
    used = sum(asked)
    return every if len(every) - used <= most + used else list(compress(every, asked))


def _contents(index: Index, paths: Iterable[int], new: Iterable[int]) -> Sequence[int]:
    every = range(len(index.hashes))
    alive = bytearray(len(every))
    for path in paths:
        alive[index.contents[path]] = True
    for number in new:
        alive[number] = True
    costs = [_EACH + length for length in index.lengths]
    needed = sum(compress(costs, alive))
    spare = sum(costs) - needed
    return every if spare <= needed + SPARE else list(compress(every, alive))
