"""How far a job is, and how long it will still take."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

_LONGEST_CURVE = 400  # points kept of the learning curves


@dataclass
class Tracker:
    """Turns reports into what the page shows; the rate is taken from this attempt alone,
    because a resumed fit starts with work already done."""

    curve: list[list[Any]] = field(default_factory=list)
    stage: str = ""
    fraction: float = 0.0
    sketch: dict[str, str] = field(default_factory=dict)  # what can be looked at already
    _first: tuple[float, float] | None = None

    def add(self, stage: str, fraction: float, epoch: int, train: float, held_out: float) -> None:
        """Take one report; `fraction` in 0..1 of the whole job."""
        self.stage, self.fraction = stage, min(1.0, max(self.fraction, fraction))
        self._first = self._first or (time.monotonic(), self.fraction)
        if epoch:
            self.curve.append([stage, epoch, train, held_out])
        if len(self.curve) > _LONGEST_CURVE:
            self.curve = self.curve[::2]

    def eta(self) -> float | None:
        """Seconds still to go; None while nothing is known."""
        if self._first is None:
            return None
        since, start = self._first
        done = self.fraction - start
        return (time.monotonic() - since) * (1 - self.fraction) / done if done > 0 else None

    def to_dict(self) -> dict[str, Any]:
        """The `progress` of a job."""
        progress: dict[str, Any] = {"stage": self.stage, "fraction": self.fraction}
        return progress | {"eta": self.eta(), "curve": list(self.curve), "sketch": self.sketch}
