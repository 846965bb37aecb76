"""Paths as a person reads them, and long graphs that must not hang."""

from __future__ import annotations

import random
import time

import pytest

from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.paths import Path, open_paths, paths


def by_text(found: tuple[Path, ...]) -> dict[str, Path]:
    return {path.text: path for path in found}


def test_what_blocks_and_what_is_opened() -> None:
    graph = CausalGraph.parse("x <- a -> m <- b -> y x -> k -> y x <-> y m -> d")
    found = by_text(paths(graph, "x", "y", ("d", "k")).paths)
    assert list(found) == ["x ↔ y", "x ← a → m ← b → y", "x → k → y"], "open ones come first"
    assert [(p.causal, p.open) for p in found.values()] == [
        (False, True),
        (False, True),
        (True, False),
    ]
    assert found["x ← a → m ← b → y"].opened == ("m",), "by its descendant d"
    assert found["x → k → y"].blockers == ("k",)
    now = by_text(paths(graph, "x", "y", ("d", "a", "b")).paths)
    assert now["x ← a → m ← b → y"].blockers == ("a", "b")
    assert now["x ← a → m ← b → y"].opened == ("m",)
    assert by_text(paths(graph, "x", "y").paths)["x ← a → m ← b → y"].blockers == ("m",)


def test_unmeasured_nodes_are_shown_and_two_edges_make_two_paths() -> None:
    graph = CausalGraph.parse("u [latent] u -> {x y} x -> y x <-> y")
    assert [p.text for p in open_paths(graph, "x", "y").paths] == [
        "x ↔ y",
        "x ← u → y",
        "x → y",
    ]


def test_selected_rows_open_colliders() -> None:
    (path,) = paths(CausalGraph.parse("s [selected] x -> s <- y"), "x", "y").paths
    assert (path.open, path.opened) == (True, ("s",))


def test_paths_of_several_causes_leave_them_for_good() -> None:
    graph = CausalGraph.parse("x1 -> x2 -> y1 -> y2 x1 -> y2")
    found = paths(graph, ("x1", "x2"), ("y1", "y2"))
    assert {p.text for p in found.paths} == {"x2 → y1", "x1 → y2"}


def test_a_capped_list_holds_the_shortest_and_says_that_there_are_more() -> None:
    graph = CausalGraph.parse("x <- a -> y x <- b -> c -> y x <- d -> e -> f -> y")
    found = open_paths(graph, "x", "y", most=2)
    assert [p.text for p in found.paths] == ["x ← a → y", "x ← b → c → y"]
    assert not found.complete
    assert open_paths(graph, "x", "y", most=3).complete


@pytest.mark.parametrize("seed", range(4))
def test_sixty_nodes_answer_in_time(seed: int) -> None:
    rng = random.Random(seed)
    names = [f"n{i}" for i in range(60)]
    arrows = {tuple(sorted(rng.sample(range(60), 2))) for _ in range(200 + 200 * seed)}
    graph = CausalGraph.from_edges([(names[a], names[b]) for a, b in sorted(arrows)], nodes=names)
    start = time.monotonic()
    found = paths(graph, "n20", "n59", ("n5", "n30"), most=10**9, seconds=0.3)
    assert time.monotonic() - start < 3  # ten times the budget, for a loaded machine
    assert found.paths
    assert not found.complete


def test_unknown_names_are_refused() -> None:
    with pytest.raises(GraphError, match="no node “q”"):
        paths(CausalGraph.parse("x -> y"), "x", "y", "q")
