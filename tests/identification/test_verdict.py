"""Published graphs and the verdict that the fitted equations deserve on them."""

from __future__ import annotations

import pytest

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.contexts import contexts
from causal_core.identification.verdict import Status, verdict

CASES = [
    ("dag {x->y}", {"x"}, "y", Status.IDENTIFIED, "without adjustment"),
    ("dag {z->x;z->y;x->y}", {"x"}, "y", Status.IDENTIFIED, "“z”"),
    ("dag {x->m;m->y;x<->y}", {"x"}, "y", Status.IDENTIFIED, "front door (“m”)"),
    ("dag {u[latent];u->x;u->y;x->m;m->y}", {"x"}, "y", Status.IDENTIFIED, "front door"),
    ("dag {x->y;x<->y}", {"x"}, "y", Status.NOT_IDENTIFIED, "hidden cause"),
    ("dag {z->x;x->y;x<->y}", {"x"}, "y", Status.NOT_IDENTIFIED, "“x”"),
    ("dag {z->x;x->y;x<->y}", {"z"}, "y", Status.IDENTIFIED, "without adjustment"),
    ("dag {x->y}", {"y"}, "x", Status.NO_EFFECT, "No arrows lead"),
    ("dag {x->w;w->y;x<->w}", {"x"}, "y", Status.NOT_IDENTIFIED, "hidden cause"),
    # A bow beside the question does not spoil it (Tian & Pearl 2002).
    ("dag {x->w;x->y;x<->w}", {"x"}, "y", Status.IDENTIFIED, "Identified"),
    ("dag {a->b;b->y;a->y}", {"a", "b"}, "y", Status.IDENTIFIED, "no unmeasured"),
]


@pytest.mark.parametrize(("text", "treated", "outcome", "status", "words"), CASES)
def test_published_graphs(
    text: str, treated: set[str], outcome: str, status: Status, words: str
) -> None:
    found = verdict(CausalGraph.parse(text), treated, outcome)
    assert found.status is status
    assert words in found.reason


def test_the_front_door_reads_the_treatment_as_it_naturally_is() -> None:
    read = contexts(CausalGraph.parse("dag {x->m;m->y;x<->y}"))
    assert read["y"].acting == ("m",)
    assert read["y"].natural == ("x",)
    assert read["y"].clashing == frozenset()


def test_without_bidirected_edges_a_context_is_the_parents() -> None:
    graph = CausalGraph.parse("dag {z->x;z->y;x->y;y->w}")
    for node, read in contexts(graph).items():
        assert set(read.names) == graph.parents(node)
        assert read.natural == ()
