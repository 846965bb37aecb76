"""Published graphs and what licenses an answer on them."""

from __future__ import annotations

import pytest

from causal_core.estimation.licence import LicenceKind, licence
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.verdict import Status, verdict

NAPKIN = "dag { w -> z; z -> x; x -> y; w <-> x; w <-> y }"  # Pearl & Mackenzie 2018, p. 240
CASES = [
    ("dag {x->y}", LicenceKind.BACKDOOR, "Nothing acts on both", ()),
    ("dag {z->x;z->y;x->y}", LicenceKind.BACKDOOR, "alike in “z”", ("z",)),
    ("dag {u[latent];u->x;u->y;x->m;m->y}", LicenceKind.FRONTDOOR, "through “m”", ("m",)),
    (NAPKIN, LicenceKind.ID, "rely on the second opinion", ()),
    ("dag {x->w;x->y;x<->w}", LicenceKind.BACKDOOR, "Nothing acts on both", ()),
    ("dag {z->x;x->y;x<->y}", LicenceKind.INSTRUMENT, "“z” moves “x”", ("z",)),
    ("dag {x->y;x<->y}", LicenceKind.ASSUMED, "no data test it", ()),
    ("dag {y->x}", LicenceKind.NO_EFFECT, "No arrows lead from “x” to “y”", ()),
    ("dag {x--y}", LicenceKind.NOT_ANSWERABLE, "no direction", ()),
]


@pytest.mark.parametrize(("text", "kind", "words", "names"), CASES)
def test_published_graphs(text: str, kind: LicenceKind, words: str, names: tuple[str, ...]) -> None:
    found = licence(CausalGraph.parse(text), "x", "y")
    assert found.kind is kind
    assert words in found.sentence
    assert found.names == names
    assert bool(found.formula) == found.identified


def test_bounds_stand_in_where_the_columns_allow_them() -> None:
    bow = CausalGraph.parse("dag {x->y;x<->y}")
    assert licence(bow, "x", "y", bounded=True).kind is LicenceKind.BOUNDED
    assert licence(bow, {"x"}, "y", bounded=False).kind is LicenceKind.ASSUMED


def test_an_unmeasured_cause_is_not_answerable() -> None:
    graph = CausalGraph.parse("dag {u[latent];u->y}")
    found = licence(graph, "u", "y")
    assert found.kind is LicenceKind.NOT_ANSWERABLE
    assert "unmeasured" in found.sentence


@pytest.mark.parametrize("text", [text for text, *_ in CASES if "--" not in text])
def test_the_equations_never_contradict_the_licence(text: str) -> None:
    """What the picture calls identified is so; where it is not, the licence says no more."""
    graph = CausalGraph.parse(text)
    status = verdict(graph, ["x"], "y").status
    kind = licence(graph, "x", "y")
    assert kind.identified == (status is not Status.NOT_IDENTIFIED)
    assert kind.followed == (status in (Status.IDENTIFIED, Status.NO_EFFECT))
    assert (kind.kind is LicenceKind.NO_EFFECT) == (status is Status.NO_EFFECT)
    if status is Status.ASSUMED:
        assert "rely on the second opinion" in kind.sentence


def test_several_settings_at_once() -> None:
    graph = CausalGraph.parse("dag {z->x;z->y;x->y;x<->y}")
    assert licence(graph, ["x", "z"], "y").kind is LicenceKind.ASSUMED
    clean = CausalGraph.parse("dag {c->x;c->y;z->y;x->y;c->z}")
    assert licence(clean, ["x", "z"], "y").identified
