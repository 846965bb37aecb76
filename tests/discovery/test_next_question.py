"""The next question against every graph of the class."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_core.discovery.next_question import next_question
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.partial import cpdag, oriented
from tests.discovery import worlds

Arrows = frozenset[tuple[str, str]]


def colliders(arrows: Arrows) -> set[tuple[str, frozenset[str]]]:
    joined = {frozenset(arrow) for arrow in arrows}
    return {
        (c, frozenset((a, b)))
        for (a, c), (b, d) in combinations(arrows, 2)
        if c == d and frozenset((a, b)) not in joined
    }


def acyclic(arrows: Arrows) -> bool:
    left = set(arrows)
    while left:
        ends = {a for a, b in left if a not in {effect for _, effect in left}}
        if not ends:
            return False
        left = {(a, b) for a, b in left if a not in ends}
    return True


def members(graph: CausalGraph) -> list[Arrows]:
    """Every graph of arrows of the class, by trying all directions of its open edges."""
    fixed = {(e.source, e.target) for e in graph.edges if e.kind == "->"}
    lines = [(e.source, e.target) for e in graph.edges if e.kind == "--"]
    ways = (frozenset(fixed.union(way)) for way in product(*((line, line[::-1]) for line in lines)))
    joined = {frozenset((e.source, e.target)) for e in graph.edges}
    known = {
        (c, frozenset((a, b)))
        for (a, c), (b, d) in combinations(fixed, 2)
        if c == d and frozenset((a, b)) not in joined
    }
    return [way for way in ways if acyclic(way) and colliders(way) == known]


def settled(every: list[Arrows], open_: list[tuple[str, str]], answer: Arrows) -> int:
    """How many open edges point the same way in every member that has the answer's arrows."""
    left = [one for one in every if answer <= one]
    return sum(len({(a, b) in one for one in left}) == 1 for a, b in open_)


@given(seed=st.integers(0, 10**6), size=st.integers(2, 5), told=st.booleans())
@settings(max_examples=60)
def test_it_is_the_best_by_brute_force(seed: int, size: int, told: bool) -> None:
    rng = np.random.default_rng(seed)
    graph = cpdag(worlds.named(worlds.graph(size, min(size - 1, 2.5), rng)))
    open_ = [(e.source, e.target) for e in graph.edges if e.kind == "--"]
    if told and open_:  # classes with knowledge too
        graph = oriented(graph, [open_[0][:: int(rng.choice([-1, 1]))]])
        open_ = [(e.source, e.target) for e in graph.edges if e.kind == "--"]
    found = next_question(graph)
    if not open_:
        assert found is None
        return
    assert found is not None
    every = members(graph)

    def worth(answers: list[Arrows]) -> tuple[int, float]:
        counts = [settled(every, open_, answer) for answer in answers]
        return min(counts), float(np.mean(counts))

    edges = {pair: worth([frozenset([pair]), frozenset([pair[::-1]])]) for pair in open_}
    acts = {
        name: worth(list({frozenset(a for a in one if name in a) for one in every}))
        for name in {end for pair in open_ for end in pair}
    }
    assert found.open == len(open_)
    for step, ways in ((found.knowledge, edges), (found.experiment, acts)):
        assert step is not None
        asked = ways[step.ask if len(step.ask) == 2 else step.ask[0]]  # type: ignore[index]
        assert (step.least, step.mean) == asked
        assert asked == max(ways.values())


def test_a_chain_is_best_asked_in_its_middle() -> None:
    found = next_question(CausalGraph.parse("a -- b -- c -- d -- e"))
    assert found is not None
    assert (found.knowledge.ask, found.knowledge.least) == (("b", "c"), 2)
    assert found.experiment is not None
    assert (found.experiment.ask, found.experiment.least) == (("c",), 3)


def test_hidden_edges_are_not_counted_and_other_kinds_are_no_question() -> None:
    graph = CausalGraph.parse("a -- b; b -- c; x -- y")
    found = next_question(graph, [frozenset("xy")])
    assert found is not None
    assert (found.open, found.knowledge.ask) == (1, ("x", "y"))
    assert next_question(graph, []) is None
    assert next_question(CausalGraph.parse("a @-@ b")) is None
    assert next_question(CausalGraph.parse("a -> b")) is None
