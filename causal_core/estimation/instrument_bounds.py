"""Finding instruments that bound an effect, and what they and the rows say."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from causal_core.estimation.balke_pearl import MOST_TYPES, Types
from causal_core.estimation.contrast import Contrast, codes
from causal_core.estimation.natural_bounds import Ends
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.separation import connected, m_separated
from causal_core.queries.words import percent
from causal_core.rng import generator
from causal_core.tables.schema import Kind

_RESAMPLES = 200
_VARIABLES = 40_000  # of one linear programme over all resamples: a second at most
_NUMBERS = 6  # whole numbers that count as levels


@dataclass(frozen=True)
class Instrumented:
    """The bounds with the instrument `name`: of both arms [2, 2] and of their contrast."""

    name: str
    arms: np.ndarray
    ends: Ends
    interval: Ends
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Counted:
    """Counts float64 [instrument, treatment, outcome], and what the levels stand for."""

    counts: np.ndarray
    arms: tuple[int, int]
    scores: np.ndarray


def with_instruments(
    question: Contrast, graph: CausalGraph, seed: int
) -> tuple[Instrumented | None, tuple[str, ...]]:
    """The narrowest bounds an instrument gives, or None and why each found one gives none."""
    found, notes = [], []
    for name in instruments_of(question, graph):
        counted = _counted(question, name)
        if counted is None:
            notes.append(
                f"“{name}” could serve as an instrument, but it, the cause and the outcome have "
                "too many values between them for its bounds."
            )
            continue
        bounded = _bounded(name, counted, seed)
        if isinstance(bounded, str):
            notes.append(bounded)
        else:
            found.append(bounded)
    best = min(found, key=lambda one: one.ends[1] - one.ends[0], default=None)
    return (None if best is None else replace(best, notes=(*best.notes, *notes))), tuple(notes)


def instruments_of(question: Contrast, graph: CausalGraph) -> tuple[str, ...]:
    """Columns that are instruments given nothing (Pearl 2009, definition 7.4.1).

    Connected with the treatment, and separated from the outcome once the arrows into the
    treatment are gone: independent of what the outcome would be under every treatment, which
    the instruments of straight lines (`identification.instruments`) need not be. None where
    nodes selected the rows.
    """
    treatment, outcome = question.treatment.name, question.outcome.name
    graph.subgraph((treatment, outcome))  # refuses unknown names
    if graph.selected:
        return ()
    into = (e for e in graph.edges if treatment not in _heads(e.source, e.target, e.kind))
    acted = replace(graph, edges=tuple(into))
    near = connected(graph, [treatment]) & set(graph.observed) & set(question.table.columns)
    return tuple(
        name
        for name in graph.observed
        if name in near - {treatment, outcome} and m_separated(acted, name, outcome)
    )


def _heads(source: str, target: str, kind: str) -> tuple[str, ...]:
    return (source, target) if kind == "<->" else (target,)


def _counted(question: Contrast, name: str) -> _Counted | None:
    """The rows counted by instrument, treatment and outcome; None where there are too many."""
    columns = [codes(question.table, n) for n in (name, question.treatment.name)]
    columns.append(codes(question.table, question.outcome.name))
    kept = ~np.isnan(columns).any(axis=0)
    levels = [np.unique(column[kept], return_inverse=True) for column in columns]
    names = (name, question.treatment.name, question.outcome.name)
    kinds = [question.table.variable(n).kind for n in names]
    if not all(_few(kind, seen) for kind, (seen, _) in zip(kinds, levels, strict=True)):
        return None
    counts = np.zeros([len(seen) for seen, _ in levels])
    np.add.at(counts, tuple(place for _, place in levels), 1)
    arms = np.searchsorted(levels[1][0], question.codes)
    return _fitting(question, counts, (int(arms[0]), int(arms[1])), levels[2][0])


def _few(kind: Kind, seen: np.ndarray) -> bool:
    return kind.discrete or (kind is Kind.INTEGER and len(seen) <= _NUMBERS)


def _fitting(
    question: Contrast, counts: np.ndarray, arms: tuple[int, int], outcomes: np.ndarray
) -> _Counted | None:
    """The counts as they are or, if that is too many types, of the level against all others."""
    scores = outcomes if question.level is None else (outcomes == question.level).astype(float)
    if Types.count(*counts.shape) > MOST_TYPES and question.level is not None:
        hit = scores > 0
        counts = np.stack([counts[..., ~hit].sum(-1), counts[..., hit].sum(-1)], axis=-1)
        scores = np.array([0.0, 1.0])
    return None if Types.count(*counts.shape) > MOST_TYPES else _Counted(counts, arms, scores)


def _bounded(name: str, counted: _Counted, seed: int) -> Instrumented | str:
    """The bounds, or the sentence that says how the rows contradict the instrument."""
    types = Types.of(*counted.counts.shape)
    rows = counted.counts.sum(axis=(1, 2), keepdims=True)
    observed = (counted.counts / rows)[None]
    means = [types.mean(arm, counted.scores) for arm in counted.arms]
    arms = np.array([np.concatenate(types.ends(observed, mean)[:2]) for mean in means])
    low, high, misfit = types.ends(observed, means[1] - means[0])
    again = _resampled(name, counted.counts, types, seed)
    lows, highs, misfits = types.ends(again, means[1] - means[0])
    # basic bootstrap: a misfit that resampling would not bring about by itself
    if 2 * misfit[0] - np.quantile(misfits, 0.95) > 0:
        return _contradicted(name, float(misfit[0]))
    ends = (float(low[0]), float(high[0]))
    interval = (min(ends[0], np.quantile(lows, 0.05)), max(ends[1], np.quantile(highs, 0.95)))
    notes = (_assumed(name), *_strained(name, float(misfit[0])))
    return Instrumented(name, arms, ends, (float(interval[0]), float(interval[1])), notes)


def _resampled(name: str, counts: np.ndarray, types: Types, seed: int) -> np.ndarray:
    """Bootstrap tables P(treatment, outcome | instrument) [tables, ...], rows drawn by arm."""
    stream = generator(seed, "bounds", name)
    tables = max(20, min(_RESAMPLES, _VARIABLES // types.cells.shape[1]))
    flat = counts.reshape(len(counts), -1)
    rows = flat.sum(axis=1)
    drawn = [stream.multinomial(int(n), c / n, size=tables) / n for c, n in zip(flat, rows)]
    return np.stack(drawn, axis=1).reshape(tables, *counts.shape)


def _assumed(name: str) -> str:
    return (
        f"Assumes that “{name}” is as good as random and acts on the outcome only through the "
        "cause, as the graph says."
    )


def _strained(name: str, misfit: float) -> tuple[str, ...]:
    if not misfit:
        return ()
    return (
        f"The rows do not quite fit “{name}” as an instrument ({percent(misfit)} of them), but no "
        "more than chance would bring about.",
    )


def _contradicted(name: str, misfit: float) -> str:
    return (
        f"The rows contradict “{name}” as an instrument: at least {percent(misfit)} of them would "
        "have to be otherwise (the instrumental inequality). It acts on the outcome by another "
        "way, or shares a cause with it."
    )
