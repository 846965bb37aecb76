"""Refutation: an honest estimate passes, one that leans on what is not there does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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
THROUGH = CausalGraph.parse("dag { z -> x; x -> y; x <-> y }")
FRONT = CausalGraph.parse("dag { x -> m; m -> y; x <-> y }")


def world(rows: int = 250) -> Table:
    rng = np.random.default_rng(2)
    z = rng.normal(size=rows)
    x = z + rng.normal(size=rows)
    return Table.from_frame(pd.DataFrame({"z": z, "x": x, "y": 2 * x - z + rng.normal(size=rows)}))


def hidden_world() -> Table:
    u, z, a, b, c = np.random.default_rng(3).normal(size=(5, 800))
    x = u + z + a
    m = x + b
    return Table.from_frame(pd.DataFrame({"z": z, "x": x, "m": m, "y": 0.5 * m + u + c}))


@dataclass
class Job:
    """What a worker's task returned, reported and published."""

    result: Mapping[str, Any]
    shares: list[float]
    shown: list[dict[str, str]]


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Job]:
    """One job from its spec to its result; two repetitions of each check, for speed."""
    folder = tmp_path_factory.mktemp("store")
    store = Store.open(folder)
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
        store, spec, folder, lambda stage, share, *_: shares.append(share), shown.append
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refutation, "REPEATS", 2)
        yield Job(TASKS["refute"](context), shares, shown)


def test_an_honest_estimate_passes(job: Job) -> None:
    found = from_json(job.result["refutations"])
    assert all(one.passed for one in found)
    assert [one.name for one in found] == [
        "Placebo treatment",
        "Random common cause",
        "Subsets of the rows",
    ]
    assert found[0].reference == 0
    for one in found[1:]:
        assert one.reference == pytest.approx(2, abs=0.3)  # four standard errors
        assert one.value == pytest.approx(one.reference, abs=4 * one.error)


def test_the_job_reports_and_shows_each_check(job: Job) -> None:
    assert job.shares == sorted(job.shares)
    assert job.shares[-1] == 1.0
    counts = [len(from_json(each["refutations"])) for each in job.shown]
    assert counts == sorted(counts)
    assert {0, 1, 2, 3} == set(counts)
    assert job.shown[-1] == job.result


@pytest.mark.parametrize(
    ("graph", "placebo"),
    [(FRONT, "Placebo treatment"), (THROUGH, "Placebo outcome")],
    ids=["front door", "instrument"],
)
def test_any_method_can_be_refuted(graph: CausalGraph, placebo: str) -> None:
    found = refute(hidden_world(), graph, "x", "y")
    assert found[0].name == placebo
    assert found[0].reference == 0
    assert found[1].reference == pytest.approx(0.5, abs=0.25)  # four standard errors
    assert all(one.passed for one in found)
    assert from_json(to_json(found)) == found


def estimator(value: float, error: float) -> Estimate:
    none = frozenset[str]()
    return Estimate(value, error, (), Method.PARTIAL, none, 100, "kg")


def test_an_estimator_that_finds_effects_in_shuffled_columns_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An estimator that reads the outcome's mean, whatever the treatment was."""

    def biased(table: Table, *question: object, **options: object) -> Estimate:
        return estimator(
            float(table["y"].mean()) + 3.0, float(table["y"].std()) / len(table) ** 0.5
        )

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


class Ended(BaseException):
    """As a worker's `Stopped`: no Exception, so that nothing swallows it."""


def test_a_cancel_is_heard_at_the_next_report() -> None:
    heard: list[float] = []

    def stop(done: tuple[Refutation, ...], share: float) -> None:
        heard.append(share)
        raise Ended

    with pytest.raises(Ended):
        refute(hidden_world(), FRONT, "x", "y", tell=stop)
    assert len(heard) == 1
