"""From a table to its graph: the right search, the right graph, and what is said of both."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causal_core.discovery.discover import Discovered, discover
from causal_core.discovery.knowledge import Knowledge
from causal_core.discovery.situation import Method
from causal_core.discovery.stored import from_json, to_json
from causal_core.errors import QuestionError, TableError
from causal_core.graphs.partial import cpdag
from causal_core.tables.table import Table
from tests.discovery import worlds


def world(kind: str, seed: int, rows: int = 2000) -> tuple[np.ndarray, Table]:
    rng = np.random.default_rng(seed)
    dag = worlds.graph(6, 2, rng)
    columns = {
        "linear": lambda: worlds.lines(dag, rows, rng),
        "non-normal": lambda: worlds.lines(dag, rows, rng, normal=False),
        "additive": lambda: worlds.curves(dag, rows, rng),
        "discrete": lambda: worlds.counts(dag, rows, rng),
    }[kind]()
    return dag, worlds.table(columns)


def distance(one: Discovered, dag: np.ndarray, directed: bool) -> int:
    """How many pairs differ (structural Hamming distance)."""
    truth = worlds.named(dag) if directed else cpdag(worlds.named(dag))
    found, known = (
        {frozenset((e.source, e.target)): str(e) for e in graph.edges}
        for graph in (one.graph, truth)
    )
    return sum(found.get(pair) != known.get(pair) for pair in {*found, *known})


@pytest.mark.parametrize("kind", ["linear", "non-normal", "additive", "discrete"])
def test_auto_finds_the_kind_of_search_and_the_graph(kind: str) -> None:
    errors = []
    for seed in range(5):
        dag, table = world(kind, seed)
        found = discover(table, seed=seed)
        assert found.method == kind
        errors.append(distance(found, dag, directed=kind in ("non-normal", "additive")))
    assert np.median(errors) <= 1
    assert max(errors) <= 4  # of 15 pairs


def test_levels_and_numbers_together() -> None:
    rng = np.random.default_rng(0)
    age = rng.normal(size=1500)
    smokes = (age + rng.normal(size=1500) > 0.5).astype(int)
    dose = rng.normal(size=1500)
    pain = 1.5 * smokes - dose + rng.normal(size=1500)
    frame = pd.DataFrame({"age": age, "smokes": smokes, "dose": dose, "pain": pain})
    frame["smokes"] = frame["smokes"].map({0: "no", 1: "yes"})
    found = discover(Table.from_frame(frame))
    assert found.method is Method.MIXED
    assert {str(e) for e in found.graph.edges} == {
        "age -- smokes",
        "smokes -> pain",
        "dose -> pain",
    }


def test_knowledge_is_kept_and_directs_what_the_rows_leave_open() -> None:
    rng = np.random.default_rng(1)
    chain = np.zeros((3, 3), dtype=bool)
    chain[0, 1] = chain[1, 2] = True
    table = worlds.table(worlds.lines(chain, 1000, rng))
    assert {e.kind for e in discover(table).graph.edges} == {"--"}
    told = discover(table, knowledge=Knowledge(tiers=(("v0",), ("v1", "v2"))))
    assert {str(e) for e in told.graph.edges} == {"v0 -> v1", "v1 -> v2"}
    turned = discover(table, knowledge=Knowledge(required=frozenset({("v2", "v0")})))
    assert "v2 -> v0" in {str(e) for e in turned.graph.edges}
    apart = discover(table, knowledge=Knowledge(forbidden=frozenset({("v0", "v1"), ("v1", "v0")})))
    assert not any({e.source, e.target} == {"v0", "v1"} for e in apart.graph.edges)


def test_resamples_say_how_sure_an_edge_is_and_come_one_by_one() -> None:
    dag, table = world("linear", 2, rows=400)
    told: list[tuple[int, float]] = []
    found = discover(table, bootstrap=20, tell=lambda d, share: told.append((d.resamples, share)))
    assert [count for count, _ in told] == list(range(21))
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert told[-1][1] == 1.0
    assert found.resamples == 20
    adjacent = dag | dag.T
    strong = [one.edge for one in found.edges if one.strong]
    assert strong
    place = {name: i for i, name in enumerate(table.columns)}
    assert all(adjacent[place[e.source], place[e.target]] for e in strong)
    for one in (*found.edges, *found.others):
        assert 0 <= one.forward + one.backward <= one.adjacent + 1e-9 <= 1 + 1e-9


def test_the_same_seed_gives_the_same_answer() -> None:
    _, table = world("linear", 3, rows=300)
    one, other = (discover(table, bootstrap=5, seed=7) for _ in range(2))
    assert one == other


def test_no_resamples_no_frequencies() -> None:
    _, table = world("linear", 3, rows=300)
    found = discover(table)
    assert all(np.isnan(one.adjacent) for one in found.edges)
    assert not any(one.strong for one in found.edges)


def test_independent_columns_have_no_edges() -> None:
    rng = np.random.default_rng(5)
    found = discover(worlds.table(rng.normal(size=(1000, 6))))
    assert not found.graph.edges
    assert found.gain == 0


def test_the_units_of_a_column_do_not_matter() -> None:
    _, table = world("linear", 4)
    scaled = Table.from_frame(table.frame * [1, 1e6, 1e-6, 3, 1, 1] + [0, 5e7, 0, 1, 2, 3])
    assert discover(scaled).graph.edges == discover(table).graph.edges


# ── bad input ────────────────────────────────────────────────────────────────────


def test_holes_leave_rows_out_and_that_is_said() -> None:
    dag, table = world("linear", 0)
    frame = table.frame.copy()
    frame.loc[::10, "v1"] = np.nan
    found = discover(Table.from_frame(frame))
    assert found.rows == 1800
    assert "200 of 2000 rows have holes" in found.notes[0]
    assert distance(found, dag, directed=False) <= 2


def test_a_column_and_its_copy_are_said_to_be_alike() -> None:
    _, table = world("linear", 0)
    found = discover(Table.from_frame(table.frame.assign(again=-2 * table.frame["v0"] + 1)))
    assert any("“v0” and “again” say the same" in note for note in found.notes)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.assign(flat=1.5), "“flat” has the same value"),
        (lambda f: f.assign(name=[f"n{i}" for i in range(len(f))]), "“name” has .* levels"),
        (lambda f: f.head(15), "Only 15 rows"),
        (lambda f: f.assign(v0=np.where(f.index % 100, np.nan, f["v0"])), "Only 20 rows|Only 19"),
    ],
)
def test_what_no_search_can_use_is_named(change: object, message: str) -> None:
    _, table = world("linear", 0)
    frame = change(table.frame.copy()) if callable(change) else None
    kinds = {"name": "categorical"} if frame is not None and "name" in frame else {}
    wide = (
        frame
        if "flat" in frame or "name" in frame
        else frame.assign(  # type: ignore[union-attr]
            **{f"w{i}": np.random.default_rng(i).normal(size=len(frame)) for i in range(6)}  # type: ignore[arg-type]
        )
    )
    with pytest.raises(TableError, match=message):
        discover(Table.from_frame(wide, kinds=kinds))


def test_methods_that_do_not_fit_are_refused() -> None:
    _, table = world("linear", 0)
    with pytest.raises(QuestionError, match="no method “magic”"):
        discover(table, method="magic")
    with pytest.raises(QuestionError, match="too many values"):
        discover(table, method="discrete")
    _, levels = world("discrete", 0)
    with pytest.raises(QuestionError, match="is for numbers"):
        discover(levels, method="linear")


def test_heavy_tails_and_more_columns_than_helps_are_no_error() -> None:
    rng = np.random.default_rng(0)
    wild = rng.standard_cauchy(size=(300, 5))
    wild[:, 1] += wild[:, 0]
    assert discover(worlds.table(wild)).graph.nodes == tuple(worlds.names(5))
    assert discover(worlds.table(rng.normal(size=(60, 25))), seconds=5).rows == 60


def test_what_was_found_is_stored_and_read_back() -> None:
    _, table = world("linear", 1, rows=300)
    for times in (0, 5):
        found = discover(table, bootstrap=times)
        assert repr(from_json(to_json(found))) == repr(found)
