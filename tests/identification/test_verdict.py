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
    # The napkin has a formula that the equations cannot follow (Pearl & Mackenzie 2018, p. 240).
    ("dag {w->z;z->x;x->y;w<->x;w<->y}", {"x"}, "y", Status.ASSUMED, "rely on the second"),
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


READING = [
    ("dag {z->x;z->y;x->y}", {"x": {"z"}}, "y", Status.IDENTIFIED, "no unmeasured"),
    ("dag {z;x;y;x->y;z<->y}", {"x": {"z"}}, "y", Status.IDENTIFIED, "districts"),
    ("dag {x->y;x<->y;z->x}", {"x": {"z"}}, "y", Status.NOT_IDENTIFIED, "hidden cause"),
    ("dag {x->m;m->y;x<->y}", {"x": {"x"}}, "y", Status.IDENTIFIED, "front door"),
    # Reading x naturally under a set z needs z in both roles; setting x alone does not.
    ("dag {z->x;x->y;z<->x}", {"z": {}, "x": {}}, "y", Status.IDENTIFIED, "Identified"),
    ("dag {z->x;x->y;z<->x}", {"z": {}, "x": {"x"}}, "y", Status.NOT_IDENTIFIED, "“z”"),
    # What is read is itself the effect of something set, with a hidden cause between the two.
    ("dag {a->z;a<->z;x->y}", {"a": {}, "x": {"z"}}, "y", Status.NOT_IDENTIFIED, "“a”"),
    # The outcome is set by a policy: it is what the policy reads that counts.
    ("dag {z->y}", {"y": {"z"}}, "y", Status.IDENTIFIED, "no unmeasured"),
    ("dag {y->x;z}", {"x": {"z"}}, "y", Status.NO_EFFECT, "No arrows lead"),
]


@pytest.mark.parametrize(("text", "reads", "outcome", "status", "words"), READING)
def test_policies_rest_on_what_they_read(
    text: str, reads: dict[str, set[str]], outcome: str, status: Status, words: str
) -> None:
    found = verdict(CausalGraph.parse(text), reads, outcome, reads)
    assert found.status is status
    assert words in found.reason
