"""The terms of a formula, read off the rows."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from causal_core.errors import EstimationError, UnknownLevel
from causal_core.estimation.terms import term_estimates
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.expression import Probability
from causal_core.identification.identify import identify
from causal_core.tables.table import Table

TABLE = Table.from_frame(
    pd.DataFrame(
        {
            "x": [0, 0, 0, 1, 1, 1, 1, 1],
            "y": ["no", "no", "yes", "yes", "yes", "yes", "no", None],
            "z": np.arange(8) + 0.5,
        }
    ),
    kinds={"z": "continuous"},
)


def test_shares_are_counted_by_hand() -> None:
    terms = [
        Probability(frozenset("x")),
        Probability(frozenset("y"), frozenset("x")),
        Probability(frozenset("y"), frozenset("xz")),
    ]
    one, two, three = term_estimates(TABLE, terms, {"x": 1, "y": "yes"})
    assert (one.value, one.rows, one.words) == (5 / 8, 8, "P(x = 1)")
    assert (two.value, two.rows, two.words) == (3 / 4, 4, "P(y = yes | x = 1)")
    assert three.words == "P(y = yes | x = 1, z = 0.5)"  # z at its first of equally common values
    assert three.rows == 0
    assert math.isnan(three.value)


def test_numbers_are_cut_at_quartiles_in_words() -> None:
    z = np.linspace(0, 100, 401)
    y = (z > 60).astype(int)
    table = Table.from_frame(pd.DataFrame({"y": y, "z": z}))
    (found,) = term_estimates(
        table, [Probability(frozenset("y"), frozenset("z"))], {"z": 70, "y": 1}
    )
    assert found.words == "P(y = 1 | z between 50 and 75)"
    assert found.value == pytest.approx(0.6)
    assert found.rows == 100


def test_every_term_of_an_identified_formula() -> None:
    graph = CausalGraph.parse("dag { z -> {x y}; x -> y }")
    estimand = identify(graph, "x", "y").estimand
    assert estimand is not None
    found = term_estimates(TABLE, estimand.terms, {"x": 0, "y": "no", "z": 0.5})
    assert [each.term for each in found] == list(estimand.terms)
    assert len(term_estimates(TABLE, estimand.terms, {}, cap=1)) == 1


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(UnknownLevel):
        term_estimates(TABLE, [Probability(frozenset("y"))], {"y": "perhaps"})
    with pytest.raises(EstimationError, match="intervention"):
        term_estimates(TABLE, [Probability(frozenset("y"), do=frozenset("x"))], {})
