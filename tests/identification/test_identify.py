"""identify: random questions, published numbers, what is refused, and its derivations."""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from causal_core import CausalGraph, identify
from causal_core.errors import GraphError, TableError, UnknownColumn
from causal_core.graphs.graph import Edge
from causal_core.identification.estimand import Estimand
from causal_core.identification.expression import Probability
from causal_core.identification.identify import Way
from causal_core.identification.two_worlds import two_worlds
from tests.identification.checks import checked, exhibited
from tests.identification.drawn import drawn
from tests.identification.exact import ExactModel

NAPKIN = CausalGraph.parse("dag { w -> r -> x -> y; w <-> x; w <-> y }")
FRONT = CausalGraph.parse("dag { x -> z -> y; x <-> y }")


def estimand(graph: CausalGraph, x: str, y: str, z: str = "") -> Estimand:
    found = identify(graph, x.split(), y.split(), z.split()).estimand
    assert found is not None
    return found


@pytest.mark.parametrize("block", range(10))
def test_random_questions(block: int) -> None:
    """Exact formulas, hedges by definition, the verdicts of another library, two worlds."""
    shown = 0
    for seed in range(30 * block, 30 * (block + 1)):
        outcome = checked(drawn(seed), seed)
        # Far above rounding, far below the effect of any wrong term.
        assert outcome.error < 1e-8, seed
        assert outcome.agreed, seed
        if not outcome.found.identifiable and shown < 2:
            exhibited(outcome.found)
            shown += 1
    assert shown == 2


# ── published numbers ────────────────────────────────────────────────────────────────────────


def smoking() -> pd.Series:
    """Pearl 2009, table 3.1: share of smokers (x) with tar (z), and how many have cancer (y)."""
    groups = {(0, 0): (0.475, 0.10), (1, 0): (0.025, 0.90), (0, 1): (0.025, 0.05)}
    groups[1, 1] = (0.475, 0.85)
    cells = {
        (x, z, y): share * (ill if y else 1 - ill)
        for (x, z), (share, ill) in groups.items()
        for y in (0, 1)
    }
    return pd.Series(cells.values(), pd.MultiIndex.from_tuples(cells, names=["x", "z", "y"]))


def test_smoking_and_tar() -> None:
    joint = smoking()
    done = estimand(FRONT, "x", "y").evaluate(joint)
    assert done[1, 1] == pytest.approx(0.4525, abs=1e-12)
    assert done[1, 0] == pytest.approx(0.4975, abs=1e-12)
    seen = joint.groupby(["y", "x"]).sum() / joint.groupby("x").sum()
    assert seen[1, 1] == pytest.approx(0.8525, abs=1e-12)
    assert seen[1, 0] == pytest.approx(0.0975, abs=1e-12)


@pytest.mark.parametrize("seed", range(10))
def test_the_napkin_by_hand(seed: int) -> None:
    """Σ_w P(x,y|r,w) P(w) / Σ_w P(x|r,w) P(w), the same for every r."""
    model = ExactModel(NAPKIN, seed, most=3)
    wrxy = model.margin("wrxy")
    pw, rw = wrxy.sum(axis=(1, 2, 3)), wrxy.sum(axis=(2, 3))
    top = np.einsum("wrxy,wr,w->rxy", wrxy, 1 / rw, pw)
    by_hand = top / top.sum(axis=2, keepdims=True)
    value = (
        estimand(NAPKIN, "x", "y").evaluate(model.joint()).to_numpy().reshape(by_hand.shape[:0:-1])
    )
    for at_r in by_hand:
        np.testing.assert_allclose(value, at_r.T, atol=1e-12)


def test_a_tables_own_frequencies_do_for_the_napkin() -> None:
    """In data the levels of r disagree; the answer is their mean by how often they occur."""
    joint = ExactModel(NAPKIN, 3).joint()
    rough = (joint * 200).round() / (joint * 200).round().sum()
    value = estimand(NAPKIN, "x", "y").evaluate(rough)
    np.testing.assert_allclose(value.groupby("x").sum(), 1, atol=1e-12)
    exact = estimand(NAPKIN, "x", "y").evaluate(joint)
    assert np.abs(value - exact).max() < 0.1


# ── what evaluate returns ────────────────────────────────────────────────────────────────────


def test_levels_keep_their_labels_and_groups_their_order() -> None:
    graph = CausalGraph.parse("dag { b -> y; a -> y; c -> y; c -> a }")
    names, labels = ["y", "b", "c", "a"], (["no", "yes"], [1, 2], ["low"], [0.5, 1.5])
    index = pd.MultiIndex.from_product(labels, names=names)
    joint = pd.Series(np.arange(1.0, 9) / 36, index)
    value = estimand(graph, "b a", "y", "c").evaluate(joint)
    assert value.index.names == ["y", "a", "b", "c"]
    assert value["yes", 0.5, 2, "low"] == pytest.approx(7 / (3 + 7))


def test_a_treatment_without_effect_is_still_asked_about() -> None:
    joint = smoking()
    found = identify(FRONT, "y", "x")
    assert found.way is Way.NO_EFFECT
    value = found.estimand.evaluate(joint)
    assert value.index.names == ["x", "y"]
    np.testing.assert_allclose(value, 0.5)


def test_what_never_occurs_is_nan_only_where_it_is_needed() -> None:
    graph = CausalGraph.parse("dag { z -> x; z -> y; x -> y }")
    index = pd.MultiIndex.from_product([[0, 1]] * 3, names=["z", "x", "y"])
    joint = pd.Series([0.25, 0.25, 0.125, 0.125, 0.125, 0.125, 0.0, 0.0], index)
    value = estimand(graph, "x", "y").evaluate(joint)
    assert value[1, 0] == pytest.approx(0.5)
    assert np.isnan(value[1, 1])
    never = pd.Series([0.25, 0.25, 0.25, 0.25, 0, 0, 0, 0], index)
    assert not estimand(graph, "x", "y").evaluate(never).isna().any()


def test_joints_that_mean_nothing_are_refused() -> None:
    joint, asked = smoking(), estimand(FRONT, "x", "y")
    with pytest.raises(UnknownColumn, match="“z”"):
        asked.evaluate(joint.groupby(["x", "y"]).sum())
    with pytest.raises(TableError, match="add up to 2"):
        asked.evaluate(joint * 2)
    with pytest.raises(TableError, match="negative"):
        asked.evaluate(joint - 0.05)


# ── what is refused ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("x", "y", "z", "word"),
    [
        ("q", "y", "", "no node “q”"),
        ("", "y", "", "no cause"),
        ("x", "", "", "no outcome"),
        ("x", "x", "", "“x” has two roles"),
        ("x", "y", "y", "“y” has two roles"),
        ("x", "y", "x", "“x” has two roles"),
        ("u", "y", "", "“u” is unmeasured"),
        ("x", "y", "u", "“u” is unmeasured"),
    ],
)
def test_questions_that_make_no_sense(x: str, y: str, z: str, word: str) -> None:
    graph = CausalGraph.parse("dag { u [latent]; u -> x -> y }")
    with pytest.raises(GraphError, match=word):
        identify(graph, x.split(), y.split(), z.split())


def test_graphs_with_open_edges_are_refused() -> None:
    with pytest.raises(GraphError, match="no direction"):
        identify(CausalGraph(("x", "y"), (Edge("x", "y", "--"),)), "x", "y")


def test_there_are_no_two_worlds_for_what_the_data_tell() -> None:
    with pytest.raises(GraphError, match="data tell"):
        two_worlds(identify(FRONT, "x", "y"))


def test_two_worlds_leave_out_what_they_do_not_need() -> None:
    """All values of thirty columns could not be listed; those of a few can."""
    chain = [(f"c{i}", f"c{i + 1}") for i in range(30)]
    graph = CausalGraph.from_edges(
        [*chain, ("c30", "x"), ("x", "z"), ("z", "y")], [("x", "z"), ("z", "y")]
    )
    found = identify(graph, "x", "y", "z")
    exhibited(found)
    assert len(two_worlds(found)[0].nodes) <= 12


# ── derivations ──────────────────────────────────────────────────────────────────────────────


def test_the_front_doors_derivation_is_the_textbooks() -> None:
    """Pearl 2009, section 3.4.3: rules 2, 2, 3, then 3, 2 for the second half."""
    steps = identify(FRONT, "x", "y").steps
    rules = [step.rule for step in steps]
    assert rules == ["Probability", "Rule 2", "Rule 2", "Rule 3", "Probability", "Rule 3", "Rule 2"]
    assert steps[0].before == r"P(y \mid do(x))"
    assert steps[-1].after == r"\sum_{z} P(z \mid x) \sum_{x'} P(y \mid x', z) P(x')"
    last = steps[-1].separation
    assert last is not None
    assert last.blocked == (("z", "x", "y"),)
    assert steps[-1].cut == (Edge("z", "y"),)


@pytest.mark.parametrize("seed", range(60))
def test_steps_follow_from_one_another(seed: int) -> None:
    """Each graph lacks what is cut and gone; a derivation leads from the question to the end."""
    asked = drawn(seed)
    found = identify(asked.graph, asked.x, asked.y, asked.z)
    for step in found.steps:
        assert not set(step.cut) & set(step.graph.edges)
        assert not set(step.gone) & set(step.graph.nodes)
        if (apart := step.separation) is not None:
            ends = {(path[0], path[-1]) for path in apart.blocked}
            assert ends <= set(product(apart.xs, apart.ys))
            assert len(apart.blocked) <= 12
    question = Probability(found.outcome, found.given, found.treatment)
    assert found.steps[0].before == str(question)
    if found.estimand:
        assert found.steps[-1].after == str(found.estimand)
    if found.way not in (Way.ID, Way.NONE):
        for before, after in zip(found.steps, found.steps[1:], strict=False):
            assert before.after == after.before


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.permutations(range(7)))
def test_names_do_not_matter(seed: int, order: list[int]) -> None:
    """The verdict is the same whatever the columns are called."""
    asked = drawn(seed)
    called = {f"n{i}": f"m{place}" for i, place in enumerate(order)}
    graph = CausalGraph.from_edges(
        [(called[e.source], called[e.target]) for e in asked.graph.edges if e.kind == "->"],
        [(called[e.source], called[e.target]) for e in asked.graph.edges if e.kind == "<->"],
        nodes=[called[name] for name in asked.graph.nodes],
    )
    x, y, z = ([called[name] for name in names] for names in (asked.x, asked.y, asked.z))
    renamed = identify(graph, x, y, z)
    assert renamed.identifiable == identify(asked.graph, asked.x, asked.y, asked.z).identifiable
