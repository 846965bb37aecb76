"""Rows under several conditions: a context column, and columns that were set in some rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causal_core.discovery.discover import discover
from causal_core.discovery.knowledge import Knowledge
from causal_core.errors import GraphError, QuestionError, TableError, UnknownColumn, UnknownLevel
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.partial import cpdag
from causal_core.tables.table import Table
from tests.discovery import worlds


def experiment(
    dag: np.ndarray, targets: dict[str, tuple[int, ...]], rows: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Rows of a linear model, `rows` for each condition; what is set is set at random."""
    weights = dag * rng.uniform(0.5, 1.5, dag.shape) * rng.choice([-1, 1], dag.shape)
    parts = []
    for level, set_ in targets.items():
        found = np.zeros((rows, len(dag)))
        for name in worlds.named(dag).topological_order:
            j = int(name[1:])
            acts = 0 if j in set_ else found @ weights[:, j]
            found[:, j] = acts + rng.normal(size=rows) + (2 if j in set_ else 0)
        parts.append(pd.DataFrame(found, columns=worlds.names(len(dag))).assign(batch=level))
    return pd.concat(parts, ignore_index=True)


def arrow(size: int, *pairs: tuple[int, int]) -> np.ndarray:
    dag = np.zeros((size, size), dtype=bool)
    for i, j in pairs:
        dag[i, j] = True
    return dag


@pytest.mark.parametrize("set_", ["v0", "v1"])
def test_setting_either_of_two_columns_directs_the_arrow(set_: str) -> None:
    rng = np.random.default_rng(0)
    targets = {"watched": (), "set": (int(set_[1:]),)}
    table = Table.from_frame(experiment(arrow(2, (0, 1)), targets, 300, rng))
    watched = Table.from_frame(table.frame[["v0", "v1"]].head(300))
    assert {str(e) for e in discover(watched, "linear").graph.edges} == {"v0 -- v1"}
    found = discover(table, environment="batch", targets={"set": (set_,)}, bootstrap=10)
    assert found.graph.nodes == ("v0", "v1")
    assert {str(e) for e in found.graph.edges} == {"v0 -> v1"}
    assert found.edges[0].forward == 1.0


def test_what_was_set_directs_more_edges_and_none_wrongly() -> None:
    open_before = open_after = wrong = edges = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        dag = worlds.graph(6, 2, rng)
        first, second = rng.choice(6, 2, replace=False).tolist()
        targets = {"watched": (), "one": (first,), "two": (second,)}
        table = Table.from_frame(experiment(dag, targets, 700, rng))
        names = {k: tuple(f"v{j}" for j in v) for k, v in targets.items()}
        found = discover(table, "linear", environment="batch", targets=names).graph
        truth = worlds.named(dag)
        open_before += sum(e.kind == "--" for e in cpdag(truth).edges)
        open_after += sum(e.kind == "--" for e in found.edges)
        arrows = {e for e in found.edges if e.kind == "->"}
        wrong += len(arrows - set(truth.edges))
        edges += len(truth.edges)
    assert open_after < open_before / 2
    assert wrong <= 0.05 * edges  # rows are finite: about one edge in forty is off


def test_the_context_causes_and_is_not_caused() -> None:
    rng = np.random.default_rng(1)
    rows = 1500
    batch = rng.integers(0, 3, rows)
    x = rng.normal(size=rows) + np.array([0, 1.5, -1])[batch]
    y = x + rng.normal(size=rows)
    frame = pd.DataFrame({"x": x, "y": y, "batch": [f"lab {b}" for b in batch]})
    found = discover(Table.from_frame(frame), environment="batch").graph
    assert {str(e) for e in found.edges} == {"batch -> x", "x -> y"}
    hidden = discover(Table.from_frame(frame), "latents", environment="batch").graph
    assert {str(e) for e in hidden.edges} == {"batch o-> x", "x -> y"}


def test_years_are_conditions_and_no_number() -> None:
    rng = np.random.default_rng(1)
    year = rng.integers(2001, 2010, 900)
    x = np.where(year == 2004, 3.0, 0.0) + rng.normal(size=900)
    table = Table.from_frame(pd.DataFrame({"year": year, "x": x, "y": x + rng.normal(size=900)}))
    assert {str(e) for e in discover(table, environment="year").graph.edges} >= {"year -> x"}


def test_levels_and_curves_use_the_rows_too() -> None:
    rng = np.random.default_rng(2)
    set_ = np.repeat([False, True], 800)
    x = rng.normal(size=1600)
    y = np.where(set_, rng.normal(size=1600), np.sin(2 * x) + rng.normal(size=1600) / 3)
    frame = pd.DataFrame({"x": x, "y": y, "batch": np.where(set_, "set", "watched")})
    for made in (frame, frame.assign(x=pd.cut(x, 4).astype(str), y=pd.cut(y, 4).astype(str))):
        found = discover(Table.from_frame(made), environment="batch", targets={"set": ("y",)})
        assert {str(e) for e in found.graph.edges} == {"x -> y"}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"environment": "lab"}, UnknownColumn, "no column “lab”"),
        ({"targets": {"one": ("v0",)}}, QuestionError, "not said in which rows"),
        ({"environment": "batch", "targets": {"three": ("v0",)}}, UnknownLevel, "“three”"),
        ({"environment": "batch", "targets": {"one": ("v9",)}}, UnknownColumn, "no column “v9”"),
        (
            {"environment": "batch", "targets": {"one": ("v0",), "watched": ("v0",)}},
            TableError,
            "“v0” was set in all but 0 rows",
        ),
        (
            {"environment": "batch", "targets": {"one": ("v0",)}, "method": "latents"},
            QuestionError,
            "cannot use rows in which columns were set",
        ),
        (
            {"environment": "batch", "knowledge": Knowledge(required=frozenset({("v0", "batch")}))},
            GraphError,
            "required, and forbidden too",
        ),
    ],
)
def test_what_makes_no_sense_is_said(options: dict, error: type, message: str) -> None:
    rng = np.random.default_rng(0)
    frame = experiment(arrow(2, (0, 1)), {"watched": (), "one": (0,)}, 50, rng)
    with pytest.raises(error, match=message):
        discover(Table.from_frame(frame), **options)


def test_noise_that_is_not_normal_is_no_guide_where_columns_were_set() -> None:
    rng = np.random.default_rng(0)
    x = rng.exponential(size=1200)
    y = x + rng.exponential(size=1200)
    frame = pd.DataFrame({"x": x, "y": y, "batch": ["watched"] * 600 + ["set"] * 600})
    frame.loc[600:, "x"] = rng.exponential(size=600)
    frame.loc[600:, "y"] = frame.loc[600:, "x"] + rng.exponential(size=600)
    found = discover(Table.from_frame(frame), environment="batch", targets={"set": ("x",)})
    assert found.method in ("linear", "additive")
    assert found.graph == CausalGraph.from_edges([("x", "y")])


def test_rows_whose_condition_is_unknown_are_left_out() -> None:
    rng = np.random.default_rng(0)
    frame = experiment(arrow(2, (0, 1)), {"watched": (), "set": (0,)}, 200, rng)
    frame.loc[::10, "batch"] = None
    found = discover(Table.from_frame(frame), environment="batch", targets={"set": ("v0",)})
    assert found.rows == 360
    assert {str(e) for e in found.graph.edges} == {"v0 -> v1"}
