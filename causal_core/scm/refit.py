"""The ensemble: what each equation would be on other rows, without training it again.

At the optimum θ of a likelihood, weights w on the rows move it by

    Δθ = (Σ s sᵀ + Λ)⁻¹ (Σ (w − 1) s + Λ^½ ε),    s the row's score, ε ~ N(0, 1),

to first order (the infinitesimal jackknife: Efron 1982; with Poisson weights, one step of
the bootstrap). θ are the closed-form terms, the last hidden layer's weights and the
noise's shape; earlier layers stay. ε stands for what the priors Λ pull away. Ridges are
pulled less in the members, whose step is then that much longer (`ClosedForm.drawn`).
Closed-form and categorical equations are refitted exactly instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from causal_core.mechanisms import spline
from causal_core.mechanisms.base import Params
from causal_core.mechanisms.choose import Standard
from causal_core.mechanisms.continuous import LOG_SCALE, WIDTH, bounded
from causal_core.scm.closed_form import ClosedForm, prior_noise, unbounded
from causal_core.scm.features import Wave
from causal_core.scm.penalty import MIDDLING, Penalties, pulls
from causal_core.scm.polish import polished
from causal_core.scm.program import HIDDEN, Program
from causal_core.scm.spread import spread_pulls

Weights = dict[str, Tensor]
_LOOSE, _LEAST_PRECISION = 1e-3, 0.1  # of the weights' priors around their trained values
_JITTER = 1e-6  # of the largest information: what float32 sums leave uncertain
_CHUNK = 8192
_MOST_RIDGED = 50_000  # rows; with more, one step is as good as every member's own ridge
_FISHER_ROWS = 5120  # the information of more rows is these rows', scaled up
_LAST = ("skip", "bias", "shape", "w3", "w4")


def refit(
    program: Program,
    slots: Sequence[int],
    standards: Mapping[str, Standard],
    rows: tuple[Tensor, Tensor, int],
    chosen: Penalties,
    given: Tensor | None = None,
) -> dict[int, Weights]:
    """For each of `slots`, its last layers' weights for each member: name → [M, ...].

    `rows`: codes [rows, variables], their weights for each member [M, rows] (ones for
    member 0), and how many of them, from the first, the slots were trained on.
    """
    codes, boosts, learned = rows
    closed = None
    ridged = [len(codes) <= _MOST_RIDGED and _ridged(program, index) for index in slots]
    if any(ridged):
        exactly = [index for index, exact in zip(slots, ridged, strict=True) if exact]
        closed = ClosedForm(program, standards, codes, boosts, given, exactly)
    found: dict[int, Weights] = {}
    for index, exact in zip(slots, ridged, strict=True):
        weights = copies(program, index, len(boosts))
        slot = program.slots[index]
        if program.is_discrete(slot.node):
            weights |= polished(program, index, codes, boosts, given)
        elif closed is not None and exact:
            penalty = chosen.get((slot.node, slot.rung.skip), MIDDLING)
            columns, coefficients, spread = closed.drawn(index, penalty)
            weights["skip"][:, columns, 0] = coefficients.float()
            raw = [unbounded(float(s)) for s in spread]
            weights["bias"][:, 0, LOG_SCALE] = torch.tensor(raw)
        else:
            _Scores(program, index, codes, given).move(weights, boosts, learned, chosen)
        found[index] = weights
    return found


def _ridged(program: Program, index: int) -> bool:
    """Whether a slot has so few terms that every member's ridge is soon solved."""
    slot = program.slots[index]
    few = slot.rung.closed and not slot.rung.shaped and slot.rung.skip != "smooth"
    return few and not program.is_discrete(slot.node)


def copies(program: Program, index: int, members: int) -> Weights:
    """The last layers of a slot as they are, for each member: name → [M, ...]."""
    here: Weights = {}
    for name in _LAST:
        value = getattr(program, name).detach()
        if index < len(value):
            here[name] = value[index].expand(members, *value[index].shape).clone()
    if program.slots[index].rung.neural:
        here["w3"] *= program.mask_out[index]
    return here


class _Scores:
    """The rows' scores of one trained slot of an ordered node."""

    def __init__(self, program: Program, index: int, codes: Tensor, given: Tensor | None) -> None:
        self._program, self._index = program, index
        self._codes, self._given = codes, codes if given is None else given
        self._rung, self._lifts = program.slots[index].rung, program.lifts(program.slots[index])
        self._columns = program.columns(index)
        self._usable = program.usable(codes)[index]

    @torch.no_grad()
    def move(self, weights: Weights, boosts: Tensor, learned: int, chosen: Penalties) -> None:
        """Move each member by one step; member 0 by what the rows not trained on add."""
        counts = boosts.clone()
        counts[:, :learned] -= 1.0  # what was trained on is in balance with the priors
        information = self._information()
        full, less = self._prior(chosen), self._prior(_looser(chosen))
        pulled = self._pulled(counts)
        noise = prior_noise(self._program, self._index, pulled.shape) * less.sqrt()
        steps = _solved(information, less, pulled + noise + (full - less) * self._ridged(len(full)))
        steps[:1] = _solved(information, full, pulled[:1])
        self._add(weights, steps.float())

    def _pulled(self, counts: Tensor) -> Tensor:
        """The scores' sum [M, θ] over rows counted `counts` [M, rows] times."""
        parts = torch.arange(len(self._codes)).split(_CHUNK)
        return sum((self._summed(part, counts[:, part]) for part in parts), torch.zeros(1)).double()

    def _information(self) -> Tensor:
        """Σ s sᵀ [θ, θ], from rows spread evenly over all."""
        rows = len(self._codes)
        some = self._scores(torch.linspace(0, rows - 1, min(rows, _FISHER_ROWS)).long())
        information = (some.T @ some).double() * (rows / len(some))
        diagonal = information.diagonal()
        diagonal.add_(_JITTER * diagonal.amax())
        return information

    def _prior(self, chosen: Penalties) -> Tensor:
        """Precisions of the weights' priors [θ]: the ridge's, or as the size of a block suggests.

        A block of k weights w has precision k / |w|² (the evidence's, MacKay 1992); lines
        and scales are as good as free.
        """
        i, program = self._index, self._program
        parts = [self._skip_prior(chosen, place) for place in range(self._lifts)]
        parts.append(torch.tensor([_LOOSE]))
        if self._rung.shaped:
            parts.append(_precision(program.shape[i, 0]).expand(spline.WIDTH))
        for k in self._rung.driven:
            parts.append(_precision(program.w3[i, :, k]).expand(HIDDEN))
        if self._rung.bent:
            parts.append(_precision(program.w4[i]).expand(HIDDEN * spline.WIDTH))
        return torch.cat(parts).double()

    def _skip_prior(self, chosen: Penalties, place: int) -> Tensor:
        """Of the closed-form terms: a ridge's where it found them, beside which no net stands."""
        i, program = self._index, self._program
        slot = program.slots[i]
        if place == LOG_SCALE:
            return spread_pulls(program, i, self._columns, chosen)
        if not self._rung.neural:
            penalty = chosen.get((slot.node, slot.rung.skip), MIDDLING)
            variance = torch.exp(2 * bounded(program.bias[i, 0, LOG_SCALE]))
            return pulls(program, self._columns, [penalty])[0] / variance
        keys = [program.term_keys[int(c)] for c in self._columns]
        free = torch.tensor([not isinstance(key, Wave) and len(key) < 2 for key in keys])
        skip = program.skip[i, self._columns, place]
        return torch.where(free, _LOOSE, _precision(skip[~free]))

    def _ridged(self, size: int) -> Tensor:
        """The `size` weights θ: those that a ridge pulls towards zero, zeros for the others."""
        skip = self._program.skip[self._index, self._columns, : self._lifts].T.flatten().double()
        return nn.functional.pad(skip, (0, size - len(skip)))

    def _scores(self, part: Tensor) -> Tensor:
        """The derivatives of the rows' log-likelihoods by θ [rows, θ]."""
        pairs = self._derivatives(part)
        return torch.cat([(b.unsqueeze(2) * a.unsqueeze(1)).flatten(1) for a, b in pairs], dim=1)

    def _summed(self, part: Tensor, counts: Tensor) -> Tensor:
        """The same, summed over rows counted `counts` [M, rows] times, row by row in no memory."""
        pairs = self._derivatives(part)
        sums = [(counts.unsqueeze(1) * b.T) @ a for a, b in pairs]
        return torch.cat([each.flatten(1) for each in sums], dim=1)

    def _derivatives(self, part: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Pairs whose products are the scores: (a [rows, k], b [rows, h]) → [rows, h · k]."""
        terms = self._program.some_terms(self._given[part], self._columns)
        active = None
        if self._rung.neural:
            active = self._program.activations(self._given[part], self._index).T
        lead, shape = self._gradients(self._codes[part], terms, active)
        lead, shape = (each * self._usable[part].unsqueeze(1) for each in (lead, shape))
        one = torch.ones(len(lead), 1)
        pairs = [(terms, lead[:, place, None]) for place in range(self._lifts)]
        pairs.append((lead[:, LOG_SCALE, None], one))
        if self._rung.shaped:
            pairs.append((shape, one))
        if active is not None:
            pairs += [(active, lead[:, k, None]) for k in self._rung.driven]
            if self._rung.bent:
                pairs.append((shape, active))
        return pairs

    def _gradients(
        self, codes: Tensor, terms: Tensor, active: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Derivatives by the leading parameters [rows, 2] and the noise's shape [rows, W]."""
        program, i = self._program, self._index
        lead = program.bias[i, :, :WIDTH].repeat(len(codes), 1)
        lead[:, : self._lifts] += terms @ program.skip[i, self._columns, : self._lifts]
        shape = program.shape[i].repeat(len(codes), 1)
        if active is not None:
            lead = lead + active @ (program.w3[i] * program.mask_out[i])[:, :WIDTH]
            if self._rung.bent:
                shape = shape + active @ program.w4[i]
        target = torch.nan_to_num(codes[:, int(program.node[i])])
        mechanism = program.mechanisms[program.slots[i].node]
        with torch.enable_grad():
            lead.requires_grad_(), shape.requires_grad_()
            total = mechanism.log_prob(target, Params(lead, shape)).sum()
            found = torch.autograd.grad(total, (lead, shape))
        return found[0], found[1]

    def _add(self, weights: Weights, steps: Tensor) -> None:
        """Put steps [M, θ] where the scores' parts stand."""
        sizes = [len(self._columns)] * self._lifts + [1]
        sizes += [spline.WIDTH] * self._rung.shaped + [HIDDEN] * len(self._rung.driven)
        sizes += [HIDDEN * spline.WIDTH] * self._rung.bent
        parts = iter(steps.split(sizes, dim=1))
        for place in range(self._lifts):
            weights["skip"][:, self._columns, place] += next(parts)
        weights["bias"][:, 0, LOG_SCALE] += next(parts).squeeze(1)
        if self._rung.shaped:
            weights["shape"][:, 0] += next(parts)
        for k in self._rung.driven:
            weights["w3"][:, :, k] += next(parts)
        if self._rung.bent:
            weights["w4"] += next(parts).reshape(weights["w4"].shape)


def _looser(chosen: Penalties) -> Penalties:
    return {key: penalty.looser() for key, penalty in chosen.items()}


def _solved(information: Tensor, prior: Tensor, pulled: Tensor) -> Tensor:
    """Steps [M, θ] to where pulls [M, θ] are in balance."""
    factor = torch.linalg.cholesky(information + torch.diag(prior))
    return torch.cholesky_solve(pulled.T, factor).T


def _precision(block: Tensor) -> Tensor:
    """The precision [1] that the size of a block of weights suggests."""
    size = block.square().mean().clamp(1e-6, 1 / _LEAST_PRECISION) if block.numel() else None
    return torch.tensor([_LOOSE]) if size is None else (1 / size).reshape(1)
