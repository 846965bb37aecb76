"""A column that says under which conditions a row was taken: a laboratory, a year, a trial.

It joins the search as a context (Mooij, Magliacane & Claassen 2020, *Joint causal inference
from multiple contexts*, assumption 1): nothing in the system causes it, and its arrows lead
to what differs between the conditions. Where it is known what each condition set from
outside, the rows are used as those of an experiment instead.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from causal_core.discovery.interventions import Targets, set_columns
from causal_core.discovery.knowledge import Knowledge
from causal_core.discovery.situation import Data, prepared
from causal_core.errors import QuestionError
from causal_core.tables.schema import Kind
from causal_core.tables.table import Table


def under_conditions(
    table: Table, knowledge: Knowledge, environment: str | None, targets: Targets
) -> tuple[Data, Knowledge]:
    """The rows to search, and what is known of them.

    `targets`: level of `environment` → the columns that were set in its rows. With them the
    column itself leaves the search. Raises TableError for columns that cannot be searched,
    GraphError for knowledge that lets a column cause the conditions.
    """
    if environment is None:
        if targets:
            raise QuestionError(
                "Columns were set, but it is not said in which rows.",
                "Name the column whose levels are the conditions.",
            )
        return prepared(table), knowledge
    if table.variable(environment).kind is not Kind.BINARY:
        table = table.with_kind(environment, Kind.CATEGORICAL)
    others = tuple(name for name in table.columns if name != environment)
    data = prepared(table)
    if targets:
        set_ = set_columns(data.variables, data.codes, environment, targets)
        kept = np.array([name != environment for name in data.names])
        variables = tuple(v for v in data.variables if v.name != environment)
        data = Data(variables, data.codes[:, kept], data.notes, set_[:, kept])
        return data, knowledge.within(others)
    into = {(name, environment) for name in others}
    return data, replace(knowledge, forbidden=knowledge.forbidden | into)
