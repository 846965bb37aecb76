"""Tables and knowledge that no search likes: a sentence with the remedy, or a result, in time."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from causal_core.discovery.discover import Discovered, discover
from causal_core.discovery.knowledge import Knowledge
from causal_core.errors import GraphError, RungsError, TableError, UnknownColumn
from causal_core.tables.table import Table

NUMBERS = ["auto", "linear", "non-normal", "additive", "latents", "pc"]
LEVELS = ["auto", "discrete", "mixed", "latents", "pc"]
SLACK = 20  # seconds beyond those asked for, on a machine that does other work


def frame(rows: int = 200, columns: int = 4) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(rows, columns))
    for j in range(1, columns):
        values[:, j] += values[:, j - 1]
    return pd.DataFrame(values, columns=[f"v{j}" for j in range(columns)])


def as_levels(table: pd.DataFrame, cut: int = 3) -> pd.DataFrame:
    return table.apply(lambda c: pd.qcut(c, cut, labels=False).map("L{}".format))


def in_time(
    table: pd.DataFrame, method: str, seconds: float = 2.0, **options: object
) -> Discovered:
    began = time.monotonic()
    found = discover(Table.from_frame(table), method, seconds=seconds, **options)  # type: ignore[arg-type]
    assert time.monotonic() - began < seconds + SLACK
    assert found.graph.nodes == tuple(table.columns)
    return found


SINGULAR: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "a sum of two others": lambda f: f.assign(sum=f["v0"] + f["v2"]),
    "a copy": lambda f: f.assign(again=f["v1"]),
    "nearly a copy": lambda f: f.assign(again=f["v1"] + 1e-9 * f["v3"]),
    "huge and tiny units": lambda f: f * [1e12, 1e-12, 1, 1] + [1e9, 0, 0, 0],
    "one value but for a few rows": lambda f: f.assign(rare=np.where(f.index < 8, f["v0"], 0.25)),
}


@pytest.mark.parametrize("method", NUMBERS)
@pytest.mark.parametrize("what", SINGULAR)
def test_singular_columns_are_no_error(what: str, method: str) -> None:
    found = in_time(SINGULAR[what](frame()), method, bootstrap=3)
    assert found.graph.edges
    if "a copy" in what:
        assert any("say the same" in note for note in found.notes)


@pytest.mark.parametrize("method", LEVELS)
def test_a_copy_of_levels_under_other_names_is_no_error(method: str) -> None:
    levels = as_levels(frame())
    found = in_time(levels.assign(again=levels["v1"].map(lambda v: f"x{v}")), method, bootstrap=3)
    assert any({e.source, e.target} == {"v1", "again"} for e in found.graph.edges)


@pytest.mark.parametrize("method", NUMBERS)
def test_more_columns_than_rows_is_said(method: str) -> None:
    with pytest.raises(TableError, match=r"Only 30 rows .* for 40 columns.*Leave out columns"):
        discover(Table.from_frame(frame(30, 40)), method)


@pytest.mark.parametrize("method", NUMBERS)
def test_few_rows_for_many_columns_end_in_time(method: str) -> None:
    in_time(frame(70, 30), method, seconds=0.3, bootstrap=2)


@pytest.mark.parametrize("method", LEVELS)
def test_too_many_levels_are_said_and_many_are_no_error(method: str) -> None:
    wide = as_levels(frame(800)).assign(city=[f"c{i % 100}" for i in range(800)])
    with pytest.raises(TableError, match=r"“city” has 100 levels.*join rare levels"):
        discover(Table.from_frame(wide), method)
    in_time(wide.assign(city=[f"c{i % 45}" for i in range(800)]), method, bootstrap=2)


@pytest.mark.parametrize("method", [*NUMBERS, "magic"])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.assign(v1=2.5), "“v1” has the same value in every row"),
        (lambda f: f.assign(v1=np.where(f.index < 190, np.nan, f["v1"])), "Only 10 rows"),
        (lambda f: f.assign(v1=np.where(f.index < 150, np.nan, 1.0)), "“v1” has the same value"),
    ],
)
def test_columns_that_say_nothing_are_named_before_any_search(
    method: str, change: Callable[[pd.DataFrame], pd.DataFrame], said: str
) -> None:
    with pytest.raises(TableError, match=said):
        discover(Table.from_frame(change(frame())), method)


@pytest.mark.parametrize("method", NUMBERS)
def test_one_column_is_a_graph_without_edges(method: str) -> None:
    assert not in_time(frame(columns=1), method, bootstrap=2).graph.edges


@pytest.mark.parametrize("method", NUMBERS)
def test_no_time_at_all_still_gives_a_graph_and_no_resamples(method: str) -> None:
    found = in_time(frame(columns=8), method, seconds=0.0, bootstrap=50)
    assert found.resamples == 0
    assert found.graph.edges
    if method in ("latents", "pc"):
        assert any("time was up" in note and "fewer columns" in note for note in found.notes)


@pytest.mark.parametrize("method", NUMBERS)
def test_what_was_found_is_told_before_a_stop(method: str) -> None:
    class Stop(BaseException):
        pass

    told: list[Discovered] = []

    def tell(found: Discovered, share: float) -> None:
        told.append(found)
        if found.resamples == 2:
            raise Stop

    with pytest.raises(Stop):
        discover(Table.from_frame(frame()), method, bootstrap=50, tell=tell)
    assert [one.resamples for one in told] == [0, 1, 2]
    assert told[-1].graph.edges


@pytest.mark.parametrize("method", NUMBERS)
@pytest.mark.parametrize(
    ("known", "error", "said"),
    [
        ({"required": {("v0", "v1"), ("v1", "v0")}}, GraphError, "in a circle: v0 → v1 → v0"),
        (
            {"required": {("v0", "v1"), ("v1", "v2")}, "tiers": (("v2",), ("v0",))},
            GraphError,
            "in a circle",
        ),
        ({"forbidden": {("v0", "gone")}}, UnknownColumn, "no column “gone”"),
    ],
)
def test_knowledge_that_contradicts_itself_is_said(
    method: str, known: dict, error: type[RungsError], said: str
) -> None:
    with pytest.raises(error, match=said) as raised:
        discover(Table.from_frame(frame()), method, Knowledge(**known))
    assert raised.value.remedy


@pytest.mark.parametrize("method", NUMBERS)
def test_knowledge_against_the_rows_is_kept_all_the_same(method: str) -> None:
    apart = {(a, b) for a in ("v0", "v1", "v2", "v3") for b in ("v0", "v1", "v2", "v3") if a != b}
    required = frozenset({("v3", "v0")})
    known = Knowledge(required=required, forbidden=frozenset(apart - required - {("v0", "v3")}))
    found = discover(Table.from_frame(frame()), method, known, bootstrap=3)
    assert {str(e) for e in found.graph.edges} == {"v3 -> v0"}


@pytest.mark.parametrize("method", ["linear", "non-normal", "additive"])
def test_a_method_for_numbers_refuses_levels_with_a_remedy(method: str) -> None:
    with pytest.raises(RungsError, match=r"is for numbers.*Use “mixed” or “auto”"):
        discover(Table.from_frame(as_levels(frame())), method)
