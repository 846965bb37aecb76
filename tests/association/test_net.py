"""The correlational net: any columns given any others, and nothing causal about it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from causal_core.association.model import AssociationModel
from causal_core.association.training import fit_association
from causal_core.errors import ModelError, UnknownColumn, UnknownLevel
from causal_core.tables.table import Table


@pytest.fixture(scope="module")
def table() -> Table:
    """Correlated normals (r = 0.8) and a level that follows the first."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=2500)
    y = 0.8 * x + 0.6 * rng.normal(size=2500)
    g = np.where(x + 0.5 * rng.normal(size=2500) > 0, "up", "down")
    return Table.from_frame(pd.DataFrame({"x": x, "y": y, "g": g}))


@pytest.fixture(scope="module")
def net(table: Table) -> AssociationModel:
    return fit_association(table, members=3)


@pytest.mark.parametrize("at", [-1.0, 0.0, 1.5])
def test_conditioning_works_both_ways(net: AssociationModel, at: float) -> None:
    """For standard normals with correlation r, E[y | x] = r x, sd = sqrt(1 − r²), both ways."""
    for given, other in (("x", "y"), ("y", "x")):
        drawn = net.sample(8000, given={given: at}, seed=1)[other]
        assert float(drawn.mean()) == pytest.approx(0.8 * at, abs=0.12)
        assert float(drawn.std()) == pytest.approx(0.6, abs=0.08)


def test_given_nothing_it_knows_the_table(net: AssociationModel, table: Table) -> None:
    drawn = net.sample(8000, seed=2)
    assert float(drawn["x"].mean()) == pytest.approx(float(table["x"].mean()), abs=0.08)
    assert float(np.corrcoef(drawn["x"], drawn["y"])[0, 1]) == pytest.approx(0.8, abs=0.05)
    share = float((table["g"] == "up").mean())
    assert float((drawn["g"] == "up").mean()) == pytest.approx(share, abs=0.03)


def test_levels_can_be_given(net: AssociationModel, table: Table) -> None:
    frame = table.frame
    for level in ("up", "down"):
        expected = float(frame["y"][frame["g"] == level].mean())
        drawn = net.sample(8000, given={"g": level}, seed=3)["y"]
        assert float(drawn.mean()) == pytest.approx(expected, abs=0.08)


def test_what_is_saved_comes_back(net: AssociationModel, tmp_path: Path) -> None:
    net.save(tmp_path / "net")
    again = AssociationModel.load(tmp_path / "net")
    pd.testing.assert_frame_equal(again.sample(40, given={"x": 1}), net.sample(40, given={"x": 1}))


def test_what_does_not_fit_is_refused(net: AssociationModel) -> None:
    with pytest.raises(UnknownColumn):
        net.sample(5, given={"nobody": 1})
    with pytest.raises(UnknownLevel):
        net.sample(5, given={"g": "sideways"})
    with pytest.raises(ModelError, match="single column"):
        fit_association(Table.from_frame(pd.DataFrame({"x": np.arange(50) / 7})))
