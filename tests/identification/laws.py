"""What must hold of every question; each asks `brute` for the truth."""

from __future__ import annotations

from collections import Counter

import numpy as np

from causal_core.graphs.separation import m_separated
from causal_core.identification.adjustment import (
    adjusts,
    backdoor_set,
    frontdoor_set,
    is_frontdoor,
)
from causal_core.identification.criterion import Criterion
from causal_core.identification.frontdoors import frontdoor_sets
from causal_core.identification.instruments import instruments
from causal_core.identification.judgement import AdjustmentStatus, judge
from causal_core.identification.minimal import minimal_adjustment_sets, smallest_adjustment_set
from causal_core.identification.optimal import optimal_set
from causal_core.identification.paths import open_paths, paths
from tests.identification.brute import Question, Sets, least, subsets
from tests.identification.linear import Linear

CLOSE = 1e-8  # of variances near 1, from matrices of at most 15 rows
PATIENT = {"most": 10**6, "seconds": 600.0}  # so that nothing is left out


def adjustment_sets(q: Question, forced: frozenset[str], barred: frozenset[str]) -> None:
    """Every subset is judged rightly; the minimal ones are listed, with names in and out."""
    found = {some for some in subsets(q.free) if adjusts(q.graph, q.causes, q.outcomes, some)}
    assert found == q.adjusting
    given = (q.graph, q.causes, q.outcomes)
    listed = minimal_adjustment_sets(*given, **PATIENT)
    assert listed.complete
    assert len(listed.sets) == len(set(listed.sets))
    assert set(listed.sets) == least(q.adjusting)
    one = backdoor_set(*given)
    assert one in listed.sets if listed.sets else one is None

    right = {some for some in q.adjusting if forced <= some and not barred & some}
    listed = minimal_adjustment_sets(*given, forced, barred, **PATIENT)
    assert listed.complete
    assert set(listed.sets) == least(right)
    fewest = smallest_adjustment_set(*given, forced, barred)
    assert (fewest is None) == (not right)
    if fewest is not None:
        assert fewest in right
        assert len(fewest) == min(map(len, right))


def judgements(q: Question, chosen: frozenset[str]) -> None:
    """The judgement is the criterion's; what it offers is right and keeps what it can."""
    given = (q.graph, q.causes, q.outcomes)
    found = judge(*given, chosen, most=10**6, seconds=600.0)
    right = chosen in q.adjusting
    assert found.correct == right == adjusts(*given, chosen)
    assert (found.status is AdjustmentStatus.CORRECT) == right
    assert found.forbidden == chosen & q.spoiling
    assert (found.advice == "") == right
    if not chosen & q.spoiling and not q.graph.selected & q.spoiling:
        assert bool(found.biasing) == (not right)
    completing = {some for some in q.adjusting if chosen <= some}
    assert bool(found.could_add) == (bool(completing) and not right)
    assert all(chosen | more in completing for more in found.could_add)
    assert all(some in q.adjusting for some in found.instead)
    assert bool(found.instead) == (bool(q.adjusting) and not completing)
    _kept_as_can_be(q, chosen, found.instead)


def _kept_as_can_be(
    q: Question, chosen: frozenset[str], instead: tuple[frozenset[str], ...]
) -> None:
    for some in instead:
        more = chosen & some
        assert not any(more < chosen & other for other in q.adjusting if more <= other)


def path_lists(q: Question, chosen: frozenset[str]) -> None:
    """All paths are listed once, with whether they are causal and open."""
    given = (q.graph, q.causes, q.outcomes, chosen)
    found = paths(*given, **PATIENT)
    assert found.complete
    ways = [way for way in q.ways if not q.outcomes.intersection(way[:-1])]
    drawn = tuple(tuple(node for node in way if isinstance(node, str)) for way in ways)
    truth = Counter(
        (nodes, q.causal(way), q.open(way, chosen)) for nodes, way in zip(drawn, ways, strict=True)
    )
    assert Counter((p.nodes, p.causal, p.open) for p in found.paths) == truth
    assert len(set(found.paths)) == len(found.paths)
    assert open_paths(*given, **PATIENT).paths == tuple(p for p in found.paths if p.open)
    if not chosen & q.spoiling and not q.graph.selected & q.spoiling:
        cut = Criterion.of(q.graph, q.causes, q.outcomes).backdoor
        apart = m_separated(cut, q.causes, q.outcomes, chosen | q.graph.selected)
        assert apart == (not any(p.open and not p.causal for p in found.paths))


def front_doors(q: Question) -> None:
    """The minimal front-door sets are those that trying all subsets finds."""
    given = (q.graph, q.causes, q.outcomes)
    right = {some for some in subsets(q.free) if q.is_frontdoor(some)}
    assert right == {some for some in subsets(q.free) if is_frontdoor(*given, some)}
    listed = frontdoor_sets(*given, **PATIENT)
    assert listed.complete
    assert len(listed.sets) == len(set(listed.sets))
    assert set(listed.sets) == least(right)
    one = frontdoor_set(*given)
    assert one in listed.sets if listed.sets else one is None


def all_instruments(q: Question) -> None:
    """A variable is listed where some ancestors make it an instrument, with what does."""
    (x,), (y,) = q.causes, q.outcomes
    found = instruments(q.graph, x, y)
    truth = {name: _conditions(q, name, x, y) for name in q.free}
    listed = {
        name
        for name, sets in truth.items()
        if any(some <= q.graph.ancestors({name, y} | q.graph.selected) for some in sets)
    }
    assert {one.name for one in found} == listed
    assert all(one.given in truth[one.name] for one in found)
    assert all(not any(s < one.given for s in truth[one.name]) for one in found)
    if any(truth.values()):
        assert found, "where there is a conditional instrument, there is an ancestral one"


def precision(q: Question, seed: int) -> None:
    """In a linear model every set gives the effect; none beats the best, if there is a best,
    and no minimal one beats the one nearest to the outcome."""
    model, variances = Linear(q, seed), {}
    for chosen in q.adjusting:
        slopes, variances[chosen] = model.slopes(chosen)
        np.testing.assert_allclose(slopes, model.effects(), atol=CLOSE)
    if (best := optimal_set(q.graph, q.causes, q.outcomes)) is not None:
        assert best in q.adjusting
        assert all((variances[best] <= other + CLOSE).all() for other in variances.values())
    if (best := backdoor_set(q.graph, q.causes, q.outcomes)) is not None:
        minimal = least(q.adjusting)
        assert all((variances[best] <= variances[other] + CLOSE).all() for other in minimal)


def _conditions(q: Question, name: str, x: str, y: str) -> Sets:
    """All sets given which `name` is an instrument, by definition."""
    if name in q.spoiling or q.graph.selected & q.spoiling:
        return set()
    cut, held = Criterion.of(q.graph, x, y).backdoor, q.graph.selected
    return {
        some
        for some in subsets(set(q.free) - {name} - q.spoiling)
        if m_separated(cut, name, y, some | held) and not m_separated(q.graph, name, x, some | held)
    }
