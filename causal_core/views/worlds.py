"""Two worlds beside each other: what is seen is alike, what doing does is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causal_core.identification.identify import Identification
from causal_core.identification.two_worlds import two_worlds
from causal_core.identification.world import World

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Worlds:
    """`frame`: a line for each value seen or set, the share in either world (0..1); its title."""

    title: str
    frame: pd.DataFrame


def worlds(found: Identification) -> Worlds:
    """The two worlds of a question with one cause and one outcome that has no answer.

    Shown is the outcome's level, among rows with those conditions, on which the two differ
    most. Raises GraphError where there are no such worlds, or none are found.
    """
    import pandas as pd

    (x,), (y,), given = found.treatment, found.outcome, sorted(found.given)
    pair = two_worlds(found)
    values = range(pair[0].levels(x))
    done = [np.stack([_shares(w, [*given, y], {x: v}) for v in values]) for w in pair]
    seen = [_shares(w, [x, *given, y], {}) for w in pair]
    where = _last_largest(np.abs(done[0] - done[1]))[1:]
    *held, level = map(int, where)
    among = "".join(f" among {name} = {at}" for name, at in zip(given, held, strict=True))
    lines = [(f"{x} = {v}, seen{among}", _at(seen, v, where)) for v in values]
    lines += [(f"{x} = {v}, set{among}", _at(done, v, where)) for v in values]
    frame = pd.DataFrame([[words, *shares] for words, shares in lines])
    return Worlds(
        f"The share with {y} = {level}", frame.set_axis(["", "World A", "World B"], axis=1)
    )


def _shares(world: World, names: Sequence[str], do: dict[str, int]) -> np.ndarray:
    """P(last name | the other names, do(do)), an axis a name."""
    both = world.array(names, do)
    return np.asarray(both / both.sum(axis=-1, keepdims=True))


def _last_largest(values: np.ndarray) -> tuple[np.intp, ...]:
    """Where the largest value stands; of equal ones the last, so that 1 comes before 0."""
    place = values.size - 1 - values.ravel()[::-1].argmax()
    return np.unravel_index(place, values.shape)


def _at(shares: Sequence[np.ndarray], value: int, where: Sequence[np.intp]) -> list[float]:
    return [float(share[(value, *where)]) for share in shares]
