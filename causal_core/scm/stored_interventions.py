"""Interventions as JSON, the form of the store.

{"kind": "value", "value": 3}                 {"kind": "shift", "by": 1.5}
{"kind": "scale", "by": 0.5}                  {"kind": "conditional", "text": "…"}
{"kind": "stochastic", "values": ["a", "b"], "weights": [0.25, 0.75]}
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from causal_core.errors import QuestionError
from causal_core.scm.interventions import Intervention, Scale, Shift, Stochastic
from causal_core.scm.policies import Conditional
from causal_core.tables.schema import Value


def to_json(intervention: Intervention) -> str:
    """One JSON object that `from_json` reads back to an equal value.

    Raises QuestionError for what is no intervention, and for numbers that are not finite.
    """
    return json.dumps(_record(intervention), allow_nan=False)


def from_json(text: str) -> Intervention:
    """The intervention of `to_json`; QuestionError where the text is anything else."""
    try:
        record = json.loads(text)
        make = _MAKERS[record.pop("kind")]
        return make(**record)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as cause:
        raise QuestionError(
            "The stored intervention cannot be read.", "Choose the intervention again."
        ) from cause


def _record(what: Intervention) -> dict[str, Any]:
    if isinstance(what, Shift | Scale):
        return {"kind": type(what).__name__.lower(), "by": _number(what.by)}
    if isinstance(what, Conditional):
        return {"kind": "conditional", "text": what.text}
    if isinstance(what, Stochastic):
        values = [_value(value) for value in what.values]
        return {"kind": "stochastic", "values": values, "weights": list(what.weights)}
    return {"kind": "value", "value": _value(what)}


def _value(value: object) -> Value:
    plain = value.item() if isinstance(value, np.generic) else value
    return plain if isinstance(plain, str | bool) else _number(plain)


def _number(value: object) -> int | float:
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, int | float) and not isinstance(plain, bool) and _finite(plain):
        return plain
    raise QuestionError(f"“{value}” cannot be stored.", "Give a finite number or a level's text.")


def _finite(number: int | float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _stochastic(values: list[Value], weights: list[float]) -> Stochastic:
    if not isinstance(values, list) or not isinstance(weights, list):
        raise TypeError("values and weights are lists")
    kept = tuple(_value(value) for value in values)
    return Stochastic(kept, tuple(_number(weight) for weight in weights))


_MAKERS: dict[str, Callable[..., Intervention]] = {
    "value": lambda value: _value(value),
    "shift": lambda by: Shift(_number(by)),
    "scale": lambda by: Scale(_number(by)),
    "stochastic": _stochastic,
    "conditional": lambda text: Conditional(text),
}
