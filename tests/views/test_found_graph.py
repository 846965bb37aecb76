"""The picture of a graph that was found: what is drawn, what is kept, what each edge offers."""

from __future__ import annotations

import numpy as np
import pytest

from causal_core.discovery.discover import Discovered, FoundEdge
from causal_core.discovery.judgement import Say, Verdict, judge
from causal_core.discovery.next_question import next_question
from causal_core.discovery.situation import Method
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.views.found_graph import kept_graph, payload, steered
from causal_core.views.found_words import next_words

GRAPH = CausalGraph.parse("a -- b -- c; x -> z; y -> z")
SHARES = {"a -- b": 1.0, "b -- c": 0.4, "x -> z": 0.95, "y -> z": 0.3}


@pytest.fixture
def found() -> Discovered:
    edges = tuple(FoundEdge(e, SHARES[str(e)], SHARES[str(e)] / 2, 0.0) for e in GRAPH.edges)
    others = (FoundEdge(Edge("a", "c", "--"), 0.2, 0, 0), FoundEdge(Edge("a", "z"), 0.01, 0, 0))
    return Discovered(GRAPH, Method.LINEAR, "", edges, others, 9.0, 100, 50, ())


def kinds(graph: CausalGraph) -> set[str]:
    return {str(edge) for edge in graph.edges}


def test_rare_edges_go_and_those_decided_on_stay(found: Discovered) -> None:
    verdicts = [Verdict("c", "b", Say.ARROW), Verdict("x", "z", Say.ABSENT)]
    judged = judge(GRAPH, verdicts)
    assert kinds(kept_graph(found, judged, 0.5)) == {"c -> b", "b -> a"}
    assert kinds(kept_graph(found, judged, 0.0)) == {"c -> b", "b -> a", "y -> z"}


def test_what_is_only_in_some_resamples_is_drawn_apart(found: Discovered) -> None:
    drawn = payload(found)["edges"]
    assert [name for name, told in drawn.items() if told["other"]] == ["a — c"]
    assert not drawn["b — c"]["strong"]
    assert "menu" not in drawn["a — b"]


def offers(found: Discovered, *verdicts: Verdict) -> dict[str, tuple[str, list[str]]]:
    told = steered(found, judge(GRAPH, verdicts), GRAPH)["edges"]
    return {
        name: (one["state"], [label for label, _ in one["menu"]])
        for name, one in told.items()
        if "menu" in one
    }


def test_each_edge_offers_what_can_be_said_of_it(found: Discovered) -> None:
    at_first = offers(found)
    ways = ["a → b", "b → a", "leave open", "accept it", "not an edge"]
    assert at_first["a — b"] == ("open", ways)
    assert at_first["x → z"] == ("found", ["accept it", "not an edge"])
    assert "a — c" not in at_first
    later = offers(found, Verdict("a", "b", Say.ARROW), Verdict("x", "z", Say.KEPT))
    assert later["a → b"] == ("mine", ["take back", "turn: b → a", "not an edge"])
    assert later["b → c"] == ("followed", ["not an edge"])
    assert later["x → z"] == ("kept", ["take back", "not an edge"])
    assert offers(found, Verdict("x", "z", Say.ABSENT))["x → z"] == ("absent", ["put it back"])


def test_a_graph_with_common_causes_can_be_judged_too(found: Discovered) -> None:
    graph = CausalGraph.parse("a <-> b; b -> c; x @-> z")
    told = steered(found, judge(graph, [Verdict("a", "b", Say.KEPT)]), graph)["edges"]
    assert told["a ↔ b"]["state"] == "kept"
    assert told["x o→ z"]["why"] == ""


def test_names_are_shown_literally() -> None:
    graph = CausalGraph(("![x](y)", "b`"), (Edge("![x](y)", "b`", "--"),))
    asked = next_question(graph)
    assert asked is not None
    assert "`![x](y)`" in next_words(asked)
    assert "`` b` ``" in next_words(asked)


def test_every_place_is_finite_however_flat_the_graph(found: Discovered) -> None:
    for node in payload(found)["graph"]["nodes"]:
        assert np.isfinite([node["x"], node["y"]]).all()
