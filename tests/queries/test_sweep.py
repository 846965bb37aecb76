"""The sweep agrees with the model it is read from, and with worlds whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causal_core.association.model import AssociationModel
from causal_core.association.training import fit_association
from causal_core.errors import QuestionError, UnknownColumn, UnknownLevel
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.verdict import Status
from causal_core.queries.engine import answer
from causal_core.queries.questions import Association, Counterfactual, Intervention, Sweep
from causal_core.queries.sweep import sweep
from causal_core.scm.model import StructuralCausalModel
from causal_core.scm.training import fit
from causal_core.tables.examples import EXAMPLES
from causal_core.tables.table import Table
from tests.scm.conftest import MIXED, mixed

Fitted = tuple[StructuralCausalModel, AssociationModel, Table]


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    table = Table.from_frame(mixed(700)).select(["z", "x", "y", "b", "c", "k"])
    graph = CausalGraph.parse(MIXED)
    model = fit(table, graph, members=4, max_epochs=8)
    return model, fit_association(table, members=3, max_epochs=8), table


@pytest.fixture(scope="module")
def kidney() -> Fitted:
    example = EXAMPLES["kidney"]
    table = example.table()
    graph = CausalGraph.parse(example.graph_text)
    return fit(table, graph, members=4), fit_association(table, members=3), table


def test_the_kidney_stones_turn_round(kidney: Fitted) -> None:
    """Charig et al. 1986: seeing 78.0 and 82.6 %, doing 83.25 and 77.89 %."""
    found = sweep(*kidney[:2], Sweep("treatment", "recovered", level="yes"), kidney[2])
    np.testing.assert_allclose(found.seeing.mean, [0.780, 0.826], atol=0.005)
    np.testing.assert_allclose(found.doing.mean, [0.8325, 0.7789], atol=0.005)
    np.testing.assert_allclose(found.everyone.mean, found.doing.mean, atol=0.03)
    assert found.status is Status.IDENTIFIED
    assert "“size”" in found.evidence


QUESTIONS = [
    Sweep("x", "y", row=3),
    Sweep("x", "b", row=3, level="yes"),
    Sweep("b", "k", row=0),
    Sweep("c", "y", row=1),
    Sweep("k", "x"),
    Sweep("x", "c", level="a", do={"z": 1.0}),
    Sweep("x", "y", do={"z": 1.0, "b": "no"}),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: f"{q.cause}-{q.outcome}-{len(q.do)}")
def test_every_kind_of_question_is_finite_and_normalised(fitted: Fitted, question: Sweep) -> None:
    model, seen, table = fitted
    found = sweep(model, seen, question, table)
    positions, bins = len(found.positions), len(found.bins)
    for curve in (found.seeing, found.doing, found.everyone):
        assert curve.density.shape == (positions, bins)
        assert np.isfinite(curve.mean).all()
        assert (curve.low <= curve.mean).all()
        assert (curve.mean <= curve.high).all()
        width = 1.0 if found.edges is None else found.edges[1] - found.edges[0]
        # The grid leaves out the farthest tails only.
        assert (curve.density.sum(1) * width).min() > 0.9
        assert (curve.density.sum(1) * width).max() < 1.001
    assert ((found.support >= 0) & (found.support <= 1)).all()


def test_the_sweep_is_what_sampling_gives(fitted: Fitted) -> None:
    model, seen, table = fitted
    found = sweep(model, seen, Sweep("x", "y"), table)
    at = len(found.positions) // 2
    drawn = model.sample(20_000, do={"x": float(found.positions[at])})["y"]
    error = 4 * float(drawn.std()) / 20_000**0.5
    assert found.doing.mean[at] == pytest.approx(float(drawn.mean()), abs=error)


def test_a_row_under_its_own_value_is_itself(fitted: Fitted) -> None:
    model, seen, table = fitted
    found = sweep(model, seen, Sweep("x", "y", row=5), table)
    assert found.row is not None
    row = table.frame.iloc[5]
    assert found.row.factual == pytest.approx(row["y"])
    at_fact = np.interp(row["x"], found.positions, found.row.mean)
    # Between two positions the curve is a chord: a fraction of the outcome's spread.
    assert at_fact == pytest.approx(row["y"], abs=0.05 * float(table["y"].std()))


def test_no_causal_path_is_a_flat_line(fitted: Fitted) -> None:
    model, seen, table = fitted
    found = sweep(model, seen, Sweep("k", "x"), table)
    assert found.status is Status.NO_EFFECT
    assert float(np.ptp(found.doing.mean)) == 0.0
    assert float(np.ptp(found.seeing.mean)) > 0.0


def test_support_ends_where_the_data_do(fitted: Fitted) -> None:
    model, seen, table = fitted
    found = sweep(model, seen, Sweep("x", "y", do={"z": 2.5}), table)
    far = np.abs(found.positions - 2.5) > 5
    assert (found.support[far] < 0.05).all()
    assert found.support.max() > 0.1


def test_overlap_is_the_share_of_rows_within_reach() -> None:
    """Of those with z = r nearly none is treated: doing says nothing that data could say."""
    rng = np.random.default_rng(4)
    z = np.where(rng.random(3000) < 0.25, "l", "r")
    treated = rng.random(3000) < np.where(z == "l", 0.5, 0.002)
    x = np.where(treated, "yes", "no")
    y = (z == "l") + rng.normal(size=3000)
    table = Table.from_frame(pd.DataFrame({"z": z, "x": x, "y": y}))
    model = fit(table, CausalGraph.parse("dag {z->x;z->y;x->y}"), members=2, max_epochs=3)
    seen = fit_association(table, members=2, max_epochs=3)
    found = sweep(model, seen, Sweep("x", "y"), table)
    assert found.overlap[0] == 1.0
    assert found.overlap[1] == pytest.approx(float((z == "l").mean()), abs=0.03)
    assert (sweep(model, seen, Sweep("z", "y"), table).overlap == 1.0).all()


@pytest.mark.parametrize(
    ("question", "error"),
    [
        (Sweep("x", "x"), QuestionError),
        (Sweep("nobody", "y"), UnknownColumn),
        (Sweep("x", "y", do={"y": 1.0}), QuestionError),
        (Sweep("x", "y", do={"x": 1.0}), QuestionError),
        (Sweep("x", "b", level="perhaps"), UnknownLevel),
        (Sweep("x", "y", row=10_000), QuestionError),
    ],
)
def test_a_question_that_does_not_fit_is_refused(
    fitted: Fitted, question: Sweep, error: type[Exception]
) -> None:
    with pytest.raises(error):
        sweep(*fitted[:2], question, fitted[2])


def test_one_door_for_every_question(fitted: Fitted) -> None:
    model, seen, table = fitted
    row = table.frame.iloc[2].to_dict()
    imagined = answer(model, Counterfactual("y", row, {"x": row["x"]}))
    assert imagined.value == pytest.approx(row["y"], abs=1e-6)
    assert imagined.status is Status.ASSUMED
    done = answer(model, Intervention("b", {"x": 1.0}, "yes"))
    assert done.unit == "probability"
    assert 0 <= done.value <= 1
    viewed = answer(model, Association("b", {"x": 1.0}, "yes"), seen)
    assert viewed.value == pytest.approx(float(np.mean(_near(table, 1.0) == "yes")), abs=0.12)
    with pytest.raises(QuestionError, match="correlational net"):
        answer(model, Association("b", {"x": 1.0}))


def _near(table: Table, at: float) -> pd.Series:
    frame = table.frame
    return frame["b"][(frame["x"] - at).abs() < 0.3].astype(str)
