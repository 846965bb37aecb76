"""The ladder of structural equations: what each rung lets the parents drive.

From simple to rich: linear → polynomial → additive net → location-scale net → spline.
Each is the same network with other parts switched on, so that all rungs of all nodes
train in one batched program.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from causal_core.mechanisms.continuous import LOCATION, LOG_SCALE, WIDTH
from causal_core.tables.schema import Kind, Variable

Skip = Literal["linear", "polynomial"]


@dataclass(frozen=True)
class Rung:
    """One family of equations.

    `skip`: the closed-form part of the location; `driven`: parameters that the hidden
    layers add to (empty: no hidden layers); `shaped`: constant parameters that are
    learned; `frozen`: nothing is learned beyond the closed form; `convex`: the likelihood
    has one maximum, found without gradient steps.
    """

    name: str
    skip: Skip = "linear"
    driven: tuple[int, ...] = ()
    shaped: tuple[int, ...] = ()
    frozen: bool = False
    convex: bool = False

    @property
    def neural(self) -> bool:
        """Whether the rung has hidden layers."""
        return bool(self.driven)


_CELLS = 32
_ALL = tuple(range(WIDTH))
_LOCATION_SCALE = (LOCATION, LOG_SCALE)

ORDERED = (
    Rung("linear", frozen=True),
    Rung("polynomial", "polynomial", shaped=_ALL),
    Rung("additive net", "polynomial", driven=(LOCATION,), shaped=_ALL),
    Rung("location-scale net", "polynomial", driven=_LOCATION_SCALE, shaped=_ALL),
    Rung("spline", "linear", driven=_ALL, shaped=_ALL),
)
ORDERED_ROOT = (Rung("normal", frozen=True), Rung("shaped noise", shaped=_ALL))


def rungs_for(variable: Variable, context: Sequence[Variable]) -> tuple[Rung, ...]:
    """The rungs worth trying for a variable that reads `context`, simplest first."""
    if variable.kind is Kind.CATEGORICAL:
        return _level_rungs("softmax", tuple(range(len(variable.levels))), context)
    if variable.kind is Kind.BINARY:
        return _level_rungs("probit", (LOCATION,), context)
    return ORDERED if context else ORDERED_ROOT


def _level_rungs(
    link: str, params: tuple[int, ...], context: Sequence[Variable]
) -> tuple[Rung, ...]:
    if not context:
        return (Rung("frequencies", shaped=params, convex=True),)
    rungs = (
        Rung(f"linear {link}", shaped=params, convex=True),
        Rung(f"polynomial {link}", "polynomial", shaped=params, convex=True),
        Rung(f"{link} net", "linear", driven=params, shaped=params),
    )
    return rungs[1:] if _few_cells(context) else rungs


def _few_cells(context: Sequence[Variable]) -> bool:
    """Whether the context is a small table of levels, whose shares are best taken as they are."""
    cells = math.prod(len(v.levels) or _CELLS + 1 for v in context)
    return len(context) > 1 and cells <= _CELLS


def conditional_rung(variable: Variable) -> Rung:
    """The one rung of the correlational net: every parameter is driven by what is given."""
    if variable.kind is Kind.CATEGORICAL:
        params = tuple(range(len(variable.levels)))
    elif variable.kind is Kind.BINARY:
        params = (LOCATION,)
    else:
        params = _ALL
    return Rung("conditional net", "polynomial", driven=params, shaped=params)
