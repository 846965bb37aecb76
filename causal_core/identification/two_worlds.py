"""Two worlds that no data can tell apart and that answer the question differently."""

from __future__ import annotations

import numpy as np

from causal_core.errors import GraphError
from causal_core.identification.identify import Identification
from causal_core.identification.parity import ParityWorlds
from causal_core.identification.world import World

TRIES = 50
DIFFERENT = 1e-6  # far above rounding


def two_worlds(identification: Identification) -> tuple[World, World]:
    """Worlds with equal P(v), strictly positive, and different P(outcome | do(treatment), given).

    Built from the hedge (see `parity`). Levels are 0 and 1, up to 3 for a node that passes a
    bit on. Nodes that the question does not need are left out: they may be anything that is
    alike in both. Raises GraphError where the effect is identifiable, so that there are none.

    >>> from causal_core.graphs.graph import CausalGraph
    >>> from causal_core.identification.identify import identify
    >>> bow = identify(CausalGraph.parse("dag { x -> y; x <-> y }"), "x", "y")
    >>> one, other = two_worlds(bow)
    >>> bool(np.allclose(one.probability(), other.probability()))
    True
    >>> [float(world.probability("y", do={"x": 0})[1]) for world in (one, other)]
    [0.5, 0.25]
    """
    hedge = identification.hedge
    if hedge is None:
        raise GraphError(
            "The data tell this effect: all worlds with these data agree.",
            "Ask for an effect that they do not tell.",
        )
    for seed in range(TRIES):
        plan = ParityWorlds(identification.graph.project(), hedge, _named(identification), seed)
        if answers_differ(identification, *plan.worlds):
            return plan.worlds
    raise GraphError(
        "No two worlds were found among those tried, though there are some.",
        "Leave conditions out of the question.",
    )


def answers_differ(identification: Identification, one: World, other: World) -> bool:
    """Whether P(outcome | do(treatment), given) differs between the worlds for some values."""
    treated = sorted(identification.treatment)
    for values in np.ndindex(*[one.levels(name) for name in treated]):
        do = dict(zip(treated, map(int, values), strict=True))
        apart = _answer(identification, one, do) - _answer(identification, other, do)
        if np.abs(apart).max() > DIFFERENT:
            return True
    return False


def _answer(identification: Identification, world: World, do: dict[str, int]) -> np.ndarray:
    """P(outcome | do, given): axes conditions, then outcomes."""
    given = sorted(identification.given)
    both = world.array([*given, *sorted(identification.outcome)], do)
    return np.asarray(both / both.sum(axis=tuple(range(len(given), both.ndim)), keepdims=True))


def _named(identification: Identification) -> tuple[frozenset[str], frozenset[str]]:
    return identification.treatment | identification.outcome, identification.given
