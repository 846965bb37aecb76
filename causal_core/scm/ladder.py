"""The ladder of structural equations: what each rung lets the parents drive.

From simple to rich: linear → curves (each with normal noise or noise of a learned shape) →
the same with a spread that moves with the causes → additive net → smooth → location-scale
net → spline. Polynomials stand for curves where no cause can bend. Each is the same network
with other parts switched on, so that all rungs of all nodes train in one batched program.
The smooth rung is solved at once and shows what a net may gain, but goes astray
where there are no data: a net that does as well comes before it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from causal_core.mechanisms.continuous import LOCATION, LOG_SCALE
from causal_core.tables.schema import Kind, Variable

Skip = Literal["linear", "polynomial", "curves", "smooth"]
CROSSED = ("curves", "polynomial", "smooth")  # what has products of columns


@dataclass(frozen=True)
class Rung:
    """One family of equations.

    `skip`: the closed-form part of the location; `moving`: its terms drive the log-scale
    too; `driven`: which of the leading parameters (location, log-scale; levels' scores) the
    hidden layers add to, none without hidden layers; `shaped`: the noise has a learned
    shape; `bent`: the hidden layers drive that shape too.
    """

    name: str
    skip: Skip = "linear"
    moving: bool = False
    driven: tuple[int, ...] = ()
    shaped: bool = False
    bent: bool = False

    @property
    def neural(self) -> bool:
        """Whether the rung has hidden layers."""
        return bool(self.driven)

    @property
    def closed(self) -> bool:
        """Whether the rung is found without gradient steps, as those of the first sketch are."""
        return not self.neural


_CELLS = 32
_BOTH = (LOCATION, LOG_SCALE)

ORDERED = (
    Rung("linear"),
    Rung("linear, shaped noise", shaped=True),
    Rung("curves", "curves"),
    Rung("curves, shaped noise", "curves", shaped=True),
    Rung("polynomial", "polynomial"),
    Rung("polynomial, shaped noise", "polynomial", shaped=True),
    Rung("linear, moving spread", shaped=True, moving=True),
    Rung("curves, moving spread", "curves", shaped=True, moving=True),
    Rung("additive net", driven=(LOCATION,), shaped=True),
    Rung("smooth", "smooth"),
    Rung("smooth, shaped noise", "smooth", shaped=True),
    Rung("location-scale net", driven=_BOTH, shaped=True),
    Rung("spline", driven=_BOTH, shaped=True, bent=True),
)
ORDERED_ROOT = (Rung("normal"), Rung("shaped noise", shaped=True))


def rungs_for(variable: Variable, context: Sequence[Variable]) -> tuple[Rung, ...]:
    """The rungs worth trying for a variable that reads `context`, simplest first."""
    if variable.kind is Kind.CATEGORICAL:
        return _level_rungs("softmax", context)
    if variable.kind is Kind.BINARY:
        return _level_rungs("probit", context)
    if not context:
        return ORDERED_ROOT
    bends = any(v.kind not in (Kind.BINARY, Kind.CATEGORICAL) for v in context)
    without = "polynomial" if bends else "curves"  # curves carry powers and products too
    return tuple(rung for rung in ORDERED if rung.skip != without)


def _level_rungs(link: str, context: Sequence[Variable]) -> tuple[Rung, ...]:
    if not context:
        return (Rung("frequencies"),)
    rungs = (
        Rung(f"linear {link}"),
        Rung(f"polynomial {link}", "polynomial"),
        Rung(f"smooth {link}", "smooth"),
    )
    return rungs[1:] if _few_cells(context) else rungs


def _few_cells(context: Sequence[Variable]) -> bool:
    """Whether the context is a small table of levels, whose shares are best taken as they are."""
    cells = math.prod(len(v.levels) or _CELLS + 1 for v in context)
    return len(context) > 1 and cells <= _CELLS


def conditional_rung(variable: Variable, *, deep: bool) -> Rung:
    """The one rung of the correlational net: every parameter is driven by what is given."""
    if not deep:
        return Rung("conditional sketch", "polynomial")
    if variable.kind is Kind.CATEGORICAL:
        levels = tuple(range(len(variable.levels)))
        return Rung("conditional net", "polynomial", driven=levels)
    if variable.kind is Kind.BINARY:
        return Rung("conditional net", "polynomial", driven=(LOCATION,))
    return Rung("conditional net", "polynomial", driven=_BOTH, shaped=True, bent=True)
