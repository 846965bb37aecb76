"""The shelf: every example is whole, and its numbers are the published ones."""

from __future__ import annotations

import re
from hashlib import sha256

import numpy as np
import pytest
from scipy.stats import norm

from causal_core.errors import UnknownColumn, UnknownLevel
from causal_core.graphs.graph import CausalGraph
from causal_core.tables.examples import EXAMPLES, Example
from causal_core.tables.shelf import dose
from causal_core.tables.shelf.files import FOLDER, read_causaldata
from causal_core.tables.table import Table

ALL = list(EXAMPLES.values())
by_key = pytest.mark.parametrize("example", ALL, ids=lambda example: example.key)


def test_the_keys_of_the_shelf() -> None:
    keys = ["kidney", "dose", "nsw-psid", "nsw-cps", "nhefs", "sachs", "berkeley", "darfur"]
    assert list(EXAMPLES) == keys
    assert all(key == example.key for key, example in EXAMPLES.items())


@by_key
def test_an_example_is_whole(example: Example) -> None:
    table, graph = example.table(), CausalGraph.parse(example.graph_text)
    assert (len(table), len(table.columns)) == (example.rows, example.columns)
    assert table.findings == ()
    assert set(graph.nodes) <= set(table.columns)
    assert graph.exposures == {example.cause}
    assert graph.outcomes == {example.outcome}
    assert example.question.endswith("?")
    assert example.note.endswith(".")
    assert example.source
    assert example.licence
    assert example.cause in graph.ancestors(example.outcome)
    if example.positive is not None:
        assert example.positive in table.variable(example.outcome).levels
    for variable in table.variables:
        assert variable.unit or variable.kind.discrete
    assert Table.from_bytes(table.to_bytes()) == table


@by_key
def test_nodes_lie_on_the_canvas_and_apart(example: Example) -> None:
    graph = CausalGraph.parse(example.graph_text)
    places = [graph.positions[name] for name in graph.nodes]
    assert all(0 <= x <= 1000 and 0 <= y <= 600 for x, y in places)
    gaps = [np.hypot(a[0] - b[0], a[1] - b[1]) for i, a in enumerate(places) for b in places[:i]]
    assert min(gaps) >= 90


@by_key
def test_truth_is_none_or_one_number_a_value(example: Example) -> None:
    variable = example.table().variable(example.cause)
    values = list(variable.levels) or [variable.low, variable.high]
    truth = example.truth(example.cause, example.outcome, values)
    assert truth is None or (truth.shape == (len(values),) and np.isfinite(truth).all())
    with pytest.raises(UnknownColumn):
        example.truth("nothing", example.outcome, values)


class TestKidneyStones:
    example = EXAMPLES["kidney"]

    def test_seeing(self) -> None:
        rates = (
            self.example.table()
            .frame.groupby("treatment", observed=True)["recovered"]
            .apply(lambda column: (column == "yes").mean())
        )
        assert rates["A"] == pytest.approx(273 / 350)
        assert rates["B"] == pytest.approx(289 / 350)

    def test_doing(self) -> None:
        truth = self.example.truth("treatment", "recovered", ["A", "B"])
        small, large = 357 / 700, 343 / 700
        assert truth == pytest.approx(
            [small * 81 / 87 + large * 192 / 263, small * 234 / 270 + large * 55 / 80]
        )
        assert truth == pytest.approx([0.8325, 0.7789], abs=5e-5)

    def test_other_questions(self) -> None:
        assert self.example.truth("treatment", "size", ["A"]) == pytest.approx([343 / 700])
        assert self.example.truth("size", "treatment", ["small"]) == pytest.approx([270 / 357])
        assert self.example.truth("treatment", "recovered", ["A"], "no") == pytest.approx(
            [0.1675], abs=1e-4
        )
        assert self.example.truth("treatment", "treatment", ["A", "B"]) == pytest.approx([0, 1])
        with pytest.raises(UnknownLevel):
            self.example.truth("treatment", "recovered", ["C"])


def test_berkeley_by_the_published_counts() -> None:
    frame = EXAMPLES["berkeley"].table().frame
    assert (frame["gender"] == "male").sum() == 2691
    assert ((frame["gender"] == "female") & (frame["admitted"] == "yes")).sum() == 557
    truth = EXAMPLES["berkeley"].truth("gender", "admitted", ["male", "female"])
    assert truth == pytest.approx([1198 / 2691, 557 / 1835])  # nothing confounds gender


class TestDose:
    example = EXAMPLES["dose"]

    def test_the_sign_flips(self) -> None:
        frame = self.example.table().frame
        assert np.polyfit(frame["dose"], frame["recovery"], 1)[0] > 0.05
        truth = self.example.truth("dose", "recovery", [20.0, 90.0, 160.0])
        assert truth[0] > truth[1] + 5 > truth[2] + 5

    def test_the_truth_by_hand(self) -> None:
        """do(dose) leaves E[0.52 severity + 0.06 age − 1.2 sex] alone: the gap is the benefit's."""
        low, high = self.example.truth("dose", "recovery", [30.0, 120.0])
        benefit = 26 * (np.exp(-30 / 90) - np.exp(-120 / 90))
        assert low - high == pytest.approx(benefit, abs=1e-9)

    def test_the_level_by_hand(self) -> None:
        edges = np.arange(18, 91)
        upper = np.where(edges == 90, 1, norm.cdf((edges + 0.5 - 52) / 16))
        chances = np.diff(np.concatenate([[0], upper]))
        age = float((chances * edges).sum())
        mean = 12 + 0.52 * (26 + 0.42 * age + 4 * 0.5) + 0.06 * age - 0.6 - 26 * (1 - np.exp(-1))
        assert self.example.truth("dose", "recovery", [90.0])[0] == pytest.approx(mean, abs=0.1)

    def test_not_downstream(self) -> None:
        truth = self.example.truth("dose", "severity", [10.0, 100.0])
        assert truth[0] == truth[1]
        chance = self.example.truth("severity", "clinic", [50.0], "rural")
        assert chance == pytest.approx([0.3], abs=0.01)

    def test_the_data_come_from_that_world(self) -> None:
        world = dose.world(0, dose.ROWS)
        assert self.example.table()["dose"].to_numpy() == pytest.approx(world["dose"], abs=0.051)
        acted = dose.world(0, dose.ROWS, {"dose": 50.0})
        assert np.array_equal(acted["severity"], world["severity"])  # same patients, same noise


class TestJobTraining:
    def test_the_experiment(self) -> None:
        experiment = read_causaldata("nsw_mixtape")
        means = experiment.groupby("treat")["re78"].apply(lambda x: float(x.astype(float).mean()))
        for key in ("nsw-psid", "nsw-cps"):
            effect = EXAMPLES[key].effect
            assert effect is not None
            assert effect.value == pytest.approx(means[1] - means[0], abs=0.01)
            assert (effect.low, effect.high, effect.unit) == ("no", "yes", "USD")

    @pytest.mark.parametrize(("key", "seen"), [("nsw-psid", -15204.78), ("nsw-cps", -8497.52)])
    def test_what_the_note_says_is_seen(self, key: str, seen: float) -> None:
        example = EXAMPLES[key]
        means = example.table().frame.groupby("trained", observed=True)["earnings 1978"].mean()
        assert means["yes"] - means["no"] == pytest.approx(seen, abs=0.01)
        assert f"{abs(round(seen)):,}" in example.note
        assert (example.table()["trained"] == "yes").sum() == 185


def test_nhefs_has_missing_outcomes() -> None:
    table = EXAMPLES["nhefs"].table()
    assert table["weight change"].isna().sum() == 63
    means = table.frame.groupby("quit smoking", observed=True)["weight change"].mean()
    assert means["yes"] - means["no"] == pytest.approx(2.54, abs=0.005)
    assert str(table.variable("education").kind) == "ordinal"


def test_darfur_is_the_published_survey() -> None:
    frame = EXAMPLES["darfur"].table().frame
    assert (frame["harmed"] == "yes").sum() == 529
    assert frame["village"].nunique() == 486
    means = frame.groupby("harmed", observed=True)["wants peace"].mean()
    assert means["yes"] - means["no"] == pytest.approx(0.063, abs=0.0005)


def test_sachs_has_the_seventeen_arrows() -> None:
    example = EXAMPLES["sachs"]
    graph = CausalGraph.parse(example.graph_text)
    assert len(graph.edges) == 17
    assert len(graph.nodes) == 11
    assert {"Raf", "Jnk", "p38", "PKA"} < graph.children("PKC")


def test_the_files_are_those_whose_source_is_given() -> None:
    sources = (FOLDER / "SOURCES.md").read_text("utf-8")
    files = sorted(FOLDER.glob("*.csv"))
    assert files
    for file in files:
        digest = sha256(file.read_bytes()).hexdigest()
        assert re.search(rf"`{file.name}` \| `{digest}`", sources), file.name
