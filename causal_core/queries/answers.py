"""An answer: a number with its interval, its unit and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from causal_core.identification.verdict import Status


@dataclass(frozen=True)
class Answer:
    """`value` with the ensemble's 90 % `interval`, in `unit` (“probability” for levels).

    `status` and `evidence` say whether the data answer the question under the graph.
    """

    value: float
    interval: tuple[float, float]
    status: Status
    evidence: str
    unit: str
