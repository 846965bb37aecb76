"""Front-door sets: the textbook's, within bounds, and in selected rows."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.adjustment import frontdoor_set, is_frontdoor
from causal_core.identification.frontdoors import frontdoor_sets


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x -> m -> y x <-> y", ["m"]),
        ("x -> a -> b -> y x <-> y", ["a", "b"]),
        ("x -> a -> y x -> b -> y x <-> y", ["a b"]),
        ("x -> m -> y m <- z -> y x <-> y", ["m z"]),  # z blocks what confounds m and y
        ("x -> y x <-> y", []),
        ("x -> a -> b -> c -> y x <-> y b <-> x", ["a"]),  # x ↔ b → c confounds c with x
        ("s [selected] x -> m -> y x <-> y w -> s", ["m"]),
        ("s [selected] x -> m -> y x <-> y m -> s", []),
        ("y <- z -> x", [""]),  # no effect, and nothing is needed to see it
    ],
)
def test_textbook_sets(text: str, expected: list[str]) -> None:
    found = frontdoor_sets(CausalGraph.parse(text), "x", "y")
    assert found.complete
    assert [" ".join(sorted(some)) for some in found.sets] == expected


def layers(wide: int, deep: int) -> CausalGraph:
    """So many ways from x to y, each of so many mediators: deep ** wide minimal sets."""
    ways = [["x", *(f"m{i}_{j}" for j in range(deep)), "y"] for i in range(wide)]
    arrows = [pair for way in ways for pair in pairwise(way)]
    return CausalGraph.from_edges(arrows, [("x", "y")])


def test_many_sets_are_capped() -> None:
    graph = layers(5, 3)
    assert len(frontdoor_sets(graph, "x", "y", most=1000, seconds=60).sets) == 3**5
    found = frontdoor_sets(graph, "x", "y", most=10)
    assert (len(found.sets), found.complete) == (10, False)
    assert all(is_frontdoor(graph, "x", "y", some) for some in found.sets)


def test_a_listing_ends_in_time_and_has_found_something() -> None:
    graph = layers(20, 5)
    start = time.monotonic()
    found = frontdoor_sets(graph, "x", "y", most=10**9, seconds=0.2)
    assert found.sets
    assert not found.complete
    assert time.monotonic() - start < 5  # a loaded machine may be slow, but this is no hang


def test_several_causes() -> None:
    graph = CausalGraph.parse("x1 -> m -> y x2 -> m x1 <-> y x2 <-> y")
    assert frontdoor_set(graph, ("x1", "x2"), "y") == {"m"}
