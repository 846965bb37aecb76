"""How long each stage of a fit trains, and how a fit tells where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """How long and how fast one stage trains: `epochs` of `steps`, each on `batch` rows at most."""

    stage: str
    epochs: int
    rate: float
    steps: int = 30
    batch: int = 512

    @property
    def least_rate(self) -> float:
        """Where the cosine ends."""
        return self.rate / 50


@dataclass(frozen=True)
class Progress:
    """Where a fit stands; losses are mean negative log-likelihoods per row and equation."""

    stage: str
    fraction: float
    epoch: int
    epochs: int
    train: float
    held_out: float


OnProgress = Callable[[Progress], None]


def teller(
    on_progress: OnProgress | None, schedule: Schedule, span: tuple[float, float]
) -> Callable[[int, float, float], None]:
    """What a trainer calls after each epoch, spread over `span` of the whole fit."""

    def tell(epoch: int, train: float, held_out: float) -> None:
        if on_progress is not None:
            start, end = span
            fraction = start + (end - start) * epoch / schedule.epochs
            on_progress(Progress(schedule.stage, fraction, epoch, schedule.epochs, train, held_out))

    return tell
