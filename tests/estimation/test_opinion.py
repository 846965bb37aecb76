"""The graph chooses the method, and what is reported is valid under it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causal_core import estimate
from causal_core.errors import (
    EstimationError,
    GraphError,
    QuestionError,
    UnknownColumn,
    UnknownLevel,
)
from causal_core.estimation.estimate import Method, opinion
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.verdict import Status
from causal_core.tables.table import Table


@pytest.fixture(scope="module")
def table() -> Table:
    rng = np.random.default_rng(0)
    z = rng.normal(size=140)
    x = (rng.random(140) < 1 / (1 + np.exp(-z))).astype(int)
    m = x + rng.normal(size=140)
    y = 2 * m + z + rng.normal(size=140)
    kind = np.resize(["a", "b", "c"], 140)
    return Table.from_frame(pd.DataFrame({"x": x, "y": y, "z": z, "m": m, "kind": kind}))


@pytest.mark.parametrize(
    ("text", "method", "status", "adjusted"),
    [
        ("dag { z -> {x y}; x -> m -> y }", Method.AIPW, Status.IDENTIFIED, {"z"}),
        ("dag { x -> m -> y; z -> y }", Method.AIPW, Status.IDENTIFIED, {"z"}),
        ("dag { x -> m -> y; x <-> y }", Method.FRONTDOOR, Status.IDENTIFIED, set()),
        ("dag { z -> x -> y; x <-> y }", Method.TSLS, Status.ASSUMED, set()),
        ("dag { y -> x; z -> y }", Method.NO_EFFECT, Status.NO_EFFECT, set()),
    ],
)
def test_the_graph_chooses(
    table: Table, text: str, method: Method, status: Status, adjusted: set[str]
) -> None:
    graph = CausalGraph.parse(text)
    found = opinion(table, graph, "x", "y")
    assert found.method is method
    assert found.adjusted == adjusted
    answer = estimate(table, graph, treatment="x", outcome="y")
    assert answer.status is status
    assert answer.value == found.value
    assert answer.interval == found.interval(0.9)
    assert answer.interval[0] <= answer.value <= answer.interval[1]


def test_no_path_is_no_effect_and_a_sentence(table: Table) -> None:
    answer = estimate(table, CausalGraph.parse("dag { z -> {x y} }"), "x", "y")
    assert (answer.value, answer.interval) == (0, (0, 0))
    assert "No arrows lead" in answer.evidence


def test_a_numeric_treatment_is_partially_linear(table: Table) -> None:
    found = estimate(table, CausalGraph.parse("dag { m -> y; x -> {m y} }"), "m", "y")
    assert found.status is Status.ASSUMED
    assert abs(found.value - 2) < 0.6


def test_a_set_that_is_not_valid_is_not_used(table: Table) -> None:
    graph = CausalGraph.parse("dag { z -> {x y}; x -> m -> y }")
    held = opinion(table, graph, "x", "y", adjusted={"z"})
    assert held.adjusted == {"z"}
    assert not any("does not give" in note for note in held.notes)
    for wrong in (set(), {"m"}, {"m", "z"}):
        found = opinion(table, graph, "x", "y", adjusted=wrong)
        assert found.adjusted == {"z"}
        assert "does not give this effect" in found.notes[0]
        assert found.value == held.value


def test_what_the_table_lacks_counts_as_unmeasured(table: Table) -> None:
    graph = CausalGraph.parse("dag { luck -> {x y}; x -> y }")
    with pytest.raises(EstimationError, match="bounds"):
        opinion(table, graph, "x", "y")


def test_the_error_points_to_bounds(table: Table) -> None:
    with pytest.raises(EstimationError, match="bounds"):
        estimate(table, CausalGraph.parse("dag { x -> y; x <-> y }"), "x", "y")


@pytest.mark.parametrize(
    ("treatment", "outcome", "values", "level", "error"),
    [
        ("nobody", "y", (0, 1), None, UnknownColumn),
        ("x", "nobody", (0, 1), None, UnknownColumn),
        ("x", "y", (0, 2), None, UnknownLevel),
        ("x", "y", (1, 1), None, QuestionError),
        ("x", "x", (0, 1), None, QuestionError),
        ("x", "kind", (0, 1), "d", UnknownLevel),
        ("m", "y", (0, float("inf")), None, QuestionError),
        ("x", "kind", (0, 1), None, GraphError),
    ],
)
def test_a_question_that_does_not_fit_is_refused(
    table: Table, treatment: str, outcome: str, values: tuple, level: str, error: type[Exception]
) -> None:
    graph = CausalGraph.parse("dag { x -> m -> y }")
    with pytest.raises(error):
        opinion(table, graph, treatment, outcome, values, level=level)


def test_an_open_graph_is_refused(table: Table) -> None:
    with pytest.raises(GraphError):
        opinion(table, CausalGraph.parse("pdag { x -- y }"), "x", "y")
