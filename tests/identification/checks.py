"""One random question, checked every way there is: against theory, exact models, another library.

The other library is `causaleffect` (a Python port of Tikka & Karvanen's R package); only its
verdicts are taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import causaleffect
import numpy as np

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.identify import Identification, identify
from causal_core.identification.two_worlds import answers_differ, two_worlds
from tests.identification.drawn import Asked
from tests.identification.exact import ExactModel


@dataclass(frozen=True)
class Checked:
    """What came of one question. `error`: of the formula against the truth, 0 where it has none."""

    found: Identification
    error: float
    agreed: bool


def checked(asked: Asked, seed: int) -> Checked:
    """`asked` answered and verified; AssertionError where anything is wrong but the verdict.

    Two verdicts may differ because the other library errs: `agreed` tells, the caller decides.
    """
    found = identify(asked.graph, asked.x, asked.y, asked.z)
    for step in found.steps:
        assert step.separation is None or step.separation.holds
    verified_hedge(found)
    agreed = found.identifiable == oracle(asked)
    return Checked(found, formula_error(asked, found, seed), agreed)


def formula_error(asked: Asked, found: Identification, seed: int) -> float:
    """The largest error of the formula in one random model of the graph."""
    if found.estimand is None:
        return 0.0
    model = ExactModel(asked.graph, seed, most=3)
    value = found.estimand.evaluate(model.joint()).to_numpy()
    return float(np.abs(value - model.truth(asked.y, asked.x, asked.z).ravel()).max())


def verified_hedge(found: Identification) -> None:
    """A no has a hedge by definition, a yes has none."""
    hedge = found.hedge
    assert (hedge is None) == found.identifiable
    if hedge:
        assert hedge.holds_in(found.graph, hedge.treatment, hedge.outcome)
        if not found.given:
            assert hedge.holds_in(found.graph, found.treatment, found.outcome)
        assert hedge.treatment <= found.treatment | found.given
        assert found.outcome <= hedge.outcome <= found.outcome | found.given


def exhibited(found: Identification) -> None:
    """Two worlds agree on all that can be seen and differ in the answer."""
    one, other = two_worlds(found)
    seen, seen_too = one.probability(), other.probability()
    # Sums of at most 2¹⁴ products of chances.
    np.testing.assert_allclose(seen, seen_too, atol=1e-12)
    assert seen.min() > 0
    assert abs(seen.sum() - 1) < 1e-9
    assert answers_differ(found, one, other)


def oracle(asked: Asked) -> bool:
    """Whether `causaleffect` calls the effect identifiable."""
    graph = _igraph(asked.graph)
    return causaleffect.ID(set(asked.y), set(asked.x), graph, set(asked.z)).identifiable


def _igraph(graph: CausalGraph):  # type: ignore[no-untyped-def]
    made = causaleffect.createGraph([f"{e.source}{e.kind}{e.target}" for e in graph.edges])
    made.add_vertices([name for name in graph.nodes if name not in made.vs["name"]])
    return made
