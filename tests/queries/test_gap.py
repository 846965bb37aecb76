"""The gap between seeing and doing: path tracing where it is known, sums where it is not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
import torch

from causal_core.association.model import AssociationModel
from causal_core.association.training import fit_association
from causal_core.errors import QuestionError, UnknownColumn, UnknownLevel
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.queries.gap import Gap, gap
from causal_core.queries.gap_parts import MOST_PARTS
from causal_core.scm.model import StructuralCausalModel
from causal_core.scm.simulate import even_noises
from causal_core.scm.training import fit
from causal_core.tables.examples import EXAMPLES
from causal_core.tables.table import Table


@dataclass(frozen=True)
class Fitted:
    model: StructuralCausalModel
    seen: AssociationModel
    table: Table

    def gap(self, cause: str, outcome: str, values: tuple, level: str | None = None) -> Gap:
        found = gap(self.model, self.seen, self.table, cause, outcome, values, level)
        assert found.seeing - found.doing == pytest.approx(
            sum(part.value for part in found.parts) + found.rest, abs=1e-9
        )
        return found


def fitted(frame: pd.DataFrame, text: str) -> Fitted:
    """Closed-form fits only: the equations of these worlds are in the first rungs."""
    table, graph = Table.from_frame(frame), CausalGraph.parse(text)
    model = fit(table, graph, members=2, max_epochs=0)
    columns = table.select(graph.observed)
    return Fitted(model, fit_association(columns, members=2, max_epochs=0), table)


def regression(target: np.ndarray, *columns: np.ndarray) -> np.ndarray:
    design = np.column_stack([*columns, np.ones(len(target))])
    return np.linalg.lstsq(design, target, rcond=None)[0][:-1]


@pytest.fixture(scope="module")
def linear() -> Fitted:
    rng = np.random.default_rng(0)
    t, a, b, c, d = rng.normal(size=(5, 3000))
    z = 0.8 * t + a
    x = 0.5 * t + 0.7 * z + b
    m = 0.5 * z + c
    y = x + 0.9 * z - 0.6 * t + m + d
    return fitted(
        pd.DataFrame({"t": t, "z": z, "x": x, "m": m, "y": y}),
        "dag { t -> z; t -> x; z -> x; t -> y; z -> y; z -> m; m -> y; x -> y }",
    )


def test_linear_equations_give_the_products_of_path_tracing(linear: Fitted) -> None:
    """Wright (1921), by least squares on the same rows: coefficients and the top's variance."""
    t, z, x, m, y = (linear.table[n].to_numpy() for n in "tzxmy")
    (zt,), (xt, xz) = regression(z, t), regression(x, t, z)
    (mz,), (_, yz, yt, ym) = regression(m, z), regression(y, x, z, t, m)
    known = {
        "x ← t → y": xt * t.var() * yt,
        "x ← z ← t → y": xz * zt * t.var() * yt,
        "x ← z → y": xz * z.var() * yz,
        "x ← t → z → y": xt * t.var() * zt * yz,
        "x ← z → m → y": xz * z.var() * mz * ym,
        "x ← t → z → m → y": xt * t.var() * zt * mz * ym,
    }
    for low, high in ((0.0, 1.0), (-1.0, 2.0)):
        found = linear.gap("x", "y", (low, high))
        assert {part.label for part in found.parts} == set(known)
        for part in found.parts:
            # 2 % of the outcome's change per unit: draws, and the noise's fitted shape
            expected = known[part.label] / x.var() * (high - low)
            assert part.value == pytest.approx(expected, abs=0.02 * (high - low))


def wright(table: Table, graph: CausalGraph, path: tuple[Edge, ...]) -> float:
    """The product of a path's regression coefficients and of its top's variance."""
    product, tops = 1.0, {edge.source for edge in path} - {edge.target for edge in path}
    for edge in path:
        parents = sorted(graph.parents(edge.target))
        slopes = regression(table[edge.target].to_numpy(), *(table[p].to_numpy() for p in parents))
        product *= float(slopes[parents.index(edge.source)])
    (top,) = tops
    return product * float(table[top].to_numpy().var())


@pytest.mark.parametrize("seed", range(3))
def test_path_tracing_in_random_linear_worlds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = ["a", "b", "x", "c", "y"]
    columns: dict[str, np.ndarray] = {}
    arrows = []
    for name in names:
        causes = [*columns]
        arrows += [f"{cause} -> {name}" for cause in causes]
        slopes = rng.choice([-0.6, 0.5, 0.8], len(causes))
        drift = sum((s * columns[c] for s, c in zip(slopes, causes, strict=True)), np.zeros(2000))
        columns[name] = drift + rng.normal(size=2000)
    text = f"dag {{ {'; '.join([*names, *arrows])} }}"
    world, graph = fitted(pd.DataFrame(columns), text), CausalGraph.parse(text)
    found = world.gap("x", "y", (0.0, 1.0))
    assert len(found.parts) == 8  # two ways up to a or to b, and from each of them two ways on
    for part in found.parts:
        known = sum(wright(world.table, graph, path) for path in part.paths)
        # three hundredths of a unit: two weighted means of some thousand draws each
        assert part.value == pytest.approx(known / columns["x"].var(), abs=0.03)


def test_paths_are_edges_of_the_graph(linear: Fitted) -> None:
    parts = {part.label: part.paths for part in linear.gap("x", "y", (0.0, 1.0)).parts}
    assert parts["x ← t → z → y"] == ((Edge("t", "x"), Edge("t", "z"), Edge("z", "y")),)


@pytest.fixture(scope="module")
def kidney() -> Fitted:
    example = EXAMPLES["kidney"]
    return fitted(example.table().frame, example.graph_text)


def test_simpson_the_gap_is_the_stones(kidney: Fitted) -> None:
    """Charig et al. 1986: seen 0.826 − 0.780, done 0.7789 − 0.8325."""
    found = kidney.gap("treatment", "recovered", ("A", "B"), "yes")
    assert found.unit == "probability"
    assert found.seeing == pytest.approx(0.0457, abs=0.01)
    assert found.doing == pytest.approx(-0.0536, abs=0.01)
    (part,) = found.parts
    assert part.label == "treatment ← size → recovered"
    assert part.value == pytest.approx(0.0993, abs=0.01)
    assert "treatment ← size → recovered" in found.sentence
    other = kidney.gap("treatment", "recovered", ("B", "A"), "yes")
    assert other.parts[0].value == pytest.approx(-part.value, abs=1e-9)


def test_without_an_open_path_there_is_nothing_to_split(kidney: Fitted, linear: Fitted) -> None:
    assert kidney.gap("size", "recovered", ("small", "large"), "yes").parts == ()
    found = linear.gap("t", "y", (0.0, 1.0))
    assert found.parts == ()
    assert abs(found.rest) < 0.1  # what the correlational net gets wrong
    assert "No back-door path is open" in found.sentence


def test_an_effect_taken_for_a_cause(linear: Fitted) -> None:
    """Asked for what y does to x, all that is seen comes back along the arrows into y."""
    found = linear.gap("y", "x", (0.0, 1.0))
    x, y = linear.table["x"].to_numpy(), linear.table["y"].to_numpy()
    assert found.doing == pytest.approx(0, abs=1e-9)
    (slope,) = regression(x, y)
    # three standard errors of two weighted means: √2 · 0.7 (what y leaves of x) / √3,400 draws
    assert sum(part.value for part in found.parts) == pytest.approx(slope, abs=0.05)
    assert found.parts[0].label == "y ← x"


@pytest.fixture(scope="module")
def curved() -> Fitted:
    """Two discrete causes and a product of theirs: parts are no products of coefficients."""
    rng = np.random.default_rng(3)
    a, b = rng.random(6000) < 0.4, rng.random(6000) < 0.5
    x = rng.random(6000) < 0.15 + 0.3 * a + 0.3 * b
    y = rng.random(6000) < 0.1 + 0.1 * x + 0.6 * (a & b)
    frame = pd.DataFrame({"a": a, "b": b, "x": x, "y": y}).replace({True: "yes", False: "no"})
    return fitted(frame, "dag { a -> x; b -> x; a -> y; b -> y; x -> y }")


def test_the_parts_are_what_the_equations_would_see(curved: Fitted) -> None:
    """Seeing by brute force: a large sample of the model, split by the cause."""
    found = curved.gap("x", "y", ("no", "yes"), "yes")
    drawn = curved.model.sample(200_000, seed=5)
    share = (drawn["y"] == "yes").groupby(drawn["x"], observed=True).mean()
    # three standard errors of the sample's contrast
    expected = share["yes"] - share["no"] - found.doing
    assert sum(part.value for part in found.parts) == pytest.approx(expected, abs=0.007)
    assert {part.label for part in found.parts} == {"x ← a → y", "x ← b → y"}
    one, other = (part.value for part in found.parts)
    assert one == pytest.approx(other, abs=0.03)  # the world is all but symmetric in a and b


def test_unmeasured_causes_have_a_part_of_their_own() -> None:
    """The front door: x → m → y is caused; what x ↔ y brings is the rest of what is seen."""
    rng = np.random.default_rng(1)
    u, a, b, c = rng.normal(size=(4, 3000))
    x = u + a
    m = 0.8 * x + b
    frame = pd.DataFrame({"x": x, "m": m, "y": 0.5 * m + 1.5 * u + c})
    found = fitted(frame, "dag { x -> m; m -> y; x <-> y }").gap("x", "y", (0.0, 1.0))
    (part,) = found.parts
    assert part.label == "an unmeasured cause of “x” and “y”"
    assert part.paths == ((Edge("x", "y", "<->"),),)
    assert found.doing == pytest.approx(0.4, abs=0.06)
    assert part.value == pytest.approx(0.75, abs=0.06)  # 1.5 Var(u) / Var(x)


def test_a_bow_and_chosen_rows_are_said_to_be_left_out() -> None:
    rng = np.random.default_rng(2)
    u, a, b, c = rng.normal(size=(4, 500))
    x, y = u + a, u + b
    frame = pd.DataFrame({"x": x, "y": y, "s": x + y + c})
    bow = fitted(frame, "dag { x -> y; x <-> y }").gap("x", "y", (0.0, 1.0))
    assert bow.parts == ()
    assert "share an unmeasured cause" in bow.sentence
    chosen = fitted(frame, "dag { x -> y; x -> s; y -> s; s [selected] }")
    assert "rows were chosen by “s”" in chosen.gap("x", "y", (0.0, 1.0)).sentence


def test_many_paths_are_joined_by_their_last_arrow() -> None:
    rng = np.random.default_rng(4)
    names = [f"z{i}" for i in range(5)]
    columns: dict[str, np.ndarray] = {}
    for name in names:
        columns[name] = 0.4 * sum(columns.values(), np.zeros(400)) + rng.normal(size=400)
    columns["x"] = sum(columns.values(), np.zeros(400)) / 3 + rng.normal(size=400)
    columns["y"] = columns["x"] + sum(columns[n] for n in names) / 3 + rng.normal(size=400)
    arrows = [f"{a} -> {b}" for i, a in enumerate(columns) for b in [*columns][i + 1 :]]
    found = fitted(pd.DataFrame(columns), f"dag {{ {'; '.join(arrows)} }}").gap("x", "y", (0, 1))
    assert len(found.parts) <= MOST_PARTS
    joined = {part.label: part.paths for part in found.parts if len(part.paths) > 1}
    for label, paths in joined.items():
        assert label.startswith(f"{len(paths)} paths that end ")
        assert len({path[-1] for path in paths}) == 1
    every = [path for part in found.parts for path in part.paths]
    assert len(every) == len(set(every)) > 100


def test_a_value_that_hardly_any_row_has_is_said_to_be(linear: Fitted) -> None:
    told = linear.gap("x", "y", (0.0, 40.0)).sentence
    assert "Hardly any row has “x” near 40" in told
    assert "all but settled" in told


def test_worlds_of_one_sequence_are_independent(linear: Fitted) -> None:
    one, other = even_noises(linear.model, 1024, 0, 2)
    for name in one:
        for again in other:
            pair = torch.stack([one[name].reshape(-1), other[again].reshape(-1)])
            # four standard errors of a correlation of 1,024 pairs
            assert abs(float(torch.corrcoef(pair)[0, 1])) < 0.125


def test_questions_that_do_not_fit_are_refused(kidney: Fitted) -> None:
    for cause, outcome, values, level, error in (
        ("size", "size", ("small", "large"), None, QuestionError),
        ("nothing", "recovered", ("A", "B"), None, UnknownColumn),
        ("treatment", "recovered", ("A", "C"), None, UnknownLevel),
        ("treatment", "recovered", ("A", "B"), "perhaps", UnknownLevel),
    ):
        with pytest.raises(error):
            kidney.gap(cause, outcome, values, level)
