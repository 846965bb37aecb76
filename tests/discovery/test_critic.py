"""The critic: what it calls contradicted, what would mend it, and what it says of bad tables."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmarks.critic_worlds import WORLDS, KnownWorld
from causal_core.discovery.caveats import caveats, varsortability
from causal_core.discovery.critic import Criticism, Verdict, criticise, holm
from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.tables.table import Table
from causal_core.views.critic_marks import marks
from causal_core.views.critic_words import claim_rows, headline

CHAIN = CausalGraph.parse("dag { a -> b; b -> c; c -> d }")


def chain(rows: int = 800) -> Table:
    n = np.random.default_rng(0).normal(size=(4, rows))
    a = n[0]
    b = a + n[1]
    c = b + n[2]
    return Table.from_frame(pd.DataFrame({"a": a, "b": b, "c": c, "d": c + n[3]}))


def said(found: Criticism) -> str:
    return headline(found, 4)


def test_nothing_contradicts_the_graph_that_made_the_rows() -> None:
    found = criticise(chain(), CHAIN)
    assert [str(one.claim) for one in found.claims] == ["a ⊥ c | b", "a ⊥ d | b", "b ⊥ d | c"]
    assert said(found).startswith("Nothing contradicts this graph: it claims 3 independencies")
    assert not found.weak
    assert not found.mends
    assert [str(edge) for edge in found.open_arrows or ()] == ["a -> b", "b -> c", "c -> d"]


def test_a_missing_arrow_is_contradicted_and_named_as_its_own_mend() -> None:
    found = criticise(chain(), CHAIN.remove(Edge("b", "c")))
    assert said(found).startswith("The rows contradict 4 of 4 independencies")
    assert found.mends[0].edge == Edge("b", "c")
    row = claim_rows(found)[0]
    assert (row["the rows say"], row["would be mended by"]) == ("contradicted", "b → c")
    assert all(one.corrected >= one.tested.p for one in found.claims)


def test_an_arrow_drawn_the_wrong_way_is_turned_around() -> None:
    n = np.random.default_rng(1).normal(size=(3, 800))
    frame = pd.DataFrame({"a": n[0], "b": n[1], "c": n[0] + n[1] + 0.5 * n[2]})
    found = criticise(Table.from_frame(frame), CausalGraph.parse("a -> c -> b"))
    assert [str(one.claim) for one in found.contradicted] == ["a ⊥ b | c"]
    best = found.mends[0]
    assert (best.edge, best.turned) == (Edge("b", "c"), True)


def test_an_arrow_that_carries_nothing_is_called_weak() -> None:
    found = criticise(chain(), CHAIN.add(Edge("a", "d")))
    assert [str(arrow.edge) for arrow in found.weak] == ["a -> d"]
    assert found.weak[0].given == ("c",)
    # 2.8 standard errors of 1 / √800
    assert found.weak[0].least == pytest.approx(0.099, abs=1e-3)


def test_the_marks_say_where_and_what() -> None:
    found = criticise(chain(), CHAIN.remove(Edge("b", "c")).add(Edge("a", "d")))
    drawn = json.loads(json.dumps(marks(found)))
    kinds = {(mark["source"], mark["target"]): mark["kind"] for mark in drawn}
    assert kinds["b", "c"] == "missing"
    assert all(mark["words"].endswith((".", "more.")) for mark in drawn)


def test_unmeasured_causes_are_projected_away() -> None:
    graph = CausalGraph.parse("dag { u [latent] u -> a; u -> b; b -> c; c -> d }")
    found = criticise(chain(), graph)
    assert not found.contradicted
    assert found.open_arrows is None
    assert {str(one.claim) for one in found.claims} == {"a ⊥ c | b", "a ⊥ d | b", "b ⊥ d | c"}


def test_a_node_without_a_column_counts_as_unmeasured_and_is_said() -> None:
    found = criticise(chain(), CHAIN.rename("b", "luck"))
    assert "“luck”: no such column" in found.notes[0]
    assert [str(one.claim) for one in found.claims] == ["a ⊥ d | c"]


def test_open_edges_are_refused_in_words() -> None:
    with pytest.raises(GraphError, match="Direct the open edges"):
        criticise(chain(), CausalGraph(("a", "b"), (Edge("a", "b", "--"),)))


def test_a_complete_graph_claims_nothing() -> None:
    names = "abcd"
    every = CausalGraph.from_edges([(x, y) for x in names for y in names if x < y])
    assert said(criticise(chain(), every)).startswith("Every pair is joined")
    assert headline(criticise(chain(), CausalGraph()), 0).startswith("Draw two columns")


def test_holms_correction_is_that_of_the_textbook() -> None:
    """Holm (1979): 0.01 × 4, then max(0.04, 0.02 × 3), max(0.06, 0.03 × 2), 0.04."""
    found = holm([0.02, 0.01, 0.04, 0.03], 4)
    assert found.tolist() == pytest.approx([0.06, 0.04, 0.06, 0.06])


def awkward() -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(2)
    a, b, c = rng.normal(size=(3, 200))
    towns = [f"town {i % 100}" for i in range(200)]
    holes = np.where(rng.random(200) < 0.95, np.nan, a)
    return {
        "constant": pd.DataFrame({"a": a, "b": np.ones(200), "c": c}),
        "copies": pd.DataFrame({"a": a, "b": a, "c": c}),
        "sum": pd.DataFrame({"a": a, "b": b, "c": a + b}),
        "few rows": pd.DataFrame({"a": a[:3], "b": b[:3], "c": c[:3]}),
        "many levels": pd.DataFrame({"a": a, "b": towns, "c": c}),
        "holes": pd.DataFrame({"a": a, "b": b, "c": holes}),
        "huge": pd.DataFrame({"a": a * 1e150, "b": b * 1e-150, "c": c + 1e12}),
        "two values": pd.DataFrame({"a": (a > 2.3) * 1.0, "b": (b > 0) * 1.0, "c": c}),
    }


@pytest.mark.parametrize("kind", awkward())
@pytest.mark.parametrize("text", ["a -> b -> c", "dag { a b c }", "a <-> b <- c"])
def test_awkward_tables_give_sentences_and_finite_numbers(kind: str, text: str) -> None:
    table, graph = Table.from_frame(awkward()[kind]), CausalGraph.parse(text)
    found = criticise(table, graph)
    for one in (*found.claims, *found.arrows):
        assert np.isfinite([one.tested.p, one.tested.effect]).all()
        assert one.tested.told or one.tested.problem.endswith(".")
    assert headline(found, 3).endswith(".")
    assert all(sentence.endswith(".") for sentence in caveats(table, graph))


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("constant", "“b” has the same value"),
        ("copies", "“a” and “b” say the same"),
        ("sum", "exactly, like a sum"),
        ("few rows", "3 rows for 3 columns"),
        ("holes", "“c”: more than a tenth"),
    ],
)
def test_what_weakens_the_tests_is_said(kind: str, part: str) -> None:
    found = caveats(Table.from_frame(awkward()[kind]), CausalGraph.parse("a -> b -> c"))
    assert any(part in sentence for sentence in found)


def test_varsortability_counts_paths_along_which_the_variance_grows() -> None:
    """By hand: of a → b → c → d, three paths of length 1, two of 2, one of 3."""
    assert varsortability(CHAIN, {"a": 1, "b": 2, "c": 3, "d": 4}) == 1
    assert varsortability(CHAIN, {"a": 4, "b": 3, "c": 2, "d": 1}) == 0
    assert varsortability(CHAIN, dict.fromkeys("abcd", 1.0)) == 0.5
    assert varsortability(CHAIN, {"a": 1, "b": 3, "c": 2, "d": 4}) == pytest.approx(5 / 6)
    assert varsortability(CHAIN, {"a": 1, "b": 2}) is None


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_worlds_of_every_kind_raise_no_alarm_and_name_what_is_missing(world: KnownWorld) -> None:
    """Three tables each; `benchmarks.critic` does it a hundred times."""
    for seed in range(3):
        table = world.table(seed, 1000)
        found = criticise(table, world.graph)
        assert not found.contradicted
        strong = max(found.arrows, key=lambda arrow: abs(arrow.tested.effect)).edge
        cut = criticise(table, replace(world.graph, notes={}).remove(strong))
        first = cut.mends[0].edge
        assert {first.source, first.target} == {strong.source, strong.target}
        assert all(one.verdict is not Verdict.UNTOLD for one in found.claims)
