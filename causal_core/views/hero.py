"""The hero picture as data: what `static/hero.js` draws without asking the server again."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from causal_core.identification.verdict import Status
from causal_core.queries.sweep_answer import OUTSIDE, Curve, SweepAnswer
from causal_core.tables.schema import Kind, Value, Variable
from causal_core.views.sentence import reference, templates
from causal_core.views.theme import RUNGS, digits_for, number

LICENCE = {  # how sure the picture is of what doing would bring
    Status.IDENTIFIED: "identified",
    Status.ASSUMED: "under the model's assumption",
    Status.NOT_IDENTIFIED: "not identified",
    Status.NO_EFFECT: "no causal path",
}


IMAGINED = (
    "under the model's assumption that each equation is monotone in its noise, "
    "which no data can test."
)

_DIGITS = 15  # those that a float64 holds

Payload = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Band:
    """Between which means under do must lie at each position [P], in the outcome's unit."""

    low: np.ndarray
    high: np.ndarray


def payload(
    answer: SweepAnswer,
    truth: np.ndarray | None = None,
    row: int | None = None,
    band: Band | None = None,
) -> Payload:
    """All that the widget needs, JSON-able; `truth` [P] are known means under do.

    `row` is the number of the picked row as the person sees it. `band` bounds the doing
    curve of a cause with levels.
    """
    ref = reference(answer)
    shares = answer.outcome.kind.discrete
    drawn = {
        "cause": _cause(answer),
        "outcome": _outcome(answer),
        "curves": {
            "seeing": _curve(answer.seeing),
            "doing": _curve(answer.doing),
            "everyone": _curve(answer.everyone),
        },
        "row": _row(answer, row),
        "truth": _numbers(truth) if truth is not None else None,
        "band": band and {"low": _numbers(band.low), "high": _numbers(band.high)},
        "support": _numbers(answer.support),
        "outside": OUTSIDE,
        "overlap": _numbers(answer.overlap),
        "reference": ref,
        "contrast": {
            "seeing": _contrasts(answer.seeing, ref),
            "doing": _contrasts(answer.doing, ref),
        },
        "status": LICENCE[answer.status],
        "identified": answer.status in (Status.IDENTIFIED, Status.NO_EFFECT),
        "evidence": answer.evidence,
        "imagined": IMAGINED,
        "templates": templates(answer, truth is not None),
        "share": shares,
        "styles": {name: {"label": s.label, "explained": s.explained} for name, s in RUNGS.items()},
    }
    content = json.dumps(drawn, sort_keys=True, default=str)
    return drawn | {"digest": hashlib.sha256(content.encode()).hexdigest()[:16]}


def setting(answer: SweepAnswer, value: Value) -> str:
    """A setting of the cause as the picture writes it: a level, or a number with its unit."""
    if answer.cause.kind.discrete:
        return str(value)
    text = number(float(value), _axis_digits(answer.positions))
    return f"{text} {answer.cause.unit}".strip()


def _cause(answer: SweepAnswer) -> dict[str, Any]:
    cause = answer.cause
    return _named(cause) | {
        "discrete": cause.kind.discrete,
        "whole": cause.kind is Kind.INTEGER,
        "positions": _numbers(answer.positions),
        "labels": [str(level) for level in cause.levels],
        "digits": _axis_digits(answer.positions),
    }


def _outcome(answer: SweepAnswer) -> dict[str, Any]:
    outcome = answer.outcome
    edges = answer.edges
    whole = outcome.kind is Kind.INTEGER and edges is not None and edges[1] - edges[0] == 1
    return _named(outcome) | {
        "discrete": outcome.kind.discrete,
        "steps": bool(whole),
        "labels": [str(level) for level in outcome.levels],
        "level": None if answer.level is None else str(answer.level),
        "bins": _numbers(answer.bins),
        "range": None if edges is None else [float(edges[0]), float(edges[-1])],
        "digits": 1 if outcome.kind.discrete else _mean_digits(answer.doing),
    }


def _named(variable: Variable) -> dict[str, Any]:
    return {"name": variable.name, "unit": variable.unit}


def _curve(curve: Curve) -> dict[str, Any]:
    density = np.ascontiguousarray(curve.density, dtype="<f4")
    return {
        "density": base64.b64encode(density.tobytes()).decode("ascii"),
        "mean": _numbers(curve.mean),
        "low": _numbers(curve.low),
        "high": _numbers(curve.high),
    }


def _row(answer: SweepAnswer, row: int | None) -> dict[str, Any] | None:
    found = answer.row
    if found is None:
        return None
    known = np.isfinite(found.factual)
    fact = answer.outcome.value(found.factual) if known else None
    cause = answer.cause.value(found.cause_value) if np.isfinite(found.cause_value) else None
    return {
        "number": row,
        "factual": float(found.factual) if known else None,
        "fact": None if fact is None else str(fact) if answer.outcome.kind.discrete else fact,
        "cause": None if cause is None else str(cause) if answer.cause.kind.discrete else cause,
        "mean": _numbers(found.mean),
        "low": _numbers(found.low),
        "high": _numbers(found.high),
        "density": None if found.density is None else _numbers(found.density.ravel()),
    }


def _contrasts(curve: Curve, ref: int) -> dict[str, list[float | None]]:
    values = np.array([curve.contrast(i, ref) for i in range(len(curve.mean))])
    return {
        "value": _numbers(values[:, 0]),
        "low": _numbers(values[:, 1]),
        "high": _numbers(values[:, 2]),
    }


def _numbers(values: np.ndarray) -> list[float | None]:
    """JSON has no NaN: missing numbers become null; seven digits of what differs are enough."""
    values = np.asarray(values, dtype=float)
    seen = values[np.isfinite(values)]
    span = np.ptp(seen) if len(seen) else 0.0
    far = math.log10(np.abs(seen).max() / span) if span > 0 else _DIGITS
    digits = min(_DIGITS, 7 + math.ceil(max(far, 0.0)))
    return [float(f"{v:.{digits}g}") if np.isfinite(v) else None for v in values]


def _axis_digits(positions: np.ndarray) -> int:
    steps = np.diff(positions)
    whole = np.all(np.mod(positions, 1) == 0)
    return 0 if whole or not len(steps) else digits_for(float(steps.min()) * 4)


def _mean_digits(curve: Curve) -> int:
    """Digits that the interval can carry: two of its half width."""
    widths = curve.high - curve.low
    width = float(np.nanmedian(widths)) / 2 if np.isfinite(widths).any() else float("nan")
    spread = float(np.ptp(curve.mean)) / 50
    return digits_for(max(width, spread) if np.isfinite(width) else spread)
