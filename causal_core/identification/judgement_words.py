"""The sentences of a judgement on what is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.separation import m_separated
from causal_core.identification.adjustment_status import AdjustmentStatus, culprits
from causal_core.identification.criterion import Criterion
from causal_core.identification.naming import listed
from causal_core.identification.paths import Paths

NAMED = 3  # paths that a sentence names


def sentence(
    criterion: Criterion, chosen: frozenset[str], status: AdjustmentStatus, biasing: Paths
) -> str:
    """What is so, in one plain sentence."""
    causes, outcomes = listed(criterion.causes), listed(criterion.outcomes)
    held = listed(culprits(criterion, chosen, status))
    match status:
        case AdjustmentStatus.CORRECT:
            return _right(criterion, chosen)
        case AdjustmentStatus.ASKED:
            return f"What is asked about cannot be held as well: {held}."
        case AdjustmentStatus.UNMEASURED:
            return f"What is unmeasured cannot be held: {held}."
        case AdjustmentStatus.AFTER:
            return f"Holding {held} biases the answer, as holding any effect of {outcomes} does."
        case AdjustmentStatus.OVERCONTROL:
            return f"Holding {held} takes away part of what {causes} does to {outcomes}."
        case AdjustmentStatus.SELECTION:
            return _selected(criterion, biasing)
        case AdjustmentStatus.COLLIDER:
            return f"Holding {_openers(criterion, chosen, biasing)} opens {_texts(biasing)}."
        case AdjustmentStatus.BIASED:
            return _biased(biasing)


def advice(
    chosen: frozenset[str], status: AdjustmentStatus, offered: Sequence[frozenset[str]]
) -> str:
    """What to do: how to come from `chosen` to the first of the sets `offered`."""
    if status is AdjustmentStatus.CORRECT:
        return ""
    if not offered:
        return "No set of measured variables gives this effect by being held."
    out, more = chosen - offered[0], offered[0] - chosen
    if not out:
        return f"Hold also {listed(more)}."
    return f"Leave out {listed(out)}" + (f" and hold {listed(more)}." if more else ".")


def _right(criterion: Criterion, chosen: frozenset[str]) -> str:
    if not criterion.mediators:
        said = f"Right: no arrows lead from {listed(criterion.causes)} to the outcome"
        said += ", and no other path is open"
    elif chosen:
        said = f"Right: with {listed(chosen)} held, only the effect itself is left"
    else:
        said = "Right: nothing needs to be held, since only the effect joins the two"
    return f"{said}{_for_whom(criterion)}."


def _for_whom(criterion: Criterion) -> str:
    """For rows like these only, unless what selected them says nothing of the outcome.

    Then P(outcome | do(causes)) is the same in the selected rows and in all (Correa &
    Bareinboim 2017, *Causal effect identification by adjustment under confounding and
    selection biases*).
    """
    if not criterion.held:
        return ""
    cut = _set(criterion.graph, criterion.causes)
    if m_separated(cut, criterion.held, criterion.outcomes, criterion.causes):
        return f"; that {listed(criterion.held)} chose the rows does no harm"
    return f"; {listed(criterion.held)} chose the rows, so it is the effect among rows like these"


def _set(graph: CausalGraph, causes: frozenset[str]) -> CausalGraph:
    """The graph in which nothing leads into `causes` any more."""
    kept = (
        edge
        for edge in graph.edges
        if edge.target not in causes and (edge.kind == "->" or edge.source not in causes)
    )
    return replace(graph, edges=tuple(kept))


def _selected(criterion: Criterion, biasing: Paths) -> str:
    who = listed(criterion.held)
    if criterion.held & criterion.spoiling:
        return f"The rows were chosen by {who}, which the effect itself changes."
    return f"The rows were chosen by {who}, which opens {_texts(biasing)}."


def _openers(criterion: Criterion, chosen: frozenset[str], biasing: Paths) -> str:
    """The held variables that are colliders of these paths, or come from one."""
    colliders = {name for path in biasing.paths for name in path.opened}
    return listed(chosen & criterion.graph.descendants(colliders))


def _biased(biasing: Paths) -> str:
    size = len(biasing.paths)
    if not size:  # time was over before the first was found
        return "A path is open that is not the effect."
    count = "one path is" if size == 1 else f"{size} paths are"
    said = count.capitalize() if biasing.complete else f"At least {count}"
    return f"{said} open that {count.split()[-1]} not the effect: {_texts(biasing)}."


def _texts(biasing: Paths) -> str:
    """The first few paths as one reads them."""
    texts = [path.text for path in biasing.paths[:NAMED]]
    more = len(biasing.paths) - len(texts)
    return (", ".join(texts) or "a path") + (f" and {more} more" if more else "")
