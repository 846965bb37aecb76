"""Refutation: an honest estimate passes, one that leans on what is not there does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from causal_core.errors import EstimationError
from causal_core.estimation import refutation
from causal_core.estimation.refutation import Refutation, refute
from causal_core.estimation.result import Estimate, Method
from causal_core.estimation.stored import from_json, to_json
from causal_core.graphs.graph import CausalGraph
from causal_core.studies.store import Store
from causal_core.studies.tasks import TASKS, Context
from causal_core.tables.table import Table

GRAPH = CausalGraph.parse("dag { z -> x; z -> y; x -> y }")


def world(rows: int = 300) -> Table:
    rng = np.random.default_rng(2)
    z = rng.normal(size=rows)
    x = z + rng.normal(size=rows)
    return Table.from_frame(pd.DataFrame({"z": z, "x": x, "y": 2 * x - z + rng.normal(size=rows)}))


@pytest.fixture(scope="module")
def found() -> tuple[Refutation, ...]:
    return refute(world(), GRAPH, "x", "y")


def test_an_honest_estimate_passes(found: tuple[Refutation, ...]) -> None:
    placebo, cause, subset = found
    assert all(one.passed for one in found)
    assert placebo.reference == 0
    assert abs(placebo.value) < 4 * placebo.error
    for one in (cause, subset):
        assert one.reference == pytest.approx(2, abs=0.3)
        assert one.value == pytest.approx(one.reference, abs=4 * one.error)
    assert all(one.sentence.startswith("Passed") for one in found)


def test_it_is_stored_and_read_back(found: tuple[Refutation, ...]) -> None:
    assert from_json(to_json(found)) == found


def estimator(value: float, error: float) -> Estimate:
    none = frozenset[str]()
    return Estimate(value, error, (), Method.PARTIAL, none, 100, "kg")


def test_an_estimator_that_finds_effects_in_shuffled_columns_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An estimator that reads the number of the row instead of the treatment."""

    def biased(table: Table, *question: object, **options: object) -> Estimate:
        return estimator(float(table["y"].mean()) + 3.0, 0.1)

    monkeypatch.setattr(refutation, "opinion", biased)
    placebo, cause, subset = refute(world(), GRAPH, "x", "y")
    assert not placebo.passed
    assert "Failed" in placebo.sentence
    assert "kg" in placebo.sentence
    assert cause.passed
    assert subset.passed


def test_an_estimator_that_leans_on_single_rows_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fragile(table: Table, *question: object, **options: object) -> Estimate:
        return estimator(float(len(table)), 1.0)

    monkeypatch.setattr(refutation, "opinion", fragile)
    assert not refute(world(), GRAPH, "x", "y")[2].passed


def test_no_effect_is_no_estimate() -> None:
    with pytest.raises(EstimationError, match="no estimate to refute"):
        refute(world(), GRAPH, "y", "z")


def test_the_job_reports_and_can_be_read(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    spec = {
        "table": store.put_blob(world().to_bytes()),
        "graph": GRAPH.to_json(),
        "treatment": "x",
        "outcome": "y",
        "values": [0.0, 1.0],
        "adjusted": ["z"],
    }
    shares: list[float] = []
    shown: list[dict[str, str]] = []
    context = Context(
        store, spec, tmp_path, lambda stage, share, *_: shares.append(share), shown.append
    )
    result = TASKS["refute"](context)
    assert [one.name for one in from_json(result["refutations"])] == [
        "Placebo treatment",
        "Random common cause",
        "Subsets of the rows",
    ]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(from_json(shown[-1]["refutations"])) == 3


class Ended(BaseException):
    """As a worker's `Stopped`: no Exception, so that nothing swallows it."""


def test_a_cancel_is_heard_at_the_next_report() -> None:
    heard: list[float] = []

    def stop(done: tuple[Refutation, ...], share: float) -> None:
        heard.append(share)
        raise Ended

    with pytest.raises(Ended):
        refute(world(), GRAPH, "x", "y", tell=stop)
    assert len(heard) == 1
