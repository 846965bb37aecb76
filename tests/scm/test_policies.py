"""Worlds under a policy, where its effect is known in closed form or to the bit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causal_core import CausalGraph, Conditional, Intervention, Shift, Table, answer, fit
from causal_core.errors import QuestionError, UnknownColumn, UnknownLevel
from causal_core.identification.verdict import Status
from causal_core.queries.questions import Counterfactual
from causal_core.scm.interventions import Do
from causal_core.scm.model import StructuralCausalModel
from tests.scm.conftest import mixed

SETTINGS = {"z": 0.7, "x": -1.2, "y": 3.0, "b": "yes", "c": "b", "k": 4}
COLUMNS = list(SETTINGS)


def linear(rows: int = 4000) -> pd.DataFrame:
    """z → x, z → y, x → y, x → m, standard normal noises: y = 2x − z, m = x; w stands alone."""
    rng = np.random.default_rng(5)
    z, w = rng.normal(size=(2, rows))
    x = z + rng.normal(size=rows)
    y = 2 * x - z + rng.normal(size=rows)
    return pd.DataFrame({"x": x, "y": y, "z": z, "w": w, "m": x + rng.normal(size=rows)})


@pytest.fixture(scope="module")
def world() -> StructuralCausalModel:
    graph = CausalGraph.parse("dag { x; y; z; w; m; z -> x; z -> y; x -> y; x -> m }")
    kinds = dict.fromkeys("xyzwm", "continuous")
    return fit(Table.from_frame(linear(), kinds=kinds), graph, members=2, max_epochs=4)


# Five standard errors of a mean of the 4,000 rows fitted to, whose standard deviation is 1.5.
NEAR = 5 * 1.5 / 4000**0.5
POLICIES = [
    ("z > 0 -> 1; otherwise -> 0", 2 * 0.5),
    ("otherwise -> 0.5 * z + 3", 6.0),
    ("z > 0 -> z; otherwise -> 0", 2 * (2 * np.pi) ** -0.5),
    ("not z > 0 and w < 0 or w >= 1 -> 4; otherwise -> -2", 2 * (6 * 0.25 + 6 * 0.15866 - 2)),
    ("x < 0 -> -x; otherwise -> same", 2 * 2**0.5 * (2 / np.pi) ** 0.5),
    ("otherwise -> x + 10", 20.0),
]


@pytest.mark.parametrize(("text", "mean"), POLICIES)
def test_the_mean_under_a_policy_is_the_known_one(
    world: StructuralCausalModel, text: str, mean: float
) -> None:
    found = answer(world, Intervention("y", do={"x": Conditional(text)}))
    # A coefficient's error counts as often as the policy's x is from its mean.
    assert found.value == pytest.approx(mean, abs=NEAR * max(1.0, mean / 5))
    assert found.status is Status.IDENTIFIED


def test_a_policy_that_reads_the_confounder_cancels_its_spread(
    world: StructuralCausalModel,
) -> None:
    """x = z / 2 + 3 makes y = 2x − z + e = 6 + e, whatever z is."""
    drawn = world.sample(4000, do={"x": Conditional("otherwise -> z / 2 + 3")}, seed=1)
    np.testing.assert_allclose(drawn["x"], drawn["z"] / 2 + 3, atol=1e-12)
    assert drawn["y"].std() == pytest.approx(1.0, abs=NEAR)
    assert drawn["y"].corr(drawn["z"]) == pytest.approx(0.0, abs=NEAR)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_constant_policy_is_the_hard_do_to_the_bit(
    model: StructuralCausalModel, name: str
) -> None:
    value = SETTINGS[name]
    policy = Conditional(f"otherwise -> {value!r}")
    rows = mixed()[COLUMNS].head(40)
    for ask in (model.sample, model.counterfactual):
        first = 300 if ask == model.sample else rows
        hard = ask(first, do={name: value}, seed=2)
        pd.testing.assert_frame_equal(hard, ask(first, do={name: policy}, seed=2), check_exact=True)


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("result", ["same", "own name"])
def test_leaving_a_variable_as_it_is_changes_no_bit(
    model: StructuralCausalModel, name: str, result: str
) -> None:
    policy = Conditional(f"otherwise -> {name if result == 'own name' else result}")
    drawn = model.sample(300, seed=3), model.sample(300, do={name: policy}, seed=3)
    pd.testing.assert_frame_equal(*drawn, check_exact=True)
    rows = mixed()[COLUMNS].head(40)
    rows.loc[3, "z"] = np.nan
    twins = model.counterfactual(rows, {}), model.counterfactual(rows, {name: policy})
    pd.testing.assert_frame_equal(*twins, check_exact=True)


def test_every_variable_at_once_left_as_it_is(model: StructuralCausalModel) -> None:
    same = {name: Conditional("otherwise -> same") for name in SETTINGS}
    pd.testing.assert_frame_equal(
        model.sample(200, seed=1), model.sample(200, do=same, seed=1), check_exact=True
    )


def test_a_shift_written_as_a_policy_is_the_shift(model: StructuralCausalModel) -> None:
    shifted = model.sample(200, do={"x": Shift(2.0)})
    policy = model.sample(200, do={"x": Conditional("otherwise -> x + 2")})
    pd.testing.assert_frame_equal(shifted, policy, atol=1e-5, rtol=0)


def test_conditions_read_labels_levels_and_numbers(model: StructuralCausalModel) -> None:
    text = "b = 'yes' and c != 'a' -> 7; not (b = 'no' or y > 1) -> -k; otherwise -> 2 * k + 1"
    # k causes nothing and its reads are all its non-descendants.
    drawn = model.sample(500, do={"k": Conditional(text)}, seed=4)
    plain = model.sample(500, seed=4)
    first = (plain["b"] == "yes") & (plain["c"] != "a")
    second = ~((plain["b"] == "no") | (plain["y"] > 1))
    # A count never seen below zero is not set below zero.
    wanted = np.select([first, second], [7, 0 * plain["k"]], 2 * plain["k"] + 1)
    np.testing.assert_array_equal(drawn["k"], wanted)
    assert drawn["k"].dtype == np.int64


def test_counts_are_rounded_and_labels_are_set(model: StructuralCausalModel) -> None:
    do: Do = {
        "k": Conditional("otherwise -> 1.4 * z"),
        "c": Conditional("z > 0 -> 'a'; otherwise -> 'b'"),
    }
    drawn = model.sample(300, do=do, seed=4)
    np.testing.assert_array_equal(drawn["k"], np.rint(1.4 * drawn["z"]).clip(lower=0))
    np.testing.assert_array_equal(drawn["c"], np.where(drawn["z"] > 0, "a", "b"))


def test_policies_read_the_world_in_which_the_others_act(world: StructuralCausalModel) -> None:
    do: Do = {
        "z": 2.0,
        "w": Conditional("otherwise -> z + 1"),
        "x": Conditional("w = 3 -> 10 * w; otherwise -> 0"),
        "m": Conditional("otherwise -> y"),
    }
    drawn = world.sample(100, do=do)
    assert set(drawn["w"]) == {3.0}
    assert set(drawn["x"]) == {30.0}
    np.testing.assert_array_equal(drawn["m"], drawn["y"])


def test_a_policy_may_read_what_comes_later_in_the_models_order(
    world: StructuralCausalModel,
) -> None:
    """y comes after m in the order of the equations or before it: neither causes the other."""
    for one, other in (("y", "m"), ("m", "y"), ("x", "w"), ("w", "x")):
        drawn = world.sample(50, do={one: Conditional(f"otherwise -> 2 * {other}")})
        np.testing.assert_array_equal(drawn[one], 2 * drawn[other])


def test_a_row_at_the_threshold_is_on_the_threshold(world: StructuralCausalModel) -> None:
    """The noise is abducted with rounding, and the policy must not see it."""
    rows = linear(200)
    rows["z"] = np.linspace(-2, 2, 200).round(2)
    rows["x"] = rows["z"].round(1)
    policy = Conditional("x >= 0.1 and z <= 1.95 -> 5; x = -0.5 -> 6; otherwise -> same")
    twins = world.counterfactual(rows, do={"x": policy})
    treated = (rows["x"] >= 0.1) & (rows["z"] <= 1.95)
    wanted = np.where(treated, 5.0, np.where(rows["x"] == -0.5, 6.0, rows["x"]))
    np.testing.assert_array_equal(twins["x"], wanted)
    np.testing.assert_allclose(twins["y"] - rows["y"], 2 * (wanted - rows["x"]), atol=0.8)


def test_a_missing_cell_is_read_as_the_model_draws_it(model: StructuralCausalModel) -> None:
    rows = mixed()[COLUMNS].head(30).copy()
    rows["z"] = np.nan
    twins = model.counterfactual(rows, do={"x": Conditional("z > 0 -> 1; otherwise -> z")})
    assert not twins.isna().any().any()
    np.testing.assert_array_equal(twins["x"], np.where(twins["z"] > 0, 1.0, twins["z"]))


@pytest.mark.parametrize(
    "text",
    [
        "otherwise -> 1 / (z - z)",
        "otherwise -> 1 / (1 / (0 * z))",
        "z > 0 -> 1e308 * z * 9; otherwise -> 0",
    ],
)
def test_what_is_no_number_is_refused(world: StructuralCausalModel, text: str) -> None:
    with pytest.raises(QuestionError, match="“x” divides by zero") as caught:
        world.sample(50, do={"x": Conditional(text)})
    assert caught.value.remedy


def test_a_clause_guards_a_division(world: StructuralCausalModel) -> None:
    do: Do = {"z": 0.0, "x": Conditional("z = 0 -> 3; otherwise -> 1 / z")}
    assert set(world.sample(50, do=do)["x"]) == {3.0}


@pytest.mark.parametrize(
    ("do", "loop"),
    [
        ({"x": "otherwise -> y"}, "x → y → x"),
        ({"z": "m > 0 -> 1; otherwise -> 0"}, "x → m → z → x"),
        ({"w": "otherwise -> m", "z": "otherwise -> w"}, "x → m → w → z → x"),
        ({"w": "otherwise -> z", "z": "otherwise -> w"}, "z → w → z"),
    ],
)
def test_a_policy_that_reads_what_it_changes_names_the_loop(
    world: StructuralCausalModel, do: dict[str, str], loop: str
) -> None:
    policies = {name: Conditional(text) for name, text in do.items()}
    with pytest.raises(QuestionError) as caught:
        world.sample(10, do=policies)
    assert f": {loop}." in caught.value.what
    with pytest.raises(QuestionError):
        answer(world, Intervention("y", do=policies))


@pytest.mark.parametrize(
    ("name", "text", "error", "match"),
    [
        ("x", "otherwise -> nobody", UnknownColumn, "nobody"),
        ("x", "zz > 1 -> 1; otherwise -> 2", UnknownColumn, "Did you mean “z”"),
        ("x", "b = 'perhaps' -> 1; otherwise -> 2", UnknownLevel, "perhaps"),
        ("x", "b > 'no' -> 1; otherwise -> 2", QuestionError, "no order"),
        ("x", "z > 'much' -> 1; otherwise -> 2", QuestionError, "much"),
        ("x", "otherwise -> c + 1", QuestionError, "labels"),
        ("x", "otherwise -> 'a'", QuestionError, "“x” is continuous"),
        ("c", "otherwise -> 'd'", UnknownLevel, "“c”"),
        ("c", "otherwise -> z", QuestionError, "labels"),
    ],
)
def test_a_policy_that_does_not_fit_says_why(
    model: StructuralCausalModel, name: str, text: str, error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        model.sample(10, do={name: Conditional(text)})


def test_levels_that_are_numbers_can_be_calculated_with() -> None:
    rng = np.random.default_rng(3)
    z = rng.normal(size=400)
    s = np.clip(np.rint(z + 3 + rng.normal(size=400)), 1, 5)
    frame = pd.DataFrame({"z": z, "s": s, "t": (z + s > 3).astype(int)})
    table = Table.from_frame(frame, kinds={"s": "ordinal", "t": "binary"})
    graph = CausalGraph.parse("dag { z -> s; z -> t; s -> t }")
    model = fit(table, graph, members=1, max_epochs=1)
    plain = model.sample(200, seed=1)
    raised = model.sample(200, do={"s": Conditional("s >= 3 -> s + 1; otherwise -> s / 2")}, seed=1)
    natural = plain["s"].astype(float)
    wanted = np.where(natural >= 3, (natural + 1).clip(upper=5), 1.0)
    np.testing.assert_array_equal(raised["s"].astype(float), wanted)
    flipped = model.sample(200, do={"t": Conditional("otherwise -> 1 - t")}, seed=1)
    np.testing.assert_array_equal(flipped["t"].astype(int), 1 - plain["t"].astype(int))


def test_a_row_can_be_asked_what_it_would_have_been(world: StructuralCausalModel) -> None:
    row = {"x": 1.0, "y": 2.0, "z": 0.5, "w": 0.0, "m": 1.0}
    policy = Conditional("z >= 0.5 -> x + 3; otherwise -> same")
    found = answer(world, Counterfactual("y", row, do={"x": policy}))
    assert found.value == pytest.approx(2 + 2 * 3, abs=0.4)
    assert found.status is Status.ASSUMED


def confounded(nodes: str, rows: int = 4000) -> StructuralCausalModel:
    """x → y and z ↔ y by an unmeasured u: z = u + e, y = 2x + u + e."""
    rng = np.random.default_rng(8)
    u, x = rng.normal(size=(2, rows))
    z, y = u + rng.normal(size=rows), 2 * x + u + rng.normal(size=rows)
    frame = pd.DataFrame({"x": x, "y": y, "z": z})
    table = Table.from_frame(frame, kinds=dict.fromkeys("xyz", "continuous"))
    graph = CausalGraph.parse(f"dag {{ {nodes}; x -> y; z <-> y }}")
    return fit(table, graph, members=2, max_epochs=4)


def test_a_policy_may_read_what_shares_an_unmeasured_cause_with_the_outcome() -> None:
    """x = z gives y = 2z + u + e, whose covariance with z is 2 · 2 + 1."""
    model = confounded("z; x; y")
    policy = Conditional("otherwise -> z")
    drawn = model.sample(20_000, do={"x": policy})
    # Five standard errors of a covariance of 4,000 rows, sqrt(var y · var z + cov²) / sqrt(n).
    assert np.cov(drawn["y"], drawn["z"])[0, 1] == pytest.approx(5.0, abs=5 * 7 / 4000**0.5)
    assert answer(model, Intervention("y", do={"x": policy})).status is Status.IDENTIFIED


def test_equations_that_cannot_answer_a_policy_say_so() -> None:
    """Fitted with y before z, the equation of z reads x and y."""
    with pytest.raises(QuestionError, match="z → x → z") as caught:
        confounded("y; x; z", 300).sample(10, do={"x": Conditional("otherwise -> z")})
    assert "fit again" in caught.value.remedy
