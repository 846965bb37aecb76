"""Instruments: what moves the cause and reaches the outcome in no other way.

An instrument Z given W is joined to the cause given W, and separated from the outcome given W
once the causal paths are cut off; W holds nothing that the effect changes (Pearl 2009;
Brito & Pearl 2002). In a linear model cov(Z, Y | W) / cov(Z, X | W) is then the effect.

Nodes that selected the rows are given in all of this.

Whether some W does is hard to decide for a given Z; whether a W among the ancestors of Z and
outcome does is not, and where any conditional instrument exists such an *ancestral* one does
(van der Zander, Textor & Liśkiewicz 2015, *Efficiently finding conditional instruments for
causal inference*): the W nearest to the outcome decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from causal_core.graphs.augmented import augmented, bridged
from causal_core.graphs.cuts import nearest
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.separation import m_separated
from causal_core.identification.criterion import Criterion


@dataclass(frozen=True)
class Instrument:
    """`name` is an instrument given `given`, which cannot lose a variable."""

    name: str
    given: frozenset[str] = frozenset()

    def __str__(self) -> str:
        held = f" | {', '.join(sorted(self.given))}" if self.given else ""
        return f"{self.name}{held}"


def instruments(graph: CausalGraph, treatment: str, outcome: str) -> tuple[Instrument, ...]:
    """All ancestral instruments for the effect of one variable on another; few held first.

    Raises GraphError for unknown names and for a question that means nothing.

    >>> graph = CausalGraph.parse("z -> x -> y x <-> y z <- w -> y")
    >>> [str(found) for found in instruments(graph, "x", "y")]
    ['z | w']
    """
    criterion = Criterion.of(graph, treatment, outcome)
    if criterion.held & criterion.spoiling:
        return ()
    found = []
    for name in graph.nodes:
        if name not in criterion.forbidden | criterion.held:
            given = _nearest(criterion, name, treatment, outcome)
            if given is not None and not m_separated(
                graph, name, treatment, given | criterion.held
            ):
                found.append(Instrument(name, given))
    return tuple(sorted(found, key=lambda one: len(one.given)))


def _nearest(
    criterion: Criterion, name: str, treatment: str, outcome: str
) -> frozenset[str] | None:
    """The separator of `name` and outcome nearest to the outcome, causal paths cut off."""
    near = augmented(criterion.backdoor, (name, outcome), criterion.held)
    near = bridged(near, criterion.forbidden - {outcome})
    return None if outcome in near[name] else nearest(near, outcome, name)
