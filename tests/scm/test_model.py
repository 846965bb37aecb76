"""The model keeps its promises whatever the fit found."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import save

from causal_core.errors import ModelError, QuestionError, UnknownColumn, UnknownLevel
from causal_core.scm.interventions import Scale, Shift, Stochastic
from causal_core.scm.model import StructuralCausalModel
from causal_core.tables.table import Table
from tests.scm.conftest import mixed

SETTINGS = {"z": 0.7, "x": -1.2, "y": 3.0, "b": "yes", "c": "b", "k": 4}


def test_samples_come_in_the_tables_own_units_and_labels(model: StructuralCausalModel) -> None:
    drawn = model.sample(300, seed=1)
    assert list(drawn.columns) == ["z", "x", "y", "b", "c", "k"] or set(drawn) == set(SETTINGS)
    assert set(drawn["b"]) <= {"yes", "no"}
    assert drawn["k"].dtype == np.int64
    assert int(drawn["k"].min()) >= 0
    pd.testing.assert_frame_equal(drawn, model.sample(300, seed=1))
    assert not drawn.equals(model.sample(300, seed=2))


@pytest.mark.parametrize("name", SETTINGS)
def test_do_never_moves_a_non_descendant(model: StructuralCausalModel, name: str) -> None:
    before = model.sample(400, seed=5)
    after = model.sample(400, do={name: SETTINGS[name]}, seed=5)
    moved = model.graph.descendants(name)
    for other in before.columns:
        if other == name:
            assert set(after[other].astype(str)) == {str(SETTINGS[name])}
        elif other not in moved:
            pd.testing.assert_series_equal(before[other], after[other])


@pytest.mark.parametrize("name", SETTINGS)
def test_the_counterfactual_under_the_factual_action_is_the_row(
    model: StructuralCausalModel, name: str
) -> None:
    rows = mixed()[list(SETTINGS)].head(25)
    for i in range(len(rows)):
        row = rows.iloc[[i]]
        twin = model.counterfactual(row, do={name: row[name].iloc[0]}, seed=3)
        for column in rows.columns:
            if rows[column].dtype == float:
                assert twin[column].iloc[0] == pytest.approx(row[column].iloc[0], abs=1e-9)
            else:
                assert str(twin[column].iloc[0]) == str(row[column].iloc[0])


def test_counterfactual_rows_answer_their_own_row(model: StructuralCausalModel) -> None:
    rows = mixed()[list(SETTINGS)].iloc[[7, 3, 11]]
    twins = model.counterfactual(rows, do={"x": 0.0}, seed=2)
    assert list(twins.index) == [7, 3, 11]
    np.testing.assert_allclose(twins["z"], rows["z"], atol=1e-9)
    several = model.counterfactual(rows, do={"x": 0.0}, draws=4)
    assert len(several) == 12
    assert list(several.loc[7].index) == [0, 1, 2, 3]


def test_missing_cells_are_filled_from_the_equations(model: StructuralCausalModel) -> None:
    rows = mixed()[list(SETTINGS)].head(6).copy()
    rows.loc[0, "z"] = np.nan
    rows.loc[1, "b"] = None
    twins = model.counterfactual(rows, do={"x": 1.0})
    assert not twins.isna().any().any()
    assert np.isnan(model.log_prob(rows)[:2]).all()
    assert np.isfinite(model.log_prob(rows)[2:]).all()


def test_relative_and_random_interventions(model: StructuralCausalModel) -> None:
    plain, shifted = model.sample(500, seed=4), model.sample(500, do={"x": Shift(2.0)}, seed=4)
    np.testing.assert_allclose(shifted["x"] - plain["x"], 2.0, atol=1e-5)
    scaled = model.sample(500, do={"x": Scale(0.5)}, seed=4)
    np.testing.assert_allclose(scaled["x"], plain["x"] * 0.5, atol=1e-5)
    mixed_in = model.sample(4000, do={"c": Stochastic(("a", "b"), (1.0, 3.0))}, seed=4)
    assert set(mixed_in["c"]) == {"a", "b"}
    # Five standard errors of a share of 4,000 draws.
    assert (mixed_in["c"] == "b").mean() == pytest.approx(0.75, abs=5 * 0.43 / 4000**0.5)


def test_what_is_saved_comes_back(model: StructuralCausalModel, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    model.save(path)
    again = StructuralCausalModel.load(path)
    assert again.graph == model.graph
    assert again.report == model.report
    pd.testing.assert_frame_equal(again.sample(50, do={"x": 1}), model.sample(50, do={"x": 1}))


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x80\x04cos\nsystem\n"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="not a model"):
        StructuralCausalModel.load(path)


def _tampered(model: StructuralCausalModel, path: Path, change: str, share: float) -> None:
    """A stored model with one tensor or one word of its header changed."""
    model.save(path)
    with safe_open(path, framework="pt") as file:
        header = json.loads(file.metadata()["rungs"])
        tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
    name = sorted(tensors)[int(share * len(tensors))]
    described = header["equations"][int(share * len(header["equations"]))]
    if change == "gone":
        del tensors[name]
    elif change == "nan":
        tensors[name].reshape(-1)[0] = float("nan")
    elif change == "smaller":
        tensors[name] = tensors[name][..., :-1].contiguous()
    elif change == "scale":
        header["standards"][described["variable"]]["scale"] = 0.0
    elif change == "context":
        described["context"] = described["context"][:-1] if described["context"] else ["nobody"]
    elif change == "variable":
        header["variables"].pop(int(share * len(header["variables"])))
    elif change == "version":
        header["format"] = 1
    elif change == "cycle":
        header["graph"] = {"nodes": []}
    path.write_bytes(save(tensors, metadata={"rungs": json.dumps(header)}))


@settings(max_examples=200)
@given(
    change=st.sampled_from(
        ["gone", "nan", "smaller", "scale", "context", "variable", "version", "cycle"]
    ),
    share=st.floats(0, 0.999),
)
def test_a_tampered_model_is_refused(
    model: StructuralCausalModel,
    tmp_path_factory: pytest.TempPathFactory,
    change: str,
    share: float,
) -> None:
    path = tmp_path_factory.mktemp("tampered") / "model"
    _tampered(model, path, change, share)
    with pytest.raises(ModelError):
        StructuralCausalModel.load(path)


@pytest.mark.parametrize(
    ("do", "error"),
    [
        ({"nobody": 1.0}, UnknownColumn),
        ({"b": "perhaps"}, UnknownLevel),
        ({"x": float("nan")}, QuestionError),
        ({"x": float("inf")}, QuestionError),
        ({"x": "much"}, QuestionError),
        ({"b": Shift(1.0)}, QuestionError),
    ],
)
def test_an_intervention_that_does_not_fit_names_the_column(
    model: StructuralCausalModel, do: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error, match=next(iter(do))):
        model.sample(10, do=do)


@settings(max_examples=30)
@given(value=st.floats(-1e12, 1e12))
def test_far_outside_the_data_nothing_is_nan(model: StructuralCausalModel, value: float) -> None:
    assert not model.sample(50, do={"x": value}).isna().any().any()


def test_columns_that_the_graph_leaves_out_play_no_part(
    model: StructuralCausalModel, table: Table
) -> None:
    assert "unused" in table.columns
    assert "unused" not in model.by_name
