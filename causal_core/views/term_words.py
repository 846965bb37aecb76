"""What the rows say of each probability in a derivation, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from causal_core.errors import RungsError
from causal_core.estimation.terms import TermEstimate, term_estimates
from causal_core.identification.asked import Asked
from causal_core.identification.expression import Probability
from causal_core.tables.schema import Value
from causal_core.tables.table import Table
from causal_core.views.theme import number


def term_words(table: Table, terms: Sequence[Probability], asked: Asked) -> dict[Probability, str]:
    """Term → “P(m = yes | x = 1) = 0.42, of 118 rows”, at the values that are asked about.

    Terms about nodes that are no columns, and those that the rows cannot answer, are left out.
    """
    known = set(table.columns)
    able = [term for term in terms if term.free <= known and not term.do]
    try:
        found = term_estimates(table, able, _at(asked, {n for t in able for n in t.free}))
    except RungsError:  # a value that is asked about does not occur
        found = term_estimates(table, able, {})
    return {one.term: words(one) for one in found}


def _at(asked: Asked, names: set[str]) -> dict[str, Value]:
    at: dict[str, Value] = {}
    if asked.values is not None:
        at[asked.treatment] = asked.values[1]
    if asked.level is not None:
        at[asked.outcome] = asked.level
    return {name: value for name, value in at.items() if name in names}


def words(found: TermEstimate) -> str:
    """One estimate in words."""
    if math.isnan(found.value):
        return f"{found.words}: no row meets this condition"
    rows = "1 row" if found.rows == 1 else f"{found.rows:,} rows"
    return f"{found.words} = {number(found.value, 3)}, of {rows}"
