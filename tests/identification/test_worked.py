"""Published graphs: verdicts, canonical formulas, exact values, hedges and two worlds."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from causal_core.identification.identify import identify
from causal_core.identification.two_worlds import answers_differ, two_worlds
from tests.identification.exact import ExactModel
from tests.identification.worked import IDENTIFIABLE, NOT_IDENTIFIABLE, WORKED, Worked


def called(case: Worked) -> str:
    return case.source


@pytest.mark.parametrize("case", WORKED, ids=called)
def test_verdict_and_formula(case: Worked) -> None:
    found = identify(*case.asked)
    assert found.way is case.way
    assert str(found.estimand or "") == case.formula


@pytest.mark.parametrize("case", IDENTIFIABLE, ids=called)
@pytest.mark.parametrize("seed", range(3))
def test_the_formula_is_the_effect_in_every_model(case: Worked, seed: int) -> None:
    graph, x, y, z = case.asked
    model = ExactModel(graph, seed)
    estimand = identify(graph, x, y, z).estimand
    assert estimand is not None
    value = estimand.evaluate(model.joint())
    assert value.index.names == [*sorted(y), *sorted(x), *sorted(z)]
    # Sums and products of at most a thousand numbers of order 1 in float64.
    np.testing.assert_allclose(value, model.truth(y, x, z).ravel(), atol=1e-12)


@pytest.mark.parametrize("case", NOT_IDENTIFIABLE, ids=called)
def test_a_no_has_its_hedge_and_two_worlds(case: Worked) -> None:
    found = identify(*case.asked)
    hedge = found.hedge
    assert hedge is not None
    assert hedge.holds_in(found.graph, hedge.treatment, hedge.outcome)
    one, other = two_worlds(found)
    np.testing.assert_allclose(one.probability(), other.probability(), atol=1e-12)
    assert one.probability().min() > 0
    assert answers_differ(found, one, other)


@pytest.mark.parametrize("case", WORKED, ids=called)
def test_the_order_of_the_nodes_changes_nothing(case: Worked) -> None:
    graph, *asked = case.asked
    turned = graph.from_edges(
        [(e.source, e.target) for e in graph.edges if e.kind == "->"],
        [(e.source, e.target) for e in graph.edges if e.kind == "<->"],
        nodes=graph.nodes[::-1],
        latent=graph.latent,
    )
    assert identify(turned, *asked).estimand == identify(graph, *asked).estimand
