"""What nodes reach, against the plainest search there is, on graphs of all shapes."""

from __future__ import annotations

from collections import Counter
from operator import or_

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.project import Closure

Graph = dict[int, list[int]]

GRAPHS = st.integers(1, 8).flatmap(
    lambda size: st.fixed_dictionaries(
        {node: st.lists(st.integers(0, size - 1), max_size=3) for node in range(size)}
    )
)


def reached(graph: Graph, start: int) -> frozenset[int]:
    todo, seen = [start], {start}
    while todo:
        further = {*graph[todo.pop()]} - seen
        seen |= further
        todo += further
    return frozenset(seen)


@given(GRAPHS, st.data())
def test_the_answer_is_all_that_is_reached_whatever_was_asked_before(
    graph: Graph, data: st.DataObject
) -> None:
    closure = Closure(lambda node: (frozenset({node}), graph[node]), or_)
    for node in data.draw(st.permutations([*graph])):
        assert closure.of(node) == reached(graph, node)


@given(GRAPHS, st.data())
def test_where_nothing_can_be_added_the_search_ends(graph: Graph, data: st.DataObject) -> None:
    marked = data.draw(st.sets(st.sampled_from([*graph])))
    closure = Closure(lambda node: (node in marked, graph[node]), or_, most=True)
    for node in data.draw(st.permutations([*graph])):
        assert closure.of(node) is not marked.isdisjoint(reached(graph, node))


@given(GRAPHS, st.data())
def test_an_answer_that_depends_on_order_does_not_on_the_order_of_questions(
    graph: Graph, data: st.DataObject
) -> None:
    marked = data.draw(st.sets(st.sampled_from([*graph])))

    def answers(order: list[int]) -> dict[int, int | None]:
        closure: Closure[int, int | None] = Closure(
            lambda node: (node + 1 if node in marked else None, graph[node]),
            lambda one, other: one or other,
        )
        return dict(sorted((node, closure.of(node)) for node in order))

    assert answers([*graph]) == answers(data.draw(st.permutations([*graph])))


def test_values_are_joined_in_the_order_in_which_a_node_leads_to_them() -> None:
    graph = {0: [1, 2], 1: [3], 2: [], 3: []}
    names = {0: "", 1: "", 2: "two", 3: "three"}
    closure = Closure(lambda node: (names[node], graph[node]), lambda one, other: one or other)
    assert closure.of(0) == "three"


def test_what_need_not_be_looked_at_is_not() -> None:
    graph = {0: [1, 2], 1: [], 2: []}
    stepped: list[int] = []

    def step(node: int) -> tuple[bool, list[int]]:
        stepped.append(node)
        return node == 1, graph[node]

    assert Closure(step, or_, most=True).of(0)
    assert stepped == [0, 1]


@pytest.mark.parametrize("shape", ["chain", "circle", "ladder"])
def test_every_node_is_looked_at_once(shape: str) -> None:
    size, steps = 5000, Counter[int]()

    def step(node: int) -> tuple[frozenset[int], list[int]]:
        steps[node] += 1
        after = node + 1 if node + 1 < size else 0 if shape == "circle" else None
        back = [node - 1] if shape == "ladder" and node else []
        return frozenset(), [*back, *([] if after is None else [after])]

    closure = Closure(step, or_)
    for node in range(size):
        assert closure.of(node) == frozenset()
    assert steps == Counter(range(size))
