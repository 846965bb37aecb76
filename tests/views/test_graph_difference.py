"""The difference of two graphs as a picture and in words."""

from __future__ import annotations

from causal_core.graphs.difference import difference
from causal_core.graphs.graph import CausalGraph
from causal_core.views.graph_difference import payload, sentences

BEFORE = CausalGraph.parse(
    'dag { a [pos="0,0"] b [pos="200,0"] c [pos="400,0"] gone [latent,pos="0,300"] '
    "a -> b b -> c gone -> a }"
)
AFTER = CausalGraph.parse(
    'dag { a [pos="0,0"] b [pos="200,0"] c [pos="400,0"] new [pos="600,0"] '
    "c -> a b -> a new <-> c }"
)


def test_every_edge_of_both_is_drawn_once_and_marked() -> None:
    """Together they hold a circle, which no single graph may."""
    data = payload(BEFORE, AFTER)
    kinds = {name: drawn["change"] for name, drawn in data["edges"].items()}
    assert kinds == {
        "c → a": "added",
        "b → a": "turned",
        "c ↔ new": "added",
        "b → c": "removed",
        "gone → a": "removed",
    }
    assert len(data["graph"]["edges"]) == len(kinds)
    assert {name for name, drawn in data["edges"].items() if drawn["other"]} == {
        "b → c",
        "gone → a",
    }
    assert data["changes"] == {"new": "new", "gone": "gone"}
    for word in ("c → a added", "b → c removed", "b → a turned"):
        assert word in data["said"]


def test_what_is_gone_stands_where_it_was_unless_something_is_there_now() -> None:
    def place(after: CausalGraph) -> tuple[float, float]:
        nodes = payload(BEFORE, after)["graph"]["nodes"]
        return next((n["x"], n["y"]) for n in nodes if n["name"] == "gone")

    assert place(AFTER) == (0, 300)
    assert place(CausalGraph(("z",), positions={"z": (10, 310)})) != (0, 300)


def test_unchanged_edges_are_faint_and_without_a_figure() -> None:
    data = payload(BEFORE, BEFORE)
    assert {drawn["figure"] for drawn in data["edges"].values()} == {""}
    assert all(drawn["share"] < 0.5 for drawn in data["edges"].values())
    assert data["said"] == "Difference of two graphs: no edge differs."


def test_sentences_quote_names_literally() -> None:
    one = CausalGraph.from_edges([("![x](y)", "`b`")])
    two = CausalGraph(("![x](y)", "`b`"), latent=frozenset({"`b`"}))
    assert sentences(difference(one, two)) == [
        "Now latent: `` `b` ``.",
        "Removed: `![x](y)` → `` `b` ``.",
    ]
    assert sentences(difference(one, one)) == []
