"""Coefficients of probits and softmaxes, for each member's own weights."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
import torch
from torch import Tensor

from causal_core.scm import polish

ROWS, COLUMNS, LEVELS = 600, 4, 3
POWERS = (np.positive, np.square, lambda z: z**3)


def design() -> tuple[Tensor, Tensor, Tensor]:
    """Terms [rows, columns], levels [rows] and counts [members, rows]: ones, and two draws."""
    draw = torch.Generator().manual_seed(5)
    x = torch.randn(ROWS, COLUMNS, generator=draw, dtype=torch.float64)
    x[:, 0] = 1.0
    truth = torch.randn(COLUMNS, LEVELS, generator=draw, dtype=torch.float64)
    target = torch.multinomial(torch.softmax(x @ truth, 1), 1, generator=draw)[:, 0]
    counts = torch.poisson(torch.ones(3, ROWS, dtype=torch.float64), generator=draw)
    counts[0] = 1.0
    return x, target, counts


def free(levels: int) -> tuple[Tensor, Tensor, Tensor]:
    """No offset, a start at zero, and next to no pull towards it."""
    zero = torch.zeros(COLUMNS, levels, dtype=torch.float64)
    return torch.zeros(1, levels, dtype=torch.float64), zero, torch.full((COLUMNS,), 1e-6).double()


def repeated(x: Tensor, target: Tensor, counts: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """The rows as often as they count."""
    times = counts.long()
    return x.repeat_interleave(times, 0).numpy(), target.repeat_interleave(times).numpy()


def test_softmaxes_are_the_maximum_likelihood_of_each_member_s_rows() -> None:
    x, target, counts = design()
    found = polish._softmax(x, target, counts, *free(LEVELS))
    for member, weights in enumerate(counts):
        rows, levels = repeated(x, target, weights)
        known = sm.MNLogit(levels, rows).fit(disp=0).params  # against the first level
        ours = (found[member, :, 1:] - found[member, :, :1]).numpy()
        assert ours == pytest.approx(known, abs=1e-3)


def test_few_members_at_a_time_are_as_good_as_all(monkeypatch: pytest.MonkeyPatch) -> None:
    x, target, counts = design()
    together = polish._softmax(x, target, counts, *free(LEVELS))
    monkeypatch.setattr(polish, "_MOST_CELLS", 1)
    assert torch.allclose(polish._softmax(x, target, counts, *free(LEVELS)), together, atol=1e-3)


def test_probits_are_the_maximum_likelihood_of_each_member_s_rows() -> None:
    x, target, counts = design()
    found = polish._probit(x, (target > 0).long(), counts, *free(1))
    for member, weights in enumerate(counts):
        rows, levels = repeated(x, (target > 0).long(), weights)
        known = sm.Probit(levels, rows).fit(disp=0).params
        assert found[member, :, 0].numpy() == pytest.approx(known, abs=1e-4)


def test_a_member_without_rows_goes_back_to_the_start() -> None:
    """Though the curvature of the one before says that it is there already."""
    x, target, _ = (each.repeat(40, *[1] * (each.dim() - 1)) for each in design())
    counts = torch.stack([torch.ones(len(x)), torch.zeros(len(x))]).double()
    found = polish._probit(x, (target > 0).long(), counts, *free(1))
    assert found[0].abs().max() > 0.1
    assert found[1].abs().max() < 1e-6


@pytest.mark.parametrize("seed", range(3))
def test_terms_that_are_all_but_copies_are_borne(seed: int) -> None:
    """Two heavy-tailed columns a thousandth apart, with their squares and cubes."""
    draw = np.random.default_rng(seed)
    column = draw.standard_t(2, 5000).clip(-12, 12)
    near = column + 1e-3 * draw.normal(size=5000)
    terms = [np.ones(5000), *(power(z) for z in (column, near) for power in POWERS)]
    x = torch.from_numpy(np.stack(terms, 1))
    levels = torch.from_numpy(draw.integers(LEVELS, size=5000))
    zero = torch.zeros(x.shape[1], LEVELS, dtype=torch.float64)
    pull = torch.full((x.shape[1],), 0.05, dtype=torch.float64)
    found = polish._softmax(x, levels, torch.ones(2, 5000).double(), zero[:1], zero, pull)
    chances = torch.softmax(x @ found[0], 1)
    shares = torch.bincount(levels, minlength=LEVELS) / 5000
    assert torch.allclose(chances.mean(0), shares.double(), atol=1e-4)


def test_no_rows_leave_the_start() -> None:
    nothing = torch.zeros(0, COLUMNS, dtype=torch.float64)
    counts = torch.ones(2, 0, dtype=torch.float64)
    levels = torch.zeros(0, dtype=torch.long)
    assert not polish._softmax(nothing, levels, counts, *free(LEVELS)).any()
    assert not polish._probit(nothing, levels, counts, *free(1)).any()
