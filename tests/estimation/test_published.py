"""Effects that others have published, from the same rows."""

from __future__ import annotations

import causaldata
import numpy as np
import pandas as pd
import pytest

from causal_core.estimation.aipw import aipw
from causal_core.estimation.contrast import contrast
from causal_core.estimation.estimate import Estimate, Method, opinion
from causal_core.estimation.instrumental import two_stage
from causal_core.graphs.graph import CausalGraph
from causal_core.tables.examples import EXAMPLES
from causal_core.tables.table import Table

CARD = ("exper", "black", "south", "married", "smsa")
# Pearl 2009, *Causality*, table 3.1: share of each group, and of cancer in it.
TAR = {
    ("no", "no"): (0.475, 0.10),
    ("yes", "no"): (0.025, 0.90),
    ("no", "yes"): (0.025, 0.05),
    ("yes", "yes"): (0.475, 0.85),
}


def on_the_shelf(key: str, seed: int = 0) -> Estimate:
    example = EXAMPLES[key]
    table, graph = example.table(), CausalGraph.parse(example.graph_text)
    levels = table.variable(example.cause).levels
    values = (levels[0], levels[1])
    return opinion(
        table, graph, example.cause, example.outcome, values, level=example.positive, seed=seed
    )


def college() -> pd.DataFrame:
    return causaldata.close_college.load_pandas().data


def test_card_by_least_squares_and_by_distance_to_college() -> None:
    """Cunningham 2021, *Causal inference: the mixtape*, table 7.2, on Card (1995)."""
    rows = college().dropna().astype(float)
    y, x = rows["lwage"].to_numpy(), rows["educ"].to_numpy()
    held = rows[list(CARD)].to_numpy()
    plain = two_stage(y, x, x[:, None], held)  # moved by itself: ordinary least squares
    assert plain.slope == pytest.approx(0.0712, abs=5e-5)
    moved = two_stage(y, x, rows[["nearc4"]].to_numpy(), held)
    assert moved.slope == pytest.approx(0.1242, abs=5e-5)
    assert moved.classical == pytest.approx(0.0500, abs=5e-5)
    assert moved.first_stage == pytest.approx(15.767, abs=5e-4)


def test_card_asked_through_the_graph() -> None:
    arrows = [(z, v) for z in CARD for v in ("nearc4", "educ", "lwage")]
    graph = CausalGraph.from_edges(
        [("nearc4", "educ"), ("educ", "lwage"), *arrows], [("educ", "lwage")]
    )
    found = opinion(Table.from_frame(college()), graph, "educ", "lwage", (12, 16))
    assert found.method is Method.TSLS
    assert found.value == pytest.approx(4 * 0.1242, abs=2e-4)
    assert found.adjusted == frozenset(CARD)
    assert any("7 of 3,010 rows" in note for note in found.notes)
    assert any("F is 15.8" in note for note in found.notes)


def test_the_training_experiment_needs_no_adjustment() -> None:
    """LaLonde's experiment as Dehejia & Wahba (1999) use it: 1,794, error 671."""
    experiment = causaldata.nsw_mixtape.load_pandas().data
    asked = contrast(Table.from_frame(experiment), "treat", "re78", (0, 1), None)
    found = aipw(asked, frozenset())
    # Leaving out each fold's own rows moves the mean by far less than its error.
    assert found.value == pytest.approx(1794.34, abs=15)
    assert found.error == pytest.approx(671, abs=10)
    before = frozenset({"age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"})
    assert aipw(asked, before).value == pytest.approx(1794, abs=200)


@pytest.mark.parametrize("seed", [0, 1])
def test_training_without_the_experiment_s_controls(seed: int) -> None:
    """CPS-1 stands in for the controls: seen, training costs 8,498; the experiment says +1,794.

    Adjusted, the estimate lies in the experiment's 95 % interval, and says that it rests on
    the few who could have been trained. CPS-3 cannot be cut out of this file: it lacks who was
    out of work in March 1976.
    """
    found = on_the_shelf("nsw-cps", seed)
    assert found.method is Method.AIPW
    assert abs(found.value - 1794) < 1.96 * 671
    assert found.error < 2 * 671
    assert found.rows < 1000
    assert any("left out" in note for note in found.notes)
    assert found.overlap is not None
    assert found.overlap.share < 0.1


def test_quitting_smoking_adds_weight() -> None:
    """Hernán & Robins, *What If*, chapters 12 and 13: 3.4 to 3.5 kg, 95 % interval 2.4 to 4.5."""
    found = on_the_shelf("nhefs")
    assert found.value == pytest.approx(3.45, abs=0.25)  # half of its error
    low, high = found.interval(0.95)
    assert (low, high) == pytest.approx((2.4, 4.5), abs=0.4)
    assert found.unit == "kg"
    assert found.rows == 1566


def test_kidney_stones_by_size() -> None:
    """Charig et al. 1986: standardised by size 83.3 % against 77.9 %."""
    found = on_the_shelf("kidney")
    assert [arm.mean for arm in found.arms] == pytest.approx([0.8325, 0.7789], abs=0.004)
    assert found.unit == "probability"


def test_smoking_through_the_front_door() -> None:
    rows = [
        (smokes, tar, ill)
        for (smokes, tar), (share, cancer) in TAR.items()
        for ill, part in (("yes", cancer), ("no", 1 - cancer))
        for _ in range(round(8000 * share * part))
    ]
    table = Table.from_frame(pd.DataFrame(rows, columns=["smokes", "tar", "cancer"]))
    graph = CausalGraph.parse("dag { smokes -> tar -> cancer; smokes <-> cancer }")
    found = opinion(table, graph, "smokes", "cancer", ("no", "yes"), level="yes")
    assert found.method is Method.FRONTDOOR
    assert [arm.mean for arm in found.arms] == pytest.approx([0.4975, 0.4525], abs=1e-9)
    assert found.value == pytest.approx(-0.045, abs=1e-9)
    assert 0 < found.error < 0.045 / 2
    seen = table.frame.groupby("smokes", observed=True)["cancer"].apply(
        lambda c: (c == "yes").mean()
    )
    assert float(np.diff(seen.to_numpy())[0]) > 0.7  # seen, it is the other way round
