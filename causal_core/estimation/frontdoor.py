"""The front door: an effect read through mediators, past an unmeasured common cause.

For a treatment with levels l, mediators m and ν_v(l) = E[ E[y | l, m] | t = v ], the mean
under do(v) is Σ_l P(l) ν_v(l) (Pearl 1995). With discrete mediators every expectation is a
mean of rows, so that this is the plug-in itself; otherwise regressions stand in, and the
efficient score of Fulcher et al. 2020, *Robust inference on population indirect causal
effects*, (3), takes their error out. Its ratio of densities of m is turned around by Bayes
into one of chances of t, which needs no density.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from causal_core.errors import EstimationError
from causal_core.estimation.contrast import Contrast, codes, left_out
from causal_core.estimation.design import design
from causal_core.estimation.learners import is_chance, learners
from causal_core.estimation.nuisance import FOLDS, cross_fitted, folds
from causal_core.estimation.result import Estimate, Method
from causal_core.estimation.scores import from_scores

_FEWEST = 10  # rows that every level of the treatment must have
_MOST_CELLS = 64  # combinations of mediator levels up to which each has a mean of its own
_LEAST_CHANCE = 0.01


@dataclass(frozen=True, eq=False)
class _Rows:
    """`levels` bool [rows, levels]: which level of the treatment each row has."""

    features: np.ndarray
    response: np.ndarray
    levels: np.ndarray

    @property
    def shares(self) -> np.ndarray:
        """P(l) [levels]."""
        return np.asarray(self.levels.mean(axis=0))


def frontdoor(question: Contrast, mediators: frozenset[str], seed: int = 0) -> Estimate:
    """The contrast between two levels of a discrete treatment, through `mediators`.

    Raises EstimationError for levels that too few rows have.
    """
    kept = question.complete(mediators)
    treated = question.treated(kept)
    found = _found_levels(question, treated)
    cells = _cells(question, mediators, kept)
    features = design(question.table, mediators, kept).matrix if cells is None else cells
    rows = _Rows(features, question.response(kept), treated[:, None] == found)
    if cells is None:
        means, chances = _learned(rows, seed)
    else:
        means, chances = _counted(rows)
    asked = np.searchsorted(found, question.codes)
    scores = np.column_stack([_scores(rows, means, chances, int(side)) for side in asked])
    notes = (*left_out(kept), through_only(question, mediators), *_by_regression(cells))
    return replace(from_scores([scores], question, Method.FRONTDOOR), notes=notes)


def _scores(rows: _Rows, means: np.ndarray, chances: np.ndarray, asked: int) -> np.ndarray:
    """Scores [rows] of the mean under do(v), from E[y | l, m] and P(l | m) [rows, levels]."""
    given, shares = rows.levels[:, asked], rows.shares
    own = np.where(rows.levels, means, 0).sum(axis=1)
    least = np.maximum(chances, _LEAST_CHANCE)
    ratio = least[:, asked] / shares[asked] * (rows.levels * shares / least).sum(axis=1)
    through = means @ shares  # Σ_l P(l) E[y | l, m]
    mean = through[given].mean()
    ahead = rows.levels @ means[given].mean(axis=0)  # ν_v at each row's own level
    return np.asarray(
        ratio * (rows.response - own) + given / shares[asked] * (through - mean) + ahead
    )


def _counted(rows: _Rows) -> tuple[np.ndarray, np.ndarray]:
    """Means and chances by cell of the mediators (`features` [rows, 1])."""
    cell = rows.features[:, 0].astype(int)
    cells, levels = cell.max() + 1, rows.levels.shape[1]
    counts, sums = np.zeros((cells, levels)), np.zeros((cells, levels))
    np.add.at(counts, cell, rows.levels)
    np.add.at(sums, cell, rows.levels * rows.response[:, None])
    if (counts == 0).any():
        raise EstimationError(
            "Some values of the mediators never occur with some value of the treatment.",
            "Join rare levels of the mediators or of the treatment.",
        )
    return (sums / counts)[cell], (counts / counts.sum(axis=1, keepdims=True))[cell]


def _learned(rows: _Rows, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The same by cross-fitted regressions."""
    fold = folds(rows.levels @ np.arange(rows.levels.shape[1]), seed)
    fewest = int(rows.levels.sum(axis=0).min())
    expected, chance = learners(fewest, is_chance(rows.response)), learners(fewest, chance=True)
    means = [
        cross_fitted(expected, rows.features, rows.response, fold, level).values
        for level in rows.levels.T
    ]
    chances = [
        cross_fitted(chance, rows.features, level.astype(float), fold).values
        for level in rows.levels.T
    ]
    each = np.column_stack(chances)
    return np.column_stack(means), each / each.sum(axis=1, keepdims=True)


def _found_levels(question: Contrast, treated: np.ndarray) -> np.ndarray:
    found, counts = np.unique(treated, return_counts=True)
    name = question.treatment.name
    for value, code in zip(question.values, question.codes, strict=True):
        if code not in found:
            raise EstimationError(f"No row has “{name}” = {value}.", "Compare values that occur.")
    if counts.min() < _FEWEST:
        rare = question.treatment.value(float(found[counts.argmin()]))
        raise EstimationError(
            f"Only {counts.min()} rows have “{name}” = {rare}.",
            f"Join it with another level: each needs {_FEWEST} rows.",
        )
    return found


def _cells(question: Contrast, mediators: frozenset[str], kept: np.ndarray) -> np.ndarray | None:
    """The number of each row's combination of mediator levels [rows, 1]; None for numbers."""
    if not all(question.table.variable(name).kind.discrete for name in mediators):
        return None
    columns = np.column_stack([codes(question.table, name)[kept] for name in sorted(mediators)])
    found, cell = np.unique(columns, axis=0, return_inverse=True)
    return cell.reshape(-1, 1).astype(float) if len(found) <= _MOST_CELLS else None


def through_only(question: Contrast, mediators: frozenset[str]) -> str:
    """The sentence on what the graph has to be right about."""
    named = " and ".join(f"“{name}”" for name in sorted(mediators))
    return (
        f"Assumes, as the graph has it, that “{question.treatment.name}” acts on "
        f"“{question.outcome.name}” only through {named}."
    )


def _by_regression(cells: np.ndarray | None) -> tuple[str, ...]:
    if cells is not None:
        return ()
    return (f"Expected outcomes and chances are regressions, cross-fitted in {FOLDS} parts.",)
