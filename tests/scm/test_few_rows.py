"""What is done where rows are few: penalties by evidence, votes for rungs, mixed members."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.stats import t
from torch import Tensor

from causal_core.queries.sweep_answer import half_width
from causal_core.scm.candidates import Candidate, simplest, votes
from causal_core.scm.climb import Climb
from causal_core.scm.closed_form import ClosedForm, penalties
from causal_core.scm.data import FitData
from causal_core.scm.equation import Equation
from causal_core.scm.ladder import ORDERED
from causal_core.scm.mixture import mixed
from causal_core.scm.penalty import Penalty
from causal_core.scm.program import Program, Slot
from causal_core.scm.progress import Schedule
from causal_core.scm.report import NodeReport
from causal_core.tables.table import Table

ROWS = 400
READS: dict[str, tuple[str, ...]] = {"a": (), "b": (), "y": ("a", "b")}


def frame(bend: float, seed: int = 3) -> pd.DataFrame:
    """y = a + b, and a bend along a."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, ROWS))
    y = a + b + bend * np.sin(3 * a) + 0.3 * rng.normal(size=ROWS)
    return pd.DataFrame({"a": a, "b": b, "y": y})


def climb(bend: float, members: int = 4, epochs: int = 0) -> Climb:
    data = FitData.of(Table.from_frame(frame(bend)), tuple(READS), members, 0)
    return Climb(data, READS, 0, epochs)


def equation(bend: float, rung: str, members: int = 4, epochs: int = 0) -> Equation:
    """The equation of y on one rung, with its ensemble."""
    made = climb(bend, members, epochs)
    found = made.candidates()
    chosen = {name: next((c for c in mine if c.slot.rung.name == rung), mine[0])
              for name, mine in found.items()}  # fmt: skip
    alone = {name: [pick] for name, pick in chosen.items()}
    return made.equations(alone, chosen)["y"]


def location(found: Equation, member: int) -> Tensor:
    """Where a member puts y over a grid of its causes."""
    grid = torch.cartesian_prod(torch.linspace(-2, 2, 9), torch.linspace(-2, 2, 9))
    return found.params(grid.unsqueeze(0), [member]).lead[0, :, 0]


# ── penalties by evidence ────────────────────────────────────────────────────────


def marginal(design: np.ndarray, y: np.ndarray, ridge: np.ndarray) -> float:
    """log N(y; 0, σ²(I + X ridge⁻¹ Xᵀ)), σ² fitted; where unpenalised, a very wide prior."""
    prior = np.where(ridge > 0, 1 / np.maximum(ridge, 1e-300), 1e8)
    spread = np.eye(len(y)) + (design * prior) @ design.T
    scale = y @ np.linalg.solve(spread, y) / len(y)
    return float(-0.5 * (len(y) * np.log(scale) + np.linalg.slogdet(spread)[1]))


@pytest.mark.parametrize("bend", [0.0, 1.0])
def test_evidence_is_the_log_marginal_likelihood(bend: float) -> None:
    made = climb(bend)
    program = next(iter(made.candidates()["y"])).program
    slot = next(i for i, s in enumerate(program.slots) if s.node == "y" and
                s.rung.skip == "curves")  # fmt: skip
    closed = ClosedForm(program, made.data.standards, made.data.everything)
    columns, *_ = closed.solve(slot)
    codes = made.data.everything
    design = program.terms(codes).double()[:, columns].numpy()
    standard = made.data.standards["y"]
    y = ((codes[:, 2] - standard.centre) / standard.scale).double().numpy()
    tried = [Penalty(1.0, 1.0, waves, growth) for waves in (0.1, 10.0) for growth in (0.0, 4.0)]
    ridges = [closed._equations(slot, penalty)[3].numpy() for penalty in tried]
    known = np.array([marginal(design, y, ridge) for ridge in ridges])
    found = closed.evidence(slot, tried).numpy()
    np.testing.assert_allclose(found - found[0], known - known[0], atol=1e-3)  # nats


def test_straight_rows_are_smoothed_more_than_bent_ones() -> None:
    def pull(bend: float) -> float:
        made = climb(bend)
        program = next(iter(made.candidates()["y"])).program
        closed = ClosedForm(program, made.data.standards, made.data.everything)
        return penalties(program, closed)["y", "curves"].waves

    assert pull(0.0) >= 10 * pull(1.0)


# ── votes ────────────────────────────────────────────────────────────────────────


def with_scores(found: Candidate, scores: Tensor) -> Candidate:
    return replace(found, scores=scores)


def test_members_vote_as_the_rows_that_they_weigh() -> None:
    one, other = climb(0.0).candidates()["y"][:2]
    rows = torch.arange(ROWS)
    first = with_scores(one, torch.where(rows < ROWS // 2, -1.0, -2.0))
    second = with_scores(other, torch.where(rows < ROWS // 2, -2.0, -1.0))
    early, late = (rows < ROWS // 2).float(), (rows >= ROWS // 2).float()
    assert votes([first, second], torch.stack([early, late])) == [first, second]


def test_shares_of_votes_are_as_sure_as_the_rows() -> None:
    one, other = climb(0.0).candidates()["y"][:2]
    rng = np.random.default_rng(0)
    noise = torch.as_tensor(rng.normal(size=ROWS), dtype=torch.float32)
    noise = (noise - noise.mean()) / noise.std()
    boosts = torch.as_tensor(rng.poisson(1.0, (4000, ROWS)), dtype=torch.float32)
    for gain, share in ((0.0, 0.5), (1.0, 0.841), (3.0, 0.999)):  # Φ(gain in standard errors)
        ahead = 0.1 * (noise + gain / ROWS**0.5)
        picks = votes([with_scores(one, torch.zeros(ROWS)), with_scores(other, ahead)], boosts)
        found = np.mean([pick.slot.rung == other.slot.rung for pick in picks])
        assert found == pytest.approx(share, abs=0.03)  # 4 standard errors of 4,000 votes


# ── the simplest rung ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("simple", "gain", "chosen"),
    [
        ("smooth", 0.5, "smooth"),
        ("smooth", 1.5, "spline"),
        ("additive net", 1.5, "additive net"),
        ("additive net", 2.5, "spline"),
    ],
)
def test_a_net_must_be_less_sure_to_replace_the_smooth_rung(
    simple: str, gain: float, chosen: str
) -> None:
    """`gain` is in standard errors of the held-out rows."""
    rungs = [rung for rung in ORDERED if rung.name in (simple, "spline")]
    program = climb(0.0)._made([Slot("y", READS["y"], rung) for rung in rungs])
    noise = torch.tensor([-1.0, 1.0]).repeat(ROWS // 2)
    scores = {simple: torch.zeros(ROWS), "spline": 0.1 * (noise + gain / ROWS**0.5)}
    found = [
        Candidate(
            program, (program.slots.index(Slot("y", READS["y"], rung)),), scores[rung.name], 1
        )
        for rung in rungs
    ]
    assert simplest(found).slot.rung.name == chosen


# ── members of several rungs ─────────────────────────────────────────────────────


def test_mixed_members_say_what_they_said_alone() -> None:
    line = equation(0.0, "linear")
    others = [replace(equation(b, rung), standards=line.standards)
              for b, rung in ((1.0, "curves"), (0.5, "polynomial"), (0.0, "linear"))]  # fmt: skip
    members = [(line, 0), (others[0], 1), (others[1], 2), (others[2], 3), (others[0], 0)]
    whole = mixed(members)
    assert whole.members == len(members)
    assert whole.rung == "linear"
    whole.check()
    for place, (alone, member) in enumerate(members):
        torch.testing.assert_close(location(whole, place), location(alone, member))


def test_one_rung_s_own_members_stay_as_they_are() -> None:
    line = equation(0.0, "linear")
    assert mixed([(line, m) for m in range(line.members)]) is line


# ── the rung of curves ───────────────────────────────────────────────────────────


def report(bend: float) -> NodeReport:
    made = climb(bend)
    found = made.candidates()
    chosen = {name: simplest(mine) for name, mine in found.items()}
    told = made.report(found, chosen, made.equations(found, chosen))
    return next(one for one in told if one.name == "y")


def test_a_bend_along_one_cause_is_a_curve_and_a_line_stays_linear() -> None:
    assert report(1.0).rung == "curves"
    assert report(0.0).rung == "linear"


def test_curves_follow_what_bends() -> None:
    bent = equation(1.0, "curves")
    grid = torch.linspace(-1.5, 1.5, 31)
    context = torch.stack([grid, torch.zeros(31)], 1).unsqueeze(0)
    standard = bent.standards["y"]
    found = bent.params(context, [0]).lead[0, :, 0] * standard.scale + standard.centre
    truth = grid + torch.sin(3 * grid)
    assert float((found - truth).square().mean().sqrt()) < 0.1  # the noise is 0.3


# ── the band ─────────────────────────────────────────────────────────────────────


def test_a_member_that_says_something_else_widens_the_band_on_both_sides() -> None:
    members = np.array([1.0, 1.1, 0.9, 1.0, 3.0])
    squares = 0.0 + 0.01 + 0.01 + 0.0 + 4.0
    wide = float(half_width(members, 1.0))
    assert wide == pytest.approx(t.ppf(0.95, 5) * np.sqrt(squares / 5))
    assert np.isnan(half_width(members[:1], 1.0))


def test_a_shaped_equations_members_differ_as_much_as_the_ridges_do() -> None:
    """The noise is normal, so that its shape tells nothing: both are unsure of the curve alike.

    The spread of 60 members is known to a tenth, and the two share most of their draws.
    """
    spreads = []
    for rung in ("curves", "curves, shaped noise"):
        found = equation(1.0, rung, members=61, epochs=1)
        assert found.rung == rung
        places = torch.stack([location(found, member) for member in range(1, 61)])
        spreads.append(float(places.std(0).mean()))
    assert spreads[1] == pytest.approx(spreads[0], rel=0.2)


# ── the epoch of a net ───────────────────────────────────────────────────────────


def straight(seed: int) -> tuple[Climb, Tensor]:
    """A fit of few rows in which y = a + b, and many new rows."""
    rng = np.random.default_rng(seed)
    a, b, noise = rng.normal(size=(3, 10 * ROWS))
    rows = pd.DataFrame({"a": a, "b": b, "y": a + b + noise})
    data = FitData.of(Table.from_frame(rows.head(ROWS)), tuple(READS), 1, seed)
    return Climb(data, READS, seed, 1), torch.tensor(rows.to_numpy()[ROWS:]).float()


@torch.no_grad()
def flattery(made: Climb, program: Program, new: Tensor) -> float:
    """How much better its held-out rows speak of an equation than new ones do, in nats."""
    (found,) = made._scored(program, ROWS)["y"]
    return float(found.scores.mean() - program.log_prob(new).mean())


def test_the_rows_that_choose_a_net_s_epoch_do_not_flatter_it() -> None:
    """An epoch of its own for each fold's net gives 0.013 nats here, four standard errors."""
    net = next(rung for rung in ORDERED if rung.name == "location-scale net")
    gains = []
    for seed in range(6):
        made, new = straight(seed)
        program = made._made(made._dealt([Slot("y", READS["y"], net)]))
        made._start(program)
        before = flattery(made, program, new)
        rows = made.data.learn, made.data.judge
        made._run(program, rows, Schedule("race", 12, 1e-2), (0.0, 1.0))
        gains.append(flattery(made, program, new) - before)
    assert np.mean(gains) < 0.006
