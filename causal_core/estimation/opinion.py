"""Which method an effect is estimated by: the graph decides, not the data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from causal_core.errors import EstimationError
from causal_core.estimation.aipw import aipw
from causal_core.estimation.contrast import Contrast, contrast
from causal_core.estimation.frontdoor import frontdoor
from causal_core.estimation.frontdoor_line import frontdoor_line
from causal_core.estimation.instrumental import instrumental
from causal_core.estimation.partially_linear import partially_linear
from causal_core.estimation.plugin import plugin
from causal_core.estimation.result import Arm, Estimate, Method
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.adjustment import adjusts, backdoor_set, frontdoor_set
from causal_core.identification.identify import identify
from causal_core.identification.instruments import instruments
from causal_core.identification.optimal import optimal_set
from causal_core.tables.schema import Level, Value
from causal_core.tables.table import Table


def opinion(
    table: Table,
    graph: CausalGraph,
    treatment: str,
    outcome: str,
    values: tuple[Value, Value] = (0, 1),
    *,
    level: Level | None = None,
    adjusted: Iterable[str] | None = None,
    seed: int = 0,
) -> Estimate:
    """The contrast between `values` of `treatment`, by the best method the graph allows.

    In this order: no effect where no arrows lead there; adjustment for `adjusted` where it is
    valid under the graph, else for the set that is best by the graph; the front door; the
    formula that ID gives; an instrument. A node that the table lacks counts as unmeasured.
    `level`: the level of a discrete outcome whose probability is meant, the last by default.
    Raises UnknownColumn, UnknownLevel, GraphError and QuestionError for a question that does
    not fit, and EstimationError where these rows cannot answer it.
    """
    question = contrast(table, treatment, outcome, values, level)
    measured = _measured(graph, table)
    wanted = None if adjusted is None else frozenset(adjusted)
    chosen, notes = _adjustment(measured, treatment, outcome, wanted)
    notes += _selection(graph)
    if outcome not in measured.descendants(treatment):
        return _no_effect(question, notes)
    found = _adjusting(question, chosen, seed) or _otherwise(question, measured, seed)
    return replace(found, notes=notes + found.notes)


def _adjusting(question: Contrast, chosen: frozenset[str] | None, seed: int) -> Estimate | None:
    if chosen is None:
        return None
    by_levels = question.treatment.kind.discrete
    return (aipw if by_levels else partially_linear)(question, chosen, seed)


def _otherwise(question: Contrast, graph: CausalGraph, seed: int) -> Estimate:
    treatment, outcome = question.treatment.name, question.outcome.name
    mediators = frontdoor_set(graph, treatment, outcome)
    if mediators is not None and question.treatment.kind.discrete:
        return frontdoor(question, mediators, seed)
    if mediators is not None:
        return frontdoor_line(question, mediators)
    identified = identify(graph, treatment, outcome)
    if identified.estimand is not None:
        return plugin(question, identified.estimand, seed)
    found = instruments(graph, treatment, outcome)
    if found:
        return instrumental(question, found)
    raise EstimationError(
        f"Under this graph the rows do not tell what “{treatment}” does to “{outcome}”.",
        "Ask for its bounds, or measure what confounds the two.",
    )


def _adjustment(
    graph: CausalGraph, treatment: str, outcome: str, wanted: frozenset[str] | None
) -> tuple[frozenset[str] | None, tuple[str, ...]]:
    """The set to adjust for, None where there is none, and what is to be said of it."""
    if wanted is not None and adjusts(graph, treatment, outcome, wanted):
        return wanted, ()
    best = optimal_set(graph, treatment, outcome)
    if best is None:  # which is best depends on more than the graph, or none is right
        best = backdoor_set(graph, treatment, outcome)
    if wanted is None:
        return best, ()
    instead = "another way was taken" if best is None else f"adjusted for {_named(best)} instead"
    return best, (
        f"Adjusting for {_named(wanted)} does not give this effect under the graph; {instead}.",
    )


def _no_effect(question: Contrast, notes: tuple[str, ...]) -> Estimate:
    cause, outcome = question.treatment.name, question.outcome.name
    said = (
        f"No arrows lead from “{cause}” to “{outcome}”: under the graph it changes nothing there."
    )
    kept = question.complete(())
    response = question.response(kept)
    mean, error = float(response.mean()), float(response.std() / len(response) ** 0.5)
    arms = tuple(Arm(value, mean, error) for value in question.values)
    rows, none = len(response), frozenset[str]()
    return Estimate(0.0, 0.0, arms, Method.NO_EFFECT, none, rows, question.unit, (said, *notes))


def _measured(graph: CausalGraph, table: Table) -> CausalGraph:
    missing = frozenset(graph.nodes) - frozenset(table.columns)
    return replace(graph, latent=graph.latent | missing)


def _selection(graph: CausalGraph) -> tuple[str, ...]:
    if not graph.selected:
        return ()
    return (
        f"The graph says that {_named(graph.selected)} decided which rows are in the table; this "
        "is not corrected for.",
    )


def _named(names: frozenset[str]) -> str:
    return " and ".join(f"“{name}”" for name in sorted(names)) or "nothing"
