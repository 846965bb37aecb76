"""Rungs: causal questions answered from a table, a graph and neural structural equations.

The names below are the public face; everything else may change. They are imported on
first use, so that `import causal_core` costs nothing.

>>> import numpy as np, pandas as pd
>>> from causal_core import CausalGraph, Effect, Table, answer, fit
>>> z = np.tile([-1.0, 0.0, 1.0, 2.0], 50)
>>> x = z + np.resize([0.5, -0.5, 1.0, -1.0, 0.2], 200)
>>> y = 3 * x - 2 * z + np.resize([0.1, -0.1, 0.05], 200)
>>> table = Table.from_frame(pd.DataFrame({"z": z, "x": x, "y": y}), kinds={"z": "continuous"})
>>> graph = CausalGraph.parse("dag { z -> x; z -> y; x -> y }")
>>> model = fit(table, graph, seed=0, members=2, max_epochs=2)
>>> effect = answer(model, Effect(treatment="x", outcome="y", values=(0, 1)))
>>> round(effect.value, 1), str(effect.status)
(3.0, 'identified')
>>> model.sample(1000, do={"x": 1.0}, seed=0)["x"].unique().tolist()
[1.0]
>>> twins = model.counterfactual(table.frame.head(2), do={"x": 0.0}, seed=0)
>>> bool(np.allclose(twins["z"], table["z"].head(2)))
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from causal_core.association.model import AssociationModel
    from causal_core.association.training import fit_association
    from causal_core.discovery.discover import discover
    from causal_core.discovery.knowledge import Knowledge
    from causal_core.errors import RungsError
    from causal_core.estimation.estimate import estimate
    from causal_core.graphs.graph import CausalGraph, Edge
    from causal_core.identification.identify import Identification, identify
    from causal_core.queries.answers import Answer
    from causal_core.queries.engine import answer
    from causal_core.queries.questions import Association, Counterfactual, Effect, Intervention
    from causal_core.scm.interventions import Scale, Shift, Stochastic
    from causal_core.scm.model import StructuralCausalModel
    from causal_core.scm.policies import Conditional
    from causal_core.scm.training import fit
    from causal_core.tables.readers import read_table
    from causal_core.tables.table import Table

__version__ = "0.1.0"

_HOME = {
    "Answer": "queries.answers",
    "Association": "queries.questions",
    "AssociationModel": "association.model",
    "CausalGraph": "graphs.graph",
    "Conditional": "scm.policies",
    "Counterfactual": "queries.questions",
    "Edge": "graphs.graph",
    "Effect": "queries.questions",
    "Identification": "identification.identify",
    "Intervention": "queries.questions",
    "Knowledge": "discovery.knowledge",
    "RungsError": "errors",
    "Scale": "scm.interventions",
    "Shift": "scm.interventions",
    "Stochastic": "scm.interventions",
    "StructuralCausalModel": "scm.model",
    "Table": "tables.table",
    "answer": "queries.engine",
    "discover": "discovery.discover",
    "estimate": "estimation.estimate",
    "fit": "scm.training",
    "fit_association": "association.training",
    "identify": "identification.identify",
    "read_table": "tables.readers",
}

__all__ = [
    "Answer",
    "Association",
    "AssociationModel",
    "CausalGraph",
    "Conditional",
    "Counterfactual",
    "Edge",
    "Effect",
    "Identification",
    "Intervention",
    "Knowledge",
    "RungsError",
    "Scale",
    "Shift",
    "Stochastic",
    "StructuralCausalModel",
    "Table",
    "answer",
    "discover",
    "estimate",
    "fit",
    "fit_association",
    "identify",
    "read_table",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module “causal_core” has no attribute “{name}”")
    return getattr(import_module(f"causal_core.{_HOME[name]}"), name)
