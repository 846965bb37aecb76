"""The ladder of structural equations: what each rung lets the parents drive.

From simple to rich: linear → polynomial → additive net → location-scale net → spline.
Each is the same network with other parts switched on, so that all rungs of all nodes
train in one batched program.
"""

from __future__ import annotations

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
    learned; `frozen`: nothing is learned beyond the closed form.
    """

    name: str
    skip: Skip = "linear"
    driven: tuple[int, ...] = ()
    shaped: tuple[int, ...] = ()
    frozen: bool = False

    @property
    def neural(self) -> bool:
        """Whether the rung has hidden layers."""
        return bool(self.driven)


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


def rungs_for(variable: Variable, has_parents: bool) -> tuple[Rung, ...]:
    """The rungs worth trying for a variable, simplest first."""
    if variable.kind is Kind.CATEGORICAL:
        return _level_rungs("softmax", tuple(range(len(variable.levels))), has_parents)
    if variable.kind is Kind.BINARY:
        return _level_rungs("probit", (LOCATION,), has_parents)
    return ORDERED if has_parents else ORDERED_ROOT


def _level_rungs(link: str, params: tuple[int, ...], has_parents: bool) -> tuple[Rung, ...]:
    if not has_parents:
        return (Rung("frequencies", shaped=params),)
    return (
        Rung(f"linear {link}", shaped=params),
        Rung(f"polynomial {link}", "polynomial", shaped=params),
        Rung(f"{link} net", "linear", driven=params, shaped=params),
    )


def conditional_rung(variable: Variable) -> Rung:
    """The one rung of the correlational net: every parameter is driven by what is given."""
    if variable.kind is Kind.CATEGORICAL:
        params = tuple(range(len(variable.levels)))
    elif variable.kind is Kind.BINARY:
        params = (LOCATION,)
    else:
        params = _ALL
    return Rung("conditional net", "linear", driven=params, shaped=params)
