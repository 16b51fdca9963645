"""What the nodes of a graph reach, each of them looked at once, whatever is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from typing import Any, Generic, Protocol, TypeVar


class _Node(Protocol):
    """What can be told from its like, and sorted."""

    def __lt__(self, other: Any, /) -> bool: ...
    def __hash__(self) -> int: ...


_N = TypeVar("_N", bound=_Node)
_T = TypeVar("_T")


class Closure(Generic[_N, _T]):
    """The values of all that each node of a graph reaches, itself included, joined.

    `step` gives the value that a node has by itself, and the nodes that it leads to; it is asked
    once for each node. `join` is associative and idempotent; values are joined in the order in
    which a node leads to them, those on a circle in the order of their nodes, so that it does not
    matter where the circle was entered. Nothing can be joined to `most`, if there is such a value:
    what else leads from a node that reaches it is not looked at.

    The circles are found as in H. N. Gabow, "Path-based depth-first search for strong and
    biconnected components" (2000): time is linear in the graph, and nothing recurs.
    """

    def __init__(
        self,
        step: Callable[[_N], tuple[_T, Iterable[_N]]],
        join: Callable[[_T, _T], _T],
        most: _T | None = None,
    ) -> None:
        self._step = step
        self._join = join
        self._most = most
        self._known: dict[_N, _T] = {}

    def of(self, start: _N) -> _T:
        """The value of what `start` reaches."""
        if start not in self._known:
            self._search(start)
        return self._known[start]

    def _search(self, start: _N) -> None:
        known, join = self._known, self._join
        opened: list[_N] = []
        values: list[_T] = []  # of each open node, so far
        numbers: dict[_N, int] = {}
        starts: list[int] = []  # of what may be circles
        trail: list[tuple[int, Iterator[_N]]] = []

        def enter(node: _N) -> _T:
            number = numbers[node] = len(opened)
            value, further = self._step(node)
            opened.append(node)
            values.append(value)
            starts.append(number)
            trail.append((number, iter(further)))
            return value

        value = enter(start)
        while trail:
            number, further = trail[-1]
            if self._most is not None and value == self._most:
                # Whatever is open leads to the end of the trail.
                known.update(dict.fromkeys(opened, value))
                return
            for node in further:
                if node in known:
                    value = values[number] = join(values[number], known[node])
                elif node in numbers:
                    while starts[-1] > numbers[node]:
                        starts.pop()
                    continue
                else:
                    value = enter(node)
                break
            else:
                trail.pop()
                if starts[-1] != number:
                    continue
                starts.pop()
                ordered = sorted(zip(opened[number:], values[number:], strict=True))
                value = reduce(join, (each for _, each in ordered))
                for node in opened[number:]:
                    known[node] = value
                    del numbers[node]
                del opened[number:], values[number:]
                if trail:
                    above = trail[-1][0]
                    value = values[above] = join(values[above], value)
